package resources

import (
	"context"
	"regexp"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func notFound() error     { return fault.New(fault.NotFound, "resource.not_found") }
func unitNotFound() error { return fault.New(fault.NotFound, "unit.not_found") }

// Place reads a place by its uid; unknown is NotFound, resource.not_found. It
// does not ask whether the place may be seen: see Visible.
func (s *Service) Place(ctx context.Context, d *db.DB, uid uuid.UUID) (Place, error) {
	return s.one(ctx, d, func(k *stock) (int, bool) { i, ok := k.byUID[uid]; return i, ok })
}

// PlaceByID reads a place by the key inside the database.
func (s *Service) PlaceByID(ctx context.Context, d *db.DB, id int) (Place, error) {
	return s.one(ctx, d, func(k *stock) (int, bool) { i, ok := k.byID[id]; return i, ok })
}

// PlaceBySlug reads a place by its address; redirectTo is its present slug
// when the given one is an old one, else "".
func (s *Service) PlaceBySlug(ctx context.Context, d *db.DB, slug string) (place Place, redirectTo string, err error) {
	place, err = s.one(ctx, d, func(k *stock) (int, bool) {
		i, ok := k.bySlug[slug]
		if !ok {
			i, ok = k.byID[k.oldSlugs[slug]]
		}
		return i, ok
	})
	if err == nil && place.Resource.Slug != slug {
		redirectTo = place.Resource.Slug
	}
	return place, redirectTo, err
}

func (s *Service) one(ctx context.Context, d *db.DB, find func(k *stock) (int, bool)) (Place, error) {
	kept, err := s.stock(ctx, d)
	if err != nil {
		return Place{}, err
	}
	i, ok := find(kept)
	if !ok {
		return Place{}, notFound()
	}
	return kept.at(i, s.Now()), nil
}

// Places is Answers without what is only about the search.
func (s *Service) Places(ctx context.Context, d *db.DB, f Filter) ([]Place, error) {
	list, err := s.Answers(ctx, d, f)
	places := make([]Place, len(list))
	for i, c := range list {
		places[i] = c.Place
	}
	return places, err
}

// Units lists all units by id.
func (s *Service) Units(ctx context.Context, d *db.DB) ([]Unit, error) {
	var list []Unit
	return list, db.Fault(d.Gorm(ctx).Order("id").Find(&list).Error)
}

// UnitBySlug reads a unit by its address; unknown is NotFound, unit.not_found.
func (s *Service) UnitBySlug(ctx context.Context, d *db.DB, slug string) (Unit, error) {
	if !slugForm.MatchString(slug) {
		return Unit{}, unitNotFound()
	}
	return oneUnit(ctx, d, "slug = ?", slug)
}

// UnitByID reads a unit by the key inside the database.
func (s *Service) UnitByID(ctx context.Context, d *db.DB, id int) (Unit, error) {
	return oneUnit(ctx, d, "id = ?", id)
}

func oneUnit(ctx context.Context, d *db.DB, where string, param any) (Unit, error) {
	var list []Unit
	if err := d.Gorm(ctx).Where(where, param).Limit(1).Find(&list).Error; err != nil {
		return Unit{}, db.Fault(err)
	}
	if len(list) == 0 {
		return Unit{}, unitNotFound()
	}
	return list[0], nil
}
