package respa

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// The rule books of resources that were taken over say what a Respa service
// says of them: booked directly, or after approval.
const (
	directBook   = "respa"
	approvalBook = "respa-approval"
)

// takePlaces brings in the units and resources that are not here yet. Those that
// are stay as they are: what was written here counts.
func (t *takeover) takePlaces(ctx context.Context) error {
	have, err := t.stock(ctx)
	if err != nil {
		return err
	}
	t.known = have.resources
	if err := t.lockUnits(ctx, have); err != nil {
		return err
	}
	p := &placing{takeover: t, have: have}
	for i, u := range t.read.units {
		t.order.Progress("units", i, len(t.read.units))
		if err := p.takeUnit(ctx, u); err != nil {
			return fmt.Errorf("unit %s: %w", u.ID, err)
		}
	}
	for i, r := range t.read.resources {
		t.order.Progress("resources", i, len(t.read.resources))
		if err := p.takeResource(ctx, r); err != nil {
			return fmt.Errorf("resource %s: %w", r.ID, err)
		}
	}
	if t.order.CreateMissing {
		return p.createMissing(ctx)
	}
	return nil
}

// lockUnits takes the units that stand here and will be touched, in the order
// of their keys, before anything else.
func (t *takeover) lockUnits(ctx context.Context, have stock) error {
	wanted := map[int]bool{}
	for _, r := range t.read.resources {
		wanted[have.units[refOf(string(r.Unit))]] = true
		wanted[have.home[refOf(string(r.ID))]] = true
	}
	for _, b := range t.read.reservations {
		wanted[have.home[refOf(b.Resource)]] = true
		if t.order.CreateMissing {
			wanted[have.units[refOf(b.Source)]] = true
		}
	}
	delete(wanted, 0)
	for _, unit := range slices.Sorted(maps.Keys(wanted)) {
		if err := t.tx.LockUnit(ctx, unit, true); err != nil {
			return err
		}
	}
	return nil
}

// refOf is the external reference of an id; ids of the service point register
// are the same for everybody.
func refOf(id string) string {
	if id == "" || strings.HasPrefix(id, "tprek:") {
		return id
	}
	return "respa:" + id
}

// placing is the part of an import that makes units and resources.
type placing struct {
	*takeover
	have  stock
	books bool // are there
}

// slug is a free address for a name; what has no letters, or a name that is
// taken, gets the id as well.
func (p *placing) slug(taken map[string]bool, name, id string) string {
	slug := cmp.Or(slugOf(name), slugOf(id))
	if taken[slug] {
		slug = slugOf(id + " " + name)
	}
	for n := 2; taken[slug] || slug == ""; n++ {
		slug = fmt.Sprintf("%s-%d", cmp.Or(slugOf(id), "respa"), n)
	}
	taken[slug] = true
	return slug
}

func (p *placing) takeUnit(ctx context.Context, u unit) error {
	p.report.Units.Read++
	if p.have.units[refOf(string(u.ID))] != 0 {
		p.report.Units.Known++
		return nil
	}
	for _, key := range []string{"www_url", "picture_url", "opening_hours"} {
		if u.Said[key] {
			p.report.Notes.add("unit."+key, unitLeft[key], string(u.ID))
		}
	}
	street, _ := locales.Texts(u.Address).In("fi")
	unit := resources.Unit{
		Name: locales.Texts(u.Name), Description: p.fitting(u.Description, "unit.description", string(u.ID)), Address: street,
		Postcode: u.Postcode, City: capital(u.Municipality), Phone: u.Phone, Latitude: u.Latitude, Longitude: u.Longitude,
		Source: u.Source, ExternalRef: refOf(string(u.ID)),
	}
	if unit.Latitude != nil && (*unit.Latitude < -90 || *unit.Latitude > 90 || *unit.Longitude < -180 || *unit.Longitude > 180) {
		unit.Latitude, unit.Longitude = nil, nil
		p.report.Notes.add("unit.location", "it is nowhere on Earth", string(u.ID))
	}
	_, err := p.addUnit(ctx, unit, string(u.ID))
	return err
}

// unitLeft and resourceLeft say why fields are not taken over.
var unitLeft = map[string]string{
	"www_url":       "there is no field for a unit's own pages",
	"picture_url":   "pictures are not fetched",
	"opening_hours": "hours are taken over with each resource",
}

// addUnit makes a unit and remembers its key; one without a name has its id for
// one.
func (p *placing) addUnit(ctx context.Context, unit resources.Unit, id string) (int, error) {
	if unit.Name == (locales.Texts{}) {
		unit.Name = locales.Texts{Fi: id}
	}
	unit.Slug, unit.Holidays = p.slug(p.have.unitSlugs, unit.Name.String(), id), "normal"
	made, err := p.Places.AddUnit(ctx, p.tx, unit)
	if err != nil {
		return 0, err
	}
	p.have.units[unit.ExternalRef] = made.ID
	p.report.Units.Added++
	p.audit(made.ID, "unit.added", "unit:"+made.UID.String(), added(made.Name, made.ExternalRef, made.Source))
	return made.ID, nil
}

// added are the values of an audit entry for something new.
func added(name locales.Texts, ref, source string) map[string][2]any {
	return map[string][2]any{"Name": {nil, name}, "ExternalRef": {nil, ref}, "Source": {nil, source}}
}

// unitFor is the unit of a resource; one whose row was not among what was read
// is made with nothing but its id, and without an id it is one for all of the
// service.
func (p *placing) unitFor(ctx context.Context, id, source string) (int, error) {
	if id == "" {
		id = source
	}
	if key := p.have.units[refOf(id)]; key != 0 {
		return key, nil
	}
	p.report.Notes.add("unit", "there was no row for it: its id stands for its name", id)
	return p.addUnit(ctx, resources.Unit{Source: source, ExternalRef: refOf(id)}, id)
}

func (p *placing) takeResource(ctx context.Context, r resource) error {
	p.report.Resources.Read++
	if p.known[refOf(string(r.ID))] != 0 {
		p.report.Resources.Known++
		return nil
	}
	unit, err := p.unitFor(ctx, string(r.Unit), r.Source)
	if err != nil {
		return err
	}
	m := mapping{notes: &p.report.Notes, names: p.read, id: string(r.ID)}
	made, err := p.addResource(ctx, m.resource(r, unit), string(r.ID))
	if err != nil {
		return err
	}
	spans, regular := week(r.Days, p.Zone)
	switch {
	case regular && len(spans) > 0:
		err = p.Places.SetPeriods(ctx, p.tx, resources.Owner{Resource: made.ID}, []resources.Period{{Spans: db.AsJSON(spans)}})
	default:
		m.note("opening_hours", "they do not show a week that comes again")
	}
	p.report.Incomplete = append(p.report.Incomplete, Incomplete{
		Resource: string(r.ID), Name: made.Name.String(), Slug: made.Slug, Missing: missing(made, regular && len(spans) > 0),
	})
	return err
}

// addResource makes a resource with a space of its own.
func (p *placing) addResource(ctx context.Context, r resources.Resource, id string) (resources.Resource, error) {
	if err := p.needBooks(ctx); err != nil {
		return r, err
	}
	r.State, r.ExternalRef, r.Slug = resources.StateDraft, refOf(id), p.slug(p.have.resourceSlugs, r.Name.String(), id)
	space, err := p.Places.AddSpace(ctx, p.tx, resources.Space{Unit: r.Unit, Name: r.Name, ExternalRef: r.ExternalRef})
	if err != nil {
		return r, err
	}
	made, err := p.Places.AddResource(ctx, p.tx, r, []resources.Part{{Space: &space.ID}})
	if err != nil {
		return r, err
	}
	p.known[r.ExternalRef] = made.ID
	p.report.Resources.Added++
	p.audit(made.Unit, "resource.added", "resource:"+made.UID.String(), added(made.Name, made.ExternalRef, made.Source))
	return made, nil
}

// needBooks makes the two rule books once.
func (p *placing) needBooks(ctx context.Context) error {
	for key, verdict := range map[string]policies.Verdict{directBook: policies.Allow, approvalBook: policies.Approval} {
		if p.books || p.have.books[key] {
			continue
		}
		rules := policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: verdict, Price: "list"}}}}
		book, err := p.Places.AddRuleBook(ctx, p.tx, resources.RuleBook{Key: key, State: "live", ValidFrom: &p.now, Rules: db.AsJSON(rules)})
		if err != nil {
			return err
		}
		p.audit(0, "rule_book.added", "rule_book:"+book.UID.String(), map[string][2]any{"Key": {nil, key}})
	}
	p.books = true
	return nil
}

// createMissing makes a hidden resource for each of which only reservations were
// seen: it has nothing but its id.
func (p *placing) createMissing(ctx context.Context) error {
	for _, b := range p.read.reservations {
		if p.known[refOf(b.Resource)] != 0 {
			continue
		}
		unit, err := p.unitFor(ctx, "", b.Source)
		if err != nil {
			return err
		}
		bare := mapping{notes: &p.report.Notes, names: p.read, id: b.Resource}.bare(unit, b.Source)
		bare.Name = locales.Texts{Fi: b.Resource}
		made, err := p.addResource(ctx, bare, b.Resource)
		if err != nil {
			return fmt.Errorf("resource %s: %w", b.Resource, err)
		}
		p.report.Incomplete = append(p.report.Incomplete, Incomplete{
			Resource: b.Resource, Name: b.Resource, Slug: made.Slug, Missing: append([]string{"name"}, missing(made, false)...),
		})
	}
	return nil
}

func (p *placing) fitting(t texts, what, of string) locales.Texts {
	return mapping{notes: &p.report.Notes, id: of}.fitting(t, what)
}

// capital begins with a capital letter.
func capital(word string) string {
	if word == "" {
		return ""
	}
	first := []rune(word)
	return strings.ToUpper(string(first[:1])) + string(first[1:])
}

// missing lists what a draft lacks to be published.
func missing(r resources.Resource, hours bool) []string {
	var list []string
	lacks := func(bad bool, what string) {
		if bad {
			list = append(list, what)
		}
	}
	for _, lang := range locales.Languages {
		lacks(r.Description.Exact(lang) == "", "description in "+lang)
	}
	lacks(r.Type == "", "type")
	lacks(r.Access == "", "how to get in")
	lacks(r.PriceCents == nil && r.PriceNote == (locales.Texts{}), "price")
	lacks(!hours, "opening hours")
	return list
}
