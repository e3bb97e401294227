package booking_test

import (
	"context"
	"errors"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// world is a small town on a real database, with a clock that tests set. It
// starts on Monday 23 November 2026 at noon in Helsinki.
type world struct {
	*booking.Service
	t     testing.TB
	clock time.Time
	unit  resources.Unit
	rooms map[string]resources.Resource
	space map[string]int
}

var helsinki = mustZone("Europe/Helsinki")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

var ctx = context.Background()

func newWorld(t testing.TB) *world {
	t.Helper()
	dbtest.Beside(t)
	return newWorldOn(t, dbtest.DSN(t))
}

func newWorldOn(t testing.TB, dsn string) *world {
	t.Helper()
	d, err := db.Open(ctx, dbtest.Patient(dsn))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	w := &world{t: t, clock: at("2026-11-23 12:00"), rooms: map[string]resources.Resource{}, space: map[string]int{}}
	now := func() time.Time { return w.clock }
	places := &resources.Service{DB: d, Now: now, Zone: helsinki}
	w.Service = &booking.Service{DB: d, Resources: places, Now: now, Zone: helsinki, BaseURL: "http://127.0.0.1:8080", HoldsPerAddress: 1000}
	w.must(d.Tx(ctx, func(tx *db.DB) (err error) {
		if _, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', 'Europe/Helsinki', '{}', ?)", w.clock); err != nil {
			return err
		}
		if err := ledger.MakeSecrets(ctx, tx, w.clock); err != nil {
			return err
		}
		if w.unit, err = places.AddUnit(ctx, tx, resources.Unit{Slug: "talo", Name: text("Talo"), City: "Helsinki", Address: "Katu 1", Holidays: "normal"}); err != nil {
			return err
		}
		if err := w.hours(tx, resources.Owner{Unit: w.unit.ID}, "06:00", "23:00"); err != nil {
			return err
		}
		for _, key := range []string{"open", "approval", "competing"} {
			if err := w.book(tx, key); err != nil {
				return err
			}
		}
		w.Secrets, err = ledger.LoadSecrets(ctx, tx)
		return err
	}))
	return w
}

func text(s string) locales.Texts { return locales.Texts{Fi: s, Sv: s, En: s} }

func (w *world) hours(tx *db.DB, owner resources.Owner, from, to string) error {
	f, _ := calendar.ParseMinute(from)
	u, _ := calendar.ParseMinute(to)
	span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: f, To: u, Kind: policies.Reservable}
	return w.Resources.SetPeriods(ctx, tx, owner, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}})
}

// book makes one of the rule books: all may, all must ask, all must ask and
// requests compete.
func (w *world) book(tx *db.DB, key string) error {
	effects := policies.Effects{Verdict: policies.Allow, Price: "free"}
	if key != "open" {
		effects.Verdict = policies.Approval
	}
	if competes := key == "competing"; competes {
		effects.Competes = &competes
	}
	from := w.clock.AddDate(-5, 0, 0)
	_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{
		Key: key, Version: 1, State: "live", ValidFrom: &from,
		Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: effects}}}),
	})
	return err
}

// room adds a resource on spaces; a space that does not exist yet is made at
// the root. change may alter its settings.
func (w *world) room(name string, spaces []string, change func(*resources.Resource)) resources.Resource {
	w.t.Helper()
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		var parts []resources.Part
		for _, s := range spaces {
			if w.space[s] == 0 {
				if err := w.addSpace(tx, s, ""); err != nil {
					return err
				}
			}
			id := w.space[s]
			parts = append(parts, resources.Part{Space: &id, Count: 1})
		}
		return w.addRoom(tx, name, parts, change)
	}))
	return w.rooms[name]
}

func (w *world) addRoom(tx *db.DB, name string, parts []resources.Part, change func(*resources.Resource)) error {
	notice := 0
	r := resources.Resource{
		Unit: w.unit.ID, Slug: name, Name: text(name), Description: text(name), Type: resources.Types[0].Key, Access: "open", State: "published", Raster: 30, MinMinutes: 30,
		RuleBook: "open", PriceUnit: "hour", CancelMinutes: &notice, Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
	}
	if change != nil {
		change(&r)
	}
	made, err := w.Resources.AddResource(ctx, tx, r, parts)
	w.rooms[name] = made
	return err
}

func (w *world) addSpace(tx *db.DB, name, parent string) error {
	s := resources.Space{Unit: w.unit.ID, Name: text(name)}
	if parent != "" {
		id := w.space[parent]
		s.Parent = &id
	}
	made, err := w.Resources.AddSpace(ctx, tx, s)
	w.space[name] = made.ID
	return err
}

// person is somebody with a browser of their own.
func (w *world) person(name string, roles ...accounts.Role) accounts.Actor {
	w.t.Helper()
	adult := true
	p := accounts.Person{Name: name, Language: "fi", Adult: &adult, CreatedAt: w.clock}
	var session int64
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		uid := uuid.New()
		err := tx.Query(ctx, &p.ID, `INSERT INTO people (uid, email, name, language, adult, created_at) VALUES (?, lower(?), ?, 'fi', true, ?) RETURNING id`,
			uid, name+"@demo.example", name, w.clock)
		p.UID = uid
		if err != nil {
			return err
		}
		for i := range roles {
			roles[i].Person = p.ID
			if _, err := tx.Exec(ctx, "INSERT INTO roles (person, unit, role, created_at) VALUES (?, ?, ?, ?)", p.ID, roles[i].Unit, roles[i].Role, w.clock); err != nil {
				return err
			}
		}
		session, err = w.session(tx, &p.ID)
		return err
	}))
	email := name + "@demo.example"
	p.Email = &email
	return accounts.Actor{Person: &p, Session: session, Address: "192.0.2.1", Roles: roles}
}

func (w *world) session(tx *db.DB, person *int64) (id int64, err error) {
	hash := make([]byte, 32)
	copy(hash, uuid.NewString())
	err = tx.Query(ctx, &id, `INSERT INTO sessions (person, token_hash, address, created_at, seen_at, expires_at)
		VALUES (?, ?, '192.0.2.1', ?, ?, ?) RETURNING id`, person, hash, w.clock, w.clock, w.clock.AddDate(1, 0, 0))
	return id, err
}

func (w *world) visitor() accounts.Actor {
	w.t.Helper()
	id, err := w.session(w.DB, nil)
	w.must(err)
	return accounts.Actor{Session: id, Address: "192.0.2.1"}
}

func (w *world) manager() accounts.Actor {
	return w.person("hoitaja", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager})
}

// take books a room as somebody; times are local, "2026-11-24 12:00".
func (w *world) take(actor accounts.Actor, room, begin, end string) (booking.Reservation, error) {
	w.t.Helper()
	return w.Book(ctx, actor, w.request(room, begin, end))
}

func (w *world) request(room, begin, end string) booking.Request {
	return booking.Request{Resource: w.rooms[room].UID, Times: times(begin, end), Form: policies.Form{Title: "Kerho", TermsAccepted: true}}
}

func (w *world) mustTake(actor accounts.Actor, room, begin, end string) booking.Reservation {
	w.t.Helper()
	r, err := w.take(actor, room, begin, end)
	if err != nil {
		w.t.Fatalf("book %s %s–%s: %v", room, begin, end, err)
	}
	return r
}

// refused wants a refusal because the time is taken.
func (w *world) refused(actor accounts.Actor, room, begin, end string) *booking.Refusal {
	w.t.Helper()
	_, err := w.take(actor, room, begin, end)
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) || !fault.Is(err, fault.Conflict) || len(refusal.Conflicts) == 0 {
		w.t.Fatalf("book %s %s–%s: got %v, want an overlap that names its conflict", room, begin, end, err)
	}
	return refusal
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wantCode(err error, code string) {
	w.t.Helper()
	if fault.Code(err) != code {
		w.t.Fatalf("got %v, want %s", err, code)
	}
}

func (w *world) count(sql string, params ...any) int {
	w.t.Helper()
	var n int
	w.must(w.DB.Query(ctx, &n, sql, params...))
	return n
}

func at(local string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", local, helsinki)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func times(begin, end string) booking.Times { return booking.Times{Begin: at(begin), End: at(end)} }

func dateOf(iso string) calendar.Date {
	date, err := calendar.ParseDate(iso)
	if err != nil {
		panic(err)
	}
	return date
}
