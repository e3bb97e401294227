package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/resources"
)

// Door is a room as somebody sees it who stands at its door.
type Door struct {
	Place     resources.Place
	FreeTill  time.Time // it is reservable and free from now until then; zero = it is not
	TakenTill time.Time // somebody has it from now until then; zero = nobody has
	Turns     []Card    // now or soon, of those that the actor may check in, or could have
}

// AtDoor shows a room that the actor may see as it is now. Whose the present
// turn is it only tells those who may check in to it.
func (s *Service) AtDoor(ctx context.Context, actor accounts.Actor, resource uuid.UUID) (Door, error) {
	now := s.Now()
	today := calendar.DateOf(now, s.Zone)
	look, err := s.Outlook(ctx, actor, resource, Window{From: today, To: today.AddDays(1)})
	if err != nil {
		return Door{}, err
	}
	door := Door{Place: look.Place}
	for _, gap := range look.Free {
		if gap.Holds(now) {
			door.FreeTill = gap.End
		}
	}
	if door.FreeTill.IsZero() {
		for _, b := range look.BusyWithin(calendar.Interval{Begin: now, End: now.Add(time.Second)}) {
			if b.End.After(door.TakenTill) {
				door.TakenTill = b.End
			}
		}
	}
	door.Turns, err = s.turnsNow(ctx, actor, look.Place.Resource.ID, now)
	return door, err
}

// turnsNow are the turns in a room to which somebody can check in now.
func (s *Service) turnsNow(ctx context.Context, actor accounts.Actor, resource int, now time.Time) ([]Card, error) {
	if !actor.SignedIn() {
		return nil, nil
	}
	cards, err := s.cards(ctx, `r.resource = @resource AND r.state = 'confirmed' AND r.kind <> 'closure'
		AND r.begin_at <= @opens AND r.end_at > @now`,
		map[string]any{"resource": resource, "opens": now.Add(CheckInOpens), "now": now})
	return slices.DeleteFunc(cards, func(c Card) bool {
		return !s.mayEdit(actor, c.Reservation) && !s.mayHandle(actor, c.Reservation)
	}), err
}
