package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// movePage is the data of templates/move.html: the picker of a room's page with
// the present time beside it, and the rooms that would do as well.
type movePage struct {
	ui.Frame
	Ticket  ui.Ticket
	Rule    string
	Notes   []string
	Refused *ui.Alert
	Rooms   []moveRoom // none where there is no choice
	Picker  ui.TimePicker
	Back    string
	Series  string // changes more dates than this one; "" = it is of no series
}

// moveRoom is one of the rooms to choose from.
type moveRoom struct {
	Label   string
	Href    string
	Current bool
}

// moving is a reservation that its holder moves, and the room where to.
type moving struct {
	booking.Card
	rooms []resources.Place // its own first
	to    resources.Place
}

func (v *visit) showMove() error {
	m, err := v.movable(v.query("room"))
	if err != nil {
		return err
	}
	chosen, _ := v.choice(v.query)
	return v.movingForm(m, chosen, nil, problems{})
}

// movable is the reservation in the address, if the visitor may move it, and
// the room that was chosen.
func (v *visit) movable(room string) (moving, error) {
	card, err := v.server.Booking.Get(v.ctx, v.actor, v.param("ref"))
	m := moving{Card: card}
	switch {
	case err != nil:
		return m, v.hiddenFromVisitors(err)
	case !v.mayChange(card):
		return m, fault.New(fault.Forbidden, "auth.forbidden")
	case card.State != booking.Confirmed && card.State != booking.Requested:
		return m, fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(card.State)})
	}
	if err := booking.HolderMoves(card.Reservation); err != nil && !v.mayHandle(card.Unit) {
		return m, err
	}
	if m.rooms, err = v.server.Booking.MoveTargets(v.ctx, v.actor, card.Number); err != nil {
		return m, err
	}
	at := 0
	if room != "" {
		at = slices.IndexFunc(m.rooms, func(p resources.Place) bool { return p.Resource.Slug == room })
	}
	if at < 0 {
		return m, fault.New(fault.NotFound, "resource.not_found")
	}
	m.to = m.rooms[at]
	return m, nil
}

func (v *visit) movingForm(m moving, chosen choice, refused *ui.Alert, p problems) error {
	card := m.Card
	if !chosen.Asked {
		chosen.Date = v.dateOf(card.BeginAt)
		chosen.Minutes = wholeMinutes(card.EndAt.Sub(card.BeginAt))
	}
	monday := chosen.Date.AddDays(1 - int(chosen.Date.Weekday()))
	o, err := v.server.Booking.Outlook(v.ctx, v.actor, m.to.Resource.UID, booking.Window{From: monday, To: monday.AddDays(6), Moving: card.ID})
	if err != nil {
		return err
	}
	back := v.path("reservation", card.Number)
	page := movePage{
		Frame:   v.frame(v.t("move.title"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}, ui.Link{Href: back, Label: card.Number}),
		Picker:  v.movePicker(o, chosen, m),
		Refused: refused, Rule: v.moveDeadline(card), Notes: v.movesNotes(card, o.On(chosen.Date, v.server.Zone)), Back: back,
		Ticket: ui.Ticket{
			Tag: v.stateTag(card.Reservation), Date: v.dateBlock(card.BeginAt), When: v.say.Range(card.BeginAt, card.EndAt),
			Room: v.named(card.ResourceName), Place: v.named(card.UnitName), Number: card.Number,
		},
	}
	for _, place := range m.rooms {
		page.Rooms = append(page.Rooms, moveRoom{
			Label: v.named(place.Resource.Name), Current: place.Resource.ID == m.to.Resource.ID,
			Href: v.moveHref(m, place.Resource.Slug, url.Values{"date": {chosen.Date.String()}, "start": {chosen.Start}}, chosen.Minutes),
		})
	}
	if card.SeriesUID != nil {
		page.Series = v.seriesEditHref(card)
	}
	if len(page.Rooms) == 1 {
		page.Rooms = nil
	}
	page.Picker.Fields = v.moveFields(m, p)
	page.NoIndex = true
	return v.render("move", page)
}

// moveFields ask for what a room asks, with what was filled in so far, where the
// reservation goes to another room or its own asks for more than it was told.
func (v *visit) moveFields(m moving, p problems) []ui.Field {
	typed := draft{Purpose: m.Purpose, Answers: m.Answers.V}
	if m.Persons != nil {
		typed.Persons = strconv.Itoa(*m.Persons)
	}
	if m.OldestAge != nil {
		typed.Oldest = strconv.Itoa(*m.OldestAge)
	}
	if v.route.write() {
		typed = v.postedDraft()
	}
	if m.to.Resource.ID == m.Resource && p.Code == "" {
		return nil
	}
	return withErrors(v.useFields(asking{place: m.to, typed: typed, problems: p}), p)
}

// postedUse is what the form fills in anew, nil = it did not ask.
func (v *visit) postedUse(m moving) (*policies.Form, error) {
	if v.form("use") == "" {
		return nil, nil
	}
	d := v.postedDraft()
	if err := d.numbers(); err != nil {
		return nil, err
	}
	form := d.form()
	old := m.Form()
	form.Answers = maps.Clone(old.Answers)
	if form.Answers == nil {
		form.Answers = map[string]string{}
	}
	maps.Copy(form.Answers, d.Answers)
	asked := policies.AskedFields(m.to.Policy(), m.to.Book)
	if form.Persons == nil && !slices.Contains(asked, policies.FieldPersons) {
		form.Persons = old.Persons
	}
	if form.OldestAge == nil && !slices.Contains(asked, policies.FieldOldest) {
		form.OldestAge = old.OldestAge
	}
	if form.Purpose == "" {
		form.Purpose = old.Purpose
	}
	return &form, nil
}

// movesNotes say beforehand what moving to one of a day's times would bring.
func (v *visit) movesNotes(card booking.Card, starts []booking.Start) []string {
	var notes []string
	if card.Series != nil {
		notes = append(notes, v.t("moving.one_date"))
	}
	free, asks := 0, 0
	for _, start := range starts {
		if start.Free {
			free++
			if start.Approval {
				asks++
			}
		}
	}
	switch {
	case card.State == booking.Requested || asks == 0:
	case asks == free:
		notes = append(notes, v.t("move.asks_all"))
	default:
		notes = append(notes, v.t("move.asks_some"))
	}
	return notes
}

// moveDeadline is until when a confirmed reservation can be moved.
func (v *visit) moveDeadline(card booking.Card) string {
	notice := card.Notice(card.CancelMinutes)
	if card.State == booking.Requested || notice == nil {
		return ""
	}
	till := booking.CancelDeadline(card.Reservation, *notice)
	if free := card.FreeTill(); !free.IsZero() && free.Before(till) {
		till = free // a move would be the way around the fee
	}
	return v.t("move.till", "till", till)
}

// moveHref is this page with another day, time or room.
func (v *visit) moveHref(m moving, room string, query url.Values, minutes int) string {
	if room != m.ResourceSlug {
		query.Set("room", room)
	}
	query.Set("minutes", strconv.Itoa(minutes))
	return v.pathWith("move", query, m.Number) + "#" + pickerID
}

// movePicker is the room's picker with links and button that stay with the
// reservation.
func (v *visit) movePicker(o booking.Outlook, chosen choice, m moving) ui.TimePicker {
	p := v.picker(o, chosen)
	stay := func(day string) string {
		return v.moveHref(m, m.to.Resource.Slug, url.Values{"date": {day}}, chosen.Minutes)
	}
	p.Action, p.BookAction, p.Week.AllHref = v.path("move", m.Number), v.path("move-it", m.Number), ""
	p.BookPattern, p.BookLabel = v.t("move.choice", "time", "{time}"), v.t("action.move")
	if start, ok := p.Chosen(); ok {
		for _, l := range start.Lengths {
			if l.Checked {
				p.BookLabel = v.t("move.choice", "time", start.Label+"–"+l.End)
			}
		}
	}
	p.Hidden = append(p.Hidden, ui.Hidden{Name: "revision", Value: strconv.Itoa(m.Revision)}, ui.Hidden{Name: "room", Value: m.to.Resource.Slug})
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

// moveReservation gives a reservation another time or room, if that is free.
func (v *visit) moveReservation() error {
	m, err := v.movable(v.form("room"))
	if err != nil {
		return err
	}
	chosen, _ := v.choice(v.form)
	times, bad := v.chosenTimes(chosen)
	revision, err := v.revision()
	if bad != nil {
		err = bad
	}
	var use *policies.Form
	if err == nil {
		use, err = v.postedUse(m)
	}
	var moved booking.Reservation
	if err == nil {
		moved, err = v.server.Booking.Move(v.ctx, v.actor, booking.Change{Ref: m.Number, Revision: revision, Resource: m.to.Resource.UID, Form: use}, times)
	}
	if err == nil {
		done := "move.done"
		if moved.State == booking.Requested && m.State != booking.Requested {
			done = "move.asked"
		}
		v.flash(ui.AlertSuccess, done, nil)
		return v.redirect(v.path("reservation", m.Number))
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	alert := v.refusalAlert(p)
	alert.Links = v.movesInstead(m, p.Refusal)
	return v.movingForm(m, chosen, alert, p)
}

// movesInstead lead back to the picker with an alternative chosen, of those
// rooms to which this reservation may go.
func (v *visit) movesInstead(m moving, refusal *booking.Refusal) []ui.Link {
	if refusal == nil {
		return nil
	}
	var links []ui.Link
	for _, a := range refusal.Alternatives {
		if !slices.ContainsFunc(m.rooms, func(p resources.Place) bool { return p.Resource.ID == a.Resource.ID }) {
			continue
		}
		query := url.Values{"date": {v.dateOf(a.Begin).String()}, "start": {v.clockValue(a.Begin)}}
		links = append(links, ui.Link{Label: v.alternativeLabel(a, m.to.Resource.ID), Href: v.moveHref(m, a.Resource.Slug, query, wholeMinutes(a.End.Sub(a.Begin)))})
	}
	return links
}
