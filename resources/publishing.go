package resources

import (
	"context"
	"time"

	"vuoro/db"
	"vuoro/fault"
)

// What a resource is for people who look after it: StateDraft, StateArchived,
// StatePublished while everybody sees it, and two more while it is published
// but outside its publish window.
const (
	StateScheduled = "scheduled" // it will appear
	StateHidden    = "hidden"    // it will not
)

// Standing is the state of a resource in those words.
func (r Resource) Standing(now time.Time) string {
	switch {
	case r.State != StatePublished:
		return r.State
	case (Place{Resource: r}).Visible(now):
		return StatePublished
	case r.PublishFrom != nil && r.PublishFrom.After(now) && (r.PublishTo == nil || !r.PublishTo.Equal(*r.PublishFrom)):
		return StateScheduled
	}
	return StateHidden
}

// Publish makes a resource published as its window says; where the window would
// keep it hidden for ever, or it is scheduled already, it opens at once.
func (r *Resource) Publish(now time.Time) {
	already := r.State == StatePublished
	r.State = StatePublished
	switch standing := r.Standing(now); {
	case standing == StateHidden, standing == StateScheduled && already:
		r.PublishFrom, r.PublishTo = nil, nil
	}
}

// Hide takes a published resource away from everybody until it is published
// again.
func (r *Resource) Hide(now time.Time) {
	now = now.Truncate(time.Second)
	r.PublishFrom, r.PublishTo = nil, &now
}

// Missing lists what a resource of these parts still lacks to be published, as
// the fields of the mistakes that publishing it would make.
func (s *Service) Missing(ctx context.Context, d *db.DB, r Resource, parts []Part) ([]fault.Field, error) {
	r.State = StatePublished
	var missing []fault.Field
	for _, err := range []error{r.check(parts), s.checkPrice(ctx, d, r)} {
		switch {
		case fault.Is(err, fault.Invalid):
			missing = append(missing, fault.As(err).Fields...)
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

// Coming counts the reservations of a resource that have not ended and hold
// time or ask for it.
func (s *Service) Coming(ctx context.Context, d *db.DB, resource int) (n int, err error) {
	return n, d.Query(ctx, &n, `SELECT count(*) FROM reservations WHERE resource = ? AND end_at > ?
		AND state IN ('requested', 'awaiting_payment', 'confirmed')`, resource, s.Now())
}

// Sharing lists the other resources of which none can be booked while this one
// is: those that need an atom that it needs, by id, archived ones left out. A
// lane of a pool is not one atom, so what shares a pool is not listed.
func (s *Service) Sharing(ctx context.Context, d *db.DB, resource int) ([]Resource, error) {
	var list []Resource
	return list, d.Query(ctx, &list, `SELECT * FROM resources WHERE id <> @id AND state <> 'archived' AND id IN (
		SELECT o.resource FROM resource_atoms a JOIN resource_atoms o ON (o.unit, o.atom) = (a.unit, a.atom)
		WHERE a.resource = @id AND a.pool IS NULL AND o.pool IS NULL) ORDER BY id`, map[string]any{"id": resource})
}
