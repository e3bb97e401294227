package accounts

import (
	"strings"

	"vuoro/policies"
)

// Holder is for whom the actor books: an association, a city unit, another
// person (on behalf), or, when nothing is set, the actor in person.
type Holder struct {
	Association *Association
	Person      *Person
	CityUnit    bool
}

// Who is the holder as the rule book sees it. home is the installation's
// municipality; where that or the holder's is unknown, Local is unknown. An
// association without a number in the register counts as a residents' group,
// and what staff have not confirmed of it gives nothing: neither its number nor
// its municipality nor the age of its members.
// Active and Elsewhere are left to the caller, who knows the reservations.
func (a Actor) Who(holder Holder, home string) policies.Who {
	person := a.Person
	if holder.Person != nil {
		person = holder.Person
	}
	who := policies.Who{Class: policies.Person, Known: a.SignedIn()}
	if person != nil {
		who.Adult = person.Adult
		who.Strong = person.StrongAt != nil
		who.Local, who.Municipality = isLocal(person.Municipality, home), person.Municipality
	}
	switch {
	case holder.Association != nil:
		who.Class = holder.Association.Class()
		who.Local, who.Municipality = nil, ""
		if a := holder.Association; !a.Unverified {
			who.Under18, who.Under18Share, who.Agreements = a.Under18, a.Under18Share, a.Agreements
			who.Local, who.Municipality = isLocal(a.Municipality, home), a.Municipality
			who.Registered = a.Registered != ""
		}
	case holder.CityUnit:
		who.Class = policies.CityUnit
		who.Local, who.Municipality = new(true), home
	}
	return who
}

// Class is the association's class in the rule book.
func (a Association) Class() policies.Class {
	switch a.Kind {
	case "association":
		if a.Registered != "" && !a.Unverified {
			return policies.Association
		}
	case "company":
		return policies.Company
	case "religious":
		return policies.Religious
	case "political":
		return policies.Political
	}
	return policies.ResidentsGroup
}

func isLocal(municipality, home string) *bool {
	if municipality == "" || home == "" {
		return nil
	}
	local := strings.EqualFold(municipality, home)
	return &local
}
