package resources_test

import (
	"strings"
	"testing"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/resources"
	"vuoro/web/locales"
)

// What does instead of a room holds as many, serves the purpose and has what
// the purpose needs; the same house and the same kind come first.
func TestComparable(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	must[resources.RuleBook](t)(w.s.AddRuleBook(t.Context(), w.d, cityBook()))
	add := func(slug string, persons int, change func(*resources.Resource)) resources.Resource {
		t.Helper()
		space := w.space(nil, slug)
		r := w.plain(slug)
		r.State, r.Access, r.Type, r.RuleBook, r.PriceNote = "published", "open", "event_hall", "city", fi("sovitaan")
		r.Description = locales.Texts{Fi: "Huone.", Sv: "Ett rum.", En: "A room."}
		r.PersonsMax, r.Purposes = &persons, db.Strings{"music", "meeting"}
		if change != nil {
			change(&r)
		}
		return w.add(r, resources.Part{Space: &space.ID})
	}
	has := func(keys ...string) func(*resources.Resource) {
		return func(r *resources.Resource) { r.Equipment = keys }
	}
	hall := add("sali", 40, has("piano", "projector", "wifi"))
	add("hinnakas", 40, func(r *resources.Resource) {
		r.Equipment, r.PriceCents = db.Strings{"piano", "projector"}, ptr(900)
	})
	add("halpa", 60, func(r *resources.Resource) {
		r.Equipment, r.PriceCents = db.Strings{"piano", "projector"}, ptr(100)
	})
	add("ryhma", 50, func(r *resources.Resource) { r.Equipment, r.Type = db.Strings{"piano", "projector"}, "group_room" })
	add("pianoton", 40, has("projector"))
	add("vain-piano", 40, has("piano"))
	add("pieni", 10, has("piano", "projector"))
	add("liikunta", 90, func(r *resources.Resource) {
		r.Equipment, r.Purposes = db.Strings{"piano", "projector"}, db.Strings{"sports"}
	})
	add("luonnos", 90, func(r *resources.Resource) { r.Equipment, r.State = db.Strings{"piano", "projector"}, "draft" })
	w.unit = must[resources.Unit](t)(w.s.AddUnit(t.Context(), w.d, resources.Unit{Slug: "muualla", Name: fi("Muualla"), Address: "Tie 1", Holidays: "normal"}))
	add("muualla", 40, has("piano", "projector"))

	for _, c := range []struct {
		like resources.Likeness
		want string
	}{
		{resources.Likeness{}, "halpa hinnakas muualla"}, // the same kind of place
		{resources.Likeness{Purpose: "music"}, "halpa hinnakas vain-piano muualla ryhma"},
		{resources.Likeness{Purpose: "meeting"}, "halpa hinnakas pianoton muualla ryhma"},
		{resources.Likeness{Purpose: "music", Persons: 8}, "halpa hinnakas vain-piano pieni muualla ryhma"},
		{resources.Likeness{Persons: 70}, ""},
		{resources.Likeness{Purpose: "cooking"}, "halpa hinnakas muualla"}, // the hall does not serve it either
	} {
		var slugs []string
		for _, p := range must[[]resources.Place](t)(w.s.Comparable(t.Context(), w.d, w.place(hall), c.like, 9)) {
			slugs = append(slugs, p.Resource.Slug)
		}
		if got := strings.Join(slugs, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.like, got, c.want)
		}
	}
	if two := must[[]resources.Place](t)(w.s.Comparable(t.Context(), w.d, w.place(hall), resources.Likeness{}, 2)); len(two) != 2 {
		t.Errorf("%d of two at most", len(two))
	}
}
