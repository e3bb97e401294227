package booking

import (
	"slices"
	"time"

	"vuoro/fault"
)

// Event is what happens to a reservation.
type Event string

// The events of domain.md's diagram.
const (
	EventConfirm  Event = "confirmed"
	EventRequest  Event = "requested"
	EventApprove  Event = "approved"
	EventDeny     Event = "denied"
	EventWithdraw Event = "withdrawn"
	EventCancel   Event = "cancelled"
	EventExpire   Event = "expired"
	EventReturn   Event = "returned"
	EventMove     Event = "moved"
)

type transition struct {
	from []State
	to   State // "" = stays
}

// transitions is the one table of what may follow what.
var transitions = map[Event]transition{
	EventConfirm:  {[]State{Held}, Confirmed},
	EventRequest:  {[]State{Held}, Requested},
	EventApprove:  {[]State{Requested}, Confirmed},
	EventDeny:     {[]State{Requested, Confirmed}, Denied},
	EventWithdraw: {[]State{Requested}, Cancelled},
	EventCancel:   {[]State{Confirmed, AwaitingPayment}, Cancelled},
	EventExpire:   {[]State{Requested}, Expired},
	EventReturn:   {[]State{Confirmed, Denied, Expired}, Requested},
	EventMove:     {[]State{Confirmed, Requested}, ""},
}

// next gives the state after an event, or a conflict that names the state.
func (r Reservation) next(event Event, now time.Time) (State, error) {
	t := transitions[event]
	if !slices.Contains(t.from, r.State) {
		return "", fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(r.State)})
	}
	ended := !r.EndAt.After(now)
	if ended && (event == EventDeny && r.State == Confirmed || event == EventReturn) {
		return "", fault.New(fault.Conflict, "booking.has_ended")
	}
	if t.to == "" {
		return r.State, nil
	}
	return t.to, nil
}

// occupies tells whether a state holds its time; a competing request does not.
func occupies(state State, competes bool) bool {
	switch state {
	case Held, AwaitingPayment, Confirmed:
		return true
	case Requested:
		return !competes
	}
	return false
}
