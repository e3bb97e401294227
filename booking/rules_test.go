package booking_test

import (
	"errors"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// asStaff books as a unit's staff.
func (w *world) asStaff(actor accounts.Actor, kind policies.Kind, room, begin, end, reason string) (booking.Reservation, error) {
	w.t.Helper()
	req := w.request(room, begin, end)
	req.Kind, req.Reason = kind, reason
	if kind == policies.Staff {
		req.Holder = booking.Holder{Kind: booking.HeldByUnit}
	}
	return w.Book(ctx, actor, req)
}

func TestScenario09_OnePlaceAtOnce(t *testing.T) {
	w := newWorld(t)
	w.must(exec(w, "UPDATE units SET one_place_at_once = true"))
	w.room("a", []string{"a"}, nil)
	w.room("b", []string{"b"}, nil)
	aino, manager := w.person("aino"), w.manager()
	mine := w.mustTake(aino, "a", "2026-11-24 12:00", "2026-11-24 14:00")
	for _, span := range [][2]string{{"11:00", "12:30"}, {"13:30", "14:30"}, {"12:30", "13:00"}, {"12:00", "14:00"}} {
		_, err := w.take(aino, "b", "2026-11-24 "+span[0], "2026-11-24 "+span[1])
		w.wantCode(err, policies.CodeElsewhere)
	}
	moved := w.mustTake(aino, "b", "2026-11-24 14:00", "2026-11-24 15:00")
	_, err := w.Move(ctx, aino, booking.Change{Ref: moved.Number}, times("2026-11-24 13:30", "2026-11-24 14:30"))
	w.wantCode(err, policies.CodeElsewhere)
	_, err = w.Cancel(ctx, aino, booking.Change{Ref: mine.Number, ReasonCode: "other"})
	w.must(err)
	w.mustTake(aino, "b", "2026-11-24 11:00", "2026-11-24 12:30")
	// staff stand for several groups at once
	for _, room := range []string{"a", "b"} {
		if _, err := w.asStaff(manager, policies.Behalf, room, "2026-11-25 12:00", "2026-11-25 13:00", ""); err != nil {
			t.Errorf("staff in %s: %v", room, err)
		}
	}
	admin := w.person("yllapito", accounts.Role{Role: accounts.CityAdmin})
	for _, room := range []string{"a", "b"} {
		if _, err := w.asStaff(admin, policies.Staff, room, "2026-11-26 12:00", "2026-11-26 13:00", ""); err != nil {
			t.Errorf("an administrator in %s: %v", room, err)
		}
	}
}

func TestScenario33_34_StaffMayWhereOthersMayNot(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, manager := w.person("aino"), w.manager()
	refused := func(code, begin, end string) {
		t.Helper()
		_, err := w.take(aino, "huone", begin, end)
		w.wantCode(err, code)
		_, err = w.asStaff(manager, policies.Behalf, "huone", begin, end, "")
		w.wantCode(err, "booking.override_reason")
		_, err = w.asStaff(manager, policies.Behalf, "huone", begin, end, "sovittu puhelimessa")
		w.must(err)
	}
	w.set("huone", "days_ahead_max", 10)
	refused(policies.CodeTooFarAhead, "2026-12-04 12:00", "2026-12-04 13:00") // 11 days
	w.mustTake(aino, "huone", "2026-12-02 12:00", "2026-12-02 13:00")         // 9 days
	w.set("huone", "days_ahead_max", nil)
	w.set("huone", "days_ahead_min", 8)
	refused(policies.CodeTooSoon, "2026-11-30 12:00", "2026-11-30 13:00") // 7 days
	w.mustTake(aino, "huone", "2026-12-02 14:00", "2026-12-02 15:00")     // 9 days
	w.set("huone", "days_ahead_min", 10)
	refused(policies.CodeTooSoon, "2026-12-02 16:00", "2026-12-02 17:00")
	w.set("huone", "days_ahead_min", 0)

	w.set("huone", "booking_to", at("2026-11-22 12:00"))
	refused(policies.CodeWindow, "2026-12-03 12:00", "2026-12-03 13:00")
	w.set("huone", "booking_to", nil)
	w.set("huone", "booking_from", at("2026-11-24 12:00"))
	refused(policies.CodeWindowOpens, "2026-12-03 14:00", "2026-12-03 15:00")
	w.clock = at("2026-11-24 12:00")
	w.mustTake(aino, "huone", "2026-12-03 16:00", "2026-12-03 17:00")
}

func TestScenario35_36_OnlyWhatIsPublished(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	hour := 6
	try := func(want string) {
		t.Helper()
		hour++
		begin := at("2026-11-30 00:00").Add(time.Duration(hour) * time.Hour)
		_, err := w.Book(ctx, aino, booking.Request{
			Resource: w.rooms["huone"].UID, Times: booking.Times{Begin: begin, End: begin.Add(time.Hour)}, Form: policies.Form{TermsAccepted: true},
		})
		w.wantCode(err, want)
	}
	for _, state := range []string{"draft", "archived"} {
		w.set("huone", "state", state)
		try(policies.CodeNotOpen)
	}
	w.set("huone", "state", "published")
	yesterday, tomorrow := w.clock.AddDate(0, 0, -1), w.clock.AddDate(0, 0, 1)
	for _, c := range []struct {
		from, to any
		want     string
	}{
		{tomorrow, nil, policies.CodeNotOpen},        // scheduled
		{yesterday, nil, ""},                         //
		{nil, yesterday, policies.CodeNotOpen},       // over
		{tomorrow, yesterday, policies.CodeNotOpen},  // a pause
		{yesterday, yesterday.Add(-time.Hour), ""},   // a pause that is over
		{yesterday, yesterday, policies.CodeNotOpen}, // never
		{yesterday, tomorrow, ""},                    //
		{w.clock.Add(time.Minute), w.clock.Add(time.Hour), policies.CodeNotOpen},
	} {
		w.set("huone", "publish_from", c.from)
		w.set("huone", "publish_to", c.to)
		try(c.want)
	}
}

func TestScenario37_WhatCountsAgainstTheLimit(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ActiveLimit = new(1) })
	aino, manager := w.person("aino"), w.manager()
	first := w.mustTake(aino, "huone", "2026-11-23 13:00", "2026-11-23 14:00")
	_, err := w.take(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.wantCode(err, policies.CodeActiveLimit)
	w.clock = first.EndAt // it has ended
	second := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err = w.take(aino, "huone", "2026-11-24 14:00", "2026-11-24 15:00")
	w.wantCode(err, policies.CodeActiveLimit)
	// what is not an ordinary booking of theirs does not count
	for _, kind := range []policies.Kind{policies.Staff, policies.Closure, policies.Behalf, policies.Seasonal} {
		w.must(exec(w, "UPDATE reservations SET kind = ? WHERE id = ?", kind, second.ID))
		made := w.mustTake(aino, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
		_, err := w.Cancel(ctx, aino, booking.Change{Ref: made.Number, ReasonCode: "other"})
		w.must(err)
	}
	// and staff are not counted for what they make for others
	for _, begin := range []string{"2026-11-26 12:00", "2026-11-26 13:00"} {
		if _, err := w.asStaff(manager, policies.Behalf, "huone", begin, begin[:11]+"14:00", ""); err != nil && fault.Code(err) != "booking.overlap" {
			t.Errorf("%s: %v", begin, err)
		}
	}
	w.mustTake(manager, "huone", "2026-11-27 12:00", "2026-11-27 13:00")
}

// The hour that a night does not have cannot be booked, and one that bridges it
// is as long as the clock that runs.
func TestScenario57_TheSpringNight(t *testing.T) {
	w := newWorld(t)
	w.room("yo", []string{"a"}, func(r *resources.Resource) { r.PriceUnit, r.PriceCents = "hour", new(1000) })
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.hours(tx, resources.Owner{Resource: w.rooms["yo"].ID}, "00:00", "06:00")
	}))
	o, err := w.Outlook(ctx, accounts.Actor{}, w.rooms["yo"].UID, booking.Window{From: dateOf("2027-03-28"), To: dateOf("2027-03-28"), Minutes: 30})
	w.must(err)
	for _, start := range o.Starts {
		if local := start.Begin.In(helsinki).Format("15:04"); local >= "03:00" && local < "04:00" {
			t.Errorf("%s is offered, which does not exist", local)
		}
	}
	r := w.mustTake(w.person("aino"), "yo", "2027-03-28 02:00", "2027-03-28 05:00")
	if r.EndAt.Sub(r.BeginAt) != 2*time.Hour || r.Price.V.Minutes != 120 {
		t.Errorf("02–05 lasts %v, %d minutes are charged", r.EndAt.Sub(r.BeginAt), r.Price.V.Minutes)
	}
}

func TestScenario61_MissingFieldKeepsTheHold(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.RequiredFields = db.Strings{"purpose", "persons"} })
	aino := w.person("aino")
	held, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-24 12:00", "2026-11-24 13:00"))
	w.must(err)
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Hold, req.Form.Purpose = held.UID.String(), "meeting"
	_, err = w.Book(ctx, aino, req)
	w.wantCode(err, policies.CodeFieldMissing)
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) || len(refusal.Decision.Violations) != 1 || refusal.Decision.Violations[0].Field() != "persons" {
		t.Errorf("%+v", refusal)
	}
	if now, err := w.CurrentHold(ctx, aino); err != nil || now == nil || now.Number != held.Number {
		t.Errorf("the hold is %+v, %v", now, err)
	}
	w.refused(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Form.Persons = new(4)
	if made, err := w.Book(ctx, aino, req); err != nil || made.Number != held.Number {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestScenario71_Adults(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("verstas", []string{"b"}, func(r *resources.Resource) { r.AdultOnly = true })
	for name, adult := range map[string]*bool{"alaikainen": new(false), "tuntematon": nil} {
		young := w.person(name)
		young.Person.Adult = adult
		w.must(exec(w, "UPDATE people SET adult = ? WHERE id = ?", adult, young.ID()))
		_, err := w.take(young, "verstas", "2026-11-24 12:00", "2026-11-24 13:00")
		w.wantCode(err, policies.CodeAdultsOnly)
		r := w.mustTake(young, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
		_, err = w.moveTo(young, r, "verstas", "2026-11-24 12:00", "2026-11-24 13:00")
		w.wantCode(err, policies.CodeAdultsOnly)
		_, err = w.Cancel(ctx, young, booking.Change{Ref: r.Number, ReasonCode: "other"})
		w.must(err)
	}
	w.mustTake(w.person("aino"), "verstas", "2026-11-24 12:00", "2026-11-24 13:00")
}

func TestScenario88_StaffBook(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.Raster = 15 })
	manager, aino := w.manager(), w.person("aino")
	own := func(begin, end, reason string) (booking.Reservation, error) {
		return w.asStaff(manager, policies.Staff, "huone", begin, end, reason)
	}
	night, err := own("2026-11-24 23:00", "2026-11-25 01:00", "inventaario")
	if err != nil || night.State != booking.Confirmed {
		t.Errorf("outside hours: %+v, %v", night, err)
	}
	_, err = own("2026-11-24 12:10", "2026-11-24 13:10", "")
	w.wantCode(err, "booking.override_reason")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err = own("2026-11-24 12:30", "2026-11-24 13:30", "tärkeää")
	w.wantCode(err, "booking.overlap")
	_, err = own("2026-11-22 12:00", "2026-11-22 13:00", "tärkeää")
	w.wantCode(err, policies.CodePast)
	early, err := own("2026-11-23 08:00", "2026-11-23 09:00", "")
	if err != nil || early.State != booking.Confirmed {
		t.Errorf("earlier today: %+v, %v", early, err)
	}
	// an ordinary booking is its holder's own: staff make none for the unit or another
	normal := w.request("huone", "2026-11-24 14:00", "2026-11-24 15:00")
	normal.Kind, normal.Holder = policies.Ordinary, booking.Holder{Kind: booking.HeldByUnit}
	_, err = w.Book(ctx, manager, normal)
	w.wantCode(err, "booking.bad_holder")
	normal.Holder = booking.Holder{Kind: booking.HeldByPerson, UID: aino.Person.UID}
	_, err = w.Book(ctx, manager, normal)
	w.wantCode(err, "auth.forbidden")
}

// Where a rule says no to every time of a place, other times there are no way
// out; what was filled in wrongly needs none.
func TestAlternativesHelp(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ActiveLimit, r.RequiredFields = new(1), db.Strings{"persons"} })
	w.room("toinen", []string{"b"}, nil)
	aino := w.person("aino")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.Book(ctx, aino, req)
	w.wantCode(err, policies.CodeFieldMissing)
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) || len(refusal.Alternatives) != 0 || refusal.OtherTimeHelps() {
		t.Errorf("a missing field: %+v", refusal)
	}
	req.Form.Persons = new(4)
	_, err = w.Book(ctx, aino, req)
	w.must(err)
	req.Times = times("2026-11-24 14:00", "2026-11-24 15:00")
	_, err = w.Book(ctx, aino, req)
	w.wantCode(err, policies.CodeActiveLimit)
	if !errors.As(err, &refusal) || len(refusal.Alternatives) != 1 || refusal.Alternatives[0].Resource.Slug != "toinen" {
		t.Errorf("past the limit: %+v", refusal)
	}
}

// The limit per person counts one place, not those that share space with it.
func TestScenario25_TheLimitIsOfOnePlace(t *testing.T) {
	w := newWorld(t)
	limited := func(r *resources.Resource) { r.ActiveLimit = new(1) }
	w.room("sali", []string{"a", "b"}, limited)
	w.room("lohko", []string{"a"}, limited)
	aino := w.person("aino")
	w.mustTake(aino, "lohko", "2026-12-01 12:00", "2026-12-01 13:00")
	_, err := w.take(aino, "lohko", "2026-12-02 12:00", "2026-12-02 13:00")
	w.wantCode(err, policies.CodeActiveLimit)
	w.mustTake(aino, "sali", "2026-12-02 12:00", "2026-12-02 13:00")
}
