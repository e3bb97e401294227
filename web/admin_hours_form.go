package web

import (
	"fmt"
	"slices"
	"strconv"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// typedPeriod is a period as it stands in the form.
type typedPeriod struct {
	Name        locales.Texts
	Description locales.Texts
	From        string
	To          string
	Mode        string // "" = normal, or modeOverride or modeOverlay
	School      string
	Origin      string // is kept as it is
	Remove      bool
	Rows        []typedRow
}

// How a period counts, but for normally.
const (
	modeOverride = "override"
	modeOverlay  = "overlay"
)

// typedRow is one line: days, from, to, kind, on which of the days and how the
// place is open. A line without times counts for nothing.
type typedRow struct {
	Days  []int
	From  string
	To    string
	Kind  string
	Turn  string // of turnOptions
	State string
	Name  locales.Texts // is kept as it is
}

// The form has at most so many of each; nobody has more.
const (
	maxPeriods = 60
	maxRows    = 40
	maxFormed  = 50 // of those that are saved, so that there is room for more
)

func (r typedRow) blank() bool { return r.From == "" && r.To == "" }

func (p typedPeriod) blank() bool {
	return p.Name == (locales.Texts{}) && p.Description == (locales.Texts{}) && p.From == "" && p.To == "" && p.Mode == "" && p.School == "" &&
		!slices.ContainsFunc(p.Rows, func(r typedRow) bool { return !r.blank() })
}

// typedFrom is what is saved as a form, with a free line in each period. Without
// periods it begins with the working days.
func typedFrom(periods []resources.Period, v *visit) []typedPeriod {
	var typed []typedPeriod
	for _, period := range periods {
		t := typedPeriod{
			Name: period.Name, Description: period.Description, From: v.dateField(period.ValidFrom), To: v.dateField(period.ValidTo),
			School: period.School, Origin: period.Origin,
		}
		switch {
		case period.Override:
			t.Mode = modeOverride
		case period.Overlay:
			t.Mode = modeOverlay
		}
		for _, span := range period.Spans.V {
			t.Rows = append(t.Rows, typedRow{span.Weekdays, v.clock(span.From), v.clock(span.To), string(span.Kind), turnChosen(span), span.State, span.Name})
		}
		t.Rows = append(t.Rows, typedRow{})
		typed = append(typed, t)
	}
	if len(typed) == 0 {
		return []typedPeriod{{Rows: []typedRow{{Days: []int{1, 2, 3, 4, 5}}, {Days: []int{6, 7}}, {}}}}
	}
	return typed
}

func (v *visit) dateField(date *calendar.Date) string {
	if date == nil || date.IsZero() {
		return ""
	}
	return v.dateTyped(*date)
}

// withMoreRows gives every period two free lines, and a free period at the end.
func withMoreRows(typed []typedPeriod) []typedPeriod {
	for i := range typed {
		if len(typed[i].Rows) < maxRows-2 {
			typed[i].Rows = append(typed[i].Rows, typedRow{}, typedRow{})
		}
	}
	if len(typed) < maxPeriods {
		typed = append(typed, typedPeriod{Rows: []typedRow{{}, {}}})
	}
	return typed
}

func periodField(period int, name string) string { return fmt.Sprintf("p%d_%s", period, name) }

func rowField(period, row int, name string) string {
	return fmt.Sprintf("p%d_r%d_%s", period, row, name)
}

// typedHours reads the posted form as it is.
func (v *visit) typedHours() []typedPeriod {
	count, _ := strconv.Atoi(v.form("periods"))
	var typed []typedPeriod
	for i := range min(max(count, 0), maxPeriods) {
		field := func(name string) string { return v.form(periodField(i, name)) }
		period := typedPeriod{
			Name: v.formTexts(periodField(i, "name")), Description: v.formTexts(periodField(i, "description")), From: field("from"), To: field("to"),
			Mode: field("mode"), School: field("school"), Origin: field("origin"), Remove: field("remove") != "",
		}
		rows, _ := strconv.Atoi(field("rows"))
		for j := range min(max(rows, 1), maxRows) {
			of := func(name string) string { return v.form(rowField(i, j, name)) }
			row := typedRow{From: of("from"), To: of("to"), Kind: of("kind"), Turn: of("turn"), State: of("state"), Name: v.formTexts(rowField(i, j, "name"))}
			for _, day := range v.formAll(rowField(i, j, "day")) {
				if n, err := strconv.Atoi(day); err == nil && n >= 1 && n <= 7 && !slices.Contains(row.Days, n) {
					row.Days = append(row.Days, n)
				}
			}
			period.Rows = append(period.Rows, row)
		}
		typed = append(typed, period)
	}
	return typed
}

// readPeriod reads one period; mistakes carry the names of their fields.
func (v *visit) readPeriod(i int, typed typedPeriod) (period resources.Period, fields []fault.Field) {
	wrong := func(name string, err error) {
		fields = append(fields, fault.Field{Name: name, Code: fault.Code(err), Params: fault.As(err).Params})
	}
	dates := [2]*calendar.Date{}
	for n, text := range []string{typed.From, typed.To} {
		if text == "" {
			continue
		}
		date, err := v.readDate(text)
		if err != nil {
			wrong(periodField(i, []string{"from", "to"}[n]), err)
		}
		dates[n] = datePointer(date)
	}
	var spans []resources.WeekSpan
	for j, row := range typed.Rows {
		if row.blank() {
			continue
		}
		span, name, err := row.read()
		if err != nil {
			wrong(rowField(i, j, name), err)
			continue
		}
		turned, err := withTurn(span, row.Turn)
		if err != nil {
			wrong(rowField(i, j, "turn"), err)
		}
		spans = append(spans, turned...)
	}
	return resources.Period{
		Name: typed.Name, Description: typed.Description, ValidFrom: dates[0], ValidTo: dates[1], School: typed.School, Origin: typed.Origin,
		Override: typed.Mode == modeOverride, Overlay: typed.Mode == modeOverlay, Spans: db.AsJSON(spans),
	}, fields
}

// read gives the span of a line, or the field that cannot be read. An end that
// is not after the begin is on the next day.
func (r typedRow) read() (span resources.WeekSpan, field string, err error) {
	if len(r.Days) == 0 {
		return span, "day", fault.InvalidField("day", "hours.no_days")
	}
	from, err := locales.ParseTime(r.From)
	if err != nil {
		return span, "from", err
	}
	to, err := locales.ParseTime(r.To)
	if err != nil {
		return span, "to", err
	}
	if to <= from {
		to += int(calendar.DayMinutes)
	}
	return resources.WeekSpan{
		Weekdays: slices.Sorted(slices.Values(r.Days)), From: calendar.Minute(from), To: calendar.Minute(to), Kind: policies.HoursKind(r.Kind),
		State: r.State, Name: r.Name,
	}, "", nil
}
