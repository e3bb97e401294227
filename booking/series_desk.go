package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/fault"
)

// HandledSeries is a series as its handlers see it.
type HandledSeries struct {
	SeriesCard
	Overlaps map[int64]int // by id of a requested date: other requests and reservations at its time
	First    bool          // its holder has never had anything confirmed before
}

// SeriesForStaff reads a series of a unit that the actor works for; those of
// others are not found.
func (s *Service) SeriesForStaff(ctx context.Context, actor accounts.Actor, ref string) (HandledSeries, error) {
	card, err := s.GetSeries(ctx, actor, ref)
	if err != nil {
		return HandledSeries{}, err
	}
	if !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: card.Unit}) {
		return HandledSeries{}, fault.New(fault.NotFound, "series.not_found")
	}
	waiting := []Card{}
	for _, turn := range card.Dates {
		if turn.State == Requested {
			waiting = append(waiting, turn)
		}
	}
	flags, err := s.requestFlags(ctx, waiting)
	seen := HandledSeries{SeriesCard: card, Overlaps: map[int64]int{}}
	for id, flag := range flags {
		seen.Overlaps[id] = flag.Overlaps
		seen.First = !flag.Known
	}
	return seen, err
}
