package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// searchForm is the search as it stands in the address, as it was typed.
type searchForm struct {
	Text, Persons, Date, Until, From, To, Minutes string
	Purpose, Type, Unit, Area, Access             string
	Near, Within                                  string // near: a point, a postcode or a unit's name; within: metres
	Equipment                                     []string
	StepFree, Free, NoApproval                    bool
	Now, Tonight, Weekend                         bool
	Sort                                          string
	View                                          string // list, timeline, table or map; "" = list
	Page                                          int
}

func (v *visit) searchForm() searchForm {
	on := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return v.query(name) != "" && v.query(name) != "0" })
	}
	text := func(name string) string { return strings.TrimSpace(v.query(name)) }
	f := searchForm{
		Text: text("q"), Persons: text("persons"), Date: text("date"), From: text("from"), To: text("to"),
		Minutes: text("minutes"), Purpose: text("purpose"), Type: text("type"), Unit: text("unit"),
		Until: text("until"), Area: text("area"), Access: text("access"), Near: text("near"), Within: text("within"),
		Equipment: v.queries("equipment"), Sort: text("sort"),
		StepFree: on("stepfree"), Free: on("free"), NoApproval: on("noapproval"), Now: on("now", "nyt"), Tonight: on("tonight"), Weekend: on("weekend"),
		View: v.query("view"),
	}
	f.Page, _ = strconv.Atoi(v.query("page"))
	switch quick := v.query("quick"); quick { // a button of the home page, pressed last
	case "now", "tonight", "weekend":
		f.Date, f.Now, f.Tonight, f.Weekend = "", quick == "now", quick == "tonight", quick == "weekend"
	}
	if f.Date != "" { // a date that was typed wins over a button that was pressed before
		f.Now, f.Tonight, f.Weekend = false, false, false
	}
	if f.View != viewTimeline && f.View != viewTable && (f.View != viewMap || v.server.MapTileURL == "") {
		f.View = viewList
	}
	return f
}

// queries are all values of a name in the query string that may stand in it
// several times; empty ones are left out.
func (v *visit) queries(name string) []string {
	var values []string
	for _, value := range v.c.Context().QueryArgs().PeekMulti(name) {
		if len(value) > 0 {
			values = append(values, string(value))
		}
	}
	return values
}

// values are the search as a query; what is not asked for is left out.
func (f searchForm) values() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	flag := func(name string, on bool) {
		if on {
			q.Set(name, "1")
		}
	}
	set("q", f.Text)
	set("persons", f.Persons)
	set("date", f.Date)
	set("until", f.Until)
	set("from", f.From)
	set("to", f.To)
	set("minutes", f.Minutes)
	set("purpose", f.Purpose)
	set("type", f.Type)
	set("unit", f.Unit)
	set("area", f.Area)
	set("access", f.Access)
	set("near", f.Near)
	set("within", f.Within)
	set("sort", f.Sort)
	for _, key := range f.Equipment {
		q.Add("equipment", key)
	}
	flag("stepfree", f.StepFree)
	flag("free", f.Free)
	flag("noapproval", f.NoApproval)
	flag("now", f.Now)
	flag("tonight", f.Tonight)
	flag("weekend", f.Weekend)
	if f.View != viewList {
		set("view", f.View)
	}
	if f.Page > 1 {
		set("page", strconv.Itoa(f.Page))
	}
	return q
}

// asksTime tells whether some time is wanted, so that rooms without a free one
// are no answer.
func (f searchForm) asksTime() bool {
	return f.Date != "" || f.Until != "" || f.From != "" || f.To != "" || f.Minutes != "" || f.Now || f.Tonight || f.Weekend
}

// typed reads what was typed into a search and notes the mistakes.
type typed struct {
	*visit
	bad []fault.Field
}

func (t *typed) wrong(name, code string, params fault.Params) {
	t.bad = append(t.bad, fault.Field{Name: name, Code: code, Params: params})
}

func (t *typed) number(name, text string, most int) int {
	n, err := strconv.Atoi(text)
	if text != "" && (err != nil || n < 1 || n > most) {
		t.wrong(name, "search."+name, fault.Params{"max": most})
		return 0
	}
	return n
}

func (t *typed) minute(name, text string) calendar.Minute {
	if text == "" {
		return 0
	}
	n, err := locales.ParseTime(text)
	if err != nil {
		t.wrong(name, "search.bad_time", fault.Params{"value": text})
	}
	return calendar.Minute(n)
}

func (t *typed) date(name, text string) calendar.Date {
	date, err := t.typedDate(text)
	if err != nil {
		t.wrong(name, fault.Code(err), fault.As(err).Params)
		return calendar.Date{}
	}
	return date
}

// searchQuery is what the engine is asked. Fields that cannot be read are named
// and left out.
func (v *visit) searchQuery(f searchForm, units []resources.Unit) (booking.Query, []fault.Field) {
	t := &typed{visit: v}
	q := booking.Query{
		Filter: resources.Filter{
			Text: f.Text, Unit: f.Unit, Purpose: f.Purpose, Type: f.Type, Area: f.Area, Access: f.Access, Equipment: f.Equipment,
			StepFree: f.StepFree, Free: f.Free, NoApproval: f.NoApproval, Lang: v.lang,
		},
		FreeNow: f.Now, Any: !f.asksTime(), Sort: f.order(),
	}
	q.Persons, q.Minutes = t.number("persons", f.Persons, 100_000), t.number("minutes", f.Minutes, calendarDay)
	q.From, q.To = t.minute("from", f.From), t.minute("to", f.To)
	if q.To != 0 && q.To <= q.From {
		t.wrong("to", "search.end_before_begin", nil)
		q.From, q.To = 0, 0
	}
	if f.Tonight && q.From == 0 && q.To == 0 {
		q.From, q.To = booking.TonightFrom, booking.TonightTo
	}
	t.dates(f, &q)
	t.place(f, units, &q)
	return q, t.bad
}

// order is the chosen one; who types words and no time wants the best match.
func (f searchForm) order() booking.Sort {
	switch sort := booking.Sort(f.Sort); {
	case sort == booking.Soonest || sort == booking.Nearest || sort == booking.ByName:
		return sort
	case f.Near != "":
		return booking.Nearest
	case f.Text != "" && !f.asksTime():
		return booking.ByName
	}
	return booking.Soonest
}

// dates sets the days that a search is about; today where none is asked.
func (t *typed) dates(f searchForm, q *booking.Query) {
	today := t.today()
	q.Date = today
	switch {
	case f.Now || f.Tonight:
	case f.Weekend:
		if today.Weekday() != calendar.Sunday {
			q.Date = today.AddDays((int(calendar.Saturday) - int(today.Weekday()) + 7) % 7)
			q.Until = q.Date.AddDays(1)
		}
	default:
		if f.Date != "" {
			if q.Date = t.date("date", f.Date); q.Date.IsZero() {
				q.Date = today
			}
		}
		if f.Until != "" {
			q.Until = t.date("until", f.Until)
		}
	}
}

// place sets the point from which distances are counted.
func (t *typed) place(f searchForm, units []resources.Unit, q *booking.Query) {
	if f.Near == "" {
		return
	}
	point, known := nearPoint(f.Near, units)
	if !known {
		t.wrong("near", "search.unknown_place", fault.Params{"value": f.Near})
		return
	}
	q.Near, q.Within = &point, t.number("within", f.Within, 100_000)
}

// nearPoint reads a point, or finds the first unit with that postcode, name or
// address.
func nearPoint(text string, units []resources.Unit) (resources.Point, bool) {
	if point, err := resources.ParsePoint(text); err == nil {
		return point, true
	}
	for _, unit := range units {
		if point, known := unit.Point(); known && unit.Meets(text) {
			return point, true
		}
	}
	return resources.Point{}, false
}

// typedDate reads a date as people write it in any of the languages.
func (v *visit) typedDate(typed string) (calendar.Date, error) {
	year, month, day, err := locales.ParseDate(typed, v.now.In(v.server.Zone))
	return calendar.Date{Year: year, Month: month, Day: day}, err
}

// withoutFields is the search without what could not be read or was refused, so
// that a mistyped filter does not leave the page empty.
func (f searchForm) withoutFields(bad []fault.Field) searchForm {
	typed := map[string]*string{
		"text": &f.Text, "date": &f.Date, "persons": &f.Persons, "from": &f.From, "to": &f.To, "minutes": &f.Minutes,
		"type": &f.Type, "purpose": &f.Purpose, "unit": &f.Unit, "until": &f.Until, "area": &f.Area, "access": &f.Access,
		"near": &f.Near, "within": &f.Within,
	}
	for _, b := range bad {
		if b.Name == "equipment" {
			f.Equipment = nil
		}
		if field, ok := typed[b.Name]; ok {
			*field = ""
		}
	}
	return f
}
