package policies

import (
	"slices"

	"vuoro/calendar"
	"vuoro/fault"
)

// checkHours asks whether the whole time lies in one span that this holder may
// use, and if not, why: each reason is named once, with the first part of the
// asked time that it concerns.
//
// A whole day needs, on each of its dates, some time that this holder may use
// and no core use: the rest of the day may be closed.
func checkHours(q *inquiry) []Violation {
	if q.Asked.IsEmpty() {
		return nil
	}
	if span, ok := q.spanAt(q.Asked.Begin); ok && span.Contains(q.Asked) {
		return nil
	}
	outside := q.outside()
	if len(outside) == 0 {
		return nil
	}
	core := calendar.Intersect(outside, q.core)
	open := calendar.Subtract(calendar.Intersect(outside, spansOf(q.Hours, Open)), union(q.core, spansOf(q.Hours, Closed)))
	closed, gaps := q.sortOut(calendar.Subtract(outside, union(core, open)))
	if q.wholeDay && len(core)+len(open) > 0 {
		closed, gaps = nil, nil
	}
	if q.mayLieOutside(core) {
		return nil
	}
	found := q.span(nil, CodeClosed, closed)
	found = q.coreUse(found, core)
	found = q.span(found, CodeNotReservable, open)
	return q.span(found, CodeNotOneSpan, gaps)
}

// mayLieOutside tells whether the rule book lets this holder ask for a time that
// no hours are planned for; core use and what was closed expressly stay.
func (in *inquiry) mayLieOutside(core []calendar.Interval) bool {
	allowed := in.matched.Effects.OutsideHours
	return allowed != nil && *allowed && len(core) == 0 && len(checkClosedDates(in)) == 0
}

// outside is the asked time that this holder may not use. Of whole days the
// first that cannot be used is enough: an absurdly long wish ends here.
func (in *inquiry) outside() []calendar.Interval {
	if !in.wholeDay {
		return calendar.Subtract([]calendar.Interval{in.Asked}, in.spans)
	}
	var outside []calendar.Interval
	for date := calendar.DateOf(in.Asked.Begin, in.Zone); ; date = date.AddDays(1) {
		bounds := calendar.DayBounds(date, in.Zone)
		if !bounds.Begin.Before(in.Asked.End) {
			return outside
		}
		day := []calendar.Interval{bounds}
		if len(calendar.Intersect(day, in.spans)) == 0 {
			return append(outside, bounds)
		}
		outside = append(outside, calendar.Intersect(day, calendar.Subtract(in.core, in.spans))...)
	}
}

// sortOut parts the time that nothing is planned for: between two usable spans
// it is a gap, else the place is closed.
func (in *inquiry) sortOut(rest []calendar.Interval) (closed, gaps []calendar.Interval) {
	for _, part := range rest {
		before := slices.ContainsFunc(in.spans, func(s calendar.Interval) bool { return s.End.Equal(part.Begin) })
		after := slices.ContainsFunc(in.spans, func(s calendar.Interval) bool { return s.Begin.Equal(part.End) })
		if before && after {
			gaps = append(gaps, part)
		} else {
			closed = append(closed, part)
		}
	}
	return closed, gaps
}

func (in *inquiry) span(found []Violation, code string, parts []calendar.Interval) []Violation {
	if len(parts) == 0 {
		return found
	}
	p := fault.Params{"from": parts[0].Begin, "to": parts[0].End, "spans": in.spans}
	return append(found, in.violation(code, in.spans, in.Asked, p))
}

// coreUse names the core use as it is planned, not only the part asked for.
func (in *inquiry) coreUse(found []Violation, parts []calendar.Interval) []Violation {
	if len(parts) == 0 {
		return found
	}
	whole := parts[0]
	for _, core := range in.core {
		if core.Contains(parts[0]) {
			whole = core
		}
	}
	p := fault.Params{"from": whole.Begin, "to": whole.End, "spans": in.spans}
	return append(found, in.violation(CodeCoreUse, whole, in.Asked, p))
}

// checkClosedDates is the form for seasonal dates: only what was closed on
// purpose refuses, a date that merely lacks hours does not.
func checkClosedDates(q *inquiry) []Violation {
	return q.span(nil, CodeClosed, calendar.Intersect([]calendar.Interval{q.Asked}, spansOf(q.Hours, Closed)))
}

func union(sets ...[]calendar.Interval) []calendar.Interval { return calendar.Union(sets...) }
