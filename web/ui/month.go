package ui

import "time"

// MonthGrid is a month as a table, Monday first, with week numbers. Template
// "month-grid". Each day is a link, so it works as a page and in a dialog.
type MonthGrid struct {
	ID       string
	Caption  string // "marraskuu 2026"
	PrevHref string
	NextHref string
	Weekdays []Weekday // seven, Monday first
	Weeks    []MonthWeek
}

// Weekday is a column head.
type Weekday struct {
	Short string // "ma"
	Long  string // "maanantai"
}

// MonthWeek is a row with its ISO 8601 week number.
type MonthWeek struct {
	Number int
	Days   []MonthDay // seven
}

// MonthDay is a cell. Days of the neighbouring months are blank.
type MonthDay struct {
	Day        int
	Href       string // empty when the day cannot be chosen
	Accessible string // "ke 25.11., 4 vapaata aikaa"
	Note       string // "4", "täynnä", "itsenäisyyspäivä"
	State      DayState
	Today      bool
	Selected   bool
	Holiday    bool
	Blank      bool
}

// NewMonthGrid lays out a month. fill is asked once for each of its days (UTC
// midnight, only the date counts); captions and links are the caller's.
func NewMonthGrid(year int, month time.Month, fill func(day time.Time) MonthDay) MonthGrid {
	var grid MonthGrid
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	for monday.Before(first.AddDate(0, 1, 0)) {
		_, number := monday.ISOWeek()
		week := MonthWeek{Number: number}
		for i := range 7 {
			week.Days = append(week.Days, cell(monday.AddDate(0, 0, i), month, fill))
		}
		grid.Weeks = append(grid.Weeks, week)
		monday = monday.AddDate(0, 0, 7)
	}
	return grid
}

func cell(day time.Time, month time.Month, fill func(time.Time) MonthDay) MonthDay {
	if day.Month() != month {
		return MonthDay{Blank: true}
	}
	d := fill(day)
	d.Day = day.Day()
	return d
}
