package web

import (
	"vuoro/booking"
	"vuoro/resources"
	"vuoro/web/ui"
)

// decidedBy reads the version of the rule book that decided about a reservation;
// zero where none did.
func (v *visit) decidedBy(r booking.Reservation) (resources.Decided, error) {
	if r.RuleBook == nil {
		return resources.Decided{}, nil
	}
	return v.server.Resources.DecidedBy(v.ctx, v.server.DB, *r.RuleBook, r.Verdict.V.Base)
}

// decidedFacts say by which version of which rule book a reservation was decided
// and by which decision of the city that is so.
func (v *visit) decidedFacts(r booking.Reservation, d resources.Decided) []ui.Fact {
	if d.Book.ID == 0 {
		return nil
	}
	name := v.versionName(d.Book)
	if d.Base != nil {
		name += ", " + v.versionName(*d.Base)
	}
	facts := []ui.Fact{{Icon: "list", Label: v.t("decided.rules"), Value: name}}
	if decision := decisionLink(d.Decision()); decision != nil {
		facts = append(facts, ui.Fact{Icon: "list", Label: v.t("decided.by"), Value: decision.Label, Href: decision.Href})
	}
	return facts
}

// versionName is a version of a rule book in words.
func (v *visit) versionName(book resources.RuleBook) string {
	name := v.named(book.Name)
	if name == "" {
		book.Decision.V = resources.Decision{} // it has a line of its own
		name = v.bookName(book)
	}
	return v.t("decided.version", "name", name, "version", book.Version)
}

// keptFacts are what a reservation keeps of how it came about: the answers with
// their questions, the steps of its price, a late fee, the rules and the terms.
func (v *visit) keptFacts(card booking.Card) ([]ui.Fact, error) {
	decided, err := v.decidedBy(card.Reservation)
	if err != nil {
		return nil, err
	}
	facts := v.answerFacts(card.Reservation, decided.Questions())
	if card.OldestAge != nil {
		facts = append(facts, ui.Fact{Icon: "users", Label: v.t("field.oldest_age"), Value: v.say.Number(int64(*card.OldestAge))})
	}
	facts = append(facts, v.priceFacts(card.PriceLines())...)
	if card.FeeCents != nil {
		facts = append(facts, ui.Fact{Icon: "currency-euro", Label: v.t("fee.charged"), Value: v.say.Money(*card.FeeCents)})
	}
	accepted, err := v.acceptedFacts(card)
	return append(append(facts, v.decidedFacts(card.Reservation, decided)...), accepted...), err
}
