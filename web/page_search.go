package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
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

// The views of the results.
const (
	viewList     = "list"
	viewTimeline = "timeline"
	viewTable    = "table"
)

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

// foundRoom is a room of the answer with its free times on all asked days.
type foundRoom struct {
	booking.FreeRoom
	Times []calendar.Interval
}

// search asks the engine and joins the days of a weekend by room.
func (v *visit) search(queries []booking.Query) ([]foundRoom, error) {
	var found []foundRoom
	at := map[int]int{}
	for _, query := range queries {
		rooms, err := v.server.Booking.Search(v.ctx, v.actor, query)
		if err != nil {
			return nil, err
		}
		for _, room := range rooms {
			i, seen := at[room.Place.Resource.ID]
			if !seen {
				i = len(found)
				at[room.Place.Resource.ID] = i
				found = append(found, foundRoom{FreeRoom: room})
			}
			found[i].Times = append(found[i].Times, room.FreeStarts...)
		}
	}
	if len(queries) > 0 && queries[0].FreeNow {
		slices.SortStableFunc(found, func(a, b foundRoom) int { return b.FreeUntil.Compare(a.FreeUntil) })
	}
	if len(queries) > 1 {
		slices.SortStableFunc(found, func(a, b foundRoom) int { return cmp.Compare(min(1, len(b.Times)), min(1, len(a.Times))) })
	}
	return found, nil
}

// searchPage is the data of templates/rooms.html.
type searchPage struct {
	ui.Frame
	Summary   ui.ErrorSummary
	Top       []ui.Field
	Folded    []ui.Field
	FoldOpen  bool
	FoldCount int
	Keep      []ui.Hidden // what travels with the form beside its fields
	Quick     []quickLink
	Views     []quickLink
	Chosen    []ui.Chosen
	Count     string
	When      string
	Cards     []ui.RoomCard
	Pages     ui.Pagination
	Timeline  *ui.Timeline
	AsTable   bool
	Empty     *ui.Empty
}

// quickLink is a choice that is a link.
type quickLink struct {
	Href, Label, Icon string
	Current           bool
}

const roomsPerPage = 24

func (v *visit) showRooms() error {
	f := v.searchForm()
	queries, bad := v.searchQueries(f)
	found, err := v.search(queries)
	if fault.Is(err, fault.Invalid) {
		bad = append(bad, fault.As(err).Fields...)
	}
	asked := f.withoutFields(bad)
	if len(bad) > 0 {
		queries, _ = v.searchQueries(asked)
		found, err = v.search(queries)
	}
	if err != nil {
		return err
	}
	page := searchPage{Frame: v.frame(v.t("nav.search")), Quick: v.quickLinks(f), Views: v.viewLinks(f)}
	page.Breadcrumbs = []ui.Link{{Href: v.path("home"), Label: v.t("nav.home")}, {Href: v.path("rooms"), Label: v.t("nav.search")}}
	if err := v.fillSearchFields(&page, f, bad); err != nil {
		return err
	}
	page.Count = v.foundWords(len(found), asked)
	page.When = v.searchWhen(asked, queries)
	switch {
	case len(found) == 0:
		page.Empty, err = v.emptySearch(asked, queries)
	case f.View == viewList:
		v.fillCards(&page, f, found, queries)
	default:
		page.Timeline, page.AsTable = v.searchTimeline(f, found, queries[0].Date), f.View == viewTable
	}
	if err != nil {
		return err
	}
	return v.render("rooms", page)
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

func (v *visit) foundWords(n int, f searchForm) string {
	if f.asksTime() {
		return v.t("search.found_free", "n", n)
	}
	return v.t("search.found", "n", n)
}

// searchWhen says which time the free times are of.
func (v *visit) searchWhen(f searchForm, queries []booking.Query) string {
	first := v.midday(queries[0].Date)
	switch {
	case !f.asksTime() && len(queries) > 1:
		return ""
	case f.Now:
		return v.t("search.when_now", "time", v.say.Time(v.now))
	case f.Weekend && len(queries) > 1:
		return v.say.ShortDate(first) + "–" + v.say.ShortDate(v.midday(queries[1].Date))
	}
	when := capital(v.say.Relative(first, v.now))
	if v.dateOf(first) == v.today() || v.dateOf(first) == v.today().AddDays(1) {
		when += " " + v.say.ShortDate(first)
	}
	if q := queries[0]; q.From != 0 || q.To != 0 {
		to := q.To
		if to == 0 {
			to = calendarDay
		}
		when += v.atWords(first) + v.clockSpan(q.From, to)
	}
	return when
}

func (v *visit) fillCards(page *searchPage, f searchForm, found []foundRoom, queries []booking.Query) {
	current := min(max(f.Page, 1), (len(found)+roomsPerPage-1)/roomsPerPage)
	first := (current - 1) * roomsPerPage
	last := min(first+roomsPerPage, len(found))
	for _, room := range found[first:last] {
		page.Cards = append(page.Cards, v.roomCard(room, queries, f))
	}
	page.Pages.Status = strconv.Itoa(first+1) + "–" + strconv.Itoa(last) + " / " + strconv.Itoa(len(found))
	if current > 1 {
		f.Page = current - 1
		page.Pages.PrevHref = v.pathWith("rooms", f.values())
	}
	if last < len(found) {
		f.Page = current + 1
		page.Pages.NextHref = v.pathWith("rooms", f.values())
	}
}
