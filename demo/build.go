package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/imports/places"
	"vuoro/resources"
)

// builder makes the town in one transaction and remembers ids by key.
type builder struct {
	tx     *db.DB
	now    time.Time
	zone   *time.Location
	units  map[string]int
	people map[string]int64
}

func (b *builder) town(ctx context.Context, town Town) error {
	if err := b.places(ctx); err != nil {
		return err
	}
	for _, person := range town.People {
		if err := b.person(ctx, person); err != nil {
			return fmt.Errorf("person %s: %w", person.Key, err)
		}
	}
	for _, association := range town.Associations {
		if err := b.association(ctx, association); err != nil {
			return fmt.Errorf("association %s: %w", association.Key, err)
		}
	}
	return nil
}

// places imports the town's file, and adds what such a file does not hold: terms
// and drafts.
func (b *builder) places(ctx context.Context) error {
	file, err := files.ReadFile(placesFile)
	if err != nil {
		return err
	}
	now := func() time.Time { return b.now }
	rooms := &resources.Service{DB: b.tx, Now: now, Zone: b.zone}
	service := places.Service{DB: b.tx, Resources: rooms, Now: now, Zone: b.zone}
	if _, err := service.Import(ctx, places.Order{Data: file}); err != nil {
		return fmt.Errorf("%s: %w", placesFile, err)
	}
	if err := errors.Join(b.terms(ctx, rooms), b.waitingDraft(ctx, rooms)); err != nil {
		return err
	}
	units, err := rooms.Units(ctx, b.tx)
	for _, unit := range units {
		b.units[unit.Slug] = unit.ID
	}
	return err
}

func (b *builder) person(ctx context.Context, p Person) error {
	person := accounts.Person{
		Email: &p.Email, Name: p.Name, Language: p.Language, Adult: &p.Adult, AdultSource: "demo",
		Municipality: p.Municipality, MunicipalitySource: "demo", Demo: true, CreatedAt: b.now,
	}
	if p.Strong {
		person.StrongAt, person.StrongSource = &b.now, "demo"
	}
	if err := accounts.AddPerson(ctx, b.tx, &person); err != nil {
		return err
	}
	b.people[p.Key] = person.ID
	return b.roles(ctx, person.ID, p)
}

func (b *builder) roles(ctx context.Context, person int64, p Person) error {
	if p.CityAdmin {
		return accounts.GrantRole(ctx, b.tx, accounts.Role{Person: person, Role: accounts.CityAdmin, CreatedAt: b.now})
	}
	grant := func(role string, units []string) error {
		for _, slug := range units {
			unit, ok := b.units[slug]
			if !ok {
				return fmt.Errorf("there is no unit %s", slug)
			}
			if err := accounts.GrantRole(ctx, b.tx, accounts.Role{Person: person, Unit: &unit, Role: role, CreatedAt: b.now}); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.Join(grant(accounts.Manager, p.Manager), grant(accounts.Viewer, p.Viewer))
}

func (b *builder) association(ctx context.Context, a Association) error {
	association := accounts.Association{
		Name: a.Name, Kind: a.Kind, Municipality: a.Municipality, Registered: a.Registered, Under18: a.Under18, Demo: true, CreatedAt: b.now,
	}
	if !strings.HasSuffix(a.Name, "(demo)") {
		return fmt.Errorf("%q does not say that it is invented", a.Name)
	}
	if err := accounts.AddAssociation(ctx, b.tx, &association); err != nil {
		return err
	}
	for i, key := range a.Bookers {
		role := accounts.Booker
		if i == 0 { // somebody has to look after it
			role = accounts.Admin
		}
		err := accounts.AddMembership(ctx, b.tx, accounts.Membership{
			Association: association.ID, Person: b.people[key], Role: role, CreatedAt: b.now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
