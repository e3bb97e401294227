package policies

import (
	"maps"
	"regexp"
	"slices"

	"vuoro/calendar"
	"vuoro/fault"
)

// keyForm is what tariffs, fees, quotas, questions and terms may be called.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

func (m *mistakes) inEffects(e *Effects) {
	if !(&deciders{}).misses(e) || e.Limits != nil && *e.Limits == (Limits{}) {
		m.add("effects", "rules.no_effect", nil)
	}
	oneOf(m, "effects.verdict", e.Verdict, []Verdict{Allow, Approval, Refuse})
	m.charge(e.Price)
	m.number("effects.priority", e.Priority, 1, maxList)
	m.number("effects.deposit", e.Deposit, 0, maxCents)
	for _, key := range slices.Sorted(maps.Keys(e.Factors)) {
		m.key("effects.factors", key)
		m.number(within("effects.factors", key), new(e.Factors[key]), 0, maxPercent)
	}
	keys(m, "effects.fees", e.Fees, func(f Fee) string { return f.Key })
	for _, fee := range e.Fees {
		field := within("effects.fees", fee.Key)
		m.number(field, &fee.Cents, 0, maxCents)
		oneOf(m, field, fee.Per, Units)
		m.note(field, fee.Name, maxText)
		if fee.Times != "" {
			m.key(field, fee.Times)
		}
	}
	keys(m, "effects.quotas", e.Quotas, func(q Quota) string { return q.Key })
	for i := range e.Quotas {
		m.quota(&e.Quotas[i])
	}
	m.list("effects.fields", e.Fields)
	keys(m, "effects.terms", e.Terms, func(key string) string { return key })
	m.cancellation(e.Cancellation)
	m.limits(e.Limits)
}

func (m *mistakes) cancellation(c *Cancellation) {
	if c == nil {
		return
	}
	m.number("effects.cancellation.free_minutes", &c.FreeMinutes, 0, maxMinutes)
	m.number("effects.cancellation.late_percent", &c.LatePercent, 0, maxPercent)
	m.number("effects.cancellation.late_cents", &c.LateCents, 0, maxCents)
	m.number("effects.cancellation.until_minutes", c.UntilMinutes, 0, maxMinutes)
	if len(c.Steps) > maxList {
		m.add("effects.cancellation.steps", "rules.too_many", fault.Params{"max": maxList})
	}
	before := c.FreeMinutes
	for _, step := range c.Steps {
		m.number("effects.cancellation.steps", &step.Percent, 0, maxPercent)
		m.number("effects.cancellation.steps", &step.Cents, 0, maxCents)
		if step.Minutes < 0 || step.Minutes >= before {
			m.add("effects.cancellation.steps", "rules.refunds", nil)
		}
		before = step.Minutes
	}
}

func (m *mistakes) limits(l *Limits) {
	if l == nil {
		return
	}
	m.number("effects.limits.min_minutes", l.MinMinutes, 1, maxMinutes)
	m.number("effects.limits.max_minutes", l.MaxMinutes, *firstSet(l.MinMinutes, new(1)), maxMinutes)
	m.number("effects.limits.days_ahead_max", l.DaysAheadMax, 0, maxDays)
	m.number("effects.limits.days_ahead_min", l.DaysAheadMin, 0, maxDays)
	m.number("effects.limits.active_limit", l.ActiveLimit, 1, maxActive)
	m.number("effects.limits.persons_min", l.PersonsMin, 1, maxPersons)
	m.number("effects.limits.persons_max", l.PersonsMax, *firstSet(l.PersonsMin, new(1)), maxPersons)
	m.number("effects.limits.series_days", l.SeriesDays, 0, maxDays)
}

// charge wants a price that can be read; whether its tariff is there is asked
// of the whole book.
func (m *mistakes) charge(price string) {
	if _, ok := ParseCharge(price); price != "" && !ok {
		m.add("effects.price", "rules.price", fault.Params{"value": price})
	}
}

func (m *mistakes) quota(q *Quota) {
	field := within("effects.quotas", q.Key)
	m.number(field, q.Minutes, 1, maxMinutes)
	m.number(field, q.Times, 1, maxActive)
	oneOf(m, field, q.Per, []string{PerHolder, PerPerson})
	oneOf(m, field, q.In, []string{InDay, InSchoolDay, InWeek, InMonth, InSeason, InOpen})
	m.note(field, q.Name, maxText)
	m.list(field, slices.Concat(q.Over.Groups, q.Over.Units, q.Over.Resources))
	if q.In == "" || q.Minutes == nil && q.Times == nil || (q.In == InSeason) != (q.Season != nil) {
		m.add(field, "rules.quota", nil)
	}
	if q.Season != nil {
		m.day(field, q.Season.From)
		m.day(field, q.Season.To)
	}
}

// inHead finds the mistakes of what stands before the rules, and tariffs that a
// rule names without there being one.
func (m *mistakes) inHead(r *Rules) {
	keys(m, "questions", r.Questions, func(q FormField) string { return q.Key })
	for _, q := range r.Questions {
		m.question(&q)
	}
	keys(m, "tariffs", r.Tariffs, func(t Tariff) string { return t.Key })
	for i := range r.Tariffs {
		m.tariff(&r.Tariffs[i])
	}
	if len(r.VAT) > maxList {
		m.add("vat", "rules.too_many", fault.Params{"max": maxList})
		return
	}
	for i, rate := range r.VAT {
		m.number("vat", &rate.Permille, 0, maxVAT)
		m.date("vat", rate.From)
		if slices.ContainsFunc(r.VAT[:i], func(other VATRate) bool { return sameDate(other.From, rate.From) }) {
			m.add("vat", "rules.key_twice", fault.Params{"value": dateText(rate.From)})
		}
	}
}

func (m *mistakes) question(q *FormField) {
	field := within("questions", q.Key)
	kinds := []string{"yes_no", "choice", "several", "number", "text"}
	if oneOf(m, field, q.Kind, kinds); q.Kind == "" {
		m.add(field, "rules.unknown_value", fault.Params{"value": ""})
	}
	m.named(field, q.Label.Fi)
	m.note(field, q.Label, maxNote)
	m.note(field, q.Hint, maxNote)
	if choice := q.Kind == "choice" || q.Kind == "several"; choice != (len(q.Options) > 0) {
		m.add(field, "rules.options", nil)
	}
	keys(m, field, q.Options, func(o Option) string { return o.Value })
	for _, option := range q.Options {
		m.named(field, option.Label.Fi)
		m.note(field, option.Label, maxText)
	}
}

func (m *mistakes) tariff(t *Tariff) {
	field := within("tariffs", t.Key)
	m.number(field, &t.Cents, 0, maxCents)
	oneOf(m, field, t.Per, Units)
	m.number(field, &t.MinMinutes, 0, maxMinutes)
	m.number(field, &t.DayHours, 0, 24)
	m.number(field, t.MaxCents, 0, maxCents)
	m.note(field, t.Name, maxText)
	if len(t.Steps) > 0 && (t.Cents > 0 || t.Per != "" || t.DayHours > 0) {
		m.add(field, "rules.steps", nil)
	}
	reached := 0
	for i, step := range t.Steps {
		m.number(field, &step.Cents, 0, maxCents)
		oneOf(m, field, step.Per, Units)
		if last := i == len(t.Steps)-1; (step.UpTo == nil) != last || step.UpTo != nil && *step.UpTo <= reached {
			m.add(field, "rules.steps", nil)
		} else if !last {
			reached = *step.UpTo
		}
	}
	m.bands(t)
}

// bands wants bands that do not overlap and stand by themselves: steps, days
// and the shortest time billed are other ways to count the same minutes.
func (m *mistakes) bands(t *Tariff) {
	field := within("tariffs", t.Key)
	if len(t.Bands) > maxList || len(t.Steps) > maxList {
		m.add(field, "rules.too_many", fault.Params{"max": maxList})
		return
	}
	if len(t.Bands) > 0 && (len(t.Steps) > 0 || t.DayHours > 0 || t.MinMinutes > 0) {
		m.add(field, "rules.bands", nil)
	}
	for i, band := range t.Bands {
		m.number(field, &band.Cents, 0, maxCents)
		oneOf(m, field, band.Per, Units)
		m.weekdays(field, band.Weekdays)
		from, fromRead := m.time(field, band.From)
		to, toRead := m.time(field, band.To)
		switch {
		case !fromRead || !toRead:
		case band.From == "" || band.To == "" || from >= to || to > calendar.DayMinutes:
			m.add(field, "rules.time_order", fault.Params{"from": band.From, "to": band.To})
		case slices.ContainsFunc(t.Bands[:i], band.overlaps):
			m.add(field, "rules.bands", nil)
		}
	}
}

// keys wants each item of a list to have a key of its own.
func keys[T any](m *mistakes, field string, list []T, key func(T) string) {
	if len(list) > maxList {
		m.add(field, "rules.too_many", fault.Params{"max": maxList})
		return
	}
	for i, item := range list {
		m.key(field, key(item))
		if slices.ContainsFunc(list[:i], func(other T) bool { return key(other) == key(item) }) {
			m.add(field, "rules.key_twice", fault.Params{"value": key(item)})
		}
	}
}

// within names one item of a list by its key.
func within(field, key string) string {
	if !keyForm.MatchString(key) || len(key) > maxText {
		return field
	}
	return field + "." + key
}

func (m *mistakes) key(field, key string) {
	if !keyForm.MatchString(key) || len(key) > maxText {
		m.add(field, "rules.key", fault.Params{"value": key})
	}
}

func sameDate(a, b *calendar.Date) bool { return dateText(a) == dateText(b) }

func dateText(date *calendar.Date) string {
	if date == nil {
		return ""
	}
	return date.String()
}

// Unknown are the tariffs, as field and key, that rules name and the book does
// not have; of a book on a shared one that is asked of both together.
func (r Rules) Unknown() error {
	m := &mistakes{}
	for i := range r.Rules {
		rule := &r.Rules[i]
		m.rule = ruleName(rule.ID, i)
		if charge, ok := ParseCharge(rule.Effects.Price); ok && charge.Tariff != "" {
			if _, there := r.tariff(charge.Tariff); !there {
				m.add("effects.price", "rules.unknown_key", fault.Params{"value": charge.Tariff})
			}
		}
	}
	return m.err()
}
