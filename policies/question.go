// Package policies turns rules into decisions: given a place, a person, a time
// and a rule book it says allow, approval or refuse, with every reason and the
// price. It promises to be pure: the same question gives the same decision,
// and nothing is read from clock or database. It leaves out conflicts with
// other reservations (booking) and the sentences of the reasons (web/locales).
package policies

import (
	"strconv"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

// Kind is the kind of a reservation; it decides which checks apply.
type Kind string

// The kinds of domain.md's table.
const (
	Ordinary Kind = "ordinary" // by residents and associations
	Behalf   Kind = "behalf"   // by staff for somebody
	Staff    Kind = "staff"    // by staff for the city's own use
	Closure  Kind = "closure"  // a block: maintenance, own event
	Seasonal Kind = "seasonal" // made from a round's slots
)

// HoursKind says what a span of opening hours is for.
type HoursKind string

// The kinds of spans. Open is not reservable; core use takes away.
const (
	Open       HoursKind = "open"
	Reservable HoursKind = "reservable"
	Core       HoursKind = "core"
	Closed     HoursKind = "closed"
)

// Hours are one resolved span of opening hours; spans of one kind that touch
// are already merged.
type Hours struct {
	calendar.Interval
	Kind HoursKind
}

// Place is what the checks need to know of a resource. Durations are
// wall-clock minutes; nil means "no such limit" or "not known".
type Place struct {
	Published      bool      // the resource's state
	PublishFrom    time.Time // zero = no bound; also the next three
	PublishTo      time.Time
	BookingFrom    time.Time
	BookingTo      time.Time
	SeasonOnly     bool
	WholeDay       bool
	Raster         int // start raster, 15–420; 0 = none
	MinMinutes     int
	MaxMinutes     *int
	DaysAheadMax   *int
	DaysAheadMin   int
	ActiveLimit    *int
	SeriesDays     *int // how far ahead a series may reach; nil or 0 = residents and associations make none
	PersonsMin     *int
	PersonsMax     *int
	AdultOnly      bool
	StrongSignIn   bool
	RequiredFields []string // names of form fields: "title", "purpose", "persons", or keys of answers; see RequiredFields
	PriceCents     *int     // per PriceUnit; nil = not known
	PriceUnit      string   // one of Units; "" = hour
	OnePlaceAtOnce bool     // the unit forbids the same person in two places
	CancelMinutes  *int     // before the begin until when the holder may cancel; nil = not at all

	// what rules ask of it
	Slug   string
	Unit   string // slug
	Type   string
	Groups []string
	AreaM2 *float64
	IsPart bool // a part of a divided space
	Parts  int  // atoms that it takes
}

// Who is the holder (and the acting person) as rules see them.
type Who struct {
	Class     Class               // "" = person; for kinds staff and closure the city
	Under18   bool                // the activity is for under-18s
	Adult     *bool               // the acting person; nil = unknown = not adult
	Strong    bool                // strong sign-in in force
	Known     bool                // signed in; false = anonymous, asked before sign-in
	Local     *bool               // from this municipality; nil = unknown
	Active    int                 // unfinished ordinary reservations of the person on this resource
	Elsewhere []calendar.Interval // where the same person is already, for OnePlaceAtOnce
	Used      []Used              // of the quotas that bind, see Quotas

	Municipality string
	Registered   bool     // in the register of associations or companies
	Under18Share *int     // percent of the members; nil = not known
	Agreements   []string // keys
	Age          *int     // of the acting person in years; nil = not known, then Adult counts
}

// Class is the class of a holder in the rule book.
type Class string

// The classes of domain.md "Civic use".
const (
	Person         Class = "person"
	Association    Class = "association"
	ResidentsGroup Class = "residents_group"
	Company        Class = "company"
	Religious      Class = "religious"
	Political      Class = "political"
	CityUnit       Class = "city_unit"
)

// Form is what was filled in; nil or "" = not given.
type Form struct {
	Title         string
	Purpose       string
	Persons       *int
	OldestAge     *int // age in years of the oldest who takes part
	Answers       map[string]string
	TermsAccepted bool
	FreeOfCharge  bool   // asks to use a priced place free of charge, which somebody has to decide
	FreeReason    string // why; required with FreeOfCharge
}

// Question is all that a decision rests on.
type Question struct {
	Now   time.Time
	Zone  *time.Location
	City  string // municipality of the place, for school terms
	Kind  Kind
	Asked calendar.Interval // bare time, no buffers
	Place Place
	Hours []Hours // all spans that touch the asked local days, ± one day: the day before decides where the raster begins
	Who   Who
	Form  Form
	Book  Book
	// Series: the time is a date of a series, which may reach further ahead.
	Series bool
	// Stage limits the checks: a hold asks about place and time only.
	Stage Stage
}

// Stage says how much is known yet.
type Stage int

// At hold only place and time are checked, at confirm everything. Browsing is
// like hold without a known person.
const (
	AtConfirm Stage = iota
	AtHold
)

// Violation is one rule that says no. Code is the sentence's key, Rule the
// rule's name, Value the rule's value and Asked what was asked, both in the
// units of the rule (minutes, RFC 3339 times, numbers). Codes tells for each
// code which Go types Value, Asked and Params hold.
type Violation struct {
	Code       string       `json:"code"`
	Rule       string       `json:"rule"`
	Value      any          `json:"value,omitempty"`
	Asked      any          `json:"asked,omitempty"`
	Params     fault.Params `json:"-"` // for the sentence
	Overridden bool         `json:"overridden,omitempty"`
}

// Verdict is what a decision comes to.
type Verdict string

// The verdicts, from mild to strict.
const (
	Allow    Verdict = "allow"
	Approval Verdict = "approval"
	Refuse   Verdict = "refuse"
)

// Decision is the answer to a Question.
type Decision struct {
	Verdict    Verdict     `json:"verdict"`
	Violations []Violation `json:"violations,omitempty"` // all of them, in the order of domain.md
	Approvals  []Violation `json:"approvals,omitempty"`  // why an approval is needed; none where the verdict is not approval
	Price      Price       `json:"price"`
	Book       string      `json:"book,omitempty"`     // key/version
	Base       string      `json:"base,omitempty"`     // key/version of the shared book beneath
	Rules      []string    `json:"rules,omitempty"`    // ids of the rules that decided, per effect
	Competes   bool        `json:"competes,omitempty"` // a request does not hold the time
	Priority   *int        `json:"priority,omitempty"` // 1 comes first
	Terms      []string    `json:"terms,omitempty"`    // keys of terms that have to be accepted
}

// Name is "key/version".
func (b Book) Name() string { return b.Key + "/" + strconv.Itoa(b.Version) }
