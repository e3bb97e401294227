package catalogue_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// town is two units; the manager looks after the first one.
type town struct {
	t             *testing.T
	d             *db.DB
	s             *catalogue.Service
	unit, other   resources.Unit
	hall, court   resources.Space
	manager, city accounts.Actor
	viewer, guest accounts.Actor
	elsewhere     accounts.Actor
}

func newTown(t *testing.T) *town {
	d := dbtest.Tx(t)
	zone := must[*time.Location](t)(time.LoadLocation("Europe/Helsinki"))
	now := func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
	places := &resources.Service{DB: d, Now: now, Zone: zone}
	w := &town{t: t, d: d, s: &catalogue.Service{DB: d, Places: places, Now: now}}
	from := now().AddDate(-1, 0, 0)
	must[resources.RuleBook](t)(places.AddRuleBook(ctx, d, resources.RuleBook{Key: "open", Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(
		policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "list"}}}})}))
	w.unit = must[resources.Unit](t)(places.AddUnit(ctx, d, resources.Unit{Slug: "talo", Name: all("Talo"), Holidays: "normal"}))
	w.other = must[resources.Unit](t)(places.AddUnit(ctx, d, resources.Unit{Slug: "toinen", Name: all("Toinen"), Holidays: "normal"}))
	w.hall = must[resources.Space](t)(places.AddSpace(ctx, d, resources.Space{Unit: w.unit.ID, Name: all("Sali")}))
	w.court = must[resources.Space](t)(places.AddSpace(ctx, d, resources.Space{Unit: w.unit.ID, Parent: &w.hall.ID, Name: all("Kenttä")}))
	actor := func(name, role string, unit *int) accounts.Actor {
		return accounts.Actor{Person: &accounts.Person{ID: int64(len(name)), UID: uuid.New(), Name: name}, Roles: []accounts.Role{{Role: role, Unit: unit}}}
	}
	w.manager, w.viewer = actor("manager", accounts.Manager, &w.unit.ID), actor("viewer", accounts.Viewer, &w.unit.ID)
	w.elsewhere, w.city = actor("elsewhere", accounts.Manager, &w.other.ID), actor("city", accounts.CityAdmin, nil)
	return w
}

func all(text string) locales.Texts { return locales.Texts{Fi: text, Sv: text, En: text} }

func (w *town) draft(slug string) resources.Resource {
	return resources.Resource{
		Unit: w.unit.ID, Slug: slug, Name: all(slug), Raster: 30, MinMinutes: 30, RuleBook: "open", PriceUnit: "hour",
		Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
	}
}

func (w *town) whole(slug string) resources.Resource {
	r := w.draft(slug)
	r.Description, r.Type, r.Access, r.PriceCents = all("Kuvaus"), "gym", "open", new(1250)
	return w.add(r)
}

func (w *town) add(r resources.Resource) resources.Resource {
	w.t.Helper()
	return must[resources.Resource](w.t)(w.s.AddResource(ctx, w.manager, r, []resources.Part{{Space: &w.hall.ID}}))
}

// told is the last entry of the audit trail of the unit: action and values.
func (w *town) told() (action, values string) {
	w.t.Helper()
	var rows []struct{ Action, Values string }
	if err := w.d.Query(ctx, &rows, `SELECT action, CAST("values" AS text) AS "values" FROM audit WHERE stream = ? ORDER BY number DESC LIMIT 1`, w.unit.ID); err != nil {
		w.t.Fatal(err)
	}
	if len(rows) == 0 {
		return "", ""
	}
	return rows[0].Action, rows[0].Values
}

func photo(t *testing.T) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 800, 450)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Every change of a resource is refused to everybody but managers of its unit
// and the city's administrators, and leaves nothing behind.
func TestOnlyManagersChangeResources(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	picture := must[resources.Picture](t)(w.s.AddPicture(ctx, w.manager, catalogue.NewPicture{Resource: r.UID, Body: photo(t)}))
	attempts := map[string]func(actor accounts.Actor) error{
		"add": func(a accounts.Actor) error { _, err := w.s.AddResource(ctx, a, w.draft("uusi"), nil); return err },
		"save": func(a accounts.Actor) error {
			changed := r
			changed.Floor = "9"
			_, err := w.s.SaveResource(ctx, a, changed, nil)
			return err
		},
		"publish": func(a accounts.Actor) error {
			_, err := w.s.TakeStep(ctx, a, r.UID, r.Revision, catalogue.Publish)
			return err
		},
		"copy": func(a accounts.Actor) error {
			_, err := w.s.DuplicateResource(ctx, a, catalogue.Copy{Of: r.UID, Name: all("Kopio")})
			return err
		},
		"add a picture": func(a accounts.Actor) error {
			_, err := w.s.AddPicture(ctx, a, catalogue.NewPicture{Resource: r.UID, Body: photo(t)})
			return err
		},
		"describe a picture": func(a accounts.Actor) error {
			return w.s.DescribePicture(ctx, a, resources.Picture{UID: picture.UID, Revision: 1, Alt: all("x")})
		},
		"move a picture":   func(a accounts.Actor) error { return w.s.MovePicture(ctx, a, picture.UID, 1) },
		"remove a picture": func(a accounts.Actor) error { return w.s.RemovePicture(ctx, a, picture.UID) },
	}
	for name, attempt := range attempts {
		for who, test := range map[string]struct {
			actor accounts.Actor
			kind  fault.Kind
		}{"anonymous": {w.guest, fault.Unauthenticated}, "a viewer": {w.viewer, fault.Forbidden}, "a manager of another unit": {w.elsewhere, fault.NotFound}} {
			err := attempt(test.actor)
			if !fault.Is(err, test.kind) {
				t.Errorf("%s as %s: %v", name, who, err)
			}
		}
	}
	if action, _ := w.told(); action != "picture.added" {
		t.Errorf("the last thing told is %s", action)
	}
	if _, err := w.s.AddResource(ctx, w.city, w.draft("uusi"), nil); err != nil {
		t.Errorf("the city's administrator: %v", err)
	}
}

func TestSaveTellsWhatChanged(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	next := r
	next.Floor, next.Unit, next.State, next.Source = "3", w.other.ID, resources.StatePublished, "elsewhere"
	saved := must[resources.Resource](t)(w.s.SaveResource(ctx, w.manager, next, []resources.Part{{Space: &w.court.ID}}))
	if saved.Floor != "3" || saved.Unit != w.unit.ID || saved.State != resources.StateDraft || saved.Source != "" || saved.Revision != r.Revision+1 {
		t.Errorf("%+v", saved)
	}
	action, values := w.told()
	if action != "resource.saved" || !strings.Contains(values, `"Floor"`) || !strings.Contains(values, `"Parts"`) || strings.Contains(values, `"Name"`) {
		t.Errorf("%s %s", action, values)
	}
	stale := r
	stale.Floor = "4"
	if _, err := w.s.SaveResource(ctx, w.manager, stale, nil); !fault.Is(err, fault.Stale) {
		t.Errorf("%v", err)
	}
}

func TestScenario40_DraftsAreSavedAndPublishingIsRefused(t *testing.T) {
	w := newTown(t)
	r := w.add(w.draft("sali"))
	_, err := w.s.TakeStep(ctx, w.manager, r.UID, r.Revision, catalogue.Publish)
	var lacks []string
	for _, field := range fault.As(err).Fields {
		lacks = append(lacks, field.Name)
	}
	if want := []string{"type", "access", "description", "description", "description", "price_cents"}; fault.Code(err) != "resource.incomplete" || !slices.Equal(lacks, want) {
		t.Fatalf("%v lacks %v, want %v", err, lacks, want)
	}
	r.Floor = "1"
	r = must[resources.Resource](t)(w.s.SaveResource(ctx, w.manager, r, nil))
	r.Description, r.Type, r.Access, r.PriceCents = all("Kuvaus"), "gym", "open", new(0)
	r = must[resources.Resource](t)(w.s.SaveResource(ctx, w.manager, r, nil))
	r = must[resources.Resource](t)(w.s.TakeStep(ctx, w.manager, r.UID, r.Revision, catalogue.Publish))
	for _, step := range []struct {
		step catalogue.Step
		want string
	}{{catalogue.Hide, resources.StateHidden}, {catalogue.Publish, resources.StatePublished}, {catalogue.Archive, resources.StateArchived}, {catalogue.Redraft, resources.StateDraft}} {
		r = must[resources.Resource](t)(w.s.TakeStep(ctx, w.manager, r.UID, r.Revision, step.step))
		if got := r.Standing(w.s.Now()); got != step.want {
			t.Errorf("%s: %s", step.step, got)
		}
	}
	if _, err := w.s.TakeStep(ctx, w.manager, r.UID, r.Revision-1, catalogue.Archive); !fault.Is(err, fault.Stale) {
		t.Errorf("%v", err)
	}
}

// A published resource cannot be saved into something that could not have been
// published.
func TestPublishedStaysWhole(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	r = must[resources.Resource](t)(w.s.TakeStep(ctx, w.manager, r.UID, r.Revision, catalogue.Publish))
	r.Description.Sv = ""
	if _, err := w.s.SaveResource(ctx, w.manager, r, nil); fault.Code(err) != "resource.description_missing" {
		t.Errorf("%v", err)
	}
}

func TestDuplicateIsADraftWithAllThatTheOriginalHas(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	r = must[resources.Resource](t)(w.s.TakeStep(ctx, w.manager, r.UID, r.Revision, catalogue.Publish))
	must[resources.Picture](t)(w.s.AddPicture(ctx, w.manager, catalogue.NewPicture{Resource: r.UID, Body: photo(t), Decorative: true}))
	span := resources.WeekSpan{Weekdays: []int{1}, From: 600, To: 720, Kind: policies.Reservable}
	if err := w.s.Places.SetPeriods(ctx, w.d, resources.Owner{Resource: r.ID}, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"sali-2", "sali-3"} {
		made := must[resources.Resource](t)(w.s.DuplicateResource(ctx, w.manager, catalogue.Copy{Of: r.UID, Name: all("Toinen sali")}))
		place, parts, err := w.s.Resource(ctx, w.manager, made.UID)
		if err != nil {
			t.Fatal(err)
		}
		if made.Slug != want || made.State != resources.StateDraft || *made.PriceCents != 1250 || len(parts) != 1 || len(place.Periods) != 1 || len(place.Shown()) != 1 {
			t.Errorf("%+v with %d parts, %d periods, %d pictures", made, len(parts), len(place.Periods), len(place.Shown()))
		}
	}
}

func TestPicturesAreOrderedDescribedAndRemoved(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	var uids []uuid.UUID
	for range 3 {
		uids = append(uids, must[resources.Picture](t)(w.s.AddPicture(ctx, w.manager, catalogue.NewPicture{Resource: r.UID, Body: photo(t)})).UID)
	}
	order := func() []uuid.UUID {
		place := must[resources.Place](t)(w.s.Places.Place(ctx, w.d, r.UID))
		var list []uuid.UUID
		for _, p := range place.Pictures {
			list = append(list, p.UID)
		}
		return list
	}
	if err := w.s.MovePicture(ctx, w.manager, uids[2], -1); err != nil {
		t.Fatal(err)
	}
	if err := w.s.MovePicture(ctx, w.manager, uids[0], -1); err != nil { // is the first already
		t.Fatal(err)
	}
	if got := order(); !slices.Equal(got, []uuid.UUID{uids[0], uids[2], uids[1]}) {
		t.Errorf("%v", got)
	}
	if err := w.s.DescribePicture(ctx, w.manager, resources.Picture{UID: uids[0], Revision: 1, Alt: all("Pöytä")}); err != nil {
		t.Fatal(err)
	}
	if err := w.s.DescribePicture(ctx, w.manager, resources.Picture{UID: uids[0], Revision: 1, Alt: all("Tuoli")}); !fault.Is(err, fault.Stale) {
		t.Errorf("%v", err)
	}
	if err := w.s.RemovePicture(ctx, w.manager, uids[2]); err != nil {
		t.Fatal(err)
	}
	if action, _ := w.told(); action != "picture.removed" {
		t.Errorf("told %s", action)
	}
	place := must[resources.Place](t)(w.s.Places.Place(ctx, w.d, r.UID))
	if len(place.Pictures) != 2 || len(place.Shown()) != 1 {
		t.Errorf("%d pictures, %d shown", len(place.Pictures), len(place.Shown()))
	}
	var files int
	if err := w.d.Query(ctx, &files, "SELECT count(*) FROM picture_files"); err != nil || files != 6 {
		t.Errorf("%d files, %v", files, err)
	}
	if _, err := w.s.Places.PictureFile(ctx, w.d, uids[2], 400); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestPicturesHaveAnEnd(t *testing.T) {
	w := newTown(t)
	r := w.whole("sali")
	for range resources.MaxPictures {
		must[resources.Picture](t)(w.s.Places.AddPicture(ctx, w.d, resources.Picture{Resource: r.ID, Width: 10, Height: 10}, nil))
	}
	if _, err := w.s.AddPicture(ctx, w.manager, catalogue.NewPicture{Resource: r.UID, Body: photo(t)}); fault.Code(err) != "picture.too_many" {
		t.Errorf("%v", err)
	}
}
