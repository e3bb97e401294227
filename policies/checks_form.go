package policies

import (
	"iter"
	"slices"
	"strings"

	"vuoro/calendar"
	"vuoro/fault"
)

// The form fields that have a name of their own; other names are keys of
// Form.Answers.
const (
	FieldTitle   = "title"
	FieldPurpose = "purpose"
	FieldPersons = "persons"
	FieldTerms   = "terms"
	FieldFree    = "free_reason"
	FieldOldest  = "oldest_age"
)

// checkActiveLimit counts the reservation that is asked for in.
func checkActiveLimit(q *inquiry) []Violation {
	if q.Place.ActiveLimit == nil || q.Who.Active < *q.Place.ActiveLimit {
		return nil
	}
	limit, active := *q.Place.ActiveLimit, q.Who.Active
	return q.violates(CodeActiveLimit, limit, active+1, fault.Params{"limit": limit, "active": active})
}

// checkPersons asks about a number that was given; whether it must be is a
// question of the required fields.
func checkPersons(q *inquiry) []Violation {
	if q.Form.Persons == nil {
		return nil
	}
	persons, least := *q.Form.Persons, 1
	if q.Place.PersonsMin != nil {
		least = max(least, *q.Place.PersonsMin)
	}
	var found []Violation
	if persons < least {
		found = q.violates(CodePersonsMin, least, persons, fault.Params{"min": least, "persons": persons})
	}
	if most := q.Place.PersonsMax; most != nil && persons > *most {
		found = append(found, q.violation(CodePersonsMax, *most, persons, fault.Params{"max": *most, "persons": persons}))
	}
	return found
}

func checkFields(q *inquiry) []Violation {
	var found []Violation
	for _, field := range required(q.Question.Place, q.Book, q.matched.Effects.Fields) {
		if !q.Form.has(field) {
			found = append(found, q.violation(CodeFieldMissing, field, nil, fault.Params{"field": field}))
		}
	}
	return found
}

// has tells whether the field was filled in.
func (f Form) has(field string) bool {
	switch field {
	case FieldTitle:
		return strings.TrimSpace(f.Title) != ""
	case FieldPurpose:
		return strings.TrimSpace(f.Purpose) != ""
	case FieldPersons:
		return f.Persons != nil
	case FieldOldest:
		return f.OldestAge != nil
	case FieldTerms:
		return f.TermsAccepted
	}
	return strings.TrimSpace(f.Answers[field]) != ""
}

// RequiredFields lists what must be filled in: the place's own fields, and
// those that decide whether a stricter rule of the book holds. Without the
// latter an empty field would be the way around "200 persons and more need an
// approval". Forms show the same list that Decide checks; fields that a rule
// wants of those whom it matches come with Decide alone.
func RequiredFields(place Place, book Book) []string { return required(place, book, nil) }

func required(place Place, book Book, wanted []string) []string {
	fields := place.RequiredFields
	for rule := range book.within(place) {
		for _, field := range book.counts(rule) {
			fields = withField(fields, field)
		}
		if !rule.strict() {
			continue
		}
		for _, field := range rule.What.fields() {
			if book.canAsk(field) {
				fields = withField(fields, field)
			}
		}
	}
	for _, field := range wanted {
		fields = withField(fields, field)
	}
	return fields
}

// within are the rules that can match in a place.
func (b Book) within(place Place) iter.Seq[*Rule] {
	return func(yield func(*Rule) bool) {
		place = b.Rules.roomiest(place)
		s := situation{place: &place}
		for i := range b.Rules.Rules {
			if rule := &b.Rules.Rules[i]; !s.never(rule) && !yield(rule) {
				return
			}
		}
	}
}

// counts are the fields by whose number a rule charges.
func (b Book) counts(rule *Rule) []string {
	var fields []string
	charge, _ := ParseCharge(rule.Effects.Price)
	if tariff, _ := b.Rules.tariff(charge.Tariff); tariff.PerPerson {
		fields = append(fields, FieldPersons)
	}
	for _, fee := range rule.Effects.Fees {
		if fee.PerPerson {
			fields = append(fields, FieldPersons)
		}
		if b.canAsk(fee.Times) {
			fields = append(fields, fee.Times)
		}
	}
	return fields
}

// canAsk tells whether forms know how to ask for a field: one of their own, or a
// question of the book. A rule about an answer that nobody is asked for holds
// only for those who give it, through the API.
func (b Book) canAsk(field string) bool {
	return slices.Contains([]string{FieldTitle, FieldPurpose, FieldPersons, FieldOldest}, field) ||
		slices.ContainsFunc(b.Rules.Questions, func(q FormField) bool { return q.Key == field })
}

// AskedFields lists every field that some rule of the book looks at or wants in
// a place, in their order, whether it must be filled in or not.
func AskedFields(place Place, book Book) []string {
	fields := required(place, book, nil)
	for rule := range book.within(place) {
		for _, field := range concat(rule.What.fields(), rule.Effects.Fields) {
			fields = withField(fields, field)
		}
	}
	return fields
}

// strict tells whether somebody would rather not meet the rule.
func (r *Rule) strict() bool {
	e := &r.Effects
	dear := false
	for _, percent := range e.Factors {
		dear = dear || percent > 100
	}
	return e.Verdict == Approval || e.Verdict == Refuse || len(e.Fees) > 0 || dear || len(e.Quotas) > 0
}

// never tells whether a rule cannot match in the place, whoever asks.
func (s *situation) never(rule *Rule) bool {
	for i := range aboutPlace {
		if !aboutPlace[i].holds(s, rule) {
			return true
		}
	}
	return !rule.What.reachable(s.place.PersonsMax)
}

// roomiest is the place with the most persons that any rule lets in.
func (r *Rules) roomiest(place Place) Place {
	place.PersonsMax = r.mostPersons(&place)
	return place
}

// mostPersons is how many a place may ever hold, by its own limit or by one of
// the book; nil = no bound.
func (r *Rules) mostPersons(place *Place) *int {
	most := place.PersonsMax
	for i := range r.Rules {
		if l := r.Rules[i].Effects.Limits; l != nil && l.PersonsMax != nil {
			most = larger(most, l.PersonsMax)
		}
	}
	return most
}

// larger is the larger of two limits; nil = none is the largest.
func larger(a, b *int) *int {
	if a == nil || b == nil {
		return nil
	}
	return new(max(*a, *b))
}

// fields are the form fields that the condition is about.
func (w *What) fields() []string {
	var fields []string
	if w.persons() {
		fields = append(fields, FieldPersons)
	}
	if len(w.Purposes) > 0 {
		fields = append(fields, FieldPurpose)
	}
	if w.OldestMin != nil || w.OldestMax != nil {
		fields = append(fields, FieldOldest)
	}
	return append(fields, w.keys()...)
}

// withField leaves the caller's list as it was.
func withField(fields []string, field string) []string {
	if slices.Contains(fields, field) {
		return fields
	}
	return append(slices.Clip(fields), field)
}

// checkFreeOfCharge wants to know why. Where nothing is charged there is
// nothing to ask for.
func checkFreeOfCharge(q *inquiry) []Violation {
	if !q.Form.FreeOfCharge || strings.TrimSpace(q.Form.FreeReason) != "" || !q.asksFree(price(q)) {
		return nil
	}
	return q.violates(CodeFreeReason, nil, nil, nil)
}

// asksFree tells whether free use is asked for of a place that charges, or may.
func (in *inquiry) asksFree(p Price) bool {
	return in.Form.FreeOfCharge && (p.Cents == nil || *p.Cents > 0)
}

func checkTerms(q *inquiry) []Violation {
	if q.Form.TermsAccepted {
		return nil
	}
	return q.violates(CodeTerms, nil, nil, nil)
}

func checkElsewhere(q *inquiry) []Violation {
	if !q.Place.OnePlaceAtOnce {
		return nil
	}
	other := slices.IndexFunc(q.Who.Elsewhere, func(i calendar.Interval) bool { return i.Overlaps(q.Asked) })
	if other < 0 {
		return nil
	}
	there := q.Who.Elsewhere[other]
	return q.violates(CodeElsewhere, there, q.Asked, fault.Params{"from": there.Begin, "to": there.End})
}

func checkRuleBook(q *inquiry) []Violation {
	switch {
	case q.matched.Effects.Verdict != Refuse:
		return nil
	case q.matched.By == nil:
		return q.violates(CodeNobodyAllowed, nil, nil, nil)
	}
	return []Violation{q.ruleViolation(CodeRule)}
}

// ruleViolation names the rule that gave the verdict.
func (in *inquiry) ruleViolation(code string) Violation {
	rule := in.matched.By
	return in.violation(code, rule.ID, nil, fault.Params{"rule": rule.ID, "note": rule.Note})
}

// Anytime tells whether the rule says no to every time of the place, so that
// another one would not help.
func (v Violation) Anytime() bool {
	switch v.Code {
	case CodeNotOpen, CodeWindowOpens, CodeWindow, CodeSeasonOnly, CodeNoSeries, CodeAdultsOnly, CodeStrongSignIn, CodeActiveLimit:
		return true
	case CodeQuota, CodeQuotaTimes:
		return v.Params["window"] == InOpen
	}
	return false
}

// Field is the form field that a violation is about, "" for place and time.
func (v Violation) Field() string {
	switch v.Code {
	case CodeFieldMissing:
		field, _ := v.Value.(string)
		return field
	case CodePersonsMin, CodePersonsMax:
		return FieldPersons
	case CodeTerms:
		return FieldTerms
	case CodeFreeReason:
		return FieldFree
	}
	return ""
}
