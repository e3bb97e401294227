package places

import (
	"context"

	"gorm.io/gorm"

	"vuoro/db"
)

// load reads the whole catalogue by seven queries, however large it is.
func load(ctx context.Context, d *db.DB) (*stock, error) {
	var s stored
	rows := func() *gorm.DB { return d.Gorm(ctx).Order("id") }
	for _, find := range []func() error{
		func() error { return rows().Find(&s.units).Error },
		func() error { return rows().Where("archived_at IS NULL").Find(&s.spaces).Error },
		func() error { return rows().Where("archived_at IS NULL").Find(&s.devices).Error },
		func() error { return rows().Find(&s.resources).Error },
		func() error { return rows().Find(&s.parts).Error },
		func() error { return rows().Find(&s.periods).Error },
	} {
		if err := find(); err != nil {
			return nil, db.Fault(err)
		}
	}
	err := d.Query(ctx, &s.books, `SELECT DISTINCT ON (key, valid_from) * FROM rule_books WHERE state = 'live'
		ORDER BY key, valid_from, version DESC`)
	return s.stock(), err
}

// lockUnits takes the units with these slugs, in the order of everybody.
func lockUnits(ctx context.Context, tx *db.DB, slugs []string) error {
	var ids []int
	err := tx.Query(ctx, &ids, "SELECT id FROM units WHERE slug = ANY (CAST(? AS text[])) ORDER BY id", db.Strings(slugs))
	for _, id := range ids {
		if err == nil {
			err = tx.LockUnit(ctx, id, true)
		}
	}
	return err
}
