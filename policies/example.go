package policies

import (
	"maps"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

// Example is a booking with what must come of it under a rule book: staff write
// examples so that a version goes live only when all of them come out as meant.
// What is not said of it is plain: a grown-up books a published place for five
// grown-ups and no purpose in particular, for Wednesday 10 January 2024 12–14, a
// week before, within hours that are open for booking, says no to every question
// that must be answered, and accepts the terms.
type Example struct {
	Name     string        `json:"name"`
	Resource string        `json:"resource,omitempty"` // slug of the place that is meant; "" = Place alone
	Place    *ExamplePlace `json:"place,omitempty"`    // in place of what the resource or the book's file says

	Kind         Kind              `json:"kind,omitempty"`
	Class        Class             `json:"class,omitempty"`
	Under18      bool              `json:"under_18,omitempty"`
	Under18Share *int              `json:"under_18_share,omitempty"`
	Local        *bool             `json:"local,omitempty"`
	Municipality string            `json:"municipality,omitempty"`
	Registered   bool              `json:"registered,omitempty"`
	Agreements   []string          `json:"agreements,omitempty"`
	Age          *int              `json:"age,omitempty"`
	Begin        string            `json:"begin,omitempty"` // local, "2024-01-10 12:00"
	End          string            `json:"end,omitempty"`
	Now          string            `json:"now,omitempty"` // when it is asked; "" = seven days before
	Use          string            `json:"use,omitempty"` // core or outside: in place of hours open for booking
	Series       bool              `json:"series,omitempty"`
	Purpose      string            `json:"purpose,omitempty"`
	Persons      *int              `json:"persons,omitempty"` // 0 = left out
	OldestAge    *int              `json:"oldest_age,omitempty"`
	Answers      map[string]string `json:"answers,omitempty"`
	Used         []Used            `json:"used,omitempty"` // of quotas, beforehand

	Want
}

// File is a rule book as a file: what a source says, and examples of it.
type File struct {
	Source   string       `json:"source"`
	Name     Note         `json:"name,omitzero"`
	Place    ExamplePlace `json:"place,omitzero"` // of all examples, unless they say otherwise
	Rules    Rules        `json:"rules"`
	Examples []Example    `json:"examples"`
	Variants []Variant    `json:"variants,omitempty"`
}

// Variant is another reading of a source: rules that stand in place of those
// with the same ids, and what then comes of some examples.
type Variant struct {
	Name     string    `json:"name"`
	Rules    []Rule    `json:"rules"`
	Examples []Example `json:"examples"`
}

// Read is the file by one of its variants.
func (f File) Read(v Variant) File {
	f.Rules.Rules, f.Examples, f.Variants = slices.Clone(f.Rules.Rules), v.Examples, nil
	for i, rule := range f.Rules.Rules {
		if other := slices.IndexFunc(v.Rules, func(r Rule) bool { return r.ID == rule.ID }); other >= 0 {
			f.Rules.Rules[i] = v.Rules[other]
		}
	}
	return f
}

// Want is what must come of an example. A nil price is one that is not known;
// AnyPrice leaves it open.
type Want struct {
	Verdict   Verdict  `json:"verdict"`
	Cents     *int     `json:"cents,omitempty"`
	AnyPrice  bool     `json:"any_price,omitempty"` // the price is not asked about
	Competes  bool     `json:"competes,omitempty"`
	Priority  *int     `json:"priority,omitempty"`
	Rules     []string `json:"rules,omitempty"` // that decided; none = not asked about
	Codes     []string `json:"codes,omitempty"` // of the violations
	Approvals []string `json:"approvals,omitempty"`
	LateFee   *LateFee `json:"late_fee,omitempty"`
}

// LateFee is what giving the example up costs, so many minutes before it begins.
type LateFee struct {
	Minutes int `json:"minutes"`
	Cents   int `json:"cents"`
}

// ExamplePlace is what rules ask of a place; what is absent stays as it is.
type ExamplePlace struct {
	PriceCents  *int     `json:"price_cents,omitempty"`
	PriceUnit   string   `json:"price_unit,omitempty"`
	Type        string   `json:"type,omitempty"`
	Groups      []string `json:"groups,omitempty"`
	Unit        string   `json:"unit,omitempty"`
	City        string   `json:"city,omitempty"`
	AreaM2      *float64 `json:"area_m2,omitempty"`
	Part        *bool    `json:"part,omitempty"`
	Parts       *int     `json:"parts,omitempty"`
	PersonsMax  *int     `json:"persons_max,omitempty"`
	ActiveLimit *int     `json:"active_limit,omitempty"`
	MaxMinutes  *int     `json:"max_minutes,omitempty"`
}

// exampleDay is the Wednesday of examples that name no day.
const exampleDay = "2024-01-10"

// Question is the example as a question. The place is what the caller knows of
// the resource; zone is the installation's.
func (e Example) Question(book Book, place Place, zone *time.Location) (Question, error) {
	begin, err := exampleTime(e.Begin, exampleDay+" 12:00", zone)
	if err != nil {
		return Question{}, err
	}
	end, err := exampleTime(e.End, exampleDay+" 14:00", zone)
	if err != nil {
		return Question{}, err
	}
	now, err := exampleTime(e.Now, begin.AddDate(0, 0, -7).Format(exampleLayout), zone)
	if err != nil {
		return Question{}, err
	}
	q := Question{
		Now: now, Zone: zone, Kind: e.Kind, Asked: calendar.Interval{Begin: begin, End: end}, Place: place, Book: book, Series: e.Series,
		Who: Who{
			Class: e.Class, Under18: e.Under18, Under18Share: e.Under18Share, Local: e.Local, Municipality: e.Municipality,
			Registered: e.Registered || e.Class == Association, Agreements: e.Agreements, Age: e.Age, Known: true, Strong: true, Used: e.Used,
		},
		Form: Form{Title: e.Name, Purpose: e.Purpose, Persons: e.Persons, OldestAge: e.OldestAge, Answers: e.Answers, TermsAccepted: true},
	}
	q.Who.Adult = new(e.Age == nil || *e.Age >= adultAge)
	q.Hours = e.hours(q)
	if e.Place != nil {
		e.Place.Over(&q)
	}
	e.fillIn(&q)
	return q, nil
}

// fillIn gives the plain answers to what the example does not say.
func (e Example) fillIn(q *Question) {
	const someone, grownUp, young = 5, 40, 17
	form := &q.Form
	switch {
	case e.Persons == nil:
		form.Persons = new(min(someone, *firstSet(q.Place.PersonsMax, new(someone))))
	case *e.Persons == 0:
		form.Persons = nil
	}
	form.Purpose = firstText(form.Purpose, "other")
	if form.OldestAge = firstSet(form.OldestAge, new(grownUp)); e.Under18 && e.OldestAge == nil {
		form.OldestAge = new(young)
	}
	form.Answers = map[string]string{}
	for _, field := range RequiredFields(q.Place, q.Book) {
		if !form.has(field) {
			form.Answers[field] = "no"
		}
	}
	maps.Copy(form.Answers, e.Answers)
}

const exampleLayout = "2006-01-02 15:04"

func exampleTime(text, instead string, zone *time.Location) (time.Time, error) {
	if text == "" {
		text = instead
	}
	t, err := time.ParseInLocation(exampleLayout, text, zone)
	if err != nil {
		return t, fault.InvalidField("examples", "rules.example_time", fault.Params{"value": text})
	}
	return t, nil
}

// hours are those of whole days around, of the kind that the example is about.
func (e Example) hours(q Question) []Hours {
	dates := calendar.DatesOf(q.Asked, q.Zone)
	if len(dates) == 0 || len(dates) > maxDays {
		return nil
	}
	whole := calendar.Interval{Begin: calendar.DayBounds(dates[0], q.Zone).Begin, End: calendar.DayBounds(dates[len(dates)-1], q.Zone).End}
	switch e.Use {
	case UseOutside:
		return nil
	case UseCore:
		return []Hours{{whole, Reservable}, {whole, Core}}
	}
	return []Hours{{whole, Reservable}}
}

// Over puts what is said of a place into a question.
func (p *ExamplePlace) Over(q *Question) {
	place := &q.Place
	place.PriceCents = firstSet(p.PriceCents, place.PriceCents)
	place.PriceUnit = firstText(p.PriceUnit, place.PriceUnit)
	place.Type, place.Unit = firstText(p.Type, place.Type), firstText(p.Unit, place.Unit)
	place.AreaM2 = firstSet(p.AreaM2, place.AreaM2)
	place.PersonsMax = firstSet(p.PersonsMax, place.PersonsMax)
	place.ActiveLimit = firstSet(p.ActiveLimit, place.ActiveLimit)
	place.MaxMinutes = firstSet(p.MaxMinutes, place.MaxMinutes)
	place.IsPart, place.Parts = *firstSet(p.Part, &place.IsPart), *firstSet(p.Parts, &place.Parts)
	q.City = firstText(p.City, q.City)
	if len(p.Groups) > 0 {
		place.Groups = p.Groups
	}
}

// Difference is where a decision is not what an example wants.
type Difference struct {
	What string // verdict, cents, competes, priority, rules, codes, approvals or late_fee
	Want any
	Got  any
}

// Differences compares a decision about the example with what it wants.
func (e Example) Differences(q Question, d Decision) (list []Difference) {
	differ := func(what string, same bool, want, got any) {
		if !same {
			list = append(list, Difference{what, want, got})
		}
	}
	differ("verdict", d.Verdict == e.Verdict, e.Verdict, d.Verdict)
	differ("cents", e.AnyPrice || sameNumber(d.Price.Cents, e.Cents), set(e.Cents), set(d.Price.Cents))
	differ("competes", d.Competes == e.Competes, e.Competes, d.Competes)
	differ("priority", e.Priority == nil || sameNumber(d.Priority, e.Priority), set(e.Priority), set(d.Priority))
	differ("rules", len(e.Rules) == 0 || slices.Equal(d.Rules, e.Rules), e.Rules, d.Rules)
	differ("codes", slices.Equal(codes(d.Violations), e.Codes), e.Codes, codes(d.Violations))
	differ("approvals", len(e.Approvals) == 0 || slices.Equal(codes(d.Approvals), e.Approvals), e.Approvals, codes(d.Approvals))
	if fee := e.LateFee; fee != nil {
		got := d.Price.Cancellation.Fee(d.Price.Cents, q.Asked.Begin, q.Asked.Begin.Add(-time.Duration(fee.Minutes)*time.Minute))
		differ("late_fee", got == fee.Cents, fee.Cents, got)
	}
	return list
}

func sameNumber(a, b *int) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

func codes(violations []Violation) []string {
	var list []string
	for _, v := range violations {
		list = append(list, v.Code)
	}
	return list
}
