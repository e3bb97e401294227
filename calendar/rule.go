package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Frequency is the period that a rule counts in.
type Frequency int

// The frequencies; Yearly comes from imports only.
const (
	Daily Frequency = iota + 1
	Weekly
	Monthly
	Yearly
)

var frequencyNames = map[Frequency]string{Daily: "DAILY", Weekly: "WEEKLY", Monthly: "MONTHLY", Yearly: "YEARLY"}

// String is the name in RFC 5545: "WEEKLY"; "" for none.
func (f Frequency) String() string { return frequencyNames[f] }

// RuleDay is a weekday of a rule. Ordinal says which one of its month, or of
// its year in a yearly rule without months: 1 the first, -1 the last, 0 each.
type RuleDay struct {
	Ordinal int
	Weekday Weekday
}

var weekdayNames = [...]string{Monday: "MO", Tuesday: "TU", Wednesday: "WE", Thursday: "TH", Friday: "FR", Saturday: "SA", Sunday: "SU"}

// String is the form of RFC 5545: "MO", "3TU", "-1FR".
func (d RuleDay) String() string {
	if d.Ordinal == 0 {
		return weekdayNames[d.Weekday]
	}
	return strconv.Itoa(d.Ordinal) + weekdayNames[d.Weekday]
}

// Rule is a recurrence rule in normal form (RFC 5545 §3.3.10): every list
// sorted and without repetitions, and either all of its weekdays with an
// ordinal or none. It is made by ParseRule or ParseImportedRule; the zero Rule
// yields nothing.
type Rule struct {
	frequency Frequency
	interval  int
	count     int // 0 = none
	until     limit
	months    []int
	monthDays []int
	days      []RuleDay
	positions []int
	weekStart Weekday
}

// limit is UNTIL: a day, a wall-clock time, or an instant. The zero limit is
// none.
type limit struct {
	form string // "", or the layout that it is written in
	at   time.Time
}

const dateForm = "20060102"

func (l limit) text() string { return l.at.Format(l.form) }

// wall is the last wall-clock time that a date may begin at, written as if it
// were UTC; a day lasts to its last second.
func (l limit) wall(zone *time.Location) time.Time {
	switch l.form {
	case dateForm:
		return l.at.Add(24*time.Hour - time.Second)
	case utcForm:
		return wallOf(l.at, zone)
	}
	return l.at
}

// IsZero tells whether there is no rule.
func (r Rule) IsZero() bool { return r.frequency == 0 }

// Equal tells whether two rules are written alike.
func (r Rule) Equal(o Rule) bool { return r.String() == o.String() }

// Frequency is the period that the rule counts in.
func (r Rule) Frequency() Frequency { return r.frequency }

// Interval is 1 for every period, 2 for every other.
func (r Rule) Interval() int { return r.interval }

// Count is how many dates the rule yields; 0 where it does not say.
func (r Rule) Count() int { return r.count }

// Until is the last local day that the rule may yield; no date where it does
// not say.
func (r Rule) Until(zone *time.Location) Date {
	if r.until.form == "" {
		return Date{}
	}
	return dateOf(r.until.wall(zoneOrUTC(zone)))
}

// Days are the rule's weekdays; none where it takes its first date's.
func (r Rule) Days() []RuleDay { return slices.Clone(r.days) }

// MonthDays are days of the month, -1 for the last.
func (r Rule) MonthDays() []int { return slices.Clone(r.monthDays) }

// Months are the months that the rule keeps to; none = all.
func (r Rule) Months() []int { return slices.Clone(r.months) }

// Positions choose among the dates of one period: 1 the first, -1 the last;
// none = all of them (BYSETPOS).
func (r Rule) Positions() []int { return slices.Clone(r.positions) }

// EndingOn is the same rule up to and with a local day, whatever it ended by.
func (r Rule) EndingOn(last Date) Rule {
	r.count, r.until = 0, limit{form: dateForm, at: last.midnight()}
	return r
}

// Times is the same rule for n dates, whatever it ended by.
func (r Rule) Times(n int) Rule {
	r.count, r.until = n, limit{}
	return r
}

// Anchored is the same rule with all that it would take from its first date
// written out: the weekday of a weekly one, the day of a monthly one.
func (r Rule) Anchored(first Date) Rule {
	if r.IsZero() || len(r.days)+len(r.monthDays) > 0 || r.frequency == Daily {
		return r
	}
	if r.frequency == Weekly {
		r.days = []RuleDay{{Weekday: first.Weekday()}}
		return r
	}
	r.monthDays = []int{first.Day}
	if r.frequency == Yearly && len(r.months) == 0 {
		r.months = []int{int(first.Month)}
	}
	return r
}

// String is the canonical RRULE value, which reads back as an equal rule; ""
// for no rule. UNTIL stands in the form in which it came.
func (r Rule) String() string { return r.write(r.until.text()) }

func (r Rule) write(until string) string {
	if r.IsZero() {
		return ""
	}
	var text strings.Builder
	text.WriteString("FREQ=" + r.frequency.String())
	part := func(said bool, name string, value any) {
		if said {
			fmt.Fprintf(&text, ";%s=%v", name, value)
		}
	}
	part(r.interval != 1, "INTERVAL", r.interval)
	part(r.count > 0, "COUNT", r.count)
	part(until != "", "UNTIL", until)
	part(len(r.months) > 0, "BYMONTH", listed(r.months))
	part(len(r.monthDays) > 0, "BYMONTHDAY", listed(r.monthDays))
	part(len(r.days) > 0, "BYDAY", listed(r.days))
	part(len(r.positions) > 0, "BYSETPOS", listed(r.positions))
	part(r.weekStart != Monday, "WKST", weekdayNames[r.weekStart])
	return text.String()
}

func listed[T any](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ",")
}

// normal sorts the lists and says each value once. Weekdays of both kinds,
// "third Monday and every Wednesday", become ordinals: programs, and the
// library, read a mixed list in different ways.
func (r Rule) normal() Rule {
	r.months, r.monthDays, r.positions = sortedOnce(r.months), sortedOnce(r.monthDays), sortedOnce(r.positions)
	if each, nth := r.daysByKind(); len(each) > 0 && len(nth) > 0 {
		for _, day := range each {
			for n := 1; n <= r.maxOrdinal(); n++ {
				nth = append(nth, RuleDay{n, day.Weekday})
			}
		}
		r.days = nth
	}
	r.days = slices.Clone(r.days)
	slices.SortFunc(r.days, func(a, b RuleDay) int {
		return cmp.Or(cmp.Compare(a.Ordinal, b.Ordinal), cmp.Compare(a.Weekday, b.Weekday))
	})
	r.days = slices.Compact(r.days)
	return r
}

func sortedOnce(values []int) []int { return slices.Compact(slices.Sorted(slices.Values(values))) }

func (r Rule) daysByKind() (each, nth []RuleDay) {
	for _, day := range r.days {
		if day.Ordinal == 0 {
			each = append(each, day)
		} else {
			nth = append(nth, day)
		}
	}
	return each, nth
}

// maxOrdinal is how often a weekday can fall in what ordinals count in.
func (r Rule) maxOrdinal() int {
	switch {
	case r.frequency == Monthly || r.frequency == Yearly && len(r.months) > 0:
		return 5
	case r.frequency == Yearly:
		return 53
	}
	return 0
}

func zoneOrUTC(zone *time.Location) *time.Location { return cmp.Or(zone, time.UTC) }
