package booking_test

import "testing"

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
