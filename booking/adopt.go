package booking

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// Foreign is a reservation as another system has it. Who holds it is not said:
// a closure is nobody's, staff's own use the unit's, of the rest it is unknown.
type Foreign struct {
	Source     string // the system, e.g. its host name
	Ref        string // its number there
	Mark       string // becomes another one when anything of it changes there
	Resource   int    // key of ours
	BeginAt    time.Time
	EndAt      time.Time
	Kind       policies.Kind
	State      State
	Persons    *int
	PriceCents *int
	MadeAt     time.Time // zero = not known
}

// Adopted is what came of taking reservations over.
type Adopted struct {
	Added   int
	Changed int // stood here already, changed there and followed
	Same    int // stand here as they do there
	// Collided could not have their time; those that stood here already keep
	// the time they had.
	Collided []Collision
	// Parted were changed here since, so that what changed there was left alone.
	Parted []Foreign
}

// Collision is a reservation of another system whose time is taken here. With
// is empty where its resource has no space that could be taken.
type Collision struct {
	Foreign
	With []Taken
}

// Taken is what a collision met. Source and Ref are empty unless it was taken
// over itself.
type Taken struct {
	Number  string
	Source  string
	Ref     string
	BeginAt time.Time
	EndAt   time.Time
	Kind    policies.Kind
}

// adoptBatch is how many go into one statement.
const adoptBatch = 500

// errCollides undoes the change of one adopted reservation.
var errCollides = errors.New("adopted reservation collides")

// Adopt takes reservations of another system over, in the caller's transaction
// and in the order given: of two that want the same time the first has it. Each
// is known again by source and number: what has not changed there is left as it
// is, what has follows, unless it was changed here since. No mail is written;
// the change log has a row for each, the audit trail one for each unit. The
// units are locked to the end of the transaction. progress is told how many are
// done.
func (s *Service) Adopt(ctx context.Context, tx *db.DB, rows []Foreign, progress func(done int)) (Adopted, error) {
	a := &adoption{work: &work{Service: s, tx: tx, actor: accounts.Actor{System: true}, now: s.Now()}, units: map[int]*unitTally{}}
	if err := a.lock(ctx, rows); err != nil {
		return Adopted{}, err
	}
	done := 0
	for batch := range slices.Chunk(rows, adoptBatch) {
		if err := a.batch(ctx, batch); err != nil {
			return Adopted{}, err
		}
		done += len(batch)
		progress(done)
	}
	a.auditUnits()
	return a.Adopted, a.writeAudits(ctx)
}

// adoption is one taking over under way.
type adoption struct {
	*work
	Adopted
	places map[int]adopter
	units  map[int]*unitTally
	origin map[originKey]origin
}

// adopter is what must be known of a resource that adopted reservations go to.
type adopter struct {
	Resource int
	Unit     int
	UnitUID  uuid.UUID
	WholeDay bool
	needs    []resources.Need
}

// plain tells whether it has atoms, and none of them in a pool.
func (p adopter) plain() bool {
	return !slices.ContainsFunc(p.needs, func(n resources.Need) bool { return n.Pool != nil })
}

// unitTally is what the audit trail of a unit says of an adoption.
type unitTally struct {
	object  string
	Added   int      `json:"added"`
	Changed []string `json:"changed,omitempty"` // numbers
}

// lock takes every unit and every atom exclusively, as a series does.
func (a *adoption) lock(ctx context.Context, rows []Foreign) error {
	wanted := map[int]bool{}
	for _, r := range rows {
		wanted[r.Resource] = true
	}
	units, err := a.unitsOf(ctx, wanted)
	if err != nil {
		return err
	}
	for _, unit := range ascending(units) {
		if err := a.tx.LockUnit(ctx, unit, true); err != nil {
			return err
		}
	}
	if a.places, err = a.adopters(ctx, wanted); err != nil {
		return err
	}
	var atoms []int
	for _, place := range a.places {
		for _, need := range place.needs {
			atoms = append(atoms, need.Atom)
		}
	}
	return a.tx.LockAtoms(ctx, atoms, true)
}

// batch sorts some rows into those that are new, have changed or are the same.
func (a *adoption) batch(ctx context.Context, rows []Foreign) (err error) {
	if a.origin, err = a.origins(ctx, rows); err != nil {
		return err
	}
	var fresh []Foreign
	for _, row := range rows {
		have, known := a.origin[originKey{row.Source, row.Ref}]
		switch {
		case !known:
			fresh = append(fresh, row)
		case have.Mark == row.Mark:
			a.Same++
		case have.Revision != have.Now:
			a.Parted = append(a.Parted, row)
		default:
			if err := a.follow(ctx, row, have); err != nil {
				return err
			}
		}
	}
	return a.add(ctx, fresh)
}

// newcomer is a row with the reservation that it becomes.
type newcomer struct {
	Reservation
	row   Foreign
	place adopter
}

// add takes new ones over: all at once, and one by one those for which the
// constraint had no room, since the row in the way may be one that went itself.
func (a *adoption) add(ctx context.Context, rows []Foreign) error {
	list, err := a.newcomers(ctx, rows)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := a.insertAll(ctx, list); err != nil {
		return err
	}
	if err := a.remember(ctx, list); err != nil {
		return err
	}
	left, err := a.occupyAll(ctx, list)
	if err != nil {
		return err
	}
	var in []newcomer
	for _, n := range list {
		if left[n.ID] {
			stays, err := a.squeeze(ctx, n)
			if err != nil {
				return err
			}
			if !stays {
				continue
			}
		}
		in = append(in, n)
	}
	return a.settle(ctx, in)
}

// newcomers gives rows their reservations with numbers; those whose resource
// has nothing to take are listed.
func (a *adoption) newcomers(ctx context.Context, rows []Foreign) ([]newcomer, error) {
	var list []newcomer
	for _, row := range rows {
		n := newcomer{a.become(row), row, a.places[row.Resource]}
		if n.Occupies && len(n.place.needs) == 0 {
			a.Collided = append(a.Collided, Collision{Foreign: row})
			continue
		}
		list = append(list, n)
	}
	ids, err := a.nextIDs(ctx, len(list))
	for i := range list {
		list[i].ID = ids[i]
	}
	return list, err
}

// become is the reservation that a row is here.
func (a *adoption) become(row Foreign) Reservation {
	place := a.places[row.Resource]
	made := row.MadeAt
	if made.IsZero() {
		made = a.now
	}
	r := Reservation{
		UID: newUID(), Resource: row.Resource, Unit: place.Unit, BeginAt: row.BeginAt, EndAt: row.EndAt,
		WholeDay: place.WholeDay, Kind: row.Kind, State: row.State, HolderKind: HeldByUnknown,
		Persons: row.Persons, PriceCents: row.PriceCents, MadeAt: made, ChangedAt: a.now, Revision: 1,
		Occupies: slices.Contains([]State{Requested, AwaitingPayment, Confirmed}, row.State),
	}
	switch row.Kind {
	case policies.Closure:
		r.HolderKind = HeldByNobody
	case policies.Staff:
		r.HolderKind, r.HolderUnit = HeldByUnit, &place.Unit
	}
	if r.WholeDay {
		days := r.footprint(a.Zone)
		r.BufferBefore, r.BufferAfter = int(r.BeginAt.Sub(days.Begin).Minutes()), int(days.End.Sub(r.EndAt).Minutes())
	}
	return r
}

// squeeze gives one its time alone; false means that it was taken out again
// and is listed with what it met.
func (a *adoption) squeeze(ctx context.Context, n newcomer) (bool, error) {
	others, err := a.reseat(ctx, n.ID)
	if err != nil || len(others) == 0 {
		return err == nil, err
	}
	if err := a.listCollision(ctx, n.row, others); err != nil {
		return false, err
	}
	if err := a.vacate(ctx, n.ID); err != nil {
		return false, err
	}
	return false, a.withdraw(ctx, n.ID)
}

func (a *adoption) listCollision(ctx context.Context, row Foreign, others []int64) error {
	with, err := a.standing(ctx, others)
	a.Collided = append(a.Collided, Collision{row, with})
	return err
}

// settle counts those that are in and logs their hours.
func (a *adoption) settle(ctx context.Context, list []newcomer) error {
	changes := make([]ledger.Change, len(list))
	for i, n := range list {
		changes[i] = ledger.Change{At: a.now, Unit: n.Unit, Resource: n.Resource, Reservation: n.ID, After: hoursOf(&n.Reservation)}
		a.tally(n.place).Added++
	}
	a.Added += len(list)
	return ledger.Record(ctx, a.tx, changes...)
}

// follow brings one that stands here in line with what it has become there. If
// its new time is taken it keeps the old one and is listed.
func (a *adoption) follow(ctx context.Context, row Foreign, have origin) error {
	var met []int64
	err := a.tx.Tx(ctx, func(tx *db.DB) error {
		inner := *a.work
		inner.tx = tx
		others, err := inner.followTo(ctx, a.become(row), have.Reservation)
		if met = others; err == nil && len(met) > 0 {
			err = errCollides
		}
		if err != nil {
			return err
		}
		return inner.remark(ctx, row, have)
	})
	switch {
	case errors.Is(err, errCollides) || fault.Code(err) == "booking.no_space":
		return a.listCollision(ctx, row, met)
	case err != nil:
		return err
	}
	number, err := a.number(ctx, have.Reservation)
	tally := a.tally(a.places[row.Resource])
	tally.Changed = append(tally.Changed, number)
	a.Changed++
	return err
}

// followTo rewrites a reservation as another and lists what stands in its way.
func (w *work) followTo(ctx context.Context, to Reservation, id int64) ([]int64, error) {
	r, err := w.reread(ctx, id)
	if err != nil {
		return nil, err
	}
	before := r
	r.Resource, r.Unit, r.BeginAt, r.EndAt, r.WholeDay = to.Resource, to.Unit, to.BeginAt, to.EndAt, to.WholeDay
	r.BufferBefore, r.BufferAfter, r.Kind, r.State, r.Occupies = to.BufferBefore, to.BufferAfter, to.Kind, to.State, to.Occupies
	r.HolderKind, r.HolderUnit, r.Persons, r.PriceCents = to.HolderKind, to.HolderUnit, to.Persons, to.PriceCents
	r.NoShow, r.CheckedInAt, r.CheckedInBy = false, nil, nil // of what is not so any more
	r.Sequence++
	err = w.update(ctx, &r, "resource", "unit", "begin_at", "end_at", "whole_day", "buffer_before", "buffer_after",
		"kind", "state", "occupies", "holder_kind", "holder_unit", "persons", "price_cents", "sequence",
		"no_show", "checked_in_at", "checked_in_by")
	if err != nil {
		return nil, err
	}
	if err := w.vacate(ctx, id); err != nil {
		return nil, err
	}
	if r.Occupies {
		if others, err := w.reseat(ctx, id); err != nil || len(others) > 0 {
			return others, err
		}
	}
	return nil, w.record(ctx, &before, &r)
}

func (a *adoption) tally(place adopter) *unitTally {
	if a.units[place.Unit] == nil {
		a.units[place.Unit] = &unitTally{object: "unit:" + place.UnitUID.String()}
	}
	return a.units[place.Unit]
}

// auditUnits has one entry for each unit: one for each reservation would write
// the stream's counter as often, and each already has its row in the change log
// and the number that it had.
func (a *adoption) auditUnits() {
	for unit, tally := range a.units {
		a.audits = append(a.audits, ledger.Entry{
			Stream: unit, At: a.now, Actor: a.actor.Name(), Action: "unit.reservations_adopted", Object: tally.object, Values: tally,
		})
	}
	slices.SortFunc(a.audits, func(x, y ledger.Entry) int { return cmp.Compare(x.Stream, y.Stream) })
}
