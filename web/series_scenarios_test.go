package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/resources"
)

// begins are the local begins of the dates of a series.
func begins(made seriesView) []string {
	var list []string
	for _, d := range made.Dates {
		list = append(list, d.Begin.Format("2006-01-02 15:04"))
	}
	return list
}

// staffSeries is a series of the house itself.
func (w *town) staffSeries(start, end, rule string, more ...any) map[string]any {
	body := w.weekly("kokous", start, end, rule, "kind", "staff", "holder", map[string]any{"kind": "unit"}, "reason", "Talon oma käyttö")
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// in2024 is the town on the eve of the scenarios' year.
func in2024(t *testing.T) *town {
	w := newTown(t)
	w.clock = w.at("2023-12-20 09:00")
	w.who["manager"].signIn()
	return w
}

func TestScenario89_StaffMakeSeries(t *testing.T) {
	w := in2024(t)
	manager := w.who["manager"]
	for _, c := range []struct {
		start, end, rule string
		more             []any
		want             []string
	}{
		{"2024-01-01T10:00", "2024-01-01T12:00", "FREQ=WEEKLY;UNTIL=20240115", nil, []string{"2024-01-01 10:00", "2024-01-08 10:00", "2024-01-15 10:00"}},
		{"2024-01-01T12:00", "2024-01-01T13:00", "FREQ=WEEKLY;UNTIL=20240115", []any{"exclude", []string{"2024-01-08"}}, []string{"2024-01-01 12:00", "2024-01-15 12:00"}},
		{"2024-01-01T13:00", "2024-01-01T14:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20240107", nil, []string{"2024-01-01 13:00", "2024-01-03 13:00", "2024-01-05 13:00"}},
		{"2024-01-01T14:00", "2024-01-01T15:00", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20240129", nil, []string{"2024-01-01 14:00", "2024-01-15 14:00", "2024-01-29 14:00"}},
	} {
		if got := begins(manager.series(w.staffSeries(c.start, c.end, c.rule, c.more...))); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// With the hours checked, one closed date refuses the whole and is named;
// without, all are made.
func TestScenario91_StaffAskForTheHours(t *testing.T) {
	w := in2024(t)
	manager := w.who["manager"]
	w.must(w.closeOn("2024-01-08"))
	before := w.rowsOf()
	body := w.staffSeries("2024-01-01T10:00", "2024-01-01T12:00", "FREQ=WEEKLY;UNTIL=20240115", "check_hours", true)
	p := manager.call("POST", "/series", body).problem(409, "series.bad_dates")
	if len(p.Dates) != 1 || p.Dates[0].Date.String() != "2024-01-08" || p.Dates[0].Verdict != "closed" || p.Dates[0].Message == "" {
		t.Fatalf("%+v", p.Dates)
	}
	if now := w.rowsOf(); now != before {
		t.Errorf("%d rows stayed", now-before)
	}
	body["check_hours"] = false
	if made := manager.series(body); len(made.Dates) != 3 {
		t.Errorf("%v", begins(made))
	}
}

func TestScenario92_SeriesThatAreRefusedOverHTTP(t *testing.T) {
	w := in2024(t)
	manager := w.who["manager"]
	for _, c := range []struct{ start, end, rule, code string }{
		{"2024-01-01T10:00", "2024-01-01T12:00", "FREQ=DAILY;INTERVAL=8;COUNT=5", "calendar.rule_daily_interval"},
		{"2024-01-01T10:00", "2024-01-01T12:00", "FREQ=WEEKLY;UNTIL=20260115", "calendar.rule_too_far"},
		{"2024-01-08T10:00", "2024-01-08T12:00", "FREQ=WEEKLY;UNTIL=20240107", "calendar.rule_until_before_begin"},
		{"2024-01-01T12:00", "2024-01-01T10:00", "FREQ=WEEKLY;COUNT=3", "series.ends_before_begin"},
	} {
		manager.call("POST", "/series", w.staffSeries(c.start, c.end, c.rule)).problem(422, c.code)
	}
	made := manager.series(w.staffSeries("2024-01-01T20:00", "2024-01-01T00:00", "FREQ=WEEKLY;COUNT=2"))
	if !made.Dates[0].End.Equal(w.at("2024-01-02 00:00")) || made.End != "2024-01-02T00:00:00" {
		t.Errorf("an end of 00:00 is %s", made.Dates[0].End)
	}
}

// Scenarios 56 and 59: the clock shows ten in March and in April, to the API
// and to a calendar program.
func TestScenario56_SeriesKeepTheirHourOverTheSpringNight(t *testing.T) {
	w := in2024(t)
	made := w.who["manager"].series(w.staffSeries("2024-03-25T10:00", "2024-03-25T12:00", "FREQ=WEEKLY;COUNT=2"))
	var utc []string
	for _, d := range made.Dates {
		utc = append(utc, d.Begin.UTC().Format("2006-01-02T15:04Z"))
	}
	if !slices.Equal(utc, []string{"2024-03-25T08:00Z", "2024-04-01T07:00Z"}) || !slices.Equal(begins(made), []string{"2024-03-25 10:00", "2024-04-01 10:00"}) {
		t.Errorf("%v, local %v", utc, begins(made))
	}
}

func TestScenario59_AFeedShowsTenInSummerAndWinter(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	r.series(w.weekly("studio", "2027-01-04T10:00", "2027-01-04T12:00", "FREQ=MONTHLY;BYDAY=1MO;COUNT=7"))
	feed := decode[feedView](r.call("POST", "/feeds", map[string]any{"scope": "person"}).want(201)).URL
	address, err := url.Parse(feed)
	w.must(err)
	for _, client := range []string{"2026-12-01 09:00", "2027-06-01 09:00"} { // asks in winter and in summer
		w.clock = w.at(client)
		text := w.who["anon"].get(address.Path).want(200, "BEGIN:VCALENDAR").text
		for _, begin := range []string{"20270104T100000", "20270705T100000"} {
			if client == "2026-12-01 09:00" || begin == "20270705T100000" {
				if !strings.Contains(text, "DTSTART;TZID=Europe/Helsinki:"+begin) {
					t.Errorf("asked on %s: no %s", client, begin)
				}
			}
		}
	}
}

// closeOn closes the house "talo" on one day.
func (w *town) closeOn(day string) error {
	date, err := calendar.ParseDate(day)
	w.must(err)
	owner := resources.Owner{Unit: w.units["talo"].ID}
	return w.DB.Tx(ctx, func(tx *db.DB) error {
		periods, err := w.Resources.PeriodsOf(ctx, tx, owner)
		if err != nil {
			return err
		}
		closed := resources.Period{Override: true, ValidFrom: &date, ValidTo: &date, Spans: db.AsJSON([]resources.WeekSpan{})}
		return w.Resources.SetPeriods(ctx, tx, owner, append(periods, closed))
	})
}
