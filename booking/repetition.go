package booking

import (
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/web/locales"
)

// Repetition is a series in the plain values that locales.Printer.Repetition
// says in a sentence. Its first and last day are those that the series really
// has; where it cannot be worked out, only the day from which it counts.
func Repetition(r calendar.Recurrence) locales.Repetition {
	rule := r.Rule.Anchored(r.First)
	said := locales.Repetition{
		Interval: rule.Interval(), MonthDays: rule.MonthDays(), Positions: rule.Positions(), Rule: rule.String(),
		From: int(r.Span.From), To: int(r.Span.To), First: r.First.String(),
		Every: map[calendar.Frequency]string{
			calendar.Daily: "day", calendar.Weekly: "week", calendar.Monthly: "month", calendar.Yearly: "year",
		}[rule.Frequency()],
	}
	for _, day := range rule.Days() {
		said.Days = append(said.Days, locales.RepeatDay{Nth: day.Ordinal, Day: time.Weekday(day.Weekday % 7)})
	}
	for _, month := range rule.Months() {
		said.Months = append(said.Months, time.Month(month))
	}
	list, err := r.Expand()
	list = slices.DeleteFunc(list, func(o calendar.Occurrence) bool { return o.Skipped != "" })
	if err == nil && len(list) > 0 {
		said.First, said.Last = list[0].Date.String(), list[len(list)-1].Date.String()
	}
	return said
}
