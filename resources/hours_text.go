package resources

import (
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/locales"
)

// Hours as files write them: "Mo-Fr 08:00-16:00 core month/friday/-1
// state:self_service fi:"Kahvila"". ParseSpan reads one span, String writes it.

// days are the written weekdays, Monday first, and what else people write for
// them in the three languages.
var (
	days     = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	otherDay = map[string]int{
		"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7,
		"ma": 1, "ti": 2, "ke": 3, "to": 4, "pe": 5, "la": 6,
		"må": 1, "on": 3, "lö": 6, "sö": 7,
	}
)

// ClosedHours is the text of hours without any span.
const ClosedHours = "closed"

// ParseSpans reads spans that are separated by ";" or line breaks; bad is the
// part that cannot be read, all of the text where it has none.
func ParseSpans(text string) (spans []WeekSpan, bad string) {
	spans = []WeekSpan{}
	if strings.EqualFold(strings.TrimSpace(text), ClosedHours) {
		return spans, ""
	}
	for _, part := range outsideQuotes(text, ";\n") {
		span, ok := ParseSpan(part)
		if !ok {
			return nil, strings.TrimSpace(part)
		}
		spans = append(spans, span)
	}
	if len(spans) == 0 {
		return nil, strings.TrimSpace(text)
	}
	return spans, ""
}

// WriteSpans is what ParseSpans reads.
func WriteSpans(spans []WeekSpan) string {
	if len(spans) == 0 {
		return ClosedHours
	}
	parts := make([]string, len(spans))
	for i, span := range spans {
		parts[i] = span.String()
	}
	return strings.Join(parts, "; ")
}

var joined = strings.NewReplacer("–", "-", " - ", "-", ", ", ",")

// ParseSpan reads one span. Without a word for its kind it is reservable; an end
// that is before its begin lies on the next day.
func ParseSpan(text string) (span WeekSpan, ok bool) {
	unquoted := strings.IndexByte(text+`"`, '"')
	words := outsideQuotes(joined.Replace(text[:unquoted])+text[unquoted:], " \t\r")
	if len(words) < 2 {
		return span, false
	}
	span.Kind = policies.Reservable
	if span.Weekdays, ok = ParseDays(words[0]); !ok {
		return span, false
	}
	if span.From, span.To, ok = ParseTimes(words[1]); !ok {
		return span, false
	}
	kinds := 0
	for _, word := range words[2:] {
		if kind := policies.HoursKind(strings.ToLower(word)); slices.Contains(HoursKinds, kind) {
			span.Kind = kind
			kinds++
		} else if !span.readWord(word) {
			return span, false
		}
	}
	return span, kinds <= 1
}

// readWord reads what is said beside the kind.
func (s *WeekSpan) readWord(word string) bool {
	name, value, found := strings.Cut(word, ":")
	if !found {
		turn, ok := ParseTurn(word)
		s.Only = append(s.Only, turn)
		return ok
	}
	if name == "state" {
		s.State = value
		return value != ""
	}
	text, err := strconv.Unquote(value)
	into := map[string]*string{"fi": &s.Name.Fi, "sv": &s.Name.Sv, "en": &s.Name.En}[name]
	if err != nil || into == nil || !strings.HasPrefix(value, `"`) {
		return false
	}
	*into = text
	return true
}

// String is what ParseSpan reads.
func (s WeekSpan) String() string {
	words := []string{WriteDays(s.Weekdays), WriteTimes(s.From, s.To)}
	if s.Kind != policies.Reservable {
		words = append(words, string(s.Kind))
	}
	for _, turn := range s.Only {
		words = append(words, turn.String())
	}
	if s.State != "" {
		words = append(words, "state:"+s.State)
	}
	for _, lang := range locales.Languages {
		if text := s.Name.Exact(lang); text != "" {
			words = append(words, lang+":"+strconv.Quote(text))
		}
	}
	return strings.Join(words, " ")
}

// outsideQuotes splits a text at any of the separators that are not in quotes;
// blank parts are left out.
func outsideQuotes(text, separators string) (parts []string) {
	inside, escaped, from := false, false, 0
	add := func(to int) {
		if strings.TrimSpace(text[from:to]) != "" {
			parts = append(parts, text[from:to])
		}
	}
	for i, r := range text {
		switch {
		case escaped:
			escaped = false
		case inside && r == '\\':
			escaped = true
		case r == '"':
			inside = !inside
		case !inside && strings.ContainsRune(separators, r):
			add(i)
			from = i + 1
		}
	}
	add(len(text))
	return parts
}

// ParseDays reads "Mo-Fr,Su"; a range may pass Sunday.
func ParseDays(text string) ([]int, bool) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := ParseDay(first), ParseDay(first)
		if isRange {
			to = ParseDay(last)
		}
		if from == 0 || to == 0 {
			return nil, false
		}
		for day := from; ; day = day%7 + 1 {
			if slices.Contains(list, day) {
				return nil, false
			}
			list = append(list, day)
			if day == to {
				break
			}
		}
	}
	slices.Sort(list)
	return list, true
}

// ParseDay is 1 (Monday) to 7 for a written weekday, 0 = it is none.
func ParseDay(text string) int {
	i := slices.IndexFunc(days, func(day string) bool { return strings.EqualFold(day, text) })
	if i >= 0 {
		return i + 1
	}
	return otherDay[strings.ToLower(text)]
}

// WriteDays is what ParseDays reads, ranges of three days and more as such.
func WriteDays(list []int) string {
	list = slices.Sorted(slices.Values(list))
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if j-i < 2 {
			j = i
			parts = append(parts, dayName(list[i]))
		} else {
			parts = append(parts, dayName(list[i])+"-"+dayName(list[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// dayName shows a day that the schema should not hold as a number.
func dayName(day int) string {
	if day < 1 || day > len(days) {
		return strconv.Itoa(day)
	}
	return days[day-1]
}

// ParseTimes reads "08:00-16:00"; an end before the begin is on the next day.
func ParseTimes(text string) (from, to calendar.Minute, ok bool) {
	begin, end, found := strings.Cut(text, "-")
	from, fromRead := ParseClock(begin)
	to, toRead := ParseClock(end)
	if to < from {
		to += calendar.DayMinutes
	}
	return from, to, found && fromRead && toRead && calendar.Span{From: from, To: to}.Valid()
}

// WriteTimes is what ParseTimes reads.
func WriteTimes(from, to calendar.Minute) string {
	if to > calendar.DayMinutes && to-calendar.DayMinutes < from {
		to -= calendar.DayMinutes
	}
	return from.String() + "-" + to.String()
}

// ParseClock reads "8", "8:00", "08.00", up to "48:00".
func ParseClock(text string) (calendar.Minute, bool) {
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

// String is a turn in short, as files write it: "month/friday/-1" is the last
// Friday of the month, "period/week/1/2" every other week, "year/week/odd" the
// odd weeks, "period/thursday" every Thursday.
func (t Turn) String() string {
	words := []string{t.Context, t.Subject}
	if t.Start != 0 || t.Every != 0 {
		words = append(words, strconv.Itoa(t.Start))
	}
	if t.Every != 0 {
		words = append(words, strconv.Itoa(t.Every))
	}
	if t.Parity != "" {
		words = append(words, t.Parity)
	}
	return strings.Join(words, "/")
}

// ParseTurn reads what String writes; what it means is asked when it is saved.
func ParseTurn(text string) (t Turn, ok bool) {
	words := strings.Split(text, "/")
	if len(words) < 2 || len(words) > 5 || words[0] == "" || words[1] == "" {
		return Turn{}, false
	}
	t.Context, t.Subject = words[0], words[1]
	rest := words[2:]
	if n := len(rest); n > 0 && (rest[n-1] == Odd || rest[n-1] == Even) {
		t.Parity, rest = rest[n-1], rest[:n-1]
	}
	for i, into := range []*int{&t.Start, &t.Every} {
		if i < len(rest) {
			n, err := strconv.Atoi(rest[i])
			if err != nil || n > maxCount || n < -maxCount {
				return Turn{}, false
			}
			*into = n
		}
	}
	return t, len(rest) <= 2 && t.String() == text
}
