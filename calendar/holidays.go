package calendar

import (
	"slices"
	"sync"
	"time"
)

// Names are one thing's name in the three languages of the service.
type Names struct {
	Fi string `json:"fi"`
	Sv string `json:"sv"`
	En string `json:"en"`
}

// Holiday is a day on which Finland's public places are commonly closed.
// Official is false for Midsummer Eve and Christmas Eve: the law does not name
// them, but offices and most sites are closed.
type Holiday struct {
	Date     Date
	Key      string // stable, e.g. "holiday.juhannusaatto"
	Names    Names
	Official bool
}

// Holidays lists a year's Finnish holidays by date; two may share a day, as
// May Day and Ascension Day did in 2008. The rules are those in force since
// 1992; earlier years are computed by the same rules.
func Holidays(year int) []Holiday { return slices.Clone(holidaysOf(year)) }

// holidaysOf keeps the years that are asked for again and again.
func holidaysOf(year int) []Holiday {
	const first, last = 1990, 2100
	if year < first || year > last {
		return holidaysIn(year)
	}
	list, known := holidayYears.Load(year)
	if !known {
		list, _ = holidayYears.LoadOrStore(year, holidaysIn(year))
	}
	return list.([]Holiday)
}

var holidayYears sync.Map // by year

func holidaysIn(year int) []Holiday {
	list := make([]Holiday, 0, len(finland))
	for _, rule := range finland {
		list = append(list, Holiday{Date: rule.in(year), Key: rule.key, Names: rule.names, Official: !rule.customary})
	}
	slices.SortStableFunc(list, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return list
}

// HolidaysOn lists the Finnish holidays of one day, usually none.
func HolidaysOn(date Date) []Holiday {
	var list []Holiday
	for _, h := range holidaysOf(date.Year) {
		if h.Date == date {
			list = append(list, h)
		}
	}
	return list
}

// IsHoliday tells whether a day is a Finnish holiday.
func IsHoliday(date Date) bool {
	return slices.ContainsFunc(holidaysOf(date.Year), func(h Holiday) bool { return h.Date == date })
}

// holidayRule places a holiday in any year: on a month's day; on the first such
// weekday on or after it where weekday is set; or, where there is no month, so
// many days after Easter Sunday.
type holidayRule struct {
	key       string
	names     Names
	month     time.Month
	day       int
	weekday   Weekday
	customary bool
}

func (r holidayRule) in(year int) Date {
	if r.month == 0 {
		return easterSunday(year).AddDays(r.day)
	}
	date := Date{Year: year, Month: r.month, Day: r.day}
	if r.weekday == 0 {
		return date
	}
	return date.AddDays((int(r.weekday-date.Weekday()) + 7) % 7)
}

// The holidays of Finland: the church's, May Day and Independence Day, and the
// two eves on which the country is closed by custom.
var finland = []holidayRule{
	{key: "holiday.uudenvuodenpaiva", names: Names{"Uudenvuodenpäivä", "Nyårsdagen", "New Year's Day"}, month: time.January, day: 1},
	{key: "holiday.loppiainen", names: Names{"Loppiainen", "Trettondagen", "Epiphany"}, month: time.January, day: 6},
	{key: "holiday.pitkaperjantai", names: Names{"Pitkäperjantai", "Långfredagen", "Good Friday"}, day: -2},
	{key: "holiday.paasiaispaiva", names: Names{"Pääsiäispäivä", "Påskdagen", "Easter Sunday"}, day: 0},
	{key: "holiday.toinen-paasiaispaiva", names: Names{"Toinen pääsiäispäivä", "Annandag påsk", "Easter Monday"}, day: 1},
	{key: "holiday.vappu", names: Names{"Vappu", "Första maj", "May Day"}, month: time.May, day: 1},
	{key: "holiday.helatorstai", names: Names{"Helatorstai", "Kristi himmelsfärdsdag", "Ascension Day"}, day: 39},
	{key: "holiday.helluntaipaiva", names: Names{"Helluntaipäivä", "Pingstdagen", "Whit Sunday"}, day: 49},
	{key: "holiday.juhannusaatto", names: Names{"Juhannusaatto", "Midsommarafton", "Midsummer Eve"}, month: time.June, day: 19, weekday: Friday, customary: true},
	{key: "holiday.juhannuspaiva", names: Names{"Juhannuspäivä", "Midsommardagen", "Midsummer Day"}, month: time.June, day: 20, weekday: Saturday},
	{key: "holiday.pyhainpaiva", names: Names{"Pyhäinpäivä", "Alla helgons dag", "All Saints' Day"}, month: time.October, day: 31, weekday: Saturday},
	{key: "holiday.itsenaisyyspaiva", names: Names{"Itsenäisyyspäivä", "Självständighetsdagen", "Independence Day"}, month: time.December, day: 6},
	{key: "holiday.jouluaatto", names: Names{"Jouluaatto", "Julafton", "Christmas Eve"}, month: time.December, day: 24, customary: true},
	{key: "holiday.joulupaiva", names: Names{"Joulupäivä", "Juldagen", "Christmas Day"}, month: time.December, day: 25},
	{key: "holiday.tapaninpaiva", names: Names{"Tapaninpäivä", "Annandag jul", "St Stephen's Day"}, month: time.December, day: 26},
}

// easterSunday is Gauss's rule for the Gregorian calendar with Lichtenberg's
// correction, which moves the two exceptional years into the formula.
func easterSunday(year int) Date {
	century := year / 100
	moon := 15 + (3*century+3)/4 - (8*century+13)/25
	sun := 2 - (3*century+3)/4
	cycle := year % 19
	seed := (19*cycle + moon) % 30
	correction := (seed + cycle/11) / 29
	fullMoon := 21 + seed - correction
	firstSunday := 7 - (year+year/4+sun)%7
	distance := 7 - (fullMoon-firstSunday)%7
	return Date{Year: year, Month: time.March, Day: 1}.AddDays(fullMoon + distance - 1)
}
