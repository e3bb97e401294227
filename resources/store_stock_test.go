package resources_test

import (
	"errors"
	"testing"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/policies"
	"vuoro/resources"
)

// Two programs on one database: what one changes the other sees at once, be it
// unit, resource, address, parts, hours or rules.
func TestWhatIsKeptFollowsEveryChange(t *testing.T) {
	d := dbtest.New(t)
	w := newTown(t, d)
	hall, kitchen := w.space(nil, "Sali"), w.space(nil, "Keittiö")
	room := w.add(w.plain("sali"), resources.Part{Space: &hall.ID})
	other := service(d)
	seen := func() resources.Place {
		t.Helper()
		return must[resources.Place](t)(other.PlaceByID(t.Context(), d, room.ID))
	}
	seen()
	unit := w.unit
	unit.Phone = "09 310 0000"
	must[resources.Unit](t)(w.s.UpdateUnit(t.Context(), d, unit))
	if seen().Unit.Phone != unit.Phone {
		t.Error("a unit's new telephone is not seen")
	}
	room.Slug, room.Raster = "iso-sali", 60
	room = must[resources.Resource](t)(w.s.UpdateResource(t.Context(), d, room, []resources.Part{{Space: &hall.ID}, {Space: &kitchen.ID}}))
	if p := seen(); p.Resource.Raster != 60 || len(p.Needs) != 2 {
		t.Errorf("raster %d with %d atoms", p.Resource.Raster, len(p.Needs))
	}
	if _, redirect, err := other.PlaceBySlug(t.Context(), d, "sali"); err != nil || redirect != "iso-sali" {
		t.Errorf("the old address leads to %q (%v)", redirect, err)
	}
	week := resources.WeekSpan{Weekdays: []int{1}, From: 8 * 60, To: calendar.Minute(9 * 60), Kind: policies.Reservable}
	for i, owner := range []resources.Owner{{Unit: unit.ID}, {Resource: room.ID}} {
		if err := w.s.SetPeriods(t.Context(), d, owner, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{week})}}); err != nil {
			t.Fatal(err)
		}
		if n := len(seen().Periods); n != i+1 {
			t.Errorf("%d periods after %+v", n, owner)
		}
	}
	if err := w.s.SetPeriods(t.Context(), d, resources.Owner{Resource: room.ID}, nil); err != nil || len(seen().Periods) != 1 {
		t.Errorf("%d periods after its own were removed (%v)", len(seen().Periods), err)
	}
	book := cityBook()
	book.Decision.V.Reference = "§ 462"
	must[resources.RuleBook](t)(w.s.AddRuleBook(t.Context(), d, book))
	if p := seen(); p.Book.Decision != "§ 462" {
		t.Errorf("the rules are those of %q", p.Book.Decision)
	}
}

// A change that its maker sees before the commit and then gives up was never
// there, also where the next change comes right after it.
func TestWhatWasRolledBackIsNotKept(t *testing.T) {
	d := dbtest.New(t)
	w := newTown(t, d)
	hall := w.space(nil, "Sali")
	room := w.add(w.plain("sali"), resources.Part{Space: &hall.ID})
	gone := errors.New("given up")
	for _, raster := range []int{45, 60} {
		err := d.Tx(t.Context(), func(tx *db.DB) error {
			r := room
			r.Raster = raster
			must[resources.Resource](t)(w.s.UpdateResource(t.Context(), tx, r, nil))
			if p := must[resources.Place](t)(w.s.PlaceByID(t.Context(), tx, room.ID)); p.Resource.Raster != raster {
				t.Errorf("its maker sees %d", p.Resource.Raster)
			}
			return gone
		})
		if !errors.Is(err, gone) {
			t.Fatal(err)
		}
		if p := must[resources.Place](t)(w.s.PlaceByID(t.Context(), d, room.ID)); p.Resource.Raster != room.Raster {
			t.Errorf("raster %d after it was given up", p.Resource.Raster)
		}
		room.Raster = 30 + raster
		room = must[resources.Resource](t)(w.s.UpdateResource(t.Context(), d, room, nil))
		if p := must[resources.Place](t)(w.s.PlaceByID(t.Context(), d, room.ID)); p.Resource.Raster != room.Raster {
			t.Errorf("raster %d, want %d", p.Resource.Raster, room.Raster)
		}
	}
}
