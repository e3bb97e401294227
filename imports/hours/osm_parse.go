package hours

import (
	"slices"
	"strconv"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
)

// osmParser reads the rules of a text, token by token.
type osmParser struct {
	text   string
	tokens []osmToken
	i      int
	opt    OSMOptions
	yearly bool // some date has no year
	ranges int  // how many ranges of dates there are
	rules  []osmRule
}

func (p *osmParser) peek() osmToken { return p.tokens[p.i] }

// ahead is the token n after the next one; after the last, the last.
func (p *osmParser) ahead(n int) osmToken { return p.tokens[min(p.i+n, len(p.tokens)-1)] }

func (p *osmParser) next() osmToken {
	token := p.peek()
	p.i = min(p.i+1, len(p.tokens)-1)
	return token
}

func (p *osmParser) accept(text string) bool {
	if p.peek().is(text) {
		p.next()
		return true
	}
	return false
}

func (p *osmParser) refuse(at int, code string, params ...fault.Params) *fault.Error {
	return refusedAt(p.text, at, code, params...)
}

// unread refuses the next token, by what is known of such.
func (p *osmParser) unread() *fault.Error {
	token := p.peek()
	switch {
	case token.sort == osmEnd:
		return p.refuse(token.at, "osm_end")
	case token.is("||"):
		return p.refuse(token.at, "osm_fallback")
	case token.is("+"):
		return p.refuse(token.at, "osm_open_end")
	case token.is("unknown"), token.sort == osmQuote:
		return p.refuse(token.at, "osm_unknown")
	case token.is("("), token.is("sunrise"), token.is("sunset"), token.is("dawn"), token.is("dusk"):
		return p.refuse(token.at, "osm_sun")
	}
	return p.refuse(token.at, "osm_unread", fault.Params{"value": token.text})
}

func (p *osmParser) parse() *fault.Error {
	additional := false
	for {
		if len(p.rules) == maxOSMRules {
			return p.refuse(p.peek().at, "osm_rules", fault.Params{"max": maxOSMRules})
		}
		rule := osmRule{at: p.peek().at, additional: additional}
		if err := p.rule(&rule); err != nil {
			return err
		}
		p.rules = append(p.rules, rule)
		switch {
		case p.peek().sort == osmEnd:
			return nil
		case p.accept(";"):
			if additional = false; p.peek().sort == osmEnd {
				return nil
			}
		case p.accept(","):
			additional = true
		default:
			return p.unread()
		}
	}
}

// rule reads selectors, times, a state and a comment, in this order. A comment
// without a state would mean that nobody knows.
func (p *osmParser) rule(r *osmRule) *fault.Error {
	start := p.i
	if p.peek().text == "24" && p.ahead(1).is("/") && p.ahead(2).text == "7" {
		p.i += 3
	} else {
		for _, part := range []func(*osmRule) *fault.Error{p.dates, p.weeks, p.colon, p.weekdays, p.times} {
			if err := part(r); err != nil {
				return err
			}
		}
	}
	r.off = p.accept("off") || p.accept("closed")
	said := r.off || p.accept("open")
	if p.i == start {
		return p.unread()
	}
	if said && p.peek().sort == osmQuote {
		r.name = p.next().text
	}
	return p.settle(r)
}

// settle refuses a rule whose parts do not go together.
func (p *osmParser) settle(r *osmRule) *fault.Error {
	if r.holidays && (!r.off || r.times != nil || r.dates != nil || r.weeks != nil) {
		return p.refuse(r.at, "osm_holidays")
	}
	for _, span := range r.times {
		if r.off && span.To > calendar.DayMinutes {
			return p.refuse(r.at, "osm_off_night")
		}
	}
	return nil
}

// colon passes the ":" that may stand after dates and weeks.
func (p *osmParser) colon(r *osmRule) *fault.Error {
	if r.dates != nil || r.weeks != nil {
		p.accept(":")
	}
	return nil
}

// weeks reads "week 1-10,20-30/2".
func (p *osmParser) weeks(r *osmRule) *fault.Error {
	if !p.accept("week") {
		return nil
	}
	r.weeks = make([]bool, 54)
	for {
		at := p.peek().at
		first, ok := p.number(1, 53)
		last, every := first, 1
		if ok && p.accept("-") {
			last, ok = p.number(first, 53)
			if ok && p.accept("/") {
				every, ok = p.number(2, 26)
			}
		}
		if !ok {
			return p.refuse(at, "osm_week")
		}
		for week := first; week <= last; week += every {
			r.weeks[week] = true
		}
		if !p.peek().is(",") || p.ahead(1).sort != osmNumber || len(p.ahead(1).text) > 2 {
			return nil
		}
		p.next()
	}
}

// number reads a number of one or two digits within bounds.
func (p *osmParser) number(low, high int) (int, bool) {
	token := p.peek()
	n, err := strconv.Atoi(token.text)
	if token.sort != osmNumber || len(token.text) > 2 || err != nil || n < low || n > high {
		return 0, false
	}
	p.next()
	return n, true
}

// weekdays reads "Mo-Fr,Su", "Sa[-1]", "SH Mo-Fr", "PH".
func (p *osmParser) weekdays(r *osmRule) *fault.Error {
	if !p.isDay(p.peek()) {
		return nil
	}
	at, holidays := p.peek().at, false
	for {
		switch token := p.peek(); {
		case p.accept("PH"):
			holidays = true
		case p.accept("SH"):
			if r.school || r.days != nil {
				return p.refuse(token.at, "osm_school")
			}
			r.school = true
			if resources.ParseDay(p.peek().text) > 0 && p.isDay(p.peek()) && !holidays {
				continue // SH Mo-Fr: on these days of the breaks
			}
		default:
			if r.school && r.days == nil && p.tokens[p.i-1].is(",") {
				return p.refuse(token.at, "osm_school")
			}
			if err := p.dayRange(r); err != nil {
				return err
			}
		}
		if !p.peek().is(",") || !p.isDay(p.ahead(1)) {
			break
		}
		p.next()
	}
	r.holidays = holidays
	r.onlyPH = holidays && r.days == nil && !r.school
	if p.isDay(p.peek()) {
		return p.refuse(at, "osm_unread", fault.Params{"value": p.peek().text})
	}
	return nil
}

var osmDays = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "SH"}

func (p *osmParser) isDay(token osmToken) bool { return slices.ContainsFunc(osmDays, token.is) }

func (p *osmParser) dayRange(r *osmRule) *fault.Error {
	first, last := p.next(), osmToken{}
	from := resources.ParseDay(first.text)
	to := from
	if p.accept("-") {
		last = p.peek()
		if !p.isDay(last) || resources.ParseDay(last.text) == 0 {
			return p.unread()
		}
		to = resources.ParseDay(p.next().text)
	}
	if r.days == nil {
		r.days = &[8][]int{}
	}
	nth := []int{everyNth}
	if p.peek().is("[") {
		if last.text != "" {
			return p.unread()
		}
		var ok bool
		if nth, ok = p.nth(); !ok {
			return p.refuse(p.peek().at, "osm_nth")
		}
	}
	for day := from; ; day = day%7 + 1 {
		r.days[day] = append(r.days[day], nth...)
		if day == to {
			return nil
		}
	}
}

// nth reads "[1,3]", "[1-2]", "[-1]".
func (p *osmParser) nth() (list []int, ok bool) {
	p.next()
	for {
		sign := 1
		if p.accept("-") {
			sign = -1
		}
		first, ok := p.number(1, 5)
		last := first
		if ok && sign > 0 && p.accept("-") {
			last, ok = p.number(first, 5)
		}
		if !ok {
			return nil, false
		}
		for n := first; n <= last; n++ {
			list = append(list, sign*n)
		}
		if p.accept("]") {
			return list, true
		}
		if !p.accept(",") {
			return nil, false
		}
	}
}

// times reads "10:00-12:00,13-26".
func (p *osmParser) times(r *osmRule) *fault.Error {
	if t := p.peek(); t.sort != osmClock && (t.sort != osmNumber || len(t.text) > 2) {
		if t.is("(") || t.sort == osmWord && slices.ContainsFunc([]string{"sunrise", "sunset", "dawn", "dusk"}, t.is) {
			return p.unread()
		}
		return nil
	}
	for {
		span, err := p.span()
		if err != nil {
			return err
		}
		r.times = append(r.times, span)
		if after := p.ahead(1); !p.peek().is(",") || after.sort != osmClock && (after.sort != osmNumber || len(after.text) > 2) {
			return nil
		}
		p.next()
	}
}

func (p *osmParser) span() (span calendar.Span, err *fault.Error) {
	at := p.peek().at
	from, ok := resources.ParseClock(p.next().text)
	if ok && p.peek().is("+") {
		return span, p.unread()
	}
	if ok && !p.peek().is("-") {
		return span, p.refuse(at, "osm_point")
	}
	p.next()
	end := p.peek()
	if end.sort != osmClock && end.sort != osmNumber {
		return span, p.unread()
	}
	to, toOK := resources.ParseClock(p.next().text)
	if p.peek().is("+") {
		return span, p.unread()
	}
	if p.peek().is("/") {
		return span, p.refuse(at, "osm_point")
	}
	if to <= from {
		to += calendar.DayMinutes
	}
	span = calendar.Span{From: from, To: to}
	if !ok || !toOK || !span.Valid() || span.Minutes() > int(calendar.DayMinutes) {
		return span, p.refuse(at, "osm_time")
	}
	return span, nil
}
