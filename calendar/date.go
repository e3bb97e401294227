package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// Weekday counts as Finnish and Swedish calendars do (ISO 8601): Monday is 1,
// Sunday is 7. Zero is no weekday.
type Weekday int

// The weekdays.
const (
	Monday Weekday = iota + 1
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
	Sunday
)

// Date is a day of the civil calendar, in no particular zone. The zero Date
// means "no date": it is NULL in the database and "" as text.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2024-03-31" and nothing looser; years 1 to 9999. Any other
// text is Invalid, code calendar.date.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1 {
		return Date{}, unreadable("calendar.date", text)
	}
	return dateOf(t), nil
}

// dateOf is the day of a wall clock that is written as if it were UTC.
func dateOf(wall time.Time) Date {
	y, m, d := wall.Date()
	return Date{Year: y, Month: m, Day: d}
}

// midnight is the day's first wall-clock moment, written as if it were UTC.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// IsZero tells whether this is "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Valid tells whether the calendar has such a day (30 February: no).
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && dateOf(d.midnight()) == d
}

// String is the ISO form, "2024-03-31"; "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// AddDays is the date n days later, or earlier where n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.midnight().AddDate(0, 0, n)) }

// DaysUntil is how many days later o is; negative when it is earlier.
func (d Date) DaysUntil(o Date) int {
	const daySeconds = 24 * 60 * 60
	return int((o.midnight().Unix() - d.midnight().Unix()) / daySeconds)
}

// Weekday is the day of the week, Monday = 1.
func (d Date) Weekday() Weekday {
	return Weekday((int(d.midnight().Weekday())+6)%7 + 1)
}

// ISOWeek is the week number with the year that the week belongs to, which
// near New Year is not always the date's own.
func (d Date) ISOWeek() (year, week int) { return d.midnight().ISOWeek() }

// Compare is -1, 0 or +1 as d is before, the same as, or after o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before tells whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After tells whether d is a later day than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// MarshalText is String; JSON strings and keys use it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is ParseDate; empty text is no date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// Scan reads a DATE column; NULL is no date.
func (d *Date) Scan(column any) error {
	switch value := column.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = dateOf(value)
	case string:
		return d.UnmarshalText([]byte(value))
	case []byte:
		return d.UnmarshalText(value)
	default:
		return fmt.Errorf("calendar: a date cannot be read from %T", column)
	}
	return nil
}

// Value writes a DATE column; no date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}
