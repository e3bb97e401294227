package resources_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// searchTown has four rooms in two units, one draft and one archived one.
func searchTown(t *testing.T) town {
	t.Helper()
	w := newTown(t, dbtest.Tx(t))
	listed := cityBook()
	listed.Key, listed.Rules.V.Rules[0].Effects.Price = "listed", "list"
	must[resources.RuleBook](t)(w.s.AddRuleBook(t.Context(), w.d, listed))
	add := func(slug string, change func(*resources.Resource)) {
		t.Helper()
		space := w.space(nil, slug)
		r := w.plain(slug)
		r.State, r.Access, r.Type, r.RuleBook, r.Description = "published", "open", "meeting_room", "listed", locales.Texts{Fi: "Huone.", Sv: "Ett rum.", En: "A room."}
		r.PriceNote = fi("sovitaan")
		change(&r)
		w.add(r, resources.Part{Space: &space.ID})
	}
	add("waltari", func(r *resources.Resource) {
		r.Name = locales.Texts{Fi: "Mika Waltarin sali", Sv: "Mika Waltari-salen", En: "Mika Waltari hall"}
		r.PersonsMax, r.Equipment, r.Purposes, r.StepFree = ptr(60), db.Strings{"piano", "projector"}, db.Strings{"music"}, ptr(true)
	})
	add("kerhohuone", func(r *resources.Resource) {
		r.Name, r.Type, r.PersonsMax, r.PriceCents = locales.Texts{Fi: "Kerhohuone", En: "Clubroom"}, "group_room", ptr(10), ptr(0)
		r.Description.Fi = "Tässä huoneessa voi pelata 100 % rauhassa."
	})
	school := must[resources.Unit](t)(w.s.AddUnit(t.Context(), w.d, resources.Unit{
		Slug: "school", Name: locales.Texts{Fi: "Töölön koulu", Sv: "Tölö skola"}, Address: "Koulukatu 1", Holidays: "closed",
	}))
	w.unit = school
	add("gym", func(r *resources.Resource) {
		r.Name, r.Type, r.Description.Fi = locales.Texts{Fi: "Iso halli"}, "gym", "Tilaa salibandylle ja tennikselle."
		r.PersonsMin, r.PersonsMax, r.Purposes = ptr(5), ptr(100), db.Strings{"sports"}
	})
	add("ahaa", func(r *resources.Resource) {
		r.RuleBook, r.PriceCents, r.Name = "city", ptr(500), locales.Texts{Fi: "Äänitystila", En: "Recording room"}
	})
	add("draft", func(r *resources.Resource) { r.State = "draft"; r.Name = fi("Luonnossali") })
	add("archived", func(r *resources.Resource) { r.State = "archived"; r.Name = fi("Vanha sali") })
	return w
}

func (w town) find(f resources.Filter) []string {
	w.t.Helper()
	var slugs []string
	for _, p := range must[[]resources.Place](w.t)(w.s.Places(w.t.Context(), w.d, f)) {
		slugs = append(slugs, p.Resource.Slug)
	}
	return slugs
}

func TestSearchText(t *testing.T) {
	w := searchTown(t)
	for text, want := range map[string]string{
		"":                  "kerhohuone waltari gym ahaa",
		"sali":              "waltari gym",             // in the name; and "liikuntasali" is the other's kind
		"liikuntasali":      "gym",                     // kind
		"idrottssal":        "gym",                     // kind in Swedish
		"GYM":               "gym",                     // kind in English
		"waltari":           "waltari",                 // name
		"Waltarin":          "waltari",                 //
		"clubroom":          "kerhohuone",              // name in English
		"mika piano":        "waltari",                 // name and equipment
		"flygel":            "waltari",                 // equipment in Swedish, by another word
		"gym piano":         "",                        // every word must be met
		"toolo":             "gym ahaa",                // unit, without marks
		"Tölö":              "gym ahaa",                // unit in Swedish
		"koulukatu":         "gym ahaa",                // address
		"salibandyä":        "gym",                     // stem of an inflected word
		"huoneet":           "kerhohuone waltari ahaa", // stem in a description, part of a name
		"pelata":            "kerhohuone gym",          // and a purpose of the other
		"the clubroom":      "kerhohuone",              // a word without meaning
		"kerhohoune":        "kerhohuone",              // typing mistake
		"valtari":           "waltari",                 //
		"likuntasali":       "gym",                     // in a kind
		"luonnossali":       "",                        // drafts are hidden
		"100 %":             "kerhohuone",              // % is a character
		"%":                 "kerhohuone",              //
		"_":                 "",                        //
		"\\":                "",                        //
		"' OR true --":      "",                        //
		"wal\x00tari\x1b":   "waltari",                 // control characters part words
		"vvvvvvvv":          "",
		"äänitys":           "ahaa", //
		"recording  room":   "ahaa", //
		"@types0 ? $1 @@ :": "",     // nothing is read as a parameter
	} {
		if got := strings.Join(w.find(resources.Filter{Text: text, Lang: "fi"}), " "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func TestSearchFilters(t *testing.T) {
	w := searchTown(t)
	for name, test := range map[string]struct {
		filter resources.Filter
		want   []string
	}{
		"unit":              {resources.Filter{Unit: "school"}, []string{"gym", "ahaa"}},
		"unknown unit":      {resources.Filter{Unit: "nowhere"}, nil},
		"type":              {resources.Filter{Type: "group_room"}, []string{"kerhohuone"}},
		"purpose":           {resources.Filter{Purpose: "sports"}, []string{"gym"}},
		"few persons":       {resources.Filter{Persons: 4}, []string{"kerhohuone", "waltari"}},
		"many persons":      {resources.Filter{Persons: 60}, []string{"waltari", "gym"}},
		"too many persons":  {resources.Filter{Persons: 101}, nil},
		"all the equipment": {resources.Filter{Equipment: []string{"piano", "projector"}}, []string{"waltari"}},
		"not all of it":     {resources.Filter{Equipment: []string{"piano", "stage"}}, nil},
		"step-free":         {resources.Filter{StepFree: true}, []string{"waltari"}},
		"free of charge":    {resources.Filter{Free: true}, []string{"kerhohuone", "ahaa"}},
		"drafts":            {resources.Filter{Text: "luonnos", IncludeUnpublished: true}, []string{"draft"}},
		"never archived":    {resources.Filter{Text: "vanha", IncludeUnpublished: true}, nil},
		"together":          {resources.Filter{Text: "sali", Persons: 80, Purpose: "sports"}, []string{"gym"}},
	} {
		if got := w.find(test.filter); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	for code, filter := range map[string]resources.Filter{
		"search.too_long":          {Text: strings.Repeat("ä", 10_000)},
		"search.unknown_type":      {Type: "spaceship"},
		"search.unknown_purpose":   {Purpose: "war"},
		"search.unknown_equipment": {Equipment: []string{"piano", "x"}},
		"search.unknown_unit":      {Unit: "a\x00"},
		"search.persons":           {Persons: -1},
	} {
		_, err := w.s.Places(t.Context(), w.d, filter)
		wantFault(t, err, fault.Invalid, code)
	}
	if list := w.find(resources.Filter{Text: strings.Repeat("sana ", 200)}); len(list) != 0 {
		t.Errorf("a long text finds %v", list)
	}
}

// Whatever is typed, the search answers: with places or with Invalid.
func TestSearchAnswersAnything(t *testing.T) {
	w := searchTown(t)
	rapid.Check(t, func(rt *rapid.T) {
		f := resources.Filter{Text: rapid.String().Draw(rt, "text"), Lang: rapid.SampledFrom([]string{"", "fi", "sv", "en", "xx"}).Draw(rt, "lang")}
		if _, err := w.s.Places(t.Context(), w.d, f); err != nil && !fault.Is(err, fault.Invalid) {
			rt.Fatalf("%q: %v", f.Text, err)
		}
	})
}
