package hours

import (
	"cmp"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

const (
	lessonSource  = "ical"
	lessonOrigin  = lessonSource + ":lessons"
	maxLessonDays = 20000      // dates of all lessons
	maxRuleDays   = 10_000_000 // days that the rules of all lessons go through, from the first of each
)

// Window is the days of which lessons are read, both included, at most
// calendar.MaxDates of them, and the zone that the days are of.
type Window struct {
	From, To calendar.Date
	Zone     *time.Location
}

// LessonWindow is a year from today.
func LessonWindow(today calendar.Date, zone *time.Location) Window {
	return Window{From: today, To: today.AddDays(365), Zone: zone}
}

// ParseLessons reads a calendar file of lessons as core use that is laid over
// the hours. All of the window that lies in a date of an event is core, but for
// dates that are cancelled, moved or make nobody busy. What comes in the same
// way every week or every n-th week is one period, the rest periods of one day.
// Their origin is "ical:lessons".
func ParseLessons(data []byte, w Window) ([]resources.Period, error) {
	events, err := calendar.ReadFeed(data, w.Zone)
	if err != nil {
		return nil, err
	}
	moved := map[date]bool{}
	for _, e := range events {
		if !e.Replaces.IsZero() {
			moved[date{e.UID, e.Replaces.Unix()}] = true
		}
	}
	byLesson := map[lesson][]calendar.Date{}
	dates, days := 0, 0
	for _, e := range events {
		if e.Cancelled || e.Transparent {
			continue
		}
		if len(e.Dates.Rules) > 0 {
			days += max(0, calendar.DateOf(e.Dates.Start, time.UTC).DaysUntil(w.To)) * len(e.Dates.Rules)
		}
		if days > maxRuleDays {
			return nil, tooManyLessons()
		}
		begins, err := e.Begins(w.From.AddDays(-2-int(e.Length.Hours()/24)), w.To.AddDays(1))
		if err != nil {
			return nil, fault.InvalidField(e.Summary, "hours_file.event_rule", fault.Params{"path": e.Summary, "value": ""})
		}
		for _, begin := range begins {
			if dates++; dates > maxLessonDays {
				return nil, tooManyLessons()
			}
			if !e.Replaces.IsZero() || !moved[date{e.UID, begin.Unix()}] {
				w.add(byLesson, e.Summary, calendar.Interval{Begin: begin, End: e.End(begin)})
			}
		}
	}
	return periodsOf(rowsOf(byLesson)), nil
}

func tooManyLessons() error {
	return fault.InvalidField("file", "hours_file.too_many_events", fault.Params{"max": maxLessonDays})
}

// date is one date of an event: its UID and the instant it begins at.
type date struct {
	uid string
	at  int64
}

// lesson is what comes again: on a weekday, at a time.
type lesson struct {
	summary  string
	weekday  calendar.Weekday
	from, to calendar.Minute
}

// add puts a date down by the days of the window's zone. A night is of the day
// on which it begins; what is longer than a day is cut at midnights. Where the
// clocks go back, all of the doubled hour counts that the clock cannot tell apart.
func (w Window) add(byLesson map[lesson][]calendar.Date, summary string, at calendar.Interval) {
	if !at.Begin.Before(at.End) {
		return
	}
	day, from := calendar.WallOf(at.Begin, w.Zone)
	last, to := calendar.WallOf(at.End.Add(time.Minute-time.Nanosecond), w.Zone) // a minute begun counts
	for calendar.FirstFrom(last, to, w.Zone).Before(at.End) {
		to++ // an end in the second pass of the doubled hour, which the clock cannot tell from the first
	}
	to += calendar.Minute(day.DaysUntil(last)) * calendar.DayMinutes
	for ; to > from; day = day.AddDays(1) {
		end := to
		if to-from > calendar.DayMinutes {
			end = calendar.DayMinutes
		}
		if !day.Before(w.From) && !day.After(w.To) {
			key := lesson{summary, day.Weekday(), from, end}
			byLesson[key] = append(byLesson[key], day)
		}
		from, to = 0, to-calendar.DayMinutes
		if end > calendar.DayMinutes {
			return
		}
	}
}

// row is a lesson that comes from a first to a last day every so many weeks.
type row struct {
	lesson
	first, last calendar.Date
	weeks       int // 0 = once
	weekdays    []int
}

// rowsOf finds what comes in even steps: two dates a week apart, or three that
// are further from each other, make a row.
func rowsOf(byLesson map[lesson][]calendar.Date) (rows []row) {
	for key, days := range byLesson {
		slices.SortFunc(days, calendar.Date.Compare)
		days = slices.Compact(days)
		for len(days) > 0 {
			n, weeks := 1, 0
			if len(days) > 1 {
				weeks = days[0].DaysUntil(days[1]) / 7
				for n < len(days) && days[n-1].DaysUntil(days[n]) == weeks*7 {
					n++
				}
			}
			if n < 2 || n == 2 && weeks > 1 {
				n, weeks = 1, 0
			}
			rows = append(rows, row{key, days[0], days[n-1], weeks, []int{int(key.weekday)}})
			days = days[n:]
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.summary, b.summary), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.weeks, b.weeks),
			a.first.Compare(b.first), a.last.Compare(b.last))
	})
	return rows
}

// together tells whether two rows are one on several weekdays: they begin in one
// week and end in one.
func (r row) together(o row) bool {
	same := r.lesson
	same.weekday = o.weekday
	return same == o.lesson && r.weeks == o.weeks && week(r.first) == week(o.first) && week(r.last) == week(o.last)
}

// week is the Monday of a day.
func week(day calendar.Date) calendar.Date {
	return day.AddDays(int(calendar.Monday - day.Weekday()))
}

func periodsOf(rows []row) (periods []resources.Period) {
	var joined []row
	for _, r := range rows {
		if n := len(joined) - 1; n >= 0 && joined[n].together(r) {
			joined[n].weekdays = append(joined[n].weekdays, r.weekdays...)
			if r.last.After(joined[n].last) {
				joined[n].last = r.last
			}
			continue
		}
		joined = append(joined, r)
	}
	for _, r := range joined {
		periods = append(periods, r.period())
	}
	slices.SortStableFunc(periods, func(a, b resources.Period) int { return a.ValidFrom.Compare(*b.ValidFrom) })
	return periods
}

func (r row) period() resources.Period {
	span := resources.WeekSpan{Weekdays: r.weekdays, From: r.from, To: r.to, Kind: policies.Core}
	slices.Sort(span.Weekdays)
	if r.weeks > 1 {
		span.Only = []resources.Turn{{Context: resources.InPeriod, Subject: resources.CountWeeks, Start: 1, Every: r.weeks}}
	}
	return resources.Period{
		Name: locales.Texts{Fi: r.summary}, ValidFrom: &r.first, ValidTo: &r.last, Overlay: true, Origin: lessonOrigin,
		Spans: db.JSON[[]resources.WeekSpan]{V: []resources.WeekSpan{span}},
	}
}
