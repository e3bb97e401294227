// Package resources knows the places: units, the tree of spaces, devices,
// resources with their parts, opening hours and rule books. It promises that
// the atoms of a resource are always those of its parts. It leaves out who
// books them when (booking) and what a rule means (policies).
package resources

import (
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/web/locales"
)

// Unit is a site. Coordinates are WGS 84 degrees, nil = not known.
type Unit struct {
	ID             int `gorm:"primaryKey"`
	UID            uuid.UUID
	Slug           string
	Name           locales.Texts
	Description    locales.Texts
	Address        string
	Postcode       string
	City           string
	Latitude       *float64
	Longitude      *float64
	Phone          string
	Email          string
	Holidays       string // closed, sunday or normal
	OnePlaceAtOnce bool
	ExternalRef    string
	Source         string
	Example        bool
	Revision       int
}

// Space is a node of a unit's tree.
type Space struct {
	ID       int `gorm:"primaryKey"`
	UID      uuid.UUID
	Unit     int
	Parent   *int
	Name     locales.Texts
	Revision int

	ExternalRef string     // its key in the file or service that it came from
	ArchivedAt  *time.Time // it is gone; kept for what was booked
}

// Device is a thing, or a pool of Count equal things.
type Device struct {
	ID       int `gorm:"primaryKey"`
	UID      uuid.UUID
	Unit     int
	Space    *int
	Name     locales.Texts
	Count    int
	Revision int

	ExternalRef string
	ArchivedAt  *time.Time
}

// Resource is what is booked. See the comments of the table for units.
type Resource struct {
	ID             int `gorm:"primaryKey"`
	UID            uuid.UUID
	Unit           int
	Slug           string
	Name           locales.Texts
	Description    locales.Texts
	Type           string
	Purposes       db.Strings
	Equipment      db.Strings
	PersonsMin     *int
	PersonsMax     *int
	AreaM2         *float64 `gorm:"column:area_m2"`
	Floor          string
	StepFree       *bool
	Access         string // key of AccessTypes
	State          string // draft, published or archived
	PublishFrom    *time.Time
	PublishTo      *time.Time
	BookingFrom    *time.Time
	BookingTo      *time.Time
	SeasonOnly     bool
	WholeDay       bool
	Raster         int // minutes
	MinMinutes     int
	MaxMinutes     *int
	BufferBefore   int // minutes
	BufferAfter    int
	DaysAheadMax   *int
	DaysAheadMin   int
	ActiveLimit    *int
	AdultOnly      bool
	StrongSignIn   bool
	CancelMinutes  *int // before begin; nil = the holder cannot cancel
	RequiredFields db.Strings
	RuleBook       string // key of its rule book
	PriceCents     *int   // nil = not known
	PriceUnit      string // hour, started_hour or use
	PriceNote      locales.Texts
	Terms          locales.Texts
	Instructions   locales.Texts
	ContactPhone   string // "" = that of the unit
	ContactEmail   string
	Source         string
	Example        bool
	ExternalRef    string
	Revision       int

	// so long after its begin a turn is released unless somebody has checked in;
	// nil = check-in is not asked for
	ReleaseAfterMinutes *int
}

// Part is a space or a device (Count lanes of it) that a resource takes.
type Part struct {
	ID       int `gorm:"primaryKey"`
	Resource int
	Unit     int
	Space    *int
	Device   *int
	Count    int
}

// TableName keeps gorm to the schema's names.
func (Part) TableName() string { return "resource_parts" }

// Need is one atom that a booking of a resource takes; with Pool set, any
// Lanes of the pool's atoms are enough.
type Need struct {
	Resource int
	Unit     int // home of the atom
	Atom     int
	Pool     *int
	Lanes    int
}

// Period is weekly hours for a time. From and To are inclusive local dates,
// nil = open end. A period belongs to a unit or to a resource.
type Period struct {
	ID        int `gorm:"primaryKey"`
	Unit      *int
	Resource  *int
	Name      locales.Texts
	ValidFrom *calendar.Date
	ValidTo   *calendar.Date
	Override  bool
	Spans     db.JSON[[]WeekSpan]
	Revision  int

	Description locales.Texts
	School      string // SchoolTerm or SchoolBreak: only then; "" = always
	Overlay     bool   // core and closed spans that are laid over the day's hours, whatever they come from
	Origin      string // where it was imported from, as "kind:name"; "" = typed
}

// The school year of the unit's municipality: in a break or in summer, or else in
// term, weekends and holidays among it. A day that nobody knows counts as term.
const (
	SchoolTerm  = "term"
	SchoolBreak = "break"
)

// TableName keeps gorm to the schema's names.
func (Period) TableName() string { return "hours_periods" }

// WeekSpan is one span of a week. Weekdays are 1 (Monday) to 7; To may pass
// 24:00 and then ends on the next day. Of the weekdays only those count on which
// all of Only hold.
type WeekSpan struct {
	Weekdays []int              `json:"weekdays"`
	From     calendar.Minute    `json:"from"`
	To       calendar.Minute    `json:"to"`
	Kind     policies.HoursKind `json:"kind"`
	Only     []Turn             `json:"only,omitempty"`
	State    string             `json:"state,omitempty"` // how the place is open, e.g. "self_service"; "" = as usual
	Name     locales.Texts      `json:"name,omitzero"`
}

// Turn narrows weekly hours to some days: count the Subjects of a Context and
// take the Start-th (negative: from the end), from there every Every-th; or
// those with an odd or even number. "The last Friday of the month" is month,
// friday, -1; "every other week" is period, week, 1, 2.
type Turn struct {
	Context string `json:"context"` // period (needs its first day), year or month
	Subject string `json:"subject"` // day, week, month, or monday to sunday
	Start   int    `json:"start,omitempty"`
	Every   int    `json:"every,omitempty"`
	Parity  string `json:"parity,omitempty"` // odd or even; then neither Start nor Every
}

// Place is a resource with all that a decision about it needs, read in one go.
type Place struct {
	Resource Resource
	Unit     Unit
	Needs    []Need   // every atom, sorted by atom
	Periods  []Period // its own and its unit's
	Book     policies.Book
	Pictures []Picture // all of them; see Shown
}
