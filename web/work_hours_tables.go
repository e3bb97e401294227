package web

import (
	"cmp"
	"slices"

	"vuoro/calendar"
	"vuoro/reports"
	"vuoro/web/ui"
)

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

// mostMonths is how many months a table can have side by side.
const mostMonths = 12

// monthsTable has a row for each room and a column for each month; nil where
// there is but one month, or too many.
func (v *visit) monthsTable(rows []reports.HoursRow, asked period) *ui.Table {
	var months []string
	for first := asked.From.AddDays(1 - asked.From.Day); !first.After(asked.To) && len(months) <= mostMonths; first = nextMonth(first) {
		months = append(months, monthOf(first))
	}
	if len(months) < 2 || len(months) > mostMonths {
		return nil
	}
	table := &ui.Table{Caption: v.t("report.table_months"), Columns: []ui.Column{{Label: v.t("report.column.resource")}}}
	for _, month := range append(months, "") {
		label := v.t("report.total")
		if month != "" {
			label = v.shortMonth(month, asked)
		}
		table.Columns = append(table.Columns, ui.Column{Label: label, Numeric: true})
	}
	sums := make([]int, len(months)+1)
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(r reports.HoursRow) bool { return r.ResourceSlug != rows[0].ResourceSlug })
		if n < 0 {
			n = len(rows)
		}
		table.Rows = append(table.Rows, v.monthsRow(rows[:n], months, sums))
		rows = rows[n:]
	}
	table.Foot = []ui.Cell{{Text: v.t("report.total")}}
	for _, sum := range sums {
		table.Foot = append(table.Foot, v.hoursCell(sum))
	}
	return table
}

// monthsRow is one room's hours by month; they are added to the sums.
func (v *visit) monthsRow(rows []reports.HoursRow, months []string, sums []int) ui.TableRow {
	minutes := make([]int, len(months)+1)
	for _, row := range rows {
		if at := slices.Index(months, row.Month); at >= 0 {
			minutes[at] += row.Booked
			minutes[len(months)] += row.Booked
		}
	}
	name := v.named(rows[0].Resource) + ", " + v.named(rows[0].Unit)
	cells := []ui.Cell{{Text: name, Href: v.path("room", rows[0].ResourceSlug)}}
	for i, n := range minutes {
		sums[i] += n
		cells = append(cells, v.hoursCell(n))
	}
	return ui.TableRow{Cells: cells}
}

// shortMonth is "marras", with the year where the period has several.
func (v *visit) shortMonth(month string, asked period) string {
	first, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	if asked.From.Year == asked.To.Year {
		return v.say.ShortMonth(first.Month)
	}
	return v.say.ShortMonth(first.Month) + " " + month[:4]
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
	cells := []ui.Cell{v.hoursCell(row.Booked), {Text: v.say.Number(int64(row.Reservations))}}
	for _, minutes := range []int{row.Waiting, row.Closed, row.Cancelled, row.Missed} {
		cell := v.hoursCell(minutes)
		if minutes == 0 { // an empty cell is left out on phones
			cell.Text = ""
		}
		cells = append(cells, cell)
	}
	return cells
}

// hoursCell is minutes as hours with two decimals, so that columns line up.
func (v *visit) hoursCell(minutes int) ui.Cell {
	if minutes == 0 {
		return ui.Cell{Text: "0"}
	}
	return ui.Cell{Text: v.say.Amount(float64(minutes)/60, 2)}
}

// monthWords is "marraskuu 2026" of "2026-11".
func (v *visit) monthWords(month string) string {
	first, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	return v.say.MonthYear(calendar.FirstFrom(first, 12*60, v.server.Zone))
}
