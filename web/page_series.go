package web

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// seriesPage is the data of templates/series-check.html: the checkout of a
// series, with its dates and what is chosen for those that cannot be had.
type seriesPage struct {
	checkoutPage
	Rule   seriesRule
	Repair *seriesRepair // nil while the rule cannot be read
	Whole  *ui.Alert     // what says no to every date
	Seen   string        // the plan that the page shows
	repeat *repeat
}

// seriesCheckRoutes are the way from a chosen time to a series.
func seriesCheckRoutes() []route {
	at := spelling{"/fi/varaa/sarja", "/sv/boka/serie", "/en/book/series"}
	return []route{
		{name: "series-check", method: get, at: at, who: anyone, handle: (*visit).showSeriesCheck},
		{name: "series-make", method: post, at: at, who: anyone, handle: (*visit).makeSeries},
	}
}

// href is where a draft is gone on with.
func (v *visit) draftHref(d draft) string {
	asked, ok := d.times()
	if !ok {
		return v.path("checkout")
	}
	if d.Repeat == nil {
		return v.checkoutHref(d.Room, asked)
	}
	query := d.Repeat.query()
	for name, value := range map[string]string{"room": d.Room, "begin": d.Begin, "end": d.End} {
		query.Set(name, value)
	}
	return v.path("series-check") + "?" + query.Encode()
}

// showSeriesCheck shows the dates of the repetition in the address.
func (v *visit) showSeriesCheck() error {
	d := draft{Room: v.query("room"), Begin: v.query("begin"), End: v.query("end"), Repeat: v.askedRepeat()}
	if d.Repeat == nil || d.Room == "" {
		return v.redirect(v.path("checkout"))
	}
	if asked, ok := d.times(); ok {
		d.Repeat = d.Repeat.settled(v.dateOf(asked.Begin))
	}
	kept := v.continued(d)
	if kept.Repeat != nil && kept.Repeat.query().Encode() == d.Repeat.query().Encode() {
		d.Repeat.Fixes = kept.Repeat.Fixes
	}
	kept.Repeat = d.Repeat
	return v.seriesCheck(kept, problems{})
}

// makeSeries makes the series of the form, or brings it back with what is
// wrong. What was not seen yet is shown first.
func (v *visit) makeSeries() error {
	d := v.postedDraft()
	if d.Repeat == nil { // the button says that it is to be repeated
		d.Repeat = v.repeatForm()
		d.Repeat.Every = everyWords[0]
	}
	asked, ok := d.times()
	if !ok || d.Room == "" {
		return fault.New(fault.NotFound, "resource.not_found")
	}
	d.Repeat = d.Repeat.settled(v.dateOf(asked.Begin))
	seen := v.form("seen") == d.Repeat.query().Encode()
	switch do := v.form("do"); {
	case do == "look" || !seen:
		if !seen {
			d.Repeat.Fixes = nil
		}
		v.keepDraft(d)
		if len(packDraft(d)) <= maxCookie {
			return v.redirect(v.draftHref(d))
		}
		return v.seriesCheck(d, problems{})
	case do == "email" || !v.actor.SignedIn():
		return v.continueByEmail(d)
	}
	req, err := v.seriesRequest(d)
	if err == nil {
		err = v.saveName(d)
	}
	var made booking.SeriesMade
	if err == nil {
		made, err = patiently(v, func() (booking.SeriesMade, error) { return v.server.Booking.BookSeries(v.ctx, v.actor, req) })
	}
	if err == nil {
		v.dropDraft()
		return v.redirect(v.path("my-series", made.Series.Number))
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	v.keepDraft(d)
	return v.seriesCheck(d, p)
}

// seriesRequest is what the form asks the engine for.
func (v *visit) seriesRequest(d draft) (booking.SeriesRequest, error) {
	single, err := v.bookingRequest(d)
	if err != nil {
		return booking.SeriesRequest{}, err
	}
	asked, _ := d.times()
	req := booking.SeriesRequest{
		Resource: single.Resource, Hold: single.Hold, Holder: single.Holder, Form: single.Form, Terms: single.Terms,
		Key: ledger.Key{Actor: single.Key.Actor, Route: "POST series", Key: single.Key.Key, Request: single.Key.Request},
	}
	if req.Plan, err = v.plan(*d.Repeat, asked); err != nil {
		return req, err
	}
	req.Fixes, err = readFixes(d.Repeat.Fixes)
	return req, err
}

// seriesCheck renders the page. A rule that cannot be read leaves the dates out.
func (v *visit) seriesCheck(d draft, p problems) error {
	place, err := v.draftPlace(&d)
	if err != nil {
		return err
	}
	asked, _ := d.times()
	if d.Key == "" {
		d.Key = uuid.NewString()
	}
	page := seriesPage{checkoutPage: v.checkoutFrame(place, asked, d), Seen: d.Repeat.query().Encode(), repeat: d.Repeat}
	page.Title, page.Return = v.t("series.check_title"), v.draftHref(d)
	page.Breadcrumbs[len(page.Breadcrumbs)-1].Label = page.Title
	page.Hidden = append(page.Hidden, ui.Hidden{Name: "seen", Value: page.Seen})
	hold, err := v.holdOf(d.Room, asked)
	if err != nil {
		return err
	}
	r, wrong, err := v.previewDraft(d, p)
	if err != nil {
		return err
	}
	if p.Code == "" {
		p = wrong
	}
	p = p.renamed("rule", "every")
	page.Summary = p.Summary
	if err := v.fillCheckout(&page.checkoutPage, place, d, p); err != nil {
		return err
	}
	v.fillHold(&page.checkoutPage, hold, problems{})
	page.Lost = false // other dates of it may still be had
	page.Ticket.Tag = ui.StatusTag{}
	page.Rule = v.repeatFields(d.Repeat, v.dateOf(asked.Begin), p)
	page.Rule.Open = r == nil
	if r != nil {
		v.fillSeries(&page, *r, asked)
	}
	return v.render("series-check", page)
}

// previewDraft asks what would become of the series; nothing where the rule
// cannot be read, with what is wrong.
func (v *visit) previewDraft(d draft, posted problems) (*repairing, problems, error) {
	chosen := d.Repeat.Fixes
	plain := *d.Repeat
	plain.Fixes, d.Repeat = nil, &plain
	if _, err := strconv.Atoi(d.Persons); err != nil { // named at its field when it is sent
		d.Persons = ""
	}
	req, err := v.seriesRequest(d)
	if err == nil {
		r := &repairing{}
		if r, err = v.tryRepairs(req, chosen); err == nil {
			if posted.Code == "series.bad_dates" {
				r.fresh = func(date string) bool { return chosen[date] == "" }
			}
			return r, problems{}, nil
		}
	}
	if p, ok := v.problems(err); ok {
		return nil, p, nil
	}
	return nil, problems{}, err
}

// tryRepairs previews a series twice: without any choice, which shows the dates
// that need one, and with what is chosen or best for each.
func (v *visit) tryRepairs(req booking.SeriesRequest, chosen map[string]string) (*repairing, error) {
	r := &repairing{}
	var err error
	if r.plain, err = v.server.Booking.PreviewSeries(v.ctx, v.actor, req); err != nil {
		return nil, err
	}
	r.fixes = settleFixes(r.plain, chosen)
	r.fixed = r.plain
	if len(r.fixes) == 0 {
		return r, nil
	}
	if req.Fixes, err = readFixes(r.fixes); err == nil {
		r.fixed, err = v.server.Booking.PreviewSeries(v.ctx, v.actor, req)
	}
	return r, err
}

// fillSeries shows the dates, what they come to and what the button does.
func (v *visit) fillSeries(page *seriesPage, r repairing, asked calendar.Interval) {
	repair := v.repair(r)
	plan, _ := v.plan(*page.repeat, asked)
	repair.Sentence, repair.Unknown = v.ruleWords(plan, r.plain.Place.Unit.City), v.unknownBreaks(r.plain, plan)
	page.Repair = &repair
	page.Ticket.When = repair.Sentence
	n := r.fixed.Count(booking.DateFree)
	page.Ticket.Facts = []ui.Fact{
		{Icon: "calendar-event", Label: v.t("series.dates"), Value: v.t("series.count", "n", n)},
		{Icon: "currency-euro", Label: v.t("series.price"), Value: capital(v.sumOrAgreed(r.fixed.Cents))},
	}
	page.Verdict = nil
	v.fillVerdict(&page.checkoutPage, quote{Request: r.fixed.Approval})
	if page.Verdict == nil {
		page.Button = v.t("series.book_n", "n", n)
	}
	for _, violation := range r.plain.Whole {
		if violation.Field() == "" {
			if page.Whole == nil {
				page.Whole = &ui.Alert{Kind: ui.AlertDanger, Title: v.t("series.impossible")}
			}
			page.Whole.Text = joinWords(" ", page.Whole.Text, v.t(violation.Code, violation.Params))
		}
	}
}

// unknownBreaks names the school breaks that the plan would leave out if they
// were known.
func (v *visit) unknownBreaks(p booking.SeriesPreview, plan booking.Plan) string {
	if !slices.Contains(plan.Skip, calendar.SkipSchoolBreaks) || len(p.Dates) == 0 {
		return ""
	}
	var names []string
	for _, b := range calendar.UnknownBreaks(p.Place.Unit.City, p.Dates[0].Date, p.Dates[len(p.Dates)-1].Date) {
		names = append(names, v.named(locales.Texts(b.Names))+" "+v.say.MonthYear(v.midday(b.From)))
	}
	if len(names) == 0 {
		return ""
	}
	return v.t("series.breaks_unknown", "breaks", v.say.And(names))
}

// draftPlace is the place of a draft, if the visitor may see it and its time can
// be read.
func (v *visit) draftPlace(d *draft) (resources.Place, error) {
	place, moved, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, d.Room)
	if err != nil {
		return place, err
	}
	asked, ok := d.times()
	if !place.Visible(v.now) && !v.worksFor(place.Unit.ID) || !ok || asked.IsEmpty() {
		return place, fault.New(fault.NotFound, "resource.not_found")
	}
	if moved != "" {
		d.Room = moved
	}
	return place, nil
}
