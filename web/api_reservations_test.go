package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestBookThroughTheAPI(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	made := r.call("POST", "/reservations", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:30")).want(http.StatusCreated)
	view := decode[reservationView](made)
	if view.State != "confirmed" || view.Revision != 1 || made.Header.Get("ETag") != `"1"` || !strings.HasPrefix(view.Number, "V-2026-") {
		t.Fatalf("%+v %s", view, made.Header.Get("ETag"))
	}
	if got := view.Begin.Format("2006-01-02T15:04:05Z07:00"); got != "2026-11-24T12:00:00+02:00" {
		t.Fatal(got)
	}
	if made.Header.Get("Location") != testBase+"/api/v1/reservations/"+view.ID.String() {
		t.Fatal(made.Header.Get("Location"))
	}
	r.call("GET", "/reservations/"+view.Number, nil).want(200, view.ID.String())
	p := w.who["other"].call("POST", "/reservations", w.times("kokous", "2026-11-24 13:00", "2026-11-24 14:00")).problem(409, "booking.overlap")
	brief := r.call("POST", "/reservations", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00"), header{"Prefer": "return=minimal"})
	if p := brief.problem(409, "booking.overlap"); len(p.Conflicts) != 1 || p.Alternatives != nil {
		t.Fatalf("%+v", p)
	}
	if len(p.Conflicts) != 1 || p.Conflicts[0].Kind != "reservation" || len(p.Alternatives) == 0 || len(p.Alternatives) > 5 {
		t.Fatalf("%+v", p)
	}
	if list := decode[pageView[reservationView]](r.call("GET", "/reservations", nil).want(200)); len(list.Items) != 1 {
		t.Fatalf("%+v", list)
	}
}

func TestIdempotencyKey(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	key := header{"Idempotency-Key": "0192-abc"}
	body := w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	first := decode[reservationView](r.call("POST", "/reservations", body, key).want(201))
	again := decode[reservationView](r.call("POST", "/reservations", body, key).want(201))
	if first.ID != again.ID || w.count("SELECT count(*) FROM reservations") != 1 || w.count("SELECT count(*) FROM outbox") != 1 {
		t.Fatalf("%s and %s", first.ID, again.ID)
	}
	r.call("POST", "/reservations", w.times("ryhma", "2026-11-24 12:00", "2026-11-24 13:00"), key).problem(422, "idempotency.reused")
	// a refusal is not kept: the same key decides anew
	other, late := w.who["other"], header{"Idempotency-Key": "late"}
	other.call("POST", "/reservations", body, late).problem(409, "booking.overlap")
	r.call("POST", "/reservations/"+first.Number+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": `"1"`}).want(200)
	other.call("POST", "/reservations", body, late).want(201)
	// the same words of somebody else are another key
	w.who["admin"].call("POST", "/reservations", w.times("ryhma", "2026-11-24 12:00", "2026-11-24 13:00"), key).want(201)
}

func TestChangesWantTheirRevision(t *testing.T) {
	w := newTown(t)
	r, manager := w.who["resident"], w.who["manager"]
	made := r.book("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	path := "/reservations/" + made.ID.String()
	manager.call("POST", path+"/approve", nil).problem(428, "precondition_missing")
	manager.call("POST", path+"/approve", nil, header{"If-Match": `"7"`}).problem(412, "stale")
	manager.call("POST", path+"/approve", nil, header{"If-Match": "nonsense"}).problem(412, "stale")
	// whether a foreign reservation exists is not told by a missing header either
	w.who["other"].call("POST", path+"/approve", nil).problem(404, "booking.not_found")
	done := manager.call("POST", path+"/approve", nil, header{"If-Match": `W/"1"`}).want(200, `"confirmed"`)
	if done.Header.Get("ETag") != `"2"` {
		t.Fatal(done.Header.Get("ETag"))
	}
	r.call("POST", path+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": `"1"`}).problem(412, "stale")
	r.call("POST", path+"/cancel", map[string]any{"reason_code": "none"}, header{"If-Match": `"2"`}).problem(422, "booking.reason_missing")
	r.call("POST", path+"/cancel", map[string]any{"reason_code": "other", "state": "confirmed"}, header{"If-Match": `"2"`}).problem(422, "invalid")
	r.call("POST", path+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": `"2"`}).want(200, `"cancelled"`)
}

func TestHoldAndConfirm(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	hold := r.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "hold", true)
	if hold.State != "held" || hold.HeldUntil == nil || hold.HeldUntil.Sub(w.clock) != 10*time.Minute {
		t.Fatalf("%+v", hold)
	}
	path := "/reservations/" + hold.ID.String()
	w.who["other"].call("POST", path+"/confirm", map[string]any{"title": "x"}).problem(404, "booking.not_found")
	w.clock = w.clock.Add(time.Minute)
	r.call("POST", path+"/extend", nil).want(200, hold.Number)
	r.call("POST", path+"/extend", nil).problem(409, "booking.extended_already")
	done := decode[reservationView](r.call("POST", path+"/confirm", map[string]any{"title": "Kerho", "persons": 3}, header{"Idempotency-Key": "k"}).want(200))
	if done.Number != hold.Number || done.State != "confirmed" || done.Title != "Kerho" {
		t.Fatalf("%+v", done)
	}
	again := decode[reservationView](r.call("POST", path+"/confirm", map[string]any{"title": "Kerho", "persons": 3}, header{"Idempotency-Key": "k"}).want(200))
	if again.Revision != done.Revision {
		t.Fatal("the second try changed something")
	}
	r.call("POST", path+"/confirm", map[string]any{"title": "Kerho"}).problem(409, "booking.not_held")
}

// Scenario 65: what is confirmed is cancelled, only a hold is deleted.
func TestScenario65_OnlyAHoldIsDeleted(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	made := r.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	r.call("DELETE", "/reservations/"+made.Number, nil).problem(409, "booking.use_cancel")
	hold := r.book("ryhma", "2026-11-24 12:00", "2026-11-24 13:00", "hold", true)
	w.who["manager"].call("DELETE", "/reservations/"+hold.Number, nil).problem(404, "booking.not_found")
	r.call("DELETE", "/reservations/"+hold.Number, nil).want(204)
	r.call("GET", "/reservations/"+hold.Number, nil).problem(404, "booking.not_found")
}

// Scenario 66: somebody else's reservation does not exist.
func TestScenario66_ForeignReservations(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	before := w.written()
	for _, name := range []string{"other", "othermanager"} {
		g := w.who[name]
		path, match := "/reservations/"+made.ID.String(), header{"If-Match": `"1"`}
		g.call("GET", path, nil).problem(404, "booking.not_found")
		g.call("GET", "/reservations/"+made.Number, nil).problem(404, "booking.not_found")
		g.call("POST", path+"/cancel", map[string]any{"reason_code": "other"}, match).problem(404, "booking.not_found")
		g.call("POST", path+"/move", map[string]any{"begin": w.at("2026-11-25 12:00"), "end": w.at("2026-11-25 13:00")}, match).problem(404, "booking.not_found")
		g.call("POST", path+"/approve", nil, match).problem(404, "booking.not_found")
		g.call("DELETE", path, nil).problem(404, "booking.not_found")
		if list := decode[pageView[reservationView]](g.call("GET", "/reservations", nil).want(200)); len(list.Items) != 0 {
			t.Errorf("%s lists %d", name, len(list.Items))
		}
	}
	if w.written() != before {
		t.Fatal("something was written")
	}
}

// Scenarios 73 and 75: handling a request.
func TestScenario73_Scenario75_HandlingARequest(t *testing.T) {
	w := newTown(t)
	r, manager := w.who["resident"], w.who["manager"]
	made := r.book("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	if made.State != "requested" || made.Decision.Verdict != "approval" {
		t.Fatalf("%+v", made)
	}
	list := decode[pageView[reservationView]](manager.call("GET", "/reservations?scope=requests", nil).want(200))
	if len(list.Items) != 1 || list.Items[0].ID != made.ID {
		t.Fatalf("%+v", list)
	}
	r.call("GET", "/reservations?scope=requests", nil).problem(403, "auth.forbidden")
	path := "/reservations/" + made.Number
	manager.call("POST", path+"/approve", nil, header{"If-Match": "1"}).want(200, `"confirmed"`)
	manager.call("POST", path+"/approve", nil, header{"If-Match": "2"}).problem(409, "booking.already_decided")
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.confirmed'") != 1 {
		t.Fatal("the holder gets one mail")
	}
	manager.call("POST", path+"/deny", map[string]any{"reason": " "}, header{"If-Match": "2"}).problem(422, "booking.reason_missing")
	manager.call("POST", path+"/deny", map[string]any{"reason": "Remontti"}, header{"If-Match": "2"}).want(200, `"denied"`, "Remontti")
	w.who["other"].book("sali", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestMoveThroughTheAPI(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	made := r.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["other"].book("kokous", "2026-11-24 14:00", "2026-11-24 15:00")
	path := "/reservations/" + made.Number + "/move"
	to := func(begin, end string) map[string]any { return map[string]any{"begin": w.at(begin), "end": w.at(end)} }
	p := r.call("POST", path, to("2026-11-24 14:30", "2026-11-24 15:30"), header{"If-Match": "1"}).problem(409, "booking.overlap")
	if len(p.Conflicts) != 1 {
		t.Fatalf("%+v", p)
	}
	moved := decode[reservationView](r.call("POST", path, to("2026-11-24 12:30", "2026-11-24 13:30"), header{"If-Match": "1"}).want(200))
	if moved.ID != made.ID || moved.Number != made.Number || !moved.Begin.Equal(w.at("2026-11-24 12:30")) {
		t.Fatalf("%+v", moved)
	}
}

func TestWithdrawIsForRequests(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	confirmed := r.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	r.call("POST", "/reservations/"+confirmed.Number+"/withdraw", map[string]any{"reason_code": "other"}, header{"If-Match": "1"}).problem(409, "booking.already_decided")
	asked := r.book("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	r.call("POST", "/reservations/"+asked.Number+"/withdraw", map[string]any{"reason_code": "other"}, header{"If-Match": "1"}).want(200, `"cancelled"`)
}

func TestClosures(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	body := map[string]any{
		"resources": []any{w.rooms["kokous"].UID, w.rooms["ryhma"].UID}, "begin": w.at("2026-11-24 12:00"), "end": w.at("2026-11-24 18:00"),
		"title": "Lattian vahaus", "reason": "urakka",
	}
	booked := w.who["resident"].book("kokous", "2026-11-24 13:00", "2026-11-24 14:00")
	body["dry_run"] = true
	before := w.written()
	dry := decode[closureView](manager.call("POST", "/closures", body).want(200))
	if len(dry.Hits) != 1 || dry.Decisions != 1 || len(dry.Closures) != 0 || w.written() != before {
		t.Fatalf("%+v", dry)
	}
	if hit := dry.Hits[0]; hit.Number != booked.Number || hit.Holder != "resident" || hit.Kind != "reservation" || !hit.Decide || hit.Resource.Slug != "kokous" {
		t.Errorf("%+v", hit)
	}
	delete(body, "dry_run")
	p := manager.call("POST", "/closures", body).problem(409, "booking.closing_hits")
	if len(p.Hits) != 1 || p.Hits[0].Number != booked.Number || w.written() != before {
		t.Errorf("%+v", p)
	}
	body["on_hit"] = "deny"
	manager.call("POST", "/closures", body).problem(422, "booking.reason_missing")
	body["deny_reason"] = "Lattia vahataan."
	w.who["othermanager"].call("POST", "/closures", body).problem(403, "auth.forbidden")
	key := header{"Idempotency-Key": "k"}
	made := decode[closureView](manager.call("POST", "/closures", body, key).want(201))
	if len(made.Closures) != 2 || made.Closures[0].Kind != "closure" || len(made.Denied) != 1 || made.Denied[0] != booked.Number {
		t.Fatalf("%+v", made)
	}
	again := decode[closureView](manager.call("POST", "/closures", body, key).want(201))
	if len(again.Closures) != 2 || again.Closures[0].Number != made.Closures[0].Number {
		t.Errorf("again %+v", again)
	}
	p = w.who["resident"].call("POST", "/reservations", w.times("ryhma", "2026-11-24 13:00", "2026-11-24 14:00")).problem(409, "booking.overlap")
	if p.Conflicts[0].Kind != "closure" {
		t.Fatalf("%+v", p.Conflicts)
	}
}

func TestClosuresOnSeveralDates(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-25 09:00", "2026-11-25 10:00")
	dates := map[string]any{"first": "2026-11-24", "last": "2026-11-26", "from": "08:00", "to": "24:00"}
	body := map[string]any{"resources": []any{w.rooms["kokous"].UID}, "dates": dates, "on_hit": "skip"}
	made := decode[closureView](manager.call("POST", "/closures", body).want(201))
	if len(made.Closures) != 2 || len(made.Open) != 1 || !made.Open[0].Begin.Equal(w.at("2026-11-25 08:00")) {
		t.Errorf("%+v", made)
	}
	for name, change := range map[string]map[string]any{
		"ends first": {"last": "2026-11-20"}, "no hours": {"to": "08:00"}, "no such time": {"from": "99:99"},
	} {
		bad := map[string]any{}
		for key, value := range dates {
			bad[key] = value
		}
		for key, value := range change {
			bad[key] = value
		}
		if got := manager.call("POST", "/closures", map[string]any{"resources": body["resources"], "dates": bad}); got.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.text)
		}
	}
	manager.call("POST", "/closures", map[string]any{"resources": body["resources"]}).problem(422, "booking.bad_time")
}

func TestBookingOnBehalf(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	choir := map[string]any{"kind": "association", "id": w.choir.UID}
	late := w.times("kokous", "2026-11-24 23:00", "2026-11-25 00:00", "kind", "behalf", "holder", choir)
	manager.call("POST", "/reservations", late).problem(422, "booking.override_reason")
	late["reason"] = "konsertti"
	made := decode[reservationView](manager.call("POST", "/reservations", late).want(201))
	if made.Kind != "behalf" || made.Holder.Name != "Kuoro" || made.State != "confirmed" || !made.Decision.Violations[0].Overridden {
		t.Errorf("%+v", made)
	}
	newcomer := map[string]any{"kind": "person", "email": "uusi@demo.example"}
	asked := w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "kind", "behalf", "holder", newcomer)
	manager.call("POST", "/reservations", asked).problem(422, "booking.recipient_name")
	newcomer["name"] = "Uusi Ihminen"
	if made := decode[reservationView](manager.call("POST", "/reservations", asked).want(201)); made.Holder.Name != "Uusi Ihminen" {
		t.Errorf("%+v", made.Holder)
	}
	w.who["resident"].call("POST", "/reservations", asked).problem(403, "auth.forbidden")
}

func TestListsPageByCursor(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"]
	for _, hour := range []string{"10", "11", "12", "13", "14"} {
		r.book("kokous", "2026-11-24 "+hour+":00", "2026-11-24 "+hour+":30")
	}
	seen, cursor := map[string]bool{}, ""
	for pages := 1; ; pages++ {
		page := decode[pageView[reservationView]](r.call("GET", "/reservations?limit=2&cursor="+cursor, nil).want(200))
		for _, item := range page.Items {
			seen[item.Number] = true
		}
		if cursor = page.Next; cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 reservations", len(seen))
	}
	rooms, cursor := 0, ""
	for {
		page := decode[pageView[resourceView]](r.call("GET", "/resources?limit=1&cursor="+cursor, nil).want(200))
		rooms += len(page.Items)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if rooms != 4 {
		t.Errorf("%d rooms of 4", rooms)
	}
}
