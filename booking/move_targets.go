package booking

import (
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/resources"
)

// MoveTargets are the places that a reservation may be moved to, its own
// first. A holder is offered comparable ones: in the same unit, of the same
// type, with room for as many. Staff are offered all of the units where they
// are employed; a city admin those of the reservation's unit.
func (s *Service) MoveTargets(ctx context.Context, actor accounts.Actor, ref string) ([]resources.Place, error) {
	card, err := s.Get(ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	staff := s.mayHandle(actor, card.Reservation)
	if !staff && !s.mayEdit(actor, card.Reservation) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	found, err := s.targetsIn(ctx, card.UnitSlug, staff)
	if err != nil {
		return nil, err
	}
	own := slices.IndexFunc(found, func(p resources.Place) bool { return p.Resource.ID == card.Resource })
	if own < 0 {
		place, err := s.Resources.PlaceByID(ctx, s.DB, card.Resource)
		if err != nil {
			return nil, err
		}
		found, own = append(found, place), len(found)
	}
	here := found[own]
	found = slices.Insert(slices.Delete(found, own, own+1), 0, here)
	if !staff {
		return slices.DeleteFunc(found, func(p resources.Place) bool { return !card.comparable(here, p) }), nil
	}
	units, _ := actor.WorkUnits(accounts.Manager)
	for _, id := range units {
		if id == card.Unit {
			continue
		}
		unit, err := s.Resources.UnitByID(ctx, s.DB, id)
		if err != nil {
			return nil, err
		}
		more, err := s.targetsIn(ctx, unit.Slug, true)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

func (s *Service) targetsIn(ctx context.Context, unit string, staff bool) ([]resources.Place, error) {
	places, err := s.Resources.Places(ctx, s.DB, resources.Filter{Unit: unit, IncludeUnpublished: staff})
	now := s.Now()
	return slices.DeleteFunc(places, func(p resources.Place) bool { return !staff && !p.Visible(now) }), err
}

// comparable tells whether another place does for the reservation as its own.
func (r Reservation) comparable(own, other resources.Place) bool {
	if other.Resource.ID == own.Resource.ID {
		return true
	}
	fits := r.Persons == nil || other.Resource.PersonsMax == nil || *other.Resource.PersonsMax >= *r.Persons
	return other.Resource.Type == own.Resource.Type && fits
}
