package resources_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/resources"
)

// The reference tree of the acceptance scenarios, as rows.
func TestReferenceTreeInTheDatabase(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	spaces, rooms := map[string]resources.Space{}, map[string]resources.Resource{}
	for _, node := range [][2]string{{"s1", ""}, {"s11", "s1"}, {"s12", "s1"}, {"s111", "s11"}, {"s112", "s11"}, {"s1111", "s111"}} {
		var parent *int
		if node[1] != "" {
			parent = ptr(spaces[node[1]].ID)
		}
		spaces[node[0]] = w.space(parent, node[0])
	}
	for name, space := range spaces {
		rooms[name] = w.add(w.plain(name), resources.Part{Space: ptr(space.ID)})
	}
	atoms := map[string][]int{}
	for name, room := range rooms {
		atoms[name] = w.place(room).Atoms()
	}
	if len(atoms["s1"]) != 3 || len(atoms["s11"]) != 2 || !slices.Equal(atoms["s111"], atoms["s1111"]) {
		t.Fatalf("atoms %v", atoms)
	}
	for _, pair := range [][2]string{{"s112", "s111"}, {"s12", "s11"}, {"s12", "s112"}} {
		for _, id := range atoms[pair[0]] {
			if slices.Contains(atoms[pair[1]], id) {
				t.Errorf("siblings %v share atom %d", pair, id)
			}
		}
	}
	if used := activeAtoms(w); used != 3 {
		t.Errorf("%d atoms are in use, want 3: inner spaces have none", used)
	}
}

func activeAtoms(w town) (n int) {
	w.t.Helper()
	if err := w.d.Query(w.t.Context(), &n, "SELECT count(*) FROM atoms WHERE retired_at IS NULL"); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// Trees that grow one space, device or resource at a time keep their rows true.
func TestRowsFollowRandomTrees(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		w.unit = must[resources.Unit](t)(w.s.AddUnit(t.Context(), w.d, resources.Unit{Slug: fmt.Sprint("unit-", round), Name: fi("Talo"), Holidays: "normal"}))
		parents := []*int{nil}
		leavesOf := map[int]map[int]bool{} // space → its leaves, kept by hand
		up := map[int]*int{}
		for range rapid.IntRange(1, 7).Draw(rt, "spaces") {
			parent := rapid.SampledFrom(parents).Draw(rt, "parent")
			id := w.space(parent, "Tila").ID
			parents, up[id], leavesOf[id] = append(parents, &id), parent, map[int]bool{id: true}
			for above := parent; above != nil; above = up[*above] {
				delete(leavesOf[*above], *parent)
				leavesOf[*above][id] = true
			}
			w.add(w.plain(fmt.Sprintf("r-%d-%d", round, id)), resources.Part{Space: &id})
		}
		for id, leaves := range leavesOf {
			p, _, err := w.s.PlaceBySlug(t.Context(), w.d, fmt.Sprintf("r-%d-%d", round, id))
			if err != nil {
				rt.Fatal(err)
			}
			if got := spacesOf(w, p); !slices.Equal(got, sortedKeys(leaves)) {
				rt.Fatalf("space %d: atoms of spaces %v, leaves %v", id, got, sortedKeys(leaves))
			}
		}
	})
}

// spacesOf lists the spaces of the place's atoms that are in use.
func spacesOf(w town, p resources.Place) []int {
	var list []int
	for _, need := range p.Needs {
		var space int
		err := w.d.Query(w.t.Context(), &space, "SELECT space FROM atoms WHERE unit = ? AND id = ? AND retired_at IS NULL", need.Unit, need.Atom)
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, space)
	}
	slices.Sort(list)
	return list
}

func sortedKeys(set map[int]bool) []int {
	var list []int
	for id := range set {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

func TestAtomsRetireAndComeBack(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	room := w.add(w.plain("hall"), resources.Part{Space: &hall.ID})
	before := w.place(room).Atoms()
	half := w.space(&hall.ID, "Puolikas")
	if after := w.place(room).Atoms(); len(after) != 1 || after[0] == before[0] {
		t.Fatalf("atoms %v, then %v: the divided hall kept its own", before, after)
	}
	if n := activeAtoms(w); n != 1 {
		t.Errorf("%d atoms in use, want the half alone", n)
	}
	must[int64](t)(w.d.Exec(t.Context(), "UPDATE spaces SET parent = NULL WHERE id = ?", half.ID))
	if err := w.s.RebuildAtoms(t.Context(), w.d, w.unit.ID); err != nil {
		t.Fatal(err)
	}
	if again := w.place(room).Atoms(); !slices.Equal(again, before) {
		t.Errorf("atoms %v, want the first ones back: %v", again, before)
	}
}

func TestSharedDeviceAndPool(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	one, two := w.space(nil, "Yksi"), w.space(nil, "Kaksi")
	cart, machines := w.device("Videotykki", 1), w.device("Ompelukone", 4)
	first := w.place(w.add(w.plain("one"), resources.Part{Space: &one.ID}, resources.Part{Device: &cart.ID}))
	second := w.place(w.add(w.plain("two"), resources.Part{Space: &two.ID}, resources.Part{Device: &cart.ID}))
	var shared []int
	for _, id := range first.Atoms() {
		if slices.Contains(second.Atoms(), id) {
			shared = append(shared, id)
		}
	}
	if len(shared) != 1 || len(first.Atoms()) != 2 {
		t.Errorf("%v and %v share %v, want the cart", first.Atoms(), second.Atoms(), shared)
	}
	pool := w.place(w.add(w.plain("machine"), resources.Part{Device: &machines.ID, Count: 3}))
	for _, need := range pool.Needs {
		if need.Pool == nil || *need.Pool != machines.ID || need.Lanes != 3 {
			t.Errorf("need %+v, want any 3 of the pool", need)
		}
	}
	if len(pool.Needs) != 4 {
		t.Errorf("%d lanes, want 4", len(pool.Needs))
	}
}

// A hall that is booked cannot be divided under its reservation.
func TestBookedSpaceIsNotDivided(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	room := w.add(w.plain("hall"), resources.Part{Space: &hall.ID})
	atom := w.place(room).Atoms()[0]
	book(w, room, atom, now.Add(-2*time.Hour))
	half := resources.Space{Unit: w.unit.ID, Parent: &hall.ID, Name: fi("Puolikas")}
	past := w.d.Tx(t.Context(), func(tx *db.DB) error {
		if _, err := w.s.AddSpace(t.Context(), tx, half); err != nil {
			return err
		}
		return errRollback
	})
	if past != errRollback {
		t.Errorf("a reservation that has ended stands in the way: %v", past)
	}
	book(w, room, atom, now.Add(time.Hour))
	_, err := w.s.AddSpace(t.Context(), w.d, half)
	wantFault(t, err, fault.Conflict, "resource.parts_in_use")
}

var errRollback = errors.New("roll back")

// book writes a confirmed reservation of an hour by hand; the use cases are a
// floor above.
func book(w town, room resources.Resource, atom int, begin time.Time) {
	w.t.Helper()
	var id int64
	err := w.d.Query(w.t.Context(), &id, `INSERT INTO reservations
		(uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_unit, made_at, changed_at)
		VALUES (?, ?, ?, ?, ?, 'staff', 'confirmed', true, 'unit', ?, ?, ?) RETURNING id`,
		uuid.New(), room.ID, room.Unit, begin, begin.Add(time.Hour), room.Unit, now, now)
	if err != nil {
		w.t.Fatal(err)
	}
	must[int64](w.t)(w.d.Exec(w.t.Context(), `INSERT INTO occupancies (reservation, unit, atom, side, during)
		VALUES (?, ?, ?, ?, tstzrange(?, ?, '[)'))`, id, room.Unit, atom, id, begin, begin.Add(time.Hour)))
}
