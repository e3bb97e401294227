package calendar

import (
	"slices"
	"time"

	"vuoro/fault"
)

// Recurrence is a series of bookings: the dates of a rule with one wall-clock
// span.
type Recurrence struct {
	First   Date              // counting begins here (DTSTART's date); a date of the series only if the rule yields it
	Span    Span              // wall time of every date; To may pass 24:00
	Zone    *time.Location    // nil = UTC
	Rule    Rule              // zero = only Include
	Include []Date            // further dates
	Exclude []Date            // dates left out, also those of Include; COUNT counts before
	Skip    func(Date) string // "" keeps a date, else why it is left out; nil keeps all; COUNT counts before
	Last    Date              // no date may lie after it; none = 200 years
}

// Occurrence is one date of a series. Begin and End are resolved each by
// itself, so the clock shows the same times on every night of the year. Skipped
// is why the date is left out, a key of a sentence, and "" where it is not.
type Occurrence struct {
	Date       Date
	Begin, End Resolved
	Skipped    string
}

// Expand lists the dates by day, each local day at most once, those that Skip
// leaves out among them. Every error is Invalid: calendar.span_order,
// calendar.date, calendar.rule_until_before_begin, calendar.rule_too_far,
// calendar.rule_too_many (more than MaxDates), calendar.rule_empty,
// calendar.rule_too_heavy.
func (r Recurrence) Expand() ([]Occurrence, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	dates, err := r.dates()
	if err != nil {
		return nil, err
	}
	list := make([]Occurrence, len(dates))
	for i, date := range dates {
		list[i] = Occurrence{Date: date, Begin: Resolve(date, r.Span.From, r.zone()), End: Resolve(date, r.Span.To, r.zone())}
		if r.Skip != nil {
			list[i].Skipped = r.Skip(date)
		}
	}
	return list, nil
}

func (r Recurrence) zone() *time.Location { return zoneOrUTC(r.Zone) }

func (r Recurrence) check() error {
	if !r.Span.Valid() {
		return outOfOrder(r.Span)
	}
	if !r.First.Valid() {
		return unreadable("calendar.date", r.First.String())
	}
	for _, date := range slices.Concat(r.Include, r.Exclude) {
		if !date.Valid() {
			return unreadable("calendar.date", date.String())
		}
	}
	if r.Rule.until.form == "" {
		return nil
	}
	until := r.Rule.Until(r.zone())
	if r.Rule.until.wall(r.zone()).Before(wall(r.First, r.Span.From)) {
		return fault.New(fault.Invalid, "calendar.rule_until_before_begin", fault.Params{"until": until, "begin": r.First})
	}
	return r.within(until)
}

func (r Recurrence) within(date Date) error {
	last := r.Last
	if last.IsZero() {
		last = dateOf(r.First.midnight().AddDate(roomYears, 0, 0))
	}
	if date.After(last) {
		return fault.New(fault.Invalid, "calendar.rule_too_far", fault.Params{"last": last, "asked": date})
	}
	return nil
}

// dates are the local days, skipped ones among them.
func (r Recurrence) dates() ([]Date, error) {
	dates := slices.Clone(r.Include)
	for _, date := range dates {
		if err := r.within(date); err != nil {
			return nil, err
		}
	}
	var far error
	given := 0
	whole, err := r.Rule.walk(wall(r.First, r.Span.From), r.zone(), func(at time.Time) bool {
		date := dateOf(at)
		given++
		if far = r.within(date); far != nil || given > MaxDates {
			return false
		}
		dates = append(dates, date)
		return true
	})
	switch {
	case err != nil:
		return nil, err
	case far != nil:
		return nil, far
	case given > MaxDates:
		return nil, tooMany()
	case !whole && given > 0:
		return nil, fault.New(fault.Invalid, "calendar.rule_too_few", fault.Params{"count": r.Rule.count, "n": given})
	}
	return r.sifted(dates)
}

func (r Recurrence) sifted(dates []Date) ([]Date, error) {
	slices.SortFunc(dates, Date.Compare)
	dates = slices.DeleteFunc(slices.Compact(dates), func(d Date) bool { return slices.Contains(r.Exclude, d) })
	if len(dates) == 0 {
		return nil, fault.New(fault.Invalid, "calendar.rule_empty")
	}
	if len(dates) > MaxDates {
		return nil, tooMany()
	}
	return dates, nil
}

func tooMany() error {
	return fault.New(fault.Invalid, "calendar.rule_too_many", fault.Params{"max": MaxDates})
}

// SpanOf is the span from one time of day to another. 00:00 as an end is the
// next midnight; an end that is not after its begin is Invalid, code
// calendar.span_order. Spans past midnight count on: 22:00 to 26:00.
func SpanOf(from, to Minute) (Span, error) {
	if to == 0 {
		to = DayMinutes
	}
	s := Span{From: from, To: to}
	if !s.Valid() {
		return Span{}, outOfOrder(s)
	}
	return s, nil
}

func outOfOrder(s Span) error {
	return fault.New(fault.Invalid, "calendar.span_order", fault.Params{"from": s.From.String(), "to": s.To.String()})
}
