package booking_test

import (
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// desk is a town with a room for which everybody must ask, one where requests
// compete, one that is open, and a second unit's manager.
func deskWorld(t *testing.T) (w *world, aino, eino, manager, stranger accounts.Actor) {
	w = newWorld(t)
	w.room("pyynto", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	w.room("kilpa", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	w.room("avoin", []string{"c"}, nil)
	other := resources.Unit{Slug: "muu", Name: text("Muu"), City: "Helsinki", Holidays: "normal"}
	other, err := w.Resources.AddUnit(ctx, w.DB, other)
	w.must(err)
	return w, w.person("aino"), w.person("eino"), w.manager(), w.person("vieras", accounts.Role{Unit: &other.ID, Role: accounts.Manager})
}

func TestInboxFlagsOverlapsAndFirstTimers(t *testing.T) {
	w, aino, eino, manager, stranger := deskWorld(t)
	first := w.mustTake(aino, "kilpa", "2026-11-25 12:00", "2026-11-25 14:00")
	second := w.mustTake(eino, "kilpa", "2026-11-25 13:00", "2026-11-25 15:00")
	alone := w.mustTake(eino, "pyynto", "2026-11-26 12:00", "2026-11-26 13:00")
	w.mustTake(eino, "avoin", "2026-11-27 12:00", "2026-11-27 13:00")

	list, next, err := w.Inbox(ctx, manager, booking.Page{})
	if err != nil || next != "" || len(list) != 3 {
		t.Fatalf("%d requests, next %q, %v", len(list), next, err)
	}
	for i, want := range []struct {
		id       int64
		overlaps int
		first    bool
	}{{first.ID, 1, true}, {second.ID, 1, false}, {alone.ID, 0, false}} {
		if got := list[i]; got.ID != want.id || got.Overlaps != want.overlaps || got.First != want.first {
			t.Errorf("%d: %s overlaps %d first %v, want %+v", i, got.Number, got.Overlaps, got.First, want)
		}
	}
	page, next, err := w.Inbox(ctx, manager, booking.Page{Limit: 2})
	if err != nil || len(page) != 2 || next == "" {
		t.Fatalf("first page %d, next %q, %v", len(page), next, err)
	}
	if rest, _, err := w.Inbox(ctx, manager, booking.Page{Limit: 2, Cursor: next}); err != nil || len(rest) != 1 || rest[0].ID != alone.ID {
		t.Errorf("second page %+v, %v", rest, err)
	}
	if list, _, err := w.Inbox(ctx, stranger, booking.Page{}); err != nil || len(list) != 0 {
		t.Errorf("another unit's manager sees %d, %v", len(list), err)
	}
	if _, _, err := w.Inbox(ctx, aino, booking.Page{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident: %v", err)
	}
}

func TestDeskCountsTheDay(t *testing.T) {
	w, aino, eino, manager, stranger := deskWorld(t)
	over := w.mustTake(eino, "avoin", "2026-11-23 13:00", "2026-11-23 13:30")
	now := w.mustTake(aino, "avoin", "2026-11-23 14:00", "2026-11-23 15:00")
	w.mustTake(aino, "avoin", "2026-11-24 14:00", "2026-11-24 15:00")
	if _, err := w.Book(ctx, manager, booking.Request{Resource: w.rooms["avoin"].UID, Times: times("2026-11-23 18:00", "2026-11-23 19:00"), Kind: policies.Closure, Reason: "huolto"}); err != nil {
		t.Fatal(err)
	}
	made := w.clock
	w.mustTake(aino, "pyynto", "2026-11-30 12:00", "2026-11-30 13:00")
	w.clock = at("2026-11-23 14:30")
	w.mustTake(aino, "pyynto", "2026-11-30 14:00", "2026-11-30 15:00")

	desk, err := w.Desk(ctx, manager)
	if err != nil || desk.Waiting != 2 || !desk.Oldest.Equal(made) || desk.Events != 2 {
		t.Fatalf("%+v, %v", desk, err)
	}
	if len(desk.Next) != 1 || desk.Next[0].ID != now.ID {
		t.Errorf("next %+v, want only %s and not %s", desk.Next, now.Number, over.Number)
	}
	if desk, err := w.Desk(ctx, stranger); err != nil || desk.Waiting+desk.Events+len(desk.Next) != 0 || !desk.Oldest.IsZero() {
		t.Errorf("another unit's: %+v, %v", desk, err)
	}
	if _, err := w.Desk(ctx, eino); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident: %v", err)
	}
}

func TestDecidedListsTheNewestFirst(t *testing.T) {
	w, aino, _, manager, _ := deskWorld(t)
	a := w.mustTake(aino, "pyynto", "2026-11-30 12:00", "2026-11-30 13:00")
	b := w.mustTake(aino, "pyynto", "2026-11-29 12:00", "2026-11-29 13:00")
	_, err := w.Approve(ctx, manager, booking.Change{Ref: b.Number})
	w.must(err)
	w.clock = w.clock.Add(time.Minute)
	_, err = w.Deny(ctx, manager, booking.Change{Ref: a.Number, ReasonText: "remontti"})
	w.must(err)
	list, err := w.Decided(ctx, manager, 5)
	if err != nil || len(list) != 2 || list[0].ID != a.ID || list[1].ID != b.ID {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := w.Decided(ctx, manager, 1); err != nil || len(list) != 1 || list[0].ID != a.ID {
		t.Errorf("one: %+v, %v", list, err)
	}
}

func TestStandingCountsTheHoldersOtherReservations(t *testing.T) {
	w, aino, eino, manager, stranger := deskWorld(t)
	w.mustTake(aino, "avoin", "2026-11-23 13:00", "2026-11-23 14:00")
	gone := w.mustTake(aino, "avoin", "2026-11-24 13:00", "2026-11-24 14:00")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: gone.Number, ReasonCode: "plans_changed"})
	w.must(err)
	w.mustTake(eino, "avoin", "2026-11-24 13:00", "2026-11-24 14:00")
	asked := w.mustTake(aino, "pyynto", "2026-11-30 12:00", "2026-11-30 13:00")
	w.clock = at("2026-11-24 09:00")
	w.mustTake(aino, "avoin", "2026-11-25 13:00", "2026-11-25 14:00")

	got, err := w.HolderStanding(ctx, manager, asked.Number)
	if err != nil || got.Past != 1 || got.Coming != 1 || got.Cancelled != 1 || got.Denied+got.Missed+got.Waiting != 0 || got.Since == nil {
		t.Errorf("%+v, %v", got, err)
	}
	for name, actor := range map[string]accounts.Actor{"another unit's manager": stranger, "its holder": aino, "anonymous": {}} {
		if _, err := w.HolderStanding(ctx, actor, asked.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := w.GetForStaff(ctx, actor, asked.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reads: %v", name, err)
		}
		if _, err := w.Trail(ctx, actor, asked.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reads the trail: %v", name, err)
		}
		if _, err := w.Review(ctx, actor, asked.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reviews: %v", name, err)
		}
		if _, err := w.Around(ctx, actor, asked.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s looks around: %v", name, err)
		}
	}
}

func TestReviewNamesRulesAndConflicts(t *testing.T) {
	w, aino, eino, manager, _ := deskWorld(t)
	first := w.mustTake(aino, "kilpa", "2026-11-25 12:00", "2026-11-25 14:00")
	second := w.mustTake(eino, "kilpa", "2026-11-25 13:00", "2026-11-25 15:00")
	review, err := w.Review(ctx, manager, second.Number)
	if err != nil || len(review.Conflicts) != 0 || review.Decision.Verdict != policies.Approval || len(review.Answers) < 15 {
		t.Fatalf("before: %+v, %v", review, err)
	}
	_, err = w.Approve(ctx, manager, booking.Change{Ref: first.Number})
	w.must(err)
	w.clock = at("2026-11-25 16:00") // later than its time: the rules still answer for when it was made
	review, err = w.Review(ctx, manager, second.Number)
	if err != nil || len(review.Conflicts) != 1 || review.Decision.Verdict != policies.Approval {
		t.Errorf("after: %+v, %v", review, err)
	}
	around, err := w.Around(ctx, manager, second.Number)
	if err != nil || len(around) != 2 || around[0].ID != first.ID {
		t.Errorf("around: %+v, %v", around, err)
	}
}

func TestTrailTellsWhoDidWhat(t *testing.T) {
	w, aino, _, manager, _ := deskWorld(t)
	r := w.mustTake(aino, "pyynto", "2026-11-30 12:00", "2026-11-30 13:00")
	_, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "remontti"})
	w.must(err)
	steps, err := w.Trail(ctx, manager, r.Number)
	if err != nil || len(steps) != 2 {
		t.Fatalf("%+v, %v", steps, err)
	}
	if steps[0].Action != "reservation.requested" || steps[0].Actor != "aino" || steps[1].Action != "reservation.denied" || steps[1].Actor != "hoitaja" || steps[1].Values["reason"] != "remontti" {
		t.Errorf("%+v", steps)
	}
}

func TestUnitMonthCountsDays(t *testing.T) {
	w, aino, _, manager, stranger := deskWorld(t)
	w.mustTake(aino, "avoin", "2026-11-23 13:00", "2026-11-23 14:00")
	w.mustTake(aino, "pyynto", "2026-11-23 13:00", "2026-11-23 14:00")
	_, err := w.Book(ctx, manager, booking.Request{Resource: w.rooms["avoin"].UID, Times: times("2026-11-29 22:00", "2026-12-01 02:00"), Kind: policies.Closure, Reason: "huolto"})
	w.must(err)
	from, to := calendar.Date{Year: 2026, Month: 11, Day: 1}, calendar.Date{Year: 2026, Month: 11, Day: 30}
	days, err := w.UnitMonth(ctx, manager, w.unit.ID, from, to)
	w.must(err)
	want := map[int]booking.MonthDay{23: {Events: 1, Waiting: 1}, 29: {Closures: 1}, 30: {Closures: 1}}
	if len(days) != len(want) {
		t.Errorf("%+v", days)
	}
	for day, n := range want {
		if got := days[calendar.Date{Year: 2026, Month: 11, Day: day}]; got != n {
			t.Errorf("%d.11.: %+v, want %+v", day, got, n)
		}
	}
	if _, err := w.UnitMonth(ctx, stranger, w.unit.ID, from, to); !fault.Is(err, fault.NotFound) {
		t.Errorf("another unit's manager: %v", err)
	}
	if _, err := w.UnitMonth(ctx, manager, w.unit.ID, from, from.AddDays(70)); !fault.Is(err, fault.Invalid) {
		t.Errorf("too long: %v", err)
	}
}

func TestStaffWhoMoveOverARuleGiveAReason(t *testing.T) {
	w, aino, _, manager, _ := deskWorld(t)
	r := w.mustTake(aino, "avoin", "2026-11-24 13:00", "2026-11-24 14:00")
	night := times("2026-11-24 02:00", "2026-11-24 03:00") // closed then
	_, err := w.Move(ctx, manager, booking.Change{Ref: r.Number, Revision: r.Revision}, night)
	w.wantCode(err, "booking.override_reason")
	moved, err := w.Move(ctx, manager, booking.Change{Ref: r.Number, Revision: r.Revision, ReasonText: "sovittu"}, night)
	if err != nil || !moved.BeginAt.Equal(night.Begin) {
		t.Fatalf("%+v, %v", moved, err)
	}
	steps, err := w.Trail(ctx, manager, r.Number)
	if err != nil || steps[len(steps)-1].Values["reason"] != "sovittu" {
		t.Errorf("the reason is not kept: %+v, %v", steps, err)
	}
}
