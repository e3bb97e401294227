package booking

import (
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// blocked are the times in which no bare time of a new reservation may lie:
// another's widened time as it is, another's bare time stretched by the new
// one's buffers (its after-buffer reaches forward into the other's begin, its
// before-buffer back into the other's end). Of a pool only times with too few
// free lanes count. A whole-day place loses each local day that something
// touches.
func blocked(place resources.Place, rows []Busy, zone *time.Location) []calendar.Interval {
	before, after := place.Resource.BufferBefore, place.Resource.BufferAfter
	byAtom := map[int][]calendar.Interval{}
	for _, b := range rows {
		taken := b.Interval()
		switch {
		case place.Resource.WholeDay:
			taken = wholeDays(taken, zone)
		case b.Side != sideWidened:
			taken = widen(taken, after, before)
		}
		byAtom[b.Atom] = append(byAtom[b.Atom], taken)
	}
	var sets []calendar.Interval
	pools := map[int]*pool{}
	for _, need := range place.Needs {
		lane := calendar.Normalize(byAtom[need.Atom])
		if need.Pool == nil {
			sets = append(sets, lane...)
			continue
		}
		p := pools[*need.Pool]
		if p == nil {
			p = &pool{lanes: need.Lanes}
			pools[*need.Pool] = p
		}
		p.size++
		p.taken = append(p.taken, lane...)
	}
	for _, p := range pools {
		sets = append(sets, p.full()...)
	}
	return calendar.Normalize(sets)
}

// pool is N equal lanes, of which a resource takes some.
type pool struct {
	lanes, size int
	taken       []calendar.Interval // of all lanes
}

// full are the times in which fewer lanes are free than are needed.
func (p pool) full() []calendar.Interval {
	type edge struct {
		at   time.Time
		step int
	}
	var edges []edge
	for _, t := range p.taken {
		edges = append(edges, edge{t.Begin, 1}, edge{t.End, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.step - b.step
	})
	var found []calendar.Interval
	var since time.Time
	used, tooMany := 0, p.size-p.lanes+1
	for _, e := range edges {
		used += e.step
		switch {
		case e.step > 0 && used == tooMany:
			since = e.at
		case e.step < 0 && used == tooMany-1:
			found = append(found, calendar.Interval{Begin: since, End: e.at})
		}
	}
	return found
}

// freeGaps are the reservable times of a class of holders that nothing blocks.
func (s *Service) freeGaps(place resources.Place, hours []policies.Hours, class policies.Class, rows []Busy) []calendar.Interval {
	return calendar.Subtract(policies.ReservableSpans(hours, class), blocked(place, rows, s.Zone))
}
