package booking_test

import (
	"errors"
	"slices"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// set changes a column of a room.
func (w *world) set(room, column string, value any) {
	w.t.Helper()
	w.must(exec(w, "UPDATE resources SET "+column+" = ? WHERE id = ?", value, w.rooms[room].ID))
}

// otherUnit is another unit with one room.
func (w *world) otherUnit(room string) resources.Unit {
	w.t.Helper()
	var unit resources.Unit
	w.must(w.DB.Tx(ctx, func(tx *db.DB) (err error) {
		unit, err = w.Resources.AddUnit(ctx, tx, resources.Unit{Slug: "muu-" + room, Name: text("Muu"), City: "Helsinki", Holidays: "normal"})
		if err != nil {
			return err
		}
		if err := w.hours(tx, resources.Owner{Unit: unit.ID}, "06:00", "23:00"); err != nil {
			return err
		}
		space, err := w.Resources.AddSpace(ctx, tx, resources.Space{Unit: unit.ID, Name: text(room)})
		if err != nil {
			return err
		}
		return w.addRoom(tx, room, []resources.Part{{Space: &space.ID, Count: 1}}, func(r *resources.Resource) { r.Unit = unit.ID })
	}))
	return unit
}

func (w *world) moveTo(actor accounts.Actor, r booking.Reservation, room, begin, end string) (booking.Reservation, error) {
	w.t.Helper()
	return w.Move(ctx, actor, booking.Change{Ref: r.Number, Resource: w.rooms[room].UID}, times(begin, end))
}

// buffers are those of a reservation, held against its occupied time.
func (w *world) buffers(r booking.Reservation) (before, after int) {
	w.t.Helper()
	card, err := w.Get(ctx, accounts.Actor{System: true}, r.Number)
	w.must(err)
	widened := w.count(`SELECT EXTRACT(EPOCH FROM max(upper(during)) - min(lower(during)))::int / 60 FROM occupancies WHERE reservation = ?`, r.ID)
	if bare := int(card.EndAt.Sub(card.BeginAt).Minutes()); widened != bare+card.BufferBefore+card.BufferAfter {
		w.t.Errorf("%d minutes are occupied, the reservation says %d + %d + %d", widened, card.BufferBefore, bare, card.BufferAfter)
	}
	return card.BufferBefore, card.BufferAfter
}

func TestScenario15_BuffersStayUntilMoved(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 15, 15 })
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.set("huone", "buffer_before", 60)
	w.set("huone", "buffer_after", 60)
	if before, after := w.buffers(r); before != 15 || after != 15 {
		t.Errorf("stored %d/%d, want the old 15/15", before, after)
	}
	moved, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	if before, after := w.buffers(moved); before != 60 || after != 60 {
		t.Errorf("moved: %d/%d, want the new 60/60", before, after)
	}
	w.refused(w.person("eino"), "huone", "2026-11-24 12:30", "2026-11-24 13:30")
}

// The notice counts from the old begin, by the old place's rule.
func TestScenario69_NoticeFromTheOldBegin(t *testing.T) {
	w := newWorld(t)
	day, none := 24*60, 0
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.CancelMinutes = &day })
	w.room("vapaa", []string{"b"}, func(r *resources.Resource) { r.CancelMinutes = &none })
	aino := w.person("aino")
	soon := w.mustTake(aino, "huone", "2026-11-24 11:00", "2026-11-24 12:00")
	late := w.mustTake(aino, "huone", "2026-11-24 13:00", "2026-11-24 14:00")
	_, err := w.Move(ctx, aino, booking.Change{Ref: soon.Number}, times("2026-11-30 11:00", "2026-11-30 12:00"))
	w.wantCode(err, "booking.cancel_too_late")
	_, err = w.moveTo(aino, soon, "vapaa", "2026-11-30 11:00", "2026-11-30 12:00")
	w.wantCode(err, "booking.cancel_too_late")
	// the new begin may be sooner than the notice
	_, err = w.Move(ctx, aino, booking.Change{Ref: late.Number}, times("2026-11-23 18:00", "2026-11-23 19:00"))
	w.must(err)

	w.clock = at("2026-11-23 18:30")
	_, err = w.Move(ctx, aino, booking.Change{Ref: late.Number}, times("2026-11-30 18:00", "2026-11-30 19:00"))
	w.wantCode(err, "booking.has_begun")
}

func TestScenario69_WhatAHolderCannotMove(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("pyynto", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	to := times("2026-11-25 12:00", "2026-11-25 13:00")
	cannot := func(r booking.Reservation, code string) {
		t.Helper()
		_, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, to)
		w.wantCode(err, code)
	}
	handled := w.mustTake(aino, "pyynto", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.Approve(ctx, manager, booking.Change{Ref: handled.Number})
	w.must(err)
	cannot(handled, "booking.move_handled")

	priced := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(exec(w, "UPDATE reservations SET price_cents = 500 WHERE id = ?", priced.ID))
	cannot(priced, "booking.move_priced")
	for _, kind := range []policies.Kind{policies.Seasonal, policies.Behalf} {
		w.must(exec(w, "UPDATE reservations SET kind = ?, price_cents = 0 WHERE id = ?", kind, priced.ID))
		cannot(priced, "booking.move_not_yours")
	}
	// staff move all of them
	for _, r := range []booking.Reservation{handled, priced} {
		if _, err := w.Move(ctx, manager, booking.Change{Ref: r.Number}, to); err != nil {
			t.Errorf("staff move %s: %v", r.Number, err)
		}
	}
}

func TestScenario69_NewTimeObeysAllRulesButTheLimit(t *testing.T) {
	w := newWorld(t)
	one := 1
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.DaysAheadMax = new(14) })
	w.room("rajattu", []string{"b"}, func(r *resources.Resource) { r.ActiveLimit = &one })
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	second := w.mustTake(aino, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
	w.mustTake(w.person("eino"), "huone", "2026-11-24 16:00", "2026-11-24 17:00")
	for _, bad := range []struct{ begin, end, code string }{
		{"2026-11-24 04:00", "2026-11-24 05:00", policies.CodeClosed},
		{"2026-11-24 14:10", "2026-11-24 15:10", policies.CodeRasterStart},
		{"2026-12-24 12:00", "2026-12-24 13:00", policies.CodeTooFarAhead},
		{"2026-11-23 11:00", "2026-11-23 11:30", policies.CodePast},
		{"2026-11-24 15:30", "2026-11-24 16:30", "booking.overlap"},
	} {
		_, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, times(bad.begin, bad.end))
		w.wantCode(err, bad.code)
		var refusal *booking.Refusal
		if !errors.As(err, &refusal) || bad.code == "booking.overlap" && len(refusal.Alternatives) == 0 {
			t.Errorf("%s: no way out", bad.begin)
		}
	}
	w.set("huone", "active_limit", 1)
	_, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	// another room's own limit is not left behind
	_, err = w.moveTo(aino, r, "rajattu", "2026-11-24 14:00", "2026-11-24 15:00")
	w.must(err)
	_, err = w.moveTo(aino, second, "rajattu", "2026-11-25 14:00", "2026-11-25 15:00")
	w.wantCode(err, policies.CodeActiveLimit)
}

func TestScenario70_WhereApprovalIsNeededAMoveAsksAgain(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("pyynto", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino := w.person("aino")
	w.manager()
	stays := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	stays, err := w.Move(ctx, aino, booking.Change{Ref: stays.Number}, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	if stays.State != booking.Confirmed {
		t.Errorf("state %s, want confirmed where nobody need be asked", stays.State)
	}
	asks, err := w.moveTo(aino, stays, "pyynto", "2026-11-24 14:00", "2026-11-24 15:00")
	w.must(err)
	if asks.State != booking.Requested || asks.UID != stays.UID || asks.Number != stays.Number || asks.Sequence != stays.Sequence+1 {
		t.Errorf("moved to a room with approval: %+v", asks)
	}
	again := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.set("huone", "rule_book", "approval")
	again, err = w.Move(ctx, aino, booking.Change{Ref: again.Number}, times("2026-11-24 16:00", "2026-11-24 17:00"))
	w.must(err)
	if again.State != booking.Requested || !again.Occupies {
		t.Errorf("moved after the rules changed: %+v", again)
	}
	w.wantMails("reservation.confirmed aino@demo.example", "reservation.moved aino@demo.example",
		"reservation.moved aino@demo.example", "reservation.request_received hoitaja@demo.example",
		"reservation.confirmed aino@demo.example",
		"reservation.moved aino@demo.example", "reservation.request_received hoitaja@demo.example")
}

func TestMoveToAnotherRoomTakesItsPriceRulesAndBuffers(t *testing.T) {
	w := newWorld(t)
	w.must(w.book(w.DB, "hinta"))
	w.must(exec(w, `UPDATE rule_books SET rules = '{"version": 1, "rules": [{"id": "all", "effects": {"verdict": "allow", "price": "list"}}]}' WHERE key = 'hinta'`))
	w.room("huone", []string{"a"}, nil)
	w.room("sali", []string{"b"}, func(r *resources.Resource) {
		r.RuleBook, r.PriceCents, r.BufferBefore, r.BufferAfter = "hinta", new(1200), 30, 30
	})
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	moved, err := w.moveTo(aino, r, "sali", "2026-11-24 12:00", "2026-11-24 13:30")
	w.must(err)
	if moved.Resource != w.rooms["sali"].ID || moved.PriceCents == nil || *moved.PriceCents != 1800 || moved.BufferAfter != 30 || *moved.RuleBook == *r.RuleBook {
		t.Errorf("moved %+v", moved)
	}
	w.mustTake(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00") // the old room is free
	w.refused(w.person("oona"), "sali", "2026-11-24 13:30", "2026-11-24 14:00")   // the new one is not, nor its buffer
	var facts struct{ Old, New string }
	w.must(w.DB.Query(ctx, &facts, "SELECT payload->'old_resource'->>'fi' AS old, payload->'resource'->>'fi' AS new FROM outbox WHERE topic = 'reservation.moved'"))
	if facts.Old != "huone" || facts.New != "sali" {
		t.Errorf("the mail says %+v", facts)
	}
	if n := w.count(`SELECT count(*) FROM change_log WHERE (before->>'resource')::int = ? AND (after->>'resource')::int = ?`, w.rooms["huone"].ID, w.rooms["sali"].ID); n != 1 {
		t.Errorf("%d rows in the change log tell of both rooms", n)
	}
}

// A refused move leaves everything as it was, the old time too.
func TestRefusedMoveToAnotherRoomKeepsTheOld(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(eino, "toinen", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.moveTo(aino, r, "toinen", "2026-11-24 12:30", "2026-11-24 13:30")
	w.wantCode(err, "booking.overlap")
	w.refused(eino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	if card, err := w.Get(ctx, aino, r.Number); err != nil || card.Revision != r.Revision || card.Resource != r.Resource {
		t.Errorf("%+v, %v", card.Reservation, err)
	}
}

func TestWhoMovesBetweenUnits(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	other := w.otherUnit("kaukana")
	aino, manager := w.person("aino"), w.manager()
	both := w.person("molemmat", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager}, accounts.Role{Unit: &other.ID, Role: accounts.Manager})
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	for name, actor := range map[string]accounts.Actor{"holder": aino, "manager of one unit": manager} {
		if _, err := w.moveTo(actor, r, "kaukana", "2026-11-24 12:00", "2026-11-24 13:00"); fault.Code(err) != "booking.move_other_unit" {
			t.Errorf("%s: %v", name, err)
		}
	}
	moved, err := w.moveTo(both, r, "kaukana", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(err)
	if moved.Unit != other.ID || moved.State != booking.Confirmed {
		t.Errorf("moved %+v", moved)
	}
	steps, err := w.Trail(ctx, both, r.Number)
	if err != nil || len(steps) != 2 || steps[0].Action != "reservation.confirmed" {
		t.Errorf("the trail came along with %+v, %v", steps, err)
	}
	if _, err := w.Trail(ctx, manager, r.Number); !fault.Is(err, fault.NotFound) {
		t.Errorf("the old unit still reads it: %v", err)
	}
}

// Two who change places at the same moment: nobody waits for ever and no atom
// is held twice, whichever of them goes first.
func TestMovesBetweenRoomsRace(t *testing.T) {
	w := newWorld(t)
	for _, room := range []string{"yksi", "kaksi", "kolme"} {
		w.room(room, []string{room}, func(r *resources.Resource) { r.BufferAfter = 30 })
	}
	rooms := []string{"yksi", "kaksi", "kolme"}
	people := []accounts.Actor{w.person("p1"), w.person("p2"), w.person("p3")}
	made := map[int64]booking.Reservation{}
	for i, who := range people {
		made[who.ID()] = w.mustTake(who, rooms[i], "2026-11-24 12:00", "2026-11-24 13:00")
	}
	for round := range 10 {
		won, lost := race(people, func(who accounts.Actor) error {
			i := (int(who.ID()) + round) % len(rooms)
			begin := []string{"2026-11-24 12:00", "2026-11-24 12:30"}[round%2]
			_, err := w.Move(ctx, who, booking.Change{Ref: made[who.ID()].Number, Resource: w.rooms[rooms[i]].UID},
				booking.Times{Begin: at(begin), End: at(begin).Add(3600e9)})
			return err
		})
		if won+lost != len(people) {
			t.Errorf("round %d: %d won, %d lost", round, won, lost)
		}
		// each has bare and widened time on one atom
		if n := w.count("SELECT count(*) FROM occupancies o JOIN reservations r ON r.id = o.reservation JOIN resource_atoms a ON a.resource = r.resource AND a.atom = o.atom"); n != 6 {
			t.Errorf("round %d: %d rows on the right atoms", round, n)
		}
	}
}

func TestWhereAReservationMayBeMovedTo(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(*resources.Resource){
		"huone": nil, "toinen": nil, "pieni": func(r *resources.Resource) { r.PersonsMax = new(4) },
		"kentta":  func(r *resources.Resource) { r.Type = resources.Types[1].Key },
		"luonnos": func(r *resources.Resource) { r.State = "draft" },
	} {
		w.room(name, []string{name}, change)
	}
	other := w.otherUnit("kaukana")
	aino := w.person("aino")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Form.Persons = new(6)
	r, err := w.Book(ctx, aino, req)
	w.must(err)
	both := w.person("molemmat", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager}, accounts.Role{Unit: &other.ID, Role: accounts.Manager})
	for _, c := range []struct {
		actor accounts.Actor
		want  []string
	}{
		{aino, []string{"huone", "toinen"}},
		{w.manager(), []string{"huone", "kentta", "luonnos", "pieni", "toinen"}},
		{both, []string{"huone", "kaukana", "kentta", "luonnos", "pieni", "toinen"}},
	} {
		places, err := w.MoveTargets(ctx, c.actor, r.Number)
		w.must(err)
		var slugs []string
		for _, p := range places {
			slugs = append(slugs, p.Resource.Slug)
		}
		if slugs[0] != "huone" {
			t.Errorf("%s: %v, want its own first", c.actor.Name(), slugs)
		}
		slices.Sort(slugs)
		if !slices.Equal(slugs, c.want) {
			t.Errorf("%s: %v, want %v", c.actor.Name(), slugs, c.want)
		}
	}
	if _, err := w.MoveTargets(ctx, w.person("eino"), r.Number); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
}
