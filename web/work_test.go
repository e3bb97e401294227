package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/policies"
	"vuoro/web/locales"
)

// viewer is somebody who sees unit "talo" and decides nothing.
func (w *town) viewer() *guest {
	w.t.Helper()
	id := w.units["talo"].ID
	w.employ("viewer", accounts.Viewer, &id)
	return w.who["viewer"]
}

// compete lets requests for a room compete.
func (w *town) compete(room string) {
	w.t.Helper()
	_, err := w.DB.Exec(ctx, `UPDATE rule_books SET rules = jsonb_set(rules, '{rules,0,effects,competes}', 'true') WHERE key = 'approval'`)
	w.must(err)
	_, err = w.DB.Exec(ctx, "UPDATE resources SET rule_book = 'approval' WHERE slug = ?", room)
	w.must(err)
}

func TestInboxShowsWhatWaits(t *testing.T) {
	w := newTown(t)
	w.compete("sali")
	first := w.who["admin"].book("sali", "2026-11-24 17:00", "2026-11-24 18:30")
	second := w.who["resident"].book("sali", "2026-11-30 12:00", "2026-11-30 13:00")
	w.who["other"].book("sali", "2026-11-30 12:30", "2026-11-30 14:00")
	manager := w.who["manager"]

	p := manager.get("/work/requests").want(200).page()
	p.count("li.request", 3).says("h1", "Pyynnöt").says("li.request", "sali").says("li.request", "huomenna klo 17.00–18.30")
	p.count("li.request.current", 1).says("h2", "sali")
	for _, n := range p.all("li.request") {
		text := words(n)
		if overlaps := strings.Contains(text, "Päällekkäinen"); overlaps == strings.Contains(text, "17.00–18.30") {
			t.Errorf("the wrong row overlaps: %s", text)
		}
	}
	if n := p.one("li.request.current"); !strings.Contains(words(n), "Alkaa pian") || !strings.Contains(words(n), "Ensikertalainen") {
		t.Errorf("flags of the first: %s", words(n))
	}
	manager.get("/work/requests?view=overlap").page().count("li.request", 2)
	manager.get("/work/requests?view=soon").page().count("li.request", 1)
	open := manager.get("/work/requests?open=" + second.Number).page()
	open.says("li.request.current", "12.00–13.00").count("div.inbox.chosen", 1).says("section.decide", "Hyväksy")
	open.says("ul.track", "12.30–14.00").says("section.rules", "sääntöä täyttyvät").silent("section.rules", "{")
	for _, lang := range locales.Languages {
		manager.get("/work/requests?lang=" + lang + "&open=" + first.Number).want(200)
	}

	w.viewer().get("/work/requests?open="+first.Number).want(200).page().count("li.request", 3).count("section.decide", 0)
	w.who["othermanager"].get("/work/requests").want(200).page().count("li.request", 0).says("h2", "Ei odottavia pyyntöjä")
	w.who["othermanager"].get("/work/requests?open=" + first.Number).want(404)
	w.who["resident"].get("/work/requests").want(403)
	w.who["anon"].get("/work/requests").want(303)
}

func TestAManagerApprovesAndDenies(t *testing.T) {
	w := newTown(t)
	asked := w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	other := w.who["other"].book("sali", "2026-11-25 17:00", "2026-11-25 18:00")
	manager := w.who["manager"]

	p := manager.get("/work/requests?open=" + asked.Number).page()
	approve := p.form("/work/requests?open="+asked.Number, "act", "approve")
	done := manager.follow(manager.post("/work/requests?open="+asked.Number, approve))
	done.says("div[id=flash]", asked.Number+" on hyväksytty").count("li.request", 1)
	if w.count("SELECT count(*) FROM reservations WHERE state = 'confirmed' AND decided_by = ?", manager.person.ID) != 1 {
		t.Error("it was not confirmed")
	}
	// the same press again is not an error
	manager.post("/work/requests?open="+asked.Number, approve).want(303)

	deny := manager.get("/work/reservations/"+other.Number).page().form("/work/reservations/", "act", "deny")
	p = manager.post("/work/reservations/"+other.Number, deny).want(422).page()
	p.says("div.error-summary", "Kirjoita syy").says("p.error", "Kirjoita syy").count("textarea[id=deny-reason]", 1)
	long := strings.Repeat("pitkä syy ", 300)
	deny.Set("reason", long)
	p = manager.post("/work/reservations/"+other.Number, deny).want(422).page()
	p.says("textarea[id=deny-reason]", "pitkä syy pitkä syy").says("div.error-summary", "liian pitkä")
	deny.Set("reason", "Salissa on <b>remontti</b>")
	done = manager.follow(manager.post("/work/reservations/"+other.Number, deny))
	done.says("div[id=flash]", "on hylätty").says("ol.trail", "Hylättiin manager").says("ol.trail", "Salissa on <b>remontti</b>").count("section.decide", 0)
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.denied'") != 1 {
		t.Error("nobody was told")
	}
	done.says("details", "Palauta käsittelyyn")
	back := manager.get("/work/reservations/"+other.Number).page().form("/work/reservations/", "act", "return")
	manager.follow(manager.post("/work/reservations/"+other.Number, back)).says("span.tag", "Odottaa hyväksyntää")
}

func TestADecisionThatComesTooLate(t *testing.T) {
	w := newTown(t)
	asked := w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	manager, city := w.who["manager"], w.who["city"]
	form := manager.get("/work/reservations/" + asked.Number).page().form("/work/reservations/")
	other := city.get("/work/reservations/"+asked.Number).page().form("/work/reservations/", "act", "deny", "reason", "suljettu")
	city.post("/work/reservations/"+asked.Number, other).want(303)

	form.Set("act", "approve")
	p := manager.post("/work/reservations/"+asked.Number, form).want(409).page()
	p.says("div.error-summary", "muuttuneet").says("span.tag", "Hylätty").count("section.decide", 0)
	form.Set("act", "deny")
	form.Set("reason", "Perustelu talteen")
	p = manager.post("/work/requests?open="+asked.Number, form).want(409).page()
	p.says("div.alert.warning", "tila on nyt ”Hylätty”").says("div.alert.warning", "Perustelu talteen")
	p.says("div.error-summary", "muuttuneet").says("section.inbox-detail", "Hylätty")
	for name, change := range map[string]func(url.Values){
		"no revision":  func(f url.Values) { f.Del("revision") },
		"odd revision": func(f url.Values) { f.Set("revision", "x") },
	} {
		changed := url.Values{"act": {"approve"}, "revision": {"1"}, "ref": {asked.Number}}
		change(changed)
		if got := manager.post("/work/reservations/"+asked.Number, changed); got.StatusCode != 409 {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
	}
	form.Set("act", "explode")
	manager.post("/work/reservations/"+asked.Number, form).want(400)
	manager.get("/work/reservations/V-2026-999999").want(404)
	manager.get("/work/reservations/%00").want(404)
}

func TestWhoMayDecide(t *testing.T) {
	w := newTown(t)
	viewer := w.viewer()
	asked := w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	before := w.written()
	for name, want := range map[string]int{"anon": 401, "resident": 403, "member": 403, "othermanager": 404, "viewer": 403} {
		for _, act := range []string{"approve", "deny", "cancel", "move", "return"} {
			form := url.Values{"act": {act}, "revision": {"1"}, "reason": {"syy"}, "ref": {asked.Number}, "date": {"24.11.2026"}, "start": {"12:00"}, "minutes": {"60"}}
			if got := w.who[name].post("/work/reservations/"+asked.Number, form); got.StatusCode != want {
				t.Errorf("%s %s: %d, want %d", name, act, got.StatusCode, want)
			}
		}
	}
	viewer.get("/work/reservations/"+asked.Number).want(200).page().count("section.decide", 0).count("section[id=move]", 0)
	if w.written() != before {
		t.Error("something was written")
	}
	noToken := w.who["manager"].send(http.MethodPost, "/work/reservations/"+asked.Number, "act=approve&revision=1", ours)
	noToken.want(403)
}

func TestBulkApprovalTellsOfEach(t *testing.T) {
	w := newTown(t)
	w.compete("sali")
	good := w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	clash := w.who["other"].book("sali", "2026-11-24 17:30", "2026-11-24 19:00")
	manager := w.who["manager"]
	all := manager.get("/work/requests?pick=all").page()
	if len(all.all("input[checked]")) != 2 {
		t.Errorf("not all are picked")
	}
	p := manager.post("/work/requests", url.Values{"act": {"approve-picked"}}).want(422).page()
	p.count("li.request", 2)
	form := url.Values{"act": {"approve-picked"}, "pick": {good.Number + ":1", clash.Number + ":1", "V-2026-999999:1"}}
	p = manager.post("/work/requests", form).want(200).page()
	lines := p.all("li.rule")
	var got []string
	for _, n := range lines {
		if strings.Contains(attribute(n.Parent, "class"), "results") {
			got = append(got, words(n))
		}
	}
	if len(got) != 3 || !strings.Contains(got[0], "hyväksytty") || !strings.Contains(got[1], "ehti varata") || !strings.Contains(got[2], "ei löydy") {
		t.Errorf("results %q", got)
	}
	p.count("li.request", 1)
	if w.count("SELECT count(*) FROM reservations WHERE state = 'confirmed'") != 1 {
		t.Error("not exactly one was confirmed")
	}
	manager.post("/work/requests", form).want(409)
	form.Set("pick", good.Number)
	manager.post("/work/requests", form).want(409).page().says("ul.results", "muuttuneet")
}

func TestScheduleShowsTheDay(t *testing.T) {
	w := newTown(t)
	w.compete("sali")
	w.who["admin"].book("kokous", "2026-11-23 17:00", "2026-11-23 18:30")
	w.who["other"].book("sali", "2026-11-23 19:00", "2026-11-23 20:00")
	w.who["resident"].book("sali", "2026-11-23 19:30", "2026-11-23 21:00")
	w.close("ryhma", "2026-11-23 06:00", "2026-11-23 09:00")
	manager := w.who["manager"]
	p := manager.get("/work/schedule").want(200).page()
	p.says("h1", "Maanantai 23.11.2026").count("div.row", 3).says("li.item.k-confirmed", "Harjoitus").says("li.item.k-closure", "su")
	if n := len(p.all("li.item.k-requested")); n != 2 {
		t.Errorf("%d requests are drawn, want both that compete", n)
	}
	p.count("span.now-line", 1).says("p.muted", "1 varaus ja 2 pyyntöä")
	p.count("div.row.lanes2", 1)
	free := p.all("li.item.k-free")
	if len(free) == 0 || !strings.Contains(p.text, `href="/work/new?`) {
		t.Error("no free time leads to the form")
	}
	for _, n := range free {
		if strings.HasPrefix(words(n), "6.") || strings.HasPrefix(words(n), "9.") {
			t.Errorf("time that is over is offered: %s", words(n))
		}
	}
	manager.get("/work/schedule?view=table").want(200).page().count("div.row", 0).says("td", "Harjoitus").says("th", "kokous")
	manager.get("/work/schedule?date=24.11.").page().says("h1", "Tiistai 24.11.2026").count("span.now-line", 0)
	manager.get("/work/schedule?date=roskaa").want(422).page().says("p.error", "ei ole päivä").count("input[value=roskaa]", 1)
	manager.get("/work/schedule?unit=toinen").want(404)
	manager.get("/work/schedule?unit=talo&month=2026-11").want(200).page().says("h1", "Marraskuu 2026, talo").says("td", "ma 23.11., 1 varaus, 2 pyyntöä ja 1 sulku")
	w.viewer().get("/work/schedule").want(200).page().count("a.btn.primary", 0)
	if strings.Contains(w.who["viewer"].get("/work/schedule").text, "/work/new") {
		t.Error("a viewer is led to the form")
	}
	w.who["city"].get("/work/schedule").want(200).page().count("select[name=unit]", 1)
}

// close closes a room as its manager.
func (w *town) close(room, begin, end string) {
	w.t.Helper()
	_, err := w.Booking.Book(ctx, (&matrix{town: w}).actor("manager"), booking.Request{
		Resource: w.rooms[room].UID, Times: booking.Times{Begin: w.at(begin), End: w.at(end)}, Kind: policies.Closure, Reason: "huolto",
	})
	w.must(err)
}

func TestScheduleOnDSTNights(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, `UPDATE hours_periods SET spans = jsonb_set(jsonb_set(spans, '{0,from}', '"00:00"'), '{0,to}', '"24:00"')`)
	w.must(err)
	for _, c := range []struct{ now, night, label, span string }{
		{"2027-03-20 12:00", "2027-03-28", "2.00–5.00", "s2 l12"},
		{"2027-10-20 12:00", "2027-10-31", "2.00–5.00", "s2 l12"},
	} {
		w.clock = w.at(c.now)
		w.who["manager"].signIn()
		w.close("kokous", c.night+" 02:00", c.night+" 05:00")
		p := w.who["manager"].get("/work/schedule?date=" + c.night).want(200).page()
		n := p.one("li.item.k-closure")
		hour, _ := strconv.Atoi(strings.TrimSuffix(words(p.all("span.hour")[0]), "."))
		want := "s" + strconv.Itoa((2-hour)*4) + " l12"
		if !strings.Contains(attribute(n, "class"), want) || !strings.Contains(words(n), c.label) {
			t.Errorf("%s: %s %q, want %s and %s", c.night, attribute(n, "class"), words(n), want, c.label)
		}
		for _, row := range p.all("div.row") {
			if !strings.Contains(attribute(row, "class"), "lanes1") {
				t.Errorf("%s: items lie on each other in %s", c.night, words(row))
			}
		}
	}
}

func TestStaffBookAndClose(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	p := manager.get("/work/new?unit=talo&room=ryhma&date=2026-11-24&start=12:00&end=14:00").want(200).page()
	p.says("h1", "Varaa tai sulje").says("option[selected]", "ryhma").count("input[name=key]", 1)
	form := p.form("/work/new", "kind", "staff", "room", "ryhma", "date", "ti 24.11.2026", "start", "12:00", "end", "14:00", "title", "Koulutus")
	made := manager.post("/work/new", form).want(303)
	if to := made.Header.Get("Location"); to != "/work/schedule?date=2026-11-24&unit=talo" {
		t.Errorf("leads to %s", to)
	}
	manager.follow(made).says("div[id=flash]", "omaan käyttöön").says("li.item.k-staff", "Koulutus")
	manager.post("/work/new", form).want(303) // the same form again makes nothing
	if n := w.count("SELECT count(*) FROM reservations WHERE kind = 'staff'"); n != 1 {
		t.Errorf("%d staff bookings", n)
	}

	form.Set("key", "another")
	p = manager.post("/work/new", form).want(409).page()
	p.says("div.alert.danger", "12.00–14.00 varattu").says("div.error-summary", "").count("input[value=Koulutus]", 1)
	if len(p.all("input[value=another]")) != 1 {
		t.Error("the form's key is lost")
	}
	form.Set("start", "03:00")
	form.Set("end", "04:00")
	p = manager.post("/work/new", form).want(422).page()
	p.says("p.error", "Kirjoita perustelu").says("option[selected]", "3.00")
	form.Set("reason", "yövartiointi")
	manager.post("/work/new", form).want(303)

	manager.get("/work/new?unit=talo&kind=closure&room=sali").want(303)
	closure := url.Values{
		"key": {"c"}, "unit": {"talo"}, "rooms": {"sali"}, "date": {"27.11.2026"}, "span": {"through"}, "start": {"18:00"},
		"end": {"12:00"}, "last": {"29.11.2026"}, "title": {"Lattian lakkaus"}, "act": {"close"}, "on_hit": {"refuse"},
	}
	shut := manager.follow(manager.post("/work/close", closure))
	shut.says("div[id=flash]", "1 sulku on tehty").says("li.item.k-closure", "Lattian lakkaus")
	var shutNumber string
	w.must(w.DB.Query(ctx, &shutNumber, "SELECT number FROM reservations WHERE kind = 'closure'"))
	p = manager.get("/work/reservations/" + shutNumber).want(200).page()
	p.says("span.tag", "Sulku").says("section[id=cancel]", "Poista sulku").count("section.rules", 0)
	open := p.form("/work/reservations/", "act", "cancel")
	manager.post("/work/reservations/"+shutNumber, open).want(422).page().says("p.error", "Kirjoita syy").count("textarea[id=cancel-reason]", 1)
	open.Set("reason", "valmistui")
	manager.post("/work/reservations/"+shutNumber, open).want(303)
}

func TestBadFormsOfStaffWriteNothing(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	before := w.written()
	good := map[string]string{"key": "k", "unit": "talo", "kind": "staff", "room": "ryhma", "date": "24.11.2026", "start": "12:00", "end": "14:00", "title": "Nimi"}
	for name, change := range map[string]map[string]string{
		"no room":           {"room": ""},
		"another's room":    {"room": "muu"},
		"no date":           {"date": ""},
		"no such date":      {"date": "31.2.2026"},
		"no time":           {"start": "kaksi"},
		"end before begin":  {"end": "11:00"},
		"end is begin":      {"end": "12:00"},
		"last before first": {"last": "23.11.2026"},
		"yesterday":         {"date": "22.11.2026"},
		"unknown kind":      {"kind": "ordinary"},
		"spring gap":        {"date": "28.3.2027", "start": "03:30", "end": "06:00"},
		"long name":         {"title": strings.Repeat("x", 10000)},
		"control character": {"title": "a\x00b"},
		"long key":          {"key": strings.Repeat("k", 300), "kind": "x"},
	} {
		form := url.Values{}
		for key, value := range good {
			form.Set(key, value)
		}
		for key, value := range change {
			form.Set(key, value)
		}
		if got := manager.post("/work/new", form); got.StatusCode != 422 || !strings.Contains(got.text, "error-summary") {
			t.Errorf("%s: %d\n%.200s", name, got.StatusCode, got.text)
		}
	}
	if w.written() != before {
		t.Error("something was written")
	}
	manager.get("/work/new?unit=toinen").want(404)
	manager.post("/work/new", url.Values{"unit": {"toinen"}}).want(404)
	w.viewer().get("/work/new?unit=talo").want(403)
	w.who["viewer"].post("/work/new", url.Values{"unit": {"talo"}}).want(403)
	w.who["resident"].get("/work/new").want(403)
}

func TestStaffMoveABooking(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.who["other"].book("kokous", "2026-11-24 15:00", "2026-11-24 16:00")
	manager := w.who["manager"]
	target := "/work/reservations/" + made.Number
	p := manager.get(target).want(200).page()
	p.says("section[id=move]", "Siirrä toiseen aikaan").says("option[selected]", "12.00").says("option[selected]", "1 t 30 min")
	form := p.form(target, "act", "move", "date", "24.11.2026", "start", "15:30", "minutes", "60")
	p = manager.post(target, form).want(409).page()
	p.says("div.alert.danger", "15.00–16.00 varattu").says("div.alert.warning", "Muita vapaita aikoja").says("option[selected]", "15.30")
	form.Set("start", "02:00")
	p = manager.post(target, form).want(422).page()
	p.says("section[id=move]", "Kirjoita perustelu").count("input[id=move-reason]", 1)
	form.Set("start", "17:00")
	done := manager.follow(manager.post(target, form))
	done.says("p.detail-when", "ti 24.11.2026 klo 17.00–18.00").says("ol.trail", "Siirrettiin").says("ol.trail", "12.00–13.30 → ti 24.11.2026 klo 17.00–18.00")
	cancel := done.form(target, "act", "cancel", "reason", "putkirikko")
	manager.follow(manager.post(target, cancel)).says("span.tag", "Peruttu").says("dl.facts", "putkirikko")
}

func TestTodayCounts(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-23 13:00", "2026-11-23 14:00")
	w.who["admin"].book("kokous", "2026-11-23 18:00", "2026-11-23 19:00")
	w.who["resident"].book("sali", "2026-11-24 18:00", "2026-11-24 19:00")
	w.clock = w.at("2026-11-23 13:30")
	p := w.who["manager"].get("/work").want(200).page()
	p.says("h1", "Tänään").says("div.figure", "Odottaa päätöstä 1").says("div.figure", "Varauksia tänään 2").says("div.figure", "1 t sitten")
	p.says("section", "Käynnissä nyt").says("section", "Seuraavaksi tänään").says("span.badge", "1")
	w.who["othermanager"].get("/work").want(200).page().says("h2", "Tänään ei ole enää varauksia")
	w.who["resident"].get("/work").want(403)
	for _, lang := range []string{"sv", "en"} {
		w.who["manager"].get("/work?lang=" + lang).want(200)
	}
}

func TestHoursPageAndFile(t *testing.T) {
	w := newTown(t)
	w.who["admin"].book("kokous", "2026-11-24 12:00", "2026-11-24 14:30")
	w.who["resident"].book("ryhma", "2026-12-01 12:00", "2026-12-01 13:00")
	w.who["resident"].book("sali", "2026-11-25 12:00", "2026-11-25 13:00")
	manager := w.who["manager"]
	p := manager.get("/work/reports/hours?from=2026-11-01&to=2026-12-31&unit=talo").want(200).page()
	p.says("p.lead", "talo, 1.11.2026–31.12.2026: varattuna 3,5 t, 2 varausta 2 tilassa").says("div.figure", "3,5 t").count("svg.bars", 2)
	p.says("table", "kokous talo marraskuu 2026 2,50").says("table", "ryhma talo joulukuu 2026 1,00").says("tfoot", "3,50 2 1,00")
	if !strings.Contains(p.text, "/work/reports/hours.csv?from=2026-11-01&amp;to=2026-12-31&amp;unit=talo") {
		t.Error("no link to the file")
	}
	file := manager.get("/work/reports/hours.csv?from=2026-11-01&to=2026-12-31&unit=talo").want(200, "kokous;2026-11;2,50;1")
	if file.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(file.Header.Get("Content-Disposition"), "2026-11-01-2026-12-31.csv") {
		t.Errorf("headers %v", file.Header)
	}
	manager.get("/work/reports/hours").want(200).page().says("p.lead", "marraskuu 2026")
	manager.get("/work/reports/hours?from=2020-01-01&to=2020-01-31").want(200).page().says("h2", "Ei varauksia")
	manager.get("/work/reports/hours?from=2026-12-01&to=2026-11-01").want(422).page().says("div.error-summary", "ennen alkua")
	manager.get("/work/reports/hours?from=eilen%20joskus&to=2026-11-01").want(422).page().says("p.error", "ei ole päivä")
	manager.get("/work/reports/hours.csv?from=roska").want(422)
	manager.get("/work/reports/hours?unit=toinen").want(404)
	manager.get("/work/reports/hours?unit=eiole").want(404)
	w.viewer().get("/work/reports/hours").want(200)
	w.who["resident"].get("/work/reports/hours").want(403)
	for _, lang := range []string{"sv", "en"} {
		manager.get("/work/reports/hours?from=2026-11-01&to=2026-12-31&lang=" + lang).want(200)
	}
}

func TestKeysCanBeTurnedOff(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("sali", "2026-11-24 18:00", "2026-11-24 19:00")
	manager := w.who["manager"]
	if !strings.Contains(manager.get("/work/requests").text, `data-key="a"`) {
		t.Error("no keys")
	}
	off := manager.post("/work/keys", url.Values{"keys": {"off"}, "return": {"/work/requests"}})
	if p := manager.follow(off); strings.Contains(p.text, "data-key") {
		t.Error("keys are still on")
	}
}

func TestStaffPagesSpeakEveryLanguage(t *testing.T) {
	w := newTown(t)
	asked := w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	done := w.who["admin"].book("kokous", "2026-11-24 17:00", "2026-11-24 18:00")
	addresses := []string{
		"/work", "/work/requests", "/work/requests?view=first", "/work/requests?view=overlap", "/work/schedule?date=2026-11-24",
		"/work/schedule?date=2026-11-24&view=table", "/work/schedule?month=2026-12", "/work/new?room=kokous&date=2026-11-24",
		"/work/reservations/" + asked.Number, "/work/reservations/" + done.Number, "/work/reports/hours?from=2026-01-01&to=2026-12-31",
		"/work/reports/hours?from=2026-11-01&to=2026-11-30&unit=talo", "/work/reports/hours?from=2020-01-01&to=2020-01-31",
	}
	for _, lang := range locales.Languages {
		for _, address := range addresses {
			separator := "?"
			if strings.Contains(address, "?") {
				separator = "&"
			}
			p := w.who["manager"].get(address + separator + "lang=" + lang).want(http.StatusOK).page()
			if got := attribute(p.one("html"), "lang"); got != lang {
				t.Errorf("%s is in %s", address, got)
			}
			if main := words(p.one("main")); strings.ContainsAny(main, "{}") {
				t.Errorf("%s in %s has an open placeholder: %s", address, lang, main)
			}
			p.count("h1", 1)
		}
	}
}
