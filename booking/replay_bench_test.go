package booking_test

import (
	"iter"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// BenchmarkReplay replays a year's requests of 500 associations by two sets of
// twenty rules, one of them a quota; ns/op are those of one request.
func BenchmarkReplay(b *testing.B) {
	week := 600
	rule := func(id string, weekday int) policies.Rule {
		return policies.Rule{ID: id, When: policies.When{Weekdays: []int{weekday}, From: "08:00", To: "10:00"}, Effects: policies.Effects{Verdict: policies.Approval}}
	}
	var rules []policies.Rule
	for i := range 18 {
		rules = append(rules, rule(string(rune('a'+i)), i%7+1))
	}
	rules = append(rules,
		policies.Rule{ID: "quota", Effects: policies.Effects{Quotas: []policies.Quota{{Key: "week", Minutes: &week, In: policies.InWeek}}}},
		policies.Rule{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}})
	books := map[string]policies.Book{"halls": {Key: "halls", Version: 1, Rules: policies.Rules{Version: 1, Rules: rules}}}
	place := resources.Place{Resource: resources.Resource{ID: 1, Slug: "hall", State: "published", Raster: 30, MinMinutes: 30, RuleBook: "halls", PriceUnit: "hour", Purposes: db.Strings{}}}
	questions := func(n int) iter.Seq2[booking.Asked, error] {
		return func(yield func(booking.Asked, error) bool) {
			for i := range n {
				if !yield(benchAsked(place, i), nil) {
					return
				}
			}
		}
	}
	b.ResetTimer()
	n := 0
	for replayed := range booking.Replay(questions(b.N), books, books) {
		if replayed.New.Decision.Verdict != policies.Refuse {
			n++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

func benchAsked(place resources.Place, i int) booking.Asked {
	association := int64(i%500 + 1)
	begin := at("2026-01-01 17:00").AddDate(0, 0, i/500%365)
	r := booking.Reservation{
		ID: int64(1000 + i), Resource: 1, Unit: 1, BeginAt: begin, EndAt: begin.Add(2 * time.Hour), MadeAt: begin.AddDate(0, 0, -14), Kind: policies.Ordinary,
		State: booking.Confirmed, HolderKind: booking.HeldByAssociation, HolderAssociation: &association, MadeBy: &association,
	}
	q := place.Question(r.MadeAt, helsinki)
	q.Asked, q.Form = r.Interval(), policies.Form{Title: "Vuoro", TermsAccepted: true}
	q.Who = policies.Who{Class: policies.Association, Known: true, Registered: true}
	q.Hours = []policies.Hours{{Interval: calendar.DayBounds(calendar.DateOf(begin, helsinki), helsinki), Kind: policies.Reservable}}
	return booking.Asked{Reservation: r, Place: place, Question: q}
}
