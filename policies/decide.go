package policies

import "vuoro/fault"

// Decide answers a Question: every violation of every check that is asked of
// this kind at this stage, in the order of the table, the verdict, and the
// price. It is pure; what quotas count comes with the question. Conflicts, rounds and rights are asked elsewhere.
//
// A violation that staff may override carries Overridden and does not refuse;
// whoever books must then keep a reason. For staff kinds an approval that the
// rule book wants is given by the booking itself, so their verdict is allow or
// refuse. At hold the rule book's limits and price hold, but whom it refuses
// is asked at confirm, when holder and purpose are known.
func Decide(q Question) Decision {
	in := inquire(q)
	d := Decision{
		Price: price(in),
		Book:  in.Book.Name(),
		Base:  in.Book.Base,
		Rules: in.matched.Rules,

		Priority: in.matched.Effects.Priority,
		Terms:    in.matched.Effects.Terms,
	}
	for i := range table {
		found, _ := table[i].answer(in)
		d.Violations = append(d.Violations, found...)
	}
	d.settle(in)
	return d
}

// Answer is what one check said: for people who want to see all of them.
type Answer struct {
	Check      string      `json:"check"` // name of the row in the table
	Asked      Mode        `json:"asked"`
	Violations []Violation `json:"violations,omitempty"`
}

// Explain is the answer of each check of the table, in its order, also of
// those that found nothing or were not asked.
func Explain(q Question) []Answer {
	in := inquire(q)
	answers := make([]Answer, 0, len(table))
	for i := range table {
		found, mode := table[i].answer(in)
		answers = append(answers, Answer{Check: table[i].name, Asked: mode, Violations: found})
	}
	return answers
}

// Refused tells whether some violation was not overridden.
func (d Decision) Refused() bool { return d.Verdict == Refuse }

// Overridden lists the violations for which staff must give a reason.
func (d Decision) Overridden() []Violation {
	var list []Violation
	for _, v := range d.Violations {
		if v.Overridden {
			list = append(list, v)
		}
	}
	return list
}

// Fault is the refusal as an error, or nil: the first violation that refuses
// gives code and params; missing fields and the like are named as Fields too.
func (d Decision) Fault() error {
	if !d.Refused() {
		return nil
	}
	var refusal *fault.Error
	for _, v := range d.Violations {
		if v.Overridden {
			continue
		}
		if refusal == nil {
			refusal = fault.New(fault.Refused, v.Code, v.Params)
		}
		if field := v.Field(); field != "" {
			refusal.Fields = append(refusal.Fields, fault.Field{Name: field, Code: v.Code, Params: v.Params})
		}
	}
	return refusal
}

// settle comes to the verdict once all violations are known.
func (d *Decision) settle(in *inquiry) {
	d.Verdict = Allow
	for _, v := range d.Violations {
		if !v.Overridden {
			d.Verdict = Refuse
			return
		}
	}
	if in.Kind != Ordinary {
		return
	}
	if in.matched.Effects.Verdict == Approval {
		d.Approvals = append(d.Approvals, in.ruleViolation(CodeApprovalRule))
	}
	if d.Price.Cents == nil {
		d.Approvals = append(d.Approvals, in.violation(CodeNoPrice, nil, nil, nil))
	}
	if in.asksFree(d.Price) {
		d.Approvals = append(d.Approvals, in.violation(CodeFreeAsked, nil, nil, nil))
	}
	if len(d.Approvals) > 0 {
		d.Verdict = Approval
		competes := in.matched.Effects.Competes
		d.Competes = competes != nil && *competes
	}
}
