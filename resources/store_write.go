package resources

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/web/locales"
)

// The methods of this file change places inside the caller's transaction. A
// mistake in the input is Invalid with all its fields. What they return has its
// keys; an unset UID gets one. Writing the audit trail is the caller's.

// AddUnit makes a unit; a slug in use is Invalid, unit.slug_taken.
func (s *Service) AddUnit(ctx context.Context, tx *db.DB, unit Unit) (Unit, error) {
	unit.ID, unit.Revision = 0, 1
	if err := errors.Join(unit.check(), identify(&unit.UID)); err != nil {
		return Unit{}, err
	}
	if err := slugFree(ctx, tx, "SELECT count(*) FROM units WHERE slug = ?", unit.Slug, "unit.slug_taken"); err != nil {
		return Unit{}, err
	}
	if err := create(ctx, tx, &unit, "unit.slug_taken"); err != nil {
		return Unit{}, err
	}
	return unit, nil
}

// AddSpace makes a space in the tree of a unit. A parent outside the unit is
// Invalid, space.parent_elsewhere.
func (s *Service) AddSpace(ctx context.Context, tx *db.DB, space Space) (Space, error) {
	space.ID, space.Revision = 0, 1
	if err := errors.Join(space.check(), identify(&space.UID)); err != nil {
		return Space{}, err
	}
	if err := s.lockUnit(ctx, tx, space.Unit); err != nil {
		return Space{}, err
	}
	if err := belongs(ctx, tx, Part{Unit: space.Unit, Space: space.Parent}, "parent", "space.parent_elsewhere"); err != nil {
		return Space{}, err
	}
	if err := create(ctx, tx, &space, "duplicate"); err != nil {
		return Space{}, err
	}
	return space, s.RebuildAtoms(ctx, tx, space.Unit)
}

// AddDevice makes a thing or a pool of things; its Space, where it usually
// stands, may be nil. A space outside the unit is Invalid,
// device.space_elsewhere.
func (s *Service) AddDevice(ctx context.Context, tx *db.DB, device Device) (Device, error) {
	device.ID, device.Revision = 0, 1
	if err := errors.Join(device.check(), identify(&device.UID)); err != nil {
		return Device{}, err
	}
	if err := s.lockUnit(ctx, tx, device.Unit); err != nil {
		return Device{}, err
	}
	if err := belongs(ctx, tx, Part{Unit: device.Unit, Space: device.Space}, "space", "device.space_elsewhere"); err != nil {
		return Device{}, err
	}
	if err := create(ctx, tx, &device, "duplicate"); err != nil {
		return Device{}, err
	}
	return device, s.RebuildAtoms(ctx, tx, device.Unit)
}

// AddResource makes a resource of parts, of which Space or Device, and Count,
// are read. Invalid: resource.slug_taken (by a present or an old address),
// resource.part_elsewhere (a part outside the unit), resource.part_twice,
// resource.part_count, resource.rule_book_unknown.
func (s *Service) AddResource(ctx context.Context, tx *db.DB, resource Resource, parts []Part) (Resource, error) {
	resource.ID, resource.Revision = 0, 1
	if err := errors.Join(resource.check(parts), identify(&resource.UID)); err != nil {
		return Resource{}, err
	}
	if err := s.lockUnit(ctx, tx, resource.Unit); err != nil {
		return Resource{}, err
	}
	parts, err := s.fits(ctx, tx, resource, parts)
	if err != nil {
		return Resource{}, err
	}
	if err := create(ctx, tx, &resource, "resource.slug_taken"); err != nil {
		return Resource{}, err
	}
	return resource, s.setParts(ctx, tx, resource, parts)
}

// fits asks of a resource what only the database knows: its address, rule book,
// parts and price; the parts come back as rows.
func (s *Service) fits(ctx context.Context, tx *db.DB, resource Resource, parts []Part) ([]Part, error) {
	err := slugFree(ctx, tx, `SELECT (SELECT count(*) FROM resources WHERE slug = @slug AND id <> @id )
		+ (SELECT count(*) FROM resource_slugs WHERE slug = @slug AND resource <> @id )`,
		map[string]any{"slug": resource.Slug, "id": resource.ID}, "resource.slug_taken")
	if err != nil {
		return nil, err
	}
	if err := bookKnown(ctx, tx, resource); err != nil {
		return nil, err
	}
	if err := s.checkPrice(ctx, tx, resource); err != nil {
		return nil, err
	}
	return checkParts(ctx, tx, resource.Unit, parts)
}

// checkPrice wants a published resource to say what it costs: a price, a note,
// or a rule book by which residents use it free of charge.
func (s *Service) checkPrice(ctx context.Context, tx *db.DB, resource Resource) error {
	if resource.State != StatePublished || resource.PriceCents != nil || resource.PriceNote != (locales.Texts{}) {
		return nil
	}
	alone, err := s.BookAlone(ctx, tx, resource.RuleBook, s.Now())
	if err != nil {
		return err
	}
	book, err := s.Composed(ctx, tx, alone, s.Now())
	if err != nil {
		return err
	}
	place := Place{Resource: resource, Book: book}
	if !place.Free(s.Now(), s.Zone) {
		return fault.InvalidField("price_cents", "resource.price_missing")
	}
	return nil
}

// setParts gives a resource without parts its parts, and the atoms of them.
func (s *Service) setParts(ctx context.Context, tx *db.DB, resource Resource, parts []Part) error {
	for i := range parts {
		parts[i].Resource = resource.ID
		if err := create(ctx, tx, &parts[i], "resource.part_twice"); err != nil {
			return err
		}
	}
	return s.RebuildAtoms(ctx, tx, resource.Unit)
}

func identify(uid *uuid.UUID) (err error) {
	if *uid == uuid.Nil {
		*uid, err = uuid.NewV7()
	}
	return err
}

// create inserts one row; a second writer of the same key gets code.
func create(ctx context.Context, tx *db.DB, row any, code string) error {
	// gorm asks for the time even where no column wants it
	err := tx.Gorm(ctx).Session(&gorm.Session{NowFunc: func() time.Time { return time.Time{} }}).Create(row).Error
	if fault.Code(db.Fault(err)) == "duplicate" {
		return fault.Wrap(err, fault.Invalid, code)
	}
	return db.Fault(err)
}

func slugFree(ctx context.Context, tx *db.DB, sql string, param any, code string) error {
	var taken int
	if err := tx.Query(ctx, &taken, sql, param); err != nil {
		return err
	}
	if taken > 0 {
		return fault.InvalidField("slug", code)
	}
	return nil
}

// lockUnit takes a unit for a change of its places; unknown is NotFound.
func (s *Service) lockUnit(ctx context.Context, tx *db.DB, unit int) error {
	if err := tx.LockUnit(ctx, unit, true); err != nil {
		return err
	}
	_, err := s.UnitByID(ctx, tx, unit)
	return err
}

func bookKnown(ctx context.Context, tx *db.DB, r Resource) error {
	var books int
	err := tx.Query(ctx, &books, "SELECT count(*) FROM rule_books WHERE key = ? AND (unit IS NULL OR unit = ?)", r.RuleBook, r.Unit)
	if err == nil && books == 0 {
		return fault.InvalidField("rule_book", "resource.rule_book_unknown", fault.Params{"value": r.RuleBook})
	}
	return err
}
