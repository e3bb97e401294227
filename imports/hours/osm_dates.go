package hours

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

// The years that a text may name. What begins with the first day of the first
// has no beginning: OpenStreetMap has no other form for that.
const (
	firstOSMYear = 1900
	lastOSMYear  = 2199
)

var osmMonths = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// osmDate is a month or a day in it, of a year or (0) of every year.
type osmDate struct{ year, month, day int }

func (d osmDate) first(year int) calendar.Date {
	return calendar.Date{Year: year, Month: time.Month(d.month), Day: max(d.day, 1)}
}

func (d osmDate) last(year int) calendar.Date {
	if d.day > 0 {
		return d.first(year)
	}
	return calendar.Date{Year: year + d.month/12, Month: time.Month(d.month%12 + 1), Day: 1}.AddDays(-1)
}

// valid tells whether each year has such a day.
func (d osmDate) valid() bool {
	year := d.year
	if year == 0 {
		year = 2001
	}
	return d.day == 0 || d.first(year).Valid()
}

func monthNamed(token osmToken) int {
	if token.sort != osmWord {
		return 0
	}
	return 1 + slices.IndexFunc(osmMonths, func(month string) bool { return strings.EqualFold(month, token.text) })
}

func (p *osmParser) isYear(token osmToken) bool {
	return token.sort == osmNumber && len(token.text) == 4
}

// year reads a year, where there is one that can be.
func (p *osmParser) year() (int, *fault.Error) {
	token := p.next()
	year, _ := strconv.Atoi(token.text)
	if !p.isYear(token) || year < firstOSMYear || year > lastOSMYear {
		return 0, p.refuse(token.at, "osm_year", fault.Params{"first": strconv.Itoa(firstOSMYear), "last": strconv.Itoa(lastOSMYear)})
	}
	return year, nil
}

// dates reads "2026", "2026-2028", "2026+", "Jan-Mar", "Dec 24-26,Dec 31",
// "2026 Dec 20-2027 Jan 06", "2026 Dec 25+", "2026-2028 Jul".
func (p *osmParser) dates(r *osmRule) *fault.Error {
	from, to, open := 0, 0, false
	if p.isYear(p.peek()) {
		var err *fault.Error
		if from, err = p.year(); err != nil {
			return err
		}
		to = from
		switch {
		case p.accept("+"):
			open = true
		case p.peek().is("-") && p.isYear(p.ahead(1)):
			p.next()
			at := p.peek().at
			if to, err = p.year(); err != nil {
				return err
			}
			if to <= from {
				return p.refuse(at, "osm_order")
			}
		}
	}
	if monthNamed(p.peek()) == 0 {
		if from > 0 {
			r.dates = []dateRange{wholeYears(from, to, open)}
		}
		return nil
	}
	if open {
		return p.unread()
	}
	return p.monthDays(r, from, to)
}

func wholeYears(from, to int, open bool) dateRange {
	years := dateRange{calendar.Date{Year: from, Month: time.January, Day: 1}, calendar.Date{Year: to, Month: time.December, Day: 31}}
	if open {
		years.to = calendar.Date{}
	}
	return years.unending()
}

// unending takes the first day that can be written for no beginning.
func (r dateRange) unending() dateRange {
	if r.from == (calendar.Date{Year: firstOSMYear, Month: time.January, Day: 1}) {
		r.from = calendar.Date{}
	}
	return r
}

// monthDays reads months and days of the years from … to, 0 = every year.
func (p *osmParser) monthDays(r *osmRule, from, to int) *fault.Error {
	var month int
	for {
		at := p.peek().at
		if p.isYear(p.peek()) {
			year, err := p.year()
			if err != nil {
				return err
			}
			from, to = year, year
		}
		if monthNamed(p.peek()) > 0 {
			month = monthNamed(p.next())
		}
		d := osmDates{begin: osmDate{year: from, month: month}, lastYear: to}
		if err := p.dayOf(&d.begin); err != nil {
			return err
		}
		if err := p.rangeEnd(&d); err != nil {
			return err
		}
		if code := p.addDates(r, d); code != "" {
			return p.refuse(at, code, fault.Params{"max": maxOSMDates})
		}
		month = d.end.month
		if !p.peek().is(",") || !p.dateFollows(p.ahead(1), p.ahead(2), d.begin.day > 0) {
			return nil
		}
		p.next()
	}
}

// dateFollows tells whether a "," goes on with dates: a month, a year with one,
// or after days the number of one.
func (p *osmParser) dateFollows(token, after osmToken, days bool) bool {
	return monthNamed(token) > 0 && p.sameForm(after, days) || p.isYear(token) && monthNamed(after) > 0 ||
		days && token.sort == osmNumber && len(token.text) <= 2
}

// sameForm keeps "Jan 1-5 10-12, Feb …" apart from lists; a list has days in
// all of its parts or in none.
func (p *osmParser) sameForm(after osmToken, days bool) bool {
	return (after.sort == osmNumber && len(after.text) <= 2) == days
}

// dayOf reads the day of a month, if there is one.
func (p *osmParser) dayOf(d *osmDate) *fault.Error {
	if token := p.peek(); token.sort != osmNumber || len(token.text) > 2 {
		return nil
	}
	at := p.peek().at
	day, ok := p.number(1, 31)
	d.day = day
	if !ok || !d.valid() {
		return p.refuse(at, "osm_date")
	}
	return nil
}

// osmDates are days from a first to a last one, in each year from the first
// one's to lastYear.
type osmDates struct {
	begin, end osmDate
	endless    bool
	lastYear   int
}

// backwards tells whether the end comes before the begin in a year.
func (d osmDates) backwards() bool { return d.end.last(2000).Before(d.begin.first(2000)) }

// rangeEnd reads what "-" or "+" says after a date.
func (p *osmParser) rangeEnd(d *osmDates) (err *fault.Error) {
	d.end = d.begin
	if d.begin.year > 0 && p.accept("+") {
		d.endless = true
		return nil
	}
	if !p.accept("-") {
		return nil
	}
	if d.begin.year > 0 && p.isYear(p.peek()) {
		if d.end.year, err = p.year(); err != nil {
			return err
		}
	}
	token := p.peek()
	if month := monthNamed(token); month > 0 {
		p.next()
		d.end.month, d.end.day = month, 0
	} else if d.begin.day == 0 || d.end.year != d.begin.year || token.sort != osmNumber {
		return p.unread()
	}
	if err := p.dayOf(&d.end); err != nil {
		return err
	}
	if d.end.day == 0 != (d.begin.day == 0) {
		return p.refuse(token.at, "osm_date")
	}
	return nil
}

// addDates writes days out for their years; the answer is the code of what is
// wrong with them.
func (p *osmParser) addDates(r *osmRule, d osmDates) (code string) {
	begin, end := d.begin, d.end
	first, last, over := begin.year, d.lastYear, end.year-begin.year
	switch {
	case d.endless && d.lastYear > first:
		return "osm_order"
	case d.endless:
		r.dates = append(r.dates, dateRange{from: begin.first(first)}.unending())
		return ""
	case begin.year == 0:
		if p.opt.From.IsZero() || p.opt.Years < 1 || p.opt.Years > maxOSMYears {
			return "osm_yearly"
		}
		if d.backwards() && end.month == begin.month {
			return "osm_order"
		}
		p.yearly = true
		first, last = p.opt.From.Year-1, p.opt.From.Year+p.opt.Years
		if d.backwards() {
			over = 1
		}
	case over < 0, over == 0 && d.backwards(), over > 0 && last > first:
		return "osm_order"
	}
	if p.ranges += last - first + 1; p.ranges > maxOSMDates {
		return "osm_dates"
	}
	for year := first; year <= last; year++ {
		r.dates = append(r.dates, dateRange{begin.first(year), end.last(year + over)}.unending())
	}
	return ""
}

// window is the days that are read: all, or where some date has no year, those
// that the options ask for.
func (p *osmParser) window() dateRange {
	if !p.yearly {
		return dateRange{}
	}
	first := p.opt.From
	last := calendar.Date{Year: first.Year + p.opt.Years, Month: first.Month, Day: first.Day}
	return dateRange{first, last.AddDays(-1)}
}
