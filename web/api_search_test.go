package web

import (
	"net/http"
	"slices"
	"testing"
)

func TestFirstFreeByAPI(t *testing.T) {
	w := newTown(t)
	anon := w.who["anon"]
	w.who["resident"].book("kokous", "2026-11-24 06:00", "2026-11-24 08:00")
	list := decode[pageView[firstView]](anon.call("GET", "/first-free?from=2026-11-24&to=2026-11-24&minutes=60&unit=talo", nil).want(200))
	begins := map[string]string{}
	for _, first := range list.Items {
		if first.Begin != nil {
			begins[first.Resource.Slug] = first.Begin.In(w.Zone).Format("15:04")
		}
	}
	if begins["kokous"] != "08:00" || len(list.Items) < 2 {
		t.Errorf("first times %v of %d rooms", begins, len(list.Items))
	}
	one := decode[pageView[firstView]](anon.call("GET", "/first-free?resource=kokous&from=2026-11-24&to=2026-11-24&time_from=06:00&time_to=07:00", nil).want(200))
	if len(one.Items) != 1 || one.Items[0].Begin != nil || one.Items[0].Closed {
		t.Errorf("a full hour: %+v", one.Items)
	}
	for query, code := range map[string]string{
		"from=2026-11-22": "search.past", "to=2028-11-24": "search.too_far", "from=2026-11-25&to=2026-11-24": "search.range",
		"time_from=10:00&time_to=10:00": "search.end_before_begin", "minutes=0": "invalid", "minutes=14": "invalid", "near=here": "search.bad_point",
	} {
		anon.call("GET", "/first-free?"+query, nil).problem(http.StatusUnprocessableEntity, code)
	}
}

func TestFiltersByAPI(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE units SET latitude = 60.17, longitude = 24.94, postcode = '00100' WHERE slug = 'talo'")
	w.must(err)
	_, err = w.DB.Exec(ctx, "UPDATE resources SET equipment = '{piano}', access = 'code' WHERE slug = 'sali'")
	w.must(err)
	anon := w.who["anon"]
	slugs := func(query string) (found []string) {
		for _, r := range decode[pageView[resourceView]](anon.call("GET", "/resources?"+query, nil).want(200)).Items {
			found = append(found, r.Slug)
		}
		slices.Sort(found)
		return found
	}
	all, inTalo := slugs(""), slugs("unit=talo")
	for query, want := range map[string][]string{
		"equipment=piano": {"sali"}, "access=code": {"sali"}, "area=001": inTalo, "near=60.17,24.94&within=100": inTalo, "near=60.17,24.94": all,
		"equipment=piano&equipment=stage": nil,
	} {
		if got := slugs(query); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	if got := slugs("no_approval=true"); slices.Contains(got, "sali") || len(got) == 0 {
		t.Errorf("without approval: %v", got)
	}
	near := decode[pageView[availableView]](anon.call("GET", "/availability?date=2026-11-24&until=2026-11-26&near=60.17,24.94&sort=nearest", nil).want(200))
	if len(near.Items) != len(all) || near.Items[0].Metres == nil || *near.Items[0].Metres != 0 {
		t.Errorf("nearest: %+v", near.Items)
	}
	anon.call("GET", "/availability?date=2026-11-24&until=2027-11-26", nil).problem(422, "search.too_many_days")
}

func TestDemandByAPI(t *testing.T) {
	w := newTown(t)
	for _, agent := range []string{"Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)", "Examplebot/1.0", ""} {
		w.who["anon"].get("/fi/tilat?equipment=interpreter_booth&persons=15", header{"User-Agent": agent}).want(200)
	}
	w.who["anon"].get("/fi/tilat?equipment=interpreter_booth", header{"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch"}).want(200)
	list := decode[pageView[unmetView]](w.who["manager"].call("GET", "/reports/demand?from=2026-11-23&to=2026-11-23", nil).want(200))
	if len(list.Items) != 1 || list.Items[0].Times != 2 || list.Items[0].Wish.Persons != 15 {
		t.Errorf("demand %+v", list.Items)
	}
	w.who["resident"].call("GET", "/reports/demand?from=2026-11-23&to=2026-11-23", nil).problem(403, "auth.forbidden")
}
