package web

import (
	"cmp"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/ui"
)

// The views of the results.
const (
	viewList     = "list"
	viewTimeline = "timeline"
	viewTable    = "table"
)

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
