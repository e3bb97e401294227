package policies

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
)

// situation is what conditions look at.
type situation struct {
	who       *Who
	form      *Form
	date      calendar.Date   // local, of the begin
	begin     calendar.Minute // on that date
	minutes   int             // nominal
	touchCore bool
}

func situationOf(q *Question, core []calendar.Interval) *situation {
	s := &situation{who: &q.Who, form: &q.Form, minutes: calendar.WallMinutes(q.Asked.Begin, q.Asked.End, q.Zone)}
	s.date, s.begin = calendar.WallOf(q.Asked.Begin, q.Zone)
	s.touchCore = slices.ContainsFunc(core, q.Asked.Overlaps)
	return s
}

func (s *situation) meets(rule *Rule) bool {
	return s.meetsWhen(&rule.When) && s.meetsWho(&rule.Who) && s.meetsWhat(&rule.What)
}

func (s *situation) meetsWhen(when *When) bool {
	if (when.Use == "core" && !s.touchCore) || (when.Use == "civic" && s.touchCore) {
		return false
	}
	if when.Season != nil && !when.Season.holds(s.date) {
		return false
	}
	window := when.window()
	return s.within(window, when.Weekdays, 0) || (window.To > calendar.DayMinutes && s.within(window, when.Weekdays, 1))
}

// window is the time of day that the rule is about; without an end there is
// none, so that a rule for evenings also holds for what lasts past midnight.
func (w *When) window() (window calendar.Span) {
	if w.From != "" {
		window.From, _ = calendar.ParseMinute(w.From)
	}
	if w.To != "" {
		window.To, _ = calendar.ParseMinute(w.To)
	}
	return window
}

// within tells whether the reservation lies in the window of the day that is so
// many days before the one on which it begins.
func (s *situation) within(window calendar.Span, weekdays []int, daysBefore int) bool {
	begin := s.begin + calendar.Minute(daysBefore)*calendar.DayMinutes
	if begin < window.From || (window.To > 0 && begin+calendar.Minute(s.minutes) > window.To) {
		return false
	}
	return len(weekdays) == 0 || slices.Contains(weekdays, int(s.date.AddDays(-daysBefore).Weekday()))
}

// holds tells whether the date lies in the season, both ends included.
func (m *MonthDays) holds(date calendar.Date) bool {
	from, _ := monthDay(m.From)
	to, _ := monthDay(m.To)
	day := int(date.Month)*100 + date.Day
	if from <= to {
		return from <= day && day <= to
	}
	return day >= from || day <= to
}

// monthDay reads "MM-DD" as a number that sorts as the days of a year do; ok
// is false where no year has that day.
func monthDay(text string) (number int, ok bool) {
	const leapYear = 2024
	if len(text) != len("MM-DD") || text[2] != '-' {
		return 0, false
	}
	month, err := strconv.ParseUint(text[:2], 10, 8)
	day, err2 := strconv.ParseUint(text[3:], 10, 8)
	date := calendar.Date{Year: leapYear, Month: time.Month(month), Day: int(day)}
	return int(month)*100 + int(day), err == nil && err2 == nil && date.Valid()
}

func (s *situation) meetsWho(who *WhoIs) bool {
	if len(who.Classes) > 0 && !slices.Contains(who.Classes, s.who.Class) {
		return false
	}
	if who.Under18 != nil && *who.Under18 != s.who.Under18 {
		return false
	}
	return who.Local == nil || (s.who.Local != nil && *who.Local == *s.who.Local)
}

func (s *situation) meetsWhat(what *What) bool {
	if len(what.Purposes) > 0 && !slices.Contains(what.Purposes, s.form.Purpose) {
		return false
	}
	if what.MinutesMin != nil && s.minutes < *what.MinutesMin {
		return false
	}
	if what.persons() && (s.form.Persons == nil || !what.holdsPersons(*s.form.Persons)) {
		return false
	}
	for key, answer := range what.Answers {
		if strings.TrimSpace(s.form.Answers[key]) != answer {
			return false
		}
	}
	return true
}

// persons tells whether the number of persons matters.
func (w *What) persons() bool { return w.PersonsMin != nil || w.PersonsMax != nil }

func (w *What) holdsPersons(persons int) bool {
	return (w.PersonsMin == nil || persons >= *w.PersonsMin) && (w.PersonsMax == nil || persons <= *w.PersonsMax)
}

// reachable tells whether a place for at most so many can meet the condition.
func (w *What) reachable(most *int) bool {
	return w.PersonsMin == nil || most == nil || *w.PersonsMin <= *most
}
