package policies

import (
	"iter"
	"slices"
	"time"

	"vuoro/calendar"
)

// ReservableSpans gives the spans that a holder of this class may use, sorted
// and merged where they touch, also over midnight. Residents, associations and
// all others have civic use: reservable, without core use. The city's own units
// have core use too. Closed spans are nobody's; merely open ones as well.
func ReservableSpans(hours []Hours, class Class) []calendar.Interval {
	return usable(hours, class, coreSpans(hours))
}

func usable(hours []Hours, class Class, core []calendar.Interval) []calendar.Interval {
	reservable := spansOf(hours, Reservable)
	if class == CityUnit {
		reservable = append(reservable, core...)
		core = nil
	}
	if taken := append(spansOf(hours, Closed), core...); len(taken) > 0 {
		return calendar.Subtract(reservable, taken)
	}
	return calendar.Normalize(reservable)
}

// coreSpans is when core use really has the place; a closed one is empty.
func coreSpans(hours []Hours) []calendar.Interval {
	core := spansOf(hours, Core)
	if len(core) == 0 {
		return nil
	}
	return calendar.Subtract(core, spansOf(hours, Closed))
}

func spansOf(hours []Hours, kind HoursKind) []calendar.Interval {
	var spans []calendar.Interval
	for _, h := range hours {
		if h.Kind == kind {
			spans = append(spans, h.Interval)
		}
	}
	return spans
}

// rasterOrigin is the moment from which starts on a date are counted within a
// span: its begin, or, where the place was open all the day before, that date's
// midnight. Without the latter the raster of a place that never closes would
// hang on how many days of hours the caller happened to read.
func rasterOrigin(span calendar.Interval, date calendar.Date, zone *time.Location) time.Time {
	if span.Begin.After(calendar.FirstFrom(date.AddDays(-1), 0, zone)) {
		return span.Begin
	}
	if midnight := calendar.FirstFrom(date, 0, zone); midnight.After(span.Begin) {
		return midnight
	}
	return span.Begin
}

// Grid lists the starts that a raster allows. Raster and Minutes (the length
// asked for) are nominal minutes; NotBefore is the earliest begin.
type Grid struct {
	Zone      *time.Location
	Raster    int
	Minutes   int
	NotBefore time.Time
}

// Starts gives every [begin, end) of the grid that lies in one of the spans,
// which are those of ReservableSpans and reach back at least one whole day
// before the first date of interest. Begin and end are wall-clock times: what
// the clocks skip that night is left out, and the doubled hour is its first
// pass. The same Raster and length pass Decide's raster check.
func (g Grid) Starts(spans []calendar.Interval) []calendar.Interval {
	return slices.Collect(g.All(spans))
}

// All is Starts one by one, for those who need only the first good one.
func (g Grid) All(spans []calendar.Interval) iter.Seq[calendar.Interval] {
	return func(yield func(calendar.Interval) bool) {
		if g.Raster < 1 || g.Minutes < 1 {
			return
		}
		for _, span := range spans {
			if span.End.After(g.NotBefore) && !g.in(span, yield) {
				return
			}
		}
	}
}

func (g Grid) in(span calendar.Interval, yield func(calendar.Interval) bool) bool {
	date := calendar.DateOf(span.Begin, g.Zone)
	if earliest := calendar.DateOf(g.NotBefore, g.Zone); earliest.After(date) {
		date = earliest
	}
	for ; ; date = date.AddDays(1) {
		day := calendar.DayBounds(date, g.Zone)
		if !day.Begin.Before(span.End) {
			return true
		}
		if !g.on(date, day, span, yield) {
			return false
		}
	}
}

func (g Grid) on(date calendar.Date, day, span calendar.Interval, yield func(calendar.Interval) bool) bool {
	origin := rasterOrigin(span, date, g.Zone)
	for minute := g.firstMinute(date, origin); minute < calendar.DayMinutes; minute += calendar.Minute(g.Raster) {
		asked, exists := g.at(date, day, minute)
		if exists && !asked.Begin.Before(span.End) {
			return true
		}
		if exists && !asked.Begin.Before(g.NotBefore) && span.Contains(asked) && !yield(asked) {
			return false
		}
	}
	return true
}

// at is the wish that begins at a minute of the date. On a day of 24 hours the
// wall clock is as good as any other, which spares asking the zone.
func (g Grid) at(date calendar.Date, day calendar.Interval, minute calendar.Minute) (asked calendar.Interval, exists bool) {
	if day.Duration() == 24*time.Hour {
		begin := day.Begin.Add(time.Duration(minute) * time.Minute)
		asked = calendar.Interval{Begin: begin, End: begin.Add(time.Duration(g.Minutes) * time.Minute)}
		if !asked.End.After(day.End) {
			return asked, true
		}
	}
	begin := calendar.Resolve(date, minute, g.Zone)
	end := calendar.AddWall(begin.Instant, g.Minutes, g.Zone)
	return calendar.Interval{Begin: begin.Instant, End: end.Instant}, begin.Exists && end.Exists
}

// firstMinute is the first minute of the date that lies on the raster counted
// from origin, which is on that date or the one before.
func (g Grid) firstMinute(date calendar.Date, origin time.Time) calendar.Minute {
	originDate, minute := calendar.WallOf(origin, g.Zone)
	ahead := int(minute) - originDate.DaysUntil(date)*int(calendar.DayMinutes)
	if ahead >= 0 {
		return calendar.Minute(ahead)
	}
	return calendar.Minute((g.Raster - -ahead%g.Raster) % g.Raster)
}

// Lengths lists the nominal minutes for which a place can be booked: multiples
// of its raster from its minimum to its maximum and to upTo, whichever is less.
func Lengths(place Place, upTo int) []int {
	if place.MaxMinutes != nil {
		upTo = min(upTo, *place.MaxMinutes)
	}
	raster := max(place.Raster, 1)
	first := max((place.MinMinutes+raster-1)/raster, 1) * raster
	var lengths []int
	for minutes := first; minutes <= upTo; minutes += raster {
		lengths = append(lengths, minutes)
	}
	return lengths
}
