package calendar

import (
	"slices"
	"time"
)

// RecurrenceSet is a recurrence as calendars write it (RFC 5545 §3.8.5): rules
// and dates less exceptions, all counted from one start. Unlike a booking's
// Recurrence it knows instants, may go on for ever, and keeps a date whose
// start the clocks jump over, at the instant of the offset before the jump
// (§3.3.5).
type RecurrenceSet struct {
	Start       time.Time      // DTSTART's wall-clock time, written as if it were UTC
	Zone        *time.Location // nil = UTC
	Rules       []Rule
	Dates       []time.Time // RDATE, instants
	Exclude     []time.Time // EXDATE, instants
	ExcludeDays []Date      // EXDATE of whole days: the dates that begin on that local day
	From        time.Time   // wall-clock time before which no date of a rule is wanted; zero = all
	Until       time.Time   // wall-clock time up to and with which dates are wanted, at most 200 years after Start
}

// Expand lists the starts by instant, each once. startInRule tells whether the
// start is one of what rules and dates yield, exceptions aside: where it is
// not, programs disagree whether it is a date, so it is left out and the caller
// decides. More than MaxDates dates are Invalid, code calendar.rule_too_many.
func (s RecurrenceSet) Expand() (list []Resolved, startInRule bool, err error) {
	zone := zoneOrUTC(s.Zone)
	for _, at := range s.Dates {
		if w := wallOf(at, zone); !w.After(s.through()) {
			list = append(list, Resolved{Instant: at.UTC(), Exists: true, Ambiguous: resolve(w, zone).first().Ambiguous})
		}
	}
	for _, rule := range s.Rules {
		given := 0
		_, err := rule.walk(s.Start, zone, func(at time.Time) bool {
			if at.After(s.through()) {
				return false
			}
			if at.Before(s.From) {
				return true
			}
			if given++; given > MaxDates {
				return false
			}
			list = append(list, resolve(at, zone).first())
			return true
		})
		if err != nil {
			return nil, false, err
		}
		if given > MaxDates {
			return nil, false, tooMany()
		}
	}
	start := resolve(s.Start, zone).first().Instant
	startInRule = slices.ContainsFunc(list, func(r Resolved) bool { return r.Instant.Equal(start) })
	return s.sifted(list), startInRule, nil
}

// through is where the calendar that a rule is worked out in surely goes on to.
func (s RecurrenceSet) through() time.Time {
	return earlier(s.Until, s.Start.AddDate(roomYears, 0, 0))
}

func (s RecurrenceSet) sifted(list []Resolved) []Resolved {
	slices.SortFunc(list, func(a, b Resolved) int { return a.Instant.Compare(b.Instant) })
	list = slices.CompactFunc(list, func(a, b Resolved) bool { return a.Instant.Equal(b.Instant) })
	return slices.DeleteFunc(list, func(r Resolved) bool {
		return slices.ContainsFunc(s.Exclude, r.Instant.Equal) ||
			slices.Contains(s.ExcludeDays, DateOf(r.Instant, zoneOrUTC(s.Zone)))
	})
}
