package policies

import (
	"iter"
	"maps"
	"slices"
)

// Matched is what a rule book says to a question.
type Matched struct {
	Effects Effects  // of the first rules that match; Verdict refuse where none has one
	Rules   []string // ids of the rules that decided: verdict, price, then the others; each once
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
	place.PersonsMin = firstSet(limits.PersonsMin, place.PersonsMin)
	place.PersonsMax = firstSet(limits.PersonsMax, place.PersonsMax)
	place.SeriesDays = firstSet(limits.SeriesDays, place.SeriesDays)
	place.MinMinutes = *firstSet(limits.MinMinutes, &place.MinMinutes)
	place.DaysAheadMin = *firstSet(limits.DaysAheadMin, &place.DaysAheadMin)
	place.AdultOnly = *firstSet(limits.AdultOnly, &place.AdultOnly)
	place.StrongSignIn = *firstSet(limits.StrongSignIn, &place.StrongSignIn)
	return place
}

func (b Book) match(s *situation) Matched {
	var found deciders
	for i := range b.Rules.Rules {
		rule := &b.Rules.Rules[i]
		if found.misses(&rule.Effects) && s.meets(rule) {
			found.take(rule)
		}
	}
	return found.matched()
}

// deciders gather what the rules say, from the first to the last.
type deciders struct {
	effects        Effects
	verdict, price *Rule
	others         []*Rule
}

// misses tells whether a rule with these effects could still decide something.
func (d *deciders) misses(e *Effects) bool {
	for range d.effects.lacks(e) {
		return true
	}
	return false
}

func (d *deciders) take(rule *Rule) {
	for name := range d.effects.lacks(&rule.Effects) {
		switch name {
		case "verdict":
			d.verdict = rule
		case "price":
			d.price = rule
		default:
			d.others = append(d.others, rule)
		}
	}
	d.effects = d.effects.or(rule.Effects)
}

func (d *deciders) matched() Matched {
	m := Matched{Effects: d.effects, By: d.verdict}
	if m.By == nil {
		m.Effects.Verdict = Refuse
	}
	for _, rule := range append([]*Rule{d.verdict, d.price}, d.others...) {
		if rule != nil && !slices.Contains(m.Rules, rule.ID) {
			m.Rules = append(m.Rules, rule.ID)
		}
	}
	return m
}

// lacks names what a later rule says that e does not yet: "verdict", "price",
// "fees.cleaning", "limits.max_minutes" …
func (e *Effects) lacks(later *Effects) iter.Seq[string] {
	return func(yield func(string) bool) {
		_ = e.lacksPlain(later, yield) && e.lacksKeyed(later, yield) && e.Limits.lacks(later.Limits, yield)
	}
}

func (e *Effects) lacksPlain(later *Effects, yield func(string) bool) bool {
	return (later.Verdict == "" || e.Verdict != "" || yield("verdict")) &&
		(later.Price == "" || e.Price != "" || yield("price")) &&
		(later.Competes == nil || e.Competes != nil || yield("competes")) &&
		(later.Priority == nil || e.Priority != nil || yield("priority")) &&
		(later.OutsideHours == nil || e.OutsideHours != nil || yield("outside_hours")) &&
		(later.Deposit == nil || e.Deposit != nil || yield("deposit")) &&
		(later.Cancellation == nil || e.Cancellation != nil || yield("cancellation"))
}

func (e *Effects) lacksKeyed(later *Effects, yield func(string) bool) bool {
	if len(later.Factors) > 0 {
		for _, key := range slices.Sorted(maps.Keys(later.Factors)) {
			if _, has := e.Factors[key]; !has && !yield("factors."+key) {
				return false
			}
		}
	}
	for _, fee := range later.Fees {
		if !slices.ContainsFunc(e.Fees, func(f Fee) bool { return f.Key == fee.Key }) && !yield("fees."+fee.Key) {
			return false
		}
	}
	for i := range later.Quotas {
		key := later.Quotas[i].Key
		if !slices.ContainsFunc(e.Quotas, func(q Quota) bool { return q.Key == key }) && !yield("quotas."+key) {
			return false
		}
	}
	for _, key := range later.Fields {
		if !slices.Contains(e.Fields, key) && !yield("fields."+key) {
			return false
		}
	}
	for _, key := range later.Terms {
		if !slices.Contains(e.Terms, key) && !yield("terms."+key) {
			return false
		}
	}
	return true
}

// or fills what is not said yet from a later rule, leaving both as they are.
func (e Effects) or(later Effects) Effects {
	e.Verdict, e.Price = firstText(e.Verdict, later.Verdict), firstText(e.Price, later.Price)
	e.Competes, e.Priority = firstSet(e.Competes, later.Competes), firstSet(e.Priority, later.Priority)
	e.OutsideHours, e.Deposit = firstSet(e.OutsideHours, later.OutsideHours), firstSet(e.Deposit, later.Deposit)
	e.Cancellation = firstSet(e.Cancellation, later.Cancellation)
	if len(later.Factors) > 0 {
		both := maps.Clone(later.Factors)
		maps.Copy(both, e.Factors)
		e.Factors = both
	}
	e.Fees = byKey(e.Fees, later.Fees, func(f Fee) string { return f.Key })
	e.Quotas = byKey(e.Quotas, later.Quotas, func(q Quota) string { return q.Key })
	e.Fields = byKey(e.Fields, later.Fields, func(key string) string { return key })
	e.Terms = byKey(e.Terms, later.Terms, func(key string) string { return key })
	e.Limits = e.Limits.or(later.Limits)
	return e
}

// byKey is the first list with those of the second whose keys it lacks.
func byKey[T any](first, later []T, key func(T) string) []T {
	for _, item := range later {
		if !slices.ContainsFunc(first, func(other T) bool { return key(other) == key(item) }) {
			first = append(slices.Clip(first), item)
		}
	}
	return first
}

// lacks names the limits that l does not set yet; nil sets none.
func (l *Limits) lacks(later *Limits, yield func(string) bool) bool {
	if later == nil {
		return true
	}
	if l == nil {
		l = &Limits{}
	}
	return (later.MinMinutes == nil || l.MinMinutes != nil || yield("limits.min_minutes")) &&
		(later.MaxMinutes == nil || l.MaxMinutes != nil || yield("limits.max_minutes")) &&
		(later.DaysAheadMax == nil || l.DaysAheadMax != nil || yield("limits.days_ahead_max")) &&
		(later.DaysAheadMin == nil || l.DaysAheadMin != nil || yield("limits.days_ahead_min")) &&
		(later.ActiveLimit == nil || l.ActiveLimit != nil || yield("limits.active_limit")) &&
		(later.PersonsMin == nil || l.PersonsMin != nil || yield("limits.persons_min")) &&
		(later.PersonsMax == nil || l.PersonsMax != nil || yield("limits.persons_max")) &&
		(later.AdultOnly == nil || l.AdultOnly != nil || yield("limits.adult_only")) &&
		(later.StrongSignIn == nil || l.StrongSignIn != nil || yield("limits.strong_sign_in")) &&
		(later.SeriesDays == nil || l.SeriesDays != nil || yield("limits.series_days"))
}

// or fills what is not set from the limits of a later rule.
func (l *Limits) or(later *Limits) *Limits {
	switch {
	case later == nil:
		return l
	case l == nil:
		return later
	}
	return &Limits{
		MinMinutes:   firstSet(l.MinMinutes, later.MinMinutes),
		MaxMinutes:   firstSet(l.MaxMinutes, later.MaxMinutes),
		DaysAheadMax: firstSet(l.DaysAheadMax, later.DaysAheadMax),
		DaysAheadMin: firstSet(l.DaysAheadMin, later.DaysAheadMin),
		ActiveLimit:  firstSet(l.ActiveLimit, later.ActiveLimit),
		PersonsMin:   firstSet(l.PersonsMin, later.PersonsMin),
		PersonsMax:   firstSet(l.PersonsMax, later.PersonsMax),
		AdultOnly:    firstSet(l.AdultOnly, later.AdultOnly),
		StrongSignIn: firstSet(l.StrongSignIn, later.StrongSignIn),
		SeriesDays:   firstSet(l.SeriesDays, later.SeriesDays),
	}
}

func firstSet[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func firstText[T ~string](a, b T) T {
	if a != "" {
		return a
	}
	return b
}
