package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Zones are read from the zone database by asking for the offset week by week:
// time.Time.ZoneBounds reports borders that are none after the years the
// database lists. What holds at the last of these years is taken to go on.
const (
	firstZoneYear = 2007
	lastZoneYear  = 2037

	// A pattern shorter than this may be chance; a seven-day window needs it to
	// show both its ends.
	leastRuleYears = 11
)

// deriveObservances describes a zone from firstZoneYear on: each change of its
// offset by itself, and from the year on in which the yearly pair of changes
// follows one pattern, that pattern as two rules. A zone without a pattern
// (Morocco's follows the moon) is right until lastZoneYear.
func deriveObservances(zone *time.Location) []observance {
	changes := changesOf(zone)
	firstYear, rules := yearlyRules(changes)
	observances := []observance{atTheBeginning(zone)}
	for _, change := range changes {
		if len(rules) == 0 || change.start.Year() < firstYear {
			observances = append(observances, change)
		}
	}
	return append(observances, rules...)
}

// atTheBeginning is the offset that holds before the first change.
func atTheBeginning(zone *time.Location) observance {
	first := beginOf(firstZoneYear).In(zone)
	name, _ := first.Zone()
	held := offset(first, zone)
	epoch := time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	return observance{daylight: first.IsDST(), from: held, to: held, name: name, start: epoch}
}

func beginOf(year int) time.Time {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
}

func changesOf(zone *time.Location) []observance {
	const step = 7 * 24 * time.Hour
	var changes []observance
	for week := beginOf(firstZoneYear); week.Before(beginOf(lastZoneYear + 1)); week = week.Add(step) {
		if next := week.Add(step); offset(week, zone) != offset(next, zone) {
			changes = append(changes, changeAt(changeBetween(week, next, zone), zone))
		}
	}
	return changes
}

func changeAt(t time.Time, zone *time.Location) observance {
	local := t.In(zone)
	name, _ := local.Zone()
	before := offset(t.Add(-time.Second), zone)
	return observance{
		daylight: local.IsDST(), from: before, to: offset(t, zone), name: name,
		start: t.UTC().Add(before),
	}
}

// yearlyRules finds the two changes that come back every year until the last
// one, and the year from which both of them do; none if there is no such pair.
func yearlyRules(changes []observance) (firstYear int, rules []observance) {
	first, second := yearlyPairs(changes)
	firstRule, firstYears := patternOf(first)
	secondRule, secondYears := patternOf(second)
	years := min(firstYears, secondYears)
	if years < leastRuleYears {
		return 0, nil
	}
	one, other := first[len(first)-years], second[len(second)-years]
	one.rule, other.rule = firstRule, secondRule
	return lastZoneYear - years + 1, []observance{one, other}
}

// yearlyPairs gives the first and the second change of each year, going back
// from the last year as long as every year has just these two.
func yearlyPairs(changes []observance) (first, second []observance) {
	for year := lastZoneYear; year >= firstZoneYear && len(changes) >= 2; year-- {
		pair := changes[len(changes)-2:]
		third := len(changes) >= 3 && changes[len(changes)-3].start.Year() == year
		if pair[0].start.Year() != year || pair[1].start.Year() != year || third {
			break
		}
		first, second = append(first, pair[0]), append(second, pair[1])
		changes = changes[:len(changes)-2]
	}
	slices.Reverse(first)
	slices.Reverse(second)
	return first, second
}

// patternOf gives the rule that most years at the end of a series follow, and
// how many.
func patternOf(series []observance) (rule string, years int) {
	if len(series) == 0 {
		return "", 0
	}
	for _, form := range []func([]observance) string{lastWeekday, nthWeekday, weekdayInWindow} {
		for start := 0; start < len(series)-years; start++ {
			tail := series[start:]
			if text := form(tail); text != "" && alike(tail) {
				rule, years = text, len(tail)
				break
			}
		}
	}
	return rule, years
}

// alike tells whether the changes differ only in year and day of the month.
func alike(series []observance) bool {
	return same(series, func(o observance) string {
		return fmt.Sprint(o.daylight, o.from, o.to, o.name, o.start.Format("January Monday 150405"))
	})
}

// lastWeekday is the form "last Sunday of March".
func lastWeekday(series []observance) string {
	notLast := func(o observance) bool { return o.start.AddDate(0, 0, 7).Month() == o.start.Month() }
	if slices.ContainsFunc(series, notLast) {
		return ""
	}
	return yearly(series[0], "BYDAY=-1"+dayCode(series[0]))
}

// nthWeekday is the form "second Sunday of March".
func nthWeekday(series []observance) string {
	nth := func(o observance) int { return (o.start.Day()-1)/7 + 1 }
	if !same(series, nth) {
		return ""
	}
	return yearly(series[0], fmt.Sprintf("BYDAY=%d%s", nth(series[0]), dayCode(series[0])))
}

// weekdayInWindow is the form "the Friday from 23 to 29 March".
func weekdayInWindow(series []observance) string {
	byDay := func(a, b observance) int { return a.start.Day() - b.start.Day() }
	first := slices.MinFunc(series, byDay).start.Day()
	if slices.MaxFunc(series, byDay).start.Day()-first != 6 {
		return ""
	}
	days := make([]string, 7)
	for i := range days {
		days[i] = fmt.Sprint(first + i)
	}
	return yearly(series[0], "BYDAY="+dayCode(series[0])+";BYMONTHDAY="+strings.Join(days, ","))
}

func yearly(o observance, days string) string {
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;%s", int(o.start.Month()), days)
}

func dayCode(o observance) string {
	return strings.ToUpper(o.start.Weekday().String()[:2])
}

func same[T comparable](series []observance, trait func(observance) T) bool {
	return !slices.ContainsFunc(series, func(o observance) bool { return trait(o) != trait(series[0]) })
}

// ZoneMark names what the program's zone database says of a zone in a year and
// the two after it; it is another as soon as the database says something else,
// so that times worked out with it can be worked out again.
func ZoneMark(zone *time.Location, year int) string {
	var text strings.Builder
	for _, change := range changesOf(zone) {
		if change.start.Year() >= year && change.start.Year() <= year+2 {
			fmt.Fprintf(&text, "%s %s %s;", change.start.Format(time.DateTime), change.from, change.to)
		}
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:6])
}
