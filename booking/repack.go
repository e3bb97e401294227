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

// packed is one reservation's share of a pool: the lanes that it has or, of the
// new one, how many it wants.
type packed struct {
	Reservation
	lanes []resources.Need
	want  int
	fixed bool // it has begun: who has a thing in hand keeps it
}

// repack makes room in the pools of a place by giving lanes anew to those who
// are in each other's way there. Lanes are never shown to anybody, so only a
// pool that is really full refuses. It runs under exclusive locks on the lanes
// and returns the new one's atoms; ok is false when they do not fit, and then
// nothing was written.
func (w *work) repack(ctx context.Context, needs []resources.Need, r Reservation) (atoms []resources.Need, ok bool, err error) {
	for _, need := range needs {
		if need.Pool == nil {
			atoms = append(atoms, need)
		}
	}
	pools := poolsOf(needs)
	packs := make([][]packed, len(pools))
	for i, pool := range pools {
		shares, err := w.shares(ctx, pool, r)
		if err != nil {
			return nil, false, err
		}
		if packs[i], ok = pack(shares, pool, w.Zone); !ok {
			return nil, false, nil
		}
	}
	for i, pool := range pools {
		moved := slices.DeleteFunc(packs[i], func(share packed) bool {
			if share.UID == r.UID {
				atoms = append(atoms, share.lanes...)
			}
			return share.fixed || share.UID == r.UID
		})
		if err := w.relane(ctx, moved, atomsOf(pool)); err != nil {
			return nil, false, err
		}
	}
	return atoms, true, nil
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

// shares are the new one and those on a pool who could be in its way, in the
// way of those, and so on; the others' lanes do not matter.
func (w *work) shares(ctx context.Context, pool []resources.Need, r Reservation) ([]packed, error) {
	var rows []struct {
		Reservation
		Atoms db.Ints
	}
	err := w.tx.Query(ctx, &rows, sharesSQL, map[string]any{"atoms": atomsOf(pool), "now": w.now, "from": r.reach(w.Zone).Begin, "self": r.ID})
	shares := []packed{{Reservation: r, want: pool[0].Lanes}}
	rest := make([]packed, 0, len(rows))
	for _, row := range rows {
		share := packed{Reservation: row.Reservation, want: len(row.Atoms), fixed: !row.BeginAt.After(w.now)}
		for _, lane := range pool {
			if slices.Contains(row.Atoms, int64(lane.Atom)) {
				share.lanes = append(share.lanes, lane)
			}
		}
		rest = append(rest, share)
	}
	for i := 0; i < len(shares); i++ {
		rest = slices.DeleteFunc(rest, func(other packed) bool {
			near := collide(shares[i].Reservation, other.Reservation, w.Zone)
			if near {
				shares = append(shares, other)
			}
			return near
		})
	}
	return shares, err
}

// sharesSQL reads who has lanes from the first set-up of anything that has not
// begun: what is over can still be in the way of that.
const sharesSQL = `
WITH coming AS (SELECT least(@now, @from, min(lower(o.during))) AS since FROM occupancies o JOIN reservations r ON r.id = o.reservation
	WHERE o.atom = ANY(CAST(@atoms AS int[])) AND r.begin_at > @now)
SELECT r.*, array_agg(DISTINCT o.atom) AS atoms FROM reservations r JOIN occupancies o ON o.reservation = r.id
WHERE o.atom = ANY(CAST(@atoms AS int[])) AND upper(o.during) > (SELECT since FROM coming) AND r.id <> @self GROUP BY r.id`

// pack gives every share its lanes: first begun first served or, where that
// leaves somebody without, in chains, which also know that buffers differ.
func pack(shares []packed, pool []resources.Need, zone *time.Location) (done []packed, ok bool) {
	slices.SortFunc(shares, func(a, b packed) int {
		return cmp.Or(a.footprint(zone).Begin.Compare(b.footprint(zone).Begin), cmp.Compare(a.ID, b.ID))
	})
	if done = dealt(shares); serve(done, pool, zone) {
		return done, true
	}
	done = dealt(shares)
	return done, chain(done, pool, zone)
}

// dealt is a copy in which only what has begun has its lanes.
func dealt(shares []packed) []packed {
	list := slices.Clone(shares)
	for i := range list {
		if !list[i].fixed {
			list[i].lanes = nil
		}
	}
	return list
}

func serve(shares []packed, pool []resources.Need, zone *time.Location) bool {
	for i := range shares {
		for _, lane := range pool {
			if len(shares[i].lanes) < shares[i].want && laneFree(shares, i, lane, zone) {
				shares[i].lanes = append(shares[i].lanes, lane)
			}
		}
		if len(shares[i].lanes) < shares[i].want {
			return false
		}
	}
	return true
}

// laneFree tells whether nobody else who has a lane is in the way of a share.
func laneFree(shares []packed, i int, lane resources.Need, zone *time.Location) bool {
	return !slices.ContainsFunc(shares, func(other packed) bool {
		return other.UID != shares[i].UID && other.has(lane) && collide(other.Reservation, shares[i].Reservation, zone)
	})
}

func (p packed) has(lane resources.Need) bool {
	return slices.ContainsFunc(p.lanes, func(n resources.Need) bool { return n.Atom == lane.Atom })
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
