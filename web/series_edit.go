package web

import (
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// seriesEditLook is what a change of a series would bring. Template
// "series-edit-look".
type seriesEditLook struct {
	Counts  []string
	Verdict *ui.Alert
	Repair  seriesRepair // what needs a choice alone
	Groups  []repairGroup
	Price   string
	Button  string // "" = nothing would change
}

// repairGroup is dates to which the same happens.
type repairGroup struct {
	ID    string
	Label string
	Rows  []repairRow
	Fold  bool // is of less interest
}

// seriesEdit reads the form of a change. What is as it was is not asked for, so
// that a date with a time or room of its own keeps it.
func (v *visit) seriesEdit(e seriesEditing) (booking.SeriesEdit, error) {
	none := booking.SeriesEdit{}
	edit := booking.SeriesEdit{Ref: e.UID.String(), Reason: v.form("reason")}
	var err error
	if edit.Scope, edit.From, err = v.scoped(); err != nil {
		return none, err
	}
	span, err := v.formSpan()
	if err != nil {
		return none, err
	}
	if span.From != e.FromMinute || span.To != e.ToMinute {
		edit.Span = &span
	}
	if slug := v.form("room"); slug != "" && slug != e.ResourceSlug {
		at := slices.IndexFunc(e.rooms, func(p resources.Place) bool { return p.Resource.Slug == slug })
		if at < 0 {
			return none, fault.InvalidField("room", "resource.not_found")
		}
		edit.Resource = &e.rooms[at].Resource.UID
	}
	if edit.Rule, err = v.newEnd(e); err != nil {
		return none, err
	}
	if edit.Form, err = v.newForm(e); err != nil {
		return none, err
	}
	if edit.Span == nil && edit.Resource == nil && edit.Rule == nil && edit.Form == nil {
		return none, fault.New(fault.Invalid, "series_edit.nothing")
	}
	return edit, nil
}

// newEnd is the rule with another end; nil where it stays. A number of times
// wins over the last day that stands in the form from the start.
func (v *visit) newEnd(e seriesEditing) (*string, error) {
	if e.rule.IsZero() {
		return nil, nil
	}
	if typed := v.form("times"); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil || n < 1 || n > calendar.MaxDates {
			return nil, fault.InvalidField("times", "series.times", fault.Params{"max": calendar.MaxDates})
		}
		return new(e.rule.Times(n).String()), nil
	}
	last, err := v.typedDate(v.form("until"))
	if err != nil {
		f := fault.As(err)
		return nil, fault.InvalidField("until", f.Code, f.Params)
	}
	if last == e.last {
		return nil, nil
	}
	return new(e.rule.EndingOn(last).String()), nil
}

// newForm is what was filled in with another name or number of people; nil where
// both stay.
func (v *visit) newForm(e seriesEditing) (*policies.Form, error) {
	persons, err := v.formInt("persons")
	if err != nil {
		return nil, err
	}
	form := e.Form()
	same := (persons == nil) == (form.Persons == nil) && (persons == nil || *persons == *form.Persons)
	if same && v.form("title") == form.Title {
		return nil, nil
	}
	form.Title, form.Persons = v.form("title"), persons
	return &form, nil
}

// tryEdit previews a change twice, as tryRepairs does a series.
func (v *visit) tryEdit(edit booking.SeriesEdit, chosen map[string]string) (*repairing, error) {
	r := &repairing{editing: true}
	edit.Fixes, edit.Revision = nil, 0
	var err error
	if r.plain, err = v.server.Booking.PreviewSeriesEdit(v.ctx, v.actor, edit); err != nil {
		return nil, err
	}
	r.fixes = settleFixes(r.plain, chosen)
	r.fixed = r.plain
	if len(r.fixes) == 0 {
		return r, nil
	}
	if edit.Fixes, err = readFixes(r.fixes); err == nil {
		r.fixed, err = v.server.Booking.PreviewSeriesEdit(v.ctx, v.actor, edit)
	}
	return r, err
}

// seriesEditLook shows the dates by what happens to them.
func (v *visit) seriesEditLook(e seriesEditing, edit booking.SeriesEdit, r repairing) seriesEditLook {
	look := seriesEditLook{Repair: seriesRepair{Bad: v.repair(r).Bad}}
	moves := edit.Span != nil || edit.Resource != nil
	groups := []repairGroup{{ID: "changed"}, {ID: "fresh"}, {ID: "ended"}, {ID: "left"}, {ID: "kept", Fold: true}, {ID: "skipped", Fold: true}}
	add := func(group int, row repairRow) { groups[group].Rows = append(groups[group].Rows, row) }
	for i, d := range r.plain.Dates {
		now := d
		if i < len(r.fixed.Dates) {
			now = r.fixed.Dates[i]
		}
		row := v.editRow(e, now)
		switch {
		case d.Bad():
		case d.Verdict == booking.DateLeftOut:
			add(5, row)
		case d.Verdict == booking.DateKept:
			add(4, row)
		case d.Was() == nil:
			add(1, row)
		default:
			add(0, row)
		}
	}
	for _, was := range r.plain.Ended {
		add(2, repairRow{When: v.say.Range(was.BeginAt, was.EndAt)})
	}
	for _, left := range r.plain.Left {
		if moves || slices.ContainsFunc(r.plain.Ended, func(was booking.Reservation) bool { return was.BeginAt.Before(left.BeginAt) }) {
			add(3, repairRow{When: v.say.Range(left.BeginAt, left.EndAt), Why: v.t(left.Code, left.Params)})
		}
	}
	for _, g := range groups {
		if n := len(g.Rows); n > 0 {
			g.Label = v.t("series_edit."+g.ID, "n", n)
			look.Groups = append(look.Groups, g)
		}
	}
	if n := r.plain.Bad(); n > 0 {
		look.Counts = append(look.Counts, v.t("series.n_bad", "n", n))
	}
	v.concludeEdit(&look, r)
	return look
}

// editRow is a date as it would be, with what it is now.
func (v *visit) editRow(e seriesEditing, d booking.SeriesDate) repairRow {
	row := v.repairRow(d)
	if !d.Bad() {
		row.Tag = ui.StatusTag{}
	}
	if d.Resource.ID != e.Resource {
		row.Room = v.named(d.Resource.Name)
	}
	if note := v.wasWords(d); note != "" {
		row.Note = joinWords(" ", note, row.Note)
	}
	return row
}

// wasWords say when and where a date is now, if that would change.
func (v *visit) wasWords(d booking.SeriesDate) string {
	was := d.Was()
	switch {
	case was == nil:
		return ""
	case v.dateOf(was.BeginAt) != v.dateOf(d.Begin):
		return v.t("series_edit.was", "when", v.say.ShortRange(was.BeginAt, was.EndAt))
	case !was.BeginAt.Equal(d.Begin) || !was.EndAt.Equal(d.End):
		return v.t("series_edit.was", "when", v.say.Hours(was.BeginAt, was.EndAt))
	case was.Resource != d.Resource.ID:
		return v.t("series_edit.was_elsewhere")
	}
	return ""
}

// concludeEdit says what the change costs, whether somebody decides about it,
// and what the button does.
func (v *visit) concludeEdit(look *seriesEditLook, r repairing) {
	n := r.fixed.Count(booking.DateFree)
	if n+len(r.fixed.Ended) == 0 {
		return
	}
	look.Button = v.t("series_edit.do", "n", n+len(r.fixed.Ended))
	if n == 0 {
		return
	}
	look.Price = capital(v.sumOrAgreed(r.fixed.Cents))
	if r.fixed.Approval && !v.mayHandle(r.plain.Place.Unit.ID) {
		look.Verdict = &ui.Alert{Kind: ui.AlertInfo, Title: v.t("checkout.request_title"), Text: v.t("series_edit.request_text")}
	}
}
