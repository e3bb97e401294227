package calendar

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"vuoro/fault"
)

// What is read of another program's calendar.
const (
	MaxFeedSize   = 10 << 20
	MaxFeedEvents = 5000
	maxFeedDepth  = 10
)

// FeedEvent is an event of another program's calendar. Each of its dates lasts
// Length on the clock of its zone; whole days are counted from midnight.
type FeedEvent struct {
	UID         string
	Summary     string        // one line
	Dates       RecurrenceSet // From and Until are left to the reader
	Length      time.Duration
	AllDay      bool
	Cancelled   bool
	Transparent bool      // makes nobody busy
	Replaces    time.Time // the instant of the date that it stands for; zero = none
}

// Begins lists the instants at which the event begins from one day to another,
// both included, on the clock of its zone. The first is always there, also where
// its rules do not yield it, but for exceptions. More than MaxDates are Invalid.
func (e FeedEvent) Begins(from, to Date) ([]time.Time, error) {
	first := resolve(e.Dates.Start, zoneOrUTC(e.Dates.Zone)).first().Instant
	set := e.Dates
	set.Dates = append([]time.Time{first}, set.Dates...)
	set.From, set.Until = from.midnight(), to.AddDays(1).midnight().Add(-time.Second)
	if !e.Replaces.IsZero() {
		set = RecurrenceSet{Start: set.Start, Zone: set.Zone, Dates: set.Dates[:1], Until: set.Until}
	}
	list, _, err := set.Expand()
	var begins []time.Time
	for _, r := range list {
		if !wallOf(r.Instant, zoneOrUTC(set.Zone)).Before(from.midnight()) {
			begins = append(begins, r.Instant)
		}
	}
	return begins, err
}

// End is when a date of the event ends that begins at an instant.
func (e FeedEvent) End(begin time.Time) time.Time {
	zone := zoneOrUTC(e.Dates.Zone)
	return resolve(wallOf(begin, zone).Add(e.Length), zone).first().Instant
}

// ReadFeed reads the events of a calendar file. Times without a zone are in the
// given one. Every error is Invalid, its fields name the event, and its code is
// hours_file.not_ical, .too_large, .too_many_events or .event_….
func ReadFeed(data []byte, zone *time.Location) ([]FeedEvent, error) {
	if len(data) > MaxFeedSize {
		return nil, fault.InvalidField("file", "hours_file.too_large", fault.Params{"max": MaxFeedSize >> 20})
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if tooDeep(data) {
		return nil, fault.InvalidField("file", "hours_file.not_ical")
	}
	parsed, err := ics.ParseCalendarWithOptions(bytes.NewReader(data), ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler))
	if err != nil || len(parsed.CalendarProperties)+len(parsed.Components) == 0 {
		refused := fault.InvalidField("file", "hours_file.not_ical")
		refused.Err = err
		return nil, refused
	}
	if len(parsed.Events()) > MaxFeedEvents {
		return nil, fault.InvalidField("file", "hours_file.too_many_events", fault.Params{"max": MaxFeedEvents})
	}
	var events []FeedEvent
	for _, e := range parsed.Events() {
		r := eventReader{event: e, zone: zone}
		if event := r.read(); r.refused == nil {
			events = append(events, event)
		} else {
			return nil, r.refused
		}
	}
	return events, nil
}

// tooDeep tells whether components lie deeper in each other than any calendar's
// do; the library follows them by calling itself.
func tooDeep(data []byte) bool {
	depth := 0
	for line := range bytes.Lines(data) {
		switch name, _, _ := bytes.Cut(bytes.ToUpper(line[:min(len(line), 10)]), []byte(":")); string(name) {
		case "BEGIN":
			if depth++; depth > maxFeedDepth {
				return true
			}
		case "END":
			depth--
		}
	}
	return false
}

// eventReader reads one event up to its first mistake.
type eventReader struct {
	event   *ics.VEvent
	zone    *time.Location
	refused error
}

func (r *eventReader) refuse(code, value string) {
	if r.refused == nil {
		name := cmp.Or(r.text("SUMMARY"), r.text("UID"), "VEVENT")
		r.refused = fault.InvalidField(name, code, fault.Params{"path": name, "value": shortened(cleanLine(value)), "max": maxFeedDays})
	}
}

func (r *eventReader) text(name string) string {
	if p := r.event.GetProperty(ics.ComponentProperty(name)); p != nil {
		text := []rune(cleanLine(ics.FromText(p.Value)))
		return string(text[:min(len(text), 150)])
	}
	return ""
}

// maxFeedDays is how long one date of an event may last.
const maxFeedDays = 60

func (r *eventReader) read() FeedEvent {
	e := FeedEvent{
		UID: r.text("UID"), Summary: r.text("SUMMARY"),
		Cancelled: r.text("STATUS") == string(StatusCancelled), Transparent: r.text("TRANSP") == "TRANSPARENT",
	}
	start := r.event.GetProperty("DTSTART")
	if start == nil {
		r.refuse("hours_file.event_time", "")
		return e
	}
	begin := r.moment(start, start.Value)
	e.AllDay, e.Dates.Start, e.Dates.Zone = begin.day, begin.wall, begin.zone
	e.Length = r.length(begin)
	if e.Length < 0 || e.Length > maxFeedDays*24*time.Hour {
		r.refuse("hours_file.event_length", "")
	}
	for _, p := range r.event.GetProperties("RRULE") {
		if p.Value == "" { // seen in the wild
			continue
		}
		rule, err := ParseImportedRule(p.Value)
		if err != nil {
			r.refuse("hours_file.event_rule", p.Value)
			break
		}
		e.Dates.Rules = append(e.Dates.Rules, rule)
	}
	for _, m := range r.moments("RDATE") {
		e.Dates.Dates = append(e.Dates.Dates, m.instant())
	}
	for _, m := range r.moments("EXDATE") {
		if m.day {
			e.Dates.ExcludeDays = append(e.Dates.ExcludeDays, dateOf(m.wall))
			continue
		}
		e.Dates.Exclude = append(e.Dates.Exclude, m.instant())
	}
	if p := r.event.GetProperty("RECURRENCE-ID"); p != nil {
		e.Replaces = r.moment(p, p.Value).instant()
		if ranged := p.ICalParameters["RANGE"]; len(ranged) > 0 {
			r.refuse("hours_file.event_range", ranged[0])
		}
	}
	return e
}

// length is how long each date lasts on the clock; an event that tells no end
// lasts a day or no time at all.
func (r *eventReader) length(begin moment) time.Duration {
	if p := r.event.GetProperty("DTEND"); p != nil {
		end := r.moment(p, p.Value)
		if end.zone.String() == begin.zone.String() || end.day {
			return end.wall.Sub(begin.wall)
		}
		return wallOf(end.instant(), zoneOrUTC(begin.zone)).Sub(begin.wall)
	}
	if p := r.event.GetProperty("DURATION"); p != nil {
		length, ok := readDuration(p.Value)
		if !ok {
			r.refuse("hours_file.event_time", p.Value)
		}
		return length
	}
	if begin.day {
		return 24 * time.Hour
	}
	return 0
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$`)

func readDuration(text string) (length time.Duration, ok bool) {
	found := durationForm.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(found[i+1]) // "" is none
		length += time.Duration(n) * unit
	}
	return length, true
}

// moment is a time as a calendar writes it.
type moment struct {
	wall time.Time // as if it were UTC
	zone *time.Location
	day  bool // a whole day
}

func (m moment) instant() time.Time { return resolve(m.wall, zoneOrUTC(m.zone)).first().Instant }

func (r *eventReader) moments(name string) (list []moment) {
	for _, p := range r.event.GetProperties(ics.ComponentProperty(name)) {
		for text := range strings.SplitSeq(p.Value, ",") {
			if begin, _, period := strings.Cut(text, "/"); period {
				text = begin
			}
			if list = append(list, r.moment(p, text)); len(list) > MaxFeedEvents {
				r.refuse("hours_file.too_many_events", name)
				return nil
			}
		}
	}
	return list
}

// moment reads a time by its form, since some programs call times days.
func (r *eventReader) moment(p *ics.IANAProperty, text string) moment {
	m := moment{zone: r.zone}
	form := localForm
	switch {
	case len(text) == len(dateForm):
		form, m.day = dateForm, true
	case strings.HasSuffix(text, "Z"):
		form, m.zone = utcForm, time.UTC
	default:
		if named := p.ICalParameters["TZID"]; len(named) > 0 {
			m.zone = r.zoneNamed(named[0])
		}
	}
	var err error
	if m.wall, err = time.Parse(form, text); err != nil || m.wall.Year() < 1600 {
		r.refuse("hours_file.event_time", text)
	}
	return m
}

// windowsZones are the names that Windows programs give the zones around here.
var windowsZones = map[string]string{
	"FLE Standard Time": "Europe/Helsinki", "GTB Standard Time": "Europe/Bucharest", "W. Europe Standard Time": "Europe/Berlin",
	"Central Europe Standard Time": "Europe/Budapest", "Central European Standard Time": "Europe/Warsaw", "Romance Standard Time": "Europe/Paris",
	"GMT Standard Time": "Europe/London", "UTC": "UTC", "Russian Standard Time": "Europe/Moscow",
}

func (r *eventReader) zoneNamed(name string) *time.Location {
	name = strings.Trim(name, `"`)
	known := cmp.Or(windowsZones[name], strings.TrimPrefix(name, "/"))
	if !slices.Contains([]string{"", "Local"}, known) {
		if zone, err := time.LoadLocation(known); err == nil {
			return zone
		}
	}
	r.refuse("hours_file.event_zone", name)
	return r.zone
}
