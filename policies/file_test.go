package policies

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"vuoro/fault"
)

// What is read strictly is what a plain reading gives, for every file there is.
func TestFilesAreRead(t *testing.T) {
	files, err := filepath.Glob("testdata/books/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var plain File
		if err := json.Unmarshal(text, &plain); err != nil {
			t.Fatal(err)
		}
		if strict, err := ParseFile(text); err != nil || !reflect.DeepEqual(strict, plain) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestMistakesInAFileAreNamed(t *testing.T) {
	const rules = `"rules": {"version": 1, "rules": [{"id": "all", "effects": {"verdict": "allow", "price": "free"}}]}`
	for text, want := range map[string]string{
		`{"source": "x", "colour": 1, ` + rules + `}`:                                       "colour rules.unknown_field",
		`{` + rules + `, "examples": [{"name": "a"}, {"name": "b", "klass": "person"}]}`:    "examples.#2.klass rules.unknown_field",
		`{` + rules + `, "examples": [{"name": "a", "persons": "five"}]}`:                   "examples.#1.persons rules.wrong_type",
		`{"rules": {"version": 1, "rules": [{"id": "all", "effects": {"colour": "red"}}]}}`: "all.colour rules.unknown_field",
		`{"source": "x"}`:    " rules.unreadable",
		`{` + rules + `} {}`: " rules.unreadable",
	} {
		_, err := ParseFile([]byte(text))
		found := fault.As(err)
		if err == nil || found.Kind != fault.Invalid || found.Fields[0].Name+" "+found.Fields[0].Code != want {
			t.Errorf("%s: %v, want %s", text, found.Fields, want)
		}
	}
}
