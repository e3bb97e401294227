package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// seriesEditPage is the data of templates/series-edit.html: what to change, and
// below it, once it was looked at, date by date what would become of it.
type seriesEditPage struct {
	ui.Frame
	Summary  ui.ErrorSummary
	Sentence string
	Revision string
	Seen     string // what the looked at dates were made from
	Post     string
	Back     string
	Scope    []ui.Field
	Times    []ui.Field
	Ends     []ui.Field // none where the dates are listed one by one
	Rest     []ui.Field
	Look     *seriesEditLook // nil until it was looked at
}

// seriesEditRoutes change several dates of a series.
func seriesEditRoutes() []route {
	at := spelling{"/fi/sarjat/:ref/muuta", "/sv/serier/:ref/andra", "/en/series/:ref/change"}
	return []route{
		{name: "my-series-edit", method: get, at: at, who: holders, handle: (*visit).showSeriesEdit},
		{name: "my-series-edit-it", method: post, at: at, who: holders, handle: (*visit).editMySeries},
	}
}

// seriesEditing is a series that is being changed: as it is, where it may go and
// on which day it ends.
type seriesEditing struct {
	booking.SeriesCard
	coming []booking.Card
	rooms  []resources.Place
	last   calendar.Date // zero where the dates are listed one by one
	rule   calendar.Rule
}

// editableSeries is the series in the address, if the visitor may change it.
func (v *visit) editableSeries() (seriesEditing, error) {
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, v.param("ref"))
	e := seriesEditing{SeriesCard: card}
	switch {
	case err != nil:
		return e, v.hiddenFromVisitors(err)
	case !v.maySeriesChange(card):
		return e, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if e.coming = v.standingDates(card); len(e.coming) == 0 {
		return e, nil
	}
	sample := e.coming[0]
	for _, c := range e.coming {
		if c.Resource == card.Resource {
			sample = c
		}
	}
	if e.rooms, err = v.server.Booking.MoveTargets(v.ctx, v.actor, sample.Number); err != nil {
		return e, err
	}
	if !slices.ContainsFunc(e.rooms, func(p resources.Place) bool { return p.Resource.ID == card.Resource }) {
		own, err := v.server.Resources.PlaceByID(v.ctx, v.server.DB, card.Resource)
		if err != nil {
			return e, err
		}
		e.rooms = slices.Insert(e.rooms, 0, own)
	}
	return e, e.findEnd(v)
}

// findEnd finds the last day of the rule.
func (e *seriesEditing) findEnd(v *visit) error {
	plan := e.Plan()
	if plan.Rule == "" {
		return nil
	}
	var err error
	if e.rule, err = calendar.ParseRule(plan.Rule); err != nil {
		return err
	}
	if e.last = e.rule.Until(v.server.Zone); e.rule.Count() == 0 {
		return nil
	}
	dates, err := calendar.Recurrence{First: plan.First, Span: plan.Span, Zone: v.server.Zone, Rule: e.rule}.Expand()
	if len(dates) > 0 {
		e.last = dates[len(dates)-1].Date
	}
	return err
}

func (v *visit) showSeriesEdit() error {
	e, err := v.editableSeries()
	switch {
	case err != nil:
		return err
	case len(e.coming) == 0:
		return v.redirect(v.path("my-series", e.Number))
	}
	return v.seriesEditForm(e, nil, problems{})
}

// seriesEditHref asks how this date and others of its series are to change.
func (v *visit) seriesEditHref(card booking.Card) string {
	return v.pathWith("my-series-edit", url.Values{"scope": {string(booking.ScopeFollowing)}, "from": {card.SeriesDate.String()}}, card.SeriesUID.String())
}

// seriesEditForm renders the page, with what the change would bring where it was
// looked at.
func (v *visit) seriesEditForm(e seriesEditing, look *seriesEditLook, p problems) error {
	back := v.path("my-series", e.Number)
	page := seriesEditPage{
		Frame:    v.frame(v.t("series.edit"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}, ui.Link{Href: back, Label: e.Number}),
		Sentence: v.ruleWords(e.Plan(), e.UnitCity), Summary: p.Summary, Revision: strconv.Itoa(e.Revision), Seen: v.editSeen(e.Revision),
		Post: v.path("my-series-edit-it", e.Number), Back: back, Look: look,
		Scope: []ui.Field{v.scopeField(v.query("scope"), p), v.fromField(e.coming, p)},
		Times: v.editTimes(e, p), Rest: v.editRest(e, p),
	}
	if !e.rule.IsZero() {
		page.Ends = []ui.Field{
			v.field(ui.Field{
				Name: "until", Label: v.t("series.until"), Hint: v.t("series.until_hint"), Value: v.say.Date(v.midday(e.last)), Width: "s",
				Autocomplete: "off", MaxLength: 40,
			}, p),
			v.field(ui.Field{
				Name: "times", Label: v.t("series.or_times"), Hint: v.t("series_edit.times_hint", "max", calendar.MaxDates), Width: "xs",
				InputMode: "numeric", Autocomplete: "off", MaxLength: 6,
			}, p),
		}
	}
	page.NoIndex = true
	return v.render("series-edit", page)
}

// editTimes ask when and where the dates are from now on.
func (v *visit) editTimes(e seriesEditing, p problems) []ui.Field {
	typed := func(name, value string) string {
		if v.route.write() {
			return v.form(name)
		}
		return value
	}
	const step = 15
	end := calendar.DayMinutes
	if e.ToMinute != calendar.DayMinutes {
		end = e.ToMinute % calendar.DayMinutes
	}
	start, until, room := typed("start", e.FromMinute.String()), typed("end", end.String()), typed("room", e.ResourceSlug)
	fields := []ui.Field{
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockSteps(0, step, start)},
		{Name: "end", Label: v.t("work.end"), Type: "select", Width: "s", Options: v.clockSteps(step, step, until)},
	}
	if len(e.rooms) > 1 {
		rooms := ui.Field{Name: "room", Label: v.t("mail.fact.room"), Type: "select"}
		for _, place := range e.rooms {
			label := v.named(place.Resource.Name)
			if place.Unit.ID != e.Unit {
				label += ", " + v.named(place.Unit.Name)
			}
			rooms.Options = append(rooms.Options, ui.Option{Value: place.Resource.Slug, Label: label, Selected: place.Resource.Slug == room})
		}
		fields = append(fields, rooms)
	}
	for i := range fields {
		fields[i].Error = p.Fields[fields[i].Name]
	}
	return fields
}

// editRest ask for what was filled in, and staff for their reason.
func (v *visit) editRest(e seriesEditing, p problems) []ui.Field {
	persons := ""
	if e.Persons != nil {
		persons = strconv.Itoa(*e.Persons)
	}
	fields := []ui.Field{
		{Name: "title", Label: v.t("field.title"), Value: e.Title, MaxLength: 200, Autocomplete: "off"},
		{Name: "persons", Label: v.t("field.persons"), Value: persons, InputMode: "numeric", Width: "xs", Autocomplete: "off", MaxLength: 6},
	}
	if v.mayHandle(e.Unit) {
		fields = append(fields, ui.Field{
			Name: "reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Type: "textarea", Rows: 2, MaxLength: 2000, Optional: true,
		})
	}
	for i := range fields {
		fields[i] = v.field(fields[i], p)
	}
	return fields
}

// editSeen is what was typed, without what was chosen for single dates; another
// one than that of the looked at page is looked at first.
func (v *visit) editSeen(revision int) string {
	seen := url.Values{"revision": {strconv.Itoa(revision)}}
	for _, name := range []string{"scope", "from", "start", "end", "room", "until", "times", "title", "persons"} {
		seen.Set(name, v.form(name))
	}
	return seen.Encode()
}

// editMySeries shows what the form would change or, where that was seen, does
// it.
func (v *visit) editMySeries() error {
	e, err := v.editableSeries()
	switch {
	case err != nil:
		return err
	case len(e.coming) == 0:
		return v.redirect(v.path("my-series", e.Number))
	}
	revision, err := v.revision()
	var edit booking.SeriesEdit
	if err == nil {
		edit, err = v.seriesEdit(e)
	}
	chosen := v.repeatForm().Fixes
	if err == nil && v.form("do") != "look" && v.form("seen") == v.editSeen(revision) {
		edit.Revision = revision
		if edit.Fixes, err = readFixes(chosen); err == nil {
			report, failed := patiently(v, func() (booking.SeriesReport, error) { return v.server.Booking.EditSeries(v.ctx, v.actor, edit) })
			if failed == nil {
				return v.seriesEdited(e, report)
			}
			err = failed
		}
	}
	return v.lookAtEdit(e, edit, chosen, err)
}

// lookAtEdit shows what a change would bring, and what was wrong with it.
func (v *visit) lookAtEdit(e seriesEditing, edit booking.SeriesEdit, chosen map[string]string, cause error) error {
	p, ok := v.problems(cause)
	if cause != nil && !ok {
		return cause
	}
	if edit.Ref == "" { // the form cannot be read
		return v.seriesEditForm(e, nil, p)
	}
	r, err := v.tryEdit(edit, chosen)
	if err != nil {
		wrong, ok := v.problems(err)
		if !ok {
			return err
		}
		return v.seriesEditForm(e, nil, wrong)
	}
	var refusal *booking.SeriesRefusal
	if errors.As(cause, &refusal) {
		r.fresh = func(date string) bool { return chosen[date] == "" }
	}
	look := v.seriesEditLook(e, edit, *r)
	return v.seriesEditForm(e, &look, p)
}

// seriesEdited tells how many dates have changed and how many have not.
func (v *visit) seriesEdited(e seriesEditing, report booking.SeriesReport) error {
	stood := map[int64]bool{}
	for _, c := range e.coming {
		stood[c.ID] = true
	}
	stayed := len(e.coming) - len(report.Ended)
	for _, r := range report.Done {
		if stood[r.ID] {
			stayed--
		}
	}
	v.flash(ui.AlertSuccess, "series_edit.done", fault.Params{"n": len(report.Done) + len(report.Ended), "stayed": stayed})
	return v.redirect(v.path("my-series", report.Series.Number))
}
