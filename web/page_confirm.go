package web

import (
	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// confirmBooking books what the form says, or brings it back with what is
// wrong. A second press of the button leads to the same receipt.
func (v *visit) confirmBooking() error {
	d := v.postedDraft()
	if d.Repeat != nil { // more than this one time is wanted: its dates are shown first
		v.keepDraft(d)
		return v.redirect(v.draftHref(d))
	}
	if v.form("do") == "email" || !v.actor.SignedIn() {
		return v.continueByEmail(d)
	}
	req, err := v.bookingRequest(d)
	if err == nil {
		err = v.saveName(d)
	}
	if err == nil {
		var made booking.Reservation
		made, err = patiently(v, func() (booking.Reservation, error) { return v.server.Booking.Book(v.ctx, v.actor, req) })
		if err == nil {
			v.dropDraft()
			return v.redirect(v.path("reservation", made.Number))
		}
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	v.keepDraft(d)
	return v.checkout(d, p)
}

// bookingRequest is what the form asks the engine for.
func (v *visit) bookingRequest(d draft) (booking.Request, error) {
	var req booking.Request
	asked, ok := d.times()
	if !ok {
		return req, fault.New(fault.NotFound, "resource.not_found")
	}
	place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, d.Room)
	if err != nil {
		return req, err
	}
	if err := d.numbers(); err != nil {
		return req, err
	}
	req = booking.Request{
		Resource: place.Resource.UID, Times: booking.Times(asked), Form: d.form(), Terms: append([]string{}, d.Versions...),
		Key: ledger.Key{Actor: v.actor.Name(), Route: "POST checkout", Key: d.Key},
	}
	d.Email, d.Name = "", "" // they are not part of the booking
	req.Key.Request = d.json()
	if d.Holder != "" {
		uid, err := uuid.Parse(d.Holder)
		if err != nil {
			return req, fault.InvalidField("holder", "booking.bad_holder")
		}
		req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: uid}
	}
	hold, err := v.holdOf(d.Room, asked)
	if hold != nil {
		req.Hold = hold.UID.String()
	}
	return req, err
}

// saveName keeps the name of somebody who books for the first time.
func (v *visit) saveName(d draft) error {
	p := v.actor.Person
	if p.Name != "" {
		return nil
	}
	_, err := v.server.Accounts.UpdateProfile(v.ctx, v.actor, accounts.Profile{Name: d.Name, Phone: p.Phone, Language: v.lang})
	return err
}

// continueByEmail mails a sign-in link with which form and time travel.
func (v *visit) continueByEmail(d draft) error {
	if _, ok := d.times(); !ok {
		return fault.New(fault.NotFound, "resource.not_found")
	}
	back := v.draftHref(d)
	err := v.server.Accounts.RequestLink(v.ctx, v.actor, accounts.LinkRequest{
		Email: d.Email, Language: v.lang, ReturnTo: back, Draft: d.json(),
	})
	v.keepDraft(d)
	if p, ok := v.problems(err); ok {
		if d.Repeat != nil {
			return v.seriesCheck(d, p)
		}
		return v.checkout(d, p)
	}
	if err != nil {
		return err
	}
	return v.redirect(v.pathWith("sign-in", map[string][]string{"sent": {"1"}, "return": {back}}))
}

// extendHold gives ten more minutes, once; the form comes along.
func (v *visit) extendHold() error {
	d := v.postedDraft()
	v.keepDraft(d)
	asked, ok := d.times()
	if !ok {
		return fault.New(fault.NotFound, "resource.not_found")
	}
	hold, err := v.holdOf(d.Room, asked)
	if err == nil && hold == nil {
		err = fault.New(fault.Gone, "booking.hold_expired")
	}
	if err == nil {
		_, err = v.server.Booking.ExtendHold(v.ctx, v.actor, hold.UID.String())
	}
	if p, ok := v.problems(err); ok {
		return v.checkout(d, p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "hold.extended", nil)
	return v.redirect(v.checkoutHref(d.Room, asked))
}

// releaseHold gives the time back at once and leads to the room.
func (v *visit) releaseHold() error {
	d := v.postedDraft()
	hold, err := v.server.Booking.CurrentHold(v.ctx, v.actor)
	if err != nil {
		return err
	}
	if hold != nil {
		if err := v.server.Booking.Release(v.ctx, v.actor, hold.UID.String()); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		v.flash(ui.AlertInfo, "hold.released", nil)
	}
	v.dropDraft()
	if d.Room == "" {
		return v.redirect(v.path("rooms"))
	}
	return v.redirect(v.path("room", d.Room))
}

// required are the fields that this room asks for.
func required(place resources.Place) []string {
	return policies.RequiredFields(place.Policy(), place.Book)
}
