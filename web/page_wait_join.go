package web

import (
	"net/url"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// waitRoutes are the line for times that are taken.
func waitRoutes() []route {
	join := spelling{"/fi/jono", "/sv/ko", "/en/waiting"}
	page := spelling{"/fi/jono/:uid", "/sv/ko/:uid", "/en/waiting/:uid"}
	return []route{
		{name: "wait-join", method: get, at: join, who: signedIn, handle: (*visit).showJoin},
		{name: "wait-join-it", method: post, at: join, who: signedIn, handle: (*visit).joinLine},
		{name: "wait", method: get, at: page, who: owner, handle: (*visit).showWait},
		{name: "wait-act", method: post, at: page, who: owner, handle: (*visit).answerWait},
		{name: "wait-short", method: get, at: one("/w/:uid"), who: anyone, handle: (*visit).redirectWait},
	}
}

// joinPage is the data of templates/wait_join.html: the checkout's form, with a
// time that can be changed.
type joinPage struct {
	checkoutPage
	Clock []ui.Field // from, to
	Date  string
	Out   *ui.Alert // ways out, where the time cannot be waited for
}

// joinHref is the page where one joins the line for a time.
func (v *visit) joinHref(slug string, asked calendar.Interval) string {
	return v.pathWith("wait-join", url.Values{"room": {slug}, "begin": {stamp(asked.Begin)}, "end": {stamp(asked.End)}})
}

// waitForHref leads from a taken time of a room's page to its line; nobody waits
// for what is closed or past.
func (v *visit) waitForHref(o booking.Outlook, span takenSpan) string {
	if span.kind == ui.KindClosure || !span.Begin.After(v.now) {
		return ""
	}
	return v.joinHref(o.Place.Resource.Slug, span.Interval)
}

func (v *visit) showJoin() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	if v.query("room") == "" {
		return v.redirect(v.path("rooms"))
	}
	return v.joinForm(v.continued(draft{Room: v.query("room"), Begin: v.query("begin"), End: v.query("end")}), problems{})
}

func (v *visit) joinForm(d draft, p problems) error {
	place, err := v.visiblePlaceAt(d.Room)
	if err != nil {
		return err
	}
	asked, ok := d.times()
	if !ok || asked.IsEmpty() {
		return fault.New(fault.NotFound, "resource.not_found")
	}
	page := joinPage{checkoutPage: v.checkoutFrame(place.Place, asked, d), Date: v.dateOf(asked.Begin).String()}
	page.Title = v.t("wait.title")
	page.Breadcrumbs[len(page.Breadcrumbs)-1].Label = page.Title
	page.NoIndex, page.Summary = true, p.Summary
	page.Ticket.Tag = ui.StatusTag{Kind: ui.KindConfirmed, Label: capital(v.t("conflict.reservation"))}
	if err := v.fillCheckout(&page.checkoutPage, place.Place, d, p); err != nil {
		return err
	}
	page.Clock = []ui.Field{v.clockField("from", v.say.Time(asked.Begin), p), v.clockField("to", v.say.Time(asked.End), p)}
	page.Out = v.insteadOfWaiting(place.Resource, asked, p)
	return v.render("wait_join", page)
}

func (v *visit) clockField(name, value string, p problems) ui.Field {
	return v.field(ui.Field{
		Name: name, Label: v.t("wait." + name), Hint: v.t("wait.clock_hint"), Value: value, InputMode: "decimal", Width: "xs", MaxLength: 5,
		Autocomplete: "off", Required: true,
	}, p)
}

// insteadOfWaiting offers the time itself where it is free, and others where no
// waiting helps.
func (v *visit) insteadOfWaiting(r resources.Resource, asked calendar.Interval, p problems) *ui.Alert {
	switch {
	case p.Code == "waiting.free":
		return &ui.Alert{Kind: ui.AlertInfo, Title: v.t("checkout.instead"), Links: []ui.Link{{Href: v.chosenHref(r.Slug, asked), Label: v.say.ShortRange(asked.Begin, asked.End)}}}
	case p.Code == "waiting.yours" || p.Code == "waiting.already" || p.Code == "waiting.limit":
		return &ui.Alert{Kind: ui.AlertInfo, Links: []ui.Link{{Href: v.path("mine"), Label: v.t("nav.mine")}}}
	case p.Refusal != nil && len(p.Refusal.Alternatives) > 0:
		return &ui.Alert{Kind: ui.AlertInfo, Title: v.t("checkout.instead"), Links: v.alternativeLinks(p.Refusal.Alternatives)}
	}
	return nil
}

// joinLine puts the visitor into the line for the time of the form.
func (v *visit) joinLine() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	d := v.postedDraft()
	bad := v.waitTimes(&d)
	var made booking.Wait
	if bad == nil {
		bad = v.joinWith(d, &made)
	}
	if bad == nil {
		v.dropDraft()
		v.flash(ui.AlertSuccess, "wait.joined", nil)
		return v.redirect(v.path("wait", made.UID.String()))
	}
	p, ok := v.problems(bad)
	if !ok {
		return bad
	}
	return v.joinForm(d, p)
}

func (v *visit) joinWith(d draft, made *booking.Wait) error {
	req, err := v.bookingRequest(d)
	if err != nil {
		return err
	}
	if err := v.saveName(d); err != nil {
		return err
	}
	req.Hold, req.Key.Route = "", "POST waiting"
	*made, err = v.server.Booking.JoinLine(v.ctx, v.actor, req)
	return err
}

// earlyHours end a time that began the evening before.
const earlyHours = 6 * 60

// waitTimes reads from and to of the form into a draft.
func (v *visit) waitTimes(d *draft) error {
	date, err := calendar.ParseDate(v.form("date"))
	if err != nil {
		return fault.New(fault.NotFound, "resource.not_found")
	}
	from, err := locales.ParseTime(v.form("from"))
	if err != nil {
		return fault.InvalidField("from", fault.Code(err), fault.As(err).Params)
	}
	to, err := locales.ParseTime(v.form("to"))
	if err != nil {
		return fault.InvalidField("to", fault.Code(err), fault.As(err).Params)
	}
	until := date
	if to <= from && to <= earlyHours {
		until = date.AddDays(1)
	}
	begin := calendar.Resolve(date, calendar.Minute(from), v.server.Zone)
	end := calendar.Resolve(until, calendar.Minute(to), v.server.Zone)
	switch {
	case !begin.Exists || !end.Exists:
		return fault.InvalidField("from", "booking.bad_time")
	case !begin.Instant.Before(end.Instant):
		return fault.InvalidField("to", "booking.end_before_begin", fault.Params{"begin": begin.Instant, "end": end.Instant})
	}
	d.Begin, d.End = stamp(begin.Instant), stamp(end.Instant)
	return nil
}

// waitFacts are what was filled in when joining.
func (v *visit) waitFacts(c booking.WaitCard) []ui.Fact {
	var facts []ui.Fact
	add := func(icon, label, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: label, Value: value})
		}
	}
	form := c.Wish.V
	add("users", v.t("field.holder"), c.AssociationName)
	add("flag", v.t("field.title"), form.Title)
	add("list", v.t("field.purpose"), v.purposeName(form.Purpose))
	if form.Persons != nil {
		add("users", v.t("field.persons"), v.say.Number(int64(*form.Persons)))
	}
	add("currency-euro", v.t("checkout.free_why"), form.FreeReason)
	return facts
}
