package notify

import (
	"strings"
	"unicode"

	"vuoro/web/locales"
)

// maxQuoteLines bounds somebody's own words in a mail.
const maxQuoteLines = 60

// oneLine makes a text safe for a header and for one line of a mail: no control
// characters, no line or paragraph separators, nothing that turns the direction
// of what follows, single spaces, at most n characters.
func oneLine(text string, n int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || r == '\uFEFF' {
			return ' '
		}
		if turns(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return locales.Shorten(strings.Join(strings.Fields(text), " "), n)
}

// turns tells whether a rune changes the writing direction (Unicode UAX #9).
func turns(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200E' || r == '\u200F'
}

// lines is a text of several lines, each as oneLine leaves it.
func lines(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	var list []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		list = append(list, oneLine(line, 2000))
	}
	return list[:min(len(list), maxQuoteLines)]
}
