package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// race is how many wanted the same, and how they were answered.
type race struct {
	winners, errors int // 201; 5xx
}

// racers are the open connections of those who race.
type racers []*wire

func (a *arena) racers() (racers, error) {
	list := make(racers, bookers)
	for i := range list {
		var err error
		if list[i], err = dial(a.address); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r racers) close() {
	for _, line := range r {
		line.close()
	}
}

// run lets everybody ask at the same moment.
func (r racers) run(request func(i int) []byte) (race, error) {
	statuses, failures := make([]int, len(r)), make([]error, len(r))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, line := range r {
		asked := request(i)
		all.Go(func() {
			<-start
			statuses[i], _, failures[i] = line.ask(asked)
		})
	}
	close(start)
	all.Wait()
	var out race
	for i, status := range statuses {
		switch {
		case failures[i] != nil:
			return out, failures[i]
		case status == http.StatusCreated:
			out.winners++
		case status >= http.StatusInternalServerError:
			out.errors++
		}
	}
	return out, nil
}

// raced is goal 3: fifty who want one slot, again and again.
func (a *arena) raced(races int) trial {
	t := trial{name: "raced slot", goals: []goal{
		{3, fmt.Sprintf("raced slot, %d clients over HTTP: races without exactly one winner", bookers), count, 0, false, "races"},
		{3, "the same: deadlocks", count, 0, false, "races"},
		{3, "the same: answers 5xx", count, 0, false, "requests"},
	}}
	done := 0
	t.round = func(ctx context.Context) ([]reading, error) {
		wrong, failed := 0, 0
		deadlocks, err := a.raceAll(ctx, races, func() func(i int) []byte {
			begin := a.dayHour(30+done%300, 8+done/300)
			done++
			return func(i int) []byte { return a.people[i].booking(a.rooms[1], begin) }
		}, func(out race) {
			if out.winners != 1 {
				wrong++
			}
			failed += out.errors
		})
		n := float64(races)
		return []reading{{float64(wrong), n}, {float64(deadlocks), n}, {float64(failed), n * bookers}}, err
	}
	return t
}

// crossed is goal 6: two rooms of the same three atoms, listed in opposite
// orders, wanted at times that overlap.
func (a *arena) crossed(races int) trial {
	t := trial{name: "three atoms, both orders", goals: []goal{
		{6, "three-atom bookings raced in both orders: deadlocks", count, 0, false, "races"},
		{6, "the same: races that nobody won", count, 0, false, "races"},
	}}
	done := 0
	t.round = func(ctx context.Context) ([]reading, error) {
		lost := 0
		deadlocks, err := a.raceAll(ctx, races, func() func(i int) []byte {
			begin := a.dayHour(30+done, 10)
			done++
			return func(i int) []byte {
				return a.people[i].booking(a.hall[i%2], begin.Add(time.Duration(i%3)*30*time.Minute))
			}
		}, func(out race) {
			if out.winners == 0 {
				lost++
			}
		})
		n := float64(races)
		return []reading{{float64(deadlocks), n}, {float64(lost), n}}, err
	}
	return t
}

// raceAll runs races one after the other and counts the deadlocks meanwhile. next
// gives what each racer asks for in the coming one, end is told how it went.
func (a *arena) raceAll(ctx context.Context, races int, next func() func(i int) []byte, end func(race)) (deadlocks int, err error) {
	lines, err := a.racers()
	if err != nil {
		return 0, err
	}
	defer lines.close()
	before, err := a.deadlocks(ctx)
	if err != nil {
		return 0, err
	}
	for range races {
		out, err := lines.run(next())
		if err != nil {
			return 0, err
		}
		end(out)
	}
	after, err := a.deadlocks(ctx)
	return after - before, err
}

// flushed is how long PostgreSQL keeps a count to itself; then the next
// statement of the connection hands it in.
const flushed = 1100 * time.Millisecond

// deadlocks is how many there were in the arena's database so far.
func (a *arena) deadlocks(ctx context.Context) (n int, err error) {
	time.Sleep(flushed)
	_, size := a.db.Stat()
	var all sync.WaitGroup
	for range size { // all connections at once, so that each has its turn
		all.Go(func() { _, _ = a.db.Exec(ctx, "SELECT pg_sleep(0.03)") })
	}
	all.Wait()
	err = a.db.Query(ctx, &n, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
	return n, err
}
