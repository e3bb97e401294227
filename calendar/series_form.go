package calendar

import (
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Series is a series of bookings for a calendar program: one event that
// repeats by a rule, and what differs from it. Programs disagree most where
// recurrence begins, so everything that some of them read wrongly is written as
// an event of its own.
type Series struct {
	Event // what every date says; UID is the series' own, Begin, End and Zone are not used
	Recurrence
	Dates []SeriesDate // what stands of it; the caller promises that each Date occurs once
}

// SeriesDate is a date of a series that takes place, maybe moved or changed.
type SeriesDate struct {
	Date  Date  // the local day that the rule gave
	Event Event // as it takes place; its UID is not the series'
}

// seriesParts is a series taken apart for writing. Without a rule all of it is
// single events.
type seriesParts struct {
	event    Event // begins and ends on the first date of the rule
	zone     *time.Location
	rule     string
	without  []time.Time // wall-clock times at which the rule's date is not
	replaced []time.Time // wall-clock times of changed, in the same order
	changed  []Event
	single   []Event
}

// parts takes a series apart. The rule starts on its first ordinary date, since
// programs measure the others by it.
func (s Series) parts() seriesParts {
	standing := s.standing()
	p := seriesParts{event: s.Event, zone: writable(s.Recurrence.Zone)}
	dates, text := s.ruleDates()
	start := slices.IndexFunc(dates, s.ordinary)
	if text == "" || start < 0 || p.zone == time.UTC {
		p.single = inOrder(standing)
		return p
	}
	first := dates[start]
	p.event.Begin, p.event.End, p.event.Zone = first.Begin.Instant, first.End.Instant, p.zone
	p.rule = text
	for _, o := range dates[start:] {
		e, stands := standing[o.Date]
		at := wall(o.Date, s.Span.From)
		switch {
		case !stands:
			p.without = append(p.without, at)
			continue
		case !placed(o):
			p.without = append(p.without, at)
			continue // stays in standing and is written singly
		case !s.sameAsRule(e, o, first):
			p.replaced = append(p.replaced, at)
			e.UID, e.Zone = s.UID, p.zone
			p.changed = append(p.changed, e)
		}
		delete(standing, o.Date)
	}
	p.single = inOrder(standing)
	return p
}

func (s Series) standing() map[Date]Event {
	standing := map[Date]Event{}
	for _, d := range s.Dates {
		if d.Event.Status != StatusCancelled {
			standing[d.Date] = d.Event
		}
	}
	return standing
}

// ruleDates are all dates of the bare rule with its text for other programs,
// which ends on the last of them; none where it cannot be written safely.
func (s Series) ruleDates() ([]Occurrence, string) {
	bare := Recurrence{First: s.First, Span: s.Span, Zone: s.Recurrence.Zone, Rule: s.Rule}
	rule, ok := s.Rule.Anchored(s.First).forPrograms()
	dates, err := bare.Expand()
	if err != nil || !ok {
		return nil, ""
	}
	last := dates[len(dates)-1].Date
	end := FirstFrom(last, DayMinutes, bare.zone()).Add(-time.Second)
	return dates, rule.EndingOn(last).write(end.Format(utcForm))
}

// forPrograms is the same rule as most programs read it rightly. Positions of
// days and weeks are counted in different ways, and so are ordinals of chosen
// months unless the rule is a yearly one.
func (r Rule) forPrograms() (Rule, bool) {
	_, nth := r.daysByKind()
	switch {
	case r.IsZero() || len(r.positions) > 0 && (r.frequency == Daily || r.frequency == Weekly):
		return r, false
	case r.frequency == Monthly && len(r.months) > 0 && len(nth) > 0:
		if r.interval > 1 || len(r.positions) > 0 {
			return r, false
		}
		r.frequency = Yearly
	}
	return r, true
}

// placed tells whether every program finds the instant at which a date begins.
func placed(o Occurrence) bool { return o.Begin.Exists && !o.Begin.Ambiguous }

// ordinary tells whether the clocks stand still between begin and end.
func (s Series) ordinary(o Occurrence) bool {
	nominal := time.Duration(s.Span.Minutes()) * time.Minute
	return placed(o) && o.End.Exists && !o.End.Ambiguous && o.End.Instant.Sub(o.Begin.Instant) == nominal
}

// sameAsRule tells whether a date needs no words of its own. Programs count its
// end from the length of the first date, which on some nights is not where the
// clock has it.
func (s Series) sameAsRule(e Event, o, first Occurrence) bool {
	length := first.End.Instant.Sub(first.Begin.Instant)
	return e.Begin.Equal(o.Begin.Instant) && e.End.Equal(o.End.Instant) && e.End.Sub(e.Begin) == length &&
		e.Summary == s.Summary && e.Description == s.Description && e.Location == s.Location && e.URL == s.URL &&
		known(e.Status) == known(s.Status) && e.Transparent == s.Transparent &&
		slices.Equal(e.Categories, s.Categories) && sameGeo(e.Geo, s.Geo)
}

func sameGeo(a, b *Geo) bool { return a == b || a != nil && b != nil && *a == *b }

func inOrder(standing map[Date]Event) []Event {
	events := make([]Event, 0, len(standing))
	for _, e := range standing {
		events = append(events, e)
	}
	return events // feeds sort their events
}

func (doc document) addSeries(p seriesParts) {
	if p.rule == "" {
		return
	}
	zoned := ics.WithTZID(p.zone.String())
	c := headOf(p.event)
	c.sayTimes(p.event, p.zone)
	c.say("RRULE", p.rule)
	for _, at := range p.without {
		c.say("EXDATE", at.Format(localForm), zoned)
	}
	doc.addComponent(c, p.event)
	for i, e := range p.changed {
		c := headOf(e)
		c.say("RECURRENCE-ID", p.replaced[i].Format(localForm), zoned)
		c.sayTimes(e, zoneOf(e, p.zone))
		doc.addComponent(c, e)
	}
}
