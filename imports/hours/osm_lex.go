package hours

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// osmSort is what a token of opening_hours is.
type osmSort int

const (
	osmEnd    osmSort = iota
	osmWord           // letters: "Mo", "week"
	osmNumber         // digits: "24", "2026"
	osmClock          // "8:30", "08.30"
	osmQuote          // a comment, without its quotes
	osmMark           // one other character, "||" too
)

type osmToken struct {
	sort osmSort
	text string
	at   int // byte in the text
}

// is tells whether a token is this mark or word, in capitals or not.
func (t osmToken) is(text string) bool {
	return (t.sort == osmMark || t.sort == osmWord) && strings.EqualFold(t.text, text)
}

// lexOSM cuts a text into tokens; the last is osmEnd. A quote that is not
// closed is a mark, which no rule takes.
func lexOSM(text string) []osmToken {
	var list []osmToken
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		token, length := osmTokenAt(text[at:], r, size)
		token.at = at
		list = append(list, token)
		at += length
	}
	return append(list, osmToken{at: len(text)})
}

func osmTokenAt(rest string, r rune, size int) (token osmToken, length int) {
	switch {
	case isDigit(r):
		length = runOf(rest, isDigit)
		if sep := rest[length:]; len(sep) > 2 && (sep[0] == ':' || sep[0] == '.') {
			if minutes := runOf(sep[1:], isDigit); minutes == 2 {
				length += 3
				return osmToken{sort: osmClock, text: rest[:length]}, length
			}
		}
		return osmToken{sort: osmNumber, text: rest[:length]}, length
	case unicode.IsLetter(r):
		length = runOf(rest, unicode.IsLetter)
		return osmToken{sort: osmWord, text: rest[:length]}, length
	case r == '"':
		if end := strings.IndexByte(rest[1:], '"'); end >= 0 {
			return osmToken{sort: osmQuote, text: strings.TrimSpace(rest[1 : end+1])}, end + 2
		}
	case unicode.Is(unicode.Pd, r), r == '−':
		return osmToken{sort: osmMark, text: "-"}, size
	case strings.HasPrefix(rest, "||"):
		return osmToken{sort: osmMark, text: "||"}, 2
	}
	return osmToken{sort: osmMark, text: rest[:size]}, size
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// runOf is how many bytes at the beginning are such characters.
func runOf(text string, such func(rune) bool) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return !such(r) }); end >= 0 {
		return end
	}
	return len(text)
}
