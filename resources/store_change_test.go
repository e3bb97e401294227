package resources_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

func TestChangesWantTheLastRevision(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	unit := w.unit
	unit.Name, unit.Phone = fi("Pääkirjasto"), "09 310 0000"
	changed := must[resources.Unit](t)(w.s.UpdateUnit(t.Context(), w.d, unit))
	if changed.Revision != w.unit.Revision+1 {
		t.Errorf("revision %d after %d", changed.Revision, w.unit.Revision)
	}
	if read := must[resources.Unit](t)(w.s.UnitByID(t.Context(), w.d, unit.ID)); read != changed {
		t.Errorf("read %+v, want %+v", read, changed)
	}
	_, err := w.s.UpdateUnit(t.Context(), w.d, unit)
	wantFault(t, err, fault.Stale, "stale")
	space := w.space(nil, "Sali")
	space.Name = fi("Iso sali")
	must[resources.Space](t)(w.s.UpdateSpace(t.Context(), w.d, space))
	_, err = w.s.UpdateSpace(t.Context(), w.d, space)
	wantFault(t, err, fault.Stale, "stale")
	device := w.device("Pyörä", 3)
	device.Count = 5
	must[resources.Device](t)(w.s.UpdateDevice(t.Context(), w.d, device))
	if n := activeAtoms(w); n != 6 {
		t.Errorf("%d atoms, want a space and five bicycles", n)
	}
	_, err = w.s.UpdateDevice(t.Context(), w.d, device)
	wantFault(t, err, fault.Stale, "stale")
}

// Every column that a form can change is written, and nothing else.
func TestUpdateResourceWritesEveryColumn(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall, cart := w.space(nil, "Sali"), w.device("Videotykki", 2)
	made := w.add(w.plain("sali"), resources.Part{Space: &hall.ID})
	want := full(w)
	want.ID, want.UID, want.Revision = made.ID, made.UID, made.Revision
	changed := must[resources.Resource](t)(w.s.UpdateResource(t.Context(), w.d, want, []resources.Part{{Space: &hall.ID}, {Device: &cart.ID, Count: 2}}))
	read, _ := json.Marshal(w.place(changed).Resource)
	if written, _ := json.Marshal(changed); !bytes.Equal(read, written) {
		t.Errorf("read %s\nwant %s", read, written)
	}
	if n := len(w.place(changed).Needs); n != 3 {
		t.Errorf("%d atoms, want the hall and two carts", n)
	}
	again := must[resources.Resource](t)(w.s.UpdateResource(t.Context(), w.d, changed, nil))
	if n := len(w.place(again).Needs); n != 3 {
		t.Errorf("%d atoms after a change that does not speak of parts", n)
	}
	_, redirect, err := w.s.PlaceBySlug(t.Context(), w.d, "sali")
	if err != nil || redirect != changed.Slug {
		t.Errorf("the old address leads to %q (%v)", redirect, err)
	}
	again.Slug = "sali"
	must[resources.Resource](t)(w.s.UpdateResource(t.Context(), w.d, again, nil))
	if _, redirect, err = w.s.PlaceBySlug(t.Context(), w.d, "sali"); err != nil || redirect != "" {
		t.Errorf("taken back, the old address redirects to %q (%v)", redirect, err)
	}
	other := w.plain(changed.Slug)
	_, err = w.s.AddResource(t.Context(), w.d, other, []resources.Part{{Space: &hall.ID}})
	wantFault(t, err, fault.Invalid, "resource.slug_taken")
}

func TestTreesHaveNoCircles(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	house := w.space(nil, "Talo")
	hall := w.space(&house.ID, "Sali")
	court := w.space(&hall.ID, "Lohko")
	for _, parent := range []int{house.ID, hall.ID, court.ID} {
		house.Parent = &parent
		_, err := w.s.UpdateSpace(t.Context(), w.d, house)
		wantFault(t, err, fault.Invalid, "space.circle")
	}
	court.Parent = &house.ID
	must[resources.Space](t)(w.s.UpdateSpace(t.Context(), w.d, court))
	if n := activeAtoms(w); n != 2 {
		t.Errorf("%d leaves, want hall and court side by side", n)
	}
}

func TestScenario27_SpacesInUseAreNotDeleted(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	court := w.space(&hall.ID, "Lohko")
	cart := must[resources.Device](t)(w.s.AddDevice(t.Context(), w.d, resources.Device{Unit: w.unit.ID, Space: &court.ID, Name: fi("Kärry"), Count: 1}))
	room := w.add(w.plain("lohko"), resources.Part{Space: &court.ID}, resources.Part{Device: &cart.ID})
	for _, id := range []int{hall.ID, court.ID} {
		wantFault(t, w.s.RemoveSpace(t.Context(), w.d, w.unit.ID, id), fault.Conflict, "space.in_use")
	}
	wantFault(t, w.s.RemoveDevice(t.Context(), w.d, w.unit.ID, cart.ID), fault.Conflict, "space.in_use")
	room.State = resources.StateDraft
	must[resources.Resource](t)(w.s.UpdateResource(t.Context(), w.d, room, []resources.Part{}))
	for _, err := range []error{
		w.s.RemoveDevice(t.Context(), w.d, w.unit.ID, cart.ID),
		w.s.RemoveSpace(t.Context(), w.d, w.unit.ID, court.ID),
		w.s.RemoveSpace(t.Context(), w.d, w.unit.ID, hall.ID),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantFault(t, w.s.RemoveSpace(t.Context(), w.d, w.unit.ID, hall.ID), fault.NotFound, "space.not_found")
	if n := activeAtoms(w); n != 0 {
		t.Errorf("%d atoms are left of nothing", n)
	}
	_, err := w.s.AddSpace(t.Context(), w.d, resources.Space{Unit: w.unit.ID, Parent: &hall.ID, Name: fi("Uusi")})
	wantFault(t, err, fault.Invalid, "space.parent_elsewhere")
}

// complete is a resource that lacks nothing for being published.
func complete(w town) resources.Resource {
	r := w.plain("sali")
	r.State, r.Type, r.Access, r.PriceCents = resources.StatePublished, "gym", "open", ptr(1200)
	r.Description = locales.Texts{Fi: "Sali.", Sv: "En sal.", En: "A hall."}
	return r
}

func TestScenario39_NoMorePersonsAtLeastThanAtMost(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	r := complete(w)
	r.PersonsMin, r.PersonsMax = ptr(30), ptr(20)
	_, err := w.s.AddResource(t.Context(), w.d, r, []resources.Part{{Space: &hall.ID}})
	wantFault(t, err, fault.Invalid, "resource.persons_range")
	r.PersonsMin, r.PersonsMax = ptr(2), ptr(20)
	w.add(r, resources.Part{Space: &hall.ID})
}

func TestScenario40_PublishingWantsEverything(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	listed := cityBook()
	listed.Key, listed.Rules.V.Rules[0].Effects.Price = "listed", "list"
	must[resources.RuleBook](t)(w.s.AddRuleBook(t.Context(), w.d, listed))
	hall := w.space(nil, "Sali")
	part := []resources.Part{{Space: &hall.ID}}
	draft := w.plain("sali")
	draft.RuleBook = "listed"
	draft = w.add(draft) // without anything it is a draft
	for code, lack := range map[string]func(r *resources.Resource, parts *[]resources.Part){
		"resource.description_missing": func(r *resources.Resource, _ *[]resources.Part) { r.Description.Sv = "" },
		"resource.no_parts":            func(_ *resources.Resource, parts *[]resources.Part) { *parts = []resources.Part{} },
		"resource.unknown_type":        func(r *resources.Resource, _ *[]resources.Part) { r.Type = "" },
		"resource.price_missing":       func(r *resources.Resource, _ *[]resources.Part) { r.PriceCents = nil },
		"resource.access_missing":      func(r *resources.Resource, _ *[]resources.Part) { r.Access = "" },
	} {
		r, parts := complete(w), part
		r.ID, r.UID, r.Revision, r.RuleBook = draft.ID, draft.UID, draft.Revision, "listed"
		lack(&r, &parts)
		_, err := w.s.UpdateResource(t.Context(), w.d, r, parts)
		wantFault(t, err, fault.Invalid, code)
	}
	r := complete(w)
	r.ID, r.UID, r.Revision, r.RuleBook = draft.ID, draft.UID, draft.Revision, "listed"
	r.PriceCents, r.PriceNote = nil, fi("sovitaan")
	must[resources.Resource](t)(w.s.UpdateResource(t.Context(), w.d, r, part))
}
