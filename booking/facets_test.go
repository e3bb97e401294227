package booking_test

import (
	"fmt"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/resources"
)

// facetWorld has a small and a large meeting room, a gym that is taken tomorrow
// evening, and a kitchen that asks for approval.
func facetWorld(t *testing.T) *world {
	w := newWorld(t)
	room := func(name, kind string, persons int, equipment ...string) {
		w.room(name, []string{name}, func(r *resources.Resource) {
			r.Type, r.PersonsMax, r.Equipment, r.Access = kind, &persons, equipment, "key"
		})
	}
	room("pieni", "meeting_room", 6, "screen")
	room("suuri", "meeting_room", 20, "screen", "piano")
	room("sali", "gym", 50, "piano")
	room("keittio", "kitchen", 20)
	w.must(exec(w, "UPDATE resources SET rule_book = 'approval', access = 'code' WHERE slug = 'keittio'"))
	w.mustTake(w.person("aino"), "sali", tomorrow+" 17:00", tomorrow+" 22:00")
	return w
}

func TestFacetsCountWhatWouldBeLeft(t *testing.T) {
	w := facetWorld(t)
	for name, c := range map[string]struct {
		query booking.Query
		want  map[resources.Trait]string
	}{
		"nothing chosen": {booking.Query{Any: true}, map[resources.Trait]string{
			resources.ByType: "map[gym:1 kitchen:1 meeting_room:2]", resources.ByEquipment: "map[piano:2 screen:2]",
			resources.ByNoApproval: "map[1:3]", resources.ByAccess: "map[code:1 key:3]", resources.ByUnit: "map[talo:4]", resources.ByArea: "map[Helsinki:4]",
		}},
		"other types stay in sight": {booking.Query{Any: true, Filter: resources.Filter{Type: "gym"}}, map[resources.Trait]string{
			resources.ByType: "map[gym:1 kitchen:1 meeting_room:2]", resources.ByEquipment: "map[piano:1]",
		}},
		"equipment is added": {booking.Query{Any: true, Filter: resources.Filter{Equipment: []string{"piano"}}}, map[resources.Trait]string{
			resources.ByType: "map[gym:1 meeting_room:1]", resources.ByEquipment: "map[piano:2 screen:1]",
		}},
		"only what is free": {booking.Query{Date: dateOf(tomorrow), From: 17 * 60, To: 22 * 60, Filter: resources.Filter{NoApproval: true}}, map[resources.Trait]string{
			resources.ByType: "map[meeting_room:2]", resources.ByNoApproval: "map[1:2]", resources.ByEquipment: "map[piano:1 screen:2]",
		}},
	} {
		found, err := w.Find(ctx, accounts.Actor{}, c.query)
		w.must(err)
		for trait, want := range c.want {
			if got := fmt.Sprint(found.Facets[trait]); got != want {
				t.Errorf("%s, %s: %s, want %s", name, trait, got, want)
			}
		}
	}
}

func TestAnEmptySearchTellsWhatToRelax(t *testing.T) {
	w := facetWorld(t)
	for name, c := range map[string]struct {
		query       booking.Query
		relax, days string
	}{
		"of a place": {
			booking.Query{Any: true, Filter: resources.Filter{Type: "gym", Persons: 60}}, "[{persons 1}]", "[]",
		},
		"of a time": {
			booking.Query{Date: dateOf(tomorrow), From: 17 * 60, To: 22 * 60, Filter: resources.Filter{Equipment: []string{"piano"}, Persons: 30}},
			"[{hours 1} {persons 1} {time 1}]", "[{2026-11-25 1} {2026-11-26 1} {2026-11-27 1}]",
		},
		"of a text": {
			booking.Query{Any: true, Filter: resources.Filter{Text: "vvvvvv", Type: "meeting_room"}}, "[{text 2}]", "[]",
		},
		"too long for the evening": {
			booking.Query{Date: dateOf(tomorrow), From: 17 * 60, To: 22 * 60, Minutes: 400, Filter: resources.Filter{Type: "meeting_room"}},
			"[{hours 2} {minutes 2} {time 2}]", "[]",
		},
	} {
		found, err := w.Find(ctx, accounts.Actor{}, c.query)
		w.must(err)
		if len(found.Rooms) != 0 {
			t.Errorf("%s: %d rooms are found", name, len(found.Rooms))
		}
		if got := fmt.Sprint(found.Relax); got != c.relax {
			t.Errorf("%s: relax %s, want %s", name, got, c.relax)
		}
		if got := fmt.Sprint(found.Days); got != c.days {
			t.Errorf("%s: days %s, want %s", name, got, c.days)
		}
	}
}

func TestSearchOverDaysAndByDistance(t *testing.T) {
	w := newWorld(t)
	w.must(exec(w, "UPDATE units SET latitude = 60.17, longitude = 24.94 WHERE id = ?", w.unit.ID))
	w.room("keskusta", []string{"a"}, nil)
	w.must(w.DB.Tx(ctx, func(tx *db.DB) (err error) {
		lat, lon := 60.17, 24.958
		if w.unit, err = w.Resources.AddUnit(ctx, tx, resources.Unit{Slug: "ranta", Name: text("Ranta"), City: "Helsinki", Holidays: "normal", Latitude: &lat, Longitude: &lon}); err != nil {
			return err
		}
		return w.hours(tx, resources.Owner{Unit: w.unit.ID}, "10:00", "12:00")
	}))
	w.room("ranta", []string{"b"}, nil)
	w.mustTake(w.person("aino"), "ranta", tomorrow+" 10:00", tomorrow+" 12:00")
	here := resources.Point{Latitude: 60.17, Longitude: 24.958}
	query := booking.Query{Date: dateOf(tomorrow), Until: dateOf("2026-11-26"), Sort: booking.Nearest, Filter: resources.Filter{Near: &here}}
	rooms, err := w.Search(ctx, accounts.Actor{}, query)
	w.must(err)
	if len(rooms) != 2 || rooms[0].Place.Resource.Slug != "ranta" || rooms[0].Metres != 0 || rooms[1].Metres < 990 || rooms[1].Metres > 1000 {
		t.Fatalf("by distance: %+v", rooms)
	}
	if got := rooms[0].FreeStarts[0].Begin; !got.Equal(at("2026-11-25 10:00")) {
		t.Errorf("the shore is free first on %v", got)
	}
	query.Sort, query.Within = booking.Soonest, 500
	if rooms, err = w.Search(ctx, accounts.Actor{}, query); err != nil || len(rooms) != 1 {
		t.Errorf("within 500 m: %d rooms, %v", len(rooms), err)
	}
	query.Until = dateOf("2027-02-24")
	if _, err = w.Search(ctx, accounts.Actor{}, query); err == nil {
		t.Error("93 days are not too many")
	}
	rooms, err = w.Search(ctx, accounts.Actor{}, booking.Query{Any: true, Sort: booking.Soonest, Date: dateOf("2027-06-01")})
	w.must(err)
	for _, room := range rooms {
		if want := map[string]string{"keskusta": "2026-11-23 12:00", "ranta": "2026-11-25 10:00"}[room.Place.Resource.Slug]; !room.Next.Begin.Equal(at(want)) {
			t.Errorf("%s is free next at %v, want %s", room.Place.Resource.Slug, room.Next.Begin, want)
		}
	}
}
