package resources_test

import (
	"testing"

	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/resources"
)

func TestTermsInForceAreTheLiveVersionsOfNow(t *testing.T) {
	d := dbtest.New(t)
	s := service(d)
	add := func(key, state string, days int) resources.Terms {
		from := now.AddDate(0, 0, days)
		return must[resources.Terms](t)(s.AddTerms(t.Context(), d, resources.Terms{
			Key: key, State: state, ValidFrom: &from, Title: fi(key), Body: fi("Siivotkaa."),
		}))
	}
	add("house", "live", -20)
	second := add("house", "live", -2)
	add("house", "live", 5)
	add("house", "draft", -1)
	sauna := add("sauna", "live", -9)

	list := must[[]resources.Terms](t)(s.TermsInForce(t.Context(), d, []string{"sauna", "house", "nothing"}))
	if len(list) != 2 || list[0].UID != sauna.UID || list[1].UID != second.UID || list[1].Version != 2 {
		t.Errorf("in force: %+v", list)
	}
	first, err := s.TermsVersion(t.Context(), d, "house", 1)
	if err != nil || first.Title.Fi != "house" || first.Body.Fi != "Siivotkaa." {
		t.Errorf("first version: %+v %v", first, err)
	}
	for _, version := range []int{4, 9} { // a draft, and none
		if _, err := s.TermsVersion(t.Context(), d, "house", version); fault.Code(err) != "terms.not_found" {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

func TestTermsThatCannotBeRead(t *testing.T) {
	d := dbtest.New(t)
	s := service(d)
	for field, spoil := range map[string]func(*resources.Terms){
		"key":        func(x *resources.Terms) { x.Key = "House rules" },
		"state":      func(x *resources.Terms) { x.State = "old" },
		"valid_from": func(x *resources.Terms) { x.ValidFrom = nil },
		"title":      func(x *resources.Terms) { x.Title.Fi = "" },
		"body":       func(x *resources.Terms) { x.Body.Fi = "" },
	} {
		terms := resources.Terms{Key: "house", State: "live", ValidFrom: &now, Title: fi("Talo"), Body: fi("Siivotkaa.")}
		spoil(&terms)
		_, err := s.AddTerms(t.Context(), d, terms)
		if e := fault.As(err); e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
