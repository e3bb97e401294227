package booking

import (
	"context"
	"slices"

	"vuoro/db"
	"vuoro/fault"
)

// maxCollisions bounds the list of one refusal; the count is always whole.
const maxCollisions = 20

// Reseat gives reservations, listed by begin, the atoms that their resources
// have now, in the transaction of whoever changed the tree or the parts and
// holds the unit exclusively. If any would meet another the change is a
// Conflict, resource.parts_collide, with a field for each pair.
func (s *Service) Reseat(ctx context.Context, tx *db.DB, reservations []int64) error {
	w := &work{Service: s, tx: tx, now: s.Now()}
	if _, err := tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ANY (CAST(? AS bigint[]))", db.Ints(reservations)); err != nil {
		return err
	}
	var pairs [][2]int64
	for _, id := range reservations {
		others, err := w.reseat(ctx, id)
		if err != nil {
			return err
		}
		for _, other := range others {
			pairs = append(pairs, [2]int64{id, other})
		}
	}
	if len(pairs) == 0 {
		return w.writeAudits(ctx) // of offers that had run out
	}
	return w.collision(ctx, pairs)
}

// reseat gives one reservation its atoms and lists those that stand in the way.
func (w *work) reseat(ctx context.Context, id int64) (others []int64, err error) {
	r, err := w.reread(ctx, id)
	if err != nil {
		return nil, err
	}
	if r.runOut(w.now) {
		return nil, w.removeHolds(ctx, db.Ints{id})
	}
	place, err := w.Resources.PlaceByID(ctx, w.tx, r.Resource)
	if err != nil {
		return nil, err
	}
	rows, err := w.clearTheWay(ctx, claim{r, place.Needs})
	if err != nil {
		return nil, err
	}
	atoms, enough := chooseAtoms(place.Needs, rows, r, w.Zone)
	if !enough {
		if atoms, enough, err = w.repack(ctx, place.Needs, r); err != nil {
			return nil, err
		}
	}
	whole := false
	if enough {
		if whole, err = w.occupy(ctx, r.occupancies(atoms, w.Zone)); err != nil {
			return nil, err
		}
	}
	if whole {
		return nil, nil
	}
	for _, b := range rows {
		if b.against(r, w.Zone) && !slices.Contains(others, b.Reservation) {
			others = append(others, b.Reservation)
		}
	}
	if len(others) == 0 {
		others = []int64{id} // never silent
	}
	return others, nil
}

// collision names the reservations that would meet.
func (w *work) collision(ctx context.Context, pairs [][2]int64) error {
	problem := fault.New(fault.Conflict, "resource.parts_collide", fault.Params{"n": len(pairs)})
	for _, pair := range pairs[:min(len(pairs), maxCollisions)] {
		var rows [2]Reservation
		for i, id := range pair {
			if err := w.tx.Query(ctx, &rows[i], "SELECT * FROM reservations WHERE id = ?", id); err != nil {
				return err
			}
		}
		problem.Fields = append(problem.Fields, fault.Field{
			Name: "parts", Code: "resource.collides",
			Params: fault.Params{"number": rows[0].Number, "begin": rows[0].BeginAt, "other": rows[1].Number},
		})
	}
	return problem
}
