package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vuoro/accounts"
)

// charge makes a room cost 12 € an hour without asking anybody.
func (w *town) charge(room string) {
	w.t.Helper()
	_, err := w.DB.Exec(ctx, `UPDATE rule_books SET rules = jsonb_set(rules, '{rules,0,effects,price}', '"list"') WHERE key = (SELECT rule_book FROM resources WHERE slug = ?)`, room)
	w.must(err)
	_, err = w.DB.Exec(ctx, "UPDATE resources SET price_cents = 1200 WHERE slug = ?", room)
	w.must(err)
}

func (w *town) string(sql string, params ...any) string {
	w.t.Helper()
	var text string
	w.must(w.DB.Query(ctx, &text, sql, params...))
	return text
}

func TestScenario64_TheFormAsksForFreeUse(t *testing.T) {
	w := newTown(t)
	w.browser("resident").choose("kokous", "2026-11-25", "12:00", "60").count("textarea[name=free_reason]", 0)
	w.charge("kokous")
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60").count("textarea[name=free_reason]", 1)
	p := b.press("/fi/varaa", "terms", "1", "title", "Kerho", "free", "1").is(422)
	p.says("p.error", "vaatii perustelun").says("div.error-summary", "vaatii perustelun").says("strong[data-left]", "min")
	if p.input("title") != "Kerho" || p.input("terms") != "on" || p.input("free") != "on" {
		t.Error("the form lost something")
	}
	p.says("button.btn.primary", "Lähetä pyyntö")
	p = b.press("/fi/varaa", "free_reason", "Lasten kerho,\nei pääsymaksua").is(200)
	p.says("h1", "Pyyntö").says("dd", "Haettu").says("dd", "12 €")

	manager := w.who["manager"]
	ref := w.string("SELECT number FROM reservations WHERE state = 'requested' AND free_reason <> ''")
	page := manager.get("/work/reservations/" + ref).want(200).page()
	page.says("blockquote", "Lasten kerho").says("button[name=free]", "Hyväksy maksuttomana").says("form[id=free]", "12 €")
	// the list cannot decide on prices
	form := page.form("/work/reservations/", "free", "yes")
	manager.post("/work/requests", url.Values{"act": {"approve-picked"}, "pick": {ref + ":" + form.Get("revision")}, "csrf": {form.Get("csrf")}}).want(409, "maksutonta")
	done := manager.follow(manager.post("/work/reservations/"+ref, form))
	done.says("ol.trail", "Maksuton käyttö: myönnetty").says("dd", "maksuton")
	b.open("/fi/varaukset/"+ref).is(200).says("dd", "Myönnetty").says("h1", "Varaus on vahvistettu")
}

func TestFreeUseOverTheAPI(t *testing.T) {
	w := newTown(t)
	w.charge("kokous")
	resident, manager := w.who["resident"], w.who["manager"]
	asking := w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	asking["free_of_charge"] = true
	resident.call(http.MethodPost, "/reservations", asking).problem(422, "booking.free_reason")
	asking["free_reason"] = "Lasten kerho"
	made := decode[reservationView](resident.call(http.MethodPost, "/reservations", asking).want(201))
	if made.State != "requested" || made.Free == nil || made.Free.Reason != "Lasten kerho" || made.Free.Granted != nil {
		t.Fatalf("%+v", made)
	}
	approve := "/reservations/" + made.Number + "/approve"
	manager.call(http.MethodPost, approve, nil, header{"If-Match": "*"}).problem(422, "booking.free_undecided")
	done := decode[reservationView](manager.call(http.MethodPost, approve, map[string]any{"free": true}, header{"If-Match": "*"}).want(200))
	if done.State != "confirmed" || *done.Price.Cents != 0 || !*done.Free.Granted {
		t.Errorf("%+v", done)
	}
}

// The memo is in nothing that a holder can read: pages, API, mails, calendar.
func TestScenario79_MemoStaysWithStaff(t *testing.T) {
	w := newTown(t)
	const secret = "Muistettava-naapurin-valitus"
	resident, manager := w.who["resident"], w.who["manager"]
	r := resident.book("sali", "2026-11-24 17:00", "2026-11-24 18:00")
	path := "/work/reservations/" + r.Number
	form := manager.get(path).page().says("section[id=memo-card]", "vain toimipisteen henkilökunta").form("/work/reservations/", "act", "memo")
	form.Set("memo", secret)
	manager.follow(manager.post(path, form)).says("div[id=flash]", "Muistio on tallennettu").says("textarea[id=memo]", secret).says("ol.trail", "Muistiota muutettiin")
	// somebody wrote meanwhile: both texts are there
	form.Set("memo", "toinen muistio")
	manager.post(path, form).want(409).page().says("textarea[id=memo]", "toinen muistio").says("section[id=memo-card]", secret)
	w.viewer().get(path).want(200).page().says("p.memo-text", secret).count("textarea[id=memo]", 0)

	memo := "/reservations/" + r.Number + "/memo"
	got := manager.call(http.MethodGet, memo, nil).want(200, secret)
	manager.call(http.MethodPut, memo, map[string]any{"text": secret + "!"}).problem(428, "precondition_missing")
	manager.call(http.MethodPut, memo, map[string]any{"text": secret + "!"}, header{"If-Match": `"7"`}).problem(412, "stale")
	manager.call(http.MethodPut, memo, map[string]any{"text": secret + "!"}, header{"If-Match": got.Header.Get("ETag")}).want(200, secret+"!")
	resident.call(http.MethodGet, memo, nil).problem(404, "booking.not_found")
	resident.call(http.MethodPut, memo, map[string]any{"text": "x"}, header{"If-Match": "*"}).problem(404, "booking.not_found")
	manager.call(http.MethodPost, "/reservations/"+r.Number+"/approve", nil, header{"If-Match": "*"}).want(200)

	_, feed := resident.subscription()
	seen := decode[reservationView](resident.call(http.MethodGet, "/reservations/"+r.Number, nil).want(200))
	for _, target := range []string{
		"/fi/varaukset/" + r.Number, "/fi/varaukset/" + r.Number + "/siirra", "/fi/varaukset/" + r.Number + "/peru", "/fi/omat",
		"/fi/varaukset/" + r.Number + "/kalenteri.ics", feed, strings.TrimPrefix(seen.Calendar, testBase),
		"/api/v1/reservations/" + r.Number, "/api/v1/reservations",
	} {
		if text := resident.get(target).text; strings.Contains(text, secret) || text == "" {
			t.Errorf("%s: %.200q", target, text)
		}
	}
	if n := w.count("SELECT (SELECT count(*) FROM outbox WHERE payload::text LIKE ?) + (SELECT count(*) FROM audit WHERE values LIKE ?)", "%"+secret+"%", "%"+secret+"%"); n != 0 {
		t.Errorf("%d mails or rows of the trail carry it", n)
	}
}

func TestStaffChooseTheirMail(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	p := manager.get("/fi/profiili").want(200).page().says("section[aria-labelledby=wishes]", "odottavat päätöstä")
	form := p.form("/fi/profiili", "name", "manager", "language", "fi")
	role := w.string("SELECT id::text FROM roles WHERE person = ?", manager.person.ID)
	if p.count("input[name=mail_"+role+"]", 3); p.input("mail_"+role) != accounts.MailHandling {
		t.Error("at first requests are mailed")
	}
	form.Set("mail_"+role, "joskus")
	manager.post("/fi/profiili", form).want(422, "Tätä vaihtoehtoa ei ole")
	form.Set("mail_"+role, accounts.MailAll)
	form.Set("mail_999999", accounts.MailAll) // another's role is not theirs to set
	manager.follow(manager.post("/fi/profiili", form))
	if w.string("SELECT mail FROM roles WHERE id::text = ?", role) != accounts.MailAll || w.count("SELECT count(*) FROM roles WHERE mail IS NOT NULL") != 1 {
		t.Error("the wish was not kept, or another's was changed")
	}
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.booked'") != 1 {
		t.Error("no mail about what was confirmed by itself")
	}
	w.who["resident"].get("/fi/profiili").want(200).page().count("section[aria-labelledby=wishes]", 0)
	manager.call(http.MethodGet, "/me", nil).want(200, `"mail":"all"`)
}

func TestStaffMoveToAnotherRoom(t *testing.T) {
	w := newTown(t)
	r := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["other"].book("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	manager := w.who["manager"]
	path := "/work/reservations/" + r.Number
	form := manager.get(path).page().form("/work/reservations/", "act", "move")
	for field, value := range map[string]string{"room": "sali", "date": "24.11.2026", "start": "12:00", "minutes": "60"} {
		form.Set(field, value)
	}
	p := manager.post(path, form).want(409).page()
	p.says("div.alert", "Muita vapaita aikoja").says("option[selected]", "sali").says("option[selected]", "12.00")
	form.Set("start", "04:00")
	form.Set("date", "25.11.2026")
	manager.post(path, form).want(422).page().says("p.error", "perustelu")
	form.Set("reason", "Sovittu puhelimessa")
	manager.follow(manager.post(path, form)).says("h1", "sali").says("ol.trail", "kokous → sali").says("ol.trail", "Sovittu puhelimessa")
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.moved' AND payload->'old_resource'->>'fi' = 'kokous'") != 1 {
		t.Error("the mail does not name the old room")
	}
}

func TestHolderMovesToAnotherRoom(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET type = (SELECT type FROM resources WHERE slug = 'kokous') WHERE slug = 'sali'")
	w.must(err)
	resident := w.who["resident"]
	r := resident.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	move := "/fi/varaukset/" + r.Number + "/siirra"
	p := resident.get(move).want(200).page()
	p.says("a.chip-link[aria-current]", "kokous").says("a.chip-link", "sali")
	b := w.browser("resident")
	b.open(move + "?room=sali&date=2026-11-24&start=12:30&minutes=60").is(200)
	b.send(http.MethodPost, move, "room=kaukana&csrf="+url.QueryEscape(b.values(move).Get("csrf"))).is(404)
	b.open(move + "?room=sali&date=2026-11-24&start=12:30&minutes=60").is(200)
	b.press(move).is(200).says("section.ticket", "sali").says("div[id=flash]", "odottaa").says("h1", "Pyyntö")

	// half an hour later in the same room is offered: it is not in its own way
	again := resident.book("kokous", "2026-11-25 12:00", "2026-11-25 13:00")
	p = resident.get("/fi/varaukset/" + again.Number + "/siirra?date=2026-11-25&start=12:30&minutes=60").page()
	p.says("button[data-book]", "12.30–13.30")

	api := decode[reservationView](resident.call(http.MethodPost, "/reservations/"+again.Number+"/move", map[string]any{
		"begin": w.at("2026-11-25 12:30"), "end": w.at("2026-11-25 13:30"), "resource": w.rooms["sali"].UID,
	}, header{"If-Match": "*"}).want(200))
	if api.Resource.Slug != "sali" || api.State != "requested" || api.ID != again.ID {
		t.Errorf("%+v", api)
	}
	_, err = w.DB.Exec(ctx, "UPDATE reservations SET state = 'confirmed', occupies = true, decided_at = made_at WHERE number = ?", again.Number)
	w.must(err)
	resident.get("/fi/varaukset/"+again.Number).page().says("section[aria-labelledby=change]", "hyväksynyt juuri tämän ajan").silent("section[aria-labelledby=change]", "Siirrä toiseen")
	resident.get("/fi/varaukset/" + again.Number + "/siirra").want(422)
}

// A place that is booked by the day offers days: one choice on each, made
// already, whatever time a link asked for.
func TestWholeDayPickerOffersDays(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET whole_day = true WHERE slug = 'kokous'")
	w.must(err)
	b := w.browser("resident")
	p := b.open("/fi/tilat/kokous?date=2026-11-24&start=12:30&minutes=60").is(200)
	p.count("input[name=start]", 1).count("input[name=minutes]", 1).says("p.start-label", "Koko päivä").says("button[data-book]", "6.00–23.00")
	p.count("details.greys", 0).says("span.day-long", "1 vapaa")
	b.press("/fi/tilat/kokous").is(200)
	b.press("/fi/varaa", "terms", "1").is(200).says("h1", "Varaus on vahvistettu").says("p.ticket-when", "6.00–23.00")
	b.open("/fi/tilat/kokous?date=2026-11-24").is(200).count("input[name=start]", 0)
	b.open("/fi/tilat/kokous?date=2026-11-25").is(200).count("input[name=start]", 1)
	if n := w.count("SELECT buffer_before * 10000 + buffer_after FROM reservations"); n != 6*60*10000+60 {
		t.Errorf("buffers %d", n)
	}
}
