package booking_test

import (
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// Somebody approves a request while it is being moved to another room: with the
// old room's locks and atoms nothing is decided about the new one.
func TestApprovingWhatWasJustMoved(t *testing.T) {
	w := newWorld(t)
	w.room("tama", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	other := w.room("toinen", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	r := w.mustTake(w.person("aino"), "tama", "2026-11-24 12:00", "2026-11-24 13:00")
	manager := w.manager()
	answered := make(chan error, 1)
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockAtoms(ctx, []int{w.atom("a")}, true); err != nil {
			return err
		}
		go func() {
			_, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number})
			answered <- err
		}()
		for w.count("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 0 {
			time.Sleep(time.Millisecond)
		}
		_, err := tx.Exec(ctx, "UPDATE reservations SET resource = ?, revision = revision + 1 WHERE id = ?", other.ID, r.ID)
		return err
	}))
	if err := <-answered; !fault.Is(err, fault.Stale) {
		t.Errorf("approved with another room's locks: %v", err)
	}
	w.sound()
	_, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)
	w.sound()
}

// atom is that of a leaf space.
func (w *world) atom(space string) int {
	w.t.Helper()
	return w.count("SELECT id FROM atoms WHERE space = ?", w.space[space])
}
