package hours

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// maxSentence is how long a plain text may be, in bytes.
const maxSentence = 2000

// Words of plain texts in the three languages, in small letters.
var (
	dayWords    = weekdayWords()
	manyDays    = map[string]string{"arkisin": "Mo-Fr", "vardagar": "Mo-Fr", "weekdays": "Mo-Fr", "viikonloppuisin": "Sa,Su", "veckoslut": "Sa,Su", "weekends": "Sa,Su", "päivittäin": "Mo-Su", "dagligen": "Mo-Su", "daily": "Mo-Su"}
	everyDay    = [][2]string{{"joka", "päivä"}, {"varje", "dag"}, {"every", "day"}}
	closedWords = []string{"suljettu", "kiinni", "stängt", "closed"}
	idleWords   = []string{"avoinna", "auki", "öppet", "open", "klo", "kl", "kello"}
	joinWords   = []string{"ja", "sekä", "och", "samt", "and"}
	nthWords    = map[string]int{
		"ensimmäisenä": 1, "toisena": 2, "kolmantena": 3, "neljäntenä": 4, "viimeisenä": -1,
		"första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "sista": -1,
		"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1,
	}
)

func weekdayWords() map[string]int {
	words := map[string]int{}
	for day, forms := range []string{
		"ma må mån mon", "ti tis tue tues", "ke on ons wed", "to tor tors thu thur thurs", "pe fr fre fri", "la lö lör sat", "su sö sön sun",
	} {
		for _, form := range strings.Fields(forms) {
			words[form] = day + 1
		}
	}
	endings := map[string][]string{"fi": {"", "sin", "na"}, "sv": {"", "ar", "en"}, "en": {"", "s"}}
	for lang, stems := range map[string]string{
		"fi": "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
		"sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
		"en": "monday tuesday wednesday thursday friday saturday sunday",
	} {
		for day, stem := range strings.Fields(stems) {
			for _, ending := range endings[lang] {
				words[stem+ending] = day + 1
			}
		}
	}
	words["keskiviikkoisin"] = 3
	return words
}

// ParseText reads hours as people write them in Finnish, Swedish or English:
// "ma–pe 8–16, la suljettu", "tisdagar kl 10–12 och 14–16", "8.12.2026 klo
// 8–16". Days or dates come before their times. Only what has one meaning is
// read; anything else is Invalid, a field "line:column" with a code
// hours_file.text_….
func ParseText(text string, kind policies.HoursKind) (Schedule, error) {
	if len(text) > maxSentence {
		return Schedule{}, refusedAt(text, maxSentence, "text_long", fault.Params{"max": maxSentence})
	}
	lines := strings.ReplaceAll(strings.ToLower(text), "\n", ";")
	if len(lines) != len(text) || !utf8.ValidString(text) {
		return Schedule{}, refusedAt(text, 0, "text_unread", fault.Params{"value": text})
	}
	r := textReader{osmParser: osmParser{text: text, tokens: lexOSM(lines)}}
	if err := r.read(); err != nil {
		return Schedule{}, err
	}
	s, err := ParseOSM(strings.Join(append(r.weekly, r.dated...), "; "), OSMOptions{Kind: kind})
	if err != nil {
		return Schedule{}, fault.InvalidField("1:1", fault.As(err).Fields[0].Code, fault.As(err).Fields[0].Params)
	}
	return s, nil
}

// textReader turns clauses into rules of opening_hours, those of dates last,
// since they override the week. The words are read from the osmParser's tokens.
type textReader struct {
	osmParser
	weekly, dated []string
	seen          []int // weekdays that have their hours
}

func (r *textReader) read() *fault.Error {
	for {
		r.skip(idleWords)
		if r.peek().sort == osmEnd && len(r.weekly)+len(r.dated) > 0 {
			return nil
		}
		if err := r.clause(); err != nil {
			return err
		}
		if token := r.peek(); token.sort == osmEnd {
			return nil
		}
		if !r.separator() {
			return r.strange()
		}
	}
}

func (r *textReader) strange() *fault.Error {
	value := r.peek().text
	if value == "" {
		return r.refuse(r.peek().at, "text_days")
	}
	return r.refuse(r.peek().at, "text_unread", fault.Params{"value": value})
}

func (r *textReader) skip(words []string) (skipped bool) {
	for slices.Contains(words, r.peek().text) {
		r.next()
		skipped = true
	}
	return skipped
}

// separator passes what stands between clauses and between days.
func (r *textReader) separator() bool {
	marks := r.skip([]string{",", ";", "."})
	return r.skip(joinWords) || marks
}

// clause reads "ma–pe klo 8–12, 13–16", "la suljettu", "suljettu la".
func (r *textReader) clause() *fault.Error {
	at := r.peek().at
	closed := r.skip(closedWords)
	days, dated, err := r.when()
	if err != nil {
		return err
	}
	if !closed {
		r.skip(idleWords)
		closed = r.skip(closedWords)
	}
	hours := "off"
	if !closed {
		if hours, err = r.hours(at); err != nil {
			return err
		}
	}
	if dated {
		r.dated = append(r.dated, days+" "+hours)
	} else {
		r.weekly = append(r.weekly, days+" "+hours)
	}
	return nil
}

// when reads the days or the date of a clause.
func (r *textReader) when() (days string, dated bool, err *fault.Error) {
	first, second := r.peek(), r.ahead(1)
	if date, ok, err := r.date(); ok || err != nil {
		return date, true, err
	}
	if days := manyDays[first.text]; days != "" {
		r.next()
		list, _ := resources.ParseDays(days)
		return days, false, r.once(first.at, list)
	}
	if slices.Contains(everyDay, [2]string{first.text, second.text}) {
		r.i += 2
		return "Mo-Su", false, r.once(first.at, []int{1, 2, 3, 4, 5, 6, 7})
	}
	if first.text == "kuukauden" {
		r.next()
		nth, day := nthWords[r.peek().text], dayWords[r.ahead(1).text]
		if nth == 0 || day == 0 {
			return "", false, r.strange()
		}
		r.i += 2
		return fmt.Sprintf("%s[%d]", resources.WriteDays([]int{day}), nth), false, r.once(first.at, []int{day})
	}
	list, err := r.weekdayList()
	if err != nil {
		return "", false, err
	}
	return resources.WriteDays(list), false, r.once(first.at, list)
}

// weekdayList reads "ma, ke ja pe–su".
func (r *textReader) weekdayList() (list []int, err *fault.Error) {
	for {
		from := dayWords[r.peek().text]
		if from == 0 {
			return nil, r.strange()
		}
		r.next()
		to := from
		if r.accept("-") {
			if to = dayWords[r.peek().text]; to == 0 {
				return nil, r.strange()
			}
			r.next()
		}
		for day := from; ; day = day%7 + 1 {
			list = append(list, day)
			if day == to {
				break
			}
		}
		before := r.i
		if !r.separator() {
			return list, nil
		}
		if dayWords[r.peek().text] == 0 {
			r.i = before
			return list, nil
		}
	}
}

// once refuses days that have their hours already.
func (r *textReader) once(at int, list []int) *fault.Error {
	for _, day := range list {
		if slices.Contains(r.seen, day) {
			return r.refuse(at, "text_twice")
		}
		r.seen = append(r.seen, day)
	}
	return nil
}

// date reads "8.12.2026".
func (r *textReader) date() (text string, ok bool, err *fault.Error) {
	tokens := 1
	written := r.peek().text
	if r.peek().sort == osmNumber && r.ahead(1).is(".") && r.ahead(2).sort == osmNumber {
		written, tokens = written+"."+r.ahead(2).text, 3
	}
	if !r.ahead(tokens).is(".") || r.ahead(tokens+1).sort != osmNumber {
		return "", false, nil
	}
	at := r.peek().at
	var d [3]int
	for i, part := range strings.Split(written+"."+r.ahead(tokens+1).text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || i > 2 {
			return "", false, r.strange()
		}
		d[i] = n
	}
	date, dateErr := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", d[2], d[1], d[0]))
	if dateErr != nil || date.Year < firstOSMYear || date.Year > lastOSMYear {
		return "", false, r.refuse(at, "text_unread", fault.Params{"value": written})
	}
	r.i += tokens + 2
	return osmDay(date), true, nil
}

// hours reads "klo 8–12, 13–16".
func (r *textReader) hours(clause int) (string, *fault.Error) {
	var list []string
	for {
		r.skip(idleWords)
		at, begin := r.peek().at, r.peek()
		from, ok := resources.ParseClock(begin.text)
		if begin.sort != osmNumber && begin.sort != osmClock {
			if begin.sort == osmEnd {
				return "", r.refuse(clause, "text_times")
			}
			return "", r.strange()
		}
		r.next()
		if !ok || !r.accept("-") {
			return "", r.refuse(at, "text_unread", fault.Params{"value": begin.text})
		}
		end := r.peek()
		to, ok := resources.ParseClock(end.text)
		if !ok {
			return "", r.refuse(at, "text_open_end")
		}
		r.next()
		if twelveHours(begin.text, from, to) {
			return "", r.refuse(at, "text_unread", fault.Params{"value": begin.text + "-" + end.text})
		}
		list = append(list, from.String()+"-"+to.String())
		before := r.i
		if !r.separator() || !r.timesFollow() {
			r.i = before
			return strings.Join(list, ","), nil
		}
	}
}

// twelveHours tells whether times may be counted to twelve: "1–5", "9–5".
func twelveHours(begin string, from, to calendar.Minute) bool {
	const fromNoon, morning = 15 * 60, 5 * 60
	return to <= from && from < fromNoon || from < morning && !strings.HasPrefix(begin, "0")
}

func (r *textReader) timesFollow() bool {
	before := r.i
	r.skip(idleWords)
	token := r.peek()
	follow := (token.sort == osmNumber || token.sort == osmClock) && r.ahead(1).is("-")
	r.i = before
	return follow
}
