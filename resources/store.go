package resources

import (
	"context"
	"regexp"
	"slices"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func notFound() error     { return fault.New(fault.NotFound, "resource.not_found") }
func unitNotFound() error { return fault.New(fault.NotFound, "unit.not_found") }

// Place reads a place by its uid; unknown is NotFound, resource.not_found. It
// does not ask whether the place may be seen: see Visible.
func (s *Service) Place(ctx context.Context, d *db.DB, uid uuid.UUID) (Place, error) {
	return s.one(ctx, d, "uid = ?", uid)
}

// PlaceByID reads a place by the key inside the database.
func (s *Service) PlaceByID(ctx context.Context, d *db.DB, id int) (Place, error) {
	return s.one(ctx, d, "id = ?", id)
}

// PlaceBySlug reads a place by its address; redirectTo is its present slug
// when the given one is an old one, else "".
func (s *Service) PlaceBySlug(ctx context.Context, d *db.DB, slug string) (place Place, redirectTo string, err error) {
	if !slugForm.MatchString(slug) {
		return Place{}, "", notFound()
	}
	place, err = s.one(ctx, d, "id = (SELECT id FROM resources WHERE slug = ? UNION ALL SELECT resource FROM resource_slugs WHERE slug = ? LIMIT 1)", slug, slug)
	if err == nil && place.Resource.Slug != slug {
		redirectTo = place.Resource.Slug
	}
	return place, redirectTo, err
}

// Places lists the places of a filter, the best first and then by unit and name
// in the filter's language. It takes six queries however many they are.
func (s *Service) Places(ctx context.Context, d *db.DB, f Filter) ([]Place, error) {
	hits, err := search(ctx, d, f)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	list, ranks := make([]Resource, len(hits)), make([]int, len(hits))
	for i, hit := range hits {
		list[i], ranks[i] = hit.Resource, hit.Rank
	}
	places, err := s.complete(ctx, d, list)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	return slices.DeleteFunc(sortPlaces(places, ranks, f.Lang), func(p Place) bool {
		return (!f.IncludeUnpublished && !p.Visible(now)) || (f.Free && !p.Free(now, s.Zone))
	}), nil
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

func (s *Service) one(ctx context.Context, d *db.DB, where string, params ...any) (Place, error) {
	var list []Resource
	if err := d.Gorm(ctx).Where(where, params...).Limit(1).Find(&list).Error; err != nil {
		return Place{}, db.Fault(err)
	}
	if len(list) == 0 {
		return Place{}, notFound()
	}
	places, err := s.complete(ctx, d, list)
	if err != nil {
		return Place{}, err
	}
	return places[0], nil
}

// complete adds what belongs to resources, in the same order, by five queries.
func (s *Service) complete(ctx context.Context, d *db.DB, list []Resource) ([]Place, error) {
	places := make([]Place, len(list))
	var ids, units db.Ints
	var keys db.Strings
	for i, r := range list {
		places[i].Resource = r
		ids, units, keys = append(ids, int64(r.ID)), append(units, int64(r.Unit)), append(keys, r.RuleBook)
	}
	if err := addUnits(ctx, d, places, units); err != nil {
		return nil, err
	}
	if err := addNeeds(ctx, d, places, ids); err != nil {
		return nil, err
	}
	if err := addPeriods(ctx, d, places, ids, units); err != nil {
		return nil, err
	}
	if err := addPictures(ctx, d, places, ids); err != nil {
		return nil, err
	}
	return places, s.addBooks(ctx, d, places, keys)
}

func addUnits(ctx context.Context, d *db.DB, places []Place, units db.Ints) error {
	var list []Unit
	if err := d.Query(ctx, &list, "SELECT * FROM units WHERE id = ANY (CAST(? AS int[]))", units); err != nil {
		return err
	}
	byID := map[int]Unit{}
	for _, unit := range list {
		byID[unit.ID] = unit
	}
	for i := range places {
		places[i].Unit = byID[places[i].Resource.Unit]
	}
	return nil
}

func addNeeds(ctx context.Context, d *db.DB, places []Place, ids db.Ints) error {
	var list []Need
	err := d.Query(ctx, &list, `SELECT resource, unit, atom, pool, lanes FROM resource_atoms
		WHERE resource = ANY (CAST(? AS int[])) ORDER BY resource, atom`, ids)
	if err != nil {
		return err
	}
	byResource := map[int][]Need{}
	for _, need := range list {
		byResource[need.Resource] = append(byResource[need.Resource], need)
	}
	for i := range places {
		places[i].Needs = byResource[places[i].Resource.ID]
	}
	return nil
}

func addPeriods(ctx context.Context, d *db.DB, places []Place, ids, units db.Ints) error {
	var list []Period
	err := d.Query(ctx, &list, `SELECT * FROM hours_periods
		WHERE resource = ANY (CAST(? AS int[])) OR unit = ANY (CAST(? AS int[])) ORDER BY id`, ids, units)
	if err != nil {
		return err
	}
	byResource, byUnit := map[int][]Period{}, map[int][]Period{}
	for _, period := range list {
		if period.Resource != nil {
			byResource[*period.Resource] = append(byResource[*period.Resource], period)
		} else {
			byUnit[*period.Unit] = append(byUnit[*period.Unit], period)
		}
	}
	for i := range places {
		places[i].Periods = slices.Concat(byResource[places[i].Resource.ID], byUnit[places[i].Resource.Unit])
	}
	return nil
}

// addBooks adds the version of each rule book that is in force now. A place
// whose book has none yet gets an empty book, by which nothing is allowed.
func (s *Service) addBooks(ctx context.Context, d *db.DB, places []Place, keys db.Strings) error {
	var list []RuleBook
	err := d.Query(ctx, &list, `SELECT DISTINCT ON (key) * FROM rule_books
		WHERE key = ANY (CAST(? AS text[])) AND state = 'live' AND valid_from <= ? ORDER BY key, valid_from DESC, version DESC`, keys, s.Now())
	if err != nil {
		return err
	}
	byKey := map[string]policies.Book{}
	for _, book := range list {
		byKey[book.Key] = book.Book()
	}
	for i := range places {
		places[i].Book = byKey[places[i].Resource.RuleBook]
	}
	return nil
}
