package policies

import (
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
		if found.misses(rule.Effects) && s.meets(rule) {
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
func (d *deciders) misses(e Effects) bool { return len(d.effects.lacks(e)) > 0 }

func (d *deciders) take(rule *Rule) {
	lacked := d.effects.lacks(rule.Effects)
	d.effects = d.effects.or(rule.Effects)
	for _, name := range lacked {
		switch name {
		case "verdict":
			d.verdict = rule
		case "price":
			d.price = rule
		default:
			d.others = append(d.others, rule)
		}
	}
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
func (e Effects) lacks(later Effects) (names []string) {
	lack := func(name string, has, says bool) {
		if says && !has {
			names = append(names, name)
		}
	}
	lack("verdict", e.Verdict != "", later.Verdict != "")
	lack("price", e.Price != "", later.Price != "")
	lack("competes", e.Competes != nil, later.Competes != nil)
	lack("priority", e.Priority != nil, later.Priority != nil)
	lack("outside_hours", e.OutsideHours != nil, later.OutsideHours != nil)
	lack("deposit", e.Deposit != nil, later.Deposit != nil)
	lack("cancellation", e.Cancellation != nil, later.Cancellation != nil)
	if len(later.Factors) > 0 {
		for _, key := range slices.Sorted(maps.Keys(later.Factors)) {
			_, has := e.Factors[key]
			lack("factors."+key, has, true)
		}
	}
	for _, fee := range later.Fees {
		lack("fees."+fee.Key, slices.ContainsFunc(e.Fees, func(f Fee) bool { return f.Key == fee.Key }), true)
	}
	for _, quota := range later.Quotas {
		lack("quotas."+quota.Key, slices.ContainsFunc(e.Quotas, func(q Quota) bool { return q.Key == quota.Key }), true)
	}
	for _, key := range later.Fields {
		lack("fields."+key, slices.Contains(e.Fields, key), true)
	}
	for _, key := range later.Terms {
		lack("terms."+key, slices.Contains(e.Terms, key), true)
	}
	if later.Limits != nil {
		names = append(names, e.Limits.lacks(*later.Limits)...)
	}
	return names
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
func (l *Limits) lacks(later Limits) (names []string) {
	has := Limits{}
	if l != nil {
		has = *l
	}
	for _, limit := range []struct {
		name      string
		has, says bool
	}{
		{"min_minutes", has.MinMinutes != nil, later.MinMinutes != nil},
		{"max_minutes", has.MaxMinutes != nil, later.MaxMinutes != nil},
		{"days_ahead_max", has.DaysAheadMax != nil, later.DaysAheadMax != nil},
		{"days_ahead_min", has.DaysAheadMin != nil, later.DaysAheadMin != nil},
		{"active_limit", has.ActiveLimit != nil, later.ActiveLimit != nil},
		{"persons_min", has.PersonsMin != nil, later.PersonsMin != nil},
		{"persons_max", has.PersonsMax != nil, later.PersonsMax != nil},
		{"adult_only", has.AdultOnly != nil, later.AdultOnly != nil},
		{"strong_sign_in", has.StrongSignIn != nil, later.StrongSignIn != nil},
		{"series_days", has.SeriesDays != nil, later.SeriesDays != nil},
	} {
		if limit.says && !limit.has {
			names = append(names, "limits."+limit.name)
		}
	}
	return names
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
