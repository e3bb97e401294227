package booking_test

import (
	"testing"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/resources"
)

// A reservation of a whole-day place takes the days where it is put, and gives
// back those where it was.
func TestAWholeDayIsMovedByDays(t *testing.T) {
	w := newWorld(t)
	w.wholeDays()
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "talo", "2027-03-27 00:00", "2027-03-28 00:00")
	w.mustTake(eino, "talo", "2027-03-26 00:00", "2027-03-27 00:00")
	_, err := w.moveTo(aino, r, "talo", "2027-03-26 18:00", "2027-03-26 20:00")
	w.wantCode(err, "booking.overlap")
	moved, err := w.moveTo(aino, r, "talo", "2027-03-28 12:00", "2027-03-28 13:00") // 23 hours
	w.must(err)
	if moved.BufferBefore != 11*60 || moved.BufferAfter != 11*60 {
		t.Errorf("buffers %d/%d minutes", moved.BufferBefore, moved.BufferAfter)
	}
	w.mustTake(eino, "talo", "2027-03-27 00:00", "2027-03-28 00:00")
	w.refused(eino, "talo", "2027-03-28 20:00", "2027-03-28 21:00")
}

// The preview of a move tells price, rules and conflicts, and writes nothing.
func TestScenario08_APreviewTellsWhatMoveWouldDo(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.PriceCents = new(1000) })
	w.room("kallis", []string{"b"}, func(r *resources.Resource) { r.PriceCents, r.RuleBook = new(3000), "open" })
	w.must(exec(w, `UPDATE rule_books SET rules = '{"version": 1, "rules": [{"id": "all", "effects": {"verdict": "allow", "price": "list"}}]}' WHERE key = 'open'`))
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(aino, "kallis", "2026-11-24 16:00", "2026-11-24 17:00")
	before := w.count("SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox) + (SELECT sum(revision) FROM reservations)")
	preview := func(room, begin, end string) booking.MovePreview {
		t.Helper()
		p, err := w.PreviewMove(ctx, manager, booking.Change{Ref: r.Number, Resource: w.rooms[room].UID}, times(begin, end))
		w.must(err)
		return p
	}
	p := preview("kallis", "2026-11-24 14:00", "2026-11-24 15:30")
	if !p.Possible() || *p.Before.PriceCents != 1000 || *p.After.PriceCents != 4500 || p.To.Resource.Slug != "kallis" || p.From.Resource.Slug != "huone" {
		t.Errorf("another room: %+v", p)
	}
	if p = preview("huone", "2026-11-24 12:30", "2026-11-24 13:30"); !p.Possible() || len(p.Decision.Overridden()) != 0 {
		t.Errorf("half an hour later, over itself: %+v", p)
	}
	if p = preview("huone", "2026-11-24 03:00", "2026-11-24 04:00"); !p.Possible() || p.Decision.Overridden()[0].Code != policies.CodeClosed {
		t.Errorf("at night: %+v", p.Decision)
	}
	p = preview("kallis", "2026-11-24 16:30", "2026-11-24 17:30")
	if p.Possible() || len(p.Conflicts) != 1 || len(p.Alternatives) == 0 {
		t.Errorf("on another: %+v", p)
	}
	if after := w.count("SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox) + (SELECT sum(revision) FROM reservations)"); after != before {
		t.Error("a preview was written down")
	}
	if _, err := w.PreviewMove(ctx, w.person("eino"), booking.Change{Ref: r.Number}, times("2026-11-24 14:00", "2026-11-24 15:00")); err == nil {
		t.Error("a stranger may look")
	}
	_, err := w.PreviewMove(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.wantCode(err, "booking.move_priced")
}
