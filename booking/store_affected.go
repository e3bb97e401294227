package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
)

// affectedScope is what waits for a decision; what is over waits no more.
const affectedScope = `f.state = 'open' AND r.end_at > @now AND NOT r.no_show
	AND (@in_unit = 0 OR r.unit = @in_unit ) AND (@of_change = '' OR f.change::text = @of_change )`

const affectedFrom = ` FROM affected_reservations f JOIN reservations r ON r.id = f.reservation WHERE `

type affectedRow struct {
	ID          int64
	UID         uuid.UUID
	Change      uuid.UUID
	Cause       string
	Reservation int64
	BeginAt     time.Time
	EndAt       time.Time
	Minutes     int
	FoundAt     time.Time
	Total       int
}

func (row affectedRow) affected() Affected {
	return Affected{
		Row: row.UID, Change: row.Change, Cause: row.Cause, FoundAt: row.FoundAt,
		Outside: calendar.Interval{Begin: row.BeginAt, End: row.EndAt}, Minutes: row.Minutes,
	}
}

// affectedParams adds to the scope of an actor what a filter asks.
func (s *Service) affectedParams(actor accounts.Actor, f AffectedFilter) (where string, params map[string]any, err error) {
	where, params, err = workScope(actor)
	if err != nil {
		return "", nil, err
	}
	change := ""
	if f.Change != uuid.Nil {
		change = f.Change.String()
	}
	params["now"], params["in_unit"], params["of_change"] = s.Now(), f.Unit, change
	return "(" + where + ") AND " + affectedScope, params, nil
}

func affectedRows(ctx context.Context, d *db.DB, where string, params map[string]any) ([]affectedRow, error) {
	var rows []affectedRow
	err := d.Query(ctx, &rows, "SELECT f.*, count(*) OVER () AS total"+affectedFrom+where+
		" ORDER BY r.unit, f.found_at DESC, f.change, r.begin_at, f.id LIMIT @most OFFSET @skip", params)
	return rows, err
}

// lockStanding locks reservations in the order of their rows.
func (w *work) lockStanding(ctx context.Context, ids db.Ints) ([]Reservation, error) {
	var list []Reservation
	err := w.tx.Query(ctx, &list, "SELECT * FROM reservations WHERE id = ANY(CAST(? AS bigint[])) ORDER BY id FOR UPDATE", ids)
	return list, err
}

// stillOpen are those of some reservations that wait for a decision.
func (w *work) stillOpen(ctx context.Context, reservations db.Ints) (map[int64]bool, error) {
	var ids db.Ints
	err := w.tx.Query(ctx, &ids, `SELECT reservation FROM affected_reservations WHERE reservation = ANY(CAST(? AS bigint[])) AND state = 'open'`, reservations)
	open := map[int64]bool{}
	for _, id := range ids {
		open[id] = true
	}
	return open, err
}

// settleRows ends the wait of reservations, each with its word.
func (w *work) settleRows(ctx context.Context, ids db.Ints, words db.Strings) (db.Ints, error) {
	var done db.Ints
	err := w.tx.Query(ctx, &done, `UPDATE affected_reservations f SET state = t.word, decided_at = @now, decided_by = NULLIF(CAST(@actor AS bigint), 0)
		FROM unnest(CAST(@ids AS bigint[]), CAST(@words AS text[])) AS t(id, word)
		WHERE f.reservation = t.id AND f.state = 'open' RETURNING f.reservation`,
		map[string]any{"now": w.now, "actor": w.actor.ID(), "ids": ids, "words": words})
	return done, err
}
