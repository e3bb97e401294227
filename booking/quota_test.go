package booking_test

import (
	"slices"
	"sync"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// rules adds a rule book that is in force, and lets rooms follow it.
func (w *world) rules(key string, rules policies.Rules, rooms ...string) {
	w.t.Helper()
	rules.Version = 1
	from := w.clock.AddDate(-5, 0, 0)
	_, err := w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{Key: key, State: "live", ValidFrom: &from, Rules: db.AsJSON(rules)})
	w.must(err)
	for _, room := range rooms {
		w.set(room, "rule_book", key)
	}
}

// withQuotas are rules by which everybody may, within quotas.
func withQuotas(quotas ...policies.Quota) policies.Rules {
	return policies.Rules{Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
		Verdict: policies.Allow, Price: "free", Quotas: quotas, Limits: &policies.Limits{SeriesDays: new(365)},
	}}}}
}

func weekly(hours int) policies.Quota {
	return policies.Quota{Key: "week", Minutes: new(60 * hours), In: policies.InWeek, Over: policies.Over{Groups: []string{"hall"}}}
}

// halls are three rooms of which two are in the group of the quota.
func (w *world) halls() {
	w.t.Helper()
	hall := func(r *resources.Resource) { r.Groups = db.Strings{"hall"} }
	w.room("a", []string{"a"}, hall)
	w.room("b", []string{"b"}, hall)
	w.room("c", []string{"c"}, nil)
}

// takeAs books for an association.
func (w *world) takeAs(club accounts.Association, by accounts.Actor, room, begin, end string) (booking.Reservation, error) {
	req := w.request(room, begin, end)
	req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: club.UID}
	return w.Book(ctx, by, req)
}

func TestAQuotaIsSharedByMembersAndRooms(t *testing.T) {
	w := newWorld(t)
	w.halls()
	w.rules("quota", withQuotas(weekly(4)), "a", "b", "c")
	club, booker := w.association("Kuoro", accounts.Booker)
	_, other := w.association("Muu", accounts.Booker)
	m := accounts.Membership{Association: club.ID, Person: other.ID(), Role: accounts.Booker, CreatedAt: w.clock}
	w.must(accounts.AddMembership(ctx, w.DB, m))
	other.Memberships = append(other.Memberships, m)

	first, err := w.takeAs(club, booker, "a", "2026-11-24 12:00", "2026-11-24 14:30")
	w.must(err)
	_, err = w.takeAs(club, other, "b", "2026-11-25 12:00", "2026-11-25 14:00")
	w.wantCode(err, policies.CodeQuota)
	if p := fault.As(err).Params; p["left"] != 90 || p["used"] != 150 {
		t.Errorf("what is left: %v", p)
	}
	second, err := w.takeAs(club, other, "b", "2026-11-25 12:00", "2026-11-25 13:30")
	w.must(err)
	_, err = w.takeAs(club, booker, "a", "2026-11-29 12:00", "2026-11-29 12:30") // Sunday of the same week
	w.wantCode(err, policies.CodeQuota)
	_, err = w.takeAs(club, booker, "a", "2026-11-30 12:00", "2026-11-30 16:00") // Monday
	w.must(err)
	_, err = w.takeAs(club, booker, "c", "2026-11-26 12:00", "2026-11-26 16:30") // not in the set, but the quota binds there
	w.wantCode(err, policies.CodeQuota)
	w.mustTake(booker, "a", "2026-11-26 12:00", "2026-11-26 16:00") // in person

	// a move leaves the old time out and counts in the new week
	_, err = w.Move(ctx, other, booking.Change{Ref: second.Number}, times("2026-11-25 14:00", "2026-11-25 15:30"))
	w.must(err)
	_, err = w.Move(ctx, other, booking.Change{Ref: second.Number}, times("2026-12-01 14:00", "2026-12-01 15:30"))
	w.wantCode(err, policies.CodeQuota)
	_, err = w.Move(ctx, w.manager(), booking.Change{Ref: second.Number}, times("2026-12-01 14:00", "2026-12-01 15:30"))
	w.wantCode(err, "booking.override_reason")

	// what is given up does not count
	w.cancel(booker, first)
	_, err = w.takeAs(club, booker, "a", "2026-11-27 12:00", "2026-11-27 14:30")
	w.must(err)
	_, err = w.takeAs(club, booker, "a", "2026-11-28 12:00", "2026-11-28 12:30")
	w.wantCode(err, policies.CodeQuota)
}

func TestQuotasOfPeopleDaysAndOpenTimes(t *testing.T) {
	w := newWorld(t)
	w.halls()
	w.rules("quota", withQuotas(
		policies.Quota{Key: "school", Minutes: new(120), In: policies.InSchoolDay, Over: policies.Over{Book: true}},
		policies.Quota{Key: "open", Times: new(3), Per: policies.PerPerson, In: policies.InOpen, Over: policies.Over{Book: true}},
	), "a", "b")
	club, booker := w.association("Kuoro", accounts.Booker)
	w.mustTake(booker, "a", "2026-11-24 12:00", "2026-11-24 13:00")
	_, err := w.take(booker, "b", "2026-11-24 14:00", "2026-11-24 15:30")
	w.wantCode(err, policies.CodeQuota)
	w.mustTake(booker, "b", "2026-11-28 08:00", "2026-11-28 15:00") // Saturday
	_, err = w.takeAs(club, booker, "a", "2026-11-24 15:00", "2026-11-24 16:00")
	w.must(err)
	_, err = w.takeAs(club, booker, "a", "2026-11-25 15:00", "2026-11-25 16:00") // whoever books
	w.wantCode(err, policies.CodeQuotaTimes)
	w.clock = at("2026-11-24 13:00") // the first is over
	_, err = w.takeAs(club, booker, "a", "2026-11-25 15:00", "2026-11-25 16:00")
	w.must(err)
}

// Two rooms, one quota: of each pair one loses, whatever the order.
func TestQuotaRace(t *testing.T) {
	w := newWorld(t)
	w.halls()
	w.rules("quota", withQuotas(weekly(2)), "a", "b")
	club, booker := w.association("Kuoro", accounts.Booker)
	for week := range 6 {
		day := dateOf("2026-11-24").AddDays(7 * week).String()
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, room := range []string{"a", "b"} {
			wg.Go(func() { _, errs[i] = w.takeAs(club, booker, room, day+" 12:00", day+" 13:30") })
		}
		wg.Wait()
		if lost := slices.IndexFunc(errs, func(err error) bool { return err != nil }); lost < 0 || errs[1-lost] != nil {
			t.Fatalf("week %d: %v", week, errs)
		} else {
			w.wantCode(errs[lost], policies.CodeQuota)
		}
	}
}

func TestDatesOfASeriesCountForEachOther(t *testing.T) {
	w := newWorld(t)
	w.halls()
	w.rules("quota", withQuotas(weekly(4)), "a", "b")
	club, booker := w.association("Kuoro", accounts.Booker)
	_, err := w.takeAs(club, booker, "b", "2026-12-08 12:00", "2026-12-08 13:30")
	w.must(err)
	req := w.series("a", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6")
	req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: club.UID}
	preview, err := w.PreviewSeries(ctx, booker, req)
	w.must(err)
	var bad []string
	for _, d := range preview.Dates {
		if d.Verdict != booking.DateFree {
			code, _ := d.Code()
			bad = append(bad, d.Date.String()+" "+code)
		}
	}
	if !slices.Equal(bad, []string{"2026-12-10 " + policies.CodeQuota}) {
		t.Fatalf("bad dates: %v", bad)
	}
	req.Lenient = true
	made, err := w.BookSeries(ctx, booker, req)
	w.must(err)
	if len(made.Dates) != 5 || len(made.Rejected) != 1 {
		t.Fatalf("%d made, %d rejected", len(made.Dates), len(made.Rejected))
	}
	_, err = w.AddDate(ctx, booker, made.Series.UID.String(), booking.SeriesAdd{Date: dateOf("2026-12-10")})
	w.wantCode(err, policies.CodeQuota)

	// the same dates may be moved, for they do not count beside themselves
	span := calendar.Span{From: minute("17:00"), To: minute("19:00")}
	report, err := w.EditSeries(ctx, booker, booking.SeriesEdit{Ref: made.Series.UID.String(), Span: &span})
	w.must(err)
	if len(report.Done) != 5 {
		t.Errorf("%d moved", len(report.Done))
	}
	longer := calendar.Span{From: minute("17:00"), To: minute("19:30")}
	_, err = w.EditSeries(ctx, booker, booking.SeriesEdit{Ref: made.Series.UID.String(), Span: &longer})
	w.wantCode(err, "series.bad_dates")
}

func TestStaffAnswerForWhatIsOverAQuota(t *testing.T) {
	w := newWorld(t)
	w.halls()
	asked := withQuotas(weekly(2))
	asked.Rules[0].Effects.Verdict = policies.Approval
	w.rules("quota", asked, "a", "b")
	aino, manager := w.person("aino"), w.manager()
	first := w.mustTake(aino, "a", "2026-11-24 12:00", "2026-11-24 14:00")
	denied, err := w.Deny(ctx, manager, booking.Change{Ref: first.Number, ReasonText: "ei"})
	w.must(err)
	w.mustTake(aino, "b", "2026-11-25 12:00", "2026-11-25 13:00")
	_, err = w.Return(ctx, manager, booking.Change{Ref: denied.Number})
	w.wantCode(err, "booking.override_reason")
	_, err = w.Return(ctx, manager, booking.Change{Ref: denied.Number, ReasonText: "sovittu"})
	w.must(err)
	_, err = w.Approve(ctx, manager, booking.Change{Ref: denied.Number})
	w.wantCode(err, "booking.override_reason")
	_, err = w.Approve(ctx, manager, booking.Change{Ref: denied.Number, ReasonText: "sovittu"})
	w.must(err)
}

// What is offered to somebody whose quota is nearly used up Book accepts.
func TestWhatIsOfferedKeepsWithinQuotas(t *testing.T) {
	w := newWorld(t)
	w.halls()
	w.rules("quota", withQuotas(weekly(2)), "a", "b", "c")
	w.must(exec(w, "UPDATE resources SET purposes = '{meeting}'"))
	aino := w.person("aino")
	w.mustTake(aino, "a", "2026-11-24 12:00", "2026-11-24 13:00")
	look := func(room, day string, minutes int) booking.Outlook {
		t.Helper()
		o, err := w.Outlook(ctx, aino, w.rooms[room].UID, booking.Window{From: dateOf(day), To: dateOf(day), Minutes: minutes})
		w.must(err)
		return o
	}
	o := look("b", "2026-11-26", 90)
	if len(o.Starts) == 0 || o.Starts[0].Free || o.Starts[0].Code != policies.CodeQuota {
		t.Fatalf("starts: %+v", o.Starts[:1])
	}
	if len(o.Quotas) != 1 || *o.Quotas[0].MinutesLeft() != 60 {
		t.Errorf("quotas: %+v", o.Quotas)
	}
	if o = look("b", "2026-11-26", 60); !o.Starts[0].Free {
		t.Errorf("an hour: %+v", o.Starts[0])
	}
	if anybody, err := w.Outlook(ctx, accounts.Actor{}, w.rooms["b"].UID, booking.Window{From: dateOf("2026-11-26"), To: dateOf("2026-11-26"), Minutes: 90}); err != nil || !anybody.Starts[0].Free {
		t.Errorf("who is not known: %v", err)
	}
	ninety := 90
	firsts, err := w.FirstFree(ctx, aino, resources.Filter{}, booking.FirstQuery{Minutes: &ninety})
	w.must(err)
	rooms, err := w.Search(ctx, aino, booking.Query{Date: dateOf("2026-11-26"), Minutes: 90})
	w.must(err)
	if len(rooms) != 0 {
		t.Errorf("%d rooms offered this week", len(rooms))
	}
	for _, first := range firsts {
		if calendar.DateOf(first.Begin, helsinki).Before(dateOf("2026-11-30")) {
			t.Errorf("%s: %v", first.Place.Resource.Slug, first.Begin)
		}
	}
	_, err = w.take(aino, "b", "2026-11-26 12:00", "2026-11-26 13:30")
	refusal := err.(*booking.Refusal)
	for _, way := range refusal.Alternatives {
		if !way.Begin.After(at("2026-11-30 00:00")) {
			t.Errorf("a way out in a full week: %+v", way)
		}
	}
	if len(refusal.Alternatives) == 0 {
		t.Error("no way out at all")
	}
	found, err := w.Explain(ctx, aino, w.request("b", "2026-11-26 12:00", "2026-11-26 13:30"))
	w.must(err)
	if len(found.Quotas) != 1 || found.Quotas[0].Used.Minutes != 60 || len(found.Rules) != 1 || !found.Rules[0].Holds || found.Bookable() {
		t.Errorf("explained: %+v", found)
	}
}
