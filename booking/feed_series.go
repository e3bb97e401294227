package booking

import (
	"context"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/web/locales"
)

// FeedForm is how a calendar file tells of series.
type FeedForm string

// The forms: every date by itself, which all programs read alike, or one event
// that repeats with what differs from it (RFC 5545 §3.8.5), for those who ask.
const (
	FeedOfDates  FeedForm = ""
	FeedOfSeries FeedForm = "series"
)

// foldSeries takes the dates of series out of the cards of an own feed and gives
// the series for its file.
func (s *Service) foldSeries(ctx context.Context, cards []Card, say locales.Printer) ([]Card, []calendar.Series, error) {
	var uids []uuid.UUID
	dates := map[uuid.UUID][]Card{}
	var single []Card
	for _, card := range cards {
		if card.SeriesUID == nil {
			single = append(single, card)
			continue
		}
		if dates[*card.SeriesUID] == nil {
			uids = append(uids, *card.SeriesUID)
		}
		dates[*card.SeriesUID] = append(dates[*card.SeriesUID], card)
	}
	heads, err := s.SeriesByUID(ctx, uids)
	if err != nil {
		return nil, nil, err
	}
	var folded []calendar.Series
	for _, uid := range uids {
		series, err := s.calendarSeries(heads[uid], dates[uid], say)
		if err != nil {
			return nil, nil, err
		}
		folded = append(folded, series)
	}
	return single, folded, nil
}

// calendarSeries is a series for a calendar file. Its dates say what it says, so
// that only those that were moved or are not decided yet differ from it.
func (s *Service) calendarSeries(head SeriesHead, cards []Card, say locales.Printer) (calendar.Series, error) {
	var rule calendar.Rule
	var err error
	if head.Rule != "" {
		if rule, err = calendar.ParseRule(head.Rule); err != nil {
			return calendar.Series{}, err
		}
	}
	plan := head.Plan()
	series := calendar.Series{Recurrence: calendar.Recurrence{
		First: plan.First, Span: plan.Span, Zone: s.Zone, Rule: rule, Include: plan.Include, Exclude: plan.Exclude,
	}}
	for _, card := range cards {
		event := s.event(card, say)
		event.Description = say.T("state."+string(card.State)) + "\n" + head.Number
		event.URL = s.BaseURL + "/r/" + head.Number
		if series.UID == "" {
			series.Event = event
			series.UID, series.Sequence = head.UID.String()+"@vuoro", head.Revision
		}
		if card.ChangedAt.After(series.Stamp) {
			series.Stamp = card.ChangedAt
		}
		series.Dates = append(series.Dates, calendar.SeriesDate{Date: card.SeriesDate, Event: event})
	}
	return series, nil
}
