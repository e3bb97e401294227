package booking_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

func TestScenario01_OverlapIsRefused(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	refusal := w.refused(eino, "huone", "2026-11-24 12:30", "2026-11-24 13:30")
	if refusal.Conflicts[0].Kind != "reservation" || len(refusal.Alternatives) == 0 || len(refusal.Alternatives) > 5 {
		t.Errorf("conflicts %+v, %d alternatives", refusal.Conflicts, len(refusal.Alternatives))
	}
	first := refusal.Alternatives[0]
	if _, err := w.Book(ctx, eino, booking.Request{Resource: first.Resource.UID, Times: booking.Times{Begin: first.Begin, End: first.End}, Form: policies.Form{TermsAccepted: true}}); err != nil {
		t.Errorf("the first alternative cannot be booked: %v", err)
	}
}

func TestScenario02_TouchingIsFree(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(eino, "huone", "2026-11-24 13:00", "2026-11-24 14:00")
	w.mustTake(eino, "huone", "2026-11-24 11:00", "2026-11-24 12:00")
}

func TestScenario03_DeniedAndCancelledAreFree(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	if _, err := w.Cancel(ctx, aino, booking.Change{Ref: r.Number, ReasonCode: "plans_changed"}); err != nil {
		t.Fatal(err)
	}
	r = w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	if _, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "vesivahinko"}); err != nil {
		t.Fatal(err)
	}
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestScenario04_HeldAwaitingAndRequestedOccupy(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("pyynto", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, eino := w.person("aino"), w.person("eino")

	if _, err := w.Hold(ctx, w.visitor(), w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00")); err != nil {
		t.Fatal(err)
	}
	if kind := w.refused(eino, "huone", "2026-11-24 12:00", "2026-11-24 13:00").Conflicts[0].Kind; kind != "hold" {
		t.Errorf("conflict kind %s", kind)
	}

	r := w.mustTake(aino, "pyynto", "2026-11-24 12:00", "2026-11-24 13:00")
	if r.State != booking.Requested {
		t.Fatalf("state %s", r.State)
	}
	if kind := w.refused(eino, "pyynto", "2026-11-24 12:00", "2026-11-24 13:00").Conflicts[0].Kind; kind != "request" {
		t.Errorf("conflict kind %s", kind)
	}

	// no payment provider is connected yet: the state is set as one would
	w.must(exec(w, "UPDATE reservations SET state = 'awaiting_payment', held_until = ? WHERE id = ?", w.clock.Add(10*time.Minute), r.ID))
	w.refused(eino, "pyynto", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestScenario05_FiftyAtOnceOneWins(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 15, 15 })
	people := make([]accounts.Actor, 50)
	for i := range people {
		people[i] = w.person("p" + string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	for round := range 5 {
		day := calendar.Date{Year: 2026, Month: 11, Day: 24}.AddDays(round).String()
		won, lost := race(people, func(who accounts.Actor) error {
			_, err := w.Book(ctx, who, w.request("huone", day+" 12:00", day+" 13:00"))
			return err
		})
		if won != 1 || lost != len(people)-1 {
			t.Fatalf("round %d: %d won, %d got a conflict", round, won, lost)
		}
	}
}

// race lets everybody do the same at once and counts winners and conflicts.
func race(people []accounts.Actor, do func(accounts.Actor) error) (won, lost int) {
	var all sync.WaitGroup
	var mutex sync.Mutex
	start := make(chan struct{})
	for _, who := range people {
		all.Go(func() {
			<-start
			err := do(who)
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case err == nil:
				won++
			case fault.Is(err, fault.Conflict):
				lost++
			}
		})
	}
	close(start)
	all.Wait()
	return won, lost
}

func TestScenario07_EmptyAndBackwardTimes(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	for _, end := range []string{"2026-11-24 12:00", "2026-11-24 11:00"} {
		_, err := w.take(aino, "huone", "2026-11-24 12:00", end)
		w.wantCode(err, "booking.end_before_begin")
	}
	if n := w.count("SELECT count(*) FROM reservations"); n != 0 {
		t.Errorf("%d rows stored", n)
	}
}

func TestScenario08_MoveDoesNotMeetItself(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 30 })
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	moved, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-24 12:30", "2026-11-24 13:30"))
	if err != nil {
		t.Fatal(err)
	}
	if moved.UID != r.UID || moved.Sequence != r.Sequence+1 || !moved.BeginAt.Equal(at("2026-11-24 12:30")) {
		t.Errorf("moved %+v", moved)
	}
}

func TestScenario10_PublicBusyTimes(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.clock = at("2025-12-01 12:00")
	aino := w.person("aino")
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error { return w.hours(tx, resources.Owner{Unit: w.unit.ID}, "00:00", "24:00") }))
	cancelled := w.mustTake(aino, "huone", "2026-01-02 10:00", "2026-01-02 11:00")
	if _, err := w.Cancel(ctx, aino, booking.Change{Ref: cancelled.Number, ReasonCode: "other"}); err != nil {
		t.Fatal(err)
	}
	w.mustTake(aino, "huone", "2025-12-31 22:00", "2026-01-01 00:00")
	w.mustTake(aino, "huone", "2026-01-01 00:00", "2026-01-01 01:00")
	w.mustTake(aino, "huone", "2026-01-03 23:00", "2026-01-04 00:00")
	w.mustTake(aino, "huone", "2026-01-04 00:00", "2026-01-04 01:00")

	o, err := w.Outlook(ctx, accounts.Actor{}, w.rooms["huone"].UID, booking.Window{
		From: calendar.Date{Year: 2026, Month: 1, Day: 1}, To: calendar.Date{Year: 2026, Month: 1, Day: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	inside := o.BusyWithin(calendar.Interval{Begin: at("2026-01-01 00:00"), End: at("2026-01-04 00:00")})
	if len(inside) != 2 {
		t.Fatalf("%d busy times, want 2: %+v", len(inside), inside)
	}
}

func TestScenario13_BuffersLieOnEachOther(t *testing.T) {
	w := newWorld(t)
	w.room("eka", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 30; r.Raster = 15 })
	w.room("toka", []string{"a"}, func(r *resources.Resource) { r.BufferBefore = 30; r.Raster = 15 })
	aino := w.person("aino")
	w.mustTake(aino, "eka", "2026-11-24 10:00", "2026-11-24 11:00")
	if kind := w.refused(aino, "toka", "2026-11-24 11:15", "2026-11-24 12:15").Conflicts[0].Kind; kind != "buffer" {
		t.Errorf("conflict kind %s", kind)
	}
	w.mustTake(aino, "toka", "2026-11-24 11:30", "2026-11-24 12:30")
}

// tree is scenarios.md's T: S1 ⊃ {S1.1 ⊃ {S1.1.1 ⊃ {S1.1.1.1}, S1.1.2}, S1.2}.
func (w *world) tree() {
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		for _, s := range [][2]string{{"s1", ""}, {"s1-1", "s1"}, {"s1-1-1", "s1-1"}, {"s1-1-1-1", "s1-1-1"}, {"s1-1-2", "s1-1"}, {"s1-2", "s1"}} {
			if err := w.addSpace(tx, s[0], s[1]); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, s := range []string{"s1", "s1-1", "s1-1-1", "s1-1-1-1", "s1-1-2", "s1-2"} {
		w.room(s, []string{s}, nil)
	}
}

func TestScenario20_21_22_WholeAndPart(t *testing.T) {
	all := []string{"s1", "s1-1", "s1-1-1", "s1-1-1-1", "s1-1-2", "s1-2"}
	for name, test := range map[string]struct {
		booked  string
		refused []string
	}{
		"20": {"s1-2", []string{"s1", "s1-2"}},
		"21": {"s1-1-1", []string{"s1", "s1-1", "s1-1-1", "s1-1-1-1"}},
		"22": {"s1", all},
	} {
		t.Run("Scenario"+name, func(t *testing.T) {
			w := newWorld(t)
			w.tree()
			aino, eino := w.person("aino"), w.person("eino")
			w.mustTake(aino, test.booked, "2026-11-24 12:00", "2026-11-24 13:00")
			for _, room := range all {
				if slices.Contains(test.refused, room) {
					w.refused(eino, room, "2026-11-24 12:00", "2026-11-24 13:00")
				}
			}
			for _, room := range all {
				if slices.Contains(test.refused, room) {
					continue
				}
				r := w.mustTake(eino, room, "2026-11-24 12:00", "2026-11-24 13:00")
				if _, err := w.Cancel(ctx, eino, booking.Change{Ref: r.Number, ReasonCode: "other"}); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func exec(w *world, sql string, params ...any) error {
	_, err := w.DB.Exec(ctx, sql, params...)
	return err
}
