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
	Request bool
	Refused bool
	Code    string // of the first reason, "" = none
}

// wonder is a question about a time at a place, before the form is filled in.
func (v *visit) wonder(place resources.Place, hours []policies.Hours, asked calendar.Interval) policies.Question {
	return policies.Question{
		Now: v.now, Zone: v.server.Zone, Kind: policies.Ordinary, Asked: asked, Place: place.Policy(),
		Hours: hours, Who: v.whoAlone(place.Unit), Book: place.Book, Stage: policies.AtHold,
	}
}

// quoteFor asks the rules.
func (v *visit) quoteFor(q policies.Question) quote {
	decision := policies.Decide(q)
	out := quote{Cents: decision.Price.Cents, Refused: decision.Refused(), Request: decision.Verdict == policies.Approval}
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

// freeForVisitor tells whether a time would cost this visitor nothing, whatever
// the place's list price.
func (v *visit) freeForVisitor(o booking.Outlook, asked calendar.Interval) bool {
	q := v.quoteOf(o, asked)
	return !q.Refused && q.Cents != nil && *q.Cents == 0
}

// quoteOf is quoteFor about a room that was looked up, for the visitor alone.
func (v *visit) quoteOf(o booking.Outlook, asked calendar.Interval) quote {
	return v.quoteFor(v.wonder(o.Place, o.Hours, asked))
}
