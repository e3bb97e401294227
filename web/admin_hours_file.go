package web

import (
	"net/url"
	"slices"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/imports/hours"
	"vuoro/web/ui"
)

// hoursFileForm takes hours in over a text and gives them out as files.
type hoursFileForm struct {
	Format ui.Field
	Text   ui.Field
	Files  []ui.Link
	Open   bool
}

func (v *visit) hoursFileForm(own catalogue.Hours) hoursFileForm {
	form := hoursFileForm{
		Format: ui.Field{Name: "file_format", Label: v.t("admin.hours_format"), Type: "select", Width: "m"},
		Text: ui.Field{
			Name: "file_text", Label: v.t("admin.hours_text"), Hint: v.t("admin.hours_text_hint"), Type: "textarea", Value: v.form("file_text"),
		},
		Open: v.form("act") == "read",
	}
	chosen := v.form("file_format")
	if chosen == "" {
		chosen = "text"
	}
	file := "/api/v1/units/" + own.Unit.UID.String() + "/hours/file"
	if own.Resource != nil {
		file = "/api/v1/resources/" + own.Resource.UID.String() + "/hours/file"
	}
	for _, name := range hours.FormatNames() {
		label := v.t("hours_format." + name)
		form.Format.Options = append(form.Format.Options, ui.Option{Value: name, Label: label, Selected: name == chosen})
		if _, err := hours.WritableFormat(name); err == nil {
			form.Files = append(form.Files, ui.Link{Href: file + "?" + url.Values{"format": {name}}.Encode(), Label: label})
		}
	}
	return form
}

// readHoursFile puts the hours of a text into the form, in the place of those
// that it replaces; nothing is saved. What cannot be read is told with its place
// in the text, and the form stays as it was typed.
func (v *visit) readHoursFile(own catalogue.Hours, typed []typedPeriod, change catalogue.HoursChange) error {
	periods, fields := v.readHours(typed)
	format, err := hours.FormatNamed(v.form("file_format"))
	var read hours.Schedule
	if err == nil {
		read, err = format.Read([]byte(v.form("file_text")), hours.Options{Today: v.today(), Zone: v.server.Zone})
	}
	if err == nil {
		change.Holidays, err = read.Holidays(own.Resource == nil, own.Unit.Holidays)
	}
	if err != nil {
		return v.hoursAgain(own, typed, change, inFileText(err))
	}
	if len(fields) > 0 {
		return v.hoursAgain(own, typed, change, &fault.Error{Kind: fault.Invalid, Code: "invalid", Fields: fields})
	}
	change.Periods = hours.Replace(slices.Concat(periods, v.stillKept(own.Periods)), read.Periods, format.Source)
	formed, kept := v.formedPeriods(change.Periods)
	if _, before := v.formedPeriods(own.Periods); len(kept) > len(before) {
		return v.hoursAgain(own, typed, change, fault.InvalidField("file_text", "hours_file.not_for_form", fault.Params{"n": len(kept) - len(before)}))
	}
	return v.hoursAgain(own, typedFrom(formed, v), change, nil)
}

// inFileText puts mistakes of a text, named by their places in it, at its field.
func inFileText(err error) error {
	return withFields(err, func(field fault.Field) string {
		if field.Name == "format" {
			return "file_format"
		}
		return "file_text"
	})
}
