package calendar

import (
	"slices"
	"time"
)

// Interval is a stretch of time [Begin, End): the end does not belong to it, so
// two intervals that touch do not overlap. One whose End is not after its Begin
// is empty: it overlaps nothing and is contained nowhere.
type Interval struct {
	Begin time.Time `json:"begin"`
	End   time.Time `json:"end"`
}

// IsEmpty tells whether no instant lies in the interval.
func (i Interval) IsEmpty() bool { return !i.Begin.Before(i.End) }

// Duration is the elapsed time, 0 for an empty interval.
func (i Interval) Duration() time.Duration {
	if i.IsEmpty() {
		return 0
	}
	return i.End.Sub(i.Begin)
}

// Overlaps tells whether the two share any instant.
func (i Interval) Overlaps(o Interval) bool { return !i.Intersect(o).IsEmpty() }

// Contains tells whether all of o, which is not empty, lies in i.
func (i Interval) Contains(o Interval) bool {
	return !o.IsEmpty() && !o.Begin.Before(i.Begin) && !o.End.After(i.End)
}

// Holds tells whether the instant lies in the interval; its End does not.
func (i Interval) Holds(t time.Time) bool {
	return !t.Before(i.Begin) && t.Before(i.End)
}

// Intersect is the shared part; the zero Interval where there is none.
func (i Interval) Intersect(o Interval) Interval {
	shared := Interval{Begin: later(i.Begin, o.Begin), End: earlier(i.End, o.End)}
	if i.IsEmpty() || o.IsEmpty() || shared.IsEmpty() {
		return Interval{}
	}
	return shared
}

// Normalize gives the same instants as sorted, disjoint, non-empty intervals
// between which there is always some time: overlapping and touching ones merge.
// The argument is left as it was.
func Normalize(set []Interval) []Interval {
	sorted := slices.DeleteFunc(slices.Clone(set), Interval.IsEmpty)
	slices.SortFunc(sorted, func(a, b Interval) int { return a.Begin.Compare(b.Begin) })
	merged := sorted[:0]
	for _, next := range sorted {
		last := len(merged) - 1
		if last < 0 || next.Begin.After(merged[last].End) {
			merged = append(merged, next)
			continue
		}
		merged[last].End = later(merged[last].End, next.End)
	}
	return merged
}

// Union gives the instants that lie in any of the sets, normalized.
func Union(sets ...[]Interval) []Interval {
	return Normalize(slices.Concat(sets...))
}

// Subtract gives the instants of set that lie in none of minus, normalized.
func Subtract(set, minus []Interval) []Interval {
	set, minus = Normalize(set), Normalize(minus)
	left := make([]Interval, 0, len(set)+len(minus))
	next := 0
	for _, whole := range set {
		for next < len(minus) && !minus[next].End.After(whole.Begin) {
			next++
		}
		begin := whole.Begin
		for cut := next; cut < len(minus) && minus[cut].Begin.Before(whole.End); cut++ {
			left = appendUnlessEmpty(left, Interval{Begin: begin, End: minus[cut].Begin})
			begin = minus[cut].End
			next = cut
		}
		left = appendUnlessEmpty(left, Interval{Begin: begin, End: whole.End})
	}
	return left
}

// Intersect gives the instants that lie in both sets, normalized.
func Intersect(a, b []Interval) []Interval {
	a, b = Normalize(a), Normalize(b)
	var shared []Interval
	for i, j := 0, 0; i < len(a) && j < len(b); {
		shared = appendUnlessEmpty(shared, a[i].Intersect(b[j]))
		if a[i].End.Before(b[j].End) {
			i++
		} else {
			j++
		}
	}
	return shared
}

// Gaps gives the free stretches of within that last at least minimum.
func Gaps(within Interval, busy []Interval, minimum time.Duration) []Interval {
	free := Subtract([]Interval{within}, busy)
	return slices.DeleteFunc(free, func(gap Interval) bool { return gap.Duration() < minimum })
}

// Total is the elapsed time of a set; instants in several intervals count once.
func Total(set []Interval) time.Duration {
	var sum time.Duration
	for _, i := range Normalize(set) {
		sum += i.Duration()
	}
	return sum
}

func appendUnlessEmpty(set []Interval, i Interval) []Interval {
	if i.IsEmpty() {
		return set
	}
	return append(set, i)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
