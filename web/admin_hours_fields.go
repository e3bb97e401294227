package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// periodForm is a period as it is drawn.
type periodForm struct {
	Number      int
	Index       string // "p0"
	Count       int    // of lines
	Title       string
	Error       string // about the period as a whole
	Name        threeTexts
	Description threeTexts
	From        ui.Field
	To          ui.Field
	Mode        ui.Field
	School      ui.Field
	Remove      ui.Field
	Origin      string
	Details     bool // name and dates are open
	Rows        []rowForm
}

// rowForm is a line as it is drawn.
type rowForm struct {
	Legend string
	Days   []dayBox
	Error  string // about the days
	From   ui.Field
	To     ui.Field
	Kind   ui.Field
	Turn   ui.Field
	State  ui.Field
	More   string // what turn and state say
	Open   bool   // they say something, or something is wrong with them
	Hidden []ui.Hidden
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
	form := periodForm{Number: i + 1, Index: "p" + strconv.Itoa(i), Count: len(typed.Rows), Title: v.t("admin.period_title", "n", i+1), Origin: typed.Origin}
	if name := v.named(typed.Name); name != "" {
		form.Title = name
	}
	form.Name = v.threeTexts(ui.Field{Name: periodField(i, "name"), Label: v.t("admin.period_name"), Hint: v.t("admin.period_name_hint"), MaxLength: 200}, typed.Name, keep)
	form.Description = v.threeTexts(ui.Field{Name: periodField(i, "description"), Label: v.t("admin.period_text"), Hint: v.t("admin.period_text_hint"), Type: "textarea", Rows: 2}, typed.Description, keep)
	form.From = ui.Field{Name: periodField(i, "from"), Label: v.t("admin.valid_from"), Hint: v.t("admin.valid_hint"), Value: typed.From, Width: "s", Autocomplete: "off"}
	form.To = ui.Field{Name: periodField(i, "to"), Label: v.t("admin.valid_to"), Hint: v.t("admin.valid_hint"), Value: typed.To, Width: "s", Autocomplete: "off"}
	form.Mode = ui.Field{Name: periodField(i, "mode"), Label: v.t("admin.period_mode"), Hint: v.t("admin.period_mode_hint"), Type: "select", Options: v.worded("admin.period_mode.", typed.Mode, "", modeOverride, modeOverlay)}
	form.School = ui.Field{Name: periodField(i, "school"), Label: v.t("admin.period_school"), Hint: v.t("admin.period_school_hint"), Type: "select", Options: v.worded("hours.school.", typed.School, "", resources.SchoolTerm, resources.SchoolBreak)}
	form.Remove = ui.Field{Name: periodField(i, "remove"), Label: v.t("admin.period_remove"), Type: "checkbox", Checked: typed.Remove}
	form.Details = typed.Name != (locales.Texts{}) || typed.From+typed.To != "" || typed.Mode+typed.School != "" || typed.Remove || i > 0
	for j, row := range typed.Rows {
		form.Rows = append(form.Rows, v.rowForm(i, j, row))
	}
	return form
}

// worded are the options of a select whose words stand under a prefix; the one
// of "" under "none".
func (v *visit) worded(prefix, chosen string, values ...string) []ui.Option {
	var options []ui.Option
	for _, value := range values {
		key := value
		if key == "" {
			key = "none"
		}
		options = append(options, ui.Option{Value: value, Label: v.t(prefix + key), Selected: value == chosen})
	}
	return options
}

func (v *visit) rowForm(i, j int, typed typedRow) rowForm {
	row := rowForm{
		Legend: v.t("admin.row", "n", j+1),
		From:   ui.Field{Name: rowField(i, j, "from"), Label: v.t("admin.from"), Value: typed.From, Width: "xs", Autocomplete: "off"},
		To:     ui.Field{Name: rowField(i, j, "to"), Label: v.t("admin.to"), Value: typed.To, Width: "xs", Autocomplete: "off"},
		Kind:   ui.Field{Name: rowField(i, j, "kind"), Label: v.t("admin.kind"), Type: "select", Width: "s"},
		Turn:   ui.Field{Name: rowField(i, j, "turn"), Label: v.t("admin.turn"), Hint: v.t("admin.turn_hint"), Type: "select", Options: v.turnOptions(typed.Turn)},
		State:  ui.Field{Name: rowField(i, j, "state"), Label: v.t("admin.open_as"), Type: "select", Options: v.openAsOptions(typed.State)},
		Open:   typed.Turn+typed.State != "",
	}
	row.More = chosenLabel(row.Turn.Options)
	if typed.State != "" {
		row.More += ", " + strings.ToLower(chosenLabel(row.State.Options))
	}
	if name := v.named(typed.Name); name != "" {
		row.More += ", " + name
	}
	for _, lang := range locales.Languages {
		if text := typed.Name.Exact(lang); text != "" {
			row.Hidden = append(row.Hidden, ui.Hidden{Name: rowField(i, j, "name") + "_" + lang, Value: text})
		}
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

func chosenLabel(options []ui.Option) string {
	for _, o := range options {
		if o.Selected {
			return o.Label
		}
	}
	return options[0].Label
}

// openAsOptions are how a place can be open; another one that is saved stays.
func (v *visit) openAsOptions(chosen string) []ui.Option {
	options := []ui.Option{
		{Label: v.t("hours.state.none"), Selected: chosen == ""},
		{Value: "self_service", Label: v.t("hours.state.self_service"), Selected: chosen == "self_service"},
	}
	if chosen != "" && chosen != "self_service" {
		options = append(options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return options
}

// tell puts problems at the fields of the period.
func (f *periodForm) tell(problems map[string]string) {
	f.Error = problems[f.Index]
	for _, field := range []*ui.Field{&f.From, &f.To} {
		if field.Error = problems[field.Name]; field.Error != "" {
			f.Details = true
		}
	}
	for j := range f.Rows {
		row := &f.Rows[j]
		row.From.Error, row.To.Error, row.Error = problems[row.From.Name], problems[row.To.Name], problems[row.Days[0].Name]
		row.Turn.Error = problems[row.Turn.Name]
		row.Open = row.Open || row.Turn.Error != ""
	}
}
