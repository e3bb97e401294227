package calendar

import "time"

// What schools do at a time of the year.
const (
	SchoolTerm  = "term"
	SchoolBreak = "break"
)

// SchoolTime tells what a day is for a city's schools: SchoolTerm or, in a break
// or in summer, SchoolBreak; "" where that is not known: around a break of which
// no dates are known, in the days of August on which a year may begin, and in a
// city that nothing is known of. Weekends and holidays within a term belong to it.
func SchoolTime(city string, date Date) string {
	breaks := SchoolBreaks(city)
	if len(breaks) == 0 {
		return ""
	}
	for _, b := range breaks {
		if !date.Before(b.From) && !date.After(b.To) {
			return SchoolBreak
		}
	}
	switch {
	case inSummer(date):
		return SchoolBreak
	case date.Month == time.August && date.Day < lastSchoolStart, len(UnknownBreaks(city, date, date)) > 0:
		return ""
	}
	return SchoolTerm
}

// IsSchoolDay tells whether a city's schools have lessons on a day, as far as
// is known: a working day of a term.
func IsSchoolDay(city string, date Date) bool {
	return date.Weekday() <= Friday && SchoolTime(city, date) == SchoolTerm && len(HolidaysOn(date)) == 0
}

// lastSchoolStart is the day of August by which every school year has begun; the
// sources that were found name the 6th to the 12th.
const lastSchoolStart = 16

// inSummer tells whether a day lies after the school year, which ends by law on
// the Saturday of week 22, and before August.
func inSummer(date Date) bool {
	if date.Month < time.May || date.Month > time.July {
		return false
	}
	year, week := date.ISOWeek()
	return year == date.Year && (week > 22 || week == 22 && date.Weekday() == Sunday)
}
