package calendar

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// Feed is a calendar that people's programs fetch again and again.
type Feed struct {
	Name        string
	Description string
	URL         string         // the page for people, http or https; "" = none
	Refresh     time.Duration  // how often to come back; under a minute = not said
	Zone        *time.Location // nil = UTC
	Events      []Event
	Series      []Series // written as rules with exceptions
}

// Status is an event's state in the words of RFC 5545 §3.8.1.11.
type Status string

// The states; the empty one is written as StatusConfirmed.
const (
	StatusConfirmed Status = "CONFIRMED"
	StatusTentative Status = "TENTATIVE"
	StatusCancelled Status = "CANCELLED"
)

// Geo is a place on Earth in degrees (WGS 84).
type Geo struct{ Latitude, Longitude float64 }

// Event is one occurrence, with its own lasting UID. The caller promises that
// UID is not empty and no other event of the feed has it, that Begin is before
// End, both in the years 1 to 9999, and that Stamp and Sequence come from the
// last change and not from the time of writing.
type Event struct {
	UID         string
	Stamp       time.Time // last change
	Sequence    int       // rises by one whenever time, place or state change
	Begin, End  time.Time
	Zone        *time.Location // nil = the feed's; for a single event UTC
	Summary     string         // one line; if empty the location is shown
	Description string         // lines are kept
	Location    string
	URL         string // http or https; anything else is left out
	Status      Status
	Transparent bool // true: does not make its holder busy
	Categories  []string
	Geo         *Geo
}

// WriteFeed renders a feed as text/calendar in UTF-8 (RFC 5545, RFC 7986):
// lines of at most 75 octets that end in CRLF, every zone described before the
// first event, no METHOD. The same feed gives the same bytes whatever the order
// of its events. Cancelled events are left out, since many programs go on
// showing them. A feed without events is a valid calendar that holds only its
// zone.
func WriteFeed(f Feed) []byte {
	single := f.Events
	var parts []seriesParts
	for _, s := range f.Series {
		p := s.parts()
		parts = append(parts, p)
		single = slices.Concat(single, p.single)
	}
	slices.SortStableFunc(parts, func(a, b seriesParts) int { return cmp.Compare(a.event.UID, b.event.UID) })
	events := standing(single)
	doc := newDocument()
	doc.nameFeed(f)
	doc.addZones(zonesOf(f.Zone, events, parts))
	for _, e := range events {
		doc.addEvent(e, f.Zone)
	}
	for _, p := range parts {
		doc.addSeries(p)
	}
	return doc.bytes()
}

// WriteEvent renders a single event as a file to save. It carries no calendar
// name, which would make some programs create a calendar for it, and a
// cancelled event is written as such.
func WriteEvent(e Event) []byte {
	doc := newDocument()
	if place := zoneOf(e, nil); place != time.UTC {
		doc.addZones([]*time.Location{place})
	}
	doc.addEvent(e, nil)
	return doc.bytes()
}

// ETag is the strong entity tag of a body, quotes included (RFC 9110 §8.8.3).
func ETag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:]) + `"`
}

// standing gives the events that are not cancelled, by begin and then UID, so
// that the order in which they were read does not show in the bytes.
func standing(events []Event) []Event {
	kept := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Status == StatusCancelled })
	slices.SortStableFunc(kept, func(a, b Event) int {
		return cmp.Or(a.Begin.Compare(b.Begin), cmp.Compare(a.UID, b.UID))
	})
	return kept
}

// zonesOf lists the feed's zone and then those that series and events name, by
// name.
func zonesOf(feed *time.Location, events []Event, series []seriesParts) []*time.Location {
	named := map[string]*time.Location{}
	for _, s := range series {
		if s.rule != "" {
			named[s.zone.String()] = s.zone
		}
		events = slices.Concat(events, s.changed)
	}
	for _, e := range events {
		if place := zoneOf(e, feed); place != time.UTC {
			named[place.String()] = place
		}
	}
	home := writable(feed)
	delete(named, home.String())
	others := make([]*time.Location, 0, len(named))
	for _, place := range named {
		others = append(others, place)
	}
	slices.SortFunc(others, func(a, b *time.Location) int { return cmp.Compare(a.String(), b.String()) })
	return append([]*time.Location{home}, others...)
}

// zoneOf is the zone in which an event's times are written. An event that
// begins or ends in the doubled hour is written in UTC, both times: a local
// time would mean the first pass (RFC 5545 §3.3.5), and programs disagree.
func zoneOf(e Event, feed *time.Location) *time.Location {
	place := writable(cmp.Or(e.Zone, feed))
	if doubled(e.Begin, place) || doubled(e.End, place) {
		return time.UTC
	}
	return place
}

func doubled(t time.Time, loc *time.Location) bool {
	return resolve(wallOf(t, loc), loc).first().Ambiguous
}

// writable is the zone itself if other programs know its name, which is an IANA
// name like "Europe/Helsinki"; nil, a machine's "Local" and bare offsets are
// written in UTC.
func writable(loc *time.Location) *time.Location {
	if loc == nil || !strings.Contains(loc.String(), "/") {
		return time.UTC
	}
	return loc
}
