// Package hours reads and writes opening hours in the forms in which cities
// keep them: the opening_hours of OpenStreetMap, plain sentences, tables,
// Hauki's JSON and a school's lessons (docs/hours.md).
//
// It promises that what it reads resolves to exactly what was written, and that
// anything else is refused with its place: nothing is guessed. It leaves out
// whose hours they are and saving them (catalogue).
package hours

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vuoro/fault"
	"vuoro/resources"
)

// Schedule is the hours that a text says. Periods have no ids and no owner;
// HolidaysOff tells that public holidays are closed, which is said of a unit and
// not of a period.
type Schedule struct {
	Periods     []resources.Period
	HolidaysOff bool
}

// refusedAt is an Invalid error about the place of a byte in a text, named
// "line:column", both from 1.
func refusedAt(text string, offset int, code string, params ...fault.Params) *fault.Error {
	before := text[:min(offset, len(text))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fault.InvalidField(fmt.Sprintf("%d:%d", line, column), "hours_file."+code, params...)
}
