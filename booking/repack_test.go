package booking_test

import (
	"testing"

	"vuoro/policies"
	"vuoro/resources"
)

// Re-packing a pool gives others' bookings other lanes and nothing else: a
// studio that comes with a lamp stays its holder's.
func TestRepackingKeepsTheRestOfAPlace(t *testing.T) {
	w := newWorld(t)
	w.device("lamppu", 2, "lamppu", "studio")
	aino := w.person("aino")
	evening := w.mustTake(aino, "studio", "2026-11-24 16:00", "2026-11-24 18:00")
	w.mustTake(aino, "lamppu", "2026-11-24 10:00", "2026-11-24 12:00")
	w.mustTake(aino, "lamppu", "2026-11-24 11:00", "2026-11-24 13:00")
	w.mustTake(aino, "lamppu", "2026-11-24 13:00", "2026-11-24 15:00")
	w.mustTake(aino, "studio", "2026-11-24 12:00", "2026-11-24 14:00") // both lamps are free, but one after the other
	if n := w.count("SELECT count(*) FROM occupancies WHERE reservation = ?", evening.ID); n != 2 {
		t.Errorf("the evening's booking has %d atoms, want the studio and a lamp", n)
	}
	w.refused(w.person("otso"), "studio", "2026-11-24 17:00", "2026-11-24 19:00")
	for _, v := range w.violations() {
		t.Error(v)
	}
}

// Of two bookings that begin at once only one can follow the earlier end,
// because its buffer is larger: first come first served gives it away, chains
// do not.
func TestRepackingKnowsThatBuffersDiffer(t *testing.T) {
	w := newWorld(t)
	w.device("kamera", 2, "kamera")
	aino := w.person("aino")
	w.mustTake(aino, "kamera", "2026-11-24 10:00", "2026-11-24 11:00")
	w.mustTake(aino, "kamera", "2026-11-24 10:00", "2026-11-24 11:30")
	w.mustTake(aino, "kamera", "2026-11-24 11:30", "2026-11-24 12:30")
	w.must(exec(w, "UPDATE resources SET buffer_before = 30"))
	w.mustTake(aino, "kamera", "2026-11-24 11:30", "2026-11-24 12:30")
	w.refused(aino, "kamera", "2026-11-24 12:00", "2026-11-24 13:00")
	w.sound()
}

// Who has begun keeps the thing in hand, so what is over is no obstacle.
func TestRepackingLeavesWhatHasBegun(t *testing.T) {
	w := newWorld(t)
	w.device("kamera", 2, "kamera")
	aino := w.person("aino")
	w.mustTake(aino, "kamera", "2026-11-23 12:00", "2026-11-23 13:00")
	running := w.mustTake(aino, "kamera", "2026-11-23 12:30", "2026-11-23 16:00")
	w.mustTake(aino, "kamera", "2026-11-23 17:00", "2026-11-23 18:00")
	w.mustTake(aino, "kamera", "2026-11-23 17:30", "2026-11-23 19:00")
	w.mustTake(aino, "kamera", "2026-11-23 18:30", "2026-11-23 20:00")
	lane := func() int { return w.count("SELECT atom FROM occupancies WHERE reservation = ?", running.ID) }
	before := lane()
	w.clock = at("2026-11-23 14:00")
	w.mustTake(aino, "kamera", "2026-11-23 14:00", "2026-11-23 17:30")
	w.mustTake(aino, "kamera", "2026-11-23 16:00", "2026-11-23 17:00")
	if lane() != before {
		t.Error("somebody's camera was changed in use")
	}
	w.sound()
}

// A closure may lie in the clean-up of a visitor's hold and leaves it alone.
func TestClosureInABufferLeavesTheHold(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 30 })
	visitor, manager := w.visitor(), w.manager()
	_, err := w.Hold(ctx, visitor, w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	req := w.request("huone", "2026-11-24 13:00", "2026-11-24 14:00")
	req.Kind, req.Reason = policies.Closure, "huolto"
	_, err = w.Book(ctx, manager, req)
	w.must(err)
	if hold, err := w.CurrentHold(ctx, visitor); hold == nil || err != nil {
		t.Errorf("the hold is gone: %v", err)
	}
}
