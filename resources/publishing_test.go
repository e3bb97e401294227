package resources_test

import (
	"testing"
	"time"

	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

func TestScenario36_StatesOfPublishing(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	before, after, later := now.Add(-time.Hour), now.Add(time.Hour), now.Add(2*time.Hour)
	for name, test := range map[string]struct {
		state    string
		from, to *time.Time
		want     string
	}{
		"draft":                       {resources.StateDraft, nil, nil, resources.StateDraft},
		"archived":                    {resources.StateArchived, &before, nil, resources.StateArchived},
		"no window":                   {resources.StatePublished, nil, nil, resources.StatePublished},
		"begun":                       {resources.StatePublished, &before, &after, resources.StatePublished},
		"begins later":                {resources.StatePublished, &after, nil, resources.StateScheduled},
		"a window later":              {resources.StatePublished, &after, &later, resources.StateScheduled},
		"ended":                       {resources.StatePublished, nil, &before, resources.StateHidden},
		"end before begin, before":    {resources.StatePublished, &later, &after, resources.StatePublished},
		"end before begin, between":   {resources.StatePublished, &after, &before, resources.StateScheduled},
		"end before begin, after":     {resources.StatePublished, ptr(now.Add(-time.Minute)), &before, resources.StatePublished},
		"end where it begins":         {resources.StatePublished, &after, &after, resources.StateHidden},
		"end where it begins, before": {resources.StatePublished, &before, &before, resources.StateHidden},
	} {
		r := resources.Resource{State: test.state, PublishFrom: test.from, PublishTo: test.to}
		if got := r.Standing(now); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestPublishAndHide(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	before, after := now.Add(-time.Hour), now.Add(time.Hour)
	for name, test := range map[string]struct {
		r    resources.Resource
		want string
	}{
		"a draft":                 {resources.Resource{State: resources.StateDraft}, resources.StatePublished},
		"a draft for later":       {resources.Resource{State: resources.StateDraft, PublishFrom: &after}, resources.StateScheduled},
		"a draft of last year":    {resources.Resource{State: resources.StateDraft, PublishTo: &before}, resources.StatePublished},
		"scheduled, at once":      {resources.Resource{State: resources.StatePublished, PublishFrom: &after}, resources.StatePublished},
		"hidden":                  {resources.Resource{State: resources.StatePublished, PublishTo: &before}, resources.StatePublished},
		"published until evening": {resources.Resource{State: resources.StatePublished, PublishTo: &after}, resources.StatePublished},
	} {
		test.r.Publish(now)
		if got := test.r.Standing(now); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if test.r.Hide(now); test.r.Standing(now) != resources.StateHidden {
			t.Errorf("%s: not hidden", name)
		}
	}
}

func TestScenario40_PublishingSaysAllThatIsMissing(t *testing.T) {
	w := newTown(t, dbtest.Tx(t))
	hall := w.space(nil, "Sali")
	bare := w.plain("sali")
	bare.Type, bare.Access, bare.Description, bare.PriceCents, bare.PriceNote = "", "", locales.Texts{Fi: "a"}, nil, locales.Texts{}
	codes := func(r resources.Resource, parts ...resources.Part) []string {
		missing := must[[]fault.Field](t)(w.s.Missing(t.Context(), w.d, r, parts))
		var list []string
		for _, field := range missing {
			list = append(list, field.Code)
		}
		return list
	}
	want := []string{"resource.unknown_type", "resource.no_parts", "resource.access_missing", "resource.description_missing", "resource.description_missing"}
	if got := codes(bare); len(got) != len(want) {
		t.Errorf("missing %v, want %v", got, want)
	} else {
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("missing %v, want %v", got, want)
			}
		}
	}
	whole := bare
	whole.Type, whole.Access, whole.Description, whole.PriceCents = "gym", "open", locales.Texts{Fi: "a", Sv: "b", En: "c"}, ptr(0)
	if got := codes(whole, resources.Part{Space: &hall.ID}); got != nil {
		t.Errorf("still missing %v", got)
	}
	whole.PersonsMin, whole.PersonsMax = ptr(30), ptr(20)
	if got := codes(whole, resources.Part{Space: &hall.ID}); len(got) != 1 || got[0] != "resource.persons_range" {
		t.Errorf("scenario 39: %v", got)
	}
}
