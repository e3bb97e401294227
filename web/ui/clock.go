package ui

import "time"

const quartersPerDay = 96

// Place says where [begin, end) lies on the wall clock of day (any instant of
// it, in the zone of the page): quarters since its midnight, rounded outwards,
// and at least one. ok is false when it does not touch the day or the four hours
// after it. Both ends are read from the clock, so 02–05 is twelve quarters on
// every night of the year.
func Place(day, begin, end time.Time) (start, quarters int, ok bool) {
	first, last := wallMinutes(day, begin), wallMinutes(day, end)
	start = max(0, floorDiv(first, 15))
	stop := min(MaxQuarters, -floorDiv(-last, 15))
	if end.After(begin) && stop <= start && first >= 0 {
		stop = start + 1
	}
	return start, stop - start, stop > start && start < MaxQuarters
}

// wallMinutes counts from the day's midnight as the clock shows it: 24 h for
// each date in between, whatever the day's real length.
func wallMinutes(day, t time.Time) int {
	t = t.In(day.Location())
	return int(date(t).Sub(date(day)).Hours())*60 + t.Hour()*60 + t.Minute()
}

func date(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

// SeasonOf says which pass of a doubled hour t lies in; empty for all other
// times.
func SeasonOf(t time.Time) Season {
	_, own := t.Zone()
	for _, near := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, other := t.Add(near).Zone()
		twin := t.Add(time.Duration(own-other) * time.Second)
		if _, offset := twin.Zone(); other != own && offset == other {
			if own > other {
				return Summer
			}
			return Winter
		}
	}
	return ""
}

// DSTOf says whether the day is longer or shorter than usual in its zone.
func DSTOf(day time.Time) DST {
	if len(missing(day)) > 0 {
		return DSTSpring
	}
	for q := range quartersPerDay {
		if SeasonOf(wall(day, q)) != "" {
			return DSTAutumn
		}
	}
	return DSTNone
}

// Gap is the hour that a spring night leaves out, as a closed item; ok is false
// on all other days.
func Gap(day time.Time) (item TimelineItem, ok bool) {
	gone := missing(day)
	if len(gone) == 0 {
		return TimelineItem{}, false
	}
	return TimelineItem{StartQuarter: gone[0], Quarters: len(gone), Kind: KindClosed}, true
}

func missing(day time.Time) []int {
	var gone []int
	for q := range quartersPerDay {
		if t := wall(day, q); t.Hour() != q/4 {
			gone = append(gone, q)
		}
	}
	return gone
}

func wall(day time.Time, quarter int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), quarter/4, quarter%4*15, 0, 0, day.Location())
}
