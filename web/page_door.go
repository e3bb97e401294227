package web

import (
	"net/url"
	"time"

	"vuoro/booking"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// doorPage is the data of templates/door.html.
type doorPage struct {
	ui.Frame
	Name, NameLang string
	Unit           string
	State          ui.Alert // free, taken or closed
	Turns          []arrival
	SignIn         string // who has the turn signs in first
	Book           string // address of the room's times
	Room           string
	Contact        []ui.Fact
}

// showDoor is what the code at a door leads to: short, and without names.
func (v *visit) showDoor() error {
	place, err := v.visiblePlace()
	if err != nil {
		return err
	}
	door, err := v.server.Booking.AtDoor(v.ctx, v.actor, place.Resource.UID)
	if err != nil {
		return err
	}
	page := doorPage{
		Unit: v.named(place.Unit.Name), State: v.doorState(door), Room: v.path("room", place.Resource.Slug),
		Book: v.pathWith("room", url.Values{"date": {v.today().String()}}, place.Resource.Slug) + "#" + pickerID,
	}
	page.Name, page.NameLang = v.text(place.Resource.Name)
	page.Frame = v.frame(page.Name)
	page.NoIndex = true
	for _, card := range door.Turns {
		if a := v.arrival(card); a != nil {
			a.Return, a.Href = v.path("door", place.Resource.Slug), v.path("reservation", card.Number)
			page.Turns = append(page.Turns, *a)
		}
	}
	if place.Resource.ReleaseAfterMinutes != nil && !v.actor.SignedIn() {
		page.SignIn = v.pathWith("sign-in", url.Values{"return": {v.path("door", place.Resource.Slug)}})
	}
	page.Contact, err = v.contactOf(place.Resource.Slug)
	if err != nil {
		return err
	}
	return v.render("door", page)
}

func (v *visit) doorState(door booking.Door) ui.Alert {
	switch {
	case !door.FreeTill.IsZero():
		return ui.Alert{Kind: ui.AlertSuccess, Title: v.t("door.free"), Text: v.doorTill(door.FreeTill)}
	case !door.TakenTill.IsZero():
		return ui.Alert{Kind: ui.AlertWarning, Title: v.t("door.taken"), Text: v.doorTill(door.TakenTill)}
	}
	return ui.Alert{Kind: ui.AlertInfo, Title: v.t("door.closed"), Text: v.t("door.closed_text")}
}

// doorTill names the day only where it is another.
func (v *visit) doorTill(till time.Time) string {
	if v.dateOf(till) == v.today() {
		return v.t("door.till", "till", till)
	}
	return v.t("door.till_date", "till", till)
}

// posterPage is the data of templates/admin_poster.html: a sheet for the door.
type posterPage struct {
	editorFrame
	QR      qrCode
	Address string
	Unit    string
	Lines   []posterLine
}

type posterLine struct{ Lang, Text string }

// showPoster is the code of a room's door, to be printed.
func (v *visit) showPoster() error {
	e, err := v.editor()
	if err != nil {
		return err
	}
	page := posterPage{Unit: v.named(e.Unit.Name), Address: v.server.BaseURL + v.path("door", e.Resource.Slug)}
	if page.editorFrame, err = v.editorFrame(e, v.t("door.poster")); err != nil {
		return err
	}
	if page.QR, err = newQRCode(page.Address); err != nil {
		return err
	}
	key := "door.poster_text"
	if e.Resource.ReleaseAfterMinutes != nil {
		key = "door.poster_check_in"
	}
	for _, lang := range locales.Languages {
		page.Lines = append(page.Lines, posterLine{lang, locales.New(lang, v.server.Zone).T(key)})
	}
	return v.render("admin_poster", page)
}
