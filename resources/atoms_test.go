package resources

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// treeT is the reference tree of the acceptance scenarios:
// S1 ⊃ {S1.1 ⊃ {S1.1.1 ⊃ {S1.1.1.1}, S1.1.2}, S1.2}.
var treeT = map[string]string{
	"S1": "", "S1.1": "S1", "S1.2": "S1", "S1.1.1": "S1.1", "S1.1.2": "S1.1", "S1.1.1.1": "S1.1.1",
}

func idsOfT() map[string]int {
	return map[string]int{"S1": 1, "S1.1": 2, "S1.2": 3, "S1.1.1": 4, "S1.1.2": 5, "S1.1.1.1": 6}
}

func makeT() Tree {
	var tree Tree
	ids := idsOfT()
	for name, parent := range treeT {
		space := Space{ID: ids[name]}
		if parent != "" {
			id := ids[parent]
			space.Parent = &id
		}
		tree.Spaces = append(tree.Spaces, space)
	}
	return tree
}

// atomsFor numbers the atoms of a tree as a database would, from 100.
func atomsFor(tree Tree) map[key]int {
	atoms := map[key]int{}
	for i, k := range tree.keys() {
		atoms[k] = 100 + i
	}
	return atoms
}

func atomsOf(tree Tree, parts ...Part) []int {
	return Place{Needs: tree.needs(parts, atomsFor(tree))}.Atoms()
}

func share(a, b []int) bool {
	return slices.ContainsFunc(a, func(id int) bool { return slices.Contains(b, id) })
}

// Who shares an atom with whom is what scenarios 20 to 22 rest on.
func TestAtomsOfTheReferenceTree(t *testing.T) {
	tree, ids := makeT(), idsOfT()
	atoms := map[string][]int{}
	for name, id := range ids {
		atoms[name] = atomsOf(tree, Part{Space: &id})
	}
	if n := len(atoms["S1"]); n != 3 {
		t.Fatalf("S1 has %d atoms, want its 3 leaves S1.1.1.1, S1.1.2 and S1.2", n)
	}
	for booked, taken := range map[string][]string{
		"S1.2":   {"S1", "S1.2"},
		"S1.1.1": {"S1", "S1.1", "S1.1.1", "S1.1.1.1"},
		"S1":     {"S1", "S1.1", "S1.1.1", "S1.1.1.1", "S1.1.2", "S1.2"},
	} {
		for other := range ids {
			if got, want := share(atoms[booked], atoms[other]), slices.Contains(taken, other); got != want {
				t.Errorf("%s and %s share an atom: %v, want %v", booked, other, got, want)
			}
		}
	}
}

// anyTree draws a forest of up to 12 spaces, whose parents come before them,
// and up to 3 devices.
func anyTree(rt *rapid.T) Tree {
	var tree Tree
	for id := 1; id <= rapid.IntRange(1, 12).Draw(rt, "spaces"); id++ {
		space := Space{ID: id, Unit: 1}
		if parent := rapid.IntRange(0, id-1).Draw(rt, "parent"); parent > 0 {
			space.Parent = &parent
		}
		tree.Spaces = append(tree.Spaces, space)
	}
	for id := 1; id <= rapid.IntRange(0, 3).Draw(rt, "devices"); id++ {
		tree.Devices = append(tree.Devices, Device{ID: id, Unit: 1, Count: rapid.IntRange(1, 5).Draw(rt, "count")})
	}
	return tree
}

// below tells by walking up whether a space lies at or below another.
func below(tree Tree, space, top int) bool {
	for id := &space; id != nil; id = tree.Spaces[*id-1].Parent {
		if *id == top {
			return true
		}
	}
	return false
}

func isLeaf(tree Tree, space int) bool {
	return !slices.ContainsFunc(tree.Spaces, func(s Space) bool { return s.Parent != nil && *s.Parent == space })
}

func TestAtomsOfRandomTrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tree := anyTree(rt)
		byKey := atomsFor(tree)
		for _, space := range tree.Spaces {
			var leaves []int
			for _, other := range tree.Spaces {
				if isLeaf(tree, other.ID) && below(tree, other.ID, space.ID) {
					leaves = append(leaves, byKey[key{space: other.ID, lane: 1}])
				}
			}
			slices.Sort(leaves)
			atoms := atomsOf(tree, Part{Space: &space.ID})
			if !slices.Equal(atoms, leaves) {
				rt.Fatalf("atoms of space %d: %v, its leaves: %v", space.ID, atoms, leaves)
			}
			for _, other := range tree.Spaces {
				others := atomsOf(tree, Part{Space: &other.ID})
				related := below(tree, space.ID, other.ID) || below(tree, other.ID, space.ID)
				if share(atoms, others) != related {
					rt.Fatalf("spaces %d and %d share an atom: %v, related: %v", space.ID, other.ID, !related, related)
				}
				if below(tree, other.ID, space.ID) && slices.ContainsFunc(others, func(id int) bool { return !slices.Contains(atoms, id) }) {
					rt.Fatalf("space %d does not hold all atoms of %d below it", space.ID, other.ID)
				}
			}
		}
	})
}

func TestLanesOfPools(t *testing.T) {
	tree := Tree{Devices: []Device{{ID: 7, Unit: 1, Count: 3}, {ID: 8, Unit: 1, Count: 1}}}
	pool, thing := 7, 8
	some := tree.needs([]Part{{Resource: 1, Unit: 1, Device: &pool, Count: 2}, {Resource: 1, Unit: 1, Device: &thing, Count: 1}}, atomsFor(tree))
	if len(some) != 4 {
		t.Fatalf("%d atoms, want all 3 lanes and the thing", len(some))
	}
	for _, need := range some[:3] {
		if need.Pool == nil || *need.Pool != pool || need.Lanes != 2 {
			t.Errorf("need of the pool: %+v, want any 2 lanes", need)
		}
	}
	if some[3].Pool != nil || some[3].Lanes != 1 {
		t.Errorf("need of the single thing: %+v", some[3])
	}
	for _, need := range tree.needs([]Part{{Resource: 1, Unit: 1, Device: &pool, Count: 3}}, atomsFor(tree)) {
		if need.Pool != nil {
			t.Errorf("who takes all lanes takes each of them, got %+v", need)
		}
	}
}
