package places

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"vuoro/fault"
	"vuoro/policies"
)

// everybody is the class in the short form of a rule that asks nothing of the
// holder.
const everybody = "everybody"

var (
	classes = []policies.Class{
		policies.Person, policies.Association, policies.ResidentsGroup, policies.Company,
		policies.Religious, policies.Political, policies.CityUnit,
	}
	verdicts = []policies.Verdict{policies.Allow, policies.Approval, policies.Refuse}
)

// parseRules reads the short form ("association, residents_group: allow free;
// company: approval list") or, when it begins with a brace, the whole rules as
// JSON.
func parseRules(text string) (policies.Rules, *fault.Error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		rules, err := policies.ParseRules([]byte(text))
		if err != nil {
			return rules, badRule(err)
		}
		return rules, nil
	}
	rules := policies.Rules{Version: 1}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		rule, err := parseRule(part)
		if err != nil {
			return rules, err
		}
		rule.ID = strconv.Itoa(len(rules.Rules) + 1)
		rules.Rules = append(rules.Rules, rule)
	}
	if len(rules.Rules) == 0 {
		return rules, invalid("places.rule", fault.Params{"value": strings.TrimSpace(text)})
	}
	if err := rules.Validate(); err != nil {
		return rules, badRule(err)
	}
	return rules, nil
}

// badRule tells where in the rules the first mistake is.
func badRule(err error) *fault.Error {
	params := fault.Params{"rule": "", "field": ""}
	for _, field := range fault.As(err).Fields[:1] {
		params["rule"], params["field"] = field.Params["rule"], field.Params["field"]
	}
	return invalid("places.rules", params)
}

// parseRule reads one rule: who, a verdict and, if it says so, a price.
func parseRule(text string) (rule policies.Rule, _ *fault.Error) {
	who, what, found := strings.Cut(text, ":")
	words := strings.Fields(what)
	if !found || len(words) < 1 || len(words) > 2 {
		return rule, invalid("places.rule", fault.Params{"value": strings.TrimSpace(text)})
	}
	for name := range strings.SplitSeq(who, ",") {
		name = strings.TrimSpace(name)
		if name == everybody {
			if strings.TrimSpace(who) != everybody {
				return rule, invalid("places.rule", fault.Params{"value": strings.TrimSpace(text)})
			}
			break
		}
		if !slices.Contains(classes, policies.Class(name)) {
			return rule, invalid("places.unknown_word", fault.Params{"value": name, "known": nearest(keysOf(classes, everybody), name)})
		}
		rule.Who.Classes = append(rule.Who.Classes, policies.Class(name))
	}
	rule.Effects.Verdict = policies.Verdict(words[0])
	if !slices.Contains(verdicts, rule.Effects.Verdict) {
		return rule, invalid("places.unknown_word", fault.Params{"value": words[0], "known": nearest(keysOf(verdicts), words[0])})
	}
	if len(words) == 2 {
		price, ok := parseCharge(words[1])
		if !ok {
			return rule, invalid("places.rule", fault.Params{"value": strings.TrimSpace(text)})
		}
		rule.Effects.Price = price
	}
	return rule, nil
}

// parseCharge reads free, list, "50%" of the list price or an amount in euros.
func parseCharge(text string) (string, bool) {
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		text = "percent:" + percent
	} else if cents, ok := parseEuros(text); ok {
		text = "cents:" + strconv.Itoa(cents)
	}
	_, ok := policies.ParseCharge(text)
	return text, ok
}

func writeCharge(price string) string {
	charge, _ := policies.ParseCharge(price)
	switch {
	case charge.Cents != nil:
		return writeEuros(*charge.Cents)
	case strings.HasPrefix(price, "percent:"):
		return strings.TrimPrefix(price, "percent:") + "%"
	}
	return price
}

// writeRules gives the short form where it says the same, else the JSON.
func writeRules(rules policies.Rules) string {
	if len(rules.Rules) == 0 && rules.Version == 0 {
		return ""
	}
	parts := make([]string, len(rules.Rules))
	for i, rule := range rules.Rules {
		who := keysOf(rule.Who.Classes)
		if len(who) == 0 {
			who = []string{everybody}
		}
		parts[i] = strings.TrimSpace(strings.Join(who, ", ") + ": " + string(rule.Effects.Verdict) + " " + writeCharge(rule.Effects.Price))
	}
	short := strings.Join(parts, "; ")
	if same, err := parseRules(short); err == nil && reflect.DeepEqual(same, rules) {
		return short
	}
	return asJSON(rules)
}

func keysOf[T ~string](words []T, more ...string) []string {
	keys := make([]string, 0, len(words)+len(more))
	for _, word := range words {
		keys = append(keys, string(word))
	}
	return append(keys, more...)
}
