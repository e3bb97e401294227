package catalogue

import (
	"context"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// AddUnit makes a site; only the city's administrators may.
func (s *Service) AddUnit(ctx context.Context, actor accounts.Actor, unit resources.Unit) (made resources.Unit, err error) {
	if !accounts.Can(actor, accounts.ManageCity, accounts.Object{}) {
		return made, fault.New(fault.Forbidden, "auth.forbidden")
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		made, err = s.Places.AddUnit(ctx, tx, unit)
		return edit{made.ID, "unit.added", "unit:" + made.UID.String(), nil, made}, err
	})
	return made, err
}

// SaveUnit changes a site: unit carries the ID and the Revision that were read;
// what the actor cannot change (UID, Source of imports) is kept.
func (s *Service) SaveUnit(ctx context.Context, actor accounts.Actor, unit resources.Unit) (saved resources.Unit, err error) {
	if err := mayManage(actor, unit.ID); err != nil {
		return saved, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.Places.UnitByID(ctx, tx, unit.ID)
		if err != nil {
			return edit{}, err
		}
		unit.UID = before.UID
		saved, err = s.Places.UpdateUnit(ctx, tx, unit)
		return edit{unit.ID, "unit.saved", "unit:" + before.UID.String(), before, saved}, err
	})
	return saved, err
}
