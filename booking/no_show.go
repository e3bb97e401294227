package booking

import (
	"context"
	"errors"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
)

// NoShow notes that nobody came to a confirmed turn that has begun: it stays in
// the books as unused, its time is free at once, and its holder is told. Staff
// of the unit only.
func (s *Service) NoShow(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		return w.miss(ctx, e)
	})
}

// UndoNoShow says that they came after all: the turn takes its time back and
// counts as checked in. Where somebody else has taken the time meanwhile that
// is a *Refusal. Staff of the unit only.
func (s *Service) UndoNoShow(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if _, err := e.before.next(EventNoShowUndone, w.now); err != nil {
			return err
		}
		r := &e.after
		r.NoShow, r.Occupies, r.FeeCents = false, true, nil
		r.Sequence++
		if err := w.take(ctx, e.place, r, policies.Decision{Verdict: policies.Allow}); err != nil {
			return err
		}
		if err := w.noteCame(ctx, e, EventNoShowUndone, "no_show", "occupies", "sequence", "fee_cents"); err != nil {
			return err
		}
		return w.mailHolder(ctx, e.place, *r, "reservation.no_show_undone")
	})
}

func (w *work) miss(ctx context.Context, e *edit) error {
	if _, err := e.before.next(EventNoShow, w.now); err != nil {
		return err
	}
	r := &e.after
	r.NoShow, r.Occupies = true, false
	fee := e.before.LateFee(later(w.now, r.BeginAt.Add(time.Second)))
	if err := r.charge(fee, fee); err != nil {
		return err
	}
	r.Sequence++
	if err := w.vacate(ctx, r.ID); err != nil {
		return err
	}
	w.free(e.before)
	if err := w.update(ctx, r, "no_show", "occupies", "sequence", "fee_cents"); err != nil {
		return err
	}
	w.audit(*r, string(EventNoShow), map[string]any{"begin": r.BeginAt, "end": r.EndAt, "fee_cents": r.FeeCents})
	return w.mailHolder(ctx, e.place, *r, noShowTopic)
}

const noShowTopic = "reservation.no_show"

// lateNoShow is how far back ReleaseUnused looks: after a longer standstill
// nobody knows any more who came.
const lateNoShow = 24 * time.Hour

const unusedSQL = `
SELECT r.uid::text FROM reservations r JOIN resources s ON s.id = r.resource
WHERE r.state = 'confirmed' AND r.checked_in_at IS NULL AND NOT r.no_show AND r.release_after_minutes IS NOT NULL
  AND s.release_after_minutes IS NOT NULL AND r.begin_at > @oldest
  AND r.begin_at + make_interval(mins => greatest(r.release_after_minutes, s.release_after_minutes)) <= @now
ORDER BY r.begin_at, r.id LIMIT @limit`

// ReleaseUnused releases the turns that nobody has checked in to in time, one
// transaction each, and returns how many. What keeps one from it does not keep
// the others.
func (s *Service) ReleaseUnused(ctx context.Context, batch int) (int, error) {
	now := s.Now()
	var due []string
	err := s.DB.Query(ctx, &due, unusedSQL, map[string]any{"now": now, "oldest": now.Add(-lateNoShow), "limit": batch})
	released := 0
	for _, ref := range due {
		missed, failed := s.change(ctx, accounts.Actor{System: true}, Change{Ref: ref}, func(w *work, e *edit) error {
			if !e.before.unchecked(e.place.Resource.ReleaseAfterMinutes, w.now) {
				return nil
			}
			return w.miss(ctx, e)
		})
		if missed.NoShow && failed == nil {
			released++
		}
		err = errors.Join(err, failed)
	}
	return released, err
}

// unchecked tells whether a turn is to be released now.
func (r Reservation) unchecked(setting *int, now time.Time) bool {
	at := r.ReleaseAt(setting)
	return r.State == Confirmed && !r.NoShow && r.CheckedInAt == nil && !at.IsZero() && !at.After(now)
}
