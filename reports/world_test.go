package reports_test

import (
	"context"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
)

var ctx = context.Background()

// town is two units with a room each on a real database, open day and night,
// where the engine books and the reports count. Its clock starts on 1 January
// 2024 in Helsinki.
type town struct {
	t       testing.TB
	db      *db.DB
	booking *booking.Service
	reports *reports.Service
	zone    *time.Location
	clock   time.Time
	units   map[string]resources.Unit
	rooms   map[string]resources.Resource
	admin   accounts.Actor
}

func newTown(t testing.TB) *town {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, db: dbtest.New(t), zone: zone, units: map[string]resources.Unit{}, rooms: map[string]resources.Resource{}}
	w.clock = w.at("2024-01-01 08:00")
	now := func() time.Time { return w.clock }
	places := &resources.Service{DB: w.db, Now: now, Zone: zone}
	w.booking = &booking.Service{DB: w.db, Resources: places, Now: now, Zone: zone, HoldsPerAddress: 100}
	w.reports = &reports.Service{DB: w.db, Zone: zone}
	w.must(w.db.Tx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', 'Europe/Helsinki', '{}', ?)", w.clock); err != nil {
			return err
		}
		if err := ledger.MakeSecrets(ctx, tx, w.clock); err != nil {
			return err
		}
		return w.rules(tx, places)
	}))
	w.unit("kirjasto", "sali")
	w.unit("koulu", "liikuntasali")
	w.admin = w.person("paula", accounts.Role{Role: accounts.CityAdmin})
	return w
}

// rules are two rule books: everybody may, and everybody must ask.
func (w *town) rules(tx *db.DB, places *resources.Service) error {
	from := w.clock.AddDate(-5, 0, 0)
	for key, verdict := range map[string]policies.Verdict{"open": policies.Allow, "ask": policies.Approval} {
		rules := policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: verdict, Price: "free"}}}}
		_, err := places.AddRuleBook(ctx, tx, resources.RuleBook{Key: key, Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(rules)})
		if err != nil {
			return err
		}
	}
	return nil
}

func text(s string) locales.Texts { return locales.Texts{Fi: s, Sv: s + " (sv)", En: s + " (en)"} }

// unit adds a unit with one room that keeps 30 minutes before and after free.
func (w *town) unit(slug, room string) {
	w.t.Helper()
	w.must(w.db.Tx(ctx, func(tx *db.DB) error {
		places := w.booking.Resources
		unit, err := places.AddUnit(ctx, tx, resources.Unit{Slug: slug, Name: text("Talo " + slug), City: "Helsinki", Holidays: "normal"})
		if err != nil {
			return err
		}
		w.units[slug] = unit
		always := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 0, To: calendar.DayMinutes, Kind: policies.Reservable}
		err = places.SetPeriods(ctx, tx, resources.Owner{Unit: unit.ID}, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{always})}})
		if err != nil {
			return err
		}
		space, err := places.AddSpace(ctx, tx, resources.Space{Unit: unit.ID, Name: text(room)})
		if err != nil {
			return err
		}
		made, err := places.AddResource(ctx, tx, resources.Resource{
			Unit: unit.ID, Slug: room, Name: text("Tila " + room), Description: text(room), Type: resources.Types[0].Key, Access: "open", State: "published",
			Raster: 30, MinMinutes: 30, BufferBefore: 30, BufferAfter: 30, RuleBook: "open", PriceUnit: "hour",
			Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
		}, []resources.Part{{Space: &space.ID, Count: 1}})
		w.rooms[room] = made
		return err
	}))
}

func (w *town) person(name string, roles ...accounts.Role) accounts.Actor {
	w.t.Helper()
	email, adult := name+"@demo.example", true
	p := accounts.Person{UID: uuid.New(), Email: &email, Name: name, Language: "fi", Adult: &adult}
	w.must(w.db.Query(ctx, &p.ID, `INSERT INTO people (uid, email, name, language, adult, created_at) VALUES (?, ?, ?, 'fi', true, ?) RETURNING id`,
		p.UID, email, name, w.clock))
	return accounts.Actor{Person: &p, Roles: roles}
}

func (w *town) at(local string) time.Time {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", local, w.zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return t.UTC()
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// book makes a reservation of a kind; times are local, "2024-10-27 02:00".
func (w *town) book(kind policies.Kind, room, begin, end string) booking.Reservation {
	w.t.Helper()
	req := booking.Request{
		Resource: w.rooms[room].UID, Times: booking.Times{Begin: w.at(begin), End: w.at(end)},
		Kind: kind, Form: policies.Form{Title: "Kerho", TermsAccepted: true}, Reason: "kokeilu",
	}
	if kind == policies.Staff {
		req.Holder.Kind = booking.HeldByUnit
	}
	r, err := w.booking.Book(ctx, w.admin, req)
	if err != nil {
		w.t.Fatalf("book %s %s–%s: %v", room, begin, end, err)
	}
	return r
}

// ask turns the room's rule book into one where everybody must ask.
func (w *town) ask(room string) {
	w.t.Helper()
	_, err := w.db.Exec(ctx, "UPDATE resources SET rule_book = 'ask' WHERE id = ?", w.rooms[room].ID)
	w.must(err)
}

func (w *town) hours(from, to string) reports.Hours {
	w.t.Helper()
	answer, err := w.reports.BookedHours(ctx, w.admin, w.question(from, to))
	w.must(err)
	return answer
}

func (w *town) question(from, to string) reports.HoursQuestion {
	w.t.Helper()
	f, err := calendar.ParseDate(from)
	w.must(err)
	u, err := calendar.ParseDate(to)
	w.must(err)
	return reports.HoursQuestion{From: f, To: u}
}
