package places

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// Each method settles one row: it finds what the row is about or begins a new
// one, lays the row over it and writes it when that changed something.

func (im *importer) unit(ctx context.Context, r row) error {
	slug := nameOfRow(r).key
	have, known := im.units[slug]
	u := blank(UnitRow).(*unit)
	if known {
		*u = *have
	}
	came := im.lay(r, u, known)
	if came == refused || came == unchanged {
		return nil
	}
	ok, err := im.write(ctx, r, func(tx *db.DB) (err error) {
		if known {
			u.Unit, err = im.Resources.UpdateUnit(ctx, tx, u.Unit)
		} else {
			u.Unit, err = im.Resources.AddUnit(ctx, tx, u.Unit)
		}
		return err
	})
	if ok {
		im.units[slug] = u
		im.filed(u.ID, r.kind, u.UID)
	}
	return err
}

// book adds a version; those that are live are never changed.
func (im *importer) book(ctx context.Context, r row) error {
	key := nameOfRow(r).key
	have := im.version(r, key)
	b := blank(RuleBookRow).(*book)
	if have != nil {
		*b = *have
	}
	came := im.lay(r, b, have != nil)
	if came == refused || came == unchanged {
		return nil
	}
	if b.unit != "" {
		u, ok := im.unitFor(r)
		if !ok {
			return nil
		}
		b.Unit = &u.ID
	}
	if len(b.Rules.V.Rules) == 0 {
		im.refuse(r, "rules", "places.rules_missing")
		im.bad[name{RuleBookRow, "", key}] = true
		return nil
	}
	if r.text("valid_from") == "" {
		b.ValidFrom = &im.now
	}
	b.UID, b.State = uuid.Nil, "live"
	ok, err := im.write(ctx, r, func(tx *db.DB) (err error) {
		b.RuleBook, err = im.Resources.AddRuleBook(ctx, tx, b.RuleBook)
		return err
	})
	if ok {
		stream := 0
		if b.Unit != nil {
			stream = *b.Unit
		}
		im.filed(stream, r.kind, b.UID)
		if im.books[key] == nil || !b.ValidFrom.After(im.now) {
			im.books[key] = b
		}
	}
	return err
}

// version is the one of a rule book that a row is about: that of its date, or
// the one in force when it gives none.
func (im *importer) version(r row, key string) *book {
	at, ok := parseMoment(strings.TrimSpace(r.text("valid_from")), im.Zone)
	if !ok {
		return im.books[key]
	}
	for _, b := range im.here.books {
		if b.Key == key && b.ValidFrom.Equal(at) {
			return b
		}
	}
	return nil
}

// space settles the space that a row's parent names before the row itself.
func (im *importer) space(ctx context.Context, r row) error {
	return im.spaceBelow(ctx, r, nil)
}

func (im *importer) spaceBelow(ctx context.Context, r row, path []name) error {
	n := nameOfRow(r)
	if im.settled[n] {
		return nil
	}
	u, ok := im.unitFor(r)
	if !ok {
		return nil
	}
	parent := name{SpaceRow, n.unit, strings.TrimSpace(r.text("parent"))}
	if slices.Contains(path, parent) || parent == n {
		im.circle(r, parent)
		return nil
	}
	if above, ok := im.rowOf(parent); ok && !im.settled[parent] {
		if err := im.spaceBelow(ctx, above, append(path, n)); err != nil {
			return err
		}
	}
	if im.settled[n] { // a circle was found on the way
		return nil
	}
	im.settled[n] = true
	have, known := im.spaces[n]
	s := blank(SpaceRow).(*space)
	if known {
		*s = *have
	}
	came := im.lay(r, s, known)
	if came == refused || came == unchanged {
		return nil
	}
	s.Space.Unit, s.unit = u.ID, u.Slug
	if s.Parent, ok = im.spaceID(r, "parent", s.parent); !ok {
		im.bad[n] = true
		return nil
	}
	ok, err := im.write(ctx, r, func(tx *db.DB) (err error) {
		if known {
			s.Space, err = im.Resources.UpdateSpace(ctx, tx, s.Space)
			return err
		}
		s.ExternalRef = s.key
		s.Space, err = im.Resources.AddSpace(ctx, tx, s.Space)
		return err
	})
	if ok {
		im.spaces[n] = s
		im.filed(u.ID, r.kind, s.UID)
	}
	return err
}

// circle refuses spaces that lie in each other, once.
func (im *importer) circle(r row, parent name) {
	im.refuse(r, "parent", "places.circle", fault.Params{"value": parent.key, "line": im.lines[parent].Line})
	for n := range im.lines {
		if n.kind == SpaceRow && n.unit == parent.unit {
			im.settled[n], im.bad[n] = true, true
		}
	}
}

// rowOf finds the row of a thing in the file.
func (im *importer) rowOf(n name) (row, bool) {
	at, ok := im.lines[n]
	if !ok {
		return row{}, false
	}
	i := slices.IndexFunc(im.rows, func(r row) bool { return r.kind == n.kind && r.where(identity(n.kind)) == at })
	return im.rows[max(i, 0)], i >= 0
}

// spaceID finds a space of the row's unit; ok is false when there is none of
// that key, or only one with mistakes.
func (im *importer) spaceID(r row, column, key string) (id *int, ok bool) {
	if key == "" {
		return nil, true
	}
	n := name{SpaceRow, unitOf(r), key}
	s, known := im.spaces[n]
	if !known {
		if !im.bad[n] {
			im.refuse(r, column, "places.unknown_space", fault.Params{"value": shortened(key), "known": nearest(im.keysIn(SpaceRow, n.unit), key)})
		}
		return nil, false
	}
	return &s.ID, true
}

// keysIn lists the keys of the spaces or devices of a unit.
func (im *importer) keysIn(kind, unit string) []string {
	var keys []string
	for n := range im.spaces {
		if kind == SpaceRow && n.unit == unit {
			keys = append(keys, n.key)
		}
	}
	for n := range im.devices {
		if kind == DeviceRow && n.unit == unit {
			keys = append(keys, n.key)
		}
	}
	slices.Sort(keys)
	return keys
}

func (im *importer) device(ctx context.Context, r row) error {
	n := nameOfRow(r)
	u, ok := im.unitFor(r)
	if !ok {
		return nil
	}
	have, known := im.devices[n]
	d := blank(DeviceRow).(*device)
	if known {
		*d = *have
	}
	came := im.lay(r, d, known)
	if came == refused || came == unchanged {
		return nil
	}
	d.Device.Unit, d.unit = u.ID, u.Slug
	if d.Space, ok = im.spaceID(r, "space", d.space); !ok {
		im.bad[n] = true
		return nil
	}
	ok, err := im.write(ctx, r, func(tx *db.DB) (err error) {
		if known {
			d.Device, err = im.Resources.UpdateDevice(ctx, tx, d.Device)
			return err
		}
		d.ExternalRef = d.key
		d.Device, err = im.Resources.AddDevice(ctx, tx, d.Device)
		return err
	})
	if ok {
		im.devices[n] = d
		im.filed(u.ID, r.kind, d.UID)
	}
	return err
}

func (im *importer) resource(ctx context.Context, r row) error {
	slug := nameOfRow(r).key
	have, known := im.rooms[slug]
	room := blank(ResourceRow).(*resource)
	if known {
		*room = *have
		if said := unitOf(r); said != "" && said != have.unit {
			im.refuse(r, "unit", "places.other_unit", fault.Params{"value": slug, "unit": have.unit})
			return nil
		}
		r = withUnit(r, have.unit)
	}
	u, ok := im.unitFor(r)
	if !ok {
		return nil
	}
	came := im.lay(r, room, known)
	if came == refused || !im.knowsBook(r, room) || came == unchanged {
		return nil
	}
	var parts []resources.Part
	if !known || room.parts != have.parts {
		if parts, ok = im.parts(r, room.parts); !ok {
			return nil
		}
	}
	room.Resource.Unit, room.unit = u.ID, u.Slug
	ok, err := im.write(ctx, r, func(tx *db.DB) (err error) {
		if known {
			room.Resource, err = im.Resources.UpdateResource(ctx, tx, room.Resource, parts)
		} else {
			room.Resource, err = im.Resources.AddResource(ctx, tx, room.Resource, parts)
		}
		return err
	})
	if ok {
		im.rooms[slug] = room
		im.filed(u.ID, r.kind, room.UID)
	}
	return err
}

// withUnit tells a row that leaves it out whose the resource is.
func withUnit(r row, slug string) row {
	if unitOf(r) != "" {
		return r
	}
	cells := map[string]cell{}
	for column, c := range r.cells {
		cells[column] = c
	}
	cells["unit"] = cell{text: slug, at: r.at}
	r.cells = cells
	return r
}

// usualBook is the rule book of a resource that names none.
const usualBook = "city"

// knowsBook asks for a rule book that there is.
func (im *importer) knowsBook(r row, room *resource) bool {
	if room.RuleBook == "" {
		room.RuleBook = usualBook
	}
	if b := im.books[room.RuleBook]; b != nil || im.bad[name{RuleBookRow, "", room.RuleBook}] {
		return b != nil
	}
	if len(im.books) == 0 {
		im.refuse(r, "rule_book", "places.no_rule_book")
		return false
	}
	im.refuse(r, "rule_book", "places.unknown_rule_book", fault.Params{"value": shortened(room.RuleBook), "known": nearest(slugsOf(im.books), room.RuleBook)})
	return false
}

// parts finds the spaces and devices that a text names.
func (im *importer) parts(r row, text string) ([]resources.Part, bool) {
	parts, sound := []resources.Part{}, true
	for _, word := range split(text) {
		p, _ := parsePart(word)
		if !p.device {
			id, ok := im.spaceID(r, "parts", p.key)
			parts, sound = append(parts, resources.Part{Space: id}), sound && ok
			continue
		}
		n := name{DeviceRow, unitOf(r), p.key}
		d, ok := im.devices[n]
		if !ok {
			if !im.bad[n] {
				im.refuse(r, "parts", "places.unknown_device", fault.Params{"value": shortened(p.key), "known": nearest(im.keysIn(DeviceRow, n.unit), p.key)})
			}
			sound = false
			continue
		}
		parts = append(parts, resources.Part{Device: &d.ID, Count: p.count})
	}
	return parts, sound
}

// allHours replaces the hours of those whose hours the file gives.
func (im *importer) allHours(ctx context.Context) error {
	type group struct {
		whose row
		rows  []row
	}
	var order []string
	groups := map[string]*group{}
	add := func(whose string, r row) *group {
		if groups[whose] == nil {
			groups[whose] = &group{whose: r}
			order = append(order, whose)
		}
		return groups[whose]
	}
	for _, r := range im.rows {
		if _, said := r.cells[childrenSaid]; said && r.kind == UnitRow {
			add(ownerOf(r.text("slug"), ""), r)
		} else if said && r.kind == ResourceRow {
			add(ownerOf("", r.text("slug")), r)
		}
	}
	for _, r := range im.rows {
		if r.kind == HoursRow {
			g := add(ownerOf(strings.TrimSpace(r.text("unit")), strings.TrimSpace(r.text("resource"))), r)
			g.rows = append(g.rows, r)
		}
	}
	for _, whose := range order {
		if err := im.hours(ctx, whose, groups[whose].whose, groups[whose].rows); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) hours(ctx context.Context, whose string, r row, rows []row) error {
	owner, ok := im.owner(r, whose)
	if !ok {
		return nil
	}
	var before, after []string
	for _, h := range im.here.hours {
		if ownerOf(h.unit, h.resource) == whose {
			before = append(before, strings.Join(spelled(h.fields(im.Zone)), "|"))
		}
	}
	var periods []resources.Period
	for _, row := range rows {
		h := blank(HoursRow).(*hours)
		if !im.period(row, h) {
			ok = false
		}
		if h.resource != "" {
			h.unit = ""
		}
		periods = append(periods, h.Period)
		after = append(after, strings.Join(spelled(h.fields(im.Zone)), "|"))
		im.tell()
	}
	count := im.counts[HoursRow]
	switch {
	case !ok:
		return nil
	case slices.Equal(before, after):
		count.Unchanged++
		return nil
	case len(before) == 0:
		count.New++
	default:
		count.Changed++
	}
	kind, _, _ := strings.Cut(whose, " ")
	im.note(kind+".hours_saved", map[string][2]any{"hours": {before, after}})
	im.filed(owner.stream, kind, owner.uid)
	return im.setPeriods(ctx, owner.Owner, periods, append([]row{r}, rows...))
}

// period reads one row of hours.
func (im *importer) period(r row, h *hours) bool {
	sound := true
	for _, f := range h.fields(im.Zone) {
		if err := f.read(strings.TrimSpace(r.text(f.column))); err != nil {
			im.mistakes.Add(r.where(f.column), err)
			sound = false
		}
	}
	if strings.TrimSpace(r.text(HoursRow)) == "" {
		im.refuse(r, HoursRow, "places.hours_missing")
		sound = false
	}
	return sound
}

// ownerOfHours is a unit or resource, and where its changes are noted.
type ownerOfHours struct {
	resources.Owner
	stream int
	uid    uuid.UUID
}

// owner finds whose hours a row gives.
func (im *importer) owner(r row, whose string) (owner ownerOfHours, ok bool) {
	kind, slug, _ := strings.Cut(whose, " ")
	if im.bad[name{kind, "", slug}] {
		return owner, false
	}
	if kind == UnitRow {
		if r.kind == UnitRow {
			r = withUnit(r, slug)
		}
		u, ok := im.unitFor(r)
		if !ok {
			return owner, false
		}
		return ownerOfHours{resources.Owner{Unit: u.ID}, u.ID, u.UID}, true
	}
	room := im.rooms[slug]
	if room == nil {
		if _, inFile := im.lines[name{ResourceRow, "", slug}]; !inFile {
			im.refuse(r, "resource", "places.unknown_resource", fault.Params{"value": shortened(slug), "known": nearest(slugsOf(im.rooms), slug)})
		}
		return owner, false
	}
	return ownerOfHours{resources.Owner{Resource: room.ID}, room.Resource.Unit, room.UID}, true
}

// setPeriods writes hours; a mistake in the n-th period is one of its row.
func (im *importer) setPeriods(ctx context.Context, owner resources.Owner, periods []resources.Period, rows []row) error {
	err := im.tx.Tx(ctx, func(tx *db.DB) error { return im.Resources.SetPeriods(ctx, tx, owner, periods) })
	f := fault.As(err)
	if err == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Refused {
		return err
	}
	if len(f.Fields) == 0 {
		im.mistakes.Add(rows[0].at, f)
	}
	for _, field := range f.Fields {
		i := 0
		if _, err := fmt.Sscanf(field.Name, "periods[%d]", &i); err != nil || i+1 >= len(rows) {
			i = -1
		}
		im.mistakes.Add(rows[i+1].where(HoursRow), &fault.Error{Kind: f.Kind, Code: field.Code, Params: field.Params})
	}
	return nil
}
