package catalogue

import (
	"unicode/utf8"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// FillFromFile puts what a file says into a draft: rules, examples with the
// file's place, the name if it has one, and the source as the reference of the
// decision, of which cut tells that it was too long to be kept whole. Variants
// are left out.
func FillFromFile(draft *resources.RuleBook, file policies.File) (cut bool) {
	draft.Rules, draft.Examples = db.AsJSON(file.Rules), db.AsJSON(file.Placed())
	if file.Name != (policies.Note{}) {
		draft.Name = locales.Texts(file.Name)
	}
	if file.Source != "" {
		draft.Decision.V.Reference = locales.Shorten(file.Source, longestReference)
	}
	return utf8.RuneCountInString(file.Source) > longestReference
}

// FileOf is a version as a file, with the reference of its decision as source.
func FileOf(book resources.RuleBook) policies.File {
	return policies.File{Source: book.Decision.V.Reference, Name: policies.Note(book.Name), Rules: book.Rules.V, Examples: book.Examples.V}
}
