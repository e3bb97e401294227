package booking_test

import (
	"slices"
	"testing"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// What is booked for the time after a version begins is listed where the version
// refuses or prices it otherwise; what lies before, and past, is not.
func TestStrandedByANewVersion(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	aino := w.person("aino")
	w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 14:00")
	late := w.mustTake(aino, "sali", "2026-12-02 12:00", "2026-12-02 14:00")
	long := w.mustTake(aino, "sali", "2026-12-03 12:00", "2026-12-03 13:00")
	from := at("2026-12-01 00:00")
	draft := resources.RuleBook{Key: "open", State: "draft", ValidFrom: &from, Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{
		{ID: "short", What: policies.What{MinutesMax: new(60)}, Effects: policies.Effects{Verdict: policies.Allow, Price: "cents:1000"}},
		{ID: "no", Effects: policies.Effects{Verdict: policies.Refuse}},
	}})}
	list, err := w.Stranded(ctx, w.manager(), draft)
	w.must(err)
	var numbers []string
	for _, s := range list {
		numbers = append(numbers, s.Reservation.Number)
	}
	if !slices.Equal(numbers, []string{late.Number, long.Number}) || !list[0].Refused || list[1].Refused || list[1].After == nil || *list[1].After != 1000 {
		t.Errorf("%v %+v", numbers, list)
	}
	if _, err := w.Stranded(ctx, aino, draft); err == nil {
		t.Error("a resident may ask")
	}
}
