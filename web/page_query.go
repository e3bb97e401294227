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
	Text, Persons, Date, From, To, Minutes string
	Purpose, Type, Unit                    string
	StepFree, Free                         bool
	Now, Tonight, Weekend                  bool
	View                                   string // list, timeline or table; "" = list
	Page                                   int
}

func (v *visit) searchForm() searchForm {
	on := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return v.query(name) != "" && v.query(name) != "0" })
	}
	text := func(name string) string { return strings.TrimSpace(v.query(name)) }
	f := searchForm{
		Text: text("q"), Persons: text("persons"), Date: text("date"), From: text("from"), To: text("to"),
		Minutes: text("minutes"), Purpose: text("purpose"), Type: text("type"), Unit: text("unit"),
		StepFree: on("stepfree"), Free: on("free"), Now: on("now", "nyt"), Tonight: on("tonight"), Weekend: on("weekend"),
		View: v.query("view"),
	}
	f.Page, _ = strconv.Atoi(v.query("page"))
	if f.Date != "" { // a date that was typed wins over a button that was pressed before
		f.Now, f.Tonight, f.Weekend = false, false, false
	}
	if f.View != viewTimeline && f.View != viewTable {
		f.View = viewList
	}
	return f
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
	set("from", f.From)
	set("to", f.To)
	set("minutes", f.Minutes)
	set("purpose", f.Purpose)
	set("type", f.Type)
	set("unit", f.Unit)
	flag("stepfree", f.StepFree)
	flag("free", f.Free)
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
	return f.Date != "" || f.From != "" || f.To != "" || f.Minutes != "" || f.Now || f.Tonight || f.Weekend
}

// queries are what the engine is asked: one query, or one for each day of the
// weekend. Fields that cannot be read are named and left out.
func (v *visit) searchQueries(f searchForm) ([]booking.Query, []fault.Field) {
	var bad []fault.Field
	q := booking.Query{
		Filter: resources.Filter{
			Text: f.Text, Unit: f.Unit, Purpose: f.Purpose, Type: f.Type, StepFree: f.StepFree, Free: f.Free, Lang: v.lang,
		},
		FreeNow: f.Now, Any: !f.asksTime(),
	}
	number := func(name, typed string, most int) int {
		n, err := strconv.Atoi(typed)
		if typed != "" && (err != nil || n < 1 || n > most) {
			bad = append(bad, fault.Field{Name: name, Code: "search." + name, Params: fault.Params{"max": most}})
			return 0
		}
		return n
	}
	minute := func(name, typed string) calendar.Minute {
		if typed == "" {
			return 0
		}
		n, err := locales.ParseTime(typed)
		if err != nil {
			bad = append(bad, fault.Field{Name: name, Code: "search.bad_time", Params: fault.Params{"value": typed}})
		}
		return calendar.Minute(n)
	}
	q.Persons, q.Minutes = number("persons", f.Persons, 100_000), number("minutes", f.Minutes, calendarDay)
	q.From, q.To = minute("from", f.From), minute("to", f.To)
	if q.To != 0 && q.To <= q.From {
		bad = append(bad, fault.Field{Name: "to", Code: "search.end_before_begin"})
		q.From, q.To = 0, 0
	}
	dates, err := v.searchDates(f)
	if err != nil {
		bad = append(bad, fault.Field{Name: "date", Code: fault.Code(err), Params: fault.As(err).Params})
	}
	if f.Tonight && q.From == 0 && q.To == 0 {
		q.From, q.To = booking.TonightFrom, booking.TonightTo
	}
	return onDates(q, dates), bad
}

func onDates(q booking.Query, dates []calendar.Date) []booking.Query {
	var queries []booking.Query
	for _, date := range dates {
		q.Date = date
		queries = append(queries, q)
	}
	return queries
}

// searchDates are the days that a search is about; today where none is asked.
func (v *visit) searchDates(f searchForm) ([]calendar.Date, error) {
	today := v.today()
	switch {
	case f.Now || f.Tonight:
		return []calendar.Date{today}, nil
	case f.Weekend:
		saturday := today.AddDays((int(calendar.Saturday) - int(today.Weekday()) + 7) % 7)
		if today.Weekday() == calendar.Sunday {
			return []calendar.Date{today}, nil
		}
		return []calendar.Date{saturday, saturday.AddDays(1)}, nil
	case f.Date == "" && !f.asksTime() && f.View == viewList:
		return []calendar.Date{today, today.AddDays(1)}, nil // who only looks around sees the next free times
	case f.Date == "":
		return []calendar.Date{today}, nil
	}
	date, err := v.typedDate(f.Date)
	if err != nil {
		return []calendar.Date{today}, err
	}
	return []calendar.Date{date}, nil
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
		"type": &f.Type, "purpose": &f.Purpose, "unit": &f.Unit,
	}
	for _, b := range bad {
		if field, ok := typed[b.Name]; ok {
			*field = ""
		}
	}
	return f
}
