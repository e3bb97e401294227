package catalogue

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// A space or device that is changed is named by its unit and UID; its Revision
// is the one that was read, 0 = whatever is there. Reservations follow a change
// or it is refused, see resources.Service.Reseat.

// spaceFacts are what the audit trail keeps of a space.
type spaceFacts struct {
	Name   locales.Texts
	Parent locales.Texts
}

// deviceFacts are what the audit trail keeps of a device.
type deviceFacts struct {
	Name  locales.Texts
	Count int
	Space locales.Texts
}

// AddSpace makes a space in a unit's tree.
func (s *Service) AddSpace(ctx context.Context, actor accounts.Actor, space resources.Space) (made resources.Space, err error) {
	if err := mayManage(actor, space.Unit); err != nil {
		return made, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		made, err = s.Places.AddSpace(ctx, tx, space)
		if err != nil {
			return edit{}, err
		}
		after, err := s.factsOfSpace(ctx, tx, made)
		return edit{made.Unit, "space.added", "space:" + made.UID.String(), nil, after}, err
	})
	return made, err
}

// SaveSpace renames a space or puts it under another one.
func (s *Service) SaveSpace(ctx context.Context, actor accounts.Actor, space resources.Space) (saved resources.Space, err error) {
	if err := mayManage(actor, space.Unit); err != nil {
		return saved, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.space(ctx, tx, space.Unit, space.UID)
		if err != nil {
			return edit{}, err
		}
		space.ID, space.ExternalRef = before.ID, before.ExternalRef
		if space.Revision == 0 {
			space.Revision = before.Revision
		}
		was, err := s.factsOfSpace(ctx, tx, before)
		if err != nil {
			return edit{}, err
		}
		if saved, err = s.Places.UpdateSpace(ctx, tx, space); err != nil {
			return edit{}, err
		}
		is, err := s.factsOfSpace(ctx, tx, saved)
		return edit{saved.Unit, "space.saved", "space:" + saved.UID.String(), was, is}, err
	})
	return saved, err
}

// Part names of a divided space: "Lohko A", "Lohko B" …
var partName = locales.Texts{Fi: "Lohko", Sv: "Del", En: "Part"}

const (
	minParts = 2
	maxParts = 12
)

// DivideSpace gives a space so many parts that can be booked on their own,
// named by letters; those that it has already are counted.
func (s *Service) DivideSpace(ctx context.Context, actor accounts.Actor, space resources.Space, parts int) (made []resources.Space, err error) {
	if err := mayManage(actor, space.Unit); err != nil {
		return nil, err
	}
	if parts < minParts || parts > maxParts {
		return nil, fault.InvalidField("parts", "space.bad_parts", fault.Params{"min": minParts, "max": maxParts})
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, space.Unit, true); err != nil {
			return edit{}, err
		}
		whole, err := s.space(ctx, tx, space.Unit, space.UID)
		if err != nil {
			return edit{}, err
		}
		var have int
		if err := tx.Query(ctx, &have, "SELECT count(*) FROM spaces WHERE parent = ? AND archived_at IS NULL", whole.ID); err != nil {
			return edit{}, err
		}
		var names []locales.Texts
		for n := have; n < have+parts; n++ {
			letter := " " + string(rune('A'+n%26))
			name := locales.Texts{Fi: partName.Fi + letter, Sv: partName.Sv + letter, En: partName.En + letter}
			part, err := s.Places.AddSpace(ctx, tx, resources.Space{Unit: whole.Unit, Parent: &whole.ID, Name: name})
			if err != nil {
				return edit{}, err
			}
			made, names = append(made, part), append(names, name)
		}
		return edit{whole.Unit, "space.divided", "space:" + whole.UID.String(), nil, struct{ Parts []locales.Texts }{names}}, nil
	})
	return made, err
}

// RemoveSpace archives a space that nothing uses.
func (s *Service) RemoveSpace(ctx context.Context, actor accounts.Actor, space resources.Space) error {
	if err := mayManage(actor, space.Unit); err != nil {
		return err
	}
	return s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, space.Unit, true); err != nil {
			return edit{}, err
		}
		before, err := s.space(ctx, tx, space.Unit, space.UID)
		if err != nil {
			return edit{}, err
		}
		if space.Revision != 0 && space.Revision != before.Revision {
			return edit{}, fault.New(fault.Stale, "stale")
		}
		was, err := s.factsOfSpace(ctx, tx, before)
		if err != nil {
			return edit{}, err
		}
		err = s.Places.RemoveSpace(ctx, tx, before.Unit, before.ID)
		return edit{before.Unit, "space.removed", "space:" + before.UID.String(), was, nil}, err
	})
}

// space reads a space of a unit that is not archived.
func (s *Service) space(ctx context.Context, tx *db.DB, unit int, uid uuid.UUID) (resources.Space, error) {
	var space resources.Space
	err := tx.Query(ctx, &space, "SELECT * FROM spaces WHERE unit = ? AND uid = ? AND archived_at IS NULL", unit, uid)
	if err == nil && space.ID == 0 {
		err = notThere()
	}
	return space, err
}

func (s *Service) factsOfSpace(ctx context.Context, tx *db.DB, space resources.Space) (facts spaceFacts, err error) {
	facts.Name = space.Name
	facts.Parent, err = s.spaceName(ctx, tx, space.Parent)
	return facts, err
}

func (s *Service) spaceName(ctx context.Context, tx *db.DB, id *int) (locales.Texts, error) {
	var row struct{ Name locales.Texts }
	if id == nil {
		return row.Name, nil
	}
	return row.Name, tx.Query(ctx, &row, "SELECT name FROM spaces WHERE id = ?", *id)
}
