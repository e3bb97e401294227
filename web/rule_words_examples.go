package web

import (
	"fmt"
	"strconv"
	"strings"

	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
)

// wantWords says what must come of an example: "ilman hyväksyntää, 24,00 €".
func (t ruleTeller) wantWords(w policies.Want) string {
	parts := []string{t.t("rule.verdict." + string(w.Verdict))}
	if !w.AnyPrice && w.Verdict != policies.Refuse {
		parts = append(parts, t.sumOrAgreed(w.Cents))
	}
	if w.Competes {
		parts = append(parts, t.t("says.competes"))
	}
	if len(w.Codes) > 0 {
		parts = append(parts, t.codeWords(w.Codes))
	}
	return capital(strings.Join(parts, ", "))
}

// differenceWords says where an example came out otherwise: "Pitäisi: maksuton;
// tuli: 24,00 €. Sen ratkaisi sääntö H5.7."
func (t ruleTeller) differenceWords(d policies.Difference, decision policies.Decision) string {
	text := t.t("rulebook.difference", "what", t.t("rulebook.difference_of."+d.What), "want", t.differs(d.What, d.Want), "got", t.differs(d.What, d.Got))
	if len(decision.Rules) > 0 && (d.What == "verdict" || d.What == "cents") {
		text += " " + t.t("rulebook.decided_by", "rules", strings.Join(decision.Rules, ", "))
	}
	return text
}

func (t ruleTeller) differs(what string, value any) string {
	switch value := value.(type) {
	case nil:
		if what == "cents" {
			return t.sumOrAgreed(nil)
		}
		return t.t("says.nothing")
	case policies.Verdict:
		return t.t("rule.verdict." + string(value))
	case int:
		if what == "cents" || what == "late_fee" {
			return t.sumOrAgreed(&value)
		}
		return strconv.Itoa(value)
	case bool:
		return strings.ToLower(t.yesNo(value))
	case []string:
		if len(value) == 0 {
			return t.t("says.nothing")
		}
		if what == "codes" || what == "approvals" {
			return t.codeWords(value)
		}
		return strings.Join(value, ", ")
	}
	return fmt.Sprint(value)
}

// codeWords names violations by the checks that find them.
func (t ruleTeller) codeWords(codes []string) string { return strings.Join(codes, ", ") }

// priceWords are the lines of a price: how the sum comes about.
func (t ruleTeller) priceWords(p policies.Price) []string {
	lines := []string{t.t("rulebook.price_sum", "sum", t.sumOrAgreed(p.Cents))}
	if charge, ok := policies.ParseCharge(p.Class); ok {
		lines = append(lines, capital(t.chargeWords(charge)))
	}
	for _, line := range p.Lines {
		name := line.Key
		if line.Name.Fi != "" {
			name = t.named(locales.Texts(line.Name))
		}
		lines = append(lines, t.t("rulebook.price_line", "name", joinWords(" ", t.t("rulebook.price_kind."+line.Kind), name), "sum", t.say.Money(line.Cents)))
	}
	if p.VATPermille > 0 {
		lines = append(lines, t.t("rulebook.price_vat", "rate", t.decimal(float64(p.VATPermille)/10), "sum", t.say.Money(p.VATCents)))
	}
	if p.DepositCents > 0 {
		lines = append(lines, capital(t.t("says.deposit", "sum", t.say.Price(p.DepositCents))))
	}
	if p.Cancellation != nil {
		lines = append(lines, capital(strings.Join(t.cancellationWords(*p.Cancellation), ", ")))
	}
	return lines
}

// checkLines are the checks of the engine with what each said.
func (v *visit) checkLines(answers []policies.Answer) []ruleLine {
	var lines []ruleLine
	for _, answer := range answers {
		if answer.Asked == policies.NotAsked {
			continue
		}
		line := ruleLine{Label: v.t("rule." + answer.Check)}
		for _, violation := range answer.Violations {
			line.Text = joinWords(" ", line.Text, sentence(v.say, fault.Refused, violation.Code, violation.Params))
		}
		lines = append(lines, line)
	}
	return lines
}
