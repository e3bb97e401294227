package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vuoro/accounts"
)

// A requested series is one row of the inbox, counted once, and decided at once.
func TestInboxHasASeriesAsOneRow(t *testing.T) {
	w := newTown(t).withSeries()
	made := w.who["resident"].series(w.weekly("lava", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=30"))
	w.who["other"].book("sali", "2026-12-02 12:00", "2026-12-02 13:00")
	manager := w.who["manager"]
	page := manager.get("/work/requests").want(200, "30 kertaa", made.Number)
	if n := strings.Count(page.text, `class="request `) + strings.Count(page.text, `class="request"`); n != 2 {
		t.Errorf("%d rows", n)
	}
	if n, err := w.Booking.CountRequests(ctx, w.asActor("manager")); err != nil || n != 2 {
		t.Errorf("%d requests, %v", n, err)
	}
	manager.get("/work/requests?open="+made.Number).want(200, "oka tiistai", "22.6.2027")
	again := manager.post("/work/requests", url.Values{"act": {"deny"}, "ref": {made.Number}, "revision": {"1"}}).want(422)
	if !strings.Contains(again.text, "deny-reason") {
		t.Error("no way to the reason")
	}
	done := manager.post("/work/requests", url.Values{"act": {"approve"}, "ref": {made.Number}, "revision": {"1"}})
	if done.StatusCode != http.StatusSeeOther || w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL AND state = 'confirmed'") != 30 {
		t.Fatalf("%d %.800s", done.StatusCode, done.text)
	}
	manager.post("/work/requests", url.Values{"act": {"approve"}, "ref": {made.Number}, "revision": {"1"}}).want(409)
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'series.confirmed'"); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// Ticked rows are approved one by one; a series counts as one of them.
func TestBulkApprovalTakesSeries(t *testing.T) {
	w := newTown(t).withSeries()
	made := w.who["resident"].series(w.weekly("lava", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=3"))
	single := w.who["other"].book("sali", "2026-12-02 12:00", "2026-12-02 13:00")
	w.who["manager"].post("/work/requests", url.Values{"act": {"approve-picked"}, "pick": {made.Number + ":1", single.Number + ":1", "S-2026-9999:1"}}).
		want(200, made.Dates[0].Begin.Format("2.1.2006"))
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'confirmed'"); n != 4 {
		t.Errorf("%d confirmed", n)
	}
}

func TestStaffSeriesPage(t *testing.T) {
	w := newTown(t).withSeries()
	theirs := w.who["other"].book("lava", "2026-12-08 19:00", "2026-12-08 20:00")
	made := w.who["resident"].series(w.weekly("lava", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=4", "lenient", true))
	manager, path := w.who["manager"], "/work/series/"+made.Number
	manager.get(path).want(200, "Tekemättä jääneet", "resident", made.Dates[0].Number)
	w.who["othermanager"].get(path).want(404)
	w.who["resident"].get(path).want(403)
	manager.get("/work/reservations/"+made.Dates[0].Number).want(200, path)
	manager.get("/work/schedule?unit=talo&date=2026-12-01").want(200, "osa sarjaa")

	post := func(want int, pairs ...string) answer {
		t.Helper()
		form := url.Values{"ref": {made.Number}, "revision": {w.revisionOf(made.Number)}}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return manager.post(path, form).want(want)
	}
	post(422, "act", "cancel", "scope", "this", "from", "2026-12-01") // staff say why
	post(409, "act", "make", "date", "2026-12-08")
	manager.call("POST", "/reservations/"+theirs.Number+"/deny", map[string]any{"reason": "Huolto"}, header{"If-Match": "*"}).want(200)
	manager.get(path).want(200, `value="make"`)
	post(303, "act", "make", "date", "2026-12-08")
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL"); n != 4 {
		t.Errorf("%d dates", n)
	}
	post(303, "act", "edit", "scope", "following", "from", "2026-12-15", "room", "lava", "start", "17:00", "end", "19:00", "title", "Harjoitus")
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL AND begin_at::time = '15:00'"); n != 2 {
		t.Errorf("%d dates begin at 17", n)
	}
	post(303, "act", "deny", "scope", "this", "from", "2026-12-08", "reason", "Huolto")
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL AND state = 'denied'"); n != 1 {
		t.Errorf("%d denied", n)
	}
	stale := manager.post(path, url.Values{"act": {"cancel"}, "reason": {"x"}, "revision": {"1"}, "ref": {made.Number}})
	stale.want(409)
	manager.get("/work/series").want(200, "resident", "lava")
	manager.get("/work/series?view=ended").want(200, "Ei sarjoja")
	manager.get("/work/series?unit=talo&view=requested").want(200)
}

// A date on a closed day is made when staff say why.
func TestStaffMakeAWantedDateInSpiteOfARule(t *testing.T) {
	w := newTown(t).withSeries()
	w.must(w.closeOn("2026-12-08"))
	made := w.who["resident"].series(w.weekly("lava", "2026-12-01T18:00", "2026-12-01T20:00", "FREQ=WEEKLY;COUNT=4", "lenient", true))
	form := url.Values{"ref": {made.Number}, "revision": {w.revisionOf(made.Number)}, "act": {"make"}, "date": {"2026-12-08"}}
	manager, path := w.who["manager"], "/work/series/"+made.Number
	manager.post(path, form).want(422, "make-reason")
	form.Set("reason", "Sovittu")
	manager.post(path, form).want(303)
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL"); n != 4 {
		t.Errorf("%d dates", n)
	}
}

// revisionOf is the present revision of a series.
func (w *town) revisionOf(number string) string {
	var revision string
	w.must(w.DB.Query(ctx, &revision, "SELECT revision::text FROM series WHERE number = ?", number))
	return revision
}

func TestStaffMakeSeriesByForm(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.must(w.closeOn("2026-12-08"))
	form := func(pairs ...string) url.Values {
		f := url.Values{
			"unit": {"talo"}, "kind": {"behalf"}, "room": {"kokous"}, "date": {"1.12.2026"}, "start": {"18:00"}, "end": {"20:00"}, "title": {"Kuoro"},
			"holder": {byAssociation + w.choir.UID.String()}, "every": {"weekly"}, "repeat_until": {"22.12.2026"}, "key": {"k"}, "act": {"save"},
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	manager.get("/work/new?unit=talo&repeat=1").want(200, "repeat_until")
	manager.post("/work/new", form("repeat_until", "")).want(422, "Viimeinen päivä")
	manager.post("/work/new", form("last", "3.12.2026")).want(422)
	before := w.rowsOf()
	manager.post("/work/new", form("act", "check", "check_hours", "on")).want(200, "3 kertaa voidaan varata", "8.12.")
	manager.post("/work/new", form("check_hours", "on")).want(409, "8.12.")
	manager.post("/work/new", form()).want(422, "reason") // the closed day is overridden, and staff say why
	if now := w.rowsOf(); now != before {
		t.Errorf("%d rows stayed", now-before)
	}
	done := manager.post("/work/new", form("reason", "Sovittu"))
	if done.StatusCode != http.StatusSeeOther || !strings.HasPrefix(done.Header.Get("Location"), "/work/series/S-2026-") {
		t.Fatalf("%d %s %.900s", done.StatusCode, done.Header.Get("Location"), done.text)
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL AND holder_association = ?", w.choir.ID); n != 4 {
		t.Errorf("%d dates", n)
	}
}

// asActor is a guest as the use cases see one.
func (w *town) asActor(name string) accounts.Actor {
	a, err := w.Accounts.Authenticate(ctx, w.who[name].cookie, "192.0.2.1")
	w.must(err)
	return a
}
