package places

import (
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// weekdays are the written days, Monday first, and what else people write for
// them in the three languages.
var (
	weekdays     = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	otherWeekday = map[string]int{
		"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7,
		"ma": 1, "ti": 2, "ke": 3, "to": 4, "pe": 5, "la": 6,
		"må": 1, "on": 3, "lö": 6, "sö": 7,
	}
)

// closedHours is a period without hours.
const closedHours = "closed"

// parseHours reads hours such as "Mo-Fr 08:00-16:00 core; Sa,Su 10:00-18:00".
// Without a word they are reservable; an end that is not after its begin lies
// on the next day.
func parseHours(text string) ([]resources.WeekSpan, *fault.Error) {
	spans := []resources.WeekSpan{}
	if strings.EqualFold(strings.TrimSpace(text), closedHours) {
		return spans, nil
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		span, ok := parseSpan(part)
		if !ok {
			return nil, invalid("places.hours", fault.Params{"value": strings.TrimSpace(part)})
		}
		spans = append(spans, span)
	}
	if len(spans) == 0 {
		return nil, invalid("places.hours", fault.Params{"value": strings.TrimSpace(text)})
	}
	return spans, nil
}

func parseSpan(text string) (span resources.WeekSpan, ok bool) {
	text = strings.NewReplacer("–", "-", " - ", "-", ", ", ",").Replace(text)
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 3 {
		return span, false
	}
	span.Kind = policies.Reservable
	if len(words) == 3 {
		span.Kind = policies.HoursKind(strings.ToLower(words[2]))
		if !slices.Contains([]policies.HoursKind{policies.Open, policies.Reservable, policies.Core, policies.Closed}, span.Kind) {
			return span, false
		}
	}
	if span.Weekdays, ok = parseDays(words[0]); !ok {
		return span, false
	}
	from, to, found := strings.Cut(words[1], "-")
	var fromRead, toRead bool
	span.From, fromRead = parseClock(from)
	span.To, toRead = parseClock(to)
	if span.To < span.From {
		span.To += calendar.DayMinutes
	}
	return span, found && fromRead && toRead && span.From != span.To && calendar.Span{From: span.From, To: span.To}.Valid()
}

// parseDays reads "Mo-Fr,Su"; a range may pass Sunday.
func parseDays(text string) ([]int, bool) {
	var days []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := weekday(first), weekday(first)
		if isRange {
			to = weekday(last)
		}
		if from == 0 || to == 0 {
			return nil, false
		}
		for day := from; ; day = day%7 + 1 {
			if slices.Contains(days, day) {
				return nil, false
			}
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	slices.Sort(days)
	return days, true
}

// weekday is 1 (Monday) to 7, 0 = none.
func weekday(text string) int {
	i := slices.IndexFunc(weekdays, func(day string) bool { return strings.EqualFold(day, text) })
	if i >= 0 {
		return i + 1
	}
	return otherWeekday[strings.ToLower(text)]
}

// parseClock reads "8", "8:00", "08.00", up to "48:00".
func parseClock(text string) (calendar.Minute, bool) {
	hours, minutes, found := strings.Cut(strings.Replace(text, ".", ":", 1), ":")
	if !found {
		minutes = "00"
	}
	if len(hours) == 1 {
		hours = "0" + hours
	}
	minute, err := calendar.ParseMinute(hours + ":" + minutes)
	return minute, err == nil
}

// writeHours is what parseHours reads.
func writeHours(spans []resources.WeekSpan) string {
	if len(spans) == 0 {
		return closedHours
	}
	parts := make([]string, len(spans))
	for i, span := range spans {
		to := span.To
		if to > calendar.DayMinutes && span.From < calendar.DayMinutes && to-calendar.DayMinutes < span.From {
			to -= calendar.DayMinutes
		}
		parts[i] = writeDays(span.Weekdays) + " " + span.From.String() + "-" + to.String()
		if span.Kind != policies.Reservable {
			parts[i] += " " + string(span.Kind)
		}
	}
	return strings.Join(parts, "; ")
}

func writeDays(days []int) string {
	days = slices.Sorted(slices.Values(days))
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		if j-i < 2 {
			j = i
			parts = append(parts, dayName(days[i]))
		} else {
			parts = append(parts, dayName(days[i])+"-"+dayName(days[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// dayName shows a day that the schema should not hold as a number.
func dayName(day int) string {
	if day < 1 || day > len(weekdays) {
		return strconv.Itoa(day)
	}
	return weekdays[day-1]
}
