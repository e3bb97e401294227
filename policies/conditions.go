package policies

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
)

// situation is what conditions look at.
type situation struct {
	q         *Question
	place     *Place
	who       *Who
	form      *Form
	date      calendar.Date // local, of the begin
	weekday   calendar.Weekday
	begin     calendar.Minute // on that date
	minutes   int             // nominal
	core      []calendar.Interval
	touchCore bool
}

func situationOf(q *Question, core []calendar.Interval) *situation {
	s := &situation{
		q: q, place: &q.Place, who: &q.Who, form: &q.Form, core: core,
		minutes: calendar.WallMinutes(q.Asked.Begin, q.Asked.End, q.Zone),
	}
	s.date, s.begin = calendar.WallOf(q.Asked.Begin, q.Zone)
	s.weekday = s.date.Weekday()
	s.touchCore = slices.ContainsFunc(core, q.Asked.Overlaps)
	return s
}

// planned tells whether the whole time lies in some hours.
func (s *situation) planned() bool {
	spans := union(spansOf(s.q.Hours, Reservable), spansOf(s.q.Hours, Open), s.core)
	return len(calendar.Subtract([]calendar.Interval{s.q.Asked}, spans)) == 0
}

// condition is one kind of condition of a rule. value is what a rule says, nil
// where it does not ask; asked is what the situation has, nil = not known; holds
// is true where the rule does not ask.
type condition struct {
	name  string
	value func(*Rule) any
	asked func(*situation) any
	holds func(*situation, *Rule) bool
}

// conditions are all there are: matching, explaining and describing go through
// this one table.
var conditions = []condition{
	{"when.use", func(r *Rule) any { return text(r.When.Use) }, func(s *situation) any { return s.use() }, func(s *situation, r *Rule) bool {
		return r.When.Use == "" || s.meetsUse(r.When.Use)
	}},
	{"when.dates", func(r *Rule) any { return set(r.When.Dates) }, func(s *situation) any { return s.date }, func(s *situation, r *Rule) bool {
		return r.When.Dates == nil || r.When.Dates.holds(s.date)
	}},
	{"when.season", func(r *Rule) any { return set(r.When.Season) }, func(s *situation) any { return s.date }, func(s *situation, r *Rule) bool {
		return r.When.Season == nil || r.When.Season.holds(s.date)
	}},
	{"when.time", func(r *Rule) any { return r.When.weekly() }, func(s *situation) any { return s.q.Asked }, func(s *situation, r *Rule) bool {
		return !r.When.isWeekly() || s.inWindow(&r.When)
	}},
	{"when.holiday", func(r *Rule) any { return set(r.When.Holiday) }, func(s *situation) any { return s.holiday() }, func(s *situation, r *Rule) bool {
		return r.When.Holiday == nil || *r.When.Holiday == s.holiday()
	}},
	{"when.school", func(r *Rule) any { return text(r.When.School) }, func(s *situation) any { return text(s.school()) }, func(s *situation, r *Rule) bool {
		return r.When.School == "" || r.When.School == s.school()
	}},
	{"when.ahead_min", func(r *Rule) any { return set(r.When.AheadMin) }, func(s *situation) any { return s.ahead() }, func(s *situation, r *Rule) bool {
		return r.When.AheadMin == nil || s.ahead() >= *r.When.AheadMin
	}},
	{"when.ahead_max", func(r *Rule) any { return set(r.When.AheadMax) }, func(s *situation) any { return s.ahead() }, func(s *situation, r *Rule) bool {
		return r.When.AheadMax == nil || s.ahead() <= *r.When.AheadMax
	}},
	{"who.classes", func(r *Rule) any { return some(r.Who.Classes) }, func(s *situation) any { return s.who.Class }, func(s *situation, r *Rule) bool {
		return len(r.Who.Classes) == 0 || slices.Contains(r.Who.Classes, s.who.Class)
	}},
	{"who.under_18", func(r *Rule) any { return set(r.Who.Under18) }, func(s *situation) any { return s.who.Under18 }, func(s *situation, r *Rule) bool {
		return r.Who.Under18 == nil || *r.Who.Under18 == s.who.Under18
	}},
	{"who.under_18_share", func(r *Rule) any { return set(r.Who.Under18Share) }, func(s *situation) any { return set(s.who.share()) }, func(s *situation, r *Rule) bool {
		return r.Who.Under18Share == nil || atLeast(s.who.share(), r.Who.Under18Share)
	}},
	{"who.local", func(r *Rule) any { return set(r.Who.Local) }, func(s *situation) any { return set(s.who.Local) }, func(s *situation, r *Rule) bool {
		return r.Who.Local == nil || s.who.Local != nil && *r.Who.Local == *s.who.Local
	}},
	{"who.municipalities", func(r *Rule) any { return some(r.Who.Municipalities) }, func(s *situation) any { return text(s.who.Municipality) }, func(s *situation, r *Rule) bool {
		return len(r.Who.Municipalities) == 0 || containsFold(r.Who.Municipalities, s.who.Municipality)
	}},
	{"who.registered", func(r *Rule) any { return set(r.Who.Registered) }, func(s *situation) any { return s.who.Registered }, func(s *situation, r *Rule) bool {
		return r.Who.Registered == nil || *r.Who.Registered == s.who.Registered
	}},
	{"who.agreements", func(r *Rule) any { return some(r.Who.Agreements) }, func(s *situation) any { return s.who.Agreements }, func(s *situation, r *Rule) bool {
		return len(r.Who.Agreements) == 0 || overlap(r.Who.Agreements, s.who.Agreements)
	}},
	{"who.all_agreements", func(r *Rule) any { return some(r.Who.AllAgreements) }, func(s *situation) any { return s.who.Agreements }, func(s *situation, r *Rule) bool {
		return len(r.Who.AllAgreements) == 0 || !slices.ContainsFunc(r.Who.AllAgreements, func(key string) bool { return !slices.Contains(s.who.Agreements, key) })
	}},
	{"who.age_min", func(r *Rule) any { return set(r.Who.AgeMin) }, func(s *situation) any { return set(s.who.Age) }, func(s *situation, r *Rule) bool {
		return r.Who.AgeMin == nil || s.who.atLeast(*r.Who.AgeMin)
	}},
	{"who.age_max", func(r *Rule) any { return set(r.Who.AgeMax) }, func(s *situation) any { return set(s.who.Age) }, func(s *situation, r *Rule) bool {
		return r.Who.AgeMax == nil || s.who.atMost(*r.Who.AgeMax)
	}},
	{"what.purposes", func(r *Rule) any { return some(r.What.Purposes) }, func(s *situation) any { return text(s.form.Purpose) }, func(s *situation, r *Rule) bool {
		return len(r.What.Purposes) == 0 || slices.Contains(r.What.Purposes, s.form.Purpose)
	}},
	{"what.persons_min", func(r *Rule) any { return set(r.What.PersonsMin) }, func(s *situation) any { return set(s.form.Persons) }, func(s *situation, r *Rule) bool {
		return r.What.PersonsMin == nil || atLeast(s.form.Persons, r.What.PersonsMin)
	}},
	{"what.persons_max", func(r *Rule) any { return set(r.What.PersonsMax) }, func(s *situation) any { return set(s.form.Persons) }, func(s *situation, r *Rule) bool {
		return r.What.PersonsMax == nil || atMost(s.form.Persons, r.What.PersonsMax)
	}},
	{"what.oldest_min", func(r *Rule) any { return set(r.What.OldestMin) }, func(s *situation) any { return set(s.form.OldestAge) }, func(s *situation, r *Rule) bool {
		return r.What.OldestMin == nil || atLeast(s.form.OldestAge, r.What.OldestMin)
	}},
	{"what.oldest_max", func(r *Rule) any { return set(r.What.OldestMax) }, func(s *situation) any { return set(s.form.OldestAge) }, func(s *situation, r *Rule) bool {
		return r.What.OldestMax == nil || atMost(s.form.OldestAge, r.What.OldestMax)
	}},
	{"what.minutes_min", func(r *Rule) any { return set(r.What.MinutesMin) }, func(s *situation) any { return s.minutes }, func(s *situation, r *Rule) bool {
		return r.What.MinutesMin == nil || s.minutes >= *r.What.MinutesMin
	}},
	{"what.minutes_max", func(r *Rule) any { return set(r.What.MinutesMax) }, func(s *situation) any { return s.minutes }, func(s *situation, r *Rule) bool {
		return r.What.MinutesMax == nil || s.minutes <= *r.What.MinutesMax
	}},
	{"what.repeated", func(r *Rule) any { return set(r.What.Repeated) }, func(s *situation) any { return s.q.Series }, func(s *situation, r *Rule) bool {
		return r.What.Repeated == nil || *r.What.Repeated == s.q.Series
	}},
	{"what.answers", func(r *Rule) any { return named(r.What.Answers) }, func(s *situation) any { return named(s.form.Answers) }, func(s *situation, r *Rule) bool {
		return len(r.What.Answers) == 0 || s.form.answers(r.What.Answers)
	}},
	{"what.numbers", func(r *Rule) any { return named(r.What.Numbers) }, func(s *situation) any { return named(s.form.Answers) }, func(s *situation, r *Rule) bool {
		return len(r.What.Numbers) == 0 || s.form.numbers(r.What.Numbers)
	}},
	{"where.types", func(r *Rule) any { return some(r.Where.Types) }, func(s *situation) any { return text(s.place.Type) }, func(s *situation, r *Rule) bool {
		return len(r.Where.Types) == 0 || slices.Contains(r.Where.Types, s.place.Type)
	}},
	{"where.groups", func(r *Rule) any { return some(r.Where.Groups) }, func(s *situation) any { return s.place.Groups }, func(s *situation, r *Rule) bool {
		return len(r.Where.Groups) == 0 || overlap(r.Where.Groups, s.place.Groups)
	}},
	{"where.units", func(r *Rule) any { return some(r.Where.Units) }, func(s *situation) any { return text(s.place.Unit) }, func(s *situation, r *Rule) bool {
		return len(r.Where.Units) == 0 || slices.Contains(r.Where.Units, s.place.Unit)
	}},
	{"where.resources", func(r *Rule) any { return some(r.Where.Resources) }, func(s *situation) any { return text(s.place.Slug) }, func(s *situation, r *Rule) bool {
		return len(r.Where.Resources) == 0 || slices.Contains(r.Where.Resources, s.place.Slug)
	}},
	{"where.area", func(r *Rule) any { return r.Where.area() }, func(s *situation) any { return set(s.place.AreaM2) }, func(s *situation, r *Rule) bool {
		return !r.Where.asksArea() || r.Where.holdsArea(s.place.AreaM2)
	}},
	{"where.part", func(r *Rule) any { return text(r.Where.Part) }, func(s *situation) any { return s.place.partOrWhole() }, func(s *situation, r *Rule) bool {
		return r.Where.Part == "" || r.Where.Part == s.place.partOrWhole()
	}},
}

// The forms in which a condition is there or nil.
func set[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func some[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

func named[T any](m map[string]T) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// meets tells whether all conditions of a rule hold. It goes through the table
// without making values of what rules say.
func (s *situation) meets(rule *Rule) bool {
	for i := range conditions {
		if !conditions[i].holds(s, rule) {
			return false
		}
	}
	return true
}

// aboutPlace are the conditions that only look at the place.
var aboutPlace = slices.DeleteFunc(slices.Clone(conditions), func(c condition) bool { return !strings.HasPrefix(c.name, "where.") })

func atLeast(n, least *int) bool { return n != nil && *n >= *least }

func atMost(n, most *int) bool { return n != nil && *n <= *most }

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

func containsFold(list []string, name string) bool {
	name = strings.TrimSpace(name)
	return name != "" && slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(strings.TrimSpace(other), name) })
}

// use is the class of the time: core, civic or outside.
func (s *situation) use() string {
	switch {
	case s.touchCore:
		return UseCore
	case s.planned():
		return UseCivic
	}
	return UseOutside
}

// The classes of time.
const (
	UseCore    = "core"
	UseCivic   = "civic"
	UseOutside = "outside"
)

// meetsUse: civic is whatever does not touch core use, so that a rule about it
// also speaks of a time that the hours refuse for a reason of their own.
func (s *situation) meetsUse(use string) bool {
	switch use {
	case UseCore:
		return s.touchCore
	case UseCivic:
		return !s.touchCore
	}
	return s.use() == use
}

// ahead is for how many minutes the time is asked beforehand; begun ones do not
// count, so that a week before is a week.
func (s *situation) ahead() int { return int(s.q.Asked.Begin.Sub(s.q.Now) / time.Minute) }

func (s *situation) holiday() bool { return calendar.IsHoliday(s.date) }

func (s *situation) school() string { return calendar.SchoolTime(s.q.City, s.date) }

// weekly is the weekdays and times of day as they were written; nil = any.
func (w *When) weekly() any {
	if !w.isWeekly() {
		return nil
	}
	return Weekly{w.Weekdays, w.From, w.To}
}

func (w *When) isWeekly() bool { return len(w.Weekdays) > 0 || w.From != "" || w.To != "" }

// Weekly is a rule's weekdays and times of day.
type Weekly struct {
	Weekdays []int  `json:"weekdays,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
}

func (s *situation) inWindow(when *When) bool {
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
	const week = 7
	weekday := (int(s.weekday)-daysBefore+week-1)%week + 1
	return len(weekdays) == 0 || slices.Contains(weekdays, weekday)
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
	if len(text) != len("MM-DD") || text[2] != '-' {
		return 0, false
	}
	month, err := strconv.ParseUint(text[:2], 10, 8)
	day, err2 := strconv.ParseUint(text[3:], 10, 8)
	if err != nil || err2 != nil || month < 1 || month > 12 {
		return 0, false
	}
	longest := [...]uint64{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return int(month)*100 + int(day), day >= 1 && day <= longest[month-1]
}

func (d *Dates) holds(date calendar.Date) bool {
	return (d.From == nil || !date.Before(*d.From)) && (d.To == nil || !date.After(*d.To))
}

// share is the percent of under-18s; of an activity for them it is all.
func (w *Who) share() *int {
	if w.Under18 && w.Under18Share == nil {
		return new(100)
	}
	return w.Under18Share
}

// atLeast and atMost tell what is known of a person's age: perhaps only whether
// it is an adult.
func (w *Who) atLeast(years int) bool {
	if w.Age != nil {
		return *w.Age >= years
	}
	return w.Adult != nil && *w.Adult && years <= adultAge
}

func (w *Who) atMost(years int) bool {
	if w.Age != nil {
		return *w.Age <= years
	}
	return w.Adult != nil && !*w.Adult && years >= adultAge-1
}

// answers tells whether each of the answers is one of those asked for. Of a
// choice of several one is enough.
func (f *Form) answers(asked map[string]Values) bool {
	for key, values := range asked {
		given := strings.Split(f.Answers[key], ",")
		for i := range given {
			given[i] = strings.TrimSpace(given[i])
		}
		if !overlap(values, given) {
			return false
		}
	}
	return true
}

// numbers tells whether each of the answers is a number within its range.
func (f *Form) numbers(asked map[string]Range) bool {
	for key, bounds := range asked {
		n, err := strconv.Atoi(strings.TrimSpace(f.Answers[key]))
		if err != nil || bounds.Min != nil && n < *bounds.Min || bounds.Max != nil && n > *bounds.Max {
			return false
		}
	}
	return true
}

// persons tells whether the number of persons matters.
func (w *What) persons() bool { return w.PersonsMin != nil || w.PersonsMax != nil }

// reachable tells whether a place for at most so many can meet the condition.
func (w *What) reachable(most *int) bool {
	return w.PersonsMin == nil || most == nil || *w.PersonsMin <= *most
}

// keys are the answers that the condition is about, sorted.
func (w *What) keys() []string {
	keys := slices.Collect(maps.Keys(w.Answers))
	for key := range w.Numbers {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// area is the bounds as they were written; nil = any.
func (w *Where) area() any {
	if !w.asksArea() {
		return nil
	}
	return Where{AreaMin: w.AreaMin, AreaOver: w.AreaOver, AreaMax: w.AreaMax, AreaUnder: w.AreaUnder}
}

func (w *Where) asksArea() bool {
	return w.AreaMin != nil || w.AreaOver != nil || w.AreaMax != nil || w.AreaUnder != nil
}

func (w *Where) holdsArea(area *float64) bool {
	return area != nil && (w.AreaMin == nil || *area >= *w.AreaMin) && (w.AreaOver == nil || *area > *w.AreaOver) &&
		(w.AreaMax == nil || *area <= *w.AreaMax) && (w.AreaUnder == nil || *area < *w.AreaUnder)
}

// The values of Where.Part.
const (
	PartWhole = "whole"
	PartOf    = "part"
)

func (p *Place) partOrWhole() string {
	if p.IsPart {
		return PartOf
	}
	return PartWhole
}
