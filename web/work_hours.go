package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/ui"
)

// hoursPage is the data of templates/work_hours.html.
type hoursPage struct {
	ui.Frame
	From     ui.Field
	To       ui.Field
	Unit     ui.Field
	Periods  []tab
	Summary  ui.ErrorSummary
	Period   string
	Sentence string
	Figures  []figure
	Charts   []ui.BarChart
	Table    ui.Table
	Empty    *ui.Empty
	Links    []ui.Link
	AsOf     string
}

// period is a stretch of local dates, both included.
type period struct{ From, To calendar.Date }

// showHours tells how many hours were booked, per resource and month.
func (v *visit) showHours() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	asked, unit, p, err := v.hoursQuestion()
	if err != nil {
		return err
	}
	page := hoursPage{Summary: p.Summary, Periods: v.usualPeriods(asked, unit.Slug)}
	if page.Frame, err = v.workFrame(v.t("report.hours_title")); err != nil {
		return err
	}
	if err := v.hoursFields(&page, asked, unit, p); err != nil {
		return err
	}
	page.Period = v.periodWords(asked)
	page.Title += ", " + page.Period
	answer, err := v.server.Reports.BookedHours(v.ctx, v.actor, reports.HoursQuestion{From: asked.From, To: asked.To, Unit: unit.ID})
	if problem, ok := v.problems(err); ok {
		page.Summary = problem.Summary
		return v.render("work_hours", page)
	} else if err != nil {
		return err
	}
	v.fillHours(&page, answer, asked, unit)
	return v.render("work_hours", page)
}

// downloadHours is the same answer as CSV.
func (v *visit) downloadHours() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	asked, unit, p, err := v.hoursQuestion()
	if err != nil {
		return err
	}
	if len(p.Fields) > 0 {
		return fault.InvalidField("from", "report.bad_period", fault.Params{"years": 10})
	}
	answer, err := v.server.Reports.BookedHours(v.ctx, v.actor, reports.HoursQuestion{From: asked.From, To: asked.To, Unit: unit.ID})
	if err != nil {
		return err
	}
	name := "vuoro-" + v.t("report.file") + "-" + asked.From.String() + "-" + asked.To.String() + ".csv"
	v.c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return v.c.Send(answer.CSV(v.say))
}

// hoursQuestion reads period and unit of the address. Without a period it is
// the present month; dates that cannot be read come back as problems.
func (v *visit) hoursQuestion() (asked period, unit resources.Unit, p problems, err error) {
	asked = monthPeriod(v.today())
	p.Fields = map[string]string{}
	for name, date := range map[string]*calendar.Date{"from": &asked.From, "to": &asked.To} {
		text := v.query(name)
		if text == "" {
			continue
		}
		read, problem := v.readDate(text)
		if problem != nil {
			p.Fields[name] = v.say.Fault(problem)
			continue
		}
		*date = read
	}
	if slug := v.query("unit"); slug != "" {
		if unit, err = v.server.Resources.UnitBySlug(v.ctx, v.server.DB, slug); err == nil && !accounts.Can(v.actor, accounts.ViewReports, accounts.Object{Unit: unit.ID}) {
			err = fault.New(fault.NotFound, "unit.not_found")
		}
	}
	return asked, unit, p, err
}

func monthPeriod(date calendar.Date) period {
	first := date.AddDays(1 - date.Day)
	return period{first, nextMonth(first).AddDays(-1)}
}

func (v *visit) hoursFields(page *hoursPage, asked period, unit resources.Unit, p problems) error {
	field := func(name, label string, date calendar.Date) ui.Field {
		f := ui.Field{Name: name, Label: v.t(label), Hint: v.t("date.hint"), Value: v.say.DayMonthYear(v.midday(date)), Autocomplete: "off", Error: p.Fields[name]}
		if f.Error != "" {
			f.Value = v.query(name)
		}
		return f
	}
	page.From, page.To = field("from", "report.from", asked.From), field("to", "report.to", asked.To)
	if summary := ui.Errors(page.From, page.To); len(summary.Items) > 0 {
		page.Summary = summary
		v.c.Status(fiber.StatusUnprocessableEntity)
	}
	units, err := v.workUnits()
	page.Unit = ui.Field{
		Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, v.t("work.all_units"), unit.Slug),
	}
	return err
}

// usualPeriods are the periods that people ask for most.
func (v *visit) usualPeriods(asked period, unit string) []tab {
	this := monthPeriod(v.today())
	year := v.today().Year
	var tabs []tab
	for _, usual := range []struct {
		key string
		period
	}{
		{"this_month", this}, {"last_month", monthPeriod(this.From.AddDays(-1))},
		{"this_year", period{calendar.Date{Year: year, Month: 1, Day: 1}, calendar.Date{Year: year, Month: 12, Day: 31}}},
		{"last_year", period{calendar.Date{Year: year - 1, Month: 1, Day: 1}, calendar.Date{Year: year - 1, Month: 12, Day: 31}}},
	} {
		tabs = append(tabs, tab{Label: v.t("report.period." + usual.key), Href: v.hoursHref("report-hours", usual.period, unit), Current: usual.period == asked})
	}
	return tabs
}

func (v *visit) hoursHref(page string, p period, unit string) string {
	return v.pathWith(page, url.Values{"from": {p.From.String()}, "to": {p.To.String()}, "unit": {unit}})
}

// periodWords names a whole month or year, and else both dates.
func (v *visit) periodWords(p period) string {
	from, to := v.midday(p.From), v.midday(p.To)
	switch {
	case p == monthPeriod(p.From):
		return v.say.MonthYear(from)
	case p.From == calendar.Date{Year: p.From.Year, Month: 1, Day: 1} && p.To == calendar.Date{Year: p.From.Year, Month: 12, Day: 31}:
		return p.From.String()[:4]
	}
	return v.say.DayMonthYear(from) + "–" + v.say.DayMonthYear(to)
}

func (v *visit) fillHours(page *hoursPage, answer reports.Hours, asked period, unit resources.Unit) {
	total := totalOf(answer.Rows)
	where := v.t("report.in_all_units")
	if unit.ID != 0 {
		where = v.named(unit.Name)
	}
	page.Sentence = v.t("report.hours_sentence", "where", where, "period", page.Period, "hours", v.hours(total.Booked), "n", total.Reservations, "rooms", countRooms(answer.Rows))
	page.AsOf = v.t("report.as_of", "change", v.say.Decimal(float64(answer.Change), 0))
	page.Links = []ui.Link{
		{Href: v.hoursHref("report-hours-csv", asked, unit.Slug), Label: "CSV"},
		{Href: "/api/v1/reports/hours?" + url.Values{"from": {asked.From.String()}, "to": {asked.To.String()}, "unit": {unit.Slug}}.Encode(), Label: "JSON"},
		{Href: v.hoursHref("report-hours", asked, unit.Slug), Label: v.t("report.permalink")},
	}
	if unit.ID == 0 {
		page.Links[1].Href = strings.TrimSuffix(page.Links[1].Href, "&unit=")
	}
	if len(answer.Rows) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("report.nothing"), Text: v.t("report.nothing_text")}
		return
	}
	page.Figures = v.hoursFigures(total)
	page.Charts = v.hoursCharts(answer.Rows, asked)
	page.Table = v.hoursTable(answer.Rows, total)
}

// hours is elapsed time in hours as people read it: "12,5 t".
func (v *visit) hours(minutes int) string {
	decimals := 0
	for decimals < 2 && minutes*pow10(decimals)%60 != 0 {
		decimals++
	}
	return v.say.Amount(float64(minutes)/60, decimals) + " " + v.t("report.hour_sign")
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

func totalOf(rows []reports.HoursRow) reports.HoursRow {
	var t reports.HoursRow
	for _, row := range rows {
		t.Booked += row.Booked
		t.Reservations += row.Reservations
		t.Closed += row.Closed
		t.Waiting += row.Waiting
		t.Cancelled += row.Cancelled
		t.Missed += row.Missed
	}
	return t
}

func countRooms(rows []reports.HoursRow) int {
	rooms := map[string]bool{}
	for _, row := range rows {
		if row.Booked > 0 {
			rooms[row.ResourceSlug] = true
		}
	}
	return len(rooms)
}

func (v *visit) hoursFigures(total reports.HoursRow) []figure {
	return []figure{
		{Label: v.t("report.column.booked"), Value: v.hours(total.Booked)},
		{Label: v.t("report.column.reservations"), Value: v.say.Number(int64(total.Reservations))},
		{Label: v.t("report.column.waiting"), Value: v.hours(total.Waiting)},
		{Label: v.t("report.column.closed"), Value: v.hours(total.Closed)},
		{Label: v.t("report.column.cancelled"), Value: v.hours(total.Cancelled)},
	}
}

// barsMost is how many rooms a picture shows; the table has all.
const barsMost = 12

// hoursCharts are the rooms with most hours and, over several months, the
// months.
func (v *visit) hoursCharts(rows []reports.HoursRow, asked period) []ui.BarChart {
	charts := []ui.BarChart{v.roomChart(rows)}
	if monthOf(asked.From) == monthOf(asked.To) {
		return charts
	}
	minutes := map[string]int{}
	for _, row := range rows {
		minutes[row.Month] += row.Booked
	}
	chart := ui.BarChart{ID: "months", Title: v.t("report.by_month"), LabelHead: v.t("report.column.month"), ValueHead: v.t("report.column.booked")}
	for first := asked.From.AddDays(1 - asked.From.Day); !first.After(asked.To) && len(chart.Bars) < 36; first = nextMonth(first) {
		n := minutes[monthOf(first)]
		chart.Bars = append(chart.Bars, ui.Bar{Label: v.say.MonthYear(v.midday(first)), Value: float64(n), Text: v.hours(n)})
	}
	best := slices.MaxFunc(chart.Bars, func(a, b ui.Bar) int { return cmp.Compare(a.Value, b.Value) })
	chart.Message = v.t("report.most_in", "what", capital(best.Label), "hours", best.Text)
	return append([]ui.BarChart{chart}, charts...)
}

func (v *visit) roomChart(rows []reports.HoursRow) ui.BarChart {
	chart := ui.BarChart{ID: "rooms", Title: v.t("report.by_room"), LabelHead: v.t("report.column.resource"), ValueHead: v.t("report.column.booked")}
	at := map[string]int{}
	for _, row := range rows {
		i, known := at[row.ResourceSlug]
		if !known {
			i = len(chart.Bars)
			at[row.ResourceSlug] = i
			chart.Bars = append(chart.Bars, ui.Bar{Label: v.named(row.Resource) + ", " + v.named(row.Unit)})
		}
		chart.Bars[i].Value += float64(row.Booked)
	}
	slices.SortStableFunc(chart.Bars, func(a, b ui.Bar) int { return cmp.Compare(b.Value, a.Value) })
	chart.Bars = chart.Bars[:min(barsMost, len(chart.Bars))]
	for i := range chart.Bars {
		chart.Bars[i].Text = v.hours(int(chart.Bars[i].Value))
	}
	chart.Message = v.t("report.most_in", "what", chart.Bars[0].Label, "hours", chart.Bars[0].Text)
	return chart
}

func (v *visit) hoursTable(rows []reports.HoursRow, total reports.HoursRow) ui.Table {
	table := ui.Table{Caption: v.t("report.table")}
	for _, key := range []string{"resource", "unit", "month"} {
		table.Columns = append(table.Columns, ui.Column{Label: v.t("report.column." + key)})
	}
	for _, key := range []string{"booked", "reservations", "waiting", "closed", "cancelled", "missed"} {
		table.Columns = append(table.Columns, ui.Column{Label: v.t("report.column." + key), Numeric: true})
	}
	for _, row := range rows {
		cells := []ui.Cell{
			{Text: v.named(row.Resource), Href: v.path("room", row.ResourceSlug)}, {Text: v.named(row.Unit)}, {Text: v.monthWords(row.Month)},
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: append(cells, v.hoursCells(row)...)})
	}
	table.Foot = append([]ui.Cell{{Text: v.t("report.total")}, {}, {}}, v.hoursCells(total)...)
	return table
}

func (v *visit) hoursCells(row reports.HoursRow) []ui.Cell {
	cell := func(minutes int) ui.Cell { return ui.Cell{Text: v.say.Amount(float64(minutes)/60, 2)} }
	return []ui.Cell{
		cell(row.Booked), {Text: v.say.Number(int64(row.Reservations))}, cell(row.Waiting), cell(row.Closed), cell(row.Cancelled), cell(row.Missed),
	}
}

// monthWords is "marraskuu 2026" of "2026-11".
func (v *visit) monthWords(month string) string {
	first, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	return v.say.MonthYear(calendar.FirstFrom(first, 12*60, v.server.Zone))
}
