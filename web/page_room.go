package web

import (
	"net/url"
	"strconv"
	"time"

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
	Terms          string
	TermsLang      string
	Source         string
	Example        bool
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

func (v *visit) visiblePlace() (shownPlace, error) {
	place, now, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, v.param("slug"))
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
	o, err := v.server.Booking.Outlook(v.ctx, v.actor, place.Resource.UID, window)
	if err != nil {
		return roomPage{}, err
	}
	if !chosen.Asked {
		chosen.Date = v.firstFreeDate(o, chosen.Date)
	}
	page := v.roomFacts(place)
	page.Picker = v.picker(o, chosen)
	page.Hours = v.weekHours(place, chosen.Date)
	page.HoursHead = v.t("room.hours_of", "week", v.say.WeekLong(v.midday(chosen.Date)))
	page.Mine, err = v.ownHoldAlert(place.Resource)
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

// roomFacts are what a room's page says about it whatever is chosen.
func (v *visit) roomFacts(place resources.Place) roomPage {
	r := place.Resource
	name, lang := v.text(r.Name)
	page := roomPage{
		Name: name, NameLang: lang, Unit: v.named(place.Unit.Name), Picture: v.picture(r.Slug),
		Facts: v.facts(place), Equipment: v.vocabulary(resources.Equipment, r.Equipment),
		Rules: v.ruleLines(place), Source: r.Source, Example: r.Example,
	}
	page.UnitLine = page.Unit
	if r.Floor != "" {
		page.UnitLine += ", " + v.t("room.floor", "floor", r.Floor)
	}
	page.Frame = v.frame(name, ui.Link{Href: v.path("rooms"), Label: v.t("nav.search")})
	page.Description, page.TextLang = v.text(r.Description)
	page.Frame.Description = page.Description
	page.Terms, page.TermsLang = v.text(r.Terms)
	if place.Book.Decision != "" {
		page.RulesSource = v.t("room.rules_source", "decision", place.Book.Decision)
	}
	return page
}

func (v *visit) facts(place resources.Place) []ui.Fact {
	r := place.Resource
	facts := []ui.Fact{{Icon: "building", Label: v.t("field.type"), Value: v.keyChip(resources.Types, r.Type)}}
	add := func(icon, key, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: v.t(key), Value: value})
		}
	}
	add("users", "room.people", v.crowd(r))
	if r.AreaM2 != nil {
		decimals := 0
		if *r.AreaM2 != float64(int(*r.AreaM2)) {
			decimals = 1
		}
		add("ruler-2", "room.area", v.say.Decimal(*r.AreaM2, decimals)+" m²")
	}
	price := v.listPrice(r)
	if r.PriceNote != "" && v.lang == "fi" { // it is kept in one language only
		price += " (" + r.PriceNote + ")"
	}
	add("currency-euro", "room.price", price)
	add("wheelchair", "room.access", v.stepFreeWord(r.StepFree))
	add("key", "room.way_in", v.accessWord(r.Access))
	add("map-pin", "room.address", addressLine(place.Unit))
	add("phone", "field.phone", place.Unit.Phone)
	return facts
}

// addressLine is "Töölönlahdenkatu 4, 00100 Helsinki".
func addressLine(u resources.Unit) string {
	line := u.Address
	if town := joinWords(" ", u.Postcode, u.City); town != "" {
		line = joinWords(", ", line, town)
	}
	return line
}

func joinWords(with string, parts ...string) string {
	out := ""
	for _, part := range parts {
		switch {
		case part == "":
		case out == "":
			out = part
		default:
			out += with + part
		}
	}
	return out
}

func (v *visit) stepFreeWord(known *bool) string {
	switch {
	case known == nil:
		return v.t("word.unknown")
	case *known:
		return v.t("room.step_free")
	}
	return v.t("room.steps")
}

// accessWord is how people get in, in the place's own words where there are
// none of ours.
func (v *visit) accessWord(access string) string {
	if key := "access." + access; access != "" && locales.Has(key) {
		return v.t(key)
	}
	return access
}

// ownHoldAlert tells a visitor that a time of this room is being kept for them,
// since the picker shows it as taken.
func (v *visit) ownHoldAlert(r resources.Resource) (*ui.Alert, error) {
	if v.actor.Session == 0 {
		return nil, nil
	}
	hold, err := v.server.Booking.CurrentHold(v.ctx, v.actor)
	if err != nil || hold == nil || hold.ResourceSlug != r.Slug {
		return nil, err
	}
	return &ui.Alert{
		Kind: ui.AlertInfo, Title: v.t("hold.yours_title"),
		Text:  v.t("hold.yours", "when", v.say.Range(hold.BeginAt, hold.EndAt)),
		Links: []ui.Link{{Href: v.checkoutHref(hold.ResourceSlug, hold.Interval()), Label: v.t("hold.go_on")}},
	}, nil
}

// holdTime keeps the chosen time and leads to the checkout.
func (v *visit) holdTime() error {
	place, err := v.visiblePlace()
	if err != nil {
		return err
	}
	chosen, bad := v.choice(v.form)
	times, problem := v.chosenTimes(chosen)
	if bad != nil {
		problem = bad
	}
	if problem != nil {
		return v.showRoomAgain(place.Place, chosen, problem)
	}
	if err := v.session(); err != nil {
		return err
	}
	if _, err := v.server.Booking.Hold(v.ctx, v.actor, place.Resource.UID, times); err != nil {
		return v.showRoomAgain(place.Place, chosen, err)
	}
	return v.redirect(v.checkoutHref(place.Resource.Slug, calendar.Interval(times)))
}

// chosenTimes are the instants of a choice; a choice without a start is not one.
func (v *visit) chosenTimes(chosen choice) (booking.Times, *fault.Error) {
	minute, err := locales.ParseTime(chosen.Start)
	if chosen.Start == "" || err != nil {
		return booking.Times{}, fault.InvalidField("start", "booking.choose_start")
	}
	if chosen.Minutes < 1 || chosen.Minutes > calendarDay {
		return booking.Times{}, fault.InvalidField("minutes", "booking.bad_duration")
	}
	begin := calendar.Resolve(chosen.Date, calendar.Minute(minute), v.server.Zone)
	end := calendar.AddWall(begin.Instant, chosen.Minutes, v.server.Zone)
	if !begin.Exists || !end.Exists {
		return booking.Times{}, fault.InvalidField("start", "booking.bad_time")
	}
	return booking.Times{Begin: begin.Instant, End: end.Instant}, nil
}

// showRoomAgain answers a time that could not be kept: the reason and ways out
// above a picker that shows what is free now.
func (v *visit) showRoomAgain(place resources.Place, chosen choice, cause error) error {
	p, ok := v.problems(cause)
	if !ok {
		return cause
	}
	chosen.Asked = true
	page, err := v.roomPage(place, chosen)
	if err != nil {
		return err
	}
	page.Refused = v.refusalAlert(p)
	return v.render("room", page)
}

// refusalAlert is a refusal with its alternatives as links.
func (v *visit) refusalAlert(p problems) *ui.Alert {
	alert := &ui.Alert{Kind: ui.AlertDanger, Title: v.t("booking.refused_title")}
	for _, item := range p.Summary.Items {
		alert.Text = joinWords(" ", alert.Text, item.Message)
	}
	if p.Refusal != nil {
		alert.Links = v.alternativeLinks(p.Refusal.Alternatives)
	}
	return alert
}

// alternativeLinks lead to the same or another room with a time chosen.
func (v *visit) alternativeLinks(list []booking.Alternative) []ui.Link {
	var links []ui.Link
	for _, a := range list {
		when := v.say.ShortRange(a.Begin, a.End)
		links = append(links, ui.Link{
			Href:  v.chosenHref(a.Resource.Slug, calendar.Interval{Begin: a.Begin, End: a.End}),
			Label: v.t("alternative."+a.Why) + ": " + joinWords(", ", v.named(a.Resource.Name), when),
		})
	}
	return links
}

// checkoutHref is the checkout of a time, as an address that can be come back
// to.
func (v *visit) checkoutHref(slug string, asked calendar.Interval) string {
	return v.pathWith("checkout", url.Values{"room": {slug}, "begin": {stamp(asked.Begin)}, "end": {stamp(asked.End)}})
}

const stampForm = "2006-01-02T15:04Z"

func stamp(t time.Time) string { return t.UTC().Format(stampForm) }
