package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
)

// RemoveExpiredHolds is the broom: it removes holds that have run out, up to a
// batch, and returns how many went. Bookings do not wait for it.
func (s *Service) RemoveExpiredHolds(ctx context.Context, batch int) (int, error) {
	removed := 0
	err := s.do(ctx, accounts.Actor{System: true}, func(w *work) error {
		var ids db.Ints
		err := w.tx.Query(ctx, &ids, `SELECT id FROM reservations
			WHERE held_until <= ? AND state = 'held' ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`, w.now, batch)
		removed = len(ids)
		if err != nil || removed == 0 {
			return err
		}
		return w.removeHolds(ctx, ids)
	})
	return removed, err
}

// ExpireRequests ends requests whose begin has passed without a decision, one
// transaction each, and returns how many. Those that were decided or moved
// meanwhile are left alone.
func (s *Service) ExpireRequests(ctx context.Context, batch int) (int, error) {
	var due []string
	err := s.DB.Query(ctx, &due, "SELECT uid::text FROM reservations WHERE state = 'requested' AND begin_at <= ? ORDER BY id LIMIT ?", s.Now(), batch)
	expired := 0
	for _, ref := range due {
		_, err := s.change(ctx, accounts.Actor{System: true}, Change{Ref: ref}, func(w *work, e *edit) error {
			if e.before.BeginAt.After(w.now) {
				return fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(e.before.State)})
			}
			return w.transit(ctx, e, EventExpire, Change{})
		})
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Stale) {
			return expired, err
		}
		if err == nil {
			expired++
		}
	}
	return expired, err
}
