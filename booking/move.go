package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

// Move puts a reservation on another time of its resource. It passes all
// checks again, keeps its number and calendar UID, and goes back to the
// requests where the rule book asks for approval and a holder moves it. The
// holder's notice counts from the old begin. Staff who override a rule give a
// reason.
func (s *Service) Move(ctx context.Context, actor accounts.Actor, c Change, to Times) (Reservation, error) {
	to = to.truncated()
	if err := to.check(s.Now()); err != nil {
		return Reservation{}, err
	}
	text, err := checkReason(c.ReasonText, false)
	if err != nil {
		return Reservation{}, err
	}
	c.ReasonText = text
	var moved Reservation
	err = s.do(ctx, actor, func(w *work) (err error) {
		moved, err = w.move(ctx, c, to)
		return err
	})
	return moved, err
}

func (w *work) move(ctx context.Context, c Change, to Times) (Reservation, error) {
	r, err := find(ctx, w.tx, c.Ref)
	if err != nil {
		return r, err
	}
	if !w.mayView(w.actor, r) {
		return r, notFound()
	}
	staff := w.mayHandle(w.actor, r)
	if !staff && !w.mayEdit(w.actor, r) {
		return r, fault.New(fault.Forbidden, "auth.forbidden")
	}
	e := edit{}
	if e.place, err = w.openLocked(ctx, r.Resource, r.Unit); err != nil {
		return r, err
	}
	h, err := w.holderOf(ctx, r, e.place.Unit)
	if err != nil {
		return r, err
	}
	if err := w.lockPeople(ctx, e.place, h); err != nil {
		return r, err
	}
	target := r
	w.setTime(&target, e.place, to)
	if err := w.lockTime(ctx, claim{r, e.place.Needs}, claim{target, e.place.Needs}); err != nil {
		return r, err
	}
	if e.before, err = w.reread(ctx, r.ID); err != nil {
		return r, err
	}
	if err := w.mayMove(e, c, staff); err != nil {
		return r, err
	}
	e.after = e.before
	w.setTime(&e.after, e.place, to)
	decision, err := w.retake(ctx, &e, h, staff)
	if err != nil {
		return r, err
	}
	if over := decision.Overridden(); len(over) > 0 && c.ReasonText == "" {
		return r, fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": over[0].Code})
	}
	return e.after, w.finishMove(ctx, &e, c.ReasonText)
}

func (w *work) mayMove(e edit, c Change, staff bool) error {
	if c.Revision != 0 && c.Revision != e.before.Revision {
		return fault.New(fault.Stale, "stale")
	}
	if _, err := e.before.next(EventMove, w.now); err != nil {
		return err
	}
	if staff {
		return nil
	}
	return checkCancel(e.before, e.place.Resource.CancelMinutes, w.now, CancelReasons[0])
}

// retake frees the old time in one statement and takes the new in the next.
func (w *work) retake(ctx context.Context, e *edit, h holder, staff bool) (policies.Decision, error) {
	if err := w.vacate(ctx, e.before.ID); err != nil {
		return policies.Decision{}, err
	}
	if err := w.addLimits(ctx, &h, e.place, e.after); err != nil {
		return policies.Decision{}, err
	}
	q := w.question(e.place, e.after, h)
	q.Form.TermsAccepted = true
	if staff && e.after.Kind == policies.Ordinary {
		q.Kind = policies.Behalf
	}
	decision := policies.Decide(q)
	if decision.Verdict == policies.Approval && !staff {
		e.after.State = Requested
	}
	e.after.Occupies = occupies(e.after.State, decision.Competes)
	e.after.Verdict, e.after.Price, e.after.PriceCents = db.AsJSON(decision), db.AsJSON(decision.Price), decision.Price.Cents
	return decision, w.take(ctx, e.place, &e.after, decision)
}

func (w *work) finishMove(ctx context.Context, e *edit, reason string) error {
	e.after.Sequence++
	err := w.update(ctx, &e.after, "begin_at", "end_at", "buffer_before", "buffer_after", "state", "occupies",
		"verdict", "price", "price_cents", "sequence")
	if err != nil {
		return err
	}
	if err := w.record(ctx, &e.before, &e.after); err != nil {
		return err
	}
	from := e.before.Interval()
	w.old = &from
	if err := w.mailHolder(ctx, e.place, e.after, "reservation.moved"); err != nil {
		return err
	}
	w.audit(e.after, string(EventMove), map[string]any{
		"from": e.before.Interval(), "to": e.after.Interval(), "state": e.after.State, "reason": reason,
	})
	return nil
}
