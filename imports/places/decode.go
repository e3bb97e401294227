package places

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"vuoro/fault"
	"vuoro/imports/spreadsheet"
)

// MaxSize is how large a file may be, in bytes. Whoever reads a file reads one
// byte more at most, so that a larger one is refused and not loaded.
const MaxSize = 20 << 20

// foreign are beginnings of files that are something else.
var foreign = []struct{ begins, code string }{
	{"PK\x03\x04", "places.zip"},
	{"PK\x05\x06", "places.zip"},
	{"\xd0\xcf\x11\xe0", "places.zip"},
	{"\x1f\x8b", "places.packed"},
	{"%PDF", "places.packed"},
}

// decode gives the text of a file: UTF-8 with or without a mark, or UTF-16 with
// one. Anything else is refused rather than guessed at.
func decode(data []byte) (string, Position, *fault.Error) {
	start := Position{Line: 1, Column: 1}
	if len(data) > MaxSize {
		return "", start, invalid("places.too_large", fault.Params{"max": MaxSize >> 20})
	}
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.begins)) {
			return "", start, invalid(f.code)
		}
	}
	text := spreadsheet.Text(data)
	if strings.TrimSpace(text) == "" {
		return "", start, invalid("places.empty")
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", positionOf(text, i), invalid("places.nul")
	}
	if i := firstBroken(text); i >= 0 {
		return "", positionOf(text, i), invalid("places.encoding")
	}
	return text, start, nil
}

// firstBroken finds what is not UTF-8, or what some other program could not
// read and replaced; -1 = nothing.
func firstBroken(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			return i
		}
	}
	return -1
}

// positionOf is the place of a byte of a text.
func positionOf(text string, offset int) Position {
	before := text[:offset]
	return Position{Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndexByte(before, '\n')}
}
