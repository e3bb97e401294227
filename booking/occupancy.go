package booking

import (
	"cmp"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// The sides of an occupancy row; without buffers the side is the reservation's
// own number. See the exclusion constraint in migrations/00003.
const (
	sideBare    int64 = 0
	sideWidened int64 = 1
)

// Occupancy is one row of the table that decides who holds what.
type Occupancy struct {
	Reservation int64
	Unit        int
	Atom        int
	Side        int64
	Begin       time.Time
	End         time.Time
}

// occupancies are the rows of a reservation on its atoms, sorted as the
// engine inserts them.
func (r Reservation) occupancies(atoms []resources.Need, zone *time.Location) []Occupancy {
	bare := r.footprint(zone)
	var rows []Occupancy
	for _, need := range atoms {
		row := func(side int64, during calendar.Interval) {
			rows = append(rows, Occupancy{r.ID, need.Unit, need.Atom, side, during.Begin, during.End})
		}
		switch {
		case r.Kind == policies.Closure:
			row(sideWidened, bare)
		case r.WholeDay || r.BufferBefore == 0 && r.BufferAfter == 0:
			row(r.ID, bare)
		default:
			row(sideBare, bare)
			row(sideWidened, r.Widened())
		}
	}
	slices.SortFunc(rows, func(a, b Occupancy) int {
		return cmp.Or(cmp.Compare(a.Atom, b.Atom), a.Begin.Compare(b.Begin), cmp.Compare(a.Side, b.Side))
	})
	return rows
}

// footprint is the bare time as it is stored: of a whole-day resource the
// local days that it touches.
func (r Reservation) footprint(zone *time.Location) calendar.Interval {
	if !r.WholeDay {
		return r.Interval()
	}
	return wholeDays(r.Interval(), zone)
}

// reach is all that a reservation can touch: its footprint and its buffers.
func (r Reservation) reach(zone *time.Location) calendar.Interval {
	f, w := r.footprint(zone), r.Widened()
	if w.Begin.Before(f.Begin) {
		f.Begin = w.Begin
	}
	if w.End.After(f.End) {
		f.End = w.End
	}
	return f
}

// atomDays are the (atom, local day) pairs that a reservation locks.
func (r Reservation) atomDays(needs []resources.Need, zone *time.Location) []db.AtomDay {
	var pairs []db.AtomDay
	for _, date := range calendar.DatesOf(r.reach(zone), zone) {
		for _, need := range needs {
			pairs = append(pairs, db.AtomDay{Atom: need.Atom, Day: dayNumber(date)})
		}
	}
	return pairs
}

var epoch = calendar.Date{Year: 1970, Month: 1, Day: 1}

func dayNumber(date calendar.Date) int { return epoch.DaysUntil(date) }

// Busy is one occupied time on an atom, as a stranger may see it.
type Busy struct {
	Reservation int64
	Atom        int
	Side        int64
	Begin       time.Time
	End         time.Time
	Kind        policies.Kind
	State       State
	HeldUntil   *time.Time
	MadeBy      *int64
	Offer       *int64 // it is kept for somebody from the wait list
}

// runOut tells whether it is a hold whose time is over.
func (b Busy) runOut(now time.Time) bool {
	return Reservation{State: b.State, HeldUntil: b.HeldUntil}.runOut(now)
}

// runOut tells whether it is a hold whose time is over.
func (r Reservation) runOut(now time.Time) bool {
	return r.State == Held && r.HeldUntil != nil && !r.HeldUntil.After(now)
}

// Interval is the occupied time.
func (b Busy) Interval() calendar.Interval { return calendar.Interval{Begin: b.Begin, End: b.End} }

// against tells whether the row stands in the way of a reservation: bare time
// meets everything, widened time only bare time, a closure only bare time.
func (b Busy) against(r Reservation, zone *time.Location) bool {
	if b.Reservation == r.ID {
		return false
	}
	if r.Kind == policies.Closure {
		return b.Side != sideWidened && b.Interval().Overlaps(r.footprint(zone))
	}
	if b.Side == sideWidened || r.WholeDay {
		return b.Interval().Overlaps(r.footprint(zone))
	}
	return b.Interval().Overlaps(r.Widened())
}

// conflict says what kind of thing stood in the way.
func (b Busy) conflict(asked calendar.Interval) Conflict {
	kind := "reservation"
	switch {
	case b.Kind == policies.Closure:
		kind = "closure"
	case !b.Interval().Overlaps(asked) || b.Side == sideWidened:
		kind = "buffer"
	case b.State == Held && b.Offer != nil:
		kind = "offer"
	case b.State == Held:
		kind = "hold"
	case b.State == Requested:
		kind = "request"
	}
	return Conflict{Begin: b.Begin, End: b.End, Kind: kind}
}
