package web

import "vuoro/fault"

// redirectHome chooses the language of somebody who came to the bare address.
func (v *visit) redirectHome() error {
	v.c.Set("Cache-Control", "private, no-cache")
	return v.c.Redirect(v.path("home"), 302)
}

// redirectShort leads from the number in mails and calendars to the page of the
// reservation in the visitor's language. It tells nothing about the number.
func (v *visit) redirectShort() error {
	number := v.param("number")
	if len(number) > 40 {
		return fault.New(fault.NotFound, "booking.not_found")
	}
	return v.c.Redirect(v.path("reservation", number), 302)
}
