package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/db"
)

func (w *work) waitByUID(ctx context.Context, uid uuid.UUID) (Wait, error) {
	var t Wait
	err := w.tx.Query(ctx, &t, "SELECT * FROM waiting WHERE uid = ?", uid)
	if err == nil && t.ID == 0 {
		err = noWait()
	}
	return t, err
}

// waitByID reads a wish; locked, it is the last row that a use case locks, after
// those of reservations.
func (w *work) waitByID(ctx context.Context, id int64, locked bool) (Wait, error) {
	var t Wait
	sql := "SELECT * FROM waiting WHERE id = ?"
	if locked {
		sql += " FOR UPDATE"
	}
	err := w.tx.Query(ctx, &t, sql, id)
	if err == nil && t.ID == 0 {
		err = noWait()
	}
	return t, err
}

func (w *work) waitOfOffer(ctx context.Context, offer int64) (Wait, error) {
	var t Wait
	err := w.tx.Query(ctx, &t, "SELECT * FROM waiting WHERE id = (SELECT waiting FROM offers WHERE id = ?)", offer)
	return t, err
}

// insertWait stores a wish; false means that the person has one already that
// overlaps it.
func (w *work) insertWait(ctx context.Context, t *Wait) (bool, error) {
	err := w.tx.Query(ctx, &t.ID, `INSERT INTO waiting (uid, resource, unit, person, association, series, series_date, begin_at, end_at, wish, state, created_at)
		VALUES (@uid, @resource, @unit, @person, @association, @series, @date, @begin, @end, @wish, @state, @now) ON CONFLICT DO NOTHING RETURNING id`,
		map[string]any{
			"uid": t.UID, "resource": t.Resource, "unit": t.Unit, "person": t.Person, "association": t.Association, "series": t.Series,
			"date": t.SeriesDate, "begin": t.BeginAt, "end": t.EndAt, "wish": t.Wish, "state": string(t.State), "now": t.CreatedAt,
		})
	return t.ID != 0, err
}

func (w *work) setWaitState(ctx context.Context, t Wait) error {
	_, err := w.tx.Exec(ctx, "UPDATE waiting SET state = ? WHERE id = ?", string(t.State), t.ID)
	return err
}

// hasAlready tells whether the holder of a wish has all of its time, held or
// booked.
func (w *work) hasAlready(ctx context.Context, t Wait) (bool, error) {
	var has bool
	err := w.tx.Query(ctx, &has, `SELECT EXISTS (SELECT 1 FROM reservations WHERE unit = @unit AND resource = @resource AND begin_at <= @begin AND end_at >= @end
		AND state IN ('held', 'requested', 'awaiting_payment', 'confirmed') AND (state <> 'held' OR held_until > @now)
		AND (holder_person = @person OR holder_association = @association OR made_by = @person AND state = 'held'))`,
		map[string]any{
			"unit": t.Unit, "resource": t.Resource, "begin": t.BeginAt, "end": t.EndAt, "now": w.now, "person": t.Person, "association": t.Association,
		})
	return has, err
}

// countWaits counts the person's wishes beside t; the dates of a series are one.
func (w *work) countWaits(ctx context.Context, t Wait) (int, error) {
	var n int
	err := w.tx.Query(ctx, &n, `SELECT count(DISTINCT COALESCE(-series, id)) FROM waiting
		WHERE person = @person AND state IN ('waiting', 'offered') AND begin_at > @now
		  AND (CAST(@series AS bigint) IS NULL OR series IS DISTINCT FROM @series)`,
		map[string]any{"person": t.Person, "now": w.now, "series": t.Series})
	return n, err
}

func (w *work) insertOffer(ctx context.Context, o *offer) error {
	return w.tx.Query(ctx, &o.ID, "INSERT INTO offers (waiting, deadline, state, made_at) VALUES (?, ?, ?, ?) RETURNING id",
		o.Waiting, o.Deadline, o.State, o.MadeAt)
}

// openOffer locks an offer that nobody has answered and whose wish it is; ID 0
// = it has been.
func (w *work) openOffer(ctx context.Context, id int64) (t Wait, o offer, err error) {
	if t, err = w.waitOfOffer(ctx, id); err == nil {
		t, err = w.waitByID(ctx, t.ID, true)
	}
	if err != nil {
		return t, o, err
	}
	err = w.tx.Query(ctx, &o, "SELECT * FROM offers WHERE id = ? AND state = 'open' FOR UPDATE", id)
	return t, o, err
}

// endOffer writes what became of an offer and of the wish that it was for.
func (w *work) endOffer(ctx context.Context, t Wait, o offer, state WaitState) error {
	if _, err := w.tx.Exec(ctx, "UPDATE offers SET state = ? WHERE id = ?", o.State, o.ID); err != nil {
		return err
	}
	t.State = state
	return w.setWaitState(ctx, t)
}

// offered is the reservation of the newest offer to a wish, unlocked; ID 0 =
// there is none any more.
func (w *work) offered(ctx context.Context, t Wait) (Reservation, error) {
	var r Reservation
	err := w.tx.Query(ctx, &r, `SELECT r.* FROM reservations r JOIN offers o ON o.id = r.offer
		WHERE o.waiting = ? ORDER BY o.id DESC LIMIT 1`, t.ID)
	return r, err
}

func (w *work) waitAddress(ctx context.Context, t Wait) (address, error) {
	var to address
	err := w.tx.Query(ctx, &to, "SELECT email, language FROM people WHERE id = ? AND email IS NOT NULL AND erased_at IS NULL", t.Person)
	return to, err
}

// dateMade tells whether a wished date of a series exists by now.
func (w *work) dateMade(ctx context.Context, t Wait) (bool, error) {
	var made bool
	if t.Series == nil {
		return false, nil
	}
	err := w.tx.Query(ctx, &made, "SELECT EXISTS (SELECT 1 FROM reservations WHERE series = ? AND series_date = ?)", *t.Series, t.SeriesDate)
	return made, err
}

// placeInSeries makes a reservation the date of the series that was waited for.
func (w *work) placeInSeries(ctx context.Context, r Reservation) error {
	if r.Series == nil {
		return nil
	}
	if _, err := w.tx.Exec(ctx, "UPDATE reservations SET series = ?, series_date = ? WHERE id = ?", *r.Series, r.SeriesDate, r.ID); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, "UPDATE rejected_dates SET state = 'made' WHERE series = ? AND series_date = ?", *r.Series, r.SeriesDate)
	return err
}

// sharesSpace is the condition that resource t.resource has an atom of @resource.
const sharesSpace = `EXISTS (SELECT 1 FROM resource_atoms a JOIN resource_atoms b ON b.unit = a.unit AND b.atom = a.atom
	WHERE a.resource = @resource AND b.resource = t.resource)`

// lineOver are those who wait for a time that a reservation would take some of,
// the first few in their order.
func (w *work) lineOver(ctx context.Context, r Reservation) ([]Wait, error) {
	reach := r.reach(w.Zone)
	var line []Wait
	err := w.tx.Query(ctx, &line, `SELECT t.* FROM waiting t WHERE t.unit = @unit AND t.state = 'waiting' AND t.end_at > @from AND t.begin_at < @to
		AND `+sharesSpace+` ORDER BY t.id LIMIT @limit`,
		map[string]any{"unit": r.Unit, "resource": r.Resource, "from": reach.Begin, "to": reach.End, "limit": servedAtOnce})
	return line, err
}

// lineFor lists who may gain from freed time, in their order: a day to each side
// covers buffers and whole days.
func (s *Service) lineFor(ctx context.Context, freed []Reservation, limit int) ([]int64, error) {
	var units, resources db.Ints
	var begins, ends db.Strings
	for _, r := range freed {
		units, resources = append(units, int64(r.Unit)), append(resources, int64(r.Resource))
		begins, ends = append(begins, stamp(r.BeginAt.Add(-24*time.Hour))), append(ends, stamp(r.EndAt.Add(24*time.Hour)))
	}
	var ids []int64
	err := s.DB.Query(ctx, &ids, `SELECT DISTINCT t.id FROM waiting t
		JOIN unnest(CAST(@units AS int[]), CAST(@resources AS int[]), CAST(@begins AS timestamptz[]), CAST(@ends AS timestamptz[])) AS f(unit, resource, begin_at, end_at)
		  ON t.unit = f.unit AND t.end_at > f.begin_at AND t.begin_at < f.end_at
		WHERE t.state = 'waiting' AND t.begin_at > @now
		  AND EXISTS (SELECT 1 FROM resource_atoms a JOIN resource_atoms b ON b.unit = a.unit AND b.atom = a.atom
		      WHERE a.resource = f.resource AND b.resource = t.resource)
		ORDER BY t.id LIMIT @limit`,
		map[string]any{"units": units, "resources": resources, "begins": begins, "ends": ends, "now": s.Now(), "limit": limit})
	return ids, err
}

// servable lists wishes after an id whose bare time nothing occupies that counts;
// pools, buffers and rules are asked when they are served. The offset keeps the
// planner from joining whole tables.
func (s *Service) servable(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := s.DB.Query(ctx, &ids, `SELECT t.id FROM waiting t WHERE t.state = 'waiting' AND t.begin_at > @now AND t.id > @after
		AND NOT EXISTS (SELECT 1 FROM resource_atoms a
			JOIN occupancies o ON o.unit = a.unit AND o.atom = a.atom AND o.during && tstzrange(t.begin_at, t.end_at, '[)')
			JOIN reservations r ON r.id = o.reservation
			WHERE a.resource = t.resource AND a.pool IS NULL AND (o.side <> 1 OR r.kind = 'closure')
			  AND (r.state <> 'held' OR r.held_until > @now) OFFSET 0)
		ORDER BY t.id LIMIT @limit`, map[string]any{"now": s.Now(), "after": after, "limit": limit})
	return ids, err
}

// endOver ends the wishes of those who wait in vain, or have what they waited
// for.
func (w *work) endOver(ctx context.Context) ([]Wait, error) {
	var ended []Wait
	err := w.tx.Query(ctx, &ended, `UPDATE waiting t SET state = e.state FROM (
		SELECT t.id, CASE WHEN m.made OR h.has THEN 'served' ELSE 'left' END AS state FROM waiting t
		JOIN resources s ON s.id = t.resource
		JOIN people p ON p.id = t.person
		CROSS JOIN LATERAL (SELECT t.series IS NOT NULL AND EXISTS (SELECT 1 FROM reservations r
			WHERE r.series = t.series AND r.series_date = t.series_date) AS made) m
		CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM reservations r WHERE r.unit = t.unit AND r.resource = t.resource
			AND r.begin_at <= t.begin_at AND r.end_at >= t.end_at AND r.state IN ('requested', 'awaiting_payment', 'confirmed')
			AND (r.holder_person = t.person AND t.association IS NULL OR r.holder_association = t.association)) AS has) h
		WHERE t.state = 'waiting' AND (t.begin_at <= @now OR s.state = 'archived' OR p.erased_at IS NOT NULL OR m.made OR h.has
			OR EXISTS (SELECT 1 FROM rejected_dates d WHERE d.series = t.series AND d.series_date = t.series_date AND d.state = 'dropped'))
		ORDER BY t.id FOR UPDATE OF t) e
		WHERE t.id = e.id RETURNING t.*`, map[string]any{"now": w.now})
	return ended, err
}

const waitCardsSQL = `
SELECT t.*, s.uid AS resource_uid, s.slug AS resource_slug, s.name AS resource_name,
       u.uid AS unit_uid, u.slug AS unit_slug, u.name AS unit_name, a.uid AS association_uid, COALESCE(a.name, '') AS association_name,
       o.deadline AS answer_by, COALESCE(r.number, '') AS number, 1 + e.earlier AS place
FROM waiting t
JOIN resources s ON s.id = t.resource
JOIN units u ON u.id = t.unit
LEFT JOIN associations a ON a.id = t.association
LEFT JOIN LATERAL (SELECT id, deadline FROM offers WHERE waiting = t.id ORDER BY id DESC LIMIT 1) o ON true
LEFT JOIN reservations r ON r.offer = o.id
CROSS JOIN LATERAL (SELECT count(*) AS earlier FROM waiting b
	WHERE b.unit = t.unit AND b.id < t.id AND b.state = 'waiting' AND b.begin_at < t.end_at AND b.end_at > t.begin_at
	  AND EXISTS (SELECT 1 FROM resource_atoms x JOIN resource_atoms y ON y.unit = x.unit AND y.atom = x.atom
	      WHERE x.resource = t.resource AND y.resource = b.resource)) e
WHERE `

// waitCards reads wishes with their names, by begin. where is SQL of this
// package.
func (s *Service) waitCards(ctx context.Context, where string, params map[string]any) ([]WaitCard, error) {
	var cards []WaitCard
	err := s.DB.Query(ctx, &cards, waitCardsSQL+where+" ORDER BY t.begin_at, t.id LIMIT 500", params)
	return cards, err
}

func (s *Service) countLine(ctx context.Context, r Reservation) (int, error) {
	var n int
	err := s.DB.Query(ctx, &n, `SELECT count(*) FROM waiting t WHERE t.unit = @unit AND t.state = 'waiting' AND t.end_at > @from AND t.begin_at < @to
		AND `+sharesSpace, map[string]any{"unit": r.Unit, "resource": r.Resource, "from": r.BeginAt, "to": r.EndAt})
	return n, err
}

// linesIn are the times that somebody waits for in the units of a series, while
// it runs.
func (w *work) linesIn(ctx context.Context, sk *sketch) ([]calendar.Interval, error) {
	var units db.Ints
	for _, place := range sk.places {
		units = append(units, int64(place.Unit.ID))
	}
	if len(sk.dates) == 0 {
		return nil, nil
	}
	begin, end := sk.dates[0].Begin, sk.dates[0].End
	for _, d := range sk.dates {
		begin, end = earlier(begin, d.Begin), later(end, d.End)
	}
	var rows []struct{ BeginAt, EndAt time.Time }
	err := w.tx.Query(ctx, &rows, `SELECT begin_at, end_at FROM waiting
		WHERE state = 'waiting' AND unit = ANY(CAST(@units AS int[])) AND end_at > @begin AND begin_at < @end`,
		map[string]any{"units": units, "begin": begin.Add(-longest), "end": end.Add(longest)})
	lines := make([]calendar.Interval, len(rows))
	for i, row := range rows {
		lines[i] = calendar.Interval{Begin: row.BeginAt, End: row.EndAt}
	}
	return lines, err
}
