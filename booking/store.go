package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// target is a resource's id and unit, all that must be known before locking.
type target struct{ ID, Unit int }

func (w *work) target(ctx context.Context, uid uuid.UUID) (target, error) {
	var t target
	if err := w.tx.Query(ctx, &t, "SELECT id, unit FROM resources WHERE uid = ?", uid); err != nil {
		return t, err
	}
	if t.ID == 0 {
		return t, fault.New(fault.NotFound, "resource.not_found")
	}
	return t, nil
}

// targetLocked is target with the unit locked, shared, in the same trip.
func (w *work) targetLocked(ctx context.Context, uid uuid.UUID) (target, error) {
	var t target
	err := w.tx.Query(ctx, &t, "SELECT id, unit, "+db.UnitLock("unit")+" AS locked FROM resources WHERE uid = ?", uid)
	if err == nil && t.ID == 0 {
		err = fault.New(fault.NotFound, "resource.not_found")
	}
	return t, err
}

func (w *work) personByUID(ctx context.Context, uid uuid.UUID) (accounts.Person, error) {
	var p accounts.Person
	if err := w.tx.Query(ctx, &p, "SELECT * FROM people WHERE uid = ? AND erased_at IS NULL", uid); err != nil {
		return p, err
	}
	if p.ID == 0 {
		return p, fault.InvalidField("holder", "booking.bad_holder")
	}
	return p, nil
}

func (w *work) associationByUID(ctx context.Context, uid uuid.UUID) (accounts.Association, error) {
	a, err := accounts.AssociationByUID(ctx, w.tx, uid)
	if fault.Is(err, fault.NotFound) {
		err = fault.InvalidField("holder", "booking.bad_holder")
	}
	return a, err
}

// lockRows takes the association first and then people by id.
func (w *work) lockRows(ctx context.Context, h holder, ids ...int64) error {
	if h.association != nil {
		if _, err := w.tx.Exec(ctx, "SELECT 1 FROM associations WHERE id = ? FOR NO KEY UPDATE", *h.association); err != nil {
			return err
		}
	}
	people := db.Ints(ids)
	if h.person != nil {
		people = append(people, *h.person)
	}
	_, err := w.tx.Exec(ctx, "SELECT 1 FROM (SELECT id FROM people WHERE id = ANY(?::bigint[]) ORDER BY id FOR NO KEY UPDATE) locked", people)
	return err
}

// countActive counts the unfinished ordinary reservations of a person, besides
// one, by resource. A series counts as one, since it was asked for and decided
// as one.
func (w *work) countActive(ctx context.Context, of []int, person, besides int64) (map[int]int, error) {
	if len(of) == 0 {
		return nil, nil
	}
	var rows []struct{ Resource, Active int }
	err := w.tx.Query(ctx, &rows, `SELECT resource, count(DISTINCT COALESCE(-series, id)) AS active FROM reservations
		WHERE resource = ANY(?::int[]) AND (holder_person = ? OR made_by = ?) AND id <> ? AND kind = 'ordinary'
		  AND state IN ('requested', 'awaiting_payment', 'confirmed') AND NOT no_show AND end_at > ? GROUP BY resource`,
		idList(of), person, person, besides, w.now)
	active := make(map[int]int, len(rows))
	for _, row := range rows {
		active[row.Resource] = row.Active
	}
	return active, err
}

// elsewhere are the times during which a person is in one of the units, besides
// one reservation, by unit.
func (w *work) elsewhere(ctx context.Context, units []int, person, besides int64, during calendar.Interval) (map[int][]calendar.Interval, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var rows []struct {
		Unit           int
		BeginAt, EndAt time.Time
	}
	err := w.tx.Query(ctx, &rows, `SELECT unit, begin_at, end_at FROM reservations
		WHERE unit = ANY(?::int[]) AND holder_person = ? AND id <> ? AND kind = 'ordinary' AND occupies
		  AND state <> 'held' AND begin_at < ? AND end_at > ? ORDER BY begin_at`,
		idList(units), person, besides, during.End, during.Begin)
	found := map[int][]calendar.Interval{}
	for _, row := range rows {
		found[row.Unit] = append(found[row.Unit], calendar.Interval{Begin: row.BeginAt, End: row.EndAt})
	}
	return found, err
}

func idList(ids []int) db.Ints {
	list := make(db.Ints, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list
}

// busySQL asks atom by atom, each by the index of the constraint. The offsets
// keep the planner from joining whole tables, which it does when it plans once
// for few atoms and for many.
const (
	busySelect = `SELECT o.reservation, o.atom, o.side, lower(o.during) AS begin, upper(o.during) AS "end", r.kind, r.state, r.held_until, r.made_by, r.offer`
	busyFrom   = `
CROSS JOIN LATERAL (SELECT reservation, atom, side, during FROM occupancies
    WHERE unit = t.unit AND atom = t.atom AND during && tstzrange(t.begin_at, t.end_at, '[)') OFFSET 0) o
CROSS JOIN LATERAL (SELECT kind, state, held_until, made_by, offer FROM reservations WHERE id = o.reservation OFFSET 0) r
ORDER BY lower(o.during), o.atom, o.side`
	busySQL = busySelect + `
FROM (SELECT unit, atom, CAST(@from AS timestamptz) AS begin_at, CAST(@to AS timestamptz) AS end_at
    FROM unnest(CAST(@units AS int[]), CAST(@atoms AS int[])) AS a(unit, atom)) t` + busyFrom
	busyEachSQL = busySelect + `, t.probe
FROM unnest(CAST(@probes AS int[]), CAST(@units AS int[]), CAST(@atoms AS int[]), CAST(@begins AS timestamptz[]), CAST(@ends AS timestamptz[]))
    AS t(probe, unit, atom, begin_at, end_at)` + busyFrom
)

// probe asks what occupies some atoms in a time.
type probe struct {
	needs  []resources.Need
	during calendar.Interval
}

// busyEach answers many probes by one query, with holds that have run out.
func busyEach(ctx context.Context, d *db.DB, probes []probe) ([][]Busy, error) {
	var at, units, atoms db.Ints
	var begins, ends db.Strings
	for i, p := range probes {
		begin, end := stamp(p.during.Begin), stamp(p.during.End)
		for _, need := range p.needs {
			at, units, atoms = append(at, int64(i)), append(units, int64(need.Unit)), append(atoms, int64(need.Atom))
			begins, ends = append(begins, begin), append(ends, end)
		}
	}
	found := make([][]Busy, len(probes))
	if len(at) == 0 {
		return found, nil
	}
	err := d.Each(ctx, func(scan func(...any) error) error {
		var b Busy
		var probe int
		if err := scan(append(b.selected(), &probe)...); err != nil {
			return err
		}
		found[probe] = append(found[probe], b)
		return nil
	}, busyEachSQL, map[string]any{"probes": at, "units": units, "atoms": atoms, "begins": begins, "ends": ends})
	return found, err
}

// selected are the fields in the order of busySelect.
func (b *Busy) selected() []any {
	return []any{&b.Reservation, &b.Atom, &b.Side, &b.Begin, &b.End, &b.Kind, &b.State, &b.HeldUntil, &b.MadeBy, &b.Offer}
}

// busy reads what occupies atoms in a time, with holds that have run out.
func busy(ctx context.Context, d *db.DB, needs []resources.Need, during calendar.Interval) ([]Busy, error) {
	var units, atoms db.Ints
	seen := map[int]bool{}
	for _, need := range needs {
		if !seen[need.Atom] {
			seen[need.Atom] = true
			units, atoms = append(units, int64(need.Unit)), append(atoms, int64(need.Atom))
		}
	}
	var rows []Busy
	err := d.Each(ctx, func(scan func(...any) error) error {
		var b Busy
		err := scan(b.selected()...)
		rows = append(rows, b)
		return err
	}, busySQL, map[string]any{"units": units, "atoms": atoms, "from": during.Begin, "to": during.End})
	return rows, err
}

// busyNow is busy without the holds that have run out: the next booking
// removes them.
func busyNow(ctx context.Context, d *db.DB, needs []resources.Need, window calendar.Interval, now time.Time) ([]Busy, error) {
	rows, err := busy(ctx, d, needs, window)
	return slices.DeleteFunc(rows, func(b Busy) bool { return b.runOut(now) }), err
}

// removeHolds deletes holds by id with their occupancies; rows that are no
// longer held stay. An offer whose hold goes has run out, unless it was
// answered before.
func (w *work) removeHolds(ctx context.Context, ids db.Ints) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []Reservation
	err := w.tx.Query(ctx, &rows, "SELECT * FROM reservations WHERE id = ANY(?::bigint[]) AND state = 'held' ORDER BY id FOR UPDATE", ids)
	if err != nil || len(rows) == 0 {
		return err
	}
	held := make(db.Ints, len(rows))
	for i, r := range rows {
		held[i] = r.ID
	}
	if _, err := w.tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ANY(?::bigint[])", held); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, "DELETE FROM reservations WHERE id = ANY(?::bigint[])", held); err != nil {
		return err
	}
	w.free(rows...)
	return w.offersRanOut(ctx, rows)
}

// insert stores a new reservation and gives it its id and number.
func (w *work) insert(ctx context.Context, r *Reservation) error {
	return db.Fault(w.tx.Gorm(ctx).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "number"}}}).Create(r).Error)
}

const occupySQL = `
INSERT INTO occupancies (reservation, unit, atom, side, during)
SELECT reservation, unit, atom, side, tstzrange(begin_at, end_at, '[)')
FROM unnest(CAST(@reservations AS bigint[]), CAST(@units AS int[]), CAST(@atoms AS int[]), CAST(@sides AS bigint[]),
            CAST(@begins AS timestamptz[]), CAST(@ends AS timestamptz[])) AS t(reservation, unit, atom, side, begin_at, end_at)
ORDER BY atom, begin_at, side
ON CONFLICT DO NOTHING`

// occupy inserts the rows of one or more reservations in one statement; false
// means that the constraint refused some of them and the caller must roll back.
func (w *work) occupy(ctx context.Context, rows []Occupancy) (bool, error) {
	if len(rows) == 0 {
		return false, noSpace()
	}
	var reservations, units, atoms, sides db.Ints
	var begins, ends db.Strings
	for _, row := range rows {
		reservations, units = append(reservations, row.Reservation), append(units, int64(row.Unit))
		atoms, sides = append(atoms, int64(row.Atom)), append(sides, row.Side)
		begins, ends = append(begins, stamp(row.Begin)), append(ends, stamp(row.End))
	}
	written, err := w.tx.Exec(ctx, occupySQL, map[string]any{
		"reservations": reservations, "units": units, "atoms": atoms, "sides": sides, "begins": begins, "ends": ends,
	})
	return int(written) == len(rows), err
}

// noSpace: the place has nothing that could be taken.
func noSpace() error { return fault.New(fault.Refused, "booking.no_space") }

func (w *work) vacate(ctx context.Context, reservation int64) error {
	_, err := w.tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ?", reservation)
	return err
}

// update writes the named columns of a reservation if nobody else did since.
func (w *work) update(ctx context.Context, r *Reservation, columns ...string) error {
	before := r.Revision
	r.Revision, r.ChangedAt = before+1, w.now
	done := w.tx.Gorm(ctx).Model(&Reservation{}).Where("id = ? AND revision = ?", r.ID, before).
		Select(append(columns, "revision", "changed_at")).Updates(r)
	if done.Error != nil {
		return db.Fault(done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.New(fault.Stale, "stale")
	}
	return nil
}

// find reads a reservation by its uid or number, without asking who may see it.
func find(ctx context.Context, d *db.DB, ref string) (Reservation, error) {
	var r Reservation
	err := d.Query(ctx, &r, "SELECT * FROM reservations WHERE "+refColumn(ref)+" = ?", ref)
	if err == nil && r.ID == 0 {
		err = notFound()
	}
	return r, err
}

// refColumn is the column that a uid or a number stands in.
func refColumn(ref string) string {
	if _, err := uuid.Parse(ref); err == nil {
		return "uid"
	}
	return "number"
}

// reread locks a reservation's row, the fifth step in the order of locks.
func (w *work) reread(ctx context.Context, id int64) (Reservation, error) {
	var r Reservation
	err := w.tx.Query(ctx, &r, "SELECT * FROM reservations WHERE id = ? FOR UPDATE", id)
	if err == nil && r.ID == 0 {
		err = notFound()
	}
	return r, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func ascending(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
