package respa

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"vuoro/db"
	"vuoro/resources"
	"vuoro/web/locales"
)

// mapping turns a row into a resource and notes what has no place in it.
type mapping struct {
	notes *Notes
	names *answers
	id    string
}

func (m mapping) note(what, reason string) { m.notes.add(what, reason, m.id) }

// The defaults of the house where a service says nothing.
const (
	usualRaster = 30
	usualNotice = 24 * 60
	longestName = 200
	longestText = 10_000
)

// resourceLeft says why fields are not taken over.
var resourceLeft = map[string]string{
	"images":                      "pictures are not fetched",
	"attachments":                 "files are not fetched",
	"products":                    "what is sold with a booking has no field",
	"reservation_extra_questions": "own questions have no field",
	"responsible_contact_info":    "it may name a person",
	"location":                    "a resource stands where its unit does",
	"external_reservation_url":    "it is booked somewhere else",
}

// bare is a resource of a unit with nothing said of it. Bookings wait for
// approval, since nobody has said that they need not.
func (m mapping) bare(unit int, source string) resources.Resource {
	notice := usualNotice
	return resources.Resource{
		Unit: unit, Raster: usualRaster, MinMinutes: usualRaster, CancelMinutes: &notice, PriceUnit: "hour", RuleBook: approvalBook,
		Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{}, Source: source,
	}
}

func (m mapping) resource(r resource, unit int) resources.Resource {
	to := m.bare(unit, r.Source)
	to.Name, to.Description = m.name(r), m.fitting(r.Description, "description")
	to.Instructions = m.fitting(r.Instructions, "reservation_info")
	for _, terms := range r.Terms {
		to.Terms = joined(to.Terms, m.fitting(terms, "terms"))
	}
	m.vocabulary(&to, r)
	m.numbers(&to, r)
	m.lengths(&to, r)
	m.price(&to, r)
	m.rules(&to, r)
	for key, reason := range resourceLeft {
		if r.Said[key] {
			m.note(key, reason)
		}
	}
	return to
}

// name is the name, or the id where there is none.
func (m mapping) name(r resource) locales.Texts {
	name := locales.Texts(r.Name)
	for _, lang := range locales.Languages {
		if utf8.RuneCountInString(name.Exact(lang)) > longestName {
			m.note("name", fmt.Sprintf("it is longer than %d characters", longestName))
			name = locales.Texts{}
		}
	}
	if name == (locales.Texts{}) {
		m.note("name", "there is none: the id stands for it")
		name = locales.Texts{Fi: m.id}
	}
	return name
}

// fitting leaves out texts that are too long.
func (m mapping) fitting(t texts, what string) locales.Texts {
	for _, text := range []*string{&t.Fi, &t.Sv, &t.En} {
		if utf8.RuneCountInString(*text) > longestText {
			m.note(what, fmt.Sprintf("it is longer than %d characters", longestText))
			*text = ""
		}
	}
	return locales.Texts(t)
}

func joined(a, b locales.Texts) locales.Texts {
	join := func(x, y string) string { return strings.TrimSpace(x + "\n\n" + y) }
	return locales.Texts{Fi: join(a.Fi, b.Fi), Sv: join(a.Sv, b.Sv), En: join(a.En, b.En)}
}

// vocabulary maps type, purposes and equipment by their names.
func (m mapping) vocabulary(to *resources.Resource, r resource) {
	to.Type = m.key(resources.Types, r.Type, "type")
	into := func(list *db.Strings, words []resources.Word, names []named, what string) {
		for _, name := range names {
			if key := m.key(words, name, what); key != "" && !slices.Contains(*list, key) {
				*list = append(*list, key)
			}
		}
	}
	into(&to.Purposes, resources.Purposes, r.Purposes, "purpose")
	into(&to.Equipment, resources.Equipment, r.Equipment, "equipment")
}

func (m mapping) key(words []resources.Word, n named, what string) string {
	name := m.names.nameOf(n)
	key := keyOf(words, name)
	if key == "" && n.ID != "" {
		m.note(what, fmt.Sprintf("nothing here means the same as %q", cmp.Or(name.String(), string(n.ID))))
	}
	return key
}

// numbers maps how many, how large and how early.
func (m mapping) numbers(to *resources.Resource, r resource) {
	whole := func(n number, least, most int, what string) *int {
		v, ok := n.whole(least, most)
		if n.Set && !ok {
			m.note(what, fmt.Sprintf("%g is not between %d and %d", n.V, least, most))
		}
		if !n.Set || !ok {
			return nil
		}
		return &v
	}
	to.PersonsMax = whole(r.Persons, 1, 100_000, "people_capacity")
	to.DaysAheadMax = whole(r.DaysAheadMax, 0, 3650, "reservable_max_days_in_advance")
	if days := whole(r.DaysAheadMin, 0, 3650, "reservable_min_days_in_advance"); days != nil {
		to.DaysAheadMin = *days
	}
	to.ActiveLimit = whole(r.PerPerson, 1, 10_000, "max_reservations_per_user")
	switch {
	case r.Area.Set && r.Area.V > 0 && r.Area.V < 1e6:
		to.AreaM2 = &r.Area.V
	case r.Area.Set:
		m.note("area", fmt.Sprintf("%g is not the size of a room", r.Area.V))
	}
}

// lengths maps slot and shortest and longest time, as far as one fits into the
// other.
func (m mapping) lengths(to *resources.Resource, r resource) {
	switch {
	case !r.Slot.Set:
		m.note("slot_size", fmt.Sprintf("it is not said: %d minutes stand for it", usualRaster))
	case r.Slot.Minutes < 15 || r.Slot.Minutes > 420:
		m.note("slot_size", fmt.Sprintf("%d is not between 15 and 420 minutes: %d stand for it", r.Slot.Minutes, usualRaster))
	default:
		to.Raster = r.Slot.Minutes
	}
	to.MinMinutes = to.Raster
	if r.Shortest.Set && r.Shortest.Minutes > 0 {
		to.MinMinutes = r.Shortest.Minutes
	}
	steps := (to.MinMinutes + to.Raster - 1) / to.Raster * to.Raster
	switch longest := r.Longest.Minutes; {
	case r.Longest.Set && longest < steps:
		m.note("max_period", "no length of whole slots is as short: there is no longest time")
	case r.Longest.Set:
		to.MaxMinutes = &longest
	}
}

// perUnit are the price types that have a unit here, and words for all of them.
var perUnit = map[string]struct {
	unit string
	per  locales.Texts
}{
	"hourly": {"hour", locales.Texts{Fi: "tunti", Sv: "timme", En: "hour"}},
	"fixed":  {"use", locales.Texts{Fi: "kerta", Sv: "gång", En: "use"}},
	"daily":  {"", locales.Texts{Fi: "päivä", Sv: "dag", En: "day"}},
	"weekly": {"", locales.Texts{Fi: "viikko", Sv: "vecka", En: "week"}},
}

// price takes an amount where there is one; a range, or an amount by the day or
// week, becomes a note.
func (m mapping) price(to *resources.Resource, r resource) {
	least, hasLeast := r.PriceMin.cents()
	most, hasMost := r.PriceMax.cents()
	by, known := perUnit[r.PriceType]
	switch {
	case !hasLeast && !hasMost:
		return
	case !known:
		m.note("price_type", fmt.Sprintf("%q is not known: the price is left out", r.PriceType))
		return
	case !hasLeast:
		least = most
	case !hasMost:
		most = least
	}
	if least == most && by.unit != "" {
		to.PriceCents, to.PriceUnit = &least, by.unit
		return
	}
	m.note("price", "it is a range, or by the day or week: it became a note")
	amount := func(lang, per string) string {
		say := locales.New(lang, nil)
		if most != least {
			return say.Money(least) + " – " + say.Money(most) + " / " + per
		}
		return say.Money(least) + " / " + per
	}
	to.PriceNote = locales.Texts{Fi: amount("fi", by.per.Fi), Sv: amount("sv", by.per.Sv), En: amount("en", by.per.En)}
}

// sameFields are the form fields that mean the same here.
var sameFields = map[string]string{
	"number_of_participants": "persons", "event_subject": "title", "event_description": "description",
}

// rules maps who may book, and how.
func (m mapping) rules(to *resources.Resource, r resource) {
	to.StrongSignIn = r.Authentication == "strong"
	switch {
	case r.Approval == nil:
		m.note("need_manual_confirmation", "it is not said: bookings wait for approval")
	case !*r.Approval:
		to.RuleBook = directBook
	}
	if r.Bookable != nil && !*r.Bookable {
		m.note("reservable", "it could not be booked there")
	}
	if r.Public != nil && !*r.Public {
		m.note("public", "it was hidden there")
	}
	for _, field := range r.Required {
		if key := sameFields[field]; key != "" {
			to.RequiredFields = append(to.RequiredFields, key)
		} else {
			m.note("required_reservation_extra_fields", fmt.Sprintf("%q is known from the account, or has no field", field))
		}
	}
}
