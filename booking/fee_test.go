package booking_test

import (
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/policies"
)

// withFee are rules by which everybody may, with a price of 10 €/h and what
// giving up costs.
func withFee(c policies.Cancellation) policies.Rules {
	return policies.Rules{Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
		Verdict: policies.Allow, Price: "cents:1000", Cancellation: &c, Limits: &policies.Limits{SeriesDays: new(365)},
	}}}}
}

// Until three weeks before it is free, after that half; until two weeks before,
// after that 50 €; the boundary minutes are still free.
func TestLateCancellationCostsWhatWasDecided(t *testing.T) {
	const week = 7 * 24 * 60
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.room("tila", []string{"b"}, nil)
	w.rules("three-weeks", withFee(policies.Cancellation{FreeMinutes: 3 * week, LatePercent: 50, UntilMinutes: new(0)}), "sali")
	w.rules("two-weeks", withFee(policies.Cancellation{FreeMinutes: 2 * week, LateCents: 5000, UntilMinutes: new(60)}), "tila")
	w.must(exec(w, "UPDATE resources SET cancel_minutes = NULL"))
	aino := w.person("aino")
	for _, c := range []struct {
		room string
		till time.Duration // before the begin
		fee  int
	}{
		{"sali", 3 * week * time.Minute, 0},
		{"sali", 3*week*time.Minute - time.Second, 1000},
		{"sali", time.Minute, 1000},
		{"tila", 2 * week * time.Minute, 0},
		{"tila", 2*week*time.Minute - time.Minute, 5000},
		{"tila", time.Hour, 5000},
	} {
		w.clock = at("2026-11-23 12:00")
		r := w.mustTake(aino, c.room, "2027-01-12 12:00", "2027-01-12 14:00")
		w.clock = r.BeginAt.Add(-c.till)
		if got := r.LateFee(w.clock); got != c.fee {
			t.Fatalf("%s %v before: costs %d, want %d", c.room, c.till, got, c.fee)
		}
		change := booking.Change{Ref: r.Number, ReasonCode: "other"}
		if c.fee > 0 {
			_, err := w.Cancel(ctx, aino, change)
			w.wantCode(err, "booking.fee_untold")
			_, err = w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2027-03-12 12:00", "2027-03-12 14:00"))
			if err == nil {
				t.Error("moved out of the fee's reach")
			}
			change.Fee = c.fee
		}
		done, err := w.Cancel(ctx, aino, change)
		w.must(err)
		stored := w.count("SELECT coalesce(fee_cents, 0) FROM reservations WHERE id = ?", r.ID)
		if stored != c.fee || (done.FeeCents != nil) != (c.fee > 0) {
			t.Errorf("%s %v before: stored %d, want %d", c.room, c.till, stored, c.fee)
		}
	}
	w.clock = at("2026-11-23 12:00")
	r := w.mustTake(aino, "tila", "2027-01-12 12:00", "2027-01-12 14:00")
	w.clock = at("2027-01-12 11:01")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: r.Number, ReasonCode: "other", Fee: 5000})
	w.wantCode(err, "booking.cancel_too_late")
	if paid := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.cancelled' AND CAST(values AS jsonb)->>'fee_cents' = '5000'"); paid != 2 {
		t.Errorf("%d fees in the audit trail", paid)
	}
}

func TestFeesOfNoShowsStaffAndSeries(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.rules("fee", withFee(policies.Cancellation{FreeMinutes: 24 * 60, LateCents: 2000}), "sali")
	aino, manager := w.person("aino"), w.manager()

	missed := w.mustTake(aino, "sali", "2026-11-23 13:00", "2026-11-23 14:00")
	w.clock = at("2026-11-23 13:20")
	done, err := w.NoShow(ctx, manager, booking.Change{Ref: missed.Number})
	w.must(err)
	if done.FeeCents == nil || *done.FeeCents != 2000 {
		t.Errorf("nobody came: %v", done.FeeCents)
	}
	if done, err = w.UndoNoShow(ctx, manager, booking.Change{Ref: missed.Number}); err != nil || done.FeeCents != nil {
		t.Errorf("they came after all: %v %v", done.FeeCents, err)
	}

	soon := w.mustTake(aino, "sali", "2026-11-23 16:00", "2026-11-23 17:00")
	if done, err = w.Cancel(ctx, manager, booking.Change{Ref: soon.Number, ReasonText: "putkirikko"}); err != nil || done.FeeCents != nil {
		t.Errorf("staff cancel: %v %v", done.FeeCents, err)
	}

	made := w.mustSeries(aino, w.series("sali", "2026-11-23 18:00-19:00", "FREQ=DAILY;COUNT=3"))
	all := booking.SeriesChange{Ref: made.Series.UID.String(), ReasonCode: "other"}
	_, err = w.CancelSeries(ctx, aino, all)
	w.wantCode(err, "booking.fee_untold")
	all.Fee = 2000
	report, err := w.CancelSeries(ctx, aino, all)
	w.must(err)
	if len(report.Done) != 3 || w.count("SELECT sum(fee_cents) FROM reservations WHERE series = ?", made.Series.ID) != 2000 {
		t.Errorf("of the series: %+v", report.Done)
	}
}
