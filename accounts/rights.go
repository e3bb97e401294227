package accounts

import "slices"

// The roles of staff and of members, as stored.
const (
	Viewer    = "viewer"
	Manager   = "manager"
	CityAdmin = "city_admin"

	Member = "member"
	Booker = "booker"
	Admin  = "admin"
)

// The scopes of API tokens. A token can what its person can and one of its
// scopes covers; without scopes it can nothing.
const (
	ScopeRead  = "read"  // see one's own, one's associations' and (staff) the units' reservations and reports
	ScopeBook  = "book"  // hold, book, move, cancel, make feeds, edit one's profile
	ScopeWork  = "work"  // staff: requests, schedules, bookings for the unit
	ScopeAdmin = "admin" // members of associations, places, hours, rules, people's roles
)

// Scopes are all scopes, from mild to strong.
var Scopes = []string{ScopeRead, ScopeBook, ScopeWork, ScopeAdmin}

// relation is a set of ways in which an actor stands to an object. Having made
// a reservation is none: who left an association or a unit leaves its rights.
type relation uint

const (
	holder      relation = 1 << iota // the person it belongs to
	holding                          // the browser session that made a hold
	member                           // anyone of the association it belongs to
	booker                           // booker or admin of that association
	memberAdmin                      // admin of that association
	viewer                           // viewer or manager of its unit, city admin where it has one
	manager                          // manager of its unit, city admin where it has one
	city                             // city admin
)

// rights is the whole table: which relations give an action, and the scope
// that a token needs for it.
var rights = map[Action]struct {
	by    relation
	scope string
}{
	ViewReservation:   {holder | holding | member | viewer, ScopeRead},
	EditReservation:   {holder | holding | booker, ScopeBook},
	HandleReservation: {manager, ScopeWork},
	BookFor:           {booker, ScopeBook},
	BookAsStaff:       {manager, ScopeWork},
	ViewUnitWork:      {viewer, ScopeWork},
	ViewReports:       {viewer | city, ScopeRead},
	ManageAssociation: {memberAdmin | city, ScopeAdmin},
	LeaveAssociation:  {member, ScopeBook},
	ManageUnit:        {manager | city, ScopeAdmin},
	ManageCity:        {city, ScopeAdmin},
	MakeFeed:          {holder | member | viewer, ScopeBook},
}

// Can tells whether the actor may do the action to the object. It is pure;
// what is not in the table is refused. Object.Session must be set only while
// the reservation is a hold. The system may do everything in the table.
func Can(actor Actor, action Action, object Object) bool {
	right, known := rights[action]
	switch {
	case !known:
		return false
	case actor.System:
		return true
	}
	return actor.HasScope(right.scope) && relations(actor, object)&right.by != 0
}

// HasScope tells whether the actor's token has the scope; a browser has all.
func (a Actor) HasScope(scope string) bool {
	return a.Scopes == nil || slices.Contains(a.Scopes, scope)
}

func relations(actor Actor, object Object) relation {
	var r relation
	if object.Session != 0 && object.Session == actor.Session {
		r |= holding
	}
	if !actor.SignedIn() {
		return r
	}
	if object.HolderPerson != 0 && object.HolderPerson == actor.ID() {
		r |= holder
	}
	return r | standing(actor.Memberships, object.HolderAssociation) | duties(actor.Roles, object.Unit)
}

func standing(memberships []Membership, association int64) relation {
	var r relation
	for _, m := range memberships {
		if association == 0 || m.Association != association {
			continue
		}
		switch m.Role {
		case Member:
			r |= member
		case Booker:
			r |= member | booker
		case Admin:
			r |= member | booker | memberAdmin
		}
	}
	return r
}

func duties(roles []Role, unit int) relation {
	var r relation
	for _, role := range roles {
		here := role.Unit != nil && unit != 0 && *role.Unit == unit
		switch {
		case role.Role == Viewer && here:
			r |= viewer
		case role.Role == Manager && here:
			r |= viewer | manager
		case role.Role == CityAdmin && role.Unit == nil:
			r |= city
			if unit != 0 {
				r |= viewer | manager
			}
		}
	}
	return r
}

// Staff tells whether the actor has any staff role; for menus, not for rights.
func (a Actor) Staff() bool { return len(a.Roles) > 0 }

// WorkUnits are the units on which the actor has the role or a stronger one,
// sorted; all is true for city admins and the system, who have it on every
// unit. For scoping
// lists: neither units nor all means nothing, never everything.
func (a Actor) WorkUnits(role string) (units []int, all bool) {
	want := viewer
	if role == Manager {
		want = manager
	}
	all = a.System
	for _, r := range a.Roles {
		if r.Unit == nil {
			all = all || r.Role == CityAdmin
		} else if duties([]Role{r}, *r.Unit)&want != 0 {
			units = append(units, *r.Unit)
		}
	}
	slices.Sort(units)
	return slices.Compact(units), all
}
