package calendar

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// observance is one STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545
// §3.6.5): from its start on, and again by its rule, the offset changes.
type observance struct {
	daylight bool
	from, to time.Duration // offsets, east of UTC is positive
	name     string        // abbreviation, e.g. "EEST"
	start    time.Time     // on the clock before the change, written as if UTC
	rule     string        // RRULE value; "" = only once
}

// fixedZones are written from this table, so that their bytes depend neither on
// the machine's zone database nor on the reader of it.
var fixedZones = map[string][]observance{
	"Europe/Helsinki":  europeanUnion(2*time.Hour, "EET", "EEST"),
	"Europe/Mariehamn": europeanUnion(2*time.Hour, "EET", "EEST"),
	"Europe/Stockholm": europeanUnion(1*time.Hour, "CET", "CEST"),
}

// europeanUnion is the rule that all of the union has kept since 1996: summer
// time from the last Sunday of March to the last Sunday of October, changing
// everywhere at 01:00 UTC (directive 2000/84/EC).
func europeanUnion(standard time.Duration, winterName, summerName string) []observance {
	summer := standard + time.Hour
	return []observance{
		{
			daylight: true, from: standard, to: summer, name: summerName,
			start: time.Date(1996, time.March, 31, 1, 0, 0, 0, time.UTC).Add(standard),
			rule:  "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
		},
		{
			from: summer, to: standard, name: winterName,
			start: time.Date(1996, time.October, 27, 1, 0, 0, 0, time.UTC).Add(summer),
			rule:  "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
		},
	}
}

// vtimezone describes a zone for programs that do not know its name. Zones
// outside the table are described from the program's zone database.
func vtimezone(zone *time.Location) *ics.VTimezone {
	observances, ok := fixedZones[zone.String()]
	if !ok {
		observances = deriveObservances(zone)
	}
	var c component
	c.say("TZID", zone.String())
	c.say("X-LIC-LOCATION", zone.String())
	for _, o := range observances {
		c.Components = append(c.Components, o.component())
	}
	return &ics.VTimezone{ComponentBase: c.ComponentBase}
}

func (o observance) component() ics.Component {
	var c component
	c.say("DTSTART", o.start.Format(localForm))
	c.say("TZOFFSETFROM", utcOffset(o.from))
	c.say("TZOFFSETTO", utcOffset(o.to))
	c.say("TZNAME", o.name)
	c.sayUnlessEmpty("RRULE", o.rule)
	if o.daylight {
		return &ics.Daylight{ComponentBase: c.ComponentBase}
	}
	return &ics.Standard{ComponentBase: c.ComponentBase}
}

// utcOffset is the form of RFC 5545 §3.3.14, "+0200", with seconds only where
// there are any.
func utcOffset(d time.Duration) string {
	sign, seconds := '+', int(d/time.Second)
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
