package web

import (
	"net/url"
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
	Months   *ui.Table // booked hours, a column for each month
	Table    ui.Table  // all numbers
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
	return v.sendCSV(name, answer.CSV(v.say))
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
		{"this_month", this},
		{"last_month", monthPeriod(this.From.AddDays(-1))},
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
	page.Months = v.monthsTable(answer.Rows, asked)
	page.Table = v.hoursTable(answer.Rows, total)
	page.Table.HideCaption = page.Months != nil
}
