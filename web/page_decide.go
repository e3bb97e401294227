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

// quoteFor asks the rules about a time as this holder, before the form is
// filled in.
func (v *visit) quoteFor(place resources.Place, hours []policies.Hours, who policies.Who, asked calendar.Interval, form policies.Form) quote {
	q := policies.Question{
		Now: v.now, Zone: v.server.Zone, Kind: policies.Ordinary, Asked: asked, Place: place.Policy(),
		Hours: hours, Who: who, Form: form, Book: place.Book, Stage: policies.AtHold,
	}
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
	return v.quoteFor(o.Place, o.Hours, v.whoAlone(o.Place.Unit), asked, policies.Form{})
}
