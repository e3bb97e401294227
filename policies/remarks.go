package policies

import (
	"reflect"
	"slices"
	"strings"

	"vuoro/calendar"
	"vuoro/fault"
)

// Severity says how bad a remark is.
type Severity string

// An error is certainly a mistake; a warning may be meant.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Remark is something that is odd about a book that can be read all the same.
type Remark struct {
	Rule     string       `json:"rule,omitempty"` // id; "" = the book
	Code     string       `json:"code"`           // sentence in web/locales
	Params   fault.Params `json:"params,omitempty"`
	Severity Severity     `json:"severity"`
}

// RemarkCodes lists the codes of Remarks with the params that each carries.
var RemarkCodes = map[string][]string{
	"rules.never_area":    {"rule"},
	"rules.never_day":     {"rule"},
	"rules.no_place":      {"rule"},
	"rules.crowd":         {"rule", "value", "max"},
	"rules.no_option":     {"rule", "field", "value"},
	"rules.not_asked":     {"rule", "field"},
	"rules.contradiction": {"rule", "other"},
	"rules.never_decides": {"rule", "other"},
	"rules.too_late":      {"rule", "other"},
	"rules.quota_nowhere": {"rule", "value"},
	"rules.unused_tariff": {"value"},
	"rules.allows_nobody": nil,
	"rules.price_unknown": {"place"},
}

// Remarks looks for what cannot be meant: rules that never match or never
// decide anything, rules that contradict each other, questions that nobody
// asks. places are those that follow the book; without them nothing is said of
// places. It is about one book by itself: over a shared one rules may well stand
// in the way of others. What it says of a rule is so for every question about
// one of the places; what it does not say may be so too.
func (r Rules) Remarks(places []Place) []Remark {
	found := &remarks{rules: &r, places: places}
	for i := range r.Rules {
		rule := &r.Rules[i]
		found.rule = rule.ID
		if !found.neverMatches(rule) {
			found.shadowed(rule, r.Rules[:i])
		}
		found.questions(rule)
		found.quotas(rule)
	}
	found.rule = ""
	found.book()
	return found.list
}

type remarks struct {
	rules  *Rules
	places []Place
	rule   string
	list   []Remark
}

func (m *remarks) add(severity Severity, code string, p fault.Params) {
	if p == nil {
		p = fault.Params{}
	}
	if m.rule != "" {
		p["rule"] = m.rule
	}
	m.list = append(m.list, Remark{Rule: m.rule, Code: code, Params: p, Severity: severity})
}

// neverMatches says why a rule never does.
func (m *remarks) neverMatches(rule *Rule) bool {
	before := len(m.list)
	if rule.Where.isEmpty() {
		m.add(SeverityError, "rules.never_area", nil)
	}
	if rule.When.isEmpty() {
		m.add(SeverityError, "rules.never_day", nil)
	}
	if len(m.places) == 0 || len(m.list) > before {
		return len(m.list) > before
	}
	if !slices.ContainsFunc(m.places, rule.Where.holds) {
		m.add(SeverityWarning, "rules.no_place", nil)
		return true
	}
	if least := rule.What.PersonsMin; least != nil {
		if most := m.mostPersons(rule); most != nil && *least > *most {
			m.add(SeverityWarning, "rules.crowd", fault.Params{"value": *least, "max": *most})
		}
	}
	return false
}

// mostPersons is how many the places of a rule hold; nil = no bound.
func (m *remarks) mostPersons(rule *Rule) *int {
	most := new(0)
	for i := range m.places {
		if place := &m.places[i]; most != nil && rule.Where.holds(*place) {
			most = larger(most, m.rules.mostPersons(place))
		}
	}
	return most
}

// holds tells whether a place is meant.
func (w *Where) holds(place Place) bool {
	s, rule := situation{place: &place}, Rule{Where: *w}
	for i := range aboutPlace {
		if !aboutPlace[i].holds(&s, &rule) {
			return false
		}
	}
	return true
}

// isEmpty tells whether no area lies within the bounds.
func (w *Where) isEmpty() bool {
	less := func(least, most *float64) bool { return least != nil && most != nil && *most < *least }
	touch := func(least, most *float64) bool { return least != nil && most != nil && *most <= *least }
	return less(w.AreaMin, w.AreaMax) || touch(w.AreaMin, w.AreaUnder) || touch(w.AreaOver, w.AreaMax) || touch(w.AreaOver, w.AreaUnder)
}

// isEmpty tells whether no day is meant: of dates that end, each is looked at.
func (w *When) isEmpty() bool {
	const most = 3 * 366
	if w.Dates == nil || w.Dates.From == nil || w.Dates.To == nil || w.Dates.From.DaysUntil(*w.Dates.To) > most {
		return false
	}
	night := w.window().To > calendar.DayMinutes
	for date := *w.Dates.From; !date.After(*w.Dates.To); date = date.AddDays(1) {
		weekday := len(w.Weekdays) == 0 || slices.Contains(w.Weekdays, int(date.Weekday())) ||
			night && slices.Contains(w.Weekdays, int(date.AddDays(-1).Weekday()))
		if weekday && (w.Season == nil || w.Season.holds(date)) && (w.Holiday == nil || *w.Holiday == calendar.IsHoliday(date)) {
			return false
		}
	}
	return true
}

// shadowed says which rules above decide whatever a rule would.
func (m *remarks) shadowed(rule *Rule, above []Rule) {
	var implied, by []*Rule
	for i := range above {
		if rule.implies(&above[i]) {
			implied = append(implied, &above[i])
		}
	}
	free, shadowsVerdict := false, (*Rule)(nil)
	for name := range (&Effects{}).lacks(&rule.Effects) {
		i := slices.IndexFunc(implied, func(other *Rule) bool { return other.Effects.says(name) })
		if i < 0 {
			free = true
			continue
		}
		other := implied[i]
		if sameConditions(rule, other) && !rule.Effects.agrees(&other.Effects, name) {
			m.add(SeverityError, "rules.contradiction", fault.Params{"other": other.ID})
			return
		}
		if by = append(by, other); name == "verdict" {
			shadowsVerdict = other
		}
	}
	switch {
	case !free && len(by) > 0:
		m.add(SeverityWarning, "rules.never_decides", fault.Params{"other": idsOf(by)})
	case shadowsVerdict != nil && rule.Effects.Verdict.stricter(shadowsVerdict.Effects.Verdict):
		m.add(SeverityWarning, "rules.too_late", fault.Params{"other": shadowsVerdict.ID})
	}
}

// says tells whether the effects have the one of a name.
func (e *Effects) says(name string) bool {
	for own := range (&Effects{}).lacks(e) {
		if own == name {
			return true
		}
	}
	return false
}

// agrees tells whether both have the same effect of a name.
func (e *Effects) agrees(other *Effects, name string) bool {
	kind, key, _ := strings.Cut(name, ".")
	switch kind {
	case "verdict":
		return e.Verdict == other.Verdict
	case "price":
		return e.Price == other.Price
	case "competes":
		return *e.Competes == *other.Competes
	case "priority":
		return *e.Priority == *other.Priority
	case "outside_hours":
		return *e.OutsideHours == *other.OutsideHours
	case "deposit":
		return *e.Deposit == *other.Deposit
	case "cancellation":
		return reflect.DeepEqual(e.Cancellation, other.Cancellation)
	case "factors":
		return e.Factors[key] == other.Factors[key]
	case "fees":
		return reflect.DeepEqual(keyed(e.Fees, key, func(f Fee) string { return f.Key }), keyed(other.Fees, key, func(f Fee) string { return f.Key }))
	case "quotas":
		return reflect.DeepEqual(keyed(e.Quotas, key, func(q Quota) string { return q.Key }), keyed(other.Quotas, key, func(q Quota) string { return q.Key }))
	case "limits":
		return e.Limits.agrees(other.Limits, name)
	}
	return true // a field or terms that both want
}

// agrees tells whether both set the limit of a name to the same.
func (l *Limits) agrees(other *Limits, name string) bool {
	field := reflect.TypeFor[Limits]()
	for i := range field.NumField() {
		if tag, _, _ := strings.Cut(field.Field(i).Tag.Get("json"), ","); "limits."+tag == name {
			return reflect.DeepEqual(reflect.ValueOf(*l).Field(i).Interface(), reflect.ValueOf(*other).Field(i).Interface())
		}
	}
	return true
}

func keyed[T any](list []T, key string, of func(T) string) T {
	return list[slices.IndexFunc(list, func(item T) bool { return of(item) == key })]
}

func sameConditions(a, b *Rule) bool { return a.implies(b) && b.implies(a) }

func (v Verdict) stricter(than Verdict) bool {
	order := []Verdict{Allow, Approval, Refuse}
	return slices.Index(order, v) > slices.Index(order, than)
}

func idsOf(rules []*Rule) string {
	var ids []string
	for _, rule := range rules {
		if !slices.Contains(ids, rule.ID) {
			ids = append(ids, rule.ID)
		}
	}
	return strings.Join(ids, ", ")
}

// questions says what a rule wants to know that no form asks.
func (m *remarks) questions(rule *Rule) {
	book := Book{Rules: *m.rules}
	asked := concat(rule.What.keys(), rule.Effects.Fields)
	for _, fee := range rule.Effects.Fees {
		if fee.Times != "" {
			asked = append(asked, fee.Times)
		}
	}
	for _, field := range asked {
		if !book.canAsk(field) {
			m.add(SeverityWarning, "rules.not_asked", fault.Params{"field": field})
		}
	}
	for _, key := range rule.What.keys() {
		i := slices.IndexFunc(m.rules.Questions, func(q FormField) bool { return q.Key == key })
		if i < 0 {
			continue
		}
		for _, value := range rule.What.Answers[key] {
			if !m.rules.Questions[i].offers(value) {
				m.add(SeverityWarning, "rules.no_option", fault.Params{"field": key, "value": value})
			}
		}
	}
}

// offers tells whether somebody can answer so; "" is no answer.
func (q *FormField) offers(value string) bool {
	switch q.Kind {
	case "yes_no":
		return slices.Contains([]string{"", "yes", "no"}, value)
	case "choice", "several":
		return value == "" || slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == value })
	}
	return true
}

// quotas says which quotas are over nothing.
func (m *remarks) quotas(rule *Rule) {
	for i := range rule.Effects.Quotas {
		quota := &rule.Effects.Quotas[i]
		if len(m.places) == 0 || quota.Over.alone() || quota.Over.Book {
			continue
		}
		if !slices.ContainsFunc(m.places, func(p Place) bool { return quota.Over.Holds(p.Slug, p.Unit, p.Groups, false) }) {
			m.add(SeverityWarning, "rules.quota_nowhere", fault.Params{"value": quota.Key})
		}
	}
}

// book says what is odd about the whole.
func (m *remarks) book() {
	allows := func(rule Rule) bool { return rule.Effects.Verdict == Allow || rule.Effects.Verdict == Approval }
	if !slices.ContainsFunc(m.rules.Rules, allows) {
		m.add(SeverityWarning, "rules.allows_nobody", nil)
	}
	for _, tariff := range m.rules.Tariffs {
		if !slices.ContainsFunc(m.rules.Rules, func(rule Rule) bool { charge, _ := ParseCharge(rule.Effects.Price); return charge.Tariff == tariff.Key }) {
			m.add(SeverityWarning, "rules.unused_tariff", fault.Params{"value": tariff.Key})
		}
	}
	for i := range m.places {
		if place := &m.places[i]; place.PriceCents == nil && m.asksListPrice(place) {
			m.add(SeverityWarning, "rules.price_unknown", fault.Params{"place": place.Slug})
		}
	}
}

// asksListPrice tells whether somebody may have to pay a place's list price.
func (m *remarks) asksListPrice(place *Place) bool {
	for i := range m.rules.Rules {
		rule := &m.rules.Rules[i]
		if rule.Effects.Price == "" || !rule.Where.holds(*place) {
			continue
		}
		if charge, _ := ParseCharge(rule.Effects.Price); charge.Percent > 0 && charge.Tariff == "" {
			return true
		}
		if everywhere := (Rule{Where: rule.Where}); everywhere.implies(rule) {
			return false
		}
	}
	return true
}
