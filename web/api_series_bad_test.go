package web

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// badSeries are series that nobody gets: what is sent instead of the usual, and
// the status and code of the answer.
var badSeries = []struct {
	name   string
	change map[string]any
	status int
	code   string
}{
	{"never ends", map[string]any{"rule": "FREQ=WEEKLY"}, 422, "calendar.rule_endless"},
	{"yields nothing", map[string]any{"rule": "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;UNTIL=20280101"}, 422, "calendar.rule_empty"},
	{"10^9 dates", map[string]any{"rule": "FREQ=DAILY;COUNT=1000000000"}, 422, "calendar.rule_count"},
	{"more than 400 dates", map[string]any{"rule": "FREQ=DAILY;UNTIL=20280601"}, 422, "calendar.rule_too_many"},
	{"ends before it begins", map[string]any{"rule": "FREQ=WEEKLY;UNTIL=20261130"}, 422, "calendar.rule_until_before_begin"},
	{"beyond 730 days", map[string]any{"rule": "FREQ=MONTHLY;UNTIL=20290101"}, 422, "calendar.rule_too_far"},
	{"a far date besides", map[string]any{"include": []string{"2030-01-01"}}, 422, "calendar.rule_too_far"},
	{"not a rule", map[string]any{"rule": "every tuesday"}, 422, "calendar.rule_unreadable"},
	{"a rule of hours", map[string]any{"rule": "FREQ=HOURLY;COUNT=3"}, 422, "calendar.rule_frequency"},
	{"a very long rule", map[string]any{"rule": "FREQ=WEEKLY;COUNT=3;BYDAY=" + strings.Repeat("MO,", 5000)}, 422, "calendar.rule_too_long"},
	{"no dates at all", map[string]any{"rule": ""}, 422, "calendar.rule_empty"},
	{"unknown zone", map[string]any{"zone": "Mars/Olympus"}, 422, "series.zone"},
	{"another zone", map[string]any{"zone": "Europe/Stockholm"}, 422, "series.zone"},
	{"a time with an offset", map[string]any{"start": "2026-12-01T18:00:00+02:00"}, 422, "series.wall_time"},
	{"no such day", map[string]any{"start": "2026-02-30T18:00"}, 422, "series.wall_time"},
	{"no such hour", map[string]any{"end": "2026-12-01T24:30"}, 422, "series.wall_time"},
	{"end before begin", map[string]any{"end": "2026-12-01T17:00"}, 422, "series.ends_before_begin"},
	{"end on the day before", map[string]any{"end": "2026-11-30T20:00"}, 422, "series.ends_before_begin"},
	{"no length", map[string]any{"end": "2026-12-01T18:00"}, 422, "series.ends_before_begin"},
	{"three days long", map[string]any{"end": "2026-12-04T18:00"}, 422, "series.too_long"},
	{"years long", map[string]any{"end": "9999-12-04T18:00"}, 422, "series.too_long"},
	{"a date at another time", map[string]any{"include": []string{"2026-12-03T19:00"}}, 422, "series.other_time"},
	{"a date that is none", map[string]any{"exclude": []string{"tomorrow"}}, 422, "calendar.date"},
	{"unknown skip", map[string]any{"skip": []string{"mondays"}}, 422, "calendar.skip_kind"},
	{"huge list of dates", map[string]any{"include": slices.Repeat([]string{"2026-12-03"}, 401)}, 422, "invalid"},
	{"huge list of fixes", map[string]any{"fixes": slices.Repeat([]any{map[string]any{"date": "2026-12-08", "do": "skip"}}, 401)}, 422, "invalid"},
	{"two fixes for a date", map[string]any{"fixes": slices.Repeat([]any{map[string]any{"date": "2026-12-08", "do": "skip"}}, 2)}, 422, "series.fix_date"},
	{"a fix for a date outside", map[string]any{"fixes": []any{map[string]any{"date": "2026-12-09", "do": "skip"}}}, 422, "series.fix_date"},
	{"a fix that is none", map[string]any{"fixes": []any{map[string]any{"date": "2026-12-08", "do": "panic"}}}, 422, "invalid"},
	{"another time without times", map[string]any{"fixes": []any{map[string]any{"date": "2026-12-08", "do": "instead"}}}, 422, "booking.bad_time"},
	{"another room that is none", map[string]any{"fixes": []any{map[string]any{
		"date": "2026-12-08", "do": "instead", "resource": "01920000-0000-7000-8000-000000000000",
		"begin": "2026-12-09T18:00:00+02:00", "end": "2026-12-09T20:00:00+02:00",
	}}}, 404, "resource.not_found"},
	{"a room that is none", map[string]any{"resource": "01920000-0000-7000-8000-000000000000"}, 404, "resource.not_found"},
	{"an unknown field", map[string]any{"colour": "red"}, 422, "invalid"},
	{"a foreign association", map[string]any{"holder": map[string]any{"kind": "association", "id": "01920000-0000-7000-8000-000000000000"}}, 422, "booking.bad_holder"},
	{"as staff", map[string]any{"kind": "staff", "holder": map[string]any{"kind": "unit"}}, 403, "auth.forbidden"},
	{"too many people", map[string]any{"persons": 50}, 422, "booking.persons_max"},
	{"a room without series", map[string]any{"resource": "kokous"}, 422, "booking.no_series"},
}

// Every bad input gets its status, code and sentence, in preview and booking
// alike, and leaves nothing behind.
func TestBadSeries(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	before := w.rowsOf()
	for _, bad := range badSeries {
		t.Run(bad.name, func(t *testing.T) {
			w.t = t
			body := w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=3")
			maps.Copy(body, bad.change)
			if room, ok := w.rooms[body["resource"].(string)]; ok {
				body["resource"] = room.UID
			}
			p := r.call("POST", "/series", body, header{"Idempotency-Key": "bad", "Accept-Language": "en"}).problem(bad.status, bad.code)
			if strings.Contains(p.Detail, "{") || len(p.Detail) > 400 {
				t.Errorf("sentence: %s", p.Detail)
			}
			if now := w.rowsOf(); now != before {
				t.Errorf("%d rows stayed", now-before)
			}
		})
	}
}

// badDateSeries are series whose dates are in their own way, or in the clock's.
var badDateSeries = []struct {
	name, room, start, end, rule string
	date, verdict, code          string
}{
	{"a start that does not exist that night", "yo", "2027-03-27T03:30", "2027-03-27T05:00", "FREQ=DAILY;COUNT=3", "2027-03-28", "no-such-time", "series.no_such_time"},
	{"daily 20–26 with hours of buffers", "puskuri", "2026-12-01T20:00", "2026-12-02T02:00", "FREQ=DAILY;COUNT=3", "2026-12-02", "conflict", "series.conflict.series"},
	{"daily 25 hours", "yo", "2026-12-01T20:00", "2026-12-02T21:00", "FREQ=DAILY;COUNT=2", "2026-12-02", "conflict", "series.conflict.series"},
}

func TestSeriesInItsOwnWay(t *testing.T) {
	w := newTown(t).withSeries().withNights()
	r := w.who["resident"]
	before := w.rowsOf()
	for _, bad := range badDateSeries {
		t.Run(bad.name, func(t *testing.T) {
			w.t = t
			p := r.call("POST", "/series", w.weekly(bad.room, bad.start, bad.end, bad.rule)).problem(409, "series.bad_dates")
			if len(p.Dates) == 0 || p.Dates[0].Date.String() != bad.date || p.Dates[0].Verdict != bad.verdict || p.Dates[0].Code != bad.code || p.Dates[0].Message == "" {
				t.Errorf("%+v", p.Dates)
			}
			if now := w.rowsOf(); now != before {
				t.Errorf("%d rows stayed", now-before)
			}
		})
	}
	weekly := r.series(w.weekly("yo", "2026-12-01T20:00", "2026-12-02T21:00", "FREQ=WEEKLY;COUNT=2"))
	if len(weekly.Dates) != 2 || weekly.Dates[0].End.Sub(weekly.Dates[0].Begin) != 25*time.Hour {
		t.Errorf("weekly 25 h: %+v", weekly.Dates)
	}
	night := r.series(w.weekly("yo", "2027-10-30T03:30", "2027-10-30T04:30", "FREQ=DAILY;COUNT=2"))
	if got := night.Dates[1].Begin.Format(time.RFC3339); got != "2027-10-31T03:30:00+03:00" {
		t.Errorf("the doubled hour is %s, not its first pass", got)
	}
}

// withNights adds rooms that are open day and night: "yo", and "puskuri" that is
// cleaned for nineteen hours after every use.
func (w *town) withNights() *town {
	w.t.Helper()
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		for slug, buffer := range map[string]int{"yo": 0, "puskuri": 19 * 60} {
			if err := w.room(tx, w.Resources, slug, "talo", "studio"); err != nil {
				return err
			}
			id := w.rooms[slug].ID
			if _, err := tx.Exec(ctx, "UPDATE resources SET buffer_after = ? WHERE id = ?", buffer, id); err != nil {
				return err
			}
			span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 0, To: 24 * 60, Kind: policies.Reservable}
			if err := w.Resources.SetPeriods(ctx, tx, resources.Owner{Resource: id}, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}}); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

func TestEditSeriesThroughTheAPI(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	made := r.series(w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=4"))
	w.who["other"].book("studio", "2026-12-15 20:00", "2026-12-15 21:00")
	path := "/series/" + made.ID.String()
	change := map[string]any{"scope": "following", "from": "2026-12-08", "hours": map[string]any{"from": "19:00", "to": "21:00"}}
	r.call("POST", path+"/edit", change).problem(428, "precondition_missing")
	r.call("POST", path+"/edit", change, header{"If-Match": `"9"`}).problem(412, "stale")
	w.who["other"].call("POST", path+"/edit", change, header{"If-Match": "*"}).problem(404, "series.not_found")
	preview := decode[seriesPreviewView](r.call("POST", path+"/preview-edit", change).want(200))
	if preview.Bad != 1 || len(preview.Dates) != 3 || preview.Dates[1].Verdict != "conflict" {
		t.Fatalf("%+v", preview)
	}
	before := w.rowsOf()
	p := r.call("POST", path+"/edit", change, header{"If-Match": `"1"`}).problem(409, "series.bad_dates")
	if len(p.Dates) != 1 || w.rowsOf() != before {
		t.Errorf("%+v", p.Dates)
	}
	change["lenient"] = true
	done := decode[changedSeriesView](r.call("POST", path+"/edit", change, header{"If-Match": `"1"`}).want(200))
	if len(done.Done) != 2 || len(done.Left) != 1 || done.Left[0].Code != "series.conflict.reservation" || done.Left[0].Message == "" || done.Series.Number == made.Number {
		t.Fatalf("%+v", done)
	}
	if done.Done[0].ID != made.Dates[1].ID || !done.Done[0].Begin.Equal(w.at("2026-12-08 19:00")) {
		t.Errorf("%+v", done.Done[0])
	}
	title := decode[changedSeriesView](r.call("POST", "/series/"+done.Series.Number+"/edit", map[string]any{"title": "Konsertti", "keep": []string{"2026-12-15"}},
		header{"If-Match": "*"}).want(200))
	if len(title.Done) != 2 || w.count("SELECT count(*) FROM reservations WHERE title = 'Konsertti' AND persons = 5") != 2 {
		t.Errorf("%+v", title)
	}
	r.call("POST", path+"/edit", map[string]any{"scope": "this", "from": "2026-12-01", "rule": "FREQ=DAILY;COUNT=3"}, header{"If-Match": "*"}).problem(422, "series.scope_of_rule")
	r.call("POST", path+"/edit", map[string]any{"hours": map[string]any{"from": "19", "to": "21:00"}}, header{"If-Match": "*"}).problem(422, "invalid")
}
