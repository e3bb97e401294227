package web

import (
	"strconv"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// hoursEditor is the data of templates/admin_hours.html: the hours of a unit,
// or those that a resource has of its own.
type hoursEditor struct {
	ui.Frame
	Head     unitHead
	Room     string // name of the resource, "" = the unit's hours
	RoomLang string
	UnitPage string // hours of the unit, for those of a resource
	Post     string
	Version  int
	Accepted int
	Periods  []periodForm
	Week     ui.Field
	Preview  *weekPreview
	Outside  *outsideList
	Saved    []string // what is saved now, when somebody else did meanwhile
	Summary  ui.ErrorSummary
}

// outsideList is what a change would leave outside the hours.
type outsideList struct {
	Title string
	Links []ui.Link
	More  string
}

// weekPreview is a week as it would be.
type weekPreview struct {
	Title string
	Days  []previewDay
}

type previewDay struct {
	Day   string
	Spans []previewSpan
	Words string
	Note  string
}

// previewSpan is a stretch of a day in quarters of an hour.
type previewSpan struct {
	Kind  ui.Kind
	Start int
	Long  int
}

const shownOutside = 20

func (v *visit) showHoursEditor() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	hours, owner, err := v.hoursHere()
	if err != nil {
		return err
	}
	typed := typedFrom(hours.Periods, v)
	return v.hoursEditor(hours, typed, func(page *hoursEditor) error {
		if len(hours.Periods) == 0 && owner.Resource == 0 {
			return nil
		}
		return v.preview(page, hours, catalogue.HoursChange{Owner: owner, Periods: hours.Periods})
	})
}

// hoursHere are the hours of the address.
func (v *visit) hoursHere() (catalogue.Hours, resources.Owner, error) {
	owner, err := v.server.Catalogue.OwnerBySlug(v.ctx, v.param("unit"), v.param("slug"))
	if err != nil {
		return catalogue.Hours{}, owner, err
	}
	hours, err := v.server.Catalogue.HoursOf(v.ctx, v.actor, owner)
	return hours, owner, err
}

func (v *visit) hoursEditor(hours catalogue.Hours, typed []typedPeriod, complete func(*hoursEditor) error) (err error) {
	page := hoursEditor{Version: hours.Version, Post: v.path("admin-unit-hours", hours.Unit.Slug)}
	if page.Frame, page.Head, err = v.unitPage(v.t("admin.tab.hours"), hours.Unit); err != nil {
		return err
	}
	if hours.Resource != nil {
		page.UnitPage, page.Post = page.Post, v.path("admin-room-hours", hours.Resource.Slug)
		page.Room, page.RoomLang = v.text(hours.Resource.Name)
		page.Title = v.t("admin.tab.hours") + ", " + page.Room
	}
	for i, period := range typed {
		page.Periods = append(page.Periods, v.periodForm(i, period))
	}
	week := v.form("week")
	if week == "" {
		week = v.dateTyped(v.today())
	}
	page.Week = ui.Field{Name: "week", Label: v.t("admin.preview_week"), Hint: v.t("date.hint"), Value: week, Width: "s", Autocomplete: "off"}
	if err := complete(&page); err != nil {
		return err
	}
	return v.render("admin_hours", page)
}

// saveHours is the form: more rows, a look at the week, or saving.
func (v *visit) saveHours() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	hours, owner, err := v.hoursHere()
	if err != nil {
		return err
	}
	typed := v.typedHours()
	version, _ := strconv.Atoi(v.form("version"))
	accepted, _ := strconv.Atoi(v.form("accepted"))
	change := catalogue.HoursChange{Owner: owner, Version: version, Accepted: accepted}
	if v.form("act") == "more" {
		return v.hoursAgain(hours, withMoreRows(typed), change, nil)
	}
	var fields []fault.Field
	change.Periods, fields = v.readHours(typed)
	if len(fields) > 0 {
		return v.hoursAgain(hours, typed, change, &fault.Error{Kind: fault.Invalid, Code: "invalid", Fields: fields})
	}
	if v.form("act") == "preview" {
		return v.hoursAgain(hours, typed, change, nil)
	}
	err = v.server.Catalogue.SetHours(v.ctx, v.actor, change)
	switch kind := fault.As(err).Kind; {
	case err == nil:
		v.flash(ui.AlertSuccess, "admin.saved", fault.Params{})
		return v.redirect(v.c.Path())
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Stale:
		return v.hoursAgain(hours, typed, change, err)
	}
	return err
}

// hoursAgain shows the form as it was typed, with what is wrong and with what
// the hours would do.
func (v *visit) hoursAgain(hours catalogue.Hours, typed []typedPeriod, change catalogue.HoursChange, wrong error) error {
	p, _ := v.problems(wrong)
	return v.hoursEditor(hours, typed, func(page *hoursEditor) error {
		if p.Code == "stale" {
			for _, period := range catalogue.FactsOf(hours.Periods) {
				page.Saved = append(page.Saved, v.periodInWords(period))
			}
		} else {
			page.Version = change.Version
		}
		v.tellHours(page, typed, p)
		if change.Periods == nil || p.Code != "" && p.Code != "hours.reservations_outside" {
			return nil
		}
		return v.preview(page, hours, change)
	})
}

// tellHours puts problems at their fields.
func (v *visit) tellHours(page *hoursEditor, typed []typedPeriod, p problems) {
	kept := keptPeriods(typed)
	ids := map[string]string{}
	for i, at := range kept {
		ids["periods["+strconv.Itoa(i)+"]"] = page.Periods[at].Rows[0].From.Name
	}
	for name := range p.Fields {
		if _, known := ids[name]; !known {
			ids[name] = name
		}
	}
	if p.Code != "hours.reservations_outside" { // which is told with the list of them
		page.Summary = p.at(ids).Summary
	}
	for i := range page.Periods {
		page.Periods[i].tell(p.at(ids).Fields)
	}
}

// preview shows a week and which reservations would lie outside.
func (v *visit) preview(page *hoursEditor, hours catalogue.Hours, change catalogue.HoursChange) error {
	date, err := v.readDate(page.Week.Value)
	if err != nil {
		page.Week.Error, date = v.say.Fault(err), v.today()
	}
	place := resources.Place{Unit: hours.Unit}
	if hours.Resource != nil {
		place.Resource = *hours.Resource
		if place.Periods, err = v.server.Resources.PeriodsOf(v.ctx, v.server.DB, resources.Owner{Unit: hours.Unit.ID}); err != nil {
			return err
		}
	}
	place.Periods = change.Over(place.Periods)
	monday := date.AddDays(1 - int(date.Weekday()))
	page.Preview = &weekPreview{Title: v.t("admin.preview_title", "week", v.say.Week(v.midday(monday)))}
	for n := range 7 {
		page.Preview.Days = append(page.Preview.Days, v.previewDay(place.Day(monday.AddDays(n))))
	}
	outside, err := v.server.Catalogue.Outside(v.ctx, v.actor, change)
	if err != nil || len(outside) == 0 {
		return err
	}
	page.Accepted = len(outside)
	page.Outside = &outsideList{Title: v.t("hours.reservations_outside", "n", len(outside))}
	for _, o := range outside[:min(len(outside), shownOutside)] {
		page.Outside.Links = append(page.Outside.Links, ui.Link{
			Href: v.path("work-reservation", o.Number), Label: o.Number + ", " + v.named(o.Resource) + ", " + v.say.Range(o.Begin, o.End),
		})
	}
	if rest := len(outside) - shownOutside; rest > 0 {
		page.Outside.More = v.t("admin.and_more", "n", rest)
	}
	return nil
}

var hoursKinds = map[policies.HoursKind]ui.Kind{
	policies.Reservable: ui.KindConfirmed, policies.Core: ui.KindStaff, policies.Open: ui.KindInfo, policies.Closed: ui.KindClosed,
}

func (v *visit) previewDay(plan resources.DayPlan) previewDay {
	day := previewDay{Day: v.say.ShortDate(v.midday(plan.Date))}
	for _, span := range plan.Spans {
		start, end := int(span.From)/15, (int(span.To)+14)/15
		day.Spans = append(day.Spans, previewSpan{hoursKinds[span.Kind], start, max(min(end, ui.MaxQuarters)-start, 1)})
		words := v.clockSpan(span.From, span.To) + " " + v.t("hours."+string(span.Kind))
		day.Words = joinedBy(day.Words, words, "; ")
	}
	if len(plan.Spans) == 0 {
		day.Words = v.t("hours.closed")
	}
	for _, holiday := range plan.Holiday {
		day.Note = joinedBy(day.Note, v.named(locales.Texts(holiday.Names)), ", ")
	}
	if plan.Period != nil {
		day.Note = joinedBy(day.Note, joinedBy(v.t("admin.override_short"), v.named(plan.Period.Name), " "), ", ")
	}
	return day
}

func joinedBy(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// keptPeriods are the indexes of the typed periods that are saved.
func keptPeriods(typed []typedPeriod) []int {
	var kept []int
	for i, period := range typed {
		if !period.Remove && !period.blank() {
			kept = append(kept, i)
		}
	}
	return kept
}

// readHours reads what was typed; what cannot be read is named by its field.
func (v *visit) readHours(typed []typedPeriod) ([]resources.Period, []fault.Field) {
	periods, fields := []resources.Period{}, []fault.Field{}
	for _, i := range keptPeriods(typed) {
		period, wrong := v.readPeriod(i, typed[i])
		periods, fields = append(periods, period), append(fields, wrong...)
	}
	return periods, fields
}

// datePointer is nil for no date.
func datePointer(date calendar.Date) *calendar.Date {
	if date.IsZero() {
		return nil
	}
	return &date
}
