package web

import (
	"vuoro/booking"
	"vuoro/web/ui"
)

// checkInRoutes are the page behind the code at a room's door, and checking in.
func checkInRoutes() []route {
	return []route{
		{name: "door", method: get, at: one("/qr/:slug"), who: anyone, handle: (*visit).showDoor},
		{name: "check-in", method: post, at: spelling{"/fi/varaukset/:ref/saavuin", "/sv/bokningar/:ref/framme", "/en/reservations/:ref/check-in"}, who: holders, handle: (*visit).checkIn},
	}
}

// checkIn notes that the holder has come, and leads back to where that was said.
func (v *visit) checkIn() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	done, err := v.server.Booking.CheckIn(v.ctx, v.actor, booking.Change{Ref: v.param("ref")})
	if p, ok := v.problems(err); ok {
		return v.notCheckedIn(p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "check_in.done", nil)
	return v.redirect(v.returnTo(v.path("reservation", done.Number)))
}

// notCheckedIn is the reservation's page, which says why.
func (v *visit) notCheckedIn(p problems) error {
	card, err := v.server.Booking.Get(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return err
	}
	page := v.reservationPage(card)
	page.Summary = p.Summary
	return v.render("reservation", page)
}

// arrival is where a reservation's people say that they have come. Template
// "check-in".
type arrival struct {
	When   string
	Href   string // of the reservation; "" on its own page
	Text   string
	Post   string // "" = not now
	Return string
	CSRF   string
	Done   bool
}

// arrival says what is so about a turn that asks for check-in; nil = nothing.
func (v *visit) arrival(card booking.Card) *arrival {
	till := card.ReleaseAt(card.ResourceRelease)
	a := &arrival{When: v.say.Hours(card.BeginAt, card.EndAt), CSRF: v.server.Accounts.CSRF(v.actor.Session)}
	opens := card.BeginAt.Add(-booking.CheckInOpens)
	switch {
	case card.State != booking.Confirmed || card.NoShow && till.IsZero():
		return nil
	case card.NoShow:
		a.Text = v.t("check_in.released")
	case card.CheckedInAt != nil:
		a.Text, a.Done = v.t("check_in.at", "at", *card.CheckedInAt), true
	case till.IsZero() || !card.EndAt.After(v.now) || !v.mayChange(card) && !v.mayHandle(card.Unit):
		return nil
	case v.now.Before(opens):
		a.Text = v.t("check_in.opens", "opens", opens, "till", till)
	default:
		a.Text, a.Post = v.t("check_in.till", "till", till), v.path("check-in", card.Number)
	}
	return a
}
