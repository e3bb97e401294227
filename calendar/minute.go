package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Minute is a wall-clock time counted in minutes from a day's midnight: 0 is
// 00:00, 1440 is 24:00. Times of the following night go on counting, up to
// 48:00, so that a span past midnight belongs to the day it began on.
type Minute int

// DayMinutes is 24:00, the end of a day on the wall clock, and MaxMinute the
// latest time that can be written.
const (
	DayMinutes Minute = 24 * 60
	MaxMinute  Minute = 48 * 60
)

// ParseMinute reads "HH:MM" from "00:00" to "48:00". Any other text is Invalid,
// code calendar.minute.
func ParseMinute(text string) (Minute, error) {
	if len(text) != len("HH:MM") || text[2] != ':' {
		return 0, unreadable("calendar.minute", text)
	}
	hours, ok := twoDigits(text[:2])
	minutes, ok2 := twoDigits(text[3:])
	m := Minute(hours*60 + minutes)
	if !ok || !ok2 || minutes > 59 || m > MaxMinute {
		return 0, unreadable("calendar.minute", text)
	}
	return m, nil
}

func twoDigits(text string) (int, bool) {
	tens, ones := text[0]-'0', text[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// Valid tells whether the minute is within 00:00 to 48:00.
func (m Minute) Valid() bool { return m >= 0 && m <= MaxMinute }

// String is "HH:MM"; past midnight the hours go on: "26:00".
func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// MarshalText is String.
func (m Minute) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText is ParseMinute.
func (m *Minute) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMinute(string(text))
	return err
}

// Value writes an integer column.
func (m Minute) Value() (driver.Value, error) { return int64(m), nil }

// Span is a stretch of a day on the wall clock, From included and To not:
// "18:00–26:00" is six in the evening to two at night.
type Span struct {
	From Minute `json:"from"`
	To   Minute `json:"to"`
}

// Valid tells whether the span begins on its own day and ends after it began.
func (s Span) Valid() bool {
	return s.From >= 0 && s.From < DayMinutes && s.From < s.To && s.To <= MaxMinute
}

// Minutes is the span's nominal length.
func (s Span) Minutes() int { return int(s.To - s.From) }

// On is the real time of the span on a date. A border that the spring night
// skips lies at the first instant that exists after it, so "00:00–06:00" lasts
// five hours that night, seven on the autumn night, and a span wholly inside
// the skipped hour is empty. A border in the doubled hour is its first pass.
// Two spans that touch on the clock therefore always touch in time.
func (s Span) On(date Date, loc *time.Location) Interval {
	return Interval{Begin: FirstFrom(date, s.From, loc), End: FirstFrom(date, s.To, loc)}
}
