package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/demo"
	"vuoro/web"
)

// noon is when the towns of these tests live: a Monday in November.
var noon = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// town is the demo town behind a real listener, in this process. Its gates let
// no more in at once than usual, but send nobody away, however slow the machine.
type town struct {
	*app
	t      testing.TB
	base   string
	people map[string]demoPerson // by the first word of the mail address
	rooms  map[string]string     // id by slug
	client *http.Client
}

func newTown(t testing.TB, dsn string, clients int) *town {
	t.Helper()
	d, err := db.Open(t.Context(), dbtest.Patient(dsn))
	must(t, err)
	t.Cleanup(d.Close)
	must(t, demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	base := "http://" + listener.Addr().String()
	a, err := newApp(t.Context(), d, Config{BaseURL: base, MailFrom: "vuoro@localhost"}, func() time.Time { return noon })
	must(t, err)
	server, err := web.New(web.Server{
		Config: web.Config{BaseURL: base, Limits: web.Limits{PerAddress: 4 * clients, Writes: 8, Wait: time.Minute, Deadline: time.Minute}},
		DB:     d, Booking: a.booking, Catalogue: a.catalogue, Accounts: a.accounts, Resources: a.resources, Reports: a.reports,
		Secrets: a.secrets, Name: a.Name, Now: a.now, Zone: a.zone, Log: slog.New(slog.DiscardHandler), Demo: true,
	})
	must(t, err)
	fiber := server.App()
	go func() { _ = fiber.Listener(listener) }()
	t.Cleanup(func() { _ = fiber.Shutdown() })
	w := &town{app: a, t: t, base: base, people: map[string]demoPerson{}, rooms: map[string]string{}, client: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: clients}, Timeout: time.Minute,
	}}
	w.meet()
	return w
}

// meet learns the people's tokens and the rooms' ids.
func (w *town) meet() {
	people, err := w.tokensOfDemo(w.t.Context())
	must(w.t, err)
	for _, person := range people {
		first, _, _ := strings.Cut(person.Email, "@")
		w.people[first] = person
	}
	var page struct {
		Items []struct{ ID, Slug string }
	}
	w.as("", http.MethodGet, "/resources?limit=100", nil).into(&page)
	for _, room := range page.Items {
		w.rooms[room.Slug] = room.ID
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what the API said.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

func (a answer) into(dest any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, dest); err != nil {
		a.t.Fatalf("status %d: %v: %.300s", a.status, err, a.body)
	}
}

// want checks the status and, for an error, its code.
func (a answer) want(status int, code string) answer {
	a.t.Helper()
	var p struct{ Code string }
	if code != "" {
		a.into(&p)
	}
	if a.status != status || p.Code != code {
		a.t.Fatalf("status %d, code %q, want %d, %q: %.400s", a.status, p.Code, status, code, a.body)
	}
	return a
}

type object map[string]any

// as calls the API as a person of the town, "" = nobody.
func (w *town) as(person, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	token := ""
	if person != "" {
		token = w.people[person].Token
	}
	a, err := w.call(token, method, path, body, headers...)
	must(w.t, err)
	return a
}

// call can be used by goroutines: it does not end the test.
func (w *town) call(token, method, path string, body any, headers ...string) (answer, error) {
	var text io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		text = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.base+"/api/v1"+path, text)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := w.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{w.t, res.StatusCode, res.Header, raw}, err
}

// runs is the program started with arguments and an environment, as main does.
type runs struct {
	stdout, stderr safeBuffer
	err            error
}

func vuoro(ctx context.Context, env map[string]string, args ...string) *runs {
	r := &runs{}
	r.err = run(ctx, args, r.program(env))
	return r
}

func (r *runs) program(env map[string]string) program {
	return program{getenv: func(name string) string { return env[name] }, stdout: &r.stdout, stderr: &r.stderr}
}

// safeBuffer is read while the program still writes.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// emptyDatabase is the environment of a program with a database of its own.
func emptyDatabase(t testing.TB) map[string]string {
	return map[string]string{"DATABASE_URL": dbtest.Empty(t), "VUORO_ADDR": "127.0.0.1:0", "BASE_URL": "http://127.0.0.1:8080"}
}
