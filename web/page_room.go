package web

import (
	"net/url"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// roomPage is the data of templates/room.html.
type roomPage struct {
	ui.Frame
	Name, NameLang string
	Unit           string
	UnitLine       string
	Picture        string
	Gallery        []photo   // in place of Picture
	Preview        *ui.Alert // this is not the public page yet
	Description    string
	TextLang       string
	Facts          []ui.Fact
	Equipment      []string
	Picker         ui.TimePicker
	Mine           *ui.Alert // a time of this room is being kept for this visitor
	Refused        *ui.Alert // why the chosen time was not to be had, with ways out
	Summary        ui.ErrorSummary
	Hours          []hoursLine
	HoursHead      string
	Rules          []string
	RulesSource    string
	Coming         *comingRules
	Terms          string
	TermsLang      string
	Source         string
	Example        bool
	Subscribe      string // address of the room's calendar
}

// choice is what is chosen on a room's page. Start is empty until a time is.
type choice struct {
	Date    calendar.Date
	Start   string // "17:30"
	Minutes int
	Asked   bool // the date was asked for
}

// pickerID is the anchor of the time picker.
const pickerID = "aika"

func (v *visit) showRoom() error {
	place, err := v.visiblePlace()
	if err != nil {
		return err
	}
	if place.moved {
		return v.moved(v.path("room", place.Resource.Slug))
	}
	chosen, bad := v.choice(v.query)
	page, err := v.roomPage(place.Place, chosen)
	if err != nil {
		return err
	}
	if bad != nil {
		v.c.Status(422)
		page.Summary.Items = append(page.Summary.Items, ui.ErrorItem{Message: v.t(bad.Code, bad.Params)})
	}
	return v.render("room", page)
}

// shownPlace is a place that the visitor may see; moved when the address is an
// old one.
type shownPlace struct {
	resources.Place
	moved bool
}

func (v *visit) visiblePlace() (shownPlace, error) { return v.visiblePlaceAt(v.param("slug")) }

func (v *visit) visiblePlaceAt(slug string) (shownPlace, error) {
	place, now, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
	if err != nil {
		return shownPlace{}, err
	}
	if !place.Visible(v.now) && !v.worksFor(place.Unit.ID) {
		return shownPlace{}, fault.New(fault.NotFound, "resource.not_found")
	}
	return shownPlace{place, now != ""}, nil
}

// choice reads what is chosen, from the address or from the form. A date that
// cannot be read is named and replaced by none.
func (v *visit) choice(read func(string) string) (choice, *fault.Error) {
	c := choice{Date: v.today(), Start: read("start")}
	c.Minutes, _ = strconv.Atoi(read("minutes"))
	typed := read("date")
	if typed == "" {
		return c, nil
	}
	date, err := v.typedDate(typed)
	if err != nil {
		return c, fault.As(err)
	}
	if _, err := locales.ParseTime(c.Start); err != nil {
		c.Start = ""
	}
	c.Date, c.Asked = date, true
	return c, nil
}

// daysShown is how far a room's page looks for the first day with a free time
// when no day is asked for.
const daysShown = 14

func (v *visit) roomPage(place resources.Place, chosen choice) (roomPage, error) {
	monday := chosen.Date.AddDays(1 - int(chosen.Date.Weekday()))
	window := booking.Window{From: monday, To: monday.AddDays(6)}
	if !chosen.Asked {
		window.To = monday.AddDays(daysShown - 1)
	}
	look := v.server.Booking.Outlook
	if v.route.name == "resource-preview" {
		look = v.server.Booking.Preview
	}
	o, err := look(v.ctx, v.actor, place.Resource.UID, window)
	if err != nil {
		return roomPage{}, err
	}
	if !chosen.Asked {
		chosen.Date = v.firstFreeDate(o, chosen.Date)
	}
	page := v.roomFacts(place)
	if page.Coming, err = v.comingRules(place); err != nil {
		return page, err
	}
	page.Subscribe = v.pathWith("subscribe", url.Values{"room": {place.Resource.Slug}})
	v.tellPrice(&page, o)
	page.Picker = v.picker(o, chosen)
	page.Picker.Quotas = v.quotaLines(o.Quotas)
	page.Hours = v.weekHours(place, chosen.Date)
	page.HoursHead = v.t("room.hours_of", "week", v.say.WeekLong(v.midday(chosen.Date)))
	if page.Mine, err = v.ownHoldAlert(place.Resource); err != nil {
		return page, err
	}
	if _, ok := page.Picker.Chosen(); !ok && chosen.Start != "" && page.Mine == nil {
		page.Refused, err = v.goneAlert(o, chosen)
	}
	return page, err
}

func (v *visit) firstFreeDate(o booking.Outlook, from calendar.Date) calendar.Date {
	for _, start := range o.Starts {
		if date := v.dateOf(start.Begin); start.Free && !date.Before(from) {
			return date
		}
	}
	return from
}
