package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/ledger"
	"vuoro/notify"
	"vuoro/resources"
	"vuoro/web/static"
)

// allowed are the actors that an audience lets in, when the reservation is the
// choir's in unit "talo", made by its admin, and holds, tokens and
// subscriptions are the admin's.
var allowed = map[audience][]string{
	anyone:      actors,
	secretOwner: actors,
	signedIn:    {"other", "member", "admin", "othermanager", "manager", "city"},
	viewers:     {"member", "admin", "manager", "city"},
	holders:     {"admin", "manager", "city"},
	bookers:     {"admin"},
	managers:    {"manager", "city"},
	unitStaff:   {"manager", "city"},
	staff:       {"othermanager", "manager", "city"},
	reporters:   {"othermanager", "manager", "city"},
	holdOwner:   {"admin"},
	owner:       {"admin"},
	ownerOrCity: {"admin", "city"},
	asker:       {"manager"},

	members:      {"member", "admin"},
	memberViewer: {"member", "admin", "city"},
	memberAdmins: {"admin", "city"},
	keepers:      {"othermanager", "manager", "city"},
	cityAdmins:   {"city"},
}

// TestRouteMatrix asks every route as every kind of actor. Who is not in the
// route's audience is turned away and changes nothing; who is gets through to
// the use case.
func TestRouteMatrix(t *testing.T) {
	w := newTown(t, func(s *Server) { s.Limits = Limits{PerAddress: 1000} })
	m := &matrix{town: w, next: w.at("2026-12-01 08:00")}
	for _, r := range slices.Concat(routes, w.api.routes) {
		t.Run(r.name, func(t *testing.T) {
			w.t = t
			for _, name := range actors {
				m.ask(t, r, name)
			}
		})
	}
}

type matrix struct {
	*town
	next time.Time // the next free time for a specimen
}

// ask sends one request to a specimen of the route's own.
func (m *matrix) ask(t *testing.T, r route, name string) {
	t.Helper()
	target, form, body := m.specimen(r)
	before := m.fingerprint()
	g := m.who[name]
	var got answer
	switch {
	case r.upload && r.handle == nil:
		got = g.upload(target, form, smallPhoto(t), header{"X-CSRF-Token": g.csrf})
	case r.handle == nil:
		target = strings.TrimPrefix(target, apiPrefix)
		got = g.call(r.method, target, body, header{"If-Match": "*"})
	case r.upload:
		got = g.upload(target, form, smallPhoto(t))
	case r.write():
		got = g.post(target, form)
	default:
		got = g.get(target)
	}
	away := turnedAway(got, r)
	want := !slices.Contains(allowed[r.who], name)
	if away != want {
		t.Errorf("%s: turned away = %v, want %v (%d %s)\n%.300s", name, away, want, got.StatusCode, got.Header.Get("Location"), got.text)
	}
	if got.StatusCode >= 500 {
		t.Errorf("%s: %d", name, got.StatusCode)
	}
	if away && m.fingerprint() != before {
		t.Errorf("%s: was turned away, but something was written", name)
	}
	if name != "anon" && strings.Contains(r.name, "sign-") {
		g.signIn() // the route may have ended or changed the session
	}
}

// turnedAway: not signed in, not allowed, or told that there is nothing at an
// address where there is something.
func turnedAway(a answer, r route) bool {
	switch a.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound:
		return strings.Contains(r.at[0], ":")
	case http.StatusSeeOther:
		to := a.Header.Get("Location")
		return r.who != anyone && r.who != secretOwner && (strings.HasPrefix(to, "/fi/kirjaudu") || strings.HasPrefix(to, "/en/sign-in"))
	}
	return false
}

// fingerprint changes with everything that a use case writes, but not with a
// visit.
func (m *matrix) fingerprint() int {
	return m.count(`SELECT (SELECT count(*) FROM reservations) * 7 + (SELECT COALESCE(sum(revision), 0) FROM reservations) + (SELECT count(*) FROM audit)
		+ (SELECT count(*) FROM outbox) + (SELECT count(*) FROM feeds WHERE revoked_at IS NULL) + (SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL)`)
}

// slot is a time that nothing has taken yet.
func (m *matrix) slot() (begin, end string) {
	m.next = m.next.Add(time.Hour)
	if m.next.Hour() >= 20 {
		m.next = m.next.Add(12 * time.Hour)
	}
	return m.next.Format("2006-01-02 15:04"), m.next.Add(30 * time.Minute).Format("2006-01-02 15:04")
}

// reservation is a new one of the choir: a request, or confirmed.
func (m *matrix) reservation(room string) reservationView {
	begin, end := m.slot()
	return m.who["admin"].book(room, begin, end, "holder", map[string]any{"kind": "association", "id": m.choir.UID.String()})
}

func (m *matrix) hold() reservationView {
	begin, end := m.slot()
	return m.who["admin"].book("kokous", begin, end, "hold", true)
}

// specimen is an address of the route with something real behind it, and a
// form or body that a use case would take.
func (m *matrix) specimen(r route) (target string, form url.Values, body any) {
	form = url.Values{"revision": {"1"}, "reason": {"syy"}, "reason_code": {"other"}, "scope": {"person"}, "name": {"Nimi"}, "language": {"fi"}}
	begin, end := m.slot()
	body = map[string]any{}
	args := []string{}
	switch {
	case slices.Contains([]string{"approve", "deny", "approve-reservation", "deny-reservation", "withdraw-reservation"}, r.name):
		args = append(args, m.reservation("sali").ID.String())
	case slices.Contains([]string{"extend-reservation", "confirm-reservation", "release-hold"}, r.name):
		args = append(args, m.hold().ID.String())
	case isSeriesRoute(r):
		return m.seriesSpecimen(r, form, [2]string{begin, end})
	case strings.Contains(r.at[0], ":ref"):
		made := m.reservation("kokous")
		args = append(args, made.ID.String())
		form.Set("begin", m.at(begin).Format(time.RFC3339))
	case strings.Contains(r.at[0], ":slug"):
		args = append(args, "kokous")
	}
	if strings.HasSuffix(r.name, "-reservation") {
		body = map[string]any{"reason": "syy", "reason_code": "other"}
	}
	return m.more(r, args, form, body, [2]string{begin, end})
}

func (m *matrix) more(r route, args []string, form url.Values, body any, slot [2]string) (string, url.Values, any) {
	query := ""
	switch r.name {
	case "make-reservation", "explain":
		body = m.times("kokous", slot[0], slot[1])
	case "close-resources":
		body = map[string]any{"resources": []any{m.rooms["kokous"].UID}, "begin": m.at(slot[0]), "end": m.at(slot[1])}
	case "decide-affected":
		body = map[string]any{"verdict": "keep", "rows": []any{uuid.New()}}
	case "move-reservation":
		body = map[string]any{"begin": m.at(slot[0]), "end": m.at(slot[1])}
	case "confirm-reservation":
		body = map[string]any{"title": "Harjoitus", "persons": 3}
	case "extend-reservation":
		body = nil
	case "write-memo":
		body = map[string]any{"text": "muistio"}
	case "make-token":
		body = map[string]any{"name": "x", "scopes": []string{"read"}}
	case "make-feed":
		body = map[string]any{"scope": "person"}
	case "subscribe-end", "subscribe-renew", "revoke-feed", "rotate-feed":
		args = append(args, m.feed().UID.String())
	case "revoke-token":
		args = append(args, m.token().String())
	case "read-unit", "read-tree", "admin-unit", "admin-tree", "admin-unit-hours", "admin-history", "admin-hours-copy", "admin-hours-copy-make":
		args = append(args, "talo")
	case "admin-unit-save", "admin-tree-change", "admin-unit-hours-save", "admin-room-hours-save", "admin-unit-make", "admin-first-book",
		"add-unit", "save-unit", "add-space", "save-space", "remove-space", "add-device", "save-device", "remove-device":
		return m.placeSpecimen(r, args, form)
	case "terms-version":
		args = []string{m.liveTerms("k" + strings.ReplaceAll(uuid.NewString(), "-", "")).Key, "1"}
	case "read-resource", "resource-availability":
		args = append(args, "kokous")
	case "feed":
		token, _, err := m.Booking.MakeFeed(ctx, m.actor("admin"), booking.FeedRequest{Scope: booking.PersonScope})
		m.must(err)
		args = append(args, token)
	case "event-file":
		made := m.reservation("kokous")
		args, query = append(args, made.ID.String()), "?"+strings.SplitN(made.Calendar, "?", 2)[1]
	case "sign-in-link", "sign-in-follow", "sign-in-renew":
		args = append(args, m.link())
	case "demo-sign-in":
		form.Set("person", m.who["resident"].person.UID.String())
	case "sign-in-ask":
		form.Set("email", uuid.NewString()+"@example.org")
	case "static":
		return static.Path("app.css"), form, nil
	case "short":
		args = append(args, "V-2026-001000")
	case "mail":
		args = append(args, m.mail())
	case "report-hours-json", "report-demand":
		query = "?from=2026-11-01&to=2026-11-30"
	case "requests-decide":
		form.Set("act", "approve-picked")
		form.Set("pick", m.reservation("sali").Number+":1")
	case "work-act":
		form.Set("act", "cancel")
	}
	args, body = m.whatIf(r, m.turn(r, args), form, body)
	args, body = m.people(r, m.rules(r, args, form), form, bookBody(r, body))
	if args, body = m.waiting(r, args, form, body); r.name == "wait-join" {
		query = "?" + form.Encode()
	}
	switch r.name {
	case "resource-availability":
		query = "?from=2026-12-01"
	case "list-reservations":
		query = "?scope=mine"
	}
	args, more, editor := m.editorSpecimen(r, args, form)
	if editor != nil {
		body = editor
	}
	if r.method == fiber.MethodGet || r.method == fiber.MethodDelete {
		body = nil
	}
	query += more
	return fill(r.at[0], args) + query, form, body
}

func (w *town) actor(name string) accounts.Actor {
	a, err := w.Accounts.Authenticate(ctx, w.who[name].cookie, "192.0.2.1")
	w.must(err)
	return a
}

func (m *matrix) feed() booking.Feed {
	_, feed, err := m.Booking.MakeFeed(ctx, m.actor("admin"), booking.FeedRequest{Scope: booking.PersonScope})
	m.must(err)
	return feed
}

func (m *matrix) token() uuid.UUID {
	_, token, err := m.Accounts.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{
		Person: m.who["admin"].person.ID, Scopes: []string{accounts.ScopeRead}, Lifetime: time.Hour,
	})
	m.must(err)
	return token.UID
}

// link is the token of a fresh sign-in link.
func (m *matrix) link() string {
	email := uuid.NewString() + "@example.org"
	m.must(m.Accounts.RequestLink(ctx, accounts.Actor{Address: uuid.NewString()}, accounts.LinkRequest{Email: email, Language: "fi"}))
	return m.linkOf(email)
}

// linkOf is the token of the one link to an address.
func (w *town) linkOf(email string) string {
	var id string
	w.must(w.DB.Query(ctx, &id, "SELECT id::text FROM sign_in_links WHERE email = ?", email))
	return w.Secrets.SignID(ledger.ForSignIn, uuid.MustParse(id))
}

// mail is the number of a mail in the mailbox.
func (m *matrix) mail() string {
	id := uuid.NewString()
	m.must(notify.Mailbox{DB: m.DB}.Send(ctx, notify.Message{ID: id, To: "a@example.org", Subject: "Aihe", Text: "Teksti", Date: m.clock}))
	return strconv.Itoa(m.count("SELECT id FROM mailbox WHERE message_id = ?", id))
}

// TestEveryRouteHasARow compares what fiber serves with the tables: an address
// that is in none would not be in the matrix.
func TestEveryRouteHasARow(t *testing.T) {
	w := newTown(t)
	known := map[string]bool{}
	for _, r := range slices.Concat(routes, w.api.routes) {
		if _, ok := allowed[r.who]; !ok {
			t.Errorf("%s: nobody knows who %q is", r.name, r.who)
		}
		for _, pattern := range r.patterns() {
			known[r.method+" "+pattern] = true
			if r.method == http.MethodGet && r.handle != nil {
				known["HEAD "+pattern] = true
			}
		}
	}
	for _, r := range w.app.GetRoutes(true) {
		if !known[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served but in no table", r.Method, r.Path)
		}
		delete(known, r.Method+" "+r.Path)
	}
	for row := range known {
		t.Errorf("%s is in a table but not served", row)
	}
}

// picture is a photograph of the room "kokous".
func (m *matrix) picture() resources.Picture {
	upload, err := resources.ReadUpload(smallPhoto(m.t))
	m.must(err)
	_, err = m.DB.Exec(ctx, "DELETE FROM pictures") // a room has only so many
	m.must(err)
	made, err := m.Resources.AddPicture(ctx, m.DB, resources.Picture{
		Resource: m.rooms["kokous"].ID, Width: upload.Width, Height: upload.Height,
	}, upload.Files)
	m.must(err)
	return made
}

// editorSpecimen is specimen for the editor of places.
func (m *matrix) editorSpecimen(r route, args []string, form url.Values) (_ []string, query string, body any) {
	switch r.name {
	case "resource-new", "resource-make":
		query = "?unit=talo"
		form.Set("unit", "talo")
		form.Set("name_fi", "Uusi")
	case "resource-section", "resource-save":
		args = append(args, "texts")
		form.Set("revision", "999") // stale: the rooms of the town stay as they are
		form.Set("name_fi", "Kokous")
		form.Set("slug", "kokous")
	case "resource-step":
		form.Set("revision", "999")
		form.Set("act", "archive")
	case "resource-copy-make":
		form.Set("name_fi", "Kopio")
	case "make-resource":
		body = map[string]any{"unit": "talo", "settings": map[string]any{"name": map[string]any{"fi": "Uusi"}, "rule_book": "open"}}
	case "save-settings":
		args = append(args, "ryhma")
		body = map[string]any{"name": map[string]any{"fi": "Ryhmä"}, "rule_book": "missing"} // is refused
	case "step-resource":
		args = append(args, "ryhma")
		body = map[string]any{"step": "publish"}
	case "save-unit-hours", "save-resource-hours":
		args = append(args, map[string]string{"save-unit-hours": "talo", "save-resource-hours": "kokous"}[r.name])
		query, body = "?dry_run=true", map[string]any{"periods": []any{}}
	case "read-unit-hours", "write-unit-hours":
		args = append(args, "talo")
	case "read-settings", "add-picture", "read-resource-hours", "write-resource-hours":
		args = append(args, "kokous")
	case "remove-picture":
		args = append(args, "kokous", m.picture().UID.String())
	case "picture-act":
		args = append(args, m.picture().UID.String())
		form.Set("act", "up")
	case "picture":
		args = append(args, m.picture().UID.String()+"-400.jpg")
	}
	return args, query, body
}
