package booking

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

// insertSeries stores a new series and gives it its id and number.
func (w *work) insertSeries(ctx context.Context, s *Series) error {
	return db.Fault(w.tx.Gorm(ctx).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "number"}}}).Create(s).Error)
}

// insertDates stores new reservations in one statement and gives them their ids
// and numbers.
func (w *work) insertDates(ctx context.Context, list []*Reservation) error {
	if len(list) == 0 {
		return nil
	}
	return db.Fault(w.tx.Gorm(ctx).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "number"}}}).Create(list).Error)
}

// Rejected is a date of a series that was not made.
type Rejected struct {
	ID         int64
	Series     int64
	SeriesDate calendar.Date
	BeginAt    time.Time
	EndAt      time.Time
	Code       string // of the sentence that says why
	Reason     db.JSON[rejection]
	State      string // open, made or dropped
	RejectedAt time.Time
}

// rejection keeps what the sentence of a rejected date needs.
type rejection struct {
	Verdict   DateVerdict    `json:"verdict"`
	Params    map[string]any `json:"params,omitempty"`
	Conflicts []Conflict     `json:"conflicts,omitempty"`
}

// insertRejected keeps a record of dates that were not made.
func (w *work) insertRejected(ctx context.Context, list []Rejected) error {
	for _, r := range list {
		_, err := w.tx.Exec(ctx, `INSERT INTO rejected_dates (series, series_date, begin_at, end_at, code, reason, state, rejected_at)
			VALUES (@series, @date, @begin, @end, @code, @reason, @state, @now)
			ON CONFLICT (series, series_date) DO UPDATE SET begin_at = excluded.begin_at, end_at = excluded.end_at,
				code = excluded.code, reason = excluded.reason, state = excluded.state, rejected_at = excluded.rejected_at`,
			map[string]any{
				"series": r.Series, "date": r.SeriesDate, "begin": r.BeginAt, "end": r.EndAt, "code": r.Code, "reason": r.Reason,
				"state": r.State, "now": w.now,
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// findSeries reads a series by its uid or number, without asking who may see it.
func findSeries(ctx context.Context, d *db.DB, ref string) (Series, error) {
	var s Series
	column := "number"
	if _, err := uuid.Parse(ref); err == nil {
		column = "uid"
	}
	err := d.Query(ctx, &s, "SELECT * FROM series WHERE "+column+" = ?", ref)
	if err == nil && s.ID == 0 {
		err = fault.New(fault.NotFound, "series.not_found")
	}
	return s, err
}

// lockSeries locks the row of a series and reads it again.
func (w *work) lockSeries(ctx context.Context, id int64) (Series, error) {
	var s Series
	err := w.tx.Query(ctx, &s, "SELECT * FROM series WHERE id = ? FOR UPDATE", id)
	return s, err
}

// datesOf reads the reservations of a series in the order of their rows, locked
// where lock is set.
func (w *work) datesOf(ctx context.Context, series int64, lock bool) ([]Reservation, error) {
	suffix := ""
	if lock {
		suffix = " FOR UPDATE"
	}
	var list []Reservation
	err := w.tx.Query(ctx, &list, "SELECT * FROM reservations WHERE series = ? ORDER BY id"+suffix, series)
	return list, err
}

// rejectedOf are the dates of a series that were not made, by date.
func rejectedOf(ctx context.Context, d *db.DB, series int64) ([]Rejected, error) {
	var list []Rejected
	err := d.Query(ctx, &list, "SELECT * FROM rejected_dates WHERE series = ? ORDER BY series_date", series)
	return list, err
}

// vacateAll frees the time of several reservations.
func (w *work) vacateAll(ctx context.Context, list []Reservation) error {
	ids := make(db.Ints, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	_, err := w.tx.Exec(ctx, "DELETE FROM occupancies WHERE reservation = ANY(?::bigint[])", ids)
	return err
}

// stateRow is what a change of state writes.
type stateRow struct {
	ID          int64      `json:"id"`
	State       State      `json:"state"`
	Occupies    bool       `json:"occupies"`
	ReasonCode  string     `json:"reason_code"`
	ReasonText  string     `json:"reason_text"`
	DecidedBy   *int64     `json:"decided_by"`
	DecidedAt   *time.Time `json:"decided_at"`
	FreeGranted *bool      `json:"free_granted"`
	PriceCents  *int       `json:"price_cents"`
	FeeCents    *int       `json:"fee_cents"`
}

// updateStates writes the states of reservations whose rows are locked, and
// counts revision and sequence as stepped did.
func (w *work) updateStates(ctx context.Context, list []Reservation) error {
	rows := make([]stateRow, len(list))
	for i, r := range list {
		rows[i] = stateRow{r.ID, r.State, r.Occupies, r.ReasonCode, r.ReasonText, r.DecidedBy, r.DecidedAt, r.FreeGranted, r.PriceCents, r.FeeCents}
	}
	written, err := w.tx.Exec(ctx, `UPDATE reservations r SET state = t.state, occupies = t.occupies, held_until = NULL,
			reason_code = t.reason_code, reason_text = t.reason_text, decided_by = t.decided_by, decided_at = t.decided_at,
			free_granted = t.free_granted, price_cents = t.price_cents, fee_cents = t.fee_cents,
			revision = r.revision + 1, sequence = r.sequence + 1, changed_at = @now
		FROM jsonb_to_recordset(CAST(@rows AS jsonb)) AS t(id bigint, state text, occupies boolean, reason_code text, reason_text text,
			decided_by bigint, decided_at timestamptz, free_granted boolean, price_cents int, fee_cents int)
		WHERE r.id = t.id`, map[string]any{"rows": db.AsJSON(rows), "now": w.now})
	if err == nil && int(written) != len(list) {
		err = fault.New(fault.Stale, "stale")
	}
	return err
}

// updateSeries writes a series whose row is locked.
func (w *work) updateSeries(ctx context.Context, s *Series) error {
	return db.Fault(w.tx.Gorm(ctx).Model(&Series{}).Where("id = ?", s.ID).
		Select("resource", "unit", "rule", "first_date", "from_minute", "to_minute", "tzdata", "include", "exclude", "skip",
			"title", "purpose", "persons", "oldest_age", "answers", "reason_text", "changed_at", "revision").Updates(s).Error)
}

// dropRejected closes the rejected dates in the scope of a cancellation: nobody
// wants them any more.
func (w *work) dropRejected(ctx context.Context, series int64, c SeriesChange) error {
	_, err := w.tx.Exec(ctx, `UPDATE rejected_dates SET state = 'dropped' WHERE series = @series AND state = 'open' AND
		CASE CAST(@scope AS text) WHEN 'this' THEN series_date = @from WHEN 'following' THEN series_date >= @from ELSE true END`,
		map[string]any{"series": series, "scope": string(c.Scope), "from": c.From})
	return err
}

const seriesHeadsSQL = `
SELECT r.*, s.uid AS resource_uid, s.slug AS resource_slug, s.name AS resource_name,
       u.uid AS unit_uid, u.slug AS unit_slug, u.name AS unit_name, u.city AS unit_city,
       COALESCE(a.name, NULLIF(h.name, ''), h.email, CASE WHEN r.holder_kind = 'unit' THEN u.name->>'fi' END, '') AS holder_name,
       COALESCE(a.name, '') AS association_name,
       COALESCE(NULLIF(m.name, ''), m.email, '') AS made_by_name, COALESCE(m.email, '') AS made_by_email,
       d.standing, d.requested, d.coming, d.next, d.last
FROM series r
JOIN resources s ON s.id = r.resource
JOIN units u ON u.id = r.unit
LEFT JOIN people h ON h.id = r.holder_person
LEFT JOIN people m ON m.id = r.made_by
LEFT JOIN associations a ON a.id = r.holder_association
CROSS JOIN LATERAL (
	SELECT count(*) AS standing, count(*) FILTER (WHERE state = 'requested') AS requested,
	       count(*) FILTER (WHERE begin_at > @now) AS coming,
	       CAST(min(begin_at) FILTER (WHERE begin_at > @now) AT TIME ZONE @zone AS date) AS next,
	       CAST(max(begin_at) AT TIME ZONE @zone AS date) AS last
	FROM reservations x WHERE x.series = r.id AND x.state IN ('requested', 'awaiting_payment', 'confirmed')) d
WHERE `

// seriesHeads reads series with their names and counts. where is SQL of this
// package about r, with named parameters.
func (s *Service) seriesHeads(ctx context.Context, where string, params map[string]any) ([]SeriesHead, error) {
	params["now"], params["zone"] = s.Now(), s.Zone.String()
	var heads []SeriesHead
	err := s.DB.Query(ctx, &heads, seriesHeadsSQL+where+" ORDER BY d.next NULLS LAST, r.id DESC LIMIT 2000", params)
	return heads, err
}

// dateRow is a date of a series as an edit writes it.
type dateRow struct {
	ID           int64             `json:"id"`
	Series       *int64            `json:"series"`
	SeriesDate   calendar.Date     `json:"series_date"`
	Resource     int               `json:"resource"`
	Unit         int               `json:"unit"`
	WholeDay     bool              `json:"whole_day"`
	BeginAt      time.Time         `json:"begin_at"`
	EndAt        time.Time         `json:"end_at"`
	BufferBefore int               `json:"buffer_before"`
	BufferAfter  int               `json:"buffer_after"`
	State        State             `json:"state"`
	Occupies     bool              `json:"occupies"`
	Title        string            `json:"title"`
	Purpose      string            `json:"purpose"`
	Persons      *int              `json:"persons"`
	OldestAge    *int              `json:"oldest_age"`
	Answers      map[string]string `json:"answers"`
	RuleBook     *int              `json:"rule_book"`
	Verdict      policies.Decision `json:"verdict"`
	Price        policies.Price    `json:"price"`
	PriceCents   *int              `json:"price_cents"`
	DecidedBy    *int64            `json:"decided_by"`
	DecidedAt    *time.Time        `json:"decided_at"`
	Release      *int              `json:"release_after_minutes"`
}

// updateDates writes dates of a series whose rows are locked, in one statement.
// Whether a series has a day twice is asked when all are written.
func (w *work) updateDates(ctx context.Context, list []*Reservation) error {
	rows := make([]dateRow, len(list))
	for i, r := range list {
		rows[i] = dateRow{
			r.ID, r.Series, r.SeriesDate, r.Resource, r.Unit, r.WholeDay, r.BeginAt, r.EndAt, r.BufferBefore, r.BufferAfter,
			r.State, r.Occupies, r.Title, r.Purpose, r.Persons, r.OldestAge, r.Answers.V, r.RuleBook, r.Verdict.V, r.Price.V, r.PriceCents,
			r.DecidedBy, r.DecidedAt, r.ReleaseAfterMinutes,
		}
	}
	written, err := w.tx.Exec(ctx, `UPDATE reservations r SET series = t.series, series_date = t.series_date, resource = t.resource,
			unit = t.unit, whole_day = t.whole_day, begin_at = t.begin_at, end_at = t.end_at, buffer_before = t.buffer_before,
			buffer_after = t.buffer_after, state = t.state, occupies = t.occupies, title = t.title, purpose = t.purpose,
			persons = t.persons, oldest_age = t.oldest_age, answers = t.answers, rule_book = t.rule_book, verdict = t.verdict, price = t.price,
			price_cents = t.price_cents, decided_by = t.decided_by, decided_at = t.decided_at,
			release_after_minutes = t.release_after_minutes,
			revision = r.revision + 1, sequence = r.sequence + 1, changed_at = @now
		FROM jsonb_to_recordset(CAST(@rows AS jsonb)) AS t(id bigint, series bigint, series_date date, resource int, unit int,
			whole_day boolean, begin_at timestamptz, end_at timestamptz, buffer_before int, buffer_after int, state text,
			occupies boolean, title text, purpose text, persons int, oldest_age int, answers jsonb, rule_book int, verdict jsonb, price jsonb,
			price_cents int, decided_by bigint, decided_at timestamptz, release_after_minutes int)
		WHERE r.id = t.id`, map[string]any{"rows": db.AsJSON(rows), "now": w.now})
	if err == nil && int(written) != len(list) {
		err = fault.New(fault.Stale, "stale")
	}
	return err
}

// passOn gives a series all dates of another from some day on, whatever became
// of them.
func (w *work) passOn(ctx context.Context, rc *recast, to int64) error {
	_, err := w.tx.Exec(ctx, "UPDATE reservations SET series = @to WHERE series = @from AND series_date >= @day",
		map[string]any{"to": to, "from": rc.series.ID, "day": rc.from})
	return err
}

// moveRejected gives a series the rejected dates of another from some day on;
// what is still wanted is wanted at the new times.
func (w *work) moveRejected(ctx context.Context, rc *recast, to int64) error {
	list, err := rejectedOf(ctx, w.tx, rc.series.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.SeriesDate.Before(rc.from) {
			continue
		}
		if r.State == "open" {
			span := rc.sketch.req.Span
			r.BeginAt = calendar.Resolve(r.SeriesDate, span.From, w.Zone).Instant
			r.EndAt = calendar.Resolve(r.SeriesDate, span.To, w.Zone).Instant
		}
		_, err := w.tx.Exec(ctx, "UPDATE rejected_dates SET series = ?, begin_at = ?, end_at = ? WHERE id = ?", to, r.BeginAt, r.EndAt, r.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
