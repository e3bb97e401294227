package web

import (
	"net/url"
	"strconv"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/ui"
)

func (v *visit) weekStrip(o booking.Outlook, chosen choice) ui.WeekStrip {
	slug := o.Place.Resource.Slug
	monday := chosen.Date.AddDays(1 - int(chosen.Date.Weekday()))
	strip := ui.WeekStrip{
		Label:    capital(v.say.WeekLong(v.midday(monday))),
		NextHref: v.dayHref(slug, monday.AddDays(7), chosen.Minutes),
		AllHref:  v.pathWith("room-month", url.Values{"month": {monthOf(chosen.Date)}}, slug),
	}
	if monday.After(v.today()) {
		strip.PrevHref = v.dayHref(slug, laterDate(monday.AddDays(-7), v.today()), chosen.Minutes)
	}
	for i := range 7 {
		strip.Days = append(strip.Days, v.weekDay(o, monday.AddDays(i), chosen))
	}
	return strip
}

func laterDate(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func monthOf(date calendar.Date) string { return date.String()[:7] }

func (v *visit) dayHref(slug string, date calendar.Date, minutes int) string {
	query := url.Values{"date": {date.String()}}
	if minutes > 0 {
		query.Set("minutes", strconv.Itoa(minutes))
	}
	return v.pathWith("room", query, slug) + "#" + pickerID
}

func (v *visit) weekDay(o booking.Outlook, date calendar.Date, chosen choice) ui.WeekDay {
	t := v.midday(date)
	day := ui.WeekDay{
		Weekday: v.say.ShortWeekday(t.Weekday()), Date: strconv.Itoa(date.Day) + "." + strconv.Itoa(int(date.Month)) + ".",
		Selected: date == chosen.Date, Today: date == v.today(),
	}
	free, state, note := v.dayState(o, date)
	day.State, day.Note = state, note
	if free > 0 {
		day.Free = strconv.Itoa(free)
		day.Note = v.t("picker.free_short", "n", free)
		note = v.t("count.times", "n", free)
	}
	day.Accessible = v.say.Weekday(t.Weekday()) + " " + v.say.DayMonth(t) + ", " + note
	if state != ui.DayPast {
		day.Href = v.dayHref(o.Place.Resource.Slug, date, chosen.Minutes)
	}
	return day
}

// dayState counts the free starts of a day and says why there are none.
func (v *visit) dayState(o booking.Outlook, date calendar.Date) (free int, state ui.DayState, note string) {
	if date.Before(v.today()) {
		return 0, ui.DayPast, v.t("picker.day_past")
	}
	starts := o.On(date, v.server.Zone)
	ahead := 0
	for _, start := range starts {
		switch {
		case start.Free:
			free++
		case start.Code == policies.CodeTooFarAhead || start.Code == policies.CodeWindowOpens:
			ahead++
		}
	}
	switch {
	case free > 0 && o.Place.Resource.WholeDay:
		return 1, ui.DayFree, ""
	case free > 0:
		return free, ui.DayFree, ""
	case len(starts) == 0:
		return 0, ui.DayClosed, v.t("picker.day_closed")
	case ahead > 0:
		return 0, ui.DayClosed, v.t("picker.day_later")
	}
	return 0, ui.DayFull, v.t("picker.day_full")
}

// noTimes says that nothing is free on a day and where there is.
func (v *visit) noTimes(o booking.Outlook, chosen choice) *ui.Alert {
	_, state, _ := v.dayState(o, chosen.Date)
	alert := &ui.Alert{Kind: ui.AlertInfo, Title: v.t("picker.empty." + string(state))}
	for _, start := range o.On(chosen.Date, v.server.Zone) {
		if start.Code == policies.CodeTooFarAhead || start.Code == policies.CodeWindowOpens {
			alert.Text = v.t(start.Code, start.Params)
			break
		}
	}
	seen := map[calendar.Date]bool{chosen.Date: true}
	for _, start := range o.Starts {
		date := v.dateOf(start.Begin)
		if !start.Free || seen[date] || len(alert.Links) == 3 {
			continue
		}
		seen[date] = true
		alert.Links = append(alert.Links, ui.Link{
			Href: v.dayHref(o.Place.Resource.Slug, date, chosen.Minutes), Label: v.t("picker.free_day", "day", v.say.ShortDate(v.midday(date))),
		})
	}
	alert.Links = append(alert.Links, ui.Link{
		Href:  v.pathWith("rooms", url.Values{"date": {chosen.Date.String()}, "type": {o.Place.Resource.Type}}),
		Label: v.t("picker.other_rooms"),
	})
	return alert
}
