package web

import (
	"slices"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/ui"
)

// greyTimes are the times of a day that cannot be had and why: what occupies
// them, the site's own use, and the rules.
func (v *visit) greyTimes(o booking.Outlook, date calendar.Date) []ui.GreyTime {
	day := calendar.DayBounds(date, v.server.Zone)
	var grey []greySpan
	var taken []calendar.Interval
	for _, span := range takenSpans(o, day) {
		taken = append(taken, span.Interval)
		grey = append(grey, greySpan{span.Interval, capital(v.t("conflict." + span.word)), span.kind, v.waitForHref(o, span)})
	}
	for _, h := range o.Hours {
		if h.Kind == policies.Core && h.Overlaps(day) {
			grey = append(grey, greySpan{h.Intersect(day), v.t("hours.core"), ui.KindStaff, ""})
		}
	}
	if free, _, _ := v.dayState(o, date); free == 0 || !o.Place.Resource.WholeDay { // of a day that can be had, parts are no matter
		grey = append(grey, v.ruledOut(o, date, calendar.Normalize(taken))...)
	}
	slices.SortStableFunc(grey, func(a, b greySpan) int { return a.Begin.Compare(b.Begin) })
	var times []ui.GreyTime
	for _, g := range grey {
		times = append(times, ui.GreyTime{Time: v.say.Hours(g.Begin, g.End), Reason: g.reason, Kind: g.kind, Href: g.href})
	}
	return times
}

type greySpan struct {
	calendar.Interval
	reason string
	kind   ui.Kind
	href   string
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
		spans = append(spans, greySpan{calendar.Interval{Begin: start.Begin, End: end}, reason, ui.KindClosed, ""})
	}
	return spans
}

func heldBy(taken []calendar.Interval, t time.Time) bool {
	return slices.ContainsFunc(taken, func(i calendar.Interval) bool { return i.Holds(t) })
}

func buffered(o booking.Outlook) bool {
	return o.Place.Resource.BufferBefore > 0 || o.Place.Resource.BufferAfter > 0
}
