// Package spreadsheet knows what spreadsheets do to CSV files: which separator and
// encoding they save with, and which cells they would run. It leaves out rows
// and columns, which encoding/csv reads and each kind of file names.
package spreadsheet

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Mark is what a file begins with by which spreadsheets know UTF-8.
const Mark = "\ufeff"

// Separator is what the first line of a file has most of: ";", a tab or ",".
func Separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, candidate := range []rune{';', '\t'} {
		if strings.Count(first, string(candidate)) > strings.Count(first, string(best)) {
			best = candidate
		}
	}
	return best
}

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

// Number is a text that is a number in plain digits.
var Number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Spreadsheets take a cell that begins with one of these characters for a
// formula. Such a cell is written with an apostrophe before it, and one that
// looks like that already with one more, so that nothing is lost.
var formula = regexp.MustCompile("^'*[=+\\-@\t\r]")

// Guarded is the text of a cell as it is safe in a spreadsheet.
func Guarded(text string) string {
	if formula.MatchString(text) && !Number.MatchString(text) {
		return "'" + text
	}
	return text
}

// Unguarded is what Guarded was given.
func Unguarded(text string) string {
	if strings.HasPrefix(text, "'") && formula.MatchString(text) {
		return text[1:]
	}
	return text
}
