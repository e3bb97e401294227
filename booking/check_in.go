package booking

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
)

// CheckInOpens is how long before the begin of a turn people can check in.
const CheckInOpens = 15 * time.Minute

// ReleaseAt is when a turn is released unless somebody has checked in, by what
// its holder was told or, where that is kinder, by the resource's present
// setting in minutes. Zero = nobody is asked to check in.
func (r Reservation) ReleaseAt(setting *int) time.Time {
	if r.ReleaseAfterMinutes == nil || setting == nil {
		return time.Time{}
	}
	return r.BeginAt.Add(time.Duration(max(*r.ReleaseAfterMinutes, *setting)) * time.Minute)
}

// CheckIn notes that the holder of a turn has come. Who may book for the holder
// can from CheckInOpens before the begin until the end, where the resource asks
// for it; staff of the unit also where it does not, and afterwards. A second
// check-in changes nothing.
func (s *Service) CheckIn(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		staff := s.mayHandle(actor, e.before)
		if !staff && !s.mayEdit(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if _, err := e.before.next(EventCheckIn, w.now); err != nil || e.before.CheckedInAt != nil {
			return err
		}
		switch {
		case staff:
		case e.before.ReleaseAt(e.place.Resource.ReleaseAfterMinutes).IsZero():
			return fault.New(fault.Refused, "booking.check_in_not_asked")
		case !e.before.EndAt.After(w.now):
			return fault.New(fault.Conflict, "booking.has_ended")
		}
		return w.noteCame(ctx, e, EventCheckIn)
	})
}

// UndoCheckIn takes a check-in back, for staff of the unit. Where the turn would
// have been released meanwhile, the next ReleaseUnused does so.
func (s *Service) UndoCheckIn(ctx context.Context, actor accounts.Actor, c Change) (Reservation, error) {
	return s.change(ctx, actor, c, func(w *work, e *edit) error {
		if !s.mayHandle(actor, e.before) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if _, err := e.before.next(EventCheckInUndone, w.now); err != nil || e.before.CheckedInAt == nil {
			return err
		}
		e.after.CheckedInAt, e.after.CheckedInBy = nil, nil
		w.audit(e.after, string(EventCheckInUndone), nil)
		return w.update(ctx, &e.after, "checked_in_at", "checked_in_by")
	})
}

// noteCame writes that somebody came, together with further columns.
func (w *work) noteCame(ctx context.Context, e *edit, event Event, columns ...string) error {
	now := w.now
	e.after.CheckedInAt = &now
	if id := w.actor.ID(); id != 0 {
		e.after.CheckedInBy = &id
	}
	w.audit(e.after, string(event), nil)
	return w.update(ctx, &e.after, append(columns, "checked_in_at", "checked_in_by")...)
}
