package policies

import (
	"testing"

	"pgregory.net/rapid"
)

// What the sieve lets through is what Decide would hold, and nothing else.
func TestTheSieveDecidesAsDecide(t *testing.T) {
	clocked := bookOf(
		Rule{ID: "evenings", When: When{From: "16:00"}, Effects: Effects{Limits: &Limits{MaxMinutes: new(60), DaysAheadMin: new(1)}}},
		Rule{ID: "season", When: When{Season: &MonthDays{From: "10-01", To: "01-31"}}, Effects: Effects{Limits: &Limits{DaysAheadMax: new(2)}}},
		Rule{ID: "holiday", When: When{Holiday: new(true)}, Effects: Effects{Limits: &Limits{MinMinutes: new(120)}}},
		Rule{ID: "school", When: When{School: "term"}, Effects: Effects{Limits: &Limits{MaxMinutes: new(180)}}},
		Rule{ID: "rest", Effects: Effects{Verdict: Allow, Limits: &Limits{MaxMinutes: new(240)}}},
	)
	dated := bookOf(
		Rule{ID: "leap day on", When: When{Dates: &Dates{From: dateOrNil("2024-02-29")}, Holiday: new(false)}, Effects: Effects{Limits: &Limits{MaxMinutes: new(60)}}},
		Rule{ID: "soon", When: When{AheadMax: new(1440)}, Effects: Effects{Limits: &Limits{MaxMinutes: new(120)}}},
		Rule{ID: "school", When: When{School: "term"}, Effects: Effects{Limits: &Limits{DaysAheadMax: new(2)}}},
		everybody.Rules.Rules[0],
	)
	rapid.Check(t, func(rt *rapid.T) {
		q := anyQuestion(rt)
		q.Kind, q.Stage = Ordinary, AtHold
		q.Book = pick(rt, "depends", q.Book, clocked, dated)
		q.City = "Helsinki"
		minutes := rapid.IntRange(1, 12).Draw(rt, "minutes") * max(q.Place.Raster, 15)
		sieve := NewSieve(q)
		for asked := range (Grid{Zone: q.Zone, Raster: max(q.Place.Raster, 1), Minutes: minutes}).All(sieve.Spans()) {
			q.Asked = asked
			if decision := Decide(q); sieve.Passes(asked) == decision.Refused() {
				rt.Fatalf("%v: the sieve says %v, Decide finds %v", asked, sieve.Passes(asked), codesOf(decision.Violations))
			}
		}
	})
}
