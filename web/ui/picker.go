package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxVisibleStarts is how many start times are shown before the rest folds away.
const maxVisibleStarts = 16

// TimePicker is the week strip, the start chips and the length chips of one
// room. Template "time-picker". It is one GET form; its second button books.
type TimePicker struct {
	ID          string // anchor, "aika"
	Action      string // GET: shows the choice again with lengths and price
	Hidden      []Hidden
	Week        WeekStrip
	DayTitle    string // "maanantai 23.11.2026"
	Groups      []StartGroup
	Grey        []GreyTime
	Fields      []Field  // that go along with the choice
	Quotas      []string // what is left of the visitor's quotas
	Notice      *Alert   // full, closed, not bookable: with what to do instead
	Summary     string   // "ma 23.11.2026 klo 17.30–19.00"; empty when nothing is chosen
	Price       string   // "24 €"
	BookAction  string   // where the booking button goes; empty hides it
	BookMethod  string   // "post" or "get"
	BookLabel   string   // "Varaa 17.30–19.00, 24 €"
	BookPattern string   // "Varaa {time}, {price}": the script fills it in
	DayText     string   // "ma 23.11.2026 klo ": what the script puts before the time
	Note        string   // below the button: "Ajat ovat Suomen aikaa"
	CSRF        string
}

// Hidden is a value that travels with the form.
type Hidden struct {
	Name  string
	Value string
}

// WeekStrip is seven days with how much is free. Template "week-strip".
type WeekStrip struct {
	Label    string // "Viikko 48"
	PrevHref string
	NextHref string
	AllHref  string // the month grid
	Days     []WeekDay
}

// WeekDay is one day of the strip.
type WeekDay struct {
	Href       string // empty when the day cannot be chosen
	Weekday    string // "ma"
	Date       string // "23.11."
	Free       string // "4": a number is enough, the word is added on wide screens
	Note       string // "täynnä", "kiinni", "4 vapaata"
	Accessible string // "maanantai 23.11., 4 vapaata aikaa"
	State      DayState
	Selected   bool
	Today      bool
}

// DayNumber is the date's first part ("23."), which is all that fits a phone.
func (d WeekDay) DayNumber() string {
	day, _, _ := strings.Cut(d.Date, ".")
	return day + "."
}

// MonthNumber is the rest of the date ("11."); empty where the date has another
// form.
func (d WeekDay) MonthNumber() string {
	_, month, _ := strings.Cut(d.Date, ".")
	return month
}

// DayState picks the look of a day.
type DayState string

// The states of a day.
const (
	DayFree   DayState = "free"
	DayFull   DayState = "full"
	DayClosed DayState = "closed"
	DayPast   DayState = "past"
)

// StartGroup is morning, day or evening.
type StartGroup struct {
	Label  string
	Starts []StartOption
}

// StartOption is one allowed start.
type StartOption struct {
	Value   string // "17:30"
	Label   string // "17.30"
	Checked bool
	Lengths []LengthOption // what can follow it
}

// LengthOption is one allowed length after a start.
type LengthOption struct {
	Minutes int
	Label   string // "1 h 30 min"
	End     string // "19.00"
	Price   string // "24 €"
	Checked bool
	Enabled bool // set by LengthChips
}

// GreyTime is a time that cannot be had, and why.
type GreyTime struct {
	Time   string // "12.00–13.00"
	Reason string // "Siivous"
	Kind   Kind
	Href   string // to wait for it; empty = nobody can
}

// Data is what the script needs to know about a start:
// "60|18.30|16 €;90|19.00|24 €".
func (s StartOption) Data() string {
	parts := make([]string, len(s.Lengths))
	for i, l := range s.Lengths {
		parts[i] = strconv.Itoa(l.Minutes) + "|" + l.End + "|" + l.Price
	}
	return strings.Join(parts, ";")
}

// Chosen is the checked start; false when there is none.
func (p TimePicker) Chosen() (StartOption, bool) {
	for _, g := range p.Groups {
		for _, s := range g.Starts {
			if s.Checked {
				return s, true
			}
		}
	}
	return StartOption{}, false
}

// LengthChips are all lengths of the day in order; those that the chosen start
// allows are enabled.
func (p TimePicker) LengthChips() []LengthOption {
	byMinutes := map[int]LengthOption{}
	for _, g := range p.Groups {
		for _, s := range g.Starts {
			for _, l := range s.Lengths {
				if _, seen := byMinutes[l.Minutes]; !seen {
					byMinutes[l.Minutes] = LengthOption{Minutes: l.Minutes, Label: l.Label}
				}
			}
		}
	}
	if chosen, ok := p.Chosen(); ok {
		for _, l := range chosen.Lengths {
			l.Enabled = true
			byMinutes[l.Minutes] = l
		}
	}
	chips := make([]LengthOption, 0, len(byMinutes))
	for _, l := range byMinutes {
		chips = append(chips, l)
	}
	slices.SortFunc(chips, func(a, b LengthOption) int { return cmp.Compare(a.Minutes, b.Minutes) })
	return chips
}

// Visible are the groups thinned to the coarsest raster that shows at most 16
// starts; the chosen start is always among them.
func (p TimePicker) Visible() []StartGroup { return p.split(true) }

// Folded are the starts that Visible leaves out.
func (p TimePicker) Folded() []StartGroup { return p.split(false) }

// FoldedCount is how many starts are folded away.
func (p TimePicker) FoldedCount() int {
	n := 0
	for _, g := range p.Folded() {
		n += len(g.Starts)
	}
	return n
}

func (p TimePicker) split(visible bool) []StartGroup {
	step := p.visibleStep()
	var out []StartGroup
	for _, g := range p.Groups {
		var kept []StartOption
		for _, s := range g.Starts {
			if onStep(s, step) == visible {
				kept = append(kept, s)
			}
		}
		if len(kept) > 0 {
			out = append(out, StartGroup{Label: g.Label, Starts: kept})
		}
	}
	return out
}

func (p TimePicker) visibleStep() int {
	for _, step := range []int{1, 30, 60, 120} {
		n := 0
		for _, g := range p.Groups {
			for _, s := range g.Starts {
				if onStep(s, step) {
					n++
				}
			}
		}
		if n > 0 && n <= maxVisibleStarts {
			return step
		}
	}
	return 180
}

func onStep(s StartOption, step int) bool {
	hour, minute, _ := strings.Cut(s.Value, ":")
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return s.Checked || (h*60+m)%step == 0
}

func itoa(n int) string { return strconv.Itoa(n) }
