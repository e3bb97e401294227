package locales

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Repetition is when something takes place again and again, in plain values.
type Repetition struct {
	Every     string // "day", "week", "month" or "year"; "" = on chosen days
	Interval  int    // 2 = every other
	Days      []RepeatDay
	MonthDays []int // -1 = the last
	Months    []time.Month
	Positions []int  // which of the period's days, -1 = the last; none = all
	From, To  int    // minutes since midnight; To past 1440 is the next day, and 0 says no time
	First     string // the first day, as 2026-09-01; "" is not said
	Last      string // the last day; "" is not said
	Rule      string // its technical text, for what no sentence is known for
}

// RepeatDay is a weekday; Nth is which one of its month, -1 the last, 0 each.
type RepeatDay struct {
	Nth int
	Day time.Weekday
}

// Repetition says it in one line without a full stop: "joka tiistai
// 18.00–20.00, 1.9.2026–30.11.2026".
func (p Printer) Repetition(r Repetition) string {
	text := p.repeats(r.simplified())
	if r.To > 0 {
		text = p.T("repeat.at", "what", text, "hours", p.clockSpan(r.From, r.To))
	}
	switch {
	case r.First != "" && r.Last != "":
		return p.T("repeat.between", "what", text, "first", p.plainDay(r.First), "last", p.plainDay(r.Last))
	case r.First != "":
		return p.T("repeat.from", "what", text, "first", p.plainDay(r.First))
	}
	return text
}

// simplified says the same with a longer period or without positions, where a
// shorter sentence is known for that.
func (r Repetition) simplified() Repetition {
	each := !slices.ContainsFunc(r.Days, func(d RepeatDay) bool { return d.Nth != 0 })
	switch {
	case r.Every == "month" && len(r.Positions) > 0 && len(r.Days) == 1 && each && len(r.MonthDays) == 0:
		day := r.Days[0].Day
		r.Days = nil
		for _, n := range r.Positions {
			r.Days = append(r.Days, RepeatDay{n, day})
		}
		r.Positions = nil
	case len(r.Positions) > 0 || r.Interval > 1:
	case r.Every == "day" && len(r.MonthDays) > 0:
		r.Every = "month"
	case len(r.Days) > 0 && each && len(r.MonthDays) == 0 && (r.Every == "day" || r.Every == "month"):
		r.Every = "week"
	}
	if r.Every == "week" && r.Interval == 1 && len(r.Days) == 7 && len(r.Positions) == 0 {
		r.Every, r.Days = "day", nil
	}
	return r
}

// repeats is the part without time and dates.
func (p Printer) repeats(r Repetition) string {
	text := ""
	switch r.Every {
	case "":
		return p.T("repeat.chosen")
	case "day":
		text = p.everyDay(r)
	case "week":
		text = p.everyWeek(r)
	case "month":
		text = p.everyMonth(r)
	case "year":
		return cmp.Or(p.everyYear(r), p.T("repeat.rule", "rule", r.Rule))
	}
	if text == "" {
		return p.T("repeat.rule", "rule", r.Rule)
	}
	if len(r.Months) > 0 {
		text = p.T("repeat.only_in", "what", text, "months", p.And(each(r.Months, p.inMonth)))
	}
	return text
}

func (p Printer) everyDay(r Repetition) string {
	switch {
	case len(r.Days)+len(r.MonthDays)+len(r.Positions) > 0:
		return ""
	case r.Interval == 1:
		return p.T("repeat.day")
	}
	return p.T("repeat.days", "nth", p.everyNth(r.Interval))
}

func (p Printer) everyWeek(r Repetition) string {
	switch {
	case len(r.Days) == 0 || len(r.Positions)+len(r.MonthDays) > 0:
		return ""
	case len(r.Days) == 1 && r.Interval == 1:
		return p.T("repeat.week_day", "day", p.Weekday(r.Days[0].Day))
	case len(r.Days) == 1 && r.Interval == 2:
		// "every third Wednesday" would be read as one of a month
		return p.T("repeat.weeks_day", "nth", p.everyNth(r.Interval), "day", p.Weekday(r.Days[0].Day))
	case r.Interval == 1:
		return p.T("repeat.week", "days", p.weekdays(r.Days))
	}
	return p.T("repeat.weeks", "nth", p.everyNth(r.Interval), "days", p.weekdays(r.Days))
}

func (p Printer) everyMonth(r Repetition) string {
	which, suffix := p.which(r)
	switch {
	case which == "":
		return ""
	case r.Interval == 1:
		return p.T("repeat.month", "which", which) + suffix
	}
	return p.T("repeat.months", "nth", p.everyNthMonth(r.Interval), "which", which) + suffix
}

// everyYear knows the days of one month, each year.
func (p Printer) everyYear(r Repetition) string {
	which, suffix := p.which(r)
	if which == "" || r.Interval != 1 || len(r.Months) != 1 {
		return ""
	}
	return p.T("repeat.year", "which", which, "month", p.ofMonth(r.Months[0])) + suffix
}

// which are the days of a month, "1. maanantai", and what may follow the whole.
func (p Printer) which(r Repetition) (days, suffix string) {
	nth := len(r.Days) > 0 && !slices.ContainsFunc(r.Days, func(d RepeatDay) bool { return d.Nth == 0 })
	switch {
	case !r.countable():
		return "", ""
	case len(r.Positions) > 0:
		if len(r.MonthDays) == 0 && !nth && p.weekdays(r.Days) == p.weekdays(workdays) {
			return p.nthDays(r.Positions, p.workday()+" ("+p.weekdays(workdays)+")"), ""
		}
		return "", ""
	case len(r.Days) == 0 && len(r.MonthDays) > 0:
		return p.monthDays(r.MonthDays), ""
	case nth && len(r.MonthDays) == 0:
		return p.nthWeekdays(r.Days), ""
	case len(r.Days) == 1 && !nth && len(r.MonthDays) > 0:
		return p.monthDays(r.MonthDays), p.T("repeat.when", "day", p.Weekday(r.Days[0].Day))
	}
	return "", ""
}

// countable tells whether there are words for all of its ordinals.
func (r Repetition) countable() bool {
	const most = 5
	ordinals := slices.Clone(r.Positions)
	for _, d := range r.Days {
		ordinals = append(ordinals, d.Nth)
	}
	return !slices.ContainsFunc(ordinals, func(n int) bool { return n < -most || n > most }) &&
		!slices.ContainsFunc(r.MonthDays, func(n int) bool { return n < -most })
}

var workdays = []RepeatDay{{Day: time.Monday}, {Day: time.Tuesday}, {Day: time.Wednesday}, {Day: time.Thursday}, {Day: time.Friday}}

// nthWeekdays is "1. ja 3. maanantai", or "1. maanantai ja viimeinen perjantai".
func (p Printer) nthWeekdays(days []RepeatDay) string {
	var order []time.Weekday
	ordinals := map[time.Weekday][]int{}
	for _, d := range days {
		if ordinals[d.Day] == nil {
			order = append(order, d.Day)
		}
		ordinals[d.Day] = append(ordinals[d.Day], d.Nth)
	}
	slices.SortFunc(order, func(a, b time.Weekday) int {
		return cmp.Or(fromFirst(ordinals[a][0], ordinals[b][0]), cmp.Compare(isoDay(a), isoDay(b)))
	})
	return p.And(each(order, func(day time.Weekday) string { return p.nthDays(ordinals[day], p.theWeekday(day)) }))
}

// weekdays is "ti ja to"; three and more that follow each other are "ma–ke".
func (p Printer) weekdays(days []RepeatDay) string {
	sorted := slices.Clone(days)
	slices.SortFunc(sorted, func(a, b RepeatDay) int { return cmp.Compare(isoDay(a.Day), isoDay(b.Day)) })
	var words []string
	for i := 0; i < len(sorted); i++ {
		run := i
		for run+1 < len(sorted) && isoDay(sorted[run+1].Day) == isoDay(sorted[run].Day)+1 {
			run++
		}
		word := p.ShortWeekday(sorted[i].Day)
		if run-i >= 2 {
			word += "–" + p.ShortWeekday(sorted[run].Day)
			i = run
		}
		words = append(words, word)
	}
	return p.And(words)
}

func isoDay(day time.Weekday) int { return (int(day) + 6) % 7 }

// fromFirst puts 1, 2, … before …, -2, -1.
func fromFirst(a, b int) int {
	if (a < 0) != (b < 0) {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// And joins words: "a, b ja c".
func (p Printer) And(words []string) string { return p.listed(words, "word.and") }

// Or is And for a choice: "a, b tai c".
func (p Printer) Or(words []string) string { return p.listed(words, "word.or") }

func (p Printer) listed(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + p.T(last) + " " + words[len(words)-1]
}

// clockSpan is "18.00–20.00"; past midnight both have two digits, "22.00–02.00".
func (p Printer) clockSpan(from, to int) string {
	if to <= 24*60 {
		return p.Clock(from) + "–" + p.Clock(to)
	}
	return p.twoDigits(from) + "–" + p.twoDigits(to-24*60)
}

func (p Printer) twoDigits(minutes int) string {
	text := p.Clock(minutes)
	if len(text) < len("08.00") {
		return "0" + text
	}
	return text
}

func (p Printer) plainDay(text string) string {
	t, _, _ := instant(text)
	return Printer{Lang: p.Lang}.DayMonthYear(t)
}

func each[T any](values []T, say func(T) string) []string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = say(value)
	}
	return words
}
