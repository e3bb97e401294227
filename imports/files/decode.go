package files

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"vuoro/fault"
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

// Decode gives the text of a file: UTF-8 with or without a mark, or UTF-16 with
// one. Anything else is refused rather than guessed at.
func Decode(data []byte) (string, Position, *fault.Error) {
	start := Position{Line: 1, Column: 1}
	if len(data) > MaxSize {
		return "", start, Invalid("places.too_large", fault.Params{"max": MaxSize >> 20})
	}
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.begins)) {
			return "", start, Invalid(f.code)
		}
	}
	text := Text(data)
	if strings.TrimSpace(text) == "" {
		return "", start, Invalid("places.empty")
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", PositionOf(text, i), Invalid("places.nul")
	}
	if i := FirstBroken(text); i >= 0 {
		return "", PositionOf(text, i), Invalid("places.encoding")
	}
	return text, start, nil
}

// Mark is what a file begins with by which spreadsheets know UTF-8.
const Mark = "\ufeff"

// Text is the text of a file in UTF-8, with or without a mark, or in UTF-16
// with one. Where it cannot be read it has utf8.RuneError.
func Text(data []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(string(data), Mark)
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	text := string(utf16.Decode(units))
	if len(data)%2 == 1 {
		text += string(utf8.RuneError)
	}
	return text
}

// FirstBroken finds what is not UTF-8, or what some other program could not
// read and replaced; -1 = nothing.
func FirstBroken(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			return i
		}
	}
	return -1
}

// PositionOf is the place of a byte of a text.
func PositionOf(text string, offset int) Position {
	before := text[:offset]
	return Position{Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndexByte(before, '\n')}
}
