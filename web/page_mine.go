package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/web/ui"
)

// minePage is the data of templates/mine.html.
type minePage struct {
	ui.Frame
	Holders []quickLink // oneself and one's associations, when there are some
	Filters []quickLink
	Groups  []mineGroup
	Pages   ui.Pagination
	Past    string // address of the past ones; empty when they are shown
	Empty   *ui.Empty

	Subscribe string // address of the calendar of what is listed
}

type mineGroup struct {
	ID, Title string
	Items     []ui.BookingItem
	Series    []mineSeries // folded, in place of their dates
}

// mineSeries is a series in a list: its dates of this page are inside a fold.
type mineSeries struct {
	Href  string
	Title string
	Words string // "Joka tiistai 18.00–20.00, …"
	Note  string // "28 kertaa, seuraava ti 1.12.2026"
	Items []ui.BookingItem
}

// mineStates are the filters of one's own list.
var mineStates = map[string][]booking.State{
	"":          nil,
	"confirmed": {booking.Confirmed, booking.AwaitingPayment},
	"requested": {booking.Requested},
	"ended":     {booking.Cancelled, booking.Denied, booking.Expired},
}

const minePerPage = 20

func (v *visit) showMine() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	page := minePage{Frame: v.frame(v.t("nav.mine"))}
	state := v.query("state")
	if _, known := mineStates[state]; !known {
		state = ""
	}
	past := v.query("view") == "past"
	holder, err := v.mineHolder(&page)
	if err != nil {
		return err
	}
	page.Filters = v.mineFilters(state, past)
	if past {
		err = v.fillPast(&page, state, holder)
	} else {
		err = v.fillComing(&page, state, holder)
	}
	if err != nil {
		return err
	}
	if !past && state == "" && v.query("after") == "" {
		if err := v.addWaits(&page, holder); err != nil {
			return err
		}
	}
	if len(page.Groups) == 0 {
		page.Empty = v.emptyMine(state, past)
	}
	return v.render("mine", page)
}

// mineHolder reads whose bookings are asked for and offers the others. Who has
// left an association sees all of their own.
func (v *visit) mineHolder(page *minePage) (booking.Holder, error) {
	page.Subscribe = v.path("subscribe")
	standings, err := v.server.Accounts.Standings(v.ctx, v.actor)
	if err != nil || len(standings) == 0 {
		return booking.Holder{}, err
	}
	var chosen booking.Holder
	add := func(value, label string, holder booking.Holder) {
		current := v.query("holder") == value
		if current {
			chosen = holder
		}
		page.Holders = append(page.Holders, quickLink{Href: v.pathWith("mine", url.Values{"holder": {value}}), Label: label, Current: current})
	}
	add("", v.t("mine.all"), booking.Holder{})
	add("me", v.t("mine.me"), booking.Holder{Kind: booking.HeldByPerson})
	for _, s := range standings {
		uid := s.Association.UID
		add(uid.String(), s.Association.Name, booking.Holder{Kind: booking.HeldByAssociation, UID: uid})
	}
	if chosen.Kind == booking.HeldByAssociation {
		page.Subscribe += "?association=" + chosen.UID.String()
	}
	return chosen, nil
}

// minePath is the list again, of the same holder.
func (v *visit) minePath(query url.Values) string {
	query.Set("holder", v.query("holder"))
	return v.pathWith("mine", query)
}

func (v *visit) mineFilters(state string, past bool) []quickLink {
	var links []quickLink
	link := func(key, to string, isPast bool) {
		query := url.Values{"state": {to}}
		if isPast {
			query.Set("view", "past")
		}
		links = append(links, quickLink{Href: v.minePath(query), Label: v.t(key), Current: to == state && isPast == past})
	}
	link("mine.coming", "", false)
	link("mine.confirmed", "confirmed", false)
	link("mine.requested", "requested", false)
	link("mine.ended", "ended", false)
	link("day.past", "", true)
	return links
}

// fillComing groups what is still to come: today, this week, later.
func (v *visit) fillComing(page *minePage, state string, holder booking.Holder) error {
	list, err := v.server.Booking.Mine(v.ctx, v.actor, booking.MineFilter{
		Holder: holder, From: v.now, States: v.comingStates(state), Page: booking.Page{Cursor: v.query("after"), Limit: minePerPage},
	})
	if err != nil {
		return err
	}
	groups := []mineGroup{{ID: "today", Title: v.t("day.today")}, {ID: "week", Title: v.t("day.this_week")}, {ID: "later", Title: v.t("day.later")}}
	if state == "" {
		if err := v.foldSeries(page, &list, holder); err != nil {
			return err
		}
	}
	tomorrow := calendar.DayBounds(v.today(), v.server.Zone).End
	for _, card := range list.Cards {
		at := 2
		switch {
		case card.BeginAt.Before(tomorrow):
			at = 0
		case card.BeginAt.Before(v.weekEnd()):
			at = 1
		}
		groups[at].Items = append(groups[at].Items, v.bookingItem(card))
	}
	page.Groups = append(page.Groups, slices.DeleteFunc(groups, func(g mineGroup) bool { return len(g.Items) == 0 })...)
	page.Past = v.minePath(url.Values{"view": {"past"}})
	if list.Next != "" {
		page.Pages.NextHref = v.minePath(url.Values{"state": {state}, "after": {list.Next}})
	}
	if v.query("after") != "" {
		page.Pages.PrevHref = v.minePath(url.Values{"state": {state}})
	}
	return nil
}

// comingStates leaves out what has ended unless it is asked for: a cancelled
// booking is not to come.
func (v *visit) comingStates(state string) []booking.State {
	if state == "" {
		return []booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment}
	}
	return mineStates[state]
}

// fillPast shows a year of what has ended, the latest first.
func (v *visit) fillPast(page *minePage, state string, holder booking.Holder) error {
	year := v.today().Year
	if asked, err := strconv.Atoi(v.query("year")); err == nil && asked >= 2000 && asked < year {
		year = asked
	}
	from := calendar.FirstFrom(calendar.Date{Year: year, Month: time.January, Day: 1}, 0, v.server.Zone)
	to := calendar.FirstFrom(calendar.Date{Year: year + 1, Month: time.January, Day: 1}, 0, v.server.Zone)
	if to.After(v.now) {
		to = v.now
	}
	group := mineGroup{ID: "past", Title: v.t("day.past") + " " + strconv.Itoa(year)}
	filter := booking.MineFilter{Holder: holder, From: from, To: to, States: mineStates[state]}
	for {
		list, err := v.server.Booking.Mine(v.ctx, v.actor, filter)
		if err != nil {
			return err
		}
		for _, card := range list.Cards {
			if !card.EndAt.After(v.now) {
				group.Items = append(group.Items, v.bookingItem(card))
			}
		}
		if filter.Cursor = list.Next; filter.Cursor == "" || len(group.Items) > 500 {
			break
		}
	}
	slices.Reverse(group.Items)
	if len(group.Items) > 0 {
		page.Groups = []mineGroup{group}
	}
	href := func(y int) string {
		return v.minePath(url.Values{"view": {"past"}, "state": {state}, "year": {strconv.Itoa(y)}})
	}
	page.Pages = ui.Pagination{NextHref: href(year - 1), Status: strconv.Itoa(year)}
	if year < v.today().Year {
		page.Pages.PrevHref = href(year + 1)
	}
	return nil
}

func (v *visit) emptyMine(state string, past bool) *ui.Empty {
	empty := &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("mine.none"), Text: v.t("mine.none_text"), Actions: []ui.Link{
		{Href: v.path("rooms"), Label: v.t("nav.search")}, {Href: v.path("rooms") + "?tonight=1", Label: v.t("home.tonight")},
	}}
	if state != "" || past {
		empty.Title, empty.Text = v.t("mine.none_here"), ""
		empty.Actions = []ui.Link{{Href: v.minePath(url.Values{}), Label: v.t("mine.coming")}}
	}
	return empty
}
