package files

import (
	"encoding/csv"
	"errors"
	"regexp"
	"strings"

	"vuoro/fault"
)

// Separator is what the first line has most of: ";", a tab or ",".
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

// Unreadable says what keeps a row from being read. A quote that is never
// closed is told where it was opened.
func Unreadable(err error) (Position, *fault.Error) {
	var broken *csv.ParseError
	if !errors.As(err, &broken) {
		return Position{Line: 1, Column: 1}, Invalid("places.csv")
	}
	at := Position{Line: broken.Line, Column: broken.Column}
	if errors.Is(err, csv.ErrQuote) && broken.StartLine != broken.Line {
		at = Position{Line: broken.StartLine, Column: 1}
	}
	return at, Invalid("places.csv")
}

// Spreadsheets take a cell that begins with one of these characters for a
// formula. Such a cell is written with an apostrophe before it, and one that
// looks like that already with one more, so that nothing is lost.
var (
	formula = regexp.MustCompile("^'*[=+\\-@\t\r]")
	// Plain is a number as files write it.
	Plain = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
)

// WithGuard writes a cell so that no spreadsheet takes it for a formula.
func WithGuard(text string) string {
	if formula.MatchString(text) && !Plain.MatchString(text) {
		return "'" + text
	}
	return text
}

// WithoutGuard is the cell that WithGuard wrote.
func WithoutGuard(text string) string {
	if strings.HasPrefix(text, "'") && formula.MatchString(text) {
		return text[1:]
	}
	return text
}
