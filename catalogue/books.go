package catalogue

import (
	"context"
	"slices"
	"unicode/utf8"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Templates are the rule books that a city without one can begin with, by key.
var Templates = []string{"everyone-free", "associations-free", "all-approved"}

// templateRules are the rules of each template.
var templateRules = map[string][]policies.Rule{
	"everyone-free": {{ID: "everyone", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}},
	"associations-free": {
		{
			ID:      "associations",
			Who:     policies.WhoIs{Classes: []policies.Class{policies.Association, policies.CityUnit}},
			Effects: policies.Effects{Verdict: policies.Allow, Price: "free"},
		},
		{ID: "others", Effects: policies.Effects{Verdict: policies.Allow, Price: "list"}},
	},
	"all-approved": {{ID: "everyone", Effects: policies.Effects{Verdict: policies.Approval, Price: "list"}}},
}

const longestReference = 200

// FirstBook makes the first rule book of a city out of a template, in force
// from now on; reference names the decision behind it and may be empty. It is
// for the city's administrators, and a Conflict, rules.books_exist, where there
// is a book already.
func (s *Service) FirstBook(ctx context.Context, actor accounts.Actor, template, reference string) (book resources.RuleBook, err error) {
	if err := mayManageCity(actor); err != nil {
		return book, err
	}
	rules, known := templateRules[template]
	if !known {
		return book, fault.InvalidField("template", "rules.unknown_template")
	}
	if utf8.RuneCountInString(reference) > longestReference {
		return book, fault.InvalidField("reference", "too_long", fault.Params{"max": longestReference})
	}
	now := s.Now()
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, 0, true); err != nil { // the installation: one first book
			return edit{}, err
		}
		var books int
		if err := tx.Query(ctx, &books, "SELECT count(*) FROM rule_books"); err != nil {
			return edit{}, err
		}
		if books > 0 {
			return edit{}, fault.New(fault.Conflict, "rules.books_exist")
		}
		book, err = s.Places.AddRuleBook(ctx, tx, resources.RuleBook{
			Key: template, State: "live", ValidFrom: &now, Decision: db.AsJSON(resources.Decision{Reference: reference}),
			Rules: db.AsJSON(policies.Rules{Version: 1, Rules: rules}),
		})
		return edit{0, "rules.made", "rule_book:" + template, nil, book}, err
	})
	return book, err
}

// TemplateRules are the rules of a template; they are the caller's own.
func TemplateRules(key string) ([]policies.Rule, bool) {
	rules, known := templateRules[key]
	return slices.Clone(rules), known
}
