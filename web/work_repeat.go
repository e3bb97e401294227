package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/ui"
)

// repeatFold asks staff how a time is repeated. Template "work-repeat".
type repeatFold struct {
	Open         bool
	Every, Until ui.Field
	Days, Skip   ui.Field
	Boxes        []ui.Field
	Dates        string       // what a check has come to
	Bad          []bulkResult // dates that cannot be booked
	Focus        bool         // the answer is what was asked for
}

// everyDays are the ways to repeat, "" first: not at all.
var everyDays = []string{"", "daily", "weekly", "fortnightly", "monthly"}

func (v *visit) repeatFold(p problems) *repeatFold {
	fold := &repeatFold{Open: v.form("every") != "" || v.query("repeat") != ""}
	fold.Every = ui.Field{Name: "every", Label: v.t("work.repeat_every"), Type: "select", Width: "m", Error: p.Fields["every"]}
	for _, every := range everyDays {
		key := every
		if key == "" {
			key = "never"
		}
		chosen := v.form("every") == every || every == "weekly" && v.query("repeat") != "" && !v.route.write()
		fold.Every.Options = append(fold.Every.Options, ui.Option{Value: every, Label: v.t("work.repeat." + key), Selected: chosen})
	}
	fold.Until = v.field(ui.Field{
		Name: "repeat_until", Label: v.t("work.repeat_until"), Hint: v.t("date.hint"), Width: "s", Autocomplete: "off",
	}, p)
	fold.Days = ui.Field{Name: "days", Label: v.t("work.repeat_days"), Hint: v.t("work.repeat_days_hint")}
	days := v.formAll("days")
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		value := strconv.Itoa(int(day))
		fold.Days.Options = append(fold.Days.Options, ui.Option{Value: value, Label: v.weekdaySpan(day, day), Selected: slices.Contains(days, value)})
	}
	fold.Skip = ui.Field{Name: "skip", Label: v.t("work.repeat_skip")}
	skip := v.formAll("skip")
	for _, kind := range calendar.SkipKinds {
		fold.Skip.Options = append(fold.Skip.Options, ui.Option{
			Value: kind, Label: v.t("work.series_skip." + strings.ReplaceAll(kind, "-", "_")), Selected: slices.Contains(skip, kind),
		})
	}
	for _, name := range []string{"lenient", "check_hours"} {
		fold.Boxes = append(fold.Boxes, ui.Field{Name: name, Type: "checkbox", Label: v.t("work.repeat_box." + name), Checked: v.form(name) != ""})
	}
	return fold
}

// repeatRule is the rule that the fold says.
func (v *visit) repeatRule(first calendar.Date) (string, error) {
	last, err := v.typedDate(v.form("repeat_until"))
	if v.form("repeat_until") == "" || err != nil {
		return "", fault.InvalidField("repeat_until", "work.repeat_no_end")
	}
	end := ";UNTIL=" + strings.ReplaceAll(last.String(), "-", "")
	var days []string
	for _, day := range v.formAll("days") {
		if n, err := strconv.Atoi(day); err == nil && n >= 1 && n <= 7 {
			days = append(days, calendar.RuleDay{Weekday: calendar.Weekday(n)}.String())
		}
	}
	by := ""
	if len(days) > 0 {
		by = ";BYDAY=" + strings.Join(days, ",")
	}
	switch v.form("every") {
	case "daily":
		return "FREQ=DAILY" + end, nil
	case "weekly":
		return "FREQ=WEEKLY" + by + end, nil
	case "fortnightly":
		return "FREQ=WEEKLY;INTERVAL=2" + by + end, nil
	case "monthly":
		nth := (first.Day-1)/7 + 1
		if nth == 5 { // the last one
			nth = -1
		}
		return "FREQ=MONTHLY;BYDAY=" + calendar.RuleDay{Ordinal: nth, Weekday: first.Weekday()}.String() + end, nil
	}
	return "", fault.InvalidField("every", "work.bad_kind")
}

// seriesRequested is the form as a request for a series.
func (v *visit) seriesRequested(req booking.Request) (booking.SeriesRequest, error) {
	s := booking.SeriesRequest{
		Resource: req.Resource, Holder: req.Holder, Kind: req.Kind, Form: req.Form, Reason: req.Reason, Key: req.Key,
		Lenient: v.form("lenient") != "", CheckHours: v.form("check_hours") != "",
	}
	if v.form("last") != "" {
		return s, fault.InvalidField("last", "work.repeat_one_day")
	}
	s.First, _ = calendar.WallOf(req.Begin, v.server.Zone)
	s.Skip = v.formAll("skip")
	var err error
	if s.Span, err = v.formSpan(); err != nil {
		return s, err
	}
	s.Rule, err = v.repeatRule(s.First)
	s.Key.Route = "POST work/new series"
	s.Key.Request = append(req.Key.Request, url.Values{
		"rule": {s.Rule}, "skip": s.Skip, "lenient": {v.form("lenient")}, "check_hours": {v.form("check_hours")},
	}.Encode()...)
	return s, err
}

// makeWorkSeries makes the series that the form asks for, or says what would
// become of its dates.
func (v *visit) makeWorkSeries(req booking.Request) error {
	asked, err := v.seriesRequested(req)
	if err == nil && v.form("act") == "check" {
		var preview booking.SeriesPreview
		if preview, err = v.server.Booking.PreviewSeries(v.ctx, v.actor, asked); err == nil {
			return v.workNew(problems{}, newAnswers{series: &preview})
		}
	}
	var made booking.SeriesMade
	if err == nil {
		made, err = v.server.Booking.BookSeries(v.ctx, v.actor, asked)
	}
	known := newAnswers{}
	var refused *booking.SeriesRefusal
	if errors.As(err, &refused) {
		known.series = &refused.Preview
		return v.workNew(v.badDates(err, len(v.badTurns(refused.Preview.Dates)), "lenient", "work.repeat_box.lenient"), known)
	}
	if p, ok := v.problems(err); ok {
		return v.workNew(p, known)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.series_made", fault.Params{"number": made.Series.Number, "n": len(made.Dates)})
	return v.redirect(v.path("work-series", made.Series.Number))
}

// foldAnswers put what is known of the dates into the fold.
func (v *visit) foldAnswers(fold *repeatFold, p *booking.SeriesPreview) {
	if p == nil {
		return
	}
	fold.Dates = v.t("work.repeat_free", "n", p.Count(booking.DateFree))
	fold.Bad, fold.Focus = v.badTurns(p.Dates), v.form("act") == "check"
}
