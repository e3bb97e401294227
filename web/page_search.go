package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// The views of the results.
const (
	viewList     = "list"
	viewTimeline = "timeline"
	viewTable    = "table"
	viewMap      = "map"
)

// searchPage is the data of templates/rooms.html.
type searchPage struct {
	ui.Frame
	Summary  ui.ErrorSummary
	Top      []ui.Field
	Folds    []searchFold
	Keep     []ui.Hidden // what travels with the form beside its fields
	Quick    []quickLink
	Views    []quickLink
	Chosen   []ui.Chosen
	Count    string
	When     string
	Cards    []ui.RoomCard
	Pages    ui.Pagination
	Timeline *ui.Timeline
	AsTable  bool
	Map      *roomMap
	Empty    *ui.Empty
}

// quickLink is a choice that is a link.
type quickLink struct {
	Href, Label, Icon string
	Current           bool
}

const roomsPerPage = 24

func (v *visit) showRooms() error {
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	if err != nil {
		return err
	}
	f := v.searchForm()
	query, bad := v.searchQuery(f, units)
	found, err := v.server.Booking.Find(v.ctx, v.actor, query)
	if fault.Is(err, fault.Invalid) {
		bad = append(bad, fault.As(err).Fields...)
	}
	asked := f.withoutFields(bad)
	if len(bad) > 0 {
		query, _ = v.searchQuery(asked, units)
		found, err = v.server.Booking.Find(v.ctx, v.actor, query)
	}
	if err != nil {
		return err
	}
	page := searchPage{Frame: v.frame(v.t("nav.search")), Quick: v.quickLinks(f), Views: v.viewLinks(f)}
	page.Breadcrumbs = []ui.Link{{Href: v.path("home"), Label: v.t("nav.home")}, {Href: v.path("rooms"), Label: v.t("nav.search")}}
	v.fillSearchFields(&page, sought{f, query, found, units}, bad)
	page.Count = v.foundWords(len(found.Rooms), asked)
	page.When = v.searchWhen(asked, query)
	if len(found.Rooms) == 0 {
		page.Empty = v.emptySearch(sought{asked, query, found, units})
		v.recordUnmet(found, bad)
	} else if err := v.fillResults(&page, f, found.Rooms, query); err != nil {
		return err
	}
	return v.render("rooms", page)
}

// sought is a search with its answer.
type sought struct {
	form  searchForm
	query booking.Query
	found booking.Found
	units []resources.Unit
}

func (v *visit) fillResults(page *searchPage, f searchForm, rooms []booking.FreeRoom, query booking.Query) error {
	switch f.View {
	case viewTimeline, viewTable:
		page.Timeline, page.AsTable = v.searchTimeline(f, rooms, query.Date), f.View == viewTable
		return nil
	case viewMap:
		page.Map = v.searchMap(f, rooms)
	}
	return v.fillCards(page, f, rooms, query)
}

// recordUnmet keeps a search in vain of somebody who looks at the answer:
// machines and pages fetched ahead are no demand. The answer does not hang on
// it.
func (v *visit) recordUnmet(found booking.Found, bad []fault.Field) {
	agent := strings.ToLower(v.c.Get(fiber.HeaderUserAgent))
	machine := agent == "" || strings.Contains(agent, "bot") || strings.Contains(agent, "crawl") || strings.Contains(agent, "spider")
	ahead := strings.Contains(v.c.Get("Sec-Purpose")+v.c.Get("Purpose"), "prefetch")
	if machine || ahead || len(bad) > 0 || v.c.Method() != fiber.MethodGet {
		return
	}
	if err := v.server.Booking.RecordUnmet(v.ctx, found); err != nil {
		v.server.Log.Warn("unmet demand is not kept", "id", requestID(v.c), "cause", err)
	}
}

func (v *visit) foundWords(n int, f searchForm) string {
	if f.asksTime() {
		return v.t("search.found_free", "n", n)
	}
	return v.t("search.found", "n", n)
}

// searchWhen says which time the free times are of.
func (v *visit) searchWhen(f searchForm, q booking.Query) string {
	first := v.midday(q.Date)
	switch {
	case !f.asksTime() && f.View != viewTimeline && f.View != viewTable:
		return ""
	case f.Now:
		return v.t("search.when_now", "time", v.say.Time(v.now))
	}
	when := capital(v.say.Relative(first, v.now))
	if day := v.dateOf(first); day == v.today() || day == v.today().AddDays(1) {
		when += " " + v.say.ShortDate(first)
	}
	if q.Until.After(q.Date) {
		when = v.say.ShortDate(first) + "–" + v.say.ShortDate(v.midday(q.Until))
	}
	if q.From != 0 || q.To != 0 {
		to := q.To
		if to == 0 {
			to = calendarDay
		}
		when += v.atWords(first) + v.clockSpan(q.From, to)
	}
	return when
}

func (v *visit) fillCards(page *searchPage, f searchForm, found []booking.FreeRoom, query booking.Query) error {
	current := min(max(f.Page, 1), (len(found)+roomsPerPage-1)/roomsPerPage)
	first := (current - 1) * roomsPerPage
	last := min(first+roomsPerPage, len(found))
	shown := found[first:last]
	if err := v.addNext(shown); err != nil {
		return err
	}
	for _, room := range shown {
		page.Cards = append(page.Cards, v.roomCard(room, query))
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
	return nil
}

// addNext finds out when the shown rooms are free that are not on the day.
func (v *visit) addNext(shown []booking.FreeRoom) error {
	var places []resources.Place
	var at []int
	for i, room := range shown {
		if len(room.FreeStarts) == 0 && room.Next.Begin.IsZero() {
			places, at = append(places, room.Place), append(at, i)
		}
	}
	if len(places) == 0 {
		return nil
	}
	firsts, err := v.server.Booking.FirstFreeOf(v.ctx, v.actor, places, booking.FirstQuery{})
	for n, first := range firsts {
		shown[at[n]].Next = first.Interval
	}
	return err
}
