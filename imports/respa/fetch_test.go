package respa

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counted is a server on this machine that counts who connects.
type counted struct {
	*httptest.Server
	connections atomic.Int32
}

func newCounted(t *testing.T, tls bool, answer http.HandlerFunc) *counted {
	t.Helper()
	c := &counted{Server: httptest.NewUnstartedServer(answer)}
	c.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	if tls {
		c.StartTLS()
	} else {
		c.Start()
	}
	t.Cleanup(c.Close)
	return c
}

func (c *counted) port(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

var noon = time.Date(2026, 1, 13, 10, 0, 0, 0, time.UTC)

// fetch reads an address as an import does.
func fetch(c *client, address string) (*answers, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	from, err := newService(base, c, noon)
	if err != nil {
		return nil, err
	}
	return readAll(context.Background(), from, Order{Progress: func(string, int, int) {}})
}

func TestNoConnectionLeadsIntoTheNetworkBehind(t *testing.T) {
	secret := newCounted(t, true, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") })
	port := secret.port(t)
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "localhost", "0.0.0.0", "[::]", "169.254.169.254",
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "224.0.0.1",
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		c := newClient(false)
		lookup := c.lookup
		c.lookup = func(context.Context, string) ([]netip.Addr, error) { return lookup(ctx, strings.Trim(host, "[]")) }
		_, err := fetch(c, "https://"+host+":"+port+"/v1/")
		cancel()
		if err == nil || !strings.Contains(err.Error(), "not a public address") && !strings.Contains(err.Error(), "has no address") {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, answer := range []string{"127.0.0.1", "::1", "10.1.2.3", "fd12::1", "64:ff9b::a00:1"} {
		c := newClient(false)
		c.lookup = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr(answer)}, nil
		}
		if _, err := fetch(c, "https://respa.example:"+port+"/v1/"); err == nil || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("a name that is also %s: %v", answer, err)
		}
	}
	if n := secret.connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// A name may answer with a public address first and with this machine the next
// time: the address that is dialled is the one that was looked at.
func TestAnAddressIsLookedAtAgainWhenItIsDialled(t *testing.T) {
	secret := newCounted(t, true, func(http.ResponseWriter, *http.Request) {})
	c := newClient(false)
	asked := 0
	c.lookup = func(context.Context, string) ([]netip.Addr, error) {
		asked++
		return nil, fmt.Errorf("asked %d times", asked)
	}
	if _, err := fetch(c, "https://respa.example:"+secret.port(t)+"/v1/"); err == nil || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	if err := c.check(netip.MustParseAddr("::ffff:10.0.0.1")); err == nil {
		t.Error("an address of IPv4 inside IPv6 was taken for public")
	}
	for _, public := range []string{"93.184.215.14", "2a00:1450:4026:804::200e"} {
		if err := c.check(netip.MustParseAddr(public)); err != nil {
			t.Errorf("%s: %v", public, err)
		}
	}
}

func TestOnlyHTTPSAndNoStrangeAddresses(t *testing.T) {
	server := newCounted(t, false, func(http.ResponseWriter, *http.Request) {})
	for _, address := range []string{
		server.URL, "http://respa.example/v1/", "ftp://respa.example/", "file:///etc/passwd", "https://me:word@respa.example/v1/", "https:///v1/",
	} {
		if _, err := fetch(newClient(false), address); err == nil {
			t.Errorf("%s was read", address)
		}
	}
	if _, err := fetch(newClient(true), "http://respa.example/v1/"); err == nil {
		t.Error("the flag for this machine opened http to others")
	}
	if n := server.connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// pages answers each path with a text or a redirect.
func pages(answers map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, ok := answers[r.URL.Path+"?page="+r.URL.Query().Get("page")]
		if to, redirect := strings.CutPrefix(text, "->"); redirect {
			http.Redirect(w, r, to, http.StatusFound)
		} else if ok {
			fmt.Fprint(w, text)
		} else {
			fmt.Fprint(w, `{"count": 0, "next": null, "results": []}`)
		}
	}
}

func TestPagesAreFollowedToTheEnd(t *testing.T) {
	var server *counted
	asked := map[string]string{}
	server = newCounted(t, false, func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path] = r.URL.RawQuery
		pages(map[string]string{
			"/v1/unit/?page=":         `[{"id": "u1"}]`,
			"/v1/resource/?page=":     `{"count": 2, "next": "?page=2", "results": [{"id": "r1", "unit": "u1"}]}`,
			"/v1/resource/?page=2":    `{"count": 2, "next": null, "results": [{"id": "r2", "unit": "u1"}]}`,
			"/v1/reservation/?page=":  `{"count": 2, "next": "` + server.URL + `/v1/reservation/?page=2", "results": [` + reservationText(1) + `]}`,
			"/v1/reservation/?page=2": `{"count": 2, "next": null, "results": [` + reservationText(2) + `]}`,
		})(w, r)
	})
	for _, base := range []string{"/v1/", "/v1"} {
		got, err := fetch(newClient(true), server.URL+base)
		if err != nil || len(got.units) != 1 || len(got.resources) != 2 || len(got.reservations) != 2 || len(got.notes) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if got != nil && got.reservations[0].Source != "127.0.0.1" {
			t.Errorf("the source is %q", got.reservations[0].Source)
		}
	}
	if _, err := fetch(newClient(true), server.URL+"/v1/"); err != nil || server.connections.Load() > 3 {
		t.Errorf("%d connections, %v", server.connections.Load(), err)
	}
	if !strings.Contains(asked["/v1/unit/"], "format=json") {
		t.Errorf("asked %v", asked)
	}
}

func reservationText(id int) string {
	return fmt.Sprintf(`{"id": %d, "resource": "r1", "begin": "2026-02-01T%02d:00:00+02:00", "end": "2026-02-01T%02d:30:00+02:00", "state": "confirmed"}`, id, id, id)
}

func TestLinksThatLeadAwayAreNotFollowed(t *testing.T) {
	secret := newCounted(t, false, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") })
	page := func(next string) string { return fmt.Sprintf(`{"count": 9, "next": %q, "results": []}`, next) }
	for name, c := range map[string]struct {
		answers map[string]string
		says    string
	}{
		"next on another host":   {map[string]string{"/v1/unit/?page=": page(secret.URL + "/v1/unit/")}, "another host"},
		"next to the metadata":   {map[string]string{"/v1/unit/?page=": page("http://169.254.169.254/latest/")}, "another host"},
		"next to a file":         {map[string]string{"/v1/unit/?page=": page("file:///etc/passwd")}, "another host"},
		"next that is no link":   {map[string]string{"/v1/unit/?page=": page("http://[")}, "not an address"},
		"next that is a circle":  {map[string]string{"/v1/unit/?page=": page("?page=2"), "/v1/unit/?page=2": page("?page=3"), "/v1/unit/?page=3": page("?page=2")}, "circle"},
		"a redirect to loopback": {map[string]string{"/v1/unit/?page=": "->" + secret.URL + "/"}, "another host"},
		"a redirect away":        {map[string]string{"/v1/unit/?page=": "->https://10.0.0.1/"}, "another host"},
		"redirects round":        {map[string]string{"/v1/unit/?page=": "->/v1/unit/"}, "redirects more than"},
		"a page that is cut":     {map[string]string{"/v1/unit/?page=": `{"count": 1, "results": [{"id": `}, "ends in the middle"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newCounted(t, false, pages(c.answers))
			if _, err := fetch(newClient(true), server.URL+"/v1/"); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "/v1/unit/") {
				t.Errorf("%v", err)
			}
		})
	}
	if n := secret.connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestAnswersThatAreTooLongOrWrong(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"100 MB": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `[{"id":"1"}`)
			row := []byte(`,{"id":"1","x":"` + strings.Repeat("x", 1000) + `"}`)
			for range 100_000 {
				if _, err := w.Write(row); err != nil {
					return
				}
			}
			fmt.Fprint(w, "]")
		}, "longer than 32 MB"},
		"500":            {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "answers 500"},
		"a sign-in page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "not JSON"},
		"a broken connection": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `[{"id": "1"}, `)
		}, "ends in the middle"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newCounted(t, false, c.answer)
			if _, err := fetch(newClient(true), server.URL+"/v1/"); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}
