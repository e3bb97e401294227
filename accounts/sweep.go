package accounts

import (
	"context"
	"time"
)

// sweepBatch bounds one run of Sweep per table, so that it never holds locks
// for long; what is left waits for the next run.
const sweepBatch = 1000

// kept is how long links and counted tries are kept.
const kept = 90 * 24 * time.Hour

// Sweep removes ended sessions and old links and tries, and counts them.
func (s *Service) Sweep(ctx context.Context) (int64, error) {
	now := s.Now()
	var total int64
	for _, old := range []struct {
		sql    string
		params []any
	}{
		{"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? OR seen_at <= ? ORDER BY id LIMIT ?)", []any{now, now.Add(-SessionIdle), sweepBatch}},
		{"DELETE FROM sign_in_links WHERE id IN (SELECT id FROM sign_in_links WHERE created_at <= ? ORDER BY id LIMIT ?)", []any{now.Add(-kept), sweepBatch}},
		{"DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE at <= ? ORDER BY id LIMIT ?)", []any{now.Add(-kept), sweepBatch}},
	} {
		removed, err := s.DB.Exec(ctx, old.sql, old.params...)
		total += removed
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
