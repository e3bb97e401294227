package web

import (
	"reflect"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// yearPreview is twelve months as they would be. Template "hours-year".
type yearPreview struct {
	Title   string
	Sum     string // how many days would change
	Changes []string
	More    string
	Legend  []yearMark
	Months  []ui.MonthGrid
	Days    []yearDay // the same as a table
}

// yearMark is something that a day can be: how it looks, its letter and what it
// means.
type yearMark struct {
	Class  string
	Letter string
	Label  string
}

// yearDay is a day in words.
type yearDay struct {
	Day   string
	Words string
	Note  string
}

// shownChanges is how many changed days are named.
const shownChanges = 12

// The marks of a day, by the names of their classes and words.
var yearMarks = []string{"except", "holiday", "break", "shut", "changed"}

// yearPreview looks at twelve months from the month of a date on, as they are
// and as they would be.
func (v *visit) yearPreview(saved, changed resources.Place, date calendar.Date) *yearPreview {
	first := date.AddDays(1 - date.Day)
	year := &yearPreview{}
	for _, mark := range yearMarks {
		year.Legend = append(year.Legend, yearMark{mark, v.t("year.letter." + mark), v.t("year." + mark)})
	}
	month, differing := first, 0
	for range 12 {
		grid := ui.NewMonthGrid(month.Year, month.Month, func(at time.Time) ui.MonthDay {
			day := calendar.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
			cell, change := v.yearCell(year, saved.Day(day), changed.Day(day), changed.Unit.City)
			if change != "" {
				if differing++; differing <= shownChanges {
					year.Changes = append(year.Changes, change)
				}
			}
			return cell
		})
		grid.Caption = capital(v.say.MonthYear(v.midday(month)))
		for day := calendar.Monday; day <= calendar.Sunday; day++ {
			weekday := time.Weekday(int(day) % 7)
			grid.Weekdays = append(grid.Weekdays, ui.Weekday{Short: v.say.ShortWeekday(weekday), Long: v.say.Weekday(weekday)})
		}
		year.Months = append(year.Months, grid)
		month = nextMonth(month)
	}
	year.Title = v.t("year.title", "from", v.say.MonthYear(v.midday(first)), "to", v.say.MonthYear(v.midday(month.AddDays(-1))))
	year.Sum = v.t("year.changes", "n", differing)
	if rest := differing - shownChanges; rest > 0 {
		year.More = v.t("admin.and_more", "n", rest)
	}
	return year
}

// yearCell is a day of the calendar and, where the day would change, from what
// to what. It adds the day to the table.
func (v *visit) yearCell(year *yearPreview, now, then resources.DayPlan, city string) (cell ui.MonthDay, change string) {
	marks := []string{}
	if then.By == resources.ByOverride {
		marks = append(marks, "except")
	}
	if len(then.Holiday) > 0 {
		marks = append(marks, "holiday")
	}
	if calendar.SchoolTime(city, then.Date) == calendar.SchoolBreak {
		marks = append(marks, "break")
	}
	if shut(then) {
		marks = append(marks, "shut")
	}
	day := v.previewDay(then)
	note := day.Note
	coming := !then.Date.Before(v.today())
	if coming && !reflect.DeepEqual(now.Spans, then.Spans) && v.previewDay(now).Words != day.Words {
		marks = append(marks, "changed")
		change = day.Day + ": " + v.previewDay(now).Words + " → " + day.Words
		note = joinedBy(note, v.t("year.was", "now", v.previewDay(now).Words), ", ")
	}
	letters := ""
	for _, mark := range marks {
		letters += v.t("year.letter." + mark)
		if mark == "break" {
			note = joinedBy(note, v.t("year.break"), ", ")
		}
	}
	year.Days = append(year.Days, yearDay{day.Day, day.Words, note})
	return ui.MonthDay{
		Accessible: joinedBy(day.Day+", "+day.Words, note, ", "), Note: letters, State: ui.DayState(strings.Join(marks, " ")), Today: then.Date == v.today(),
	}, change
}

// shut tells whether nobody gets in on a day.
func shut(plan resources.DayPlan) bool {
	for _, span := range plan.Spans {
		if span.Kind != policies.Closed {
			return false
		}
	}
	return true
}
