package web

import (
	"net/url"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// ownHoldAlert tells a visitor that a time of this room is being kept for them,
// since the picker shows it as taken.
func (v *visit) ownHoldAlert(r resources.Resource) (*ui.Alert, error) {
	if v.actor.Session == 0 {
		return nil, nil
	}
	hold, err := v.server.Booking.CurrentHold(v.ctx, v.actor)
	if err != nil || hold == nil || hold.ResourceSlug != r.Slug {
		return nil, err
	}
	return &ui.Alert{
		Kind: ui.AlertInfo, Title: v.t("hold.yours_title"),
		Text:  v.t("hold.yours", "when", v.say.Range(hold.BeginAt, hold.EndAt)),
		Links: []ui.Link{{Href: v.checkoutHref(hold.ResourceSlug, hold.Interval()), Label: v.t("hold.go_on")}},
	}, nil
}

// holdTime keeps the chosen time and leads to the checkout.
func (v *visit) holdTime() error {
	place, err := v.visiblePlace()
	if err != nil {
		return err
	}
	chosen, bad := v.choice(v.form)
	if lengths := policies.Lengths(place.Policy(), calendarDay); v.form("minutes") == "" && len(lengths) > 0 {
		chosen.Minutes = lengths[0] // who chose only a start gets the shortest
	}
	times, problem := v.chosenTimes(chosen)
	if bad != nil {
		problem = bad
	}
	if problem != nil {
		return v.showRoomAgain(place.Place, chosen, problem)
	}
	if err := v.session(); err != nil {
		return err
	}
	if _, err := v.server.Booking.Hold(v.ctx, v.actor, place.Resource.UID, times); err != nil {
		return v.showRoomAgain(place.Place, chosen, err)
	}
	return v.redirect(v.checkoutHref(place.Resource.Slug, calendar.Interval(times)))
}

// chosenTimes are the instants of a choice; a choice without a start is not one.
func (v *visit) chosenTimes(chosen choice) (booking.Times, *fault.Error) {
	minute, err := locales.ParseTime(chosen.Start)
	if chosen.Start == "" || err != nil {
		return booking.Times{}, fault.InvalidField("start", "booking.choose_start")
	}
	if chosen.Minutes < 1 || chosen.Minutes > calendarDay {
		return booking.Times{}, fault.InvalidField("minutes", "booking.bad_duration")
	}
	begin := calendar.Resolve(chosen.Date, calendar.Minute(minute), v.server.Zone)
	end := calendar.AddWall(begin.Instant, chosen.Minutes, v.server.Zone)
	if !begin.Exists || !end.Exists {
		return booking.Times{}, fault.InvalidField("start", "booking.bad_time")
	}
	return booking.Times{Begin: begin.Instant, End: end.Instant}, nil
}

// showRoomAgain answers a time that could not be kept: the reason and ways out
// above a picker that shows what is free now.
func (v *visit) showRoomAgain(place resources.Place, chosen choice, cause error) error {
	p, ok := v.problems(cause)
	if !ok {
		return cause
	}
	chosen.Asked = true
	page, err := v.roomPage(place, chosen)
	if err != nil {
		return err
	}
	page.Refused = v.refusalAlert(p)
	if times, bad := v.chosenTimes(chosen); bad == nil && p.Refusal != nil && len(p.Refusal.Conflicts) > 0 {
		page.Refused.Links = append(page.Refused.Links, ui.Link{Href: v.joinHref(place.Resource.Slug, calendar.Interval(times)), Label: v.t("wait.link_this")})
	}
	return v.render("room", page)
}

// goneAlert says why a time that a link asked for is not to be had, with ways
// out.
func (v *visit) goneAlert(o booking.Outlook, chosen choice) (*ui.Alert, error) {
	alert := &ui.Alert{Kind: ui.AlertWarning, Title: v.t("picker.gone")}
	for _, start := range o.On(chosen.Date, v.server.Zone) {
		if v.clockValue(start.Begin) == chosen.Start && start.Code != "" && start.Code != policies.CodePast {
			alert.Text = v.t(start.Code, start.Params)
		}
	}
	if chosen.Minutes < 1 {
		chosen.Minutes = o.Minutes
	}
	times, bad := v.chosenTimes(chosen)
	if bad != nil {
		return alert, nil
	}
	found, err := v.server.Booking.Alternatives(v.ctx, v.actor, o.Place.Resource.UID, times)
	alert.Links = v.alternativeLinks(found)
	if len(o.BusyWithin(calendar.Interval(times))) > 0 && times.Begin.After(v.now) {
		alert.Links = append(alert.Links, ui.Link{Href: v.joinHref(o.Place.Resource.Slug, calendar.Interval(times)), Label: v.t("wait.link_this")})
	}
	return alert, err
}

// refusalAlert is a refusal with its alternatives as links.
func (v *visit) refusalAlert(p problems) *ui.Alert {
	alert := &ui.Alert{Kind: ui.AlertDanger, Title: v.t("booking.refused_title")}
	for _, item := range p.Summary.Items {
		alert.Text = joinWords(" ", alert.Text, item.Message)
	}
	if p.Refusal != nil {
		alert.Links = v.alternativeLinks(p.Refusal.Alternatives)
	}
	return alert
}

// alternativeLinks lead to the same or another room with a time chosen.
func (v *visit) alternativeLinks(list []booking.Alternative) []ui.Link {
	var links []ui.Link
	for _, a := range list {
		room := 0
		if a.Why != "same_time" {
			room = a.Resource.ID
		}
		links = append(links, ui.Link{
			Href:  v.chosenHref(a.Resource.Slug, calendar.Interval{Begin: a.Begin, End: a.End}),
			Label: v.t("alternative."+a.Why) + ": " + v.alternativeLabel(a, room),
		})
	}
	return links
}

// alternativeLabel is an alternative in words, with its room unless that is the
// one spoken of.
func (v *visit) alternativeLabel(a booking.Alternative, room int) string {
	label := v.say.ShortRange(a.Begin, a.End)
	if a.Resource.ID != room {
		label = joinWords(", ", v.named(a.Resource.Name), label)
	}
	if a.Approval {
		label = v.t("alternative.approval", "time", label)
	}
	return label
}

// checkoutHref is the checkout of a time, as an address that can be come back
// to.
func (v *visit) checkoutHref(slug string, asked calendar.Interval) string {
	return v.pathWith("checkout", url.Values{"room": {slug}, "begin": {stamp(asked.Begin)}, "end": {stamp(asked.End)}})
}

const stampForm = "2006-01-02T15:04Z"

func stamp(t time.Time) string { return t.UTC().Format(stampForm) }
