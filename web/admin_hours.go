package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

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
	Kept     []keptPeriod
	Holidays *ui.Field // nil = the unit's
	Follows  string    // what the unit does on holidays, for a resource
	Week     ui.Field
	Preview  *weekPreview
	Year     *yearPreview
	Doubts   []string // what is odd in the hours
	Copy     string   // where they are copied to others
	Outside  *outsideList
	Saved    []string // what is saved now, when somebody else did meanwhile
	File     hoursFileForm
	Summary  ui.ErrorSummary
}

// outsideList is what a change would leave outside the hours.
type outsideList struct {
	Count int
	Title string
	Sums  []string // by holder and series
	Links []outsideLink
	More  string
}

// outsideLink is one reservation with the part of it outside.
type outsideLink struct {
	ui.Link
	Part string
}

// keptPeriod is a period that the form does not hold; it stays as it is.
type keptPeriod struct {
	ID      int
	Words   string
	Checked bool // to be removed
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
	formed, _ := v.formedPeriods(hours.Periods)
	typed := typedFrom(formed, v)
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
	v.keptAndHolidays(&page, hours)
	page.File = v.hoursFileForm(hours)
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
	if owner.Resource == 0 {
		change.Holidays = v.form("holidays")
	}
	switch v.form("act") {
	case "more":
		return v.hoursAgain(hours, withMoreRows(typed), change, nil)
	case "read":
		return v.readHoursFile(hours, typed, change)
	}
	var fields []fault.Field
	change.Periods, fields = v.readHours(typed)
	change.Periods = append(change.Periods, v.stillKept(hours.Periods)...)
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
		page.File.Text.Error, page.File.Format.Error = p.Fields["file_text"], p.Fields["file_format"]
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
		ids["periods["+strconv.Itoa(i)+"]"] = page.Periods[at].Index
	}
	for name := range p.Fields {
		if _, known := ids[name]; !known && !strings.HasPrefix(name, "periods") {
			ids[name] = name
		}
	}
	if p.Code != "hours.reservations_outside" { // which is told with the list of them
		page.Summary = p.at(ids).Summary
	}
	for i := range page.Periods {
		page.Periods[i].tell(p.at(ids).Fields)
	}
	if page.Holidays != nil {
		page.Holidays.Error = p.Fields["holidays"]
	}
}

// preview shows a week and which reservations would lie outside.
func (v *visit) preview(page *hoursEditor, hours catalogue.Hours, change catalogue.HoursChange) error {
	date, err := v.readDate(page.Week.Value)
	if err != nil {
		page.Week.Error, date = v.say.Fault(err), v.today()
	}
	saved, err := v.placeOf(hours)
	if err != nil {
		return err
	}
	place := saved
	place.Periods = change.Over(saved.Periods)
	if change.Holidays != "" {
		place.Unit.Holidays = change.Holidays
	}
	monday := date.AddDays(1 - int(date.Weekday()))
	page.Preview = &weekPreview{Title: v.t("admin.preview_title", "week", v.say.Week(v.midday(monday)))}
	for n := range 7 {
		page.Preview.Days = append(page.Preview.Days, v.previewDay(place.Day(monday.AddDays(n))))
	}
	page.Year = v.yearPreview(saved, place, date)
	for _, doubt := range resources.Doubts(change.Periods, hours.Unit.City, v.today()) {
		page.Doubts = append(page.Doubts, v.t(doubt.Code, doubt.Params))
	}
	if len(hours.Periods) > 0 {
		page.Copy = v.path("admin-hours-copy", hours.Unit.Slug)
		if hours.Resource != nil {
			page.Copy = v.pathWith("admin-hours-copy", url.Values{"from": {hours.Resource.Slug}}, hours.Unit.Slug)
		}
	}
	outside, err := v.server.Catalogue.Outside(v.ctx, v.actor, change)
	if err != nil || len(outside) == 0 {
		return err
	}
	page.Accepted, page.Outside = len(outside), v.outsideList(outside)
	return nil
}

// placeOf is what hours are saved for, with all that decides its days.
func (v *visit) placeOf(hours catalogue.Hours) (resources.Place, error) {
	place := resources.Place{Unit: hours.Unit, Periods: hours.Periods}
	if hours.Resource == nil {
		return place, nil
	}
	place.Resource = *hours.Resource
	unit, err := v.server.Resources.PeriodsOf(v.ctx, v.server.DB, resources.Owner{Unit: hours.Unit.ID})
	place.Periods = slices.Concat(hours.Periods, unit)
	return place, err
}

// outsideList names the first of those outside, and sums up all.
func (v *visit) outsideList(outside []catalogue.Outsider) *outsideList {
	list := &outsideList{Count: len(outside), Title: v.t("hours.reservations_outside", "n", len(outside))}
	for _, sum := range catalogue.SumOutside(outside) {
		if len(list.Sums) == shownOutside {
			break
		}
		who := sum.Holder
		if who == "" {
			who = v.t("admin.outside_nobody")
		}
		list.Sums = append(list.Sums, v.t("admin.outside_sum", "who", joinWords(", ", who, sum.Series), "n", sum.Count, "length", v.say.Duration(sum.Minutes)))
	}
	for _, o := range outside[:min(len(outside), shownOutside)] {
		link := ui.Link{Href: v.path("work-reservation", o.Number), Label: o.Number + ", " + v.named(o.Resource) + ", " + v.say.Range(o.Begin, o.End)}
		part := v.t("affected.part", "span", v.say.ShortRange(o.Outside.Begin, o.Outside.End), "length", v.say.Duration(o.Minutes))
		list.Links = append(list.Links, outsideLink{link, part})
	}
	if rest := len(outside) - shownOutside; rest > 0 {
		list.More = v.t("admin.and_more", "n", rest)
	}
	return list
}

// keptAndHolidays completes the page with what the form has beside its periods.
func (v *visit) keptAndHolidays(page *hoursEditor, hours catalogue.Hours) {
	_, kept := v.formedPeriods(hours.Periods)
	for _, period := range kept {
		words := v.periodInWords(catalogue.FactsOf([]resources.Period{period})[0])
		page.Kept = append(page.Kept, keptPeriod{period.ID, words, slices.Contains(v.formAll("drop"), strconv.Itoa(period.ID))})
	}
	if hours.Resource != nil {
		page.Follows = v.t("admin.holidays." + hours.Unit.Holidays)
		return
	}
	chosen := hours.Unit.Holidays
	if typed := v.form("holidays"); typed != "" {
		chosen = typed
	}
	page.Holidays = &ui.Field{Name: "holidays", Label: v.t("admin.holidays"), Type: "radio", Value: chosen}
	for _, key := range []string{"closed", "sunday", "normal"} {
		page.Holidays.Options = append(page.Holidays.Options, ui.Option{Value: key, Label: v.t("admin.holidays." + key), Selected: chosen == key})
	}
}

// formedPeriods are those that the form holds: what is not over, as many as it
// takes. The others are kept as they are.
func (v *visit) formedPeriods(periods []resources.Period) (formed, kept []resources.Period) {
	today := v.today()
	for _, p := range periods {
		over := p.ValidTo != nil && !p.ValidTo.IsZero() && p.ValidTo.Before(today)
		if over || len(formed) == maxFormed || len(p.Spans.V) >= maxRows {
			kept = append(kept, p)
		} else {
			formed = append(formed, p)
		}
	}
	return formed, kept
}

// stillKept are the kept periods that nobody has ticked for removal.
func (v *visit) stillKept(periods []resources.Period) []resources.Period {
	_, kept := v.formedPeriods(periods)
	gone := v.formAll("drop")
	return slices.DeleteFunc(kept, func(p resources.Period) bool { return slices.Contains(gone, strconv.Itoa(p.ID)) })
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
