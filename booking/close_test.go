package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// closing closes rooms; times are pairs of begin and end.
func (w *world) closing(rooms []string, spans ...string) booking.Closing {
	c := booking.Closing{Title: "Lattian lakkaus"}
	for _, room := range rooms {
		c.Resources = append(c.Resources, w.rooms[room].UID)
	}
	for i := 0; i+1 < len(spans); i += 2 {
		c.Times = append(c.Times, times(spans[i], spans[i+1]))
	}
	return c
}

func daily(first, last string, from, to calendar.Minute) []booking.Times {
	return booking.Daily{First: dateOf(first), Last: dateOf(last), From: from, To: to}.Times(helsinki)
}

// hitNames are what is hit, as "room kind number".
func hitNames(hits []booking.Hit) (names []string) {
	for _, h := range hits {
		names = append(names, fmt.Sprintf("%s %s %s %v", h.Resource.Slug, h.Kind, h.Card.Number, h.Decide))
	}
	return names
}

// closingWorld has a hall of two courts, a room where requests compete, and
// something of every kind in the week from 30 November.
func closingWorld(t *testing.T) (w *world, manager, aino, eino accounts.Actor) {
	w = newWorld(t)
	w.tree()
	w.room("kilpa", []string{"k"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	return w, w.manager(), w.person("aino"), w.person("eino")
}

func TestClosingTellsWhatItHitsAndChangesNothing(t *testing.T) {
	w, manager, aino, eino := closingWorld(t)
	whole := w.mustTake(aino, "s1", "2026-12-01 12:00", "2026-12-01 14:00")
	court := w.mustTake(aino, "s1-1-1", "2026-12-02 12:00", "2026-12-02 14:00")
	rival := w.mustTake(eino, "kilpa", "2026-12-03 12:00", "2026-12-03 14:00")
	w.mustTake(eino, "s1-2", "2026-12-02 12:00", "2026-12-02 14:00") // another court
	earlier, err := w.Close(ctx, manager, w.closing([]string{"s1-1"}, "2026-12-04 08:00", "2026-12-04 10:00"))
	w.must(err)
	held, err := w.Hold(ctx, w.visitor(), w.rooms["kilpa"].UID, times("2026-12-04 12:00", "2026-12-04 13:00"))
	w.must(err)
	rows := w.count("SELECT count(*) FROM reservations") + w.count("SELECT count(*) FROM audit") + w.count("SELECT count(*) FROM outbox")

	c := w.closing([]string{"s1-1", "kilpa"}, "2026-11-30 00:00", "2026-12-07 00:00")
	preview, err := w.PreviewClosing(ctx, manager, c)
	w.must(err)
	want := []string{
		"s1-1 reservation " + whole.Number + " true", "s1-1 reservation " + court.Number + " true",
		"s1-1 closure " + earlier.Closed[0].Number + " false",
		"kilpa request " + rival.Number + " true", "kilpa hold " + held.Number + " false",
	}
	if got := hitNames(preview.Hits); !slices.Equal(got, want) {
		t.Fatalf("hits %q, want %q", got, want)
	}
	if preview.Hits[0].Card.HolderName != "aino" || preview.Decisions() != 3 {
		t.Errorf("holder %q, %d decisions", preview.Hits[0].Card.HolderName, preview.Decisions())
	}
	if now := w.count("SELECT count(*) FROM reservations") + w.count("SELECT count(*) FROM audit") + w.count("SELECT count(*) FROM outbox"); now != rows {
		t.Error("the preview wrote something")
	}
	_, err = w.Close(ctx, manager, c)
	var no *booking.Blocked
	if !errors.As(err, &no) || !fault.Is(err, fault.Conflict) || !slices.Equal(hitNames(no.Hits), want) {
		t.Fatalf("close: %v", err)
	}
	if now := w.count("SELECT count(*) FROM reservations") + w.count("SELECT count(*) FROM audit") + w.count("SELECT count(*) FROM outbox"); now != rows {
		t.Error("the refused closing wrote something")
	}
	c.OnHit, c.DenyReason = booking.DenyHits, "Lattia lakataan."
	report, err := w.Close(ctx, manager, c)
	if err != nil || !slices.Equal(hitNames(report.Hits), want) || len(report.Closed) != 2 {
		t.Fatalf("deny: %v, %q", err, hitNames(report.Hits))
	}
	if !slices.Equal(report.Denied, []string{whole.Number, court.Number, rival.Number}) {
		t.Errorf("denied %v", report.Denied)
	}
	w.sound()
}

// sound checks the invariants.
func (w *world) sound() {
	w.t.Helper()
	for _, wrong := range w.violations() {
		w.t.Error(wrong)
	}
}

func TestClosingDeniesWithOneMailPerPerson(t *testing.T) {
	w, manager, aino, eino := closingWorld(t)
	first := w.mustTake(aino, "s1-1", "2026-12-01 12:00", "2026-12-01 14:00")
	w.mustTake(aino, "s1-2", "2026-12-02 12:00", "2026-12-02 14:00")
	w.mustTake(eino, "s1-2", "2026-12-03 12:00", "2026-12-03 14:00")
	c := w.closing([]string{"s1-1", "s1-2"}, "2026-11-30 00:00", "2026-12-07 00:00")
	c.OnHit = booking.DenyHits
	_, err := w.Close(ctx, manager, c)
	w.wantCode(err, "booking.reason_missing")
	c.DenyReason = "Lattia lakataan."
	report, err := w.Close(ctx, manager, c)
	w.must(err)
	if len(report.Denied) != 3 || len(report.Closed) != 2 {
		t.Fatalf("%d denied, %d closed", len(report.Denied), len(report.Closed))
	}
	for topic, want := range map[string]int{"closing.denied": 1, "reservation.denied": 1} {
		if n := w.count("SELECT count(*) FROM outbox WHERE topic = ?", topic); n != want {
			t.Errorf("%d mails %s, want %d", n, topic, want)
		}
	}
	if n := w.count("SELECT jsonb_array_length(payload->'reservations') FROM outbox WHERE topic = 'closing.denied' AND recipient = 'aino@demo.example'"); n != 2 {
		t.Errorf("the mail lists %d", n)
	}
	card, err := w.Get(ctx, aino, first.Number)
	if err != nil || card.State != booking.Denied || card.ReasonText != "Lattia lakataan." || card.DecidedBy == nil {
		t.Errorf("%+v, %v", card.Reservation, err)
	}
	if closed := report.Closed[0]; closed.State != booking.Confirmed || closed.Kind != policies.Closure || closed.BufferBefore+closed.BufferAfter != 0 || closed.Title != "Lattian lakkaus" {
		t.Errorf("%+v", closed)
	}
	w.refused(eino, "s1", "2026-12-05 12:00", "2026-12-05 13:00")
	w.sound()
}

func TestClosingSkipsWhatIsHit(t *testing.T) {
	w, manager, aino, _ := closingWorld(t)
	kept := w.mustTake(aino, "s1-1", "2026-12-01 12:00", "2026-12-01 14:00")
	c := w.closing([]string{"s1-1", "s1-2"})
	c.Times = daily("2026-11-30", "2026-12-02", 8*60, 16*60)
	c.OnHit = booking.SkipHits
	report, err := w.Close(ctx, manager, c)
	if err != nil || len(report.Closed) != 5 || len(report.Open) != 1 || len(report.Denied) != 0 {
		t.Fatalf("%d closed, %d open, %v", len(report.Closed), len(report.Open), err)
	}
	if open := report.Open[0]; open.Resource.Slug != "s1-1" || !open.Begin.Equal(at("2026-12-01 08:00")) {
		t.Errorf("open %s %s", open.Resource.Slug, open.Begin)
	}
	if card, err := w.Get(ctx, aino, kept.Number); err != nil || card.State != booking.Confirmed {
		t.Errorf("kept: %v %v", card.State, err)
	}
	w.sound()
}

func TestClosingDisplacesHoldsOfVisitorsOnly(t *testing.T) {
	w, manager, aino, _ := closingWorld(t)
	visitor := w.visitor()
	_, err := w.Hold(ctx, visitor, w.rooms["s1-1"].UID, times("2026-12-01 12:00", "2026-12-01 13:00"))
	w.must(err)
	c := w.closing([]string{"s1-1"}, "2026-12-01 08:00", "2026-12-01 16:00")
	_, err = w.Close(ctx, manager, c)
	w.must(err)
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'held'"); n != 0 {
		t.Error("the visitor's hold is still there")
	}
	_, err = w.Hold(ctx, aino, w.rooms["s1-2"].UID, times("2026-12-01 12:00", "2026-12-01 13:00"))
	w.must(err)
	c = w.closing([]string{"s1-2"}, "2026-12-01 08:00", "2026-12-01 16:00")
	c.OnHit, c.DenyReason = booking.DenyHits, "huolto"
	_, err = w.Close(ctx, manager, c)
	w.wantCode(err, "booking.closing_kept")
	w.sound()
}

func TestClosingIgnoresBuffersAndOtherClosures(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 60, 60 })
	manager, aino := w.manager(), w.person("aino")
	w.mustTake(aino, "huone", "2026-12-01 12:00", "2026-12-01 14:00")
	c := w.closing([]string{"huone"}, "2026-12-01 14:00", "2026-12-01 16:00")
	for range 2 { // they may lie on each other
		if report, err := w.Close(ctx, manager, c); err != nil || report.Decisions() != 0 {
			t.Fatalf("%v, %q", err, hitNames(report.Hits))
		}
	}
	w.sound()
}

func TestClosingIsMadeOnceAndForItsOwnUnitsOnly(t *testing.T) {
	w, manager, aino, _ := closingWorld(t)
	c := w.closing([]string{"s1-1", "s1-2"}, "2026-12-01 08:00", "2026-12-01 16:00")
	c.Key.Actor, c.Key.Route, c.Key.Key, c.Key.Request = manager.Name(), "close", "k", []byte("x")
	first, err := w.Close(ctx, manager, c)
	w.must(err)
	again, err := w.Close(ctx, manager, c)
	if err != nil || len(again.Closed) != 2 || again.Closed[0].UID != first.Closed[0].UID || w.count("SELECT count(*) FROM reservations") != 2 {
		t.Errorf("again: %+v, %v", again, err)
	}
	c.Key.Key = ""
	if _, err := w.Close(ctx, aino, c); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident: %v", err)
	}
	if _, err := w.PreviewClosing(ctx, aino, c); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident looks: %v", err)
	}
	if _, err := w.Close(ctx, accounts.Actor{}, c); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	viewer := w.person("katsoja", accounts.Role{Unit: &w.unit.ID, Role: accounts.Viewer})
	if _, err := w.Close(ctx, viewer, c); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a viewer: %v", err)
	}
}

func TestClosingHidesNamesOfOtherUnits(t *testing.T) {
	w, manager, aino, _ := closingWorld(t)
	other, err := w.Resources.AddUnit(ctx, w.DB, resources.Unit{Slug: "muu", Name: text("Muu"), City: "Helsinki", Holidays: "normal"})
	w.must(err)
	home := w.unit
	w.unit = other
	shared := w.room("lainassa", []string{"z"}, nil)
	w.unit = home
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error { return w.hours(tx, resources.Owner{Unit: other.ID}, "06:00", "23:00") }))
	w.must(exec(w, "INSERT INTO resource_atoms (resource, unit, atom) SELECT ?, unit, atom FROM resource_atoms WHERE resource = ?", shared.ID, w.rooms["s1-1-2"].ID))
	w.mustTake(aino, "lainassa", "2026-12-01 12:00", "2026-12-01 14:00")
	c := w.closing([]string{"s1-1"}, "2026-12-01 08:00", "2026-12-01 16:00")
	c.OnHit, c.DenyReason = booking.DenyHits, "huolto"
	preview, err := w.PreviewClosing(ctx, manager, c)
	if err != nil || len(preview.Hits) != 1 || !preview.Hits[0].Foreign || preview.Hits[0].Card.HolderName+preview.Hits[0].Card.Title != "" {
		t.Fatalf("%+v, %v", preview.Hits, err)
	}
	_, err = w.Close(ctx, manager, c)
	w.wantCode(err, "booking.closing_kept")
}

func TestBadClosingsAreRefused(t *testing.T) {
	w, manager, _, _ := closingWorld(t)
	good := func() booking.Closing {
		return w.closing([]string{"s1-1"}, "2026-12-01 08:00", "2026-12-01 16:00")
	}
	for code, change := range map[string]func(c *booking.Closing){
		"booking.closing_no_rooms": func(c *booking.Closing) { c.Resources = nil },
		"resource.not_found":       func(c *booking.Closing) { c.Resources = append(c.Resources, uuid.New()) },
		"booking.bad_time":         func(c *booking.Closing) { c.Times = nil },
		"booking.end_before_begin": func(c *booking.Closing) { c.Times[0].End = c.Times[0].Begin },
		"booking.past":             func(c *booking.Closing) { c.Times[0] = times("2026-11-20 08:00", "2026-11-20 10:00") },
		"booking.closing_on_hit":   func(c *booking.Closing) { c.OnHit = "ask" },
		"booking.closing_too_many": func(c *booking.Closing) {
			c.Times = daily("2026-12-01", "2029-12-01", 480, 540)
		},
		"bad_characters": func(c *booking.Closing) { c.Title = "a\x00" },
		"too_long":       func(c *booking.Closing) { c.Reason = string(make([]rune, 3000)) },
	} {
		c := good()
		change(&c)
		_, err := w.Close(ctx, manager, c)
		w.wantCode(err, code)
	}
	if n := w.count("SELECT count(*) FROM reservations"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

func TestAClosingOfTodayBeginsNow(t *testing.T) {
	w, manager, aino, _ := closingWorld(t)
	w.mustTake(aino, "s1-1", "2026-11-23 12:00", "2026-11-23 12:30")
	w.clock = at("2026-11-23 12:45")
	report, err := w.Close(ctx, manager, w.closing([]string{"s1-1"}, "2026-11-23 00:00", "2026-11-24 00:00"))
	if err != nil || len(report.Hits) != 0 || !report.Closed[0].BeginAt.Equal(w.clock) {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestDailyClosingKeepsTheWallClock(t *testing.T) {
	list := daily("2026-10-24", "2026-10-26", 8*60, 24*60)
	want := []booking.Times{
		times("2026-10-24 08:00", "2026-10-25 00:00"), times("2026-10-25 08:00", "2026-10-26 00:00"), times("2026-10-26 08:00", "2026-10-27 00:00"),
	}
	if !slices.EqualFunc(list, want, func(a, b booking.Times) bool { return a.Begin.Equal(b.Begin) && a.End.Equal(b.End) }) {
		t.Errorf("%v", list)
	}
	gap := daily("2027-03-28", "2027-03-28", 3*60, 4*60) // the hour that is not there
	if len(gap) != 0 {
		t.Errorf("%v", gap)
	}
}

// TestClosingsRaceWithBookings closes rooms of one tree from two sides, in
// opposite order, while others book, move and cancel in them.
func TestClosingsRaceWithBookings(t *testing.T) {
	w := newWorld(t)
	w.tree()
	manager, second := w.manager(), w.person("toinen", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager})
	rooms := []string{"s1-1-1", "s1-1-2", "s1-2"}
	var all sync.WaitGroup
	failures := make(chan error, 200)
	note := func(err error) {
		var no *booking.Blocked
		if kind := fault.As(err).Kind; err != nil && !errors.As(err, &no) && kind != fault.Conflict && kind != fault.Refused {
			failures <- err
		}
	}
	for i, closer := range []accounts.Actor{manager, second} {
		all.Go(func() {
			for round := range 6 {
				order := slices.Clone(rooms)
				if i == 1 {
					slices.Reverse(order)
				}
				c := w.closing(order)
				day := dateOf("2026-12-01").AddDays(round)
				c.Times = booking.Daily{First: day, Last: day.AddDays(1), From: 8 * 60, To: 12 * 60}.Times(helsinki)
				c.OnHit, c.DenyReason = []booking.OnHit{booking.DenyHits, booking.SkipHits, booking.RefuseHits}[round%3], "huolto"
				_, err := w.Close(ctx, closer, c)
				note(err)
			}
		})
	}
	for i := range 6 {
		who := w.person(fmt.Sprintf("p%d", i))
		all.Go(func() {
			for n := range 12 {
				day := fmt.Sprintf("2026-12-%02d ", 1+(i+n)%7)
				room := []string{"s1", "s1-1", "s1-1-1", "s1-2"}[(i+n)%4]
				r, err := w.take(who, room, day+"09:00", day+"10:00")
				note(err)
				if err == nil && n%2 == 0 {
					_, err = w.Move(ctx, who, booking.Change{Ref: r.Number}, times(day+"10:00", day+"11:00"))
					note(err)
				} else if err == nil {
					_, err = w.Cancel(ctx, who, booking.Change{Ref: r.Number, ReasonCode: "other"})
					note(err)
				}
			}
		})
	}
	all.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	w.sound()
}
