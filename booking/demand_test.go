package booking_test

import (
	"strings"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
)

// seek searches as the pages do and records what is not found.
func (w *world) seek(query booking.Query) booking.Found {
	w.t.Helper()
	found, err := w.Find(ctx, accounts.Actor{}, query)
	w.must(err)
	if len(found.Rooms) == 0 {
		w.must(w.RecordUnmet(ctx, found))
	}
	return found
}

func TestUnmetDemandKeepsNothingThatWasTyped(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	near := resources.Point{Latitude: 60.123456, Longitude: 24.987654}
	w.seek(booking.Query{Filter: resources.Filter{
		Text: "Maija Mehiläinen pianoa Kotikatu 5 A bändi", Lang: "sv", Persons: 15, Area: "Helsinki", Near: &near, Within: 900,
	}, Date: dateOf("2026-11-25"), From: minute("17:00")})
	w.seek(booking.Query{Filter: resources.Filter{Area: "Maija Mehiläinen", Unit: "maija-mehilainen"}})
	for range 3 {
		w.seek(booking.Query{Filter: resources.Filter{Equipment: []string{"stage", "piano"}}})
	}
	var all string
	w.must(w.DB.Query(ctx, &all, "SELECT string_agg(CAST(demand AS text), ' ') FROM demand"))
	for _, typed := range []string{"aija", "ehil", "otikatu", "60.12", "24.98"} {
		if strings.Contains(strings.ToLower(all), typed) {
			t.Errorf("%q is kept in %s", typed, all)
		}
	}
	list, err := w.Demand(ctx, w.manager(), dateOf("2026-11-23"), dateOf("2026-11-23"))
	w.must(err)
	if len(list) != 3 || list[0].Times != 3 || strings.Join(list[0].Wish.Equipment, " ") != "piano stage" {
		t.Fatalf("demand %+v", list)
	}
	first := list[1]
	if first.Language != "sv" || strings.Join(first.Wish.Words, " ") != "bandi piano" || first.Wish.OtherWords != 5 ||
		first.Wish.Persons != 15 || first.Wish.DaysAhead != 2 || first.Wish.Area != "Helsinki" || first.Wish.Metres != 900 {
		t.Errorf("kept %+v", first)
	}
	_, err = w.Demand(ctx, w.person("aino"), dateOf("2026-11-23"), dateOf("2026-11-23"))
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident reads the demand: %v", err)
	}
}
