package catalogue_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

var ctx = context.Background()

// city is two units, "talo" and "toinen", each with a hall, and everybody who
// may ask for something. It is Monday 23 November 2026, noon in Helsinki.
type city struct {
	*catalogue.Service
	t      *testing.T
	d      *db.DB
	clock  time.Time
	units  map[string]resources.Unit
	halls  map[string]resources.Space
	actors map[string]accounts.Actor

	statements atomic.Int64 // that were sent
}

func newCity(t *testing.T) *city {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, clock: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), units: map[string]resources.Unit{}, halls: map[string]resources.Space{}}
	config := dbtest.Patient(dbtest.DSN(t))
	config.Trace = func(string, []any) { c.statements.Add(1) }
	d := must[*db.DB](t)(db.Open(ctx, config))
	t.Cleanup(d.Close)
	c.d = d
	now := func() time.Time { return c.clock }
	places := &resources.Service{DB: d, Now: now, Zone: zone}
	c.Service = &catalogue.Service{DB: d, Places: places, Now: now}
	c.people()
	for _, slug := range []string{"talo", "toinen"} {
		unit := must[resources.Unit](t)(c.AddUnit(ctx, c.actors["city"], resources.Unit{Slug: slug, Name: fi(slug), Holidays: "normal"}))
		c.units[slug] = unit
		c.halls[slug] = must[resources.Space](t)(c.AddSpace(ctx, c.actors["city"], resources.Space{Unit: unit.ID, Name: fi("Sali")}))
	}
	talo, toinen := c.units["talo"].ID, c.units["toinen"].ID
	c.actors["manager"] = c.person("Mia Manageri", accounts.Role{Role: accounts.Manager, Unit: &talo})
	c.actors["other"] = c.person("Otto", accounts.Role{Role: accounts.Manager, Unit: &toinen})
	c.actors["viewer"] = c.person("Ville", accounts.Role{Role: accounts.Viewer, Unit: &talo})
	return c
}

func (c *city) people() {
	c.actors = map[string]accounts.Actor{
		"nobody":   {},
		"resident": c.person("Riina"),
		"city":     c.person("Ceci", accounts.Role{Role: accounts.CityAdmin}),
	}
}

func (c *city) person(name string, roles ...accounts.Role) accounts.Actor {
	c.t.Helper()
	email := strings.ToLower(strings.Fields(name)[0]) + "@example.org"
	p := accounts.Person{Name: name, Email: &email, Language: "fi", CreatedAt: c.clock}
	if err := accounts.AddPerson(ctx, c.d, &p); err != nil {
		c.t.Fatal(err)
	}
	return accounts.Actor{Person: &p, Roles: roles}
}

// audit lists the actions of a unit's trail, the oldest first.
func (c *city) audit(unit int) []string {
	c.t.Helper()
	var actions []string
	if err := c.d.Query(ctx, &actions, "SELECT action FROM audit WHERE stream = ? ORDER BY number", unit); err != nil {
		c.t.Fatal(err)
	}
	return actions
}

// state is everything that a change of a unit's places would change.
func (c *city) state(unit int) string {
	c.t.Helper()
	var text string
	err := c.d.Query(ctx, &text, `SELECT concat((SELECT json_agg(u) FROM units u WHERE id = @u ), (SELECT json_agg(s ORDER BY id) FROM spaces s WHERE unit = @u ),
		(SELECT json_agg(d ORDER BY id) FROM devices d WHERE unit = @u ), (SELECT json_agg(h ORDER BY id) FROM hours_periods h WHERE unit = @u ),
		(SELECT count(*) FROM audit WHERE stream = @u ))`, map[string]any{"u": unit})
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

// room is the hall of "talo" as something that can be booked.
func (c *city) room(slug string) resources.Resource {
	c.t.Helper()
	var made resources.Resource
	err := c.d.Tx(ctx, func(tx *db.DB) (err error) {
		from := c.clock.AddDate(-1, 0, 0)
		if _, err = c.Places.AddRuleBook(ctx, tx, resources.RuleBook{Key: "open", State: "live", ValidFrom: &from, Rules: db.AsJSON(
			policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}}})}); err != nil {
			return err
		}
		hall := c.halls["talo"].ID
		made, err = c.Places.AddResource(ctx, tx, resources.Resource{
			Unit: c.units["talo"].ID, Slug: slug, Name: fi("Talon sali"), Type: "gym", Access: "open", State: "draft", Raster: 30, MinMinutes: 30,
			RuleBook: "open", PriceUnit: "hour", Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
		}, []resources.Part{{Space: &hall}})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return made
}

func fi(text string) locales.Texts { return locales.Texts{Fi: text} }

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) *fault.Error {
	t.Helper()
	f := fault.As(err)
	if err == nil || f.Kind != kind || f.Code != code && (len(f.Fields) == 0 || f.Fields[0].Code != code) {
		t.Fatalf("got %v, want %v %s", err, kind, code)
	}
	return f
}

// book writes a confirmed reservation of a resident.
func (c *city) book(room resources.Resource, begin, end string) {
	c.t.Helper()
	at := func(local string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", local, c.Places.Zone)
		if err != nil {
			c.t.Fatal(err)
		}
		return t
	}
	_, err := c.d.Exec(ctx, `INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_person, made_at, changed_at)
		VALUES (gen_random_uuid(), ?, ?, ?, ?, 'ordinary', 'confirmed', true, 'person', ?, ?, ?)`,
		room.ID, room.Unit, at(begin), at(end), c.actors["resident"].ID(), c.clock, c.clock)
	if err != nil {
		c.t.Fatal(err)
	}
}

// daily are reservable hours on every day of the week.
func daily(from, to calendar.Minute) []resources.Period {
	span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: from * 60, To: to * 60, Kind: policies.Reservable}
	return []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}}
}
