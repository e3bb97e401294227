package calendar

import (
	"strings"
	"testing"
	"time"

	"vuoro/fault"
)

// imported is a recurrence of another program, in Helsinki.
func imported(t testing.TB, start, text string) RecurrenceSet {
	t.Helper()
	r, err := ParseImportedRule(text)
	if err != nil {
		t.Fatal(err)
	}
	s := RecurrenceSet{Start: instant(t, start+"Z"), Zone: zone(t, "Europe/Helsinki"), Rules: []Rule{r}}
	s.Until = s.Start.AddDate(1, 0, 0)
	return s
}

func requireStarts(t *testing.T, s RecurrenceSet, want string) {
	t.Helper()
	list, _, err := s.Expand()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, at := range list {
		texts = append(texts, at.Instant.Format("0102T1504Z"))
	}
	if got := strings.Join(texts, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// R5: COUNT counts before exceptions, which are instants; a day is all that
// begins on it.
func TestExceptionsOfASet(t *testing.T) {
	s := imported(t, "2026-10-19T18:00:00", "FREQ=WEEKLY;COUNT=4")
	requireStarts(t, s, "1019T1500Z 1026T1600Z 1102T1600Z 1109T1600Z")
	s.Exclude = []time.Time{instant(t, "2026-10-26T16:00:00Z"), instant(t, "2026-11-02T15:00:00Z"), instant(t, "2027-01-01T15:00:00Z")}
	requireStarts(t, s, "1019T1500Z 1102T1600Z 1109T1600Z")
	s.ExcludeDays = []Date{date(t, "2026-11-09"), date(t, "2026-11-10")}
	requireStarts(t, s, "1019T1500Z 1102T1600Z")

	late := imported(t, "2026-10-19T00:30:00", "FREQ=DAILY;COUNT=2")
	late.ExcludeDays = []Date{date(t, "2026-10-18")} // its day in UTC, not in its zone
	requireStarts(t, late, "1018T2130Z 1019T2130Z")
}

func TestFurtherDatesOfASet(t *testing.T) {
	s := imported(t, "2026-10-19T18:00:00", "FREQ=WEEKLY;COUNT=2")
	s.Dates = []time.Time{instant(t, "2026-10-21T09:00:00Z"), instant(t, "2026-10-26T16:00:00Z"), instant(t, "2030-01-01T00:00:00Z")}
	requireStarts(t, s, "1019T1500Z 1021T0900Z 1026T1600Z")
	s.Exclude = s.Dates[:1]
	requireStarts(t, s, "1019T1500Z 1026T1600Z")
	s.Rules = nil
	requireStarts(t, s, "1026T1600Z")
}

// An end in UTC is an end on the clock of the zone, a day lasts until its end.
func TestEndsOfASet(t *testing.T) {
	for text, want := range map[string]string{
		"FREQ=DAILY;UNTIL=20261025T160000Z": "1024T1500Z 1025T1600Z",
		"FREQ=DAILY;UNTIL=20261025T155959Z": "1024T1500Z",
		"FREQ=DAILY;UNTIL=20261025T180000":  "1024T1500Z 1025T1600Z",
		"FREQ=DAILY;UNTIL=20261025T175959":  "1024T1500Z",
		"FREQ=DAILY;UNTIL=20261025":         "1024T1500Z 1025T1600Z",
		"FREQ=DAILY;UNTIL=20261025T215959Z": "1024T1500Z 1025T1600Z",
		"FREQ=DAILY;UNTIL=20261024T205959Z": "1024T1500Z",
		"FREQ=DAILY;UNTIL=20261001":         "",
	} {
		requireStarts(t, imported(t, "2026-10-24T18:00:00", text), want)
	}
}

func TestAnEndlessSetIsCutAtItsWindow(t *testing.T) {
	s := imported(t, "2026-10-24T18:00:00", "FREQ=DAILY")
	s.Until = s.Start.AddDate(0, 0, MaxDates-1)
	list, inRule, err := s.Expand()
	if err != nil || len(list) != MaxDates || !inRule {
		t.Fatalf("%d dates, %t, %v", len(list), inRule, err)
	}
	s.Until = s.Start.AddDate(0, 0, MaxDates)
	_, _, err = s.Expand()
	requireCode(t, err, "calendar.rule_too_many")
	yearly := imported(t, "2026-10-24T18:00:00", "FREQ=YEARLY")
	yearly.Until = yearly.Start.AddDate(5000, 0, 0)
	if list, _, err := yearly.Expand(); err != nil || len(list) != roomYears+1 {
		t.Errorf("%d dates, %v", len(list), err)
	}
}

// Where the start is not one of the dates, programs disagree; who reads the set
// is told.
func TestASetTellsWhetherItsStartIsADate(t *testing.T) {
	for text, want := range map[string]bool{
		"FREQ=WEEKLY;COUNT=2":                 true,
		"FREQ=WEEKLY;BYDAY=MO;COUNT=2":        false,
		"FREQ=MONTHLY;BYDAY=4SA;COUNT=2":      true,
		"FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1": false,
	} {
		_, got, err := imported(t, "2026-10-24T18:00:00", text).Expand()
		if err != nil || got != want {
			t.Errorf("%s: %t, %v", text, got, err)
		}
	}
}

// What a booking series includes, excludes and leaves out.
func TestExplicitDatesOfASeries(t *testing.T) {
	s := series(t, "2026-10-19", "18:00", "20:00", "FREQ=WEEKLY;COUNT=3")
	s.Include = []Date{date(t, "2026-10-21"), date(t, "2026-10-26"), date(t, "2026-11-30"), date(t, "2026-10-21")}
	s.Exclude = []Date{date(t, "2026-11-30"), date(t, "2026-10-19"), date(t, "2026-12-24")}
	if got := kept(expandAll(t, s)); got != "2026-10-21 2026-10-26 2026-11-02" {
		t.Error(got)
	}
	s.Rule = Rule{}
	if got := kept(expandAll(t, s)); got != "2026-10-21 2026-10-26" {
		t.Error(got)
	}
	s.Last = date(t, "2026-11-29")
	_, err := s.Expand()
	requireCode(t, err, "calendar.rule_too_far")
	s.Last, s.Include = Date{}, s.Exclude
	_, err = s.Expand()
	requireCode(t, err, "calendar.rule_empty")
	s.Include = []Date{{2026, time.February, 30}}
	_, err = s.Expand()
	requireCode(t, err, "calendar.date")
}

func TestLimitsOfASeries(t *testing.T) {
	whole := series(t, "2026-01-01", "18:00", "20:00", "FREQ=DAILY;COUNT=400")
	if list := expandAll(t, whole); len(list) != MaxDates {
		t.Errorf("%d dates", len(list))
	}
	whole.Include = []Date{date(t, "2028-01-01")}
	_, err := whole.Expand()
	requireCode(t, err, "calendar.rule_too_many")
	_, err = series(t, "2026-01-01", "18:00", "20:00", "FREQ=DAILY;UNTIL=20270205").Expand()
	requireCode(t, err, "calendar.rule_too_many")
	_, err = series(t, "2026-01-01", "18:00", "20:00", "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2;COUNT=1").Expand()
	requireCode(t, err, "calendar.rule_empty")

	far := series(t, "2026-11-23", "18:00", "20:00", "FREQ=WEEKLY;COUNT=400")
	far.Last = far.First.AddDays(730)
	_, err = far.Expand()
	requireCode(t, err, "calendar.rule_too_far")
	if params := fault.As(err).Params; params["last"] != date(t, "2028-11-22") || params["asked"] != date(t, "2028-11-27") {
		t.Errorf("%v", params)
	}
	far.Rule = rule(t, "FREQ=WEEKLY;UNTIL=20281122")
	if list := expandAll(t, far); len(list) != 105 || list[104].Date != date(t, "2028-11-20") {
		t.Errorf("%d dates", len(list))
	}
}

func TestASeriesNeedsAFirstDayAndASetARuleThatIsNotTooDear(t *testing.T) {
	_, err := Recurrence{Span: Span{60, 120}, Rule: rule(t, "FREQ=WEEKLY;COUNT=2")}.Expand()
	requireCode(t, err, "calendar.date")
	s := imported(t, "2026-10-24T18:00:00", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS="+counted(1, 31))
	_, _, err = s.Expand()
	requireCode(t, err, "calendar.rule_too_heavy")
}
