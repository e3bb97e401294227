package web

import (
	"slices"
	"strings"

	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// ruleTeller says rules to people. Book gives tariffs and questions their names
// and may be empty: then their keys stand for them.
type ruleTeller struct {
	*visit
	book policies.Rules
}

func (v *visit) tells(book policies.Rules) ruleTeller { return ruleTeller{v, book} }

// ruleSentence says everything that a rule says: "Yhdistykset, joiden jäsenistä
// vähintään 75 % on alle 18-vuotiaita: ma–pe 16.00–21.00, lukukausien aikana:
// maksutta, ilman hyväksyntää". It is for those who look after rules.
func (t ruleTeller) ruleSentence(rule policies.Rule) string {
	line := t.ruleBody(rule, t.effectWords(rule.Effects))
	if note := t.named(locales.Texts(rule.Note)); note != "" {
		line += ". " + note
	}
	return line
}

// ruleLine says a rule to residents, without what does not concern them; a rule
// that says nothing to them is "".
func (v *visit) ruleLine(s policies.Summary) string {
	return v.tells(policies.Rules{}).residentLine(s.Rule)
}

func (t ruleTeller) residentLine(rule policies.Rule) string {
	note := t.named(locales.Texts(rule.Note))
	switch {
	case len(rule.Who.Classes) == 1 && rule.Who.Classes[0] == policies.CityUnit:
		return "" // the city's own units do not read this page
	case len(rule.What.Purposes) > 0 && len(t.vocabulary(resources.Purposes, rule.What.Purposes)) == 0:
		return note // about a purpose that has no name of its own
	}
	effects := rule.Effects
	effects.Priority, effects.Competes, effects.OutsideHours = nil, nil, nil
	if effects.Limits != nil && effects.Limits.SeriesDays != nil && *effects.Limits.SeriesDays == 0 {
		limits := *effects.Limits
		limits.SeriesDays, effects.Limits = nil, &limits
	}
	// of the place they already know where they are
	rule.Where = policies.Where{}
	then := t.effectWords(effects)
	if len(then) == 0 && note == "" {
		return ""
	}
	line := t.ruleBody(rule, then)
	if note != "" {
		line += ". " + note
	}
	return line
}

// ruleBody is who, under which conditions, and what then.
func (t ruleTeller) ruleBody(rule policies.Rule, then []string) string {
	line := capital(t.whoWords(rule.Who))
	var conditions []string
	for _, c := range rule.Says() {
		if !strings.HasPrefix(c.Name, "who.") {
			conditions = append(conditions, t.valueWords(c))
		}
	}
	return joinWords(": ", line, strings.Join(conditions, ", "), strings.Join(then, ", "))
}

// whoWords are the classes with what more is asked of them, in brackets; shares
// and agreements follow as a clause.
func (t ruleTeller) whoWords(who policies.WhoIs) string {
	names, inside, clauses := t.t("who.everybody"), []string{}, ""
	for _, c := range (policies.Rule{Who: who}).Says() {
		switch words := t.valueWords(c); c.Name {
		case "who.classes":
			names = words
		case "who.under_18_share", "who.agreements", "who.all_agreements":
			clauses += ", " + words
		default:
			inside = append(inside, words)
		}
	}
	if len(inside) > 0 {
		names += " (" + strings.Join(inside, ", ") + ")"
	}
	return names + clauses
}

// conditionWords says what one condition said of a question: "Henkilömäärä:
// kysytty 250, sääntö vähintään 200 henkilöä".
func (t ruleTeller) conditionWords(c policies.Condition) string {
	return t.t("says.condition", "name", t.t("says.name."+c.Name), "asked", t.askedWords(c), "rule", t.valueWords(c))
}

// toldAnswer is what one rule said of a question. Template "rule-answer".
type toldAnswer struct {
	ID         string
	Text       string
	Holds      bool
	Decides    string // "hinta, hyväksyntä"
	Shadowed   string
	Conditions []toldCondition
}

type toldCondition struct {
	Text  string
	Holds bool
}

// ruleAnswerWords says what each rule of a book said of a question.
func (v *visit) ruleAnswerWords(book policies.Rules, answers []policies.RuleAnswer) []toldAnswer {
	t := v.tells(book)
	told := make([]toldAnswer, len(answers))
	for i, a := range answers {
		told[i] = toldAnswer{ID: a.Rule, Holds: a.Holds, Decides: t.effectNames(a.Decides), Shadowed: t.effectNames(a.Shadowed)}
		if at := slices.IndexFunc(book.Rules, func(r policies.Rule) bool { return r.ID == a.Rule }); at >= 0 {
			told[i].Text = t.ruleSentence(book.Rules[at])
		}
		for _, c := range a.Conditions {
			told[i].Conditions = append(told[i].Conditions, toldCondition{t.conditionWords(c), c.Holds})
		}
	}
	return told
}

// effectNames are the names of effects such as "price" or "limits.max_minutes".
func (t ruleTeller) effectNames(names []string) string {
	var words []string
	for _, name := range names {
		kind, key, _ := strings.Cut(name, ".")
		switch {
		case kind == "limits":
			words = append(words, t.t("says.effect."+name))
		case key != "":
			words = append(words, t.t("says.effect."+kind)+" "+key)
		default:
			words = append(words, t.t("says.effect."+kind))
		}
	}
	return t.say.And(words)
}
