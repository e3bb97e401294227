package booking

import (
	"time"

	"vuoro/resources"
)

// chooseAtoms picks the atoms that a reservation takes: every plain one, and
// of each pool the first lanes that are free. ok is false when a pool has too
// few; plain atoms are left to the constraint.
func chooseAtoms(needs []resources.Need, busy []Busy, r Reservation, zone *time.Location) (atoms []resources.Need, ok bool) {
	taken := map[int]bool{}
	for _, b := range busy {
		if b.against(r, zone) {
			taken[b.Atom] = true
		}
	}
	got := map[int]int{}
	want := map[int]int{}
	for _, need := range needs {
		if need.Pool == nil {
			atoms = append(atoms, need)
			continue
		}
		want[*need.Pool] = need.Lanes
		if got[*need.Pool] < need.Lanes && !taken[need.Atom] {
			got[*need.Pool]++
			atoms = append(atoms, need)
		}
	}
	for pool, lanes := range want {
		if got[pool] < lanes {
			return atoms, false
		}
	}
	return atoms, true
}
