package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/db/dbtest"
)

const racers = 50

// rounds is 200 in the long form. Each lost request looks for alternatives,
// which is most of what a round costs.
func rounds() int {
	if os.Getenv("FULL") != "" {
		return 200
	}
	return 20
}

// TestScenario5OneWinnerPerSlot: fifty clients want the same time over HTTP.
func TestScenario5OneWinnerPerSlot(t *testing.T) {
	race(t, func(int) string { return "oodi-ryhmahuone" }, weekend)
}

// TestScenario6OneWinnerAcrossWholeAndPart: half of them want the school's whole
// gym, the others a third of it.
func TestScenario6OneWinnerAcrossWholeAndPart(t *testing.T) {
	race(t, func(client int) string {
		if client%2 == 0 {
			return "esimerkkikoulun-liikuntasali"
		}
		return "esimerkkikoulun-liikuntasali-b"
	}, weekend)
}

// weekend gives each round an hour of a coming weekend, when school and library
// are open from ten to eight; after 24 rounds the hours, given back by then,
// come again.
func weekend(round int) (begin, end time.Time) {
	days := []int{28, 29, 35} // 6 December is a holiday
	begin = time.Date(2026, 11, days[round%3], 8+(round/3)%8, 0, 0, 0, time.UTC)
	return begin, begin.Add(time.Hour)
}

func race(t *testing.T, room func(client int) string, slot func(round int) (begin, end time.Time)) {
	dsn := dbtest.DSN(t)
	t.Run("rounds", func(t *testing.T) { // its own scope: the pool is closed before the statistics are read
		w := newTown(t, dsn, racers)
		began := time.Now()
		for round := range rounds() {
			begin, end := slot(round)
			w.giveBack(w.round(round, room, begin, end))
		}
		took := time.Since(began)
		t.Logf("%d clients, %d rounds: %.1f s, %.1f rounds/s, %.0f requests/s",
			racers, rounds(), took.Seconds(), float64(rounds())/took.Seconds(), float64(racers*rounds())/took.Seconds())
	})
	assertNoDeadlock(t, dsn)
}

// round lets every client ask at once and gives the id of what was booked.
func (w *town) round(n int, room func(client int) string, begin, end time.Time) (winner demoPerson, id string) {
	w.t.Helper()
	start := make(chan struct{})
	answers := make([]answer, racers)
	errs := make([]error, racers)
	asking := w.racers()
	var done sync.WaitGroup
	for client := range racers {
		body := object{"resource": w.rooms[room(client)], "begin": begin, "end": end, "persons": 4, "purpose": "sports", "title": fmt.Sprint("round ", n)}
		if !strings.HasPrefix(room(client), "esimerkkikoulun") {
			body["purpose"] = "study"
		}
		done.Go(func() {
			<-start
			answers[client], errs[client] = w.call(asking[client].Token, http.MethodPost, "/reservations", body)
		})
	}
	close(start)
	done.Wait()
	for client, a := range answers {
		must(w.t, errs[client])
		if a.status != http.StatusCreated {
			a.want(http.StatusConflict, "booking.overlap")
			continue
		}
		if id != "" {
			w.t.Fatalf("round %d has two winners", n)
		}
		var made struct{ ID, State string }
		if a.into(&made); made.State != "confirmed" {
			w.t.Fatalf("round %d: the winner's state is %s", n, made.State)
		}
		winner, id = asking[client], made.ID
	}
	if id == "" {
		w.t.Fatalf("round %d has no winner", n)
	}
	return winner, id
}

// racers are the town's people, each with several clients.
func (w *town) racers() []demoPerson {
	names := []string{"aino", "ebba", "ville", "otso", "helmi"}
	list := make([]demoPerson, racers)
	for i := range list {
		list[i] = w.people[names[i%len(names)]]
	}
	return list
}

func (w *town) giveBack(winner demoPerson, id string) {
	w.t.Helper()
	a, err := w.call(winner.Token, http.MethodPost, "/reservations/"+id+"/cancel", object{"reason_code": "other"}, "If-Match", `"1"`)
	must(w.t, err)
	a.want(http.StatusOK, "")
}

func assertNoDeadlock(t *testing.T, dsn string) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: dsn})
	must(t, err)
	defer d.Close()
	var deadlocks, commits, left int
	must(t, d.Query(t.Context(), &deadlocks, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	must(t, d.Query(t.Context(), &commits, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))
	must(t, d.Query(t.Context(), &left, "SELECT count(*) FROM occupancies"))
	if deadlocks != 0 || left != 0 {
		t.Errorf("%d deadlocks, %d occupancies left", deadlocks, left)
	}
	if commits < rounds() {
		t.Errorf("the statistics count %d transactions: too few to tell anything", commits)
	}
}
