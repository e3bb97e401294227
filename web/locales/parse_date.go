package locales

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"vuoro/fault"
)

// longestInput bounds what is looked at; nobody types a longer date or time.
const longestInput = 60

// ParseDate reads a date as people write it in any of the languages:
// "23.11.2026", "23.11.", "23/11/2026", "23 11 2026", "23112026",
// "2026-11-23", "ma 23.11.2026", "23 Nov 2026", "23. marraskuuta",
// "tänään", "imorgon", "tomorrow", "ma", "Friday". Day comes before month. A
// missing year means the next such day, a weekday alone the next one; both
// count today, whose date is read in its own zone. A weekday beside a date is
// ignored. Else fault search.bad_date with the param value.
func ParseDate(text string, today time.Time) (year int, month time.Month, day int, err error) {
	words, ok := split(text)
	if !ok {
		return 0, 0, 0, badDate(text)
	}
	start := dateOf(today)
	if days, ok := spokenDay(words, start); ok {
		d := start.AddDate(0, 0, days)
		return d.Year(), d.Month(), d.Day(), nil
	}
	y, m, d, ok := written(withoutWeekday(words))
	if ok && y == 0 {
		y, ok = nextYear(start, m, d)
	}
	if !ok || !exists(y, m, d) {
		return 0, 0, 0, badDate(text)
	}
	return y, m, d, nil
}

func badDate(text string) error {
	return fault.New(fault.Invalid, "search.bad_date", fault.Params{"value": Shorten(text, longestInput)})
}

// split folds a text into lower-case words of letters or digits.
func split(text string) (words []string, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" || len(text) > longestInput {
		return nil, false
	}
	separators := " .,/-–"
	if strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !(r >= '0' && r <= '9') && !strings.ContainsRune(separators, r)
	}) {
		return nil, false
	}
	return strings.FieldsFunc(fold.Replace(text), func(r rune) bool { return strings.ContainsRune(separators, r) }), true
}

// fold lets people type without dots and rings.
var fold = strings.NewReplacer("å", "a", "ä", "a", "ö", "o")

var spoken = map[string]int{
	"tanaan": 0, "idag": 0, "i dag": 0, "today": 0,
	"huomenna": 1, "imorgon": 1, "i morgon": 1, "tomorrow": 1,
	"ylihuomenna": 2, "overmorgon": 2, "i overmorgon": 2,
}

// spokenDay counts the days from today to "tomorrow", "ma" and their like.
func spokenDay(words []string, today time.Time) (days int, ok bool) {
	if days, ok := spoken[strings.Join(words, " ")]; ok {
		return days, true
	}
	if len(words) != 1 {
		return 0, false
	}
	day, ok := weekdayNamed(words[0])
	return int(day-today.Weekday()+7) % 7, ok
}

func withoutWeekday(words []string) []string {
	if len(words) > 1 {
		if _, ok := weekdayNamed(words[0]); ok {
			return words[1:]
		}
	}
	return words
}

// weekdayNamed knows full names, their beginnings from two letters on, and
// Finnish endings ("maanantaina"). No beginning means two different days.
func weekdayNamed(word string) (time.Weekday, bool) {
	for _, lang := range Languages {
		for i, name := range calendarNames[lang].weekdays {
			if begins(word, name, 2) {
				return time.Weekday(i), true
			}
		}
	}
	return 0, false
}

// monthNamed prefers short names as they are printed: "mar" is March, although
// marraskuu begins so too.
func monthNamed(word string) (time.Month, bool) {
	for _, lang := range Languages {
		for i, name := range calendarNames[lang].shortMonths {
			if word == fold.Replace(strings.ToLower(name)) {
				return time.Month(i + 1), true
			}
		}
	}
	for _, lang := range Languages {
		for i, name := range calendarNames[lang].months {
			if begins(word, name, 3) {
				return time.Month(i + 1), true
			}
		}
	}
	return 0, false
}

func begins(word, name string, least int) bool {
	name = fold.Replace(strings.ToLower(name))
	return len(word) >= least && (strings.HasPrefix(name, word) || strings.HasPrefix(word, name))
}

// written reads the numbers; year 0 means that there was none.
func written(words []string) (year int, month time.Month, day int, ok bool) {
	switch len(words) {
	case 1:
		return digitsOnly(words[0])
	case 2:
		return dayMonth(words[0], words[1], "")
	case 3:
		if len(words[0]) == 4 {
			return dayMonth(words[2], words[1], words[0])
		}
		return dayMonth(words[0], words[1], words[2])
	}
	return 0, 0, 0, false
}

func digitsOnly(word string) (int, time.Month, int, bool) {
	switch len(word) {
	case 8:
		if y, m, d, ok := dayMonth(word[:2], word[2:4], word[4:]); ok && exists(y, m, d) {
			return y, m, d, true
		}
		return dayMonth(word[6:], word[4:6], word[:4])
	case 4, 6:
		return dayMonth(word[:2], word[2:4], word[4:])
	}
	return 0, 0, 0, false
}

func dayMonth(day, month, year string) (y int, m time.Month, d int, ok bool) {
	if m, ok = monthNamed(month); !ok {
		if m, ok = monthNamed(day); ok { // "Nov 23"
			day = month
		}
	}
	if !ok {
		n, err := strconv.Atoi(month)
		if err != nil || len(month) > 2 {
			return 0, 0, 0, false
		}
		m = time.Month(n)
	}
	d, err := strconv.Atoi(day)
	if err != nil || len(day) > 2 {
		return 0, 0, 0, false
	}
	y, ok = yearOf(year)
	return y, m, d, ok
}

func yearOf(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	y, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, false
	case len(text) == 2:
		return 2000 + y, true
	}
	return y, len(text) == 4 && y >= 1900 && y < 2200
}

func exists(year int, month time.Month, day int) bool {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return year > 0 && t.Month() == month && t.Day() == day
}

// nextYear is the first year in which the day exists and is not over; 29
// February may be eight years away.
func nextYear(today time.Time, month time.Month, day int) (int, bool) {
	for year := today.Year(); year <= today.Year()+8; year++ {
		if exists(year, month, day) && !time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Before(today) {
			return year, true
		}
	}
	return 0, false
}

// Shorten cuts a text to at most n runes, with an ellipsis in the last one.
func Shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
