package booking_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// foreign is a confirmed reservation of another system.
func (w *world) foreign(ref, room, begin, end string, change ...func(*booking.Foreign)) booking.Foreign {
	f := booking.Foreign{
		Source: "old.example", Ref: ref, Mark: begin + end, Resource: w.rooms[room].ID, BeginAt: at(begin), EndAt: at(end),
		Kind: policies.Ordinary, State: booking.Confirmed,
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func (w *world) adopt(rows ...booking.Foreign) (adopted booking.Adopted, err error) {
	err = w.DB.Tx(ctx, func(tx *db.DB) error {
		adopted, err = w.Adopt(ctx, tx, rows, func(int) {})
		return err
	})
	return adopted, err
}

func (w *world) mustAdopt(rows ...booking.Foreign) booking.Adopted {
	w.t.Helper()
	adopted, err := w.adopt(rows...)
	w.must(err)
	return adopted
}

func asRequest(f *booking.Foreign) { f.State = booking.Requested }

// What was taken over is handled by staff like anything else, though nobody
// knows whose it is: it keeps its unknown holder and nobody is written to.
func TestAdoptedReservationsAreHandledLikeOthers(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"sali"}, nil)
	manager := w.manager()
	w.mustAdopt(
		w.foreign("1", "sali", "2026-11-25 10:00", "2026-11-25 12:00"), w.foreign("2", "sali", "2026-11-25 12:00", "2026-11-25 14:00", asRequest),
		w.foreign("3", "sali", "2026-11-25 14:00", "2026-11-25 16:00", asRequest), w.foreign("4", "sali", "2026-11-25 16:00", "2026-11-25 18:00"),
	)
	numbers := map[string]string{}
	var rows []struct{ ExternalID, Number string }
	w.must(w.DB.Query(ctx, &rows, "SELECT external_id, number FROM reservation_origins JOIN reservations r ON r.id = reservation"))
	for _, r := range rows {
		numbers[r.ExternalID] = r.Number
	}
	change := func(ref string) booking.Change {
		return booking.Change{Ref: numbers[ref], Revision: 1, ReasonCode: "other", ReasonText: "Siirretään."}
	}
	moved, err := w.Move(ctx, manager, change("1"), times("2026-11-26 10:00", "2026-11-26 12:00"))
	w.must(err)
	if moved.HolderKind != booking.HeldByUnknown || moved.State != booking.Confirmed {
		t.Errorf("moved: %+v", moved)
	}
	approved, err := w.Approve(ctx, manager, change("2"))
	w.must(err)
	denied, err := w.Deny(ctx, manager, change("4"))
	w.must(err)
	if approved.State != booking.Confirmed || denied.State != booking.Denied {
		t.Errorf("approved %s, denied %s", approved.State, denied.State)
	}
	w.clock = at("2026-11-27 10:00")
	if n, err := w.ExpireRequests(ctx, 10); n != 1 || err != nil {
		t.Errorf("%d requests expired, %v", n, err)
	}
	if n := w.count("SELECT count(*) FROM outbox"); n != 0 {
		t.Errorf("%d mails were written", n)
	}
	if _, err := ledger.Verify(ctx, w.DB, w.unit.ID); err != nil {
		t.Error(err)
	}
}

func TestAdoptingMeetsTheEnginesRules(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"sali"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 30, 30 })
	aino := w.person("aino")
	w.mustTake(aino, "sali", "2026-11-25 10:00", "2026-11-25 12:00")
	if _, err := w.Hold(ctx, w.visitor(), w.rooms["sali"].UID, times("2026-11-25 15:00", "2026-11-25 16:00")); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(time.Hour) // the hold is over, but nobody has swept
	got := w.mustAdopt(
		w.foreign("into the buffer", "sali", "2026-11-25 12:00", "2026-11-25 13:00"),
		w.foreign("behind it", "sali", "2026-11-25 12:30", "2026-11-25 13:00"),
		w.foreign("touching", "sali", "2026-11-25 13:00", "2026-11-25 14:00"),
		w.foreign("a stale hold", "sali", "2026-11-25 15:00", "2026-11-25 16:00"),
		w.foreign("over the buffer", "sali", "2026-11-25 09:30", "2026-11-25 10:00", func(f *booking.Foreign) { f.Kind = policies.Closure }),
	)
	if got.Added != 4 || len(got.Collided) != 1 || got.Collided[0].Ref != "into the buffer" || got.Collided[0].With[0].Ref != "" {
		t.Errorf("%+v", got)
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE buffer_before + buffer_after > 0"); n != 1 {
		t.Errorf("%d have buffers, where the other system has none", n)
	}
	w.refused(aino, "sali", "2026-11-25 12:30", "2026-11-25 13:00")
}

func TestAdoptingOnAPoolTakesLanes(t *testing.T) {
	w := newWorld(t)
	w.device("pyora", 2, "pyora")
	var rows []booking.Foreign
	for i := range 3 {
		rows = append(rows, w.foreign(strconv.Itoa(i), "pyora", "2026-11-25 10:00", "2026-11-25 12:00"))
	}
	got := w.mustAdopt(rows...)
	if got.Added != 2 || len(got.Collided) != 1 || got.Collided[0].Ref != "2" {
		t.Errorf("%+v", got)
	}
}

// Two that take the same over at once, and a booking in between: everything is
// there once.
func TestTwoAdoptionsAtOnceTakeEverythingOnce(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"sali"}, nil)
	var rows []booking.Foreign
	for i := range 60 {
		day := at("2026-11-25 10:00").AddDate(0, 0, i)
		rows = append(rows, w.foreign(strconv.Itoa(i), "sali", "2026-11-25 10:00", "2026-11-25 12:00", func(f *booking.Foreign) {
			f.BeginAt, f.EndAt = day, day.Add(2*time.Hour)
		}))
	}
	aino := w.person("aino")
	var wg sync.WaitGroup
	var mu sync.Mutex
	added, same := 0, 0
	for range 4 {
		wg.Go(func() {
			got, err := w.adopt(slices.Clone(rows)...)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && !fault.Is(err, fault.Unavailable) {
				t.Error(err)
			}
			added, same = added+got.Added+len(got.Collided), same+got.Same
		})
	}
	wg.Go(func() {
		_, err := w.take(aino, "sali", "2026-11-26 10:00", "2026-11-26 11:00")
		var refusal *booking.Refusal
		if err != nil && !errors.As(err, &refusal) && !fault.Is(err, fault.Unavailable) {
			t.Error(err)
		}
	})
	wg.Wait()
	if n := w.count("SELECT count(*) FROM reservations WHERE resource = ? AND begin_at = ?", w.rooms["sali"].ID, at("2026-11-26 10:00")); n != 1 {
		t.Errorf("%d have the contested time", n)
	}
	if n := w.count("SELECT count(*) FROM reservation_origins"); n < 59 || added < 60 {
		t.Errorf("%d are there, %d were added, %d were the same", n, added, same)
	}
}

func TestAdoptingLeavesNothingWhenItsTransactionFails(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"sali"}, nil)
	failed := errors.New("failed")
	err := w.DB.Tx(ctx, func(tx *db.DB) error {
		if _, err := w.Adopt(ctx, tx, []booking.Foreign{w.foreign("1", "sali", "2026-11-25 10:00", "2026-11-25 12:00")}, func(int) {}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if n := w.count("SELECT (SELECT count(*) FROM reservations) + (SELECT count(*) FROM occupancies) + (SELECT count(*) FROM change_log)"); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}
