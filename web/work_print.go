package web

import (
	"net/url"
	"slices"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/ui"
)

// weekPage is the data of templates/work_week.html: a week on paper.
type weekPage struct {
	ui.Frame
	Unit    ui.Field
	Date    ui.Field
	By      ui.Field
	Names   ui.Field
	Summary ui.ErrorSummary
	Days    []string
	Sheets  []weekSheet
	Printed string
	Back    string
	Empty   *ui.Empty
}

// weekSheet is what begins on a page of its own: a unit, or one of its rooms.
type weekSheet struct {
	Title, Lang string
	Week        string
	QR          qrCode
	Address     string // what the code leads to
	Rows        []weekRow
	OneRoom     bool
}

// weekRow is a room's week: a list for each day.
type weekRow struct {
	Name, Lang string
	Days       [7]weekDay
}

type weekDay struct {
	Label string
	Items []ui.TimelineItem
}

// showWeek is a week to hang on a wall. Names are on it only when the address
// asks for them.
func (v *visit) showWeek() error {
	units, unit, err := v.askedUnit()
	if err != nil {
		return err
	}
	date, problem := v.askedDate()
	monday := mondayOf(date)
	page := weekPage{Printed: v.t("week.printed", "at", v.now), Back: v.weekOf(unit, monday)}
	if page.Frame, err = v.workFrame(v.t("week.title"), ui.Link{Href: page.Back, Label: v.t("work.schedule")}); err != nil {
		return err
	}
	page.Title = v.weekName(monday) + ", " + v.named(unit.Name)
	v.weekForm(&page, units, unit, monday)
	if problem != "" {
		page.Date.Error, page.Date.Value = problem, v.query("date")
		page.Summary = ui.Errors(page.Date)
		v.c.Status(422)
	}
	for i := range 7 {
		page.Days = append(page.Days, capital(v.say.ShortDate(v.midday(monday.AddDays(i)))))
	}
	if page.Sheets, err = v.weekSheets(unit, monday); err != nil {
		return err
	}
	if len(page.Sheets) == 0 {
		page.Empty = v.noRooms()
	}
	return v.render("work_week", page)
}

func (v *visit) weekForm(page *weekPage, units []resources.Unit, unit resources.Unit, monday calendar.Date) {
	byRoom := v.query("by") == "room"
	page.Unit = ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, "", unit.Slug)}
	page.Date = ui.Field{Name: "date", Label: v.t("work.date"), Value: v.dateTyped(monday), Autocomplete: "off", Width: "s"}
	page.By = ui.Field{Name: "by", Label: v.t("week.by"), Type: "select", Options: []ui.Option{
		{Value: "unit", Label: v.t("week.by_unit"), Selected: !byRoom}, {Value: "room", Label: v.t("week.by_room"), Selected: byRoom},
	}}
	page.Names = ui.Field{Name: "names", Label: v.t("week.names"), Type: "checkbox", Checked: v.query("names") == "1"}
}

func (v *visit) weekSheets(unit resources.Unit, monday calendar.Date) ([]weekSheet, error) {
	places, err := v.placesOf(unit)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	byRoom := v.query("by") == "room"
	var sheets []weekSheet
	for _, place := range places {
		week, cards, err := v.roomWeek(place, monday)
		if err != nil {
			return nil, err
		}
		if byRoom || len(sheets) == 0 {
			sheet, err := v.weekSheet(place, monday, byRoom)
			if err != nil {
				return nil, err
			}
			sheets = append(sheets, sheet)
		}
		last := &sheets[len(sheets)-1]
		last.Rows = append(last.Rows, v.weekRow(week, cards, monday))
	}
	return sheets, nil
}

// weekSheet is an empty sheet with the code that leads to the page where the
// same week is always up to date.
func (v *visit) weekSheet(place resources.Place, monday calendar.Date, byRoom bool) (weekSheet, error) {
	sheet := weekSheet{Week: v.weekName(monday), OneRoom: byRoom}
	name, live := place.Unit.Name, v.pathWith("rooms", url.Values{"unit": {place.Unit.Slug}, "date": {monday.String()}, "view": {viewTimeline}})
	if byRoom {
		name, live = place.Resource.Name, v.pathWith("room", url.Values{"date": {monday.String()}}, place.Resource.Slug)
	}
	sheet.Title, sheet.Lang = v.text(name)
	sheet.Address = v.server.BaseURL + live
	var err error
	sheet.QR, err = newQRCode(sheet.Address)
	return sheet, err
}

func (v *visit) weekRow(week booking.Outlook, cards []booking.Card, monday calendar.Date) weekRow {
	var row weekRow
	row.Name, row.Lang = v.text(week.Place.Resource.Name)
	for i := range 7 {
		date := monday.AddDays(i)
		items, _ := v.takenItems(v.rowOf(week, cards, date))
		slices.SortStableFunc(items, func(a, b ui.TimelineItem) int { return a.StartQuarter - b.StartQuarter })
		for j := range items {
			if v.query("names") != "1" {
				items[j].Sub = ""
			}
		}
		items = slices.DeleteFunc(items, func(item ui.TimelineItem) bool { return item.Kind == ui.KindHeld })
		row.Days[i] = weekDay{Label: capital(v.say.ShortDate(v.midday(date))), Items: items}
	}
	return row
}
