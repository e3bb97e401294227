package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// valueWords says what a rule wants, as a part of its sentence.
func (t ruleTeller) valueWords(c policies.Condition) string {
	switch value := c.Value.(type) {
	case bool:
		return t.t(yesNo("says."+c.Name, value))
	case int:
		return t.countWords(c.Name, value)
	case string:
		return t.t("says." + c.Name + "." + value)
	case []policies.Class:
		return t.say.And(t.classWords(value))
	case []string:
		join := t.say.Or
		if c.Name == "who.all_agreements" {
			join = t.say.And
		}
		return t.t("says."+c.Name, "names", join(slices.Clone(t.keyWords(c.Name, value))))
	case policies.Weekly:
		return t.weeklyWords(value)
	case policies.MonthDays:
		return t.seasonSpan(value)
	case policies.Dates:
		return t.datesWords(value)
	case map[string]policies.Values:
		return t.answersWords(value)
	case map[string]policies.Range:
		return t.numbersWords(value)
	case policies.Where:
		return t.areaWords(value)
	}
	return fmt.Sprint(c.Value)
}

// countWords says a bound that is a number: persons, minutes, years, percent.
func (t ruleTeller) countWords(name string, n int) string {
	switch {
	case strings.HasPrefix(name, "what.minutes"):
		return t.t("says."+name, "minutes", n)
	case strings.HasPrefix(name, "when.ahead"):
		return t.t("says."+name, "lead", t.lead(n))
	}
	return t.t("says."+name, "n", n)
}

func (t ruleTeller) classWords(classes []policies.Class) []string {
	var names []string
	for _, class := range classes {
		names = append(names, t.t("who."+string(class)))
	}
	return names
}

// keyWords are the names of what a rule lists by keys.
func (t ruleTeller) keyWords(name string, keys []string) []string {
	switch name {
	case "what.purposes":
		if names := t.vocabulary(resources.Purposes, keys); len(names) == len(keys) {
			return lowered(names)
		}
	case "where.types":
		var names []string
		for _, key := range keys {
			names = append(names, t.say.Word("says.in_type", key))
		}
		return names
	}
	return keys
}

func lowered(names []string) []string {
	for i := range names {
		names[i] = strings.ToLower(names[i])
	}
	return names
}

func (t ruleTeller) weeklyWords(w policies.Weekly) string {
	s := policies.Describe(policies.Rule{When: policies.When{Weekdays: w.Weekdays, From: w.From, To: w.To}})
	var days []string
	for _, r := range s.Weekdays {
		days = append(days, t.weekdaySpan(r.First, r.Last))
	}
	hours := ""
	switch {
	case s.From != nil && s.To != nil:
		hours = t.clockSpan(*s.From, *s.To)
	case s.From != nil:
		hours = t.t("says.from_time", "time", t.say.Clock(int(*s.From)))
	case s.To != nil:
		hours = t.t("says.to_time", "time", t.say.Clock(int(*s.To)%calendarDay))
	}
	return joinWords(" ", strings.Join(days, ", "), hours)
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

func (t ruleTeller) dateWords(date calendar.Date) string {
	day, err := time.Parse(time.DateOnly, date.String())
	if err != nil {
		return date.String()
	}
	return locales.New(t.lang, time.UTC).DayMonthYear(day)
}

func (t ruleTeller) datesWords(d policies.Dates) string {
	switch {
	case d.From != nil && d.To != nil:
		return t.dateWords(*d.From) + "–" + t.dateWords(*d.To)
	case d.From != nil:
		return t.t("says.from_date", "day", t.dateWords(*d.From))
	case d.To != nil:
		return t.t("says.to_date", "day", t.dateWords(*d.To))
	}
	return ""
}

// questionName is what a book asks under a key; keys that no question has are
// those of old forms.
func (t ruleTeller) questionName(key string) string {
	for _, q := range t.book.Questions {
		if q.Key == key {
			return t.named(locales.Texts(q.Label))
		}
	}
	return t.say.Word("field", key)
}

// answerName is what an answer is called.
func (t ruleTeller) answerName(key, value string) string {
	for _, q := range t.book.Questions {
		for _, o := range q.Options {
			if q.Key == key && o.Value == value {
				return t.named(locales.Texts(o.Label))
			}
		}
	}
	switch value {
	case "yes", "no":
		return strings.ToLower(t.t("word." + value))
	case "":
		return t.t("says.no_answer")
	}
	return value
}

func (t ruleTeller) answersWords(answers map[string]policies.Values) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		var names []string
		for _, value := range answers[key] {
			names = append(names, t.answerName(key, value))
		}
		parts = append(parts, t.t("says.answer", "question", t.questionName(key), "answer", t.say.Or(names)))
	}
	return strings.Join(parts, ", ")
}

func (t ruleTeller) numbersWords(numbers map[string]policies.Range) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(numbers)) {
		parts = append(parts, t.t("says.answer", "question", t.questionName(key), "answer", t.rangeWords(numbers[key])))
	}
	return strings.Join(parts, ", ")
}

func (t ruleTeller) rangeWords(r policies.Range) string {
	switch {
	case r.Min != nil && r.Max != nil:
		return t.say.Number(int64(*r.Min)) + "–" + t.say.Number(int64(*r.Max))
	case r.Min != nil:
		return t.t("says.at_least", "value", *r.Min)
	case r.Max != nil:
		return t.t("says.at_most", "value", *r.Max)
	}
	return ""
}

func (t ruleTeller) areaWords(w policies.Where) string {
	var parts []string
	for _, bound := range []struct {
		key  string
		area *float64
	}{{"area_min", w.AreaMin}, {"area_over", w.AreaOver}, {"area_max", w.AreaMax}, {"area_under", w.AreaUnder}} {
		if bound.area != nil {
			parts = append(parts, t.t("says."+bound.key, "area", t.decimal(*bound.area)))
		}
	}
	return t.t("says.area", "area", strings.Join(parts, ", "))
}

// askedWords says what a question has for a condition.
func (t ruleTeller) askedWords(c policies.Condition) string {
	switch asked := c.Asked.(type) {
	case nil:
		return t.t("says.unknown")
	case bool:
		return strings.ToLower(t.yesNo(asked))
	case int:
		if strings.HasPrefix(c.Name, "what.minutes") {
			return t.say.Duration(asked)
		}
		if strings.HasPrefix(c.Name, "when.ahead") {
			return t.lead(asked)
		}
		return t.say.Number(int64(asked))
	case float64:
		return t.decimal(asked) + " m²"
	case string:
		return t.askedText(c.Name, asked)
	case policies.Class:
		return t.t("who." + string(asked))
	case calendar.Date:
		return t.dateWords(asked)
	case calendar.Interval:
		return t.say.Range(asked.Begin, asked.End)
	case []string:
		if len(asked) == 0 {
			return t.t("says.nothing")
		}
		return t.say.And(asked)
	case map[string]string:
		return t.givenWords(c, asked)
	}
	return fmt.Sprint(c.Asked)
}

func (t ruleTeller) askedText(name, asked string) string {
	switch name {
	case "when.use", "when.school", "where.part":
		return t.t("says." + name + "." + asked)
	case "what.purposes":
		return strings.ToLower(joinWords("", t.vocabulary(resources.Purposes, []string{asked})...) + unknownKey(resources.Purposes, asked))
	case "where.types":
		return strings.ToLower(joinWords("", t.vocabulary(resources.Types, []string{asked})...) + unknownKey(resources.Types, asked))
	}
	return asked
}

// unknownKey is a key that a vocabulary has no name for.
func unknownKey(words []resources.Word, key string) string {
	if resources.Name(words, key) == (locales.Texts{}) {
		return key
	}
	return ""
}

// givenWords are the answers to the questions that a condition is about.
func (t ruleTeller) givenWords(c policies.Condition, given map[string]string) string {
	var keys []string
	switch value := c.Value.(type) {
	case map[string]policies.Values:
		keys = slices.Sorted(maps.Keys(value))
	case map[string]policies.Range:
		keys = slices.Sorted(maps.Keys(value))
	}
	var parts []string
	for _, key := range keys {
		parts = append(parts, t.t("says.answer", "question", t.questionName(key), "answer", t.answerName(key, given[key])))
	}
	return strings.Join(parts, ", ")
}
