package web

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/fault"
	"vuoro/web/locales"
)

func TestErrorPagesSpeakThePagesLanguage(t *testing.T) {
	w := newTown(t)
	anon := w.who["anon"]
	for lang, path := range map[string]string{"fi": "/fi/eioo", "sv": "/sv/finnsinte", "en": "/en/nowhere"} {
		say := locales.New(lang, w.Zone)
		head, _ := firstSentence(say.T("not_found"))
		anon.get(path).want(404, `<html lang="`+lang+`"`, head, `role="search"`, pathTo("rooms", lang), pathTo("home", lang))
	}
	anon.get("/nowhere", header{"Accept-Language": "sv-FI, fi;q=0.5"}).want(404, `<html lang="sv"`)
	got := anon.send("PUT", "/fi/tietosuoja", "")
	if got.StatusCode != 405 || !strings.Contains(got.Header.Get("Allow"), "GET") {
		t.Errorf("PUT: %d, Allow %q", got.StatusCode, got.Header.Get("Allow"))
	}
	anon.send("PUT", "/api/v1/units", "", header{"Origin": testBase}).problem(405, "method_not_allowed")
	anon.get("/api/v1/nothing", header{"Accept-Language": "sv"}).problem(404, "not_found")
	sv := anon.get("/api/v1/resources/unknown", header{"Accept-Language": "sv"}).problem(404, "resource.not_found")
	fi := anon.get("/api/v1/resources/unknown", header{"Accept-Language": "fi"}).problem(404, "resource.not_found")
	if sv.Detail == fi.Detail {
		t.Error("one sentence for two languages")
	}
}

// TestOurOwnMistakes: people get a sentence and a number, the log the cause.
func TestOurOwnMistakes(t *testing.T) {
	w := newTown(t)
	w.app.Get("/broken", w.page(route{name: "broken", method: get, at: one("/broken"), who: anyone, handle: func(*visit) error {
		return errors.New("the reason of it")
	}}))
	w.app.Get("/panic", w.page(route{name: "panic", method: get, at: one("/panic"), who: anyone, handle: func(*visit) error { panic("at the disco") }}))
	for path, cause := range map[string]string{"/broken": "the reason of it", "/panic": "at the disco"} {
		got := w.who["anon"].get(path).want(500)
		id := got.Header.Get("X-Request-Id")
		if id == "" || !strings.Contains(got.text, id) || strings.Contains(got.text, cause) {
			t.Errorf("%s: %q in %.500s", path, id, got.text)
		}
		if log := w.log.String(); !strings.Contains(log, cause) || !strings.Contains(log, id) {
			t.Errorf("%s: the log lacks cause or number", path)
		}
	}
}

// TestLogLines: one line for each request, with the pattern of its route and
// nothing of its visitor.
func TestLogLines(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	_, path := g.subscription()
	w.log.Reset()
	targets := []string{path, "/sign-in/" + strings.Repeat("s", 64), "/en/rooms?q=secretsearch", "/feeds/deep/" + strings.Repeat("t", 43), "/api/v1/me"}
	for _, target := range targets {
		g.get(target)
	}
	lines := strings.Split(strings.TrimSpace(w.log.String()), "\n")
	if len(lines) != len(targets) {
		t.Fatalf("%d lines for %d requests:\n%s", len(lines), len(targets), w.log.String())
	}
	for _, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry["id"] == "" || entry["status"] == nil || entry["route"] == nil {
			t.Errorf("%v in %s", err, line)
		}
	}
	for _, secret := range []string{g.cookie, g.csrf, "secretsearch", strings.Repeat("s", 20), strings.Repeat("t", 20), strings.TrimPrefix(path, "/feeds/")[:20], "resident"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

func TestHeadersOfEveryPage(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{"/en/privacy", "/nowhere", "/api/v1/units", "/livez", "/en/mine"} {
		got := w.who["anon"].get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s %s: %q", path, name, got.Header.Get(name))
			}
		}
		if got.Header.Get("Server") != "" || len(got.Header.Get("X-Request-Id")) != 12 {
			t.Errorf("%s: %v", path, got.Header)
		}
	}
	if strings.Contains(contentPolicy, "unsafe") || strings.Contains(contentPolicy, "*") {
		t.Error(contentPolicy)
	}
}

// TestPersonalPagesAreNotKept: what is somebody's may not be stored on the way.
func TestPersonalPagesAreNotKept(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	made := g.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	for _, path := range []string{"/fi/tietosuoja", "/fi/omat", "/fi/varaukset/" + made.Number, "/api/v1/me", "/api/v1/reservations"} {
		got := g.get(path).want(200)
		if !strings.Contains(got.Header.Get("Cache-Control"), "no-store") || !strings.Contains(got.Header.Get("Vary"), "Cookie") {
			t.Errorf("%s: %q, Vary %q", path, got.Header.Get("Cache-Control"), got.Header.Get("Vary"))
		}
	}
	public := w.who["anon"].get("/fi/tietosuoja").want(200)
	if cache := public.Header.Get("Cache-Control"); strings.Contains(cache, "no-store") || public.Header.Get("Set-Cookie") != "" || strings.Contains(public.text, `name="csrf"`) {
		t.Errorf("a public page for nobody: %q %q", cache, public.Header.Get("Set-Cookie"))
	}
}

func TestCookies(t *testing.T) {
	w := newTown(t)
	plain := w.who["anon"].post("/demo/sign-in", url.Values{"person": {w.who["resident"].person.UID.String()}})
	cookie := plain.Header.Get("Set-Cookie")
	for _, want := range []string{"vuoro=", "HttpOnly", "SameSite=Lax", "max-age=2592000", "path=/"} {
		if !strings.Contains(strings.ToLower(cookie), strings.ToLower(want)) {
			t.Errorf("no %s in %s", want, cookie)
		}
	}
	if strings.Contains(strings.ToLower(cookie), "secure") {
		t.Error("browsers drop secure cookies of http")
	}
	secure := newTown(t, func(s *Server) { s.BaseURL = "https://vuoro.test" })
	got := secure.who["anon"].post("/demo/sign-in", url.Values{"person": {secure.who["resident"].person.UID.String()}}, header{"Origin": "https://vuoro.test"})
	if cookie := strings.ToLower(got.Header.Get("Set-Cookie")); !strings.HasPrefix(cookie, "__host-vuoro=") || !strings.Contains(cookie, "secure") || strings.Contains(cookie, "domain") {
		t.Error(cookie)
	}
	if got.Header.Get("Strict-Transport-Security") == "" {
		t.Error("https without HSTS")
	}
}

func TestLanguageOfTheVisitor(t *testing.T) {
	w := newTown(t)
	anon, g := w.who["anon"], w.who["resident"]
	for accept, want := range map[string]string{
		"": "/fi", "sv": "/sv", "en-GB,en;q=0.9,fi;q=0.8": "/en", "de": "/fi", "de,sv;q=0.3,en;q=0.2": "/sv", "fi;q=0,en;q=0.1": "/en", ";;q=x": "/fi",
	} {
		if got := anon.get("/", header{"Accept-Language": accept}).want(302).Header.Get("Location"); got != want {
			t.Errorf("%q leads to %s, want %s", accept, got, want)
		}
	}
	if got := anon.get("/", header{"Cookie": langCookie + "=en", "Accept-Language": "sv"}).Header.Get("Location"); got != "/en" {
		t.Errorf("a chosen language leads to %s", got)
	}
	if got := g.get("/r/V-2026-001000", header{"Accept-Language": "en"}).want(302).Header.Get("Location"); got != "/fi/varaukset/V-2026-001000" {
		t.Errorf("the person reads Finnish, but %s", got)
	}
	chosen := anon.get("/sv/dataskydd", header{"Accept-Language": "fi"}).want(200).Header.Get("Set-Cookie")
	if !strings.HasPrefix(chosen, langCookie+"=sv") {
		t.Errorf("a choice is not kept: %q", chosen)
	}
	page := anon.get("/fi/tietosuoja").want(200)
	for _, href := range []string{`hreflang="sv" href="` + testBase + `/sv/dataskydd"`, `hreflang="en" href="` + testBase + `/en/privacy"`} {
		if !strings.Contains(page.text, href) {
			t.Errorf("no %s", href)
		}
	}
	if strings.Contains(page.text, "evil.example") {
		t.Error("the Host header is believed")
	}
}

func TestEveryKindHasAnAnswer(t *testing.T) {
	say := locales.New("fi", time.UTC)
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if statuses[kind] < 400 {
			t.Errorf("kind %d has no status", kind)
		}
		if got := sentence(say, kind, "a.code.without.words", nil); got == "" || strings.Contains(got, ".words") {
			t.Errorf("kind %d says %q", kind, got)
		}
	}
	if status, f := statusOf(fiber.NewError(599)); status != 500 || f.Kind != fault.Internal {
		t.Errorf("an unknown status of the HTTP layer gives %d", status)
	}
}

func TestAddresses(t *testing.T) {
	if got := pathTo("room", "sv", "Ä/b"); got != "/sv/lokaler/%C3%84%2Fb" {
		t.Error(got)
	}
	if got := pathTo("cancel-it", "en", "V-2026-001000"); got != "/en/reservations/V-2026-001000/cancel" {
		t.Error(got)
	}
	for name, args := range map[string][]string{"nothing": nil, "room": nil, "home": {"x"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s %v is an address", name, args)
				}
			}()
			pathTo(name, "fi", args...)
		}()
	}
}
