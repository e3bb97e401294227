package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
)

// Approve confirms a request. A request that competes takes its time now, so
// approving can meet a conflict, which comes back as a *Refusal. Where free use
// was asked for, the approval says whether it is granted.
func (s *Service) Approve(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if _, err := e.before.next(EventApprove, w.now); err != nil {
			return err
		}
		if err := e.after.decideFree(c.Free); err != nil {
			return err
		}
		if err := w.withinQuotas(ctx, e, c); err != nil {
			return err
		}
		if !e.before.Occupies {
			if err := w.takeAgain(ctx, e); err != nil {
				return err
			}
		}
		w.decidedByActor(&e.after)
		return w.transit(ctx, e, EventApprove, c)
	})
}

// withinQuotas wants a reason of staff who give a holder more than a quota
// lets them have.
func (w *work) withinQuotas(ctx context.Context, e *edit, c Change) error {
	if !hasQuotas(e.place.Book) || c.ReasonText != "" {
		return nil
	}
	h, err := w.holderOf(ctx, e.before, e.place.Unit)
	if err != nil {
		return err
	}
	q := w.question(e.place, e.before, h)
	if _, err := w.countQuotas(ctx, &q, e.place, e.before, h); err != nil {
		return err
	}
	if over := overQuota(policies.Decide(q)); over != nil {
		return fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": over.Code})
	}
	return nil
}

// decideFree grants free use or leaves the price of the rules.
func (r *Reservation) decideFree(free *bool) error {
	asked := r.FreeReason != ""
	switch {
	case asked && free == nil:
		return fault.InvalidField("free", "booking.free_undecided")
	case !asked && free != nil:
		return fault.InvalidField("free", "booking.free_not_asked")
	case !asked:
		return nil
	}
	r.FreeGranted, r.PriceCents = free, r.Price.V.Cents
	if *free {
		r.PriceCents = new(0)
	}
	return nil
}

// Deny refuses a request, or a confirmed reservation that has not ended. The
// reason is told to the holder and must be given.
func (s *Service) Deny(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	var err error
	if c.ReasonText, err = checkReason(c.ReasonText, true); err != nil {
		return Reservation{}, err
	}
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		w.decidedByActor(&e.after)
		return w.transit(ctx, e, EventDeny, c)
	})
}

// Return puts a decided reservation back among the requests; its time is
// checked again.
func (s *Service) Return(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if _, err := e.before.next(EventReturn, w.now); err != nil {
			return err
		}
		if err := w.withinQuotas(ctx, e, c); err != nil {
			return err
		}
		if !e.before.Occupies {
			if err := w.takeAgain(ctx, e); err != nil {
				return err
			}
		}
		e.after.DecidedAt, e.after.DecidedBy = nil, nil
		e.after.FreeGranted, e.after.PriceCents = nil, e.before.Price.V.Cents
		return w.transit(ctx, e, EventReturn, c)
	})
}

// takeAgain gives a reservation that does not occupy its time back, if it is free.
func (w *work) takeAgain(ctx context.Context, e *edit) error {
	again := e.before
	again.Occupies = true
	if err := w.take(ctx, e.place, &again, policies.Decision{Verdict: policies.Allow}); err != nil {
		return err
	}
	e.before.Occupies = true
	return nil
}
