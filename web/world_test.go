package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
)

var ctx = context.Background()

// town is a small town behind a real server: two units with staff, a choir and
// another association, four rooms of which one wants an approval. It is Monday
// 23 November 2026, noon in Helsinki; tests turn the clock.
type town struct {
	*Server
	t     testing.TB
	app   *fiber.App
	clock time.Time
	log   bytes.Buffer
	units map[string]resources.Unit
	rooms map[string]resources.Resource
	who   map[string]*guest
	choir accounts.Association
}

// guest is somebody with a browser.
type guest struct {
	town   *town
	person accounts.Person
	cookie string // of the session, "" = none
	csrf   string
}

const testBase = "http://vuoro.test"

// parsed are the pages that all towns share: to read the templates takes longer
// than many a test.
var parsed = sync.OnceValues(func() (*pages, error) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, err
	}
	return parsePages(zone)
})

// newTown lets the test run beside others: each has a town of its own.
func newTown(t testing.TB, change ...func(*Server)) *town {
	t.Helper()
	dbtest.Beside(t)
	d := dbtest.New(t)
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, units: map[string]resources.Unit{}, rooms: map[string]resources.Resource{}, who: map[string]*guest{}}
	w.clock = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	now := func() time.Time { return w.clock }
	places := &resources.Service{DB: d, Now: now, Zone: zone}
	w.must(d.Tx(ctx, func(tx *db.DB) error { return w.found(tx, places) }))
	secrets, err := ledger.LoadSecrets(ctx, d)
	w.must(err)
	parts := Server{
		Config: Config{BaseURL: testBase, Limits: Limits{PerAddress: 1000}}, DB: d, Resources: places,
		Catalogue: &catalogue.Service{DB: d, Places: places, Now: now},
		Booking:   &booking.Service{DB: d, Resources: places, Now: now, Zone: zone, BaseURL: testBase, Secrets: secrets, HoldsPerAddress: 1000},
		Accounts:  &accounts.Service{DB: d, Now: now, Secrets: secrets},
		Reports:   &reports.Service{DB: d, Zone: zone},
		Secrets:   secrets, Now: now, Zone: zone, Demo: true, Name: locales.Texts{Fi: "Testikaupunki", Sv: "Teststaden", En: "Testtown"},
		Log: slog.New(slog.NewJSONHandler(&w.log, nil)),
	}
	parts.pages, err = parsed()
	w.must(err)
	for _, fn := range change {
		fn(&parts)
	}
	w.Server, err = New(parts)
	w.must(err)
	w.app = w.App()
	w.people()
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// found writes places and rules.
func (w *town) found(tx *db.DB, places *resources.Service) error {
	if _, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', 'Europe/Helsinki', '{}', ?)", w.clock); err != nil {
		return err
	}
	if err := ledger.MakeSecrets(ctx, tx, w.clock); err != nil {
		return err
	}
	from := w.clock.AddDate(-5, 0, 0)
	for key, verdict := range map[string]policies.Verdict{"open": policies.Allow, "approval": policies.Approval} {
		_, err := places.AddRuleBook(ctx, tx, resources.RuleBook{Key: key, Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(
			policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: verdict, Price: "free"}}}})})
		if err != nil {
			return err
		}
	}
	for _, slug := range []string{"talo", "toinen"} {
		unit, err := places.AddUnit(ctx, tx, resources.Unit{Slug: slug, Name: all(slug), City: "Helsinki", Address: "Katu 1", Holidays: "normal"})
		if err != nil {
			return err
		}
		w.units[slug] = unit
		span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 6 * 60, To: 23 * 60, Kind: policies.Reservable}
		if err := places.SetPeriods(ctx, tx, resources.Owner{Unit: unit.ID}, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}}); err != nil {
			return err
		}
	}
	for _, r := range []struct{ slug, unit, book string }{
		{"kokous", "talo", "open"}, {"ryhma", "talo", "open"}, {"sali", "talo", "approval"}, {"muu", "toinen", "open"},
	} {
		if err := w.room(tx, places, r.slug, r.unit, r.book); err != nil {
			return err
		}
	}
	return nil
}

func all(text string) locales.Texts { return locales.Texts{Fi: text, Sv: text, En: text} }

func (w *town) room(tx *db.DB, places *resources.Service, slug, unit, book string) error {
	space, err := places.AddSpace(ctx, tx, resources.Space{Unit: w.units[unit].ID, Name: all(slug)})
	if err != nil {
		return err
	}
	notice, persons := 60, 20
	w.rooms[slug], err = places.AddResource(ctx, tx, resources.Resource{
		Unit: w.units[unit].ID, Slug: slug, Name: all(slug), Description: all(slug), Type: "meeting_room", Access: "open", State: "published", Raster: 30, MinMinutes: 30,
		RuleBook: book, PriceUnit: "hour", CancelMinutes: &notice, PersonsMax: &persons,
		Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
	}, []resources.Part{{Space: &space.ID, Count: 1}})
	return err
}

// people makes the seven kinds of actors of the route matrix, and one more
// resident.
func (w *town) people() {
	w.who["anon"] = &guest{town: w}
	other := accounts.Association{Name: "Toinen yhdistys", Kind: "association", Registered: "2", CreatedAt: w.clock}
	w.choir = accounts.Association{Name: "Kuoro", Kind: "association", Registered: "1", CreatedAt: w.clock}
	w.must(accounts.AddAssociation(ctx, w.DB, &w.choir))
	w.must(accounts.AddAssociation(ctx, w.DB, &other))
	talo, toinen := w.units["talo"].ID, w.units["toinen"].ID
	w.join("other", accounts.Admin, other.ID)
	w.join("member", accounts.Member, w.choir.ID)
	w.join("admin", accounts.Admin, w.choir.ID)
	w.employ("othermanager", accounts.Manager, &toinen)
	w.employ("manager", accounts.Manager, &talo)
	w.employ("city", accounts.CityAdmin, nil)
	w.person("resident")
}

// actors are the columns of the route matrix.
var actors = []string{"anon", "other", "member", "admin", "othermanager", "manager", "city"}

func (w *town) person(name string) *guest {
	w.t.Helper()
	email, adult := name+"@demo.example", true
	p := accounts.Person{Email: &email, Name: name, Language: "fi", Adult: &adult, Demo: true, CreatedAt: w.clock}
	w.must(accounts.AddPerson(ctx, w.DB, &p))
	g := &guest{town: w, person: p}
	w.who[name] = g
	g.signIn()
	return g
}

func (w *town) join(name, role string, association int64) {
	g := w.person(name)
	w.must(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: association, Person: g.person.ID, Role: role, CreatedAt: w.clock}))
}

func (w *town) employ(name, role string, unit *int) {
	g := w.person(name)
	w.must(accounts.GrantRole(ctx, w.DB, accounts.Role{Person: g.person.ID, Unit: unit, Role: role, CreatedAt: w.clock}))
	g.signIn() // a new right wants a new sign-in
}

func (g *guest) signIn() {
	g.town.t.Helper()
	in, err := g.town.Accounts.SignInAs(ctx, accounts.Actor{Address: "192.0.2.1"}, g.person.UID.String())
	g.town.must(err)
	g.cookie, g.csrf = in.SessionToken, g.town.Accounts.CSRF(in.Actor.Session)
}

// token is an API token of the guest.
func (g *guest) token(scopes ...string) string {
	g.town.t.Helper()
	plain, _, err := g.town.Accounts.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{Person: g.person.ID, Scopes: scopes, Lifetime: time.Hour})
	g.town.must(err)
	return plain
}

// answer is a response that was read.
type answer struct {
	*http.Response
	t    testing.TB
	what string
	text string
}

type header map[string]string

// send sends a request as it is, with the guest's cookie.
func (g *guest) send(method, target, body string, headers ...header) answer {
	g.town.t.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Host = "evil.example" // must not matter anywhere
	if g.cookie != "" {
		req.AddCookie(&http.Cookie{Name: g.town.sessionName(), Value: g.cookie})
	}
	for _, h := range headers {
		for name, value := range h {
			req.Header.Set(name, value)
		}
	}
	res, err := g.town.app.Test(req, -1)
	g.town.must(err)
	raw, err := io.ReadAll(res.Body)
	g.town.must(err)
	return answer{res, g.town.t, method + " " + target, string(raw)}
}

func (g *guest) get(target string, headers ...header) answer {
	g.town.t.Helper()
	return g.send(http.MethodGet, target, "", headers...)
}

// ours are the headers of a browser that posts from our own page.
var ours = header{"Origin": testBase, "Content-Type": "application/x-www-form-urlencoded"}

// post posts a form from our own page, with the session's token.
func (g *guest) post(target string, form url.Values, headers ...header) answer {
	g.town.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if g.csrf != "" {
		form.Set("csrf", g.csrf)
	}
	return g.send(http.MethodPost, target, form.Encode(), append([]header{ours}, headers...)...)
}

// call calls the API as a page's script would; body is marshalled unless it is
// a string.
func (g *guest) call(method, target string, body any, headers ...header) answer {
	g.town.t.Helper()
	text, isText := body.(string)
	if !isText && body != nil {
		raw, err := json.Marshal(body)
		g.town.must(err)
		text = string(raw)
	}
	all := []header{{"Origin": testBase, "X-CSRF-Token": g.csrf}}
	if text != "" {
		all[0]["Content-Type"] = "application/json"
	}
	return g.send(method, apiPrefix+target, text, append(all, headers...)...)
}

func bearer(token string) header { return header{"Authorization": "Bearer " + token} }

// want checks the status and texts that must be in the body.
func (a answer) want(status int, texts ...string) answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s: status %d, want %d\n%s", a.what, a.StatusCode, status, locales.Shorten(a.text, 1500))
	}
	for _, text := range texts {
		if !strings.Contains(a.text, text) {
			a.t.Fatalf("%s: no %q in\n%s", a.what, text, locales.Shorten(a.text, 3000))
		}
	}
	return a
}

// problem checks an error of the API by status and code.
func (a answer) problem(status int, code string) problem {
	a.t.Helper()
	a.want(status)
	var p problem
	if err := json.Unmarshal([]byte(a.text), &p); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.text)
	}
	if a.Header.Get("Content-Type") != problemType || p.Code != code || p.Status != status || p.Detail == "" || p.Request == "" {
		a.t.Fatalf("%s: %s %+v, want code %s", a.what, a.Header.Get("Content-Type"), p, code)
	}
	return p
}

func decode[T any](a answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.text), &v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.text)
	}
	return v
}

// at is a local time of the town's day "2026-11-24 12:00".
func (w *town) at(local string) time.Time {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", local, w.Zone)
	w.must(err)
	return t
}

// times is the body of a booking; more pairs of name and value may follow.
func (w *town) times(room, begin, end string, more ...any) map[string]any {
	w.t.Helper()
	body := map[string]any{
		"resource": w.rooms[room].UID.String(), "begin": w.at(begin).Format(time.RFC3339), "end": w.at(end).Format(time.RFC3339),
		"title": "Harjoitus", "persons": 5,
	}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// book books through the API.
func (g *guest) book(room, begin, end string, more ...any) reservationView {
	g.town.t.Helper()
	return decode[reservationView](g.call(http.MethodPost, "/reservations", g.town.times(room, begin, end, more...)).want(http.StatusCreated))
}

func (w *town) count(sql string, params ...any) int {
	w.t.Helper()
	var n int
	w.must(w.DB.Query(ctx, &n, sql, params...))
	return n
}

// written counts the rows that any write would add to.
func (w *town) written() int {
	return w.count(`SELECT (SELECT count(*) FROM reservations) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM change_log)
		+ (SELECT count(*) FROM outbox) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM sign_in_links) + (SELECT count(*) FROM feeds)`)
}

// listen serves the town on a loopback port.
func (w *town) listen() (address string, stop func()) {
	w.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	done := make(chan error, 1)
	go func() { done <- w.app.Listener(listener) }()
	return listener.Addr().String(), func() {
		w.must(w.app.Shutdown())
		w.must(<-done)
	}
}
