package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

// Times are begin and end of what is asked, as instants.
type Times struct{ Begin, End time.Time }

func newUID() uuid.UUID {
	uid, err := uuid.NewV7()
	if err != nil {
		panic(err) // the system has no randomness
	}
	return uid
}

// Hold keeps a time for ten minutes while somebody fills in the form; nobody
// needs to be signed in. A browser session (or a token's person) has one hold:
// choosing another time moves it, and if the new time is refused the old hold
// stays.
func (s *Service) Hold(ctx context.Context, actor accounts.Actor, resource uuid.UUID, asked Times) (Reservation, error) {
	if actor.Session == 0 && !actor.SignedIn() {
		return Reservation{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	asked = asked.truncated()
	if err := asked.check(s.Now()); err != nil {
		return Reservation{}, err
	}
	var held Reservation
	err := s.do(ctx, actor, func(w *work) (err error) {
		held, err = w.hold(ctx, resource, asked)
		return err
	})
	return held, s.withAlternatives(ctx, actor, err, asked, func(w *work) (wish, error) { return w.wishOfHold(ctx, resource) })
}

func (w *work) hold(ctx context.Context, resource uuid.UUID, asked Times) (Reservation, error) {
	old, err := w.ownHolds(ctx)
	if err != nil {
		return Reservation{}, err
	}
	o, err := w.open(ctx, Request{Resource: resource, Times: asked, Kind: policies.Ordinary}, old)
	if err != nil {
		return Reservation{}, err
	}
	r := o.draft
	r.State, r.HeldUntil = Held, until(w.now.Add(holdFor))
	q := w.question(o.place, r, o.holder)
	q.Stage = policies.AtHold
	decision := policies.Decide(q)
	err = w.refuseTaken(ctx, o, func() (policies.Decision, error) { return decision, nil })
	if err != nil {
		return Reservation{}, err
	}
	if err := w.lockTime(ctx, o.claims()...); err != nil {
		return Reservation{}, err
	}
	if err := w.yieldToLine(ctx, o.place, r); err != nil {
		return Reservation{}, err
	}
	if err := w.removeHolds(ctx, idsOf(old)); err != nil {
		return Reservation{}, err
	}
	if err := w.limitHolds(ctx); err != nil {
		return Reservation{}, err
	}
	r.Price, r.PriceCents = db.AsJSON(decision.Price), decision.Price.Cents
	if err := w.take(ctx, o.place, &r, decision); err != nil {
		return Reservation{}, err
	}
	w.audit(r, "held", map[string]any{"number": r.Number, "begin": r.BeginAt, "end": r.EndAt})
	return r, nil
}

// limitHolds refuses when a network address has too many live holds.
func (w *work) limitHolds(ctx context.Context) error {
	limit := w.HoldsPerAddress
	if limit == 0 {
		limit = holdsPerAddress
	}
	if w.actor.Address == "" {
		return nil
	}
	n, err := w.countHolds(ctx)
	if err == nil && n >= limit {
		err = &fault.Error{
			Kind: fault.TooMany, Code: "booking.hold_limit",
			Params: fault.Params{"limit": limit}, RetryAfter: time.Minute,
		}
	}
	return err
}

// ExtendHold gives a hold ten more minutes, once, after sign-in.
func (s *Service) ExtendHold(ctx context.Context, actor accounts.Actor, ref string) (Reservation, error) {
	var r Reservation
	err := s.do(ctx, actor, func(w *work) (err error) {
		if r, err = w.ownHeld(ctx, ref); err != nil {
			return err
		}
		if !actor.SignedIn() {
			return fault.New(fault.Unauthenticated, "auth.required")
		}
		if r.HeldUntil.Sub(r.MadeAt) > holdFor || r.Offer != nil {
			return fault.New(fault.Conflict, "booking.extended_already")
		}
		r.HeldUntil = until(w.now.Add(holdFor))
		w.audit(r, "hold_extended", map[string]any{"until": r.HeldUntil})
		return w.update(ctx, &r, "held_until")
	})
	return r, err
}

// Release removes a hold of the actor; one that was offered from the wait list
// is declined. A reservation that is more than a hold
// is not removed but cancelled: booking.use_cancel.
func (s *Service) Release(ctx context.Context, actor accounts.Actor, ref string) error {
	return s.do(ctx, actor, func(w *work) error {
		r, err := find(ctx, w.tx, ref)
		if err != nil {
			return err
		}
		if !s.mayView(actor, r) {
			return notFound()
		}
		if r.State != Held {
			return fault.New(fault.Conflict, "booking.use_cancel")
		}
		if !ownsHold(actor, r) {
			return notFound()
		}
		if r.Offer != nil {
			t, err := w.waitOfOffer(ctx, *r.Offer)
			if err == nil {
				_, err = w.leave(ctx, t, true)
			}
			return err
		}
		w.audit(r, "released", map[string]any{"number": r.Number})
		return w.removeHolds(ctx, db.Ints{r.ID})
	})
}

// ownHeld finds and locks a hold of the actor that has not run out.
func (w *work) ownHeld(ctx context.Context, ref string) (Reservation, error) {
	r, err := find(ctx, w.tx, ref)
	if err != nil {
		return r, err
	}
	if !ownsHold(w.actor, r) {
		return r, notFound()
	}
	if r, err = w.reread(ctx, r.ID); err != nil {
		return r, err
	}
	if r.State != Held {
		return r, fault.New(fault.Conflict, "booking.not_held", fault.Params{"state": string(r.State)})
	}
	if !r.HeldUntil.After(w.now) {
		return r, fault.New(fault.Gone, "booking.hold_expired")
	}
	return r, nil
}

// ownsHold: the browser session that made it, or the person who did.
func ownsHold(actor accounts.Actor, r Reservation) bool {
	if r.Session != nil && actor.Session != 0 {
		return *r.Session == actor.Session
	}
	return actor.SignedIn() && r.MadeBy != nil && *r.MadeBy == actor.ID()
}

func until(t time.Time) *time.Time { return &t }

// truncated cuts to the microseconds that the database keeps.
func (t Times) truncated() Times {
	return Times{t.Begin.UTC().Truncate(time.Microsecond), t.End.UTC().Truncate(time.Microsecond)}
}

// check refuses times that no calendar of ours reaches, before any rule.
func (t Times) check(now time.Time) error {
	far := now.AddDate(10, 0, 0)
	if t.Begin.IsZero() || t.End.IsZero() || t.Begin.After(far) || t.End.After(far) || t.Begin.Year() < 2000 {
		return fault.InvalidField("begin", "booking.bad_time")
	}
	if !t.Begin.Before(t.End) {
		return fault.InvalidField("end", "booking.end_before_begin", fault.Params{"begin": t.Begin, "end": t.End})
	}
	return nil
}
