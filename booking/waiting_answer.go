package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
)

// AcceptOffer books what was offered to the actor, with the form that was
// filled in when joining the line. All rules are asked as at any booking, so it
// may become a request; lead times count from when the offer was made. A second
// press returns the reservation that the first one made. An offer that has run
// out is fault.Gone; without an offer it is waiting.no_offer.
func (s *Service) AcceptOffer(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (Reservation, error) {
	var made Reservation
	err := s.do(ctx, actor, func(w *work) error {
		t, err := w.ownWait(ctx, uid, accounts.EditReservation)
		if err != nil {
			return err
		}
		made, err = w.accept(ctx, t)
		return err
	})
	return made, err
}

func (w *work) accept(ctx context.Context, t Wait) (Reservation, error) {
	r, err := w.offered(ctx, t)
	if err != nil {
		return r, err
	}
	if r.ID == 0 {
		return r, noOffer(t)
	}
	place, err := w.openLocked(ctx, t.Resource, t.Unit)
	if err != nil {
		return r, err
	}
	h, err := w.waitsFor(ctx, t, place.Unit)
	if err != nil {
		return r, err
	}
	if err := w.lockPeople(ctx, place, h, r); err != nil {
		return r, err
	}
	if err := w.lockTime(ctx, claim{r, place.Needs}); err != nil {
		return r, err
	}
	if r, err = w.reread(ctx, r.ID); fault.Is(err, fault.NotFound) {
		return r, fault.New(fault.Gone, "waiting.offer_gone")
	}
	if err != nil || r.State != Held {
		return r, err // a second press: it is a booking already
	}
	if !r.HeldUntil.After(w.now) {
		return r, fault.New(fault.Gone, "waiting.offer_gone")
	}
	return w.confirmOffer(ctx, r, opening{place: place, holder: h})
}

// confirmOffer makes the offered hold the reservation, as Book does with a hold.
func (w *work) confirmOffer(ctx context.Context, held Reservation, o opening) (Reservation, error) {
	t, made, err := w.openOffer(ctx, *held.Offer)
	if err != nil {
		return held, err
	}
	if made.ID == 0 {
		return held, noOffer(t)
	}
	r := w.drafted(o.place, o.holder, t.request())
	r.Offer, r.Series, r.SeriesDate = held.Offer, t.Series, t.SeriesDate
	if err := w.takeOver(ctx, &r, held); err != nil {
		return r, err
	}
	w.rulesAt = made.MadeAt
	if err := w.decideAndTake(ctx, o.place, &r, asked{holder: o.holder, form: t.Wish.V}); err != nil {
		return r, err
	}
	if err := w.placeInSeries(ctx, r); err != nil {
		return r, err
	}
	made.State = "accepted"
	w.auditWait(t, w.actor, "accepted", map[string]any{"number": r.Number})
	return r, w.endOffer(ctx, t, made, Served)
}

// noOffer says why there is nothing to accept.
func noOffer(t Wait) error {
	if t.State == Left {
		return fault.New(fault.Gone, "waiting.offer_gone")
	}
	return fault.New(fault.Conflict, "waiting.no_offer")
}

// LeaveLine gives up a place in line, and an offer with it: the next in line
// gets it at once. Leaving again changes nothing.
func (s *Service) LeaveLine(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (Wait, error) {
	return s.leave(ctx, actor, uid, false)
}

// DeclineOffer is LeaveLine for whoever has an offer; without one it is
// waiting.no_offer.
func (s *Service) DeclineOffer(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (Wait, error) {
	return s.leave(ctx, actor, uid, true)
}

func (s *Service) leave(ctx context.Context, actor accounts.Actor, uid uuid.UUID, declines bool) (Wait, error) {
	var left Wait
	err := s.do(ctx, actor, func(w *work) error {
		t, err := w.ownWait(ctx, uid, accounts.EditReservation)
		if err != nil {
			return err
		}
		left, err = w.leave(ctx, t, declines)
		return err
	})
	return left, err
}

func (w *work) leave(ctx context.Context, t Wait, declines bool) (Wait, error) {
	held, err := w.lockOffered(ctx, t)
	if err != nil {
		return t, err
	}
	if t, err = w.waitByID(ctx, t.ID, true); err != nil {
		return t, err
	}
	switch {
	case t.State == Offered && held != nil:
		return w.decline(ctx, t, *held)
	case t.State == Offered: // a moment ago
		return t, fault.New(fault.Stale, "stale")
	case declines:
		return t, noOffer(t)
	case t.State != InLine:
		return t, nil
	}
	t.State = Left
	w.auditWait(t, w.actor, "left", nil)
	return t, w.setWaitState(ctx, t)
}

// lockOffered takes the locks of the hold that was offered, if there is one.
func (w *work) lockOffered(ctx context.Context, t Wait) (*Reservation, error) {
	r, err := w.offered(ctx, t)
	if err != nil || r.ID == 0 {
		return nil, err
	}
	place, err := w.openLocked(ctx, t.Resource, t.Unit)
	if err != nil {
		return nil, err
	}
	if err := w.lockTime(ctx, claim{r, place.Needs}); err != nil {
		return nil, err
	}
	r, err = w.reread(ctx, r.ID)
	if fault.Is(err, fault.NotFound) || err == nil && r.State != Held {
		return nil, nil
	}
	return &r, err
}

func (w *work) decline(ctx context.Context, t Wait, held Reservation) (Wait, error) {
	_, o, err := w.openOffer(ctx, *held.Offer)
	if err != nil {
		return t, err
	}
	o.State, t.State = "declined", Left
	if err := w.endOffer(ctx, t, o, Left); err != nil {
		return t, err
	}
	w.auditWait(t, w.actor, "declined", map[string]any{"number": held.Number})
	return t, w.removeHolds(ctx, db.Ints{held.ID})
}
