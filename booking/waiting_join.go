package booking

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// JoinLine puts the actor, or an association that they book for, into the line
// for a time that is taken now. The form is that of the booking which an
// accepted offer will be, so it is checked as at a booking. What a rule about
// place and time forbids is refused with its sentence (*Refusal), a free time
// with waiting.free, a second wish for overlapping times of one resource with
// waiting.already. Limits that count are asked when an offer is accepted. With
// a key that was used before it returns the wish that was made then.
func (s *Service) JoinLine(ctx context.Context, actor accounts.Actor, req Request) (Wait, error) {
	if !actor.SignedIn() {
		return Wait{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if !accounts.Can(actor, accounts.EditReservation, accounts.Object{HolderPerson: actor.ID()}) {
		return Wait{}, fault.New(fault.Forbidden, "auth.forbidden")
	}
	req.Times, req.Kind = req.Times.truncated(), policies.Ordinary
	if err := checkForm(&req.Form); err != nil {
		return Wait{}, err
	}
	if err := req.Times.check(s.Now()); err != nil {
		return Wait{}, err
	}
	var made Wait
	err := s.do(ctx, actor, func(w *work) error {
		out, _, err := ledger.Once(ctx, w.tx, req.Key, w.now, func() (ledger.Outcome, error) {
			t, err := w.join(ctx, req)
			return ledger.Outcome{Status: http.StatusCreated, Result: t.UID.String()}, err
		})
		if err != nil {
			return err
		}
		uid, err := uuid.Parse(out.Result)
		if err == nil {
			made, err = w.waitByUID(ctx, uid)
		}
		return err
	})
	return made, s.withAlternatives(ctx, actor, err, req.Times, func(w *work) (wish, error) { return w.wishOf(ctx, req) })
}

func (w *work) join(ctx context.Context, req Request) (Wait, error) {
	o, err := w.open(ctx, req, nil)
	if err != nil {
		return Wait{}, err
	}
	if err := w.mayWait(o, req.Form); err != nil {
		return Wait{}, err
	}
	// Who frees this time locks it too: they see this wish, or it sees the time free.
	if err := w.lockTime(ctx, o.claims()...); err != nil {
		return Wait{}, err
	}
	taken, err := w.conflicts(ctx, o.place, o.draft)
	if err != nil {
		return Wait{}, err
	}
	if len(taken) == 0 {
		return Wait{}, fault.New(fault.Conflict, "waiting.free")
	}
	return w.joinLine(ctx, o.place, lineWish{Times: req.Times, holder: o.holder, form: req.Form})
}

// mayWait refuses what could not be booked if it were free: rules about place
// and time, and what is missing in the form.
func (w *work) mayWait(o opening, form policies.Form) error {
	q := w.question(o.place, o.draft, o.holder)
	q.Stage = policies.AtHold
	if decision := policies.Decide(q); decision.Verdict == policies.Refuse {
		return newRefusal(decision, nil)
	}
	q.Stage, q.Form = policies.AtConfirm, form
	decision := policies.Decide(q)
	var formal []policies.Violation
	for _, v := range decision.Violations {
		if v.Field() != "" {
			formal = append(formal, v)
		}
	}
	if len(formal) == 0 {
		return nil
	}
	decision.Violations = formal
	return newRefusal(decision, nil)
}

// lineWish is what somebody waits for.
type lineWish struct {
	Times
	holder     holder // the actor, or an association of theirs
	form       policies.Form
	series     *int64        // of a date of a series
	seriesDate calendar.Date // the local day that its rule gave; zero without a series
}

// joinLine puts the acting person into the line for one time, in the caller's
// transaction: JoinLine's, or that of a series whose date met a conflict. The
// caller has locked the unit and the time, knows that the time is taken and
// that rules and form would let it be booked. It refuses what is past
// (booking.past is the rules' word, so here it is a fault of the caller), a
// wish beyond the limit (waiting.limit), one that overlaps another of the same
// person for the same resource (waiting.already), and what the person has
// already (waiting.yours). When an offer of a date of a series is accepted, the
// reservation gets Series and SeriesDate and the rejected date becomes made.
func (w *work) joinLine(ctx context.Context, place resources.Place, wish lineWish) (Wait, error) {
	t := Wait{
		UID: newUID(), Resource: place.Resource.ID, Unit: place.Unit.ID, Person: w.actor.ID(), Association: wish.holder.association,
		Series: wish.series, SeriesDate: wish.seriesDate, BeginAt: wish.Begin, EndAt: wish.End,
		Wish: db.AsJSON(wish.form), State: InLine, CreatedAt: w.now,
	}
	if !t.BeginAt.After(w.now) {
		return t, fault.New(fault.Refused, "waiting.past")
	}
	has, err := w.hasAlready(ctx, t)
	if err != nil {
		return t, err
	}
	if has {
		return t, fault.New(fault.Conflict, "waiting.yours")
	}
	n, err := w.countWaits(ctx, t)
	if err != nil {
		return t, err
	}
	if n >= WaitLimit {
		return t, fault.New(fault.Refused, "waiting.limit", fault.Params{"limit": WaitLimit})
	}
	inserted, err := w.insertWait(ctx, &t)
	if err != nil {
		return t, err
	}
	if !inserted {
		return t, fault.New(fault.Conflict, "waiting.already")
	}
	w.auditWait(t, w.actor, "joined", map[string]any{"resource": t.Resource, "begin": t.BeginAt, "end": t.EndAt, "holder": wish.holder.name})
	return t, nil
}
