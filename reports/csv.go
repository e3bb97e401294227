package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"unicode/utf8"

	"vuoro/web/locales"
)

// CSV renders the answer for a spreadsheet in a language: UTF-8 with a byte
// order mark and semicolons, as Finnish and Swedish programs expect, hours with
// two decimals. A cell that would be read as a formula gets an apostrophe.
func (h Hours) CSV(say locales.Printer) []byte {
	header := []string{"unit", "resource", "month", "booked", "reservations", "closed", "waiting", "cancelled", "missed"}
	for i, key := range header {
		header[i] = say.T("report.column." + key)
	}
	rows := [][]string{header}
	for _, row := range h.Rows {
		unit, _ := row.Unit.In(say.Lang)
		resource, _ := row.Resource.In(say.Lang)
		rows = append(rows, []string{
			unit, resource, row.Month, hours(row.Booked, say), fmt.Sprint(row.Reservations),
			hours(row.Closed, say), hours(row.Waiting, say), hours(row.Cancelled, say), hours(row.Missed, say),
		})
	}
	return sheet(rows)
}

// GroupsCSV renders what may be published of the groups, like Hours.CSV; name
// says what a group is called.
func (w WhatIf) GroupsCSV(say locales.Printer, name func(Group) string) []byte {
	header := []string{"group", "holders", "requests", "hours", "gained", "lost", "eased", "tightened", "price", "euros_before", "euros_after"}
	for i, key := range header {
		header[i] = say.T("whatif.column." + key)
	}
	rows := [][]string{header}
	for _, group := range w.Publishable() {
		rows = append(rows, []string{
			name(group.Key), fmt.Sprint(group.Holders), fmt.Sprint(group.Asked.Requests), hours(group.Asked.Minutes, say),
			hours(group.Gained.Minutes, say), hours(group.Lost.Minutes, say), hours(group.Eased.Minutes, say), hours(group.Tightened.Minutes, say),
			fmt.Sprint(group.Dearer.Requests + group.Cheaper.Requests), say.Decimal(float64(group.OldCents)/100, 2), say.Decimal(float64(group.NewCents)/100, 2),
		})
	}
	return sheet(rows)
}

// RequestsCSV renders the changed requests, like Hours.CSV; cells says what
// stands in the columns of a request.
func (w WhatIf) RequestsCSV(say locales.Printer, cells func(Turn) []string) []byte {
	header := []string{"whatif.column.request", "whatif.column.group", "report.column.resource", "whatif.column.when", "whatif.before", "whatif.after", "whatif.rule_before", "whatif.rule_after"}
	for i, key := range header {
		header[i] = say.T(key)
	}
	rows := [][]string{header}
	for _, turn := range w.Changes {
		rows = append(rows, cells(turn))
	}
	return sheet(rows)
}

// sheet is rows as a spreadsheet reads them.
func sheet(rows [][]string) []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		_ = w.Write(row) // a buffer does not fail
	}
	w.Flush()
	return out.Bytes()
}

func hours(minutes int, say locales.Printer) string { return say.Decimal(float64(minutes)/60, 2) }

// cell keeps spreadsheets from running what somebody typed as a name, also
// behind blanks and in the full width of East Asian keyboards.
func cell(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \u00a0"))
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}
