package web

import (
	"maps"
	"slices"
	"strconv"

	"vuoro/policies"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// priceForms are the ways to say a price; the fields beside say how much.
var priceForms = []string{"free", "list", "percent", "cents", "tariff", "agreed"}

func decisionInputs(book policies.Rules) []ruleInput {
	verdict := ruleInput{"decision", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: "effects.verdict", Label: label(t, "effects.verdict"), Type: "select", Width: "m", Options: []ui.Option{{Label: t.t("rulebook.not_decided")}}}
		for _, value := range []policies.Verdict{policies.Allow, policies.Approval, policies.Refuse} {
			f.Options = append(f.Options, ui.Option{Value: string(value), Label: capital(t.t("rule.verdict." + string(value))), Selected: r.Effects.Verdict == value})
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		r.Effects.Verdict = policies.Verdict(f.v.form("effects.verdict"))
	}}
	return append([]ruleInput{verdict}, append(priceInputs(book),
		triInput("effects.competes", "decision", func(r *policies.Rule) **bool { return &r.Effects.Competes }),
		intInput("effects.priority", "decision", func(r *policies.Rule) **int { return &r.Effects.Priority }),
		triInput("effects.outside_hours", "decision", func(r *policies.Rule) **bool { return &r.Effects.OutsideHours }),
		eurosInput("effects.deposit", "decision", func(r *policies.Rule) **int { return &r.Effects.Deposit }),
	)...)
}

// priceInputs are the form of the price, the percent, the sum and the tariff;
// the last one to be read puts them together.
func priceInputs(book policies.Rules) []ruleInput {
	nothing := func(*sectionForm, *policies.Rule) {}
	form := ruleInput{"decision", func(t ruleTeller, r *policies.Rule) ui.Field {
		charge, _ := policies.ParseCharge(r.Effects.Price)
		f := ui.Field{Name: "effects.price", Label: label(t, "effects.price"), Type: "select", Width: "m", Options: []ui.Option{{Label: t.t("rulebook.not_decided")}}}
		for _, value := range priceForms {
			f.Options = append(f.Options, ui.Option{Value: value, Label: t.t("rulebook.price." + value), Selected: r.Effects.Price != "" && priceForm(charge) == value})
		}
		return f
	}, nothing}
	percent := ruleInput{"decision", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: "price_percent", Label: t.t("rulebook.field.price_percent"), Suffix: "%", Width: "xs", InputMode: "numeric"}
		if charge, ok := policies.ParseCharge(r.Effects.Price); ok && charge.Percent > 0 && charge.Percent != 100 {
			f.Value = strconv.Itoa(charge.Percent)
		}
		return f
	}, nothing}
	sum := ruleInput{"decision", func(t ruleTeller, r *policies.Rule) ui.Field {
		charge, _ := policies.ParseCharge(r.Effects.Price)
		return t.eurosField("price_cents", t.t("rulebook.field.price_cents"), charge.Cents)
	}, nothing}
	tariff := ruleInput{"decision", func(t ruleTeller, r *policies.Rule) ui.Field {
		charge, _ := policies.ParseCharge(r.Effects.Price)
		f := ui.Field{Name: "price_tariff", Label: t.t("rulebook.field.price_tariff"), Type: "select", Width: "m", Options: []ui.Option{{Label: t.t("rulebook.none")}}}
		for _, one := range book.Tariffs {
			f.Options = append(f.Options, ui.Option{Value: one.Key, Label: t.tariffName(one.Key), Selected: one.Key == charge.Tariff})
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) { r.Effects.Price = f.price() }}
	return []ruleInput{form, percent, sum, tariff}
}

func priceForm(c policies.Charge) string {
	switch {
	case c.Free:
		return "free"
	case c.Agreed:
		return "agreed"
	case c.Tariff != "":
		return "tariff"
	case c.Cents != nil:
		return "cents"
	case c.Percent == 100:
		return "list"
	}
	return "percent"
}

// price puts the fields of a price together.
func (f *sectionForm) price() string {
	form, percent, cents := f.v.form("effects.price"), f.number("price_percent"), f.euros("price_cents")
	share := ""
	if percent != nil {
		share = ":" + strconv.Itoa(*percent)
	}
	switch form {
	case "percent":
		return form + share
	case "cents":
		if cents == nil {
			return form
		}
		return form + ":" + strconv.Itoa(*cents)
	case "tariff":
		return form + ":" + f.v.form("price_tariff") + share
	}
	return form
}

// limitsOf makes room for a limit that is read or shown.
func limitsOf(r *policies.Rule) *policies.Limits {
	if r.Effects.Limits == nil {
		r.Effects.Limits = &policies.Limits{}
	}
	return r.Effects.Limits
}

func limitInputs() []ruleInput {
	const group = "limits"
	return []ruleInput{
		spanInput("effects.limits.min_minutes", group, func(r *policies.Rule) **int { return &limitsOf(r).MinMinutes }),
		spanInput("effects.limits.max_minutes", group, func(r *policies.Rule) **int { return &limitsOf(r).MaxMinutes }),
		intInput("effects.limits.days_ahead_max", group, func(r *policies.Rule) **int { return &limitsOf(r).DaysAheadMax }),
		intInput("effects.limits.days_ahead_min", group, func(r *policies.Rule) **int { return &limitsOf(r).DaysAheadMin }),
		intInput("effects.limits.active_limit", group, func(r *policies.Rule) **int { return &limitsOf(r).ActiveLimit }),
		intInput("effects.limits.persons_min", group, func(r *policies.Rule) **int { return &limitsOf(r).PersonsMin }),
		intInput("effects.limits.persons_max", group, func(r *policies.Rule) **int { return &limitsOf(r).PersonsMax }),
		intInput("effects.limits.series_days", group, func(r *policies.Rule) **int { return &limitsOf(r).SeriesDays }),
		triInput("effects.limits.adult_only", group, func(r *policies.Rule) **bool { return &limitsOf(r).AdultOnly }),
		triInput("effects.limits.strong_sign_in", group, func(r *policies.Rule) **bool { return &limitsOf(r).StrongSignIn }),
	}
}

// demandInputs are what the booker has to say and to accept.
func demandInputs(v *visit, book policies.Rules) []ruleInput {
	var fields []ui.Option
	for _, name := range append(slices.Clone(askable), policies.FieldOldest) {
		fields = append(fields, ui.Option{Value: name, Label: v.say.Word("field", name)})
	}
	for _, q := range book.Questions {
		fields = append(fields, ui.Option{Value: q.Key, Label: v.named(locales.Texts(q.Label))})
	}
	return []ruleInput{
		ticksInput("effects.fields", "demands", fields, func(r *policies.Rule) *[]string { return &r.Effects.Fields }),
		wordsInput("effects.terms", "demands", func(r *policies.Rule) *[]string { return &r.Effects.Terms }),
	}
}

// cancelInputs are what giving up costs. The first one makes the effect, the
// last takes it away where nothing was filled in.
func cancelInputs() []ruleInput {
	const group, path = "cancellation", "effects.cancellation."
	terms := func(r *policies.Rule) *policies.Cancellation {
		if r.Effects.Cancellation == nil {
			r.Effects.Cancellation = &policies.Cancellation{}
		}
		return r.Effects.Cancellation
	}
	show := func(f func(t ruleTeller, c policies.Cancellation) ui.Field) func(t ruleTeller, r *policies.Rule) ui.Field {
		return func(t ruleTeller, r *policies.Rule) ui.Field {
			if r.Effects.Cancellation == nil {
				empty := f(t, policies.Cancellation{})
				empty.Value = ""
				return empty
			}
			return f(t, *r.Effects.Cancellation)
		}
	}
	span := func(t ruleTeller, name string, n *int) ui.Field {
		f := ui.Field{Name: path + name, Label: t.t("rulebook.field." + name), Hint: t.t("rulebook.span_hint"), Width: "s"}
		if n != nil {
			f.Value = t.spanTyped(*n)
		}
		return f
	}
	return []ruleInput{
		{group, show(func(t ruleTeller, c policies.Cancellation) ui.Field { return span(t, "free_minutes", &c.FreeMinutes) }), func(f *sectionForm, r *policies.Rule) {
			terms(r).FreeMinutes = orZero(f.span(path + "free_minutes"))
		}},
		{group, show(func(t ruleTeller, c policies.Cancellation) ui.Field {
			return ui.Field{Name: path + "late_percent", Label: t.t("rulebook.field.late_percent"), Suffix: "%", Width: "xs", Value: strconv.Itoa(c.LatePercent)}
		}), func(f *sectionForm, r *policies.Rule) { terms(r).LatePercent = orZero(f.number(path + "late_percent")) }},
		{group, show(func(t ruleTeller, c policies.Cancellation) ui.Field {
			return t.eurosField(path+"late_cents", t.t("rulebook.field.late_cents"), &c.LateCents)
		}), func(f *sectionForm, r *policies.Rule) {
			terms(r).LateCents = orZero(f.euros(path + "late_cents"))
		}},
		{group, show(func(t ruleTeller, c policies.Cancellation) ui.Field { return span(t, "until_minutes", c.UntilMinutes) }), func(f *sectionForm, r *policies.Rule) {
			terms(r).UntilMinutes = f.span(path + "until_minutes")
			if f.v.form(path+"free_minutes")+f.v.form(path+"late_percent")+f.v.form(path+"late_cents")+f.v.form(path+"until_minutes") == "" {
				r.Effects.Cancellation = nil
			}
		}},
	}
}

// perOptions are the units of a price.
func (v *visit) perOptions(chosen, usual string) []ui.Option {
	var options []ui.Option
	if chosen == "" {
		chosen = usual
	}
	for _, unit := range policies.Units {
		options = append(options, ui.Option{Value: unit, Label: v.t("editor.per." + unit), Selected: unit == chosen})
	}
	return options
}

// feeInputs are rows of fees and of factors.
func feeInputs(v *visit) []ruleInput {
	const most = 5
	var list []ruleInput
	for i := range most {
		row := "effects.fees" + strconv.Itoa(i)
		fee := func(r *policies.Rule) policies.Fee {
			if i < len(r.Effects.Fees) {
				return r.Effects.Fees[i]
			}
			return policies.Fee{}
		}
		show := func(f func(t ruleTeller, fee policies.Fee) ui.Field) func(t ruleTeller, r *policies.Rule) ui.Field {
			return func(t ruleTeller, r *policies.Rule) ui.Field {
				if i > len(r.Effects.Fees) {
					return ui.Field{Type: "none"}
				}
				return f(t, fee(r))
			}
		}
		nothing := func(*sectionForm, *policies.Rule) {}
		list = append(list,
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".key", Label: t.t("rulebook.field.fee_key", "n", i+1), Value: fee.Key, Width: "m", MaxLength: 100}
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".fi", Label: t.t("rulebook.field.name_fi"), Value: fee.Name.Fi, MaxLength: 100}
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".sv", Label: t.t("rulebook.field.name_sv"), Value: fee.Name.Sv, MaxLength: 100}
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".en", Label: t.t("rulebook.field.name_en"), Value: fee.Name.En, MaxLength: 100}
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				f := t.eurosField(row+".cents", t.t("rulebook.field.sum"), &fee.Cents)
				if fee.Key == "" {
					f.Value = ""
				}
				return f
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".per", Label: t.t("rulebook.field.per"), Type: "choice", Options: t.perOptions(fee.Per, policies.PerUse)}
			}), nothing},
			ruleInput{"fees", show(func(t ruleTeller, fee policies.Fee) ui.Field {
				return ui.Field{Name: row + ".person", Label: t.t("rulebook.field.per_person"), Type: "checkbox", Checked: fee.PerPerson}
			}), nothing},
		)
	}
	return append(list, readFees(most), factorInput())
}

// readFees reads all rows of fees at once; those beyond the form's are kept, and
// what the form does not show.
func readFees(most int) ruleInput {
	return ruleInput{"fees", func(ruleTeller, *policies.Rule) ui.Field { return ui.Field{Type: "none"} }, func(f *sectionForm, r *policies.Rule) {
		before := r.Effects.Fees
		var fees []policies.Fee
		for i := range most {
			row := "effects.fees" + strconv.Itoa(i)
			if key := f.v.form(row + ".key"); key != "" {
				fee := policies.Fee{
					Key: key, Cents: orZero(f.euros(row + ".cents")), Per: f.v.form(row + ".per"), PerPerson: f.v.form(row+".person") != "",
					Name: policies.Note{Fi: f.v.form(row + ".fi"), Sv: f.v.form(row + ".sv"), En: f.v.form(row + ".en")},
				}
				if i < len(before) {
					fee.Times = before[i].Times
				}
				fees = append(fees, fee)
			}
		}
		r.Effects.Fees = append(fees, before[min(most, len(before)):]...)
	}}
}

// factorInput is one field for all factors: "ilta 150, kesä 50".
func factorInput() ruleInput {
	return ruleInput{"fees", func(t ruleTeller, r *policies.Rule) ui.Field {
		text := ""
		for _, key := range slices.Sorted(maps.Keys(r.Effects.Factors)) {
			text = joinWords(", ", text, key+" "+strconv.Itoa(r.Effects.Factors[key]))
		}
		return ui.Field{Name: "effects.factors0.key", Label: t.t("rulebook.field.factors"), Hint: t.t("rulebook.factors_hint"), Value: text}
	}, func(f *sectionForm, r *policies.Rule) {
		r.Effects.Factors = nil
		for _, item := range commaList(f.v.form("effects.factors0.key")) {
			key, percent, ok := cutLast(item, " ")
			n, err := strconv.Atoi(percent)
			if !ok || err != nil {
				f.refuse("effects.factors0.key", "rulebook.bad_factor", nil)
				return
			}
			if r.Effects.Factors == nil {
				r.Effects.Factors = map[string]int{}
			}
			r.Effects.Factors[key] = n
		}
	}}
}
