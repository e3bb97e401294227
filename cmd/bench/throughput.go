package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"vuoro/calendar"
)

// connections is how many book at once.
const connections = 8

// The months in which each kind of booking finds its slots.
var (
	httpSlots  = slots{2026, time.December}
	benchSlots = slots{2027, time.January}
	boundSlots = slots{2027, time.February}
	looseSlots = slots{2027, time.March}
)

// crowd is what a number of bookings over HTTP came to.
type crowd struct {
	rate     float64 // bookings per second
	p50, p99 float64 // seconds
}

// booking are goals 1 and 4: how many bookings a second, and how many when all
// want the same room.
func (a *arena) booking(ctx context.Context, bench *pgbench, each int) (trial, error) {
	t := trial{
		name: "bookings",
		goals: []goal{
			{1, "bookings a second over HTTP, all checks, signed in, 8 connections ÷ pgbench with the same statements", ratio, 0.55, true, "pgbench"},
			{1, "the same, 99th percentile ÷ median of the answer times", ratio, 6, false, "median"},
			{4, "bookings a second, one room on different days ÷ spread over all rooms", ratio, 0.5, true, "spread"},
		},
	}
	recorded, err := a.record(ctx)
	if err != nil {
		return t, err
	}
	text, err := a.scriptOf(ctx, recorded, benchSlots)
	if err != nil {
		return t, err
	}
	t.note = func() string {
		return fmt.Sprintf("1: one booking sends the database %d statements, begin and commit among them.", len(recorded.list))
	}
	t.round = func(ctx context.Context) ([]reading, error) {
		spread, err := a.bookSpread(each)
		if err != nil {
			return nil, err
		}
		rate, err := a.benchBookings(ctx, bench, text, each)
		if err != nil {
			return nil, err
		}
		alone, err := a.bookOneRoom(each / 2)
		return []reading{{spread.rate, rate}, {spread.p99, spread.p50}, {alone.rate, spread.rate}}, err
	}
	return t, nil
}

// benchBookings runs the script and checks that it booked.
func (a *arena) benchBookings(ctx context.Context, bench *pgbench, text string, each int) (float64, error) {
	first, err := a.take(benchSlots, each*connections)
	if err != nil {
		return 0, err
	}
	before, err := a.written(ctx)
	if err != nil {
		return 0, err
	}
	rate, err := bench.run(ctx, job{a.dsn, text, each, first})
	if err != nil {
		return 0, err
	}
	after, err := a.written(ctx)
	if want := before.and(each * connections); err == nil && after != want {
		err = fmt.Errorf("pgbench left %+v, not %+v", after, want)
	}
	return rate, err
}

// written are the rows that every booking of the arena writes one of.
type written struct{ Reservations, Occupancies, Changes, Mails, Audits int }

func (w written) and(n int) written {
	return written{w.Reservations + n, w.Occupancies + n, w.Changes + n, w.Mails + n, w.Audits + n}
}

func (a *arena) written(ctx context.Context) (w written, err error) {
	err = a.db.Query(ctx, &w, `SELECT (SELECT count(*) FROM reservations) AS reservations, (SELECT count(*) FROM occupancies) AS occupancies,
		(SELECT count(*) FROM change_log) AS changes, (SELECT count(*) FROM outbox) AS mails,
		(SELECT coalesce(sum(number), 0) FROM audit_heads) AS audits`)
	return w, err
}

// bookSpread books slots of all rooms.
func (a *arena) bookSpread(each int) (crowd, error) {
	first, err := a.take(httpSlots, each*connections)
	if err != nil {
		return crowd{}, err
	}
	return a.bookAll(each, func(n int) (booked, time.Time) {
		room, begin := httpSlots.at(first + n)
		return a.rooms[room], begin
	})
}

// How the one room is filled: neighbours in time book different days.
const oneRoomDays = 1500

// bookOneRoom books one room; whoever books at the same time wants another day.
func (a *arena) bookOneRoom(each int) (crowd, error) {
	first := a.oneRoom
	a.oneRoom += each * connections
	return a.bookAll(each, func(n int) (booked, time.Time) {
		n += first
		return a.rooms[0], a.dayHour(400+n%oneRoomDays, 8+n/oneRoomDays)
	})
}

// bookAll books n = 0, 1, … each times the connections, on all of them at once.
func (a *arena) bookAll(each int, slot func(n int) (booked, time.Time)) (crowd, error) {
	lines := make([]*wire, connections)
	for i := range lines {
		line, err := dial(a.address)
		if err != nil {
			return crowd{}, err
		}
		defer line.close()
		lines[i] = line
	}
	requests := make([][]byte, each*connections)
	for n := range requests {
		room, begin := slot(n)
		requests[n] = a.people[n%connections].booking(room, begin)
	}
	took := make([][]float64, connections)
	failures := make([]error, connections)
	var next atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for i, line := range lines {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(requests); n = int(next.Add(1)) - 1 {
				sent := time.Now()
				status, _, err := line.ask(requests[n])
				if err != nil || status != http.StatusCreated {
					failures[i] = fmt.Errorf("booking %d was answered with %d: %w", n, status, err)
					return
				}
				took[i] = append(took[i], time.Since(sent).Seconds())
			}
		})
	}
	all.Wait()
	lasted := time.Since(begun).Seconds()
	for _, err := range failures {
		if err != nil {
			return crowd{}, err
		}
	}
	times := slices.Sorted(slices.Values(slices.Concat(took...)))
	return crowd{float64(len(times)) / lasted, times[len(times)/2], times[len(times)*99/100]}, nil
}

// recording is one booking: what was sent for it, and what it was.
type recording struct {
	list []statement
	told told
}

// record books once over HTTP, when everything is warm, and keeps what was sent.
func (a *arena) record(ctx context.Context) (recording, error) {
	if _, err := a.bookSpread(5); err != nil {
		return recording{}, err
	}
	first, err := a.take(httpSlots, 1)
	if err != nil {
		return recording{}, err
	}
	room, begin := httpSlots.at(first)
	r := recording{told: told{person: a.people[3], room: a.rooms[room], begin: begin}}
	r.told.day = calendar.Date{Year: 1970, Month: 1, Day: 1}.DaysUntil(calendar.DateOf(begin, a.zone))
	line, err := dial(a.address)
	if err != nil {
		return r, err
	}
	defer line.close()
	r.list, err = a.recorder.during(func() error {
		status, _, err := line.ask(r.told.person.booking(r.told.room, begin))
		if err == nil && status != http.StatusCreated {
			err = fmt.Errorf("the recorded booking was answered with %d", status)
		}
		return err
	})
	if err != nil {
		return r, err
	}
	err = a.db.Query(ctx, &r.told.made, "SELECT id, number, CAST(uid AS text) AS uid FROM reservations ORDER BY id DESC LIMIT 1")
	return r, err
}

// scriptOf is the recorded booking as a script.
func (a *arena) scriptOf(ctx context.Context, r recording, in slots) (string, error) {
	conn, err := pgx.Connect(ctx, a.dsn)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	r.told.slots = in
	return newScript(a, r.told).write(ctx, conn, in, r.list)
}

// tokenHash is what the database keeps of a token, as its parameter is written.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return `\x` + hex.EncodeToString(sum[:])
}

// inserts are the statements of a booking that write its row and its time.
func (r recording) inserts() []statement {
	list := []statement{{sql: "begin"}}
	for _, st := range r.list {
		sql := strings.ToLower(strings.Join(strings.Fields(st.sql), " "))
		if strings.HasPrefix(sql, `insert into "reservations"`) || strings.HasPrefix(sql, "insert into reservations") ||
			strings.HasPrefix(sql, "insert into occupancies") {
			list = append(list, st)
		}
	}
	return append(list, statement{sql: "commit"})
}

// insert is goal 2: what the constraint costs.
func (a *arena) insert(ctx context.Context, bench *pgbench, each int) (trial, error) {
	t := trial{
		name:  "inserts",
		goals: []goal{{2, "booking insert with the constraint ÷ into a table without any", ratio, 0.45, true, "without"}},
	}
	recorded, err := a.record(ctx)
	if err != nil {
		return t, err
	}
	recorded.list = recorded.inserts()
	bound, err := a.scriptOf(ctx, recorded, boundSlots)
	if err != nil {
		return t, err
	}
	loose, err := a.scriptOf(ctx, recorded, looseSlots)
	if err != nil {
		return t, err
	}
	loose = strings.ReplaceAll(loose, "INSERT INTO occupancies", "INSERT INTO occupancies_loose")
	if _, err := a.db.Exec(ctx, "CREATE TABLE occupancies_loose (reservation bigint, unit int, atom int, side bigint, during tstzrange)"); err != nil {
		return t, err
	}
	t.round = func(ctx context.Context) ([]reading, error) {
		var rates [2]float64
		for i, kind := range []struct {
			slots slots
			text  string
		}{{boundSlots, bound}, {looseSlots, loose}} {
			first, err := a.take(kind.slots, each*connections)
			if err != nil {
				return nil, err
			}
			if rates[i], err = bench.run(ctx, job{a.dsn, kind.text, each, first}); err != nil {
				return nil, err
			}
		}
		return []reading{{rates[0], rates[1]}}, nil
	}
	return t, nil
}
