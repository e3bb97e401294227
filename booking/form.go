package booking

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"vuoro/fault"
	"vuoro/policies"
)

// The longest texts of a form, in characters.
const (
	maxTitle  = 200
	maxAnswer = 2000
	maxReason = 2000
)

// checkForm trims what was typed and refuses what cannot be kept: texts that
// are too long and control characters. Every field is reported, not only the
// first.
func checkForm(form *policies.Form) error {
	form.Title = strings.TrimSpace(form.Title)
	problem := fault.New(fault.Invalid, "invalid")
	problem.Fields = append(problem.Fields, checkText("title", form.Title, maxTitle, false)...)
	problem.Fields = append(problem.Fields, checkText("purpose", form.Purpose, maxTitle, false)...)
	form.FreeReason = strings.TrimSpace(form.FreeReason)
	problem.Fields = append(problem.Fields, checkText(policies.FieldFree, form.FreeReason, maxReason, true)...)
	if form.Persons != nil && (*form.Persons < 1 || *form.Persons > 100000) {
		problem.Fields = append(problem.Fields, fault.Field{Name: "persons", Code: "booking.persons_number", Params: fault.Params{"asked": *form.Persons}})
	}
	if form.OldestAge != nil && (*form.OldestAge < 0 || *form.OldestAge > 120) {
		problem.Fields = append(problem.Fields, fault.Field{Name: policies.FieldOldest, Code: "booking.age_number", Params: fault.Params{"asked": *form.OldestAge}})
	}
	for name, answer := range form.Answers {
		if len(name) > 100 || len(form.Answers) > 50 {
			return fault.InvalidField("answers", "invalid")
		}
		problem.Fields = append(problem.Fields, checkText(name, answer, maxAnswer, true)...)
	}
	if len(problem.Fields) == 0 {
		return nil
	}
	problem.Code, problem.Params = problem.Fields[0].Code, problem.Fields[0].Params
	return problem
}

// checkAnswers refuses answers that the questions of a rule book do not know.
// Answers that nobody asked for are kept as they are.
func checkAnswers(form policies.Form, book policies.Book) error {
	var fields []fault.Field
	for _, question := range book.Rules.Questions {
		if code := answerFault(question, strings.TrimSpace(form.Answers[question.Key])); code != "" {
			fields = append(fields, fault.Field{Name: question.Key, Code: code})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	problem := fault.New(fault.Invalid, fields[0].Code, fields[0].Params)
	problem.Fields = fields
	return problem
}

// answerFault is what is wrong with an answer, "" = nothing.
func answerFault(question policies.FormField, answer string) string {
	known := func(value string) bool {
		return slices.ContainsFunc(question.Options, func(o policies.Option) bool { return o.Value == value })
	}
	switch {
	case answer == "":
		return ""
	case question.Kind == "yes_no" && answer != "yes" && answer != "no",
		question.Kind == "choice" && !known(answer),
		question.Kind == "several" && slices.ContainsFunc(strings.Split(answer, ","), func(value string) bool { return !known(value) }):
		return "booking.answer_choice"
	case question.Kind == "number":
		if _, err := strconv.Atoi(answer); err != nil {
			return "booking.answer_number"
		}
	}
	return ""
}

// checkText allows line breaks only in long answers.
func checkText(name, text string, longest int, lines bool) []fault.Field {
	if n := utf8.RuneCountInString(text); n > longest {
		return []fault.Field{{Name: name, Code: "too_long", Params: fault.Params{"max": longest, "asked": n}}}
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !(lines && (r == '\n' || r == '\r' || r == '\t'))
	}) {
		return []fault.Field{{Name: name, Code: "bad_characters"}}
	}
	return nil
}

// checkReason wants a text of staff, and a sane one of anybody.
func checkReason(text string, required bool) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" && required {
		return "", fault.InvalidField("reason", "booking.reason_missing")
	}
	if problems := checkText("reason", text, maxReason, true); len(problems) > 0 {
		e := fault.InvalidField("reason", problems[0].Code, problems[0].Params)
		return "", e
	}
	return text, nil
}
