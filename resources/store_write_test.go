package resources_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func TestAddResourceRefuses(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall, cart := w.space(nil, "Sali"), w.device("Videotykki", 2)
	other := must[resources.Unit](t)(w.s.AddUnit(t.Context(), w.d, resources.Unit{Slug: "other", Name: fi("Muu"), Holidays: "normal"}))
	elsewhere := must[resources.Space](t)(w.s.AddSpace(t.Context(), w.d, resources.Space{Unit: other.ID, Name: fi("Muu")}))
	w.add(w.plain("taken"), resources.Part{Space: &hall.ID})
	part := resources.Part{Space: &hall.ID}
	tests := []struct {
		code   string
		change func(*resources.Resource)
		parts  []resources.Part
	}{
		{"resource.slug_taken", func(r *resources.Resource) { r.Slug = "taken" }, []resources.Part{part}},
		{"resource.bad_slug", func(r *resources.Resource) { r.Slug = "Ei Käy" }, []resources.Part{part}},
		{"resource.name_missing", func(r *resources.Resource) { r.Name = fi("  ") }, []resources.Part{part}},
		{"too_long", func(r *resources.Resource) { r.Name = fi(strings.Repeat("a", 10_000)) }, []resources.Part{part}},
		{"bad_characters", func(r *resources.Resource) { r.Name = fi("a\x00b") }, []resources.Part{part}},
		{"bad_characters", func(r *resources.Resource) { r.Description = fi("a\xff") }, []resources.Part{part}},
		{"resource.persons_range", func(r *resources.Resource) { r.PersonsMin, r.PersonsMax = ptr(30), ptr(20) }, []resources.Part{part}},
		{"resource.bad_raster", func(r *resources.Resource) { r.Raster = 10 }, []resources.Part{part}},
		{"resource.no_length_fits", func(r *resources.Resource) { r.Raster, r.MinMinutes, r.MaxMinutes = 120, 30, ptr(90) }, []resources.Part{part}},
		{"resource.minutes_range", func(r *resources.Resource) { r.MinMinutes, r.MaxMinutes = 60, ptr(30) }, []resources.Part{part}},
		{"resource.bad_buffers", func(r *resources.Resource) { r.BufferAfter = 1441 }, []resources.Part{part}},
		{"resource.bad_state", func(r *resources.Resource) { r.State = "open" }, []resources.Part{part}},
		{"resource.unknown_type", func(r *resources.Resource) { r.Type = "spaceship" }, []resources.Part{part}},
		{"resource.unknown_equipment", func(r *resources.Resource) { r.Equipment = db.Strings{"laser"} }, []resources.Part{part}},
		{"resource.unknown_access", func(r *resources.Resource) { r.Access = "magic" }, []resources.Part{part}},
		{"bad_characters", func(r *resources.Resource) { r.ContactEmail = "a@b\nc" }, []resources.Part{part}},
		{"resource.rule_book_unknown", func(r *resources.Resource) { r.RuleBook = "none" }, []resources.Part{part}},
		{"resource.unknown_type", func(r *resources.Resource) { r.State = "published" }, []resources.Part{part}},
		{"resource.no_parts", func(r *resources.Resource) { r.State, r.Type = "published", "gym" }, nil},
		{"resource.description_missing", func(r *resources.Resource) {
			r.State, r.Type, r.Access, r.Description = "published", "gym", "open", locales.Texts{Fi: "a", En: "b"}
		}, []resources.Part{part}},
		{"resource.part_elsewhere", nil, []resources.Part{{Space: &elsewhere.ID}}},
		{"resource.part_elsewhere", nil, []resources.Part{{Device: ptr(-1)}}},
		{"resource.part_twice", nil, []resources.Part{part, part}},
		{"resource.part_count", nil, []resources.Part{{Device: &cart.ID, Count: 3}}},
		{"resource.bad_part", nil, []resources.Part{{}}},
	}
	for _, test := range tests {
		r := w.plain("free-slug")
		if test.change != nil {
			test.change(&r)
		}
		_, err := w.s.AddResource(t.Context(), w.d, r, test.parts)
		wantFault(t, err, fault.Invalid, test.code)
	}
	if list := must[[]resources.Place](t)(w.s.Places(t.Context(), w.d, resources.Filter{IncludeUnpublished: true})); len(list) != 1 {
		t.Errorf("%d resources after refusals, want the first one alone", len(list))
	}
}

// A refusal names every mistake, so that a form can show all at once.
func TestRefusalNamesAllFields(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	r := w.plain("Ei käy")
	r.Name, r.Raster = fi(""), 1
	_, err := w.s.AddResource(t.Context(), w.d, r, nil)
	var names []string
	for _, field := range fault.As(err).Fields {
		names = append(names, field.Name)
	}
	if !slices.Equal(names, []string{"slug", "name", "raster"}) {
		t.Errorf("fields %v", names)
	}
}

func TestUnitsSpacesAndDevicesRefuse(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	good := resources.Unit{Slug: "good", Name: fi("Hyvä"), Holidays: "normal"}
	for code, change := range map[string]func(*resources.Unit){
		"unit.slug_taken":       func(u *resources.Unit) { u.Slug = "library" },
		"resource.bad_slug":     func(u *resources.Unit) { u.Slug = "a b" },
		"unit.bad_holidays":     func(u *resources.Unit) { u.Holidays = "sometimes" },
		"unit.bad_place":        func(u *resources.Unit) { u.Latitude, u.Longitude = ptr(math.Pi*100), ptr(0.0) },
		"bad_characters":        func(u *resources.Unit) { u.Address = "a\x01" },
		"resource.name_missing": func(u *resources.Unit) { u.Name = locales.Texts{} },
	} {
		unit := good
		change(&unit)
		_, err := w.s.AddUnit(t.Context(), w.d, unit)
		wantFault(t, err, fault.Invalid, code)
	}
	_, err := w.s.AddSpace(t.Context(), w.d, resources.Space{Unit: -1, Name: fi("Sali")})
	wantFault(t, err, fault.NotFound, "unit.not_found")
	_, err = w.s.AddSpace(t.Context(), w.d, resources.Space{Unit: w.unit.ID, Parent: ptr(-1), Name: fi("Sali")})
	wantFault(t, err, fault.Invalid, "space.parent_elsewhere")
	_, err = w.s.AddDevice(t.Context(), w.d, resources.Device{Unit: w.unit.ID, Space: ptr(-1), Name: fi("Piano"), Count: 1})
	wantFault(t, err, fault.Invalid, "device.space_elsewhere")
	_, err = w.s.AddDevice(t.Context(), w.d, resources.Device{Unit: w.unit.ID, Name: fi("Piano"), Count: 1001})
	wantFault(t, err, fault.Invalid, "device.bad_count")
}

func TestSetPeriodsRefuses(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	spans := func(list ...resources.WeekSpan) resources.Period {
		p := period(t, "/")
		p.Spans.V = list
		return p
	}
	day := func(weekdays []int, from, to calendar.Minute, kind policies.HoursKind) resources.WeekSpan {
		return resources.WeekSpan{Weekdays: weekdays, From: from, To: to, Kind: kind}
	}
	week := override(period(t, "2026-03-02/2026-03-08"))
	for name, test := range map[string]struct {
		code    string
		periods []resources.Period
	}{
		"ends before begin": {"hours.ends_before_begin", []resources.Period{period(t, "2026-03-08/2026-03-02")}},
		"no weekday":        {"hours.bad_span", []resources.Period{spans(day(nil, 480, 960, policies.Open))}},
		"eighth weekday":    {"hours.bad_span", []resources.Period{spans(day([]int{8}, 480, 960, policies.Open))}},
		"weekday twice":     {"hours.bad_span", []resources.Period{spans(day([]int{1, 1}, 480, 960, policies.Open))}},
		"empty":             {"hours.bad_span", []resources.Period{spans(day([]int{1}, 480, 480, policies.Open))}},
		"begins tomorrow":   {"hours.bad_span", []resources.Period{spans(day([]int{1}, 1440, 1500, policies.Open))}},
		"over a day long":   {"hours.bad_span", []resources.Period{spans(day([]int{1}, 480, 480+1441, policies.Open))}},
		"unknown kind":      {"hours.bad_span", []resources.Period{spans(day([]int{1}, 480, 960, "maybe"))}},
		"tie":               {"hours.override_tie", []resources.Period{week, override(period(t, "2026-03-05/2026-03-11"))}},
		"tie without end":   {"hours.override_tie", []resources.Period{override(period(t, "2026-03-02/")), override(period(t, "/"))}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFault(t, w.s.SetPeriods(t.Context(), w.d, resources.Owner{Unit: w.unit.ID}, test.periods), fault.Invalid, test.code)
		})
	}
	apart := []resources.Period{week, override(period(t, "2026-03-09/2026-03-15")), override(period(t, "2026-03-05/2026-03-05"))}
	if err := w.s.SetPeriods(t.Context(), w.d, resources.Owner{Unit: w.unit.ID}, apart); err != nil {
		t.Errorf("overrides side by side and inside each other: %v", err)
	}
}

func TestAddRuleBookRefuses(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	rules := func(list ...policies.Rule) func(*resources.RuleBook) {
		return func(b *resources.RuleBook) { b.Rules.V.Rules = list }
	}
	allow := policies.Effects{Verdict: policies.Allow}
	for code, changes := range map[string][]func(*resources.RuleBook){
		"rules.bad_key":            {func(b *resources.RuleBook) { b.Key = "City Book" }},
		"rules.bad_state":          {func(b *resources.RuleBook) { b.State = "old" }},
		"rules.valid_from_missing": {func(b *resources.RuleBook) { b.ValidFrom = nil }},
		"rules.version":            {func(b *resources.RuleBook) { b.Rules.V.Version = 2 }},
		"rules.id_twice":           {rules(policies.Rule{ID: "a", Effects: allow}, policies.Rule{ID: "a", Effects: allow})},
		"rules.no_effect":          {rules(policies.Rule{ID: "a"})},
		"rules.weekday":            {rules(policies.Rule{ID: "a", When: policies.When{Weekdays: []int{0}}, Effects: allow})},
	} {
		for _, change := range changes {
			book := cityBook()
			change(&book)
			_, err := w.s.AddRuleBook(t.Context(), w.d, book)
			wantFault(t, err, fault.Invalid, code)
		}
	}
	book := cityBook()
	book.Unit = ptr(-1)
	_, err := w.s.AddRuleBook(t.Context(), w.d, book)
	wantFault(t, err, fault.NotFound, "unit.not_found")
}

// A refused change leaves nothing behind when its transaction is rolled back.
func TestRefusedChangeIsRolledBack(t *testing.T) {
	w := newTown(t, dbtest.New(t))
	err := w.d.Tx(t.Context(), func(tx *db.DB) error {
		_, first := w.s.AddSpace(t.Context(), tx, resources.Space{Unit: w.unit.ID, Name: fi("Sali")})
		_, second := w.s.AddSpace(t.Context(), tx, resources.Space{Unit: w.unit.ID, Parent: ptr(-1), Name: fi("Osa")})
		return errors.Join(first, second)
	})
	wantFault(t, err, fault.Invalid, "space.parent_elsewhere")
	var spaces int
	if err := w.d.Query(t.Context(), &spaces, "SELECT count(*) FROM spaces"); err != nil || spaces != 0 {
		t.Errorf("%d spaces, %v", spaces, err)
	}
}
