package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/ui"
)

func workSeriesRoutes() []route {
	return []route{
		{name: "work-series-list", method: http.MethodGet, at: one("/work/series"), who: staff, handle: (*visit).showWorkSeriesList},
		{name: "work-series", method: http.MethodGet, at: one("/work/series/:ref"), who: unitStaff, handle: (*visit).showWorkSeries},
		{name: "work-series-act", method: http.MethodPost, at: one("/work/series/:ref"), who: managers, handle: (*visit).actOnSeries},
	}
}

// workSeriesListPage is the data of templates/work_series_list.html.
type workSeriesListPage struct {
	ui.Frame
	Views []tab
	Unit  *ui.Field // several units: which
	View  string
	Rows  []workSeriesRow
	Count string
	New   string // address of the form; "" = may not book
	Pages ui.Pagination
	Empty *ui.Empty
}

// workSeriesRow is a series in the list.
type workSeriesRow struct {
	Href   string
	Holder string
	Title  string
	Room   string
	When   string // its rule in words
	Dates  string // how many are to come, and the next
	Tag    ui.StatusTag
}

// The views of the list; the first is the usual one.
const (
	viewRunning   = ""
	viewRequested = "requested"
	viewEnded     = "ended"
)

// seriesPageSize is how many series a page of the list shows.
const seriesPageSize = 50

func (v *visit) showWorkSeriesList() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	heads, err := v.server.Booking.UnitSeries(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := workSeriesListPage{View: v.query("view")}
	if page.Frame, err = v.workFrame(v.t("work.series"), ui.Link{Href: v.path("schedule"), Label: v.t("work.schedule")}); err != nil {
		return err
	}
	units, err := v.workUnits()
	if err != nil {
		return err
	}
	if len(units) > 1 {
		page.Unit = &ui.Field{
			Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, v.t("work.all_units"), v.query("unit")),
		}
	}
	if slices.ContainsFunc(units, func(u resources.Unit) bool { return v.mayBook(u.ID) }) {
		page.New = v.pathWith("work-new", url.Values{"unit": {v.query("unit")}, "repeat": {"1"}})
	}
	heads = slices.DeleteFunc(heads, func(h booking.SeriesHead) bool { return v.query("unit") != "" && h.UnitSlug != v.query("unit") })
	v.listSeries(&page, heads)
	return v.render("work_series_list", page)
}

// listSeries counts the views and fills one page of the chosen one.
func (v *visit) listSeries(page *workSeriesListPage, heads []booking.SeriesHead) {
	for _, view := range []string{viewRunning, viewRequested, viewEnded} {
		n := 0
		for _, h := range heads {
			if seriesInView(h, view) {
				n++
			}
		}
		key := view
		if key == viewRunning {
			key = "running"
		}
		page.Views = append(page.Views, tab{
			Label: v.t("work.series_view." + key), Count: strconv.Itoa(n), Current: page.View == view,
			Href: v.pathWith("work-series-list", url.Values{"view": {view}, "unit": {v.query("unit")}}),
		})
	}
	heads = slices.DeleteFunc(heads, func(h booking.SeriesHead) bool { return !seriesInView(h, page.View) })
	page.Count = v.t("work.series_count", "n", len(heads))
	from, err := strconv.Atoi(v.query("from"))
	if err != nil || from < 0 || from > len(heads) {
		from = 0
	}
	heads = heads[from:]
	if len(heads) > seriesPageSize {
		heads = heads[:seriesPageSize]
		page.Pages.NextHref = v.pathWith("work-series-list", url.Values{
			"view": {page.View}, "unit": {v.query("unit")}, "from": {strconv.Itoa(from + seriesPageSize)},
		})
	}
	for _, h := range heads {
		page.Rows = append(page.Rows, v.workSeriesRow(h))
	}
	if len(page.Rows) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("work.series_none"), Text: v.t("work.series_none_text")}
	}
}

func seriesInView(h booking.SeriesHead, view string) bool {
	switch view {
	case viewRequested:
		return h.Requested > 0
	case viewEnded:
		return h.Coming == 0
	}
	return h.Coming > 0
}

func (v *visit) workSeriesRow(h booking.SeriesHead) workSeriesRow {
	row := workSeriesRow{
		Href: v.path("work-series", h.Number), Holder: v.seriesHolder(h), Title: h.Title, Room: v.named(h.ResourceName) + ", " + v.named(h.UnitName),
		When: v.repeatLine(h.Plan()), Dates: v.t("work.series_over"), Tag: v.seriesTag(h),
	}
	if h.Coming > 0 {
		row.Dates = v.t("work.series_coming", "n", h.Coming)
		if h.Next != nil {
			row.Dates += ", " + v.t("work.series_next", "day", v.midday(*h.Next))
		}
	}
	return row
}

// seriesTag is a series in one word.
func (v *visit) seriesTag(h booking.SeriesHead) ui.StatusTag {
	switch {
	case h.Requested > 0:
		return ui.StatusTag{Kind: ui.KindRequested, Label: v.t("work.series_tag.requested")}
	case h.Coming > 0:
		return ui.StatusTag{Kind: ui.KindConfirmed, Label: v.t("work.series_tag.running")}
	}
	return ui.StatusTag{Kind: ui.KindExpired, Label: v.t("work.series_tag.ended")}
}

// seriesHolder is for whom a series is; of the city's own use, its unit.
func (v *visit) seriesHolder(h booking.SeriesHead) string {
	return v.holderName(booking.Card{Reservation: booking.Reservation{HolderKind: h.HolderKind}, UnitName: h.UnitName, HolderName: h.HolderName})
}

// repeatLine says when the dates of a plan are: "joka tiistai 18.00–20.00,
// 1.9.2026–30.11.2026".
func (v *visit) repeatLine(p booking.Plan) string {
	r := calendar.Recurrence{First: p.First, Span: p.Span, Zone: v.server.Zone, Include: p.Include, Exclude: p.Exclude}
	if rule, err := calendar.ParseRule(p.Rule); err == nil {
		r.Rule = rule
	}
	return capital(v.say.Repetition(booking.Repetition(r)))
}
