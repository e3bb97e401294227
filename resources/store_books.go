package resources

import (
	"context"
	"time"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

func bookNotFound() error { return fault.New(fault.NotFound, "rules.not_found") }

// Books are all versions of all rule books, by key, the newest version first.
func (s *Service) Books(ctx context.Context, d *db.DB) ([]RuleBook, error) {
	var list []RuleBook
	return list, db.Fault(d.Gorm(ctx).Order("key, version DESC").Find(&list).Error)
}

// BookVersion is one version of a rule book.
func (s *Service) BookVersion(ctx context.Context, d *db.DB, key string, version int) (RuleBook, error) {
	var list []RuleBook
	if err := d.Gorm(ctx).Where("key = ? AND version = ?", key, version).Find(&list).Error; err != nil {
		return RuleBook{}, db.Fault(err)
	}
	if len(list) == 0 {
		return RuleBook{}, bookNotFound()
	}
	return list[0], nil
}

// BookAlone is the version of a key that is in force at a moment, without the
// shared book beneath it; the zero book where there is none.
func (s *Service) BookAlone(ctx context.Context, d *db.DB, key string, moment time.Time) (RuleBook, error) {
	var book RuleBook
	return book, d.Query(ctx, &book, `SELECT * FROM rule_books WHERE key = ? AND state = 'live' AND valid_from <= ?
		ORDER BY valid_from DESC, version DESC LIMIT 1`, key, moment)
}

// Composed is a version, also a draft, on the shared book that is in force at a
// moment.
func (s *Service) Composed(ctx context.Context, d *db.DB, book RuleBook, moment time.Time) (policies.Book, error) {
	if book.Base == "" {
		return book.Book(), nil
	}
	base, err := s.BookAlone(ctx, d, book.Base, moment)
	return book.on(base), err
}

// BookUsers counts the resources that follow each rule book, those that are
// archived left out.
func (s *Service) BookUsers(ctx context.Context, d *db.DB) (map[string]int, error) {
	var rows []struct {
		Key   string
		Count int
	}
	err := d.Query(ctx, &rows, "SELECT rule_book AS key, count(*) AS count FROM resources WHERE state <> 'archived' GROUP BY rule_book")
	users := map[string]int{}
	for _, row := range rows {
		users[row.Key] = row.Count
	}
	return users, err
}

// savedOfBook are the columns of a draft that a save writes.
var savedOfBook = []string{"name", "base", "base_first", "decision", "rules", "examples", "valid_from", "state", "published_at", "published_by"}

// UpdateRuleBook saves a version in the revision that was read; whether it may
// still change is asked by the caller.
func (s *Service) UpdateRuleBook(ctx context.Context, tx *db.DB, book RuleBook) (RuleBook, error) {
	if book.Examples.V == nil {
		book.Examples.V = []policies.Example{}
	}
	if err := book.check(); err != nil {
		return RuleBook{}, err
	}
	return book, update(ctx, tx, &book, stamp{book.ID, &book.Revision}, savedOfBook)
}

// RemoveRuleBook deletes a draft.
func (s *Service) RemoveRuleBook(ctx context.Context, tx *db.DB, id int) error {
	_, err := tx.Exec(ctx, "DELETE FROM rule_books WHERE id = ? AND state = 'draft'", id)
	return err
}

// ResourcesUnder are the ids of the resources that follow one of the books.
func (s *Service) ResourcesUnder(ctx context.Context, d *db.DB, keys []string) ([]int, error) {
	var ids []int
	return ids, d.Query(ctx, &ids, "SELECT id FROM resources WHERE rule_book = ANY (CAST(? AS text[])) ORDER BY id", db.Strings(keys))
}

// NextBook is what a key comes to next, and from when; ok is false where nothing
// is published for later.
func (s *Service) NextBook(ctx context.Context, d *db.DB, key string) (from time.Time, book policies.Book, ok bool, err error) {
	kept, err := s.stock(ctx, d)
	if err != nil {
		return from, book, false, err
	}
	for _, step := range kept.books[key] { // the newest first
		if step.from.After(s.Now()) {
			from, book, ok = step.from, step.book, true
		}
	}
	return from, book, ok, nil
}
