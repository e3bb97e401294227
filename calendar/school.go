package calendar

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// Break is a time without lessons in a city's schools, both days included, as
// its source gives it: many name Monday to Friday only.
type Break struct {
	City  string // the municipality, e.g. "Helsinki"
	Kind  string // "syysloma", "joululoma", "talviloma" or "vapaapaiva"
	From  Date
	To    Date
	Names Names
}

// The breaks that a source was found for, each row with its source. What no
// source says is not there: a pattern of earlier years is none.
//
//go:embed school_breaks.json
var schoolBreaksFile []byte

// schoolBreaks are those of each city, in lower case, by date.
var schoolBreaks = sync.OnceValue(func() map[string][]Break {
	var list []Break
	if err := json.Unmarshal(schoolBreaksFile, &list); err != nil {
		panic("calendar: school_breaks.json: " + err.Error())
	}
	slices.SortStableFunc(list, func(a, b Break) int { return a.From.Compare(b.From) })
	byCity := map[string][]Break{}
	for _, b := range list {
		b.Names = breakNames[b.Kind]
		city := strings.ToLower(b.City)
		byCity[city] = append(byCity[city], b)
	}
	return byCity
})

var breakNames = map[string]Names{
	"syysloma":   {"Syysloma", "Höstlov", "Autumn break"},
	"joululoma":  {"Joululoma", "Jullov", "Christmas break"},
	"talviloma":  {"Talviloma", "Sportlov", "Winter break"},
	"vapaapaiva": {"Koulun vapaapäivä", "Skolans lovdag", "School day off"},
}

// SchoolBreaks lists the known breaks of a city's schools by date; none for a
// city that nothing is known of.
func SchoolBreaks(city string) []Break { return slices.Clone(breaksOf(city)) }

func breaksOf(city string) []Break { return schoolBreaks()[strings.ToLower(strings.TrimSpace(city))] }

// season is where in the year the schools of Finland have a break. It only
// serves to tell that a break is not known.
type season struct {
	kind     string
	from, to [2]int // month and day; to may lie in the next year
}

var seasons = []season{
	{"syysloma", [2]int{10, 8}, [2]int{10, 31}},
	{"joululoma", [2]int{12, 19}, [2]int{1, 9}},
	{"talviloma", [2]int{2, 10}, [2]int{3, 20}},
}

func (s season) in(year int) (from, to Date) {
	from = Date{year, time.Month(s.from[0]), s.from[1]}
	to = Date{year, time.Month(s.to[0]), s.to[1]}
	if to.Before(from) {
		to.Year++
	}
	return from, to
}

// UnknownBreaks lists the breaks that a city's schools will have between two
// days, both included, but of which no dates are known here. From and To are
// then only the season in which such breaks lie.
func UnknownBreaks(city string, from, to Date) []Break {
	known := breaksOf(city)
	var list []Break
	for year := from.Year - 1; year <= to.Year; year++ {
		for _, s := range seasons {
			begin, end := s.in(year)
			if end.Before(from) || begin.After(to) || slices.ContainsFunc(known, func(b Break) bool {
				return b.Kind == s.kind && !b.To.Before(begin) && !b.From.After(end)
			}) {
				continue
			}
			list = append(list, Break{City: city, Kind: s.kind, From: begin, To: end, Names: breakNames[s.kind]})
		}
	}
	slices.SortFunc(list, func(a, b Break) int { return a.From.Compare(b.From) })
	return list
}
