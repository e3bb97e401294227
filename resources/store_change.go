package resources

import (
	"context"
	"maps"

	"vuoro/db"
	"vuoro/fault"
)

// The methods of this file change what stands. Each wants the ID and the
// Revision that the caller read and gives the row with the next one; an older
// revision is Stale. Like those that add, they work in the caller's transaction
// and leave the audit trail to the caller.

// UpdateUnit saves a unit's texts, address, contact and settings.
func (s *Service) UpdateUnit(ctx context.Context, tx *db.DB, unit Unit) (Unit, error) {
	if err := unit.check(); err != nil {
		return Unit{}, err
	}
	if err := s.lockUnit(ctx, tx, unit.ID); err != nil {
		return Unit{}, err
	}
	err := slugFree(ctx, tx, "SELECT count(*) FROM units WHERE slug = @slug AND id <> @id ",
		map[string]any{"slug": unit.Slug, "id": unit.ID}, "unit.slug_taken")
	if err != nil {
		return Unit{}, err
	}
	return unit, update(ctx, tx, &unit, stamp{unit.ID, &unit.Revision}, savedOfUnit)
}

// UpdateSpace renames a space or gives it another parent. Invalid:
// space.parent_elsewhere, space.circle. Reservations follow as Service.Reseat
// says.
func (s *Service) UpdateSpace(ctx context.Context, tx *db.DB, space Space) (Space, error) {
	if err := space.check(); err != nil {
		return Space{}, err
	}
	if err := s.lockUnit(ctx, tx, space.Unit); err != nil {
		return Space{}, err
	}
	if err := belongs(ctx, tx, Part{Unit: space.Unit, Space: space.Parent}, "parent", "space.parent_elsewhere"); err != nil {
		return Space{}, err
	}
	tree, err := s.Tree(ctx, tx, space.Unit)
	if err != nil {
		return Space{}, err
	}
	if space.Parent != nil && (tree.under(space.ID, *space.Parent) || space.ID == *space.Parent) {
		return Space{}, fault.InvalidField("parent", "space.circle")
	}
	if err := update(ctx, tx, &space, stamp{space.ID, &space.Revision}, []string{"name", "parent", "external_ref"}); err != nil {
		return Space{}, err
	}
	return space, s.RebuildAtoms(ctx, tx, space.Unit)
}

// UpdateDevice renames a device, changes how many there are or where it stands.
func (s *Service) UpdateDevice(ctx context.Context, tx *db.DB, device Device) (Device, error) {
	if err := device.check(); err != nil {
		return Device{}, err
	}
	if err := s.lockUnit(ctx, tx, device.Unit); err != nil {
		return Device{}, err
	}
	if err := belongs(ctx, tx, Part{Unit: device.Unit, Space: device.Space}, "space", "device.space_elsewhere"); err != nil {
		return Device{}, err
	}
	var most int
	err := tx.Query(ctx, &most, "SELECT coalesce(max(count), 0) FROM resource_parts WHERE unit = ? AND device = ?", device.Unit, device.ID)
	if err != nil {
		return Device{}, err
	}
	if most > device.Count {
		return Device{}, fault.InvalidField("count", "device.count_in_use", fault.Params{"min": most})
	}
	if err := update(ctx, tx, &device, stamp{device.ID, &device.Revision}, []string{"name", "space", "count", "external_ref"}); err != nil {
		return Device{}, err
	}
	return device, s.RebuildAtoms(ctx, tx, device.Unit)
}

// UpdateResource saves a resource; parts nil leaves its parts as they are. A
// new address keeps the old one as a redirect.
func (s *Service) UpdateResource(ctx context.Context, tx *db.DB, resource Resource, parts []Part) (Resource, error) {
	if err := s.lockUnit(ctx, tx, resource.Unit); err != nil {
		return Resource{}, err
	}
	have, err := s.Parts(ctx, tx, resource.ID)
	if err != nil {
		return Resource{}, err
	}
	change := parts != nil && !sameParts(have, parts)
	if parts == nil {
		parts = have
	}
	if err := resource.check(parts); err != nil {
		return Resource{}, err
	}
	if parts, err = s.fits(ctx, tx, resource, parts); err != nil {
		return Resource{}, err
	}
	if err := keepSlug(ctx, tx, resource); err != nil {
		return Resource{}, err
	}
	err = update(ctx, tx, &resource, stamp{resource.ID, &resource.Revision}, savedOfResource)
	if err != nil || !change {
		return resource, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM resource_parts WHERE resource = ?", resource.ID); err != nil {
		return Resource{}, err
	}
	return resource, s.setParts(ctx, tx, resource, parts)
}

// keepSlug notes the present address as an old one when a resource gets another.
func keepSlug(ctx context.Context, tx *db.DB, resource Resource) error {
	_, err := tx.Exec(ctx, "DELETE FROM resource_slugs WHERE slug = ? AND resource = ?", resource.Slug, resource.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO resource_slugs (slug, resource) SELECT slug, id FROM resources WHERE id = ? AND slug <> ?",
		resource.ID, resource.Slug)
	return err
}

// sameParts tells whether two lists take the same.
func sameParts(a, b []Part) bool {
	plain := func(parts []Part) map[key]int {
		counts := map[key]int{}
		for _, part := range parts {
			counts[key{space: orZero(part.Space), device: orZero(part.Device)}] = max(part.Count, 1)
		}
		return counts
	}
	return len(a) == len(b) && maps.Equal(plain(a), plain(b))
}

// RemoveSpace archives a space that nothing needs any more. In use by
// resources, devices or spaces below it is a Conflict, space.in_use, with what
// uses it as fields.
func (s *Service) RemoveSpace(ctx context.Context, tx *db.DB, unit, space int) error {
	return s.remove(ctx, tx, Part{Unit: unit, Space: &space}, `
		SELECT 'space.used_by_resource' AS code, r.name FROM resource_parts p JOIN resources r ON r.id = p.resource WHERE p.unit = @unit AND p.space = @id
		UNION ALL SELECT 'space.used_by_device', name FROM devices WHERE unit = @unit AND space = @id AND archived_at IS NULL
		UNION ALL SELECT 'space.used_by_space', name FROM spaces WHERE unit = @unit AND parent = @id AND archived_at IS NULL`)
}

// RemoveDevice archives a device that no resource needs; see RemoveSpace.
func (s *Service) RemoveDevice(ctx context.Context, tx *db.DB, unit, device int) error {
	return s.remove(ctx, tx, Part{Unit: unit, Device: &device}, `
		SELECT 'space.used_by_resource' AS code, r.name FROM resource_parts p JOIN resources r ON r.id = p.resource WHERE p.unit = @unit AND p.device = @id `)
}

func (s *Service) remove(ctx context.Context, tx *db.DB, part Part, usersSQL string) error {
	if err := s.lockUnit(ctx, tx, part.Unit); err != nil {
		return err
	}
	table, id := part.row()
	users, err := usersOf(ctx, tx, usersSQL, map[string]any{"unit": part.Unit, "id": id})
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return &fault.Error{Kind: fault.Conflict, Code: "space.in_use", Params: fault.Params{"n": len(users)}, Fields: users}
	}
	gone, err := tx.Exec(ctx, "UPDATE "+table+" SET archived_at = ?, revision = revision + 1 WHERE unit = ? AND id = ? AND archived_at IS NULL",
		s.Now(), part.Unit, id)
	if err != nil {
		return err
	}
	if gone == 0 {
		return fault.New(fault.NotFound, "space.not_found")
	}
	return s.RebuildAtoms(ctx, tx, part.Unit)
}
