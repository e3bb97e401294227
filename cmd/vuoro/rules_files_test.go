package main

import (
	"os"
	"strings"
	"testing"

	"vuoro/policies"
	"vuoro/web/locales"
)

// A book goes in as a draft and comes out as it was; its source is longer than
// the reference of a decision.
func TestRulesAreImportedAndExported(t *testing.T) {
	env := emptyDatabase(t)
	serveUntilReady(t, env)()
	const path = "../../policies/testdata/books/helsinki-oodi.json"
	r := vuoro(t.Context(), env, "import", "rules", path, "--key", "oodi")
	if told := r.stdout.String(); r.err != nil || !strings.Contains(told, "Version 1 of oodi is a draft") || !strings.Contains(told, "it was shortened") || !strings.Contains(told, "no room aura") {
		t.Errorf("%v\n%s%s", r.err, told, r.stderr.String())
	}
	text, err := os.ReadFile(path)
	must(t, err)
	want, err := policies.ParseFile(text)
	must(t, err)
	r = vuoro(t.Context(), env, "export", "rules", "oodi", "--version", "1")
	got, err := policies.ParseFile([]byte(r.stdout.String()))
	must(t, err)
	if plain(got.Rules) != plain(want.Rules) || plain(got.Examples) != plain(want.Placed()) || got.Source != locales.Shorten(want.Source, 200) {
		t.Errorf("another book comes out: %s", r.stdout.String())
	}
	if r := vuoro(t.Context(), env, "export", "rules", "oodi"); r.err == nil || !strings.Contains(r.err.Error(), "--version") {
		t.Errorf("a draft is in force: %v", r.err)
	}
}

func TestMistakesInAFileOfRulesAreTold(t *testing.T) {
	env := emptyDatabase(t)
	serveUntilReady(t, env)()
	path := write(t, "wrong.json", `{"rules": {"version": 1, "rules": [{"id": "all", "what": {"people": 4}, "effects": {"verdict": "allow"}}]}, "examples": []}`)
	r := vuoro(t.Context(), env, "import", "rules", path, "--key", "salit")
	if r.err == nil || !strings.Contains(r.stderr.String(), "all.people: There is no field people.") {
		t.Errorf("an unknown field: %v, %s", r.err, r.stderr.String())
	}
	path = write(t, "fails.json", `{"rules": {"version": 1, "rules": [{"id": "all", "effects": {"verdict": "allow", "price": "free"}}]},
		"examples": [{"name": "somebody", "verdict": "refuse", "cents": 0}]}`)
	for _, try := range [][]string{{"--dry-run"}, {}, {}} {
		r = vuoro(t.Context(), env, append([]string{"import", "rules", path, "--key", "salit"}, try...)...)
		if r.err != nil || !strings.Contains(r.stdout.String(), `“somebody” fails: verdict is "allow", not "refuse".`) {
			t.Errorf("%v: %v, %s%s", try, r.err, r.stdout.String(), r.stderr.String())
		}
	}
	if !strings.Contains(r.stdout.String(), "Version 2 of salit") {
		t.Errorf("a dry run makes a version: %s", r.stdout.String())
	}
	if r := vuoro(t.Context(), env, "import", "rules", path); exitStatus(r.err) != 2 {
		t.Errorf("without a key: %v", r.err)
	}
}
