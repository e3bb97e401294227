package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
)

// turn is specimen for what is about turns that are given back or not used.
func (m *matrix) turn(r route, args []string) []string {
	switch r.name {
	case "list-affected", "decide-affected":
		args = append(args, "talo")
	case "give-back", "give-back-it":
		made := m.reservation("kokous")
		args = append(args, m.Secrets.GiveBackToken(made.ID, m.who["admin"].person.UID))
	case "unused-dismiss":
		args = append(args, m.idleSeries().String())
	}
	return args
}

// idleSeries is a weekly turn of the choir in room "kokous", without dates.
func (w *town) idleSeries() uuid.UUID {
	w.t.Helper()
	var uid string
	w.must(w.DB.Query(ctx, &uid, `INSERT INTO series (uid, resource, unit, rule, zone, kind, holder_kind, holder_association, title,
		first_date, from_minute, to_minute, created_at, changed_at)
		VALUES (gen_random_uuid(), ?, ?, 'FREQ=WEEKLY', 'Europe/Helsinki', 'ordinary', 'association', ?, 'Harjoitus', '2026-11-03', 720, 780, ?, ?) RETURNING uid::text`,
		w.rooms["kokous"].ID, w.rooms["kokous"].Unit, w.choir.ID, w.clock, w.clock))
	return uuid.MustParse(uid)
}

// giveBackPath is the address that the resident is sent about a reservation.
func (w *town) giveBackPath(r reservationView, who string) string {
	return "/give-back/" + w.Secrets.GiveBackToken(r.ID, w.who[who].person.UID)
}

func TestGiveBackLink(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-26 12:00", "2026-11-26 13:00")
	path := w.giveBackPath(made, "resident")
	anybody := w.who["anon"]
	before := w.count("SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)")

	// link scanners look, in every way that changes nothing
	for range 30 {
		page := anybody.get(path)
		page.want(200, "Luovu vuorosta", "kokous", made.Number)
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"} {
			if got := page.Header.Get(name); got != want {
				t.Fatalf("%s: %q", name, got)
			}
		}
		for _, name := range []string{*w.who["resident"].person.Email, w.who["resident"].person.Name} {
			if strings.Contains(page.text, name) {
				t.Fatalf("the page tells who has it: %s", name)
			}
		}
	}
	for _, method := range []string{http.MethodHead, http.MethodOptions} {
		anybody.send(method, path, "", header{"Sec-Purpose": "prefetch"})
	}
	if after := w.count("SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)"); after != before {
		t.Fatalf("looking wrote %d rows", after-before)
	}

	anybody.post(path, url.Values{"revision": {"7"}}).want(409, "Varaus on nyt näin")
	if a := anybody.post(path, url.Values{"revision": {"1"}}, header{"Sec-Fetch-Site": "cross-site"}); a.StatusCode != 403 {
		t.Fatalf("from elsewhere: %d", a.StatusCode)
	}
	done := anybody.post(path, url.Values{"revision": {"1"}})
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != path {
		t.Fatalf("%d %s", done.StatusCode, done.Header.Get("Location"))
	}
	anybody.get(path).want(200, "Vuorosta on luovuttu. Kiitos!")
	anybody.post(path, url.Values{"revision": {"2"}}).want(409, "Varaus on jo käsitelty")
	if strings.Contains(w.log.String(), strings.TrimPrefix(path, "/give-back/")) {
		t.Error("the log has the token")
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'cancelled' AND reason_code = 'given_back'"); n != 1 {
		t.Errorf("%d given back", n)
	}
}

func TestGiveBackLinkThatIsNotGood(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-26 12:00", "2026-11-26 13:00")
	path := w.giveBackPath(made, "resident")
	for _, bad := range []string{path[:len(path)-1], path[:len(path)-2] + "AA", "/give-back/x", w.giveBackPath(made, "other")} {
		w.who["anon"].get(bad).want(404, "Tällä linkillä ei voi luopua mistään vuorosta")
		w.who["anon"].post(bad, url.Values{"revision": {"1"}}).want(404, "Kirjaudu sisään")
	}
	w.clock = w.at("2026-11-26 12:00")
	w.who["anon"].get(path).want(200, "Varauksen aika on jo alkanut", "Kerro silti, jos et tule", "Varaa uusi aika")
	w.who["anon"].get(path+"?lang=sv").want(200, "Meddela ändå om du inte kommer")
	w.who["anon"].post(path, url.Values{"revision": {"1"}}).want(422, "jo alkanut")
}

func (w *town) asksForCheckIn() {
	w.t.Helper()
	_, err := w.DB.Exec(ctx, "UPDATE resources SET release_after_minutes = 15 WHERE slug = 'kokous'")
	w.must(err)
}

func TestDoorAndCheckIn(t *testing.T) {
	w := newTown(t)
	w.asksForCheckIn()
	resident := w.who["resident"]
	made := resident.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.clock = w.at("2026-11-24 11:30")
	resident.get("/fi/varaukset/"+made.Number).want(200, "Voit ilmoittautua ti 24.11.2026 klo 11.45 alkaen", "klo 12.15 mennessä")
	resident.post("/fi/varaukset/"+made.Number+"/saavuin", nil).want(422, "aikaisintaan ti 24.11.2026 klo 11.45")
	w.clock = w.at("2026-11-24 12:05")
	w.who["anon"].get("/qr/kokous").want(200, "Varattu nyt", "Klo 13.00 asti", "Onko tämä sinun vuorosi?", "/fi/kirjaudu?return=%2Fqr%2Fkokous")
	other := w.who["other"].get("/qr/kokous")
	other.want(200, "Varattu nyt")
	if strings.Contains(other.text, made.Number) || strings.Contains(other.text, "Olen paikalla") {
		t.Error("others learn whose turn it is")
	}
	resident.get("/qr/kokous").want(200, "Sinun vuorosi 12.00–13.00", "Ilmoittaudu viimeistään klo 12.15", "Olen paikalla")
	in := resident.post("/fi/varaukset/"+made.Number+"/saavuin", url.Values{"return": {"/qr/kokous"}})
	if in.StatusCode != http.StatusSeeOther || in.Header.Get("Location") != "/qr/kokous" {
		t.Fatalf("%d %s", in.StatusCode, in.Header.Get("Location"))
	}
	resident.get("/qr/kokous").want(200, "Saapuminen merkitty ti 24.11.2026 klo 12.05")
	w.clock = w.at("2026-11-24 14:00")
	w.who["anon"].get("/qr/kokous").want(200, "Vapaa nyt", "Varaa tämä tila")
	w.who["anon"].get("/qr/ei-ole").want(404)
}

func TestStaffTickArrivals(t *testing.T) {
	w := newTown(t)
	w.asksForCheckIn()
	resident, manager := w.who["resident"], w.who["manager"]
	made := resident.book("kokous", "2026-11-24 12:00", "2026-11-24 14:00")
	w.clock = w.at("2026-11-24 12:05")
	manager.get("/work").want(200, "Vapautuu klo 12.15", "Saapui", "Ei tullut")
	act := func(act string, revision string) answer {
		return manager.post("/work/reservations/"+made.Number, url.Values{"act": {act}, "revision": {revision}, "return": {"/work"}})
	}
	if a := act("check-in", "1"); a.StatusCode != 303 || a.Header.Get("Location") != "/work" {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	manager.get("/work/reservations/"+made.Number).want(200, "Saapuminen merkitty", "Peru merkintä", "Saapuminen merkittiin")
	act("check-in-undo", "2")
	act("no-show", "3")
	manager.get("/work").want(200, "Tänään käyttämättä jääneet", "Tulivat sittenkin")
	resident.get("/fi/varaukset/"+made.Number).want(200, "Varaus jäi käyttämättä", "Jäi käyttämättä")
	resident.get("/fi/omat").want(200, "Jäi käyttämättä")
	w.who["other"].book("kokous", "2026-11-24 12:30", "2026-11-24 13:00")
	act("no-show-undo", "4").want(409, "ehti varata")

	uid := w.idleSeries()
	for date, number := range map[string]string{"2026-11-10": "", "2026-11-17": "", "2026-12-01": ""} {
		begin := w.at(date + " 12:00")
		w.must(w.DB.Query(ctx, &number, `INSERT INTO reservations (uid, resource, unit, series, series_date, begin_at, end_at, kind, state, occupies, no_show,
			holder_kind, holder_association, made_at, changed_at)
			SELECT gen_random_uuid(), resource, unit, id, CAST(@date AS date), CAST(@begin AS timestamptz), CAST(@end AS timestamptz), 'ordinary', 'confirmed', @coming, NOT @coming,
			'association', holder_association, @made, @made FROM series WHERE uid = @uid RETURNING number`,
			map[string]any{"date": date, "begin": begin, "end": begin.Add(time.Hour), "coming": begin.After(w.clock), "made": w.clock, "uid": uid}))
	}
	manager.get("/work").want(200, "Käyttämättömät vuorot", "Käyttämättä ti 10.11.2026 ja ti 17.11.2026.", "Tulossa 1 kerta.")
	manager.post("/work/unused/"+uid.String(), nil)
	if page := manager.get("/work"); strings.Contains(page.text, "Käyttämättömät vuorot") {
		t.Error("still on the list")
	}
}

func TestCheckInOverTheAPI(t *testing.T) {
	w := newTown(t)
	w.asksForCheckIn()
	admin, manager := w.who["admin"], w.who["manager"]
	made := admin.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	if made.CheckIn == nil || made.CheckIn.Till == nil || !made.CheckIn.Till.Equal(w.at("2026-11-24 12:15")) || made.NoShow {
		t.Fatalf("%+v", made.CheckIn)
	}
	w.clock = w.at("2026-11-24 12:10")
	call := func(g *guest, act string, want int) reservationView {
		t.Helper()
		return decode[reservationView](g.call(http.MethodPost, "/reservations/"+made.ID.String()+"/"+act, map[string]any{}, header{"If-Match": "*"}).want(want))
	}
	if r := call(admin, "check-in", 200); r.CheckIn.At == nil || !r.CheckIn.At.Equal(w.clock) {
		t.Errorf("%+v", r.CheckIn)
	}
	call(manager, "undo-check-in", 200)
	admin.call(http.MethodPost, "/reservations/"+made.ID.String()+"/no-show", map[string]any{}, header{"If-Match": "*"}).problem(403, "auth.forbidden")
	if r := call(manager, "no-show", 200); !r.NoShow || r.State != string(booking.Confirmed) {
		t.Errorf("%+v", r)
	}
	if r := call(manager, "undo-no-show", 200); r.NoShow || r.CheckIn.At == nil {
		t.Errorf("%+v", r)
	}
	made = admin.book("kokous", "2026-11-26 12:00", "2026-11-26 13:00")
	if r := call(admin, "give-back", 200); r.State != string(booking.Cancelled) || r.Reason.Code != booking.ReasonGivenBack {
		t.Errorf("%+v", r)
	}
}
