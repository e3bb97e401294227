package resources

import (
	"context"
	"errors"
	"time"

	"vuoro/db"
	"vuoro/policies"
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
	if book.Examples.V == nil {
		book.Examples.V = []policies.Example{}
	}
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

// RuleBookVersions are all versions of a rule book, the newest first.
func (s *Service) RuleBookVersions(ctx context.Context, d *db.DB, key string) ([]RuleBook, error) {
	var list []RuleBook
	return list, d.Query(ctx, &list, "SELECT * FROM rule_books WHERE key = ? ORDER BY version DESC", key)
}

// BooksAt are all rule books by key as they are at a moment, each with the
// shared one beneath it. A version that is given counts in place of all others
// of its key, also where it is a draft.
func (s *Service) BooksAt(ctx context.Context, d *db.DB, moment time.Time, instead ...RuleBook) (map[string]policies.Book, error) {
	versions, err := liveBooks(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, version := range instead {
		version.ValidFrom = &time.Time{}
		versions[version.Key] = []RuleBook{version}
	}
	books := map[string]policies.Book{}
	for key, own := range versions {
		if book := bookAt(inForce(own, versions), moment); book.Key != "" {
			books[key] = book
		}
	}
	return books, nil
}

// liveBooks are the live versions of all rule books by key, the newest first.
func liveBooks(ctx context.Context, d *db.DB) (map[string][]RuleBook, error) {
	var rows []RuleBook
	err := d.Query(ctx, &rows, "SELECT * FROM rule_books WHERE state = 'live' ORDER BY key, valid_from DESC, version DESC")
	versions := map[string][]RuleBook{}
	for _, row := range rows {
		versions[row.Key] = append(versions[row.Key], row)
	}
	return versions, err
}
