package web

import (
	"cmp"
	"slices"
	"strings"

	"vuoro/resources"
)

// booksFor are the rule books that a resource may have: those of the city and of
// its unit, by name.
func (v *visit) booksFor(r resources.Resource) ([]resources.RuleBook, error) {
	all, err := v.server.Resources.BooksInForce(v.ctx, v.server.DB)
	if err != nil {
		return nil, err
	}
	books := slices.DeleteFunc(all, func(b resources.RuleBook) bool { return b.Unit != nil && *b.Unit != r.Unit })
	if r.RuleBook != "" && !slices.ContainsFunc(books, func(b resources.RuleBook) bool { return b.Key == r.RuleBook }) {
		books = append(books, resources.RuleBook{Key: r.RuleBook}) // not in force yet
	}
	slices.SortStableFunc(books, func(a, b resources.RuleBook) int { return cmp.Compare(v.bookName(a), v.bookName(b)) })
	return books, nil
}

// bookName is what people call a rule book: its name, or its key in words.
func (v *visit) bookName(b resources.RuleBook) string {
	if name := v.named(b.Name); name != "" {
		return name
	}
	return capital(strings.ReplaceAll(b.Key, "-", " "))
}

// bookText is a rule book in sentences.
type bookText struct {
	Name    string
	Lines   []string
	Current bool
}

func (v *visit) bookTexts(r resources.Resource) ([]bookText, error) {
	books, err := v.booksFor(r)
	if err != nil {
		return nil, err
	}
	var texts []bookText
	for _, b := range books {
		text := bookText{Name: v.bookName(b), Current: b.Key == r.RuleBook}
		teller := v.tells(b.Rules.V)
		for _, rule := range b.Rules.V.Rules {
			text.Lines = append(text.Lines, teller.ruleSentence(rule))
		}
		texts = append(texts, text)
	}
	slices.SortStableFunc(texts, func(a, b bookText) int {
		if a.Current == b.Current {
			return 0
		}
		return map[bool]int{true: -1, false: 1}[a.Current]
	})
	return texts, nil
}
