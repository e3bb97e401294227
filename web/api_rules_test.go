package web

import (
	"net/http"
	"strings"
	"testing"

	"vuoro/policies"
)

// A book is drafted, tried, mended, published and withdrawn by programs, as on
// the pages.
func TestAPIWritesARuleBook(t *testing.T) {
	w := newTown(t)
	g := w.who["city"]
	const all200 = `{"version": 1, "rules": [{"id": "crowd", "what": {"persons_min": 200}, "effects": {"verdict": "approval"}}, {"id": "all", "effects": {"verdict": "allow", "price": "free"}}]}`
	draft := func(rules, verdict string) string {
		return `{"name": {"fi": "Salit"}, "source": "Board 1.1.2026", "rules": ` + rules + `, "examples": [{"name": "200 people", "persons": 200, "verdict": "` + verdict + `", "cents": 0}]}`
	}
	w.who["manager"].call(http.MethodPost, "/rule-books/salit/versions", draft(all200, "allow")).problem(403, "auth.forbidden")
	made := decode[ruleBookView](g.call(http.MethodPost, "/rule-books/salit/versions", draft(all200, "allow")).want(201))
	if made.Version != 1 || made.State != "draft" || made.Source != "Board 1.1.2026" || len(made.Examples) != 1 || made.ValidFrom != nil {
		t.Fatalf("%+v", made)
	}
	if rules, err := policies.ParseRules(made.Rules); err != nil || len(rules.Rules) != 2 {
		t.Errorf("rules come out as %s: %v", made.Rules, err)
	}
	const at = "/rule-books/salit/1"
	tried := decode[[]trialView](g.call(http.MethodPost, at+"/try", nil).want(200))
	if len(tried) != 1 || tried[0].Pass || tried[0].Differences[0] != (differenceView{"verdict", "allow", "approval"}) {
		t.Errorf("tried: %+v", tried)
	}
	match := func(revision string) header { return header{"If-Match": `"` + revision + `"`} }
	g.call(http.MethodPost, at+"/publish", `{"stranded": 0}`, match("1")).problem(422, "rules.examples_fail")
	g.call(http.MethodPut, at, draft(all200, "approval")).problem(428, "precondition_missing")
	g.call(http.MethodPut, at, draft(all200, "approval"), match("7")).problem(412, "stale")
	g.call(http.MethodPut, at, draft(all200, "approval"), match("1")).want(200, `"revision":2`)
	wrong := g.call(http.MethodPut, at, draft(strings.Replace(all200, "persons_min", "people", 1), "approval"), match("2"), header{"Accept-Language": "fi"}).problem(422, "rules.unknown_field")
	if len(wrong.Errors) != 1 || wrong.Errors[0].Field != "crowd.people" || !strings.Contains(wrong.Detail, "Kenttää people") {
		t.Errorf("an unknown field: %+v", wrong)
	}
	g.call(http.MethodPost, at+"/publish", `{"stranded": 3}`, match("2")).problem(409, "rulebook.see_stranded")
	live := decode[ruleBookView](g.call(http.MethodPost, at+"/publish", `{"stranded": 0, "valid_from": "2027-01-01T00:00:00+02:00", "decision": {"reference": "Board 2"}}`, match("2")).want(200))
	if live.State != "live" || live.ValidFrom == nil || live.Decision.Reference != "Board 2" {
		t.Errorf("live: %+v", live)
	}
	g.call(http.MethodPut, at, draft(all200, "approval"), header{"If-Match": "*"}).problem(409, "rules.live_unchanged")
	g.call(http.MethodPost, at+"/withdraw", nil).want(200, `"draft"`)
	g.call(http.MethodPost, "/rule-books/open/1/withdraw", nil).problem(409, "rules.in_force")
	if read := g.call(http.MethodGet, at, nil).want(200); read.Header.Get("ETag") != `"4"` {
		t.Errorf("the revision is %s", read.Header.Get("ETag"))
	}
	g.call(http.MethodGet, "/rule-books", nil).want(200, `"salit"`, `"open"`)
	g.call(http.MethodGet, "/rule-books/salit", nil).want(200, `"version":1`)
	g.call(http.MethodGet, "/rule-books/salit/2", nil).problem(404, "rules.not_found")
}

func TestAPIReadsTerms(t *testing.T) {
	w := newTown(t)
	w.liveTerms("salit")
	g := w.who["manager"]
	g.call(http.MethodGet, "/terms/salit", nil).want(200, "Vain sisäkengät")
	if read := g.call(http.MethodGet, "/terms/salit/1", nil).want(200); read.Header.Get("ETag") != `"1"` || decode[termsVersionView](read).ValidFrom == nil {
		t.Errorf("terms: %s", read.text)
	}
	g.call(http.MethodGet, "/terms/salit/2", nil).problem(404, "terms.not_found")
	w.who["resident"].call(http.MethodGet, "/terms/salit", nil).problem(403, "auth.forbidden")
}
