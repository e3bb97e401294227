package resources

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
)

// Hours resolves the opening hours that touch the local days from … to, both
// included. Spans of one kind that touch are one, also over midnight, and are
// not cut at the asked days; they are followed for one day beyond them. A day
// that an override or a holiday closes shows as a span of kind Closed. The
// result is sorted by begin, then by kind.
func (p Place) Hours(from, to calendar.Date, zone *time.Location) []policies.Hours {
	if to.Before(from) {
		return nil
	}
	byKind := map[policies.HoursKind][]calendar.Interval{}
	var spill calendar.Interval // how far the day before reaches into this one
	for date := from.AddDays(-2); !date.After(to.AddDays(1)); date = date.AddDays(1) {
		plan := p.Day(date)
		if plan.Closed() {
			whole := []calendar.Interval{calendar.DayBounds(date, zone)}
			byKind[policies.Closed] = append(byKind[policies.Closed], calendar.Subtract(whole, []calendar.Interval{spill})...)
		}
		spill = calendar.Interval{}
		for _, span := range plan.Spans {
			interval := calendar.Span{From: span.From, To: span.To}.On(date, zone)
			byKind[span.Kind] = append(byKind[span.Kind], interval)
			if span.Kind != policies.Closed && interval.End.After(spill.End) {
				spill = interval
			}
		}
	}
	asked := calendar.Interval{Begin: calendar.DayBounds(from, zone).Begin, End: calendar.DayBounds(to, zone).End}
	return touching(byKind, asked)
}

func touching(byKind map[policies.HoursKind][]calendar.Interval, asked calendar.Interval) []policies.Hours {
	var hours []policies.Hours
	for kind, spans := range byKind {
		for _, span := range calendar.Normalize(spans) {
			if span.Overlaps(asked) {
				hours = append(hours, policies.Hours{Interval: span, Kind: kind})
			}
		}
	}
	slices.SortFunc(hours, func(a, b policies.Hours) int {
		return cmp.Or(a.Begin.Compare(b.Begin), a.End.Compare(b.End), cmp.Compare(a.Kind, b.Kind))
	})
	return hours
}

// Authority says what the hours of a day come from.
type Authority string

// The authorities, the strongest first.
const (
	ByOverride Authority = "override"
	ByHoliday  Authority = "holiday"
	ByNormal   Authority = "normal"
)

// DayPlan is the hours that begin on one day, in wall time.
type DayPlan struct {
	Date          calendar.Date
	By            Authority
	Spans         []WeekSpan         // sorted by From; those of normal periods united, those laid over among them
	Period        *Period            // the override that decided
	Holiday       []calendar.Holiday // the day's holidays, whoever decided
	SchoolUnknown bool               // hours ask for school terms, and nobody knows what this day is: it counts as term
}

// Closed tells whether the day was closed expressly: by an override or a
// holiday that leaves it no hours. A normal day without hours is not that.
func (d DayPlan) Closed() bool { return d.By != ByNormal && len(d.Spans) == 0 }

// Day finds the hours of one day by the order of authority: the resource's
// override, the unit's override, the public holiday, the resource's normal
// periods, the unit's normal periods. Of several overrides the shortest counts.
// What is laid over (Overlay) comes last, from the resource and from the unit;
// a day that an override or a holiday closes has nothing to lay over.
func (p Place) Day(date calendar.Date) DayPlan {
	plan := DayPlan{Date: date, By: ByNormal, Holiday: calendar.HolidaysOn(date)}
	weekday := date.Weekday()
	if len(plan.Holiday) > 0 && p.Unit.Holidays != "normal" {
		plan.By, weekday = ByHoliday, calendar.Sunday
	}
	overlays := p.decide(&plan, weekday)
	if overlays && (plan.By == ByNormal || slices.ContainsFunc(plan.Spans, usable)) {
		for i := range p.Periods {
			if period := &p.Periods[i]; period.Overlay && p.inForce(period, &plan) {
				plan.Spans = period.appendSpans(plan.Spans, date, weekday)
			}
		}
	}
	slices.SortStableFunc(plan.Spans, func(a, b WeekSpan) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return plan
}

func usable(s WeekSpan) bool { return s.Kind != policies.Closed }

// rank is where a period stands in the order of authority, the weakest first.
type rank int

const (
	unitNormal rank = iota
	ownNormal
	unitOverride
	ownOverride
)

func (p *Period) rank() rank {
	switch {
	case p.Override && p.Resource != nil:
		return ownOverride
	case p.Override:
		return unitOverride
	case p.Resource != nil:
		return ownNormal
	}
	return unitNormal
}

// decide fills a plan but for what is laid over, and tells whether there is
// any of that. The weekday is the one that the day counts as; an override, which
// is made for its dates, keeps to the calendar's.
func (p Place) decide(plan *DayPlan, weekday calendar.Weekday) (overlays bool) {
	best := unitNormal
	for i := range p.Periods {
		period := &p.Periods[i]
		overlays = overlays || period.Overlay
		if period.Overlay || period.rank() < best || !p.inForce(period, plan) {
			continue
		}
		if period.Override && (period.rank() > best || period.shorter(plan.Period)) {
			plan.Period = period
		}
		best = period.rank()
	}
	if plan.Period != nil {
		override := *plan.Period
		plan.By, plan.Period = ByOverride, &override
		plan.Spans = override.appendSpans(nil, plan.Date, plan.Date.Weekday())
		return overlays
	}
	if plan.By == ByHoliday && p.Unit.Holidays == "closed" {
		return overlays
	}
	for i := range p.Periods {
		if period := &p.Periods[i]; !period.Overlay && period.rank() == best && p.inForce(period, plan) {
			plan.Spans = period.appendSpans(plan.Spans, plan.Date, weekday)
		}
	}
	return overlays
}

// inForce tells whether a period is valid on a plan's day, and notes where that
// hangs on a school term that nobody knows.
func (p Place) inForce(period *Period, plan *DayPlan) bool {
	if !period.Covers(plan.Date) {
		return false
	}
	if period.School == "" {
		return true
	}
	what := schoolTime(p.Unit.City, plan.Date)
	plan.SchoolUnknown = plan.SchoolUnknown || what == ""
	return (what == calendar.SchoolBreak) == (period.School == SchoolBreak)
}

// Covers tells whether a date lies within the period's first and last day.
func (p Period) Covers(date calendar.Date) bool {
	return (!bounded(p.ValidFrom) || !date.Before(*p.ValidFrom)) && (!bounded(p.ValidTo) || !date.After(*p.ValidTo))
}

func bounded(d *calendar.Date) bool { return d != nil && !d.IsZero() }

// days is how long the period is valid; an open end is longer than any.
func (p *Period) days() int {
	if !bounded(p.ValidFrom) || !bounded(p.ValidTo) {
		return 1 << 30
	}
	return p.ValidFrom.DaysUntil(*p.ValidTo) + 1
}

// shorter tells whether the period comes before another override. Equal lengths
// are refused at saving; should they be there all the same, the older counts.
func (p *Period) shorter(than *Period) bool {
	return than == nil || cmp.Or(cmp.Compare(p.days(), than.days()), cmp.Compare(p.ID, than.ID)) < 0
}

// appendSpans adds the spans of a date that counts as some weekday. Turns are
// always asked of the date itself.
func (p *Period) appendSpans(list []WeekSpan, date calendar.Date, weekday calendar.Weekday) []WeekSpan {
	for i := range p.Spans.V {
		span := &p.Spans.V[i]
		if slices.Contains(span.Weekdays, int(weekday)) && span.takes(date, p) {
			list = append(list, *span)
		}
	}
	return list
}

// takes tells whether all turns of a span take a date.
func (s *WeekSpan) takes(date calendar.Date, p *Period) bool {
	for _, turn := range s.Only {
		if !turn.Takes(date, p.ValidFrom, p.ValidTo) {
			return false
		}
	}
	return true
}

// schoolTimes are worked out once for a city and a year: calendar.SchoolTime of
// each of its days.
var schoolTimes sync.Map // schoolYear → *[367]string

type schoolYear struct {
	city string
	year int
}

func schoolTime(city string, date calendar.Date) string {
	newYear := calendar.Date{Year: date.Year, Month: time.January, Day: 1}
	key := schoolYear{city, date.Year}
	days, ok := schoolTimes.Load(key)
	if !ok {
		var times [367]string
		for i := range times {
			times[i] = calendar.SchoolTime(city, newYear.AddDays(i))
		}
		days, _ = schoolTimes.LoadOrStore(key, &times)
	}
	return days.(*[367]string)[newYear.DaysUntil(date)]
}
