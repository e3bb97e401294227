package web

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
)

// checkInView is when people are expected to say that they came, and whether
// they did.
type checkInView struct {
	Opens time.Time  `json:"opens"`
	Till  *time.Time `json:"till" doc:"Then the turn is released; null = the room does not ask for check-in."`
	At    *time.Time `json:"at" doc:"When somebody checked in; null = nobody has."`
}

func (c *call) checkIn(card booking.Card) *checkInView {
	till := card.ReleaseAt(card.ResourceRelease)
	if card.State != booking.Confirmed || till.IsZero() && card.CheckedInAt == nil {
		return nil
	}
	view := checkInView{Opens: card.BeginAt.Add(-booking.CheckInOpens).In(c.server.Zone)}
	if !till.IsZero() {
		till = till.In(c.server.Zone)
		view.Till = &till
	}
	if card.CheckedInAt != nil {
		at := card.CheckedInAt.In(c.server.Zone)
		view.At = &at
	}
	return &view
}

// giveBackReservation is cancelling with the reason that says so.
func giveBackReservation(c *call, in *changeInput) (*versioned, error) {
	return transition(func(s *booking.Service, ctx context.Context, actor accounts.Actor, change booking.Change) (booking.Reservation, error) {
		change.ReasonCode = booking.ReasonGivenBack
		return s.Cancel(ctx, actor, change)
	})(c, in)
}
