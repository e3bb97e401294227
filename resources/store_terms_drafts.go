package resources

import (
	"context"

	"vuoro/db"
)

// AllTerms are all versions of all terms, drafts among them, by key, the newest
// version first.
func (s *Service) AllTerms(ctx context.Context, d *db.DB) ([]Terms, error) {
	var list []Terms
	return list, db.Fault(d.Gorm(ctx).Order("key, version DESC").Find(&list).Error)
}

// UpdateTerms saves a version in the revision that was read; whether it may
// still change is asked by the caller.
func (s *Service) UpdateTerms(ctx context.Context, tx *db.DB, terms Terms) (Terms, error) {
	if err := terms.check(); err != nil {
		return Terms{}, err
	}
	return terms, update(ctx, tx, &terms, stamp{terms.ID, &terms.Revision}, []string{"title", "body", "decision", "state", "valid_from"})
}
