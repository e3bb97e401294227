package web

import (
	"cmp"
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
	Heading   string // the day, or the week
	Prev      ui.Link
	Next      ui.Link
	PrevLabel string
	NextLabel string
	Today     string // "" = it is today
	Ways      []wayLink
	New       string // address of the form; "" = may not book
	Close     string
	Print     string
	Subscribe string // the unit's calendar
	Unit      ui.Field
	Room      *ui.Field // of a week: whose
	Date      ui.Field
	Show      ui.Field  // what is shown
	Kept      []ui.Link // hidden fields: name and value
	View      string
	Keys      keySwitch
	Summary   ui.ErrorSummary
	Counts    string
	Timeline  *ui.Timeline
	Empty     *ui.Empty
}

// showSchedule is one day of a unit: all rooms by hours, or as a table; or a
// week of one room, or a month of counts.
func (v *visit) showSchedule() error {
	units, unit, err := v.askedUnit()
	if err != nil {
		return err
	}
	switch {
	case v.query("month") != "":
		return v.showUnitMonth(unit, units)
	case v.query("span") == spanWeek:
		return v.showUnitWeek(unit, units)
	}
	date, problem := v.askedDate()
	page, err := v.scheduleFrame(unit, units, date, problem)
	if err != nil {
		return err
	}
	v.dayHead(&page, unit, date)
	if err := v.fillSchedule(&page, unit, date); err != nil {
		return err
	}
	return v.render("work_schedule", page)
}

// scheduleFrame is what a day and a week have in common.
func (v *visit) scheduleFrame(unit resources.Unit, units []resources.Unit, date calendar.Date, problem string) (schedulePage, error) {
	page := schedulePage{View: v.query("view"), Keys: v.scheduleKeys()}
	var err error
	if page.Frame, err = v.workFrame(v.t("work.schedule")); err != nil {
		return page, err
	}
	page.Unit = ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, "", unit.Slug)}
	page.Date = ui.Field{Name: "date", Label: v.t("work.date"), Value: v.dateTyped(date), Autocomplete: "off", Width: "s", Error: problem}
	page.Show = ui.Field{Name: "show", Label: v.t("work.show"), Type: "select"}
	for _, show := range []string{"", "bookings", "requests", "closures"} {
		page.Show.Options = append(page.Show.Options, ui.Option{Value: show, Label: v.t("work.show." + cmp.Or(show, "all")), Selected: show == v.query("show")})
	}
	for _, name := range []string{"span", "view"} {
		if value := v.query(name); value != "" {
			page.Kept = append(page.Kept, ui.Link{Label: name, Href: value})
		}
	}
	page.Ways = v.scheduleWays(unit, date)
	page.Subscribe = v.pathWith("subscribe", url.Values{"unit": {unit.Slug}})
	page.Print = v.pathWith("work-week", url.Values{"unit": {unit.Slug}, "date": {mondayOf(date).String()}})
	if v.mayBook(unit.ID) {
		page.New = v.pathWith("work-new", url.Values{"unit": {unit.Slug}, "date": {date.String()}})
		page.Close = v.pathWith("work-close", url.Values{"unit": {unit.Slug}, "date": {date.String()}})
	}
	if problem != "" {
		page.Date.Value = v.query("date")
		page.Summary = ui.Errors(page.Date)
		v.c.Status(422)
	}
	return page, nil
}

// scheduleWays are day, week and month around a date.
func (v *visit) scheduleWays(unit resources.Unit, date calendar.Date) []wayLink {
	week, month := v.query("span") == spanWeek, v.query("month") != ""
	ways := []wayLink{
		{Label: v.t("work.day"), Href: v.dayAlone(unit, date), Key: "d", Current: !week && !month},
		{Label: v.t("work.week"), Href: v.pathWith("schedule", url.Values{"unit": {unit.Slug}, "date": {date.String()}, "span": {spanWeek}}), Key: "w", Current: week},
		{Label: v.t("work.month"), Href: v.monthOfUnit(unit, date), Current: month},
	}
	for i := range ways {
		if !v.keysOn() {
			ways[i].Key = ""
		}
	}
	return ways
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

func (v *visit) dayHead(page *schedulePage, unit resources.Unit, date calendar.Date) {
	page.Heading = capital(v.say.LongDate(v.midday(date)))
	page.Title = page.Heading + ", " + v.named(unit.Name)
	page.Prev = ui.Link{Href: v.dayOf(unit, date.AddDays(-1)), Label: v.say.ShortDate(v.midday(date.AddDays(-1)))}
	page.Next = ui.Link{Href: v.dayOf(unit, date.AddDays(1)), Label: v.say.ShortDate(v.midday(date.AddDays(1)))}
	page.PrevLabel, page.NextLabel = v.t("work.prev_day"), v.t("work.next_day")
	if date != v.today() {
		page.Today = v.dayOf(unit, calendar.Date{})
	}
}

// dayOf is the schedule of a unit on a date; without one, today.
func (v *visit) dayOf(unit resources.Unit, date calendar.Date) string {
	return v.pathWith("schedule", url.Values{"unit": {unit.Slug}, "date": {date.String()}, "view": {v.query("view")}, "show": {v.query("show")}})
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
		page.Empty = v.noRooms()
		return nil
	}
	slices.SortStableFunc(rooms, func(a, b booking.FreeRoom) int {
		return compareNames(v.named(a.Place.Resource.Name), v.named(b.Place.Resource.Name))
	})
	page.Counts = v.dayCounts(list)
	page.Timeline = v.schedule(rooms, list, date)
	page.Timeline.Title = v.named(unit.Name)
	v.timelineWays(page.Timeline, url.Values{"unit": {unit.Slug}, "date": {date.String()}})
	return nil
}

func (v *visit) noRooms() *ui.Empty {
	return &ui.Empty{Drawing: ui.DrawLake, Title: v.t("work.no_rooms"), Text: v.t("work.no_rooms_text")}
}

// timelineWays are the addresses of a timeline as a grid and as a table.
func (v *visit) timelineWays(t *ui.Timeline, query url.Values) {
	query.Set("show", v.query("show"))
	if v.query("view") == viewTable {
		t.GridHref = v.pathWith("schedule", query)
		return
	}
	query.Set("view", viewTable)
	t.TableHref = v.pathWith("schedule", query)
}

func (v *visit) schedule(rooms []booking.FreeRoom, list []booking.Card, date calendar.Date) *ui.Timeline {
	cards := map[int64]booking.Card{}
	for _, card := range list {
		cards[card.ID] = card
	}
	t := v.dayTimeline(date)
	day := calendar.DayBounds(date, v.server.Zone)
	for _, room := range rooms {
		v.addScheduleRow(&t, v.roomRow(room, date), scheduleRow{room, cards, day, date})
	}
	someHours(&t)
	return &t
}

// addScheduleRow fills a row with what the page is asked to show and makes the
// timeline wide enough for it.
func (v *visit) addScheduleRow(t *ui.Timeline, row ui.TimelineRow, what scheduleRow) {
	v.letMove(t, &row, what)
	row.Items = onlyShown(v.scheduleItems(what), v.query("show"))
	row.Longest = v.longestFree(row.Items)
	for _, item := range row.Items {
		if item.Kind != ui.KindClosed {
			widen(t, item)
		}
	}
	t.Rows = append(t.Rows, row)
}

// someHours gives a timeline on which nothing happens the hours of a day.
func someHours(t *ui.Timeline) {
	if t.FromHour >= t.ToHour {
		t.FromHour, t.ToHour = 8, 20
	}
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
	return v.say.And(parts)
}
