package booking_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

func (e *entry) ended(s *site) bool { return !e.end.After(s.clock) }

// unknowable tells whether an answer would rest on which of several equal
// things somebody had whose time is over, or who has begun.
func (s *site) unknowable(e *entry) bool {
	return len(s.model.rooms[e.room].devices) > 0 && (e.begin.Before(s.clock) || slices.ContainsFunc(s.list, func(o *entry) bool {
		return o.occupies && s.over(o) && o.meets(e) && len(s.model.rooms[o.room].devices) > 0
	}))
}

func (s *site) stepApprove(st step) (got, want string) {
	e := s.some(st, func(e *entry) bool { return e.state == booking.Requested || st.Slot == 0 })
	if e == nil || s.unknowable(e) {
		return nothing, nothing
	}
	s.tell("staff approve %s", e.row())
	want = "ok"
	again := *e
	again.occupies, again.atoms = true, s.needs(e.room)
	if e.state != booking.Requested || !e.occupies && !s.free(&again, e) {
		want = "conflict"
	}
	_, err := s.Approve(ctx, s.people["hoitaja"], booking.Change{Ref: e.number})
	if err == nil {
		if !e.occupies {
			e.atoms = again.atoms
		}
		e.state, e.occupies, e.decided = booking.Confirmed, true, true
	}
	return answer(err), want
}

func (s *site) stepDeny(st step) (got, want string) {
	e := s.some(st, any1)
	if e == nil {
		return nothing, nothing
	}
	s.tell("staff deny %s", e.row())
	want = "conflict"
	if e.state == booking.Requested || e.state == booking.Confirmed && !e.ended(s) {
		want = "ok"
	}
	_, err := s.Deny(ctx, s.people["hoitaja"], booking.Change{Ref: e.number, ReasonText: "vesivahinko"})
	if err == nil {
		e.state, e.occupies, e.decided = booking.Denied, false, true
	}
	return answer(err), want
}

func (s *site) stepReturn(st step) (got, want string) {
	returnable := []booking.State{booking.Confirmed, booking.Denied, booking.Expired}
	e := s.some(st, func(e *entry) bool {
		return st.Slot == 0 || e.state != booking.Confirmed && slices.Contains(returnable, e.state)
	})
	if e == nil || s.unknowable(e) {
		return nothing, nothing
	}
	s.tell("staff return %s", e.row())
	want = "conflict"
	again := *e
	again.occupies, again.atoms = true, s.needs(e.room)
	without := []*entry{e}
	if e.kind == policies.Closure {
		without = append(without, s.anonymousHolds()...)
	}
	if slices.Contains(returnable, e.state) && !e.ended(s) && (e.occupies || s.free(&again, without...)) {
		want = "ok"
	}
	_, err := s.Return(ctx, s.people["hoitaja"], booking.Change{Ref: e.number})
	if err == nil {
		if !e.occupies {
			e.atoms = again.atoms
			if e.kind == policies.Closure {
				s.displace(e)
			}
		}
		e.state, e.occupies, e.decided = booking.Requested, true, false
	}
	return answer(err), want
}

func (s *site) stepCancel(st step) (got, want string) {
	who := st.resident(s)
	e := s.some(st, func(e *entry) bool { return e.owner == who })
	if e == nil {
		return nothing, nothing
	}
	s.tell("%s cancels %s", who, e.row())
	switch {
	case e.state != booking.Requested && e.state != booking.Confirmed:
		want = "conflict"
	case !e.begin.After(s.clock):
		want = "refused"
	default:
		want = "ok"
	}
	_, err := s.Cancel(ctx, s.people[who], booking.Change{Ref: e.number, ReasonCode: "plans_changed"})
	if err == nil {
		e.state, e.occupies = booking.Cancelled, false
	}
	return answer(err), want
}

func (s *site) stepStaffCancel(st step) (got, want string) {
	e := s.some(st, func(e *entry) bool { return e.state != booking.Held })
	if e == nil {
		return nothing, nothing
	}
	s.tell("staff cancel %s", e.row())
	want = "conflict"
	if e.state == booking.Requested || e.state == booking.Confirmed {
		want = "ok"
	}
	_, err := s.Cancel(ctx, s.people["hoitaja"], booking.Change{Ref: e.number, ReasonText: "vesivahinko"})
	if err == nil {
		e.state, e.occupies = booking.Cancelled, false
	}
	return answer(err), want
}

// moveTo is another time, and sometimes another room.
func (s *site) moveTo(e *entry, st step) (*entry, uuid.UUID) {
	to := *e
	room := e.room
	if st.Room%3 == 0 {
		room = st.room()
		if e.kind == policies.Closure {
			room = st.plainRoom(s)
		}
	}
	s.setTime(&to, room, st.times(s))
	return &to, s.world.rooms[room].UID
}

func (s *site) stepMove(st step) (got, want string) {
	who := st.resident(s)
	e := s.some(st, func(e *entry) bool { return e.owner == who })
	if e == nil {
		return nothing, nothing
	}
	to, room := s.moveTo(e, st)
	if s.unknowable(to) && !to.begin.Before(s.clock) {
		return nothing, nothing
	}
	s.tell("%s moves %s to %s", who, e.row(), to.row())
	to.occupies = true
	switch want = s.allows(to, e); {
	case e.state != booking.Requested && e.state != booking.Confirmed:
		want = "conflict"
	case e.kind != policies.Ordinary, e.state == booking.Confirmed && e.decided, !e.begin.After(s.clock):
		want = "refused"
	}
	_, err := s.Move(ctx, s.people[who], booking.Change{Ref: e.number, Resource: room}, booking.Times{Begin: to.begin, End: to.end})
	if err == nil {
		if book := s.model.rooms[to.room].book; book != "open" {
			to.state, to.occupies = booking.Requested, book != "competing"
		}
		*e = *to
	}
	return answer(err), want
}

func (s *site) stepStaffMove(st step) (got, want string) {
	e := s.some(st, func(e *entry) bool { return e.state != booking.Held })
	if e == nil {
		return nothing, nothing
	}
	to, room := s.moveTo(e, st)
	if s.unknowable(to) {
		return nothing, nothing
	}
	s.tell("staff move %s to %s", e.row(), to.row())
	to.occupies = true
	without := []*entry{e}
	if e.kind == policies.Closure {
		without = append(without, s.anonymousHolds()...)
	}
	asked := *to
	if asked.kind == policies.Ordinary {
		asked.kind = policies.Behalf
	}
	want = s.allows(&asked, without...)
	if e.state != booking.Requested && e.state != booking.Confirmed {
		want = "conflict"
	}
	_, err := s.Move(ctx, s.people["hoitaja"], booking.Change{Ref: e.number, Resource: room, ReasonText: "sovittu"}, booking.Times{Begin: to.begin, End: to.end})
	if err == nil {
		to.occupies = e.occupies
		*e = *to
		if e.kind == policies.Closure {
			s.displace(e)
		}
	}
	return answer(err), want
}

// stepClose closes one or two rooms at one or two times.
func (s *site) stepClose(st step) (got, want string) {
	onHit := []booking.OnHit{booking.RefuseHits, booking.DenyHits, booking.SkipHits}[st.Who%3]
	times := []booking.Times{st.times(s)}
	if st.Length%2 == 0 {
		times = append(times, booking.Times{Begin: times[0].Begin.AddDate(0, 0, 1), End: times[0].End.AddDate(0, 0, 1)})
	}
	if !times[0].Begin.After(s.clock) {
		return nothing, nothing
	}
	names := []string{st.plainRoom(s)}
	if other := (step{Room: st.Which}).plainRoom(s); st.Which%2 == 0 && other != names[0] {
		names = append(names, other)
	}
	s.tell("staff close %v at %v, %s", names, times, onHit)
	want = "ok"
	var closures []*entry
	closing := booking.Closing{Times: times, Title: "Remontti", OnHit: onHit}
	var denied []*entry
	for _, name := range names {
		closing.Resources = append(closing.Resources, s.world.rooms[name].UID)
		for _, t := range times {
			e := s.draft(policies.Closure, "", name, t)
			hits := s.taken(e)
			deniable := !slices.ContainsFunc(hits, func(e *entry) bool { return e.state == booking.Held })
			if len(hits) > 0 && (onHit == booking.RefuseHits || onHit == booking.DenyHits && !deniable) {
				want = "conflict"
			}
			if denied = append(denied, hits...); len(hits) == 0 || onHit == booking.DenyHits {
				closures = append(closures, e)
			}
		}
	}
	if onHit == booking.DenyHits {
		closing.DenyReason = "remontti"
	}
	report, err := s.Close(ctx, s.people["hoitaja"], closing)
	if err != nil || want != "ok" {
		return answer(err), want
	}
	if len(report.Closed) != len(closures) {
		return fmt.Sprintf("%d closures", len(report.Closed)), fmt.Sprintf("%d closures", len(closures))
	}
	if onHit == booking.DenyHits {
		for _, e := range denied {
			e.state, e.occupies, e.decided = booking.Denied, false, true
		}
	}
	for i, e := range closures {
		s.displace(e)
		e.number = report.Closed[i].Number
		s.list = append(s.list, e)
	}
	return "ok", want
}

// change runs a change of places in a transaction of its own, as catalogue does.
func (s *site) change(fn func(tx *db.DB) error) string { return answer(s.DB.Tx(ctx, fn)) }

// midway tells whether the answer to a change of places would rest on what only
// the engine knows: which of several equal things somebody has who has begun,
// or whether a closure or the visitor's hold that it displaces is seated first.
func (s *site) midway() bool {
	begun := s.live(func(e *entry) bool { return e.occupies && s.unknowable(e) && !s.over(e) })
	closed := s.live(func(e *entry) bool { return e.kind == policies.Closure && e.occupies && !s.over(e) })
	return len(begun) > 0 || len(closed) > 0 && s.holdOf("kulkija") != nil
}

// reshaped is the answer that the model expects of a change of places.
func (s *site) reshaped(change func()) string {
	if s.reshape(change) {
		return "ok"
	}
	return "conflict"
}

func (s *site) stepReparent(st step) (got, want string) {
	names := slices.Sorted(maps.Keys(s.parent))
	space, parent := names[st.Room%len(names)], append([]string{""}, names...)[st.Slot%(1+len(names))]
	if s.midway() {
		return nothing, nothing
	}
	s.tell("staff put %s under %q", space, parent)
	want = "invalid"
	if !s.under(parent, space) {
		want = s.reshaped(func() { s.parent[space] = parent })
	}
	return s.change(func(tx *db.DB) error {
		tree, err := s.Resources.Tree(ctx, tx, s.unit.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(tree.Spaces, func(row resources.Space) bool { return row.ID == s.space[space] })
		tree.Spaces[i].Parent = nil
		if id := s.space[parent]; parent != "" {
			tree.Spaces[i].Parent = &id
		}
		_, err = s.Resources.UpdateSpace(ctx, tx, tree.Spaces[i])
		return err
	}), want
}

func (s *site) stepSplit(st step) (got, want string) {
	names := slices.Sorted(maps.Keys(s.parent))
	if len(names) > 9 || s.midway() {
		return nothing, nothing
	}
	parent := names[st.Room%len(names)]
	name := fmt.Sprintf("%s%d", parent, len(names))
	s.tell("staff split %s off %s", name, parent)
	want = s.reshaped(func() { s.parent[name] = parent })
	return s.change(func(tx *db.DB) error { return s.addSpace(tx, name, parent) }), want
}

func (s *site) stepReequip(st step) (got, want string) {
	if s.midway() {
		return nothing, nothing
	}
	name := st.room()
	spaces := slices.Sorted(maps.Keys(s.parent))
	room := *s.model.rooms[name]
	room.spaces = []string{spaces[st.Slot%len(spaces)]}
	if st.Length%3 == 0 {
		room.spaces = append(room.spaces, spaces[(st.Slot+1+st.Which%(len(spaces)-1))%len(spaces)])
	}
	room.devices = nil
	if device := []string{"", "pyora", "valot"}[st.Who%3]; device != "" && name != "a" {
		room.devices = map[string]int{device: 1 + st.Day%2}
	}
	s.tell("staff make %s of %v and %v", name, room.spaces, room.devices)
	if want = "invalid"; enough(room.devices, s.things) {
		want = s.reshaped(func() { s.model.rooms[name].spaces, s.model.rooms[name].devices = room.spaces, room.devices })
	}
	return s.change(func(tx *db.DB) error {
		place, err := s.Resources.PlaceByID(ctx, tx, s.world.rooms[name].ID)
		if err != nil {
			return err
		}
		_, err = s.Resources.UpdateResource(ctx, tx, place.Resource, s.parts(room))
		return err
	}), want
}

func enough(wanted, things map[string]int) bool {
	for name, count := range wanted {
		if count > things[name] {
			return false
		}
	}
	return true
}

func (s *site) stepResize(st step) (got, want string) {
	if s.midway() {
		return nothing, nothing
	}
	name, count := []string{"pyora", "valot"}[st.Room%2], 1+st.Slot%4
	s.tell("staff count %d of %s", count, name)
	want = "ok"
	for _, room := range s.model.rooms {
		if room.devices[name] > count {
			want = "invalid"
		}
	}
	if want == "ok" {
		want = s.reshaped(func() { s.things[name] = count })
	}
	return s.change(func(tx *db.DB) error {
		tree, err := s.Resources.Tree(ctx, tx, s.unit.ID)
		if err != nil {
			return err
		}
		for _, device := range tree.Devices {
			if device.ID == s.devices[name] {
				device.Count = count
				_, err := s.Resources.UpdateDevice(ctx, tx, device)
				return err
			}
		}
		return errors.New("no such device")
	}), want
}

func (s *site) stepBuffers(st step) (got, want string) {
	room := s.model.rooms[st.room()]
	before, after := 30*(st.Slot%3), 30*(st.Length%3)
	s.tell("staff give %s buffers of %d and %d", st.room(), before, after)
	room.before, room.after = before, after
	return s.change(func(tx *db.DB) error {
		place, err := s.Resources.PlaceByID(ctx, tx, s.world.rooms[st.room()].ID)
		if err != nil {
			return err
		}
		place.Resource.BufferBefore, place.Resource.BufferAfter = before, after
		_, err = s.Resources.UpdateResource(ctx, tx, place.Resource, nil)
		return err
	}), "ok"
}
