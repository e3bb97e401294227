package web

import (
	"slices"
	"strings"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// ownFields are the form fields that are no answers to a question.
var ownFields = []string{policies.FieldTitle, policies.FieldPurpose, policies.FieldPersons, policies.FieldOldest, policies.FieldTerms}

// asking is what a form is filled in for: a place, what was typed, what is wrong,
// and which fields the rules want besides those that the place always wants.
type asking struct {
	place    resources.Place
	typed    draft
	problems problems
	wanted   []string
}

// must tells whether the place always wants a field, or somebody's use does.
func (a asking) must(name string) bool {
	return slices.Contains(required(a.place), name) || slices.Contains(a.wanted, name) || a.problems.Fields[name] != ""
}

// asked tells whether some rule of the place looks at a field.
func (a asking) asked(name string) bool {
	return slices.Contains(policies.AskedFields(a.place.Policy(), a.place.Book), name)
}

// useFields ask what the rules want to know of a use: purpose, how many, how old,
// and the book's own questions. What is not asked in a place is left out.
func (v *visit) useFields(a asking) []ui.Field {
	var fields []ui.Field
	if a.asked(policies.FieldPurpose) || len(a.place.Resource.Purposes) > 1 {
		fields = append(fields, v.purposeField(a.place, a.typed, a.must(policies.FieldPurpose)))
	}
	if a.asked(policies.FieldPersons) || a.place.Resource.PersonsMax != nil {
		must := a.must(policies.FieldPersons)
		fields = append(fields, ui.Field{
			Name: policies.FieldPersons, Label: v.t("field.persons"), Value: a.typed.Persons, InputMode: "numeric", Width: "xs", Autocomplete: "off", MaxLength: 6,
			Required: must, Optional: !must, Hint: v.crowdHint(a.place.Resource),
		})
	}
	if a.asked(policies.FieldOldest) {
		must := a.must(policies.FieldOldest)
		fields = append(fields, ui.Field{
			Name: policies.FieldOldest, Label: v.t("field.oldest_age"), Hint: v.t("checkout.oldest_hint"), Value: a.typed.Oldest, InputMode: "numeric", Width: "xs",
			Autocomplete: "off", MaxLength: 3, Required: must, Optional: !must,
		})
	}
	for _, name := range policies.AskedFields(a.place.Policy(), a.place.Book) {
		at := slices.IndexFunc(a.place.Book.Rules.Questions, func(q policies.FormField) bool { return q.Key == name })
		switch {
		case slices.Contains(ownFields, name):
		case at >= 0:
			fields = append(fields, v.questionField(a.place.Book.Rules.Questions[at], a.typed.Answers[name], a.must(name)))
		case a.must(name):
			fields = append(fields, v.extraField(name, a.typed))
		}
	}
	return fields
}

// withErrors puts what is wrong at its field, also in the summary, where answers
// are called by their question.
func withErrors(fields []ui.Field, p problems) []ui.Field {
	for i := range fields {
		if name, found := strings.CutPrefix(fields[i].Name, answerField); found {
			p.renamed(name, fields[i].Name)
		}
		fields[i].Error = p.Fields[fields[i].Name]
	}
	return fields
}

// questionField asks a question of a rule book in the city's own words.
func (v *visit) questionField(question policies.FormField, answer string, must bool) ui.Field {
	field := ui.Field{
		Name: answerField + question.Key, Label: v.named(locales.Texts(question.Label)), Hint: v.named(locales.Texts(question.Hint)),
		Value: answer, Required: must, Optional: !must, Autocomplete: "off",
	}
	given := strings.Split(answer, ",")
	for _, option := range question.Options {
		field.Options = append(field.Options, ui.Option{
			Value: option.Value, Label: v.named(locales.Texts(option.Label)), Selected: slices.Contains(given, option.Value),
		})
	}
	switch question.Kind {
	case "yes_no":
		field.Type = "chips"
		for _, value := range []string{"yes", "no"} {
			field.Options = append(field.Options, ui.Option{Value: value, Label: v.t("word." + value), Selected: answer == value})
		}
	case "choice":
		field.Type = "radio"
	case "several":
		field.Type = "several"
	case "number":
		field.InputMode, field.Width, field.MaxLength = "numeric", "xs", 9
	default:
		field.Type, field.Rows, field.MaxLength = "textarea", 3, 2000
	}
	return field
}

// answerFacts are the answers of a reservation with their questions in words.
func (v *visit) answerFacts(r booking.Reservation, questions []policies.FormField) []ui.Fact {
	var facts []ui.Fact
	told := map[string]bool{}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: "list", Label: label, Value: value})
		}
	}
	for _, question := range questions {
		if !told[question.Key] {
			add(v.named(locales.Texts(question.Label)), v.named(booking.AnswerWords(question, r.Answers.V[question.Key])))
		}
		told[question.Key] = true
	}
	var rest []string
	for key := range r.Answers.V {
		if !told[key] {
			rest = append(rest, key)
		}
	}
	slices.Sort(rest)
	for _, key := range rest {
		add(v.say.Word("field", key), v.named(booking.AnswerWords(policies.FormField{Kind: "yes_no"}, r.Answers.V[key])))
	}
	return facts
}
