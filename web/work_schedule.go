package web

import (
	"net/url"
	"slices"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// schedulePage is the data of templates/work_schedule.html.
type schedulePage struct {
	ui.Frame
	Heading  string // the day
	Prev     ui.Link
	Next     ui.Link
	Today    string // "" = it is today
	Month    string // address of the month
	New      string // address of the form; "" = may not book
	Unit     ui.Field
	Date     ui.Field
	View     string
	Summary  ui.ErrorSummary
	Counts   string
	Timeline *ui.Timeline
	Empty    *ui.Empty
}

// showSchedule is one day of a unit: all rooms by hours, or as a table.
func (v *visit) showSchedule() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	units, err := v.workUnits()
	if err != nil {
		return err
	}
	unit, err := chosenUnit(units, v.query("unit"))
	if err != nil {
		return err
	}
	if month := v.query("month"); month != "" {
		return v.showUnitMonth(unit, units)
	}
	date, problem := v.askedDate()
	page := schedulePage{View: v.query("view")}
	if page.Frame, err = v.workFrame(v.t("work.schedule")); err != nil {
		return err
	}
	v.scheduleHead(&page, unit, date)
	page.Unit = ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, "", unit.Slug)}
	page.Date = ui.Field{Name: "date", Label: v.t("work.date"), Value: v.dateTyped(date), Autocomplete: "off", Width: "s", Error: problem}
	if problem != "" {
		page.Date.Value = v.query("date")
		page.Summary = ui.Errors(page.Date)
		v.c.Status(422)
	}
	if err := v.fillSchedule(&page, unit, date); err != nil {
		return err
	}
	return v.render("work_schedule", page)
}

// askedDate is the day in the address, as people write dates; today without
// one. What cannot be read is told, and today shown.
func (v *visit) askedDate() (date calendar.Date, problem string) {
	text := v.query("date")
	if text == "" {
		return v.today(), ""
	}
	date, err := v.readDate(text)
	if err != nil {
		return v.today(), v.say.Fault(err)
	}
	return date, ""
}

func (v *visit) readDate(text string) (calendar.Date, error) {
	year, month, day, err := locales.ParseDate(text, v.now.In(v.server.Zone))
	return calendar.Date{Year: year, Month: month, Day: day}, err
}

// dateTyped is a date as the field shows it: with its weekday.
func (v *visit) dateTyped(date calendar.Date) string { return v.say.Date(v.midday(date)) }

func (v *visit) scheduleHead(page *schedulePage, unit resources.Unit, date calendar.Date) {
	page.Heading = capital(v.say.LongDate(v.midday(date)))
	page.Title = page.Heading + ", " + v.named(unit.Name)
	page.Prev = ui.Link{Href: v.dayOf(unit, date.AddDays(-1)), Label: v.say.ShortDate(v.midday(date.AddDays(-1)))}
	page.Next = ui.Link{Href: v.dayOf(unit, date.AddDays(1)), Label: v.say.ShortDate(v.midday(date.AddDays(1)))}
	if date != v.today() {
		page.Today = v.dayOf(unit, calendar.Date{})
	}
	page.Month = v.monthOfUnit(unit, date)
	if v.mayBook(unit.ID) {
		page.New = v.pathWith("work-new", url.Values{"unit": {unit.Slug}, "date": {date.String()}})
	}
}

// dayOf is the schedule of a unit on a date; without one, today.
func (v *visit) dayOf(unit resources.Unit, date calendar.Date) string {
	return v.pathWith("schedule", url.Values{"unit": {unit.Slug}, "date": {date.String()}, "view": {v.query("view")}})
}

func (v *visit) monthOfUnit(unit resources.Unit, date calendar.Date) string {
	return v.pathWith("schedule", url.Values{"unit": {unit.Slug}, "month": {monthOf(date)}})
}

func (v *visit) fillSchedule(page *schedulePage, unit resources.Unit, date calendar.Date) error {
	rooms, err := v.server.Booking.Search(v.ctx, v.actor, booking.Query{
		Date: date, Any: true, Filter: resources.Filter{Unit: unit.Slug, Lang: v.lang, IncludeUnpublished: true},
	})
	if err != nil {
		return err
	}
	list, err := v.server.Booking.UnitDay(v.ctx, v.actor, unit.ID, date)
	if err != nil {
		return err
	}
	if len(rooms) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawLake, Title: v.t("work.no_rooms"), Text: v.t("work.no_rooms_text")}
		return nil
	}
	slices.SortStableFunc(rooms, func(a, b booking.FreeRoom) int {
		return compareNames(v.named(a.Place.Resource.Name), v.named(b.Place.Resource.Name))
	})
	page.Counts = v.dayCounts(list)
	page.Timeline = v.schedule(rooms, list, date)
	page.Timeline.Title = v.named(unit.Name)
	query := url.Values{"unit": {unit.Slug}, "date": {date.String()}}
	if page.View == viewTable {
		page.Timeline.GridHref = v.pathWith("schedule", query)
	} else {
		query.Set("view", viewTable)
		page.Timeline.TableHref = v.pathWith("schedule", query)
	}
	return nil
}

func (v *visit) schedule(rooms []booking.FreeRoom, list []booking.Card, date calendar.Date) *ui.Timeline {
	cards := map[int64]booking.Card{}
	for _, card := range list {
		cards[card.ID] = card
	}
	t := v.dayTimeline(date)
	day := calendar.DayBounds(date, v.server.Zone)
	for _, room := range rooms {
		row := v.roomRow(room, date)
		row.Items = v.scheduleItems(scheduleRow{room, cards, day, date})
		row.Longest = v.longestFree(row.Items)
		for _, item := range row.Items {
			if item.Kind != ui.KindClosed {
				widen(&t, item)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	if t.FromHour >= t.ToHour {
		t.FromHour, t.ToHour = 8, 20
	}
	return &t
}

func (v *visit) roomRow(room booking.FreeRoom, date calendar.Date) ui.TimelineRow {
	r := room.Place.Resource
	row := ui.TimelineRow{Href: v.pathWith("room", url.Values{"date": {date.String()}}, r.Slug)}
	row.Name, row.Lang = v.text(r.Name)
	var words []string
	if crowd := v.people(r); crowd != "" {
		words = append(words, crowd)
	}
	if r.State != "published" {
		words = append(words, v.t("work.not_published"))
	}
	row.Sub = strings.Join(words, ", ")
	return row
}

// longestFree is the longest free item in words, for the table.
func (v *visit) longestFree(items []ui.TimelineItem) string {
	longest := 0
	for _, item := range items {
		if item.Kind == ui.KindFree {
			longest = max(longest, item.Quarters*15)
		}
	}
	if longest == 0 {
		return ""
	}
	return v.say.Duration(longest)
}

// dayCounts says in one line how much there is.
func (v *visit) dayCounts(list []booking.Card) string {
	booked, waiting := 0, 0
	for _, card := range list {
		switch cardKind(card.Reservation) {
		case ui.KindRequested:
			waiting++
		case ui.KindConfirmed, ui.KindStaff:
			booked++
		}
	}
	parts := []string{v.t("count.bookings", "n", booked)}
	if waiting > 0 {
		parts = append(parts, v.t("count.requests", "n", waiting))
	}
	return v.wordList(parts)
}
