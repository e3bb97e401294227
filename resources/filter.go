package resources

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vuoro/fault"
)

// Filter narrows a list of places; zero fields do not narrow. What is not
// known of a place (persons, step-free access, price, where it is) does not
// match.
type Filter struct {
	Text               string   // words in fi, sv or en; every word must be found
	Unit               string   // slug
	Purpose            string   // key of Purposes
	Type               string   // key of Types
	Persons            int      // fits so many
	Equipment          []string // keys of Equipment, all of them
	Access             string   // key of AccessTypes
	Area               string   // a city, or the beginning of a postcode
	Near               *Point   // for distances; narrows only with Within
	Within             int      // metres from Near, 0 = any
	StepFree           bool
	Free               bool      // free of charge for a resident's ordinary use
	NoApproval         bool      // a resident's ordinary booking is confirmed at once
	At                 time.Time // of what time Free and NoApproval are asked, zero = now
	Lang               string
	IncludeUnpublished bool // drafts and hidden places too; archived ones never
}

// Trait is what one condition of a search is about.
type Trait string

// The traits of a Filter, as its fields.
const (
	ByText       Trait = "text"
	ByUnit       Trait = "unit"
	ByPurpose    Trait = "purpose"
	ByType       Trait = "type"
	ByPersons    Trait = "persons"
	ByEquipment  Trait = "equipment"
	ByAccess     Trait = "access"
	ByArea       Trait = "area"
	ByDistance   Trait = "within"
	ByStepFree   Trait = "step_free"
	ByFree       Trait = "free"
	ByNoApproval Trait = "no_approval"
)

// misses lists the traits by which a place with its unit is no answer, but for
// those that its rule book decides.
func (f Filter) misses(p Place) []Trait {
	r := p.Resource
	var list []Trait
	miss := func(on bool, trait Trait) {
		if on {
			list = append(list, trait)
		}
	}
	miss(f.Purpose != "" && !slices.Contains(r.Purposes, f.Purpose), ByPurpose)
	miss(f.Type != "" && r.Type != f.Type, ByType)
	miss(f.Persons > 0 && !holds(r, f.Persons), ByPersons)
	miss(!p.Has(f.Equipment...), ByEquipment)
	miss(f.Access != "" && r.Access != f.Access, ByAccess)
	miss(f.Area != "" && !p.Unit.In(f.Area), ByArea)
	miss(f.Near != nil && f.Within > 0 && !p.Unit.within(*f.Near, f.Within), ByDistance)
	miss(f.StepFree && (r.StepFree == nil || !*r.StepFree), ByStepFree)
	return list
}

// missesByRules lists the traits by which the rule book makes it no answer.
func (f Filter) missesByRules(p Place, zone *time.Location) []Trait {
	var list []Trait
	if f.Free && !p.Free(f.At, zone) {
		list = append(list, ByFree)
	}
	if f.NoApproval && !p.NoApproval(f.At, zone) {
		list = append(list, ByNoApproval)
	}
	return list
}

func holds(r Resource, persons int) bool {
	return r.PersonsMax != nil && persons <= *r.PersonsMax && (r.PersonsMin == nil || persons >= *r.PersonsMin)
}

// Has tells whether the place has all the equipment.
func (p Place) Has(equipment ...string) bool {
	for _, key := range equipment {
		if !slices.Contains(p.Resource.Equipment, key) {
			return false
		}
	}
	return true
}

// In tells whether the unit lies in an area: a city, or the beginning of a
// postcode.
func (u Unit) In(area string) bool {
	if area[0] >= '0' && area[0] <= '9' {
		return strings.HasPrefix(u.Postcode, area)
	}
	return fold(u.City) == fold(area)
}

// AreaNamed is an area of the unit in our own spelling: its city, or as much of
// its postcode as was asked.
func (u Unit) AreaNamed(area string) string {
	if area[0] >= '0' && area[0] <= '9' {
		return u.Postcode[:len(area)]
	}
	return u.City
}

const (
	maxText  = 1000 // characters of a search text
	maxWords = 12   // of it that are looked for; nobody means more

	maxArea   = 100     // characters
	maxWithin = 100_000 // metres
)

// check refuses what no form can send by mistake; unknown keys of vocabularies
// are refused so that a typing mistake in an address is not "no rooms".
func (f Filter) check() error {
	var fields []fault.Field
	add := func(bad bool, name, code string, params fault.Params) {
		if bad {
			fields = append(fields, fault.Field{Name: name, Code: code, Params: params})
		}
	}
	add(utf8.RuneCountInString(f.Text) > maxText, "text", "search.too_long", fault.Params{"max": maxText})
	add(f.Type != "" && !known(Types, f.Type), "type", "search.unknown_type", nil)
	add(f.Purpose != "" && !known(Purposes, f.Purpose), "purpose", "search.unknown_purpose", nil)
	add(f.Persons < 0 || f.Persons > 100_000, "persons", "search.persons", fault.Params{"max": 100_000})
	add(f.Access != "" && !known(AccessTypes, f.Access), "access", "search.unknown_access", nil)
	add(utf8.RuneCountInString(f.Area) > maxArea, "area", "search.unknown_area", nil)
	add(f.Near != nil && !f.Near.Valid(), "near", "search.bad_point", nil)
	add(f.Within < 0 || f.Within > maxWithin || f.Within > 0 && f.Near == nil, "within", "search.bad_distance", fault.Params{"max": maxWithin / 1000})
	add(f.Unit != "" && !slugForm.MatchString(f.Unit), "unit", "search.unknown_unit", nil)
	for _, key := range f.Equipment {
		add(!known(Equipment, key), "equipment", "search.unknown_equipment", nil)
	}
	return invalid(fields)
}

// invalid makes one error of the mistakes in a form, or nil of none.
func invalid(fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
}

// words are the words of the text in small letters, without doubles, control
// characters and signs; % and _ are characters like others.
func (f Filter) words() []string {
	parts := strings.FieldsFunc(strings.ToLower(strings.ToValidUTF8(f.Text, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("%_-+'’", r)
	})
	var list []string
	for _, word := range parts {
		word = strings.Trim(word, "-+'’")
		if word != "" && !slices.Contains(list, word) && len(list) < maxWords {
			list = append(list, word)
		}
	}
	return list
}

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the LIKE pattern of a text that contains word as it is.
func containing(word string) string { return "%" + escape.Replace(word) + "%" }
