package respa

import (
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// weeksSeen is how often a weekday must have been seen with the same hours.
const weeksSeen = 2

// span is when a place is open on one date, in local wall time.
type span struct{ from, to calendar.Minute }

// week finds the regular week behind hours of dates: every weekday was seen at
// least twice, always the same, public holidays aside. ok is false for
// anything less, because the rest would be a guess.
func week(days []openDay, zone *time.Location) (spans []resources.WeekSpan, ok bool) {
	byDate, ok := datesOf(days, zone)
	if !ok {
		return nil, false
	}
	seen := map[calendar.Weekday]int{}
	usual := map[calendar.Weekday][]span{}
	for date, open := range byDate {
		if len(calendar.HolidaysOn(date)) > 0 {
			continue
		}
		day := date.Weekday()
		if seen[day] > 0 && !slices.Equal(usual[day], open) {
			return nil, false
		}
		seen[day]++
		usual[day] = open
	}
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		if seen[day] < weeksSeen {
			return nil, false
		}
		for _, s := range usual[day] {
			spans = lay(spans, s, int(day))
		}
	}
	return spans, true
}

// datesOf sorts hours by date; a date without hours is closed. ok is false
// where they cannot be read as hours of their date.
func datesOf(days []openDay, zone *time.Location) (map[calendar.Date][]span, bool) {
	byDate := map[calendar.Date][]span{}
	for _, d := range days {
		date, err := calendar.ParseDate(d.Date)
		if err != nil {
			return nil, false
		}
		if d.Opens.IsZero() || d.Closes.IsZero() {
			byDate[date] = append(byDate[date], []span{}...)
			continue
		}
		from, to := minuteOn(date, d.Opens.Time, zone), minuteOn(date, d.Closes.Time, zone)
		if from < 0 || to <= from || to-from > calendar.DayMinutes || to > calendar.MaxMinute {
			return nil, false
		}
		byDate[date] = append(byDate[date], span{from, to})
	}
	for _, open := range byDate {
		slices.SortFunc(open, func(a, b span) int { return int(a.from - b.from) })
	}
	return byDate, true
}

// minuteOn is a wall time counted from the midnight of a date.
func minuteOn(date calendar.Date, at time.Time, zone *time.Location) calendar.Minute {
	local := at.In(zone)
	days := date.DaysUntil(calendar.DateOf(at, zone))
	return calendar.Minute(days*int(calendar.DayMinutes) + local.Hour()*60 + local.Minute())
}

// lay adds a span of a weekday to those of the week, with others of its hours.
func lay(spans []resources.WeekSpan, s span, day int) []resources.WeekSpan {
	for i := range spans {
		if spans[i].From == s.from && spans[i].To == s.to {
			spans[i].Weekdays = append(spans[i].Weekdays, day)
			return spans
		}
	}
	return append(spans, resources.WeekSpan{Weekdays: []int{day}, From: s.from, To: s.to, Kind: policies.Reservable})
}
