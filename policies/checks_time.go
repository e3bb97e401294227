package policies

import (
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

func checkBeginBeforeEnd(q *inquiry) []Violation {
	begin, end := q.Asked.Begin, q.Asked.End
	if begin.Before(end) {
		return nil
	}
	return q.violates(CodeEndBefore, begin, end, fault.Params{"begin": begin, "end": end})
}

// checkNotPast lets a whole day be booked until it is over: the day, not its
// first minute, is what somebody wants.
func checkNotPast(q *inquiry) []Violation {
	if q.wholeDay {
		return checkNotBeforeToday(q)
	}
	return q.notBefore(q.Now)
}

func checkNotBeforeToday(q *inquiry) []Violation {
	return q.notBefore(q.dayOf(q.Now))
}

func (in *inquiry) notBefore(earliest time.Time) []Violation {
	begin := in.Asked.Begin
	if !begin.Before(earliest) {
		return nil
	}
	return in.violates(CodePast, earliest, begin, fault.Params{"begin": begin, "earliest": earliest})
}

// checkDuration compares nominal minutes, whole ones: seconds are off every
// raster. Whole days have the length they have.
func checkDuration(q *inquiry) []Violation {
	if q.Asked.IsEmpty() || q.wholeDay {
		return nil
	}
	var found []Violation
	if least := q.Place.MinMinutes; q.minutes < least {
		found = q.violates(CodeTooShort, least, q.minutes, fault.Params{"min": least, "minutes": q.minutes})
	}
	if most := q.Place.MaxMinutes; most != nil && q.minutes > *most {
		found = append(found, q.violation(CodeTooLong, *most, q.minutes, fault.Params{"max": *most, "minutes": q.minutes}))
	}
	return found
}

// checkRaster counts from the begin of the span that the holder may use. Where
// no such span holds the begin the hours refuse, and only the length is asked.
func checkRaster(q *inquiry) []Violation {
	if q.wholeDay {
		return nil
	}
	var found []Violation
	if span, ok := q.spanAt(q.Asked.Begin); ok {
		found = q.offRaster(q.Place.Raster, q.origin(span))
	}
	return append(found, q.offLength(q.Place.Raster)...)
}

// staffRaster is the coarsest raster that staff have to keep, in minutes.
const staffRaster = 30

// StaffRaster is the raster that staff keep in a place with a raster, in
// minutes from midnight.
func StaffRaster(raster int) int { return min(raster, staffRaster) }

func checkStaffRaster(q *inquiry) []Violation {
	if q.wholeDay {
		return nil
	}
	raster := StaffRaster(q.Place.Raster)
	return append(q.offRaster(raster, q.dayOf(q.Asked.Begin)), q.offLength(raster)...)
}

// checkSeasonalRaster counts from midnight on dates that have no hours: there
// a turn of a season is still made.
func checkSeasonalRaster(q *inquiry) []Violation {
	if q.wholeDay {
		return nil
	}
	from := q.dayOf(q.Asked.Begin)
	if span, ok := q.spanAt(q.Asked.Begin); ok {
		from = q.origin(span)
	}
	return append(q.offRaster(q.Place.Raster, from), q.offLength(q.Place.Raster)...)
}

func (in *inquiry) spanAt(t time.Time) (calendar.Interval, bool) {
	for _, span := range in.spans {
		if span.Holds(t) {
			return span, true
		}
	}
	return calendar.Interval{}, false
}

func (in *inquiry) origin(span calendar.Interval) time.Time {
	return rasterOrigin(span, calendar.DateOf(in.Asked.Begin, in.Zone), in.Zone)
}

func (in *inquiry) offRaster(raster int, from time.Time) []Violation {
	begin := in.Asked.Begin
	if raster < 1 || (wholeMinute(begin) && calendar.WallMinutes(from, begin, in.Zone)%raster == 0) {
		return nil
	}
	return in.violates(CodeRasterStart, raster, begin, fault.Params{"raster": raster, "from": from, "begin": begin})
}

// offLength also refuses what the wall clock shows as no time at all, an hour
// that lies between the two passes of the autumn night.
func (in *inquiry) offLength(raster int) []Violation {
	if raster < 1 || in.Asked.IsEmpty() {
		return nil
	}
	exact := in.Asked.Begin.Second() == in.Asked.End.Second() && in.Asked.Begin.Nanosecond() == in.Asked.End.Nanosecond()
	if exact && in.minutes > 0 && in.minutes%raster == 0 {
		return nil
	}
	return in.violates(CodeRasterLength, raster, in.minutes, fault.Params{"raster": raster, "minutes": in.minutes})
}

func wholeMinute(t time.Time) bool { return t.Second() == 0 && t.Nanosecond() == 0 }

// checkNotTooFarAhead counts days on the wall clock from now: at 15:00 one may
// ask for 15:00, N days later, also over a change of the clocks.
func checkNotTooFarAhead(q *inquiry) []Violation {
	if q.Place.DaysAheadMax == nil {
		return nil
	}
	days, begin := *q.Place.DaysAheadMax, q.Asked.Begin
	latest := q.latestBegin()
	if !begin.After(latest) {
		return nil
	}
	return q.violates(CodeTooFarAhead, days, begin,
		fault.Params{"days": days, "opens": q.daysFrom(begin, -days), "latest": latest})
}

// latestBegin is how far ahead a place with DaysAheadMax can be booked.
func (in *inquiry) latestBegin() time.Time { return in.daysFrom(in.Now, *in.Place.DaysAheadMax) }

func (in *inquiry) daysFrom(t time.Time, days int) time.Time {
	return calendar.AddWall(t, days*int(calendar.DayMinutes), in.Zone).Instant
}

// checkNotTooSoon counts days from the start of today.
func checkNotTooSoon(q *inquiry) []Violation {
	days := q.Place.DaysAheadMin
	if days <= 0 {
		return nil
	}
	earliest, begins := q.leadTime()
	if !q.Asked.Begin.Before(begins) {
		return nil
	}
	return q.violates(CodeTooSoon, days, q.Asked.Begin, fault.Params{"days": days, "earliest": earliest})
}

// leadTime is the first day that is not too soon, and when it begins.
func (in *inquiry) leadTime() (calendar.Date, time.Time) {
	earliest := calendar.DateOf(in.Now, in.Zone).AddDays(in.Place.DaysAheadMin)
	return earliest, calendar.FirstFrom(earliest, 0, in.Zone)
}
