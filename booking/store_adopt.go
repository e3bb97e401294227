package booking

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

func keysOf(set map[int]bool) db.Ints {
	ids := db.Ints{}
	for id := range set {
		ids = append(ids, int64(id))
	}
	slices.Sort(ids)
	return ids
}

func (w *work) unitsOf(ctx context.Context, wanted map[int]bool) (units []int, err error) {
	return units, w.tx.Query(ctx, &units, "SELECT DISTINCT unit FROM resources WHERE id = ANY (CAST(? AS int[]))", keysOf(wanted))
}

// adopters reads resources with their atoms, by key.
func (w *work) adopters(ctx context.Context, wanted map[int]bool) (map[int]adopter, error) {
	var rows []adopter
	err := w.tx.Query(ctx, &rows, `SELECT r.id AS resource, r.unit, u.uid AS unit_uid, r.whole_day
		FROM resources r JOIN units u ON u.id = r.unit WHERE r.id = ANY (CAST(? AS int[]))`, keysOf(wanted))
	if err != nil {
		return nil, err
	}
	var needs []resources.Need
	err = w.tx.Query(ctx, &needs, `SELECT resource, unit, atom, pool, lanes FROM resource_atoms
		WHERE resource = ANY (CAST(? AS int[])) ORDER BY resource, atom`, keysOf(wanted))
	places := map[int]adopter{}
	for _, row := range rows {
		places[row.Resource] = row
	}
	for _, need := range needs {
		place := places[need.Resource]
		place.needs = append(place.needs, need)
		places[need.Resource] = place
	}
	return places, err
}

type originKey struct{ source, ref string }

// origin is what a reservation was made from, and whether it was changed here
// since: then Now, its revision, is later than Revision.
type origin struct {
	Source      string
	ExternalID  string
	Reservation int64
	Mark        string
	Revision    int
	Now         int
}

func (w *work) origins(ctx context.Context, rows []Foreign) (map[originKey]origin, error) {
	var sources, refs db.Strings
	for _, row := range rows {
		sources, refs = append(sources, row.Source), append(refs, row.Ref)
	}
	var list []origin
	err := w.tx.Query(ctx, &list, `SELECT o.source, o.external_id, o.reservation, o.mark, o.revision, r.revision AS now
		FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS k(source, external_id)
		JOIN reservation_origins o USING (source, external_id) JOIN reservations r ON r.id = o.reservation`, sources, refs)
	found := map[originKey]origin{}
	for _, o := range list {
		found[originKey{o.Source, o.ExternalID}] = o
	}
	return found, err
}

func (w *work) nextIDs(ctx context.Context, n int) (ids []int64, err error) {
	return ids, w.tx.Query(ctx, &ids, "SELECT nextval('reservation_id') FROM generate_series(1, CAST(? AS int))", n)
}

// adoptedRow is a reservation as the statement reads it.
type adoptedRow struct {
	ID           int64         `json:"id"`
	UID          uuid.UUID     `json:"uid"`
	Resource     int           `json:"resource"`
	Unit         int           `json:"unit"`
	BeginAt      time.Time     `json:"begin_at"`
	EndAt        time.Time     `json:"end_at"`
	BufferBefore int           `json:"buffer_before"`
	BufferAfter  int           `json:"buffer_after"`
	WholeDay     bool          `json:"whole_day"`
	Kind         policies.Kind `json:"kind"`
	State        State         `json:"state"`
	Occupies     bool          `json:"occupies"`
	HolderKind   HolderKind    `json:"holder_kind"`
	HolderUnit   *int          `json:"holder_unit"`
	Persons      *int          `json:"persons"`
	PriceCents   *int          `json:"price_cents"`
	MadeAt       time.Time     `json:"made_at"`
	ChangedAt    time.Time     `json:"changed_at"`
}

func (w *work) insertAll(ctx context.Context, list []newcomer) error {
	rows := make([]adoptedRow, len(list))
	for i, n := range list {
		rows[i] = adoptedRow{
			n.ID, n.UID, n.Resource, n.Unit, n.BeginAt, n.EndAt, n.BufferBefore, n.BufferAfter, n.WholeDay, n.Kind,
			n.State, n.Occupies, n.HolderKind, n.HolderUnit, n.Persons, n.PriceCents, n.MadeAt, n.ChangedAt,
		}
	}
	const columns = `id, uid, resource, unit, begin_at, end_at, buffer_before, buffer_after, whole_day, kind,
		state, occupies, holder_kind, holder_unit, persons, price_cents, made_at, changed_at`
	_, err := w.tx.Exec(ctx, `INSERT INTO reservations (`+columns+`) SELECT `+columns+` FROM jsonb_to_recordset(CAST(? AS jsonb))
		AS t(id bigint, uid uuid, resource int, unit int, begin_at timestamptz, end_at timestamptz, buffer_before int,
		     buffer_after int, whole_day boolean, kind text, state text, occupies boolean, holder_kind text, holder_unit int,
		     persons int, price_cents int, made_at timestamptz, changed_at timestamptz)`, db.AsJSON(rows))
	return err
}

// adoptedTime is an occupancy as the statement reads it.
type adoptedTime struct {
	Ord         int       `json:"ord"`
	Reservation int64     `json:"reservation"`
	Unit        int       `json:"unit"`
	Atom        int       `json:"atom"`
	Side        int64     `json:"side"`
	BeginAt     time.Time `json:"begin_at"`
	EndAt       time.Time `json:"end_at"`
}

// occupyAll inserts the rows of all that occupy, the first listed first: the
// units are locked exclusively, so the order can be that of who goes before
// whom. It returns those that did not get all of theirs, who then have none;
// those on pools are left to be seated one by one.
func (w *work) occupyAll(ctx context.Context, list []newcomer) (left map[int64]bool, err error) {
	left = map[int64]bool{}
	missing := map[int64]int{}
	rows := []adoptedTime{}
	for _, n := range list {
		if n.Occupies && !n.place.plain() {
			left[n.ID] = true
		}
		if !n.Occupies || left[n.ID] {
			continue
		}
		for _, o := range n.occupancies(n.place.needs, w.Zone) {
			rows = append(rows, adoptedTime{len(rows), o.Reservation, o.Unit, o.Atom, o.Side, o.Begin, o.End})
			missing[n.ID]++
		}
	}
	var written []int64
	err = w.tx.Query(ctx, &written, `INSERT INTO occupancies (reservation, unit, atom, side, during)
		SELECT reservation, unit, atom, side, tstzrange(begin_at, end_at, '[)') FROM jsonb_to_recordset(CAST(? AS jsonb))
		AS t(ord int, reservation bigint, unit int, atom int, side bigint, begin_at timestamptz, end_at timestamptz)
		ORDER BY ord ON CONFLICT DO NOTHING RETURNING reservation`, db.AsJSON(rows))
	if err != nil {
		return nil, err
	}
	for _, id := range written {
		missing[id]--
	}
	maps.DeleteFunc(missing, func(_ int64, n int) bool { return n == 0 })
	partly := db.Ints(slices.Collect(maps.Keys(missing)))
	for _, id := range partly {
		left[id] = true
	}
	if len(partly) > 0 {
		_, err = w.tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ANY (CAST(? AS bigint[]))", partly)
	}
	return left, err
}

// withdraw takes out one that was never told to anybody.
func (w *work) withdraw(ctx context.Context, id int64) error {
	if _, err := w.tx.Exec(ctx, "DELETE FROM reservation_origins WHERE reservation = ?", id); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, "DELETE FROM reservations WHERE id = ?", id)
	return err
}

// standing says what reservations are, for the list of a collision.
func (w *work) standing(ctx context.Context, ids []int64) (list []Taken, err error) {
	return list, w.tx.Query(ctx, &list, `SELECT r.number, COALESCE(o.source, '') AS source, COALESCE(o.external_id, '') AS ref,
		       r.begin_at, r.end_at, r.kind
		FROM reservations r LEFT JOIN reservation_origins o ON o.reservation = r.id
		WHERE r.id = ANY (CAST(? AS bigint[])) ORDER BY r.begin_at, r.id`, db.Ints(ids))
}

// remember keeps where reservations came from.
func (w *work) remember(ctx context.Context, list []newcomer) error {
	type row struct {
		Source      string `json:"source"`
		ExternalID  string `json:"external_id"`
		Reservation int64  `json:"reservation"`
		Mark        string `json:"mark"`
	}
	rows := make([]row, len(list))
	for i, n := range list {
		rows[i] = row{n.row.Source, n.row.Ref, n.ID, n.row.Mark}
	}
	_, err := w.tx.Exec(ctx, `INSERT INTO reservation_origins (source, external_id, reservation, mark, revision, adopted_at)
		SELECT source, external_id, reservation, mark, 1, ? FROM jsonb_to_recordset(CAST(? AS jsonb))
		AS t(source text, external_id text, reservation bigint, mark text)`, w.now, db.AsJSON(rows))
	return err
}

// remark keeps what a reservation has followed to, in the revision that it has
// from then on.
func (w *work) remark(ctx context.Context, row Foreign, have origin) error {
	_, err := w.tx.Exec(ctx, `UPDATE reservation_origins SET mark = ?, revision = ?, adopted_at = ? WHERE source = ? AND external_id = ?`,
		row.Mark, have.Now+1, w.now, row.Source, row.Ref)
	return err
}

func (w *work) number(ctx context.Context, id int64) (number string, err error) {
	return number, w.tx.Query(ctx, &number, "SELECT number FROM reservations WHERE id = ?", id)
}
