package booking

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/resources"
)

// withAlternatives adds up to five ways out to a refusal; other errors pass.
// It looks outside the refused transaction: what it offers is bookable now, as
// far as rules and occupied times tell, and decided again when it is taken.
func (s *Service) withAlternatives(ctx context.Context, actor accounts.Actor, resource uuid.UUID, asked Times, err error) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	if refusal.OnlyForm() {
		return err
	}
	found, lookErr := s.Alternatives(ctx, actor, resource, asked)
	if lookErr != nil {
		return err
	}
	refusal.Alternatives = slices.DeleteFunc(found, func(a Alternative) bool { return a.Why != "same_time" && refusal.everyTime() })
	return err
}

// Alternatives lists up to five times near an asked one: the same room near
// that time, comparable rooms at that time, the same room a week later.
func (s *Service) Alternatives(ctx context.Context, actor accounts.Actor, resource uuid.UUID, asked Times) ([]Alternative, error) {
	place, err := s.visiblePlace(ctx, actor, resource, s.Now())
	if err != nil {
		return nil, err
	}
	length := calendar.WallMinutes(asked.Begin, asked.End, s.Zone)
	date := calendar.DateOf(asked.Begin, s.Zone)
	o, err := s.lookAt(ctx, actor, place, Window{From: date.AddDays(-1), To: date.AddDays(7), Minutes: length}.atLeast(place))
	if err != nil {
		return nil, err
	}
	others, err := s.comparable(ctx, actor, place, asked, length)
	if err != nil {
		return nil, err
	}
	near := s.near(o, asked)
	found := slices.Concat(near[:min(2, len(near))], others[:min(2, len(others))], s.weekLater(o, asked),
		near[min(2, len(near)):], others[min(2, len(others)):])
	return found[:min(maxAlternatives, len(found))], nil
}

// near are the room's free starts closest to the asked begin, within a day
// before and after.
func (s *Service) near(o Outlook, asked Times) []Alternative {
	var found []Alternative
	for _, start := range o.Starts {
		distance := start.Begin.Sub(asked.Begin).Abs()
		if start.Free && distance > 0 && distance < 36*time.Hour {
			found = append(found, Alternative{o.Place.Resource, start.Begin, start.End, "same_room"})
		}
	}
	slices.SortStableFunc(found, func(a, b Alternative) int {
		return cmp.Compare(a.Begin.Sub(asked.Begin).Abs(), b.Begin.Sub(asked.Begin).Abs())
	})
	return found[:min(4, len(found))]
}

// weekLater is the same wall-clock time of the next week, if it is free.
func (s *Service) weekLater(o Outlook, asked Times) []Alternative {
	date, minute := calendar.WallOf(asked.Begin, s.Zone)
	begin := calendar.Resolve(date.AddDays(7), minute, s.Zone).Instant
	for _, start := range o.Starts {
		if start.Free && start.Begin.Equal(begin) {
			return []Alternative{{o.Place.Resource, start.Begin, start.End, "next_week"}}
		}
	}
	return nil
}

// comparable are other rooms of the same type that hold as many people and are
// free at the asked time.
func (s *Service) comparable(ctx context.Context, actor accounts.Actor, place resources.Place, asked Times, length int) ([]Alternative, error) {
	query := Query{Date: calendar.DateOf(asked.Begin, s.Zone), Minutes: length, Filter: resources.Filter{Type: place.Resource.Type}}
	rooms, err := s.Search(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	var found []Alternative
	for _, room := range rooms {
		other := room.Place.Resource
		if other.ID == place.Resource.ID || !atLeast(other.PersonsMax, place.Resource.PersonsMax) {
			continue
		}
		if start, ok := startAt(room.FreeStarts, asked.Begin); ok {
			found = append(found, Alternative{other, start.Begin, start.End, "same_time"})
		}
	}
	return found[:min(4, len(found))], nil
}

func atLeast(have, want *int) bool { return want == nil || have != nil && *have >= *want }

func startAt(starts []calendar.Interval, begin time.Time) (calendar.Interval, bool) {
	for _, start := range starts {
		if start.Begin.Equal(begin) {
			return start, true
		}
	}
	return calendar.Interval{}, false
}
