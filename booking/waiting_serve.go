package booking

import (
	"context"
	"fmt"

	"vuoro/accounts"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// servedAtOnce bounds the wishes that are tried when a use case has freed time;
// ServeLine does the rest.
const servedAtOnce = 20

// system is who acts when nobody does.
var system = accounts.Actor{System: true}

// free notes time that a use case gives back: once it has committed, those who
// wait for it are served. Nothing is lost when that does not happen, because
// ServeLine looks at everybody who waits.
func (w *work) free(freed ...Reservation) { w.freed = append(w.freed, freed...) }

// serveAfter offers what a use case has freed, and what it found to be due, to
// those who wait, in their order. Its own errors do not undo the use case:
// ServeLine meets them again and they are logged there.
func (s *Service) serveAfter(ctx context.Context, w *work, failed error) {
	due := w.due
	if failed == nil && len(w.freed) > 0 {
		line, err := s.lineFor(ctx, w.freed, servedAtOnce)
		if err != nil {
			return
		}
		due = append(due, line...)
	}
	for _, id := range due {
		if _, err := s.offerTo(ctx, id); err != nil {
			return
		}
	}
}

// ServeLine is the catch-up job of the wait list: it ends wishes that are over
// and offers what is free to those who wait for it, the first in line first. It
// returns how many offers it made.
func (s *Service) ServeLine(ctx context.Context) (int, error) {
	if err := s.endWaits(ctx); err != nil {
		return 0, err
	}
	const batch = 100
	offers := 0
	for after := int64(0); ; {
		ids, err := s.servable(ctx, after, batch)
		if err != nil {
			return offers, err
		}
		for _, id := range ids {
			made, err := s.offerTo(ctx, id)
			if err != nil {
				return offers, err
			}
			if made {
				offers++
			}
			after = id
		}
		if len(ids) < batch {
			return offers, nil
		}
	}
}

// offerTo offers the time that somebody waits for, if it is free, in a
// transaction of its own: a hold of theirs that points to the offer.
func (s *Service) offerTo(ctx context.Context, id int64) (bool, error) {
	made := false
	err := s.do(ctx, system, func(w *work) (err error) {
		made, err = w.offerTo(ctx, id)
		return err
	})
	if refusedByConflict(err) { // taken a moment ago
		return false, nil
	}
	return made, err
}

func (w *work) offerTo(ctx context.Context, id int64) (bool, error) {
	t, err := w.waitByID(ctx, id, false)
	if err != nil || t.State != InLine {
		return false, err
	}
	place, err := w.openLocked(ctx, t.Resource, t.Unit)
	if err != nil {
		return false, err
	}
	c, fits, err := w.lineHead(ctx, t, place)
	if err != nil || !fits {
		return false, err
	}
	taken, err := w.glance(ctx, []claim{{c.draft, place.Needs}})
	if err != nil || len(taken) > 0 {
		return false, err
	}
	if err := w.lockTime(ctx, claim{c.draft, place.Needs}); err != nil {
		return false, err
	}
	if t, err = w.waitByID(ctx, id, true); err != nil || t.State != InLine {
		return false, err
	}
	return true, w.makeOffer(ctx, t, c)
}

// makeOffer holds the time for whoever waits for it and tells them. A time that
// is not free comes back as a *Refusal.
func (w *work) makeOffer(ctx context.Context, t Wait, c lineHead) error {
	o := offer{Waiting: t.ID, Deadline: OfferDeadline(w.now, t.BeginAt), State: "open", MadeAt: w.now}
	if err := w.insertOffer(ctx, &o); err != nil {
		return err
	}
	r := c.draft
	r.State, r.HeldUntil, r.Offer, r.PriceCents = Held, &o.Deadline, &o.ID, c.decision.Price.Cents
	if err := w.take(ctx, c.place, &r, c.decision); err != nil {
		return err
	}
	t.State = Offered
	if err := w.setWaitState(ctx, t); err != nil {
		return err
	}
	w.auditWait(t, system, "offered", map[string]any{"number": r.Number, "deadline": o.Deadline})
	return w.mailWait(ctx, c.place, r, t, "waiting.offer")
}

// mailWait tells whoever waits what became of a hold that was offered.
func (w *work) mailWait(ctx context.Context, place resources.Place, r Reservation, t Wait, topic string) error {
	to, err := w.waitAddress(ctx, t)
	if err != nil || to.Email == "" || !r.EndAt.After(w.now) {
		return err
	}
	facts, err := w.facts(ctx, place, r)
	if err != nil {
		return err
	}
	facts.Wait, facts.AnswerBy, facts.ByStaff = t.UID.String(), *r.HeldUntil, false
	mail := ledger.Mail{
		Topic: topic, Recipient: to.Email, Language: to.Language, Payload: facts,
		DedupKey: fmt.Sprintf("%s:%s:%d", topic, t.UID, *r.Offer), At: w.now,
	}
	if topic == "waiting.offer" { // not sent once the hold is gone or is a booking
		mail.Reservation, mail.Expires = r.ID, *r.HeldUntil
	}
	return ledger.Post(ctx, w.tx, mail)
}

// offersRanOut ends the offers whose holds are being removed because nobody
// answered in time. Declined ones have ended already.
func (w *work) offersRanOut(ctx context.Context, holds []Reservation) error {
	for _, r := range holds {
		if r.Offer == nil {
			continue
		}
		t, o, err := w.openOffer(ctx, *r.Offer)
		if err != nil {
			return err
		}
		if o.ID == 0 {
			continue
		}
		o.State = "expired"
		if err := w.endOffer(ctx, t, o, Left); err != nil {
			return err
		}
		w.auditWait(t, system, "offer_expired", map[string]any{"number": r.Number, "deadline": o.Deadline})
		place, err := w.Resources.PlaceByID(ctx, w.tx, r.Resource)
		if err != nil {
			return err
		}
		if err := w.mailWait(ctx, place, r, t, "waiting.offer_expired"); err != nil {
			return err
		}
	}
	return nil
}

// yieldToLine refuses an ordinary booking of a time that somebody who waits is
// about to be offered: it has become free, and only the offer is still to be
// made, which happens right after the refusal. The actor's own older wish goes
// before those behind it. It must be asked while the actor's own holds still
// stand, so that nobody yields what they have.
func (w *work) yieldToLine(ctx context.Context, place resources.Place, r Reservation) error {
	if r.Kind != policies.Ordinary {
		return nil
	}
	line, err := w.lineOver(ctx, r)
	if err != nil {
		return err
	}
	for _, t := range line {
		if t.Person == w.actor.ID() {
			return nil
		}
		there := place
		if t.Resource != place.Resource.ID {
			if there, err = w.Resources.PlaceByID(ctx, w.tx, t.Resource); err != nil {
				return err
			}
		}
		free, err := w.couldOffer(ctx, t, there)
		if err != nil {
			return err
		}
		if free {
			w.due = append(w.due, t.ID)
			return newRefusal(policies.Decision{}, []Conflict{{Begin: t.BeginAt, End: t.EndAt, Kind: "offer"}})
		}
	}
	return nil
}

// couldOffer tells whether a wish would be offered if somebody served it now.
func (w *work) couldOffer(ctx context.Context, t Wait, place resources.Place) (bool, error) {
	c, fits, err := w.lineHead(ctx, t, place)
	if err != nil || !fits {
		return false, err
	}
	taken, err := w.conflicts(ctx, place, c.draft)
	return len(taken) == 0, err
}

// endWaits ends wishes that are over: their time has come, their room is no
// longer offered, or whoever waited has the time by another way.
func (s *Service) endWaits(ctx context.Context) error {
	return s.do(ctx, system, func(w *work) error {
		ended, err := w.endOver(ctx)
		for _, t := range ended {
			w.auditWait(t, system, string(t.State), nil)
		}
		return err
	})
}

// RemoveOldWaits removes wishes twelve months after their time and counts them.
func (s *Service) RemoveOldWaits(ctx context.Context) (int, error) {
	n, err := s.DB.Exec(ctx, "DELETE FROM waiting WHERE end_at < ?", s.Now().AddDate(0, -waitsKept, 0))
	return int(n), err
}
