package respa_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/booking"
	"vuoro/db/dbtest"
	"vuoro/imports/respa"
	"vuoro/ledger"
	"vuoro/resources"
)

var ctx = context.Background()

var helsinki = mustZone("Europe/Helsinki")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// world is an empty installation in whose clock it is a day before everything
// in the real reservations.
type world struct {
	*respa.Service
	t     testing.TB
	clock time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	d := dbtest.New(t)
	w := &world{t: t, clock: time.Date(2026, 1, 13, 10, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.clock }
	places := &resources.Service{DB: d, Now: now, Zone: helsinki}
	engine := &booking.Service{DB: d, Resources: places, Now: now, Zone: helsinki}
	places.Reseat = engine.Reseat
	w.Service = &respa.Service{DB: d, Places: places, Booking: engine, Now: now, Zone: helsinki}
	w.exec("INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', 'Europe/Helsinki', '{}', ?)", w.clock)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(sql string, params ...any) {
	w.t.Helper()
	_, err := w.DB.Exec(ctx, sql, params...)
	w.must(err)
}

// take imports and fails the test where it cannot.
func (w *world) take(from string, change ...func(*respa.Order)) respa.Report {
	w.t.Helper()
	report, err := w.tryTake(from, change...)
	w.must(err)
	w.sound()
	return report
}

func (w *world) tryTake(from string, change ...func(*respa.Order)) (respa.Report, error) {
	order := respa.Order{From: from}
	for _, c := range change {
		c(&order)
	}
	return w.Import(ctx, order)
}

func createMissing(o *respa.Order) { o.CreateMissing = true }

// sound checks what must hold after every import: occupancies exist exactly for
// those that occupy, each reservation has its hours in the change log, nobody
// got a mail, and the audit trail holds.
func (w *world) sound() {
	w.t.Helper()
	for about, sql := range map[string]string{
		"reservations that occupy without a time": `SELECT count(*) FROM reservations r WHERE occupies <> EXISTS (SELECT 1 FROM occupancies o WHERE o.reservation = r.id)`,
		"reservations without a change":           `SELECT count(*) FROM reservations r WHERE NOT EXISTS (SELECT 1 FROM change_log c WHERE c.reservation = r.id AND c.after ->> 'state' = r.state)`,
		"reservations of unknown origin":          `SELECT count(*) FROM reservations r WHERE NOT EXISTS (SELECT 1 FROM reservation_origins o WHERE o.reservation = r.id)`,
		"mails":                                   `SELECT count(*) FROM outbox`,
		"people":                                  `SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM reservations WHERE holder_person IS NOT NULL OR title <> '')`,
	} {
		if n := w.count(sql); n != 0 {
			w.t.Errorf("%s: %d", about, n)
		}
	}
	var streams []int
	w.must(w.DB.Query(ctx, &streams, "SELECT stream FROM audit_heads ORDER BY stream"))
	for _, stream := range streams {
		_, err := ledger.Verify(ctx, w.DB, stream)
		w.must(err)
	}
}

func (w *world) count(sql string, params ...any) (n int) {
	w.t.Helper()
	w.must(w.DB.Query(ctx, &n, sql, params...))
	return n
}

// fingerprint is another one when anything in the database has changed.
func (w *world) fingerprint() string {
	w.t.Helper()
	var sum string
	w.must(w.DB.Query(ctx, &sum, `SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
		SELECT 'r' || r::text AS line FROM reservations r UNION ALL SELECT 'o' || o::text FROM occupancies o
		UNION ALL SELECT 'u' || u::text FROM units u UNION ALL SELECT 's' || s::text FROM resources s
		UNION ALL SELECT 'p' || p::text FROM spaces p UNION ALL SELECT 'a' || a::text FROM audit a
		UNION ALL SELECT 'c' || c::text FROM change_log c UNION ALL SELECT 'x' || x::text FROM reservation_origins x
		UNION ALL SELECT 'h' || h::text FROM hours_periods h UNION ALL SELECT 'b' || b::text FROM rule_books b) all_rows`))
	return sum
}

// empty tells whether nothing came in.
func (w *world) empty() bool {
	w.t.Helper()
	return w.count(`SELECT (SELECT count(*) FROM units) + (SELECT count(*) FROM resources) + (SELECT count(*) FROM reservations)
		+ (SELECT count(*) FROM rule_books) + (SELECT count(*) FROM audit)`) == 0
}

type object = map[string]any

// folder writes answers by file name into a folder of the test's own.
func folder(t testing.TB, files map[string]any) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	for name, content := range files {
		path := filepath.Join(dir, name)
		raw, plain := content.([]byte)
		if !plain {
			var err error
			if raw, err = json.Marshal(content); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// page is an answer with all of its rows.
func page(rows ...object) object {
	return object{"count": len(rows), "next": nil, "previous": nil, "results": rows}
}

// room is a resource row with everything that is needed to be complete.
func room(id string, change ...object) object {
	row := object{
		"id": id, "unit": "u1", "name": object{"fi": "Huone " + id}, "slot_size": "00:30:00", "min_period": "00:30:00",
		"max_period": "04:00:00", "need_manual_confirmation": false, "authentication": "weak",
	}
	for _, c := range change {
		for key, value := range c {
			row[key] = value
		}
	}
	return row
}

// booked is a reservation row on 1 February 2026 from and to a time of day.
func booked(id int, resource, from, to string, change ...object) object {
	row := object{
		"id": id, "resource": resource, "state": "confirmed", "type": "normal",
		"begin": "2026-02-01T" + from + ":00+02:00", "end": "2026-02-01T" + to + ":00+02:00",
	}
	for _, c := range change {
		for key, value := range c {
			row[key] = value
		}
	}
	return row
}
