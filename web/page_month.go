package web

import (
	"net/url"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// monthPage is the data of templates/room-month.html.
type monthPage struct {
	ui.Frame
	Lead  string
	Grid  ui.MonthGrid
	Back  string
	Label string
}

// showRoomMonth is a month of a room's free days, to choose one.
func (v *visit) showRoomMonth() error {
	place, err := v.visiblePlace()
	if err != nil {
		return err
	}
	first := v.askedMonth()
	window := booking.Window{From: first, To: nextMonth(first).AddDays(-1)}
	o, err := v.server.Booking.Outlook(v.ctx, v.actor, place.Resource.UID, window)
	if err != nil {
		return err
	}
	name := v.named(place.Resource.Name)
	page := monthPage{
		Frame: v.frame(v.t("month.title", "room", name), ui.Link{Href: v.path("rooms"), Label: v.t("nav.search")},
			ui.Link{Href: v.path("room", place.Resource.Slug), Label: name}),
		Lead: v.t("month.lead"), Back: v.path("room", place.Resource.Slug),
		Label: v.t("month.back", "room", name), Grid: v.monthGrid(place.Place, o, first),
	}
	page.NoIndex = true
	return v.render("room-month", page)
}

// askedMonth is the first day of the month in the address, at the earliest the
// present one and at the latest two years ahead.
func (v *visit) askedMonth() calendar.Date {
	this := v.today().AddDays(1 - v.today().Day)
	date, err := calendar.ParseDate(v.query("month") + "-01")
	if err != nil || date.Before(this) || this.DaysUntil(date) > 2*366 {
		return this
	}
	return date
}

func nextMonth(first calendar.Date) calendar.Date {
	later := first.AddDays(31)
	return later.AddDays(1 - later.Day)
}

func (v *visit) monthGrid(place resources.Place, o booking.Outlook, first calendar.Date) ui.MonthGrid {
	slug := place.Resource.Slug
	grid := ui.NewMonthGrid(first.Year, first.Month, func(day time.Time) ui.MonthDay {
		return v.monthDay(place, o, calendar.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()})
	})
	grid.ID, grid.Caption = "month", capital(v.say.MonthYear(v.midday(first)))
	href := func(date calendar.Date) string {
		return v.pathWith("room-month", url.Values{"month": {monthOf(date)}}, slug)
	}
	grid.NextHref = href(nextMonth(first))
	if first.After(v.today()) {
		previous := first.AddDays(-1)
		grid.PrevHref = href(previous.AddDays(1 - previous.Day))
	}
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		weekday := time.Weekday(int(day) % 7)
		grid.Weekdays = append(grid.Weekdays, ui.Weekday{Short: v.say.ShortWeekday(weekday), Long: v.say.Weekday(weekday)})
	}
	return grid
}

func (v *visit) monthDay(place resources.Place, o booking.Outlook, date calendar.Date) ui.MonthDay {
	free, state, note := v.dayState(o, date)
	t := v.midday(date)
	day := ui.MonthDay{State: state, Note: note, Today: date == v.today()}
	if free > 0 {
		day.Note, note = strconv.Itoa(free), v.t("count.times", "n", free)
	}
	day.Accessible = v.say.ShortDate(t) + ", " + note
	if holidays := place.Day(date).Holiday; len(holidays) > 0 {
		day.Holiday = true
		day.Accessible += ", " + v.named(locales.Texts(holidays[0].Names))
	}
	if state == ui.DayPast {
		day.Note = ""
	} else {
		day.Href = v.dayHref(place.Resource.Slug, date, 0)
	}
	return day
}
