package hours

import (
	"slices"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
)

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 10 << 20

// maxMistakes is how many mistakes are named at once.
const maxMistakes = 50

// Options are what a file does not say itself.
type Options struct {
	Today calendar.Date  // lessons are read from here for a year
	Zone  *time.Location // of the installation
}

// Format is one kind of file. Source is what Period.Origin begins with of what
// was read: a later reading replaces just that; "" = it replaces everything.
// Read gives periods without ids, or an Invalid error whose fields name the
// places in the file. Write is nil for what is only read.
type Format struct {
	Source    string
	MediaType string
	Extension string // with its dot
	Read      func(data []byte, o Options) (Schedule, error)
	Write     func(Schedule) ([]byte, error)
}

// formats are all there are, by the name that people choose them by.
var formats = map[string]Format{
	"hauki": {
		Source: haukiSource, MediaType: "application/json", Extension: ".json",
		Read:  func(data []byte, _ Options) (Schedule, error) { return scheduled(ParseHauki(data)) },
		Write: func(s Schedule) ([]byte, error) { return WriteHauki(s.Periods) },
	},
	"ical": {
		Source: lessonSource, MediaType: "text/calendar", Extension: ".ics",
		Read: func(data []byte, o Options) (Schedule, error) {
			return scheduled(ParseLessons(data, LessonWindow(o.Today, o.Zone)))
		},
	},
	"csv": {
		MediaType: "text/csv; charset=utf-8", Extension: ".csv",
		Read:  func(data []byte, _ Options) (Schedule, error) { return scheduled(ParseCSV(data)) },
		Write: func(s Schedule) ([]byte, error) { return WriteCSV(s.Periods) },
	},
	"osm": {
		MediaType: "text/plain; charset=utf-8", Extension: ".osm",
		Read: func(data []byte, o Options) (Schedule, error) {
			return ParseOSM(strings.TrimSpace(files.Text(data)), OSMOptions{Kind: policies.Reservable, From: o.Today, Years: yearsAhead})
		},
		Write: func(s Schedule) ([]byte, error) {
			text, err := WriteOSM(s)
			return []byte(text + "\n"), err
		},
	},
	"text": {
		MediaType: "text/plain; charset=utf-8", Extension: ".txt",
		Read: func(data []byte, _ Options) (Schedule, error) {
			return ParseText(strings.TrimSpace(files.Text(data)), policies.Reservable)
		},
	},
}

// yearsAhead is how far dates without a year are written out: as far as
// anything can be booked.
const yearsAhead = 3

func scheduled(periods []resources.Period, err error) (Schedule, error) {
	return Schedule{Periods: periods}, err
}

// FormatNames are the names of the formats, sorted.
func FormatNames() []string {
	var names []string
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// FormatNamed finds a format; an unknown name is Invalid, code
// hours_file.format.
func FormatNamed(name string) (Format, error) {
	format, ok := formats[name]
	if !ok {
		return Format{}, fault.InvalidField("format", "hours_file.format", fault.Params{"value": files.Shortened(name), "formats": strings.Join(FormatNames(), ", ")})
	}
	return format, nil
}

// WritableFormat is FormatNamed for those that write; others are Invalid, code
// hours_file.only_read.
func WritableFormat(name string) (Format, error) {
	format, err := FormatNamed(name)
	if err == nil && format.Write == nil {
		err = fault.InvalidField("format", "hours_file.only_read", fault.Params{"value": name})
	}
	return format, err
}

// FormatOf guesses the format from the name of a file; "" = it does not tell.
func FormatOf(file string) string {
	for _, name := range FormatNames() {
		if strings.HasSuffix(strings.ToLower(file), formats[name].Extension) {
			return name
		}
	}
	return ""
}

// Replace puts imported periods in the place of those that the same source gave
// before; what was typed or came from elsewhere stays. Without a source nothing
// stays.
func Replace(existing, imported []resources.Period, source string) []resources.Period {
	var list []resources.Period
	for _, p := range existing {
		if kind, _, _ := strings.Cut(p.Origin, ":"); source != "" && kind != source {
			list = append(list, p)
		}
	}
	return append(list, imported...)
}

// ScheduleOf is the saved hours of a unit, or of a resource, whose unit's holidays
// are not its to tell.
func ScheduleOf(periods []resources.Period, unit bool, holidays string) Schedule {
	return Schedule{Periods: periods, HolidaysOff: unit && holidays == holidaysClosed}
}

// holidaysClosed is how a unit says that it is closed on public holidays.
const holidaysClosed = "closed"

// Holidays is what a unit's holidays become by a schedule: "closed", or "" = as
// they are. Of a resource nothing can be said of holidays: unit is false then,
// and a schedule that needs its unit closed is Invalid, hours_file.holidays.
func (s Schedule) Holidays(unit bool, now string) (string, error) {
	switch {
	case !s.HolidaysOff || now == holidaysClosed:
		return "", nil
	case !unit:
		return "", fault.InvalidField("1:1", "hours_file.holidays")
	}
	return holidaysClosed, nil
}
