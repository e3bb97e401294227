package main

import (
	"context"
	"fmt"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// The city that is measured: as many rooms as Helsinki's service had, twenty to
// a unit, every third hall divided, evenings two thirds full.
const (
	allRooms     = 254
	roomsPerUnit = 20
)

// city is the town in which people look for rooms.
type city struct {
	*town
	cookie                     string // of somebody who works at the first unit
	rooms, units, reservations int
}

func buildCity(ctx context.Context, place *place) (*city, error) {
	town, err := place.found(ctx, "city", nil)
	if err != nil {
		return nil, err
	}
	c := &city{town: town}
	for _, step := range []func(context.Context) error{c.furnish, c.fill, c.signIn} {
		if err := step(ctx); err != nil {
			town.close()
			return nil, err
		}
	}
	return c, nil
}

// signIn gets the cookie of a manager of the first unit.
func (c *city) signIn(ctx context.Context) error {
	email, unit := "keeper@demo.example", 0
	person := accounts.Person{Email: &email, Name: "Keeper", Language: "fi", Demo: true, CreatedAt: noon}
	if err := accounts.AddPerson(ctx, c.db, &person); err != nil {
		return err
	}
	if err := c.db.Query(ctx, &unit, "SELECT min(id) FROM units"); err != nil {
		return err
	}
	if err := accounts.GrantRole(ctx, c.db, accounts.Role{Person: person.ID, Unit: &unit, Role: accounts.Manager, CreatedAt: noon}); err != nil {
		return err
	}
	in, err := c.accounts.SignInAs(ctx, accounts.Actor{}, person.UID.String())
	c.cookie = "vuoro=" + in.SessionToken
	return err
}

// furnish makes units, their trees and rooms.
func (c *city) furnish(ctx context.Context) error {
	return c.db.Tx(ctx, func(tx *db.DB) error {
		from := noon.AddDate(-1, 0, 0)
		_, err := c.places.AddRuleBook(ctx, tx, resources.RuleBook{Key: "city", State: "live", ValidFrom: &from, Rules: db.AsJSON(policies.Rules{
			Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}},
		})})
		for c.rooms < allRooms && err == nil {
			err = c.unit(ctx, tx, min(roomsPerUnit, allRooms-c.rooms))
		}
		return err
	})
}

func (c *city) unit(ctx context.Context, tx *db.DB, rooms int) error {
	c.units++
	lat, lon := 60.17+float64(c.units)/300, 24.94-float64(c.units)/200
	unit, err := c.places.AddUnit(ctx, tx, resources.Unit{
		Slug: fmt.Sprintf("talo-%d", c.units), Name: text(fmt.Sprintf("Talo %d", c.units)), Holidays: "closed",
		Address: "Katu 1", City: "Helsinki", Latitude: &lat, Longitude: &lon,
	})
	if err != nil {
		return err
	}
	week := []resources.WeekSpan{
		{Weekdays: []int{1, 2, 3, 4, 5}, From: 8 * 60, To: 16 * 60, Kind: policies.Core},
		{Weekdays: []int{1, 2, 3, 4, 5}, From: 16 * 60, To: 22 * 60, Kind: policies.Reservable},
		{Weekdays: []int{6, 7}, From: 9 * 60, To: 20 * 60, Kind: policies.Reservable},
	}
	if err := c.places.SetPeriods(ctx, tx, resources.Owner{Unit: unit.ID}, []resources.Period{{Spans: db.AsJSON(week)}}); err != nil {
		return err
	}
	var hall *int
	for i := range rooms {
		var parent *int
		if i%4 != 0 { // every fourth room is a hall, the next three its parts
			parent = hall
		}
		space, err := c.places.AddSpace(ctx, tx, resources.Space{Unit: unit.ID, Parent: parent, Name: text(fmt.Sprintf("Tila %d", i+1))})
		if err != nil {
			return err
		}
		if i%4 == 0 {
			hall = &space.ID
		}
		if err := c.room(ctx, tx, space, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *city) room(ctx context.Context, tx *db.DB, space resources.Space, i int) error {
	c.rooms++
	crowd, name := 10+i*5, fmt.Sprintf("Tila %d", c.rooms)
	r := resources.Resource{
		Unit: space.Unit, Slug: fmt.Sprintf("tila-%d", c.rooms), Name: text(name), Description: text("Tila kokouksiin ja harrastuksiin."),
		Type: resources.Types[i%len(resources.Types)].Key, Access: "open", State: resources.StatePublished, PersonsMax: &crowd,
		Purposes: db.Strings{"meeting", "club"}, Equipment: db.Strings{"tables"}, RequiredFields: db.Strings{},
		Raster: 30, MinMinutes: 60, RuleBook: "city", PriceUnit: "hour",
	}
	if i%3 == 0 {
		r.BufferBefore, r.BufferAfter = 15, 15
	}
	_, err := c.places.AddResource(ctx, tx, r, []resources.Part{{Space: &space.ID}})
	return err
}

// fill books two thirds of the evening hours of the weeks around noon in the
// smallest rooms of each hall, straight into the tables: what is measured is
// reading.
func (c *city) fill(ctx context.Context) error {
	day := calendar.DateOf(noon, c.zone)
	for n := -7; n <= 7; n++ {
		date := day.AddDays(n)
		for hour := 16; hour < 22; hour += 2 {
			if err := c.fillHour(ctx, calendar.Resolve(date, calendar.Minute(hour*60), c.zone).Instant, (n+7)*3+hour); err != nil {
				return err
			}
		}
	}
	if err := c.db.Query(ctx, &c.reservations, "SELECT count(*) FROM reservations"); err != nil {
		return err
	}
	_, err := c.db.Exec(ctx, "ANALYZE")
	return err
}

func (c *city) fillHour(ctx context.Context, begin time.Time, turn int) error {
	_, err := c.db.Exec(ctx, `WITH made AS (
		INSERT INTO reservations (uid, resource, unit, begin_at, end_at, buffer_before, buffer_after, kind, state, occupies,
			holder_kind, holder_unit, title, made_at, changed_at)
		SELECT gen_random_uuid(), r.id, r.unit, @begin, CAST(@begin AS timestamptz) + interval '90 minutes', r.buffer_before, r.buffer_after,
			'staff', 'confirmed', true, 'unit', r.unit, 'Kerho', @made, @made
		FROM resources r WHERE (r.id + CAST(@turn AS int)) % 3 <> 0
			AND NOT EXISTS (SELECT FROM resource_parts p JOIN spaces s ON s.parent = p.space WHERE p.resource = r.id)
		RETURNING *)
	INSERT INTO occupancies (reservation, unit, atom, side, during)
	SELECT m.id, a.unit, a.atom, v.side, v.during FROM made m JOIN resource_atoms a ON a.resource = m.resource
	CROSS JOIN LATERAL (
		SELECT m.id AS side, tstzrange(m.begin_at, m.end_at) AS during WHERE m.buffer_before = 0
		UNION ALL SELECT 0, tstzrange(m.begin_at, m.end_at) WHERE m.buffer_before > 0
		UNION ALL SELECT 1, tstzrange(m.begin_at - make_interval(mins => m.buffer_before), m.end_at + make_interval(mins => m.buffer_after))
			WHERE m.buffer_before > 0) v`,
		map[string]any{"begin": begin, "made": noon.AddDate(0, 0, -20), "turn": turn})
	return err
}
