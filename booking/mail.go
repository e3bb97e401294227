package booking

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"vuoro/ledger"
	"vuoro/policies"
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

// mailStaff tells those of the unit's staff who wish it, but not the actor, of
// a request or of what a customer booked.
func (w *work) mailStaff(ctx context.Context, place resources.Place, r Reservation) error {
	if r.Kind != policies.Ordinary {
		return nil
	}
	topic := "reservation.booked"
	if r.State == Requested {
		topic = "reservation.request_received"
	}
	people, err := w.staffAddresses(ctx, r)
	if err != nil {
		return err
	}
	return w.post(ctx, place, r, topic, people)
}

// post writes one mail to each; of what is over nobody is told, but that they
// did not come.
func (w *work) post(ctx context.Context, place resources.Place, r Reservation, topic string, people []address) error {
	if len(people) == 0 || !r.EndAt.After(w.now) && topic != noShowTopic {
		return nil
	}
	facts, err := w.facts(ctx, place, r)
	if err != nil {
		return err
	}
	for _, person := range people {
		facts.GiveBack = uuid.Nil
		if r.HolderPerson != nil || r.HolderAssociation != nil {
			facts.GiveBack = person.Person
		}
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
		Number: r.Number, UID: r.UID.String(), Resource: place.Resource.Name, ResourceID: r.Resource, Unit: place.Unit.Name,
		Address: place.Unit.Address, Begin: r.BeginAt, End: r.EndAt, State: string(r.State), Revision: r.Revision,
		Title: r.Title, HolderName: name, ReasonCode: r.ReasonCode, ReasonText: r.ReasonText, PriceCents: r.PriceCents,
		Persons: r.Persons, ByStaff: w.mayHandle(w.actor, r) && !w.mayEdit(w.actor, r),
	}
	facts.FromLine = r.Offer != nil
	facts.NoShow = r.NoShow
	if at := r.ReleaseAt(place.Resource.ReleaseAfterMinutes); r.State == Confirmed && !at.IsZero() {
		facts.CheckInFrom, facts.CheckInTill = r.BeginAt.Add(-CheckInOpens), at
	}
	facts.FreeReason, facts.FreeGranted = r.FreeReason, r.FreeGranted
	if w.was != nil {
		facts.OldBegin, facts.OldEnd = w.was.before.BeginAt, w.was.before.EndAt
		if w.was.from.Resource.ID != place.Resource.ID {
			facts.OldResource = w.was.from.Resource.Name
		}
	}
	if notice := r.Notice(place.Resource.CancelMinutes); notice != nil {
		facts.CancelTill, facts.FreeTill, facts.LateCents = CancelDeadline(r, *notice), r.FreeTill(), r.LateFee(r.BeginAt)
	}
	facts.FeeCents, facts.PriceLines = r.FeeCents, r.PriceLines()
	if r.State == Requested || r.State == Confirmed {
		facts.Answers = answersOf(r, place.Book.Rules.Questions)
	}
	return facts, err
}
