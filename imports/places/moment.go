package places

import (
	"fmt"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
)

// parseDate reads "2026-06-01" and what Finnish spreadsheets make of it,
// "1.6.2026".
func parseDate(text string) (calendar.Date, bool) {
	if day, err := calendar.ParseDate(text); err == nil {
		return day, true
	}
	var d, m, y int
	if n, err := fmt.Sscanf(text, "%d.%d.%d", &d, &m, &y); err != nil || n != 3 {
		return calendar.Date{}, false
	}
	if text != fmt.Sprintf("%d.%d.%d", d, m, y) && text != fmt.Sprintf("%02d.%02d.%d", d, m, y) {
		return calendar.Date{}, false
	}
	day, err := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return day, err == nil
}

// parseMoment reads a day (its midnight), a day and a time of day, or a time
// with its offset.
func parseMoment(text string, zone *time.Location) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().Truncate(time.Microsecond), at.Year() >= 1 && at.Year() < 9999
	}
	first, second, _ := strings.Cut(text, " ")
	day, ok := parseDate(first)
	if !ok {
		return time.Time{}, false
	}
	var minute calendar.Minute
	if second != "" {
		if minute, ok = resources.ParseClock(second); !ok || minute >= calendar.DayMinutes {
			return time.Time{}, false
		}
	}
	resolved := calendar.Resolve(day, minute, zone)
	return resolved.Instant.UTC(), resolved.Exists
}

// writeMoment is what parseMoment reads, as short as it says the same.
func writeMoment(at time.Time, zone *time.Location) string {
	day, minute := calendar.WallOf(at, zone)
	short := day.String()
	if minute != 0 {
		short += " " + minute.String()
	}
	if same, ok := parseMoment(short, zone); ok && same.Equal(at) {
		return short
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// moment is a point in time; empty = none.
func moment(column string, into **time.Time, zone *time.Location) field {
	return field{
		column: column,
		read: func(text string) *fault.Error {
			*into = nil
			if strings.TrimSpace(text) == "" {
				return nil
			}
			at, ok := parseMoment(strings.TrimSpace(text), zone)
			if !ok {
				return invalid("places.moment", fault.Params{"value": shortened(text)})
			}
			*into = &at
			return nil
		},
		write: func() string {
			if *into == nil {
				return ""
			}
			return writeMoment(**into, zone)
		},
	}
}
