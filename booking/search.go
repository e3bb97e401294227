package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Query is a search for rooms that are free. Date zero = today. From and To
// bound the time of day in local minutes (To 0 = open end); Minutes is the
// wanted length (0 = each room's shortest).
type Query struct {
	resources.Filter
	Date    calendar.Date
	From    calendar.Minute
	To      calendar.Minute
	Minutes int
	FreeNow bool // bookable from now, at the latest at the next step of the raster
	Any     bool // list rooms without a free time as well
}

// The evening of "tonight", local time.
const (
	TonightFrom calendar.Minute = 17 * 60
	TonightTo   calendar.Minute = 22 * 60
)

// FreeRoom is one room in a search's answer, with its free starts of the day
// and, when it is free now, until when.
type FreeRoom struct {
	Outlook
	FreeStarts []calendar.Interval
	FreeUntil  time.Time // zero = not free now
}

// Search lists the visible rooms that match, those with a free time first by
// their first start. It takes a constant number of queries.
func (s *Service) Search(ctx context.Context, actor accounts.Actor, query Query) ([]FreeRoom, error) {
	if err := query.check(); err != nil {
		return nil, err
	}
	now := s.Now()
	if query.Date.IsZero() || query.FreeNow {
		query.Date = calendar.DateOf(now, s.Zone)
	}
	places, err := s.Resources.Places(ctx, s.DB, query.Filter)
	if err != nil {
		return nil, err
	}
	outlooks, err := s.outlooks(ctx, actor, places, query, now)
	if err != nil {
		return nil, err
	}
	var found []FreeRoom
	for _, o := range outlooks {
		room := s.freeRoom(o, query, now)
		if query.Any || len(room.FreeStarts) > 0 {
			found = append(found, room)
		}
	}
	slices.SortStableFunc(found, bySoonest)
	return found, nil
}

func (q Query) check() error {
	switch {
	case q.To != 0 && q.To <= q.From:
		return fault.InvalidField("to", "search.range")
	case q.Minutes < 0 || q.Minutes > calendarDay:
		return fault.InvalidField("minutes", "booking.bad_duration")
	}
	return nil
}

// outlooks reads what occupies all places at once.
func (s *Service) outlooks(ctx context.Context, actor accounts.Actor, places []resources.Place, query Query, now time.Time) ([]Outlook, error) {
	var needs []resources.Need
	for _, place := range places {
		needs = append(needs, place.Needs...)
	}
	window := Window{From: query.Date, To: query.Date, Minutes: query.Minutes}
	rows, err := busyNow(ctx, s.DB, needs, s.days(window), now)
	if err != nil {
		return nil, err
	}
	byAtom := map[int][]Busy{}
	for _, row := range rows {
		byAtom[row.Atom] = append(byAtom[row.Atom], row)
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: now}
	outlooks := make([]Outlook, len(places))
	for i, place := range places {
		h, err := w.holder(ctx, Holder{}, policies.Ordinary, place.Unit)
		if err != nil {
			return nil, err
		}
		var own []Busy
		for _, need := range place.Needs {
			own = append(own, byAtom[need.Atom]...)
		}
		outlooks[i] = s.outlook(sight{place, h, window.atLeast(place), now}, own)
	}
	return outlooks, nil
}

// atLeast lifts the wanted length to the room's shortest and its raster.
func (w Window) atLeast(place resources.Place) Window {
	for _, length := range policies.Lengths(place.Policy(), calendarDay) {
		if length >= w.Minutes {
			w.Minutes = length
			break
		}
	}
	return w
}

func (s *Service) freeRoom(o Outlook, query Query, now time.Time) FreeRoom {
	room := FreeRoom{Outlook: o}
	limit := now.Add(time.Duration(o.Place.Resource.Raster) * time.Minute)
	for _, start := range o.Starts {
		if !start.Free || !query.holds(start.Interval, s.Zone) {
			continue
		}
		if query.FreeNow && start.Begin.After(limit) {
			continue
		}
		room.FreeStarts = append(room.FreeStarts, start.Interval)
	}
	if len(room.FreeStarts) > 0 && !room.FreeStarts[0].Begin.After(limit) {
		room.FreeUntil = gapEnd(o.Free, now, room.FreeStarts[0].Begin)
	}
	return room
}

// holds tells whether a time lies between the asked hours of its day.
func (q Query) holds(asked calendar.Interval, zone *time.Location) bool {
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

func bySoonest(a, b FreeRoom) int {
	switch {
	case len(a.FreeStarts) == 0 && len(b.FreeStarts) == 0:
		return 0
	case len(a.FreeStarts) == 0:
		return 1
	case len(b.FreeStarts) == 0:
		return -1
	}
	return a.FreeStarts[0].Begin.Compare(b.FreeStarts[0].Begin)
}
