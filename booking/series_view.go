package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// SeriesCard is a series with the names that pages show and all of its dates.
type SeriesCard struct {
	SeriesHead
	Dates    []Card         // by begin, in all states
	Rejected []RejectedDate // by date, those that nobody wants any more left out
	Before   *SeriesHead    // the series that it goes on from after a change; nil = none
	After    []SeriesHead   // those that go on from it
}

// SeriesHead is a series as lists show it.
type SeriesHead struct {
	Series
	ResourceUID     uuid.UUID
	ResourceSlug    string
	ResourceName    locales.Texts
	UnitUID         uuid.UUID
	UnitSlug        string
	UnitName        locales.Texts
	UnitCity        string
	HolderName      string
	AssociationName string
	MadeByName      string
	MadeByEmail     string
	Standing        int            // dates that are requested or confirmed
	Requested       int            // of them, those that wait for a decision
	Coming          int            // of them, those that have not begun
	Next            *calendar.Date // local day of the next one; nil = none is to come
	Last            *calendar.Date // local day of the last one
}

// RejectedDate is a date that was not made, and whether it could be made now.
type RejectedDate struct {
	Rejected
	Free bool
}

// GetSeries reads one series that the actor may see; a foreign one is not
// found.
func (s *Service) GetSeries(ctx context.Context, actor accounts.Actor, ref string) (SeriesCard, error) {
	found, err := findSeries(ctx, s.DB, ref)
	if err != nil {
		return SeriesCard{}, err
	}
	if !s.maySeries(actor, found, accounts.ViewReservation) {
		return SeriesCard{}, fault.New(fault.NotFound, "series.not_found")
	}
	var card SeriesCard
	heads, err := s.seriesHeads(ctx, "r.id = @id", map[string]any{"id": found.ID})
	if err != nil || len(heads) == 0 {
		return card, err
	}
	card.SeriesHead = heads[0]
	if card.Dates, err = s.cards(ctx, "r.series = @series", map[string]any{"series": found.ID}); err != nil {
		return card, err
	}
	if card.Rejected, err = s.rejectedDates(ctx, actor, found); err != nil {
		return card, err
	}
	return card, s.addNeighbours(ctx, &card)
}

// addNeighbours adds the series that a change has made of one.
func (s *Service) addNeighbours(ctx context.Context, card *SeriesCard) error {
	heads, err := s.seriesHeads(ctx, "r.id = @before OR r.split_from = @id", map[string]any{"before": card.SplitFrom, "id": card.ID})
	for _, head := range heads {
		if head.SplitFrom != nil && *head.SplitFrom == card.ID {
			card.After = append(card.After, head)
		} else {
			card.Before = &head
		}
	}
	return err
}

// SeriesByUID reads the heads of series for a list of reservations that the
// actor may see; whoever sees a date sees its series.
func (s *Service) SeriesByUID(ctx context.Context, uids []uuid.UUID) (map[uuid.UUID]SeriesHead, error) {
	list := make(db.Strings, len(uids))
	for i, uid := range uids {
		list[i] = uid.String()
	}
	heads, err := s.seriesHeads(ctx, "r.uid::text = ANY(CAST(@uids AS text[]) )", map[string]any{"uids": list})
	found := map[uuid.UUID]SeriesHead{}
	for _, head := range heads {
		found[head.UID] = head
	}
	return found, err
}

// MySeries lists the series with dates to come that the actor holds or has
// through an association, the next to meet first.
func (s *Service) MySeries(ctx context.Context, actor accounts.Actor, holder Holder) ([]SeriesHead, error) {
	if !actor.SignedIn() {
		return nil, fault.New(fault.Unauthenticated, "auth.required")
	}
	where, params := mineScope(actor, holder)
	return s.seriesHeads(ctx, where+" AND d.coming > 0", params)
}

// UnitSeries lists the series in the units that the actor works for, the next
// to meet first and those that are over last.
func (s *Service) UnitSeries(ctx context.Context, actor accounts.Actor) ([]SeriesHead, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return nil, err
	}
	return s.seriesHeads(ctx, where, params)
}

// rejectedDates are the dates that were not made, each with whether the actor
// could make it now.
func (s *Service) rejectedDates(ctx context.Context, actor accounts.Actor, series Series) ([]RejectedDate, error) {
	rows, err := rejectedOf(ctx, s.DB, series.ID)
	if err != nil {
		return nil, err
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now(), dry: true}
	var list []RejectedDate
	var place resources.Place
	for _, row := range rows {
		if row.State != "open" {
			continue
		}
		if place.Resource.ID == 0 {
			if place, err = s.Resources.PlaceByID(ctx, s.DB, series.Resource); err != nil {
				return nil, err
			}
		}
		d := RejectedDate{Rejected: row}
		if row.Reason.V.Verdict != DateNoTime && row.BeginAt.After(w.now) {
			sk, err := w.oneDate(ctx, series, place, SeriesAdd{Date: row.SeriesDate})
			if err != nil {
				return nil, err
			}
			preview, err := w.judge(ctx, sk)
			if err != nil {
				return nil, err
			}
			d.Free = preview.Count(DateFree) == 1
		}
		list = append(list, d)
	}
	return list, nil
}
