package booking_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// wishes sets what a person is mailed about.
func (w *world) wishes(who accounts.Actor, wish string) {
	w.t.Helper()
	w.must(exec(w, "UPDATE roles SET mail = ? WHERE person = ?", wish, who.ID()))
}

func TestScenario62_RequestIsMailedToStaffWhoWantIt(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	unit := &w.unit.ID
	w.person("tavallinen", accounts.Role{Unit: unit, Role: accounts.Manager})
	w.wishes(w.person("kaikki", accounts.Role{Unit: unit, Role: accounts.Viewer}), accounts.MailAll)
	w.wishes(w.person("eimitaan", accounts.Role{Unit: unit, Role: accounts.Manager}), accounts.MailNone)
	w.person("katselija", accounts.Role{Unit: unit, Role: accounts.Viewer})
	w.person("kaupunki", accounts.Role{Role: accounts.CityAdmin})
	r := w.mustTake(w.person("aino"), "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	if r.State != booking.Requested {
		t.Errorf("state %s", r.State)
	}
	w.wantMails("reservation.requested aino@demo.example",
		"reservation.request_received kaikki@demo.example", "reservation.request_received tavallinen@demo.example")
}

// Who wants all is told of what was confirmed by itself; nobody is told of what
// staff made, of closures, of their own bookings, or of what is over.
func TestScenario131_WhoIsMailed(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("sali", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	handler, all := w.manager(), w.person("kaikki", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager})
	w.wishes(all, accounts.MailAll)
	w.mustTake(handler, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	block := w.request("huone", "2026-11-25 12:00", "2026-11-25 13:00")
	block.Kind = policies.Closure
	_, err := w.Book(ctx, handler, block)
	w.must(err)
	over := w.request("huone", "2026-11-23 08:00", "2026-11-23 09:00")
	over.Kind = policies.Behalf
	_, err = w.Book(ctx, handler, over)
	w.must(err)
	w.wantMails("reservation.requested hoitaja@demo.example", "reservation.request_received kaikki@demo.example",
		"reservation.confirmed aino@demo.example", "reservation.booked kaikki@demo.example")
}

// priced is a room at 10 € an hour that asks nobody.
func (w *world) priced() {
	w.t.Helper()
	w.must(w.book(w.DB, "hinta"))
	w.must(exec(w, `UPDATE rule_books SET rules = '{"version": 1, "rules": [{"id": "all", "effects": {"verdict": "allow", "price": "list"}}]}' WHERE key = 'hinta'`))
	w.room("sali", []string{"sali"}, func(r *resources.Resource) { r.RuleBook, r.PriceCents = "hinta", new(1000) })
	w.room("vapaa", []string{"vapaa"}, nil)
}

// askFree asks for free use of a room.
func (w *world) askFree(actor accounts.Actor, room, reason, begin, end string) (booking.Reservation, error) {
	w.t.Helper()
	req := w.request(room, begin, end)
	req.Form.FreeOfCharge, req.Form.FreeReason = true, reason
	return w.Book(ctx, actor, req)
}

func TestScenario64_FreeOfChargeIsAppliedFor(t *testing.T) {
	w := newWorld(t)
	w.priced()
	aino, manager := w.person("aino"), w.manager()
	_, err := w.askFree(aino, "sali", " \n ", "2026-11-24 12:00", "2026-11-24 13:00")
	w.wantCode(err, policies.CodeFreeReason)
	if n := w.count("SELECT count(*) FROM reservations"); n != 0 {
		t.Errorf("%d rows stored without a reason", n)
	}
	r, err := w.askFree(aino, "sali", "Lasten kerho", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(err)
	if r.State != booking.Requested || r.FreeReason != "Lasten kerho" || *r.PriceCents != 1000 || !r.Occupies {
		t.Fatalf("asked: %+v", r)
	}
	_, err = w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.wantCode(err, "booking.free_undecided")
	free, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number, Free: new(true)})
	w.must(err)
	if free.State != booking.Confirmed || *free.PriceCents != 0 || !*free.FreeGranted {
		t.Errorf("granted: %+v", free)
	}
	// handled anew, with the price of the rules
	back, err := w.Return(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)
	if *back.PriceCents != 1000 || back.FreeGranted != nil {
		t.Errorf("returned: %+v", back)
	}
	paid, err := w.Approve(ctx, manager, booking.Change{Ref: r.Number, Free: new(false)})
	w.must(err)
	if *paid.PriceCents != 1000 || *paid.FreeGranted {
		t.Errorf("not granted: %+v", paid)
	}
	steps, err := w.Trail(ctx, manager, r.Number)
	w.must(err)
	if steps[0].Values["free_reason"] != "Lasten kerho" || steps[1].Values["free"] != true || steps[3].Values["free"] != false {
		t.Errorf("the trail says %+v", steps)
	}
	var said []string
	w.must(w.DB.Query(ctx, &said, "SELECT COALESCE(payload->>'free_granted', '') FROM outbox WHERE topic IN ('reservation.requested', 'reservation.confirmed') ORDER BY id"))
	if got := strings.Join(said, ","); got != ",true,,false" {
		t.Errorf("the mails say %q", got)
	}
}

// What is free already needs no application; what nobody applied for is not
// granted; a hold stays held where the reason is missing.
func TestFreeOfChargeElsewhere(t *testing.T) {
	w := newWorld(t)
	w.priced()
	w.room("pyynto", []string{"c"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	r, err := w.askFree(aino, "vapaa", "", "2026-11-24 12:00", "2026-11-24 13:00")
	if err != nil || r.State != booking.Confirmed || r.FreeReason != "" {
		t.Errorf("a free room: %+v, %v", r, err)
	}
	asked := w.mustTake(aino, "pyynto", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err = w.Approve(ctx, manager, booking.Change{Ref: asked.Number, Free: new(true)})
	w.wantCode(err, "booking.free_not_asked")

	held, err := w.Hold(ctx, aino, w.rooms["sali"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	req := w.request("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Hold, req.Form.FreeOfCharge = held.UID.String(), true
	_, err = w.Book(ctx, aino, req)
	w.wantCode(err, policies.CodeFreeReason)
	if now, err := w.CurrentHold(ctx, aino); err != nil || now == nil || now.Number != held.Number {
		t.Errorf("hold %+v, %v", now, err)
	}
	req.Form.FreeReason = "Lasten kerho"
	made, err := w.Book(ctx, aino, req)
	if err != nil || made.Number != held.Number || made.State != booking.Requested || made.FreeReason == "" {
		t.Errorf("from the hold: %+v, %v", made, err)
	}
	// staff move what was granted: it stays free
	made, err = w.Approve(ctx, manager, booking.Change{Ref: made.Number, Free: new(true)})
	w.must(err)
	made, err = w.Move(ctx, manager, booking.Change{Ref: made.Number}, times("2026-11-24 14:00", "2026-11-24 16:00"))
	if err != nil || *made.PriceCents != 0 || made.State != booking.Confirmed {
		t.Errorf("moved: %+v, %v", made, err)
	}
}

const secretMemo = "Varaaja unohti avaimen viime kerralla"

func TestScenario79_MemoIsForStaffAlone(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	viewer := w.person("katselija", accounts.Role{Unit: &w.unit.ID, Role: accounts.Viewer})
	r := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	memo, err := w.WriteMemo(ctx, manager, r.Number, secretMemo, 0)
	if err != nil || memo.Text != secretMemo || memo.Author != "hoitaja" || memo.Revision != 1 {
		t.Fatalf("%+v, %v", memo, err)
	}
	if read, err := w.Memo(ctx, viewer, r.Number); err != nil || read != memo {
		t.Errorf("a viewer reads %+v, %v", read, err)
	}
	_, err = w.WriteMemo(ctx, viewer, r.Number, "toinen", 1)
	w.wantCode(err, "auth.forbidden")
	other := w.otherUnit("muualla")
	for name, actor := range map[string]accounts.Actor{
		"holder": aino, "nobody": {}, "another unit's manager": w.person("naapuri", accounts.Role{Unit: &other.ID, Role: accounts.Manager}),
	} {
		if _, err := w.Memo(ctx, actor, r.Number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reads: %v", name, err)
		}
		if _, err := w.WriteMemo(ctx, actor, r.Number, "x", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s writes: %v", name, err)
		}
	}
	_, err = w.WriteMemo(ctx, manager, r.Number, "vanhasta", 0)
	w.wantCode(err, "stale")
	_, err = w.Approve(ctx, manager, booking.Change{Ref: r.Number})
	w.must(err)

	card, err := w.Get(ctx, aino, r.Number)
	w.must(err)
	raw, err := json.Marshal(card)
	w.must(err)
	_, file, err := w.EventFile(ctx, aino, r.Number, "fi")
	w.must(err)
	if strings.Contains(string(raw)+string(file), secretMemo) {
		t.Error("the holder reads the memo")
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE payload::text LIKE ?", "%"+secretMemo+"%"); n != 0 {
		t.Errorf("%d mails carry the memo", n)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.memo' AND values NOT LIKE ?", "%"+secretMemo+"%"); n != 1 {
		t.Errorf("%d rows of the trail say that it was written", n)
	}
	gone, err := w.WriteMemo(ctx, manager, r.Number, " ", 1)
	if err != nil || gone != (booking.Memo{}) {
		t.Errorf("removed: %+v, %v", gone, err)
	}
	_, err = w.WriteMemo(ctx, manager, r.Number, strings.Repeat("ä", booking.MaxMemo+1), 0)
	w.wantCode(err, "too_long")
}

// A memo on a hold goes with it.
func TestMemoGoesWithItsHold(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	held, err := w.Hold(ctx, w.visitor(), w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	_, err = w.WriteMemo(ctx, w.manager(), held.Number, "kuka tämä on", 0)
	w.must(err)
	w.clock = w.clock.Add(time.Hour)
	if n, err := w.RemoveExpiredHolds(ctx, 10); n != 1 || err != nil {
		t.Errorf("%d removed, %v", n, err)
	}
}

func TestScenario67_HolderCancelsInTime(t *testing.T) {
	w := newWorld(t)
	day := 24 * 60
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.CancelMinutes = &day })
	w.room("sidottu", []string{"b"}, func(r *resources.Resource) { r.CancelMinutes = nil })
	w.room("pyynto", []string{"c"}, func(r *resources.Resource) { r.CancelMinutes, r.RuleBook = &day, "approval" })
	aino := w.person("aino")
	cancel := func(r booking.Reservation, reason string) error {
		_, err := w.Cancel(ctx, aino, booking.Change{Ref: r.Number, ReasonCode: reason})
		return err
	}
	in25, in23 := w.mustTake(aino, "huone", "2026-11-24 13:00", "2026-11-24 14:00"), w.mustTake(aino, "huone", "2026-11-24 11:00", "2026-11-24 12:00")
	bound := w.mustTake(aino, "sidottu", "2026-11-30 13:00", "2026-11-30 14:00")
	asked := w.mustTake(aino, "pyynto", "2026-11-23 14:00", "2026-11-23 15:00")
	w.wantCode(cancel(in25, ""), "booking.reason_missing")
	w.wantCode(cancel(in25, "keksitty"), "booking.reason_missing")
	w.must(cancel(in25, booking.CancelReasons[0]))
	late := cancel(in23, "other")
	w.wantCode(late, "booking.cancel_too_late")
	if deadline := fault.As(late).Params["deadline"].(time.Time); !deadline.Equal(at("2026-11-23 11:00")) {
		t.Errorf("the refusal names %v as the deadline", deadline)
	}
	w.wantCode(cancel(bound, "other"), "booking.cancel_not_possible")
	w.must(cancel(asked, "other")) // scenario 68: a request is withdrawn without notice
	if card, err := w.Get(ctx, aino, asked.Number); err != nil || card.State != booking.Cancelled {
		t.Errorf("withdrawn: %s, %v", card.State, err)
	}
	w.clock = in23.BeginAt
	w.wantCode(cancel(in23, "other"), "booking.has_begun")
}
