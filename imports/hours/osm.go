package hours

import (
	"cmp"
	"slices"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// What one text can have.
const (
	maxOSM      = 4000 // bytes
	maxOSMRules = 100
	maxOSMDates = 400 // ranges of all rules, each year's by itself
	maxOSMYears = 30
)

// OSMOptions are what a text of OpenStreetMap does not say itself.
type OSMOptions struct {
	Kind policies.HoursKind // of all spans; "" = open

	// A date without a year comes every year, which periods cannot say. It is
	// written out for Years (1 to 30) from the day From, and nothing is read for
	// other days; without them such a date is refused.
	From  calendar.Date
	Years int
}

// ParseOSM reads the opening_hours of OpenStreetMap, as far as hours can say
// them (docs/hours.md). What later rules override is worked out, so that the
// periods are normal ones that do not meet. A comment becomes the Finnish name
// of its hours. Anything else is Invalid, a field "line:column" with a code
// hours_file.osm_….
func ParseOSM(text string, opt OSMOptions) (Schedule, error) {
	if len(text) > maxOSM {
		return Schedule{}, refusedAt(text, maxOSM, "osm_long", fault.Params{"max": maxOSM})
	}
	opt.Kind = cmp.Or(opt.Kind, policies.Open)
	p := osmParser{text: text, tokens: lexOSM(text), opt: opt}
	if err := p.parse(); err != nil {
		return Schedule{}, err
	}
	if err := p.doubt(); err != nil {
		return Schedule{}, err
	}
	s := Schedule{HolidaysOff: slices.ContainsFunc(p.rules, func(r osmRule) bool { return r.holidays })}
	var err *fault.Error
	if s.Periods, err = p.resolve(); err != nil {
		return Schedule{}, err
	}
	if err := resources.CheckPeriods(s.Periods); err != nil {
		return Schedule{}, err
	}
	return s, nil
}

// osmRule is one rule of a text: on the days that all of its selectors take,
// these times.
type osmRule struct {
	at         int
	additional bool // after ",": adds to the day, where ";" overrides it
	off        bool
	holidays   bool        // off on public holidays
	onlyPH     bool        // and on no other day
	dates      []dateRange // nil = always
	weeks      []bool      // by ISO week, [0] unused; nil = all
	school     bool        // in school breaks only
	days       *[8][]int   // by weekday, the how-manieth of the month; nil = all weekdays, an empty list = not that one
	times      []calendar.Span
	name       string
}

// everyNth stands in osmRule.days for all days of a weekday.
const everyNth = 0

// dateRange is days, both included; a zero date is an open end.
type dateRange struct{ from, to calendar.Date }

func (r dateRange) covers(o dateRange) bool {
	return (r.from.IsZero() || !o.from.IsZero() && !o.from.Before(r.from)) &&
		(r.to.IsZero() || !o.to.IsZero() && !o.to.After(r.to))
}

// clip is the days of both; ok is false when there are none.
func (r dateRange) clip(o dateRange) (both dateRange, ok bool) {
	both = r
	if both.from.IsZero() || !o.from.IsZero() && o.from.After(both.from) {
		both.from = o.from
	}
	if both.to.IsZero() || !o.to.IsZero() && o.to.Before(both.to) {
		both.to = o.to
	}
	return both, both.from.IsZero() || both.to.IsZero() || !both.to.Before(both.from)
}

func (r osmRule) selects() bool {
	return r.dates != nil || r.weeks != nil || r.school || r.days != nil
}

// overrides tells whether a rule replaces the whole day.
func (r osmRule) overrides() bool { return !r.additional && !r.off }

// doubt refuses what programs and people read in different ways: a rule without
// days after one with days, hours past midnight that a later rule overrides, and
// hours after those of public holidays.
func (p *osmParser) doubt() *fault.Error {
	selects, holidays := false, false
	for i, later := range p.rules {
		if later.onlyPH {
			holidays = true
			continue
		}
		if !later.off && holidays {
			return p.refuse(later.at, "osm_holidays_last")
		}
		holidays = holidays || later.holidays
		if !later.off && i > 0 && selects && !later.selects() {
			return p.refuse(later.at, "osm_bare")
		}
		selects = selects || later.selects()
		for _, earlier := range p.rules[:i] {
			if (later.off || later.overrides()) && earlier.nightUnder(later) {
				return p.refuse(later.at, "osm_night")
			}
		}
	}
	return nil
}

// nightUnder tells whether hours past midnight meet a later rule that overrides
// them, on the day they begin or on the next one.
func (r osmRule) nightUnder(later osmRule) bool {
	if r.off {
		return false
	}
	cutsSame, cutsNext := false, false
	for _, span := range r.times {
		if span.To > calendar.DayMinutes {
			cutsSame = cutsSame || later.cuts(span)
			cutsNext = cutsNext || later.cuts(calendar.Span{To: span.To - calendar.DayMinutes})
		}
	}
	return cutsSame && r.mayMeet(later, 0) || cutsNext && r.mayMeet(later, 1)
}

// cuts tells whether an overriding rule takes something of a span away.
func (r osmRule) cuts(span calendar.Span) bool {
	if !r.off || r.times == nil {
		return true
	}
	return slices.ContainsFunc(r.times, func(off calendar.Span) bool { return off.From < span.To && span.From < off.To })
}

func (r osmRule) takesWeekday(day int) bool { return r.days == nil || len(r.days[day]) > 0 }

// mayMeet tells whether some day of the other rule is a day of this one, or so
// many days after it, by weekdays and dates.
func (r osmRule) mayMeet(other osmRule, after int) bool {
	weekdays := false
	for day := 1; day <= 7; day++ {
		weekdays = weekdays || r.takesWeekday(day) && other.takesWeekday((day-1+after)%7+1)
	}
	if !weekdays || r.dates == nil || other.dates == nil {
		return weekdays
	}
	for _, a := range r.dates {
		if !a.from.IsZero() {
			a.from = a.from.AddDays(after)
		}
		if !a.to.IsZero() {
			a.to = a.to.AddDays(after)
		}
		for _, b := range other.dates {
			if _, ok := a.clip(b); ok {
				return true
			}
		}
	}
	return false
}
