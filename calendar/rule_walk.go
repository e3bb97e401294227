package calendar

import (
	"fmt"
	"time"

	"github.com/teambition/rrule-go"

	"vuoro/fault"
)

// The library goes on looking until it finds a date or the year 9999 ends, and
// cannot be stopped. The calendar repeats itself every 400 years, weekdays
// included, so a rule is worked out where that end is near: at most 600 years
// away, of which at least roomYears are seen. maxSteps is the price of the
// dearest rule, in days looked at; it is known before the work begins.
const (
	cycleYears = 400
	roomYears  = 200
	endYear    = 9999
	maxSteps   = 4_000_000
)

// walk calls visit with the wall-clock times that the rule yields from first
// on, in order, until visit answers false, COUNT or UNTIL is reached, or
// roomYears and more have passed without a further date; whole is false when
// that left COUNT unreached. Wall times are written as if they were UTC.
func (r Rule) walk(first time.Time, zone *time.Location, visit func(time.Time) bool) (whole bool, err error) {
	if r.IsZero() {
		return true, nil
	}
	r = r.Anchored(dateOf(first))
	shift := yearShift(first.Year())
	if r.steps(first.Year()+shift) > maxSteps {
		return false, fault.New(fault.Invalid, "calendar.rule_too_heavy", fault.Params{"value": len(r.positions)})
	}
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fault.Wrap(fmt.Errorf("rule %s: %v", r, panicked), fault.Internal, "internal")
		}
	}()
	option := r.option(first.AddDate(shift, 0, 0))
	expanded, err := rrule.NewRRule(option)
	if err != nil {
		return false, fault.Wrap(fmt.Errorf("rule %s: %w", r, err), fault.Internal, "internal")
	}
	seen := 0
	next := expanded.Iterator()
	for found, ok := next(); ok; found, ok = next() {
		at := found.AddDate(-shift, 0, 0)
		if at.Before(first) {
			continue
		}
		if r.until.form != "" && at.After(r.until.wall(zone)) || !visit(at) {
			return true, nil
		}
		if seen++; seen == r.count {
			return true, nil
		}
	}
	return r.count == 0, nil
}

// yearShift is how many years later, in whole cycles, a rule is worked out.
func yearShift(year int) int { return max(0, endYear-roomYears-year) / cycleYears * cycleYears }

// steps is how many days are looked at in the worst case. For each position the
// library goes through its period once more.
func (r Rule) steps(year int) int {
	return (endYear + 1 - year) * 366 / r.interval * (1 + len(r.positions))
}

// option is the rule in the library's words, without its end. A weekly one
// begins with its week, or positions would be counted from the first date.
func (r Rule) option(first time.Time) rrule.ROption {
	frequencies := map[Frequency]rrule.Frequency{Daily: rrule.DAILY, Weekly: rrule.WEEKLY, Monthly: rrule.MONTHLY, Yearly: rrule.YEARLY}
	if r.frequency == Weekly {
		into := (int(dateOf(first).Weekday()-r.weekStart) + 7) % 7
		first = first.AddDate(0, 0, -into)
	}
	days := make([]rrule.Weekday, len(r.days))
	for i, day := range r.days {
		days[i] = libraryDay(day.Weekday)
		if day.Ordinal != 0 {
			days[i] = days[i].Nth(day.Ordinal)
		}
	}
	return rrule.ROption{
		Freq: frequencies[r.frequency], Dtstart: first, Interval: r.interval, Wkst: libraryDay(r.weekStart),
		Until:   time.Date(endYear, time.December, 31, 23, 59, 59, 0, time.UTC),
		Bymonth: r.months, Bymonthday: r.monthDays, Byweekday: days, Bysetpos: r.positions,
	}
}

func libraryDay(day Weekday) rrule.Weekday {
	return [...]rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}[day-Monday]
}
