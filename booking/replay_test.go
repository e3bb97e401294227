package booking_test

import (
	"slices"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/resources"
)

// replayed gives the verdicts of some requests by one book that allows all.
func replayed(t *testing.T, list ...booking.Asked) []policies.Verdict {
	t.Helper()
	books := map[string]policies.Book{"halls": {Key: "halls", Version: 1, Rules: policies.Rules{Version: 1, Rules: []policies.Rule{
		{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}},
	}}}}
	var verdicts []policies.Verdict
	for got, err := range booking.Replay(func(yield func(booking.Asked, error) bool) {
		for _, asked := range list {
			if !yield(asked, nil) {
				return
			}
		}
	}, books, nil) {
		if err != nil || got.New.Decision.Verdict != policies.Refuse {
			t.Errorf("a place without a book: %v %v", got.New.Decision, err)
		}
		verdicts = append(verdicts, got.Old.Decision.Verdict)
	}
	return verdicts
}

func TestReplayCountsLimitsFromWhatItGrants(t *testing.T) {
	one := 1
	place := resources.Place{Resource: resources.Resource{
		ID: 1, Slug: "hall", State: "published", Raster: 30, MinMinutes: 30, RuleBook: "halls", PriceUnit: "hour", ActiveLimit: &one,
	}}
	ask := func(id int64, madeAt time.Time, change func(r *booking.Reservation)) booking.Asked {
		asked := benchAsked(place, 0)
		asked.Reservation.ID, asked.Reservation.MadeAt, asked.Question.Now = id, madeAt, madeAt
		if change != nil {
			change(&asked.Reservation)
		}
		return asked
	}
	made := benchAsked(place, 0).Reservation.MadeAt
	cancelled := func(r *booking.Reservation) { r.State, r.ChangedAt = booking.Cancelled, made.Add(time.Hour) }
	dates := func(r *booking.Reservation) { series := int64(7); r.Series = &series }
	allow, refuse := policies.Allow, policies.Refuse
	for name, c := range map[string]struct {
		asked []booking.Asked
		want  []policies.Verdict
	}{
		"the second is one too many":             {[]booking.Asked{ask(1, made, nil), ask(2, made.Add(2*time.Hour), nil)}, []policies.Verdict{allow, refuse}},
		"what was cancelled before counts not":   {[]booking.Asked{ask(1, made, cancelled), ask(2, made.Add(2*time.Hour), nil)}, []policies.Verdict{allow, allow}},
		"what was cancelled afterwards counts":   {[]booking.Asked{ask(1, made, cancelled), ask(2, made.Add(time.Minute), nil)}, []policies.Verdict{allow, refuse}},
		"what was refused does not count":        {[]booking.Asked{ask(1, made, nil), ask(2, made, nil), ask(3, made, nil)}, []policies.Verdict{allow, refuse, refuse}},
		"the dates of a series are one":          {[]booking.Asked{ask(1, made, dates), ask(2, made, dates)}, []policies.Verdict{allow, allow}},
		"a series counts as one against another": {[]booking.Asked{ask(1, made, dates), ask(2, made, dates), ask(3, made, nil)}, []policies.Verdict{allow, allow, refuse}},
	} {
		if got := replayed(t, c.asked...); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestReplayKnowsWhereSomebodyIs(t *testing.T) {
	place := resources.Place{
		Resource: resources.Resource{ID: 1, Slug: "hall", State: "published", Raster: 30, MinMinutes: 30, RuleBook: "halls", PriceUnit: "hour"},
		Unit:     resources.Unit{ID: 1, OnePlaceAtOnce: true},
	}
	person := int64(5)
	ask := func(id int64, day int) booking.Asked {
		asked := benchAsked(place, 500*day)
		r := &asked.Reservation
		r.ID, r.HolderKind, r.HolderPerson, r.HolderAssociation = id, booking.HeldByPerson, &person, nil
		return asked
	}
	if got := replayed(t, ask(1, 0), ask(2, 0), ask(3, 1)); !slices.Equal(got, []policies.Verdict{policies.Allow, policies.Refuse, policies.Allow}) {
		t.Errorf("got %v", got)
	}
}
