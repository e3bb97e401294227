package resources

import (
	"context"

	"vuoro/db"
)

// TermsInForce are the terms with these keys in the versions that are in force
// now, in the order of the keys. A key without a version in force is left out.
func (s *Service) TermsInForce(ctx context.Context, d *db.DB, keys []string) ([]Terms, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var list []Terms
	return list, d.Query(ctx, &list, `SELECT * FROM (
			SELECT DISTINCT ON (key) * FROM terms WHERE key = ANY (@keys ) AND state = 'live' AND valid_from <= @now
			ORDER BY key, valid_from DESC, version DESC) t
		ORDER BY array_position(CAST(@keys AS text[]), key)`, map[string]any{"keys": db.Strings(keys), "now": s.Now()})
}

// TermsVersion reads a live version of terms; unknown is NotFound,
// terms.not_found.
func (s *Service) TermsVersion(ctx context.Context, d *db.DB, key string, version int) (Terms, error) {
	var list []Terms
	err := d.Query(ctx, &list, "SELECT * FROM terms WHERE key = ? AND version = ? AND state = 'live'", key, version)
	if err == nil && len(list) == 0 {
		err = termsNotFound()
	}
	if err != nil {
		return Terms{}, err
	}
	return list[0], nil
}

// latestTerms is the last version of terms, drafts among them; 0 = none yet.
func (s *Service) latestTerms(ctx context.Context, d *db.DB, key string) (version int, err error) {
	return version, d.Query(ctx, &version, "SELECT coalesce(max(version), 0) FROM terms WHERE key = ?", key)
}
