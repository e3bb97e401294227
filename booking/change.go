package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Change is what every edit of a reservation comes with. Revision 0 means the
// client did not say which version it saw; then the present one is meant.
type Change struct {
	Ref        string // uid or number
	Revision   int
	ReasonCode string
	ReasonText string
	Resource   uuid.UUID      // of a move: to which resource; zero = the same
	Fee        int            // of a holder's cancellation: what they know that it costs, in cents
	Form       *policies.Form // of a move: what is filled in anew; nil = as it was
	Free       *bool          // of an approval: whether free use is granted; only and always where it was asked for
}

// edit is one reservation locked for a change, with its place.
type edit struct {
	place  resources.Place
	before Reservation
	after  Reservation
}

// change finds a reservation that the actor may see, locks in order, re-reads
// it and lets fn change it. fn's result is written by fn; change adds the
// change log.
func (s *Service) change(ctx context.Context, actor accounts.Actor, c Change, fn func(w *work, e *edit) error) (Reservation, error) {
	var done Reservation
	err := s.do(ctx, actor, func(w *work) error {
		r, err := find(ctx, w.tx, c.Ref)
		if err != nil {
			return err
		}
		if !s.mayView(actor, r) {
			return notFound()
		}
		e := edit{}
		if e.place, err = w.openLocked(ctx, r.Resource, r.Unit); err != nil {
			return err
		}
		if hasQuotas(e.place.Book) {
			h := holder{person: r.HolderPerson, association: r.HolderAssociation}
			if err := w.lockPeople(ctx, e.place, h, r); err != nil {
				return err
			}
		}
		if err := w.lockTime(ctx, claim{r, e.place.Needs}); err != nil {
			return err
		}
		if e.before, err = w.reread(ctx, r.ID); err != nil {
			return err
		}
		moved := e.before.Resource != r.Resource || e.before.Interval() != r.Interval()
		if moved || c.Revision != 0 && c.Revision != e.before.Revision {
			return fault.New(fault.Stale, "stale") // or the locks are another place's
		}
		e.after = e.before
		if err := fn(w, &e); err != nil {
			return err
		}
		done = e.after
		if *hoursOf(&e.before) == *hoursOf(&e.after) && e.before.Occupies == e.after.Occupies {
			return nil
		}
		return w.record(ctx, &e.before, &e.after)
	})
	return done, err
}

// stateColumns are what a transition writes.
var stateColumns = []string{
	"state", "occupies", "held_until", "reason_code", "reason_text", "decided_by", "decided_at", "sequence",
	"free_granted", "price_cents", "fee_cents",
}

// transit moves a reservation along the table, frees or keeps its time, writes
// the row and tells its people.
func (w *work) transit(ctx context.Context, e *edit, event Event, c Change) error {
	state, err := e.before.next(event, w.now)
	if err != nil {
		return err
	}
	r := &e.after
	r.State, r.ReasonCode, r.ReasonText = state, c.ReasonCode, c.ReasonText
	r.Occupies = occupies(state, e.before.State == Requested && !e.before.Occupies)
	r.Sequence++
	if e.before.Occupies && !r.Occupies {
		if err := w.vacate(ctx, r.ID); err != nil {
			return err
		}
		w.free(e.before)
	}
	if err := w.update(ctx, r, stateColumns...); err != nil {
		return err
	}
	if err := w.mailHolder(ctx, e.place, *r, mailTopic(event)); err != nil {
		return err
	}
	values := map[string]any{
		"from": e.before.State, "to": r.State, "reason_code": r.ReasonCode, "reason": r.ReasonText,
	}
	if event == EventApprove && c.Free != nil {
		values["free"], values["price_cents"] = *c.Free, r.PriceCents
	}
	if r.FeeCents != nil {
		values["fee_cents"] = *r.FeeCents
	}
	w.audit(*r, string(event), values)
	return nil
}

func mailTopic(event Event) string {
	switch event {
	case EventApprove:
		return "reservation.confirmed"
	case EventWithdraw:
		return "reservation.cancelled"
	case EventReturn:
		return "reservation.requested"
	}
	return "reservation." + string(event)
}

func (w *work) decidedByActor(r *Reservation) {
	now := w.now
	r.DecidedAt = &now
	if id := w.actor.ID(); id != 0 {
		r.DecidedBy = &id
	}
}
