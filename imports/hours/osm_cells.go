package hours

import (
	"slices"

	"vuoro/calendar"
	"vuoro/resources"
)

// osmCell is what rules can tell of a day of one weekday: its ISO week, and the
// how-manieth of its month it is, from the start (1 to 5) and from the end (-1
// to -5). Where no rule asks, it is 0.
type osmCell struct{ week, nth, fromEnd int }

func (c osmCell) isNth(list []int) bool {
	return slices.ContainsFunc(list, func(n int) bool { return n == everyNth || n == c.nth || n == c.fromEnd })
}

type cellSet map[osmCell]bool

// calendarDays is after how many days all kinds of days have come.
const calendarDays = 28*365 + 7

// cells are the kinds of days of a weekday that come in a piece. A weekday that
// does not come still has one, without week and number: it is what a holiday
// that counts as Sunday goes by.
func (p *osmParser) cells(piece osmPiece, weekday calendar.Weekday) cellSet {
	weeks, nth := false, false
	for _, i := range piece.rules {
		r := p.rules[i]
		weeks = weeks || r.weeks != nil
		nth = nth || r.days != nil && slices.ContainsFunc(r.days[weekday], func(n int) bool { return n != everyNth })
	}
	if !weeks && !nth {
		return cellSet{osmCell{}: true}
	}
	first, last := piece.from, piece.to
	switch {
	case first.IsZero() && last.IsZero():
		first = calendar.Date{Year: 2001, Month: 1, Day: 1}
	case first.IsZero():
		first = last.AddDays(1 - calendarDays)
	}
	if end := first.AddDays(calendarDays - 1); last.IsZero() || end.Before(last) {
		last = end
	}
	all := cellSet{}
	first = first.AddDays((int(weekday-first.Weekday()) + 7) % 7)
	for date := first; !date.After(last); date = date.AddDays(7) {
		var c osmCell
		if weeks {
			_, c.week = date.ISOWeek()
		}
		if nth {
			c.nth = (date.Day-1)/7 + 1
			monthEnd := osmDate{month: int(date.Month)}.last(date.Year)
			c.fromEnd = -((monthEnd.Day-date.Day)/7 + 1)
		}
		all[c] = true
	}
	if len(all) == 0 {
		all[osmCell{}] = true
	}
	return all
}

// turns are the turns that take just these of all cells, as alternatives.
func (s cellSet) turns(all cellSet, weekday calendar.Weekday) [][]resources.Turn {
	if len(s) == len(all) {
		return [][]resources.Turn{nil}
	}
	whole, everyWeek, partly := []int{}, []int{}, []int{}
	byWeek, allByWeek := map[int][]osmCell{}, map[int][]osmCell{}
	for c := range all {
		allByWeek[c.week] = append(allByWeek[c.week], c)
		if s[c] {
			byWeek[c.week] = append(byWeek[c.week], c)
		}
	}
	for week, cells := range allByWeek {
		everyWeek = append(everyWeek, week)
		switch len(byWeek[week]) {
		case 0:
		case len(cells):
			whole = append(whole, week)
		default:
			partly = append(partly, week)
		}
	}
	slices.Sort(whole)
	slices.Sort(everyWeek)
	slices.Sort(partly)
	list := weekTurns(whole, everyWeek)
	for _, week := range partly {
		for _, turns := range nthTurns(byWeek[week], allByWeek[week], weekday) {
			if week > 0 {
				turns = append(turns, resources.Turn{Context: resources.InYear, Subject: resources.CountWeeks, Start: week})
			}
			list = append(list, turns)
		}
	}
	return list
}

// weekTurns takes some of all weeks: odd or even ones, every so-manieth to the
// end of the year, or each by its number.
func weekTurns(weeks, all []int) (list [][]resources.Turn) {
	if len(weeks) == 0 {
		return nil
	}
	turn := resources.Turn{Context: resources.InYear, Subject: resources.CountWeeks}
	parity := turn
	parity.Parity = resources.Even
	if weeks[0]%2 == 1 {
		parity.Parity = resources.Odd
	}
	if slices.Equal(weeks, those(all, func(week int) bool { return week%2 == weeks[0]%2 })) {
		return [][]resources.Turn{{parity}}
	}
	if len(weeks) > 1 {
		turn.Start, turn.Every = weeks[0], weeks[1]-weeks[0]
		if slices.Equal(weeks, those(all, func(week int) bool { return week >= turn.Start && (week-turn.Start)%turn.Every == 0 })) {
			return [][]resources.Turn{{turn}}
		}
		turn.Every = 0
	}
	for _, week := range weeks {
		turn.Start = week
		list = append(list, []resources.Turn{turn})
	}
	return list
}

func those(all []int, takes func(int) bool) (list []int) {
	for _, n := range all {
		if takes(n) {
			list = append(list, n)
		}
	}
	return list
}

// nthTurns takes some of all cells of a week by their numbers in the month: all
// of one number from the start, of one from the end, or else both together.
func nthTurns(cells, all []osmCell, weekday calendar.Weekday) (list [][]resources.Turn) {
	turn := func(n int) resources.Turn {
		return resources.Turn{Context: resources.InMonth, Subject: resources.TurnWeekdays[weekday-1], Start: n}
	}
	left := slices.Clone(cells)
	for _, n := range []int{1, 2, 3, 4, 5, -1, -2, -3, -4, -5} {
		is := func(c osmCell) bool { return c.nth == n || c.fromEnd == n }
		strange := func(c osmCell) bool { return is(c) && !slices.Contains(cells, c) }
		if slices.ContainsFunc(left, is) && !slices.ContainsFunc(all, strange) {
			left = slices.DeleteFunc(left, is)
			list = append(list, []resources.Turn{turn(n)})
		}
	}
	slices.SortFunc(left, func(a, b osmCell) int { return a.nth*10 + a.fromEnd - b.nth*10 - b.fromEnd })
	for _, c := range left {
		list = append(list, []resources.Turn{turn(c.nth), turn(c.fromEnd)})
	}
	return list
}
