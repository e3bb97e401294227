package booking

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
)

// FirstQuery asks for the first free time of rooms. From zero = today, To zero
// = as far as one may look, two years; both local dates, included. TimeFrom and
// TimeTo bound the time of day in local minutes (TimeTo 0 = open end), and the
// whole time lies between them. Minutes nil = each room's shortest.
type FirstQuery struct {
	From, To         calendar.Date
	TimeFrom, TimeTo calendar.Minute
	Minutes          *int
}

// First is a room's first free time; zero when there is none. Closed tells why
// there is none: nothing on the asked dates is open for booking, whoever has
// booked what.
type First struct {
	Place resources.Place
	calendar.Interval
	Closed bool
}

const (
	shortestAsked = 15 // minutes
	yearsAhead    = 2
)

// FirstFree lists the rooms of a filter, best first, each with its first free
// time. It takes a constant number of queries. Invalid: a date before today or
// more than two years ahead, an end before its begin, less than 15 minutes.
func (s *Service) FirstFree(ctx context.Context, actor accounts.Actor, filter resources.Filter, query FirstQuery) ([]First, error) {
	if err := query.check(s.Now(), s.Zone); err != nil {
		return nil, err
	}
	places, err := s.Resources.Places(ctx, s.DB, filter)
	if err != nil {
		return nil, err
	}
	return s.scan(actor).firsts(ctx, places, query)
}

// FirstFreeOf is FirstFree of places that were read already, in their order.
func (s *Service) FirstFreeOf(ctx context.Context, actor accounts.Actor, places []resources.Place, query FirstQuery) ([]First, error) {
	if err := query.check(s.Now(), s.Zone); err != nil {
		return nil, err
	}
	return s.scan(actor).firsts(ctx, places, query)
}

func (q FirstQuery) check(now time.Time, zone *time.Location) error {
	today, last := lookAhead(now, zone)
	q = q.within(today, last)
	switch {
	case q.From.Before(today):
		return fault.InvalidField("from", "search.past", fault.Params{"earliest": today})
	case q.To.Before(q.From):
		return fault.InvalidField("to", "search.range")
	case q.To.After(last):
		return fault.InvalidField("to", "search.too_far", fault.Params{"latest": last})
	case q.TimeTo != 0 && q.TimeTo <= q.TimeFrom:
		return fault.InvalidField("time_to", "search.end_before_begin")
	case q.Minutes != nil && (*q.Minutes < shortestAsked || *q.Minutes > calendarDay):
		return fault.InvalidField("minutes", "search.minutes_first", fault.Params{"min": shortestAsked, "max": calendarDay})
	}
	return nil
}

// lookAhead are the first and the last date that a search may look at.
func lookAhead(now time.Time, zone *time.Location) (today, last calendar.Date) {
	today = calendar.DateOf(now, zone)
	last = calendar.Date{Year: today.Year + yearsAhead, Month: today.Month, Day: today.Day}
	if !last.Valid() { // 29 February
		last.Day--
	}
	return today, last
}

func (q FirstQuery) within(today, last calendar.Date) FirstQuery {
	if q.From.IsZero() {
		q.From = today
	}
	if q.To.IsZero() {
		q.To = last
	}
	return q
}

// firstParts are how many days are looked at together: most rooms are free
// soon, and only the others are looked at further on.
var firstParts = []int{2, 12, 46, 180, 500}

func (sc *scan) firsts(ctx context.Context, places []resources.Place, q FirstQuery) ([]First, error) {
	q = q.within(lookAhead(sc.now, sc.Zone))
	firsts := make([]First, len(places))
	pending := make([]int, len(places))
	for i, place := range places {
		firsts[i], pending[i] = First{Place: place, Closed: true}, i
	}
	for _, days := range firstParts {
		if len(pending) == 0 || q.From.After(q.To) {
			break
		}
		part := q
		if to := q.From.AddDays(days - 1); to.Before(q.To) {
			part.To = to
		}
		left, err := sc.firstsIn(ctx, firsts, pending, part)
		if err != nil {
			return nil, err
		}
		pending, q.From = left, part.To.AddDays(1)
	}
	return firsts, nil
}

// firstsIn looks for the first times of the pending rooms on the dates of the
// query, and tells which are pending still.
func (sc *scan) firstsIn(ctx context.Context, firsts []First, pending []int, q FirstQuery) (left []int, err error) {
	places := make([]resources.Place, len(pending))
	for n, i := range pending {
		places[n] = firsts[i].Place
	}
	window := Window{From: q.From, To: q.To}
	if q.Minutes != nil {
		window.Minutes = *q.Minutes
	}
	views, err := sc.views(ctx, places, window)
	if err != nil {
		return nil, err
	}
	between := Query{From: q.TimeFrom, To: q.TimeTo}
	for n, i := range pending {
		first, open := sc.first(views[n], between)
		firsts[i].Interval, firsts[i].Closed = first, firsts[i].Closed && !open
		if first.Begin.IsZero() && !views[n].ends() {
			left = append(left, i)
		}
	}
	return left, nil
}

// first is the first start between the hours; open tells whether the place has
// any at all when nobody has booked and no lead time is asked.
func (sc *scan) first(v *view, between Query) (first calendar.Interval, open bool) {
	for start := range v.starts() {
		if between.holds(start, sc.Zone) {
			return start, true
		}
	}
	for asked := range v.grid.All(v.sieve.Spans()) {
		if !asked.Begin.Before(v.until) {
			break
		}
		if between.holds(asked, sc.Zone) && v.sieve.Open(asked) {
			return first, true
		}
	}
	return first, false
}

// ends tells whether nothing later than the view can be booked now.
func (v *view) ends() bool { return v.sieve.EndsBefore(v.until) }

// addNext fills in the first free times of the rooms with these indexes.
func (sc *scan) addNext(ctx context.Context, rooms []FreeRoom, at []int, query Query) error {
	places := make([]resources.Place, len(at))
	for i, room := range at {
		places[i] = rooms[room].Place
	}
	asked := FirstQuery{}
	if query.Minutes >= shortestAsked {
		asked.Minutes = &query.Minutes
	}
	firsts, err := sc.firsts(ctx, places, asked)
	for i := range firsts {
		rooms[at[i]].Next = firsts[i].Interval
	}
	return err
}
