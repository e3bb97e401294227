package web

import (
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// unitMonthPage is the data of templates/work_month.html.
type unitMonthPage struct {
	ui.Frame
	Grid  ui.MonthGrid
	Units ui.Field
	Month string
	Back  ui.Link
	Ways  []wayLink
}

// showUnitMonth is a month of a unit with how much each day has.
func (v *visit) showUnitMonth(unit resources.Unit, units []resources.Unit) error {
	first, err := calendar.ParseDate(v.query("month") + "-01")
	if err != nil {
		first = v.today().AddDays(1 - v.today().Day)
	}
	days, err := v.server.Booking.UnitMonth(v.ctx, v.actor, unit.ID, first, nextMonth(first).AddDays(-1))
	if err != nil {
		return err
	}
	title := capital(v.say.MonthYear(v.midday(first))) + ", " + v.named(unit.Name)
	day := first
	if this := v.today(); monthOf(this) == monthOf(first) {
		day = this
	}
	page := unitMonthPage{
		Ways:  v.scheduleWays(unit, day),
		Month: monthOf(first), Back: ui.Link{Href: v.dayOf(unit, day), Label: v.t("work.back_to_day")},
		Units: ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, "", unit.Slug)},
	}
	if page.Frame, err = v.workFrame(title, ui.Link{Href: page.Back.Href, Label: v.t("work.schedule")}); err != nil {
		return err
	}
	page.Grid = ui.NewMonthGrid(first.Year, first.Month, func(at time.Time) ui.MonthDay {
		return v.unitMonthDay(unit, calendar.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}, days)
	})
	v.monthHead(&page.Grid, unit, first)
	return v.render("work_month", page)
}

func (v *visit) monthHead(grid *ui.MonthGrid, unit resources.Unit, first calendar.Date) {
	grid.ID, grid.Caption = "month", capital(v.say.MonthYear(v.midday(first)))
	grid.PrevHref, grid.NextHref = v.monthOfUnit(unit, first.AddDays(-1)), v.monthOfUnit(unit, nextMonth(first))
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		weekday := time.Weekday(int(day) % 7)
		grid.Weekdays = append(grid.Weekdays, ui.Weekday{Short: v.say.ShortWeekday(weekday), Long: v.say.Weekday(weekday)})
	}
}

func (v *visit) unitMonthDay(unit resources.Unit, date calendar.Date, days map[calendar.Date]booking.MonthDay) ui.MonthDay {
	n := days[date]
	words := []string{v.t("count.bookings", "n", n.Events)}
	if n.Waiting > 0 {
		words = append(words, v.t("count.requests", "n", n.Waiting))
	}
	if n.Closures > 0 {
		words = append(words, v.t("count.closures", "n", n.Closures))
	}
	day := ui.MonthDay{Href: v.dayOf(unit, date), Today: date == v.today(), State: ui.DayFree}
	day.Accessible = v.say.ShortDate(v.midday(date)) + ", " + v.say.And(words)
	if n.Events > 0 {
		day.Note = strconv.Itoa(n.Events)
	}
	if n.Waiting > 0 {
		day.Note += "+" + strconv.Itoa(n.Waiting)
	}
	for _, holiday := range calendar.Holidays(date.Year) {
		if holiday.Date == date {
			day.Holiday = true
			day.Accessible += ", " + v.named(locales.Texts(holiday.Names))
		}
	}
	return day
}
