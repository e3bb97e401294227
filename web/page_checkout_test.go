package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vuoro/db"
)

// choose opens a room, chooses a time and comes to the checkout.
func (b *browser) choose(room, date, start, minutes string) page {
	b.town.t.Helper()
	b.open("/fi/tilat/" + room + "?date=" + date + "&start=" + start + "&minutes=" + minutes).is(200)
	p := b.press("/fi/tilat/" + room).is(200)
	if !strings.HasPrefix(p.Request.URL.Path, "/fi/varaa") {
		b.town.t.Fatalf("came to %s", p.Request.URL)
	}
	return p
}

// From the home page to a confirmed booking in four presses, signed in: a free
// time on a card, book, accept the terms, confirm.
func TestBookInFourPresses(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	home := b.open("/fi")
	b.open(attribute(home.all("a.chip-link")[0], "href")).is(200) // 1
	action := attribute(b.at.all("button[data-book]")[0], "formaction")
	b.press(action).is(200).says("button.btn.primary", "Vahvista varaus") // 2
	p := b.press("/fi/varaa", "terms", "1").is(200)                       // 3 and 4
	p.says("h1", "Varaus on vahvistettu").says("div.alert", "Tervetuloa").says("p.ticket-number", "V-2026-")
	if n := w.rows("reservations WHERE state = 'confirmed'"); n != 1 {
		t.Errorf("%d reservations", n)
	}
	if _, kept := b.cookies[draftCookie]; kept {
		t.Error("the form is kept after it was sent")
	}
}

// The sign-in link opens in another browser: hold and form travel with it.
func TestSignInInAnotherBrowser(t *testing.T) {
	w := newTown(t)
	laptop := w.browser("")
	p := laptop.choose("kokous", "2026-11-24", "12:00", "60")
	p.says("strong[data-left]", "min").count("input[name=email]", 1)
	laptop.press("/fi/varaa", "do", "email", "email", "uusi@example.org", "title", "Körövning ☀", "persons", "7", "terms", "1").is(200).says("h1", "Katso sähköpostisi")

	phone := w.browser("")
	link := w.mailedLink("uusi@example.org")
	phone.open(link).is(200).says("p.lead", "uusi@example.org")
	p = phone.press(link).is(200).says("h1", "Vahvista varaus").says("strong[data-left]", "min")
	for name, want := range map[string]string{"title": "Körövning ☀", "persons": "7", "terms": "on"} {
		if got := p.input(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// the first booking asks for a name, and keeps all the rest
	p = phone.press("/fi/varaa").is(422).says("p.error", "Nimi puuttuu")
	if p.input("title") != "Körövning ☀" || p.input("terms") != "on" {
		t.Error("the form lost something")
	}
	phone.press("/fi/varaa", "name", "Uusi Ihminen").is(200).says("h1", "Varaus on vahvistettu").says("dd", "Uusi Ihminen").says("dd", "Körövning ☀")
	if n := w.rows("reservations"); n != 1 {
		t.Errorf("%d reservations: the hold should have become the booking", n)
	}
}

// The same button pressed twice, and the same form sent again later, lead to
// the same receipt.
func TestDoubleClickBooksOnce(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	form := b.values("/fi/varaa")
	form.Set("terms", "1")
	first := b.send(http.MethodPost, "/fi/varaa", form.Encode()).is(200)
	second := b.send(http.MethodPost, "/fi/varaa", form.Encode()).is(200)
	if first.Request.URL.Path != second.Request.URL.Path {
		t.Errorf("%s and %s", first.Request.URL, second.Request.URL)
	}
	if n := w.rows("reservations"); n != 1 {
		t.Errorf("%d reservations", n)
	}
}

// The ten minutes are over: the page says so, nothing is lost, and the time can
// still be had when nobody else took it.
func TestHoldThatRanOut(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	form := b.values("/fi/varaa")
	form.Set("terms", "1")
	form.Set("title", "Kerho")
	w.clock = w.clock.Add(11 * time.Minute)
	b.open(b.at.Request.URL.String()).is(200).says("p.alert-title", "Aika ei ole enää varattuna sinulle").count("strong[data-left]", 0)
	b.send(http.MethodPost, "/fi/varaa", form.Encode()).is(200).says("h1", "Varaus on vahvistettu").says("dd", "Kerho")
}

// Somebody else was faster after it ran out: the same page with everything
// typed, and up to five ways out; the form survives the way to one of them.
func TestTimeThatIsLost(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	w.clock = w.clock.Add(11 * time.Minute)
	w.who["other"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	p := b.press("/fi/varaa", "terms", "1", "title", "Kerho", "persons", "5").is(http.StatusConflict)
	p.says("div.error-summary", "Joku ehti varata").says("p.alert-title", "Varaa näistä jokin sen sijaan")
	if p.input("title") != "Kerho" || p.input("persons") != "5" {
		t.Error("the form lost something")
	}
	alert := p.all("div.alert.warning")[0]
	var ways []string
	for n := range alert.Descendants() {
		if href := attribute(n, "href"); n.Data == "a" && !strings.HasPrefix(href, "/fi/jono") { // waiting is one more
			ways = append(ways, href)
		}
	}
	if len(ways) == 0 || len(ways) > 5 {
		t.Fatalf("%d ways out", len(ways))
	}
	b.open(ways[0]).is(200)
	action := attribute(b.at.all("button[data-book]")[0], "formaction")
	p = b.press(action).is(200)
	if p.input("title") != "Kerho" || p.input("persons") != "5" {
		t.Error("the form did not come along")
	}
	b.press("/fi/varaa", "terms", "1").is(200).says("h1", "Varaus on vahvistettu")
}

func TestCheckoutRefusals(t *testing.T) {
	w := newTown(t)
	for i, c := range []struct {
		name   string
		form   []string
		status int
		field  string // that is marked, "" = none
		says   string
	}{
		{"no terms", nil, 422, "terms", "ehtojen hyväksymistä"},
		{"too many people", []string{"terms", "1", "persons", "21"}, 422, "persons", "Tilaan mahtuu enintään 20 henkilöä"},
		{"people in words", []string{"terms", "1", "persons", "monta"}, 422, "persons", "numeroin"},
		{"ten thousand characters", []string{"terms", "1", "title", strings.Repeat("ö", 10_000)}, 422, "title", "liian pitkä"},
		{"control characters", []string{"terms", "1", "title", "a\x00b"}, 422, "title", "merkkejä"},
		{"another's association", []string{"terms", "1", "holder", w.choir.UID.String()}, 403, "", ""},
		{"no association at all", []string{"terms", "1", "holder", "kissa"}, 422, "", "varaaja"},
		{"unknown room", []string{"terms", "1", "room", "linna"}, 404, "", ""},
		{"end before begin", []string{"terms", "1", "end", "2026-11-24T09:00Z"}, 404, "", ""},
		{"no time", []string{"terms", "1", "begin", "eilen"}, 404, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			b := w.browser("resident")
			b.choose("kokous", "2026-11-24", fmt.Sprintf("%02d:00", 8+i), "60") // a hold hides its own time from the picker
			p := b.press("/fi/varaa", c.form...)
			if c.name == "end before begin" && p.StatusCode == 422 {
				c.status = 422
			}
			p.is(c.status)
			if !strings.Contains(words(p.one("body")), c.says) {
				t.Errorf("does not say %q: %.600s", c.says, words(p.one("main")))
			}
			if c.field != "" && attribute(p.one("[name="+c.field+"]"), "aria-invalid") != "true" {
				t.Errorf("%s is not marked", c.field)
			}
		})
	}
	if n := w.rows("reservations WHERE state <> 'held'"); n != 0 {
		t.Errorf("%d reservations were written", n)
	}
}

func TestBookForAnAssociation(t *testing.T) {
	w := newTown(t)
	w.browser("member").choose("kokous", "2026-11-24", "15:00", "60").count("input[name=holder]", 0) // a member does not book for it
	b := w.browser("admin")
	p := b.choose("sali", "2026-11-24", "12:00", "60").count("input[name=holder]", 2).says("span", "Maksuton, toimipiste päättää")
	p.says("button", "Lähetä pyyntö").says("div.alert", "Saat vastauksen sähköpostiin")
	b.press("/fi/varaa", "terms", "1", "holder", w.choir.UID.String()).is(200).says("h1", "Pyyntö on lähetetty").says("dd", "Kuoro")
	if n := w.rows("reservations WHERE state = 'requested' AND holder_association = ?", w.choir.ID); n != 1 {
		t.Errorf("%d requests of the choir", n)
	}
}

func TestMoreTimeOnce(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	w.clock = w.clock.Add(8 * time.Minute)
	p := b.press("/fi/varaa/jatka", "title", "Kerho").is(200).says("strong[data-left]", "10 min 0 s")
	if p.input("title") != "Kerho" {
		t.Error("the form is lost")
	}
	for _, n := range p.all("button") {
		if attribute(n, "formaction") == "/fi/varaa/jatka" {
			t.Error("more time is offered twice")
		}
	}
	form := b.values("/fi/varaa")
	b.send(http.MethodPost, "/fi/varaa/jatka", form.Encode()).is(http.StatusConflict).says("div.error-summary", "jatkettu kerran")
}

func TestGivingTheTimeUp(t *testing.T) {
	w := newTown(t)
	b := w.browser("")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	b.open("/fi/tilat/kokous?date=24.11.2026").says("div.alert", "Sinulla on varaus kesken")
	b.open(b.at.link("Jatka varausta")).is(200)
	b.press("/fi/varaa/luovu").is(200).says("div.alert", "muiden varattavissa")
	if n := w.rows("reservations"); n != 0 {
		t.Errorf("%d holds are left", n)
	}
	b.open("/fi/varaa").says("h1", "Etsi tila")
}

func TestCheckoutNeedsItsToken(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	b.press("/fi/varaa", "terms", "1", "csrf", "").is(http.StatusForbidden)
	if n := w.rows("reservations WHERE state <> 'held'"); n != 0 {
		t.Errorf("%d reservations were written", n)
	}
}

// Demo people act with one press at the checkout, and the form comes along.
func TestDemoPersonAtTheCheckout(t *testing.T) {
	w := newTown(t)
	b := w.browser("")
	b.choose("kokous", "2026-11-24", "12:00", "60")
	p := b.press("/demo/sign-in", "person", w.who["resident"].person.UID.String(), "title", "Kerho").is(200).says("h1", "Vahvista varaus")
	if p.input("title") != "Kerho" {
		t.Error("the form is lost")
	}
	b.press("/fi/varaa", "terms", "1").is(200).says("h1", "Varaus on vahvistettu")
}

func TestRequiredFieldsOfTheRoom(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET required_fields = ?::text[] WHERE slug = 'kokous'", db.Strings{"title", "persons", "open_to_all", "description"})
	w.must(err)
	b := w.browser("resident")
	p := b.choose("kokous", "2026-11-24", "12:00", "60")
	p.count("input[name=answer_open_to_all]", 2).count("textarea[name=answer_description]", 1)
	p = b.press("/fi/varaa", "terms", "1", "answer_description", "Kaikki tervetulleita", "title", "Ilta").is(422)
	p.says("div.error-summary", "Henkilömäärä").says("div.error-summary", "Avoin kaikille")
	if p.input("answer_description") != "Kaikki tervetulleita" {
		t.Error("the answer is lost")
	}
	b.press("/fi/varaa", "answer_open_to_all", "yes", "persons", "5").is(200).says("h1", "Varaus on vahvistettu")
}

func TestDraftFitsItsCookie(t *testing.T) {
	d := draft{
		Room: "kokous", Begin: "2026-11-24T10:00Z", End: "2026-11-24T11:00Z", Title: strings.Repeat("Kuoroharjoitus ", 13),
		Answers: map[string]string{"description": strings.Repeat("Harjoittelemme joulukonserttia varten. ", 51)},
	}
	if n := len(packDraft(d)); n == 0 || n > maxCookie {
		t.Errorf("%d bytes", n)
	}
	w := newTown(t)
	g := &guest{town: w}
	for _, bad := range []string{"!!!", "AAAA", strings.Repeat("A", 3000), packDraft(draft{Title: strings.Repeat("a", 1<<20)})} {
		g.get("/fi/varaa?room=kokous&begin=2026-11-24T10:00Z&end=2026-11-24T11:00Z", header{"Cookie": draftCookie + "=" + bad}).want(200)
	}
}

// Nobody can be led away from the site, and a link of nobody signs nobody in.
func TestSignInPages(t *testing.T) {
	w := newTown(t)
	known, unknown := w.browser(""), w.browser("")
	for b, address := range map[*browser]string{known: "resident@demo.example", unknown: "ei-ole@example.org"} {
		b.open("/fi/kirjaudu?return=/fi/omat")
		b.press("/fi/kirjaudu", "email", address).is(200)
	}
	if a, b := words(known.at.one("main")), words(unknown.at.one("main")); a != b {
		t.Errorf("known: %s\nunknown: %s", a, b)
	}
	known.open("/fi/kirjaudu")
	known.press("/fi/kirjaudu", "email", "kissa").is(422).says("p.error", "ei ole sähköpostiosoite")
	link := w.mailedLink("resident@demo.example")
	known.open(link).is(200)
	known.open(link).is(200) // looking uses nothing up
	known.press(link).is(200).says("h1", "Omat varaukset")
	again := w.browser("")
	again.open(link).is(http.StatusGone).says("p.lead", "uusi linkki")
	again.press(link+"/renew").is(200).says("h1", "Katso sähköpostisi")
	again.open("/sign-in/forged").is(http.StatusNotFound)
	for _, evil := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, "javascript:alert(1)"} {
		b := w.browser("")
		b.open("/fi/kirjaudu?return=" + url.QueryEscape(evil))
		b.press("/demo/sign-in", "person", w.who["resident"].person.UID.String()).is(200)
		if host := b.at.Request.URL.Host; strings.Contains(host, "evil") {
			t.Errorf("%s led to %s", evil, host)
		}
	}
	known.open("/fi/profiili")
	known.press("/sign-out").is(200).says("div.alert", "kirjautunut ulos")
	known.open("/fi/omat").says("h1", "Kirjaudu")
}

func TestProfile(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.open("/fi/profiili").is(200)
	p := b.press("/fi/profiili", "name", "", "phone", "soita").is(422)
	p.says("p.error", "Nimi puuttuu").says("p.error", "puhelinnumero")
	if p.input("phone") != "soita" {
		t.Error("what was typed is lost")
	}
	b.press("/fi/profiili", "name", "Aina Vesi", "phone", "040 123 4567", "language", "sv").is(200).says("h1", "Mina uppgifter").says("div.alert", "sparats")
}

// On a real installation nobody acts as anybody and no mail is shown.
func TestDemoPagesOnlyInTheDemo(t *testing.T) {
	w := newTown(t, func(s *Server) { s.Demo = false })
	w.browser("").open("/demo/mailbox").is(404)
	w.browser("").open("/demo/mailbox/1").is(404)
	w.browser("").open("/fi/kirjaudu").is(200).count("button.person", 0)
	(&guest{town: w}).post("/demo/sign-in", url.Values{"person": {w.who["city"].person.UID.String()}}).want(404)
}

func TestLinksInMails(t *testing.T) {
	got := string(linked("Avaa <b>https://vuoro.test/sign-in/abc.</b>\nja http://x/?a=1&b=2"))
	want := "Avaa &lt;b&gt;<a href=\"https://vuoro.test/sign-in/abc\">https://vuoro.test/sign-in/abc</a>.&lt;/b&gt;\nja <a href=\"http://x/?a=1&amp;b=2\">http://x/?a=1&amp;b=2</a>"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
