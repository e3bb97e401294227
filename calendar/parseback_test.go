package calendar

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// readEvent is what a calendar program understands of an event.
type readEvent struct {
	uid, summary, description, location, url, status, transp string
	sequence                                                 int
	stamp, begin, end                                        time.Time
}

// readFeed reads a calendar as a program would that knows no zones but those
// described in the file.
func readFeed(t testing.TB, body []byte) (*ics.Calendar, []readEvent) {
	t.Helper()
	requireWellFormed(t, body)
	parsed, err := ics.ParseCalendar(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("cannot be read back: %v\n%s", err, body)
	}
	zones := map[string][]onset{}
	for _, described := range parsed.Timezones() {
		zones[described.GetProperty("TZID").Value] = onsets(t, described)
	}
	var events []readEvent
	for _, e := range parsed.Events() {
		events = append(events, readOne(t, e, zones))
	}
	return parsed, events
}

func readOne(t testing.TB, e *ics.VEvent, zones map[string][]onset) readEvent {
	t.Helper()
	value := func(name string) string {
		if p := e.GetProperty(ics.ComponentProperty(name)); p != nil {
			return p.Value
		}
		return ""
	}
	at := func(name string) time.Time {
		p := e.GetProperty(ics.ComponentProperty(name))
		if p == nil {
			t.Fatalf("event %s has no %s", value("UID"), name)
		}
		return readTime(t, p, zones)
	}
	sequence, err := strconv.Atoi(value("SEQUENCE"))
	if err != nil {
		t.Fatalf("sequence: %v", err)
	}
	return readEvent{
		uid: value("UID"), summary: value("SUMMARY"), description: value("DESCRIPTION"),
		location: value("LOCATION"), url: value("URL"), status: value("STATUS"), transp: value("TRANSP"),
		sequence: sequence, stamp: at("DTSTAMP"), begin: at("DTSTART"), end: at("DTEND"),
	}
}

func readTime(t testing.TB, p *ics.IANAProperty, zones map[string][]onset) time.Time {
	t.Helper()
	if zoned := p.ICalParameters["TZID"]; len(zoned) == 1 {
		local, err := time.Parse(localForm, p.Value)
		if err != nil || zones[zoned[0]] == nil {
			t.Fatalf("%s: zone %v is not described, or: %v", p.IANAToken, zoned, err)
		}
		return local.Add(-offsetOnClock(zones[zoned[0]], local))
	}
	at, err := time.Parse(utcForm, p.Value)
	if err != nil {
		t.Fatalf("%s: %v", p.IANAToken, err)
	}
	return at
}

// onset is one moment at which a described zone changes its offset.
type onset struct {
	clock    time.Time // on the clock before, as if UTC
	from, to time.Duration
}

// onsets expands a VTIMEZONE to all its changes until 2040.
func onsets(t testing.TB, zone *ics.VTimezone) []onset {
	t.Helper()
	var all []onset
	for _, part := range zone.Components {
		value := map[string]string{}
		for _, p := range part.UnknownPropertiesIANAProperties() {
			value[p.IANAToken] = p.Value
		}
		start, err := time.Parse(localForm, value["DTSTART"])
		if err != nil {
			t.Fatal(err)
		}
		for _, clock := range expand(t, start, value["RRULE"]) {
			all = append(all, onset{clock, readOffset(t, value["TZOFFSETFROM"]), readOffset(t, value["TZOFFSETTO"])})
		}
	}
	return all
}

func expand(t testing.TB, start time.Time, rule string) []time.Time {
	t.Helper()
	if rule == "" {
		return []time.Time{start}
	}
	option, err := rrule.StrToROption(rule)
	if err != nil {
		t.Fatalf("rule %s: %v", rule, err)
	}
	option.Dtstart, option.Until = start, beginOf(2040)
	expanded, err := rrule.NewRRule(*option)
	if err != nil {
		t.Fatalf("rule %s: %v", rule, err)
	}
	clocks := expanded.All()
	if len(clocks) == 0 || !clocks[0].Equal(start) {
		t.Fatalf("DTSTART %v is not in its own rule %s", start, rule)
	}
	return clocks
}

func readOffset(t testing.TB, text string) time.Duration {
	t.Helper()
	at, err := time.Parse("-0700", text)
	if err != nil {
		t.Fatal(err)
	}
	_, seconds := at.Zone()
	return time.Duration(seconds) * time.Second
}

func (o onset) at() time.Time { return o.clock.Add(-o.from) }

// offsetOnClock is the offset of the last change at or before a local time.
func offsetOnClock(all []onset, local time.Time) time.Duration {
	var last onset
	for _, o := range all {
		if !o.clock.After(local) && !o.clock.Before(last.clock) {
			last = o
		}
	}
	return last.to
}

// requireWellFormed is F1, and the limits that an importer would set.
func requireWellFormed(t testing.TB, body []byte) {
	t.Helper()
	if err := wellFormed(body); err != nil {
		t.Fatalf("%v\n%q", err, body)
	}
}

func wellFormed(body []byte) error {
	text, ended := strings.CutSuffix(string(body), "\r\nEND:VCALENDAR\r\n")
	if !ended || !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !utf8.ValidString(text) || len(body) > 5<<20 {
		return fmt.Errorf("not a calendar in UTF-8 of at most 5 MB")
	}
	depth := 1
	for n, line := range strings.Split(text, "\r\n")[1:] {
		switch {
		case len(line) > 75:
			return fmt.Errorf("line %d has %d octets", n+2, len(line))
		case line == "" || line == " ":
			return fmt.Errorf("line %d is empty", n+2)
		case !utf8.ValidString(line):
			return fmt.Errorf("line %d is folded inside a rune", n+2)
		case strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
			return fmt.Errorf("line %d has a control character", n+2)
		case strings.HasPrefix(line, "BEGIN:"):
			depth++
		case strings.HasPrefix(line, "END:"):
			depth--
		}
		if depth < 1 || depth > 4 {
			return fmt.Errorf("line %d is nested %d deep", n+2, depth)
		}
	}
	if depth != 1 {
		return fmt.Errorf("components are not closed")
	}
	return nil
}

func TestWellFormedFindsFaults(t *testing.T) {
	const head, tail = "BEGIN:VCALENDAR\r\n", "\r\nEND:VCALENDAR\r\n"
	if err := wellFormed([]byte(head + "VERSION:2.0" + tail)); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for _, bad := range []string{
		"", head, "\ufeff" + head + "VERSION:2.0" + tail, head + "A:\nB" + tail, head + "A:\rB" + tail, head + "A:\x00" + tail,
		head + "A:" + strings.Repeat("x", 74) + tail, head + "A:\xc3\r\n \xa4" + tail, head + "A:1\r\n" + tail,
		head + "BEGIN:VEVENT" + tail, head + "END:VEVENT" + tail, head + "VERSION:2.0\r\nEND:VCALENDAR\n",
	} {
		if wellFormed([]byte(bad)) == nil {
			t.Errorf("passes: %q", bad)
		}
	}
}
