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
	return holder{kind: HeldByPerson, person: &p.ID, name: p.Name, who: w.actor.Who(accounts.Holder{Person: &p}, unit.City)}
}

func (w *work) ofAssociation(a accounts.Association, unit resources.Unit) holder {
	return holder{kind: HeldByAssociation, association: &a.ID, name: a.Name, who: w.actor.Who(accounts.Holder{Association: &a}, unit.City)}
}

func (w *work) ofUnit(unit resources.Unit) holder {
	return holder{kind: HeldByUnit, unit: &unit.ID, who: w.actor.Who(accounts.Holder{CityUnit: true}, unit.City)}
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
func (w *work) addLimits(ctx context.Context, h *holder, place resources.Place, r Reservation) (err error) {
	me := w.actor.ID()
	switch {
	case h.person != nil:
		me = *h.person
	case r.MadeBy != nil: // of an association's: whoever booked, also when staff move it
		me = *r.MadeBy
	}
	if me == 0 || r.Kind != policies.Ordinary {
		return nil
	}
	if place.Resource.ActiveLimit != nil || bookLimits(place.Book) {
		if h.who.Active, err = w.countActive(ctx, place.Resource.ID, me, r.ID); err != nil {
			return err
		}
	}
	if place.Unit.OnePlaceAtOnce {
		h.who.Elsewhere, err = w.elsewhere(ctx, me, r)
	}
	return err
}
