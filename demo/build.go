package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/resources"
	"vuoro/web/locales"
)

// builder makes the town in one transaction and remembers ids by key.
type builder struct {
	tx     *db.DB
	places *resources.Service
	now    time.Time
	zone   *time.Location
	units  map[string]int
	people map[string]int64
}

func (b *builder) town(ctx context.Context, town Town) error {
	for _, book := range town.Books {
		_, err := b.places.AddRuleBook(ctx, b.tx, resources.RuleBook{
			Key: book.Key, State: "live", ValidFrom: &book.ValidFrom,
			Decision: db.AsJSON(book.Decision), Rules: db.AsJSON(book.Rules),
		})
		if err != nil {
			return fmt.Errorf("rule book %s: %w", book.Key, err)
		}
	}
	for _, unit := range town.Units {
		if err := b.unit(ctx, unit, town.Terms); err != nil {
			return fmt.Errorf("unit %s: %w", unit.Slug, err)
		}
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

func (b *builder) unit(ctx context.Context, u Unit, terms locales.Texts) error {
	unit, err := b.places.AddUnit(ctx, b.tx, resources.Unit{
		Slug: u.Slug, Name: u.Name, Description: u.Description, Address: u.Address, Postcode: u.Postcode, City: u.City,
		Latitude: u.Latitude, Longitude: u.Longitude, Holidays: u.Holidays, ExternalRef: u.ExternalRef, Source: u.Source, Example: u.Example,
	})
	if err != nil {
		return err
	}
	b.units[u.Slug] = unit.ID
	if err := b.places.SetPeriods(ctx, b.tx, resources.Owner{Unit: unit.ID}, b.periods(u.Hours)); err != nil {
		return err
	}
	parts, err := b.parts(ctx, unit.ID, u)
	if err != nil {
		return err
	}
	for _, room := range u.Rooms {
		if err := b.room(ctx, unit.ID, room, parts, terms); err != nil {
			return fmt.Errorf("room %s: %w", room.Slug, err)
		}
	}
	return nil
}

// parts makes the spaces and devices of a unit and gives them by key.
func (b *builder) parts(ctx context.Context, unit int, u Unit) (map[string]resources.Part, error) {
	parts := map[string]resources.Part{}
	for _, s := range u.Spaces {
		space, err := b.places.AddSpace(ctx, b.tx, resources.Space{Unit: unit, Parent: parts[s.Parent].Space, Name: s.Name})
		if err != nil {
			return nil, fmt.Errorf("space %s: %w", s.Key, err)
		}
		parts[s.Key] = resources.Part{Space: &space.ID}
	}
	for _, d := range u.Devices {
		device, err := b.places.AddDevice(ctx, b.tx, resources.Device{Unit: unit, Space: parts[d.Space].Space, Name: d.Name, Count: d.Count})
		if err != nil {
			return nil, fmt.Errorf("device %s: %w", d.Key, err)
		}
		parts["device:"+d.Key] = resources.Part{Device: &device.ID}
	}
	return parts, nil
}

func (b *builder) room(ctx context.Context, unit int, r Room, have map[string]resources.Part, terms locales.Texts) error {
	parts := make([]resources.Part, len(r.Parts))
	for i, key := range r.Parts {
		part, ok := have[key]
		if !ok {
			return fmt.Errorf("there is no part %s", key)
		}
		parts[i] = part
	}
	resource := r.resource(unit)
	resource.Terms = terms
	made, err := b.places.AddResource(ctx, b.tx, resource, parts)
	if err != nil {
		return err
	}
	return b.places.SetPeriods(ctx, b.tx, resources.Owner{Resource: made.ID}, b.periods(r.Hours))
}

func (r Room) resource(unit int) resources.Resource {
	day := 24 * 60
	return resources.Resource{
		Unit: unit, Slug: r.Slug, Name: r.Name, Description: r.Description, Instructions: r.Instructions,
		Type: r.Type, Purposes: r.Purposes, Equipment: r.Equipment, RuleBook: r.Book, State: resources.StatePublished,
		PersonsMin: r.PersonsMin, PersonsMax: r.PersonsMax, AreaM2: r.AreaM2, Floor: r.Floor, StepFree: r.StepFree, Access: cmp.Or(map[string]string{"koodi": "code"}[r.Access], "agreed"),
		Raster: cmp.Or(r.Raster, 30), MinMinutes: cmp.Or(r.MinMinutes, 30), MaxMinutes: r.MaxMinutes,
		BufferBefore: r.BufferBefore, BufferAfter: r.BufferAfter, DaysAheadMax: r.DaysAheadMax, DaysAheadMin: r.DaysAheadMin,
		ActiveLimit: r.ActiveLimit, AdultOnly: r.AdultOnly, StrongSignIn: r.StrongSignIn, CancelMinutes: cmp.Or(r.CancelMinutes, &day),
		RequiredFields: r.RequiredFields, PriceCents: r.PriceCents, PriceUnit: cmp.Or(r.PriceUnit, "hour"), PriceNote: priceNote(r),
		ExternalRef: r.ExternalRef, Source: r.Source, Example: r.Example,
	}
}

// priceNote says what is known of the price beside its amount.
func priceNote(r Room) locales.Texts {
	if r.PriceNote == "" && r.PriceCents == nil {
		return locales.Texts{Fi: "sovitaan toimipaikan kanssa", Sv: "avtalas med verksamhetsstället", En: "agreed with the site"}
	}
	return locales.Texts{Fi: r.PriceNote}
}

// periods writes seasons out for the years that people look at, with --now also
// earlier ones.
func (b *builder) periods(hours []Hours) []resources.Period {
	var list []resources.Period
	year := b.now.In(b.zone).Year()
	for _, h := range hours {
		if h.Season == nil {
			list = append(list, resources.Period{Name: h.Name, Spans: db.AsJSON(h.Spans)})
			continue
		}
		for y := min(year-1, 2022); y <= year+2; y++ {
			from, to := dayOf(y, h.Season.From), dayOf(y, h.Season.To)
			list = append(list, resources.Period{Name: h.Name, ValidFrom: &from, ValidTo: &to, Spans: db.AsJSON(h.Spans)})
		}
	}
	return list
}

// dayOf is "MM-DD" in a year; a mistake gives no date, which the hours refuse.
func dayOf(year int, day string) calendar.Date {
	date, err := calendar.ParseDate(fmt.Sprintf("%04d-%s", year, day))
	if err != nil {
		return calendar.Date{Year: year}
	}
	return date
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
	for _, key := range a.Bookers {
		err := accounts.AddMembership(ctx, b.tx, accounts.Membership{
			Association: association.ID, Person: b.people[key], Role: "booker", CreatedAt: b.now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
