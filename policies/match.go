package policies

import "slices"

// Matched is what a rule book says to a question.
type Matched struct {
	Effects Effects  // of the first rules that match; Verdict refuse where none has one
	Rules   []string // ids of the rules that decided: verdict, price, competes, limits; each once
	By      *Rule    // the rule that gave the verdict; nil = nobody has allowed this
}

// Match goes through the rules in their order; for each effect the first rule
// that has it and whose conditions are all true decides.
func (b Book) Match(q Question) Matched {
	q.Zone, q.Who.Class = zoneOf(q), classOf(q)
	return b.match(situationOf(&q, coreSpans(q.Hours)))
}

// Limit gives the place with the limits of the rule book in place of its own.
func (m Matched) Limit(place Place) Place {
	limits := m.Effects.Limits
	if limits == nil {
		return place
	}
	place.MaxMinutes = firstSet(limits.MaxMinutes, place.MaxMinutes)
	place.DaysAheadMax = firstSet(limits.DaysAheadMax, place.DaysAheadMax)
	place.ActiveLimit = firstSet(limits.ActiveLimit, place.ActiveLimit)
	place.SeriesDays = firstSet(limits.SeriesDays, place.SeriesDays)
	if limits.DaysAheadMin != nil {
		place.DaysAheadMin = *limits.DaysAheadMin
	}
	return place
}

func (b Book) match(s *situation) Matched {
	var found deciders
	for i := range b.Rules.Rules {
		rule := &b.Rules.Rules[i]
		if found.misses(rule.Effects) && s.meets(rule) {
			found.take(rule)
		}
	}
	return found.matched()
}

// deciders are the rules that decided, per effect, with what they say.
type deciders struct {
	effects                  Effects
	limits                   Limits
	verdict, price, competes *Rule
	limiting                 []*Rule
}

// misses tells whether a rule with these effects could still decide something.
func (d *deciders) misses(e Effects) bool {
	return (e.Verdict != "" && d.verdict == nil) || (e.Price != "" && d.price == nil) ||
		(e.Competes != nil && d.competes == nil) || (e.Limits != nil && d.limits != d.limits.or(*e.Limits))
}

func (d *deciders) take(rule *Rule) {
	e := rule.Effects
	if e.Verdict != "" && d.verdict == nil {
		d.effects.Verdict, d.verdict = e.Verdict, rule
	}
	if e.Price != "" && d.price == nil {
		d.effects.Price, d.price = e.Price, rule
	}
	if e.Competes != nil && d.competes == nil {
		d.effects.Competes, d.competes = e.Competes, rule
	}
	if e.Limits != nil && d.limits != d.limits.or(*e.Limits) {
		d.limits = d.limits.or(*e.Limits)
		d.limiting = append(d.limiting, rule)
	}
}

func (d *deciders) matched() Matched {
	m := Matched{Effects: d.effects, By: d.verdict}
	if m.By == nil {
		m.Effects.Verdict = Refuse
	}
	if d.limits != (Limits{}) {
		m.Effects.Limits = &d.limits
	}
	for _, rule := range append([]*Rule{d.verdict, d.price, d.competes}, d.limiting...) {
		if rule != nil && !slices.Contains(m.Rules, rule.ID) {
			m.Rules = append(m.Rules, rule.ID)
		}
	}
	return m
}

// or fills what is not set from the limits of a later rule.
func (l Limits) or(later Limits) Limits {
	return Limits{
		MaxMinutes:   firstSet(l.MaxMinutes, later.MaxMinutes),
		DaysAheadMax: firstSet(l.DaysAheadMax, later.DaysAheadMax),
		DaysAheadMin: firstSet(l.DaysAheadMin, later.DaysAheadMin),
		ActiveLimit:  firstSet(l.ActiveLimit, later.ActiveLimit),
		SeriesDays:   firstSet(l.SeriesDays, later.SeriesDays),
	}
}

func firstSet(a, b *int) *int {
	if a != nil {
		return a
	}
	return b
}
