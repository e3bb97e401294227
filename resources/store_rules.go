package resources

import (
	"context"
	"errors"

	"vuoro/db"
)

// Owner is the unit or the resource whose hours are meant; the other is 0.
type Owner struct{ Unit, Resource int }

// SetPeriods replaces all hours of a unit or of a resource. Invalid: as
// CheckPeriods says.
func (s *Service) SetPeriods(ctx context.Context, tx *db.DB, owner Owner, periods []Period) error {
	if err := CheckPeriods(periods); err != nil {
		return err
	}
	unit, column, id := owner.Unit, "unit", owner.Unit
	if owner.Resource != 0 {
		column, id = "resource", owner.Resource
		if err := tx.Query(ctx, &unit, "SELECT unit FROM resources WHERE id = ?", id); err != nil {
			return err
		}
		if unit == 0 {
			return notFound()
		}
	}
	if err := s.lockUnit(ctx, tx, unit); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM hours_periods WHERE "+column+" = ?", id); err != nil {
		return err
	}
	for _, period := range periods {
		period.ID, period.Revision, period.Unit, period.Resource = 0, 1, nil, nil
		if owner.Resource != 0 {
			period.Resource = &owner.Resource
		} else {
			period.Unit = &owner.Unit
		}
		if err := create(ctx, tx, &period, "duplicate"); err != nil {
			return err
		}
	}
	return nil
}

// AddRuleBook stores the next version of a rule book, counted from 1; live
// versions are never changed. A live version must say from when it is valid.
func (s *Service) AddRuleBook(ctx context.Context, tx *db.DB, book RuleBook) (RuleBook, error) {
	book.ID, book.Revision = 0, 1
	if err := errors.Join(book.check(), identify(&book.UID)); err != nil {
		return RuleBook{}, err
	}
	if book.Unit != nil {
		if err := s.lockUnit(ctx, tx, *book.Unit); err != nil {
			return RuleBook{}, err
		}
	}
	if err := tx.Query(ctx, &book.Version, "SELECT coalesce(max(version), 0) + 1 FROM rule_books WHERE key = ?", book.Key); err != nil {
		return RuleBook{}, err
	}
	if err := create(ctx, tx, &book, "rules.version_taken"); err != nil {
		return RuleBook{}, err
	}
	return book, nil
}
