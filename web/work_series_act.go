package web

import (
	"errors"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/ui"
)

// actOnSeries is every form of a series' page.
func (v *visit) actOnSeries() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	ref := v.param("ref")
	switch v.form("act") {
	case "make":
		return v.makeWanted(ref)
	case "drop":
		return v.dropWanted(ref)
	}
	report, err := v.decideSeries(ref)
	var bad *booking.SeriesRefusal
	if errors.As(err, &bad) {
		turns := v.badTurns(bad.Preview.Dates)
		return v.workSeries(v.badDates(err, len(turns), "edit-lenient", "work.series_box.lenient"), workSeriesPage{Bad: turns})
	}
	if p, ok := v.problems(err); ok {
		return v.workSeries(v.atSeriesForm(p), workSeriesPage{})
	} else if err != nil {
		return err
	}
	if len(report.Left) > 0 && report.Series.Number == v.form("ref") {
		return v.workSeries(problems{}, workSeriesPage{Results: v.leftTurns(report)})
	}
	v.flash(ui.AlertSuccess, "work.series_done."+v.form("act"), fault.Params{"number": report.Series.Number, "n": len(report.Done)})
	return v.redirect(v.path("work-series", report.Series.Number))
}

// decideSeries carries out what a form asks for of a series.
func (v *visit) decideSeries(ref string) (booking.SeriesReport, error) {
	if _, err := v.server.Booking.SeriesForStaff(v.ctx, v.actor, ref); err != nil {
		return booking.SeriesReport{}, err
	}
	revision, err := v.revision()
	if err != nil {
		return booking.SeriesReport{}, err
	}
	c := booking.SeriesChange{Ref: ref, Revision: revision, Scope: booking.SeriesScope(v.form("scope")), ReasonText: v.form("reason")}
	if c.Scope == booking.ScopeThis || c.Scope == booking.ScopeFollowing {
		if c.From, err = calendar.ParseDate(v.form("from")); err != nil {
			return booking.SeriesReport{}, fault.InvalidField("from", "series.no_such_date", fault.Params{"date": c.From})
		}
	}
	if free := v.form("free"); free != "" {
		c.Free = new(free == "yes")
	}
	switch v.form("act") {
	case "approve":
		return v.server.Booking.ApproveSeries(v.ctx, v.actor, c)
	case "deny":
		return v.server.Booking.DenySeries(v.ctx, v.actor, c)
	case "cancel":
		return v.server.Booking.CancelSeries(v.ctx, v.actor, c)
	case "edit":
		return v.editSeries(c)
	}
	return booking.SeriesReport{}, fault.New(fault.Malformed, "malformed")
}

// editSeries reads the form of a change. What is as it was is not asked for, so
// that a date with a time or room of its own keeps it.
func (v *visit) editSeries(c booking.SeriesChange) (booking.SeriesReport, error) {
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, c.Ref)
	if err != nil {
		return booking.SeriesReport{}, err
	}
	edit := booking.SeriesEdit{
		Ref: c.Ref, Revision: c.Revision, Scope: c.Scope, From: c.From, Lenient: v.form("lenient") != "", CheckHours: v.form("check_hours") != "", Reason: v.form("reason"),
	}
	span, err := v.formSpan()
	if err != nil {
		return booking.SeriesReport{}, err
	}
	if span.From != card.FromMinute || span.To != card.ToMinute {
		edit.Span = &span
	}
	if slug := v.form("room"); slug != card.ResourceSlug {
		place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
		if err != nil {
			return booking.SeriesReport{}, fault.InvalidField("room", "resource.not_found")
		}
		edit.Resource = &place.Resource.UID
	}
	if title := v.form("title"); title != card.Title {
		form := card.Form()
		form.Title = title
		edit.Form = &form
	}
	return v.server.Booking.EditSeries(v.ctx, v.actor, edit)
}

// formSpan reads the hours of a date; an end that is not after its begin is of
// the next day.
func (v *visit) formSpan() (calendar.Span, error) {
	from, err := calendar.ParseMinute(v.form("start"))
	if err != nil {
		return calendar.Span{}, fault.InvalidField("start", "search.bad_time", fault.Params{"value": v.form("start")})
	}
	to, err := calendar.ParseMinute(v.form("end"))
	if err != nil {
		return calendar.Span{}, fault.InvalidField("end", "search.bad_time", fault.Params{"value": v.form("end")})
	}
	if to <= from {
		to += calendar.DayMinutes
	}
	return calendar.Span{From: from, To: to}, nil
}

// makeWanted makes a date that was not made before.
func (v *visit) makeWanted(ref string) error {
	date, err := calendar.ParseDate(v.form("date"))
	if err != nil {
		return fault.New(fault.Malformed, "malformed")
	}
	if _, err := v.server.Booking.SeriesForStaff(v.ctx, v.actor, ref); err != nil {
		return err
	}
	made, err := v.server.Booking.AddDate(v.ctx, v.actor, ref, booking.SeriesAdd{
		Date: date, Reason: v.form("reason"), Key: ledger.Key{Actor: v.actor.Name(), Route: "POST work/series/" + ref, Key: date.String() + v.form("revision")},
	})
	if p, ok := v.problems(err); ok {
		return v.workSeries(v.atSeriesForm(p), workSeriesPage{})
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.series_done.make", fault.Params{"begin": made.BeginAt})
	return v.redirect(v.path("work-series", ref))
}

func (v *visit) dropWanted(ref string) error {
	date, err := calendar.ParseDate(v.form("date"))
	if err != nil {
		return fault.New(fault.Malformed, "malformed")
	}
	if _, err := v.server.Booking.SeriesForStaff(v.ctx, v.actor, ref); err != nil {
		return err
	}
	err = v.server.Booking.DropRejected(v.ctx, v.actor, ref, date)
	if p, ok := v.problems(err); ok {
		return v.workSeries(p, workSeriesPage{})
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.series_done.drop", fault.Params{"day": v.midday(date)})
	return v.redirect(v.path("work-series", ref))
}

// atSeriesForm points the summary to the fields of the form that was sent.
func (v *visit) atSeriesForm(p problems) problems {
	prefix := "end-"
	switch {
	case v.form("act") == "edit":
		prefix = "edit-"
	case v.form("act") == "make":
		prefix = "make-"
	case v.form("act") == "deny" && v.form("scope") == "":
		prefix = "deny-"
	}
	ids := map[string]string{}
	for name := range p.Fields {
		ids[name] = prefix + name
	}
	p.Summary = atFields(p.Summary, ids)
	return p
}

// leftTurns tell of each date that a change left as it was, and why.
func (v *visit) leftTurns(report booking.SeriesReport) []bulkResult {
	results := []bulkResult{{Label: v.t("work.series_changed", "n", len(report.Done)), Done: true}}
	for _, left := range report.Left {
		results = append(results, bulkResult{
			Label: v.say.ShortRange(left.BeginAt, left.EndAt), Href: v.path("work-reservation", left.Number),
			Why: sentence(v.say, fault.Refused, left.Code, left.Params),
		})
	}
	return results
}

// badDates says that some dates of a refused series stand in the way, and which
// box leaves them be.
func (v *visit) badDates(err error, n int, id, box string) problems {
	p, _ := v.problems(err)
	p.Summary.Items = []ui.ErrorItem{{FieldID: id, Message: v.t("work.series_bad_dates", "n", n, "box", v.t(box))}}
	return p
}

// badTurns are the dates of a refused series with the reason of each.
func (v *visit) badTurns(dates []booking.SeriesDate) []bulkResult {
	var results []bulkResult
	for _, d := range dates {
		if !d.Bad() {
			continue
		}
		code, params := d.Code()
		results = append(results, bulkResult{Label: v.say.ShortRange(d.Begin, d.End), Why: sentence(v.say, fault.Refused, code, params)})
	}
	return results
}
