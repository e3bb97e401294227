package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vuoro/imports/places"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// The town's file goes into a new installation and comes out of it again.
func TestPlacesAreImportedAndExported(t *testing.T) {
	env := emptyDatabase(t)
	serveUntilReady(t, env)()
	town := "../../demo/town/places.json"
	if r := vuoro(t.Context(), env, "import", "places", town, "--dry-run"); r.err != nil || !strings.Contains(r.stdout.String(), "nothing was changed") {
		t.Fatalf("dry run: %v, %s%s", r.err, r.stdout.String(), r.stderr.String())
	}
	if r := vuoro(t.Context(), env, "import", "places", town); r.err != nil || !strings.Contains(r.stdout.String(), "67 new     0 changed     0 unchanged") {
		t.Fatalf("import: %v, %s%s", r.err, r.stdout.String(), r.stderr.String())
	}
	exported := vuoro(t.Context(), env, "export", "places")
	want, err := os.ReadFile(town)
	must(t, err)
	if exported.err != nil || exported.stdout.String() != string(want) {
		t.Errorf("export gives another file: %v", exported.err)
	}
	table := vuoro(t.Context(), env, "export", "places", "--format", "csv", "--unit", "oodi")
	r := vuoro(t.Context(), env, "import", "places", "--json", write(t, "oodi.csv", table.stdout.String()))
	var answer struct {
		places.Summary
		Mistakes []any
	}
	if err := json.Unmarshal([]byte(r.stdout.String()), &answer); err != nil || r.err != nil || len(answer.Counts) != len(places.Kinds) || answer.Mistakes == nil {
		t.Errorf("import as JSON: %v, %v, %s", err, r.err, r.stdout.String())
	}
	if r := vuoro(t.Context(), env, "import", "places", write(t, "few.csv", "row,slug,floor\nresource,oodi-aura,3\n")); r.err != nil ||
		!strings.Contains(r.stdout.String(), "66 resources are here that the file does not name; nothing was removed.") {
		t.Errorf("a file with one resource: %v, %s", r.err, r.stdout.String())
	}
}

func TestMistakesInAFileOfPlacesAreTold(t *testing.T) {
	env := emptyDatabase(t)
	serveUntilReady(t, env)()
	path := write(t, "rooms.csv", "row;slug;unit;name_fi;price\nunit;talo;;Talo\nresource;sali;talo;Sali;ilmainen\nresource;sali;talo;Toinen\n")
	r := vuoro(t.Context(), env, "import", "places", path)
	told := r.stderr.String()
	if r.err == nil || !strings.Contains(r.err.Error(), "has 2 mistakes: nothing was imported") ||
		!strings.Contains(told, path+":3:25 (price): “ilmainen” is not a price.") || !strings.Contains(told, path+":4:10 (slug): “sali” is already in line 3.") {
		t.Errorf("error %v, told\n%s", r.err, told)
	}
	r = vuoro(t.Context(), env, "import", "places", path, "--json")
	var answer struct {
		Mistakes []struct {
			Line, Column       int
			Name, Code, Detail string
		}
	}
	if err := json.Unmarshal([]byte(r.stdout.String()), &answer); err != nil || r.err == nil || len(answer.Mistakes) != 2 ||
		answer.Mistakes[0].Line != 3 || answer.Mistakes[0].Column != 25 || answer.Mistakes[0].Code != "places.price" || answer.Mistakes[0].Detail == "" {
		t.Errorf("as JSON: %v, %v, %s", err, r.err, r.stdout.String())
	}
	for name, args := range map[string][]string{
		"there is no unit": {"export", "places", "--unit", "talo"}, "no such file": {"import", "places", "/no/such/file.csv"},
	} {
		if r := vuoro(t.Context(), env, args...); r.err == nil || strings.Contains(r.err.Error(), "\n") {
			t.Errorf("%s: %v", name, r.err)
		}
	}
	if r := vuoro(t.Context(), env, "export", "places", "--format", "xlsx"); r.err != errUsage {
		t.Errorf("an unknown format: %v", r.err)
	}
}
