package booking

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// unusedSeriesSQL looks only at series that have a no-show at all.
const unusedSeriesSQL = `
WITH past AS (
    SELECT r.series, r.begin_at, r.no_show, row_number() OVER (PARTITION BY r.series ORDER BY r.begin_at DESC, r.id DESC) AS place
    FROM reservations r JOIN series q ON q.id = r.series
    WHERE r.series IN (SELECT r.series FROM reservations r WHERE r.no_show AND (%s))
      AND (r.no_show OR r.state IN ('confirmed', 'cancelled') AND r.end_at <= @now)
      AND r.begin_at > COALESCE(q.unused_dismissed_at, '-infinity')
), flagged AS (
    SELECT series, max(begin_at) AS newest, min(begin_at) AS other
    FROM past WHERE place <= 2
    GROUP BY series HAVING count(*) = 2 AND bool_and(no_show)
)
SELECT q.uid, q.number, q.unit, q.title, f.newest AS last, f.other AS before, s.name AS resource_name, u.name AS unit_name,
       COALESCE(a.name, NULLIF(h.name, ''), h.email, '') AS holder_name, c.coming
FROM flagged f JOIN series q ON q.id = f.series
JOIN resources s ON s.id = q.resource JOIN units u ON u.id = q.unit
CROSS JOIN LATERAL (SELECT count(*) AS coming FROM reservations r
    WHERE r.series = q.id AND r.begin_at > @now AND r.state IN ('requested', 'confirmed')) c
LEFT JOIN people h ON h.id = q.holder_person
LEFT JOIN associations a ON a.id = q.holder_association
WHERE c.coming > 0 ORDER BY f.newest DESC, q.id LIMIT @limit`

func (s *Service) unusedSeries(ctx context.Context, where string, params map[string]any) ([]Unused, error) {
	var list []Unused
	err := s.DB.Query(ctx, &list, fmt.Sprintf(unusedSeriesSQL, where), params)
	return list, err
}

func (w *work) unitOfSeries(ctx context.Context, series uuid.UUID) (unit int, err error) {
	err = w.tx.Query(ctx, &unit, "SELECT unit FROM series WHERE uid = ?", series)
	return unit, err
}

func (w *work) dismissUnused(ctx context.Context, series uuid.UUID) error {
	_, err := w.tx.Exec(ctx, "UPDATE series SET unused_dismissed_at = ? WHERE uid = ?", w.now, series)
	return err
}
