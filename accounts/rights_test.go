package accounts_test

import (
	"slices"
	"strings"
	"testing"

	"vuoro/accounts"
	"vuoro/policies"
)

// The world of the matrix: unit 1 has the object, unit 2 is another; the
// association is 10, person 100 is its booker or, for the personal object, the
// holder.
const (
	here, elsewhere       = 1, 2
	ours, theirs          = 10, 20
	self, other           = 100, 200
	session               = 7
	holdSession     int64 = 8
)

func staff(role string, unit int) accounts.Actor {
	r := accounts.Role{Person: self, Role: role}
	if unit != 0 {
		r.Unit = &unit
	}
	return accounts.Actor{Person: &accounts.Person{ID: self}, Session: session, Roles: []accounts.Role{r}}
}

func of(association int64, role string) accounts.Actor {
	return accounts.Actor{
		Person: &accounts.Person{ID: self}, Session: session,
		Memberships: []accounts.Membership{{Association: association, Person: self, Role: role}},
	}
}

func person(id int64) accounts.Actor {
	return accounts.Actor{Person: &accounts.Person{ID: id}, Session: session}
}

func withScopes(actor accounts.Actor, scopes ...string) accounts.Actor {
	actor.Session = 0
	actor.Scopes = append([]string{}, scopes...)
	return actor
}

var actions = []accounts.Action{
	accounts.ViewReservation, accounts.EditReservation, accounts.HandleReservation, accounts.BookFor, accounts.BookAsStaff,
	accounts.ViewUnitWork, accounts.ViewReports, accounts.ManageAssociation, accounts.ManageUnit, accounts.ManageCity, accounts.MakeFeed,
	accounts.LeaveAssociation,
}

type cell struct {
	name  string
	actor accounts.Actor
	may   string // the short names of the actions, in the order above
}

func short(a accounts.Action) string {
	return map[accounts.Action]string{
		accounts.ViewReservation: "view", accounts.EditReservation: "edit", accounts.HandleReservation: "handle",
		accounts.BookFor: "bookfor", accounts.BookAsStaff: "staffbook", accounts.ViewUnitWork: "work",
		accounts.ViewReports: "reports", accounts.ManageAssociation: "association", accounts.ManageUnit: "unit",
		accounts.ManageCity: "city", accounts.MakeFeed: "feed", accounts.LeaveAssociation: "leave",
	}[a]
}

func may(actor accounts.Actor, object accounts.Object) string {
	var can []string
	for _, action := range actions {
		if accounts.Can(actor, action, object) {
			can = append(can, short(action))
		}
	}
	return strings.Join(can, " ")
}

const everything = "view edit handle bookfor staffbook work reports association unit city feed leave"

func TestRightsOnAnAssociationsReservation(t *testing.T) {
	object := accounts.Object{Unit: here, HolderAssociation: ours, MadeBy: self}
	manager := "view handle staffbook work reports unit feed"
	for _, c := range []cell{
		{"anonymous", accounts.Actor{}, ""},
		{"anonymous with a session", accounts.Actor{Session: session}, ""},
		{"signed in, made it once, left", person(self), ""},
		{"another association's member", of(theirs, accounts.Member), ""},
		{"another association's booker", of(theirs, accounts.Booker), ""},
		{"another association's admin", of(theirs, accounts.Admin), ""},
		{"own member", of(ours, accounts.Member), "view feed leave"},
		{"own booker", of(ours, accounts.Booker), "view edit bookfor feed leave"},
		{"own admin", of(ours, accounts.Admin), "view edit bookfor association feed leave"},
		{"membership with an unknown role", of(ours, "owner"), ""},
		{"viewer of the unit", staff(accounts.Viewer, here), "view work reports feed"},
		{"manager of the unit", staff(accounts.Manager, here), manager},
		{"viewer of another unit", staff(accounts.Viewer, elsewhere), ""},
		{"manager of another unit", staff(accounts.Manager, elsewhere), ""},
		{"city admin", staff(accounts.CityAdmin, 0), "view handle staffbook work reports association unit city feed"},
		{"city admin of a unit, which cannot be", staff(accounts.CityAdmin, here), ""},
		{"manager of no unit, which cannot be", staff(accounts.Manager, 0), ""},
		{"staff with an unknown role", staff("owner", here), ""},
		{"token without scopes", withScopes(staff(accounts.Manager, here)), ""},
		{"token with an unknown scope", withScopes(staff(accounts.Manager, here), "everything"), ""},
		{"manager's token: read", withScopes(staff(accounts.Manager, here), accounts.ScopeRead), "view reports"},
		{"manager's token: book", withScopes(staff(accounts.Manager, here), accounts.ScopeBook), "feed"},
		{"manager's token: work", withScopes(staff(accounts.Manager, here), accounts.ScopeWork), "handle staffbook work"},
		{"manager's token: admin", withScopes(staff(accounts.Manager, here), accounts.ScopeAdmin), "unit"},
		{"manager's token: all", withScopes(staff(accounts.Manager, here), accounts.Scopes...), manager},
		{"booker's token: read", withScopes(of(ours, accounts.Booker), accounts.ScopeRead), "view"},
		{"booker's token: book", withScopes(of(ours, accounts.Booker), accounts.ScopeBook), "edit bookfor feed leave"},
		{"other booker's token: all", withScopes(of(theirs, accounts.Booker), accounts.Scopes...), ""},
		{"city admin's token: read", withScopes(staff(accounts.CityAdmin, 0), accounts.ScopeRead), "view reports"},
		{"the system", accounts.Actor{System: true}, everything},
	} {
		if got := may(c.actor, object); got != c.may {
			t.Errorf("%s may %q, want %q", c.name, got, c.may)
		}
	}
}

func TestRightsOnAPersonsReservation(t *testing.T) {
	object := accounts.Object{Unit: here, HolderPerson: self, MadeBy: other}
	for _, c := range []cell{
		{"anonymous", accounts.Actor{}, ""},
		{"another person, who made it", person(other), ""},
		{"the holder", person(self), "view edit feed"},
		{"the holder's token: read", withScopes(person(self), accounts.ScopeRead), "view"},
		{"the holder's token: book", withScopes(person(self), accounts.ScopeBook), "edit feed"},
		{"the holder's token: none", withScopes(person(self)), ""},
	} {
		if got := may(c.actor, object); got != c.may {
			t.Errorf("%s may %q, want %q", c.name, got, c.may)
		}
	}
}

func TestRightsOnAHold(t *testing.T) {
	object := accounts.Object{Unit: here, Session: holdSession}
	for _, c := range []cell{
		{"the browser that holds", accounts.Actor{Session: holdSession}, "view edit"},
		{"that browser, signed in", accounts.Actor{Person: &accounts.Person{ID: other}, Session: holdSession}, "view edit"},
		{"another browser", accounts.Actor{Session: session}, ""},
		{"a browser without a session", accounts.Actor{}, ""},
	} {
		if got := may(c.actor, object); got != c.may {
			t.Errorf("%s may %q, want %q", c.name, got, c.may)
		}
	}
}

// An object about which nothing is known gives nobody a right through a zero.
func TestRightsOnNothing(t *testing.T) {
	zero := staff(accounts.Manager, here)
	zero.Person, zero.Memberships = &accounts.Person{}, []accounts.Membership{{Role: accounts.Admin}}
	for name, want := range map[string]struct {
		actor accounts.Actor
		may   string
	}{
		"anonymous":        {accounts.Actor{}, ""},
		"person":           {person(self), ""},
		"booker":           {of(ours, accounts.Booker), ""},
		"manager":          {staff(accounts.Manager, here), ""},
		"an actor of zero": {zero, ""},
		"city admin":       {staff(accounts.CityAdmin, 0), "reports association unit city"},
	} {
		if got := may(want.actor, accounts.Object{}); got != want.may {
			t.Errorf("%s may %q, want %q", name, got, want.may)
		}
	}
	if accounts.Can(accounts.Actor{System: true}, "reservation.delete", accounts.Object{}) {
		t.Error("an action that is not in the table is allowed")
	}
}

func TestWorkUnits(t *testing.T) {
	one, two := here, elsewhere
	actor := accounts.Actor{Person: &accounts.Person{ID: self}, Roles: []accounts.Role{
		{Role: accounts.Viewer, Unit: &two}, {Role: accounts.Manager, Unit: &one}, {Role: accounts.Viewer, Unit: &one}, {Role: accounts.Manager},
	}}
	if units, all := actor.WorkUnits(accounts.Viewer); all || !slices.Equal(units, []int{1, 2}) {
		t.Errorf("views %v, all %v", units, all)
	}
	if units, all := actor.WorkUnits(accounts.Manager); all || !slices.Equal(units, []int{1}) {
		t.Errorf("manages %v, all %v", units, all)
	}
	if units, all := staff(accounts.CityAdmin, 0).WorkUnits(accounts.Manager); !all || len(units) != 0 {
		t.Errorf("city admin manages %v, all %v", units, all)
	}
	if units, all := person(self).WorkUnits(accounts.Viewer); all || len(units) != 0 {
		t.Errorf("a resident views %v, all %v", units, all)
	}
}

func TestWhoTheHolderIs(t *testing.T) {
	yes, no := true, false
	resident := accounts.Actor{Person: &accounts.Person{ID: self, Adult: &yes, Municipality: "Helsinki"}}
	club := accounts.Association{Kind: "association", Registered: "123.456", Under18: true, Municipality: "Espoo"}
	for name, c := range map[string]struct {
		actor  accounts.Actor
		holder accounts.Holder
		home   string
		want   policies.Who
	}{
		"anonymous":        {accounts.Actor{}, accounts.Holder{}, "Helsinki", policies.Who{Class: policies.Person}},
		"resident":         {resident, accounts.Holder{}, "helsinki", policies.Who{Class: policies.Person, Known: true, Adult: &yes, Local: &yes}},
		"home unknown":     {resident, accounts.Holder{}, "", policies.Who{Class: policies.Person, Known: true, Adult: &yes}},
		"for a club":       {resident, accounts.Holder{Association: &club}, "Helsinki", policies.Who{Class: policies.Association, Known: true, Adult: &yes, Under18: true, Local: &no}},
		"for a city unit":  {resident, accounts.Holder{CityUnit: true}, "Helsinki", policies.Who{Class: policies.CityUnit, Known: true, Adult: &yes, Local: &yes}},
		"for another":      {resident, accounts.Holder{Person: &accounts.Person{ID: other}}, "Helsinki", policies.Who{Class: policies.Person, Known: true}},
		"nobody, at home?": {person(self), accounts.Holder{}, "Helsinki", policies.Who{Class: policies.Person, Known: true}},
	} {
		got := c.actor.Who(c.holder, c.home)
		if got.Class != c.want.Class || got.Known != c.want.Known || got.Under18 != c.want.Under18 ||
			!same(got.Adult, c.want.Adult) || !same(got.Local, c.want.Local) || got.Strong {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	for kind, want := range map[string]policies.Class{
		"association": policies.ResidentsGroup, "residents_group": policies.ResidentsGroup, "company": policies.Company,
		"religious": policies.Religious, "political": policies.Political,
	} {
		if got := (accounts.Association{Kind: kind}).Class(); got != want {
			t.Errorf("%s without a register number is a %s, want %s", kind, got, want)
		}
	}
}

func same(a, b *bool) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
