package web

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// TestFormsOfRulesLoseNothing saves every form of a draft as it is shown: what
// the book says, seen in the form or not, is then what it was.
func TestFormsOfRulesLoseNothing(t *testing.T) {
	raw, err := os.ReadFile("testdata/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	book, err := policies.ParseRules(raw)
	if err != nil {
		t.Fatal(err)
	}
	for i := range book.Rules { // no two of them about the same
		book.Rules[i].When.AheadMax = new(100_000 - 60*i)
	}
	w := newTown(t)
	_, err = w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{Key: "full", State: "draft", Name: all("Kaikkea"), Rules: db.AsJSON(book)})
	w.must(err)
	const version = "/admin/rules/full/1"
	b := w.browser("city")
	save := func(what, path string) {
		t.Helper()
		b.open(path).is(200)
		b.sendForm(path).is(200)
		saved, err := w.Resources.BookVersion(ctx, w.DB, "full", 1)
		w.must(err)
		before, _ := json.MarshalIndent(book, "", " ")
		after, _ := json.MarshalIndent(saved.Rules.V, "", " ")
		if string(before) != string(after) {
			t.Fatalf("saving %s changes the book:\n%s", what, firstDifference(string(before), string(after)))
		}
	}
	for _, part := range []string{"tariffs", "vat", "questions", "settings"} {
		save(part, version+"/parts/"+part)
	}
	for _, rule := range book.Rules {
		save(rule.ID, version+"/rules/"+rule.ID)
	}
	if n := len(book.Tariffs[slices.IndexFunc(book.Tariffs, func(t policies.Tariff) bool { return t.Key == "long" })].Steps); n <= tariffSteps {
		t.Errorf("%d steps: not more than the form usually has", n)
	}
}

// sendForm sends a form of the page at hand with all its values, ticks too.
func (b *browser) sendForm(action string) page {
	return b.send("POST", action, b.values(action).Encode())
}

// firstDifference is where two texts part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-200):min(len(s), i+200)] }
	return "before: " + around(a) + "\nafter: " + around(b)
}
