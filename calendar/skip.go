package calendar

import (
	"slices"
	"strings"

	"vuoro/fault"
)

// What a series may leave out.
const (
	SkipHolidays     = "holidays"
	SkipSchoolBreaks = "school-breaks"
)

// SkipKinds are the kinds that Skipper knows, in the order in which they are
// asked for a date.
var SkipKinds = []string{SkipHolidays, SkipSchoolBreaks}

// Skipper tells of a date whether it is left out and why: the key of a sentence
// like "holiday.itsenaisyyspaiva" or "school_break.syysloma", and "" where it
// stays. city is the municipality whose schools count; UnknownBreaks says what
// is not known of it. A kind that is none of SkipKinds is Invalid, code
// calendar.skip_kind.
func Skipper(city string, kinds []string) (func(Date) string, error) {
	for _, kind := range kinds {
		if !slices.Contains(SkipKinds, kind) {
			return nil, fault.New(fault.Invalid, "calendar.skip_kind",
				fault.Params{"value": shortened(kind), "allowed": strings.Join(SkipKinds, ", ")})
		}
	}
	var breaks []Break
	if slices.Contains(kinds, SkipSchoolBreaks) {
		breaks = SchoolBreaks(city)
	}
	skipHolidays := slices.Contains(kinds, SkipHolidays)
	return func(date Date) string {
		if skipHolidays {
			if on := HolidaysOn(date); len(on) > 0 {
				return on[0].Key
			}
		}
		for _, b := range breaks {
			if !date.Before(b.From) && !date.After(b.To) {
				return "school_break." + b.Kind
			}
		}
		return ""
	}, nil
}
