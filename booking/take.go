package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/db"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// take gives a reservation its time on its locked atoms: it clears expired
// holds away, chooses lanes and inserts. Whether the time is free is the
// constraint's word alone; what was read before only chooses lanes and says
// what stood in the way. A no comes back as a Refusal.
func (w *work) take(ctx context.Context, place resources.Place, r *Reservation, decision policies.Decision) error {
	rows, err := w.clearTheWay(ctx, claim{*r, place.Needs})
	if err != nil {
		return err
	}
	refuse := func() error { return newRefusal(decision, conflictsAmong(place.Needs, rows, *r, w.Zone)) }
	if decision.Verdict == policies.Refuse {
		return refuse()
	}
	atoms, enough := chooseAtoms(place.Needs, rows, *r, w.Zone)
	if !enough {
		if atoms, enough, err = w.repack(ctx, place.Needs, *r); err != nil {
			return err
		}
	}
	if !enough {
		return refuse()
	}
	if !r.Occupies && stands(place.Needs, rows, *r, w.Zone) {
		return refuse() // requests compete with each other, not with what is confirmed
	}
	if r.ID == 0 {
		if err := w.insert(ctx, r); err != nil {
			return err
		}
	}
	if !r.Occupies {
		return nil
	}
	whole, err := w.occupy(ctx, r.occupancies(atoms, w.Zone))
	if err == nil && !whole {
		err = refuse()
	}
	return err
}

// stands tells whether somebody has a plain atom that a reservation needs;
// whether its pools suffice has been worked out before.
func stands(needs []resources.Need, rows []Busy, r Reservation, zone *time.Location) bool {
	return slices.ContainsFunc(rows, func(b Busy) bool {
		return b.against(r, zone) && slices.ContainsFunc(needs, func(n resources.Need) bool { return n.Atom == b.Atom && n.Pool == nil })
	})
}

// glance looks before any lock whether the first claim's time is taken already,
// by others than the further claims, which are the actor's own holds. It only
// ever refuses, and spares the queue those who cannot win any more; a free
// glance decides nothing. Closures displace and pools re-pack, so they are not
// glanced at.
func (w *work) glance(ctx context.Context, claims []claim) ([]Conflict, error) {
	r, needs := claims[0].reservation, claims[0].needs
	pooled := slices.ContainsFunc(needs, func(n resources.Need) bool { return n.Pool != nil })
	if r.Kind == policies.Closure || pooled {
		return nil, nil
	}
	rows, err := busyNow(ctx, w.tx, needs, r.reach(w.Zone), w.now)
	rows = slices.DeleteFunc(rows, func(b Busy) bool {
		return slices.ContainsFunc(claims[1:], func(own claim) bool { return own.reservation.ID == b.Reservation })
	})
	return conflictsAmong(needs, rows, r, w.Zone), err
}

// clearTheWay reads what lies near a claim and removes the holds among it that
// do not count any more: those that have run out and, for a closure, those of
// visitors who have not signed in.
func (w *work) clearTheWay(ctx context.Context, c claim) ([]Busy, error) {
	all, err := busy(ctx, w.tx, c.needs, c.reservation.reach(w.Zone))
	if err != nil {
		return nil, err
	}
	var standing []Busy
	var stale db.Ints
	for _, b := range all {
		displaced := c.reservation.Kind == policies.Closure && b.State == Held && b.MadeBy == nil && b.against(c.reservation, w.Zone)
		if displaced || b.runOut(w.now) {
			stale = append(stale, b.Reservation)
		} else {
			standing = append(standing, b)
		}
	}
	standing = slices.DeleteFunc(standing, func(b Busy) bool { return slices.Contains(stale, b.Reservation) })
	return standing, w.removeHolds(ctx, stale)
}

// conflicts reads what stands in the way of a reservation now, without locks.
func (w *work) conflicts(ctx context.Context, place resources.Place, r Reservation) ([]Conflict, error) {
	rows, err := busyNow(ctx, w.tx, place.Needs, r.reach(w.Zone), w.now)
	return conflictsAmong(place.Needs, rows, r, w.Zone), err
}

// conflictsAmong lists what stands in the way of a reservation.
func conflictsAmong(needs []resources.Need, rows []Busy, r Reservation, zone *time.Location) []Conflict {
	var found []Conflict
	for _, b := range inTheWay(needs, rows, r, zone) {
		found = append(found, b.conflict(r.Interval()))
	}
	return found
}

// inTheWay are the first rows of the reservations that stand in the way of
// another. Of a pool there are some only when too few lanes are left.
func inTheWay(needs []resources.Need, rows []Busy, r Reservation, zone *time.Location) []Busy {
	_, poolsFree := chooseAtoms(needs, rows, r, zone)
	pool := map[int]bool{}
	for _, need := range needs {
		pool[need.Atom] = need.Pool != nil
	}
	seen := map[int64]bool{}
	var found []Busy
	for _, b := range rows {
		if !b.against(r, zone) || seen[b.Reservation] || pool[b.Atom] && poolsFree {
			continue
		}
		seen[b.Reservation] = true
		found = append(found, b)
	}
	return found
}

// record writes the change log row of a step, and ends the wait for a decision
// that the step makes needless.
func (w *work) record(ctx context.Context, before *Reservation, after *Reservation) error {
	r := after
	if r == nil {
		r = before
	}
	if before != nil && after != nil {
		if err := w.settle(ctx, []Reservation{*before}, []Reservation{*after}); err != nil {
			return err
		}
	}
	return ledger.Record(ctx, w.tx, ledger.Change{
		At: w.now, Unit: r.Unit, Resource: r.Resource, Reservation: r.ID, Before: hoursOf(before), After: hoursOf(after),
	})
}

// recordAll is record for several reservations; before is empty where they are
// new.
func (w *work) recordAll(ctx context.Context, before, after []Reservation) error {
	if err := w.settle(ctx, before, after); err != nil {
		return err
	}
	changes := make([]ledger.Change, len(after))
	for i := range after {
		r := &after[i]
		changes[i] = ledger.Change{At: w.now, Unit: r.Unit, Resource: r.Resource, Reservation: r.ID, After: hoursOf(r)}
		if len(before) > 0 {
			changes[i].Before = hoursOf(&before[i])
		}
	}
	return ledger.Record(ctx, w.tx, changes...)
}

func hoursOf(r *Reservation) *ledger.Hours {
	if r == nil {
		return nil
	}
	return &ledger.Hours{
		Resource: r.Resource, Begin: r.BeginAt, End: r.EndAt,
		Kind: string(r.Kind), State: string(r.State), NoShow: r.NoShow,
	}
}

// draft is a new reservation of a place with its buffers, before any decision.
func (w *work) draft(place resources.Place, kind policies.Kind) Reservation {
	r := Reservation{
		UID: newUID(), Resource: place.Resource.ID, Unit: place.Unit.ID, Kind: kind,
		WholeDay: place.Resource.WholeDay, MadeAt: w.now, ChangedAt: w.now, Revision: 1,
		Answers: db.AsJSON(map[string]string{}), Occupies: true,
	}
	if w.actor.Session != 0 {
		r.Session = &w.actor.Session
	}
	if id := w.actor.ID(); id != 0 {
		r.MadeBy = &id
	}
	if place.Book.ID != 0 {
		r.RuleBook = &place.Book.ID
	}
	return r
}

// setTime puts a reservation on a time. Buffers are those of the resource
// now, and so is when it is released; a closure and a seasonal date have none, a whole-day one has the rest of
// its days.
func (w *work) setTime(r *Reservation, place resources.Place, asked Times) {
	r.BeginAt, r.EndAt = asked.Begin, asked.End
	r.BufferBefore, r.BufferAfter = place.Resource.BufferBefore, place.Resource.BufferAfter
	r.ReleaseAfterMinutes = place.Resource.ReleaseAfterMinutes
	if r.Kind == policies.Closure || r.Kind == policies.Staff {
		r.ReleaseAfterMinutes = nil // the unit looks after its own
	}
	switch {
	case r.Kind == policies.Closure || r.Kind == policies.Seasonal:
		r.BufferBefore, r.BufferAfter = 0, 0
	case r.WholeDay:
		days := r.footprint(w.Zone)
		r.BufferBefore = int(r.BeginAt.Sub(days.Begin).Minutes())
		r.BufferAfter = int(days.End.Sub(r.EndAt).Minutes())
	}
}
