package hours

import (
	"slices"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
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
	Read      func(data []byte, o Options) ([]resources.Period, error)
	Write     func([]resources.Period) ([]byte, error)
}

// formats are all there are, by the name that people choose them by.
var formats = map[string]Format{
	"hauki": {Source: haukiSource, MediaType: "application/json", Extension: ".json", Read: func(data []byte, _ Options) ([]resources.Period, error) { return ParseHauki(data) }, Write: WriteHauki},
	"ical": {Source: lessonSource, MediaType: "text/calendar", Extension: ".ics", Read: func(data []byte, o Options) ([]resources.Period, error) {
		return ParseLessons(data, LessonWindow(o.Today, o.Zone))
	}},
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
		return Format{}, fault.InvalidField("format", "hours_file.format", fault.Params{"value": shortened(name), "formats": strings.Join(FormatNames(), ", ")})
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

// shortened is text of a file as a sentence may repeat it.
func shortened(text string) string {
	const most = 60
	if runes := []rune(strings.ToValidUTF8(text, "�")); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return strings.ToValidUTF8(text, "�")
}
