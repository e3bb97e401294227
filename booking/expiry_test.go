package booking_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/resources"
)

// sweep runs every job that ends what has run out, as the leader does.
func (w *world) sweep() (done int) {
	w.t.Helper()
	for _, job := range []func() (int, error){
		func() (int, error) { return w.RemoveExpiredHolds(ctx, 1000) },
		func() (int, error) { return w.ExpireRequests(ctx, 1000) },
		func() (int, error) { return w.ServeLine(ctx) },
	} {
		n, err := job()
		w.must(err)
		done += n
	}
	return done
}

// due is what the jobs find: a visitor's hold, a resident's hold that was
// extended, an offer to one who waits and a request, each with its moment.
func (w *world) due() map[string]time.Time {
	w.t.Helper()
	w.room("avoin", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	w.room("jono", []string{"c"}, nil)
	w.room("lupa", []string{"d"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, eino := w.person("aino"), w.person("eino")
	_, err := w.Hold(ctx, w.visitor(), w.rooms["avoin"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	held, err := w.Hold(ctx, aino, w.rooms["toinen"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	w.clock = w.clock.Add(5 * time.Minute)
	_, err = w.ExtendHold(ctx, aino, held.Number)
	w.must(err)
	w.clock = w.clock.Add(-5 * time.Minute)
	w.mustTake(eino, "lupa", "2026-11-24 18:00", "2026-11-24 19:00")
	taken := w.mustTake(aino, "jono", "2026-11-25 12:00", "2026-11-25 13:00")
	w.mustJoin(eino, "jono", "2026-11-25 12:00", "2026-11-25 13:00")
	w.cancel(aino, taken)
	var deadline time.Time
	w.must(w.DB.Query(ctx, &deadline, "SELECT deadline FROM offers WHERE state = 'open'"))
	return map[string]time.Time{
		"visitor's hold": w.clock.Add(10 * time.Minute), "extended hold": w.clock.Add(15 * time.Minute),
		"offer": deadline, "request": at("2026-11-24 18:00"),
	}
}

// left counts each kind that has not run out by the tables.
func (w *world) left() map[string]int {
	return map[string]int{
		"visitor's hold": w.count("SELECT count(*) FROM reservations WHERE state = 'held' AND made_by IS NULL AND offer IS NULL"),
		"extended hold":  w.count("SELECT count(*) FROM reservations WHERE state = 'held' AND made_by IS NOT NULL AND offer IS NULL"),
		"offer":          w.count("SELECT count(*) FROM offers WHERE state = 'open'"),
		"request":        w.count("SELECT count(*) FROM reservations WHERE state = 'requested'"),
	}
}

// Nothing ends a second early, everything when its moment has come.
func TestJobsEndNothingEarlyAndNothingLate(t *testing.T) {
	w := newWorld(t)
	due := w.due()
	for _, what := range []string{"visitor's hold", "extended hold", "offer", "request"} {
		if due[what].Before(w.clock) {
			t.Fatalf("the %s is due at %s already", what, due[what])
		}
		w.clock = due[what].Add(-time.Second)
		w.sweep()
		if n := w.left()[what]; n != 1 {
			t.Errorf("%s: %d a second before its end", what, n)
		}
		w.clock = due[what]
		w.sweep()
		if n := w.left()[what]; n != 0 {
			t.Errorf("%s: %d at its end", what, n)
		}
	}
	w.sound()
}

// After a long gap one run does all that is due; another finds nothing.
func TestJobsCatchUpOnce(t *testing.T) {
	w := newWorld(t)
	w.due()
	w.clock = w.clock.AddDate(0, 0, 30)
	if n := w.sweep(); n == 0 {
		t.Error("nothing was done")
	}
	for what, n := range w.left() {
		if n != 0 {
			t.Errorf("%s: %d after a month", what, n)
		}
	}
	mails, entries := w.count("SELECT count(*) FROM outbox"), w.count("SELECT count(*) FROM audit")
	if n := w.sweep(); n != 0 || w.count("SELECT count(*) FROM outbox") != mails || w.count("SELECT count(*) FROM audit") != entries {
		t.Errorf("the second run did %d things, %d mails more", n, w.count("SELECT count(*) FROM outbox")-mails)
	}
	w.sound()
}

// Two instances that both believe to be the leader do everything once.
func TestTwoInstancesSweepOnce(t *testing.T) {
	w := newWorld(t)
	w.room("lupa", []string{"d"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	const requests, holds = 12, 12
	aino := w.person("aino")
	for i := range requests {
		day := at("2026-11-25 00:00").AddDate(0, 0, i).In(helsinki).Format("2006-01-02")
		w.mustTake(aino, "lupa", day+" 18:00", day+" 19:00")
		w.room(fmt.Sprint("huone", i), []string{fmt.Sprint("h", i)}, nil)
		_, err := w.Hold(ctx, w.visitor(), w.rooms[fmt.Sprint("huone", i)].UID, times(day+" 12:00", day+" 13:00"))
		w.must(err)
	}
	w.clock = w.clock.AddDate(0, 0, 60)
	var all sync.WaitGroup
	expired, removed := make([]int, 2), make([]int, 2)
	for i := range 2 {
		all.Go(func() {
			var errs [2]error
			removed[i], errs[0] = w.RemoveExpiredHolds(ctx, 1000)
			expired[i], errs[1] = w.ExpireRequests(ctx, 1000)
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := removed[0] + removed[1]; n != holds {
		t.Errorf("%d holds removed", n)
	}
	if n := expired[0] + expired[1]; n != requests {
		t.Errorf("%d requests expired", n)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.expired'"); n != requests {
		t.Errorf("%d entries in the audit trail", n)
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE state = ?", string(booking.Expired)); n != requests {
		t.Errorf("%d requests have expired", n)
	}
	w.sound()
}
