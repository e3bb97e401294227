package catalogue_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/resources"
	"vuoro/web/locales"
)

// change is a use case that would change a unit, as an actor.
type change func(c *city, actor accounts.Actor, unit string) error

var changes = map[string]change{
	"save unit": func(c *city, actor accounts.Actor, unit string) error {
		u := c.units[unit]
		u.Revision, u.Phone = 0, uuid.NewString()
		_, err := c.SaveUnit(ctx, actor, u)
		return err
	},
	"add space": func(c *city, actor accounts.Actor, unit string) error {
		_, err := c.AddSpace(ctx, actor, resources.Space{Unit: c.units[unit].ID, Name: fi(uuid.NewString())})
		return err
	},
	"save space": func(c *city, actor accounts.Actor, unit string) error {
		_, err := c.SaveSpace(ctx, actor, resources.Space{Unit: c.units[unit].ID, UID: c.halls[unit].UID, Name: fi(uuid.NewString())})
		return err
	},
	"divide space": func(c *city, actor accounts.Actor, unit string) error {
		_, err := c.DivideSpace(ctx, actor, resources.Space{Unit: c.units[unit].ID, UID: c.halls[unit].UID}, 2)
		return err
	},
	"remove space": func(c *city, actor accounts.Actor, unit string) error {
		spare, err := c.AddSpace(ctx, c.actors["city"], resources.Space{Unit: c.units[unit].ID, Name: fi("Vara")})
		if err != nil {
			return err
		}
		err = c.RemoveSpace(ctx, actor, resources.Space{Unit: c.units[unit].ID, UID: spare.UID})
		if err != nil && c.RemoveSpace(ctx, c.actors["city"], resources.Space{Unit: c.units[unit].ID, UID: spare.UID}) != nil {
			c.t.Error("the space was removed all the same")
		}
		return err
	},
	"add device": func(c *city, actor accounts.Actor, unit string) error {
		_, err := c.AddDevice(ctx, actor, resources.Device{Unit: c.units[unit].ID, Name: fi("Piano"), Count: 1})
		return err
	},
	"set hours": func(c *city, actor accounts.Actor, unit string) error {
		owner := resources.Owner{Unit: c.units[unit].ID}
		hours, err := c.HoursOf(ctx, c.actors["city"], owner)
		if err != nil {
			return err
		}
		return c.SetHours(ctx, actor, catalogue.HoursChange{Owner: owner, Periods: daily(8, 9), Version: hours.Version})
	},
}

func TestOnlyManagersOfAUnitChangeIt(t *testing.T) {
	c := newCity(t)
	refused := map[string]fault.Kind{
		"nobody": fault.Unauthenticated, "resident": fault.NotFound, "other": fault.NotFound, "viewer": fault.Forbidden,
	}
	for name, change := range changes {
		for who, kind := range refused {
			before := len(c.audit(c.units["talo"].ID))
			if err := change(c, c.actors[who], "talo"); !fault.Is(err, kind) {
				t.Errorf("%s as %s: %v, want kind %v", name, who, err, kind)
			}
			after := c.audit(c.units["talo"].ID)[before:]
			if i := slices.IndexFunc(after, func(action string) bool { return action != "space.added" && action != "space.removed" }); i >= 0 {
				t.Errorf("%s as %s left %v in the trail", name, who, after)
			}
		}
		for _, who := range []string{"manager", "city"} {
			if err := change(c, c.actors[who], "talo"); err != nil {
				t.Errorf("%s as %s: %v", name, who, err)
			}
		}
	}
	if _, err := c.AddUnit(ctx, c.actors["manager"], resources.Unit{Slug: "uusi", Name: fi("Uusi"), Holidays: "normal"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a manager made a unit: %v", err)
	}
	if _, err := c.FirstBook(ctx, c.actors["manager"], "everyone-free", ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a manager made a rule book: %v", err)
	}
	if _, err := c.Sites(ctx, c.actors["viewer"]); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a viewer sees the places to edit: %v", err)
	}
	for who, want := range map[string]string{"manager": "talo", "other": "toinen", "city": "talo toinen"} {
		var slugs []string
		for _, site := range must[[]catalogue.Site](t)(c.Sites(ctx, c.actors[who])) {
			slugs = append(slugs, site.Unit.Slug)
		}
		if strings.Join(slugs, " ") != want {
			t.Errorf("%s looks after %v, want %s", who, slugs, want)
		}
	}
}

// Whatever a manager of one unit sends, with whatever mixture of ids, another
// unit stays as it was.
func TestAManagerNeverChangesAnotherUnit(t *testing.T) {
	c := newCity(t)
	manager, talo, toinen := c.actors["manager"], c.units["talo"], c.units["toinen"]
	foreign := c.halls["toinen"]
	piano := must[resources.Device](t)(c.AddDevice(ctx, c.actors["other"], resources.Device{Unit: toinen.ID, Name: fi("Piano"), Count: 1}))
	before := c.state(toinen.ID)
	random := rand.New(rand.NewPCG(1, 2))
	units := []int{talo.ID, toinen.ID, 0, 99999}
	spaces := []resources.Space{c.halls["talo"], foreign, {UID: uuid.New()}}
	for n := range 300 {
		unit, space := units[random.IntN(len(units))], spaces[random.IntN(len(spaces))]
		space.Unit, space.Revision, space.Name = unit, random.IntN(3), fi(fmt.Sprint("Nimi ", n))
		device := piano
		device.Unit, device.Revision, device.Name = unit, random.IntN(3), space.Name
		switch parent := spaces[random.IntN(2)].ID; random.IntN(9) {
		case 0:
			space.Parent = &parent
			_, _ = c.SaveSpace(ctx, manager, space)
		case 1:
			_ = c.RemoveSpace(ctx, manager, space)
		case 2:
			_, _ = c.DivideSpace(ctx, manager, space, 2)
		case 3:
			_, _ = c.AddSpace(ctx, manager, resources.Space{Unit: unit, Parent: &parent, Name: space.Name})
		case 4:
			_, _ = c.SaveDevice(ctx, manager, device)
		case 5:
			_ = c.RemoveDevice(ctx, manager, device)
		case 6:
			_, _ = c.AddDevice(ctx, manager, resources.Device{Unit: unit, Space: &parent, Name: space.Name, Count: 1})
		case 7:
			changed := toinen
			changed.ID, changed.Revision, changed.Slug = unit, random.IntN(3), "vieras"
			_, _ = c.SaveUnit(ctx, manager, changed)
		case 8:
			_ = c.SetHours(ctx, manager, catalogue.HoursChange{Owner: resources.Owner{Unit: unit}, Periods: daily(8, 9)})
		}
		if after := c.state(toinen.ID); after != before {
			t.Fatalf("step %d changed the other unit:\n%s\n%s", n, before, after)
		}
	}
	if len(c.audit(talo.ID)) < 10 {
		t.Errorf("only %d changes of the own unit: the test tries too little", len(c.audit(talo.ID)))
	}
}

func TestEverySaveIsInTheTrailWithItsDifferences(t *testing.T) {
	c := newCity(t)
	manager, unit := c.actors["manager"], c.units["talo"]
	unit.Phone, unit.Name = "09 310", fi("Uusi talo")
	saved := must[resources.Unit](t)(c.SaveUnit(ctx, manager, unit))
	must[resources.Unit](t)(c.SaveUnit(ctx, manager, saved)) // nothing changes
	hall := c.halls["talo"]
	part := must[resources.Space](t)(c.AddSpace(ctx, manager, resources.Space{Unit: unit.ID, Name: fi("Parvi")}))
	part.Parent = &hall.ID
	must[resources.Space](t)(c.SaveSpace(ctx, manager, part))
	list, more, err := c.History(ctx, manager, unit.ID, 0)
	if err != nil || more || len(list) != 5 {
		t.Fatalf("history %+v, more %v: %v", list, more, err)
	}
	moved, saving := list[0], list[2]
	if moved.Action != "space.saved" || moved.Who != "Mia Manageri" || moved.Name.Fi != "Parvi" || len(moved.Values) != 1 ||
		fmt.Sprint(moved.Values["Parent"]) != "[map[] map[fi:Sali]]" {
		t.Errorf("moved %+v", moved)
	}
	if saving.Action != "unit.saved" || len(saving.Values) != 2 || saving.Values["Phone"] != [2]any{"", "09 310"} ||
		fmt.Sprint(saving.Values["Name"]) != "[map[fi:talo] map[fi:Uusi talo]]" {
		t.Errorf("saving %+v", saving)
	}
	if _, err := ledger.Verify(ctx, c.d, unit.ID); err != nil {
		t.Error(err)
	}
	older, _, err := c.History(ctx, manager, unit.ID, saving.Number)
	if err != nil || len(older) != 2 || older[1].Action != "unit.added" {
		t.Errorf("older %+v: %v", older, err)
	}
	_, _, err = c.History(ctx, c.actors["other"], unit.ID, 0)
	wantFault(t, err, fault.NotFound, "unit.not_found")
}

func TestAnOldRevisionIsStale(t *testing.T) {
	c := newCity(t)
	manager, unit, hall := c.actors["manager"], c.units["talo"], c.halls["talo"]
	unit.Phone = "1"
	must[resources.Unit](t)(c.SaveUnit(ctx, manager, unit))
	_, err := c.SaveUnit(ctx, manager, unit)
	wantFault(t, err, fault.Stale, "stale")
	hall.Name = fi("Iso sali")
	must[resources.Space](t)(c.SaveSpace(ctx, manager, hall))
	_, err = c.SaveSpace(ctx, manager, hall)
	wantFault(t, err, fault.Stale, "stale")
	wantFault(t, c.RemoveSpace(ctx, manager, hall), fault.Stale, "stale")
	owner := resources.Owner{Unit: unit.ID}
	change := catalogue.HoursChange{Owner: owner, Periods: daily(8, 20)}
	if err := c.SetHours(ctx, manager, change); err != nil {
		t.Fatal(err)
	}
	change.Periods = daily(9, 20)
	wantFault(t, c.SetHours(ctx, manager, change), fault.Stale, "stale")
	change.Version = must[catalogue.Hours](t)(c.HoursOf(ctx, manager, owner)).Version
	if err := c.SetHours(ctx, manager, change); err != nil {
		t.Error(err)
	}
}

func TestAHallIsDividedByLetters(t *testing.T) {
	c := newCity(t)
	hall := c.halls["talo"]
	made := must[[]resources.Space](t)(c.DivideSpace(ctx, c.actors["manager"], hall, 3))
	more := must[[]resources.Space](t)(c.DivideSpace(ctx, c.actors["manager"], hall, 2))
	var names []string
	for _, part := range append(made, more...) {
		names = append(names, part.Name.Fi+"/"+part.Name.Sv+"/"+part.Name.En)
	}
	if got := strings.Join(names, ", "); got != "Lohko A/Del A/Part A, Lohko B/Del B/Part B, Lohko C/Del C/Part C, Lohko D/Del D/Part D, Lohko E/Del E/Part E" {
		t.Error(got)
	}
	site := must[catalogue.Site](t)(c.Site(ctx, c.actors["manager"], "talo"))
	if branches := site.Branches(); len(branches) != 6 || branches[0].Depth != 0 || branches[5].Depth != 1 {
		t.Errorf("branches %+v", branches)
	}
	for _, parts := range []int{-1, 0, 1, 13, 1 << 40} {
		_, err := c.DivideSpace(ctx, c.actors["manager"], hall, parts)
		wantFault(t, err, fault.Invalid, "space.bad_parts")
	}
	err := c.RemoveSpace(ctx, c.actors["manager"], resources.Space{Unit: hall.Unit, UID: hall.UID})
	if f := wantFault(t, err, fault.Conflict, "space.in_use"); len(f.Fields) != 5 {
		t.Errorf("%d users named, want 5", len(f.Fields))
	}
}

func TestNewHoursTellWhichReservationsFallOutside(t *testing.T) {
	c := newCity(t)
	manager, room := c.actors["manager"], c.room("sali")
	owner := resources.Owner{Unit: room.Unit}
	if err := c.SetHours(ctx, manager, catalogue.HoursChange{Owner: owner, Periods: daily(8, 22)}); err != nil {
		t.Fatal(err)
	}
	c.book(room, "2026-11-24 20:30", "2026-11-24 21:30") // falls out
	c.book(room, "2026-11-24 12:00", "2026-11-24 13:00")
	c.book(room, "2026-11-23 08:00", "2026-11-23 09:00") // is over
	c.book(room, "2026-11-25 23:00", "2026-11-25 23:30") // was outside before
	hours := must[catalogue.Hours](t)(c.HoursOf(ctx, manager, owner))
	change := catalogue.HoursChange{Owner: owner, Periods: daily(8, 21), Version: hours.Version}
	outside := must[[]catalogue.Outsider](t)(c.Outside(ctx, manager, change))
	if len(outside) != 1 || outside[0].Begin.In(c.Places.Zone).Hour() != 20 || outside[0].Resource.Fi != "Talon sali" {
		t.Fatalf("outside %+v", outside)
	}
	err := c.SetHours(ctx, manager, change)
	if f := wantFault(t, err, fault.Conflict, "hours.reservations_outside"); f.Params["n"] != 1 {
		t.Errorf("params %v", f.Params)
	}
	change.Accepted = 1
	if err := c.SetHours(ctx, manager, change); err != nil {
		t.Error(err)
	}
	// hours of its own keep the room as it is when the unit changes
	own := resources.Owner{Resource: room.ID}
	if err := c.SetHours(ctx, manager, catalogue.HoursChange{Owner: own, Periods: daily(6, 24)}); err != nil {
		t.Fatal(err)
	}
	hours = must[catalogue.Hours](t)(c.HoursOf(ctx, manager, owner))
	if outside := must[[]catalogue.Outsider](t)(c.Outside(ctx, manager, catalogue.HoursChange{Owner: owner, Version: hours.Version})); len(outside) != 0 {
		t.Errorf("the room has hours of its own, but %+v falls out", outside)
	}
	_, err = c.Outside(ctx, c.actors["other"], change)
	wantFault(t, err, fault.NotFound, "unit.not_found")
}

func TestTheFirstRuleBook(t *testing.T) {
	for _, template := range catalogue.Templates {
		t.Run(template, func(t *testing.T) {
			c := newCity(t)
			admin := c.actors["city"]
			_, err := c.FirstBook(ctx, admin, "no-such", "")
			wantFault(t, err, fault.Invalid, "rules.unknown_template")
			_, err = c.FirstBook(ctx, admin, template, strings.Repeat("§", 201))
			wantFault(t, err, fault.Invalid, "too_long")
			book := must[resources.RuleBook](t)(c.FirstBook(ctx, admin, template, "Kaupunginhallitus § 505"))
			if err := book.Rules.V.Validate(); err != nil {
				t.Error(err)
			}
			books := must[[]resources.RuleBook](t)(c.Places.BooksInForce(ctx, c.d))
			if len(books) != 1 || books[0].Key != template || books[0].Decision.V.Reference != "Kaupunginhallitus § 505" {
				t.Errorf("in force %+v", books)
			}
			_, err = c.FirstBook(ctx, admin, template, "")
			wantFault(t, err, fault.Conflict, "rules.books_exist")
		})
	}
}

func TestSlugsAreMadeOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"Kallion kirjasto": "kallion-kirjasto", "  Ärtholmens / Ö-huset № 3 ": "artholmens-o-huset-3", "<script>": "script",
		"图书馆": "", "": "", strings.Repeat("pitkä ", 40): strings.Repeat("pitka-", 9) + "pitka",
	} {
		if got := catalogue.SlugOf(name); got != want {
			t.Errorf("SlugOf(%q) = %q, want %q", name, got, want)
		}
	}
	c := newCity(t)
	admin := c.actors["city"]
	for _, want := range []string{"kirjasto", "kirjasto-2", "kirjasto-3"} {
		made := must[resources.Unit](t)(c.AddUnit(ctx, admin, resources.Unit{Name: fi("Kirjasto"), Holidays: "normal"}))
		if made.Slug != want {
			t.Errorf("slug %s, want %s", made.Slug, want)
		}
	}
	_, err := c.AddUnit(ctx, admin, resources.Unit{Name: fi("Kirjasto"), Slug: "kirjasto", Holidays: "normal"})
	wantFault(t, err, fault.Invalid, "unit.slug_taken")
	_, err = c.AddUnit(ctx, admin, resources.Unit{Name: locales.Texts{Fi: strings.Repeat("x", 10_000)}, Holidays: "normal"})
	wantFault(t, err, fault.Invalid, "too_long")
}

// A unit that was imported keeps where it came from.
func TestSavingKeepsWhatTheFormDoesNotHave(t *testing.T) {
	c := newCity(t)
	unit := c.units["talo"]
	if _, err := c.d.Exec(ctx, "UPDATE units SET source = 'https://example.org', external_ref = 'x:1', example = true WHERE id = ?", unit.ID); err != nil {
		t.Fatal(err)
	}
	unit.Phone, unit.UID = "1", uuid.New()
	saved := must[resources.Unit](t)(c.SaveUnit(ctx, c.actors["manager"], unit))
	if saved.Source != "https://example.org" || saved.ExternalRef != "x:1" || !saved.Example || saved.UID == unit.UID {
		t.Errorf("saved %+v", saved)
	}
}
