package policies

import (
	"slices"
	"strings"

	"vuoro/calendar"
)

// implies tells whether the other rule's conditions hold wherever those of r do.
// It compares field by field: false may also mean that it cannot tell.
func (r *Rule) implies(other *Rule) bool {
	return r.When.implies(&other.When) && r.Who.implies(&other.Who) && r.What.implies(&other.What) && r.Where.implies(&other.Where)
}

func (w *When) implies(other *When) bool {
	use := other.Use == "" || w.Use == other.Use || w.Use == UseOutside && other.Use == UseCivic
	school := other.School == "" || w.School == other.School
	return use && school && w.impliesWeekly(other) && w.Season.implies(other.Season) && w.Dates.implies(other.Dates) &&
		same(w.Holiday, other.Holiday) && above(w.AheadMin, other.AheadMin) && below(w.AheadMax, other.AheadMax)
}

// impliesWeekly knows that the night after a weekday belongs to it only where
// the window passes midnight.
func (w *When) impliesWeekly(other *When) bool {
	if !other.isWeekly() {
		return true
	}
	own, others := w.window(), other.window()
	if own.From < others.From || others.To > 0 && (own.To == 0 || own.To > others.To) {
		return false
	}
	if own.To > calendar.DayMinutes && others.To == 0 {
		return false
	}
	return subset(w.Weekdays, other.Weekdays)
}

// implies counts the days from the begin of the other season, over the turn of
// the year.
func (m *MonthDays) implies(other *MonthDays) bool {
	if other == nil || m == nil {
		return other == nil
	}
	const year = 1300 // past December as monthDay counts
	start, _ := monthDay(other.From)
	after := func(text string) int {
		day, _ := monthDay(text)
		return (day - start + year) % year
	}
	return after(m.From) <= after(m.To) && after(m.To) <= after(other.To)
}

func (d *Dates) implies(other *Dates) bool {
	if other == nil || d == nil {
		return other == nil
	}
	from := other.From == nil || d.From != nil && !d.From.Before(*other.From)
	to := other.To == nil || d.To != nil && !d.To.After(*other.To)
	return from && to
}

func (w *WhoIs) implies(other *WhoIs) bool {
	agreed := subset(w.Agreements, other.Agreements) || overlap(w.AllAgreements, other.Agreements)
	for _, key := range other.AllAgreements {
		agreed = agreed && slices.Contains(w.AllAgreements, key)
	}
	return agreed &&
		subset(w.Classes, other.Classes) && subset(folded(w.Municipalities), folded(other.Municipalities)) &&
		same(w.Under18, other.Under18) && above(w.Under18Share, other.Under18Share) &&
		same(w.Local, other.Local) && same(w.Registered, other.Registered) &&
		above(w.AgeMin, other.AgeMin) && below(w.AgeMax, other.AgeMax)
}

func folded(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strings.ToLower(strings.TrimSpace(name))
	}
	return list
}

func (w *What) implies(other *What) bool {
	for key, values := range other.Answers {
		if own, asked := w.Answers[key]; !asked || !subset(own, values) {
			return false
		}
	}
	for key, bounds := range other.Numbers {
		if own, asked := w.Numbers[key]; !asked || !above(own.Min, bounds.Min) || !below(own.Max, bounds.Max) {
			return false
		}
	}
	return subset(w.Purposes, other.Purposes) && same(w.Repeated, other.Repeated) &&
		above(w.PersonsMin, other.PersonsMin) && below(w.PersonsMax, other.PersonsMax) &&
		above(w.OldestMin, other.OldestMin) && below(w.OldestMax, other.OldestMax) &&
		above(w.MinutesMin, other.MinutesMin) && below(w.MinutesMax, other.MinutesMax)
}

func (w *Where) implies(other *Where) bool {
	part := other.Part == "" || w.Part == other.Part
	return part && subset(w.Types, other.Types) && subset(w.Groups, other.Groups) && subset(w.Units, other.Units) &&
		subset(w.Resources, other.Resources) && w.impliesArea(other)
}

func (w *Where) impliesArea(other *Where) bool {
	least := other.AreaMin == nil || above(w.AreaMin, other.AreaMin) || above(w.AreaOver, other.AreaMin)
	over := other.AreaOver == nil || above(w.AreaOver, other.AreaOver) || w.AreaMin != nil && *w.AreaMin > *other.AreaOver
	most := other.AreaMax == nil || below(w.AreaMax, other.AreaMax) || below(w.AreaUnder, other.AreaMax)
	under := other.AreaUnder == nil || below(w.AreaUnder, other.AreaUnder) || w.AreaMax != nil && *w.AreaMax < *other.AreaUnder
	return least && over && most && under
}

// subset tells whether one of the first list is always one of the second; a
// list of none is no condition.
func subset[T comparable](list, of []T) bool {
	if len(of) == 0 {
		return true
	}
	all := map[T]bool{}
	for _, item := range of {
		all[item] = true
	}
	for _, item := range list {
		if !all[item] {
			return false
		}
	}
	return len(list) > 0
}

// same, above and below compare a condition with another that may be absent.
func same[T comparable](own, other *T) bool { return other == nil || own != nil && *own == *other }

func above[T int | float64](own, other *T) bool { return other == nil || own != nil && *own >= *other }

func below[T int | float64](own, other *T) bool { return other == nil || own != nil && *own <= *other }
