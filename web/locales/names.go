package locales

import "time"

type names struct {
	weekdays, shortWeekdays [7]string // Sunday first, as time.Weekday counts
	months, shortMonths     [12]string
	at                      string // before a time of day
	today, tomorrow         string
	week, weekLong          string
	summer, winter          string
}

var calendarNames = map[string]names{
	"fi": {
		weekdays:      [7]string{"sunnuntai", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai"},
		shortWeekdays: [7]string{"su", "ma", "ti", "ke", "to", "pe", "la"},
		months: [12]string{
			"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu",
			"heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu",
		},
		shortMonths: [12]string{"tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"},
		at:          " klo ", today: "tänään", tomorrow: "huomenna", week: "vk ", weekLong: "viikko ",
		summer: " (kesäaika)", winter: " (talviaika)",
	},
	"sv": {
		weekdays:      [7]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
		shortWeekdays: [7]string{"sön", "mån", "tis", "ons", "tors", "fre", "lör"},
		months: [12]string{
			"januari", "februari", "mars", "april", "maj", "juni",
			"juli", "augusti", "september", "oktober", "november", "december",
		},
		shortMonths: [12]string{"jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
		at:          " kl. ", today: "i dag", tomorrow: "i morgon", week: "v. ", weekLong: "vecka ",
		summer: " (sommartid)", winter: " (vintertid)",
	},
	"en": {
		weekdays:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		shortWeekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
		shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		at:          ", ", today: "today", tomorrow: "tomorrow", week: "wk ", weekLong: "week ",
		summer: " (summer time)", winter: " (winter time)",
	},
}

func (p Printer) names() names { return calendarNames[p.lang()] }

// Weekday is the name of a day: "maanantai".
func (p Printer) Weekday(day time.Weekday) string { return p.names().weekdays[day%7] }

// ShortWeekday is "ma", "mån", "Mon".
func (p Printer) ShortWeekday(day time.Weekday) string { return p.names().shortWeekdays[day%7] }

// Month is the name of a month: "marraskuu".
func (p Printer) Month(month time.Month) string { return p.names().months[(month+11)%12] }

// ShortMonth is "marras", "nov", "Nov".
func (p Printer) ShortMonth(month time.Month) string { return p.names().shortMonths[(month+11)%12] }
