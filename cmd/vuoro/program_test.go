package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestConfigIsCheckedWithTheNameOfTheVariable(t *testing.T) {
	tests := map[string]struct {
		env  map[string]string
		says string // "" = accepted
	}{
		"nothing set":             {nil, ""},
		"an ordinary city":        {map[string]string{"BASE_URL": "https://rooms.example.org/", "DATABASE_URL": "postgres://db/vuoro"}, ""},
		"address without port":    {map[string]string{"VUORO_ADDR": "127.0.0.1"}, "VUORO_ADDR"},
		"base with a path":        {map[string]string{"BASE_URL": "https://example.org/rooms"}, "BASE_URL"},
		"base without scheme":     {map[string]string{"BASE_URL": "example.org"}, "BASE_URL"},
		"open base without TLS":   {map[string]string{"BASE_URL": "http://rooms.example.org"}, "https://"},
		"a map":                   {map[string]string{"MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png"}, ""},
		"a map without TLS":       {map[string]string{"MAP_TILE_URL": "http://tiles.example.org/{z}/{x}/{y}.png"}, "MAP_TILE_URL"},
		"a map of many hosts":     {map[string]string{"MAP_TILE_URL": "https://{s}.example.org/{z}/{x}/{y}.png"}, "one host"},
		"a map of one picture":    {map[string]string{"MAP_TILE_URL": "https://tiles.example.org/map.png"}, "{z}"},
		"a map that adds a host":  {map[string]string{"MAP_TILE_URL": "https://a.example;script-src *:1/{z}/{x}/{y}.png"}, "MAP_TILE_URL"},
		"loopback without TLS":    {map[string]string{"BASE_URL": "http://localhost:8080"}, ""},
		"direct without database": {map[string]string{"DATABASE_DIRECT_URL": "postgres://db/vuoro"}, "DATABASE_DIRECT_URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := readConfig(func(name string) string { return test.env[name] })
			switch {
			case test.says == "" && err != nil:
				t.Errorf("refused: %v", err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Errorf("error %v does not say %s", err, test.says)
			case strings.HasSuffix(c.BaseURL, "/"):
				t.Errorf("BaseURL %s ends with a slash", c.BaseURL)
			}
		})
	}
}

func TestHelpIsASuccessAndNonsenseIsNot(t *testing.T) {
	for _, args := range [][]string{
		{"--help"},
		{"help"},
		{"serve", "--help"},
		{"ready", "--help"},
		{"migrate", "--help"},
		{"demo", "--help"},
		{"demo", "people", "--help"},
		{"admin", "invite", "--help"},
		{"admin", "token", "--help"},
		{"import", "places", "--help"},
		{"export", "places", "--help"},
		{"version"},
	} {
		r := vuoro(t.Context(), nil, args...)
		if r.err != nil || r.stdout.String()+r.stderr.String() == "" {
			t.Errorf("vuoro %v: error %v, said %q", args, r.err, r.stdout.String()+r.stderr.String())
		}
	}
	for _, args := range [][]string{
		nil,
		{"dance"},
		{"serve", "--fast"},
		{"serve", "now"},
		{"migrate", "down"},
		{"admin", "invite"},
		{"demo", "people", "all"},
	} {
		r := vuoro(t.Context(), nil, args...)
		if !errors.Is(r.err, errUsage) || r.stderr.String() == "" {
			t.Errorf("vuoro %v: error %v, said %q", args, r.err, r.stderr.String())
		}
	}
}

func TestServeTellsWhatIsWrongInOneSentence(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	tests := map[string]struct {
		env  map[string]string
		args []string
		says string
	}{
		"port taken":        {map[string]string{"VUORO_ADDR": taken.Addr().String()}, nil, "is taken by another program"},
		"not ours to serve": {map[string]string{"VUORO_ADDR": "192.0.2.1:80", "BASE_URL": "http://127.0.0.1:80"}, nil, "cannot listen on VUORO_ADDR 192.0.2.1:80"},
		"no database":       {map[string]string{"VUORO_ADDR": "127.0.0.1:0", "BASE_URL": "http://127.0.0.1:1", "DATABASE_URL": "postgres://127.0.0.1:1/none"}, nil, "the database cannot be used"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := vuoro(t.Context(), test.env, append([]string{"serve"}, test.args...)...)
			if r.err == nil || !strings.Contains(r.err.Error(), test.says) || strings.Contains(r.err.Error(), "\n") {
				t.Errorf("error %v, want one line that says %q", r.err, test.says)
			}
		})
	}
}

func TestDemoIsForLoopbackAndForEmptyDatabases(t *testing.T) {
	env := emptyDatabase(t)
	if r := vuoro(t.Context(), env, "demo"); r.err != nil || !strings.Contains(r.stdout.String(), "The demo town is loaded.") {
		t.Fatalf("demo: %v, %s", r.err, r.stdout.String())
	}
	if r := vuoro(t.Context(), env, "demo"); r.err != nil || !strings.Contains(r.stdout.String(), "there already") {
		t.Errorf("demo again: %v, %s", r.err, r.stdout.String())
	}
	env["BASE_URL"] = "https://rooms.example.org"
	if r := vuoro(t.Context(), env, "serve"); r.err == nil || !strings.Contains(r.err.Error(), "must be a loopback address") {
		t.Errorf("a public demo: %v", r.err)
	}
	real := emptyDatabase(t)
	stop := serveUntilReady(t, real)
	stop()
	if r := vuoro(t.Context(), real, "demo"); r.err == nil || !strings.Contains(r.err.Error(), "real installation") {
		t.Errorf("demo into a real installation: %v", r.err)
	}
	if r := vuoro(t.Context(), real, "serve", "--now", "2026-11-23T12:00:00+02:00"); r.err == nil || !strings.Contains(r.err.Error(), "--now") {
		t.Errorf("another clock for a real installation: %v", r.err)
	}
}

// serveUntilReady runs the server and returns when it can be opened; stop ends
// it as Ctrl-C does.
func serveUntilReady(t *testing.T, env map[string]string, args ...string) (stop func() *runs) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, done := &runs{}, make(chan struct{})
	go func() {
		defer close(done)
		r.err = run(ctx, append([]string{"serve"}, args...), r.program(env))
	}()
	for deadline := time.Now().Add(90 * time.Second); !strings.Contains(r.stdout.String(), "Vuoro is ready"); {
		select {
		case <-done:
			t.Fatalf("serve: %v\n%s%s", r.err, r.stdout.String(), r.stderr.String())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready:\n%s%s", r.stdout.String(), r.stderr.String())
		}
	}
	return func() *runs {
		cancel()
		<-done
		return r
	}
}

func TestPrivateClusterIsFoundAgainAndHasOneOwner(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	dir, err := os.MkdirTemp("/tmp", "vuoro-program-") // t.TempDir is closed to the database's user
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	env := map[string]string{"VUORO_ADDR": free.Addr().String(), "VUORO_DATA": filepath.Join(dir, "data")}
	free.Close()

	stop := serveUntilReady(t, env)
	number := bookOne(t, env)
	other := map[string]string{"VUORO_ADDR": "127.0.0.1:0", "BASE_URL": "http://127.0.0.1:1", "VUORO_DATA": env["VUORO_DATA"]}
	if r := vuoro(t.Context(), other, "serve"); r.err == nil || !strings.Contains(r.err.Error(), "another Vuoro is already running") {
		t.Errorf("a second server on the same data: %v", r.err)
	}
	if r := stop(); r.err != nil {
		t.Fatalf("stop: %v", r.err)
	}
	again := serveUntilReady(t, env)
	defer again()
	person := peopleOf(t, env)["otso"]
	res := ask(t, env, person.Token, http.MethodGet, "/reservations/"+number, "")
	if res.StatusCode != http.StatusOK {
		t.Errorf("after a restart the reservation %s answers %d", number, res.StatusCode)
	}
}

func peopleOf(t *testing.T, env map[string]string) map[string]demoPerson {
	t.Helper()
	r := vuoro(t.Context(), env, "demo", "people", "--json")
	must(t, r.err)
	var list []demoPerson
	must(t, json.Unmarshal([]byte(r.stdout.String()), &list))
	people := map[string]demoPerson{}
	for _, p := range list {
		first, _, _ := strings.Cut(p.Email, "@")
		people[first] = p
	}
	return people
}

// bookOne books the first free hour of tomorrow or later in a room and gives
// the number.
func bookOne(t *testing.T, env map[string]string) string {
	t.Helper()
	token := peopleOf(t, env)["otso"].Token
	date := time.Now().AddDate(0, 0, 2)
	for range 10 {
		date = date.AddDate(0, 0, 1)
		res := ask(t, env, token, http.MethodGet, "/resources?limit=100", "")
		var page struct {
			Items []struct{ ID, Slug string }
		}
		must(t, json.NewDecoder(res.Body).Decode(&page))
		for _, room := range page.Items {
			if room.Slug != "oodi-ryhmahuone" {
				continue
			}
			begin := time.Date(date.Year(), date.Month(), date.Day(), 13, 0, 0, 0, time.UTC)
			body, err := json.Marshal(object{"resource": room.ID, "begin": begin, "end": begin.Add(time.Hour)})
			must(t, err)
			made := ask(t, env, token, http.MethodPost, "/reservations", string(body))
			if made.StatusCode == http.StatusCreated {
				var r struct{ Number string }
				must(t, json.NewDecoder(made.Body).Decode(&r))
				return r.Number
			}
		}
	}
	t.Fatal("no free hour in ten days")
	return ""
}

func ask(t *testing.T, env map[string]string, token, method, path, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+env["VUORO_ADDR"]+"/api/v1"+path, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func TestAdminCommands(t *testing.T) {
	env := emptyDatabase(t)
	if r := vuoro(t.Context(), env, "admin", "invite", "boss@example.org"); r.err == nil || !strings.Contains(r.err.Error(), "the database is empty") {
		t.Errorf("an invitation to nowhere: %v", r.err)
	}
	stop := serveUntilReady(t, env)
	defer stop()
	r := vuoro(t.Context(), env, "admin", "invite", "boss@example.org", "--language", "en")
	if r.err != nil || !regexp.MustCompile(`http://127\.0\.0\.1:8080/sign-in/\S{20,}`).MatchString(r.stdout.String()) {
		t.Errorf("invite: %v, %s", r.err, r.stdout.String())
	}
	for says, args := range map[string][]string{
		"there is no unit":          {"admin", "invite", "a@example.org", "--role", "manager", "--unit", "nowhere"},
		"nobody with the address":   {"admin", "token", "nobody@example.org"},
		"There is no role":          {"admin", "invite", "a@example.org", "--role", "king"},
		"is not an e-mail address.": {"admin", "invite", "not-an-address"},
	} {
		if r := vuoro(t.Context(), env, args...); r.err == nil || !strings.Contains(r.err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, r.err, says)
		}
	}
}
