package booking_test

import (
	"maps"
	"slices"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// model is what the engine promises about one unit, worked out in memory from
// domain.md and without the engine's code. It knows no rows, lanes or locks:
// every leaf of the tree is a pool of one, a device a pool of so many, and a
// reservation stands if all that hold time can be given their things.
type model struct {
	now    time.Time
	parent map[string]string // of each space; "" = it is a root
	things map[string]int    // how many of each device there are
	rooms  map[string]*modelRoom
	list   []*entry
}

type modelRoom struct {
	spaces        []string
	devices       map[string]int
	before, after int // minutes
	wholeDay      bool
	book          string
}

// entry is one reservation; atoms is what it has had since it was last seated,
// by the name of the leaf or device.
type entry struct {
	number        string
	series        string // its number
	room          string
	begin, end    time.Time
	before, after int
	wholeDay      bool
	kind          policies.Kind
	state         booking.State
	occupies      bool
	until         time.Time // of a hold
	owner         string    // who holds it, or whose hold it is
	anonymous     bool
	decided       bool // by staff
	atoms         map[string]int
}

// leaves are the spaces at or below a space that have none below them.
func (m *model) leaves(space string) []string {
	var list []string
	for _, child := range slices.Sorted(maps.Keys(m.parent)) {
		if m.parent[child] == space {
			list = append(list, m.leaves(child)...)
		}
	}
	if len(list) == 0 {
		list = []string{space}
	}
	return list
}

// under tells whether a space is another or lies below it.
func (m *model) under(space, above string) bool {
	return space == above || space != "" && m.under(m.parent[space], above)
}

func (m *model) needs(room string) map[string]int {
	atoms := map[string]int{}
	for _, space := range m.rooms[room].spaces {
		for _, leaf := range m.leaves(space) {
			atoms[leaf] = 1
		}
	}
	maps.Copy(atoms, m.rooms[room].devices)
	return atoms
}

func (m *model) capacity(atom string) int {
	if n, device := m.things[atom]; device {
		return n
	}
	return 1
}

// bare is the time without buffers, of a whole-day one its local days.
func (e *entry) bare() calendar.Interval {
	if !e.wholeDay {
		return calendar.Interval{Begin: e.begin, End: e.end}
	}
	last := calendar.DateOf(e.end.Add(-time.Nanosecond), helsinki)
	return calendar.Interval{
		Begin: calendar.DayBounds(calendar.DateOf(e.begin, helsinki), helsinki).Begin,
		End:   calendar.DayBounds(last, helsinki).End,
	}
}

// gaps are the minutes that it wants free before and after.
func (e *entry) gaps() (before, after time.Duration) {
	if e.wholeDay || e.kind == policies.Closure {
		return 0, 0
	}
	return time.Duration(e.before) * time.Minute, time.Duration(e.after) * time.Minute
}

// meets tells whether two reservations cannot have one thing: between them must
// lie the larger of the first one's buffer after and the second one's before;
// closures ask for no gap and may lie on each other.
func (e *entry) meets(o *entry) bool {
	closures := 0
	for _, one := range []*entry{e, o} {
		if one.kind == policies.Closure {
			closures++
		}
	}
	first, second := e, o
	if second.bare().Begin.Before(first.bare().Begin) {
		first, second = second, first
	}
	_, after := first.gaps()
	before, _ := second.gaps()
	between := second.bare().Begin.Sub(first.bare().End)
	switch closures {
	case 2:
		return false
	case 1:
		return between < 0
	}
	return between < max(after, before)
}

// over tells whether nothing of it, buffers included, lies after now.
func (m *model) over(e *entry) bool {
	_, after := e.gaps()
	return !e.bare().End.Add(after).After(m.now)
}

// stands tells whether it holds time: a hold that has run out does not.
func (m *model) stands(e *entry) bool {
	return e.occupies && (e.state != booking.Held || e.until.After(m.now))
}

// free tells whether a reservation can have its things besides all that stand,
// apart from those left out.
func (m *model) free(e *entry, without ...*entry) bool {
	for atom := range e.atoms {
		with := []*entry{e}
		for _, other := range m.list {
			if other == e || slices.Contains(without, other) || !m.stands(other) || other.atoms[atom] == 0 {
				continue
			}
			if _, device := m.things[atom]; device && m.over(other) {
				continue // which of the things it had matters to nobody any more
			}
			with = append(with, other)
		}
		if !shareable(with, atom, m.capacity(atom)) {
			return false
		}
	}
	return true
}

// shareable tells whether so many equal things can be dealt out. It tries
// everything, so it is never wrong.
func shareable(list []*entry, atom string, things int) bool {
	if things == 1 {
		for i, e := range list {
			if slices.ContainsFunc(list[:i], e.meets) {
				return false
			}
		}
		return true
	}
	slices.SortFunc(list, func(a, b *entry) int { return a.bare().Begin.Compare(b.bare().Begin) })
	given := make([][]*entry, things)
	var deal func(i, left, from int) bool
	deal = func(i, left, from int) bool {
		if left == 0 {
			if i++; i == len(list) {
				return true
			}
			left, from = list[i].atoms[atom], 0
		}
		empty := false
		for n := from; n < things; n++ {
			if slices.ContainsFunc(given[n], list[i].meets) || len(given[n]) == 0 && empty {
				continue // one untouched thing is as good as another
			}
			empty = empty || len(given[n]) == 0
			given[n] = append(given[n], list[i])
			if deal(i, left-1, n+1) {
				return true
			}
			given[n] = given[n][:len(given[n])-1]
		}
		return false
	}
	return deal(-1, 0, 0)
}

// reshape changes tree, parts or pools. What has not ended is given the things
// that its room has then; if that cannot be, nothing changes.
func (m *model) reshape(change func()) bool {
	parent, things := maps.Clone(m.parent), maps.Clone(m.things)
	rooms, needed := map[string]modelRoom{}, map[string]map[string]int{}
	for name, room := range m.rooms {
		rooms[name], needed[name] = *room, m.needs(name)
	}
	change()
	had := map[*entry]map[string]int{}
	for _, e := range m.list {
		if m.stands(e) && !m.over(e) && m.reseats(e.room, needed[e.room], things) {
			had[e], e.atoms = e.atoms, m.needs(e.room)
		}
	}
	for e := range had {
		if m.free(e) {
			continue
		}
		for e, atoms := range had {
			e.atoms = atoms
		}
		m.parent, m.things = parent, things
		for name, room := range rooms {
			*m.rooms[name] = room
		}
		return false
	}
	return true
}

// reseats tells whether a room has got other things, or things of a pool that
// has another size.
func (m *model) reseats(room string, needed, things map[string]int) bool {
	now := m.needs(room)
	if !maps.Equal(now, needed) {
		return true
	}
	for atom := range now {
		if things[atom] != m.things[atom] {
			return true
		}
	}
	return false
}

// taken are those that a closure of a room would meet and that somebody has to
// decide about; requests that compete for the time are among them.
func (m *model) taken(closure *entry) (list []*entry) {
	for _, e := range m.list {
		shared := false
		for atom := range m.needs(e.room) {
			shared = shared || closure.atoms[atom] > 0
		}
		competes := e.state == booking.Requested && !e.occupies && shared &&
			e.begin.Before(closure.bare().End) && e.end.After(closure.bare().Begin)
		if competes || e.kind != policies.Closure && m.blocks(e, closure) && !e.anonymous {
			list = append(list, e)
		}
	}
	return list
}

// blocks tells whether e stands in the way of another on one and the same leaf.
func (m *model) blocks(e, other *entry) bool {
	if e == other || !m.stands(e) || !e.meets(other) {
		return false
	}
	for atom := range e.atoms {
		if other.atoms[atom] > 0 {
			return true
		}
	}
	return false
}

// displace removes the holds of visitors that a closure met.
func (m *model) displace(closure *entry) {
	m.list = slices.DeleteFunc(m.list, func(e *entry) bool { return e.anonymous && m.blocks(e, closure) })
}

func (m *model) anonymousHolds() (list []*entry) {
	for _, e := range m.list {
		if e.anonymous {
			list = append(list, e)
		}
	}
	return list
}
