package booking_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

// seriesRounds is more in the long form.
func seriesRounds() int {
	if os.Getenv("FULL") != "" {
		return 40
	}
	return 4
}

// raceWorld is a hall of two courts, and people who all want it.
func raceWorld(t *testing.T) (*world, []accounts.Actor) {
	w := newWorld(t)
	w.tree()
	w.seriesRoom("oma", []string{"oma"}, nil)
	w.must(exec(w, "UPDATE resources SET buffer_after = 30, rule_book = 'series'"))
	var people []accounts.Actor
	for i := range 4 {
		people = append(people, w.person(fmt.Sprintf("p%d", i)))
	}
	return w, people
}

// alternating asks for eight Tuesdays of a round's own hour: every other one in
// the first room, the rest by fixes in the second.
func (w *world) alternating(round int, first, second string, odd bool) booking.SeriesRequest {
	req := w.series(first, fmt.Sprintf("2026-12-01 %02d:00-%02d:30", 7+round%14, 7+round%14), "FREQ=WEEKLY;BYDAY=TU;COUNT=8")
	req.First = req.First.AddDays(70 * (round / 14))
	for i := range 8 {
		if date := req.First.AddDays(7 * i); (i%2 == 1) == odd {
			begin := calendar.FirstFrom(date, req.Span.From, helsinki)
			req.Fixes = append(req.Fixes, booking.Fix{
				Date: date, Do: booking.FixInstead, Resource: w.rooms[second].UID, Times: booking.Times{Begin: begin, End: begin.Add(30 * time.Minute)},
			})
		}
	}
	return req
}

// Two series want the same rooms on the same dates and name them in opposite
// order. Strict ones are made whole or not at all; of lenient ones each date is
// somebody's.
func TestSeriesInBothOrders(t *testing.T) {
	w, people := raceWorld(t)
	for round := range seriesRounds() {
		for _, lenient := range []bool{false, true} {
			hour := 2*round + map[bool]int{true: 1}[lenient]
			won, lost := race(people, func(who accounts.Actor) error {
				req := w.alternating(hour, "s1-1-1", "s1-1-2", true)
				if who.ID()%2 == 0 {
					req = w.alternating(hour, "s1-1-2", "s1-1-1", false)
				}
				req.Lenient = lenient
				_, err := w.BookSeries(ctx, who, req)
				return err
			})
			if !lenient && (won != 1 || won+lost != len(people)) {
				t.Fatalf("round %d: %d series made, %d met a conflict", round, won, lost)
			}
			begin := calendar.FirstFrom(w.alternating(hour, "s1", "s1", true).First, calendar.Minute(60*(7+hour%14)), helsinki)
			for week := range 8 {
				at := calendar.FirstFrom(calendar.DateOf(begin, helsinki).AddDays(7*week), calendar.Minute(60*(7+hour%14)), helsinki)
				if n := w.count("SELECT count(*) FROM reservations WHERE occupies AND begin_at = ?", at); n != 1 {
					t.Fatalf("round %d, lenient %v: %d have the date %s", round, lenient, n, at)
				}
			}
		}
	}
	w.noDeadlock()
}

// A series, the hall that it is a part of, and single bookings race for the same
// weeks.
func TestSeriesAgainstHallAndSingles(t *testing.T) {
	w, people := raceWorld(t)
	for round := range seriesRounds() {
		rooms := []string{"s1-1-1", "s1", "s1-1"}
		won, lost := race(people[:3], func(who accounts.Actor) error {
			req := w.series(rooms[who.ID()%3], fmt.Sprintf("2026-12-02 %02d:00-%02d:30", 7+round%14, 7+round%14), "FREQ=WEEKLY;BYDAY=WE;COUNT=6")
			req.First = req.First.AddDays(70 * (round / 14))
			_, err := w.BookSeries(ctx, who, req)
			return err
		})
		if won != 1 || lost != 2 {
			t.Fatalf("round %d: %d series made, %d met a conflict", round, won, lost)
		}
		day := at("2026-12-03 00:00").AddDate(0, 0, 70*(round/14))
		hour := booking.Times{Begin: day.Add(time.Duration(7+round%14) * time.Hour)}
		hour.End = hour.Begin.Add(30 * time.Minute)
		won, lost = race(people, func(who accounts.Actor) error {
			if who.ID()%2 == 0 {
				req := w.series("s1-1-2", fmt.Sprintf("2026-12-03 %02d:00-%02d:30", 7+round%14, 7+round%14), "FREQ=WEEKLY;BYDAY=TH;COUNT=6")
				req.First = req.First.AddDays(70 * (round / 14))
				_, err := w.BookSeries(ctx, who, req)
				return err
			}
			_, err := w.Book(ctx, who, booking.Request{Resource: w.rooms["s1"].UID, Times: hour, Form: policies.Form{TermsAccepted: true}})
			return err
		})
		if won != 1 || won+lost != len(people) {
			t.Fatalf("round %d: %d won, %d met a conflict", round, won, lost)
		}
	}
	w.noDeadlock()
}

// Two people repair a bad date of theirs towards the same slot: one series is
// made, the other's maker is told which date met what.
func TestTwoRepairTowardsOneSlot(t *testing.T) {
	w, people := raceWorld(t)
	for round := range seriesRounds() {
		slot := times("2027-03-05 10:00", "2027-03-05 10:30")
		slot.Begin, slot.End = slot.Begin.AddDate(0, 0, round), slot.End.AddDate(0, 0, round)
		won, lost := race(people[:2], func(who accounts.Actor) error {
			room := []string{"s1-1-1", "s1-1-2"}[who.ID()%2]
			req := w.series(room, fmt.Sprintf("2026-12-04 %02d:00-%02d:30", 7+round%14, 7+round%14), "FREQ=WEEKLY;BYDAY=FR;COUNT=4")
			req.First = req.First.AddDays(70 * (round / 14))
			req.Fixes = []booking.Fix{{Date: req.First, Do: booking.FixInstead, Resource: w.rooms["s1-2"].UID, Times: slot}}
			_, err := w.BookSeries(ctx, who, req)
			return err
		})
		if won != 1 || lost != 1 {
			t.Fatalf("round %d: %d repaired, %d met a conflict", round, won, lost)
		}
	}
	w.noDeadlock()
}

// Whole series are moved, cancelled and booked over at once; whatever comes of
// it, nothing is held twice and nothing is half-made.
func TestSeriesChangesRace(t *testing.T) {
	w, people := raceWorld(t)
	rooms := []string{"s1", "s1-1-1", "s1-1-2", "s1-2"}
	for round := range seriesRounds() {
		refs := map[int64]string{}
		for i, who := range people {
			req := w.series(rooms[i], fmt.Sprintf("2026-12-07 %02d:00-%02d:30", 7+2*i, 7+2*i), "FREQ=WEEKLY;BYDAY=MO;COUNT=5")
			req.First = req.First.AddDays(42 * round)
			refs[who.ID()] = w.mustSeries(who, req).Series.Number
		}
		noon := w.series("s1", "2026-12-07 20:00-20:30", "").Span
		race(people, func(who accounts.Actor) (err error) {
			ref := refs[who.ID()]
			switch who.ID() % 4 {
			case 0:
				_, err = w.CancelSeries(ctx, who, booking.SeriesChange{Ref: ref, ReasonCode: "other"})
			case 1:
				hall := w.rooms["s1"].UID
				_, err = w.EditSeries(ctx, who, booking.SeriesEdit{Ref: ref, Resource: &hall, Span: &noon})
			default:
				_, err = w.EditSeries(ctx, who, booking.SeriesEdit{Ref: ref, Span: &noon, Lenient: who.ID()%4 == 2})
			}
			if kind := fault.As(err).Kind; err != nil && kind != fault.Conflict && kind != fault.Refused {
				t.Errorf("round %d: %v", round, err)
			}
			return err
		})
		w.sound()
	}
	w.noDeadlock()
}

// noDeadlock asks the server's statistics.
func (w *world) noDeadlock() {
	w.t.Helper()
	w.sound()
	time.Sleep(1100 * time.Millisecond) // they are a second late
	if n := w.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
		w.t.Errorf("%d deadlocks", n)
	}
}
