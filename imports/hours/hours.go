// Package hours reads the opening hours of one unit or resource from files of
// others: the opening_hours of OpenStreetMap, and date periods as Hauki has
// them, which it writes too (docs/hours.md).
//
// It promises that what it reads is read whole and right or refused with its
// place in the file, and that what it writes says the same. It leaves out whose
// hours they are and saving them (catalogue).
package hours

import (
	"slices"

	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
)

// File is what a file says of the hours of a unit or a resource.
type File struct {
	Periods  []resources.Period
	Holidays string // what public holidays are: closed, sunday or normal; "" = not said
}

// The formats.
const (
	OSM   = "osm"
	Hauki = "hauki"
)

// Options are what a file does not say.
type Options struct {
	Name string             // of the file: what its periods remember as their origin
	Kind policies.HoursKind // of open hours where a format knows no kinds
}

// Read reads a file of a format. What is wrong with it are *files.Mistakes.
func Read(format string, data []byte, o Options) (File, error) {
	text, at, broken := files.Decode(data)
	var mistakes files.Mistakes
	if broken != nil {
		mistakes.Add(at, broken)
		return File{}, &mistakes
	}
	var file File
	if format == OSM {
		file = readOSM(text, o, &mistakes)
	} else {
		file = readHauki(text, &mistakes)
	}
	if len(mistakes.List) == 0 {
		checked(file, &mistakes)
	}
	if len(mistakes.List) > 0 {
		return File{}, mistakes.Sorted()
	}
	for i := range file.Periods {
		file.Periods[i].Origin = format + ":" + o.Name
	}
	return file, nil
}

// checked adds what is wrong with the hours themselves, wherever they stand.
func checked(file File, mistakes *files.Mistakes) {
	err := resources.CheckPeriods(file.Periods)
	if err == nil {
		return
	}
	for _, field := range fault.As(err).Fields {
		mistakes.Add(files.Position{Line: 1, Column: 1, Name: field.Name}, files.Invalid(field.Code, field.Params))
	}
}

// Renewed puts what was read in place of what there is: of periods that were
// imported only those of the same origin go, and those that were typed stay.
func Renewed(here []resources.Period, file File, origin string) []resources.Period {
	list := slices.DeleteFunc(slices.Clone(here), func(p resources.Period) bool { return p.Origin == origin })
	return append(list, file.Periods...)
}
