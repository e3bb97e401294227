package booking

import (
	"cmp"
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// Query is a search for rooms that are free. Date zero = today; with Until any
// day from Date to it, both included. From and To bound the time of day in
// local minutes (To 0 = open end); Minutes is the wanted length (0 = each
// room's shortest).
type Query struct {
	resources.Filter
	Date    calendar.Date
	Until   calendar.Date // zero = Date alone; at most 92 days in all
	From    calendar.Minute
	To      calendar.Minute
	Minutes int
	FreeNow bool // bookable from now, at the latest at the next step of the raster
	Any     bool // list rooms without a free time as well
	Sort    Sort
}

// Sort is an order of rooms. Rooms without a free time come last in each.
type Sort string

// The orders: by first free time (also ""), by distance from Near, or the best
// match and then by unit and name. Nearest without a point is Soonest, and of
// rooms that are free now Soonest means those first that are so the longest.
const (
	Soonest Sort = "soonest"
	Nearest Sort = "nearest"
	ByName  Sort = "name"
)

// The evening of "tonight", local time.
const (
	TonightFrom calendar.Minute = 17 * 60
	TonightTo   calendar.Minute = 22 * 60
)

// FreeRoom is one room in a search's answer, with its free starts between the
// asked hours and, when it is free now, until when. Of a range longer than a
// week the starts are those of its first part that has any. Of its Outlook the
// Starts are the free ones only.
type FreeRoom struct {
	Outlook
	Metres     float64 // from Filter.Near; negative = not known
	FreeStarts []calendar.Interval
	FreeUntil  time.Time         // zero = not free now
	Next       calendar.Interval // first free time of all, where the search found it out
}

// Search lists the visible rooms that match, in the order of query.Sort. It
// takes a constant number of queries.
func (s *Service) Search(ctx context.Context, actor accounts.Actor, query Query) ([]FreeRoom, error) {
	found, err := s.find(ctx, actor, query, s.Resources.Answers)
	return found.Rooms, err
}

// lister reads the candidates of a search.
type lister func(context.Context, *db.DB, resources.Filter) ([]resources.Candidate, error)

func (s *Service) find(ctx context.Context, actor accounts.Actor, query Query, list lister) (Found, error) {
	sc := s.scan(actor)
	query, err := sc.complete(query)
	if err != nil {
		return Found{}, err
	}
	candidates, err := list(ctx, s.DB, query.Filter)
	if err != nil {
		return Found{}, err
	}
	all, err := sc.free(ctx, candidates, query)
	if err != nil {
		return Found{}, err
	}
	found := Found{query: query, candidates: candidates, all: all}
	var answers []int
	for i := range candidates {
		if candidates[i].Answers() && (query.Any || len(all[i].FreeStarts) > 0) {
			answers = append(answers, i)
		}
	}
	if query.Any && query.Sort == Soonest {
		err = sc.addNext(ctx, all, answers, query)
	}
	found.Rooms = sorted(all, answers, query.order())
	return found, err
}

// sorted picks rooms and orders them by way of their indexes: a room is large to
// move about.
func sorted(rooms []FreeRoom, at []int, order func(a, b *FreeRoom) int) []FreeRoom {
	slices.SortStableFunc(at, func(a, b int) int { return order(&rooms[a], &rooms[b]) })
	if len(at) == 0 {
		return nil
	}
	list := make([]FreeRoom, len(at))
	for i, from := range at {
		list[i] = rooms[from]
	}
	return list
}

// complete checks a query and sets what it leaves out.
func (sc *scan) complete(q Query) (Query, error) {
	if q.Date.IsZero() || q.FreeNow {
		q.Date = calendar.DateOf(sc.now, sc.Zone)
	}
	if q.Until.IsZero() || q.FreeNow {
		q.Until = q.Date
	}
	switch days := q.Date.DaysUntil(q.Until) + 1; {
	case q.To != 0 && q.To <= q.From:
		return q, fault.InvalidField("to", "search.range")
	case days < 1:
		return q, fault.InvalidField("until", "search.range")
	case days > maxWindow:
		return q, fault.InvalidField("until", "search.too_many_days", fault.Params{"max": maxWindow})
	case q.Minutes < 0 || q.Minutes > calendarDay:
		return q, fault.InvalidField("minutes", "booking.bad_duration")
	}
	q.At = later(sc.now, calendar.FirstFrom(q.Date, q.From, sc.Zone))
	return q, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// searchParts are how many days of a range are looked at together; only rooms
// without a free time in one part are looked at in the next.
var searchParts = []int{7, 21, maxWindow}

// free finds the free starts of all candidates. Of those that are no answers it
// finds the first one only, which tells whether there is any; where rooms count
// without a free time as well, they are not looked at.
func (sc *scan) free(ctx context.Context, candidates []resources.Candidate, query Query) ([]FreeRoom, error) {
	rooms := make([]FreeRoom, len(candidates))
	pending := make([]int, 0, len(candidates))
	for i := range candidates {
		if !query.Any || candidates[i].Answers() {
			pending = append(pending, i)
		}
	}
	from := query.Date
	for _, days := range searchParts {
		if len(pending) == 0 || from.After(query.Until) {
			break
		}
		to := from.AddDays(days - 1)
		if to.After(query.Until) {
			to = query.Until
		}
		places := make([]resources.Place, len(pending))
		for n, i := range pending {
			places[n] = candidates[i].Place
		}
		views, err := sc.views(ctx, places, Window{From: from, To: to, Minutes: query.Minutes})
		if err != nil {
			return nil, err
		}
		var left []int
		for n, i := range pending {
			rooms[i] = sc.freeRoom(views[n], query, candidates[i].Answers())
			rooms[i].Metres = candidates[i].Metres
			if len(rooms[i].FreeStarts) == 0 {
				left = append(left, i)
			}
		}
		pending, from = left, to.AddDays(1)
	}
	return rooms, nil
}

// freeRoom are the free starts of a view between the asked hours, or the first
// of them.
func (sc *scan) freeRoom(v *view, query Query, all bool) FreeRoom {
	room := FreeRoom{Outlook: v.Outlook}
	limit := sc.now.Add(time.Duration(v.Place.Resource.Raster) * time.Minute)
	sc.starts, sc.freeStarts = sc.starts[:0], sc.freeStarts[:0]
	for start := range v.starts() {
		sc.starts = append(sc.starts, Start{Interval: start, Free: true})
		if query.holds(start, sc.Zone) && !(query.FreeNow && start.Begin.After(limit)) {
			sc.freeStarts = append(sc.freeStarts, start)
			if !all {
				break
			}
		}
	}
	room.Starts = append(room.Starts, sc.starts...)
	room.FreeStarts = append(room.FreeStarts, sc.freeStarts...)
	if len(room.FreeStarts) > 0 && !room.FreeStarts[0].Begin.After(limit) {
		room.FreeUntil = gapEnd(v.Free, sc.now, room.FreeStarts[0].Begin)
	}
	return room
}

// holds tells whether a time lies between the asked hours of its day.
func (q Query) holds(asked calendar.Interval, zone *time.Location) bool {
	if q.From == 0 && q.To == 0 {
		return true
	}
	date, begin := calendar.WallOf(asked.Begin, zone)
	endDate, end := calendar.WallOf(asked.End, zone)
	end += calendar.Minute(date.DaysUntil(endDate) * calendarDay)
	return begin >= q.From && (q.To == 0 || end <= q.To)
}

// gapEnd is the end of the gap that holds both times, or zero.
func gapEnd(free []calendar.Interval, now, begin time.Time) time.Time {
	for _, gap := range free {
		if gap.Holds(now) && gap.Holds(begin) {
			return gap.End
		}
	}
	return time.Time{}
}

func (q Query) order() func(a, b *FreeRoom) int {
	switch {
	case q.Sort == Nearest && q.Near != nil:
		return func(a, b *FreeRoom) int {
			return cmp.Or(cmp.Compare(a.when(), b.when()), cmp.Compare(a.far(), b.far()))
		}
	case q.Sort == ByName:
		return func(a, b *FreeRoom) int { return cmp.Compare(a.when(), b.when()) }
	case q.FreeNow:
		return func(a, b *FreeRoom) int {
			return cmp.Or(b.FreeUntil.Compare(a.FreeUntil), cmp.Compare(a.far(), b.far()))
		}
	}
	return func(a, b *FreeRoom) int {
		return cmp.Or(cmp.Compare(a.when(), b.when()), a.first().Compare(b.first()))
	}
}

// first is the first free time that is known of the room.
func (r *FreeRoom) first() time.Time {
	if len(r.FreeStarts) > 0 {
		return r.FreeStarts[0].Begin
	}
	return r.Next.Begin
}

// when puts rooms without a free time last.
func (r *FreeRoom) when() int {
	if r.first().IsZero() {
		return 1
	}
	return 0
}

// far is the distance, with what is not known last.
func (r *FreeRoom) far() float64 {
	if r.Metres < 0 {
		return 1e9
	}
	return r.Metres
}
