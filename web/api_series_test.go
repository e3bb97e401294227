package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPreviewSeries(t *testing.T) {
	w := newTown(t).withSeries()
	w.who["other"].book("studio", "2026-12-15 19:00", "2026-12-15 21:00")
	before := w.rowsOf()
	body := w.weekly("studio", "2026-12-01T18:00:00", "2026-12-01T20:00:00", "freq=weekly;count=5;byday=tu;interval=1",
		"zone", "Europe/Helsinki", "include", []string{"2026-12-06", "2026-12-09T18:00:00"}, "exclude", []string{"2026-12-22T18:00"}, "skip", []string{"holidays"})
	got := decode[seriesPreviewView](w.who["resident"].call("POST", "/series/preview", body, header{"Accept-Language": "en"}).want(200))
	if got.Rule != "FREQ=WEEKLY;COUNT=5;BYDAY=TU" || got.Free != 4 || got.Bad != 1 || got.LeftOut != 1 || got.Price.Cents == nil || *got.Price.Cents != 0 {
		t.Fatalf("%+v", got)
	}
	verdicts := map[string]string{}
	for _, d := range got.Dates {
		verdicts[d.Date.String()] = d.Verdict
	}
	want := map[string]string{
		"2026-12-01": "free", "2026-12-06": "left-out", "2026-12-08": "free", "2026-12-09": "free", "2026-12-15": "conflict", "2026-12-29": "free",
	}
	for date, verdict := range want {
		if verdicts[date] != verdict {
			t.Errorf("%s is %q, want %q", date, verdicts[date], verdict)
		}
	}
	if len(verdicts) != len(want) {
		t.Errorf("%v", verdicts)
	}
	bad := got.Dates[4]
	if bad.Code != "series.conflict.reservation" || bad.Message == "" || len(bad.Conflicts) != 1 || bad.Conflicts[0].Kind != "reservation" ||
		!bad.Begin.Equal(w.at("2026-12-15 18:00")) {
		t.Errorf("%+v", bad)
	}
	offered := map[string]bool{}
	for _, fix := range bad.Fixes {
		offered[fix.Do] = true
	}
	if !offered["skip"] || !offered["wait"] {
		t.Errorf("fixes %+v", bad.Fixes)
	}
	if left := got.Dates[1]; left.Code != "holiday.itsenaisyyspaiva" || left.Message == "" {
		t.Errorf("%+v", left)
	}
	w.who["anon"].call("POST", "/series/preview", w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=5")).want(200)
	if now := w.rowsOf(); now != before {
		t.Errorf("a preview wrote %d rows", now-before)
	}
}

func TestMakeSeries(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	key := header{"Idempotency-Key": "kuoro"}
	body := w.weekly("studio", "2026-12-01T22:00", "2026-12-01T23:00", "FREQ=WEEKLY;COUNT=3")
	made := r.call("POST", "/series", body, key).want(http.StatusCreated)
	view := decode[seriesView](made)
	if made.Header.Get("ETag") != `"1"` || made.Header.Get("Location") != testBase+"/api/v1/series/"+view.ID.String() {
		t.Errorf("%v", made.Header)
	}
	if !strings.HasPrefix(view.Number, "S-2026-") || view.Start != "2026-12-01T22:00:00" || view.End != "2026-12-01T23:00:00" ||
		view.Zone != "Europe/Helsinki" || view.Coming != 3 || len(view.Dates) != 3 || len(view.Rejected) != 0 {
		t.Fatalf("%+v", view)
	}
	again := decode[seriesView](r.call("POST", "/series", body, key).want(http.StatusCreated))
	if again.ID != view.ID || w.count("SELECT count(*) FROM series") != 1 || w.count("SELECT count(*) FROM outbox WHERE topic = 'series.confirmed'") != 1 {
		t.Errorf("the same key made %s and %s", view.ID, again.ID)
	}
	r.call("POST", "/series", w.weekly("studio", "2026-12-01T20:00", "2026-12-01T21:00", "FREQ=WEEKLY;COUNT=3"), key).problem(422, "idempotency.reused")

	turn := decode[reservationView](r.call("GET", "/reservations/"+view.Dates[1].Number, nil).want(200))
	if turn.Series == nil || turn.Series.ID != view.ID || turn.Series.Number != view.Number || turn.Series.Date.String() != "2026-12-08" {
		t.Errorf("%+v", turn.Series)
	}
	r.call("GET", "/series/"+view.Number, nil).want(200, view.ID.String())
	w.who["manager"].call("GET", "/series/"+view.Number, nil).want(200)
	w.who["other"].call("GET", "/series/"+view.Number, nil).problem(404, "series.not_found")
	w.who["anon"].call("POST", "/series", body).problem(401, "auth.required")
}

// A refused series names its bad dates with ways out; one of them sent back
// makes it whole.
func TestSeriesIsRefusedByItsDates(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	w.who["other"].book("studio", "2026-12-08 18:00", "2026-12-08 20:00")
	body := w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=3")
	before := w.rowsOf()
	p := r.call("POST", "/series", body, header{"Idempotency-Key": "k"}).problem(409, "series.bad_dates")
	if len(p.Dates) != 1 || p.Dates[0].Date.String() != "2026-12-08" || p.Dates[0].Verdict != "conflict" || len(p.Dates[0].Conflicts) != 1 || len(p.Dates[0].Fixes) == 0 {
		t.Fatalf("%+v", p.Dates)
	}
	if now := w.rowsOf(); now != before {
		t.Errorf("%d rows stayed", now-before)
	}
	body["fixes"] = []any{map[string]any{
		"date": "2026-12-08", "do": "instead", "begin": w.at("2026-12-09 18:00").Format(time.RFC3339), "end": w.at("2026-12-09 20:00").Format(time.RFC3339),
		"resource": w.rooms["lava"].UID,
	}}
	moved := decode[seriesPreviewView](r.call("POST", "/series/preview", body).want(200))
	if moved.Bad != 0 || !moved.Approval || moved.Dates[1].Resource.Slug != "lava" {
		t.Errorf("%+v", moved.Dates[1])
	}
	made := decode[seriesView](r.call("POST", "/series", body, header{"Idempotency-Key": "k"}).want(201))
	if len(made.Dates) != 3 || made.Requested != 3 || made.Dates[1].Date.String() != "2026-12-08" || !made.Dates[1].Begin.Equal(w.at("2026-12-09 18:00")) {
		t.Fatalf("%+v", made.Dates)
	}
}

func TestSeriesKeepsRejectedDates(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	theirs := w.who["other"].book("studio", "2026-12-08 18:00", "2026-12-08 20:00")
	w.who["other"].book("studio", "2026-12-15 18:00", "2026-12-15 20:00")
	made := r.series(w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=4", "lenient", true))
	if len(made.Dates) != 2 || len(made.Rejected) != 2 || made.Rejected[0].Free || made.Rejected[0].Message == "" || len(made.Rejected[0].Conflicts) != 1 {
		t.Fatalf("%+v", made)
	}
	path := "/series/" + made.ID.String() + "/dates"
	r.call("POST", path, map[string]any{"date": "2026-12-08"}).problem(409, "booking.overlap")
	w.who["other"].call("POST", "/reservations/"+theirs.Number+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": "*"}).want(200)
	if now := decode[seriesView](r.call("GET", "/series/"+made.Number, nil).want(200)); !now.Rejected[0].Free || now.Rejected[1].Free {
		t.Errorf("%+v", now.Rejected)
	}
	w.who["other"].call("POST", path, map[string]any{"date": "2026-12-08"}).problem(404, "series.not_found")
	key := header{"Idempotency-Key": "a"}
	one := decode[reservationView](r.call("POST", path, map[string]any{"date": "2026-12-08"}, key).want(201))
	two := decode[reservationView](r.call("POST", path, map[string]any{"date": "2026-12-08"}, key).want(201))
	if one.ID != two.ID || one.Series == nil || one.Series.ID != made.ID || !one.Begin.Equal(w.at("2026-12-08 18:00")) {
		t.Errorf("%+v", one)
	}
	r.call("POST", path, map[string]any{"date": "2026-12-08"}).problem(409, "series.has_date")
	r.call("POST", path, map[string]any{"date": "2027-01-05", "begin": w.at("2027-01-05 12:00").Format(time.RFC3339), "end": w.at("2027-01-05 13:00").Format(time.RFC3339)}).want(201)
	r.call("DELETE", path+"/2026-12-15", nil).want(204)
	r.call("DELETE", path+"/2026-12-15", nil).problem(422, "series.no_such_date")
	r.call("DELETE", path+"/tomorrow", nil).problem(422, "calendar.date")
	now := decode[seriesView](r.call("GET", "/series/"+made.Number, nil).want(200))
	if len(now.Rejected) != 0 || len(now.Dates) != 4 {
		t.Errorf("%d rejected, %d dates", len(now.Rejected), len(now.Dates))
	}
}

func TestSeriesChangesWantTheirRevision(t *testing.T) {
	w := newTown(t).withSeries()
	r, manager := w.who["resident"], w.who["manager"]
	made := r.series(w.weekly("lava", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=4"))
	path := "/series/" + made.ID.String()
	manager.call("POST", path+"/approve", nil).problem(428, "precondition_missing")
	manager.call("POST", path+"/approve", nil, header{"If-Match": `"7"`}).problem(412, "stale")
	w.who["other"].call("POST", path+"/approve", nil).problem(404, "series.not_found")
	r.call("POST", path+"/approve", nil, header{"If-Match": "*"}).problem(403, "auth.forbidden")

	denied := manager.call("POST", path+"/deny", map[string]any{"scope": "this", "from": "2026-12-15", "reason": "Huolto"}, header{"If-Match": `"1"`}).want(200)
	if view := decode[changedSeriesView](denied); len(view.Done) != 1 || view.Done[0].State != "denied" || denied.Header.Get("ETag") != `"2"` || view.Series.Revision != 2 {
		t.Fatalf("%s %+v", denied.Header.Get("ETag"), view)
	}
	manager.call("POST", path+"/deny", map[string]any{"scope": "this", "from": "2026-12-16", "reason": "Huolto"}, header{"If-Match": `"2"`}).problem(422, "series.no_such_date")
	manager.call("POST", path+"/deny", map[string]any{"scope": "some"}, header{"If-Match": `"2"`}).problem(422, "invalid")
	approved := decode[changedSeriesView](manager.call("POST", path+"/approve", nil, header{"If-Match": `"2"`}).want(200))
	if len(approved.Done) != 3 || approved.Series.Requested != 0 || len(approved.Left) != 0 {
		t.Fatalf("%+v", approved)
	}
	r.call("POST", path+"/cancel", map[string]any{"reason_code": "none"}, header{"If-Match": `"3"`}).problem(422, "booking.reason_missing")
	gone := decode[changedSeriesView](r.call("POST", path+"/cancel", map[string]any{"scope": "following", "from": "2026-12-08", "reason_code": "other"}, header{"If-Match": `"3"`}).want(200))
	if len(gone.Done) != 2 || gone.Series.Coming != 1 {
		t.Errorf("%+v", gone)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic IN ('series.cancelled', 'series.denied', 'series.confirmed') AND recipient = 'resident@demo.example'"); n != 3 {
		t.Errorf("%d mails of three changes", n)
	}
}

// A token's scopes say the same of series as of reservations.
func TestTokensAndSeries(t *testing.T) {
	w := newTown(t).withSeries()
	r := w.who["resident"]
	body := w.weekly("studio", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=2")
	post := func(token, path string, body any, more ...header) answer {
		return w.who["anon"].call("POST", path, body, append(more, bearer(token))...)
	}
	post(r.token("read"), "/series", body).problem(403, "auth.forbidden")
	post(r.token("read"), "/reservations", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00")).problem(403, "auth.forbidden")
	made := decode[seriesView](post(r.token("book"), "/series", body).want(201))
	w.who["anon"].call("GET", "/series/"+made.Number, nil, bearer(r.token("read"))).want(200)
	post(r.token("read"), "/series/"+made.Number+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": "*"}).problem(403, "auth.forbidden")
	manager := w.who["manager"]
	deny := map[string]any{"reason": "Huolto"}
	post(manager.token("read"), "/series/"+made.Number+"/deny", deny, header{"If-Match": "*"}).problem(403, "auth.forbidden")
	post(manager.token("read", "work"), "/series/"+made.Number+"/deny", deny, header{"If-Match": "*"}).want(200)
}
