package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// seriesRoom is a room where residents may make series.
func (w *world) seriesRoom(name string, spaces []string, change func(*resources.Resource)) resources.Resource {
	w.t.Helper()
	if w.count("SELECT count(*) FROM rule_books WHERE key = 'series'") == 0 {
		for key, verdict := range map[string]policies.Verdict{"series": policies.Allow, "series-asked": policies.Approval} {
			from := w.clock.AddDate(-5, 0, 0)
			w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
				_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{
					Key: key, Version: 1, State: "live", ValidFrom: &from,
					Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
						Verdict: verdict, Price: "free", Limits: &policies.Limits{SeriesDays: new(730)},
					}}}}),
				})
				return err
			}))
		}
	}
	return w.room(name, spaces, func(r *resources.Resource) {
		r.RuleBook = "series"
		if change != nil {
			change(r)
		}
	})
}

// weekly asks for a series: "2026-12-01 18:00-20:00" and a rule.
func (w *world) series(room, when, rule string) booking.SeriesRequest {
	w.t.Helper()
	var date, from, to string
	if _, err := fmt.Sscanf(when, "%10s %5s-%5s", &date, &from, &to); err != nil {
		w.t.Fatal(err)
	}
	span := calendar.Span{From: minute(from), To: minute(to)}
	if span.To <= span.From {
		span.To += calendar.DayMinutes
	}
	return booking.SeriesRequest{
		Resource: w.rooms[room].UID, Plan: booking.Plan{First: dateOf(date), Span: span, Rule: rule},
		Form: policies.Form{Title: "Kuoro", TermsAccepted: true},
	}
}

func (w *world) mustSeries(actor accounts.Actor, req booking.SeriesRequest) booking.SeriesMade {
	w.t.Helper()
	made, err := w.BookSeries(ctx, actor, req)
	if err != nil {
		w.t.Fatalf("series: %v", err)
	}
	return made
}

func TestSeriesIsMadeAtOnce(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino := w.person("aino")
	made := w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=30"))
	if len(made.Dates) != 30 || made.Dates[0].State != booking.Confirmed || made.Series.Number == "" {
		t.Fatalf("%d dates, %+v", len(made.Dates), made.Series)
	}
	for i, r := range made.Dates {
		begin := at("2026-12-01 18:00").AddDate(0, 0, 7*i)
		if local := r.BeginAt.In(helsinki); local.Hour() != 18 || local.Format("2006-01-02") != begin.In(helsinki).Format("2006-01-02") {
			t.Errorf("date %d begins %s", i, local)
		}
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'series.confirmed'"); n != 1 {
		t.Errorf("%d mails", n)
	}
	w.sound()
	_, err := w.take(aino, "sali", "2027-01-12 19:00", "2027-01-12 21:00")
	w.wantCode(err, "booking.overlap")
}

// Strict: nothing is made, and the bad date is named; after it is left out, the
// rest is made.
func TestScenario90_OneOverlapRefusesTheWholeStrictSeries(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(eino, "sali", "2026-12-15 19:00", "2026-12-15 21:00")
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=5")
	_, err := w.BookSeries(ctx, aino, req)
	var refusal *booking.SeriesRefusal
	if !errors.As(err, &refusal) || !fault.Is(err, fault.Conflict) {
		t.Fatalf("%v", err)
	}
	bad := slices.DeleteFunc(slices.Clone(refusal.Preview.Dates), func(d booking.SeriesDate) bool { return !d.Bad() })
	if len(bad) != 1 || bad[0].Date != dateOf("2026-12-15") || bad[0].Verdict != booking.DateConflict {
		t.Fatalf("bad: %+v", bad)
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE series IS NOT NULL") + w.count("SELECT count(*) FROM series"); n != 0 {
		t.Fatalf("%d rows stayed", n)
	}
	req.Fixes = []booking.Fix{{Date: dateOf("2026-12-15"), Do: booking.FixSkip}}
	if made := w.mustSeries(aino, req); len(made.Dates) != 4 {
		t.Errorf("%d dates", len(made.Dates))
	}
	w.sound()
}

// Ten weeks, one taken and one closed: eight are made, two are kept with their
// reason, and there is one mail.
func TestScenario98_LenientKeepsWhatCannotBeMade(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(eino, "sali", "2026-12-15 19:00", "2026-12-15 21:00")
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error { return w.closedOn(tx, "2026-12-22") }))
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=10")
	req.Lenient = true
	made := w.mustSeries(aino, req)
	if len(made.Dates) != 8 || len(made.Rejected) != 2 {
		t.Fatalf("%d made, %d rejected", len(made.Dates), len(made.Rejected))
	}
	if a, b := made.Rejected[0].Code, made.Rejected[1].Code; a != "series.conflict.reservation" || b != policies.CodeClosed {
		t.Errorf("%s, %s", a, b)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic LIKE 'series.%' AND recipient = 'aino@demo.example'"); n != 1 {
		t.Errorf("%d mails", n)
	}
	w.sound()
}

// closedOn closes the house on one day.
func (w *world) closedOn(tx *db.DB, day string) error {
	periods, err := w.Resources.PeriodsOf(ctx, tx, resources.Owner{Unit: w.unit.ID})
	if err != nil {
		return err
	}
	date := dateOf(day)
	closed := resources.Period{Override: true, ValidFrom: &date, ValidTo: &date, Spans: db.AsJSON([]resources.WeekSpan{})}
	return w.Resources.SetPeriods(ctx, tx, resources.Owner{Unit: w.unit.ID}, append(periods, closed))
}

// The date that somebody holds while filling in the form is not in its own way,
// and each bad date comes with ways out that are all bookable.
func TestPreviewOffersWaysOut(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	w.seriesRoom("studio", []string{"b"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	hold, err := w.Hold(ctx, aino, w.rooms["sali"].UID, times("2026-12-01 18:00", "2026-12-01 20:00"))
	w.must(err)
	w.mustTake(eino, "sali", "2026-12-15 19:00", "2026-12-15 21:00")
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=5")
	req.Hold = hold.Number
	preview, err := w.PreviewSeries(ctx, aino, req)
	w.must(err)
	if preview.Bad() != 1 || preview.Count(booking.DateFree) != 4 || *preview.Cents != 0 {
		t.Fatalf("%d bad, %d free", preview.Bad(), preview.Count(booking.DateFree))
	}
	bad := preview.Dates[2]
	whys := map[string]int{}
	for _, way := range bad.Ways {
		whys[way.Why]++
		if calendar.DateOf(way.Begin, helsinki) != bad.Date {
			t.Errorf("%s on another day: %s", way.Why, way.Begin)
		}
	}
	if whys["same_room"] == 0 || whys["same_time"] == 0 {
		t.Fatalf("%v", whys)
	}
	for _, way := range bad.Ways {
		again := req
		again.Fixes = []booking.Fix{{Date: bad.Date, Do: booking.FixInstead, Resource: way.Resource.UID, Times: booking.Times{Begin: way.Begin, End: way.End}}}
		if p, err := w.PreviewSeries(ctx, aino, again); err != nil || p.Bad() != 0 {
			t.Errorf("%s %s: %d bad, %v", way.Why, way.Begin, p.Bad(), err)
		}
	}
	req.Fixes = []booking.Fix{{Date: bad.Date, Do: booking.FixInstead, Resource: w.rooms["studio"].UID, Times: booking.Times{Begin: bad.Begin, End: bad.End}}}
	made := w.mustSeries(aino, req)
	if len(made.Dates) != 5 || w.count("SELECT count(*) FROM reservations WHERE state = 'held'") != 0 {
		t.Errorf("%d dates", len(made.Dates))
	}
	w.sound()
}

// Waiting is one of the ways out of a taken date: when it is given back, the
// series gets its date.
func TestSeriesWaitsForADate(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	other := w.mustTake(eino, "sali", "2026-12-15 19:00", "2026-12-15 21:00")
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=5")
	req.Fixes = []booking.Fix{{Date: dateOf("2026-12-15"), Do: booking.FixWait}}
	made := w.mustSeries(aino, req)
	if len(made.Dates) != 4 || len(made.Rejected) != 1 {
		t.Fatalf("%d made, %d rejected", len(made.Dates), len(made.Rejected))
	}
	_, err := w.Cancel(ctx, eino, booking.Change{Ref: other.Number, ReasonCode: "other"})
	w.must(err)
	waits, err := w.Waits(ctx, aino)
	w.must(err)
	if len(waits) != 1 || waits[0].State != booking.Offered {
		t.Fatalf("%+v", waits)
	}
	r, err := w.AcceptOffer(ctx, aino, waits[0].UID)
	w.must(err)
	card, err := w.GetSeries(ctx, aino, made.Series.Number)
	w.must(err)
	if r.SeriesDate != dateOf("2026-12-15") || len(card.Dates) != 5 || len(card.Rejected) != 0 {
		t.Errorf("%s, %d dates, rejected %v", r.SeriesDate, len(card.Dates), card.Rejected)
	}
	w.sound()
}

// A series does not slip in where somebody waits: the date that has just become
// free goes to the first in line.
func TestSeriesYieldsToTheLine(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	aino, eino, outi := w.person("aino"), w.person("eino"), w.person("outi")
	w.mustTake(eino, "sali", "2026-12-15 18:00", "2026-12-15 20:00")
	wait := w.mustJoin(outi, "sali", "2026-12-15 18:00", "2026-12-15 20:00")
	// freed behind the service's back, as by a program that ended before it could serve
	w.must(exec(w, "DELETE FROM occupancies WHERE reservation IN (SELECT id FROM reservations WHERE holder_person = ?)", eino.ID()))
	w.must(exec(w, "UPDATE reservations SET state = 'cancelled', occupies = false WHERE holder_person = ?", eino.ID()))
	req := w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=3")
	_, err := w.BookSeries(ctx, aino, req)
	var refusal *booking.SeriesRefusal
	if !errors.As(err, &refusal) || refusal.Preview.Dates[2].Conflicts[0].Kind != "offer" {
		t.Fatalf("%v", err)
	}
	w.wantWait(outi, wait, booking.Offered)
}

// A room of which nothing is left to be taken makes no series that holds nothing.
func TestSeriesNeedsSomethingToTake(t *testing.T) {
	w := newWorld(t)
	w.seriesRoom("sali", []string{"a"}, nil)
	w.must(exec(w, "DELETE FROM resource_atoms WHERE resource = ?", w.rooms["sali"].ID))
	aino := w.person("aino")
	_, err := w.take(aino, "sali", "2026-12-01 18:00", "2026-12-01 20:00")
	w.wantCode(err, "booking.no_space")
	_, err = w.BookSeries(ctx, aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;COUNT=3"))
	w.wantCode(err, "booking.no_space")
}
