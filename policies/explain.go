package policies

import "slices"

// Condition is what one condition of a rule said of a question. Value is what
// the rule says and Asked what the question has, nil = not known; their types
// are those of the fields of Rule and Question.
type Condition struct {
	Name  string `json:"name"` // "what.persons_min"
	Value any    `json:"value"`
	Asked any    `json:"asked,omitempty"`
	Holds bool   `json:"holds"`
}

// RuleAnswer is what one rule of the book said of a question: whether all its
// conditions hold, and which of its effects decided, because no rule above had
// them. Shadowed effects are those that a rule above decided already.
type RuleAnswer struct {
	Rule       string      `json:"rule"` // id
	Note       Note        `json:"note,omitzero"`
	Holds      bool        `json:"holds"`
	Conditions []Condition `json:"conditions,omitempty"`
	Decides    []string    `json:"decides,omitempty"`  // "verdict", "price", "limits.max_minutes" …
	Shadowed   []string    `json:"shadowed,omitempty"` // of a rule that holds
}

// ExplainRules is the answer of each rule of the book, in its order. It goes
// through the same conditions as Decide.
func ExplainRules(q Question) []RuleAnswer {
	in := inquire(q)
	q.Zone, q.Who.Class, q.Place = in.Zone, in.Who.Class, in.bare
	s := situationOf(&q, in.core)
	var said Effects
	answers := make([]RuleAnswer, len(q.Book.Rules.Rules))
	for i := range answers {
		rule := &q.Book.Rules.Rules[i]
		answers[i] = RuleAnswer{Rule: rule.ID, Note: rule.Note, Holds: s.meets(rule), Conditions: s.conditionsOf(rule)}
		if !answers[i].Holds {
			continue
		}
		all := slices.Collect((&Effects{}).lacks(&rule.Effects))
		answers[i].Decides = slices.Collect(said.lacks(&rule.Effects))
		answers[i].Shadowed = slices.DeleteFunc(all, func(name string) bool { return slices.Contains(answers[i].Decides, name) })
		said = said.or(rule.Effects)
	}
	return answers
}

func (s *situation) conditionsOf(rule *Rule) []Condition {
	var list []Condition
	for i := range conditions {
		c := &conditions[i]
		if value := c.value(rule); value != nil {
			list = append(list, Condition{c.name, value, c.asked(s), c.holds(s, rule)})
		}
	}
	return list
}
