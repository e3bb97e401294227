package locales

import (
	"fmt"
	"time"
)

// Time is "17.30" in Finnish and Swedish, "17:30" in English.
func (p Printer) Time(t time.Time) string {
	t = p.in(t)
	return p.Clock(t.Hour()*60 + t.Minute())
}

// Clock is Time for minutes since midnight; 1440 is "24.00".
func (p Printer) Clock(minutes int) string {
	if p.lang() == "en" {
		return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%d.%02d", minutes/60, minutes%60)
}

// DateTime is "ma 23.11.2026 klo 17.30", with "(kesäaika)" or "(talviaika)"
// in the hour that the autumn night has twice.
func (p Printer) DateTime(t time.Time) string {
	return p.Date(t) + p.names().at + p.Time(t) + p.suffix(t)
}

// Range is "ma 23.11.2026 klo 17.30–19.00", "Mon 23 Nov 2026, 17:30–19:00";
// past midnight "ma 23.11.2026 klo 23.00–01.00 (ti)".
func (p Printer) Range(begin, end time.Time) string {
	return p.Date(begin) + p.names().at + p.Hours(begin, end)
}

// ShortRange is Range without the year.
func (p Printer) ShortRange(begin, end time.Time) string {
	return p.ShortDate(begin) + p.names().at + p.Hours(begin, end)
}

// RelativeRange is Range with "tänään" and "huomenna" where they fit.
func (p Printer) RelativeRange(begin, end, now time.Time) string {
	return p.Relative(begin, now) + p.names().at + p.Hours(begin, end)
}

// Hours is the clock part of Range: "17.30–19.00", to midnight "17.30–24.00",
// past it "23.00–01.00 (ti)", over several days "17.30 – ke 25.11. klo 12.00".
func (p Printer) Hours(begin, end time.Time) string {
	begin, end = p.in(begin), p.in(end)
	first := p.Time(begin) + p.suffix(begin)
	days := daysBetween(begin, end)
	switch {
	case days == 0:
		return first + "–" + p.Time(end) + p.suffix(end)
	case days == 1 && end.Hour() == 0 && end.Minute() == 0:
		return first + "–" + p.Clock(24*60)
	case days == 1:
		// two digits, as in a timetable: "23.00–1.00" reads like a decimal
		return p.padded(begin) + p.suffix(begin) + "–" + p.padded(end) + p.suffix(end) + " (" + p.ShortWeekday(end.Weekday()) + ")"
	}
	return first + " – " + p.ShortDate(end) + p.names().at + p.Time(end) + p.suffix(end)
}

func (p Printer) padded(t time.Time) string {
	if p.lang() == "en" {
		return t.Format("15:04")
	}
	return t.Format("15.04")
}

// suffix names the pass of a doubled hour, with a space before it.
func (p Printer) suffix(t time.Time) string {
	switch DoubledHour(p.in(t)) {
	case First:
		return p.names().summer
	case Second:
		return p.names().winter
	}
	return ""
}

// Pass says which of two equal clock times an instant is.
type Pass int

// The passes of a doubled hour; Once is every other time.
const (
	Once Pass = iota
	First
	Second
)

// DoubledHour tells whether the wall clock of t's own zone shows t's time twice
// that night, and which of the two t is.
func DoubledHour(t time.Time) Pass {
	_, here := t.Zone()
	for _, near := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, there := t.Add(near).Zone()
		twin := t.Add(time.Duration(here-there) * time.Second)
		if _, offset := twin.Zone(); here == there || offset != there {
			continue
		}
		if twin.After(t) {
			return First
		}
		return Second
	}
	return Once
}
