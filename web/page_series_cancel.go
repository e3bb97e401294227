package web

import (
	"net/url"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/ui"
)

// seriesCancelPage is the data of templates/series-cancel.html.
type seriesCancelPage struct {
	ui.Frame
	Summary  ui.ErrorSummary
	Name     string
	Sentence string
	Rule     string   // until when a date can be cancelled
	Fee      string   // what cancelling all of them costs now
	FeeCents int      // and so the most that any part of them can cost
	Late     []string // dates whose deadline has passed
	Scope    ui.Field
	From     ui.Field
	Reason   ui.Field
	Text     ui.Field
	Revision string
	Post     string
	Back     string
}

func (v *visit) showSeriesCancel() error {
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return v.hiddenFromVisitors(err)
	}
	return v.seriesCancelForm(card, problems{})
}

func (v *visit) seriesCancelForm(card booking.SeriesCard, p problems) error {
	switch {
	case !v.maySeriesChange(card):
		return fault.New(fault.Forbidden, "auth.forbidden")
	case card.Coming == 0:
		return v.redirect(v.path("my-series", card.Number))
	}
	back := v.path("my-series", card.Number)
	coming := v.standingDates(card)
	page := seriesCancelPage{
		Frame: v.frame(v.t("series.cancel"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}, ui.Link{Href: back, Label: card.Number}),
		Name:  card.Title, Sentence: v.ruleWords(card.Plan(), card.UnitCity), Summary: p.Summary, Revision: strconv.Itoa(card.Revision),
		Post: v.path("my-series-cancel-it", card.Number), Back: back, Scope: v.scopeField(v.query("scope"), p), From: v.fromField(coming, p),
		Text:   v.field(ui.Field{Name: "text", Label: v.t("cancel.text"), Type: "textarea", Rows: 3, MaxLength: 2000, Optional: true}, p),
		Reason: ui.Field{Name: "reason_code", Label: v.t("cancel.reason"), Type: "radio"},
	}
	for i, code := range booking.CancelReasons {
		page.Reason.Options = append(page.Reason.Options, ui.Option{Value: code, Label: v.t("reason." + code), Selected: i == 0})
	}
	page.Reason = v.field(page.Reason, p)
	for _, c := range coming {
		if v.inTime(c) {
			page.FeeCents += c.LateFee(v.now)
		}
	}
	if page.FeeCents > 0 {
		page.Fee = v.t("fee.series", "cents", page.FeeCents)
	}
	for _, c := range coming {
		if page.Rule == "" {
			page.Rule = v.cancelDeadline(c)
		}
		if c.State != booking.Requested && !v.inTime(c) {
			page.Late = append(page.Late, v.say.Range(c.BeginAt, c.EndAt))
		} else if c.State != booking.Requested {
			page.Rule = v.cancelDeadline(c)
			break
		}
	}
	page.NoIndex = true
	return v.render("series-cancel", page)
}

// standingDates are those to come that are requested or confirmed.
func (v *visit) standingDates(card booking.SeriesCard) []booking.Card {
	return slices.DeleteFunc(slices.Clone(card.Dates), func(c booking.Card) bool {
		return !c.BeginAt.After(v.now) || !slices.Contains([]booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment}, c.State)
	})
}

// scopeField asks which dates a change is about.
func (v *visit) scopeField(asked string, p problems) ui.Field {
	if v.route.write() {
		asked = v.form("scope")
	}
	field := ui.Field{Name: "scope", Label: v.t("series.which"), Type: "radio", Error: p.Fields["scope"]}
	for _, scope := range []booking.SeriesScope{booking.ScopeAll, booking.ScopeFollowing, booking.ScopeThis} {
		field.Options = append(field.Options, ui.Option{Value: string(scope), Label: v.t("series.scope." + string(scope)), Selected: asked == string(scope)})
	}
	if !optionSelected(field) {
		field.Options[0].Selected = true
	}
	return field
}

// fromField asks for the one date, or the first one, of a change.
func (v *visit) fromField(coming []booking.Card, p problems) ui.Field {
	asked := v.query("from")
	if v.route.write() {
		asked = v.form("from")
	}
	field := ui.Field{Name: "from", Label: v.t("series.which_date"), Hint: v.t("series.which_hint"), Type: "select", Width: "m", Error: p.Fields["from"]}
	for _, c := range coming {
		date := c.SeriesDate.String()
		field.Options = append(field.Options, ui.Option{Value: date, Label: v.say.Range(c.BeginAt, c.EndAt), Selected: date == asked})
	}
	return field
}

// scoped reads which dates a change is about.
func (v *visit) scoped() (booking.SeriesScope, calendar.Date, error) {
	scope := booking.SeriesScope(v.form("scope"))
	if scope == booking.ScopeAll || scope == "" {
		return scope, calendar.Date{}, nil
	}
	from, err := calendar.ParseDate(v.form("from"))
	if err != nil {
		err = fault.InvalidField("from", "series.first")
	}
	return scope, from, err
}

// cancelSeries cancels the chosen dates and tells of those that it could not.
func (v *visit) cancelSeries() error {
	ref := v.param("ref")
	c := booking.SeriesChange{Ref: ref, ReasonCode: v.form("reason_code"), ReasonText: v.form("text"), Fee: v.toldFee()}
	var err error
	if c.Scope, c.From, err = v.scoped(); err == nil {
		c.Revision, err = v.revision()
	}
	var report booking.SeriesReport
	if err == nil {
		report, err = v.server.Booking.CancelSeries(v.ctx, v.actor, c)
	}
	if err == nil {
		key := "series.cancelled"
		if len(report.Left) > 0 {
			key = "series.cancelled_some"
		}
		v.flash(ui.AlertSuccess, key, fault.Params{"n": len(report.Done), "left": len(report.Left)})
		return v.redirect(v.path("my-series", ref))
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, ref)
	if err != nil {
		return err
	}
	return v.seriesCancelForm(card, p)
}

// seriesScopeHref asks how many dates of its series are to be cancelled besides
// this one.
func (v *visit) seriesScopeHref(card booking.Card) string {
	return v.pathWith("my-series-cancel", url.Values{"scope": {string(booking.ScopeFollowing)}, "from": {card.SeriesDate.String()}}, card.SeriesUID.String())
}
