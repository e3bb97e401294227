package policies

import (
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

// Quota bounds how much somebody may have over a set of resources in a window of
// time: Minutes (elapsed) or Times (reservations). Requests count, closures and
// what was given up do not. An association's quota is shared by its members.
type Quota struct {
	Key     string     `json:"key"`
	Name    Note       `json:"name,omitzero"`
	Minutes *int       `json:"minutes,omitempty"`
	Times   *int       `json:"times,omitempty"`
	Per     string     `json:"per,omitempty"` // holder (default) or person: whoever books
	In      string     `json:"in"`            // day, school_day, week, month, season or open
	Season  *MonthDays `json:"season,omitempty"`
	Over    Over       `json:"over,omitzero"`
}

// Over is a set of resources: those in one of the groups, units or with one of
// the slugs, or, with Book, all that follow the same rule book. None of them is
// the resource alone.
type Over struct {
	Groups    []string `json:"groups,omitempty"`
	Units     []string `json:"units,omitempty"`     // slugs
	Resources []string `json:"resources,omitempty"` // slugs
	Book      bool     `json:"book,omitempty"`
}

// The values of Quota.Per and Quota.In. Open counts what is not over yet,
// however far ahead.
const (
	PerHolder   = "holder"
	PerPerson   = "person"
	InDay       = "day"
	InSchoolDay = "school_day" // the day, where schools have lessons; on others the quota does not bind
	InWeek      = "week"       // Monday to Sunday
	InMonth     = "month"
	InSeason    = "season"
	InOpen      = "open"
)

// Holds tells whether a resource belongs to the set of a quota that was met at
// another; book is the key that both follow or not.
func (o Over) Holds(slug, unit string, groups []string, sameBook bool) bool {
	return slices.Contains(o.Resources, slug) || slices.Contains(o.Units, unit) || overlap(o.Groups, groups) || o.Book && sameBook
}

// alone tells whether the quota is about the one resource.
func (o Over) alone() bool { return len(o.Groups)+len(o.Units)+len(o.Resources) == 0 && !o.Book }

// Bound is a quota that binds a question, with the window in which is counted;
// Window is empty for In open: all that ends after now counts.
type Bound struct {
	Quota
	Alone  bool // over the one resource
	Window calendar.Interval
}

// Used is what was counted for a quota, without what is asked for. Of a move the
// old time is left out.
type Used struct {
	Key     string `json:"key"`
	Minutes int    `json:"minutes,omitempty"` // elapsed
	Times   int    `json:"times,omitempty"`
}

// Quotas are the quotas that bind a question: whoever decides has to count for
// each and give it as Who.Used.
func Quotas(q Question) []Bound { return inquire(q).quotas() }

func (in *inquiry) quotas() []Bound {
	var list []Bound
	for _, quota := range in.matched.Effects.Quotas {
		if window, binds := quota.window(in); binds {
			list = append(list, Bound{Quota: quota, Alone: quota.Over.alone(), Window: window})
		}
	}
	return list
}

// window is the stretch around the asked time in which is counted. What lasts
// over the end of a window counts in that in which it begins.
func (q Quota) window(in *inquiry) (window calendar.Interval, binds bool) {
	date := calendar.DateOf(in.Asked.Begin, in.Zone)
	from, to := date, date
	switch q.In {
	case InOpen:
		return window, true
	case InSchoolDay:
		if !calendar.IsSchoolDay(in.City, date) {
			return window, false
		}
	case InWeek:
		from = date.AddDays(1 - int(date.Weekday()))
		to = from.AddDays(6)
	case InMonth:
		from = date.AddDays(1 - date.Day)
		to = calendar.Date{Year: from.Year, Month: from.Month + 1, Day: 1}
		if from.Month == time.December {
			to = calendar.Date{Year: from.Year + 1, Month: time.January, Day: 1}
		}
		to = to.AddDays(-1)
	case InSeason:
		if q.Season == nil || !q.Season.holds(date) {
			return window, false
		}
		from, to = q.Season.around(date)
	}
	return calendar.Interval{Begin: calendar.DayBounds(from, in.Zone).Begin, End: calendar.DayBounds(to, in.Zone).End}, true
}

// around is the season that holds a date.
func (m *MonthDays) around(date calendar.Date) (from, to calendar.Date) {
	first, _ := monthDay(m.From)
	last, _ := monthDay(m.To)
	from, to = dayOfYear(date.Year, first), dayOfYear(date.Year, last)
	switch {
	case first <= last:
	case date.Before(from):
		from = dayOfYear(date.Year-1, first)
	default:
		to = dayOfYear(date.Year+1, last)
	}
	return from, to
}

// dayOfYear is a month-day in a year; 29 February of other years is the 28th.
func dayOfYear(year, monthDay int) calendar.Date {
	date := calendar.Date{Year: year, Month: time.Month(monthDay / 100), Day: monthDay % 100}
	if !date.Valid() {
		date.Day--
	}
	return date
}

// used is what was counted for a quota.
func (w *Who) used(key string) Used {
	for _, used := range w.Used {
		if used.Key == key {
			return used
		}
	}
	return Used{Key: key}
}

// checkQuotas counts the reservation that is asked for in.
func checkQuotas(q *inquiry) []Violation {
	var found []Violation
	for _, bound := range q.quotas() {
		used, asked := q.Who.used(bound.Key), elapsedMinutes(q.Asked.Duration())
		if most := bound.Minutes; most != nil && used.Minutes+asked > *most {
			found = append(found, q.violation(CodeQuota, *most, used.Minutes+asked, fault.Params{
				"quota": bound.Key, "name": bound.Name, "limit": *most, "used": used.Minutes, "minutes": asked, "left": max(*most-used.Minutes, 0),
				"window": bound.In,
			}))
		}
		if most := bound.Times; most != nil && used.Times+1 > *most {
			found = append(found, q.violation(CodeQuotaTimes, *most, used.Times+1, fault.Params{
				"quota": bound.Key, "name": bound.Name, "limit": *most, "used": used.Times, "window": bound.In,
			}))
		}
	}
	return found
}
