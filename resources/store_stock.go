package resources

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/policies"
)

// stock is every place as it stood at one version of the catalogue. It is read
// by many at once and never written after it was filled.
type stock struct {
	version  string
	list     []Place // by id of the resource, without their rule books
	byID     map[int]int
	byUID    map[uuid.UUID]int
	bySlug   map[string]int
	oldSlugs map[string]int // id of the resource
	books    map[string][]dated
}

// stock gives the places as they are now in the eyes of d, which may be a
// transaction: after its locks a decision may rest on them. What is kept is
// used only while the catalogue's version is the same; a version that was
// rolled back is never given again.
func (s *Service) stock(ctx context.Context, d *db.DB) (*stock, error) {
	var version string
	err := d.Query(ctx, &version, "SELECT coalesce(string_agg(unit || ':' || version, ' ' ORDER BY unit), '') FROM catalogue_versions")
	if err != nil {
		return nil, err
	}
	if kept := s.kept.Load(); kept != nil && kept.version == version {
		return kept, nil
	}
	// Several may read it anew at once. Were they to wait for one another, one
	// that waits for a connection could wait for those who hold them all.
	fresh := &stock{version: version}
	for _, load := range []func(context.Context, *db.DB) error{
		fresh.loadResources, fresh.loadUnits, fresh.loadNeeds, fresh.loadParts, fresh.loadPeriods, fresh.loadPictures, fresh.loadBooks,
	} {
		if err := load(ctx, d); err != nil {
			return nil, err
		}
	}
	s.kept.Store(fresh)
	return fresh, nil
}

func (k *stock) loadResources(ctx context.Context, d *db.DB) error {
	var rows []Resource
	if err := d.Query(ctx, &rows, "SELECT "+columns+" FROM resources ORDER BY id"); err != nil {
		return err
	}
	k.list, k.byID = make([]Place, len(rows)), make(map[int]int, len(rows))
	k.byUID, k.bySlug = make(map[uuid.UUID]int, len(rows)), make(map[string]int, len(rows))
	for i, r := range rows {
		k.list[i].Resource = r
		k.byID[r.ID], k.byUID[r.UID], k.bySlug[r.Slug] = i, i, i
	}
	var old []struct {
		Slug     string
		Resource int
	}
	if err := d.Query(ctx, &old, "SELECT slug, resource FROM resource_slugs"); err != nil {
		return err
	}
	k.oldSlugs = make(map[string]int, len(old))
	for _, row := range old {
		k.oldSlugs[row.Slug] = row.Resource
	}
	return nil
}

func (k *stock) loadUnits(ctx context.Context, d *db.DB) error {
	var rows []Unit
	if err := d.Query(ctx, &rows, "SELECT "+unitColumns+" FROM units"); err != nil {
		return err
	}
	byID := make(map[int]Unit, len(rows))
	for _, unit := range rows {
		byID[unit.ID] = unit
	}
	for i := range k.list {
		k.list[i].Unit = byID[k.list[i].Resource.Unit]
	}
	return nil
}

func (k *stock) loadNeeds(ctx context.Context, d *db.DB) error {
	var rows []Need
	if err := d.Query(ctx, &rows, "SELECT resource, unit, atom, pool, lanes FROM resource_atoms ORDER BY resource, atom"); err != nil {
		return err
	}
	for _, need := range rows {
		place := &k.list[k.byID[need.Resource]]
		place.Needs = append(place.Needs, need)
	}
	return nil
}

func (k *stock) loadPeriods(ctx context.Context, d *db.DB) error {
	var rows []Period
	if err := d.Query(ctx, &rows, "SELECT * FROM hours_periods ORDER BY id"); err != nil {
		return err
	}
	byResource, byUnit := map[int][]Period{}, map[int][]Period{}
	for _, period := range rows {
		if period.Resource != nil {
			byResource[*period.Resource] = append(byResource[*period.Resource], period)
		} else {
			byUnit[*period.Unit] = append(byUnit[*period.Unit], period)
		}
	}
	for i := range k.list {
		own, shared := byResource[k.list[i].Resource.ID], byUnit[k.list[i].Resource.Unit]
		k.list[i].Periods = shared
		if len(own) > 0 {
			k.list[i].Periods = slices.Concat(own, shared)
		}
	}
	return nil
}

func (k *stock) loadPictures(ctx context.Context, d *db.DB) error {
	var rows []Picture
	if err := d.Query(ctx, &rows, "SELECT * FROM pictures ORDER BY position, id"); err != nil {
		return err
	}
	for _, picture := range rows {
		place := &k.list[k.byID[picture.Resource]]
		place.Pictures = append(place.Pictures, picture)
	}
	return nil
}

func (k *stock) loadBooks(ctx context.Context, d *db.DB) error {
	alone, err := liveBooks(ctx, d)
	k.books = map[string][]dated{}
	for key, versions := range alone {
		k.books[key] = inForce(versions, alone)
	}
	return err
}

// loadParts tells which places are parts of others that are booked as a whole.
func (k *stock) loadParts(ctx context.Context, d *db.DB) error {
	var ids []int
	err := d.Query(ctx, &ids, `SELECT DISTINCT part.resource FROM resource_parts part
		JOIN spaces ON spaces.unit = part.unit AND spaces.id = part.space
		JOIN resource_parts whole ON whole.unit = part.unit AND whole.space = spaces.parent AND whole.resource <> part.resource
		JOIN resources ON resources.id = whole.resource AND resources.state <> 'archived'`)
	for _, id := range ids {
		k.list[k.byID[id]].IsPart = true
	}
	return err
}

// at gives the place at an index with the version of its rule book that is in
// force. A place whose book has none yet gets an empty book, by which nothing
// is allowed.
func (k *stock) at(i int, now time.Time) Place {
	place := k.list[i]
	place.Book = k.book(place.Resource.RuleBook, now)
	return place
}

func (k *stock) book(key string, now time.Time) policies.Book {
	return bookAt(k.books[key], now)
}
