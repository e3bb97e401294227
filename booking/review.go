package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/policies"
)

// Standing is a holder's past in numbers, in the units of those who ask.
type Standing struct {
	Since     *time.Time // the first reservation was made; nil = there is no other
	Past      int        // confirmed and over
	Coming    int        // confirmed and not over
	Waiting   int        // requests
	Denied    int
	Cancelled int
	Missed    int // no-shows
}

// HolderStanding counts what the holder of a reservation has besides it. Only
// staff of the reservation's unit may ask; closures and the city's own use have
// no holder to count for.
func (s *Service) HolderStanding(ctx context.Context, actor accounts.Actor, ref string) (Standing, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil || r.HolderPerson == nil && r.HolderAssociation == nil {
		return Standing{}, err
	}
	where, params, err := workScope(actor)
	if err != nil {
		return Standing{}, err
	}
	return s.countHolder(ctx, r, where, params)
}

// findForStaff finds a reservation for somebody who works for its unit; to
// others it is not there.
func (s *Service) findForStaff(ctx context.Context, actor accounts.Actor, ref string) (Reservation, error) {
	r, err := find(ctx, s.DB, ref)
	if err == nil && !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: r.Unit}) {
		err = notFound()
	}
	return r, err
}

// GetForStaff reads one reservation of a unit that the actor works for; to
// others, its holder too, it is not found.
func (s *Service) GetForStaff(ctx context.Context, actor accounts.Actor, ref string) (Card, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil {
		return Card{}, err
	}
	return s.Get(ctx, actor, r.UID.String())
}

// Around is what stands in the same place around a reservation: the reservations
// of its resource and of those that share an atom with it, on the local days
// that it touches.
func (s *Service) Around(ctx context.Context, actor accounts.Actor, ref string) ([]Card, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	dates := calendar.DatesOf(r.Interval(), s.Zone)
	return s.cards(ctx, `r.resource IN (SELECT b.resource FROM resource_atoms a JOIN resource_atoms b ON b.atom = a.atom WHERE a.resource = @resource)
		AND r.begin_at < @to AND r.end_at > @from AND r.state IN ('held', 'requested', 'awaiting_payment', 'confirmed') AND NOT r.no_show
		AND (r.state <> 'held' OR r.held_until > @now) OR r.id = @id`,
		map[string]any{
			"resource": r.Resource, "id": r.ID, "now": s.Now(),
			"from": calendar.DayBounds(dates[0], s.Zone).Begin, "to": calendar.DayBounds(dates[len(dates)-1], s.Zone).End,
		})
}

// Review is what the rules say about a reservation, check by check.
type Review struct {
	Answers   []policies.Answer
	Rules     []policies.RuleAnswer // of Book, in its order
	Book      policies.Rules
	Quotas    []QuotaState // without this reservation
	Decision  policies.Decision
	Conflicts []Conflict // what stands in its way at present
}

// Review asks every check about a reservation as it stands, for its unit's
// staff. Lead times count from the moment when it was made, so that waiting for
// a decision does not turn them.
func (s *Service) Review(ctx context.Context, actor accounts.Actor, ref string) (Review, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil {
		return Review{}, err
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now()}
	place, err := s.Resources.PlaceByID(ctx, s.DB, r.Resource)
	if err != nil {
		return Review{}, err
	}
	h, err := w.holderOf(ctx, r, place.Unit)
	if err != nil {
		return Review{}, err
	}
	if err := w.addLimits(ctx, &h, place, r); err != nil {
		return Review{}, err
	}
	q := w.question(place, r, h)
	q.Now = r.MadeAt
	quotas, err := w.countQuotas(ctx, &q, place, r, h)
	if err != nil {
		return Review{}, err
	}
	review := Review{Answers: policies.Explain(q), Rules: policies.ExplainRules(q), Book: q.Book.Rules, Quotas: quotas, Decision: policies.Decide(q)}
	review.Conflicts, err = w.conflicts(ctx, place, r)
	return review, err
}

// Step is one row of a reservation's audit trail.
type Step struct {
	Number int64
	At     time.Time
	Action string // "reservation.approved"
	Actor  string // name or address; "" = the system
	Values map[string]any
}

// Trail is everything that happened to a reservation, the oldest first, for
// staff of its unit.
func (s *Service) Trail(ctx context.Context, actor accounts.Actor, ref string) ([]Step, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	return s.steps(ctx, r.UID)
}

func auditObject(uid uuid.UUID) string { return "reservation:" + uid.String() }
