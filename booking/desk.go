package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

// Waiting is a request with what its handler looks at first.
type Waiting struct {
	Card
	Overlaps int  // other requests and reservations in the same place at the same time
	First    bool // its holder has never had anything confirmed before
}

// Inbox is one page of what waits for a decision in the units that the actor
// works for, those that begin first first, with their flags.
func (s *Service) Inbox(ctx context.Context, actor accounts.Actor, page Page) (list []Waiting, next string, err error) {
	requests, err := s.Requests(ctx, actor, page)
	if err != nil {
		return nil, "", err
	}
	flags, err := s.requestFlags(ctx, requests.Cards)
	if err != nil {
		return nil, "", err
	}
	for _, card := range requests.Cards {
		flag := flags[card.ID]
		list = append(list, Waiting{card, flag.Overlaps, !flag.Known})
	}
	return list, requests.Next, nil
}

// CountRequests counts what waits for a decision in the actor's units.
func (s *Service) CountRequests(ctx context.Context, actor accounts.Actor) (int, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return 0, err
	}
	params["state"] = Requested
	var n int
	err = s.DB.Query(ctx, &n, "SELECT count(*) FROM reservations r WHERE r.state = @state AND ("+where+")", params)
	return n, err
}

// Desk is what a day begins with for staff, over all of their units.
type Desk struct {
	Waiting int       // requests
	Oldest  time.Time // when the oldest of them was made; zero = none waits
	Events  int       // confirmed reservations today, closures not counted
	Next    []Card    // of those the ones that are not over yet, by begin
	Missed  []Card    // today's no-shows, by begin
}

// maxNext bounds the list of a Desk.
const maxNext = 12

// Desk counts and lists what the actor's units have today.
func (s *Service) Desk(ctx context.Context, actor accounts.Actor) (Desk, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return Desk{}, err
	}
	now := s.Now()
	day := calendar.DayBounds(calendar.DateOf(now, s.Zone), s.Zone)
	desk, err := s.countDesk(ctx, where, params, day)
	if err != nil {
		return Desk{}, err
	}
	params["now"], params["to"], params["limit"] = now, day.End, maxNext
	desk.Next, err = s.cards(ctx, "("+where+`) AND r.state = 'confirmed' AND NOT r.no_show AND r.kind <> 'closure'
		AND r.end_at > @now AND r.begin_at < @to`, params)
	if err != nil {
		return desk, err
	}
	desk.Missed, err = s.cards(ctx, "("+where+") AND r.no_show AND r.begin_at >= @day_begin AND r.begin_at < @day_end", params)
	return desk, err
}

// Decided lists what was approved or denied last in the actor's units, the
// newest first.
func (s *Service) Decided(ctx context.Context, actor accounts.Actor, limit int) ([]Card, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return nil, err
	}
	params["newest"] = min(limit, maxPage)
	cards, err := s.cards(ctx, `r.id IN (SELECT r.id FROM reservations r
		WHERE (`+where+`) AND r.decided_at IS NOT NULL ORDER BY r.decided_at DESC, r.id DESC LIMIT @newest)`, params)
	slices.SortStableFunc(cards, func(a, b Card) int { return b.DecidedAt.Compare(*a.DecidedAt) })
	return cards, err
}

// mustWorkFor refuses whom a unit's day is not for.
func mustWorkFor(actor accounts.Actor, unit int) error {
	if !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: unit}) {
		return fault.New(fault.NotFound, "unit.not_found")
	}
	return nil
}

// MonthDay is how much a unit has on one local day.
type MonthDay struct {
	Events   int // confirmed reservations that touch the day
	Waiting  int // requests
	Closures int
}

// UnitMonth counts what a unit has on each day of a range of at most 62 local
// dates, both included; days with nothing are left out.
func (s *Service) UnitMonth(ctx context.Context, actor accounts.Actor, unit int, from, to calendar.Date) (map[calendar.Date]MonthDay, error) {
	if err := mustWorkFor(actor, unit); err != nil {
		return nil, err
	}
	if to.Before(from) || from.DaysUntil(to) > 61 {
		return nil, fault.InvalidField("to", "search.range")
	}
	rows, err := s.spansOf(ctx, unit, calendar.DayBounds(from, s.Zone).Begin, calendar.DayBounds(to, s.Zone).End)
	if err != nil {
		return nil, err
	}
	days := map[calendar.Date]MonthDay{}
	for _, row := range rows {
		for _, date := range calendar.DatesOf(calendar.Interval{Begin: row.BeginAt, End: row.EndAt}, s.Zone) {
			if date.Before(from) || date.After(to) {
				continue
			}
			day := days[date]
			switch {
			case row.State == Requested:
				day.Waiting++
			case row.Kind == policies.Closure:
				day.Closures++
			default:
				day.Events++
			}
			days[date] = day
		}
	}
	return days, nil
}
