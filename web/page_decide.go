package web

import (
	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// quote is what a time would cost somebody and whether the site decides on it,
// for pages: the engine decides again when it is booked.
type quote struct {
	Cents   *int
	Rate    *int   // cents per Unit, nil where it is free or not known
	Unit    string // one of policies.Units
	Request bool
	Refused bool
	Code    string // of the first reason, "" = none
	Price   policies.Price
	Terms   []string // keys of terms to accept
}

// wonder is a question about a time at a place, before the form is filled in.
func (v *visit) wonder(place resources.Place, hours []policies.Hours, asked calendar.Interval) policies.Question {
	q := place.Question(v.now, v.server.Zone)
	q.Asked, q.Hours, q.Who, q.Stage = asked, hours, v.whoAlone(place.Unit), policies.AtHold
	return q
}

// quoteFor asks the rules.
func (v *visit) quoteFor(q policies.Question) quote {
	decision := policies.Decide(q)
	out := quote{Cents: decision.Price.Cents, Rate: decision.Price.Rate, Unit: decision.Price.Unit, Refused: decision.Refused(), Request: decision.Verdict == policies.Approval}
	out.Price, out.Terms = decision.Price, decision.Terms
	if out.Refused && len(decision.Violations) > 0 {
		out.Code = decision.Violations[0].Code
	}
	return out
}

// whoAlone is the visitor as holder of a booking of their own.
func (v *visit) whoAlone(unit resources.Unit) policies.Who {
	return v.actor.Who(accounts.Holder{}, unit.City)
}

// worksFor tells whether the visitor is staff of a unit.
func (v *visit) worksFor(unit int) bool {
	return accounts.Can(v.actor, accounts.ViewUnitWork, accounts.Object{Unit: unit})
}

// priceFor is what a time costs this visitor, per hour or use; where the rule
// book says nothing of its own, the list price.
func (v *visit) priceFor(o booking.Outlook, asked calendar.Interval) string {
	q := v.quoteOf(o, asked)
	switch {
	case q.Refused || q.Cents == nil:
		return v.listPrice(o.Place.Resource)
	case *q.Cents == 0 || q.Rate == nil:
		return v.sum(q.Cents)
	}
	return v.t("price."+q.Unit, "cents", *q.Rate)
}

// quoteOf is quoteFor about a room that was looked up, for the visitor alone.
func (v *visit) quoteOf(o booking.Outlook, asked calendar.Interval) quote {
	return v.quoteFor(v.wonder(o.Place, o.Hours, asked))
}
