package calendar

import (
	"sort"
	"time"
)

// Resolved is what a wall-clock time means in a zone.
type Resolved struct {
	Instant   time.Time // in UTC
	Exists    bool      // false: the clocks jump over this time
	Ambiguous bool      // true: the clocks show it twice; Instant is the first pass
}

// Resolve finds the instant of a wall-clock time (RFC 5545 §3.3.5). A time in
// the doubled hour is its first pass. A time that the clocks jump over does not
// exist; its Instant is then counted with the offset from before the jump, so
// 03:30 in Helsinki's spring night is what the clock shows as 04:30.
func Resolve(date Date, minute Minute, loc *time.Location) Resolved {
	return resolve(wall(date, minute), loc).first()
}

// FirstFrom is the instant of a wall-clock time, or the first one after it when
// the clocks jump over it.
func FirstFrom(date Date, minute Minute, loc *time.Location) time.Time {
	r := resolve(wall(date, minute), loc)
	if r.exists {
		return r.early
	}
	return changeBetween(r.late, r.early, loc)
}

// DayBounds is a local day from its first instant to the next day's: 23, 24 or
// 25 hours where the clocks change by one.
func DayBounds(date Date, loc *time.Location) Interval {
	return Interval{Begin: FirstFrom(date, 0, loc), End: FirstFrom(date, DayMinutes, loc)}
}

// DateOf is the local day on which an instant lies.
func DateOf(t time.Time, loc *time.Location) Date {
	return dateOf(wallOf(t, loc))
}

// DatesOf lists the local days that an interval touches; none for an empty one.
func DatesOf(i Interval, loc *time.Location) []Date {
	if i.IsEmpty() {
		return nil
	}
	last := DateOf(i.End.Add(-time.Nanosecond), loc)
	var days []Date
	for day := DateOf(i.Begin, loc); !day.After(last); day = day.AddDays(1) {
		days = append(days, day)
	}
	return days
}

// WallOf is what calendar and clock show at an instant, to the minute begun.
func WallOf(t time.Time, loc *time.Location) (Date, Minute) {
	w := wallOf(t, loc)
	return dateOf(w), Minute(w.Hour()*60 + w.Minute())
}

// AddWall moves the hands of the clock by nominal minutes: two hours from 18:00
// is 20:00 whatever the clocks do between. The answer may not exist (see
// Resolve). In the doubled hour it is the pass that keeps the direction: going
// forward never lands before t.
func AddWall(t time.Time, minutes int, loc *time.Location) Resolved {
	target := wallOf(t, loc).Add(time.Duration(minutes) * time.Minute)
	r := resolve(target, loc)
	answer := r.first()
	if minutes >= 0 && r.early.Before(t) {
		answer.Instant = r.late
	}
	return answer
}

// WallMinutes is how far the hands of the clock stand apart at two instants, in
// whole nominal minutes; elapsed time is End.Sub(Begin).
func WallMinutes(begin, end time.Time, loc *time.Location) int {
	return int(wallOf(end, loc).Sub(wallOf(begin, loc)) / time.Minute)
}

// resolution holds both candidate instants of a wall time: equal where it is
// plain, the two passes where it is doubled. Where it does not exist, early is
// by the offset from before the jump, and late, by the one after, is in fact
// the earlier instant: the jump lies between late and early.
type resolution struct {
	early, late time.Time
	exists      bool
}

func (r resolution) first() Resolved {
	return Resolved{Instant: r.early, Exists: r.exists, Ambiguous: r.exists && !r.early.Equal(r.late)}
}

// resolve asks for the offsets that hold well before and well after: 26 hours
// is more than any offset from UTC plus any jump, and less than the distance
// between two jumps.
func resolve(wall time.Time, loc *time.Location) resolution {
	const reach = 26 * time.Hour
	offsetBefore, offsetAfter := offset(wall.Add(-reach), loc), offset(wall.Add(reach), loc)
	before, after := wall.Add(-offsetBefore), wall.Add(-offsetAfter)
	fitsBefore := offset(before, loc) == offsetBefore
	fitsAfter := offset(after, loc) == offsetAfter
	switch {
	case fitsBefore && fitsAfter:
		return resolution{early: earlier(before, after), late: later(before, after), exists: true}
	case fitsBefore:
		return resolution{early: before, late: before, exists: true}
	case fitsAfter:
		return resolution{early: after, late: after, exists: true}
	}
	return resolution{early: before, late: after}
}

// changeBetween is the instant in (from, to] at which the offset becomes that
// of to, to the second.
func changeBetween(from, to time.Time, loc *time.Location) time.Time {
	target := offset(to, loc)
	seconds := sort.Search(int(to.Unix()-from.Unix()), func(n int) bool {
		return offset(from.Add(time.Duration(n)*time.Second), loc) == target
	})
	return from.Add(time.Duration(seconds) * time.Second)
}

// wall is a wall-clock time written as if it were UTC.
func wall(date Date, minute Minute) time.Time {
	return date.midnight().Add(time.Duration(minute) * time.Minute)
}

// wallOf is the wall-clock time at an instant, written as if it were UTC.
func wallOf(t time.Time, loc *time.Location) time.Time {
	return t.UTC().Add(offset(t, loc))
}

func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
