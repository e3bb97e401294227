package locales

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var repetitions = []Repetition{
	{Every: "week", Interval: 1, Days: []RepeatDay{{0, time.Tuesday}}, From: 1080, To: 1200, First: "2026-09-01", Last: "2026-11-24"},
	{Every: "week", Interval: 1, Days: []RepeatDay{{0, time.Tuesday}, {0, time.Thursday}}, From: 1080, To: 1170},
	{Every: "week", Interval: 2, Days: []RepeatDay{{0, time.Tuesday}, {0, time.Thursday}}, From: 480, To: 1440},
	{Every: "week", Interval: 2, Days: []RepeatDay{{0, time.Sunday}}, From: 1320, To: 1560},
	{Every: "week", Interval: 3, Days: []RepeatDay{{0, time.Wednesday}}},
	{Every: "week", Interval: 11, Days: []RepeatDay{{0, time.Wednesday}}},
	{Every: "week", Interval: 22, Days: []RepeatDay{{0, time.Wednesday}, {0, time.Monday}}},
	{Every: "week", Interval: 1, Days: []RepeatDay{{0, time.Monday}, {0, time.Tuesday}, {0, time.Wednesday}, {0, time.Thursday}, {0, time.Friday}}},
	{Every: "week", Interval: 1, Days: []RepeatDay{{0, time.Monday}, {0, time.Friday}, {0, time.Saturday}, {0, time.Sunday}}},
	{Every: "week", Interval: 1, Days: []RepeatDay{{0, time.Monday}}, Months: []time.Month{time.September, time.October}},
	{Every: "day", Interval: 1, First: "2026-12-01", Last: "2026-12-23"},
	{Every: "day", Interval: 1, Days: []RepeatDay{{0, time.Saturday}}},
	{Every: "day", Interval: 1, MonthDays: []int{1, 15}},
	{Every: "day", Interval: 2, First: "2026-12-01"},
	{Every: "month", Interval: 1, Days: []RepeatDay{{1, time.Monday}}},
	{Every: "month", Interval: 1, Days: []RepeatDay{{-1, time.Friday}}},
	{Every: "month", Interval: 1, Days: []RepeatDay{{1, time.Monday}, {3, time.Monday}}},
	{Every: "month", Interval: 1, Days: []RepeatDay{{-1, time.Friday}, {1, time.Monday}}},
	{Every: "month", Interval: 2, Days: []RepeatDay{{2, time.Wednesday}}},
	{Every: "month", Interval: 12, Days: []RepeatDay{{-2, time.Wednesday}}},
	{Every: "month", Interval: 1, Days: []RepeatDay{{0, time.Wednesday}}},
	{Every: "month", Interval: 1, Days: []RepeatDay{{0, time.Wednesday}}, Positions: []int{-1, 2}},
	{Every: "month", Interval: 1, Days: workdays, Positions: []int{1}},
	{Every: "month", Interval: 3, Days: workdays, Positions: []int{-1}},
	{Every: "month", Interval: 1, MonthDays: []int{15}},
	{Every: "month", Interval: 1, MonthDays: []int{-1}},
	{Every: "month", Interval: 3, MonthDays: []int{-1, 1, 22}},
	{Every: "month", Interval: 1, MonthDays: []int{13}, Days: []RepeatDay{{0, time.Friday}}},
	{Every: "month", Interval: 1, MonthDays: []int{1}, Months: []time.Month{time.September, time.November, time.January}},
	{Every: "year", Interval: 1, MonthDays: []int{6}, Months: []time.Month{time.December}},
	{Every: "year", Interval: 1, Days: []RepeatDay{{2, time.Sunday}}, Months: []time.Month{time.May}},
	{Every: "year", Interval: 1, Days: []RepeatDay{{20, time.Monday}}, Rule: "FREQ=YEARLY;BYDAY=20MO"},
	{Every: "week", Interval: 1, Days: workdays, Positions: []int{1}, Rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"},
	{Every: "month", Interval: 1, MonthDays: []int{-12}, Rule: "FREQ=MONTHLY;BYMONTHDAY=-12"},
	{From: 600, To: 720, First: "2026-09-01", Last: "2026-11-24"},
}

func TestRepetitionsAreSaid(t *testing.T) {
	for lang, p := range printers(t) {
		var b strings.Builder
		for _, r := range repetitions {
			fmt.Fprintln(&b, p.Repetition(r))
		}
		compare(t, "testdata/repetitions."+lang+".golden", b.String())
	}
}

// The days said are plain dates: no zone may move them.
func TestTheDaysOfARepetitionStayWhereTheyAre(t *testing.T) {
	r := Repetition{Every: "day", Interval: 1, First: "2026-09-01", Last: "2026-09-30"}
	for _, name := range []string{"Pacific/Auckland", "America/New_York"} {
		if got := New("fi", zone(t, name)).Repetition(r); got != "joka päivä, 1.9.2026–30.9.2026" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
