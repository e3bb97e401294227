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
	date      calendar.Date   // local, of the begin
	begin     calendar.Minute // on that date
	minutes   int             // nominal
	touchCore bool
	planned   func() bool // the whole time lies in some hours
}

func situationOf(q *Question, core []calendar.Interval) *situation {
	s := &situation{
		q: q, place: &q.Place, who: &q.Who, form: &q.Form,
		minutes: calendar.WallMinutes(q.Asked.Begin, q.Asked.End, q.Zone),
	}
	s.date, s.begin = calendar.WallOf(q.Asked.Begin, q.Zone)
	s.touchCore = slices.ContainsFunc(core, q.Asked.Overlaps)
	s.planned = func() bool {
		spans := union(spansOf(q.Hours, Reservable), spansOf(q.Hours, Open), core)
		rest := calendar.Subtract([]calendar.Interval{q.Asked}, spans)
		return len(rest) == 0
	}
	return s
}

// condition is one kind of condition of a rule. value is what a rule says, nil
// where it does not ask; holds is asked only where it does; asked is what the
// situation has, nil = not known.
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
		return s.meetsUse(r.When.Use)
	}},
	{"when.dates", func(r *Rule) any { return set(r.When.Dates) }, func(s *situation) any { return s.date }, func(s *situation, r *Rule) bool {
		return r.When.Dates.holds(s.date)
	}},
	{"when.season", func(r *Rule) any { return set(r.When.Season) }, func(s *situation) any { return s.date }, func(s *situation, r *Rule) bool {
		return r.When.Season.holds(s.date)
	}},
	{"when.time", func(r *Rule) any { return r.When.weekly() }, func(s *situation) any { return s.q.Asked }, func(s *situation, r *Rule) bool {
		return s.inWindow(&r.When)
	}},
	{"when.holiday", func(r *Rule) any { return set(r.When.Holiday) }, func(s *situation) any { return s.holiday() }, func(s *situation, r *Rule) bool {
		return *r.When.Holiday == s.holiday()
	}},
	{"when.school", func(r *Rule) any { return text(r.When.School) }, func(s *situation) any { return text(s.school()) }, func(s *situation, r *Rule) bool {
		return r.When.School == s.school()
	}},
	{"when.ahead_min", func(r *Rule) any { return set(r.When.AheadMin) }, func(s *situation) any { return s.ahead() }, func(s *situation, r *Rule) bool {
		return s.ahead() >= *r.When.AheadMin
	}},
	{"when.ahead_max", func(r *Rule) any { return set(r.When.AheadMax) }, func(s *situation) any { return s.ahead() }, func(s *situation, r *Rule) bool {
		return s.ahead() <= *r.When.AheadMax
	}},
	{"who.classes", func(r *Rule) any { return some(r.Who.Classes) }, func(s *situation) any { return s.who.Class }, func(s *situation, r *Rule) bool {
		return slices.Contains(r.Who.Classes, s.who.Class)
	}},
	{"who.under_18", func(r *Rule) any { return set(r.Who.Under18) }, func(s *situation) any { return s.who.Under18 }, func(s *situation, r *Rule) bool {
		return *r.Who.Under18 == s.who.Under18
	}},
	{"who.under_18_share", func(r *Rule) any { return set(r.Who.Under18Share) }, func(s *situation) any { return set(s.who.share()) }, func(s *situation, r *Rule) bool {
		return atLeast(s.who.share(), r.Who.Under18Share)
	}},
	{"who.local", func(r *Rule) any { return set(r.Who.Local) }, func(s *situation) any { return set(s.who.Local) }, func(s *situation, r *Rule) bool {
		return s.who.Local != nil && *r.Who.Local == *s.who.Local
	}},
	{"who.municipalities", func(r *Rule) any { return some(r.Who.Municipalities) }, func(s *situation) any { return text(s.who.Municipality) }, func(s *situation, r *Rule) bool {
		return containsFold(r.Who.Municipalities, s.who.Municipality)
	}},
	{"who.registered", func(r *Rule) any { return set(r.Who.Registered) }, func(s *situation) any { return s.who.Registered }, func(s *situation, r *Rule) bool {
		return *r.Who.Registered == s.who.Registered
	}},
	{"who.agreements", func(r *Rule) any { return some(r.Who.Agreements) }, func(s *situation) any { return s.who.Agreements }, func(s *situation, r *Rule) bool {
		return overlap(r.Who.Agreements, s.who.Agreements)
	}},
	{"who.all_agreements", func(r *Rule) any { return some(r.Who.AllAgreements) }, func(s *situation) any { return s.who.Agreements }, func(s *situation, r *Rule) bool {
		return !slices.ContainsFunc(r.Who.AllAgreements, func(key string) bool { return !slices.Contains(s.who.Agreements, key) })
	}},
	{"who.age_min", func(r *Rule) any { return set(r.Who.AgeMin) }, func(s *situation) any { return set(s.who.Age) }, func(s *situation, r *Rule) bool {
		return s.who.atLeast(*r.Who.AgeMin)
	}},
	{"who.age_max", func(r *Rule) any { return set(r.Who.AgeMax) }, func(s *situation) any { return set(s.who.Age) }, func(s *situation, r *Rule) bool {
		return s.who.atMost(*r.Who.AgeMax)
	}},
	{"what.purposes", func(r *Rule) any { return some(r.What.Purposes) }, func(s *situation) any { return text(s.form.Purpose) }, func(s *situation, r *Rule) bool {
		return slices.Contains(r.What.Purposes, s.form.Purpose)
	}},
	{"what.persons_min", func(r *Rule) any { return set(r.What.PersonsMin) }, func(s *situation) any { return set(s.form.Persons) }, func(s *situation, r *Rule) bool {
		return atLeast(s.form.Persons, r.What.PersonsMin)
	}},
	{"what.persons_max", func(r *Rule) any { return set(r.What.PersonsMax) }, func(s *situation) any { return set(s.form.Persons) }, func(s *situation, r *Rule) bool {
		return atMost(s.form.Persons, r.What.PersonsMax)
	}},
	{"what.oldest_min", func(r *Rule) any { return set(r.What.OldestMin) }, func(s *situation) any { return set(s.form.OldestAge) }, func(s *situation, r *Rule) bool {
		return atLeast(s.form.OldestAge, r.What.OldestMin)
	}},
	{"what.oldest_max", func(r *Rule) any { return set(r.What.OldestMax) }, func(s *situation) any { return set(s.form.OldestAge) }, func(s *situation, r *Rule) bool {
		return atMost(s.form.OldestAge, r.What.OldestMax)
	}},
	{"what.minutes_min", func(r *Rule) any { return set(r.What.MinutesMin) }, func(s *situation) any { return s.minutes }, func(s *situation, r *Rule) bool {
		return s.minutes >= *r.What.MinutesMin
	}},
	{"what.minutes_max", func(r *Rule) any { return set(r.What.MinutesMax) }, func(s *situation) any { return s.minutes }, func(s *situation, r *Rule) bool {
		return s.minutes <= *r.What.MinutesMax
	}},
	{"what.repeated", func(r *Rule) any { return set(r.What.Repeated) }, func(s *situation) any { return s.q.Series }, func(s *situation, r *Rule) bool {
		return *r.What.Repeated == s.q.Series
	}},
	{"what.answers", func(r *Rule) any { return named(r.What.Answers) }, func(s *situation) any { return named(s.form.Answers) }, func(s *situation, r *Rule) bool {
		return s.form.answers(r.What.Answers)
	}},
	{"what.numbers", func(r *Rule) any { return named(r.What.Numbers) }, func(s *situation) any { return named(s.form.Answers) }, func(s *situation, r *Rule) bool {
		return s.form.numbers(r.What.Numbers)
	}},
	{"where.types", func(r *Rule) any { return some(r.Where.Types) }, func(s *situation) any { return text(s.place.Type) }, func(s *situation, r *Rule) bool {
		return slices.Contains(r.Where.Types, s.place.Type)
	}},
	{"where.groups", func(r *Rule) any { return some(r.Where.Groups) }, func(s *situation) any { return s.place.Groups }, func(s *situation, r *Rule) bool {
		return overlap(r.Where.Groups, s.place.Groups)
	}},
	{"where.units", func(r *Rule) any { return some(r.Where.Units) }, func(s *situation) any { return text(s.place.Unit) }, func(s *situation, r *Rule) bool {
		return slices.Contains(r.Where.Units, s.place.Unit)
	}},
	{"where.resources", func(r *Rule) any { return some(r.Where.Resources) }, func(s *situation) any { return text(s.place.Slug) }, func(s *situation, r *Rule) bool {
		return slices.Contains(r.Where.Resources, s.place.Slug)
	}},
	{"where.area", func(r *Rule) any { return r.Where.area() }, func(s *situation) any { return set(s.place.AreaM2) }, func(s *situation, r *Rule) bool {
		return r.Where.holdsArea(s.place.AreaM2)
	}},
	{"where.part", func(r *Rule) any { return text(r.Where.Part) }, func(s *situation) any { return s.place.partOrWhole() }, func(s *situation, r *Rule) bool {
		return r.Where.Part == s.place.partOrWhole()
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
		if rule.asks(i) && !conditions[i].holds(s, rule) {
			return false
		}
	}
	return true
}

// asks tells whether a rule has the i-th condition.
func (r *Rule) asks(i int) bool { return conditions[i].value(r) != nil }

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

func (s *situation) holiday() bool { return len(calendar.HolidaysOn(s.date)) > 0 }

func (s *situation) school() string { return calendar.SchoolTime(s.q.City, s.date) }

// weekly is the weekdays and times of day as they were written; nil = any.
func (w *When) weekly() any {
	if len(w.Weekdays) == 0 && w.From == "" && w.To == "" {
		return nil
	}
	return Weekly{w.Weekdays, w.From, w.To}
}

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
	if w.AreaMin == nil && w.AreaOver == nil && w.AreaMax == nil && w.AreaUnder == nil {
		return nil
	}
	return Where{AreaMin: w.AreaMin, AreaOver: w.AreaOver, AreaMax: w.AreaMax, AreaUnder: w.AreaUnder}
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
