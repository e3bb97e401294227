package booking

import (
	"cmp"
	"context"
	"slices"
	"time"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// packed is one reservation's share of a pool: how many lanes it has, and when.
type packed struct {
	Reservation
	lanes []resources.Need
	want  int
}

// repack makes room in the pools of a place by giving the reservations on their
// lanes, and the new one, lanes anew: in order of begin each gets the first
// that are free. Lanes are never shown to anybody, so only a pool that is
// really full refuses. It runs under exclusive locks on the lanes and returns
// the new one's atoms; ok is false when they do not fit, and then nothing was
// written.
func (w *work) repack(ctx context.Context, needs []resources.Need, r Reservation) (atoms []resources.Need, ok bool, err error) {
	for _, need := range needs {
		if need.Pool == nil {
			atoms = append(atoms, need)
		}
	}
	var moved []packed
	for _, pool := range poolsOf(needs) {
		shares, err := w.shares(ctx, pool, r)
		if err != nil {
			return nil, false, err
		}
		if !pack(shares, pool, w.Zone) {
			return nil, false, nil
		}
		for _, share := range shares {
			if share.UID == r.UID {
				atoms = append(atoms, share.lanes...)
			} else {
				moved = append(moved, share)
			}
		}
	}
	return atoms, true, w.relane(ctx, moved, atomsOf(needs))
}

// poolsOf groups the lanes of each pool.
func poolsOf(needs []resources.Need) [][]resources.Need {
	byPool := map[int][]resources.Need{}
	var order []int
	for _, need := range needs {
		if need.Pool == nil {
			continue
		}
		if byPool[*need.Pool] == nil {
			order = append(order, *need.Pool)
		}
		byPool[*need.Pool] = append(byPool[*need.Pool], need)
	}
	pools := make([][]resources.Need, len(order))
	for i, id := range order {
		pools[i] = byPool[id]
	}
	return pools
}

// shares are the reservations on a pool that have not ended, and the new one.
func (w *work) shares(ctx context.Context, pool []resources.Need, r Reservation) ([]packed, error) {
	var rows []struct {
		Reservation
		Lanes int
	}
	err := w.tx.Query(ctx, &rows, `SELECT r.*, count(DISTINCT o.atom) AS lanes FROM reservations r
		JOIN occupancies o ON o.reservation = r.id
		WHERE o.atom = ANY(CAST(@atoms AS int[])) AND upper(o.during) > @now AND r.id <> @self GROUP BY r.id`,
		map[string]any{"atoms": atomsOf(pool), "now": w.now, "self": r.ID})
	shares := []packed{{Reservation: r, want: pool[0].Lanes}}
	for _, row := range rows {
		shares = append(shares, packed{Reservation: row.Reservation, want: row.Lanes})
	}
	return shares, err
}

// pack gives every share its lanes, first begun first served.
func pack(shares []packed, pool []resources.Need, zone *time.Location) bool {
	slices.SortFunc(shares, func(a, b packed) int {
		return cmp.Or(a.reach(zone).Begin.Compare(b.reach(zone).Begin), cmp.Compare(a.ID, b.ID))
	})
	for i := range shares {
		for _, lane := range pool {
			if len(shares[i].lanes) < shares[i].want && laneFree(shares[:i], shares[i], lane, zone) {
				shares[i].lanes = append(shares[i].lanes, lane)
			}
		}
		if len(shares[i].lanes) < shares[i].want {
			return false
		}
	}
	return true
}

func laneFree(earlier []packed, share packed, lane resources.Need, zone *time.Location) bool {
	for _, other := range earlier {
		has := slices.ContainsFunc(other.lanes, func(n resources.Need) bool { return n.Atom == lane.Atom })
		if has && collide(other.Reservation, share.Reservation, zone) {
			return false
		}
	}
	return true
}

// collide is the exclusion constraint between two reservations on one atom.
func collide(a, b Reservation, zone *time.Location) bool {
	if a.Kind == policies.Closure && b.Kind == policies.Closure {
		return false
	}
	for _, row := range a.occupancies([]resources.Need{{}}, zone) {
		busy := Busy{Reservation: -1, Side: row.Side, Begin: row.Begin, End: row.End}
		if busy.against(b, zone) {
			return true
		}
	}
	return false
}

// relane rewrites the rows of reservations on the lanes: all old ones in one
// statement, then the new.
func (w *work) relane(ctx context.Context, moved []packed, lanes db.Ints) error {
	if len(moved) == 0 {
		return nil
	}
	ids := make(db.Ints, len(moved))
	for i, share := range moved {
		ids[i] = share.ID
	}
	_, err := w.tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ANY(?::bigint[]) AND atom = ANY(?::int[])", ids, lanes)
	if err != nil {
		return err
	}
	for _, share := range moved {
		whole, err := w.occupy(ctx, share.occupancies(share.lanes, w.Zone))
		if err != nil {
			return err
		}
		if !whole {
			return newRefusal(policies.Decision{Verdict: policies.Allow}, nil)
		}
	}
	return nil
}

func atomsOf(needs []resources.Need) db.Ints {
	atoms := make(db.Ints, len(needs))
	for i, need := range needs {
		atoms[i] = int64(need.Atom)
	}
	return atoms
}
