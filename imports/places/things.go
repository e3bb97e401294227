package places

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// The things of a file. Each is the row of the database and, as text, the names
// that the file has for what it points to.

type book struct {
	resources.RuleBook
	unit string // slug, "" = of the whole city
}

type unit struct{ resources.Unit }

type hours struct {
	resources.Period
	unit, resource string // slug of the one whose they are; the unit of a resource's hours is left out
}

type space struct {
	resources.Space
	unit, key, parent string
}

type device struct {
	resources.Device
	unit, key, space string
}

type resource struct {
	resources.Resource
	unit  string
	parts string // see parsePart
}

// blank is a new thing of a kind, with the defaults that an empty row has.
func blank(kind string) thing {
	var t thing
	switch kind {
	case RuleBookRow:
		t = &book{}
	case UnitRow:
		t = &unit{}
	case HoursRow:
		t = &hours{}
	case SpaceRow:
		t = &space{}
	case DeviceRow:
		t = &device{}
	default:
		t = &resource{}
	}
	for _, f := range t.fields(time.UTC) {
		_ = f.read("") // a required value is asked for when the row is checked
	}
	return t
}

// columns are worked out once; they belong to nothing and are only looked at.
var columns = sync.OnceValue(func() map[string][]field {
	byKind := map[string][]field{}
	for _, kind := range Kinds {
		byKind[kind] = blank(kind).fields(time.UTC)
	}
	return byKind
})

// columnsOf lists the columns of a kind of row in the order of an export.
func columnsOf(kind string) []field { return columns()[kind] }

func (b *book) fields(zone *time.Location) []field {
	head := append([]field{text("key", &b.Key), text("unit", &b.unit)}, texts("name", &b.Name)...)
	return append(head,
		text("base", &b.Base),
		flag("base_first", &b.BaseFirst),
		moment("valid_from", &b.ValidFrom, zone),
		text("decision", &b.Decision.V.Reference),
		text("decision_address", &b.Decision.V.Address),
		field{
			column: "rules", shape: inRules,
			read: func(text string) (err *fault.Error) {
				if text == "" {
					return nil
				}
				b.Rules.V, err = parseRules(text)
				return err
			},
			write: func() string { return writeRules(b.Rules.V) },
		},
		field{
			column: "examples", shape: inRules,
			read: func(text string) *fault.Error {
				b.Examples.V = []policies.Example{}
				if text == "" {
					return nil
				}
				if json.Unmarshal([]byte(text), &b.Examples.V) != nil {
					return invalid("places.rules", fault.Params{"rule": "", "field": "examples"})
				}
				return nil
			},
			write: func() string {
				if len(b.Examples.V) == 0 {
					return ""
				}
				return asJSON(b.Examples.V)
			},
		},
	)
}

func (u *unit) fields(*time.Location) []field {
	return slices.Concat(
		[]field{text("slug", &u.Slug)},
		texts("name", &u.Name),
		texts("description", &u.Description),
		[]field{
			text("address", &u.Address),
			text("postcode", &u.Postcode),
			text("city", &u.City),
			decimal("latitude", &u.Latitude, -1),
			decimal("longitude", &u.Longitude, -1),
			text("phone", &u.Phone),
			text("email", &u.Email),
			word("holidays", &u.Holidays, among("closed", "sunday", "normal"), "normal"),
			flag("one_place_at_once", &u.OnePlaceAtOnce),
			flag("example", &u.Example),
			text("source", &u.Source),
			text("external_ref", &u.ExternalRef),
		},
	)
}

func (h *hours) fields(*time.Location) []field {
	return slices.Concat(
		[]field{text("unit", &h.unit), text("resource", &h.resource)},
		texts("name", &h.Name),
		texts("description", &h.Description),
		[]field{
			date("from", &h.ValidFrom),
			date("to", &h.ValidTo),
			flag("override", &h.Override),
			flag("overlay", &h.Overlay),
			word("school", &h.School, among(resources.SchoolTerm, resources.SchoolBreak), ""),
			{
				column: "hours",
				read: func(text string) (err *fault.Error) {
					if text == "" {
						return nil
					}
					h.Spans.V, err = parseHours(text)
					return err
				},
				write: func() string { return resources.WriteSpans(h.Spans.V) },
			},
			text("origin", &h.Origin),
		},
	)
}

func (s *space) fields(*time.Location) []field {
	return slices.Concat(
		[]field{text("unit", &s.unit), text("key", &s.key), text("parent", &s.parent)},
		texts("name", &s.Name),
	)
}

func (d *device) fields(*time.Location) []field {
	return slices.Concat(
		[]field{text("unit", &d.unit), text("key", &d.key)},
		texts("name", &d.Name),
		[]field{number("count", &d.Count, 1), text("space", &d.space)},
	)
}

func (r *resource) fields(zone *time.Location) []field {
	return slices.Concat(
		[]field{text("unit", &r.unit), text("slug", &r.Slug)},
		texts("name", &r.Name),
		[]field{
			word("type", &r.Type, wordsOf(resources.Types), ""),
			partsField("parts", &r.parts),
			word("state", &r.State, among(resources.StateDraft, resources.StatePublished, resources.StateArchived), resources.StateDraft),
			text("rule_book", &r.RuleBook),
		},
		texts("description", &r.Description),
		texts("instructions", &r.Instructions),
		texts("terms", &r.Terms),
		[]field{
			list("purposes", &r.Purposes, wordsOf(resources.Purposes)),
			list("equipment", &r.Equipment, wordsOf(resources.Equipment)),
			maybe("persons_min", &r.PersonsMin),
			maybe("persons_max", &r.PersonsMax),
			decimal("area_m2", &r.AreaM2, 1),
			text("floor", &r.Floor),
			maybeFlag("step_free", &r.StepFree),
			word("access", &r.Access, wordsOf(resources.AccessTypes), ""),
			text("phone", &r.ContactPhone),
			text("email", &r.ContactEmail),
		},
		r.fieldsOfBooking(zone),
		[]field{
			flag("example", &r.Example),
			text("source", &r.Source),
			text("external_ref", &r.ExternalRef),
		},
	)
}

// fieldsOfBooking are prices, limits and windows.
func (r *resource) fieldsOfBooking(zone *time.Location) []field {
	prices := []field{
		price("price", &r.PriceCents),
		word("price_unit", &r.PriceUnit, among(policies.Units...), "hour"),
	}
	return slices.Concat(prices, texts("price_note", &r.PriceNote), []field{
		number("raster", &r.Raster, 30),
		number("min_minutes", &r.MinMinutes, 30),
		maybe("max_minutes", &r.MaxMinutes),
		number("buffer_before", &r.BufferBefore, 0),
		number("buffer_after", &r.BufferAfter, 0),
		number("days_ahead_min", &r.DaysAheadMin, 0),
		maybe("days_ahead_max", &r.DaysAheadMax),
		maybe("active_limit", &r.ActiveLimit),
		cancelling("cancel_minutes", &r.CancelMinutes),
		maybe("release_after_minutes", &r.ReleaseAfterMinutes),
		list("required_fields", &r.RequiredFields, anything),
		list("groups", &r.Groups, anything),
		flag("adult_only", &r.AdultOnly),
		flag("strong_sign_in", &r.StrongSignIn),
		flag("season_only", &r.SeasonOnly),
		flag("whole_day", &r.WholeDay),
		moment("publish_from", &r.PublishFrom, zone),
		moment("publish_to", &r.PublishTo, zone),
		moment("booking_from", &r.BookingFrom, zone),
		moment("booking_to", &r.BookingTo, zone),
	})
}

// part is one part of a resource as a file names it: "hall", "device:piano",
// "device:machines*2".
type part struct {
	key    string
	device bool
	count  int
}

const devicePrefix = "device:"

func parsePart(text string) (part, bool) {
	key, times, counted := strings.Cut(text, "*")
	p := part{key: strings.TrimSpace(key), count: 1}
	p.key, p.device = strings.CutPrefix(p.key, devicePrefix)
	if !counted {
		return p, p.key != ""
	}
	n, err := strconv.Atoi(strings.TrimSpace(times))
	p.count = n
	return p, err == nil && n >= 1 && p.device && p.key != ""
}

func (p part) String() string {
	text := p.key
	if p.device {
		text = devicePrefix + text
	}
	if p.count > 1 {
		text += "*" + strconv.Itoa(p.count)
	}
	return text
}

// partsField is a list that is kept in one spelling.
func partsField(column string, into *string) field {
	return field{
		column: column, shape: inList,
		read: func(text string) *fault.Error {
			words := split(text)
			for i, word := range words {
				p, ok := parsePart(word)
				if !ok {
					return invalid("places.part", fault.Params{"value": shortened(word)})
				}
				words[i] = p.String()
			}
			*into = strings.Join(words, ", ")
			return nil
		},
		write: func() string { return *into },
	}
}
