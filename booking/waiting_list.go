package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/locales"
)

// WaitCard is a wish on the wait list as its person sees it.
type WaitCard struct {
	Wait
	ResourceUID     uuid.UUID
	ResourceSlug    string
	ResourceName    locales.Texts
	UnitUID         uuid.UUID
	UnitSlug        string
	UnitName        locales.Texts
	AssociationUID  *uuid.UUID
	AssociationName string // "" = for the person
	Place           int    // in the line for any of this time, 1 = first; only while in line
	AnswerBy        *time.Time
	Number          string // of the hold or reservation that an offer gave; "" = none
}

// Open tells whether there is an offer that can be accepted at a time.
func (c WaitCard) Open(now time.Time) bool {
	return c.State == Offered && c.AnswerBy != nil && c.AnswerBy.After(now)
}

// Ended tells whether nothing will come of it any more.
func (c WaitCard) Ended(now time.Time) bool {
	return c.State == Served || c.State == Left || !c.BeginAt.After(now) || c.State == Offered && !c.Open(now)
}

// WaitOf reads one wish of the actor; a foreign one is not found.
func (s *Service) WaitOf(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (WaitCard, error) {
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now()}
	t, err := w.ownWait(ctx, uid, accounts.ViewReservation)
	if err != nil {
		return WaitCard{}, err
	}
	cards, err := s.waitCards(ctx, "t.id = @id", map[string]any{"id": t.ID})
	if err == nil && len(cards) == 0 {
		err = noWait()
	}
	if err != nil {
		return WaitCard{}, err
	}
	return cards[0], nil
}

// Waits lists what the actor waits for or is offered, by begin; what is over is
// left out.
func (s *Service) Waits(ctx context.Context, actor accounts.Actor) ([]WaitCard, error) {
	if !actor.SignedIn() {
		return nil, fault.New(fault.Unauthenticated, "auth.required")
	}
	if !accounts.Can(actor, accounts.ViewReservation, accounts.Object{HolderPerson: actor.ID()}) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return s.waitCards(ctx, "t.person = @person AND t.state IN ('waiting', 'offered') AND t.begin_at > @now",
		map[string]any{"person": actor.ID(), "now": s.Now()})
}

// CountWaits counts for staff who may see a reservation how many wait for any
// of its time, but not who they are.
func (s *Service) CountWaits(ctx context.Context, actor accounts.Actor, r Reservation) (int, error) {
	if !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: r.Unit}) {
		return 0, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return s.countLine(ctx, r)
}
