package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
)

// closingReach is what a closing of rooms locks: the atoms of every room that
// shares space with them, because a reservation of a hall is denied whole when
// one of its courts is closed.
type closingReach struct {
	rooms []int // ids, as asked
	units []int // ascending
	atoms []int
}

func (w *work) closingReach(ctx context.Context, rooms []uuid.UUID) (closingReach, error) {
	var reach closingReach
	var ids db.Ints
	for _, uid := range rooms {
		t, err := w.target(ctx, uid)
		if fault.Is(err, fault.NotFound) {
			err = fault.InvalidField("rooms", "resource.not_found")
		}
		if err != nil {
			return reach, err
		}
		if !slices.Contains(reach.rooms, t.ID) {
			reach.rooms, reach.units, ids = append(reach.rooms, t.ID), append(reach.units, t.Unit), append(ids, int64(t.ID))
		}
	}
	var rows []struct{ Unit, Atom int }
	err := w.tx.Query(ctx, &rows, `SELECT DISTINCT r.unit, n.atom FROM resource_atoms a
		JOIN resource_atoms b ON b.atom = a.atom JOIN resources r ON r.id = b.resource
		JOIN resource_atoms n ON n.resource = b.resource WHERE a.resource = ANY(CAST(? AS int[]))`, ids)
	for _, row := range rows {
		reach.units, reach.atoms = append(reach.units, row.Unit), append(reach.atoms, row.Atom)
	}
	reach.units = ascending(reach.units)
	return reach, err
}

// rivalRow is a request that waits for a time without holding it.
type rivalRow struct {
	ID             int64
	BeginAt, EndAt time.Time
}

func (w *work) rivals(ctx context.Context, room int, during calendar.Interval) ([]rivalRow, error) {
	var rows []rivalRow
	err := w.tx.Query(ctx, &rows, `SELECT DISTINCT r.id, r.begin_at, r.end_at FROM resource_atoms a
		JOIN resource_atoms b ON b.atom = a.atom JOIN reservations r ON r.resource = b.resource
		WHERE a.resource = @room AND a.pool IS NULL AND r.state = 'requested' AND NOT r.occupies
		  AND r.begin_at < @to AND r.end_at > @from ORDER BY r.begin_at, r.id`,
		map[string]any{"room": room, "from": during.Begin, "to": during.End})
	return rows, err
}

func (w *work) byUIDs(ctx context.Context, uids []string) ([]Reservation, error) {
	var list []Reservation
	err := w.tx.Query(ctx, &list, "SELECT * FROM reservations WHERE uid = ANY(CAST(? AS uuid[])) ORDER BY id", db.Strings(uids))
	return list, err
}
