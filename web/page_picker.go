package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/ui"
)

// picker is the week strip, the starts of the chosen day and their lengths.
func (v *visit) picker(o booking.Outlook, chosen choice) ui.TimePicker {
	slug := o.Place.Resource.Slug
	day := v.midday(chosen.Date)
	p := ui.TimePicker{
		ID: pickerID, Action: v.path("room", slug), Hidden: []ui.Hidden{{Name: "date", Value: chosen.Date.String()}},
		Week: v.weekStrip(o, chosen), DayTitle: v.say.LongDate(day), DayText: v.say.Date(day) + v.atWords(day),
		BookAction: v.path("hold", slug), BookMethod: "post", BookPattern: v.t("picker.book_choice", "time", "{time}", "price", "{price}"),
		Note: v.t("footer.zone"), CSRF: v.server.Accounts.CSRF(v.actor.Session),
	}
	p.Groups = v.startGroups(o, chosen)
	p.Grey = v.greyTimes(o, chosen.Date)
	v.summarize(&p, chosen)
	if len(p.Groups) == 0 {
		p.BookAction = ""
		p.Notice = v.noTimes(o, chosen)
	}
	return p
}

// summarize fills in what the script would: the chosen time, price and button.
func (v *visit) summarize(p *ui.TimePicker, chosen choice) {
	start, ok := p.Chosen()
	if !ok {
		return
	}
	for _, l := range start.Lengths {
		if !l.Checked {
			continue
		}
		span := start.Label + "–" + l.End
		p.Summary, p.Price = p.DayText+span, l.Price
		p.BookLabel = v.t("picker.book_choice", "time", span, "price", l.Price)
		if l.Price == "" {
			p.BookLabel = v.t("picker.book_time", "time", span)
		}
	}
}

// startGroups are the free starts of the day: morning, day, evening.
func (v *visit) startGroups(o booking.Outlook, chosen choice) []ui.StartGroup {
	groups := []ui.StartGroup{{Label: v.t("day.morning")}, {Label: v.t("day.afternoon")}, {Label: v.t("day.evening")}}
	for _, start := range o.On(chosen.Date, v.server.Zone) {
		if !start.Free {
			continue
		}
		value := v.clockValue(start.Begin)
		option := ui.StartOption{Value: value, Label: v.say.Time(start.Begin), Checked: value == chosen.Start}
		option.Lengths = v.lengths(o, start, chosen)
		if len(option.Lengths) == 0 {
			continue
		}
		at := 2
		switch hour := start.Begin.In(v.server.Zone).Hour(); {
		case hour < 12:
			at = 0
		case hour < 17:
			at = 1
		}
		groups[at].Starts = append(groups[at].Starts, option)
	}
	return slices.DeleteFunc(groups, func(g ui.StartGroup) bool { return len(g.Starts) == 0 })
}

// lengths are what can follow a start: each length that the rules let through
// before the next booking, with its end and price. Of a checked start the
// wanted length is checked, or else the first.
func (v *visit) lengths(o booking.Outlook, start booking.Start, chosen choice) []ui.LengthOption {
	var options []ui.LengthOption
	wanted := 0
	for _, minutes := range policies.Lengths(o.Place.Policy(), o.LongestFrom(start.Begin, v.server.Zone)) {
		if !offered(minutes) && minutes != chosen.Minutes {
			continue
		}
		end := calendar.AddWall(start.Begin, minutes, v.server.Zone)
		q := v.quoteOf(o, calendar.Interval{Begin: start.Begin, End: end.Instant})
		if q.Code == policies.CodeTooLong {
			break
		}
		if !end.Exists || q.Refused {
			continue
		}
		if minutes == chosen.Minutes {
			wanted = len(options)
		}
		options = append(options, ui.LengthOption{
			Minutes: minutes, Label: v.say.Duration(minutes), End: v.endLabel(start.Begin, end.Instant), Price: v.sum(q.Cents),
		})
	}
	if len(options) > 0 && v.clockValue(start.Begin) == chosen.Start {
		options[wanted].Checked = true
	}
	return options
}

// offered thins long lengths: every step up to two hours, then half hours up to
// four, then whole hours up to twelve.
func offered(minutes int) bool {
	switch {
	case minutes <= 120:
		return true
	case minutes <= 240:
		return minutes%30 == 0
	case minutes <= 720:
		return minutes%60 == 0
	}
	return minutes%180 == 0
}

// endLabel is the end as it stands after the dash: "19.00", at midnight "24.00".
func (v *visit) endLabel(begin, end time.Time) string {
	if date, minute := calendar.WallOf(end, v.server.Zone); minute == 0 && v.dateOf(begin).AddDays(1) == date {
		return v.say.Clock(calendarDay)
	}
	return v.say.Time(end)
}

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
	case free > 0:
		return free, ui.DayFree, ""
	case len(starts) == 0:
		return 0, ui.DayClosed, v.t("picker.day_closed")
	case ahead > 0:
		return 0, ui.DayClosed, v.t("picker.day_later")
	}
	return 0, ui.DayFull, v.t("picker.day_full")
}

// greyTimes are the times of a day that cannot be had and why: what occupies
// them, the site's own use, and the rules.
func (v *visit) greyTimes(o booking.Outlook, date calendar.Date) []ui.GreyTime {
	day := calendar.DayBounds(date, v.server.Zone)
	var grey []greySpan
	var taken []calendar.Interval
	for _, span := range takenSpans(o, day) {
		taken = append(taken, span.Interval)
		grey = append(grey, greySpan{span.Interval, capital(v.t("conflict." + span.word)), span.kind})
	}
	for _, h := range o.Hours {
		if h.Kind == policies.Core && h.Overlaps(day) {
			grey = append(grey, greySpan{h.Intersect(day), v.t("hours.core"), ui.KindStaff})
		}
	}
	grey = append(grey, v.ruledOut(o, date, calendar.Normalize(taken))...)
	slices.SortStableFunc(grey, func(a, b greySpan) int { return a.Begin.Compare(b.Begin) })
	var times []ui.GreyTime
	for _, g := range grey {
		times = append(times, ui.GreyTime{Time: v.say.Hours(g.Begin, g.End), Reason: g.reason, Kind: g.kind})
	}
	return times
}

type greySpan struct {
	calendar.Interval
	reason string
	kind   ui.Kind
}

// ruledOut joins starts in a row that the same rule forbids. Past ones are not
// worth a word, and those inside an occupied time have been named.
func (v *visit) ruledOut(o booking.Outlook, date calendar.Date, taken []calendar.Interval) []greySpan {
	var spans []greySpan
	last := ""
	raster := time.Duration(o.Place.Resource.Raster) * time.Minute
	for _, start := range o.On(date, v.server.Zone) {
		if start.Free || start.Code == policies.CodePast || heldBy(taken, start.Begin) {
			last = ""
			continue
		}
		end := start.Begin.Add(raster)
		if start.Code == last {
			spans[len(spans)-1].End = end
			continue
		}
		last = start.Code
		reason := capital(v.t("conflict.buffer"))
		if start.Code != "booking.overlap" {
			reason = v.t(start.Code, start.Params)
		} else if !buffered(o) {
			reason = v.t("picker.too_short", "minutes", o.Minutes)
		}
		spans = append(spans, greySpan{calendar.Interval{Begin: start.Begin, End: end}, reason, ui.KindClosed})
	}
	return spans
}

func heldBy(taken []calendar.Interval, t time.Time) bool {
	return slices.ContainsFunc(taken, func(i calendar.Interval) bool { return i.Holds(t) })
}

func buffered(o booking.Outlook) bool {
	return o.Place.Resource.BufferBefore > 0 || o.Place.Resource.BufferAfter > 0
}

// noTimes says that nothing is free on a day and where there is.
func (v *visit) noTimes(o booking.Outlook, chosen choice) *ui.Alert {
	_, state, _ := v.dayState(o, chosen.Date)
	alert := &ui.Alert{Kind: ui.AlertInfo, Title: v.t("picker.none_" + string(state))}
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
