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
	maxAge     = 120
	maxArea    = 1e6
	maxVAT     = 1000 // permille
	maxList    = 200  // of one condition or effect
	maxBytes   = 2 << 20
)

// RuleCodes lists the codes of ParseRules with the params that each carries
// beside rule and field.
var RuleCodes = map[string][]string{
	"rules.unreadable":    nil,
	"rules.too_large":     {"max"},
	"rules.doubled":       {"value"},
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
	"rules.key":           {"value"},
	"rules.key_twice":     {"value"},
	"rules.unknown_key":   {"value"},
	"rules.range":         {"min", "max"},
	"rules.steps":         nil,
	"rules.bands":         nil,
	"rules.refunds":       nil,
	"rules.options":       nil,
	"rules.quota":         nil,
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
	found.inHead(&r)
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
	m.inWho(&rule.Who)
	m.inWhat(&rule.What)
	m.inWhere(&rule.Where)
	m.inEffects(&rule.Effects)
	m.note("note", rule.Note, maxNote)
}

func (m *mistakes) inWhen(when *When) {
	oneOf(m, "when.use", when.Use, []string{UseCore, UseCivic, UseOutside})
	oneOf(m, "when.school", when.School, []string{calendar.SchoolTerm, calendar.SchoolBreak})
	m.weekdays("when.weekdays", when.Weekdays)
	m.inWindow(when)
	m.numbers("when.ahead", when.AheadMin, when.AheadMax, maxMinutes)
	if when.Season != nil {
		m.day("when.season.from", when.Season.From)
		m.day("when.season.to", when.Season.To)
	}
	if d := when.Dates; d != nil {
		m.date("when.dates.from", d.From)
		m.date("when.dates.to", d.To)
		if d.From != nil && d.To != nil && d.To.Before(*d.From) {
			m.add("when.dates.to", "rules.time_order", fault.Params{"from": d.From.String(), "to": d.To.String()})
		}
	}
}

func (m *mistakes) weekdays(field string, weekdays []int) {
	for _, day := range weekdays {
		if day < int(calendar.Monday) || day > int(calendar.Sunday) {
			m.add(field, "rules.weekday", fault.Params{"value": day})
		}
	}
}

func (m *mistakes) date(field string, date *calendar.Date) {
	if date != nil && !date.Valid() {
		m.add(field, "rules.day", fault.Params{"value": date.String()})
	}
}

func (m *mistakes) inWho(who *WhoIs) {
	for _, class := range who.Classes {
		if oneOf(m, "who.classes", class, classes); class == "" {
			m.add("who.classes", "rules.unknown_value", fault.Params{"value": ""})
		}
	}
	m.number("who.under_18_share", who.Under18Share, 1, 100)
	m.list("who.municipalities", who.Municipalities)
	m.list("who.agreements", who.Agreements)
	m.list("who.all_agreements", who.AllAgreements)
	m.numbers("who.age", who.AgeMin, who.AgeMax, maxAge)
}

func (m *mistakes) inWhere(where *Where) {
	m.list("where.types", where.Types)
	m.list("where.groups", where.Groups)
	m.list("where.units", where.Units)
	m.list("where.resources", where.Resources)
	oneOf(m, "where.part", where.Part, []string{PartWhole, PartOf})
	m.area("where.area_min", where.AreaMin)
	m.area("where.area_over", where.AreaOver)
	m.area("where.area_max", where.AreaMax)
	m.area("where.area_under", where.AreaUnder)
}

// area also finds what is no number: JSON could not show it.
func (m *mistakes) area(field string, area *float64) {
	if area != nil && !(*area >= 0 && *area <= maxArea) {
		m.add(field, "rules.number", fault.Params{"value": strconv.FormatFloat(*area, 'g', -1, 64), "min": 0, "max": int(maxArea)})
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
	m.list("what.purposes", what.Purposes)
	m.number("what.persons_min", what.PersonsMin, 1, maxPersons)
	m.number("what.persons_max", what.PersonsMax, *firstSet(what.PersonsMin, new(1)), maxPersons)
	m.numbers("what.oldest", what.OldestMin, what.OldestMax, maxAge)
	m.number("what.minutes_min", what.MinutesMin, 1, maxMinutes)
	m.number("what.minutes_max", what.MinutesMax, *firstSet(what.MinutesMin, new(1)), maxMinutes)
	for _, key := range slices.Sorted(maps.Keys(what.Answers)) {
		m.named("what.answers", key)
		for _, value := range what.Answers[key] {
			m.short("what.answers", value, maxText)
		}
		if len(what.Answers[key]) == 0 {
			m.add("what.answers", "rules.text", fault.Params{"max": maxText})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(what.Numbers)) {
		m.named("what.numbers", key)
		m.bounds("what.numbers", what.Numbers[key].Min, what.Numbers[key].Max)
	}
}

// numbers are the two ends of a range of ages and the like.
func (m *mistakes) numbers(field string, least, most *int, limit int) {
	m.number(field+"_min", least, 0, limit)
	m.number(field+"_max", most, *firstSet(least, new(0)), limit)
}

func (m *mistakes) bounds(field string, least, most *int) {
	if least == nil && most == nil || least != nil && most != nil && *most < *least {
		m.add(field, "rules.range", fault.Params{"min": *firstSet(least, new(0)), "max": *firstSet(most, new(0))})
	}
}

func (m *mistakes) list(field string, list []string) {
	if len(list) > maxList {
		m.add(field, "rules.too_many", fault.Params{"max": maxList})
	}
	for _, item := range list {
		m.named(field, item)
	}
}

func (m *mistakes) number(field string, value *int, least, most int) {
	if value != nil && (*value < least || *value > most) {
		m.add(field, "rules.number", fault.Params{"value": *value, "min": least, "max": most})
	}
}

// oneOf wants one of the known values; "" is no value.
func oneOf[T ~string](m *mistakes, field string, value T, known []T) {
	if value != "" && !slices.Contains(known, value) {
		m.add(field, "rules.unknown_value", fault.Params{"value": string(value)})
	}
}

func (m *mistakes) note(field string, note Note, most int) {
	for _, text := range []string{note.Fi, note.Sv, note.En} {
		m.short(field, text, most)
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
