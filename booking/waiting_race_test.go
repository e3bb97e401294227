package booking_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
)

// ours keeps the errors that are nobody's fault but ours.
func ours(err error) error {
	switch fault.As(err).Kind {
	case fault.Conflict, fault.Refused, fault.Gone, fault.NotFound, fault.Stale:
		return nil
	}
	return err
}

// atOnce runs steps at the same moment and returns what is our fault.
func atOnce(steps ...func() error) (wrong []error) {
	var all sync.WaitGroup
	var mutex sync.Mutex
	start := make(chan struct{})
	for _, step := range steps {
		all.Go(func() {
			<-start
			if err := step(); err != nil && ours(err) != nil {
				mutex.Lock()
				wrong = append(wrong, err)
				mutex.Unlock()
			}
		})
	}
	close(start)
	all.Wait()
	return wrong
}

// Time is freed twenty times while others book it, accept, decline, leave and
// the jobs run: it is never had twice, and whoever is first in line is never
// passed over.
func TestFreedTimeUnderRace(t *testing.T) {
	w := newWorld(t)
	w.tree()
	people := make([]accounts.Actor, 6)
	for i := range people {
		people[i] = w.person(fmt.Sprintf("p%d", i))
	}
	rooms := []string{"s1", "s1-1", "s1-1-1"}
	for round := range 20 {
		date := fmt.Sprintf("2026-12-%02d ", round+1)
		holder, first, second, third := people[0], people[1], people[2], people[3]
		taken := w.mustTake(holder, "s1", date+"17:00", date+"19:00")
		waits := []booking.Wait{
			w.mustJoin(first, rooms[round%3], date+"17:00", date+"18:00"),
			w.mustJoin(second, rooms[(round+1)%3], date+"17:30", date+"18:30"),
			w.mustJoin(third, rooms[(round+2)%3], date+"17:00", date+"19:00"),
		}
		steps := []func() error{
			func() error {
				_, err := w.Cancel(ctx, holder, booking.Change{Ref: taken.Number, ReasonCode: "given_back"})
				return err
			},
			func() error { _, err := w.ServeLine(ctx); return err },
			func() error { _, err := w.ServeLine(ctx); return err },
			func() error { _, err := w.LeaveLine(ctx, second, waits[1].UID); return err },
			func() error { _, err := w.AcceptOffer(ctx, first, waits[0].UID); return err },
		}
		for i := range 3 {
			steps = append(steps, func() error { _, err := w.take(people[4+i%2], rooms[i], date+"17:00", date+"18:00"); return err })
		}
		for _, err := range atOnce(steps...) {
			t.Errorf("round %d: %v", round, err)
		}
		if state := w.waitOf(first, waits[0]).State; state != booking.Offered && state != booking.Served {
			t.Errorf("round %d: the first in line is %s", round, state)
		}
		if _, err := w.ServeLine(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range w.violations() {
		t.Error(v)
	}
	if left := w.unserved(); len(left) > 0 {
		t.Errorf("free, and not offered to %v", left)
	}
	if n := w.count("SELECT count(*) FROM reservations r JOIN people p ON p.id = r.made_by WHERE p.name IN ('p4', 'p5')"); n > 0 {
		t.Errorf("%d bookings got past the line", n)
	}
}

// The same offer accepted, declined and running out at once has one outcome.
func TestAnswersRace(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	for round := range 10 {
		date := fmt.Sprintf("2026-12-%02d ", round+1)
		taken := w.mustTake(aino, "huone", date+"17:00", date+"18:00")
		first, second := w.mustJoin(eino, "huone", date+"17:00", date+"18:00"), w.mustJoin(siiri, "huone", date+"17:00", date+"18:00")
		w.cancel(aino, taken)
		wrong := atOnce(
			func() error { _, err := w.AcceptOffer(ctx, eino, first.UID); return err },
			func() error { _, err := w.AcceptOffer(ctx, eino, first.UID); return err },
			func() error { _, err := w.DeclineOffer(ctx, eino, first.UID); return err },
			func() error { _, err := w.take(aino, "huone", date+"17:00", date+"18:00"); return err },
			func() error { return w.Release(ctx, eino, w.waitOf(eino, first).Number) },
		)
		for _, err := range wrong {
			t.Errorf("round %d: %v", round, err)
		}
		states := []booking.WaitState{w.waitOf(eino, first).State, w.waitOf(siiri, second).State}
		if !slices.Equal(states, []booking.WaitState{booking.Served, booking.InLine}) && !slices.Equal(states, []booking.WaitState{booking.Left, booking.Offered}) {
			t.Errorf("round %d ended with %v", round, states)
		}
	}
	for _, v := range w.violations() {
		t.Error(v)
	}
}

// Any sequence of what people and clocks do: after the job nothing that is free
// waits, offers have their holds, and the earlier of two who fit is served.
func TestLineInvariants(t *testing.T) {
	w := newWorld(t)
	w.tree()
	rooms := []string{"s1", "s1-1", "s1-1-1", "s1-1-2", "s1-2"}
	random := rand.New(rand.NewPCG(16, 4))
	people := make([]accounts.Actor, 5)
	for i := range people {
		people[i] = w.person(fmt.Sprintf("p%d", i))
	}
	var made []booking.Reservation
	waits := map[int][]booking.Wait{}
	for step := range 300 {
		who := random.IntN(len(people))
		begin := at("2026-11-24 08:00").Add(time.Duration(random.IntN(12)) * 30 * time.Minute)
		req := w.request(rooms[random.IntN(len(rooms))], "2026-11-24 08:00", "2026-11-24 09:00")
		req.Times = booking.Times{Begin: begin, End: begin.Add(time.Duration(1+random.IntN(3)) * 30 * time.Minute)}
		var err error
		switch random.IntN(8) {
		case 0, 1:
			var r booking.Reservation
			if r, err = w.Book(ctx, people[who], req); err == nil {
				made = append(made, r)
			}
		case 2, 3:
			var wait booking.Wait
			if wait, err = w.JoinLine(ctx, people[who], req); err == nil {
				waits[who] = append(waits[who], wait)
			}
		case 4, 5:
			if len(made) > 0 {
				r := made[random.IntN(len(made))]
				_, err = w.Cancel(ctx, people[w.indexOf(people, *r.MadeBy)], booking.Change{Ref: r.Number, ReasonCode: "other"})
			}
		case 6:
			for _, wait := range waits[who] {
				if random.IntN(2) == 0 {
					_, err = w.AcceptOffer(ctx, people[who], wait.UID)
				} else {
					_, err = w.LeaveLine(ctx, people[who], wait.UID)
				}
			}
		case 7:
			w.clock = w.clock.Add(time.Duration(random.IntN(40)) * time.Minute)
			_, err = w.RemoveExpiredHolds(ctx, 100)
		}
		if err != nil && ours(err) != nil {
			t.Fatalf("step %d: %v", step, err)
		}
	}
	_, err := w.RemoveExpiredHolds(ctx, 100)
	w.must(err)
	_, err = w.ServeLine(ctx)
	w.must(err)
	if left := w.unserved(); len(left) > 0 {
		t.Errorf("free, and not offered to %v", left)
	}
	if n := w.count(`SELECT count(*) FROM waiting t WHERE t.state = 'offered' AND NOT EXISTS (SELECT 1 FROM offers o JOIN reservations r ON r.offer = o.id
		WHERE o.waiting = t.id AND o.state = 'open' AND r.state = 'held')`); n > 0 {
		t.Errorf("%d offers without a hold", n)
	}
	if n := w.count("SELECT count(*) FROM offers WHERE state = 'accepted'"); n < 3 {
		t.Errorf("only %d offers were accepted: the test did not try", n)
	}
	for _, v := range w.violations() {
		t.Error(v)
	}
}

func (w *world) indexOf(people []accounts.Actor, id int64) int {
	return slices.IndexFunc(people, func(a accounts.Actor) bool { return a.ID() == id })
}
