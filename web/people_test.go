package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
)

// scopes are the feeds beside one's own, by who may have them.
func (w *town) scopes() map[string]map[string]any {
	return map[string]map[string]any{
		"resource":    {"scope": "resource", "id": w.rooms["kokous"].UID},
		"unit":        {"scope": "unit", "id": w.units["talo"].UID},
		"association": {"scope": "association", "id": w.choir.UID},
	}
}

// Scenario 129: rooms, sites and associations are polled as one's own calendar
// is – empty, full, unchanged, packed, ended.
func TestScenario129_FeedsOfEveryScopeAreServed(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["admin"], w.who["anon"]
	for name, ask := range w.scopes() {
		feed := decode[feedView](g.call("POST", "/feeds", ask).want(http.StatusCreated))
		path := strings.TrimPrefix(feed.URL, testBase)
		if feed.Name == "" || feed.Scope != name {
			t.Errorf("%s: %+v", name, feed)
		}
		empty := anon.get(path).want(200, "BEGIN:VTIMEZONE", "END:VCALENDAR\r\n")
		if strings.Contains(empty.text, "VEVENT") {
			t.Fatalf("%s: nothing is booked yet", name)
		}
		made := g.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "holder", map[string]any{"kind": "association", "id": w.choir.UID.String()})
		full := anon.get(path).want(200, "BEGIN:VEVENT")
		if told := strings.Contains(full.text, "Harjoitus"); told != (name == "association") {
			t.Errorf("%s: title told: %v\n%s", name, told, full.text)
		}
		for _, secret := range []string{"admin@demo.example", "SUMMARY:admin"} {
			if strings.Contains(full.text, secret) {
				t.Errorf("%s tells %s", name, secret)
			}
		}
		tag := full.Header.Get("ETag")
		anon.get(path, header{"If-None-Match": tag}).want(304)
		packed := anon.get(path, header{"Accept-Encoding": "gzip"}).want(200)
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == tag {
			t.Errorf("%s is not packed", name)
		}
		if head := anon.send("HEAD", path, "").want(200); head.text != "" || head.Header.Get("ETag") != tag || head.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: HEAD %v", name, head.Header)
		}
		g.call("POST", "/reservations/"+made.Number+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": "*"}).want(200)
		if gone := anon.get(path, header{"If-None-Match": tag}).want(200); strings.Contains(gone.text, "VEVENT") {
			t.Errorf("%s: cancelled means gone", name)
		}
		fresh := decode[feedView](g.call("POST", "/feeds/"+feed.ID.String()+"/rotate", map[string]any{}).want(200))
		anon.get(path).want(404)
		again := strings.TrimPrefix(fresh.URL, testBase)
		anon.get(again).want(200)
		g.call("DELETE", "/feeds/"+feed.ID.String(), nil).want(http.StatusNoContent)
		anon.get(again).want(404)
	}
	list := decode[pageView[feedView]](g.call("GET", "/feeds", nil).want(200))
	if len(list.Items) != 0 {
		t.Errorf("ended, but listed: %+v", list.Items)
	}
}

// A fault of the database is 503 for every scope, never an empty calendar.
func TestFeedsOfEveryScopeWithoutDatabase(t *testing.T) {
	w := newTown(t)
	var paths []string
	for _, ask := range w.scopes() {
		feed := decode[feedView](w.who["admin"].call("POST", "/feeds", ask).want(http.StatusCreated))
		paths = append(paths, strings.TrimPrefix(feed.URL, testBase))
	}
	w.DB.Close()
	for _, path := range paths {
		if got := w.who["anon"].get(path); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" || strings.Contains(got.text, "VCALENDAR") {
			t.Errorf("%d %s", got.StatusCode, got.text)
		}
	}
}

// Sixty fetches an hour, then a pause that says how long it lasts; another
// address is not touched by that, and one that is not there is not remembered.
func TestFeedsAreFetchedSixtyTimesAnHour(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["resident"], w.who["anon"]
	_, path := g.subscription()
	_, other := g.subscription()
	for range fetchesPerHour {
		anon.get(path).want(200)
	}
	w.clock = w.clock.Add(10 * time.Minute)
	if got := anon.get(path).want(http.StatusTooManyRequests, "60"); got.Header.Get("Retry-After") != "3000" {
		t.Errorf("Retry-After %q", got.Header.Get("Retry-After"))
	}
	anon.get(other).want(200)
	anon.get("/feeds/" + strings.Repeat("A", 43) + ".ics").want(404)
	if n := len(w.fetches.hours); n != 2 {
		t.Errorf("%d addresses are remembered", n)
	}
	w.clock = w.clock.Add(50 * time.Minute)
	anon.get(path).want(200)
}

// The dialog names what it subscribes to, and offers the services of others
// only where they can reach us.
func TestSubscribeDialog(t *testing.T) {
	for base, public := range map[string]bool{"http://vuoro.test": true, "http://127.0.0.1:8080": false, "https://vuoro.local": false} {
		if reachable(base) != public {
			t.Errorf("%s", base)
		}
	}
	w := newTown(t)
	g := w.who["admin"]
	for query, name := range map[string]string{"room=kokous": "kokous, talo", "unit=talo": "talo", "association=" + w.choir.UID.String(): "Kuoro"} {
		field, value, _ := strings.Cut(query, "=")
		g.get("/sv/prenumerera?"+query).want(200, "<h1>Kalender: "+name, `name="`+field+`" value="`+value+`"`)
		made := g.post("/sv/prenumerera", url.Values{field: {value}}).want(200, "webcal://vuoro.test/feeds/", "calendar.google.com", "outlook.live.com", "outlook.office.com", "<svg role=\"img\"", name)
		if made.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(made.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: %v", query, made.Header)
		}
	}
	for _, query := range []string{"room=nowhere", "unit=nowhere", "association=x", "association=" + uuid.NewString()} {
		g.get("/sv/prenumerera?" + query).want(404)
	}
	w.who["other"].get("/sv/prenumerera?association=" + w.choir.UID.String()).want(404)
	w.who["city"].get("/sv/prenumerera?association=" + w.choir.UID.String()).want(404)
	if got := w.who["anon"].get("/sv/prenumerera?room=kokous").want(303); !strings.Contains(got.Header.Get("Location"), "room%3Dkokous") {
		t.Errorf("after the sign-in: %s", got.Header.Get("Location"))
	}
}

// A member sees the association and its bookings, and none of its other
// members; who left sees nothing.
func TestAssociationAsItsMembersSeeIt(t *testing.T) {
	w := newTown(t)
	page := "/fi/omat/seurat/" + w.choir.UID.String()
	admin, member := w.who["admin"], w.who["member"]
	made := admin.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "holder", map[string]any{"kind": "association", "id": w.choir.UID.String()})
	admin.get(page).want(200, "member@demo.example", `name="act" value="invite"`)
	if seen := member.get(page).want(200, "Kuoro"); strings.Contains(seen.text, "admin@demo.example") || strings.Contains(seen.text, `value="invite"`) {
		t.Error("a member sees who else belongs")
	}
	member.get("/fi/omat").want(200, "Vain omat", made.Number)
	if own := member.get("/fi/omat?holder=me").want(200); strings.Contains(own.text, made.Number) {
		t.Error("one's own bookings are not the association's")
	}
	member.get("/fi/omat?holder="+w.choir.UID.String()).want(200, made.Number)
	member.post(page, url.Values{"act": {"remove"}, "person": {admin.person.UID.String()}}).want(403)
	admin.post(page, url.Values{"act": {"role"}, "person": {admin.person.UID.String()}, "new_role": {"booker"}}).want(422, "Kuoro", "ylläpitäjä")
	admin.post(page, url.Values{"act": {"invite"}, "email": {"liisa@"}, "role": {"booker"}}).want(422, `value="liisa@"`, `aria-invalid="true"`)
	admin.post(page, url.Values{"act": {"burn"}}).want(400)
	member.post(page+"/eroa", nil).want(303)
	member.get(page).want(404)
	member.get("/fi/varaukset/" + made.Number).want(404)
	if gone := member.get("/fi/omat").want(200); strings.Contains(gone.text, made.Number) {
		t.Error("who left sees its bookings")
	}
}

// A link to an association says what one becomes; used up, it leads to the
// sign-in and not to a new link.
func TestInvitationPage(t *testing.T) {
	w := newTown(t)
	email := "liisa@example.org"
	_, err := w.Accounts.InviteMember(ctx, (&matrix{town: w}).actor("admin"), w.choir.UID, accounts.MemberInvitation{
		Email: email, Role: accounts.Booker, Language: "sv", ReturnTo: "/sv/mina/foreningar/" + w.choir.UID.String(),
	})
	w.must(err)
	link := "/sign-in/" + w.linkOf(email)
	anon := w.who["anon"]
	anon.get(link).want(200, "Kuoro", "bokare")
	done := anon.post(link, nil).want(303)
	if done.Header.Get("Location") != "/sv/mina/foreningar/"+w.choir.UID.String() {
		t.Errorf("it leads to %s", done.Header.Get("Location"))
	}
	if used := anon.get(link, header{"Accept-Language": "sv"}).want(410, "/sv/logga-in"); regexp.MustCompile(`/sign-in/[^"]+/renew`).MatchString(used.text) {
		t.Error("an invitation can be renewed by who has it")
	}
}

// An admin who changes the details of an old page is told, and what was typed
// stays; the API wants to know the revision.
func TestAssociationDetails(t *testing.T) {
	w := newTown(t)
	admin := w.who["admin"]
	page := "/en/mine/associations/" + w.choir.UID.String() + "/details"
	admin.get(page).want(200, `name="revision" value="1"`)
	form := url.Values{"revision": {"1"}, "name": {"Kuoro ry"}, "kind": {"association"}, "registered": {"1"}}
	admin.post(page, form).want(303)
	form.Set("name", "Vanha kuoro")
	admin.post(page, form).want(409, `value="Vanha kuoro"`)
	ask := map[string]any{"name": "Kuoro ry", "kind": "association", "registered": "1"}
	one := "/associations/" + w.choir.UID.String()
	admin.call("PUT", one, ask).problem(428, "precondition_missing")
	admin.call("PUT", one, ask, header{"If-Match": `"1"`}).problem(412, "stale")
	w.who["other"].call("PUT", one, ask).problem(404, "not_found")
	ask["unverified"] = false
	admin.call("PUT", one, ask, header{"If-Match": `"2"`}).want(422)
	seen := decode[associationView](admin.call("GET", one, nil).want(200))
	if seen.Verified || seen.Name != "Kuoro ry" || seen.Role != accounts.Admin || seen.Revision != 2 {
		t.Errorf("%+v", seen)
	}
	w.who["city"].call("POST", one+"/verify", map[string]any{"under_18": false}, header{"If-Match": `"2"`}).want(200, `"verified":true`)
	admin.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "holder", map[string]any{"kind": "association", "id": w.choir.UID.String()})
	w.who["city"].call("DELETE", one, nil, header{"If-Match": "*"}).problem(422, "association.has_bookings")
}
