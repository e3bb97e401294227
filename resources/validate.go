package resources

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vuoro/fault"
	"vuoro/web/locales"
)

// States of a resource.
const (
	StateDraft     = "draft"
	StatePublished = "published"
	StateArchived  = "archived"
)

const (
	maxName = 200    // characters of a name or a slug
	maxLong = 10_000 // of a description or terms
)

// form collects the mistakes of one input, all of them.
type form struct{ fields []fault.Field }

func (f *form) refuse(bad bool, name, code string, params ...fault.Params) {
	if !bad {
		return
	}
	field := fault.Field{Name: name, Code: code}
	for _, p := range params {
		field.Params = p
	}
	f.fields = append(f.fields, field)
}

func (f *form) slug(slug string) {
	f.refuse(!slugForm.MatchString(slug) || len(slug) > maxName, "slug", "resource.bad_slug")
}

// texts checks length and characters; a name must be there in one language.
func (f *form) texts(name string, t locales.Texts, longest int) {
	for _, lang := range locales.Languages {
		text := t.Exact(lang)
		f.refuse(utf8.RuneCountInString(text) > longest, name, "too_long", fault.Params{"max": longest})
		f.refuse(!clean(text), name, "bad_characters")
	}
}

func (f *form) name(t locales.Texts) {
	text, _ := t.In("fi")
	f.refuse(strings.TrimSpace(text) == "", "name", "resource.name_missing")
	f.texts("name", t, maxName)
}

// line is a short text without line breaks.
func (f *form) line(name, text string) {
	f.refuse(utf8.RuneCountInString(text) > maxName, name, "too_long", fault.Params{"max": maxName})
	f.refuse(!clean(text) || strings.ContainsAny(text, "\n\t"), name, "bad_characters")
}

// clean texts are valid UTF-8 without control characters but line breaks.
func clean(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}

func (u Unit) check() error {
	var f form
	f.slug(u.Slug)
	f.name(u.Name)
	f.texts("description", u.Description, maxLong)
	f.refuse(!slices.Contains([]string{"closed", "sunday", "normal"}, u.Holidays), "holidays", "unit.bad_holidays")
	f.refuse((u.Latitude == nil) != (u.Longitude == nil), "latitude", "unit.bad_place")
	f.refuse(u.Latitude != nil && (*u.Latitude < -90 || *u.Latitude > 90), "latitude", "unit.bad_place")
	f.refuse(u.Longitude != nil && (*u.Longitude < -180 || *u.Longitude > 180), "longitude", "unit.bad_place")
	f.line("address", u.Address)
	f.line("postcode", u.Postcode)
	f.line("city", u.City)
	f.line("phone", u.Phone)
	f.line("email", u.Email)
	return invalid(f.fields)
}

func (d Device) check() error {
	var f form
	f.name(d.Name)
	f.refuse(d.Count < 1 || d.Count > 1000, "count", "device.bad_count", fault.Params{"max": 1000})
	return invalid(f.fields)
}

func (s Space) check() error {
	var f form
	f.name(s.Name)
	return invalid(f.fields)
}

// check asks of a draft only what the page of a place needs; publishing asks
// for a kind, for parts, for a way to get in and for a description in all three
// languages; that the price is known is asked in checkPrice.
func (r Resource) check(parts []Part) error {
	var f form
	f.slug(r.Slug)
	f.name(r.Name)
	f.texts("description", r.Description, maxLong)
	f.texts("terms", r.Terms, maxLong)
	f.texts("instructions", r.Instructions, maxLong)
	f.texts("price_note", r.PriceNote, maxName)
	f.line("contact_phone", r.ContactPhone)
	f.line("contact_email", r.ContactEmail)
	f.line("floor", r.Floor)
	f.refuse(!slices.Contains([]string{StateDraft, StatePublished, StateArchived}, r.State), "state", "resource.bad_state")
	r.checkVocabulary(&f)
	r.checkLimits(&f)
	if r.State == StatePublished {
		f.refuse(len(parts) == 0, "parts", "resource.no_parts")
		f.refuse(r.Access == "", "access", "resource.access_missing")
		for _, lang := range locales.Languages {
			f.refuse(r.Description.Exact(lang) == "", "description", "resource.description_missing", fault.Params{"language": lang})
		}
	}
	return invalid(f.fields)
}

func (r Resource) checkVocabulary(f *form) {
	f.refuse(r.Access != "" && !known(AccessTypes, r.Access), "access", "resource.unknown_access", fault.Params{"value": r.Access})
	f.refuse(!known(Types, r.Type) && (r.Type != "" || r.State == StatePublished), "type", "resource.unknown_type")
	for _, key := range r.Purposes {
		f.refuse(!known(Purposes, key), "purposes", "resource.unknown_purpose", fault.Params{"value": key})
	}
	for _, key := range r.Equipment {
		f.refuse(!known(Equipment, key), "equipment", "resource.unknown_equipment", fault.Params{"value": key})
	}
}

func (r Resource) checkLimits(f *form) {
	positive := func(n *int) bool { return n == nil || *n >= 1 }
	atLeast0 := func(n *int) bool { return n == nil || *n >= 0 }
	f.refuse(!positive(r.PersonsMin) || !positive(r.PersonsMax), "persons", "resource.persons_range")
	f.refuse(r.PersonsMin != nil && r.PersonsMax != nil && *r.PersonsMin > *r.PersonsMax, "persons", "resource.persons_range")
	f.refuse(r.Raster < 15 || r.Raster > 420, "raster", "resource.bad_raster", fault.Params{"min": 15, "max": 420})
	f.refuse(r.MinMinutes < 1 || (r.MaxMinutes != nil && *r.MaxMinutes < r.MinMinutes), "minutes", "resource.minutes_range")
	f.refuse(r.Raster > 0 && r.MaxMinutes != nil && roundUp(r.MinMinutes, r.Raster) > *r.MaxMinutes, "minutes", "resource.no_length_fits")
	f.refuse(min(r.BufferBefore, r.BufferAfter) < 0 || max(r.BufferBefore, r.BufferAfter) > 1440, "buffers", "resource.bad_buffers", fault.Params{"max": 1440})
	f.refuse(!atLeast0(r.DaysAheadMax) || r.DaysAheadMin < 0, "days_ahead", "resource.bad_days_ahead")
	f.refuse(!positive(r.ActiveLimit), "active_limit", "resource.bad_limit")
	f.refuse(!atLeast0(r.CancelMinutes), "cancel_minutes", "resource.bad_cancel")
	f.refuse(r.ReleaseAfterMinutes != nil && (*r.ReleaseAfterMinutes < 5 || *r.ReleaseAfterMinutes > 240),
		"release_after_minutes", "resource.bad_release", fault.Params{"min": 5, "max": 240})
	f.refuse(!atLeast0(r.PriceCents), "price_cents", "resource.bad_price")
	f.refuse(!slices.Contains([]string{"hour", "started_hour", "use"}, r.PriceUnit), "price_unit", "resource.bad_price_unit")
}

func roundUp(n, step int) int { return (n + step - 1) / step * step }
