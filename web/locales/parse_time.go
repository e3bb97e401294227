package locales

import (
	"strconv"
	"strings"

	"vuoro/fault"
)

// ParseTime reads a time of day: "17", "17.30", "17:30", "1730", "930",
// "klo 17.30", "kl. 9", "5 pm". It gives minutes since midnight, at most 1440
// ("24"). Else fault search.bad_time with the param value.
func ParseTime(text string) (minutes int, err error) {
	bad := fault.New(fault.Invalid, "search.bad_time", fault.Params{"value": Shorten(text, longestInput)})
	if len(text) > longestInput {
		return 0, bad
	}
	word := strings.ToLower(strings.TrimSpace(text))
	for _, before := range []string{"klo", "kl.", "kl", "at "} {
		if rest, ok := strings.CutPrefix(word, before); ok {
			word = strings.TrimSpace(rest)
			break
		}
	}
	word, half := cutHalf(word)
	hour, minute, ok := hourMinute(word)
	if ok && half != "" {
		hour, ok = hour%12, hour >= 1 && hour <= 12
		if half == "pm" {
			hour += 12
		}
	}
	if !ok || minute > 59 || hour*60+minute > 24*60 {
		return 0, bad
	}
	return hour*60 + minute, nil
}

func cutHalf(word string) (rest, half string) {
	for _, half := range []string{"am", "pm"} {
		if rest, ok := strings.CutSuffix(word, half); ok {
			return strings.TrimSpace(rest), half
		}
	}
	return word, ""
}

func hourMinute(word string) (hour, minute int, ok bool) {
	h, m, found := strings.Cut(strings.Replace(word, ":", ".", 1), ".")
	if !found && len(word) > 2 {
		h, m = word[:len(word)-2], word[len(word)-2:]
	}
	if found && len(m) != 2 || len(h) > 2 || strings.ContainsFunc(h+m, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, 0, false
	}
	hour, err := strconv.Atoi(h)
	if m != "" {
		minute, _ = strconv.Atoi(m)
	}
	return hour, minute, err == nil
}
