package booking

import (
	"context"
	"fmt"

	"vuoro/ledger"
	"vuoro/resources"
)

// mailHolder tells the people behind a reservation what happened to it: the
// one who made it and, if it is somebody else, the person who holds it.
// Closures are nobody's, and holds are not worth a mail.
func (w *work) mailHolder(ctx context.Context, place resources.Place, r Reservation, topic string) error {
	people, err := w.holderAddresses(ctx, r)
	if err != nil {
		return err
	}
	return w.post(ctx, place, r, topic, people)
}

// mailStaff tells those who handle the unit's requests, but not the actor.
func (w *work) mailStaff(ctx context.Context, place resources.Place, r Reservation, topic string) error {
	people, err := w.staffAddresses(ctx, r.Unit)
	if err != nil {
		return err
	}
	return w.post(ctx, place, r, topic, people)
}

func (w *work) post(ctx context.Context, place resources.Place, r Reservation, topic string, people []address) error {
	if len(people) == 0 {
		return nil
	}
	facts, err := w.facts(ctx, place, r)
	if err != nil {
		return err
	}
	for _, person := range people {
		if w.together != nil {
			*w.together = append(*w.together, unsent{person, topic, facts, r.ID})
			continue
		}
		err := ledger.Post(ctx, w.tx, ledger.Mail{
			Topic: topic, Recipient: person.Email, Language: person.Language, Reservation: r.ID, Payload: facts,
			DedupKey: fmt.Sprintf("%s:%s:%d:%s", topic, r.UID, r.Revision, person.Email), At: w.now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) facts(ctx context.Context, place resources.Place, r Reservation) (ledger.ReservationFacts, error) {
	name, err := w.holderName(ctx, r)
	facts := ledger.ReservationFacts{
		Number: r.Number, UID: r.UID.String(), Resource: place.Resource.Name, Unit: place.Unit.Name,
		Address: place.Unit.Address, Begin: r.BeginAt, End: r.EndAt, State: string(r.State), Revision: r.Revision,
		Title: r.Title, HolderName: name, ReasonCode: r.ReasonCode, ReasonText: r.ReasonText, PriceCents: r.PriceCents,
		Persons: r.Persons, ByStaff: w.mayHandle(w.actor, r) && !w.mayEdit(w.actor, r),
	}
	if w.old != nil {
		facts.OldBegin, facts.OldEnd = w.old.Begin, w.old.End
	}
	if notice := place.Resource.CancelMinutes; notice != nil {
		facts.CancelTill = CancelDeadline(r, *notice)
	}
	return facts, err
}
