package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Move puts a reservation on another time, and on another resource where the
// change names one: a holder within the unit, staff between units that they
// work for. It passes all checks of the new place again, keeps its number and
// calendar UID, takes buffers, price and rule book of the new place, and goes
// back to the requests where the rule book asks for approval and a holder moves
// it. Which reservations a holder can move says HolderMoves; the notice counts
// from the old begin by the old place's rule. Staff who override a rule give a
// reason. Refusals are *Refusal.
func (s *Service) Move(ctx context.Context, actor accounts.Actor, c Change, to Times) (Reservation, error) {
	return s.moveAnd(ctx, actor, c, to, func(*work) error { return nil })
}

// moveAnd is Move with a last word on whether it is done.
func (s *Service) moveAnd(ctx context.Context, actor accounts.Actor, c Change, to Times, last func(w *work) error) (Reservation, error) {
	to = to.truncated()
	if err := to.check(s.Now()); err != nil {
		return Reservation{}, err
	}
	text, err := checkReason(c.ReasonText, false)
	if err != nil {
		return Reservation{}, err
	}
	c.ReasonText = text
	var m moving
	err = s.do(ctx, actor, func(w *work) (err error) {
		if m, err = w.move(ctx, c, to); err != nil {
			return err
		}
		return last(w)
	})
	return m.after, s.withAlternatives(ctx, actor, err, to, func(*work) (wish, error) { return m.wish(), nil })
}

// moving is an edit that may change the place: edit.place is the new one.
type moving struct {
	edit
	from   resources.Place
	holder holder
	staff  bool
	anew   *policies.Form // what is filled in for the new place
}

// form is what is known of the use after the move.
func (m moving) form() policies.Form {
	form := m.before.Form()
	if m.anew != nil {
		form.Purpose, form.Persons, form.OldestAge = m.anew.Purpose, m.anew.Persons, m.anew.OldestAge
		if m.anew.Answers != nil {
			form.Answers = m.anew.Answers
		}
	}
	return form
}

func (w *work) move(ctx context.Context, c Change, to Times) (moving, error) {
	m, err := w.openMove(ctx, c)
	if err != nil {
		return m, err
	}
	r := m.before
	if err := w.lockPeople(ctx, m.place, m.holder, r); err != nil {
		return m, err
	}
	if err := w.lockTime(ctx, claim{r, m.from.Needs}, claim{w.moved(m, to), m.place.Needs}); err != nil {
		return m, err
	}
	if m.before, err = w.reread(ctx, r.ID); err != nil {
		return m, err
	}
	if m.before.Resource != r.Resource {
		return m, fault.New(fault.Stale, "stale") // the locks are another place's
	}
	if err := w.mayMove(m, c); err != nil {
		return m, err
	}
	m.after = w.moved(m, to)
	if !m.staff {
		if err := w.yieldToLine(ctx, m.place, m.after); err != nil {
			return m, err
		}
	}
	decision, err := w.retake(ctx, &m)
	if err != nil {
		return m, err
	}
	if over := decision.Overridden(); len(over) > 0 && c.ReasonText == "" {
		return m, fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": over[0].Code})
	}
	return m, w.finishMove(ctx, &m, c.ReasonText)
}

// openMove finds the reservation and both places, asks who may, and locks the
// units.
func (w *work) openMove(ctx context.Context, c Change) (m moving, err error) {
	if m.before, err = find(ctx, w.tx, c.Ref); err != nil {
		return m, err
	}
	r := m.before
	if !w.mayView(w.actor, r) {
		return m, notFound()
	}
	to := target{r.Resource, r.Unit}
	if c.Resource != uuid.Nil {
		if to, err = w.target(ctx, c.Resource); err != nil {
			return m, err
		}
	}
	if m.anew = c.Form; m.anew != nil {
		if err := checkForm(m.anew); err != nil {
			return m, err
		}
	}
	handles := w.mayHandle(w.actor, r)
	m.staff = handles && accounts.Can(w.actor, accounts.HandleReservation, accounts.Object{Unit: to.Unit})
	switch {
	case !handles && !w.mayEdit(w.actor, r):
		return m, fault.New(fault.Forbidden, "auth.forbidden")
	case to.Unit != r.Unit && !m.staff:
		return m, fault.New(fault.Refused, "booking.move_other_unit")
	}
	if m.place, err = w.openLocked(ctx, to.ID, r.Unit, to.Unit); err != nil {
		return m, err
	}
	if m.from = m.place; to.ID != r.Resource {
		if m.from, err = w.Resources.PlaceByID(ctx, w.tx, r.Resource); err != nil {
			return m, err
		}
	}
	if m.anew != nil {
		if err := checkAnswers(*m.anew, m.place.Book); err != nil {
			return m, err
		}
	}
	m.holder, err = w.holderOf(ctx, r, m.place.Unit)
	return m, err
}

// moved is the reservation in its new place and time, as that place is now.
func (w *work) moved(m moving, to Times) Reservation {
	r := m.before
	r.standIn(m.place)
	if m.anew != nil {
		form := m.form()
		r.Purpose, r.Persons, r.OldestAge, r.Answers = form.Purpose, form.Persons, form.OldestAge, db.AsJSON(form.Answers)
	}
	w.setTime(&r, m.place, to)
	return r
}

// standIn puts a reservation into a place as that place is now.
func (r *Reservation) standIn(place resources.Place) {
	r.Resource, r.Unit, r.WholeDay = place.Resource.ID, place.Unit.ID, place.Resource.WholeDay
	r.RuleBook, r.CheckedInAt, r.CheckedInBy = nil, nil, nil
	if place.Book.ID != 0 {
		r.RuleBook = &place.Book.ID
	}
}

func (w *work) mayMove(m moving, c Change) error {
	if c.Revision != 0 && c.Revision != m.before.Revision {
		return fault.New(fault.Stale, "stale")
	}
	if _, err := m.before.next(EventMove, w.now); err != nil {
		return err
	}
	if m.staff {
		return nil
	}
	if err := HolderMoves(m.before); err != nil {
		return err
	}
	return w.checkMove(m.before, m.from)
}

// checkMove is the holder's deadline: that of cancelling, and no later than
// cancelling is free, since a move would be the way around the fee.
func (w *work) checkMove(r Reservation, from resources.Place) error {
	if err := checkCancel(r, from.Resource.CancelMinutes, w.now, CancelReasons[0]); err != nil {
		return err
	}
	if fee := r.LateFee(w.now); fee > 0 {
		return fault.New(fault.Refused, "booking.move_costs", fault.Params{"deadline": r.FreeTill(), "cents": fee})
	}
	return nil
}

// HolderMoves tells why the holder cannot move a reservation at any time: staff
// or a season made it, staff decided on just this time, or it has a price. nil
// = the deadline alone decides.
func HolderMoves(r Reservation) error {
	switch {
	case r.Kind != policies.Ordinary:
		return fault.New(fault.Refused, "booking.move_not_yours", fault.Params{"kind": string(r.Kind)})
	case r.State == Confirmed && r.DecidedAt != nil:
		return fault.New(fault.Refused, "booking.move_handled")
	case r.State == Confirmed && (r.PriceCents == nil || *r.PriceCents > 0):
		return fault.New(fault.Refused, "booking.move_priced")
	}
	return nil
}

// retake frees the old time in one statement and takes the new in the next.
func (w *work) retake(ctx context.Context, m *moving) (policies.Decision, error) {
	if err := w.vacate(ctx, m.before.ID); err != nil {
		return policies.Decision{}, err
	}
	decision, err := w.redecide(ctx, m)
	if err != nil {
		return decision, err
	}
	return decision, w.take(ctx, m.place, &m.after, decision)
}

// redecide asks the rules about the new place and time. The limit per person is
// not asked again in the same place: it has been counted.
func (w *work) redecide(ctx context.Context, m *moving) (policies.Decision, error) {
	if err := w.addLimits(ctx, &m.holder, m.place, m.after); err != nil {
		return policies.Decision{}, err
	}
	if m.before.Resource == m.after.Resource {
		m.holder.who.Active = 0
	}
	q := w.question(m.place, m.after, m.holder)
	q.Form.TermsAccepted = true
	if m.staff && m.after.Kind == policies.Ordinary {
		q.Kind = policies.Behalf
	}
	if _, err := w.countQuotas(ctx, &q, m.place, m.after, m.holder); err != nil {
		return policies.Decision{}, err
	}
	decision := policies.Decide(q)
	if decision.Verdict == policies.Approval && !m.staff {
		m.after.State = Requested
	}
	competed := m.staff && m.before.State == Requested && !m.before.Occupies
	m.after.Occupies = occupies(m.after.State, decision.Competes || competed)
	m.after.setDecision(decision)
	return decision, nil
}

func (w *work) finishMove(ctx context.Context, m *moving, reason string) error {
	m.after.Sequence++
	err := w.update(ctx, &m.after, "resource", "unit", "whole_day", "begin_at", "end_at", "buffer_before", "buffer_after",
		"state", "occupies", "rule_book", "verdict", "price", "price_cents", "free_reason", "sequence",
		"release_after_minutes", "checked_in_at", "checked_in_by", "purpose", "persons", "oldest_age", "answers")
	if err != nil {
		return err
	}
	if err := w.record(ctx, &m.before, &m.after); err != nil {
		return err
	}
	w.was = m
	w.free(m.before)
	if err := w.mailHolder(ctx, m.place, m.after, "reservation.moved"); err != nil {
		return err
	}
	if m.after.State == Requested && (m.before.State != Requested || m.before.Unit != m.after.Unit) {
		if err := w.mailStaff(ctx, m.place, m.after); err != nil {
			return err
		}
	}
	values := map[string]any{
		"from": m.before.Interval(), "to": m.after.Interval(), "state": m.after.State, "reason": reason,
	}
	if m.before.Resource != m.after.Resource {
		values["from_resource"], values["to_resource"] = m.from.Resource.Name, m.place.Resource.Name
	}
	w.audit(m.after, string(EventMove), values)
	return nil
}
