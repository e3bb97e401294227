package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/policies"
	"vuoro/resources"
)

// opening is what booking and holding begin with: the place with its units
// locked, for whom it is, the reservation as asked for, and the actor's holds
// that give way to it.
type opening struct {
	place  resources.Place
	holder holder
	draft  Reservation
	old    []claim
}

func (w *work) open(ctx context.Context, req Request, old []claim) (opening, error) {
	o := opening{old: old}
	if err := w.mustBook(req.Kind); err != nil {
		return o, err
	}
	var err error
	if o.place, err = w.openWith(ctx, req.Resource, old); err != nil {
		return o, err
	}
	if err := checkAnswers(req.Form, o.place.Book); err != nil {
		return o, err
	}
	if o.holder, err = w.holder(ctx, req.Holder, req.Kind, o.place.Unit); err != nil {
		return o, err
	}
	o.draft = w.drafted(o.place, o.holder, req)
	return o, nil
}

// openWith is openLocked of a resource and of the units of holds that give way.
func (w *work) openWith(ctx context.Context, resource uuid.UUID, old []claim) (resources.Place, error) {
	if len(old) == 0 {
		target, err := w.targetLocked(ctx, resource)
		if err != nil {
			return resources.Place{}, err
		}
		return w.Resources.PlaceByID(ctx, w.tx, target.ID)
	}
	target, err := w.target(ctx, resource)
	if err != nil {
		return resources.Place{}, err
	}
	units := []int{target.Unit}
	for _, own := range old {
		units = append(units, own.reservation.Unit)
	}
	return w.openLocked(ctx, target.ID, units...)
}

// drafted is the reservation that a request asks for, before any decision.
func (w *work) drafted(place resources.Place, h holder, req Request) Reservation {
	r := w.draft(place, req.Kind)
	h.apply(&r)
	r.fill(req.Form, req.Reason)
	w.setTime(&r, place, req.Times)
	return r
}

func (o opening) claims() []claim {
	return append([]claim{{o.draft, o.place.Needs}}, o.old...)
}

// refuseTaken spares the queue those whose time a glance shows to be taken;
// they are told what the rules say as well.
func (w *work) refuseTaken(ctx context.Context, o opening, decide func() (policies.Decision, error)) error {
	taken, err := w.glance(ctx, o.claims())
	if err != nil || len(taken) == 0 {
		return err
	}
	decision, err := decide()
	if err != nil {
		return err
	}
	return newRefusal(decision, taken)
}
