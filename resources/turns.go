package resources

import (
	"slices"
	"time"

	"vuoro/calendar"
)

// What a Turn counts in, and what it counts.
const (
	InPeriod = "period"
	InYear   = "year"
	InMonth  = "month"

	CountDays   = "day"
	CountWeeks  = "week"
	CountMonths = "month"

	Odd  = "odd"
	Even = "even"
)

// TurnWeekdays are the subjects of a Turn that are weekdays, Monday first.
var TurnWeekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// Weekday is the weekday that a turn counts; 0 = it counts something else.
func (t Turn) Weekday() calendar.Weekday {
	return calendar.Weekday(slices.Index(TurnWeekdays, t.Subject) + 1)
}

// Takes tells whether a turn takes a day of a period with these first and last
// days, nil = open. It counts like this:
//
//   - weeks are whole, from Monday. Those of a period are counted from the week
//     of its first day; those of a year are its ISO weeks; those of a month are
//     all that have a day in it, so that a week may be the last of one month and
//     the first of the next.
//   - odd and even are the number that a calendar shows: of the ISO week, of the
//     month, and for days and weekdays the day of the month.
//   - a negative Start counts from the end; where there are fewer, a turn with
//     Every takes the first too, and one without takes nothing.
func (t Turn) Takes(date calendar.Date, first, last *calendar.Date) bool {
	if weekday := t.Weekday(); weekday != 0 && date.Weekday() != weekday {
		return false
	}
	if t.Parity != "" {
		return t.shown(date)%2 == 1 == (t.Parity == Odd)
	}
	switch {
	case t.Start == 0:
		return true
	case t.Context == InPeriod:
		return bounded(first) && t.counts(date, *first, last)
	case t.Context == InMonth && t.Subject == CountWeeks:
		monday := mondayOf(date)
		begin, end := monthOf(monday)
		nextBegin, nextEnd := monthOf(monday.AddDays(6))
		return t.counts(date, begin, &end) || t.counts(date, nextBegin, &nextEnd)
	case t.Context == InMonth:
		begin, end := monthOf(date)
		return t.counts(date, begin, &end)
	}
	begin, end := t.yearOf(date)
	return t.counts(date, begin, &end)
}

// shown is the number of a day's week, month or day that a calendar shows.
func (t Turn) shown(date calendar.Date) int {
	switch t.Subject {
	case CountWeeks:
		_, week := date.ISOWeek()
		return week
	case CountMonths:
		return int(date.Month)
	}
	return date.Day
}

// counts counts the subjects from a first to a last day.
func (t Turn) counts(date, first calendar.Date, last *calendar.Date) bool {
	start := t.Start
	if start < 0 {
		if !bounded(last) {
			return false
		}
		if start += t.place(*last, first) + 1; start < 1 && t.Every > 0 {
			start = 1
		}
	}
	ahead := t.place(date, first) - start
	if t.Every == 0 {
		return ahead == 0 && start > 0
	}
	return ahead >= 0 && ahead%t.Every == 0
}

// place is the how-manieth subject since a first day the one of a date is, from
// 1; of a weekday, how many there have been.
func (t Turn) place(date, first calendar.Date) int {
	switch t.Subject {
	case CountDays:
		return first.DaysUntil(date) + 1
	case CountWeeks:
		return mondayOf(first).DaysUntil(mondayOf(date))/7 + 1
	case CountMonths:
		return (date.Year-first.Year)*12 + int(date.Month-first.Month) + 1
	}
	toFirst := (int(t.Weekday()-first.Weekday()) + 7) % 7
	return (first.DaysUntil(date) - toFirst + 7) / 7
}

func mondayOf(date calendar.Date) calendar.Date {
	return date.AddDays(int(calendar.Monday - date.Weekday()))
}

func monthOf(date calendar.Date) (first, last calendar.Date) {
	first = calendar.Date{Year: date.Year, Month: date.Month, Day: 1}
	return first, first.AddDays(31 - first.AddDays(31).Day)
}

// yearOf is the year in which a turn counts: for weeks that of the ISO week.
func (t Turn) yearOf(date calendar.Date) (first, last calendar.Date) {
	if t.Subject != CountWeeks {
		return calendar.Date{Year: date.Year, Month: time.January, Day: 1}, calendar.Date{Year: date.Year, Month: time.December, Day: 31}
	}
	year, _ := date.ISOWeek()
	weekOne := func(year int) calendar.Date { return mondayOf(calendar.Date{Year: year, Month: time.January, Day: 4}) }
	return weekOne(year), weekOne(year + 1).AddDays(-1)
}
