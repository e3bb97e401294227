package catalogue_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/policies"
	"vuoro/resources"
)

// Every book that is written from a real source is kept as a draft and comes out
// as it was, with the place of the file in each example.
func TestFilesAreKeptAsTheyAre(t *testing.T) {
	c := newCity(t)
	files, err := filepath.Glob("../policies/testdata/books/*.json")
	if err != nil || len(files) < 20 {
		t.Fatal(err, len(files))
	}
	same := func(a, b any) bool {
		return string(must[[]byte](t)(json.Marshal(a))) == string(must[[]byte](t)(json.Marshal(b)))
	}
	for i, path := range files {
		want := must[policies.File](t)(policies.ParseFile(must[[]byte](t)(os.ReadFile(path))))
		draft := resources.RuleBook{Key: "book-" + string(rune('a'+i)), Name: fi("Kirja")}
		catalogue.FillFromFile(&draft, want)
		made := must[resources.RuleBook](t)(c.DraftBook(ctx, accounts.Actor{System: true}, draft))
		read := must[resources.RuleBook](t)(c.Places.BookVersion(ctx, c.d, made.Key, 1))
		got := catalogue.FileOf(read)
		if !same(got.Rules, want.Rules) || !same(got.Examples, want.Placed()) || got.Source == "" {
			t.Errorf("%s comes out as another book", path)
		}
	}
}
