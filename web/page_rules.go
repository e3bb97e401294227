package web

import (
	"slices"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// ruleLines are the rules of a place for people: its own limits first, then
// each rule of its book as one line.
func (v *visit) ruleLines(place resources.Place) []string {
	return append(v.limitLines(place.Resource), v.bookLines(place)...)
}

// comingRules are the sentences that change with the next version of a place's
// rule book.
type comingRules struct {
	Head  string
	Lines []string // new or changed
	Gone  []string
}

// comingRules is nil where nothing is published for later, or nothing changes
// for residents.
func (v *visit) comingRules(place resources.Place) (*comingRules, error) {
	from, book, ok, err := v.server.Resources.NextBook(v.ctx, v.server.DB, place.Resource.RuleBook)
	if err != nil || !ok {
		return nil, err
	}
	present, next := v.bookLines(place), place
	next.Book = book
	without := func(lines, other []string) []string {
		return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(other, line) })
	}
	then := v.bookLines(next)
	coming := &comingRules{Head: v.t("room.rules_coming", "day", v.say.Date(from)), Lines: without(then, present), Gone: without(present, then)}
	if len(coming.Lines)+len(coming.Gone) == 0 {
		return nil, nil
	}
	return coming, nil
}

// bookLines are the sentences of a place's rule book that concern it.
func (v *visit) bookLines(place resources.Place) []string {
	var lines []string
	teller := v.tells(place.Book.Rules)
	for _, rule := range place.Book.Rules.Rules {
		if !rule.Where.Holds(place.Policy()) {
			continue
		}
		if line := teller.residentLine(rule); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// limitLines are the place's own limits; what is not limited is not said.
func (v *visit) limitLines(r resources.Resource) []string {
	lines := []string{v.lengthLine(r)}
	add := func(yes bool, key string, params ...any) {
		if yes {
			lines = append(lines, v.t(key, params...))
		}
	}
	if r.DaysAheadMax != nil {
		add(true, "limit.ahead", "days", *r.DaysAheadMax)
	}
	add(r.DaysAheadMin > 0, "limit.notice", "days", r.DaysAheadMin)
	if r.ActiveLimit != nil {
		add(true, "limit.active", "limit", *r.ActiveLimit)
	}
	add(r.AdultOnly, "limit.adult", "age", 18)
	add(r.StrongSignIn, "limit.strong")
	lines = append(lines, v.cancelLine(r))
	if r.ReleaseAfterMinutes != nil {
		add(true, "limit.release", "minutes", *r.ReleaseAfterMinutes)
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

func (v *visit) lengthLine(r resources.Resource) string {
	switch {
	case r.WholeDay:
		return v.t("limit.whole_day")
	case r.MaxMinutes == nil:
		return v.t("limit.min", "min", r.MinMinutes)
	case *r.MaxMinutes == r.MinMinutes:
		return v.t("limit.fixed", "min", r.MinMinutes)
	}
	return v.t("limit.length", "min", r.MinMinutes, "max", *r.MaxMinutes)
}

func (v *visit) cancelLine(r resources.Resource) string {
	switch {
	case r.CancelMinutes == nil:
		return v.t("limit.no_cancel")
	case *r.CancelMinutes == 0:
		return v.t("limit.cancel_any")
	}
	if days := *r.CancelMinutes / calendarDay; days > 1 && *r.CancelMinutes%calendarDay == 0 {
		return v.t("limit.cancel_days", "days", days)
	}
	return v.t("limit.cancel", "minutes", *r.CancelMinutes)
}

// yesNo picks one of two keys: base or base_not.
func yesNo(base string, yes bool) string {
	if yes {
		return base
	}
	return base + "_not"
}

// hoursLine is one row of the week: days that are alike share it.
type hoursLine struct {
	Days  string
	Spans []hoursSpan
	Today bool
}

type hoursSpan struct {
	Time string
	Word string
	Kind ui.Kind
}

// weekHours are the hours of the week that holds a date.
func (v *visit) weekHours(place resources.Place, date calendar.Date) []hoursLine {
	monday := date.AddDays(1 - int(date.Weekday()))
	var lines []hoursLine
	var previous []resources.WeekSpan
	var since calendar.Weekday
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		on := monday.AddDays(int(day) - 1)
		spans := shown(place.Day(on).Spans)
		if day == calendar.Monday || !slices.EqualFunc(spans, previous, sameSpan) {
			lines, previous, since = append(lines, hoursLine{Spans: v.hoursSpans(spans)}), spans, day
		}
		last := &lines[len(lines)-1]
		last.Days = v.weekdaySpan(since, day)
		last.Today = last.Today || on == v.today()
	}
	return lines
}

// shown leaves out merely open time where something is reservable: being open
// is a matter of the site, not of the room.
func shown(spans []resources.WeekSpan) []resources.WeekSpan {
	return slices.DeleteFunc(slices.Clone(spans), func(s resources.WeekSpan) bool { return s.Kind == policies.Open || s.Kind == policies.Closed })
}

func sameSpan(a, b resources.WeekSpan) bool {
	return a.From == b.From && a.To == b.To && a.Kind == b.Kind
}

func (v *visit) hoursSpans(spans []resources.WeekSpan) []hoursSpan {
	if len(spans) == 0 {
		return []hoursSpan{{Word: v.t("hours.closed"), Kind: ui.KindClosed}}
	}
	var list []hoursSpan
	for _, s := range spans {
		kind := ui.KindFree
		if s.Kind == policies.Core {
			kind = ui.KindStaff
		}
		list = append(list, hoursSpan{Time: v.clockSpan(s.From, s.To), Word: v.t("hours." + string(s.Kind)), Kind: kind})
	}
	return list
}
