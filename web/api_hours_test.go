package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPIReadsAndReplacesHours(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	const at = "/resources/kokous/hours"
	first := g.call(http.MethodGet, at, nil).want(200)
	etag := first.Header.Get("ETag")
	body := map[string]any{"periods": []map[string]any{{
		"name": map[string]any{"fi": "Syksy"}, "from": "2026-12-01",
		"spans": []map[string]any{{
			"weekdays": []int{2}, "from": "08:00", "to": "26:00", "kind": "reservable",
			"only": []map[string]any{{"context": "period", "subject": "week", "start": 1, "every": 2}},
		}},
	}}}
	g.call(http.MethodPut, at, body).problem(428, "precondition_missing")
	g.call(http.MethodPut, at, body, header{"If-Match": `"999999"`}).problem(412, "stale")
	g.call(http.MethodPut, at+"?dry_run=true", body, header{"If-Match": etag}).want(200, "Syksy")
	if got := g.call(http.MethodGet, at, nil).want(200).Header.Get("ETag"); got != etag {
		t.Errorf("a dry run changed %s to %s", etag, got)
	}
	saved := g.call(http.MethodPut, at, body, header{"If-Match": etag}).want(200)
	view := decode[ownHoursView](saved)
	if len(view.Periods) != 1 || view.Periods[0].Spans[0].To.String() != "26:00" || view.Periods[0].Spans[0].Only[0].Every != 2 || saved.Header.Get("ETag") == etag {
		t.Errorf("%+v", view)
	}
	g.call(http.MethodPut, at, body, header{"If-Match": etag}).problem(412, "stale")
	file := g.call(http.MethodGet, at+"/file", nil).want(200, `"frequency_ordinal": 2`)
	if !strings.Contains(file.Header.Get("Content-Disposition"), "hours.json") || file.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%v", file.Header)
	}
	g.call(http.MethodGet, at+"/file?format=ical", nil).problem(422, "hours_file.only_read")
	g.call(http.MethodGet, "/units/talo/hours/file?format=xlsx", nil).problem(422, "hours_file.format")
	body["periods"].([]map[string]any)[0]["to"] = "2026-11-01"
	g.call(http.MethodPut, at, body, header{"If-Match": "*"}).problem(422, "hours.ends_before_begin")
	w.who["anon"].call(http.MethodGet, at, nil).problem(401, "auth.required")
	g.call(http.MethodGet, "/units/talo/hours", nil).want(200, `"periods"`)
}
