package booking

import (
	"slices"
	"time"

	"vuoro/fault"
	"vuoro/policies"
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

	EventCheckIn       Event = "checked_in"
	EventCheckInUndone Event = "check_in_undone"
	EventNoShow        Event = "no_show"
	EventNoShowUndone  Event = "no_show_undone"
)

type transition struct {
	from   []State
	to     State // "" = stays
	missed bool  // it follows a no-show; all others never do
}

// transitions is the one table of what may follow what.
var transitions = map[Event]transition{
	EventConfirm:  {from: []State{Held}, to: Confirmed},
	EventRequest:  {from: []State{Held}, to: Requested},
	EventApprove:  {from: []State{Requested}, to: Confirmed},
	EventDeny:     {from: []State{Requested, Confirmed}, to: Denied},
	EventWithdraw: {from: []State{Requested}, to: Cancelled},
	EventCancel:   {from: []State{Confirmed, AwaitingPayment}, to: Cancelled},
	EventExpire:   {from: []State{Requested}, to: Expired},
	EventReturn:   {from: []State{Confirmed, Denied, Expired}, to: Requested},
	EventMove:     {from: []State{Confirmed, Requested}},

	EventCheckIn:       {from: []State{Confirmed}},
	EventCheckInUndone: {from: []State{Confirmed}},
	EventNoShow:        {from: []State{Confirmed}},
	EventNoShowUndone:  {from: []State{Confirmed}, missed: true},
}

// next gives the state after an event, or a conflict that names the state.
func (r Reservation) next(event Event, now time.Time) (State, error) {
	t := transitions[event]
	if !slices.Contains(t.from, r.State) {
		return "", fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(r.State)})
	}
	if r.NoShow && !t.missed {
		return "", fault.New(fault.Conflict, "booking.is_no_show")
	}
	if t.missed && !r.NoShow {
		return "", fault.New(fault.Conflict, "booking.not_no_show")
	}
	if event == EventCheckIn || event == EventNoShow {
		return r.State, r.expected(event, now)
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

// expected tells why nobody can be noted as come, or as not come, by now.
func (r Reservation) expected(event Event, now time.Time) error {
	switch opens := r.BeginAt.Add(-CheckInOpens); {
	case r.Kind == policies.Closure:
		return fault.New(fault.Refused, "booking.nobody_expected")
	case event == EventCheckIn && now.Before(opens):
		return fault.New(fault.Refused, "booking.check_in_early", fault.Params{"opens": opens, "minutes": int(CheckInOpens.Minutes())})
	case event == EventNoShow && now.Before(r.BeginAt):
		return fault.New(fault.Refused, "booking.not_begun", fault.Params{"begin": r.BeginAt})
	case event == EventNoShow && r.CheckedInAt != nil:
		return fault.New(fault.Conflict, "booking.is_checked_in", fault.Params{"at": *r.CheckedInAt})
	}
	return nil
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
