package calendar

import (
	"slices"
	"strings"
	"testing"

	"vuoro/fault"
)

func rule(t testing.TB, text string) Rule {
	t.Helper()
	r, err := ParseRule(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

// series is a booking series in Helsinki.
func series(t testing.TB, first, from, to, text string) Recurrence {
	t.Helper()
	r := Recurrence{First: date(t, first), Zone: zone(t, "Europe/Helsinki")}
	r.Span = Span{From: minute(t, from), To: minute(t, to)}
	if text != "" {
		r.Rule = rule(t, text)
	}
	return r
}

func expandAll(t testing.TB, r Recurrence) []Occurrence {
	t.Helper()
	list, err := r.Expand()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// kept writes the dates that are not skipped.
func kept(list []Occurrence) string {
	var dates []string
	for _, o := range list {
		if o.Skipped == "" {
			dates = append(dates, o.Date.String())
		}
	}
	return strings.Join(dates, " ")
}

func requireCode(t testing.TB, err error, code string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fault.Code(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func TestScenario89_SeriesGiveTheirDates(t *testing.T) {
	mondays := series(t, "2024-01-01", "10:00", "12:00", "FREQ=WEEKLY;UNTIL=20240115")
	without := mondays
	without.Exclude = []Date{date(t, "2024-01-08")}
	skipping := mondays
	skipping.Skip = func(d Date) string {
		if d == date(t, "2024-01-08") {
			return "holiday.vappu"
		}
		return ""
	}
	for _, c := range []struct {
		series Recurrence
		want   string
	}{
		{mondays, "2024-01-01 2024-01-08 2024-01-15"},
		{without, "2024-01-01 2024-01-15"},
		{skipping, "2024-01-01 2024-01-15"},
		{series(t, "2024-01-01", "10:00", "12:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20240107"), "2024-01-01 2024-01-03 2024-01-05"},
		{series(t, "2024-01-01", "10:00", "12:00", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20240129"), "2024-01-01 2024-01-15 2024-01-29"},
	} {
		if got := kept(expandAll(t, c.series)); got != c.want {
			t.Errorf("%s: %s, want %s", c.series.Rule, got, c.want)
		}
	}
	if list := expandAll(t, skipping); len(list) != 3 || list[1].Skipped != "holiday.vappu" {
		t.Errorf("a skipped date stays in the list, marked: %+v", list)
	}
}

func TestScenario56_TheClockStaysOverTheSpringNight(t *testing.T) {
	list := expandAll(t, series(t, "2024-03-25", "10:00", "12:00", "FREQ=WEEKLY;COUNT=2"))
	var begins []string
	for _, o := range list {
		begins = append(begins, o.Begin.Instant.Format("2006-01-02T15:04Z"))
	}
	if want := []string{"2024-03-25T08:00Z", "2024-04-01T07:00Z"}; !slices.Equal(begins, want) {
		t.Errorf("got %v, want %v", begins, want)
	}
}

func TestScenario92_SeriesThatAreRefused(t *testing.T) {
	_, err := ParseRule("FREQ=DAILY;INTERVAL=8;COUNT=5")
	requireCode(t, err, "calendar.rule_daily_interval")
	for _, c := range []struct {
		series Recurrence
		code   string
	}{
		{series(t, "2024-01-01", "10:00", "12:00", "FREQ=WEEKLY;UNTIL=20260101"), "calendar.rule_too_far"},
		{series(t, "2024-01-01", "10:00", "12:00", "FREQ=WEEKLY;INTERVAL=52;COUNT=4"), "calendar.rule_too_far"},
		{series(t, "2024-01-08", "10:00", "12:00", "FREQ=WEEKLY;UNTIL=20240107"), "calendar.rule_until_before_begin"},
		{series(t, "2024-01-01", "12:00", "10:00", "FREQ=WEEKLY;COUNT=3"), "calendar.span_order"},
		{series(t, "2024-01-01", "10:00", "10:00", "FREQ=WEEKLY;COUNT=3"), "calendar.span_order"},
	} {
		c.series.Last = c.series.First.AddDays(730)
		_, err := c.series.Expand()
		requireCode(t, err, c.code)
	}
	span, err := SpanOf(minute(t, "18:00"), minute(t, "00:00"))
	if err != nil || span.To != DayMinutes {
		t.Errorf("an end of 00:00 is the next midnight, got %v, %v", span, err)
	}
	_, err = SpanOf(minute(t, "18:00"), minute(t, "17:00"))
	requireCode(t, err, "calendar.span_order")
}
