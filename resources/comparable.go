package resources

import (
	"cmp"
	"context"
	"math"
	"slices"

	"vuoro/db"
)

// Likeness is what another place must have to do for one that cannot be had,
// as far as somebody has said it. Purpose is a key of Purposes, "" = not said;
// Persons 0 = as many as the place holds.
type Likeness struct {
	Purpose string
	Persons int
}

// matters tells which equipment a purpose needs: a place without it does not do
// for one that has it. The induction loop is needed by people, not purposes.
var matters = map[string][]string{
	"meeting": {"projector", "screen", "whiteboard", "interpreter_booth"},
	"study":   {"screen", "whiteboard"},
	"club":    {"tables"},
	"sports":  {"changing_rooms"},
	"music":   {"piano", "sound", "stage"},
	"event":   {"projector", "sound", "stage", "piano"},
	"party":   {"kitchen", "sound", "tables"},
	"cooking": {"kitchen"},
	"craft":   {"sewing_machine", "tables"},
}

// Comparable lists the visible places that do instead of one, at most so many:
// they hold as many people, serve the purpose (where it is not said, the same
// kind of place) and have the equipment that the purpose needs and the place
// has. Those of the same kind come first, then by kilometres and list price;
// what is not known comes last.
func (s *Service) Comparable(ctx context.Context, d *db.DB, place Place, like Likeness, most int) ([]Place, error) {
	kept, err := s.stock(ctx, d)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	want := like.of(&place)
	var found []ranked
	for i := range kept.list {
		other := &kept.list[i]
		if other.Resource.ID != place.Resource.ID && want.met(other) && other.Visible(now) {
			found = append(found, want.rank(i, other))
		}
	}
	slices.SortFunc(found, ranked.compare)
	places := make([]Place, min(most, len(found)))
	for i := range places {
		places[i] = kept.at(found[i].index, now)
	}
	return places, nil
}

// standIn is what a place must have to stand in for another. Of one that does
// not say how many it holds nothing is asked.
type standIn struct {
	place     *Place
	purpose   string
	persons   *int
	equipment []string
}

func (like Likeness) of(place *Place) standIn {
	r := &place.Resource
	want := standIn{place: place, persons: r.PersonsMax}
	if like.Persons > 0 && r.PersonsMax != nil {
		want.persons = &like.Persons
	}
	purposes := []string(r.Purposes)
	if slices.Contains(purposes, like.Purpose) {
		want.purpose, purposes = like.Purpose, []string{like.Purpose}
	}
	for _, key := range r.Equipment {
		needed := func(purpose string) bool { return slices.Contains(matters[purpose], key) }
		if key == "induction_loop" || slices.ContainsFunc(purposes, needed) {
			want.equipment = append(want.equipment, key)
		}
	}
	return want
}

func (want *standIn) met(other *Place) bool {
	mine, r := &want.place.Resource, &other.Resource
	if want.persons != nil && (r.PersonsMax == nil || *r.PersonsMax < *want.persons) {
		return false
	}
	serves := r.Type == mine.Type && (len(mine.Purposes) == 0 || sharing(mine.Purposes, r.Purposes))
	if want.purpose != "" {
		serves = slices.Contains(r.Purposes, want.purpose)
	}
	missing := func(key string) bool { return !slices.Contains(r.Equipment, key) }
	return serves && !slices.ContainsFunc(want.equipment, missing)
}

func sharing(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

// ranked is a place of the stock with what it is ranked by.
type ranked struct {
	index, otherType, kilometres, cents int
}

func (want *standIn) rank(index int, other *Place) ranked {
	r := ranked{index: index, kilometres: math.MaxInt, cents: math.MaxInt}
	if other.Resource.Type != want.place.Resource.Type {
		r.otherType = 1
	}
	here, known := want.place.Unit.Point()
	there, knownToo := other.Unit.Point()
	switch {
	case other.Unit.ID == want.place.Unit.ID:
		r.kilometres = -1
	case known && knownToo:
		r.kilometres = int(here.MetresTo(there) / 1000)
	}
	if other.Resource.PriceCents != nil {
		r.cents = *other.Resource.PriceCents
	}
	return r
}

func (r ranked) compare(o ranked) int {
	return cmp.Or(cmp.Compare(r.otherType, o.otherType), cmp.Compare(r.kilometres, o.kilometres), cmp.Compare(r.cents, o.cents), cmp.Compare(r.index, o.index))
}
