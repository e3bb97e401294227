package web

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/ui"
)

// searchTimeline shows the found rooms by the hours of a day.
func (v *visit) searchTimeline(f searchForm, found []booking.FreeRoom, date calendar.Date) *ui.Timeline {
	day := v.midday(date)
	t := &ui.Timeline{
		Title: v.t("search.timeline_title"), Day: v.say.Date(day), FromHour: 24, ToHour: 0,
		DST: ui.DSTOf(day.In(v.server.Zone)),
	}
	for _, room := range found {
		t.Rows = append(t.Rows, v.timelineRow(room, date))
		from, to := openHours(room.Outlook, date, v.server.Zone)
		t.FromHour, t.ToHour = min(t.FromHour, from), max(t.ToHour, to)
	}
	if t.FromHour >= t.ToHour {
		t.FromHour, t.ToHour = 8, 21
	}
	if date == v.today() {
		_, minute := calendar.WallOf(v.now, v.server.Zone)
		t.NowMinute = int(minute)
	}
	for i := range t.Rows {
		t.Rows[i].Items = append(t.Rows[i].Items, v.closedItems(found[i].Outlook, date, t.FromHour, t.ToHour)...)
	}
	grid, table := f, f
	grid.View, table.View = viewTimeline, viewTable
	t.GridHref, t.TableHref = v.pathWith("rooms", grid.values()), v.pathWith("rooms", table.values())
	if f.View == viewTable {
		t.TableHref = ""
	} else {
		t.GridHref = ""
	}
	return t
}

func (v *visit) timelineRow(room booking.FreeRoom, date calendar.Date) ui.TimelineRow {
	r := room.Place.Resource
	row := ui.TimelineRow{Href: v.pathWith("room", url.Values{"date": {date.String()}}, r.Slug)}
	row.Name, row.Lang = v.text(r.Name)
	row.Sub = v.named(room.Place.Unit.Name)
	if crowd := v.people(r); crowd != "" {
		row.Sub = joinWords(" · ", row.Sub, crowd)
	}
	day := calendar.DayBounds(date, v.server.Zone)
	row.Items = append(row.Items, v.freeItems(room.Outlook, date, &row)...)
	for _, span := range takenSpans(room.Outlook, day) {
		row.Items = append(row.Items, v.timelineItem(span.Interval, day, span.kind, capital(v.t("conflict."+span.word))))
	}
	for _, h := range room.Hours {
		if h.Kind == policies.Core && h.Overlaps(day) {
			row.Items = append(row.Items, v.timelineItem(h.Interval, day, ui.KindStaff, v.t("hours.core")))
		}
	}
	return row
}

// freeItems are the gaps in which something can be booked, from their first
// free start on; the longest is named in the row.
func (v *visit) freeItems(o booking.Outlook, date calendar.Date, row *ui.TimelineRow) []ui.TimelineItem {
	day := calendar.DayBounds(date, v.server.Zone)
	longest := time.Duration(0)
	var items []ui.TimelineItem
	for _, gap := range o.Free {
		first := slices.IndexFunc(o.Starts, func(s booking.Start) bool { return s.Free && gap.Holds(s.Begin) && day.Holds(s.Begin) })
		if first < 0 {
			continue
		}
		start := o.Starts[first]
		free := calendar.Interval{Begin: start.Begin, End: gap.End}.Intersect(day)
		item := v.timelineItem(free, day, ui.KindFree, v.t("kind.free"))
		item.Href = v.chosenHref(o.Place.Resource.Slug, start.Interval)
		items = append(items, item)
		if free.Duration() > longest {
			longest = free.Duration()
			row.Longest = v.say.Duration(wholeMinutes(longest))
		}
	}
	return items
}

func (v *visit) timelineItem(span, day calendar.Interval, kind ui.Kind, word string) ui.TimelineItem {
	shown := span.Intersect(day)
	start, quarters, _ := ui.Place(shown.Begin.In(v.server.Zone), shown.Begin.In(v.server.Zone), shown.End.In(v.server.Zone))
	return ui.TimelineItem{
		StartQuarter: start, Quarters: quarters, Kind: kind, Label: v.say.Hours(shown.Begin, shown.End), Sub: word,
		Accessible: v.say.Hours(shown.Begin, shown.End) + " " + word, Season: ui.SeasonOf(shown.Begin.In(v.server.Zone)),
	}
}

// closedItems are the hours shown in which nobody can book and the site itself
// does not use the room.
func (v *visit) closedItems(o booking.Outlook, date calendar.Date, fromHour, toHour int) []ui.TimelineItem {
	zone := v.server.Zone
	day := calendar.DayBounds(date, zone)
	shown := []calendar.Interval{{
		Begin: calendar.FirstFrom(date, calendar.Minute(fromHour*60), zone),
		End:   calendar.FirstFrom(date, calendar.Minute(toHour*60), zone),
	}}
	open := usedHours(o.Hours)
	var items []ui.TimelineItem
	for _, span := range calendar.Subtract(shown, open) {
		items = append(items, v.timelineItem(span, day, ui.KindClosed, v.t("kind.closed")))
	}
	return items
}

// usedHours are the times that are reservable or the site's own.
func usedHours(hours []policies.Hours) []calendar.Interval {
	var open []calendar.Interval
	for _, h := range hours {
		if h.Kind == policies.Reservable || h.Kind == policies.Core {
			open = append(open, h.Interval)
		}
	}
	return calendar.Normalize(open)
}

// openHours are the first and the last hour of a day that a room uses; 24 and 0
// when it uses none.
func openHours(o booking.Outlook, date calendar.Date, zone *time.Location) (from, to int) {
	day := calendar.DayBounds(date, zone)
	from, to = 24, 0
	for _, span := range usedHours(o.Hours) {
		span = span.Intersect(day)
		if span.IsEmpty() {
			continue
		}
		_, begin := calendar.WallOf(span.Begin, zone)
		_, end := calendar.WallOf(span.End, zone)
		if span.End.Equal(day.End) {
			end = calendarDay
		}
		from, to = min(from, int(begin)/60), max(to, (int(end)+59)/60)
	}
	return from, to
}

// takenSpan is an occupied time as everybody sees it.
type takenSpan struct {
	calendar.Interval
	kind ui.Kind
	word string // of the key conflict.<word>
}

// takenSpans are the occupied times of a day; those of one kind that overlap,
// because they lie in different parts of the room, are one.
func takenSpans(o booking.Outlook, day calendar.Interval) []takenSpan {
	byKind := map[takenSpan][]calendar.Interval{}
	for _, b := range o.BusyWithin(day) {
		as := takenSpan{kind: busyKind(b), word: busyWord(b)}
		byKind[as] = append(byKind[as], b.Interval())
	}
	var spans []takenSpan
	for as, intervals := range byKind {
		for _, merged := range overlapping(intervals) {
			spans = append(spans, takenSpan{merged.Intersect(day), as.kind, as.word})
		}
	}
	slices.SortFunc(spans, func(a, b takenSpan) int { return cmp.Or(a.Begin.Compare(b.Begin), cmp.Compare(a.word, b.word)) })
	return spans
}

// overlapping joins intervals that overlap; those that only touch are two
// bookings in a row and stay so.
func overlapping(intervals []calendar.Interval) []calendar.Interval {
	slices.SortFunc(intervals, func(a, b calendar.Interval) int { return a.Begin.Compare(b.Begin) })
	var out []calendar.Interval
	for _, i := range intervals {
		if n := len(out); n > 0 && i.Begin.Before(out[n-1].End) {
			if i.End.After(out[n-1].End) {
				out[n-1].End = i.End
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

// busyKind is how an occupied time looks to everybody: whose it is and whether
// it waits for a decision is nobody's business.
func busyKind(b booking.Busy) ui.Kind {
	switch {
	case b.Kind == policies.Closure:
		return ui.KindClosure
	case b.State == booking.Held:
		return ui.KindHeld
	case b.Kind == policies.Staff:
		return ui.KindStaff
	}
	return ui.KindConfirmed
}

func busyWord(b booking.Busy) string {
	switch {
	case b.Kind == policies.Closure:
		return "closure"
	case b.State == booking.Held && b.Offer != nil:
		return "offer"
	case b.State == booking.Held:
		return "hold"
	}
	return "reservation"
}
