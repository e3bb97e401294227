package web

import (
	"strings"

	"vuoro/fault"
)

// redirectHome chooses the language of somebody who came to the bare address.
func (v *visit) redirectHome() error {
	v.c.Set("Cache-Control", "private, no-cache")
	return v.c.Redirect(v.path("home"), 302)
}

// redirectShort leads from the number in mails and calendars to the page of the
// reservation or series in the visitor's language. It tells nothing about the number.
func (v *visit) redirectShort() error {
	number := v.param("number")
	if len(number) > 40 {
		return fault.New(fault.NotFound, "booking.not_found")
	}
	if strings.HasPrefix(number, "S-") {
		if card, err := v.server.Booking.GetSeries(v.ctx, v.actor, number); err == nil && v.worksFor(card.Unit) {
			return v.c.Redirect(v.path("work-series", number), 302)
		}
		return v.c.Redirect(v.path("my-series", number), 302)
	}
	return v.c.Redirect(v.path("reservation", number), 302)
}
