package web

import (
	"encoding/json"
	"slices"

	"vuoro/policies"
	"vuoro/resources"
)

// ruleChange is where two versions differ: a rule that was added, removed,
// changed or moved.
type ruleChange struct {
	Kind   string // added, removed, changed or moved
	Label  string
	Before string
	After  string
}

// fillChanges compares a version with the one that is in force, or, of that, the
// one before it.
func (v *visit) fillChanges(page *ruleVersionPage, o openVersion) {
	before := v.versionBefore(o)
	if before == nil {
		return
	}
	page.ChangesHead = v.t("rulebook.changes", "version", before.Version)
	page.Changes = v.ruleChanges(before.Rules.V, o.Rules.V)
}

func (v *visit) versionBefore(o openVersion) *resources.RuleBook {
	if live := o.all.Live(v.server.Catalogue); live != nil && live.ID != o.ID && v.versionState(o.RuleBook) != "past" {
		return live
	}
	var found *resources.RuleBook
	for i := range o.all.Versions {
		other := &o.all.Versions[i]
		if other.State == "live" && o.ValidFrom != nil && other.ValidFrom.Before(*o.ValidFrom) && (found == nil || other.ValidFrom.After(*found.ValidFrom)) {
			found = other
		}
	}
	return found
}

func (v *visit) ruleChanges(before, after policies.Rules) []ruleChange {
	was, is := v.tells(before), v.tells(after)
	var list []ruleChange
	add := func(kind, old, now string) {
		list = append(list, ruleChange{kind, v.t("rulebook.change." + kind), old, now})
	}
	find := func(rules []policies.Rule, id string) int {
		return slices.IndexFunc(rules, func(r policies.Rule) bool { return r.ID == id })
	}
	for _, rule := range after.Rules {
		i := find(before.Rules, rule.ID)
		switch {
		case i < 0:
			add("added", "", is.ruleSentence(rule))
		case was.ruleSentence(before.Rules[i]) != is.ruleSentence(rule):
			add("changed", was.ruleSentence(before.Rules[i]), is.ruleSentence(rule))
		}
	}
	for _, rule := range before.Rules {
		if find(after.Rules, rule.ID) < 0 {
			add("removed", was.ruleSentence(rule), "")
		}
	}
	return append(list, v.otherChanges(before, after)...)
}

// otherChanges are those of order, tariffs, VAT and questions.
func (v *visit) otherChanges(before, after policies.Rules) []ruleChange {
	var list []ruleChange
	for _, part := range []struct {
		name       string
		old, fresh any
	}{
		{"order", sharedOrder(before, after), sharedOrder(after, before)},
		{"tariffs", before.Tariffs, after.Tariffs},
		{"vat", before.VAT, after.VAT},
		{"questions", before.Questions, after.Questions},
	} {
		a, _ := json.Marshal(part.old)
		b, _ := json.Marshal(part.fresh)
		if string(a) != string(b) {
			list = append(list, ruleChange{Kind: "changed", Label: v.t("rulebook.change." + part.name)})
		}
	}
	return list
}

// sharedOrder are the ids of rules that another version has too, in their order.
func sharedOrder(rules, other policies.Rules) []string {
	var ids []string
	for _, rule := range rules.Rules {
		if slices.ContainsFunc(other.Rules, func(r policies.Rule) bool { return r.ID == rule.ID }) {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}
