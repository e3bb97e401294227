package places_test

import (
	"os"
	"strings"
	"testing"

	"vuoro/db/dbtest"
	"vuoro/imports/places"
)

// block is the fenced example of a language in the documentation.
func block(t *testing.T, text, lang string) string {
	t.Helper()
	_, after, found := strings.Cut(text, "```"+lang+"\n")
	example, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatalf("no %s in docs/places.md", lang)
	}
	return example
}

// The documentation's examples can be imported and say the same; its tables
// name every column.
func TestDocumentationIsTrue(t *testing.T) {
	page, err := os.ReadFile("../../docs/places.md")
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.New(t)
	example := block(t, string(page), "json")
	load(t, d, example)
	if got := export(t, d, places.JSON); got != example {
		t.Errorf("the JSON is not as it is exported:\n%s", got)
	}
	for _, c := range load(t, d, block(t, string(page), "csv")).Counts {
		if c.Unchanged == 0 || c.New+c.Changed+c.Unnamed > 0 {
			t.Errorf("the CSV says something else: %+v", c)
		}
	}
	for _, column := range places.Columns() {
		column = strings.TrimSuffix(column, "_fi")
		if !strings.Contains(string(page), "`"+column+"`") && !strings.HasSuffix(column, "_sv") && !strings.HasSuffix(column, "_en") {
			t.Errorf("docs/places.md does not speak of %s", column)
		}
	}
}
