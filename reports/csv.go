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
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	header := []string{"unit", "resource", "month", "booked", "reservations", "closed", "waiting", "cancelled", "missed"}
	for i, key := range header {
		header[i] = say.T("report.column." + key)
	}
	_ = w.Write(header) // a buffer does not fail
	for _, row := range h.Rows {
		unit, _ := row.Unit.In(say.Lang)
		resource, _ := row.Resource.In(say.Lang)
		_ = w.Write([]string{
			cell(unit), cell(resource), row.Month, hours(row.Booked, say), fmt.Sprint(row.Reservations),
			hours(row.Closed, say), hours(row.Waiting, say), hours(row.Cancelled, say), hours(row.Missed, say),
		})
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
