package resources_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

var now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func service(d *db.DB) *resources.Service {
	return &resources.Service{DB: d, Now: func() time.Time { return now }, Zone: helsinki}
}

func ptr[T any](v T) *T { return &v }

func fi(text string) locales.Texts { return locales.Texts{Fi: text} }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// town is a unit with a rule book, ready for spaces and resources.
type town struct {
	t    testing.TB
	d    *db.DB
	s    *resources.Service
	unit resources.Unit
}

func newTown(t testing.TB, d *db.DB) town {
	t.Helper()
	s := service(d)
	must[resources.RuleBook](t)(s.AddRuleBook(t.Context(), d, cityBook()))
	unit := must[resources.Unit](t)(s.AddUnit(t.Context(), d, resources.Unit{Slug: "library", Name: fi("Kirjasto"), Holidays: "closed"}))
	return town{t, d, s, unit}
}

func cityBook() resources.RuleBook {
	return resources.RuleBook{
		Key: "city", State: "live", ValidFrom: ptr(now.AddDate(-1, 0, 0)),
		Decision: db.AsJSON(resources.Decision{Reference: "§ 505"}),
		Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{
			{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}},
		}}),
	}
}

func (w town) space(parent *int, name string) resources.Space {
	w.t.Helper()
	return must[resources.Space](w.t)(w.s.AddSpace(w.t.Context(), w.d, resources.Space{Unit: w.unit.ID, Parent: parent, Name: fi(name)}))
}

func (w town) device(name string, count int) resources.Device {
	w.t.Helper()
	return must[resources.Device](w.t)(w.s.AddDevice(w.t.Context(), w.d, resources.Device{Unit: w.unit.ID, Name: fi(name), Count: count}))
}

// plain is the smallest resource that may be stored.
func (w town) plain(slug string) resources.Resource {
	return resources.Resource{
		Unit: w.unit.ID, Slug: slug, Name: fi(slug), State: resources.StateDraft,
		Raster: 30, MinMinutes: 30, PriceUnit: "hour", RuleBook: "city",
	}
}

func (w town) add(r resources.Resource, parts ...resources.Part) resources.Resource {
	w.t.Helper()
	return must[resources.Resource](w.t)(w.s.AddResource(w.t.Context(), w.d, r, parts))
}

func (w town) place(r resources.Resource) resources.Place {
	w.t.Helper()
	return must[resources.Place](w.t)(w.s.PlaceByID(w.t.Context(), w.d, r.ID))
}

// full has a value other than zero in every column.
func full(w town) resources.Resource {
	r := w.plain("maijansali")
	r.Name = locales.Texts{Fi: "Maijansali", Sv: "Maijasalen", En: "Maijansali hall"}
	r.Description = locales.Texts{Fi: "Iso sali.", Sv: "En stor sal.", En: "A large hall."}
	r.Type, r.Purposes, r.Equipment = "event_hall", db.Strings{"event", "music"}, db.Strings{"piano", "stage"}
	r.PersonsMin, r.PersonsMax, r.AreaM2, r.Floor = ptr(2), ptr(180), ptr(240.5), "1"
	r.StepFree, r.Access, r.State = ptr(true), "code", resources.StatePublished
	r.PublishFrom, r.PublishTo = ptr(now.Add(-time.Hour)), ptr(now.Add(time.Hour))
	r.BookingFrom, r.BookingTo = ptr(now.Add(-2*time.Hour)), ptr(now.Add(2*time.Hour))
	r.SeasonOnly, r.WholeDay, r.Raster, r.MinMinutes, r.MaxMinutes = true, true, 60, 60, ptr(600)
	r.BufferBefore, r.BufferAfter, r.DaysAheadMax, r.DaysAheadMin, r.ActiveLimit = 15, 30, ptr(90), 2, ptr(3)
	r.AdultOnly, r.StrongSignIn, r.CancelMinutes, r.RequiredFields = true, true, ptr(0), db.Strings{"persons"}
	r.PriceCents, r.PriceUnit, r.PriceNote = ptr(36000), "started_hour", fi("alkaen 360 €/h")
	r.Terms, r.Instructions = fi("Siivoa."), fi("Sisään idästä.")
	r.ContactPhone, r.ContactEmail = "09 310 0000", "maijansali@town.example"
	r.Source, r.Example, r.ExternalRef, r.Groups = "price list", true, "51342", db.Strings{"hall-a"}
	return r
}

func TestPlaceComesBackAsItWasStored(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	for _, r := range []resources.Resource{full(w), w.plain("plain")} {
		stored := w.add(r, resources.Part{Space: &hall.ID})
		p := w.place(stored)
		utc(&p.Resource)
		if !reflect.DeepEqual(p.Resource, emptyLists(stored)) {
			t.Errorf("read\n%+v\nstored\n%+v", p.Resource, stored)
		}
		if p.Unit.UID != w.unit.UID || p.Unit.Holidays != "closed" || len(p.Needs) != 1 || p.Book.Decision != "§ 505" || len(p.Book.Rules.Rules) != 1 {
			t.Errorf("unit %+v, needs %v, book %+v", p.Unit, p.Needs, p.Book)
		}
		byUID := must[resources.Place](t)(w.s.Place(t.Context(), w.d, stored.UID))
		bySlug, redirect, err := w.s.PlaceBySlug(t.Context(), w.d, stored.Slug)
		if err != nil || redirect != "" || byUID.Resource.ID != stored.ID || bySlug.Resource.ID != stored.ID {
			t.Errorf("by uid %d, by slug %d (redirect %q, %v), want %d", byUID.Resource.ID, bySlug.Resource.ID, redirect, err, stored.ID)
		}
	}
}

func utc(r *resources.Resource) {
	for _, instant := range []**time.Time{&r.PublishFrom, &r.PublishTo, &r.BookingFrom, &r.BookingTo} {
		if *instant != nil {
			*instant = ptr((*instant).UTC())
		}
	}
}

// emptyLists gives nil lists as the database does.
func emptyLists(r resources.Resource) resources.Resource {
	for _, list := range []*db.Strings{&r.Purposes, &r.Equipment, &r.RequiredFields, &r.Groups} {
		if *list == nil {
			*list = db.Strings{}
		}
	}
	return r
}

func TestUnitComesBackAsItWasStored(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	unit := must[resources.Unit](t)(w.s.AddUnit(t.Context(), w.d, resources.Unit{
		Slug: "oodi", Name: locales.Texts{Fi: "Oodi", Sv: "Ode"}, Description: fi("Kirjasto"), Address: "Töölönlahdenkatu 4", Postcode: "00100",
		City: "Helsinki", Latitude: ptr(60.17397), Longitude: ptr(24.938158), Phone: "09", Email: "oodi@demo.example", Holidays: "sunday",
		OnePlaceAtOnce: true, ExternalRef: "51342", Source: "register", Example: true,
	}))
	bySlug := must[resources.Unit](t)(w.s.UnitBySlug(t.Context(), w.d, "oodi"))
	byID := must[resources.Unit](t)(w.s.UnitByID(t.Context(), w.d, unit.ID))
	if !reflect.DeepEqual(bySlug, unit) || !reflect.DeepEqual(byID, unit) {
		t.Errorf("read\n%+v\n%+v\nstored\n%+v", bySlug, byID, unit)
	}
	if list := must[[]resources.Unit](t)(w.s.Units(t.Context(), w.d)); len(list) != 2 {
		t.Errorf("%d units, want 2", len(list))
	}
}

func TestOldAddressRedirects(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	r := w.add(w.plain("new-name"), resources.Part{Space: &hall.ID})
	must[int64](t)(w.d.Exec(t.Context(), "INSERT INTO resource_slugs (slug, resource) VALUES ('old-name', ?)", r.ID))
	p, redirect, err := w.s.PlaceBySlug(t.Context(), w.d, "old-name")
	if err != nil || redirect != "new-name" || p.Resource.ID != r.ID {
		t.Errorf("place %d, redirect %q, %v", p.Resource.ID, redirect, err)
	}
	_, err = w.s.AddResource(t.Context(), w.d, w.plain("old-name"), []resources.Part{{Space: &hall.ID}})
	if fault.Code(err) != "resource.slug_taken" {
		t.Errorf("an old address was given away: %v", err)
	}
}

func TestUnknownPlacesAndUnits(t *testing.T) {
	s, d := service(nil), dbtest.Tx(t)
	_, err := s.Place(t.Context(), d, uuid.New())
	wantFault(t, err, fault.NotFound, "resource.not_found")
	_, err = s.PlaceByID(t.Context(), d, -1)
	wantFault(t, err, fault.NotFound, "resource.not_found")
	_, err = s.UnitByID(t.Context(), d, 0)
	wantFault(t, err, fault.NotFound, "unit.not_found")
	for _, slug := range []string{"", "nowhere", "A", "a\x00b", "-", "ä", "' OR true --"} {
		_, _, err := s.PlaceBySlug(t.Context(), d, slug)
		wantFault(t, err, fault.NotFound, "resource.not_found")
		_, err = s.UnitBySlug(t.Context(), d, slug)
		wantFault(t, err, fault.NotFound, "unit.not_found")
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Code(err) != code {
		t.Errorf("got %v (kind %d), want %s", err, fault.As(err).Kind, code)
	}
}

func TestBookInForceIsTheLatestLiveOne(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	r := w.add(w.plain("room"), resources.Part{Space: &hall.ID})
	for _, version := range []struct {
		state string
		from  *time.Time
	}{{"live", ptr(now.Add(-time.Minute))}, {"draft", nil}, {"live", ptr(now.Add(time.Minute))}} {
		book := cityBook()
		book.State, book.ValidFrom = version.state, version.from
		must[resources.RuleBook](t)(w.s.AddRuleBook(t.Context(), w.d, book))
	}
	if got := w.place(r).Book.Version; got != 2 {
		t.Errorf("version %d is in force, want 2", got)
	}
	later := resources.Service{DB: w.d, Now: func() time.Time { return now.Add(time.Hour) }, Zone: helsinki}
	if p := must[resources.Place](t)(later.PlaceByID(t.Context(), w.d, r.ID)); p.Book.Version != 4 {
		t.Errorf("an hour later version %d is in force, want 4", p.Book.Version)
	}
}

func TestPeriodsOfResourceAndUnit(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	r := w.add(w.plain("room"), resources.Part{Space: &hall.ID})
	set := func(owner resources.Owner, periods ...resources.Period) {
		t.Helper()
		if err := w.s.SetPeriods(t.Context(), w.d, owner, periods); err != nil {
			t.Fatal(err)
		}
	}
	set(resources.Owner{Unit: w.unit.ID}, period(t, "2026-01-01/2026-12-31", "mon-fri 08:00-20:00 reservable"))
	set(resources.Owner{Resource: r.ID}, period(t, "/", "mon 10:00-12:00 reservable"), override(period(t, "2026-03-09/2026-03-09")))
	set(resources.Owner{Resource: r.ID}, period(t, "/2026-12-31", "mon 18:00-26:00 reservable"))
	p := w.place(r)
	if len(p.Periods) != 2 || p.Periods[0].Resource == nil || p.Periods[0].Spans.V[0].To != 26*60 || p.Periods[1].ValidFrom.String() != "2026-01-01" {
		t.Fatalf("periods %+v", p.Periods)
	}
	if got, want := hours(p, date(t, "2026-03-09"), date(t, "2026-03-09")), "[reservable 2026-03-09 18:00–2026-03-10 02:00]"; fmt.Sprint(got) != want {
		t.Errorf("hours %v, want %s", got, want)
	}
	wantFault(t, w.s.SetPeriods(t.Context(), w.d, resources.Owner{Resource: -1}, nil), fault.NotFound, "resource.not_found")
	wantFault(t, w.s.SetPeriods(t.Context(), w.d, resources.Owner{Unit: -1}, nil), fault.NotFound, "unit.not_found")
}

// What is kept is asked for with one statement, and read anew with eight when
// something has changed, however much there is.
func TestPlacesTakeOneQueryWhileNothingChanges(t *testing.T) {
	d := dbtest.New(t)
	w := newTown(t, d)
	queries := dbtest.Statements(t, d)
	for i := range 7 {
		hall := w.space(nil, fmt.Sprint("Sali ", i))
		w.add(w.plain(fmt.Sprint("room-", i)), resources.Part{Space: &hall.ID})
		for _, want := range []int{9, 1} {
			queries()
			list := must[[]resources.Place](t)(w.s.Places(t.Context(), d, resources.Filter{IncludeUnpublished: true}))
			if n := queries(); len(list) != i+1 || n != want {
				t.Fatalf("%d places by %d queries, want %d", len(list), n, want)
			}
		}
	}
}
