package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// ruleLines are the rules of a place for people: its own limits first, then
// each rule of its book as one line.
func (v *visit) ruleLines(place resources.Place) []string {
	lines := v.limitLines(place.Resource)
	for _, summary := range place.Book.Rules.Describe() {
		if line := v.ruleLine(summary); line != "" && !slices.Contains(lines, line) {
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

// ruleLine says one rule: "Yhdistykset: ma–pe 16.00–21.00, maksutta, ilman
// hyväksyntää". A rule that says nothing to people is "".
func (v *visit) ruleLine(s policies.Summary) string {
	note := v.named(locales.Texts(s.Note))
	switch {
	case len(s.Classes) == 1 && s.Classes[0] == policies.CityUnit:
		return "" // the city's own units do not read this page
	case len(s.Purposes) > 0 && len(v.vocabulary(resources.Purposes, s.Purposes)) == 0:
		return note // about a purpose that has no name of its own
	}
	who, when, what, then := v.ruleWho(s), v.ruleWhen(s), v.ruleWhat(s), v.ruleEffects(s)
	if len(then) == 0 && note == "" {
		return ""
	}
	line := capital(who)
	if rest := strings.Join(slices.Concat(when, what, then), ", "); rest != "" {
		line += ": " + rest
	}
	if note != "" {
		line += ". " + note
	}
	return line
}

func (v *visit) ruleWho(s policies.Summary) string {
	var names []string
	for _, class := range s.Classes {
		names = append(names, v.t("who."+string(class)))
	}
	who := v.say.And(names)
	if who == "" {
		who = v.t("who.everybody")
	}
	if s.Under18 != nil {
		who += " (" + v.t(yesNo("who.under_18", *s.Under18)) + ")"
	}
	if s.Local != nil {
		who += " (" + v.t(yesNo("who.local", *s.Local)) + ")"
	}
	return who
}

// yesNo picks one of two keys: base or base_not.
func yesNo(base string, yes bool) string {
	if yes {
		return base
	}
	return base + "_not"
}

func (v *visit) ruleWhen(s policies.Summary) []string {
	var when, days []string
	for _, r := range s.Weekdays {
		days = append(days, v.weekdaySpan(r.First, r.Last))
	}
	span := strings.Join(days, ", ")
	if s.From != nil && s.To != nil {
		span = strings.TrimSpace(span + " " + v.clockSpan(*s.From, *s.To))
	}
	if span != "" {
		when = append(when, span)
	}
	if s.Use != "" {
		when = append(when, v.t("rule.use."+s.Use))
	}
	if s.Season != nil {
		when = append(when, v.seasonSpan(*s.Season))
	}
	return when
}

func (v *visit) seasonSpan(season policies.MonthDays) string {
	day := func(text string) string {
		t, err := time.Parse("01-02", text)
		if err != nil {
			return text
		}
		return locales.New(v.lang, time.UTC).DayMonth(t)
	}
	return day(season.From) + "–" + day(season.To)
}

func (v *visit) ruleWhat(s policies.Summary) []string {
	var what []string
	if names := v.vocabulary(resources.Purposes, s.Purposes); len(names) > 0 {
		what = append(what, v.t("rule.purposes", "purposes", strings.ToLower(v.say.And(names))))
	}
	if s.PersonsMin != nil {
		what = append(what, v.t("rule.from_persons", "n", *s.PersonsMin))
	}
	if s.PersonsMax != nil {
		what = append(what, v.t("rule.to_persons", "n", *s.PersonsMax))
	}
	if s.MinutesMin != nil {
		what = append(what, v.t("rule.from_minutes", "minutes", *s.MinutesMin))
	}
	return what
}

func (v *visit) ruleEffects(s policies.Summary) []string {
	var then []string
	if s.Charge != nil {
		then = append(then, v.chargeWords(*s.Charge))
	}
	if s.Verdict != "" {
		then = append(then, v.t("rule.verdict."+string(s.Verdict)))
	}
	if s.Limits.MaxMinutes != nil {
		then = append(then, v.t("rule.limit_max", "max", *s.Limits.MaxMinutes))
	}
	if s.Limits.DaysAheadMax != nil {
		then = append(then, v.t("rule.limit_ahead", "days", *s.Limits.DaysAheadMax))
	}
	if s.Limits.DaysAheadMin != nil && *s.Limits.DaysAheadMin > 0 {
		then = append(then, v.t("rule.limit_notice", "days", *s.Limits.DaysAheadMin))
	}
	if s.Limits.ActiveLimit != nil {
		then = append(then, v.t("rule.limit_active", "limit", *s.Limits.ActiveLimit))
	}
	if s.Limits.SeriesDays != nil && *s.Limits.SeriesDays > 0 {
		then = append(then, v.t("rule.limit_series", "days", *s.Limits.SeriesDays))
	}
	return then
}

func (v *visit) chargeWords(c policies.Charge) string {
	switch {
	case c.Free:
		return v.t("rule.charge_free")
	case c.Cents != nil:
		return v.say.Price(*c.Cents)
	case c.Percent == 100:
		return v.t("rule.charge_list")
	}
	return v.t("rule.charge_percent", "percent", strconv.Itoa(c.Percent))
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
