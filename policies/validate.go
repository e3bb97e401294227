package policies

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/fault"
)

// What a rule book may hold at most. Days reach as far as a search does.
const (
	maxRules   = 500
	maxText    = 100
	maxNote    = 500
	maxPersons = 100_000
	maxMinutes = 730 * 24 * 60
	maxDays    = 730
	maxActive  = 1000
)

// RuleCodes lists the codes of ParseRules with the params that each carries
// beside rule and field.
var RuleCodes = map[string][]string{
	"rules.unreadable":    nil,
	"rules.wrong_type":    {"value"},
	"rules.unknown_field": nil,
	"rules.version":       {"expected"},
	"rules.too_many":      {"max"},
	"rules.id":            {"max"},
	"rules.id_twice":      nil,
	"rules.no_effect":     nil,
	"rules.unknown_value": {"value"},
	"rules.weekday":       {"value"},
	"rules.time":          {"value"},
	"rules.time_order":    {"from", "to"},
	"rules.day":           {"value"},
	"rules.number":        {"value", "min", "max"},
	"rules.text":          {"max"},
	"rules.price":         {"value"},
}

// classes are all classes of holders.
var classes = []Class{Person, Association, ResidentsGroup, Company, Religious, Political, CityUnit}

// ruleID is what a rule may be called: it stands in decisions, errors and
// addresses.
var ruleID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Validate is ParseRules for rules that were put together in Go.
func (r Rules) Validate() error {
	found := &mistakes{}
	found.inEnvelope(&r.Version, len(r.Rules))
	for i := range r.Rules {
		found.rule = ruleName(r.Rules[i].ID, i)
		found.inRule(&r.Rules[i], r.Rules[:i])
	}
	return found.err()
}

func (m *mistakes) inEnvelope(version *int, rules int) {
	if version == nil || *version != envelopeVersion {
		m.add("version", "rules.version", fault.Params{"expected": envelopeVersion})
	}
	if rules > maxRules {
		m.add("rules", "rules.too_many", fault.Params{"max": maxRules})
	}
}

// ruleName is what mistakes of a rule are filed under.
func ruleName(id string, index int) string {
	if id != "" && len(id) <= maxText {
		return id
	}
	return "#" + strconv.Itoa(index+1)
}

// inRule finds the mistakes of one rule; before are the rules above it.
func (m *mistakes) inRule(rule *Rule, before []Rule) {
	if !ruleID.MatchString(rule.ID) || len(rule.ID) > maxText {
		m.add("id", "rules.id", fault.Params{"max": maxText})
	}
	if slices.ContainsFunc(before, func(other Rule) bool { return other.ID == rule.ID }) {
		m.add("id", "rules.id_twice", nil)
	}
	m.inWhen(&rule.When)
	for _, class := range rule.Who.Classes {
		m.oneOf("who.classes", class, classes)
	}
	m.inWhat(&rule.What)
	m.inEffects(&rule.Effects)
	for _, note := range []string{rule.Note.Fi, rule.Note.Sv, rule.Note.En} {
		m.short("note", note, maxNote)
	}
}

func (m *mistakes) inWhen(when *When) {
	if when.Use != "" && when.Use != "core" && when.Use != "civic" {
		m.add("when.use", "rules.unknown_value", fault.Params{"value": when.Use})
	}
	for _, day := range when.Weekdays {
		if day < int(calendar.Monday) || day > int(calendar.Sunday) {
			m.add("when.weekdays", "rules.weekday", fault.Params{"value": day})
		}
	}
	m.inWindow(when)
	if when.Season != nil {
		m.day("when.season.from", when.Season.From)
		m.day("when.season.to", when.Season.To)
	}
}

// inWindow wants an end after its begin: past midnight is written "26:00".
func (m *mistakes) inWindow(when *When) {
	from, fromRead := m.time("when.from", when.From)
	to, toRead := m.time("when.to", when.To)
	if !fromRead || !toRead {
		return
	}
	if from >= calendar.DayMinutes {
		m.add("when.from", "rules.time", fault.Params{"value": when.From})
	} else if when.To != "" && from >= to {
		m.add("when.to", "rules.time_order", fault.Params{"from": when.From, "to": when.To})
	}
}

func (m *mistakes) time(field, text string) (calendar.Minute, bool) {
	if text == "" {
		return 0, true
	}
	minute, err := calendar.ParseMinute(text)
	if err != nil {
		m.add(field, "rules.time", fault.Params{"value": text})
	}
	return minute, err == nil
}

func (m *mistakes) day(field, text string) {
	if _, ok := monthDay(text); !ok {
		m.add(field, "rules.day", fault.Params{"value": text})
	}
}

func (m *mistakes) inWhat(what *What) {
	for _, purpose := range what.Purposes {
		m.named("what.purposes", purpose)
	}
	m.number("what.persons_min", what.PersonsMin, 1, maxPersons)
	least := 1
	if what.PersonsMin != nil {
		least = *what.PersonsMin
	}
	m.number("what.persons_max", what.PersonsMax, least, maxPersons)
	m.number("what.minutes_min", what.MinutesMin, 1, maxMinutes)
	for _, key := range slices.Sorted(maps.Keys(what.Answers)) {
		m.named("what.answers", key)
		m.short("what.answers", what.Answers[key], maxText)
	}
}

func (m *mistakes) inEffects(e *Effects) {
	if *e == (Effects{}) || (e.Limits != nil && *e.Limits == (Limits{})) {
		m.add("effects", "rules.no_effect", nil)
	}
	if e.Verdict != "" {
		m.verdict(e.Verdict)
	}
	if e.Price != "" {
		if _, ok := ParseCharge(e.Price); !ok {
			m.add("effects.price", "rules.price", fault.Params{"value": e.Price})
		}
	}
	if e.Limits != nil {
		m.number("effects.limits.max_minutes", e.Limits.MaxMinutes, 1, maxMinutes)
		m.number("effects.limits.days_ahead_max", e.Limits.DaysAheadMax, 0, maxDays)
		m.number("effects.limits.days_ahead_min", e.Limits.DaysAheadMin, 0, maxDays)
		m.number("effects.limits.active_limit", e.Limits.ActiveLimit, 1, maxActive)
		m.number("effects.limits.series_days", e.Limits.SeriesDays, 0, maxDays)
	}
}

func (m *mistakes) verdict(v Verdict) {
	if v != Allow && v != Approval && v != Refuse {
		m.add("effects.verdict", "rules.unknown_value", fault.Params{"value": string(v)})
	}
}

func (m *mistakes) number(field string, value *int, least, most int) {
	if value != nil && (*value < least || *value > most) {
		m.add(field, "rules.number", fault.Params{"value": *value, "min": least, "max": most})
	}
}

func (m *mistakes) oneOf(field string, class Class, known []Class) {
	if !slices.Contains(known, class) {
		m.add(field, "rules.unknown_value", fault.Params{"value": string(class)})
	}
}

func (m *mistakes) named(field, text string) {
	if strings.TrimSpace(text) == "" {
		m.add(field, "rules.text", fault.Params{"max": maxText})
		return
	}
	m.short(field, text, maxText)
}

func (m *mistakes) short(field, text string, most int) {
	if len([]rune(text)) > most {
		m.add(field, "rules.text", fault.Params{"max": most})
	}
}
