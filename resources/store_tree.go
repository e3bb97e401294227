package resources

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/web/locales"
)

// Tree reads the spaces and devices of a unit that are not archived, by id.
func (s *Service) Tree(ctx context.Context, d *db.DB, unit int) (tree Tree, err error) {
	standing := func() *gorm.DB {
		return d.Gorm(ctx).Where("unit = ? AND archived_at IS NULL", unit).Order("id")
	}
	if err := standing().Find(&tree.Spaces).Error; err != nil {
		return tree, db.Fault(err)
	}
	return tree, db.Fault(standing().Find(&tree.Devices).Error)
}

// Parts are the spaces and devices of a resource, in the order of entry.
func (s *Service) Parts(ctx context.Context, d *db.DB, resource int) ([]Part, error) {
	var parts []Part
	return parts, db.Fault(d.Gorm(ctx).Where("resource = ?", resource).Order("id").Find(&parts).Error)
}

// PeriodsOf are the hours that a unit or a resource has of its own.
func (s *Service) PeriodsOf(ctx context.Context, d *db.DB, owner Owner) ([]Period, error) {
	column, id := "unit", owner.Unit
	if owner.Resource != 0 {
		column, id = "resource", owner.Resource
	}
	var periods []Period
	return periods, db.Fault(d.Gorm(ctx).Where(column+" = ?", id).Order("id").Find(&periods).Error)
}

// BooksInForce are the rule books by key, each in the version that is in force
// now, those of the whole city and those of units.
func (s *Service) BooksInForce(ctx context.Context, d *db.DB) ([]RuleBook, error) {
	var list []RuleBook
	return list, d.Query(ctx, &list, `SELECT DISTINCT ON (key) * FROM rule_books
		WHERE state = 'live' AND valid_from <= ? ORDER BY key, valid_from DESC, version DESC`, s.Now())
}

// stamp is which row in which revision is changed; the revision is raised.
type stamp struct {
	id       int
	revision *int
}

// update writes the named columns of a row if nobody else did since, and raises
// its revision.
func update(ctx context.Context, tx *db.DB, row any, at stamp, columns []string) error {
	before := *at.revision
	*at.revision = before + 1
	done := tx.Gorm(ctx).Where("id = ? AND revision = ?", at.id, before).Select(slices.Concat(columns, []string{"revision"})).Updates(row)
	if err := db.Fault(done.Error); err != nil {
		if fault.Code(err) == "duplicate" {
			return fault.Wrap(err, fault.Invalid, "duplicate")
		}
		return err
	}
	if done.RowsAffected != 1 {
		return fault.New(fault.Stale, "stale")
	}
	return nil
}

// The columns that a save writes; the others are given once, or derived.
var (
	savedOfUnit = []string{
		"slug", "name", "description", "address", "postcode", "city", "latitude", "longitude", "phone", "email",
		"holidays", "one_place_at_once", "external_ref", "source", "example",
	}
	savedOfResource = []string{
		"slug", "name", "description", "type", "purposes", "equipment", "persons_min", "persons_max", "area_m2", "floor",
		"step_free", "access", "state", "publish_from", "publish_to", "booking_from", "booking_to", "season_only", "whole_day",
		"raster", "min_minutes", "max_minutes", "buffer_before", "buffer_after", "days_ahead_max", "days_ahead_min",
		"active_limit", "adult_only", "strong_sign_in", "cancel_minutes", "release_after_minutes", "required_fields", "rule_book", "price_cents",
		"price_unit", "price_note", "terms", "instructions", "groups", "contact_phone", "contact_email", "source", "example", "external_ref",
	}
)

// usersOf lists what uses something, as fields that name each.
func usersOf(ctx context.Context, tx *db.DB, sql string, params map[string]any) ([]fault.Field, error) {
	var rows []struct {
		Code string
		Name locales.Texts
	}
	err := tx.Query(ctx, &rows, sql, params)
	var fields []fault.Field
	for _, row := range rows {
		name, _ := row.Name.In("fi")
		fields = append(fields, fault.Field{Name: "parts", Code: row.Code, Params: fault.Params{"name": name}})
	}
	return fields, err
}
