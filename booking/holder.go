package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Holder names for whom a reservation is made. The zero value is the acting
// person. Units hold staff's own use. Staff who book on behalf may give a
// person's address in place of the uid; Name is theirs if they are new.
type Holder struct {
	Kind  HolderKind
	UID   uuid.UUID
	Email string
	Name  string
}

// holder is a Holder with what the rules need to know of it.
type holder struct {
	kind        HolderKind
	person      *int64
	association *int64
	unit        *int
	name        string
	whose       accounts.Holder // what who was made from
	who         policies.Who
}

func (h holder) apply(r *Reservation) {
	r.HolderKind, r.HolderPerson, r.HolderAssociation, r.HolderUnit = h.kind, h.person, h.association, h.unit
}

// holder finds for whom the actor books and refuses what the actor may not.
func (w *work) holder(ctx context.Context, asked Holder, kind policies.Kind, unit resources.Unit) (holder, error) {
	if kind != policies.Ordinary && !accounts.Can(w.actor, accounts.BookAsStaff, accounts.Object{Unit: unit.ID}) {
		return holder{}, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if kind == policies.Closure {
		return holder{kind: HeldByNobody}, nil
	}
	switch asked.Kind {
	case "", HeldByPerson:
		return w.personHolder(ctx, asked, kind, unit)
	case HeldByAssociation:
		return w.associationHolder(ctx, asked, kind, unit)
	case HeldByUnit:
		if kind != policies.Ordinary {
			return w.ofUnit(unit), nil
		}
	}
	return holder{}, fault.InvalidField("holder", "booking.bad_holder")
}

func (w *work) personHolder(ctx context.Context, asked Holder, kind policies.Kind, unit resources.Unit) (holder, error) {
	me := w.actor.Person
	switch {
	case me == nil:
		return holder{kind: HeldByNobody, who: w.actor.Who(accounts.Holder{}, unit.City)}, nil
	case asked.Email == "" && (asked.UID == uuid.Nil || asked.UID == me.UID):
		return w.ofPerson(*me, unit), nil
	case kind != policies.Behalf:
		return holder{}, fault.New(fault.Forbidden, "auth.forbidden")
	case asked.Email != "":
		other, err := w.addressed(ctx, asked)
		return w.ofPerson(other, unit), err
	}
	other, err := w.personByUID(ctx, asked.UID)
	return w.ofPerson(other, unit), err
}

func (w *work) associationHolder(ctx context.Context, asked Holder, kind policies.Kind, unit resources.Unit) (holder, error) {
	a, err := w.associationByUID(ctx, asked.UID)
	if err != nil {
		return holder{}, err
	}
	may := accounts.Can(w.actor, accounts.BookFor, accounts.Object{HolderAssociation: a.ID})
	if !may && kind != policies.Behalf {
		return holder{}, fault.New(fault.Forbidden, "booking.not_booker", fault.Params{"association": a.Name})
	}
	return w.ofAssociation(a, unit), nil
}

func (w *work) ofPerson(p accounts.Person, unit resources.Unit) holder {
	return w.at(holder{kind: HeldByPerson, person: &p.ID, name: p.Name, whose: accounts.Holder{Person: &p}}, unit)
}

func (w *work) ofAssociation(a accounts.Association, unit resources.Unit) holder {
	return w.at(holder{kind: HeldByAssociation, association: &a.ID, name: a.Name, whose: accounts.Holder{Association: &a}}, unit)
}

func (w *work) ofUnit(unit resources.Unit) holder {
	return w.at(holder{kind: HeldByUnit, whose: accounts.Holder{CityUnit: true}}, unit)
}

// at is the holder in another unit; of a unit's own use, that unit. Nobody and
// somebody unknown are the same everywhere.
func (w *work) at(h holder, unit resources.Unit) holder {
	switch h.kind {
	case HeldByPerson, HeldByAssociation:
	case HeldByUnit:
		h.unit = &unit.ID
	default:
		return h
	}
	h.who = w.actor.Who(h.whose, unit.City)
	return h
}

// holderOf is the holder of an existing reservation.
func (w *work) holderOf(ctx context.Context, r Reservation, unit resources.Unit) (holder, error) {
	switch r.HolderKind {
	case HeldByPerson:
		p, err := accounts.PersonByID(ctx, w.tx, *r.HolderPerson)
		return w.ofPerson(p, unit), err
	case HeldByAssociation:
		a, err := accounts.AssociationByID(ctx, w.tx, *r.HolderAssociation)
		return w.ofAssociation(a, unit), err
	case HeldByUnit:
		return w.ofUnit(unit), nil
	}
	return holder{kind: r.HolderKind}, nil
}

// addLimits counts what the limits of a place count, after the locks.
func (w *work) addLimits(ctx context.Context, h *holder, place resources.Place, r Reservation) error {
	me := w.countedPerson(*h, r)
	if me == 0 || r.Kind != policies.Ordinary {
		return nil
	}
	if limits(place) {
		active, err := w.countActive(ctx, []int{place.Resource.ID}, me, r.ID)
		if err != nil {
			return err
		}
		h.who.Active = active[place.Resource.ID]
	}
	if place.Unit.OnePlaceAtOnce {
		elsewhere, err := w.elsewhere(ctx, []int{r.Unit}, me, r.ID, r.Interval())
		if err != nil {
			return err
		}
		h.who.Elsewhere = elsewhere[r.Unit]
	}
	return nil
}

// countedPerson is the person whose limits a reservation counts against, 0 =
// nobody's.
func (w *work) countedPerson(h holder, r Reservation) int64 {
	switch {
	case h.person != nil:
		return *h.person
	case r.MadeBy != nil: // of an association's: whoever booked, also when staff move it
		return *r.MadeBy
	}
	return w.actor.ID()
}

// limits tells whether a place bounds how many reservations a person has.
func limits(place resources.Place) bool {
	return place.Resource.ActiveLimit != nil || bookLimits(place.Book)
}
