package booking

import (
	"slices"
	"time"

	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Conflict is one occupied time that stood in the way; what it is, never whose.
type Conflict struct {
	Begin time.Time
	End   time.Time
	Kind  string // reservation, request, hold, offer, closure or buffer
}

// Alternative is a time that the same person could book instead.
type Alternative struct {
	Resource resources.Resource
	Begin    time.Time
	End      time.Time
	Why      string // same_room, same_time or next_week
	Approval bool   // somebody has to approve it first
}

// Refusal is a no with all its reasons: rules, conflicts, and up to five ways
// out. It unwraps to a fault of kind Conflict when the time is taken and of
// kind Refused when only rules say no.
type Refusal struct {
	Decision     policies.Decision
	Conflicts    []Conflict
	Alternatives []Alternative
	cause        *fault.Error
}

func newRefusal(decision policies.Decision, conflicts []Conflict) *Refusal {
	r := &Refusal{Decision: decision, Conflicts: conflicts}
	if len(conflicts) > 0 {
		r.cause = fault.New(fault.Conflict, "booking.overlap")
		return r
	}
	r.cause = fault.New(fault.Conflict, "booking.overlap") // what took the time has gone since it was read
	if decision.Verdict == policies.Refuse {
		r.cause = fault.New(fault.Refused, "booking.refused")
	}
	for _, v := range decision.Violations {
		if !v.Overridden {
			r.cause = fault.New(fault.Refused, v.Code, v.Params)
			break
		}
	}
	return r
}

// OnlyForm tells whether neither another time nor another place would help:
// nothing is in the way and every rule that says no is about what was not
// filled in.
func (r *Refusal) OnlyForm() bool {
	for _, v := range r.Decision.Violations {
		if !v.Overridden && !toFillIn(v) {
			return false
		}
	}
	return len(r.Conflicts) == 0 && len(r.Decision.Violations) > 0
}

// OtherTimeHelps tells whether what stands in the way is about the time.
func (r *Refusal) OtherTimeHelps() bool { return !r.OnlyForm() && !r.everyTime() }

// everyTime tells whether a rule says no to every time of the place.
func (r *Refusal) everyTime() bool {
	return slices.ContainsFunc(r.Decision.Violations, func(v policies.Violation) bool {
		return !v.Overridden && v.Anytime()
	})
}

// Error is for logs.
func (r *Refusal) Error() string { return r.cause.Error() }

// Unwrap gives the fault.
func (r *Refusal) Unwrap() error { return r.cause }
