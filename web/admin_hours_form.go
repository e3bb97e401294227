package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// typedPeriod is a period as it stands in the form.
type typedPeriod struct {
	Name     locales.Texts
	From     string
	To       string
	Override bool
	Remove   bool
	Rows     []typedRow
}

// typedRow is one line: days, from, to, kind. A line without times counts for
// nothing.
type typedRow struct {
	Days []int
	From string
	To   string
	Kind string
}

// The form has at most so many of each; nobody has more.
const (
	maxPeriods = 60
	maxRows    = 40
)

func (r typedRow) blank() bool { return r.From == "" && r.To == "" }

func (p typedPeriod) blank() bool {
	return p.Name == (locales.Texts{}) && p.From == "" && p.To == "" && !p.Override &&
		!slices.ContainsFunc(p.Rows, func(r typedRow) bool { return !r.blank() })
}

// typedFrom is what is saved as a form, with a free line in each period. Without
// periods it begins with the working days.
func typedFrom(periods []resources.Period, v *visit) []typedPeriod {
	var typed []typedPeriod
	for _, period := range periods {
		t := typedPeriod{Name: period.Name, Override: period.Override, From: v.dateField(period.ValidFrom), To: v.dateField(period.ValidTo)}
		for _, span := range period.Spans.V {
			t.Rows = append(t.Rows, typedRow{span.Weekdays, v.clock(span.From), v.clock(span.To), string(span.Kind)})
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
			Name: v.formTexts(periodField(i, "name")), From: field("from"), To: field("to"), Override: field("override") != "", Remove: field("remove") != "",
		}
		rows, _ := strconv.Atoi(field("rows"))
		for j := range min(max(rows, 1), maxRows) {
			row := typedRow{From: v.form(rowField(i, j, "from")), To: v.form(rowField(i, j, "to")), Kind: v.form(rowField(i, j, "kind"))}
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
		}
		spans = append(spans, span)
	}
	return resources.Period{Name: typed.Name, ValidFrom: dates[0], ValidTo: dates[1], Override: typed.Override, Spans: db.AsJSON(spans)}, fields
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
	span = resources.WeekSpan{Weekdays: slices.Sorted(slices.Values(r.Days)), From: calendar.Minute(from), To: calendar.Minute(to), Kind: policies.HoursKind(r.Kind)}
	return span, "", nil
}

// periodForm is a period as it is drawn.
type periodForm struct {
	Number   int
	Index    string // "p0"
	Count    int    // of lines
	Title    string
	Name     threeTexts
	From     ui.Field
	To       ui.Field
	Override ui.Field
	Remove   ui.Field
	Details  bool // name and dates are open
	Rows     []rowForm
}

// rowForm is a line as it is drawn.
type rowForm struct {
	Legend string
	Days   []dayBox
	Error  string // about the days
	From   ui.Field
	To     ui.Field
	Kind   ui.Field
}

// dayBox is the box of a weekday.
type dayBox struct {
	ID      string
	Name    string
	Value   int
	Label   string
	Long    string
	Checked bool
}

func (v *visit) periodForm(i int, typed typedPeriod) periodForm {
	keep := func(f ui.Field) ui.Field { return f }
	form := periodForm{Number: i + 1, Index: "p" + strconv.Itoa(i), Count: len(typed.Rows), Title: v.t("admin.period_title", "n", i+1)}
	if name := v.named(typed.Name); name != "" {
		form.Title = name
	}
	form.Name = v.threeTexts(ui.Field{Name: periodField(i, "name"), Label: v.t("admin.period_name"), Hint: v.t("admin.period_name_hint"), MaxLength: 200}, typed.Name, keep)
	form.From = ui.Field{Name: periodField(i, "from"), Label: v.t("admin.valid_from"), Hint: v.t("admin.valid_hint"), Value: typed.From, Width: "s", Autocomplete: "off"}
	form.To = ui.Field{Name: periodField(i, "to"), Label: v.t("admin.valid_to"), Hint: v.t("admin.valid_hint"), Value: typed.To, Width: "s", Autocomplete: "off"}
	form.Override = ui.Field{Name: periodField(i, "override"), Label: v.t("admin.override"), Type: "checkbox", Checked: typed.Override}
	form.Remove = ui.Field{Name: periodField(i, "remove"), Label: v.t("admin.period_remove"), Type: "checkbox", Checked: typed.Remove}
	form.Details = typed.Name != (locales.Texts{}) || typed.From+typed.To != "" || typed.Override || typed.Remove || i > 0
	for j, row := range typed.Rows {
		form.Rows = append(form.Rows, v.rowForm(i, j, row))
	}
	return form
}

func (v *visit) rowForm(i, j int, typed typedRow) rowForm {
	row := rowForm{
		Legend: v.t("admin.row", "n", j+1),
		From:   ui.Field{Name: rowField(i, j, "from"), Label: v.t("admin.from"), Value: typed.From, Width: "xs", Autocomplete: "off"},
		To:     ui.Field{Name: rowField(i, j, "to"), Label: v.t("admin.to"), Value: typed.To, Width: "xs", Autocomplete: "off"},
		Kind:   ui.Field{Name: rowField(i, j, "kind"), Label: v.t("admin.kind"), Type: "select", Width: "s"},
	}
	for day := 1; day <= 7; day++ {
		row.Days = append(row.Days, dayBox{
			ID: rowField(i, j, "day") + strings.TrimPrefix("_"+strconv.Itoa(day), "_1"), Name: rowField(i, j, "day"), Value: day, Checked: slices.Contains(typed.Days, day),
			Label: v.say.ShortWeekday(time.Weekday(day % 7)), Long: v.say.Weekday(time.Weekday(day % 7)),
		})
	}
	for _, kind := range []policies.HoursKind{policies.Reservable, policies.Core, policies.Open, policies.Closed} {
		row.Kind.Options = append(row.Kind.Options, ui.Option{Value: string(kind), Label: v.t("hours." + string(kind)), Selected: string(kind) == typed.Kind})
	}
	return row
}

// tell puts problems at the fields of the period.
func (f *periodForm) tell(problems map[string]string) {
	for _, field := range []*ui.Field{&f.From, &f.To} {
		if field.Error = problems[field.Name]; field.Error != "" {
			f.Details = true
		}
	}
	for j := range f.Rows {
		row := &f.Rows[j]
		row.From.Error, row.To.Error, row.Error = problems[row.From.Name], problems[row.To.Name], problems[row.Days[0].Name]
	}
}
