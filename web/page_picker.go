package web

import (
	"slices"
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
	if o.Place.Resource.WholeDay {
		return v.wholeDay(o, chosen)
	}
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

// wholeDay is the one choice on a day of a place that is booked by the day: from
// its first time to its last, and chosen already.
func (v *visit) wholeDay(o booking.Outlook, chosen choice) []ui.StartGroup {
	for _, start := range o.On(chosen.Date, v.server.Zone) {
		if !start.Free {
			continue
		}
		chosen.Start = v.clockValue(start.Begin)
		span := calendar.Interval{Begin: start.Begin, End: calendar.DayBounds(chosen.Date, v.server.Zone).End}
		longest := min(o.LongestFrom(start.Begin, v.server.Zone), calendar.WallMinutes(span.Begin, span.End, v.server.Zone))
		for _, minutes := range slices.Backward(policies.Lengths(o.Place.Policy(), longest)) {
			end := calendar.AddWall(start.Begin, minutes, v.server.Zone)
			q := v.quoteOf(o, calendar.Interval{Begin: start.Begin, End: end.Instant})
			if !end.Exists || q.Refused || o.Full(calendar.Interval{Begin: start.Begin, End: end.Instant}) != nil {
				continue
			}
			option := ui.StartOption{Value: chosen.Start, Label: v.say.Time(start.Begin), Checked: true}
			option.Lengths = []ui.LengthOption{{
				Minutes: minutes, Label: v.say.Duration(minutes), End: v.endLabel(start.Begin, end.Instant), Price: v.sum(q.Cents), Checked: true,
			}}
			return []ui.StartGroup{{Label: v.t("picker.whole_day"), Starts: []ui.StartOption{option}}}
		}
	}
	return nil
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
		if !end.Exists || q.Refused || o.Full(calendar.Interval{Begin: start.Begin, End: end.Instant}) != nil {
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
