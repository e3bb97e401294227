package booking_test

import (
	"errors"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// tuesdays is a room with a series of n Tuesdays 18–20 from 1 December 2026.
func tuesdays(t *testing.T, n string) (*world, accounts.Actor, booking.SeriesMade) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	w.seriesRoom("studio", []string{"b"}, nil)
	aino := w.person("aino")
	return w, aino, w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU;COUNT="+n))
}

func (w *world) mustEdit(actor accounts.Actor, c booking.SeriesEdit) booking.SeriesReport {
	w.t.Helper()
	report, err := w.EditSeries(ctx, actor, c)
	var refusal *booking.SeriesRefusal
	if errors.As(err, &refusal) {
		for _, d := range refusal.Preview.Dates {
			w.t.Logf("%s %s %v", d.Date, d.Verdict, d.Conflicts)
		}
	}
	w.must(err)
	return report
}

func span(from, to string) *calendar.Span { return &calendar.Span{From: minute(from), To: minute(to)} }

// local is the begin of a date as the clock shows it.
func local(r booking.Reservation) string { return r.BeginAt.In(helsinki).Format("2006-01-02 15:04") }

// All future dates move an hour; those that have begun stay, and the change goes
// on as a series of its own. Numbers and calendar UIDs stay.
func TestRunningSeriesIsSplitNotRewritten(t *testing.T) {
	w, aino, made := tuesdays(t, "6")
	w.clock = at("2026-12-09 12:00") // two have been
	report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Span: span("19:00", "21:00")})
	if len(report.Done) != 4 || report.Series.ID == made.Series.ID || *report.Series.SplitFrom != made.Series.ID {
		t.Fatalf("%d changed, series %d of %d", len(report.Done), report.Series.ID, made.Series.ID)
	}
	for i, r := range report.Done {
		was := made.Dates[i+2]
		if r.UID != was.UID || r.Number != was.Number || r.Sequence != was.Sequence+1 || local(r) != was.BeginAt.Add(time.Hour).In(helsinki).Format("2006-01-02 15:04") {
			t.Errorf("%s became %s, uid %v", local(was), local(r), r.UID == was.UID)
		}
	}
	old, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	next, err := w.GetSeries(ctx, aino, report.Series.Number)
	w.must(err)
	if old.Before != nil || len(old.After) != 1 || old.After[0].ID != next.ID || len(next.After) != 0 || next.Before.ID != old.ID {
		t.Errorf("%v, %v; %v, %v", old.Before, old.After, next.Before, next.After)
	}
	if len(old.Dates) != 2 || len(next.Dates) != 4 || old.FromMinute != 18*60 || next.FromMinute != 19*60 {
		t.Errorf("%d and %d dates, %s and %s", len(old.Dates), len(next.Dates), old.FromMinute, next.FromMinute)
	}
	w.sound()
}

// The whole series moves by a day within its weeks; shifting into the time that
// a sibling has now is no conflict.
func TestSeriesShiftsAgainstItself(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino := w.person("aino")
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=DAILY;COUNT=10"))
	report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, First: new(dateOf("2026-12-02"))})
	if len(report.Done) != 1 || local(report.Done[0]) != "2026-12-11 18:00" || len(report.Ended) != 1 || local(report.Ended[0]) != "2026-12-01 18:00" {
		t.Errorf("%d made or moved, %d ended", len(report.Done), len(report.Ended))
	}
	made = w.mustSeries(aino, w.series("sali", "2027-01-05 18:00-20:00", "FREQ=WEEKLY;COUNT=5"))
	rule := "FREQ=WEEKLY;BYDAY=TH;UNTIL=20270206T215959Z"
	report = w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Rule: &rule})
	for i, r := range report.Done {
		if r.BeginAt.In(helsinki).Weekday() != time.Thursday || i < 5 && r.UID != made.Dates[i].UID {
			t.Errorf("date %d: %s, same %v", i, local(r), i < 5 && r.UID == made.Dates[i].UID)
		}
	}
	w.sound()
}

func TestScenario94_DeniedDatesAreNotMadeAgain(t *testing.T) {
	w, aino, made := tuesdays(t, "5")
	_, err := w.Deny(ctx, w.manager(), booking.Change{Ref: made.Dates[2].Number, ReasonText: "Remontti"})
	w.must(err)
	report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Span: span("17:00", "19:00")})
	if len(report.Done) != 4 || report.Series.ID != made.Series.ID {
		t.Fatalf("%d changed", len(report.Done))
	}
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	for _, d := range card.Dates {
		if d.SeriesDate == dateOf("2026-12-15") && (d.State != booking.Denied || local(d.Reservation) != "2026-12-15 18:00") {
			t.Errorf("the denied date is %s at %s", d.State, local(d.Reservation))
		}
	}
	if len(card.Dates) != 5 {
		t.Errorf("%d dates", len(card.Dates))
	}
	w.sound()
}

func TestScenario95_BeginDateStandsOnceItHasBegun(t *testing.T) {
	w, aino, made := tuesdays(t, "9")
	w.clock = at("2026-12-01 18:30")
	_, err := w.EditSeries(ctx, aino, booking.SeriesEdit{Ref: made.Series.Number, First: new(dateOf("2026-12-02"))})
	w.wantCode(err, "series.has_begun")
	w.clock = at("2026-11-23 12:00")
	req := w.series("studio", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=9")
	req.Exclude = []calendar.Date{dateOf("2026-12-08"), dateOf("2026-12-22")}
	if made := w.mustSeries(aino, req); len(made.Dates) != 7 {
		t.Errorf("%d dates remain", len(made.Dates))
	}
}

func TestScenario96_DenyingASeriesLeavesPastAndCancelled(t *testing.T) {
	w, aino, made := tuesdays(t, "5")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: made.Dates[3].Number, ReasonCode: "other"})
	w.must(err)
	w.clock = at("2026-12-02 12:00")
	manager := w.manager()
	_, err = w.DenySeries(ctx, manager, booking.SeriesChange{Ref: made.Series.Number})
	w.wantCode(err, "booking.reason_missing")
	report, err := w.DenySeries(ctx, manager, booking.SeriesChange{Ref: made.Series.Number, ReasonText: "Sali suljetaan"})
	w.must(err)
	if len(report.Done) != 3 {
		t.Errorf("%d denied", len(report.Done))
	}
	states := map[booking.State]int{}
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	for _, d := range card.Dates {
		states[d.State]++
	}
	if states[booking.Confirmed] != 1 || states[booking.Cancelled] != 1 || states[booking.Denied] != 3 {
		t.Errorf("%v", states)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'series.denied'"); n != 1 {
		t.Errorf("%d mails", n)
	}
	w.sound()
}

func TestScenario97_DetailsOfAllButOneDate(t *testing.T) {
	w, aino, made := tuesdays(t, "4")
	report := w.mustEdit(aino, booking.SeriesEdit{
		Ref: made.Series.Number, Form: &policies.Form{Title: "Joulukonsertti", Persons: new(12)}, Keep: []calendar.Date{dateOf("2026-12-15")},
	})
	if len(report.Done) != 3 {
		t.Errorf("%d changed", len(report.Done))
	}
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	for _, d := range card.Dates {
		want := "Joulukonsertti"
		if d.SeriesDate == dateOf("2026-12-15") {
			want = "Kuoro"
		}
		if d.Title != want || local(d.Reservation)[11:] != "18:00" {
			t.Errorf("%s: %q", local(d.Reservation), d.Title)
		}
	}
	w.sound()
}

// One date and those after it move to another room; a date in whose way
// somebody stands refuses the whole, or stays where it is.
func TestFollowingDatesChangeRoom(t *testing.T) {
	w, aino, made := tuesdays(t, "6")
	w.mustTake(w.person("eino"), "studio", "2026-12-29 19:00", "2026-12-29 21:00")
	edit := booking.SeriesEdit{
		Ref: made.Series.Number, Scope: booking.ScopeFollowing, From: dateOf("2026-12-15"), Resource: new(w.rooms["studio"].UID),
	}
	_, err := w.EditSeries(ctx, aino, edit)
	if !fault.Is(err, fault.Conflict) || fault.Code(err) != "series.bad_dates" {
		t.Fatalf("%v", err)
	}
	edit.Lenient = true
	report := w.mustEdit(aino, edit)
	if len(report.Done) != 3 || len(report.Left) != 1 || report.Left[0].SeriesDate != dateOf("2026-12-29") {
		t.Fatalf("%d done, %+v", len(report.Done), report.Left)
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL AND resource = ?", w.rooms["studio"].ID); n != 3 {
		t.Errorf("%d in the studio", n)
	}
	w.sound()
}

// A longer rule makes further dates, a shorter one ends some.
func TestSeriesGrowsAndShrinks(t *testing.T) {
	w, aino, made := tuesdays(t, "4")
	longer := "FREQ=WEEKLY;BYDAY=TU;COUNT=7"
	if report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Rule: &longer}); len(report.Done) != 3 {
		t.Errorf("%d dates", len(report.Done))
	}
	shorter := "FREQ=WEEKLY;BYDAY=TU;COUNT=2"
	w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Rule: &shorter})
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	if card.Standing != 2 || len(card.Dates) != 7 {
		t.Errorf("%d stand of %d", card.Standing, len(card.Dates))
	}
	if report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Rule: &longer}); len(report.Done) != 0 {
		t.Errorf("cancelled dates were made again: %d", len(report.Done))
	}
	w.sound()
}

// In a room where series are asked for, only what is new is asked for again.
func TestLongerSeriesAsksForItsNewDatesAlone(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "series-asked" })
	aino := w.person("aino")
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=3"))
	_, err := w.ApproveSeries(ctx, w.manager(), booking.SeriesChange{Ref: made.Series.Number})
	w.must(err)
	longer := "FREQ=WEEKLY;BYDAY=TU;COUNT=5"
	report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Rule: &longer})
	if len(report.Done) != 2 || report.Done[0].State != booking.Requested || len(report.Ended) != 0 {
		t.Errorf("%d done, %d ended", len(report.Done), len(report.Ended))
	}
	states := map[booking.State]int{}
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	for _, d := range card.Dates {
		states[d.State]++
	}
	if states[booking.Confirmed] != 3 || states[booking.Requested] != 2 {
		t.Errorf("%v", states)
	}
	w.sound()
}

// A standing date that is left out of a change is cancelled, and its time free.
func TestDateLeftOutOfAnEditIsCancelled(t *testing.T) {
	w, aino, made := tuesdays(t, "3")
	report := w.mustEdit(aino, booking.SeriesEdit{
		Ref: made.Series.Number, Span: span("17:00", "19:00"), Fixes: []booking.Fix{{Date: dateOf("2026-12-08"), Do: booking.FixSkip}},
	})
	if len(report.Done) != 2 || len(report.Ended) != 1 {
		t.Errorf("%d done, %d ended", len(report.Done), len(report.Ended))
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'cancelled' AND series_date = '2026-12-08'"); n != 1 {
		t.Errorf("%d cancelled", n)
	}
	w.mustTake(w.person("eino"), "sali", "2026-12-08 18:00", "2026-12-08 20:00")
	w.sound()
}

// What was rejected is added with one click once it is free.
func TestRejectedDateIsAddedWhenFree(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	other := w.mustTake(eino, "sali", "2026-12-08 19:00", "2026-12-08 21:00")
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=3")
	req.Lenient = true
	made := w.mustSeries(aino, req)
	add := booking.SeriesAdd{Date: dateOf("2026-12-08")}
	_, err := w.AddDate(ctx, aino, made.Series.Number, add)
	w.wantCode(err, "booking.overlap")
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	if len(card.Rejected) != 1 || card.Rejected[0].Free {
		t.Fatalf("%+v", card.Rejected)
	}
	_, err = w.Cancel(ctx, eino, booking.Change{Ref: other.Number, ReasonCode: "other"})
	w.must(err)
	if card, err = w.GetSeries(ctx, aino, made.Series.Number); err != nil || !card.Rejected[0].Free {
		t.Fatalf("%v %+v", err, card.Rejected)
	}
	r, err := w.AddDate(ctx, aino, made.Series.Number, add)
	w.must(err)
	if r.Series == nil || *r.Series != made.Series.ID || r.SeriesDate != add.Date {
		t.Errorf("%+v", r)
	}
	_, err = w.AddDate(ctx, aino, made.Series.Number, add)
	w.wantCode(err, "series.has_date")
	_, err = w.AddDate(ctx, eino, made.Series.Number, booking.SeriesAdd{Date: dateOf("2026-12-09")})
	w.wantCode(err, "series.not_found")
	extra, err := w.AddDate(ctx, aino, made.Series.Number, booking.SeriesAdd{Date: dateOf("2026-12-10")})
	w.must(err)
	if card, err = w.GetSeries(ctx, aino, made.Series.Number); err != nil || len(card.Include.V) != 1 || len(card.Dates) != 4 || len(card.Rejected) != 0 {
		t.Errorf("%v: include %v, %d dates, %v; %s", err, card.Include.V, len(card.Dates), card.Rejected, local(extra))
	}
	w.sound()
}

// A series that needs an approval is one request, decided at once.
func TestSeriesIsApprovedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "series-asked" })
	aino, manager := w.person("aino"), w.manager()
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=4"))
	if made.Dates[0].State != booking.Requested {
		t.Fatal(made.Dates[0].State)
	}
	_, err := w.ApproveSeries(ctx, aino, booking.SeriesChange{Ref: made.Series.Number})
	w.wantCode(err, "auth.forbidden")
	report, err := w.ApproveSeries(ctx, manager, booking.SeriesChange{Ref: made.Series.Number})
	w.must(err)
	if len(report.Done) != 4 || report.Done[0].State != booking.Confirmed {
		t.Errorf("%+v", report)
	}
	_, err = w.ApproveSeries(ctx, manager, booking.SeriesChange{Ref: made.Series.Number})
	w.wantCode(err, "booking.already_decided")
	w.sound()
}

// A holder cancels what the deadline still lets them; staff cancel all.
func TestCancellingASeriesCountsBoth(t *testing.T) {
	w := newWorld(t)
	day := 24 * 60
	w.seriesRoom("sali", []string{"a"}, func(r *resources.Resource) { r.CancelMinutes = &day })
	aino := w.person("aino")
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=DAILY;COUNT=4"))
	w.clock = at("2026-12-01 12:00")
	report, err := w.CancelSeries(ctx, aino, booking.SeriesChange{Ref: made.Series.Number, ReasonCode: "plans_changed"})
	w.must(err)
	if len(report.Done) != 3 || len(report.Left) != 1 || report.Left[0].Code != "booking.cancel_too_late" {
		t.Errorf("%d done, left %+v", len(report.Done), report.Left)
	}
	w.sound()
}

// An approved series may get another title, but more people are decided anew.
func TestApprovedSeriesIsAskedAnewForWhatWasApproved(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "series-asked" })
	aino, manager := w.person("aino"), w.manager()
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=3"))
	_, err := w.ApproveSeries(ctx, manager, booking.SeriesChange{Ref: made.Series.Number})
	w.must(err)
	report := w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Form: &policies.Form{Title: "Uusi nimi"}})
	if report.Done[0].State != booking.Confirmed || report.Done[0].Title != "Uusi nimi" {
		t.Errorf("%s %q", report.Done[0].State, report.Done[0].Title)
	}
	report = w.mustEdit(aino, booking.SeriesEdit{Ref: made.Series.Number, Form: &policies.Form{Title: "Uusi nimi", Persons: new(40)}})
	if report.Done[0].State != booking.Requested || report.Done[0].DecidedAt != nil {
		t.Errorf("%s", report.Done[0].State)
	}
	_, err = w.EditSeries(ctx, aino, booking.SeriesEdit{Ref: made.Series.Number, Revision: 1, Form: &policies.Form{}})
	w.wantCode(err, "stale")
	w.sound()
}
