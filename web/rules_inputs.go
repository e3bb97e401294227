package web

import (
	"slices"
	"strings"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// ruleInputs are all inputs of the form of a rule, by group. What can be chosen
// depends on the book and the city.
func (v *visit) ruleInputs(o openVersion) ([]ruleInput, error) {
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	if err != nil {
		return nil, err
	}
	var unitOptions []ui.Option
	for _, unit := range units {
		unitOptions = append(unitOptions, ui.Option{Value: unit.Slug, Label: v.named(unit.Name)})
	}
	list := whenInputs(v)
	list = append(list, whoInputs(v)...)
	list = append(list, whatInputs(v)...)
	list = append(list, questionInputs(o.composed.Rules)...)
	list = append(list, whereInputs(v, unitOptions)...)
	list = append(list, decisionInputs(o.composed.Rules)...)
	list = append(list, limitInputs()...)
	list = append(list, demandInputs(v, o.composed.Rules)...)
	list = append(list, cancelInputs()...)
	list = append(list, feeInputs(v)...)
	return append(list, quotaInputs(v)...), nil
}

func whenInputs(v *visit) []ruleInput {
	var days []ui.Option
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		days = append(days, ui.Option{Value: string(rune('0' + int(day))), Label: v.weekdaySpan(day, day)})
	}
	weekdays := ruleInput{"when", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: "when.weekdays", Label: t.t("rulebook.field.when.weekdays"), Type: "checks"}
		for _, o := range days {
			for _, day := range r.When.Weekdays {
				o.Selected = o.Selected || int(o.Value[0]-'0') == day
			}
			f.Options = append(f.Options, o)
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		r.When.Weekdays = nil
		for _, day := range f.v.formAll("when.weekdays") {
			if len(day) == 1 {
				r.When.Weekdays = append(r.When.Weekdays, int(day[0]-'0'))
			}
		}
	}}
	return []ruleInput{
		weekdays,
		clockInput("when.from", func(r *policies.Rule) *string { return &r.When.From }),
		clockInput("when.to", func(r *policies.Rule) *string { return &r.When.To }),
		chooseInput("when.use", "when", []string{policies.UseCivic, policies.UseCore, policies.UseOutside}, func(r *policies.Rule) *string { return &r.When.Use }),
		chooseInput("when.school", "when", []string{calendar.SchoolTerm, calendar.SchoolBreak}, func(r *policies.Rule) *string { return &r.When.School }),
		triInput("when.holiday", "when", func(r *policies.Rule) **bool { return &r.When.Holiday }),
		monthDayInput("when.season.from", func(m *policies.MonthDays) *string { return &m.From }),
		monthDayInput("when.season.to", func(m *policies.MonthDays) *string { return &m.To }),
		dayInput("when.dates.from", func(d *policies.Dates) **calendar.Date { return &d.From }),
		dayInput("when.dates.to", func(d *policies.Dates) **calendar.Date { return &d.To }),
		spanInput("when.ahead_min", "when", func(r *policies.Rule) **int { return &r.When.AheadMin }),
		spanInput("when.ahead_max", "when", func(r *policies.Rule) **int { return &r.When.AheadMax }),
	}
}

// holderClasses are the classes of holders in the order of forms.
var holderClasses = []policies.Class{
	policies.Person, policies.Association, policies.ResidentsGroup, policies.Company, policies.Religious, policies.Political, policies.CityUnit,
}

func (v *visit) classOptions() []ui.Option {
	var options []ui.Option
	for _, class := range holderClasses {
		options = append(options, ui.Option{Value: string(class), Label: v.t("who." + string(class))})
	}
	return options
}

func whoInputs(v *visit) []ruleInput {
	return []ruleInput{
		ticksInput("who.classes", "who", v.classOptions(), func(r *policies.Rule) *[]policies.Class { return &r.Who.Classes }),
		triInput("who.under_18", "who", func(r *policies.Rule) **bool { return &r.Who.Under18 }),
		intInput("who.under_18_share", "who", func(r *policies.Rule) **int { return &r.Who.Under18Share }),
		triInput("who.local", "who", func(r *policies.Rule) **bool { return &r.Who.Local }),
		wordsInput("who.municipalities", "who", func(r *policies.Rule) *[]string { return &r.Who.Municipalities }),
		triInput("who.registered", "who", func(r *policies.Rule) **bool { return &r.Who.Registered }),
		wordsInput("who.agreements", "who", func(r *policies.Rule) *[]string { return &r.Who.Agreements }),
		wordsInput("who.all_agreements", "who", func(r *policies.Rule) *[]string { return &r.Who.AllAgreements }),
		intInput("who.age_min", "who", func(r *policies.Rule) **int { return &r.Who.AgeMin }),
		intInput("who.age_max", "who", func(r *policies.Rule) **int { return &r.Who.AgeMax }),
	}
}

func whatInputs(v *visit) []ruleInput {
	return []ruleInput{
		ticksInput("what.purposes", "what", v.ticks(resources.Purposes, nil), func(r *policies.Rule) *[]string { return &r.What.Purposes }),
		intInput("what.persons_min", "what", func(r *policies.Rule) **int { return &r.What.PersonsMin }),
		intInput("what.persons_max", "what", func(r *policies.Rule) **int { return &r.What.PersonsMax }),
		intInput("what.oldest_min", "what", func(r *policies.Rule) **int { return &r.What.OldestMin }),
		intInput("what.oldest_max", "what", func(r *policies.Rule) **int { return &r.What.OldestMax }),
		spanInput("what.minutes_min", "what", func(r *policies.Rule) **int { return &r.What.MinutesMin }),
		spanInput("what.minutes_max", "what", func(r *policies.Rule) **int { return &r.What.MinutesMax }),
		triInput("what.repeated", "what", func(r *policies.Rule) **bool { return &r.What.Repeated }),
	}
}

// questionInputs are the answers to the book's questions that a rule asks for.
func questionInputs(book policies.Rules) []ruleInput {
	var list []ruleInput
	for _, q := range book.Questions {
		if q.Kind == "number" {
			list = append(list, rangeInput(q.Key, "min", func(r *policies.Range) **int { return &r.Min }), rangeInput(q.Key, "max", func(r *policies.Range) **int { return &r.Max }))
			continue
		}
		list = append(list, answerInput(q))
	}
	return list
}

// answerInput offers the answers to a question. What the form does not offer, such
// as no answer, stays with the rule.
func answerInput(q policies.FormField) ruleInput {
	name := "what.answers." + q.Key
	values := []string{"yes", "no"}
	if len(q.Options) > 0 {
		values = nil
		for _, o := range q.Options {
			values = append(values, o.Value)
		}
	}
	at := func(r *policies.Rule) []string { return r.What.Answers[q.Key] }
	return ruleInput{"what", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.questionName(q.Key), Type: "checks"}
		if q.Kind == "text" {
			return ui.Field{Name: name, Label: t.questionName(q.Key), Hint: t.t("rulebook.list_hint"), Value: strings.Join(at(r), ", ")}
		}
		chosen := map[string]bool{}
		for _, value := range at(r) {
			chosen[value] = true
		}
		for _, value := range values {
			f.Options = append(f.Options, ui.Option{Value: value, Label: t.answerName(q.Key, value), Selected: chosen[value]})
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		given := f.v.formAll(name)
		if q.Kind == "text" {
			given = commaList(f.v.form(name))
		}
		for _, value := range at(r) {
			if value == "" || q.Kind != "text" && !slices.Contains(values, value) {
				given = append(given, value)
			}
		}
		if len(given) == 0 {
			delete(r.What.Answers, q.Key)
		} else {
			if r.What.Answers == nil {
				r.What.Answers = map[string]policies.Values{}
			}
			r.What.Answers[q.Key] = inOrderOf(r.What.Answers[q.Key], given)
		}
	}}
}

func rangeInput(key, end string, at func(r *policies.Range) **int) ruleInput {
	name := "what.numbers." + key + "." + end
	return ruleInput{"what", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.questionName(key) + ", " + strings.ToLower(t.t(map[string]string{"min": "rulebook.at_least", "max": "rulebook.at_most"}[end])), Width: "xs", InputMode: "numeric"}
		bounds := r.What.Numbers[key]
		if n := *at(&bounds); n != nil {
			f.Value = t.say.Decimal(float64(*n), 0)
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		bounds := r.What.Numbers[key]
		*at(&bounds) = f.number(name)
		if r.What.Numbers == nil {
			r.What.Numbers = map[string]policies.Range{}
		}
		if r.What.Numbers[key] = bounds; bounds == (policies.Range{}) {
			delete(r.What.Numbers, key)
		}
	}}
}

func whereInputs(v *visit, units []ui.Option) []ruleInput {
	return []ruleInput{
		ticksInput("where.types", "where", v.ticks(resources.Types, nil), func(r *policies.Rule) *[]string { return &r.Where.Types }),
		wordsInput("where.groups", "where", func(r *policies.Rule) *[]string { return &r.Where.Groups }),
		ticksInput("where.units", "where", units, func(r *policies.Rule) *[]string { return &r.Where.Units }),
		wordsInput("where.resources", "where", func(r *policies.Rule) *[]string { return &r.Where.Resources }),
		areaInput("where.area_min", func(r *policies.Rule) **float64 { return &r.Where.AreaMin }),
		areaInput("where.area_over", func(r *policies.Rule) **float64 { return &r.Where.AreaOver }),
		areaInput("where.area_max", func(r *policies.Rule) **float64 { return &r.Where.AreaMax }),
		areaInput("where.area_under", func(r *policies.Rule) **float64 { return &r.Where.AreaUnder }),
		chooseInput("where.part", "where", []string{policies.PartWhole, policies.PartOf}, func(r *policies.Rule) *string { return &r.Where.Part }),
	}
}
