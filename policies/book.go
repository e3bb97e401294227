package policies

// Book is one version of a rule book.
type Book struct {
	ID       int
	Key      string
	Version  int
	Decision string // reference of the decision behind it
	Rules    Rules
}

// Rules is the envelope that is stored as JSON. Version 1 is this shape;
// within it conditions and effects are only added.
type Rules struct {
	Version int    `json:"version"`
	Rules   []Rule `json:"rules"`
}

// Rule is one line: when × who × what → effects. An absent condition is true;
// an absent effect leaves that question to the next rule. First match per
// effect wins.
type Rule struct {
	ID      string  `json:"id"`
	When    When    `json:"when,omitzero"`
	Who     WhoIs   `json:"who,omitzero"`
	What    What    `json:"what,omitzero"`
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
// Use is "core" (it touches core use) or "civic" (it does not).
type When struct {
	Use      string     `json:"use,omitempty"`
	Weekdays []int      `json:"weekdays,omitempty"`
	From     string     `json:"from,omitempty"`
	To       string     `json:"to,omitempty"`
	Season   *MonthDays `json:"season,omitempty"`
}

// MonthDays is a yearly season, both ends inclusive, as "MM-DD"; it may pass
// the turn of the year.
type MonthDays struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// WhoIs is about the holder.
type WhoIs struct {
	Classes []Class `json:"classes,omitempty"`
	Under18 *bool   `json:"under_18,omitempty"`
	Local   *bool   `json:"local,omitempty"`
}

// What is about the use. A number or purpose that was not given meets no
// condition about it, see RequiredFields; an answer that was not given is "".
type What struct {
	Purposes   []string          `json:"purposes,omitempty"`
	PersonsMin *int              `json:"persons_min,omitempty"` // at least so many
	PersonsMax *int              `json:"persons_max,omitempty"`
	MinutesMin *int              `json:"minutes_min,omitempty"`
	Answers    map[string]string `json:"answers,omitempty"` // e.g. open_to_all: "yes"
}

// Effects are what a rule decides.
type Effects struct {
	Verdict  Verdict `json:"verdict,omitempty"`
	Price    string  `json:"price,omitempty"` // "free", "list", "percent:50" of the list price, or "cents:900" per the place's unit
	Competes *bool   `json:"competes,omitempty"`
	Limits   *Limits `json:"limits,omitempty"`
}

// Limits replace the resource's own limits where they are set; each limit is
// an effect of its own.
type Limits struct {
	MaxMinutes   *int `json:"max_minutes,omitempty"`
	DaysAheadMax *int `json:"days_ahead_max,omitempty"`
	DaysAheadMin *int `json:"days_ahead_min,omitempty"`
	ActiveLimit  *int `json:"active_limit,omitempty"`
	SeriesDays   *int `json:"series_days,omitempty"` // a series may be made and reach so many days ahead; absent or 0: no series
}
