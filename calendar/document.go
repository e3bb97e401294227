package calendar

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// productID names the writer without a version: a new release must not change
// the bytes of feeds whose events did not change.
const productID = "-//Vuoro contributors//Vuoro//EN"

const (
	utcForm   = "20060102T150405Z"
	localForm = "20060102T150405"
)

// document is a calendar being put together. The library keeps the tree, folds
// the lines and escapes TEXT; all it would write raw is cleaned here first.
type document struct{ cal *ics.Calendar }

func newDocument() document {
	doc := document{cal: &ics.Calendar{}}
	doc.say("VERSION", "2.0")
	doc.say("PRODID", productID)
	doc.say("CALSCALE", "GREGORIAN")
	return doc
}

// nameFeed writes what programs show and obey about a feed: the standard
// properties (RFC 7986 §5) and the older ones that they grew from.
func (doc document) nameFeed(f Feed) {
	name := cmp.Or(cleanLine(f.Name), "Vuoro")
	doc.say("NAME", name)
	doc.say("X-WR-CALNAME", name)
	if description := cleanText(f.Description); description != "" {
		doc.say("DESCRIPTION", description)
		doc.say("X-WR-CALDESC", description)
	}
	doc.say("X-WR-TIMEZONE", writable(f.Zone).String())
	if address := cleanURL(f.URL); address != "" {
		doc.say("URL", address)
	}
	if f.Refresh >= time.Minute {
		doc.say("REFRESH-INTERVAL", duration(f.Refresh), ics.WithValue("DURATION"))
		doc.say("X-PUBLISHED-TTL", duration(f.Refresh))
	}
}

func (doc document) say(name, value string, params ...ics.PropertyParameter) {
	property := ics.CalendarProperty{BaseProperty: base(name, value, params)}
	doc.cal.CalendarProperties = append(doc.cal.CalendarProperties, property)
}

func (doc document) addZones(zones []*time.Location) {
	for _, zone := range zones {
		doc.cal.Components = append(doc.cal.Components, vtimezone(zone))
	}
}

func (doc document) addEvent(e Event, feed *time.Location) {
	c := headOf(e)
	c.sayTimes(e, zoneOf(e, feed))
	doc.addComponent(c, e)
}

// headOf is an event without its times and all that follows them.
func headOf(e Event) component {
	var c component
	c.say("UID", cleanLine(e.UID))
	c.say("DTSTAMP", e.Stamp.UTC().Format(utcForm))
	c.say("LAST-MODIFIED", e.Stamp.UTC().Format(utcForm))
	c.say("SEQUENCE", strconv.Itoa(max(e.Sequence, 0)))
	return c
}

// addComponent writes what follows the times.
func (doc document) addComponent(c component, e Event) {
	location := cleanLine(e.Location)
	c.say("SUMMARY", cmp.Or(cleanLine(e.Summary), location, "Vuoro"))
	c.sayUnlessEmpty("DESCRIPTION", cleanText(e.Description))
	c.sayUnlessEmpty("LOCATION", location)
	c.sayUnlessEmpty("URL", cleanURL(e.URL))
	c.say("STATUS", string(known(e.Status)))
	c.say("TRANSP", transparency(e.Transparent))
	for _, category := range e.Categories {
		c.sayUnlessEmpty("CATEGORIES", cleanLine(category))
	}
	if e.Geo != nil {
		c.say("GEO", fmt.Sprintf("%.6f;%.6f", e.Geo.Latitude, e.Geo.Longitude))
	}
	doc.cal.Components = append(doc.cal.Components, &ics.VEvent{ComponentBase: c.ComponentBase})
}

func (doc document) bytes() []byte {
	return []byte(doc.cal.Serialize(ics.WithNewLineWindows))
}

// component is an iCalendar component being filled.
type component struct{ ics.ComponentBase }

func (c *component) say(name, value string, params ...ics.PropertyParameter) {
	c.Properties = append(c.Properties, ics.IANAProperty{BaseProperty: base(name, value, params)})
}

func (c *component) sayUnlessEmpty(name, value string) {
	if value != "" {
		c.say(name, value)
	}
}

func (c *component) sayTimes(e Event, zone *time.Location) {
	if zone == time.UTC {
		c.say("DTSTART", e.Begin.UTC().Format(utcForm))
		c.say("DTEND", e.End.UTC().Format(utcForm))
		return
	}
	c.say("DTSTART", e.Begin.In(zone).Format(localForm), ics.WithTZID(zone.String()))
	c.say("DTEND", e.End.In(zone).Format(localForm), ics.WithTZID(zone.String()))
}

func base(name, value string, params []ics.PropertyParameter) ics.BaseProperty {
	property := ics.BaseProperty{IANAToken: name, Value: value, ICalParameters: map[string][]string{}}
	for _, param := range params {
		key, values := param.KeyValue()
		property.ICalParameters[key] = values
	}
	return property
}

func known(s Status) Status {
	if s == StatusTentative || s == StatusCancelled {
		return s
	}
	return StatusConfirmed
}

func transparency(transparent bool) string {
	if transparent {
		return "TRANSPARENT"
	}
	return "OPAQUE"
}

// duration writes whole minutes as RFC 5545 §3.3.6: "PT1H30M".
func duration(d time.Duration) string {
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	var text strings.Builder
	text.WriteString("PT")
	if hours > 0 {
		fmt.Fprintf(&text, "%dH", hours)
	}
	if minutes > 0 {
		fmt.Fprintf(&text, "%dM", minutes)
	}
	return text.String()
}
