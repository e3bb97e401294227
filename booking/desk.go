package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"

	"github.com/google/uuid"
)

// Waiting is a request with what its handler looks at first.
// A requested series is one, Whole: then the card is its first requested date.
type Waiting struct {
	Card
	Overlaps int  // other requests and reservations in the same place at the same time; of a series, dates that have any
	First    bool // its holder has never had anything confirmed before
	Whole    *SeriesHead
	Dates    int // of a series: how many of its dates wait in the unit
}

// oneOfSeries leaves of a series that waits its first date in the unit.
const oneOfSeries = `(r.series IS NULL OR NOT EXISTS (SELECT 1 FROM reservations x WHERE x.series = r.series AND x.unit = r.unit
	AND x.state = 'requested' AND (x.begin_at, x.id) < (r.begin_at, r.id)))`

// Inbox is one page of what waits for a decision in the units that the actor
// works for, those that begin first first, with their flags. A series is one
// row.
func (s *Service) Inbox(ctx context.Context, actor accounts.Actor, page Page) (list []Waiting, next string, err error) {
	where, params, err := workScope(actor)
	if err != nil {
		return nil, "", err
	}
	requests, err := s.list(ctx, "("+where+") AND "+oneOfSeries, MineFilter{States: []State{Requested}, Page: page}, params)
	if err != nil {
		return nil, "", err
	}
	turns, err := s.waitingTurns(ctx, requests.Cards)
	if err != nil {
		return nil, "", err
	}
	flags, err := s.requestFlags(ctx, slices.Concat(requests.Cards, turns))
	if err != nil {
		return nil, "", err
	}
	whole, err := s.seriesAmong(ctx, requests.Cards)
	if err != nil {
		return nil, "", err
	}
	for _, card := range requests.Cards {
		flag := flags[card.ID]
		row := Waiting{Card: card, Overlaps: flag.Overlaps, First: !flag.Known}
		if card.SeriesUID != nil {
			head := whole[*card.SeriesUID]
			row.Whole = &head
			row.addTurns(turns, flags)
		}
		list = append(list, row)
	}
	return list, requests.Next, nil
}

// seriesAmong are the series of some reservations.
func (s *Service) seriesAmong(ctx context.Context, cards []Card) (map[uuid.UUID]SeriesHead, error) {
	var uids []uuid.UUID
	for _, card := range cards {
		if card.SeriesUID != nil {
			uids = append(uids, *card.SeriesUID)
		}
	}
	if len(uids) == 0 {
		return nil, nil
	}
	return s.SeriesByUID(ctx, uids)
}

// addTurns counts the dates of a series that wait.
func (w *Waiting) addTurns(turns []Card, flags map[int64]requestFlag) {
	w.Overlaps = 0
	for _, turn := range turns {
		if *turn.Series != *w.Series || turn.Unit != w.Unit {
			continue
		}
		w.Dates++
		if flags[turn.ID].Overlaps > 0 {
			w.Overlaps++
		}
	}
}

// CountRequests counts what waits for a decision in the actor's units, a series
// once.
func (s *Service) CountRequests(ctx context.Context, actor accounts.Actor) (int, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return 0, err
	}
	params["state"] = Requested
	var n int
	err = s.DB.Query(ctx, &n, "SELECT count(*) FROM reservations r WHERE r.state = @state AND ("+where+") AND "+oneOfSeries, params)
	return n, err
}

// Desk is what a day begins with for staff, over all of their units.
type Desk struct {
	Waiting int       // requests, a series once
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
