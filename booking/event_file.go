package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// EventFile renders one reservation that the actor may see as an .ics file.
func (s *Service) EventFile(ctx context.Context, actor accounts.Actor, ref, lang string) (Card, []byte, error) {
	card, err := s.Get(ctx, actor, ref)
	if err != nil {
		return card, nil, err
	}
	return card, calendar.WriteEvent(s.event(card, locales.New(lang, s.Zone))), nil
}

// SignedEventFile renders one reservation for whoever holds its signed link,
// without sign-in. A wrong signature is malformed, an unknown one not found.
func (s *Service) SignedEventFile(ctx context.Context, ref, signature, lang string) (Card, []byte, error) {
	if !s.Secrets.Verify(ledger.ForSignedLink, "event:"+ref, signature) {
		return Card{}, nil, fault.New(fault.Malformed, "feed.bad_signature")
	}
	cards, err := s.cards(ctx, "r.uid::text = @ref AND r.state IN ('requested', 'awaiting_payment', 'confirmed')", map[string]any{"ref": ref})
	if err != nil {
		return Card{}, nil, err
	}
	if len(cards) == 0 {
		return Card{}, nil, notFound()
	}
	return cards[0], calendar.WriteEvent(s.event(cards[0], locales.New(lang, s.Zone))), nil
}

// EventSignature signs the link to a reservation's .ics file.
func (s *Service) EventSignature(card Card) string {
	return s.Secrets.Sign(ledger.ForSignedLink, "event:"+card.UID.String())
}
