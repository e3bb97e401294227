package hours

import (
	"cmp"
	"fmt"
	"slices"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// resolve works the rules out: it cuts time where dates begin and end, and makes
// one period of each piece, two where school breaks differ.
func (p *osmParser) resolve() ([]resources.Period, *fault.Error) {
	var periods []resources.Period
	for _, piece := range p.pieces() {
		byTime := map[string][]resources.WeekSpan{}
		for _, school := range []string{resources.SchoolTerm, resources.SchoolBreak} {
			spans, err := p.week(piece, school == resources.SchoolBreak)
			if err != nil {
				return nil, err
			}
			byTime[school] = spans
		}
		if resources.WriteSpans(byTime[resources.SchoolTerm]) == resources.WriteSpans(byTime[resources.SchoolBreak]) {
			byTime = map[string][]resources.WeekSpan{"": byTime[resources.SchoolTerm]}
		}
		for _, school := range []string{"", resources.SchoolTerm, resources.SchoolBreak} {
			if spans := byTime[school]; len(spans) > 0 {
				periods = append(periods, piece.period(school, spans))
			}
		}
	}
	return periods, nil
}

func (piece osmPiece) period(school string, spans []resources.WeekSpan) resources.Period {
	period := resources.Period{School: school, Spans: db.AsJSON(spans)}
	if from := piece.from; !from.IsZero() {
		period.ValidFrom = &from
	}
	if to := piece.to; !to.IsZero() {
		period.ValidTo = &to
	}
	return period
}

// osmPiece is days on which the dates of the same rules hold.
type osmPiece struct {
	dateRange
	rules []int // that hold, in their order
}

func (p *osmParser) pieces() []osmPiece {
	window := p.window()
	begins := []calendar.Date{window.from}
	for _, r := range p.rules {
		for _, d := range r.dates {
			if !d.from.IsZero() {
				begins = append(begins, d.from)
			}
			if !d.to.IsZero() {
				begins = append(begins, d.to.AddDays(1))
			}
		}
	}
	slices.SortFunc(begins, calendar.Date.Compare)
	begins = slices.Compact(begins)
	var pieces []osmPiece
	for i, from := range begins {
		days := dateRange{from: from}
		if i+1 < len(begins) {
			days.to = begins[i+1].AddDays(-1)
		}
		days, ok := days.clip(window)
		if !ok {
			continue
		}
		piece := osmPiece{dateRange: days}
		for j, r := range p.rules {
			if r.dates == nil && !r.onlyPH || slices.ContainsFunc(r.dates, func(d dateRange) bool { return d.covers(days) }) {
				piece.rules = append(piece.rules, j)
			}
		}
		if n := len(pieces); n > 0 && slices.Equal(pieces[n-1].rules, piece.rules) {
			pieces[n-1].to = piece.to
			continue
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

// osmSpan is hours of a day; text is the comment.
type osmSpan struct {
	calendar.Span
	text string
}

// week resolves a piece into spans of the week, with turns where weeks or
// how-manieth weekdays differ.
func (p *osmParser) week(piece osmPiece, schoolBreak bool) ([]resources.WeekSpan, *fault.Error) {
	groups := map[string]*resources.WeekSpan{}
	for weekday := calendar.Monday; weekday <= calendar.Sunday; weekday++ {
		all := p.cells(piece, weekday)
		taken := map[osmSpan]cellSet{}
		for cell := range all {
			spans, err := p.day(piece, schoolBreak, weekday, cell)
			if err != nil {
				return nil, err
			}
			for _, span := range spans {
				if taken[span] == nil {
					taken[span] = cellSet{}
				}
				taken[span][cell] = true
			}
		}
		for span, cells := range taken {
			for _, only := range cells.turns(all, weekday) {
				key := fmt.Sprint(span, only)
				if groups[key] == nil {
					groups[key] = &resources.WeekSpan{From: span.From, To: span.To, Kind: p.opt.Kind, Only: only, Name: locales.Texts{Fi: span.text}}
				}
				groups[key].Weekdays = append(groups[key].Weekdays, int(weekday))
			}
		}
	}
	list := []resources.WeekSpan{}
	for _, span := range groups {
		list = append(list, *span)
	}
	slices.SortFunc(list, func(a, b resources.WeekSpan) int {
		return cmp.Or(slices.Compare(a.Weekdays, b.Weekdays), cmp.Compare(a.From, b.From), cmp.Compare(a.String(), b.String()))
	})
	return list, nil
}

// day resolves one kind of day by the rules in their order.
func (p *osmParser) day(piece osmPiece, schoolBreak bool, weekday calendar.Weekday, cell osmCell) ([]osmSpan, *fault.Error) {
	var open []osmSpan
	for _, i := range piece.rules {
		r := &p.rules[i]
		if r.school && !schoolBreak || r.weeks != nil && !r.weeks[cell.week] || r.days != nil && !cell.isNth(r.days[weekday]) {
			continue
		}
		times := r.times
		if times == nil {
			times = []calendar.Span{{To: calendar.DayMinutes}}
		}
		switch {
		case r.off && r.times == nil:
			open = nil
		case r.off:
			for _, span := range times {
				open = cutOut(open, span)
			}
		default:
			if r.overrides() {
				open = nil
			}
			for _, span := range times {
				open = append(open, osmSpan{span, r.name})
			}
		}
		for _, span := range open {
			if span.From >= calendar.DayMinutes {
				return nil, p.refuse(r.at, "osm_off_night")
			}
		}
	}
	return united(open), nil
}

func cutOut(open []osmSpan, off calendar.Span) []osmSpan {
	var left []osmSpan
	for _, span := range open {
		before, after := span, span
		before.To, after.From = min(span.To, off.From), max(span.From, off.To)
		for _, part := range []osmSpan{before, after} {
			if part.From < part.To {
				left = append(left, part)
			}
		}
	}
	return left
}

// united joins hours of one name that meet, as long as one span may be.
func united(open []osmSpan) []osmSpan {
	slices.SortFunc(open, func(a, b osmSpan) int {
		return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var list []osmSpan
	for _, span := range open {
		if n := len(list); n > 0 && list[n-1].text == span.text && span.From <= list[n-1].To && span.To-list[n-1].From <= calendar.DayMinutes {
			list[n-1].To = max(list[n-1].To, span.To)
			continue
		}
		list = append(list, span)
	}
	return list
}
