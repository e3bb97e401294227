package locales

import (
	"fmt"
	"strconv"
	"time"
)

// Date is "ma 23.11.2026", "mån 23.11.2026", "Mon 23 Nov 2026".
func (p Printer) Date(t time.Time) string {
	t = p.in(t)
	return p.ShortWeekday(t.Weekday()) + " " + p.DayMonthYear(t)
}

// DayMonthYear is "23.11.2026" or "23 Nov 2026".
func (p Printer) DayMonthYear(t time.Time) string {
	t = p.in(t)
	if p.lang() == "en" {
		return fmt.Sprintf("%d %s %d", t.Day(), p.ShortMonth(t.Month()), t.Year())
	}
	return fmt.Sprintf("%d.%d.%d", t.Day(), t.Month(), t.Year())
}

// LongDate is "maanantai 23.11.2026", "måndag 23.11.2026",
// "Monday 23 November 2026".
func (p Printer) LongDate(t time.Time) string {
	t = p.in(t)
	if p.lang() == "en" {
		return fmt.Sprintf("%s %d %s %d", p.Weekday(t.Weekday()), t.Day(), p.Month(t.Month()), t.Year())
	}
	return p.Weekday(t.Weekday()) + " " + p.DayMonthYear(t)
}

// DayMonth is "23.11.", "23.11", "23 Nov".
func (p Printer) DayMonth(t time.Time) string {
	t = p.in(t)
	switch p.lang() {
	case "fi":
		return fmt.Sprintf("%d.%d.", t.Day(), t.Month())
	case "sv":
		return fmt.Sprintf("%d.%d", t.Day(), t.Month())
	}
	return fmt.Sprintf("%d %s", t.Day(), p.ShortMonth(t.Month()))
}

// ShortDate is "ma 23.11.", without the year.
func (p Printer) ShortDate(t time.Time) string {
	t = p.in(t)
	return p.ShortWeekday(t.Weekday()) + " " + p.DayMonth(t)
}

// MonthYear is "marraskuu 2026".
func (p Printer) MonthYear(t time.Time) string {
	t = p.in(t)
	return p.Month(t.Month()) + " " + strconv.Itoa(t.Year())
}

// Week is "vk 48", "v. 48", "wk 48"; weeks are counted by ISO 8601.
func (p Printer) Week(t time.Time) string {
	_, week := p.in(t).ISOWeek()
	return p.names().week + strconv.Itoa(week)
}

// WeekLong is "viikko 48", "vecka 48", "week 48".
func (p Printer) WeekLong(t time.Time) string {
	_, week := p.in(t).ISOWeek()
	return p.names().weekLong + strconv.Itoa(week)
}

// Relative is "tänään", "huomenna", or else the date; the year is left out
// while it is the present one.
func (p Printer) Relative(t, now time.Time) string {
	t, now = p.in(t), p.in(now)
	switch daysBetween(now, t) {
	case 0:
		return p.names().today
	case 1:
		return p.names().tomorrow
	}
	if t.Year() == now.Year() {
		return p.ShortDate(t)
	}
	return p.Date(t)
}

func daysBetween(from, to time.Time) int {
	return int(dateOf(to).Sub(dateOf(from)).Hours() / 24)
}

func dateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
