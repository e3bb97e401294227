package web

import (
	"vuoro/booking"
	"vuoro/web/ui"
)

// todayPage is the data of templates/work_today.html.
type todayPage struct {
	ui.Frame
	Lead    string
	Figures []figure
	Next    []expected
	Now     []expected
	Missed  []expected
	Unused  []unusedItem
	Empty   *ui.Empty
	Units   []ui.Link // schedules of today
}

// figure is one number of a page's head. Template "figures".
type figure struct {
	Label string
	Value string
	Href  string
}

// expected is a booking with what staff can note about its people. Template
// "expected".
type expected struct {
	ui.BookingItem
	Arriving *arriving
}

func (v *visit) expected(card booking.Card) expected {
	e := expected{v.workItem(card), v.arriving(card, false)}
	if e.Arriving != nil {
		e.Arriving.Return = v.path("work")
	}
	return e
}

// showToday is what a day begins with for staff.
func (v *visit) showToday() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	desk, err := v.server.Booking.Desk(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := todayPage{Lead: capital(v.say.LongDate(v.now))}
	if page.Frame, err = v.workFrame(v.t("day.today")); err != nil {
		return err
	}
	affected, err := v.server.Booking.CountAffected(v.ctx, v.actor)
	if err != nil {
		return err
	}
	if page.Figures = v.deskFigures(desk); affected > 0 {
		page.Figures = append(page.Figures, figure{Label: v.t("affected.figure"), Value: v.say.Number(int64(affected)), Href: v.path("work-affected")})
	}
	for _, card := range desk.Next {
		if item := v.expected(card); card.BeginAt.After(v.now) {
			page.Next = append(page.Next, item)
		} else {
			page.Now = append(page.Now, item)
		}
	}
	for _, card := range desk.Missed {
		page.Missed = append(page.Missed, v.expected(card))
	}
	if page.Unused, err = v.unusedItems(); err != nil {
		return err
	}
	if len(desk.Next) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("work.nothing_today"), Text: v.t("work.nothing_today_text"), Actions: []ui.Link{{Href: v.path("schedule"), Label: v.t("work.see_schedule")}}}
	}
	units, err := v.workUnits()
	for _, unit := range units {
		page.Units = append(page.Units, ui.Link{Href: v.dayOf(unit, v.today()), Label: v.named(unit.Name)})
	}
	if err != nil {
		return err
	}
	return v.render("work_today", page)
}

func (v *visit) deskFigures(desk booking.Desk) []figure {
	figures := []figure{
		{Label: v.t("work.figure_waiting"), Value: v.say.Number(int64(desk.Waiting)), Href: v.path("requests")},
		{Label: v.t("work.figure_today"), Value: v.say.Number(int64(desk.Events)), Href: v.path("schedule")},
	}
	if !desk.Oldest.IsZero() {
		figures = append(figures, figure{Label: v.t("work.figure_oldest"), Value: v.age(desk.Oldest), Href: v.path("requests")})
	}
	if n := len(desk.Missed); n > 0 {
		figures = append(figures, figure{Label: v.t("work.figure_missed"), Value: v.say.Number(int64(n)), Href: "#missed-title"})
	}
	return figures
}
