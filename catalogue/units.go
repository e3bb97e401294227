package catalogue

import (
	"context"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// AddUnit makes a site; only the city's administrators may. Without a slug it
// gets one made of its name that is free.
func (s *Service) AddUnit(ctx context.Context, actor accounts.Actor, unit resources.Unit) (made resources.Unit, err error) {
	if err := mayManageCity(actor); err != nil {
		return made, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if unit.Slug == "" {
			if unit.Slug, err = freeSlug(ctx, tx, SlugOf(unit.Name.String()), "SELECT slug FROM units"); err != nil {
				return edit{}, err
			}
		}
		made, err = s.Places.AddUnit(ctx, tx, unit)
		return edit{made.ID, "unit.added", "unit:" + made.UID.String(), nil, made}, err
	})
	return made, err
}

// SaveUnit changes a site: unit carries the ID and the Revision that were read,
// 0 = whatever is there; what the actor cannot change (UID, where it was
// imported from) is kept. What new hours on public holidays leave outside waits
// for a decision of staff, as after SetHours.
func (s *Service) SaveUnit(ctx context.Context, actor accounts.Actor, unit resources.Unit) (saved resources.Unit, err error) {
	if err := mayManage(actor, unit.ID); err != nil {
		return saved, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.Places.UnitByID(ctx, tx, unit.ID)
		if err != nil {
			return edit{}, err
		}
		unit.UID, unit.Source, unit.Example, unit.ExternalRef = before.UID, before.Source, before.Example, before.ExternalRef
		if unit.Revision == 0 {
			unit.Revision = before.Revision
		}
		if before.Holidays != unit.Holidays {
			if err := s.changeHolidays(ctx, tx, actor, unit); err != nil {
				return edit{}, err
			}
		}
		saved, err = s.Places.UpdateUnit(ctx, tx, unit)
		return edit{unit.ID, "unit.saved", "unit:" + before.UID.String(), before, saved}, err
	})
	return saved, err
}

// changeHolidays keeps what other hours on public holidays leave outside.
func (s *Service) changeHolidays(ctx context.Context, tx *db.DB, actor accounts.Actor, unit resources.Unit) error {
	if err := tx.LockUnit(ctx, unit.ID, true); err != nil {
		return err
	}
	owner := resources.Owner{Unit: unit.ID}
	periods, err := s.Places.PeriodsOf(ctx, tx, owner)
	if err != nil {
		return err
	}
	found, err := s.effect(ctx, tx, unit.ID, HoursChange{Owner: owner, Periods: periods, Holidays: unit.Holidays})
	if err != nil {
		return err
	}
	return s.keepEffect(ctx, tx, actor, found)
}

// mayManageCity refuses whoever does not administer the whole city.
func mayManageCity(actor accounts.Actor) error {
	switch {
	case accounts.Can(actor, accounts.ManageCity, accounts.Object{}):
		return nil
	case !actor.SignedIn():
		return fault.New(fault.Unauthenticated, "auth.required")
	}
	return fault.New(fault.Forbidden, "auth.forbidden")
}
