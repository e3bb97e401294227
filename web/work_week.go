package web

import (
	"net/url"
	"slices"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// spanWeek in the address asks for a week in place of a day.
const spanWeek = "week"

// mondayOf is the first day of a date's week.
func mondayOf(date calendar.Date) calendar.Date {
	return date.AddDays(-(int(date.Weekday()) + 6) % 7)
}

// showUnitWeek is one room's week: a row for each day, by hours.
func (v *visit) showUnitWeek(unit resources.Unit, units []resources.Unit) error {
	date, problem := v.askedDate()
	page, err := v.scheduleFrame(unit, units, date, problem)
	if err != nil {
		return err
	}
	places, err := v.placesOf(unit)
	if err != nil {
		return err
	}
	monday := mondayOf(date)
	v.weekHead(&page, unit, monday)
	if len(places) == 0 {
		page.Empty = v.noRooms()
		return v.render("work_schedule", page)
	}
	at := max(0, slices.IndexFunc(places, func(p resources.Place) bool { return p.Resource.Slug == v.query("room") }))
	page.Room = v.roomChoice(places, places[at].Resource.Slug)
	week, cards, err := v.roomWeek(places[at], monday)
	if err != nil {
		return err
	}
	page.Timeline = v.weekTimeline(week, cards, monday)
	page.Counts = v.dayCounts(cards)
	v.timelineWays(page.Timeline, url.Values{"unit": {unit.Slug}, "date": {monday.String()}, "span": {spanWeek}, "room": {places[at].Resource.Slug}})
	return v.render("work_schedule", page)
}

func (v *visit) weekHead(page *schedulePage, unit resources.Unit, monday calendar.Date) {
	page.Heading = v.weekName(monday)
	page.Title = page.Heading + ", " + v.named(unit.Name)
	page.Prev = ui.Link{Href: v.weekOf(unit, monday.AddDays(-7)), Label: v.say.WeekLong(v.midday(monday.AddDays(-7)))}
	page.Next = ui.Link{Href: v.weekOf(unit, monday.AddDays(7)), Label: v.say.WeekLong(v.midday(monday.AddDays(7)))}
	page.PrevLabel, page.NextLabel = v.t("work.prev_week"), v.t("work.next_week")
	if monday != mondayOf(v.today()) {
		page.Today = v.weekOf(unit, v.today())
	}
}

// weekName is "Viikko 48, 23.11.2026–29.11.2026".
func (v *visit) weekName(monday calendar.Date) string {
	first, last := v.midday(monday), v.midday(monday.AddDays(6))
	return capital(v.say.WeekLong(first)) + ", " + v.say.DayMonth(first) + "–" + v.say.DayMonthYear(last)
}

func (v *visit) weekOf(unit resources.Unit, date calendar.Date) string {
	return v.pathWith("schedule", url.Values{
		"unit": {unit.Slug}, "date": {date.String()}, "span": {spanWeek}, "room": {v.query("room")}, "view": {v.query("view")}, "show": {v.query("show")},
	})
}

func (v *visit) roomChoice(places []resources.Place, chosen string) *ui.Field {
	field := ui.Field{Name: "room", Label: v.t("report.column.resource"), Type: "select"}
	for _, place := range places {
		slug := place.Resource.Slug
		field.Options = append(field.Options, ui.Option{Value: slug, Label: v.named(place.Resource.Name), Selected: slug == chosen})
	}
	return &field
}

// roomWeek reads a room's week and what there is in its unit then.
func (v *visit) roomWeek(place resources.Place, monday calendar.Date) (booking.Outlook, []booking.Card, error) {
	window := booking.Window{From: monday, To: monday.AddDays(6)}
	week, err := v.server.Booking.Outlook(v.ctx, v.actor, place.Resource.UID, window)
	if err != nil {
		return week, nil, err
	}
	cards, err := v.server.Booking.UnitDays(v.ctx, v.actor, place.Unit.ID, window)
	busy := map[int64]bool{}
	for _, b := range week.Busy {
		busy[b.Reservation] = true
	}
	return week, slices.DeleteFunc(cards, func(c booking.Card) bool {
		return c.Resource != place.Resource.ID && !busy[c.ID]
	}), err
}

func (v *visit) weekTimeline(week booking.Outlook, cards []booking.Card, monday calendar.Date) *ui.Timeline {
	t := ui.Timeline{
		ID: "week", Title: v.named(week.Place.Resource.Name), Day: v.weekName(monday), FromHour: 24, RowTitle: v.t("work.date"),
	}
	for i := range 7 {
		date := monday.AddDays(i)
		row := ui.TimelineRow{Name: capital(v.say.ShortDate(v.midday(date))), Href: v.dayAlone(week.Place.Unit, date), Sub: v.dayNote(date)}
		v.addScheduleRow(&t, row, v.rowOf(week, cards, date))
	}
	someHours(&t)
	return &t
}

// rowOf is a room on one of the days of an outlook, with what touches that day.
func (v *visit) rowOf(week booking.Outlook, cards []booking.Card, date calendar.Date) scheduleRow {
	row := scheduleRow{room: booking.FreeRoom{Outlook: week}, cards: map[int64]booking.Card{}, date: date}
	row.day = calendar.DayBounds(date, v.server.Zone)
	for _, card := range cards {
		if card.Interval().Overlaps(row.day) {
			row.cards[card.ID] = card
		}
	}
	return row
}

// dayAlone is the schedule of a day without what the present address chooses.
func (v *visit) dayAlone(unit resources.Unit, date calendar.Date) string {
	return v.pathWith("schedule", url.Values{"unit": {unit.Slug}, "date": {date.String()}})
}

// dayNote says that a day is today or a holiday.
func (v *visit) dayNote(date calendar.Date) string {
	note := ""
	if date == v.today() {
		note = v.t("day.today")
	}
	for _, holiday := range calendar.Holidays(date.Year) {
		if holiday.Date == date {
			note = joinWords(", ", note, v.named(locales.Texts(holiday.Names)))
		}
	}
	return note
}

// What a schedule shows; "" = everything.
var shownKinds = map[string][]ui.Kind{
	"bookings": {ui.KindConfirmed, ui.KindStaff, ui.KindOwn, ui.KindHeld},
	"requests": {ui.KindRequested},
	"closures": {ui.KindClosure},
}

// onlyShown leaves out what the filter does not ask for. Free and closed hours
// stay: they are the picture's ground.
func onlyShown(items []ui.TimelineItem, show string) []ui.TimelineItem {
	kinds, known := shownKinds[show]
	if !known {
		return items
	}
	return slices.DeleteFunc(items, func(item ui.TimelineItem) bool {
		return item.Kind != ui.KindFree && item.Kind != ui.KindClosed && !slices.Contains(kinds, item.Kind)
	})
}
