package booking_test

import (
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

func TestScenario53_CoreUseAgainstCivicUse(t *testing.T) {
	w := newWorld(t)
	w.school()
	aino, manager := w.person("aino"), w.manager()
	_, err := w.take(aino, "sali", "2026-11-25 15:00", "2026-11-25 17:00")
	w.wantCode(err, "booking.core_use")
	w.mustTake(aino, "sali", "2026-11-25 16:00", "2026-11-25 18:00")

	own := w.request("sali", "2026-11-26 15:00", "2026-11-26 17:00")
	own.Kind, own.Holder, own.Reason = policies.Staff, booking.Holder{Kind: booking.HeldByUnit}, "vanhempainilta"
	if _, err := w.Book(ctx, manager, own); err != nil {
		t.Errorf("staff in core use: %v", err)
	}
}

// school is a hall with lessons 8–16 on weekdays and civic use until 21.
func (w *world) school() {
	w.room("sali", []string{"sali"}, nil)
	weekdays := []int{1, 2, 3, 4, 5}
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.Resources.SetPeriods(ctx, tx, resources.Owner{Resource: w.rooms["sali"].ID}, []resources.Period{{
			Spans: db.AsJSON([]resources.WeekSpan{
				{Weekdays: weekdays, From: 8 * 60, To: 21 * 60, Kind: policies.Reservable},
				{Weekdays: weekdays, From: 8 * 60, To: 16 * 60, Kind: policies.Core},
			}),
		}})
	}))
}

func TestScenario60_HoldsRunOut(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	if _, err := w.Hold(ctx, w.visitor(), w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00")); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(9 * time.Minute)
	if n, err := w.RemoveExpiredHolds(ctx, 10); n != 0 || err != nil {
		t.Fatalf("after 9 minutes %d removed, %v", n, err)
	}
	w.clock = w.clock.Add(time.Minute)
	if n, err := w.RemoveExpiredHolds(ctx, 10); n != 1 || err != nil {
		t.Fatalf("after 10 minutes %d removed, %v", n, err)
	}
	if n := w.count("SELECT (SELECT count(*) FROM reservations) + (SELECT count(*) FROM occupancies)"); n != 0 {
		t.Errorf("%d rows left", n)
	}
}

func TestExpiredHoldGivesWayBeforeTheBroom(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	if _, err := w.Hold(ctx, w.visitor(), w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00")); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(10 * time.Minute)
	w.mustTake(w.person("aino"), "huone", "2026-11-24 12:30", "2026-11-24 13:30")
}

func TestHoldMovesAndBecomesTheReservation(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	aino := w.person("aino")
	first, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	second, err := w.Hold(ctx, aino, w.rooms["toinen"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'held'"); n != 1 {
		t.Fatalf("%d holds, want the one that moved from %s", n, first.Number)
	}
	w.mustTake(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")

	req := w.request("toinen", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Hold = second.UID.String()
	made, err := w.Book(ctx, aino, req)
	w.must(err)
	if made.Number != second.Number || made.State != booking.Confirmed || made.HeldUntil != nil {
		t.Errorf("made %+v from %s", made, second.Number)
	}

	// a refused move keeps the old hold
	third, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	_, err = w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.wantCode(err, "booking.overlap")
	if hold, err := w.CurrentHold(ctx, aino); err != nil || hold == nil || hold.Number != third.Number {
		t.Errorf("hold %+v, %v", hold, err)
	}
}

func TestScenario63_FreeRoomIsConfirmedWithOneMail(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.manager()
	r := w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	if r.State != booking.Confirmed {
		t.Errorf("state %s", r.State)
	}
	w.wantMails("reservation.confirmed aino@demo.example")
}

func (w *world) wantMails(want ...string) {
	w.t.Helper()
	var got []string
	w.must(w.DB.Query(ctx, &got, "SELECT topic || ' ' || recipient FROM outbox ORDER BY id"))
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("mails %q, want %q", got, want)
	}
}

func TestScenario65_OnlyHoldsAreDeleted(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.wantCode(w.Release(ctx, aino, r.Number), "booking.use_cancel")
	held, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	w.must(w.Release(ctx, aino, held.Number))
	if n := w.count("SELECT count(*) FROM occupancies"); n != 1 {
		t.Errorf("%d occupancies", n)
	}
}

func TestScenario66_OthersReservationsAreNotFound(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	r := w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	change := booking.Change{Ref: r.Number, ReasonCode: "other", ReasonText: "ei"}
	for name, actor := range map[string]accounts.Actor{"another": w.person("eino"), "anonymous": {}, "visitor": w.visitor()} {
		do := map[string]func() error{
			"read":    func() error { _, err := w.Get(ctx, actor, r.Number); return err },
			"file":    func() error { _, _, err := w.EventFile(ctx, actor, r.Number, "fi"); return err },
			"cancel":  func() error { _, err := w.Cancel(ctx, actor, change); return err },
			"approve": func() error { _, err := w.Approve(ctx, actor, change); return err },
			"deny":    func() error { _, err := w.Deny(ctx, actor, change); return err },
			"return":  func() error { _, err := w.Return(ctx, actor, change); return err },
			"extend":  func() error { _, err := w.ExtendHold(ctx, actor, r.Number); return err },
			"memo":    func() error { _, err := w.Memo(ctx, actor, r.Number); return err },
			"note":    func() error { _, err := w.WriteMemo(ctx, actor, r.Number, "x", 0); return err },
			"trail":   func() error { _, err := w.Trail(ctx, actor, r.Number); return err },
			"release": func() error { return w.Release(ctx, actor, r.Number) },
			"move": func() error {
				_, err := w.Move(ctx, actor, change, times("2026-11-24 14:00", "2026-11-24 15:00"))
				return err
			},
		}
		for verb, try := range do {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s %s: %v", name, verb, err)
			}
		}
	}
}

func TestScenario73_ApproveOnce(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	approved, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number, Revision: r.Revision})
	w.must(err)
	if approved.State != booking.Confirmed || approved.DecidedAt == nil || *approved.DecidedBy != manager.ID() {
		t.Errorf("approved %+v", approved)
	}
	_, err = w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.wantCode(err, "booking.already_decided")
	_, err = w.Approve(ctx, manager, booking.Change{Ref: r.Number, Revision: r.Revision})
	w.wantCode(err, "stale")
	w.wantMails("reservation.requested aino@demo.example", "reservation.request_received hoitaja@demo.example", "reservation.confirmed aino@demo.example")
}

func TestScenario75_DenyNeedsAReason(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "  "})
	w.wantCode(err, "booking.reason_missing")
	denied, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "Sali on remontissa."})
	w.must(err)
	if denied.State != booking.Denied || denied.Occupies {
		t.Errorf("denied %+v", denied)
	}
	w.mustTake(w.person("eino"), "sali", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestScenario76_77_DenyAndReturnAfterwards(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "ei"})
	w.must(err)
	other := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err = w.Return(ctx, manager, booking.Change{Ref: r.Number})
	w.wantCode(err, "booking.overlap")
	_, err = w.Cancel(ctx, aino, booking.Change{Ref: other.Number, ReasonCode: "other"})
	w.must(err)
	back, err := w.Return(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)
	if back.State != booking.Requested || !back.Occupies {
		t.Errorf("back %+v", back)
	}
	approved, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)
	w.clock = approved.EndAt
	_, err = w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "myöhässä"})
	w.wantCode(err, "booking.has_ended")
}

func TestRequestsExpireWhenTheyBegin(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino := w.person("aino")
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	w.clock = at("2026-11-24 12:00")
	if n, err := w.ExpireRequests(ctx, 10); n != 1 || err != nil {
		t.Fatalf("%d expired, %v", n, err)
	}
	card, err := w.Get(ctx, aino, r.Number)
	w.must(err)
	if card.State != booking.Expired || card.Occupies {
		t.Errorf("%+v", card.Reservation)
	}
}

func TestCompetingRequests(t *testing.T) {
	w := newWorld(t)
	w.room("tori", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	aino, eino, manager := w.person("aino"), w.person("eino"), w.manager()
	a := w.mustTake(aino, "tori", "2026-11-24 12:00", "2026-11-24 13:00")
	b := w.mustTake(eino, "tori", "2026-11-24 12:00", "2026-11-24 13:00")
	if a.Occupies || b.Occupies {
		t.Fatal("competing requests must not occupy")
	}
	_, err := w.Approve(ctx, manager, booking.Change{Ref: b.Number})
	w.must(err)
	_, err = w.Approve(ctx, manager, booking.Change{Ref: a.Number})
	w.wantCode(err, "booking.overlap")
	card, err := w.Get(ctx, aino, a.Number)
	w.must(err)
	if card.State != booking.Requested {
		t.Errorf("the other request is %s, want still open", card.State)
	}
	w.refused(aino, "tori", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestIdempotencyKeyBooksOnce(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Key = ledger.Key{Actor: aino.Name(), Route: "POST /reservations", Key: "k1", Request: []byte("first")}
	first, err := w.Book(ctx, aino, req)
	w.must(err)
	again, err := w.Book(ctx, aino, req)
	w.must(err)
	if again.Number != first.Number {
		t.Errorf("%s, then %s", first.Number, again.Number)
	}
	req.Key.Request = []byte("another")
	_, err = w.Book(ctx, aino, req)
	w.wantCode(err, "idempotency.reused")

	// a refusal leaves no key: the same key may succeed later
	req.Key = ledger.Key{Actor: aino.Name(), Route: "POST /reservations", Key: "k2", Request: []byte("x")}
	_, err = w.Book(ctx, aino, req)
	w.wantCode(err, "booking.overlap")
	_, err = w.Cancel(ctx, aino, booking.Change{Ref: first.Number, ReasonCode: "other"})
	w.must(err)
	_, err = w.Book(ctx, aino, req)
	w.must(err)
}

func TestDoubleClickAtTheSameMomentBooksOnce(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Key = ledger.Key{Actor: aino.Name(), Route: "form", Key: "k", Request: []byte("r")}
	won, lost := race(make([]accounts.Actor, 8), func(accounts.Actor) error { _, err := w.Book(ctx, aino, req); return err })
	if won < 1 || won+lost != 8 || w.count("SELECT count(*) FROM reservations") != 1 {
		t.Errorf("%d won, %d were told to wait, %d rows", won, lost, w.count("SELECT count(*) FROM reservations"))
	}
}

func TestScenario37_LimitPerPersonInARace(t *testing.T) {
	w := newWorld(t)
	one := 1
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ActiveLimit = &one })
	aino := w.person("aino")
	starts := []string{"12:00", "13:00", "14:00", "15:00", "16:00", "17:00"}
	results := make(chan error, len(starts))
	for _, start := range starts {
		begin := "2026-11-24 " + start
		go func() {
			_, err := w.Book(ctx, aino, booking.Request{
				Resource: w.rooms["huone"].UID, Form: policies.Form{TermsAccepted: true},
				Times: booking.Times{Begin: at(begin), End: at(begin).Add(time.Hour)},
			})
			results <- err
		}()
	}
	booked := 0
	for range starts {
		if err := <-results; err == nil {
			booked++
		} else if fault.Code(err) != "booking.active_limit" {
			t.Error(err)
		}
	}
	if booked != 1 {
		t.Errorf("%d booked at once past a limit of 1", booked)
	}
}

func TestBadTexts(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	for text, code := range map[string]string{
		strings.Repeat("ä", 10_000): "too_long", "a\x00b": "bad_characters", "rivi\r\nEND:VEVENT": "bad_characters", "\xff\xfe": "bad_characters",
	} {
		req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
		req.Form.Title = text
		_, err := w.Book(ctx, aino, req)
		w.wantCode(err, code)
	}
	if n := w.count("SELECT (SELECT count(*) FROM reservations) + (SELECT count(*) FROM audit WHERE stream > 0)"); n != 0 {
		t.Errorf("%d rows written", n)
	}
}

func TestImpossibleTimes(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	for _, bad := range []booking.Times{
		{},
		{Begin: at("2026-11-24 12:00")},
		{Begin: at("1900-01-01 12:00"), End: at("1900-01-01 13:00")},
		{Begin: at("9998-01-01 12:00"), End: at("9998-01-01 13:00")},
	} {
		_, err := w.Book(ctx, aino, booking.Request{Resource: w.rooms["huone"].UID, Times: bad, Form: policies.Form{TermsAccepted: true}})
		w.wantCode(err, "booking.bad_time")
	}
	_, err := w.take(aino, "huone", "2026-11-23 11:00", "2026-11-23 11:30")
	w.wantCode(err, "booking.past")
}

func TestAuditHoldsAndIsGapless(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)
	n, err := ledger.Verify(ctx, w.DB, w.unit.ID)
	if err != nil || n != 2 {
		t.Errorf("%d entries, %v", n, err)
	}
	w.must(exec(w, "UPDATE audit SET values = NULL, salt = NULL WHERE stream = ? AND number = 1", w.unit.ID))
	if _, err := ledger.Verify(ctx, w.DB, w.unit.ID); err != nil {
		t.Errorf("erasure breaks the chain: %v", err)
	}
	w.must(exec(w, "UPDATE audit SET action = 'reservation.denied' WHERE stream = ? AND number = 2", w.unit.ID))
	if _, err := ledger.Verify(ctx, w.DB, w.unit.ID); err == nil {
		t.Error("a changed entry goes unnoticed")
	}
}
