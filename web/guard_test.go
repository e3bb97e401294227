package web

import (
	"bufio"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vuoro/fault"
)

// TestWritesComeFromOurPages sends every write without the token, with a wrong
// one and from elsewhere: 403, and nothing is written.
func TestWritesComeFromOurPages(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	forged := []struct {
		name   string
		form   url.Values
		header header
	}{
		{"no token", url.Values{}, ours},
		{"wrong token", url.Values{"csrf": {w.who["city"].csrf}}, ours},
		{"foreign origin", url.Values{"csrf": {g.csrf}}, header{"Origin": "https://evil.example", "Content-Type": ours["Content-Type"]}},
		{"foreign site", url.Values{"csrf": {g.csrf}}, header{"Sec-Fetch-Site": "cross-site", "Origin": testBase, "Content-Type": ours["Content-Type"]}},
		{"origin of a null document", url.Values{"csrf": {g.csrf}}, header{"Origin": "null", "Content-Type": ours["Content-Type"]}},
		{"no origin", url.Values{"csrf": {g.csrf}}, header{"Content-Type": ours["Content-Type"]}},
		{"the host is not an origin", url.Values{"csrf": {g.csrf}}, header{"Origin": "http://evil.example", "Content-Type": ours["Content-Type"]}},
	}
	before, tried := w.written(), 0
	for _, r := range slices.Concat(routes, w.api.routes) {
		if !r.write() {
			continue
		}
		target := fill(r.at[0], slices.Repeat([]string{"x"}, strings.Count(r.at[0], ":")))
		for _, f := range forged {
			tried++
			if r.handle == nil {
				f.header = header{"Origin": f.header["Origin"], "Sec-Fetch-Site": f.header["Sec-Fetch-Site"], "X-CSRF-Token": f.form.Get("csrf"), "Content-Type": "application/json"}
				if r.upload {
					f.header["Content-Type"] = "multipart/form-data; boundary=x"
				}
				g.send(r.method, target, "{}", f.header).want(http.StatusForbidden, `"auth.`)
				continue
			}
			if r.upload {
				f.header = header{"Origin": f.header["Origin"], "Sec-Fetch-Site": f.header["Sec-Fetch-Site"]}
				g.forge(target, f.form, f.header).want(http.StatusForbidden)
				continue
			}
			g.send(r.method, target, f.form.Encode(), f.header).want(http.StatusForbidden)
		}
	}
	if tried < 100 || w.written() != before {
		t.Fatalf("%d tries, %d rows more", tried, w.written()-before)
	}
}

func TestOurOwnPagesMayWrite(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	for _, from := range []header{
		{"Origin": testBase},
		{"Sec-Fetch-Site": "same-origin"},
		{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}, // another name of the same server
		{"Referer": testBase + "/fi/tilat"},
	} {
		from["Content-Type"] = ours["Content-Type"]
		g.send("POST", "/appearance", url.Values{"csrf": {g.csrf}, "scheme": {"dark"}}.Encode(), from).want(http.StatusSeeOther)
	}
	token := header{"X-CSRF-Token": g.csrf, "Origin": testBase, "Content-Type": ours["Content-Type"]}
	g.send("POST", "/appearance", "scheme=light", token).want(http.StatusSeeOther)
}

// TestBearerTokensNeedNoOrigin: a program is no browser; without its scope it
// still may not.
func TestBearerTokensNeedNoOrigin(t *testing.T) {
	w := newTown(t)
	anon, g := w.who["anon"], w.who["resident"]
	body := `{"scope": "person"}`
	asJSON := header{"Content-Type": "application/json"}
	anon.send("POST", "/api/v1/feeds", body, asJSON).want(http.StatusUnauthorized, "auth.required")
	anon.send("POST", "/api/v1/feeds", body, asJSON, bearer(g.token("book"))).want(http.StatusCreated, "webcal://")
	anon.send("GET", "/api/v1/me", "", bearer("vuoro_"+strings.Repeat("A", 43))).problem(401, "auth.bad_token")
	anon.send("GET", "/api/v1/me", "", header{"Authorization": "Basic YTpi"}).problem(401, "auth.bad_token")
	reading := g.token("read")
	anon.send("GET", "/api/v1/me", "", bearer(reading)).want(200, `"scopes":["read"]`)
	g.call("POST", "/tokens", map[string]any{"scopes": []string{"read"}}, bearer(reading)).problem(403, "token.from_token")
	w.clock = w.clock.Add(2 * time.Hour)
	anon.send("GET", "/api/v1/me", "", bearer(reading)).problem(401, "auth.bad_token")
}

func TestForgedCookiesAreAnonymous(t *testing.T) {
	w := newTown(t)
	g := &guest{town: w}
	for _, cookie := range []string{
		"x", strings.Repeat("A", 43), strings.Repeat("A", 5000), w.who["city"].cookie + "A", w.who["city"].cookie[:42],
		"' OR 1=1 --", "../../etc/passwd",
	} {
		g.cookie = cookie
		got := g.get("/fi")
		if got.StatusCode != 200 && got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%q: %d", cookie, got.StatusCode)
		}
		g.call("GET", "/me", nil).want(http.StatusUnauthorized)
	}
	g.cookie = ""
	for _, flash := range []string{"x", "e30.AAAA", "eyJrIjoiaW5mbyIsIm0iOiJpbnRlcm5hbCJ9.e30"} {
		if got := g.get("/fi", header{"Cookie": flashCookie + "=" + flash}).want(200); strings.Contains(got.text, `class="alert`) {
			t.Errorf("a forged message is shown: %s", flash)
		}
	}
}

func TestBadRequests(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	before := w.written()
	long := strings.Repeat("ä", 10_000)
	book := func(more ...any) map[string]any {
		return w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00", more...)
	}
	for _, c := range []struct {
		name   string
		body   any
		status int
		code   string
	}{
		{"not JSON", "{", 400, "malformed"},
		{"deep JSON", strings.Repeat("[", 20_000), 400, "malformed"},
		{"a column of the table", book("state", "confirmed"), 422, "invalid"},
		{"another column", book("price_cents", 0), 422, "invalid"},
		{"a column of people", book("made_by", 1), 422, "invalid"},
		{"long title", book("title", long), 422, "too_long"},
		{"control characters", book("title", "a\u0000b"), 422, "bad_characters"},
		{"bell", book("title", "a\u0007b"), 422, "bad_characters"},
		{"no persons", book("persons", 0), 422, "booking.persons_number"},
		{"too many persons", book("persons", 21), 422, "booking.persons_max"},
		{"end before begin", w.times("kokous", "2026-11-24 13:00", "2026-11-24 12:00"), 422, "booking.end_before_begin"},
		{"the past", w.times("kokous", "2026-11-22 12:00", "2026-11-22 13:00"), 422, "booking.past"},
		{"no offset", book("begin", "2026-11-24T12:00:00"), 422, "invalid"},
		{"no such time", book("begin", "2026-11-24T25:00:00+02:00"), 422, "invalid"},
		{"unknown room", book("resource", "0192f0c1-0000-7000-8000-000000000000"), 404, "resource.not_found"},
		{"terms", book("terms", false), 422, "booking.terms"},
		{"for a foreign association", book("holder", map[string]any{"kind": "association", "id": w.choir.UID}), 403, "booking.not_booker"},
		{"as staff", book("kind", "staff"), 403, "auth.forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) { g.call("POST", "/reservations", c.body).problem(c.status, c.code) })
	}
	g.call("POST", "/reservations", book(), header{"Content-Type": "text/plain"}).problem(415, "bad_type")
	g.call("POST", "/reservations", book(), header{"Content-Type": "multipart/form-data; boundary=x"}).problem(415, "bad_type")
	g.send("POST", "/appearance", "x", header{"Content-Type": "text/plain", "Origin": testBase}).want(415)
	g.call("GET", "/resources?limit=1000000000", nil).problem(422, "invalid")
	g.call("GET", "/resources?cursor=xyz", nil).problem(422, "invalid_cursor")
	g.call("GET", "/resources?q="+strings.Repeat("a", 1001), nil).problem(422, "invalid")
	g.call("GET", "/resources?nothing=1", nil).problem(422, "invalid")
	g.call("GET", "/resources/"+url.PathEscape("' OR 1=1")+"/availability?from=2026-11-24", nil).problem(404, "resource.not_found")
	if w.written() != before {
		t.Fatalf("%d rows were written", w.written()-before)
	}
}

// TestOverTheLimits speaks to the socket, because these limits are the server's
// and not the app's.
func TestOverTheLimits(t *testing.T) {
	w := newTown(t)
	address, stop := w.listen()
	defer stop()
	for want, request := range map[int]string{
		http.StatusRequestEntityTooLarge:       "POST /api/v1/reservations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n",
		http.StatusRequestHeaderFieldsTooLarge: "GET /fi HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 17<<10) + "\r\n\r\n",
		http.StatusOK:                          "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 9<<10) + "\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		w.must(err)
		_, err = conn.Write([]byte(request))
		w.must(err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		w.must(err)
		if res.StatusCode != want {
			t.Errorf("%s, want %d", res.Status, want)
		}
		_, _ = res.Body.Close(), conn.Close()
	}
}

func TestPathsThatOthersCouldReadDifferently(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{
		"/work%2frequests", "/work%2Frequests", "/%2fevil.example", "/fi%252ftilat", "/fi/tilat/..%2f..%2fwork", "/fi/tilat/%00", "/fi/tilat/a%0d%0aX-Evil:1",
		"/static/..%2f..%2fgo.mod", "/static/%2e%2e/go.mod", "/feeds/%2e%2e.ics", `/fi\tilat`, "/API/v1/me", "/Work/requests",
	} {
		got := w.who["city"].get(path)
		if got.StatusCode != 404 && got.StatusCode != 400 || got.Header.Get("X-Evil") != "" {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
}

func TestRedirectsStayHere(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	for _, evil := range []string{
		"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "/%2fevil.example", "/%2f%2fevil.example", "/%5cevil.example",
		"javascript:alert(1)", "data:text/html,x", "http:/evil.example", "/\tevil", "/\n/evil.example", " //evil.example", "/..//evil.example", "/.//evil.example",
		"///evil.example", "/fi//evil.example", "evil.example", "@evil.example", "/@evil.example/..//x", "%2f%2fevil.example", "/%09/evil.example",
	} {
		got := g.post("/appearance", url.Values{"scheme": {"dark"}, "return": {evil}}).want(http.StatusSeeOther)
		to := got.Header.Get("Location")
		parsed, err := url.Parse(to)
		if err != nil || parsed.Host != "" || parsed.Scheme != "" || strings.HasPrefix(to, "//") || strings.Contains(strings.ToLower(to), "%2f") || strings.ContainsAny(to, "\\\t\n") {
			t.Errorf("%q leads to %q", evil, to)
		}
	}
	if to := g.post("/appearance", url.Values{"return": {"/fi/tilat?q=sali&persons=8"}}).Header.Get("Location"); to != "/fi/tilat?q=sali&persons=8" {
		t.Errorf("a page of ours is lost: %q", to)
	}
}

func TestClientAddress(t *testing.T) {
	trusted, err := parsePrefixes([]string{"10.0.0.0/8", "2001:db8::1", " "})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.7", "", "192.0.2.7"},
		{"192.0.2.7", "203.0.113.9", "192.0.2.7"}, // not a proxy of ours: not believed
		{"10.1.1.1", "203.0.113.9", "203.0.113.9"},
		{"10.1.1.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"}, // the left one is the visitor's invention
		{"10.1.1.1", "203.0.113.9, 10.2.2.2", "203.0.113.9"},
		{"10.1.1.1", "10.9.9.9", "10.9.9.9"},
		{"10.1.1.1", "nonsense", "10.1.1.1"},
		{"10.1.1.1", "203.0.113.9, ", "10.1.1.1"},
		{"::ffff:10.1.1.1", "203.0.113.9", "203.0.113.9"},
		{"2001:db8::1", "2001:db8:1::5", "2001:db8:1::5"},
	} {
		if got := clientAddress(c.peer, c.forwarded, trusted); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
	if _, err := parsePrefixes([]string{"proxy.example"}); err == nil {
		t.Error("a name is not an address")
	}
	if clientAddress("pipe", "", []netip.Prefix{}) != "pipe" {
		t.Error("an unknown peer is kept as it is")
	}
}

func TestGates(t *testing.T) {
	g := newGates(Limits{PerAddress: 2, Reads: 1, Wait: 10 * time.Millisecond}.withDefaults())
	first, err := g.enter(ctx, readGate)
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.enter(ctx, readGate)
	if f := fault.As(err); f.Kind != fault.Unavailable || f.RetryAfter < 2*time.Second {
		t.Fatalf("the second gets %v", err)
	}
	if leave, err := g.enter(ctx, writeGate); err != nil {
		t.Fatal("a full queue of reads stops a write")
	} else {
		leave()
	}
	first()
	if leave, err := g.enter(ctx, readGate); err != nil {
		t.Fatal(err)
	} else {
		leave()
	}
	one, _ := g.enterFrom("a")
	two, _ := g.enterFrom("a")
	if _, err := g.enterFrom("a"); !fault.Is(err, fault.TooMany) {
		t.Fatalf("the third from one address gets %v", err)
	}
	if _, err := g.enterFrom("b"); err != nil {
		t.Fatal("one address shuts out another")
	}
	one()
	two()
	if g.present["a"] != 0 || len(g.present) != 1 {
		t.Fatalf("addresses stay: %v", g.present)
	}
}
