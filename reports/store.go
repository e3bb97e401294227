package reports

import (
	"context"
	"time"

	"vuoro/db"
)

// hoursSQL clips every reservation to every month that it touches. Elapsed
// time comes from instants, so both DST nights count what the clock really ran.
const hoursSQL = `
WITH months AS (
    SELECT * FROM unnest(CAST(@labels AS text[]), CAST(@begins AS timestamptz[]), CAST(@ends AS timestamptz[])) AS m(label, begin_at, end_at)
), pieces AS (
    SELECT r.resource, m.label, r.kind, r.state, r.no_show,
           extract(epoch FROM least(r.end_at, m.end_at) - greatest(r.begin_at, m.begin_at)) / 60 AS minutes
    FROM reservations r JOIN months m ON r.begin_at < m.end_at AND r.end_at > m.begin_at
    WHERE (@all OR r.unit = ANY(CAST(@units AS int[])))
      AND r.begin_at < @to AND r.end_at > @from
      AND r.state IN ('confirmed', 'requested', 'cancelled')
)
SELECT s.uid AS resource_uid, s.slug AS resource_slug, s.name AS resource, u.uid AS unit_uid, u.name AS unit, p.label AS month,
       COALESCE(round(sum(minutes) FILTER (WHERE p.state = 'confirmed' AND p.kind <> 'closure' AND NOT p.no_show)), 0)::int AS booked,
       (count(*) FILTER (WHERE p.state = 'confirmed' AND p.kind <> 'closure' AND NOT p.no_show))::int AS reservations,
       COALESCE(round(sum(minutes) FILTER (WHERE p.state = 'confirmed' AND p.kind = 'closure')), 0)::int AS closed,
       COALESCE(round(sum(minutes) FILTER (WHERE p.state = 'requested')), 0)::int AS waiting,
       COALESCE(round(sum(minutes) FILTER (WHERE p.state = 'cancelled')), 0)::int AS cancelled,
       COALESCE(round(sum(minutes) FILTER (WHERE p.state = 'confirmed' AND p.no_show)), 0)::int AS missed
FROM pieces p JOIN resources s ON s.id = p.resource JOIN units u ON u.id = s.unit
GROUP BY s.uid, s.slug, s.name, u.uid, u.name, p.label
ORDER BY u.name->>'fi', s.name->>'fi', s.uid, p.label`

func bookedHours(ctx context.Context, tx *db.DB, months []month, units db.Ints, all bool) ([]HoursRow, error) {
	var labels, begins, ends db.Strings
	for _, m := range months {
		labels = append(labels, m.label)
		begins, ends = append(begins, m.Begin.UTC().Format(time.RFC3339)), append(ends, m.End.UTC().Format(time.RFC3339))
	}
	if units == nil {
		units = db.Ints{}
	}
	var rows []HoursRow
	err := tx.Query(ctx, &rows, hoursSQL, map[string]any{
		"labels": labels, "begins": begins, "ends": ends, "units": units, "all": all,
		"from": months[0].Begin, "to": months[len(months)-1].End,
	})
	return rows, err
}
