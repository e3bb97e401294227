package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// subscription makes a feed of a guest and gives its path.
func (g *guest) subscription() (id, path string) {
	g.town.t.Helper()
	feed := decode[feedView](g.call("POST", "/feeds", map[string]any{"scope": "person"}).want(http.StatusCreated))
	if !strings.HasPrefix(feed.URL, testBase+"/feeds/") || feed.Webcal != "webcal://vuoro.test"+strings.TrimPrefix(feed.URL, testBase) {
		g.town.t.Fatalf("%+v", feed)
	}
	return feed.ID.String(), strings.TrimPrefix(feed.URL, testBase)
}

// Scenario 127: a secret address shows what is one's own and stands.
func TestScenario127_SecretFeedOfAPerson(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["resident"], w.who["anon"]
	_, path := g.subscription()
	empty := anon.get(path).want(200, "BEGIN:VTIMEZONE", "END:VCALENDAR\r\n")
	if strings.Contains(empty.text, "VEVENT") {
		t.Fatal("nothing is booked yet")
	}
	stays := g.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	gone := g.book("kokous", "2026-11-25 12:00", "2026-11-25 13:00")
	w.who["other"].book("kokous", "2026-11-26 12:00", "2026-11-26 13:00", "title", "Vieras")
	feed := anon.get(path).want(200, stays.ID.String()+"@vuoro", gone.ID.String(), "SUMMARY:Harjoitus")
	if strings.Count(feed.text, "BEGIN:VEVENT") != 2 || strings.Contains(feed.text, "Vieras") {
		t.Fatal(feed.text)
	}
	g.call("POST", "/reservations/"+gone.Number+"/cancel", map[string]any{"reason_code": "plans_changed"}, header{"If-Match": `"1"`}).want(200, `"cancelled"`)
	if after := anon.get(path).want(200); strings.Contains(after.text, gone.ID.String()) {
		t.Fatal("cancelled means gone")
	}
	for _, wrong := range []string{"/feeds/x.ics", "/feeds/" + strings.Repeat("A", 43) + ".ics", "/feeds/.ics"} {
		if got := anon.get(wrong); got.StatusCode != 404 || strings.Contains(got.text, "VCALENDAR") {
			t.Errorf("%s: %d %s", wrong, got.StatusCode, got.text)
		}
	}
}

func TestFeedHeaders(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["resident"], w.who["anon"]
	id, path := g.subscription()
	g.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	first := anon.get(path).want(200)
	for name, want := range map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
		"Content-Disposition": `inline; filename="vuoro.ics"`,
	} {
		if got := first.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(first.Header.Get("Cache-Control"), "private") {
		t.Error("a secret feed may be shared by caches")
	}
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if !regexp.MustCompile(`^"[^"]+"$`).MatchString(tag) || modified == "" {
		t.Fatalf("%q %q", tag, modified)
	}
	w.clock = w.clock.Add(time.Minute)
	if again := anon.get(path).want(200); again.text != first.text || again.Header.Get("ETag") != tag {
		t.Error("nothing changed, but the bytes did")
	}
	for _, c := range []struct {
		header header
		status int
	}{
		{header{"If-None-Match": tag}, 304},
		{header{"If-None-Match": `"a", ` + tag}, 304},
		{header{"If-None-Match": "W/" + tag}, 304},
		{header{"If-None-Match": "*"}, 304},
		{header{"If-None-Match": `"a"`}, 200},
		{header{"If-Modified-Since": modified}, 304},
		{header{"If-Modified-Since": "yesterday"}, 200},
		{header{"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200},
		{header{"If-None-Match": `"a"`, "If-Modified-Since": modified}, 200}, // the date counts only without a tag
	} {
		got := anon.get(path, c.header).want(c.status)
		if got.Header.Get("ETag") != tag || c.status == 304 && got.text != "" {
			t.Errorf("%v: %q %d bytes", c.header, got.Header.Get("ETag"), len(got.text))
		}
	}
	head := anon.send("HEAD", path, "").want(200)
	if head.text != "" || head.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d bytes", len(head.text))
	}
	g.call("DELETE", "/feeds/"+id, nil).want(http.StatusNoContent)
	gone, never := anon.get(path).want(404), anon.get("/feeds/"+strings.Repeat("B", 43)+".ics").want(404)
	if gone.text != never.text {
		t.Errorf("revoked %q, unknown %q", gone.text, never.text)
	}
	anon.get(path, header{"If-None-Match": tag}).want(404)
	token := strings.TrimSuffix(strings.TrimPrefix(path, "/feeds/"), ".ics")
	if strings.Contains(w.log.String(), token) || !strings.Contains(w.log.String(), "/feeds/:token.ics") {
		t.Error("the log has a token, or no pattern")
	}
}

func TestFeedPacked(t *testing.T) {
	w := newTown(t)
	_, path := w.who["resident"].subscription()
	plain := w.who["anon"].get(path).want(200)
	packed := w.who["anon"].get(path, header{"Accept-Encoding": "gzip, br"}).want(200)
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Fatal("packed bytes need a tag of their own")
	}
	r, err := gzip.NewReader(strings.NewReader(packed.text))
	w.must(err)
	body, err := io.ReadAll(r)
	w.must(err)
	if string(body) != plain.text {
		t.Fatal("not the same calendar")
	}
	w.who["anon"].get(path, header{"Accept-Encoding": "gzip", "If-None-Match": packed.Header.Get("ETag")}).want(304)
}

// A fault of the database is never an empty calendar: programs would delete
// everything.
func TestFeedWithoutDatabase(t *testing.T) {
	w := newTown(t)
	_, path := w.who["resident"].subscription()
	w.DB.Close()
	got := w.who["anon"].get(path)
	if got.StatusCode != 503 || got.Header.Get("Retry-After") == "" || strings.Contains(got.text, "VCALENDAR") {
		t.Fatalf("%d %q %s", got.StatusCode, got.Header.Get("Retry-After"), got.text)
	}
	w.who["anon"].get("/livez").want(200)
	w.who["anon"].get("/readyz").want(503)
}

// Scenario 128: one reservation as a file, by a signed link.
func TestScenario128_SignedFileOfOneReservation(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["resident"], w.who["anon"]
	made := g.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	signed := strings.TrimPrefix(made.Calendar, testBase)
	bare, signature, _ := strings.Cut(signed, "?signature=")
	anon.get(bare).want(400)
	anon.get(bare + "?signature=" + strings.Repeat("A", 43)).want(400)
	anon.get(bare + "?signature=" + signature[:42]).want(400)
	other := g.book("ryhma", "2026-11-24 12:00", "2026-11-24 13:00")
	anon.get("/reservations/" + other.ID.String() + ".ics?signature=" + signature).want(400)
	anon.get("/reservations/nonsense.ics?signature=" + signature).want(404)
	uid := regexp.MustCompile(`UID:\S+`)
	first, second := anon.get(signed).want(200), anon.get(signed).want(200)
	if uid.FindString(first.text) != "UID:"+made.ID.String()+"@vuoro" || uid.FindString(first.text) != uid.FindString(second.text) {
		t.Fatal(first.text)
	}
	if strings.Contains(first.text, "X-WR-CALNAME") || first.Header.Get("Content-Type") != calendarType {
		t.Fatal("a single file must not make a calendar of its own")
	}
	// known by signature, but not there any more
	g.call("POST", "/reservations/"+made.Number+"/cancel", map[string]any{"reason_code": "other"}, header{"If-Match": "1"}).want(200)
	anon.get(signed).want(404)
}

func TestTagsAndEncodings(t *testing.T) {
	for _, c := range []struct {
		header, tag string
		want        bool
	}{
		{``, `"a"`, false},
		{`"a"`, `"a"`, true},
		{`"b","a"`, `"a"`, true},
		{`W/"a"`, `"a"`, true},
		{`*`, `"a"`, true},
		{`a`, `"a"`, false},
		{`"ab"`, `"a"`, false},
	} {
		if matchesTag(c.header, c.tag) != c.want {
			t.Errorf("%s %s", c.header, c.tag)
		}
	}
	w := newTown(t)
	asset := w.who["anon"].get("/fi/nowhere").want(404)
	css := regexp.MustCompile(`/static/app\.[0-9a-f]+\.css`).FindString(asset.text)
	for encoding, packed := range map[string]bool{"": false, "gzip": true, "br;q=1, gzip;q=0": false, "*": true, "deflate": false} {
		got := w.who["anon"].get(css, header{"Accept-Encoding": encoding}).want(200)
		if (got.Header.Get("Content-Encoding") == "gzip") != packed || got.Header.Get("Cache-Control") != immutable {
			t.Errorf("%q: %q %q", encoding, got.Header.Get("Content-Encoding"), got.Header.Get("Cache-Control"))
		}
		w.who["anon"].get(css, header{"Accept-Encoding": encoding, "If-None-Match": got.Header.Get("ETag")}).want(304)
	}
	w.who["anon"].get("/static/app.000000000000.css").want(404)
	picture := w.who["anon"].get("/img/room/kokous.svg").want(200, "<svg")
	if picture.Header.Get("Content-Type") != "image/svg+xml" {
		t.Error(picture.Header)
	}
	w.who["anon"].get("/img/room/kokous.svg", header{"If-None-Match": picture.Header.Get("ETag")}).want(304)
	w.who["anon"].get("/img/room/unknown.svg").want(404)
}
