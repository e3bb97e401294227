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
	Date    calendar.Date
	By      Authority
	Spans   []WeekSpan         // sorted by From; those of normal periods united
	Period  *Period            // the override that decided
	Holiday []calendar.Holiday // the day's holidays, whoever decided
}

// Closed tells whether the day was closed expressly: by an override or a
// holiday that leaves it no hours. A normal day without hours is not that.
func (d DayPlan) Closed() bool { return d.By != ByNormal && len(d.Spans) == 0 }

// Day finds the hours of one day by the order of authority: the resource's
// override, the unit's override, the public holiday, the resource's normal
// periods, the unit's normal periods. Of several overrides the shortest counts.
func (p Place) Day(date calendar.Date) DayPlan {
	plan := DayPlan{Date: date, By: ByOverride, Holiday: holidaysOn(date)}
	for _, own := range []bool{true, false} {
		if plan.Period = shortest(p.covering(date, own, true)); plan.Period != nil {
			plan.Spans = spansOf([]Period{*plan.Period}, date.Weekday())
			return plan
		}
	}
	weekday := date.Weekday()
	plan.By = ByNormal
	if len(plan.Holiday) > 0 && p.Unit.Holidays != "normal" {
		plan.By, weekday = ByHoliday, calendar.Sunday
	}
	if plan.By == ByHoliday && p.Unit.Holidays == "closed" {
		return plan
	}
	normal := p.covering(date, true, false)
	if len(normal) == 0 {
		normal = p.covering(date, false, false)
	}
	plan.Spans = spansOf(normal, weekday)
	return plan
}

// covering lists the periods of the resource itself or of its unit that are
// valid on a date.
func (p Place) covering(date calendar.Date, own, override bool) []Period {
	var list []Period
	for _, period := range p.Periods {
		if period.Override == override && (period.Resource != nil) == own && period.Covers(date) {
			list = append(list, period)
		}
	}
	return list
}

// Covers tells whether the period is valid on a date.
func (p Period) Covers(date calendar.Date) bool {
	return (!bounded(p.ValidFrom) || !date.Before(*p.ValidFrom)) && (!bounded(p.ValidTo) || !date.After(*p.ValidTo))
}

func bounded(d *calendar.Date) bool { return d != nil && !d.IsZero() }

// days is how long the period is valid; an open end is longer than any.
func (p Period) days() int {
	if !bounded(p.ValidFrom) || !bounded(p.ValidTo) {
		return 1 << 30
	}
	return p.ValidFrom.DaysUntil(*p.ValidTo) + 1
}

// shortest is nil for no period. Equal lengths are refused at saving; should
// they be there all the same, the older one counts.
func shortest(list []Period) *Period {
	if len(list) == 0 {
		return nil
	}
	first := slices.MinFunc(list, func(a, b Period) int { return cmp.Or(cmp.Compare(a.days(), b.days()), cmp.Compare(a.ID, b.ID)) })
	return &first
}

func spansOf(periods []Period, weekday calendar.Weekday) []WeekSpan {
	var list []WeekSpan
	for _, period := range periods {
		for _, span := range period.Spans.V {
			if slices.Contains(span.Weekdays, int(weekday)) {
				list = append(list, span)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b WeekSpan) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

// holidays of a year are computed once; they never change.
var holidays sync.Map // year → map[calendar.Date][]calendar.Holiday

func holidaysOn(date calendar.Date) []calendar.Holiday {
	year, ok := holidays.Load(date.Year)
	if !ok {
		byDate := map[calendar.Date][]calendar.Holiday{}
		for _, h := range calendar.Holidays(date.Year) {
			byDate[h.Date] = append(byDate[h.Date], h)
		}
		year, _ = holidays.LoadOrStore(date.Year, byDate)
	}
	return year.(map[calendar.Date][]calendar.Holiday)[date]
}
