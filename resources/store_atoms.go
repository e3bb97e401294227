package resources

import (
	"context"
	"slices"

	"vuoro/db"
	"vuoro/fault"
)

// RebuildAtoms brings the atoms of a unit and those of its resources in step
// with its spaces, devices and parts. Atoms that are no longer needed are
// retired, never deleted, and come back when their space or lane does. What is
// booked and has not ended follows (see Service.Reseat); atoms that are still
// taken afterwards are a Conflict, resource.parts_in_use, with the number of
// reservations. The unit's lock is taken exclusively; a transaction is expected.
func (s *Service) RebuildAtoms(ctx context.Context, tx *db.DB, unit int) error {
	if err := tx.LockUnit(ctx, unit, true); err != nil {
		return err
	}
	tree, err := s.Tree(ctx, tx, unit)
	if err != nil {
		return err
	}
	var parts []Part
	if err := tx.Gorm(ctx).Where("unit = ?", unit).Order("id").Find(&parts).Error; err != nil {
		return db.Fault(err)
	}
	atoms, retired, err := s.alignAtoms(ctx, tx, unit, tree)
	if err != nil {
		return err
	}
	if err := s.alignNeeds(ctx, tx, unit, wanted(tree, parts, atoms)); err != nil {
		return err
	}
	return s.unused(ctx, tx, retired)
}

// wanted lists the needs of all resources of a unit, sorted.
func wanted(tree Tree, parts []Part, atoms map[key]int) []Need {
	byResource := map[int][]Part{}
	for _, part := range parts {
		byResource[part.Resource] = append(byResource[part.Resource], part)
	}
	var list []Need
	for _, own := range byResource {
		list = append(list, tree.needs(own, atoms)...)
	}
	return list
}

type atomRow struct {
	ID      int
	Space   int
	Device  int
	Lane    int
	Retired bool
}

func (a atomRow) key() key { return key{space: a.Space, device: a.Device, lane: a.Lane} }

// alignAtoms retires, revives and adds atoms and returns those in use by key,
// and those that it retired.
func (s *Service) alignAtoms(ctx context.Context, tx *db.DB, unit int, tree Tree) (have map[key]int, retire db.Ints, err error) {
	var rows []atomRow
	err = tx.Query(ctx, &rows, `SELECT id, coalesce(space, 0) AS space, coalesce(device, 0) AS device, lane,
		retired_at IS NOT NULL AS retired FROM atoms WHERE unit = ? ORDER BY retired_at NULLS FIRST, id DESC`, unit)
	if err != nil {
		return nil, nil, err
	}
	keys := tree.keys()
	wanted := make(map[key]bool, len(keys))
	for _, k := range keys {
		wanted[k] = true
	}
	have = map[key]int{}
	var revive db.Ints
	for _, row := range rows {
		_, twice := have[row.key()]
		switch needed := wanted[row.key()]; {
		case needed && !twice:
			have[row.key()] = row.ID
			if row.Retired {
				revive = append(revive, int64(row.ID))
			}
		case !row.Retired:
			retire = append(retire, int64(row.ID))
		}
	}
	if len(revive) > 0 {
		if _, err := tx.Exec(ctx, "UPDATE atoms SET retired_at = NULL WHERE id = ANY (CAST(? AS int[]))", revive); err != nil {
			return nil, nil, err
		}
	}
	if len(retire) > 0 {
		if _, err := tx.Exec(ctx, "UPDATE atoms SET retired_at = ? WHERE id = ANY (CAST(? AS int[]))", s.Now(), retire); err != nil {
			return nil, nil, err
		}
	}
	return have, retire, addAtoms(ctx, tx, unit, keys, have)
}

// unused refuses to retire atoms that somebody still holds.
func (s *Service) unused(ctx context.Context, tx *db.DB, retired db.Ints) error {
	if len(retired) == 0 {
		return nil
	}
	var used int
	err := tx.Query(ctx, &used, `SELECT count(DISTINCT reservation) FROM occupancies o JOIN atoms a ON (a.unit, a.id) = (o.unit, o.atom)
		WHERE a.id = ANY (CAST(? AS int[])) AND upper(o.during) > ?`, retired, s.Now())
	if err == nil && used > 0 {
		return fault.New(fault.Conflict, "resource.parts_in_use", fault.Params{"count": used})
	}
	return err
}

// addAtoms makes the missing atoms and notes their ids.
func addAtoms(ctx context.Context, tx *db.DB, unit int, keys []key, have map[key]int) error {
	var spaces, devices, lanes db.Ints
	for _, k := range keys {
		if _, ok := have[k]; !ok {
			spaces, devices, lanes = append(spaces, int64(k.space)), append(devices, int64(k.device)), append(lanes, int64(k.lane))
		}
	}
	if len(lanes) == 0 {
		return nil
	}
	var rows []atomRow
	err := tx.Query(ctx, &rows, `INSERT INTO atoms (unit, space, device, lane)
		SELECT ?, nullif(space, 0), nullif(device, 0), lane
		FROM unnest(CAST(? AS int[]), CAST(? AS int[]), CAST(? AS int[])) AS missing (space, device, lane)
		RETURNING id, coalesce(space, 0) AS space, coalesce(device, 0) AS device, lane`, unit, spaces, devices, lanes)
	for _, row := range rows {
		have[row.key()] = row.ID
	}
	return err
}

// alignNeeds replaces the derived rows of those resources whose atoms changed.
func (s *Service) alignNeeds(ctx context.Context, tx *db.DB, unit int, wanted []Need) error {
	var rows []Need
	err := tx.Query(ctx, &rows, `SELECT resource, unit, atom, pool, lanes FROM resource_atoms
		WHERE resource IN (SELECT id FROM resources WHERE unit = ?)`, unit)
	if err != nil {
		return err
	}
	changed := differing(rows, wanted)
	if len(changed) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, "DELETE FROM resource_atoms WHERE resource = ANY (CAST(? AS int[]))", changed); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(wanted, func(n Need) bool { return !slices.Contains(changed, int64(n.Resource)) })
	if err := insertNeeds(ctx, tx, fresh); err != nil {
		return err
	}
	return s.reseat(ctx, tx, changed)
}

// reseat lets the reservations of resources follow their new atoms. Without a
// Reseat none may be there.
func (s *Service) reseat(ctx context.Context, tx *db.DB, changed db.Ints) error {
	var booked db.Ints
	err := tx.Query(ctx, &booked, `SELECT r.id FROM reservations r WHERE r.resource = ANY (CAST(? AS int[])) AND r.occupies
		AND EXISTS (SELECT FROM occupancies o WHERE o.reservation = r.id AND upper(o.during) > ?) ORDER BY r.begin_at, r.id`, changed, s.Now())
	switch {
	case err != nil || len(booked) == 0:
		return err
	case s.Reseat == nil:
		return fault.New(fault.Conflict, "resource.parts_in_use", fault.Params{"count": len(booked)})
	}
	return s.Reseat(ctx, tx, booked)
}

func insertNeeds(ctx context.Context, tx *db.DB, needs []Need) error {
	var resources, units, atoms, pools, lanes db.Ints
	for _, n := range needs {
		pool := 0
		if n.Pool != nil {
			pool = *n.Pool
		}
		resources, units, atoms = append(resources, int64(n.Resource)), append(units, int64(n.Unit)), append(atoms, int64(n.Atom))
		pools, lanes = append(pools, int64(pool)), append(lanes, int64(n.Lanes))
	}
	_, err := tx.Exec(ctx, `INSERT INTO resource_atoms (resource, unit, atom, pool, lanes)
		SELECT resource, unit, atom, nullif(pool, 0), lanes
		FROM unnest(CAST(? AS int[]), CAST(? AS int[]), CAST(? AS int[]), CAST(? AS int[]), CAST(? AS int[]))
			AS needs (resource, unit, atom, pool, lanes)`, resources, units, atoms, pools, lanes)
	return err
}

// differing lists the resources whose needs are not the same in both lists.
func differing(have, want []Need) db.Ints {
	type plain struct{ resource, unit, atom, pool, lanes int }
	count := map[plain]int{}
	note := func(needs []Need, n int) {
		for _, need := range needs {
			p := plain{need.Resource, need.Unit, need.Atom, 0, need.Lanes}
			if need.Pool != nil {
				p.pool = *need.Pool
			}
			count[p] += n
		}
	}
	note(have, 1)
	note(want, -1)
	var list db.Ints
	for p, n := range count {
		if n != 0 && !slices.Contains(list, int64(p.resource)) {
			list = append(list, int64(p.resource))
		}
	}
	slices.Sort(list)
	return list
}
