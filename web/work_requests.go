package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/web/ui"
)

// requestsPage is the data of templates/work_requests.html: the inbox.
type requestsPage struct {
	ui.Frame
	Views   []tab
	Unit    *ui.Field // several units: which
	View    string
	Rows    []requestRow
	Open    *workDetail
	Chosen  bool // one was asked for: on a phone it alone is shown
	Back    string
	Post    string // of the form with the ticked rows
	All     string // the list with all rows ticked
	Results []bulkResult
	Summary ui.ErrorSummary
	Pages   ui.Pagination
	Empty   *ui.Empty
	Decided []ui.BookingItem
	Count   string
	Keys    keySwitch
	PrevRow string
	NextRow string
}

// tab is one of several views of the same list.
type tab struct {
	Label   string
	Href    string
	Count   string
	Current bool
}

// requestRow is a request in the list.
type requestRow struct {
	Href    string
	Pick    string // value of its box: number and revision
	Label   string // of its box
	Holder  string
	Title   string
	Room    string
	When    string
	Age     string
	Flags   []ui.StatusTag
	Current bool
	Picked  bool
}

// The views of the inbox; the first is the usual one.
const (
	viewAll     = ""
	viewSoon    = "soon"
	viewOverlap = "overlap"
	viewFirst   = "first"
)

// soon is how near a begin is for a request to be pressing.
const soon = 48 * time.Hour

func (v *visit) showRequests() error { return v.inbox(problems{}, nil) }

// inbox shows what waits. p is what was wrong with a decision, results are what
// became of several.
func (v *visit) inbox(p problems, results []bulkResult) error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	list, next, err := v.server.Booking.Inbox(v.ctx, v.actor, booking.Page{Cursor: v.query("after")})
	if err != nil {
		return err
	}
	page := requestsPage{View: v.query("view"), Results: results, Keys: v.inboxKeys(), Back: v.inboxHref("", "")}
	if page.Frame, err = v.workFrame(v.t("nav.requests")); err != nil {
		return err
	}
	page.Frame.Path = page.Back
	if err := v.inboxFilters(&page, list); err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(w booking.Waiting) bool { return !v.inView(w, page.View) || !v.inUnit(w) })
	page.Count = v.t("count.requests", "n", len(list))
	page.Post, page.All = v.inboxHref(v.query("open"), ""), v.inboxHref(v.query("open"), "all")
	if next != "" {
		page.Pages = ui.Pagination{NextHref: v.pathWith("requests", url.Values{"after": {next}})}
	}
	if err := v.openRequest(&page, list, p); err != nil {
		return err
	}
	if len(page.Rows) == 0 {
		if err := v.emptyInbox(&page); err != nil {
			return err
		}
	}
	return v.render("work_requests", page)
}

// inboxHref is the inbox with its filters, and a request open in it.
func (v *visit) inboxHref(open, pick string) string {
	return v.pathWith("requests", url.Values{
		"open": {open}, "pick": {pick}, "view": {v.query("view")}, "unit": {v.query("unit")}, "after": {v.query("after")},
	})
}

func (v *visit) inView(w booking.Waiting, view string) bool {
	switch view {
	case viewSoon:
		return w.BeginAt.Sub(v.now) < soon
	case viewOverlap:
		return w.Overlaps > 0
	case viewFirst:
		return w.First
	}
	return true
}

func (v *visit) inUnit(w booking.Waiting) bool {
	unit := v.query("unit")
	return unit == "" || w.UnitSlug == unit
}

func (v *visit) inboxFilters(page *requestsPage, list []booking.Waiting) error {
	for _, view := range []string{viewAll, viewSoon, viewOverlap, viewFirst} {
		n := 0
		for _, w := range list {
			if v.inView(w, view) && v.inUnit(w) {
				n++
			}
		}
		key := view
		if key == "" {
			key = "all"
		}
		page.Views = append(page.Views, tab{
			Label: v.t("work.view." + key), Count: strconv.Itoa(n), Current: page.View == view,
			Href: v.pathWith("requests", url.Values{"view": {view}, "unit": {v.query("unit")}}),
		})
	}
	units, err := v.workUnits()
	if err == nil && len(units) > 1 {
		page.Unit = &ui.Field{
			Name: "unit", Label: v.t("report.column.unit"), Type: "select",
			Options: v.unitOptions(units, v.t("work.all_units"), v.query("unit")),
		}
	}
	return err
}

// openRequest lists the rows and opens one: the asked one, which may have been
// decided meanwhile, or else the first.
func (v *visit) openRequest(page *requestsPage, list []booking.Waiting, p problems) error {
	open := v.query("open")
	page.Chosen = open != ""
	if open == "" && len(list) > 0 {
		open = refOf(list[0])
	}
	picked := v.formAll("pick")
	for i, w := range list {
		row := v.requestRow(w, refOf(w) == open)
		row.Picked = v.query("pick") == "all" || slices.Contains(picked, row.Pick)
		page.Rows = append(page.Rows, row)
		if refOf(w) == open {
			if i > 0 {
				page.PrevRow = v.inboxHref(refOf(list[i-1]), "")
			}
			if i+1 < len(list) {
				page.NextRow = v.inboxHref(refOf(list[i+1]), "")
			}
		}
	}
	if open == "" {
		return nil
	}
	detail, err := v.openDetail(open, p)
	detail.Post = v.inboxHref(open, "")
	page.Open = &detail
	return err
}

func (v *visit) openDetail(open string, p problems) (detail workDetail, err error) {
	if isSeries(open) {
		detail, _, err = v.seriesDetail(open, p)
	} else {
		detail, _, err = v.detail(open, p)
	}
	return detail, err
}

// refOf is what a row of the inbox is about: a reservation, or a whole series.
func refOf(w booking.Waiting) string {
	if w.Whole != nil {
		return w.Whole.Number
	}
	return w.Number
}

func (v *visit) requestRow(w booking.Waiting, current bool) requestRow {
	holder := v.holderName(w.Card)
	revision := w.Revision
	if w.Whole != nil {
		revision = w.Whole.Revision
	}
	row := requestRow{
		Href: v.inboxHref(refOf(w), ""), Pick: refOf(w) + ":" + strconv.Itoa(revision), Label: v.t("work.pick", "holder", holder, "room", v.named(w.ResourceName)),
		Holder: holder, Title: w.Title, Room: v.named(w.ResourceName), When: v.say.RelativeRange(w.BeginAt, w.EndAt, v.now),
		Age: v.age(w.MadeAt), Current: current,
	}
	row.Flags = v.flags(w)
	if w.Whole != nil {
		row.When = v.t("work.series_times", "n", w.Dates) + ": " + v.repeatLine(w.Whole.Plan())
	}
	return row
}

// flags are what makes a request special.
func (v *visit) flags(w booking.Waiting) []ui.StatusTag {
	var flags []ui.StatusTag
	if w.Whole != nil {
		flags = append(flags, ui.StatusTag{Kind: ui.KindInfo, Label: v.t("work.flag_series")})
	}
	switch {
	case w.Overlaps > 0 && w.Whole != nil:
		flags = append(flags, ui.StatusTag{Kind: ui.KindDenied, Label: v.t("work.flag_overlaps", "n", w.Overlaps)})
	case w.Overlaps > 0:
		flags = append(flags, ui.StatusTag{Kind: ui.KindDenied, Label: v.t("work.flag_overlap")})
	}
	if w.BeginAt.Sub(v.now) < soon {
		flags = append(flags, ui.StatusTag{Kind: ui.KindHeld, Label: v.t("work.flag_soon")})
	}
	if w.First {
		flags = append(flags, ui.StatusTag{Kind: ui.KindInfo, Label: v.t("work.flag_first")})
	}
	return flags
}

// lastDecided is how many decisions an empty inbox shows.
const lastDecided = 6

func (v *visit) emptyInbox(page *requestsPage) error {
	page.Empty = &ui.Empty{
		Drawing: ui.DrawPine, Title: v.t("work.inbox_empty"), Text: v.t("work.inbox_empty_text"),
		Actions: []ui.Link{{Href: v.path("schedule"), Label: v.t("work.see_schedule")}},
	}
	if page.View != viewAll || v.query("unit") != "" {
		page.Empty.Title, page.Empty.Text = v.t("work.inbox_filtered"), v.t("work.inbox_filtered_text")
		page.Empty.Actions = []ui.Link{{Href: v.path("requests"), Label: v.t("work.view.all")}}
	}
	decided, err := v.server.Booking.Decided(v.ctx, v.actor, lastDecided)
	for _, card := range decided {
		item := v.workItem(card)
		item.Note = v.t("work.decided_ago", "ago", v.age(*card.DecidedAt))
		page.Decided = append(page.Decided, item)
	}
	return err
}

// workItem is a reservation in a list of staff.
func (v *visit) workItem(card booking.Card) ui.BookingItem {
	return ui.BookingItem{
		Href: v.path("work-reservation", card.Number), Date: v.dateBlock(card.BeginAt), Time: v.say.Hours(card.BeginAt, card.EndAt),
		Title: v.cardWords(card), Place: v.named(card.ResourceName) + ", " + v.named(card.UnitName),
		Tag: v.workTag(card.Reservation), Number: card.Number,
	}
}
