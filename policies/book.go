package policies

import (
	"encoding/json"

	"vuoro/calendar"
)

// Book is one version of a rule book, with the shared book that it stands on.
type Book struct {
	ID       int
	Key      string
	Version  int
	Base     string // "key/version" of the shared book beneath, "" = none
	Decision string // reference of the decision behind it
	Rules    Rules
}

// Follows tells whether the book is of the other's key, or stands on that version
// of it.
func (b Book) Follows(other Book) bool { return b.Key == other.Key || b.Base == other.Name() }

// Over is the book with the rules of a shared book after its own, or, with
// first, before them: then the shared ones prevail.
func (b Book) Over(base Book, first bool) Book {
	b.Base = base.Name()
	own, shared := b.Rules, base.Rules
	if first {
		own, shared = shared, own
	}
	b.Rules = Rules{
		Version:   own.Version,
		Questions: concat(own.Questions, shared.Questions),
		Tariffs:   concat(own.Tariffs, shared.Tariffs),
		VAT:       own.VAT,
		Rules:     concat(own.Rules, shared.Rules),
	}
	if len(b.Rules.VAT) == 0 {
		b.Rules.VAT = shared.VAT
	}
	return b
}

// concat leaves both lists as they were.
func concat[T any](a, b []T) []T { return append(a[:len(a):len(a)], b...) }

// Rules is the envelope that is stored as JSON. Version 1 is this shape;
// within it conditions and effects are only added.
type Rules struct {
	Version   int         `json:"version"`
	Questions []FormField `json:"questions,omitempty"` // that the book asks on the form
	Tariffs   []Tariff    `json:"tariffs,omitempty"`   // prices that rules name
	VAT       []VATRate   `json:"vat,omitempty"`       // none = prices are final as they stand
	Rules     []Rule      `json:"rules"`
}

// Rule is one line: when × who × what × where → effects. An absent condition is
// true; an absent effect leaves that question to the next rule. First match per
// effect wins.
type Rule struct {
	ID      string  `json:"id"`
	When    When    `json:"when,omitzero"`
	Who     WhoIs   `json:"who,omitzero"`
	What    What    `json:"what,omitzero"`
	Where   Where   `json:"where,omitzero"`
	Effects Effects `json:"effects"`
	Note    Note    `json:"note,omitzero"` // the decision's own words, shown beside the sentence
}

// Note is a short text in three languages.
type Note struct {
	Fi string `json:"fi,omitempty"`
	Sv string `json:"sv,omitempty"`
	En string `json:"en,omitempty"`
}

// When is about time; dates and weekdays are those of the local day on which
// the reservation begins. Weekdays are 1 (Monday) to 7; From and To are local
// "HH:MM" between which the whole reservation lies, and a To past "24:00"
// belongs to the weekday's night: Friday to "26:00" holds Saturday 00:30 too.
// Use is "core" (it touches core use), "civic" (it does not) or "outside" (some
// of it lies outside all hours). School days are those of the place's
// municipality; where its terms are not known neither term nor break is true.
type When struct {
	Use      string     `json:"use,omitempty"`
	Weekdays []int      `json:"weekdays,omitempty"`
	From     string     `json:"from,omitempty"`
	To       string     `json:"to,omitempty"`
	Season   *MonthDays `json:"season,omitempty"`
	Dates    *Dates     `json:"dates,omitempty"`
	Holiday  *bool      `json:"holiday,omitempty"`   // a public holiday, or not one
	School   string     `json:"school,omitempty"`    // term (a day with lessons) or break
	AheadMin *int       `json:"ahead_min,omitempty"` // asked at least so many minutes before the begin
	AheadMax *int       `json:"ahead_max,omitempty"` // at most
}

// MonthDays is a yearly season, both ends inclusive, as "MM-DD"; it may pass
// the turn of the year.
type MonthDays struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Dates are days of the calendar, both ends inclusive; nil = open.
type Dates struct {
	From *calendar.Date `json:"from,omitempty"`
	To   *calendar.Date `json:"to,omitempty"`
}

// WhoIs is about the holder, ages about the acting person. What is not known
// meets no condition.
type WhoIs struct {
	Classes        []Class  `json:"classes,omitempty"`
	Under18        *bool    `json:"under_18,omitempty"`       // the activity is for under-18s
	Under18Share   *int     `json:"under_18_share,omitempty"` // at least so many percent of the members are
	Local          *bool    `json:"local,omitempty"`          // of the place's municipality
	Municipalities []string `json:"municipalities,omitempty"` // of one of these
	Registered     *bool    `json:"registered,omitempty"`     // in the register of associations or companies
	Agreements     []string `json:"agreements,omitempty"`     // has one of these agreements or memberships
	AllAgreements  []string `json:"all_agreements,omitempty"` // has each of these
	AgeMin         *int     `json:"age_min,omitempty"`        // years
	AgeMax         *int     `json:"age_max,omitempty"`
}

// What is about the use. A number or purpose that was not given meets no
// condition about it, see RequiredFields; an answer that was not given is "".
type What struct {
	Purposes   []string          `json:"purposes,omitempty"`
	PersonsMin *int              `json:"persons_min,omitempty"` // at least so many
	PersonsMax *int              `json:"persons_max,omitempty"`
	OldestMin  *int              `json:"oldest_min,omitempty"` // age in years of the oldest who takes part
	OldestMax  *int              `json:"oldest_max,omitempty"`
	MinutesMin *int              `json:"minutes_min,omitempty"`
	MinutesMax *int              `json:"minutes_max,omitempty"`
	Repeated   *bool             `json:"repeated,omitempty"` // a date of a series
	Answers    map[string]Values `json:"answers,omitempty"`  // e.g. open_to_all: "yes"
	Numbers    map[string]Range  `json:"numbers,omitempty"`  // of answers that are numbers
}

// Values are answers of which one has to be given; one alone is a plain text in
// JSON.
type Values []string

// Range is from Min to Max, both included; nil = open.
type Range struct {
	Min *int `json:"min,omitempty"`
	Max *int `json:"max,omitempty"`
}

// Where is about the place. Area is in m²; an area that is not known meets no
// condition. The word at each border says on which side it lies.
type Where struct {
	Types     []string `json:"types,omitempty"`     // keys of resource types
	Groups    []string `json:"groups,omitempty"`    // in one of these groups
	Units     []string `json:"units,omitempty"`     // slugs
	Resources []string `json:"resources,omitempty"` // slugs
	AreaMin   *float64 `json:"area_min,omitempty"`  // at least
	AreaOver  *float64 `json:"area_over,omitempty"` // more than
	AreaMax   *float64 `json:"area_max,omitempty"`  // at most
	AreaUnder *float64 `json:"area_under,omitempty"`
	Part      string   `json:"part,omitempty"` // whole, or part of a divided space
}

// Effects are what a rule decides. Factors, fees, quotas, fields and terms are
// each an effect of its own by its key: of one key the first rule counts, and
// all keys together hold.
type Effects struct {
	Verdict      Verdict        `json:"verdict,omitempty"`
	Price        string         `json:"price,omitempty"` // see ParseCharge
	Competes     *bool          `json:"competes,omitempty"`
	Priority     *int           `json:"priority,omitempty"` // 1 comes first
	OutsideHours *bool          `json:"outside_hours,omitempty"`
	Deposit      *int           `json:"deposit,omitempty"` // cents
	Cancellation *Cancellation  `json:"cancellation,omitempty"`
	Factors      map[string]int `json:"factors,omitempty"` // percent of the price, by what for
	Fees         []Fee          `json:"fees,omitempty"`
	Quotas       []Quota        `json:"quotas,omitempty"`
	Fields       []string       `json:"fields,omitempty"` // that must be filled in
	Terms        []string       `json:"terms,omitempty"`  // keys of terms to accept
	Limits       *Limits        `json:"limits,omitempty"`
}

// Limits replace the resource's own limits where they are set; each limit is
// an effect of its own.
type Limits struct {
	MinMinutes   *int  `json:"min_minutes,omitempty"`
	MaxMinutes   *int  `json:"max_minutes,omitempty"`
	DaysAheadMax *int  `json:"days_ahead_max,omitempty"`
	DaysAheadMin *int  `json:"days_ahead_min,omitempty"`
	ActiveLimit  *int  `json:"active_limit,omitempty"`
	PersonsMin   *int  `json:"persons_min,omitempty"`
	PersonsMax   *int  `json:"persons_max,omitempty"`
	AdultOnly    *bool `json:"adult_only,omitempty"`
	StrongSignIn *bool `json:"strong_sign_in,omitempty"`
	SeriesDays   *int  `json:"series_days,omitempty"` // a series may be made and reach so many days ahead; absent or 0: no series
}

// Cancellation is what giving a reservation up costs. Until FreeMinutes before
// its begin it is free, afterwards LatePercent of the price and LateCents; a
// turn that nobody used costs the same. Steps lie between: until so many
// minutes before the begin a step costs less than late, the longest first. Later
// than UntilMinutes before the begin the holder cannot cancel; nil = the place's
// own limit.
type Cancellation struct {
	FreeMinutes  int          `json:"free_minutes"`
	Steps        []CancelStep `json:"steps,omitempty"`
	LatePercent  int          `json:"late_percent,omitempty"`
	LateCents    int          `json:"late_cents,omitempty"`
	UntilMinutes *int         `json:"until_minutes,omitempty"`
}

// CancelStep is what giving up costs until Minutes before the begin.
type CancelStep struct {
	Minutes int `json:"minutes"`
	Percent int `json:"percent,omitempty"` // of the price
	Cents   int `json:"cents,omitempty"`
}

// Fee is an amount beside the price: cents per use, hour or started hour.
type Fee struct {
	Key       string `json:"key"`
	Name      Note   `json:"name,omitzero"`
	Cents     int    `json:"cents"`
	Per       string `json:"per,omitempty"`        // one of Units; "" = use
	PerPerson bool   `json:"per_person,omitempty"` // times the persons; a number that was not given counts as one
	Times     string `json:"times,omitempty"`      // key of a question: times the number that was answered, likewise
}

// FormField is a question that a book asks of whoever books, in the city's own
// words. Answers of a choice of several are joined by commas.
type FormField struct {
	Key     string   `json:"key"`
	Label   Note     `json:"label"`
	Hint    Note     `json:"hint,omitzero"`
	Kind    string   `json:"kind"` // yes_no, choice, several, number or text
	Options []Option `json:"options,omitempty"`
}

// Option is one answer to choose.
type Option struct {
	Value string `json:"value"`
	Label Note   `json:"label"`
}

// MarshalJSON writes one value alone as a plain text.
func (v Values) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([]string(v))
}

// UnmarshalJSON reads a text or a list of texts.
func (v *Values) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*v = Values{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(v))
}
