package booking

import (
	"time"

	"vuoro/fault"
	"vuoro/policies"
)

// Notice is how many minutes before the begin the holder can last cancel or
// move: as it was decided with the price or else, as now, by the resource's
// rule; nil = not at all.
func (r Reservation) Notice(resource *int) *int {
	if c := r.Price.V.Cancellation; c != nil && c.UntilMinutes != nil {
		return c.UntilMinutes
	}
	return resource
}

// LateFee is what the holder pays, in cents, for giving a confirmed reservation
// up at a moment, by the terms under which it was decided; 0 = nothing. The
// city's own use costs nobody anything.
func (r Reservation) LateFee(at time.Time) int {
	owed := r.State == Confirmed || r.State == AwaitingPayment
	if !owed || r.Kind == policies.Closure || r.Kind == policies.Staff {
		return 0
	}
	return r.Price.V.Cancellation.Fee(r.PriceCents, r.BeginAt, at)
}

// FreeTill is until when giving it up costs nothing; zero = always.
func (r Reservation) FreeTill() time.Time {
	c := r.Price.V.Cancellation
	if c == nil || c.Fee(r.PriceCents, r.BeginAt, r.BeginAt.Add(time.Second)) == 0 {
		return time.Time{}
	}
	return r.BeginAt.Add(-time.Duration(c.FreeMinutes) * time.Minute)
}

// charge notes the fee of what the holder gives up. told is what they have been
// told that it costs: more than that needs to be said first.
func (r *Reservation) charge(fee, told int) error {
	if fee > told {
		return fault.New(fault.Conflict, "booking.fee_untold", fault.Params{"cents": fee})
	}
	r.FeeCents = nil
	if fee > 0 {
		r.FeeCents = &fee
	}
	return nil
}
