package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
)

var ctx = context.Background()

// world is a town with a clock that the test turns.
type world struct {
	*accounts.Service
	t   *testing.T
	now time.Time
}

func newWorld(t *testing.T, d *db.DB, kind string) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	w.must(d.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES (?, 'Europe/Helsinki', '{}', ?)", kind, w.now))
	if err := ledger.MakeSecrets(ctx, d, w.now); err != nil {
		t.Fatal(err)
	}
	secrets, err := ledger.LoadSecrets(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	w.Service = &accounts.Service{DB: d, Now: func() time.Time { return w.now }, Secrets: secrets}
	return w
}

// small is a world in a transaction of its own.
func small(t *testing.T, kind string) *world {
	t.Helper()
	return newWorld(t, dbtest.Tx(t), kind)
}

func (w *world) must(rows int64, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	if rows == 0 {
		w.t.Fatal("nothing was written")
	}
}

func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

func (w *world) count(sql string, params ...any) int {
	w.t.Helper()
	var n int
	if err := w.DB.Query(ctx, &n, sql, params...); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) person(email string, demo bool) accounts.Person {
	w.t.Helper()
	p := accounts.Person{Email: &email, Name: "Aino", Demo: demo, CreatedAt: w.now}
	if err := accounts.AddPerson(ctx, w.DB, &p); err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) unit() int {
	w.t.Helper()
	var id int
	uid := uuid.New()
	err := w.DB.Query(ctx, &id, `INSERT INTO units (uid, slug, name) VALUES (?, ?, '{"fi":"Kirjasto"}') RETURNING id`, uid, "unit-"+uid.String())
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// hold makes a held reservation of a session.
func (w *world) hold(session int64, person *int64) int64 {
	w.t.Helper()
	unit, uid := w.unit(), uuid.New()
	var resource int
	err := w.DB.Query(ctx, &resource, `INSERT INTO resources (uid, unit, slug, name, type) VALUES (?, ?, ?, '{}', 'room') RETURNING id`,
		uid, unit, "room-"+uid.String())
	if err != nil {
		w.t.Fatal(err)
	}
	kind := "nobody"
	if person != nil {
		kind = "person"
	}
	var id int64
	err = w.DB.Query(ctx, &id, `
		INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, held_until, session,
			holder_kind, holder_person, made_by, made_at, changed_at)
		VALUES (?, ?, ?, ?, ?, 'ordinary', 'held', true, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		uid, resource, unit, w.now.Add(time.Hour), w.now.Add(2*time.Hour), w.now.Add(10*time.Minute), session,
		kind, person, person, w.now, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) sessionOf(hold int64) int64 {
	return int64(w.count("SELECT COALESCE(session, 0) FROM reservations WHERE id = ?", hold))
}

// lastLink is the token of the mail that was posted last.
func (w *world) lastLink() string {
	w.t.Helper()
	var mail struct{ Payload db.JSON[ledger.LinkFacts] }
	if err := w.DB.Query(ctx, &mail, "SELECT payload FROM outbox ORDER BY id DESC LIMIT 1"); err != nil {
		w.t.Fatal(err)
	}
	return w.Secrets.SignID(ledger.ForSignIn, mail.Payload.V.Link)
}

// link asks for a link and gives its token.
func (w *world) link(actor accounts.Actor, email string) string {
	w.t.Helper()
	if err := w.RequestLink(ctx, actor, accounts.LinkRequest{Email: email, Language: "sv"}); err != nil {
		w.t.Fatal(err)
	}
	return w.lastLink()
}

func (w *world) signIn(actor accounts.Actor, email string) accounts.SignedIn {
	w.t.Helper()
	in, err := w.ConsumeLink(ctx, actor, w.link(actor, email))
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func (w *world) authenticate(token string) accounts.Actor {
	w.t.Helper()
	actor, err := w.Authenticate(ctx, token, "192.0.2.1")
	if err != nil {
		w.t.Fatal(err)
	}
	return actor
}

// anonymous is a browser with a session of its own.
func (w *world) anonymous(address string) (string, accounts.Actor) {
	w.t.Helper()
	token, actor, err := w.StartSession(ctx, accounts.Actor{Address: address})
	if err != nil {
		w.t.Fatal(err)
	}
	return token, actor
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Code(err) != code {
		t.Errorf("got %v (%q), want %q of kind %d", err, fault.Code(err), code, kind)
	}
}

// dump is every row of every table as text, as a backup would hold it.
func (w *world) dump() string {
	w.t.Helper()
	var tables []string
	if err := w.DB.Query(ctx, &tables, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"); err != nil {
		w.t.Fatal(err)
	}
	if len(tables) < 20 {
		w.t.Fatalf("only %d tables", len(tables))
	}
	var all strings.Builder
	for _, table := range tables {
		var rows []string
		if err := w.DB.Query(ctx, &rows, fmt.Sprintf("SELECT x::text FROM %q x", table)); err != nil {
			w.t.Fatal(err)
		}
		all.WriteString(strings.Join(rows, "\n"))
	}
	return all.String()
}
