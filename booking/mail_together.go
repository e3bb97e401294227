package booking

import (
	"context"
	"fmt"

	"vuoro/ledger"
)

// unsent is a mail that waits for the others of its transaction.
type unsent struct {
	to          address
	topic       string
	facts       ledger.ReservationFacts
	reservation int64
}

// postTogether posts what was collected: whoever would get several mails gets
// one of this topic that lists them, whoever would get one gets that one.
func (w *work) postTogether(ctx context.Context, topic string) error {
	collected := *w.together
	w.together = nil
	var order []address
	byPerson := map[address][]unsent{}
	for _, mail := range collected {
		if byPerson[mail.to] == nil {
			order = append(order, mail.to)
		}
		byPerson[mail.to] = append(byPerson[mail.to], mail)
	}
	for _, person := range order {
		if err := ledger.Post(ctx, w.tx, w.oneMail(person, byPerson[person], topic)); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) oneMail(to address, mails []unsent, topic string) ledger.Mail {
	first := mails[0]
	mail := ledger.Mail{
		Topic: first.topic, Recipient: to.Email, Language: to.Language, Reservation: first.reservation, Payload: first.facts,
		DedupKey: fmt.Sprintf("%s:%s:%d:%s", first.topic, first.facts.UID, first.facts.Revision, to.Email), At: w.now,
	}
	if len(mails) == 1 {
		return mail
	}
	mail.Topic, mail.Reservation = topic, 0
	mail.DedupKey = fmt.Sprintf("%s:%s:%d:%s", topic, first.facts.UID, first.facts.Revision, to.Email)
	list := ledger.ManyFacts{ReasonText: first.facts.ReasonText}
	for _, m := range mails {
		list.Reservations = append(list.Reservations, m.facts)
	}
	mail.Payload = list
	return mail
}
