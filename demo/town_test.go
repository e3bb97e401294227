package demo_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/catalogue"
	"vuoro/db/dbtest"
	"vuoro/demo"
	"vuoro/imports/places"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

var update = flag.Bool("update", false, "write the town's file as an export has it")

const townFile = "town/places.json"

// The town's file is what exporting the town gives, to the byte, in JSON and by
// way of CSV; importing it into the town changes nothing.
func TestTownExportsItself(t *testing.T) {
	d := dbtest.New(t)
	if err := demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon); err != nil {
		t.Fatal(err)
	}
	rooms, _ := services(d, noon)
	town := &places.Service{DB: d, Resources: rooms, Now: rooms.Now, Zone: helsinki}
	file, err := town.Export(t.Context(), places.Choice{Format: places.JSON})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(townFile, file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(townFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(file) != string(want) {
		t.Error("the town is exported otherwise than it was read: go test ./demo -run TownExports -update")
	}
	table, err := town.Export(t.Context(), places.Choice{Format: places.CSV})
	if err != nil {
		t.Fatal(err)
	}
	empty := dbtest.New(t)
	other := &places.Service{DB: empty, Resources: &resources.Service{DB: empty, Now: rooms.Now, Zone: helsinki}, Now: rooms.Now, Zone: helsinki}
	if _, err := other.Import(t.Context(), places.Order{Data: table}); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{places.JSON: string(want), places.CSV: string(table)} {
		again, err := other.Export(t.Context(), places.Choice{Format: format})
		if err != nil || string(again) != want {
			t.Errorf("the town came back otherwise from CSV, as %s: %v", format, err)
		}
	}
	for _, data := range [][]byte{want, table} {
		before := count(t, d, "SELECT (SELECT count(*) FROM audit) + (SELECT sum(revision) FROM resources) + (SELECT count(*) FROM hours_periods)")
		summary, err := town.Import(t.Context(), places.Order{Data: data})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range summary.Counts {
			if c.New+c.Changed+c.Unnamed > 0 || c.Unchanged == 0 {
				t.Errorf("importing the town again: %+v", c)
			}
		}
		if after := count(t, d, "SELECT (SELECT count(*) FROM audit) + (SELECT sum(revision) FROM resources) + (SELECT count(*) FROM hours_periods)"); after != before {
			t.Error("importing the town again left traces")
		}
	}
}

// What the town must show: many real rooms that say where their facts are from,
// things that are shared, pools, whole days and seasons.
func TestTownHasEverySort(t *testing.T) {
	d := dbtest.New(t)
	if err := demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon); err != nil {
		t.Fatal(err)
	}
	for what, least := range map[string]int{
		"resources WHERE NOT example AND source <> ''": 40,
		"resources WHERE whole_day":                    1,
		"devices WHERE count > 1":                      1,
		"devices d WHERE (SELECT count(*) FROM resource_parts p WHERE p.device = d.id) > 1": 1,
		"units WHERE city <> 'Helsinki'":                  8,
		"hours_periods WHERE overlay AND school = 'term'": 1,
		"resources WHERE 'gym-a' = ANY (groups)":          3,
		"terms WHERE state = 'live'":                      1,
		"hours_periods WHERE valid_from = '2023-04-15'":   1,
		"hours_periods WHERE valid_from = '2029-04-15'":   1,
		"resources r WHERE 'piano' = ANY (equipment) AND persons_max >= 15 AND price_cents = 0 AND NOT adult_only": 1,
	} {
		if n := count(t, d, "SELECT count(*) FROM "+what); n < least {
			t.Errorf("%d %s, want %d", n, what, least)
		}
	}
	rooms, _ := services(d, noon)
	found, err := rooms.Places(t.Context(), d, resources.Filter{Text: "piano", Lang: "fi"})
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, place := range found {
		slugs = append(slugs, place.Resource.Slug)
	}
	if !strings.Contains(strings.Join(slugs, " "), "maunula-talon-musiikkihuone") {
		t.Errorf("a search for piano finds %v", slugs)
	}
}

// Every example of the town's books comes out as meant, but for the one that
// keeps the city's draft from being published.
func TestTownsExamples(t *testing.T) {
	d := dbtest.New(t)
	if err := demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon); err != nil {
		t.Fatal(err)
	}
	rooms, _ := services(d, noon)
	books := &catalogue.Service{DB: d, Places: rooms, Now: rooms.Now}
	all, err := rooms.Books(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var failing []string
	for _, book := range all {
		if err := books.BookMistakes(t.Context(), d, book); err != nil {
			t.Errorf("%s: %v", book.Key, err)
		}
		trials, err := books.TryExamples(t.Context(), accounts.Actor{System: true}, book.Key, book.Version)
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range trials {
			if len(trial.Differences) > 0 {
				failing = append(failing, fmt.Sprintf("%s/%s %s: %v", book.Key, book.State, trial.Example.Name, trial.Differences))
			}
		}
	}
	if len(failing) != 1 || !strings.HasPrefix(failing[0], "city/draft 180 hengen") {
		t.Errorf("failing: %s", strings.Join(failing, "\n"))
	}
}

// A file that changes what a booked room is made of takes the bookings along,
// or is refused when they would meet.
func TestRoomsChangeUnderBookings(t *testing.T) {
	d := dbtest.New(t)
	if err := demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon); err != nil {
		t.Fatal(err)
	}
	rooms, bookings := services(d, noon)
	rooms.Reseat = bookings.Reseat
	town := &places.Service{DB: d, Resources: rooms, Now: rooms.Now, Zone: helsinki}
	var caretaker accounts.Person
	if err := d.Query(t.Context(), &caretaker, "SELECT * FROM people WHERE email = 'kaarlo@demo.example'"); err != nil {
		t.Fatal(err)
	}
	actor := accounts.Actor{Person: &caretaker}
	if err := d.Query(t.Context(), &actor.Roles, "SELECT * FROM roles WHERE person = ?", caretaker.ID); err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"esimerkkikoulun-liikuntasali-a", "esimerkkikoulun-liikuntasali-b"} {
		place, _, err := rooms.PlaceBySlug(t.Context(), d, slug)
		if err != nil {
			t.Fatal(err)
		}
		begin := noon.Add(29 * time.Hour) // Tuesday 17:00
		_, err = bookings.Book(t.Context(), actor, booking.Request{
			Resource: place.Resource.UID, Kind: policies.Staff, Holder: booking.Holder{Kind: booking.HeldByUnit}, Times: booking.Times{Begin: begin, End: begin.Add(time.Hour)},
			Reason: "Remontti", Form: policies.Form{Title: "Remontti", Purpose: "sports", TermsAccepted: true}, Key: ledger.Key{Actor: actor.Name(), Route: "test", Key: slug, Request: []byte(slug)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	where := func(slug string) (key string) {
		err := d.Query(t.Context(), &key, `SELECT s.external_ref FROM occupancies o JOIN reservations r ON r.id = o.reservation
			JOIN resources p ON p.id = r.resource JOIN atoms a ON (a.unit, a.id) = (o.unit, o.atom) JOIN spaces s ON s.id = a.space WHERE p.slug = ?`, slug)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	change := func(rows string) error {
		_, err := town.Import(t.Context(), places.Order{Data: []byte("row,slug,parts,key,unit,parent,name_fi\n" + rows)})
		return err
	}
	var mistakes *places.Mistakes
	if err := change("resource,esimerkkikoulun-liikuntasali-b,a\n"); !errors.As(err, &mistakes) || len(mistakes.List) != 2 ||
		mistakes.List[0].Fault.Code != "resource.parts_collide" || mistakes.List[1].Fault.Code != "resource.collides" {
		t.Errorf("two bookings in one place: %v", err)
	}
	if err := change("resource,esimerkkikoulun-liikuntasali-b,c\n"); err != nil || where("esimerkkikoulun-liikuntasali-b") != "c" {
		t.Errorf("the booking stays in %s: %v", where("esimerkkikoulun-liikuntasali-b"), err)
	}
	if err := change("space,,,a1,esimerkkikoulu,a,A1\n"); err != nil || where("esimerkkikoulun-liikuntasali-a") != "a1" {
		t.Errorf("the booking stays in %s: %v", where("esimerkkikoulun-liikuntasali-a"), err)
	}
}
