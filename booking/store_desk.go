package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
)

type requestFlag struct {
	ID       int64
	Overlaps int
	Known    bool
}

// requestFlagsSQL leaves lanes of pools out: two that take one of them do not
// meet.
const requestFlagsSQL = `
SELECT r.id,
       (SELECT count(DISTINCT o.id) FROM resource_atoms a
        JOIN resource_atoms b ON b.atom = a.atom
        JOIN reservations o ON o.resource = b.resource AND o.id <> r.id
             AND o.begin_at < r.end_at AND o.end_at > r.begin_at AND o.state IN ('requested', 'awaiting_payment', 'confirmed') AND NOT o.no_show
        WHERE a.resource = r.resource AND a.pool IS NULL) AS overlaps,
       EXISTS (SELECT 1 FROM reservations o WHERE o.id <> r.id AND o.state = 'confirmed'
               AND (o.holder_person = r.holder_person OR o.holder_association = r.holder_association)) AS known
FROM reservations r WHERE r.id = ANY(CAST(? AS bigint[]))`

func (s *Service) requestFlags(ctx context.Context, cards []Card) (map[int64]requestFlag, error) {
	ids := db.Ints{}
	for _, card := range cards {
		ids = append(ids, card.ID)
	}
	var rows []requestFlag
	if err := s.DB.Query(ctx, &rows, requestFlagsSQL, ids); err != nil {
		return nil, err
	}
	flags := make(map[int64]requestFlag, len(rows))
	for _, row := range rows {
		flags[row.ID] = row
	}
	return flags, nil
}

// waitingTurns are the requested dates of the series among some requests: the id
// and the series of each, and its unit.
func (s *Service) waitingTurns(ctx context.Context, cards []Card) ([]Card, error) {
	ids := db.Ints{}
	for _, card := range cards {
		if card.Series != nil {
			ids = append(ids, *card.Series)
		}
	}
	var turns []Card
	err := s.DB.Query(ctx, &turns, `SELECT id, series, unit FROM reservations
		WHERE series = ANY(CAST(? AS bigint[])) AND state = 'requested' ORDER BY id`, ids)
	return turns, err
}

func (s *Service) countDesk(ctx context.Context, where string, params map[string]any, day calendar.Interval) (Desk, error) {
	params["day_begin"], params["day_end"] = day.Begin, day.End
	var row struct {
		Waiting, Events int
		Oldest          *time.Time
	}
	err := s.DB.Query(ctx, &row, `SELECT count(*) FILTER (WHERE r.state = 'requested' AND `+oneOfSeries+`) AS waiting,
		min(r.made_at) FILTER (WHERE r.state = 'requested') AS oldest,
		count(*) FILTER (WHERE r.state = 'confirmed' AND NOT r.no_show AND r.kind <> 'closure' AND r.begin_at < @day_end AND r.end_at > @day_begin) AS events
		FROM reservations r WHERE (`+where+`) AND (r.state = 'requested' OR r.begin_at < @day_end AND r.end_at > @day_begin)`, params)
	desk := Desk{Waiting: row.Waiting, Events: row.Events}
	if row.Oldest != nil {
		desk.Oldest = *row.Oldest
	}
	return desk, err
}

func (s *Service) countHolder(ctx context.Context, r Reservation, where string, params map[string]any) (Standing, error) {
	params["id"], params["holder"], params["association"], params["now"] = r.ID, r.HolderPerson, r.HolderAssociation, s.Now()
	var standing Standing
	err := s.DB.Query(ctx, &standing, `SELECT min(r.made_at) AS since,
		count(*) FILTER (WHERE r.state = 'confirmed' AND NOT r.no_show AND r.end_at <= @now) AS past,
		count(*) FILTER (WHERE r.state = 'confirmed' AND r.end_at > @now) AS coming,
		count(*) FILTER (WHERE r.state = 'requested' AND `+oneOfSeries+`) AS waiting,
		count(*) FILTER (WHERE r.state = 'denied') AS denied,
		count(*) FILTER (WHERE r.state = 'cancelled') AS cancelled,
		count(*) FILTER (WHERE r.no_show) AS missed
		FROM reservations r WHERE (`+where+`) AND r.id <> @id AND r.state <> 'held'
		AND (r.holder_person = @holder OR r.holder_association = @association)`, params)
	return standing, err
}

// steps come from all streams: a reservation that was moved to another unit has
// its beginnings in the old one's.
func (s *Service) steps(ctx context.Context, uid uuid.UUID) ([]Step, error) {
	var rows []struct {
		Number        int64
		At            time.Time
		Action, Actor string
		Values        db.JSON[map[string]any]
	}
	err := s.DB.Query(ctx, &rows, `SELECT a.number, a.at, a.action, a.values,
		COALESCE(NULLIF(p.name, ''), p.email, CASE WHEN a.actor IN ('system', 'anonymous') THEN '' ELSE a.actor END) AS actor
		FROM audit a LEFT JOIN people p ON p.uid::text = a.actor
		WHERE a.object = ? ORDER BY a.at, a.stream, a.number`, auditObject(uid))
	steps := make([]Step, len(rows))
	for i, row := range rows {
		steps[i] = Step{Number: row.Number, At: row.At, Action: row.Action, Actor: row.Actor, Values: row.Values.V}
	}
	return steps, err
}

type spanRow struct {
	BeginAt, EndAt time.Time
	Kind           policies.Kind
	State          State
}

func (s *Service) spansOf(ctx context.Context, unit int, from, to time.Time) ([]spanRow, error) {
	var rows []spanRow
	err := s.DB.Query(ctx, &rows, `SELECT begin_at, end_at, kind, state FROM reservations
		WHERE unit = ? AND begin_at < ? AND end_at > ? AND state IN ('requested', 'awaiting_payment', 'confirmed') AND NOT no_show`, unit, to, from)
	return rows, err
}
