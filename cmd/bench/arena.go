package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// bookers is how many people book; the same number of connections race.
const bookers = 50

// arena is the town in which people book: as many rooms as the city has, all of
// them simple and open every day, and a hall of three courts that is two rooms,
// whose parts are listed in opposite orders.
type arena struct {
	*town
	recorder *recorder
	rooms    []booked
	hall     [2]booked
	people   []booker
	next     map[slots]int // the first slot that is not used yet
	oneRoom  int           // bookings of the one room so far
}

// booked is a room by all the names that the database knows it by.
type booked struct {
	Resource, Unit, Atom int
	UID                  string
}

func (b booked) uid() uuid.UUID { return uuid.MustParse(b.UID) }

// booker is somebody who books with a token.
type booker struct {
	person accounts.Person
	token  string
}

// The numbers of the arena's rows begin far apart, so that each can be told from
// all others where it occurs in a statement.
var firstNumbers = map[string]int{"units": 71001, "resources": 72001, "atoms": 73001, "people": 74001}

func buildArena(ctx context.Context, place *place) (*arena, error) {
	a := &arena{recorder: &recorder{}, next: map[slots]int{}}
	var err error
	if a.town, err = place.found(ctx, "arena", a.recorder.note); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{a.number, a.furnish, a.readRooms, a.people50} {
		if err := step(ctx); err != nil {
			a.close()
			return nil, err
		}
	}
	return a, nil
}

func (a *arena) number(ctx context.Context) error {
	for table, first := range firstNumbers {
		if _, err := a.db.Exec(ctx, fmt.Sprintf("ALTER TABLE %s ALTER COLUMN id RESTART WITH %d", table, first)); err != nil {
			return err
		}
	}
	_, err := a.db.Exec(ctx, "ALTER SEQUENCE reservation_id RESTART WITH 5000001")
	return err
}

func (a *arena) furnish(ctx context.Context) error {
	return a.db.Tx(ctx, func(tx *db.DB) error {
		from, ahead := noon.AddDate(-1, 0, 0), 730
		_, err := a.places.AddRuleBook(ctx, tx, resources.RuleBook{Key: "arena", State: "live", ValidFrom: &from, Rules: db.AsJSON(policies.Rules{
			Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
				Verdict: policies.Allow, Price: "free", Limits: &policies.Limits{SeriesDays: &ahead},
			}}},
		})})
		made := 0
		for u := 0; made < allRooms && err == nil; u++ {
			n := min(roomsPerUnit, allRooms-made)
			err = a.unit(ctx, tx, u, n)
			made += n
		}
		if err != nil {
			return err
		}
		return a.addHall(ctx, tx)
	})
}

func (a *arena) unit(ctx context.Context, tx *db.DB, u, rooms int) error {
	unit, err := a.addUnit(ctx, tx, fmt.Sprintf("areena-%d", u))
	for i := 0; i < rooms && err == nil; i++ {
		var space resources.Space
		space, err = a.places.AddSpace(ctx, tx, resources.Space{Unit: unit.ID, Name: text(fmt.Sprintf("Sali %d", i+1))})
		if err == nil {
			err = a.addRoom(ctx, tx, fmt.Sprintf("sali-%d-%d", u, i), space)
		}
	}
	return err
}

func (a *arena) addUnit(ctx context.Context, tx *db.DB, slug string) (resources.Unit, error) {
	unit, err := a.places.AddUnit(ctx, tx, resources.Unit{Slug: slug, Name: text(slug), Holidays: "normal", Address: "Katu 1", City: "Helsinki"})
	if err != nil {
		return unit, err
	}
	week := []resources.WeekSpan{{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 6 * 60, To: 23 * 60, Kind: policies.Reservable}}
	return unit, a.places.SetPeriods(ctx, tx, resources.Owner{Unit: unit.ID}, []resources.Period{{Spans: db.AsJSON(week)}})
}

func (a *arena) addRoom(ctx context.Context, tx *db.DB, slug string, spaces ...resources.Space) error {
	crowd := 40
	parts := make([]resources.Part, len(spaces))
	for i, space := range spaces {
		parts[i].Space = &space.ID
	}
	_, err := a.places.AddResource(ctx, tx, resources.Resource{
		Unit: spaces[0].Unit, Slug: slug, Name: text(slug), Description: text("Tila kokouksiin ja harrastuksiin."),
		Type: resources.Types[0].Key, Access: "open", State: resources.StatePublished, PersonsMax: &crowd,
		Purposes: db.Strings{"meeting", "club"}, Equipment: db.Strings{"tables"}, RequiredFields: db.Strings{"title"},
		Raster: 30, MinMinutes: 60, RuleBook: "arena", PriceUnit: "hour",
	}, parts)
	return err
}

func (a *arena) addHall(ctx context.Context, tx *db.DB) error {
	unit, err := a.addUnit(ctx, tx, "halli")
	courts := make([]resources.Space, 3)
	for i := range courts {
		if err != nil {
			return err
		}
		courts[i], err = a.places.AddSpace(ctx, tx, resources.Space{Unit: unit.ID, Name: text(fmt.Sprintf("Kenttä %d", i+1))})
	}
	if err != nil {
		return err
	}
	if err := a.addRoom(ctx, tx, "halli", courts...); err != nil {
		return err
	}
	return a.addRoom(ctx, tx, "illah", courts[2], courts[1], courts[0])
}

func (a *arena) readRooms(ctx context.Context) error {
	var all []booked
	err := a.db.Query(ctx, &all, `SELECT r.id AS resource, r.unit, min(n.atom) AS atom, CAST(r.uid AS text) AS uid
		FROM resources r JOIN resource_atoms n ON n.resource = r.id GROUP BY r.id ORDER BY r.id`)
	if err != nil || len(all) != allRooms+2 {
		return fmt.Errorf("the arena has %d rooms: %w", len(all), err)
	}
	a.rooms, a.hall = all[:allRooms], [2]booked(all[allRooms:])
	_, err = a.db.Exec(ctx, "ANALYZE")
	return err
}

// people50 are those who book, each with a token of their own.
func (a *arena) people50(ctx context.Context) error {
	for i := range bookers {
		email, adult := fmt.Sprintf("booker%d@arena.example", i), true
		person := accounts.Person{Email: &email, Name: "Booker", Language: "fi", Adult: &adult, AdultSource: "staff", CreatedAt: noon}
		if err := accounts.AddPerson(ctx, a.db, &person); err != nil {
			return err
		}
		token, _, err := a.accounts.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{
			Person: person.ID, Name: "bench", Scopes: []string{accounts.ScopeBook, accounts.ScopeRead}, Lifetime: 24 * time.Hour,
		})
		if err != nil {
			return err
		}
		a.people = append(a.people, booker{person, token})
	}
	return nil
}

// slots are times that nothing else in the run books: the hours of some days of
// one month, so many for each room.
type slots struct {
	year  int
	month time.Month
}

// The slots of a month: the days that are written with two digits whatever they
// are counted from, and hours that are open and lie in one local day.
const (
	firstDay, slotDays   = 10, 19
	firstHour, slotHours = 10, 10
	slotsPerRoom         = slotDays * slotHours
)

// scatter spreads the slots that follow each other over rooms and units.
const scatter = 97

// at is the n-th slot of a month: its room, counted from 0, and its begin.
func (s slots) at(n int) (room int, begin time.Time) {
	room, n = n*scatter%allRooms, n/allRooms
	return room, time.Date(s.year, s.month, firstDay+n/slotHours%slotDays, firstHour+n%slotHours, 0, 0, 0, time.UTC)
}

// take gives n slots that nobody had.
func (a *arena) take(s slots, n int) (first int, err error) {
	first = a.next[s]
	a.next[s] += n
	if a.next[s] > allRooms*slotsPerRoom {
		return 0, fmt.Errorf("more bookings than %s has room for: ask for fewer rounds", s.month)
	}
	return first, nil
}

// booking is a request for an hour.
func (p booker) booking(room booked, begin time.Time) []byte {
	body, _ := json.Marshal(map[string]any{
		"resource": room.UID, "begin": begin, "end": begin.Add(time.Hour), "title": "Kerhoilta", "purpose": "club", "persons": 12,
	})
	return post("/api/v1/reservations", p.token, body)
}

// daysOf is the first moment of a local day so many days after the towns' now,
// moved on by hours.
func (a *arena) dayHour(days, hour int) time.Time {
	return calendar.FirstFrom(calendar.DateOf(noon, a.zone).AddDays(days), calendar.Minute(hour*60), a.zone)
}
