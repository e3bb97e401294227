package booking_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// site is one unit of a town with its model beside it. Names have the number
// of the run, since a town has many.
type site struct {
	*world
	*model
	run       int
	people    map[string]accounts.Actor
	residents []string
	devices   map[string]int // id by name
	told      []string       // the steps so far, in words
	done      int            // steps that did something
}

// newSite adds a unit to a town: a hall of two courts, a court that is let by
// the day, a studio with lamps and a stand of bicycles, under every kind of
// rule book.
func (w *world) newSite(run int, start string) *site {
	w.t.Helper()
	s := &site{
		run: run, devices: map[string]int{}, people: map[string]accounts.Actor{},
		world: &world{t: w.t, clock: at(start), rooms: map[string]resources.Resource{}, space: map[string]int{}},
		model: &model{now: at(start), parent: map[string]string{}, things: map[string]int{}, rooms: map[string]*modelRoom{}},
	}
	now := func() time.Time { return s.clock }
	places := &resources.Service{DB: w.DB, Now: now, Zone: helsinki}
	s.Service = &booking.Service{DB: w.DB, Resources: places, Secrets: w.Secrets, Now: now, Zone: helsinki, BaseURL: w.BaseURL, HoldsPerAddress: 1000}
	places.Reseat = s.Reseat
	s.must(w.DB.Tx(ctx, func(tx *db.DB) (err error) {
		slug := s.name("talo")
		if s.unit, err = places.AddUnit(ctx, tx, resources.Unit{Slug: slug, Name: text(slug), City: "Helsinki", Holidays: "normal"}); err != nil {
			return err
		}
		return s.hours(tx, resources.Owner{Unit: s.unit.ID}, "00:00", "24:00")
	}))
	s.residents = []string{"aino", "eino", "outi"}
	for _, name := range s.residents {
		s.people[name] = s.person(s.name(name))
	}
	s.people["hoitaja"] = s.person(s.name("hoitaja"), accounts.Role{Unit: &s.unit.ID, Role: accounts.Manager})
	s.people["kulkija"] = s.visitor()
	s.furnish()
	return s
}

func (s *site) name(base string) string { return fmt.Sprintf("%s-%d", base, s.run) }

func (s *site) furnish() {
	s.must(s.DB.Tx(ctx, func(tx *db.DB) error {
		for _, space := range [][2]string{{"sali", ""}, {"a", "sali"}, {"b", "sali"}, {"paja", ""}, {"studio", ""}} {
			if err := s.addSpace(tx, space[0], space[1]); err != nil {
				return err
			}
			s.parent[space[0]] = space[1]
		}
		for name, count := range map[string]int{"pyora": 2, "valot": 2} {
			device, err := s.Resources.AddDevice(ctx, tx, resources.Device{Unit: s.unit.ID, Name: text(name), Count: count})
			if err != nil {
				return err
			}
			s.devices[name], s.things[name] = device.ID, count
		}
		return s.addRooms(tx)
	}))
}

func (s *site) addRooms(tx *db.DB) error {
	for name, room := range map[string]modelRoom{
		"sali":     {spaces: []string{"sali"}, before: 30, after: 30, book: "approval"},
		"a":        {spaces: []string{"a"}, after: 60, book: "open"},
		"b":        {spaces: []string{"b"}, book: "competing"},
		"molemmat": {spaces: []string{"a", "paja"}, before: 30, book: "open"},
		"paja":     {spaces: []string{"paja"}, wholeDay: true, book: "open"},
		"verstas":  {spaces: []string{"paja"}, before: 30, book: "open"},
		"studio":   {spaces: []string{"studio"}, devices: map[string]int{"valot": 1}, book: "open"},
		"valot":    {devices: map[string]int{"valot": 1}, book: "open"},
		"pyora":    {devices: map[string]int{"pyora": 1}, book: "open"},
		"pyorat":   {devices: map[string]int{"pyora": 2}, book: "approval"},
	} {
		s.model.rooms[name] = &room
		err := s.addRoom(tx, s.name(name), s.parts(room), func(r *resources.Resource) {
			r.RuleBook, r.WholeDay, r.BufferBefore, r.BufferAfter = room.book, room.wholeDay, room.before, room.after
		})
		if err != nil {
			return err
		}
		s.world.rooms[name] = s.world.rooms[s.name(name)]
	}
	return nil
}

func (s *site) parts(room modelRoom) []resources.Part {
	var parts []resources.Part
	for _, space := range room.spaces {
		id := s.space[space]
		parts = append(parts, resources.Part{Space: &id, Count: 1})
	}
	for _, name := range slices.Sorted(maps.Keys(room.devices)) {
		id := s.devices[name]
		parts = append(parts, resources.Part{Device: &id, Count: room.devices[name]})
	}
	return parts
}

// answer is how the engine answered: "ok", or the kind of fault.
func answer(err error) string {
	switch {
	case err == nil:
		return "ok"
	case fault.Is(err, fault.Conflict):
		return "conflict"
	case fault.Is(err, fault.Refused):
		return "refused"
	case fault.Is(err, fault.NotFound):
		return "not found"
	case fault.Is(err, fault.Forbidden):
		return "forbidden"
	case fault.Is(err, fault.Invalid):
		return "invalid"
	}
	return err.Error()
}

// no is a refusal for a rule, or a conflict where the time is taken besides.
const no = "no"

// differs compares an answer with what the model expects.
func differs(got, want string) bool {
	return got != want && !(want == no && (got == "conflict" || got == "refused"))
}

// row is a reservation as both sides tell it.
type row struct {
	Number, Room, State string
	BeginAt, EndAt      time.Time
	Before, After       int
	Occupies            bool
	Atoms               string
}

func (r row) String() string {
	return fmt.Sprintf("%s %s %s %s–%s −%d+%d occupies=%v [%s]", r.Number, r.Room, r.State,
		r.BeginAt.In(helsinki).Format("2.1. 15:04"), r.EndAt.In(helsinki).Format("2.1. 15:04"), r.Before, r.After, r.Occupies, r.Atoms)
}

// compare lists where the tables are not what the model says.
func (s *site) compare() (found []string) {
	var rows []row
	s.must(s.DB.Query(ctx, &rows, `SELECT r.number, x.slug AS room, r.state, r.begin_at, r.end_at, r.buffer_before AS before, r.buffer_after AS after, r.occupies,
			coalesce((SELECT string_agg(what || '×' || n, ' ' ORDER BY what COLLATE "C") FROM (
				SELECT coalesce(s.name->>'fi', d.name->>'fi') AS what, count(DISTINCT o.atom) AS n FROM occupancies o JOIN atoms a ON a.id = o.atom
				LEFT JOIN spaces s ON s.id = a.space LEFT JOIN devices d ON d.id = a.device WHERE o.reservation = r.id GROUP BY 1) had), '') AS atoms
		FROM reservations r JOIN resources x ON x.id = r.resource
		WHERE r.unit = @unit AND NOT (r.state = 'held' AND r.held_until <= @now ) ORDER BY r.number`, map[string]any{"unit": s.unit.ID, "now": s.clock}))
	stored := map[string]string{}
	for _, r := range rows {
		r.Room = strings.TrimSuffix(r.Room, fmt.Sprintf("-%d", s.run))
		stored[r.Number] = r.String()
	}
	for _, e := range s.list {
		if e.state == booking.Held && !s.stands(e) {
			continue
		}
		if got, want := stored[e.number], e.row().String(); got != want {
			found = append(found, fmt.Sprintf("stored %q, want %q", got, want))
		}
		delete(stored, e.number)
	}
	for _, r := range stored {
		found = append(found, "stored, but nobody made it: "+r)
	}
	return found
}

func (e *entry) row() row {
	r := row{e.number, e.room, string(e.state), e.begin, e.end, e.before, e.after, e.occupies, ""}
	if !e.occupies {
		return r
	}
	var atoms []string
	for _, atom := range slices.Sorted(maps.Keys(e.atoms)) {
		atoms = append(atoms, fmt.Sprintf("%s×%d", atom, e.atoms[atom]))
	}
	r.Atoms = strings.Join(atoms, " ")
	return r
}

// setTime puts an entry into a room as it is now.
func (s *site) setTime(e *entry, room string, t booking.Times) {
	r := s.model.rooms[room]
	e.room, e.begin, e.end, e.wholeDay, e.atoms = room, t.Begin, t.End, r.wholeDay, s.needs(room)
	e.before, e.after = r.before, r.after
	switch {
	case e.kind == "closure":
		e.before, e.after = 0, 0
	case e.wholeDay:
		days := e.bare()
		e.before, e.after = int(e.begin.Sub(days.Begin).Minutes()), int(days.End.Sub(e.end).Minutes())
	}
}

func (s *site) today() time.Time {
	return calendar.DayBounds(calendar.DateOf(s.clock, helsinki), helsinki).Begin
}

// live are the entries that are no holds which have run out, the newest first.
func (s *site) live(which func(*entry) bool) (list []*entry) {
	for _, e := range s.list {
		if (e.state != booking.Held || s.stands(e)) && which(e) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(b.number, a.number) })
	return list
}
