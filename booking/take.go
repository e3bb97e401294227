package booking

import (
	"context"

	"vuoro/db"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// take gives a reservation its time: on its locked atoms it removes expired
// holds, chooses lanes and inserts. A taken time comes back as a Refusal that
// also names the rules that say no.
func (w *work) take(ctx context.Context, place resources.Place, r *Reservation, decision policies.Decision) error {
	if decision.Verdict == policies.Refuse {
		return w.refuse(ctx, place, *r, decision)
	}
	atoms := place.Needs
	if hasPool(place.Needs) {
		rows, err := busy(ctx, w.tx, place.Needs, r.reach(w.Zone), w.now)
		if err != nil {
			return err
		}
		var enough bool
		if atoms, enough = chooseAtoms(place.Needs, rows, *r, w.Zone); !enough {
			return w.refuse(ctx, place, *r, decision)
		}
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
		err = w.refuse(ctx, place, *r, decision)
	}
	return err
}

// refuse makes a Refusal with the conflicts of the asked time.
func (w *work) refuse(ctx context.Context, place resources.Place, r Reservation, decision policies.Decision) error {
	conflicts, err := w.conflicts(ctx, place, r)
	if err != nil {
		return err
	}
	return newRefusal(decision, conflicts)
}

// conflicts lists what stands in the way of a reservation. Of a pool it lists
// something only when too few lanes are left.
func (w *work) conflicts(ctx context.Context, place resources.Place, r Reservation) ([]Conflict, error) {
	rows, err := busy(ctx, w.tx, place.Needs, r.reach(w.Zone), w.now)
	if err != nil {
		return nil, err
	}
	return conflictsAmong(place.Needs, rows, r, w), nil
}

func conflictsAmong(needs []resources.Need, rows []Busy, r Reservation, w *work) []Conflict {
	_, poolsFree := chooseAtoms(needs, rows, r, w.Zone)
	pool := map[int]bool{}
	for _, need := range needs {
		pool[need.Atom] = need.Pool != nil
	}
	seen := map[int64]bool{}
	var found []Conflict
	for _, b := range rows {
		if !b.against(r, w.Zone) || seen[b.Reservation] || pool[b.Atom] && poolsFree {
			continue
		}
		seen[b.Reservation] = true
		found = append(found, b.conflict(r.Interval()))
	}
	return found
}

// record writes the change log row of a step.
func (w *work) record(ctx context.Context, before *Reservation, after *Reservation) error {
	r := after
	if r == nil {
		r = before
	}
	return ledger.Record(ctx, w.tx, ledger.Change{
		At: w.now, Unit: r.Unit, Resource: r.Resource, Reservation: r.ID, Before: hoursOf(before), After: hoursOf(after),
	})
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
// now; a closure and a seasonal date have none, a whole-day one has the rest of
// its days.
func (w *work) setTime(r *Reservation, place resources.Place, asked Times) {
	r.BeginAt, r.EndAt = asked.Begin, asked.End
	r.BufferBefore, r.BufferAfter = place.Resource.BufferBefore, place.Resource.BufferAfter
	switch {
	case r.Kind == policies.Closure || r.Kind == policies.Seasonal:
		r.BufferBefore, r.BufferAfter = 0, 0
	case r.WholeDay:
		days := r.footprint(w.Zone)
		r.BufferBefore = int(r.BeginAt.Sub(days.Begin).Minutes())
		r.BufferAfter = int(days.End.Sub(r.EndAt).Minutes())
	}
}
