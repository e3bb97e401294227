package catalogue_test

import (
	"testing"
	"time"

	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

// TestMistakesOfRulesAreNamed asks of broken books which mistake is named, at
// which rule, and that none of them goes live.
func TestMistakesOfRulesAreNamed(t *testing.T) {
	w := newCity(t)
	city := w.actors["city"]
	allow := policies.Effects{Verdict: policies.Allow, Price: "free"}
	base, err := w.DraftBook(ctx, city, draft("pohja", nil))
	w.must(err)
	_, err = w.Publish(ctx, city, catalogue.Publication{Key: base.Key, Version: base.Version})
	w.must(err)
	for _, c := range []struct {
		key, base  string
		rules      []policies.Rule
		code, rule string
		unsaved    bool // it is not even kept as a draft
	}{
		{key: "ala", code: "rules.never_area", rule: "bad", rules: []policies.Rule{{ID: "bad", Where: policies.Where{AreaMin: new(400.0), AreaMax: new(300.0)}, Effects: allow}}},
		{key: "risti", code: "rules.contradiction", rule: "b", rules: []policies.Rule{{ID: "a", Effects: allow}, {ID: "b", Effects: policies.Effects{Verdict: policies.Refuse}}}},
		{key: "hinta", code: "rules.price", unsaved: true, rules: []policies.Rule{{ID: "a", Effects: policies.Effects{Price: "cents:-1"}}}},
		{key: "suuri", code: "rules.price", unsaved: true, rules: []policies.Rule{{ID: "a", Effects: policies.Effects{Price: "cents:1000000000"}}}},
		{key: "sama", base: "pohja", code: "rules.id_in_base", unsaved: true, rules: []policies.Rule{{ID: "all-pohja", Effects: allow}}},
	} {
		book := draft(c.key, nil)
		book.Base, book.Examples = c.base, db.AsJSON([]policies.Example{})
		book.Rules = db.AsJSON(policies.Rules{Version: 1, Rules: c.rules})
		made, err := w.DraftBook(ctx, city, book)
		if c.unsaved {
			wantCode(t, err, c.code)
			continue
		}
		w.must(err)
		remarks, err := w.Remarks(ctx, w.DB, made)
		w.must(err)
		if len(remarks) == 0 || remarks[0].Code != c.code || remarks[0].Rule != c.rule {
			t.Errorf("%s: %v", c.key, remarks)
		}
		_, err = w.Publish(ctx, city, catalogue.Publication{Key: made.Key, Version: made.Version})
		wantCode(t, err, c.code)
		if f := fault.As(err); len(f.Fields) == 0 || f.Fields[0].Params["rule"] != c.rule {
			t.Errorf("%s: %+v names no rule", c.key, f)
		}
	}
}

// TestTwoVersionsDoNotBeginTogether: which of the two would hold nobody knows.
func TestTwoVersionsDoNotBeginTogether(t *testing.T) {
	w := newCity(t)
	city := w.actors["city"]
	from := w.Now().Add(30 * 24 * time.Hour)
	for i, code := range []string{"", "rules.valid_from_taken"} {
		made, err := w.DraftBook(ctx, city, draft("kahdesti", nil))
		w.must(err)
		_, err = w.Publish(ctx, city, catalogue.Publication{Key: made.Key, Version: made.Version, From: from})
		if i == 0 {
			w.must(err)
			continue
		}
		wantCode(t, err, code)
	}
}

// TestAnOwnBookIsNotBlamedForItsBase: what the base allows and asks is not
// missing above it, and what those above use is not unused in it.
func TestAnOwnBookIsNotBlamedForItsBase(t *testing.T) {
	w := newCity(t)
	city := w.actors["city"]
	base := draft("pohja", nil)
	base.Rules.V.Tariffs = []policies.Tariff{{Key: "sali", Cents: 1000}}
	base.Rules.V.Questions = []policies.FormField{{Key: "avoin", Label: policies.Note{Fi: "Avoin?"}, Kind: "yes_no"}}
	base, err := w.DraftBook(ctx, city, base)
	w.must(err)
	base, err = w.Publish(ctx, city, catalogue.Publication{Key: base.Key, Version: base.Version})
	w.must(err)
	own := draft("oma", nil)
	own.Base = "pohja"
	own.Rules.V.Rules = []policies.Rule{{ID: "suljettu", What: policies.What{Answers: map[string]policies.Values{"avoin": {"no"}}}, Effects: policies.Effects{Price: "tariff:sali"}}}
	own, err = w.DraftBook(ctx, city, own)
	w.must(err)
	for _, book := range []string{"oma", "pohja"} {
		version, err := w.Places.BookVersion(ctx, w.DB, book, 1)
		w.must(err)
		remarks, err := w.Remarks(ctx, w.DB, version)
		w.must(err)
		if len(remarks) > 0 {
			t.Errorf("%s: %v", book, remarks)
		}
	}
}
