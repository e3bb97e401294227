package booking

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// wish is what somebody could not have: whatever decides whether another time
// or place would do.
type wish struct {
	place   resources.Place
	by      asked
	kind    policies.Kind // by which the rules are asked
	open    bool          // holder and form are chosen later, as after a hold
	lacking []string      // form fields that are still to be filled in
	moving  Reservation   // what is being moved; zero = a new one
	giving  []int64       // holds of the actor that give way
	sameDay bool          // other times of the same local day only
	series  bool          // for dates of a series
	beside  tally         // what quotas count that is not booked yet: other dates of the series
}

// withAlternatives adds up to five ways out to a refusal; other errors pass.
// It looks outside the refused transaction and without locks: what it offers
// Book (Hold, Move) would take now from the same actor with the same form, and
// decides again when it is asked.
func (s *Service) withAlternatives(ctx context.Context, actor accounts.Actor, err error, asked Times, wanted func(*work) (wish, error)) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.OnlyForm() {
		return err
	}
	w := s.reading(actor)
	want, lookErr := wanted(w)
	if lookErr != nil {
		return err
	}
	want.lacking = refusal.lacking()
	if found, lookErr := w.waysOut(ctx, want, []Times{asked}); lookErr == nil {
		refusal.Alternatives = found[0]
	}
	return err
}

// reading is the work of a use case that writes nothing.
func (s *Service) reading(actor accounts.Actor) *work {
	return &work{Service: s, tx: s.DB, actor: actor, now: s.Now(), dry: true}
}

// Alternatives lists up to five times instead of one that somebody has not
// asked to book yet: the actor could hold them and then book them with a
// suitable form, in person or for an association.
func (s *Service) Alternatives(ctx context.Context, actor accounts.Actor, resource uuid.UUID, asked Times) ([]Alternative, error) {
	w := s.reading(actor)
	want, err := w.wishOfHold(ctx, resource)
	if err != nil {
		return nil, err
	}
	found, err := w.waysOut(ctx, want, []Times{asked})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// wishOf is what Book was asked for.
func (w *work) wishOf(ctx context.Context, req Request) (wish, error) {
	place, err := w.visiblePlace(ctx, w.actor, req.Resource, w.now)
	if err != nil {
		return wish{}, err
	}
	want := wish{place: place, by: asked{form: req.Form}, kind: req.Kind}
	if want.by.holder, err = w.holder(ctx, req.Holder, req.Kind, place.Unit); err != nil {
		return want, err
	}
	old, err := w.ownHoldNamed(ctx, req.Hold)
	want.giving = idsOf(old)
	return want, err
}

// wishOfHold is what Hold was asked for.
func (w *work) wishOfHold(ctx context.Context, resource uuid.UUID) (wish, error) {
	place, err := w.visiblePlace(ctx, w.actor, resource, w.now)
	if err != nil {
		return wish{}, err
	}
	want := wish{place: place, by: asked{form: policies.Form{TermsAccepted: true}}, kind: policies.Ordinary, open: true}
	if want.by.holder, err = w.holder(ctx, Holder{}, policies.Ordinary, place.Unit); err != nil {
		return want, err
	}
	old, err := w.ownHolds(ctx)
	want.giving = idsOf(old)
	return want, err
}

// wish is what Move was asked for.
func (m moving) wish() wish {
	want := wish{place: m.place, by: asked{holder: m.holder, form: m.form()}, kind: m.before.Kind, moving: m.before}
	want.by.form.TermsAccepted = true
	if m.staff && want.kind == policies.Ordinary {
		want.kind = policies.Behalf
	}
	return want
}

// reaches tells whether the actor may take a place of the unit as wished.
func (w *work) reaches(want wish, unit int) bool {
	object := accounts.Object{Unit: unit}
	switch {
	case want.kind == policies.Closure:
		return unit == want.place.Unit.ID
	case want.moving.ID != 0 && unit != want.moving.Unit:
		return want.kind != policies.Ordinary && accounts.Can(w.actor, accounts.HandleReservation, object)
	case want.moving.ID == 0 && want.kind != policies.Ordinary:
		return accounts.Can(w.actor, accounts.BookAsStaff, object)
	}
	return true
}

// instead lists the comparable places that the actor may take.
func (w *work) instead(ctx context.Context, want wish) ([]resources.Place, error) {
	if want.kind == policies.Closure {
		return nil, nil // other rooms need not be closed instead
	}
	like := resources.Likeness{Purpose: want.by.form.Purpose}
	if want.by.form.Persons != nil {
		like.Persons = *want.by.form.Persons
	}
	places, err := w.Resources.Comparable(ctx, w.tx, want.place, like, considered)
	return slices.DeleteFunc(places, func(p resources.Place) bool { return !w.reaches(want, p.Unit.ID) }), err
}

// best puts the ways out in their order: the nearest times and places first,
// those that somebody has to approve after those that are certain.
func best(near, others, later []Alternative) []Alternative {
	n, o := min(2, len(near)), min(2, len(others))
	all := slices.Concat(near[:n], others[:o], later, near[n:], others[o:])
	slices.SortStableFunc(all, func(a, b Alternative) int {
		switch {
		case a.Approval == b.Approval:
			return 0
		case b.Approval:
			return -1
		}
		return 1
	})
	return all[:min(maxAlternatives, len(all))]
}

// lacking lists the form fields that were not filled in.
func (r *Refusal) lacking() []string {
	var fields []string
	for _, v := range r.Decision.Violations {
		if toFillIn(v) {
			fields = append(fields, v.Field())
		}
	}
	return fields
}

// toFillIn tells whether a violation is gone once a field has been filled in.
func toFillIn(v policies.Violation) bool {
	return v.Code == policies.CodeFieldMissing || v.Code == policies.CodeTerms || v.Code == policies.CodeFreeReason
}

// holders are those for whom the actor could make the wished reservation.
func (w *work) holders(ctx context.Context, want wish) ([]holder, error) {
	if !want.open {
		return []holder{want.by.holder}, nil
	}
	return w.holdersWith(ctx, want.by.holder, want.place.Unit)
}

// holdersWith are somebody and the associations that the actor may book for.
func (w *work) holdersWith(ctx context.Context, first holder, unit resources.Unit) ([]holder, error) {
	list := []holder{first}
	for _, m := range w.actor.Memberships {
		if !accounts.Can(w.actor, accounts.BookFor, accounts.Object{HolderAssociation: m.Association}) {
			continue
		}
		a, err := accounts.AssociationByID(ctx, w.tx, m.Association)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, w.ofAssociation(a, unit))
	}
	return list, nil
}
