package resources_test

import (
	"reflect"
	"testing"
	"time"

	"vuoro/resources"
)

// Scenario 36 in its four shapes.
func TestVisible(t *testing.T) {
	at := func(hours int) *time.Time { return ptr(now.Add(time.Duration(hours) * time.Hour)) }
	for name, test := range map[string]struct {
		state    string
		from, to *time.Time
		want     bool
	}{
		"published":                  {"published", nil, nil, true},
		"draft":                      {"draft", nil, nil, false},
		"archived":                   {"archived", nil, nil, false},
		"begun":                      {"published", at(-1), nil, true},
		"begins at this moment":      {"published", at(0), nil, true},
		"scheduled":                  {"published", at(1), nil, false},
		"not ended":                  {"published", nil, at(1), true},
		"ends at this moment":        {"published", nil, at(0), false},
		"within":                     {"published", at(-1), at(1), true},
		"end before begin, between":  {"published", at(1), at(-1), false},
		"end before begin, before":   {"published", at(2), at(1), true},
		"end before begin, after":    {"published", at(-1), at(-2), true},
		"end is begin":               {"published", at(0), at(0), false},
		"end is begin, in the past":  {"published", at(-1), at(-1), false},
		"end is begin, still coming": {"published", at(1), at(1), false},
	} {
		p := resources.Place{Resource: resources.Resource{State: test.state, PublishFrom: test.from, PublishTo: test.to}}
		if got := p.Visible(now); got != test.want {
			t.Errorf("%s: visible %v", name, got)
		}
	}
}

// Every field of the checks' view is filled from a place that has everything.
func TestPolicyLeavesNothingOut(t *testing.T) {
	r := full(town{unit: resources.Unit{ID: 1}})
	view := resources.Place{Resource: r, Unit: resources.Unit{OnePlaceAtOnce: true, Slug: "oodi"}, IsPart: true, Needs: []resources.Need{{Atom: 1}}}.Policy()
	fields := reflect.ValueOf(view)
	for i := range fields.NumField() {
		if name := fields.Type().Field(i).Name; fields.Field(i).IsZero() && name != "SeriesDays" { // only a rule book allows series
			t.Errorf("field %s is not filled", fields.Type().Field(i).Name)
		}
	}
	if view.PriceCents == nil || *view.PriceCents != 36000 || view.Raster != 60 || !view.BookingTo.Equal(now.Add(2*time.Hour)) {
		t.Errorf("%+v", view)
	}
}
