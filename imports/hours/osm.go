package hours

import (
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// The subset of the opening_hours of OpenStreetMap: rules of dates, weeks,
// weekdays and times, "off" and comments. What is outside is refused, never
// guessed.

// ruleOSM is one rule. Each of its whens is a set of days; the rule is for all.
type ruleOSM struct {
	at       int // where it begins in the text
	adds     bool
	whens    []when
	holidays bool // also, or only, public holidays
	onlyPH   bool
	spans    []calendar.Span // none = the whole day
	off      bool
	comment  string
}

// when is a set of days: from and to are inclusive, zero = open.
type when struct {
	from, to calendar.Date
	days     []int
	only     []resources.Turn
}

// parserOSM reads a text from left to right.
type parserOSM struct {
	text string
	at   int
	bad  *fault.Error
}

func readOSM(text string, o Options, mistakes *files.Mistakes) File {
	p := &parserOSM{text: strings.TrimRight(text, " \t\r\n")}
	rules := p.rules()
	if p.bad == nil {
		file, at, err := compileOSM(rules, o.Kind)
		if err == nil {
			return file
		}
		p.at, p.bad = at, err
	}
	mistakes.Add(files.PositionOf(text, p.at), p.bad)
	return File{}
}

// refuse keeps the first thing that cannot be read, where it begins.
func (p *parserOSM) refuse(code string) {
	if p.bad == nil {
		rest := p.text[p.at:]
		p.bad = files.Invalid(code, fault.Params{"value": files.Shortened(rest)})
	}
}

func (p *parserOSM) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take reads exactly this, and the blanks after it.
func (p *parserOSM) take(token string) bool {
	if !strings.HasPrefix(p.text[p.at:], token) {
		return false
	}
	p.at += len(token)
	p.space()
	return true
}

// word reads one of the words; none may go on with a letter.
func (p *parserOSM) word(words ...string) (int, bool) {
	for i, word := range words {
		rest, found := strings.CutPrefix(p.text[p.at:], word)
		if found && (rest == "" || !letter(rest[0])) {
			p.at += len(word)
			p.space()
			return i, true
		}
	}
	return 0, false
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80 }

// number reads so many digits; it stands where it was if there are not.
func (p *parserOSM) number(least, most int) (int, bool) {
	n := 0
	for p.at+n < len(p.text) && p.text[p.at+n] >= '0' && p.text[p.at+n] <= '9' {
		n++
	}
	if n < least || n > most {
		return 0, false
	}
	value, err := strconv.Atoi(p.text[p.at : p.at+n])
	p.at += n
	return value, err == nil
}

// maybe goes back when the reading fails.
func (p *parserOSM) maybe(read func() bool) bool {
	before := p.at
	if read() {
		return true
	}
	p.at = before
	return false
}

func (p *parserOSM) rules() (list []ruleOSM) {
	p.space()
	adds := false
	for p.bad == nil {
		rule := p.rule()
		rule.adds = adds
		list = append(list, rule)
		switch {
		case p.bad != nil || p.at == len(p.text):
			return list
		case p.take(";"):
			adds = false
		case p.take(","):
			adds = true
		default:
			p.refuse("hours.osm")
		}
		if p.at == len(p.text) {
			p.refuse("hours.osm")
		}
	}
	return list
}

func (p *parserOSM) rule() ruleOSM {
	r := ruleOSM{at: p.at}
	always := p.take("24/7")
	dates, weeks := []when{{}}, [][]resources.Turn{nil}
	days := []when{{days: []int{1, 2, 3, 4, 5, 6, 7}}}
	if !always {
		dates = p.dates()
		weeks = p.weeks()
		days = p.weekdays(&r)
		r.spans = p.times()
	}
	said := p.at > r.at
	modifier, open := p.word("open", "off", "closed")
	r.off = open && modifier > 0
	if p.at < len(p.text) && p.text[p.at] == '"' {
		r.comment = p.comment()
		if !open {
			p.at = r.at
			p.refuse("hours.osm_unknown")
		}
	}
	if !said && !open {
		p.refuse("hours.osm")
	}
	if !r.onlyPH {
		r.whens = combined(dates, weeks, days)
	}
	if len(r.whens) > maxWhens {
		p.at = r.at
		p.refuse("hours.osm_many")
	}
	return r
}

// maxWhens is how many sets of days a rule may stand for.
const maxWhens = 100

// combined is every set of dates with every set of weeks and of weekdays.
func combined(dates []when, weeks [][]resources.Turn, days []when) (list []when) {
	for _, date := range dates {
		for _, week := range weeks {
			for _, day := range days {
				w := when{from: date.from, to: date.to, days: day.days}
				for _, turns := range [][]resources.Turn{date.only, week, day.only} {
					w.only = append(w.only, turns...)
				}
				if len(list) <= maxWhens {
					list = append(list, w)
				}
			}
		}
	}
	return list
}

func (p *parserOSM) comment() string {
	end := strings.IndexByte(p.text[p.at+1:], '"')
	if end < 0 {
		p.refuse("hours.osm")
		return ""
	}
	text := p.text[p.at+1 : p.at+1+end]
	p.at += end + 2
	p.space()
	return text
}

// times reads "08:00-12:00,13:00-17:00".
func (p *parserOSM) times() (list []calendar.Span) {
	for p.bad == nil {
		more := p.maybe(func() bool {
			if len(list) > 0 && !p.take(",") {
				return false
			}
			span, ok := p.timeSpan()
			list = append(list, span)
			if !ok {
				list = list[:len(list)-1]
			}
			return ok
		})
		if !more {
			return list
		}
	}
	return list
}

func (p *parserOSM) timeSpan() (span calendar.Span, ok bool) {
	var fromRead, toRead bool
	span.From, fromRead = p.clock()
	if !fromRead || !p.take("-") {
		return span, false
	}
	span.To, toRead = p.clock()
	if !toRead {
		return span, false
	}
	if span.To <= span.From {
		span.To += calendar.DayMinutes
	}
	if span.Minutes() > int(calendar.DayMinutes) || !span.Valid() {
		p.refuse("hours.osm")
	}
	p.space()
	return span, true
}

func (p *parserOSM) clock() (calendar.Minute, bool) {
	hours, ok := p.number(2, 2)
	if !ok || p.at >= len(p.text) || p.text[p.at] != ':' {
		return 0, false
	}
	p.at++
	minutes, ok := p.number(2, 2)
	p.space()
	m := calendar.Minute(hours*60 + minutes)
	return m, ok && minutes < 60 && m.Valid()
}

var (
	dayNames   = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	monthNames = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

// weekdays reads "Mo-Fr,Su", "Sa[-1]" and, for public holidays, "PH".
func (p *parserOSM) weekdays(r *ruleOSM) []when {
	plain := when{}
	var list []when
	said := false
	for p.bad == nil {
		again := p.maybe(func() bool {
			if said && !p.take(",") {
				return false
			}
			if _, ok := p.word("PH"); ok {
				r.holidays = true
				return true
			}
			first, ok := p.word(dayNames...)
			if !ok {
				return false
			}
			last := first
			if p.maybe(func() bool { ok := p.take("-"); last, ok = p.wordIf(ok, dayNames); return ok }) {
				for day := first; ; day = (day + 1) % 7 {
					plain.days = append(plain.days, day+1)
					if day == last {
						return true
					}
				}
			}
			if p.take("[") {
				list = append(list, p.nth(first)...)
				return true
			}
			plain.days = append(plain.days, first+1)
			return true
		})
		if !again {
			break
		}
		said = true
	}
	r.onlyPH = r.holidays && len(plain.days) == 0 && len(list) == 0
	switch {
	case !said:
		return []when{{days: []int{1, 2, 3, 4, 5, 6, 7}}}
	case len(plain.days) > 0:
		list = append(list, when{days: unique(plain.days)})
	}
	return list
}

func (p *parserOSM) wordIf(ok bool, words []string) (int, bool) {
	if !ok {
		return 0, false
	}
	return p.word(words...)
}

// nth reads "-1]" or "1,3]" after a weekday.
func (p *parserOSM) nth(day int) (list []when) {
	for {
		sign := 1
		if p.take("-") {
			sign = -1
		}
		n, ok := p.number(1, 1)
		if !ok || n < 1 || n > 5 {
			p.refuse("hours.osm")
			return nil
		}
		p.space()
		list = append(list, when{days: []int{day + 1}, only: []resources.Turn{
			{Context: resources.InMonth, Subject: resources.TurnWeekdays[day], Start: sign * n},
		}})
		if p.take("]") {
			return list
		}
		if !p.take(",") {
			p.refuse("hours.osm")
			return nil
		}
	}
}

// weeks reads "week 1-53/2" and "week 3,7".
func (p *parserOSM) weeks() (list [][]resources.Turn) {
	if _, ok := p.word("week"); !ok {
		return [][]resources.Turn{nil}
	}
	for {
		first, ok := p.number(1, 2)
		last, every := first, 1
		p.space()
		if ok && p.take("-") {
			last, ok = p.number(1, 2)
			p.space()
			if ok && p.take("/") {
				every, ok = p.number(1, 2)
				p.space()
			}
		}
		if !ok || first < 1 || last < first || last > 53 || every < 1 {
			p.refuse("hours.osm")
			return nil
		}
		list = append(list, weekTurns(first, last, every)...)
		if !p.maybe(func() bool {
			ok := p.take(",")
			return ok && p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' && !p.maybe(func() bool { _, ok := p.clock(); return ok })
		}) {
			return list
		}
	}
}

func weekTurns(first, last, every int) (list [][]resources.Turn) {
	week := resources.Turn{Context: resources.InYear, Subject: resources.CountWeeks}
	switch {
	case first == 1 && every == 1 && last == 53:
		return [][]resources.Turn{nil}
	case first <= 2 && every == 2 && last >= 52 && last-first >= 50:
		// the odd weeks end with 53, the even ones with 52
		if first == 2 || last == 53 {
			week.Parity = map[int]string{1: resources.Odd, 2: resources.Even}[first]
			return [][]resources.Turn{{week}}
		}
	case last == 53:
		week.Start, week.Every = first, every
		return [][]resources.Turn{{week}}
	}
	for n := first; n <= last; n += every {
		week.Start = n
		list = append(list, []resources.Turn{week})
	}
	return list
}

// unique keeps the first of each.
func unique(days []int) (list []int) {
	seen := [8]bool{}
	for day := 1; day <= 7; day++ {
		for _, d := range days {
			seen[d] = true
		}
		if seen[day] {
			list = append(list, day)
		}
	}
	return list
}

// spansOf are the spans of a rule on some days.
func (r ruleOSM) spansOf(w when, kind policies.HoursKind) (list []resources.WeekSpan) {
	times := r.spans
	if len(times) == 0 {
		times = []calendar.Span{{From: 0, To: calendar.DayMinutes}}
	}
	if r.off {
		kind = policies.Closed
	}
	for _, span := range times {
		list = append(list, resources.WeekSpan{
			Weekdays: w.days, From: span.From, To: span.To, Kind: kind, Only: w.only, Name: locales.Texts{Fi: r.comment},
		})
	}
	return list
}

// dates reads "2026 Jun 01-2026 Aug 31", "2026 Dec 24-26", "Jun-Aug", "2026".
func (p *parserOSM) dates() (list []when) {
	for p.bad == nil {
		more := p.maybe(func() bool {
			if len(list) > 0 && !p.take(",") {
				return false
			}
			found, ok := p.dateRange()
			list = append(list, found...)
			return ok
		})
		if !more {
			break
		}
	}
	if len(list) == 0 {
		return []when{{}}
	}
	return list
}

// moment is a year, a month and a day, each 0 where it is not said.
type moment struct{ year, month, day int }

func (p *parserOSM) moment() (m moment, ok bool) {
	m.year, ok = p.number(4, 4)
	p.space()
	month, named := p.word(monthNames...)
	if !named {
		return m, ok
	}
	m.month = month + 1
	p.maybe(func() bool {
		day, ok := p.number(1, 2)
		if !ok || day < 1 || day > 31 || p.at < len(p.text) && p.text[p.at] == ':' {
			return false
		}
		m.day = day
		p.space()
		return true
	})
	return m, true
}

func (p *parserOSM) dateRange() ([]when, bool) {
	begin := p.at
	from, ok := p.moment()
	if !ok {
		return nil, false
	}
	if p.take("+") {
		if from.year == 0 {
			p.at = begin
			p.refuse("hours.osm")
		}
		return []when{{from: p.firstDay(from, begin)}}, true
	}
	to, ranged := from, false
	p.maybe(func() bool {
		if !p.take("-") {
			return false
		}
		if day, ok := p.number(1, 2); ok && from.day > 0 && (p.at == len(p.text) || p.text[p.at] != ':') {
			to.day, ranged = day, true
			p.space()
			return true
		}
		next, ok := p.moment()
		if next.year == 0 {
			next.year = from.year
		}
		if ok {
			to, ranged = next, true
		}
		return ok
	})
	if ranged && ((from.month == 0) != (to.month == 0) || (from.day == 0) != (to.day == 0) || from.year == 0 && to.year != 0) {
		p.at = begin
		p.refuse("hours.osm")
	}
	if p.bad != nil {
		return nil, true
	}
	if from.year == 0 {
		return p.everyYear(from, to, begin), true
	}
	w := when{from: p.firstDay(from, begin), to: p.lastDay(to, begin)}
	if p.bad == nil && w.to.Before(w.from) {
		p.at = begin
		p.refuse("hours.osm")
	}
	return []when{w}, true
}

func (p *parserOSM) firstDay(m moment, begin int) calendar.Date {
	return p.existing(calendar.Date{Year: m.year, Month: time.Month(max(m.month, 1)), Day: max(m.day, 1)}, begin)
}

func (p *parserOSM) lastDay(m moment, begin int) calendar.Date {
	switch {
	case m.month == 0:
		return p.existing(calendar.Date{Year: m.year, Month: time.December, Day: 31}, begin)
	case m.day == 0:
		return p.firstDay(moment{m.year, m.month, 1}, begin).AddDays(27).AddDays(lastOf(m.year, m.month) - 28)
	}
	return p.firstDay(m, begin)
}

func lastOf(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (p *parserOSM) existing(d calendar.Date, begin int) calendar.Date {
	if !d.Valid() {
		p.at = begin
		p.refuse("hours.osm")
	}
	return d
}

// everyYear are months or days that come back each year.
func (p *parserOSM) everyYear(from, to moment, begin int) (list []when) {
	month := func(n int) resources.Turn {
		return resources.Turn{Context: resources.InYear, Subject: resources.CountMonths, Start: n}
	}
	if from.day == 0 {
		for n := from.month; ; n = n%12 + 1 {
			list = append(list, when{only: []resources.Turn{month(n)}})
			if n == to.month {
				return list
			}
		}
	}
	const leapYear = 2024
	day := p.firstDay(moment{leapYear, from.month, from.day}, begin)
	last := p.firstDay(moment{leapYear, to.month, to.day}, begin)
	for p.bad == nil && len(list) <= maxWhens {
		list = append(list, when{only: []resources.Turn{
			month(int(day.Month)), {Context: resources.InMonth, Subject: resources.CountDays, Start: day.Day},
		}})
		if day == last {
			return list
		}
		if day = day.AddDays(1); day.Year > leapYear {
			day.Year = leapYear
		}
	}
	return list
}
