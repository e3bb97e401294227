package notify

import (
	"context"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/ledger"
	"vuoro/web/locales"
)

var (
	ctx     = context.Background()
	noon    = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) // 12.00 in Helsinki
	evening = time.Date(2026, 11, 24, 15, 30, 0, 0, time.UTC)
)

// world is a database with one unit, one resource and one reservation, a clock
// that stands still until it is moved, a mail server and a worker.
type world struct {
	t           *testing.T
	db          *db.DB
	worker      *Worker
	office      *postOffice
	reservation int64
	mu          sync.Mutex
	now         time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: dbtest.New(t), office: openOffice(t, nil, false), now: noon}
	w.must(w.db.Tx(ctx, func(tx *db.DB) error { return ledger.MakeSecrets(ctx, tx, noon) }))
	secrets, err := ledger.LoadSecrets(ctx, w.db)
	w.must(err)
	w.worker = &Worker{
		DB: w.db, Now: w.clock, Transport: transport(t, "smtp://"+w.office.address), Secrets: secrets, BaseURL: "https://vuoro.example",
		From: mail.Address{Name: "Vuoro", Address: "vuoro@town.example"}, Zone: helsinki(t),
	}
	w.must(w.db.Query(ctx, &w.reservation, `
		WITH unit AS (INSERT INTO units (uid, slug, name) VALUES (gen_random_uuid(), 'oodi', '{}') RETURNING id),
		     resource AS (INSERT INTO resources (uid, unit, slug, name, type) SELECT gen_random_uuid(), id, 'room', '{}', 'meeting_room' FROM unit RETURNING id, unit),
		     person AS (INSERT INTO people (uid, email, created_at) VALUES (gen_random_uuid(), 'aino@example.org', ?) RETURNING id)
		INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_person, made_at, changed_at)
		SELECT gen_random_uuid(), resource.id, resource.unit, ?, ?, 'ordinary', 'confirmed', true, 'person', person.id, ?, ? FROM resource, person
		RETURNING id`, noon, evening, evening.Add(90*time.Minute), noon, noon))
	return w
}

func helsinki(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func facts() ledger.ReservationFacts {
	cents := 2400
	return ledger.ReservationFacts{
		Number: "V-2026-001000", UID: "0192c5a0-0000-7000-8000-000000000001",
		Resource: locales.Texts{Fi: "Kokoushuone 2", Sv: "Mötesrum 2", En: "Meeting room 2"},
		Unit:     locales.Texts{Fi: "Keskustakirjasto Oodi", Sv: "Centrumbiblioteket Ode"},
		Address:  "Töölönlahdenkatu 4", Begin: evening, End: evening.Add(90 * time.Minute),
		State: "confirmed", Revision: 1, Title: "Kuoroharjoitus", HolderName: "Aino Esimerkki", PriceCents: &cents,
	}
}

// post puts a mail about the world's reservation into the outbox.
func (w *world) post(key string, change ...func(*ledger.Mail, *ledger.ReservationFacts)) {
	w.t.Helper()
	f := facts()
	m := ledger.Mail{Topic: "reservation.confirmed", Recipient: "aino@example.org", Language: "fi", Reservation: w.reservation, DedupKey: key, At: w.clock()}
	for _, c := range change {
		c(&m, &f)
	}
	m.Payload = f
	w.must(w.db.Tx(ctx, func(tx *db.DB) error { return ledger.Post(ctx, tx, m) }))
}

func (w *world) postLink(id uuid.UUID) {
	w.t.Helper()
	w.must(w.db.Tx(ctx, func(tx *db.DB) error {
		return ledger.Post(ctx, tx, ledger.Mail{
			Topic: "sign_in.link", Recipient: "aino@example.org", Language: "sv", Payload: map[string]any{"link": id, "minutes": 30},
			DedupKey: "link:" + id.String(), At: w.clock(), Expires: w.clock().Add(30 * time.Minute),
		})
	}))
}

func (w *world) deliver(want int) {
	w.t.Helper()
	sent, err := w.worker.Deliver(ctx, 50)
	if err != nil || sent != want {
		w.t.Fatalf("sent %d (%v), want %d", sent, err, want)
	}
}

// row is what the outbox says of a mail.
type row struct {
	Outcome   string
	Attempts  int
	LastError string
	Done      bool
	Leased    bool
	DueAt     time.Time
}

func (w *world) row(key string) row {
	w.t.Helper()
	var r row
	w.must(w.db.Query(ctx, &r, `SELECT outcome, attempts, last_error, done_at IS NOT NULL AS done,
		leased_until IS NOT NULL AS leased, due_at FROM outbox WHERE dedup_key = ?`, key))
	return r
}

func (w *world) setState(state string) {
	w.t.Helper()
	_, err := w.db.Exec(ctx, "UPDATE reservations SET state = ?, occupies = (? IN ('confirmed', 'requested')) WHERE id = ?", state, state, w.reservation)
	w.must(err)
}
