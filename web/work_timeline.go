package web

import (
	"net/url"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// dayTimeline is an empty timeline of a local day; widen makes it reach over
// what is put on it.
func (v *visit) dayTimeline(date calendar.Date) ui.Timeline {
	t := ui.Timeline{
		Day: v.say.Date(v.midday(date)), FromHour: 24, ToHour: 0, DST: ui.DSTOf(v.midday(date).In(v.server.Zone)),
	}
	if date == v.today() {
		_, minute := calendar.WallOf(v.now, v.server.Zone)
		t.NowMinute = int(minute)
	}
	return t
}

// widen makes the hours shown reach an hour around an item.
func widen(t *ui.Timeline, item ui.TimelineItem) {
	t.FromHour = max(0, min(t.FromHour, item.StartQuarter/4-1))
	t.ToHour = min(24, max(t.ToHour, (item.StartQuarter+item.Quarters+3)/4+1))
}

// cardItem is a reservation on a timeline of staff, with whose it is.
func (v *visit) cardItem(card booking.Card, day calendar.Interval) ui.TimelineItem {
	kind := cardKind(card.Reservation)
	item := v.timelineItem(card.Interval(), day, kind, v.cardWords(card))
	item.Label = v.say.Hours(card.BeginAt, card.EndAt)
	item.Accessible = item.Label + " " + item.Sub + ", " + v.t("kind."+string(kind))
	if card.Series != nil {
		item.Sub = "↻ " + item.Sub
		item.Accessible += ", " + v.t("work.in_series")
	}
	item.Href = v.path("work-reservation", card.Number)
	return item
}

// cardWords are title and holder, as far as there are any.
func (v *visit) cardWords(card booking.Card) string {
	holder := v.holderName(card)
	switch {
	case card.State == booking.Held:
		return v.t("kind.held")
	case card.Kind == policies.Closure && card.Title == "":
		return v.t("kind.closure")
	case card.Title == "" || card.Title == holder:
		return holder
	case card.Kind == policies.Closure || card.Kind == policies.Staff || holder == "":
		return card.Title
	}
	return card.Title + ", " + holder
}

func cardKind(r booking.Reservation) ui.Kind {
	switch {
	case r.Kind == policies.Closure:
		return ui.KindClosure
	case r.State == booking.Held:
		return ui.KindHeld
	case r.State == booking.Requested || r.State == booking.AwaitingPayment:
		return ui.KindRequested
	case r.Kind == policies.Staff:
		return ui.KindStaff
	}
	return ui.KindConfirmed
}

// scheduleRow is one room's day: reservations, also of rooms that share space
// with it, what is free, and what nobody can have.
type scheduleRow struct {
	room  booking.FreeRoom
	cards map[int64]booking.Card
	day   calendar.Interval
	date  calendar.Date
}

func (v *visit) scheduleItems(r scheduleRow) []ui.TimelineItem {
	items, taken := v.takenItems(r)
	items = append(items, v.freeForStaff(r, taken)...)
	items = append(items, v.shutItems(r, taken)...)
	return v.withGap(items, r.day.Begin.In(v.server.Zone))
}

// takenItems are the reservations of a room and what else holds its space.
func (v *visit) takenItems(r scheduleRow) (items []ui.TimelineItem, taken []calendar.Interval) {
	shown := map[int64]bool{}
	for _, b := range r.room.BusyWithin(r.day) {
		shown[b.Reservation] = true
		taken = append(taken, b.Interval())
		card, known := r.cards[b.Reservation]
		if !known { // of another unit: a thing that is shared
			items = append(items, v.timelineItem(b.Interval(), r.day, busyKind(b), v.t("work.held_elsewhere")))
			continue
		}
		item := v.cardItem(card, r.day)
		if card.Resource == r.room.Place.Resource.ID {
			item.Move = v.handle(card, r.date)
		} else {
			item.Sub += " (" + v.named(card.ResourceName) + ")"
			item.Accessible = v.named(card.ResourceName) + ", " + item.Accessible
		}
		items = append(items, item)
	}
	for _, card := range r.cards { // requests that compete hold no time
		if card.Resource == r.room.Place.Resource.ID && !shown[card.ID] {
			item := v.cardItem(card, r.day)
			item.Move = v.handle(card, r.date)
			items = append(items, item)
			taken = append(taken, card.Interval())
		}
	}
	return items, taken
}

// freeForStaff are the gaps that are not over yet; where the visitor may book,
// each leads to the form.
func (v *visit) freeForStaff(r scheduleRow, taken []calendar.Interval) []ui.TimelineItem {
	var items []ui.TimelineItem
	resource := r.room.Place.Resource
	for _, gap := range calendar.Subtract(r.room.Free, taken) {
		gap = gap.Intersect(r.day)
		if from := nextQuarter(v.now); gap.Begin.Before(from) {
			gap.Begin = from
		}
		if gap.Duration() < 15*time.Minute {
			continue
		}
		item := v.timelineItem(gap, r.day, ui.KindFree, v.t("kind.free"))
		if v.mayBook(resource.Unit) {
			item.Href = v.newHref(r.room.Place.Unit, resource, gap)
		}
		items = append(items, item)
	}
	return items
}

// newHref is the form for staff with a time filled in: at most two hours of it.
func (v *visit) newHref(unit resources.Unit, resource resources.Resource, gap calendar.Interval) string {
	end := gap.End
	if longest := gap.Begin.Add(2 * time.Hour); end.After(longest) {
		end = longest
	}
	return v.pathWith("work-new", url.Values{
		"unit": {unit.Slug}, "room": {resource.Slug}, "date": {v.dateOf(gap.Begin).String()},
		"start": {v.clockValue(gap.Begin)}, "end": {v.clockValue(end)},
	})
}

// shutItems are the site's own use, the hours in which nobody can book, and the
// time that set-up and clean-up keep free.
func (v *visit) shutItems(r scheduleRow, taken []calendar.Interval) []ui.TimelineItem {
	whole := []calendar.Interval{r.day}
	core := calendar.Intersect(coreHours(r.room.Hours), whole)
	used := usedHours(r.room.Hours)
	closed := calendar.Subtract(whole, used)
	buffers := calendar.Subtract(calendar.Intersect(used, whole), calendar.Union(r.room.Free, core))
	var items []ui.TimelineItem
	for _, part := range []struct {
		set  []calendar.Interval
		kind ui.Kind
		word string
	}{{core, ui.KindStaff, "hours.core"}, {closed, ui.KindClosed, "kind.closed"}, {buffers, ui.KindClosed, "conflict.buffer"}} {
		for _, span := range calendar.Subtract(part.set, taken) {
			items = append(items, v.timelineItem(span, r.day, part.kind, v.t(part.word)))
		}
	}
	return items
}

// withGap adds the hour that a spring night leaves out, where nothing covers it.
func (v *visit) withGap(items []ui.TimelineItem, day time.Time) []ui.TimelineItem {
	gap, ok := ui.Gap(day)
	if !ok {
		return items
	}
	for _, item := range items {
		if item.StartQuarter < gap.StartQuarter+gap.Quarters && item.StartQuarter+item.Quarters > gap.StartQuarter {
			return items
		}
	}
	gap.Label, gap.Sub = v.say.Clock(gap.StartQuarter*15)+"–"+v.say.Clock((gap.StartQuarter+gap.Quarters)*15), v.t("work.no_such_hour")
	gap.Accessible = gap.Label + " " + gap.Sub
	return append(items, gap)
}

func coreHours(hours []policies.Hours) []calendar.Interval {
	var core []calendar.Interval
	for _, h := range hours {
		if h.Kind == policies.Core {
			core = append(core, h.Interval)
		}
	}
	return calendar.Normalize(core)
}

// nextQuarter is the next quarter of an hour, or t itself if it is one.
func nextQuarter(t time.Time) time.Time {
	return t.Add(15*time.Minute - time.Nanosecond).Truncate(15 * time.Minute)
}
