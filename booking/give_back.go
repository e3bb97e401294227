package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/fault"
)

// ReasonGivenBack is the reason code of what was given back in one tap.
const ReasonGivenBack = "given_back"

// GivingBack is what somebody is about to give back.
type GivingBack struct {
	Card
	Language string // of the person to whom the link was sent
	Refusal  error  // why it cannot be given back now; nil = it can
}

// LookToGiveBack shows what a link of a mail or calendar would give back, and
// changes nothing. A link is good for the person to whom it was sent, as long
// as they may act for the reservation's holder; any other is not found, all in
// the same words.
func (s *Service) LookToGiveBack(ctx context.Context, token string) (GivingBack, error) {
	actor, ref, err := s.openGiveBack(ctx, token)
	if err != nil {
		return GivingBack{}, err
	}
	card, err := s.Get(ctx, actor, ref)
	return GivingBack{card, actor.Person.Language, s.whyNotCancel(card)}, err
}

// GiveBack ends the reservation of a link by the holder's rule, in the name of
// the person to whom the link was sent. The revision is that which they saw, and
// fee what they were told that it costs, in cents.
func (s *Service) GiveBack(ctx context.Context, token string, revision, fee int) (Reservation, error) {
	actor, ref, err := s.openGiveBack(ctx, token)
	if err != nil {
		return Reservation{}, err
	}
	return s.Cancel(ctx, actor, Change{Ref: ref, Revision: revision, ReasonCode: ReasonGivenBack, Fee: fee})
}

// openGiveBack finds the person of a link, with the rights that they have now
// as a customer: a link in the post lends nobody the rights of staff.
func (s *Service) openGiveBack(ctx context.Context, token string) (actor accounts.Actor, ref string, err error) {
	gone := fault.New(fault.NotFound, "give_back.unknown")
	reservation, person, genuine := s.Secrets.OpenGiveBack(token)
	if !genuine {
		return actor, "", gone
	}
	if actor, err = accounts.ActorOf(ctx, s.DB, person); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = gone
		}
		return actor, "", err
	}
	actor.Roles = nil
	r, err := find(ctx, s.DB, reservation.String())
	if fault.Is(err, fault.NotFound) || err == nil && !s.mayEdit(actor, r) {
		err = gone
	}
	return actor, reservation.String(), err
}

// whyNotCancel is what Cancel would refuse its holder now.
func (s *Service) whyNotCancel(card Card) error {
	now := s.Now()
	if _, err := card.next(cancelEvent(card.Reservation), now); err != nil {
		return err
	}
	return checkCancel(card.Reservation, card.CancelMinutes, now, ReasonGivenBack)
}
