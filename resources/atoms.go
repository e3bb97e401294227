package resources

import (
	"cmp"
	"slices"
)

// Tree is the physical side of a unit: what there is to be booked.
type Tree struct {
	Spaces  []Space
	Devices []Device
}

// key names an atom by what it is: a leaf space, or a lane of a device.
type key struct {
	space, device, lane int
}

// keys lists the atoms that a tree must have: its leaf spaces and every lane of
// its devices, sorted.
func (t Tree) keys() []key {
	inner := map[int]bool{}
	for _, space := range t.Spaces {
		if space.Parent != nil {
			inner[*space.Parent] = true
		}
	}
	var list []key
	for _, space := range t.Spaces {
		if !inner[space.ID] {
			list = append(list, key{space: space.ID, lane: 1})
		}
	}
	for _, device := range t.Devices {
		for lane := 1; lane <= device.Count; lane++ {
			list = append(list, key{device: device.ID, lane: lane})
		}
	}
	slices.SortFunc(list, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.space, b.space), cmp.Compare(a.device, b.device), cmp.Compare(a.lane, b.lane))
	})
	return list
}

// leaves lists the leaf spaces at or below a space.
func (t Tree) leaves(space int) []int {
	children := map[int][]int{}
	for _, s := range t.Spaces {
		if s.Parent != nil {
			children[*s.Parent] = append(children[*s.Parent], s.ID)
		}
	}
	var list []int
	var walk func(id int)
	walk = func(id int) {
		if len(children[id]) == 0 {
			list = append(list, id)
		}
		for _, child := range children[id] {
			walk(child)
		}
	}
	walk(space)
	return list
}

// under tells whether a space lies below another.
func (t Tree) under(above, space int) bool {
	for _, s := range t.Spaces {
		if s.ID == space {
			return s.Parent != nil && (*s.Parent == above || t.under(above, *s.Parent))
		}
	}
	return false
}

// needs lists what a booking of a resource with these parts takes, given the
// ids of the atoms: every leaf below its spaces, and of each device either all
// lanes or, from a pool, any Count of them. It is sorted by atom, and an atom
// that several parts share appears once.
func (t Tree) needs(parts []Part, atoms map[key]int) []Need {
	byAtom := map[int]Need{}
	for _, part := range parts {
		need := Need{Resource: part.Resource, Unit: part.Unit, Lanes: 1}
		if part.Space != nil {
			for _, leaf := range t.leaves(*part.Space) {
				need.Atom = atoms[key{space: leaf, lane: 1}]
				byAtom[need.Atom] = need
			}
			continue
		}
		count := t.lanes(*part.Device)
		if part.Count < count {
			need.Pool, need.Lanes = part.Device, part.Count
		}
		for lane := 1; lane <= count; lane++ {
			need.Atom = atoms[key{device: *part.Device, lane: lane}]
			byAtom[need.Atom] = need
		}
	}
	list := make([]Need, 0, len(byAtom))
	for _, need := range byAtom {
		list = append(list, need)
	}
	slices.SortFunc(list, func(a, b Need) int { return cmp.Compare(a.Atom, b.Atom) })
	return list
}

func (t Tree) lanes(device int) int {
	for _, d := range t.Devices {
		if d.ID == device {
			return d.Count
		}
	}
	return 0
}
