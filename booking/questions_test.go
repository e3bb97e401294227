package booking_test

import (
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// yearOf is everything that begins in 2026, in some rooms.
func (w *world) yearOf(rooms ...string) booking.RequestScope {
	scope := booking.RequestScope{Begin: calendar.Interval{Begin: at("2026-01-01 00:00"), End: at("2027-01-01 00:00")}}
	for _, room := range rooms {
		scope.Resources = append(scope.Resources, w.rooms[room].ID)
	}
	return scope
}

func (w *world) asked(actor accounts.Actor, scope booking.RequestScope) []booking.Asked {
	w.t.Helper()
	questions, err := w.Questions(ctx, actor, scope)
	w.must(err)
	var list []booking.Asked
	for asked, err := range questions.All(ctx) {
		w.must(err)
		list = append(list, asked)
	}
	if len(list) != questions.Total() {
		w.t.Errorf("%d of %d questions", len(list), questions.Total())
	}
	return list
}

func TestQuestionsAreWhatWasAskedFor(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.room("muu", []string{"b"}, nil)
	aino, manager := w.person("aino"), w.manager()
	first := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 14:00")
	w.clock = at("2026-11-23 13:00")
	gone := w.mustTake(aino, "sali", "2026-11-25 12:00", "2026-11-25 14:00")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: gone.Number, ReasonCode: "other"})
	w.must(err)
	w.mustTake(aino, "muu", "2026-11-24 12:00", "2026-11-24 14:00")
	_, err = w.Hold(ctx, w.visitor(), w.rooms["sali"].UID, times("2026-11-26 12:00", "2026-11-26 13:00"))
	w.must(err)
	_, err = w.asStaff(manager, policies.Closure, "sali", "2026-11-27 12:00", "2026-11-27 13:00", "")
	w.must(err)
	before := w.count("SELECT count(*) FROM change_log") + w.count("SELECT count(*) FROM audit")

	list := w.asked(manager, w.yearOf("sali"))
	if len(list) != 2 || list[0].Reservation.Number != first.Number || list[1].Reservation.Number != gone.Number {
		t.Fatalf("got %+v, want what Aino asked for, in the order in which she did", list)
	}
	q := list[0].Question
	if !q.Now.Equal(first.MadeAt) || q.Form.Title != "Kerho" || q.Who.Class != policies.Person || !*q.Who.Adult || list[0].Holder != "aino" || q.Book.Key != "open" {
		t.Errorf("question %+v", q)
	}
	if d := policies.Decide(q); d.Verdict != policies.Allow {
		t.Errorf("asked again, got %+v", d)
	}
	if after := w.count("SELECT count(*) FROM change_log") + w.count("SELECT count(*) FROM audit"); after != before {
		t.Error("asking again wrote something")
	}

	scope := w.yearOf("sali")
	scope.Begin.End = at("2026-11-25 12:00")
	if list := w.asked(manager, scope); len(list) != 1 {
		t.Errorf("%d begin before the end of the period", len(list))
	}
	scope.Begin = calendar.Interval{Begin: at("2027-01-01 00:00"), End: at("2026-01-01 00:00")}
	if list := w.asked(manager, scope); len(list) != 0 {
		t.Errorf("%d in a period that ends before it begins", len(list))
	}
}

func TestQuestionsOfOtherUnitsAreNotTold(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.mustTake(w.person("aino"), "sali", "2026-11-24 12:00", "2026-11-24 14:00")
	elsewhere := w.unit.ID + 1
	other := accounts.Actor{Person: w.manager().Person, Roles: []accounts.Role{{Unit: &elsewhere, Role: accounts.Manager}}}
	if list := w.asked(other, w.yearOf("sali")); len(list) != 0 {
		t.Errorf("a manager of another unit sees %d", len(list))
	}
	for _, nobody := range []accounts.Actor{w.person("bo"), w.visitor(), w.person("katsoja", accounts.Role{Unit: &w.unit.ID, Role: accounts.Viewer})} {
		_, err := w.Questions(ctx, nobody, w.yearOf("sali"))
		w.wantCode(err, "auth.forbidden")
	}
	if list := w.asked(w.person("yllapito", accounts.Role{Role: accounts.CityAdmin}), w.yearOf("sali")); len(list) != 1 {
		t.Errorf("the city sees %d", len(list))
	}
}
