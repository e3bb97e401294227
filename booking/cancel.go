package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
)

// CancelReasons are the codes that a holder chooses from; the first is the
// form's default.
var CancelReasons = []string{"plans_changed", ReasonGivenBack, "found_other", "other"}

// Cancel ends a reservation before its time: a holder's request is withdrawn,
// a confirmed one cancelled if the rule allows it still. Late it costs the fee
// under which it was decided, which the holder must have been told (Change.Fee);
// otherwise booking.fee_untold. Staff of the unit may always, with a reason in
// words, and it costs nobody anything.
func (s *Service) Cancel(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		staff := s.mayHandle(actor, e.before)
		mine := s.mayEdit(actor, e.before)
		if !staff && !mine {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		var err error
		if c.ReasonText, err = checkReason(c.ReasonText, !mine); err != nil {
			return err
		}
		event := cancelEvent(e.before)
		if _, err := e.before.next(event, w.now); err != nil {
			return err
		}
		if mine && !staff {
			if err := checkCancel(e.before, e.place.Resource.CancelMinutes, w.now, c.ReasonCode); err != nil {
				return err
			}
			if err := e.after.charge(e.before.LateFee(w.now), c.Fee); err != nil {
				return err
			}
		} else if c.ReasonCode == "" {
			c.ReasonCode = "other"
		}
		return w.transit(ctx, e, event, c)
	})
}

// cancelEvent is what cancelling is to a reservation: a request is withdrawn.
func cancelEvent(r Reservation) Event {
	if r.State == Requested {
		return EventWithdraw
	}
	return EventCancel
}

// checkCancel is the holder's rule: a reason from the list, and no later than
// the rule says before the begin; resource is the resource's. Withdrawing a request needs no notice.
func checkCancel(r Reservation, resource *int, now time.Time, reason string) error {
	if !slices.Contains(CancelReasons, reason) {
		return fault.InvalidField("reason_code", "booking.reason_missing")
	}
	if !r.BeginAt.After(now) {
		return fault.New(fault.Refused, "booking.has_begun")
	}
	if r.State == Requested {
		return nil
	}
	notice := r.Notice(resource)
	if notice == nil {
		return fault.New(fault.Refused, "booking.cancel_not_possible")
	}
	if deadline := CancelDeadline(r, *notice); now.After(deadline) {
		return fault.New(fault.Refused, "booking.cancel_too_late", fault.Params{"deadline": deadline, "minutes": *notice})
	}
	return nil
}

// CancelDeadline is the last moment when a holder may cancel or move, counted
// back from the begin in elapsed minutes.
func CancelDeadline(r Reservation, notice int) time.Time {
	return r.BeginAt.Add(-time.Duration(notice) * time.Minute)
}
