package catalogue

import (
	"context"
	"strconv"
	"strings"

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
			if unit.Slug, err = s.freeUnitSlug(ctx, tx, unit.Name.String()); err != nil {
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
// imported from) is kept.
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
		saved, err = s.Places.UpdateUnit(ctx, tx, unit)
		return edit{unit.ID, "unit.saved", "unit:" + before.UID.String(), before, saved}, err
	})
	return saved, err
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

// freeUnitSlug is the slug of a name, with a number where others have it.
func (s *Service) freeUnitSlug(ctx context.Context, tx *db.DB, name string) (string, error) {
	base := SlugOf(name)
	if base == "" {
		return "", nil // refused with the other mistakes
	}
	var taken []string
	if err := tx.Query(ctx, &taken, "SELECT slug FROM units WHERE slug = ? OR slug LIKE ?", base, base+"-%"); err != nil {
		return "", err
	}
	used := map[string]bool{}
	for _, slug := range taken {
		used[slug] = true
	}
	slug := base
	for n := 2; used[slug]; n++ {
		slug = base + "-" + strconv.Itoa(n)
	}
	return slug, nil
}

const longestSlug = 60

var plainLetters = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "é", "e", "ü", "u", "š", "s", "ž", "z")

// SlugOf is a name as it stands in an address: "Kallion kirjasto" →
// "kallion-kirjasto"; "" when nothing of it can.
func SlugOf(name string) string {
	words := strings.FieldsFunc(plainLetters.Replace(strings.ToLower(name)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.Join(words, "-")
	if len(slug) > longestSlug {
		slug = strings.TrimRight(slug[:longestSlug], "-")
	}
	return slug
}
