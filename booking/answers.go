package booking

import (
	"slices"
	"strings"

	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/web/locales"
)

// answersOf are the answers of a reservation in the words of the questions; what
// was not answered is left out.
func answersOf(r Reservation, questions []policies.FormField) []ledger.Answer {
	var list []ledger.Answer
	for _, question := range questions {
		answer := r.Answers.V[question.Key]
		if answer == "" {
			continue
		}
		list = append(list, ledger.Answer{Label: locales.Texts(question.Label), Value: AnswerWords(question, answer)})
	}
	return list
}

// AnswerWords is an answer to a question as people read it.
func AnswerWords(question policies.FormField, answer string) locales.Texts {
	if question.Kind == "yes_no" && (answer == "yes" || answer == "no") {
		word := func(lang string) string { return locales.Printer{Lang: lang}.T("word." + answer) }
		return locales.Texts{Fi: word("fi"), Sv: word("sv"), En: word("en")}
	}
	var labels []policies.Note
	for _, value := range strings.Split(answer, ",") {
		at := slices.IndexFunc(question.Options, func(o policies.Option) bool { return o.Value == value })
		if at < 0 {
			return locales.Texts{Fi: answer, Sv: answer, En: answer}
		}
		labels = append(labels, question.Options[at].Label)
	}
	in := func(text func(policies.Note) string) string {
		var words []string
		for _, label := range labels {
			if word := text(label); word != "" {
				words = append(words, word)
			}
		}
		return strings.Join(words, ", ")
	}
	return locales.Texts{
		Fi: in(func(n policies.Note) string { return n.Fi }), Sv: in(func(n policies.Note) string { return n.Sv }),
		En: in(func(n policies.Note) string { return n.En }),
	}
}
