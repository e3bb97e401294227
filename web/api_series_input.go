package web

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
)

// wallTime is a time as the clock on the wall shows it.
type wallTime struct {
	date calendar.Date
	at   calendar.Minute
	text string
}

// wallTimeOf reads "2026-09-01T18:00:00", seconds optional, of a field.
func wallTimeOf(field, text string) (wallTime, error) {
	day, clock, found := strings.Cut(text, "T")
	date, err := calendar.ParseDate(day)
	at, clockErr := calendar.ParseMinute(strings.TrimSuffix(clock, ":00"))
	if len(clock) == len("HH:MM") { // 18:00 ends like its seconds
		at, clockErr = calendar.ParseMinute(clock)
	}
	if !found || err != nil || clockErr != nil || at >= calendar.DayMinutes {
		return wallTime{}, fault.InvalidField(field, "series.wall_time", fault.Params{"value": text})
	}
	return wallTime{date, at, text}, nil
}

// until is the first date and the hours of a series from one time to another.
// Midnight as the end of its own day is the next one.
func (w wallTime) until(end wallTime) (calendar.Date, calendar.Span, error) {
	days := w.date.DaysUntil(end.date)
	span := calendar.Span{From: w.at, To: end.at + calendar.Minute(max(-1, min(days, 2)))*calendar.DayMinutes}
	if days == 0 && end.at == 0 {
		span.To = calendar.DayMinutes
	}
	if span.To > calendar.MaxMinute {
		return w.date, span, fault.InvalidField("end", "series.too_long", fault.Params{"end": end.text})
	}
	return w.date, span, nil
}

// dates reads local days. One with a clock time must have the series' own.
func (w wallTime) dates(field string, texts []string) ([]calendar.Date, error) {
	var list []calendar.Date
	for _, text := range texts {
		if !strings.Contains(text, "T") {
			date, err := calendar.ParseDate(text)
			if err != nil {
				return nil, fault.InvalidField(field, "calendar.date", fault.Params{"value": text})
			}
			list = append(list, date)
			continue
		}
		at, err := wallTimeOf(field, text)
		if err != nil {
			return nil, err
		}
		if at.at != w.at {
			return nil, fault.InvalidField(field, "series.other_time", fault.Params{"value": text, "begin": w.at.String()})
		}
		list = append(list, at.date)
	}
	return list, nil
}

// fixInput is what was chosen for one date.
type fixInput struct {
	Date calendar.Date `json:"date" doc:"Local day of the series."`
	Do   string        `json:"do" enum:"skip,keep,wait,instead" doc:"Leave it out, keep a record of it if it cannot be made, get in line for it, or take another time or room."`
	Elsewhere
}

// Elsewhere is another time or room for one date.
type Elsewhere struct {
	Resource uuid.UUID `json:"resource,omitempty" format:"uuid" doc:"Another room; the series' own by default."`
	Begin    time.Time `json:"begin,omitempty" doc:"With offset; with end."`
	End      time.Time `json:"end,omitempty"`
}

func fixesOf(inputs []fixInput) []booking.Fix {
	var fixes []booking.Fix
	for _, in := range inputs {
		fixes = append(fixes, booking.Fix{
			Date: in.Date, Do: booking.FixKind(in.Do), Resource: in.Resource, Times: booking.Times{Begin: in.Begin, End: in.End},
		})
	}
	return fixes
}
