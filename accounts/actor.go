// Package accounts knows people, associations, rights, sessions and sign-in.
// It promises one pure answer to "may this actor do that": Can. It leaves out
// passwords (there are none) and what the rights are about (the floors above).
package accounts

import (
	"time"

	"github.com/google/uuid"

	"vuoro/db"
)

// Person is someone who signs in. Adult nil = not known = not adult.
type Person struct {
	ID                 int64 `gorm:"primaryKey"`
	UID                uuid.UUID
	Email              *string
	Name               string
	Phone              string
	Language           string
	Adult              *bool
	AdultSource        string
	Municipality       string
	MunicipalitySource string
	StrongAt           *time.Time
	StrongSource       string
	Demo               bool
	CreatedAt          time.Time
	ErasedAt           *time.Time
}

// TableName keeps gorm to the schema's names.
func (Person) TableName() string { return "people" }

// Association is a registered association, group, company or other body.
type Association struct {
	ID           int64 `gorm:"primaryKey"`
	UID          uuid.UUID
	Name         string
	Kind         string // association, residents_group, company, religious or political
	Municipality string
	Registered   string // number in the register of associations, "" = not registered
	Under18      bool   `gorm:"column:under_18"`
	Unverified   bool   // staff have not confirmed what it says of itself
	Demo         bool
	CreatedAt    time.Time
	ArchivedAt   *time.Time
	Revision     int

	Under18Share *int       `gorm:"column:under_18_share"` // percent of the members, as staff confirmed it
	Agreements   db.Strings // keys that rules may ask for, as staff entered them
}

// Membership ties a person to an association.
type Membership struct {
	Association int64
	Person      int64
	Role        string // member, booker or admin
	CreatedAt   time.Time
}

// Role is a staff right on a unit, or on the city when Unit is nil.
type Role struct {
	ID        int64 `gorm:"primaryKey"`
	UID       uuid.UUID
	Person    int64
	Unit      *int
	Role      string  // viewer, manager or city_admin
	Mail      *string // the person's wish; nil = what is usual for the role
	CreatedAt time.Time
}

// Which new reservations of a unit its staff can be mailed about.
const (
	MailAll      = "all"
	MailHandling = "handling" // those that somebody has to decide
	MailNone     = "none"
)

// MailWishes are the choices, from most mail to none.
var MailWishes = []string{MailAll, MailHandling, MailNone}

// MailWish is what the person wished, or what is usual: those who handle a unit
// are told of what waits for them.
func (r Role) MailWish() string {
	switch {
	case r.Mail != nil:
		return *r.Mail
	case r.Role == Manager:
		return MailHandling
	}
	return MailNone
}

// Actor is who acts in one request, with rights read at its start. The zero
// Actor is an anonymous visitor without a session.
type Actor struct {
	Person      *Person // nil = not signed in
	Session     int64   // 0 = no session (a token, or no cookie)
	Address     string  // network address, for limits
	Roles       []Role
	Memberships []Membership
	Scopes      []string // of an API token; nil = a browser's session
	System      bool     // jobs and the command line
}

// SignedIn tells whether a person acts.
func (a Actor) SignedIn() bool { return a.Person != nil }

// ID is the person's id, or 0.
func (a Actor) ID() int64 {
	if a.Person == nil {
		return 0
	}
	return a.Person.ID
}

// Name is how the audit trail calls the actor: an uid, "system" or "anonymous".
func (a Actor) Name() string {
	switch {
	case a.Person != nil:
		return a.Person.UID.String()
	case a.System:
		return "system"
	}
	return "anonymous"
}

// Action is something that Can is asked about.
type Action string

// The actions. The object's fields that each looks at are in rights.go.
const (
	ViewReservation   Action = "reservation.view"   // holder, its association, staff of the unit
	EditReservation   Action = "reservation.edit"   // confirm, move, cancel: holder, association's booker, the session of a hold
	HandleReservation Action = "reservation.handle" // approve, deny, return: managers of the unit
	BookFor           Action = "association.book"   // bookers and admins of the association
	BookAsStaff       Action = "unit.book"          // managers of the unit
	ViewUnitWork      Action = "unit.work"          // requests and schedule: viewers and managers of the unit
	ViewReports       Action = "reports.view"       // viewers, managers; the city's for all units
	ManageAssociation Action = "association.manage"
	LeaveAssociation  Action = "association.leave" // its members'
	ManageUnit        Action = "unit.manage"       // places, hours, rules
	ManageCity        Action = "city.manage"       // people's roles, tokens of others, settings
	MakeFeed          Action = "feed.make"
)

// Object is what an action is about; fields that do not matter stay zero.
type Object struct {
	Unit              int
	HolderPerson      int64
	HolderAssociation int64
	MadeBy            int64
	Session           int64 // of a hold
}
