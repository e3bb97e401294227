package web

import (
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// movePage is the data of templates/move.html: the picker of the room's page,
// with the old time beside it.
type movePage struct {
	ui.Frame
	Ticket  ui.Ticket
	Rule    string
	Refused *ui.Alert
	Picker  ui.TimePicker
	Back    string
}

func (v *visit) showMove() error {
	card, err := v.movable()
	if err != nil {
		return err
	}
	chosen, _ := v.choice(v.query)
	return v.movingForm(card, chosen, nil)
}

// movable is the reservation in the address, if the visitor may move it.
func (v *visit) movable() (booking.Card, error) {
	card, err := v.server.Booking.Get(v.ctx, v.actor, v.param("ref"))
	switch {
	case err != nil:
		return card, v.hiddenFromVisitors(err)
	case !v.mayChange(card):
		return card, fault.New(fault.Forbidden, "auth.forbidden")
	case card.State != booking.Confirmed && card.State != booking.Requested:
		return card, fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(card.State)})
	}
	return card, nil
}

func (v *visit) movingForm(card booking.Card, chosen choice, refused *ui.Alert) error {
	if !chosen.Asked {
		chosen.Date = v.dateOf(card.BeginAt)
		chosen.Minutes = wholeMinutes(card.EndAt.Sub(card.BeginAt))
	}
	monday := chosen.Date.AddDays(1 - int(chosen.Date.Weekday()))
	o, err := v.server.Booking.Outlook(v.ctx, v.actor, card.ResourceUID, booking.Window{From: monday, To: monday.AddDays(6)})
	if err != nil {
		return err
	}
	back := v.path("reservation", card.Number)
	page := movePage{
		Frame:   v.frame(v.t("move.title"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}, ui.Link{Href: back, Label: card.Number}),
		Picker:  v.movePicker(o, chosen, card),
		Refused: refused, Rule: v.cancelDeadline(card), Back: back,
		Ticket: ui.Ticket{
			Tag: v.stateTag(card.Reservation), Date: v.dateBlock(card.BeginAt), When: v.say.Range(card.BeginAt, card.EndAt),
			Room: v.named(card.ResourceName), Place: v.named(card.UnitName), Number: card.Number,
		},
	}
	page.NoIndex = true
	return v.render("move", page)
}

// movePicker is the room's picker with links and button that stay with the
// reservation.
func (v *visit) movePicker(o booking.Outlook, chosen choice, card booking.Card) ui.TimePicker {
	p := v.picker(o, chosen)
	stay := func(day string) string {
		return v.pathWith("move", map[string][]string{"date": {day}, "minutes": {strconv.Itoa(chosen.Minutes)}}, card.Number) + "#" + pickerID
	}
	p.Action, p.BookAction, p.Week.AllHref = v.path("move", card.Number), v.path("move-it", card.Number), ""
	p.BookPattern = v.t("move.choice", "time", "{time}")
	if start, ok := p.Chosen(); ok {
		for _, l := range start.Lengths {
			if l.Checked {
				p.BookLabel = v.t("move.choice", "time", start.Label+"–"+l.End)
			}
		}
	}
	p.Hidden = append(p.Hidden, ui.Hidden{Name: "revision", Value: strconv.Itoa(card.Revision)})
	monday := chosen.Date.AddDays(1 - int(chosen.Date.Weekday()))
	for i := range p.Week.Days {
		if p.Week.Days[i].Href != "" {
			p.Week.Days[i].Href = stay(monday.AddDays(i).String())
		}
	}
	p.Week.NextHref = stay(monday.AddDays(7).String())
	if p.Week.PrevHref != "" {
		p.Week.PrevHref = stay(laterDate(monday.AddDays(-7), v.today()).String())
	}
	if len(p.Groups) == 0 {
		p.BookAction, p.Notice = "", &ui.Alert{Kind: ui.AlertInfo, Title: v.t("move.none")}
	}
	return p
}

// moveReservation gives a reservation another time, if that is free.
func (v *visit) moveReservation() error {
	card, err := v.movable()
	if err != nil {
		return err
	}
	chosen, _ := v.choice(v.form)
	times, bad := v.chosenTimes(chosen)
	revision, err := v.revision()
	if bad != nil {
		err = bad
	}
	if err == nil {
		_, err = v.server.Booking.Move(v.ctx, v.actor, booking.Change{Ref: card.Number, Revision: revision}, times)
	}
	if err == nil {
		v.flash(ui.AlertSuccess, "move.done", nil)
		return v.redirect(v.path("reservation", card.Number))
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	alert := v.refusalAlert(p)
	alert.Links = nil // they lead to a new booking, not to a move
	return v.movingForm(card, chosen, alert)
}
