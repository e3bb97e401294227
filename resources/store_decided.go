package resources

import (
	"context"

	"vuoro/db"
	"vuoro/policies"
)

// Decided is the version of a rule book by which something was decided, with the
// version of the shared book beneath it; nil = none.
type Decided struct {
	Book RuleBook
	Base *RuleBook
}

// DecidedBy reads the version with an id and the shared one, "key/version" or
// "" = none.
func (s *Service) DecidedBy(ctx context.Context, d *db.DB, id int, base string) (Decided, error) {
	var rows []RuleBook
	err := d.Query(ctx, &rows, "SELECT * FROM rule_books WHERE id = ? OR key || '/' || version = ?", id, base)
	var found Decided
	for i, row := range rows {
		if row.ID == id {
			found.Book = row
		} else {
			found.Base = &rows[i]
		}
	}
	return found, err
}

// Questions are those that the version asked on the form, its own first.
func (d Decided) Questions() []policies.FormField {
	questions := d.Book.Rules.V.Questions
	if d.Base != nil {
		questions = append(questions[:len(questions):len(questions)], d.Base.Rules.V.Questions...)
	}
	return questions
}

// Decision is the decision of the city behind it: the version's own or else that
// of the shared one.
func (d Decided) Decision() Decision {
	if own := d.Book.Decision.V; own.Reference != "" || d.Base == nil {
		return own
	}
	return d.Base.Decision.V
}
