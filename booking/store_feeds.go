package booking

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
)

// bindFeed ties a new feed to what it shows, if the actor may have it.
func (w *work) bindFeed(ctx context.Context, feed *Feed, req FeedRequest) error {
	switch req.Scope {
	case PersonScope:
		me := w.actor.ID()
		feed.Person = &me
		return nil
	case AssociationScope:
		a, err := w.associationByUID(ctx, req.UID)
		if err == nil && !accounts.Can(w.actor, accounts.ViewReservation, accounts.Object{HolderAssociation: a.ID}) {
			err = fault.New(fault.NotFound, "feed.not_found")
		}
		feed.Association = &a.ID
		return err
	case ResourceScope:
		t, err := w.target(ctx, req.UID)
		feed.Resource = &t.ID
		return err
	case UnitScope:
		var unit int
		err := w.tx.Query(ctx, &unit, "SELECT id FROM units WHERE uid = ?", req.UID)
		if err == nil && unit == 0 {
			err = fault.New(fault.NotFound, "unit.not_found")
		}
		feed.Unit = &unit
		return err
	}
	return fault.InvalidField("scope", "feed.bad_scope")
}

func (w *work) insertFeed(ctx context.Context, feed *Feed) error {
	return db.Fault(w.tx.Gorm(ctx).Create(feed).Error)
}

// feedWhere is what belongs to a feed, whatever its state; parameters are @f….
const feedWhere = `r.kind <> 'closure' AND r.state <> 'held' AND (
	(r.holder_person = @f_person OR r.made_by = @f_person AND r.holder_kind = 'association')
	OR r.holder_association = @f_association OR r.resource = @f_resource OR r.unit = @f_unit)`

func (f Feed) params() map[string]any {
	return map[string]any{"f_person": f.Person, "f_association": f.Association, "f_resource": f.Resource, "f_unit": f.Unit}
}

func (s *Service) feedCards(ctx context.Context, feed Feed, now time.Time) ([]Card, error) {
	params := feed.params()
	params["from"], params["to"] = now.Add(-feedPast), now.Add(feedFuture)
	return s.cards(ctx, feedWhere+` AND r.state IN ('requested', 'awaiting_payment', 'confirmed')
		AND r.end_at > @from AND r.begin_at < @to`, params)
}

// feedIsOpen tells whether the feed's maker may read names and titles: always
// in an own feed, in a place's feed only as its staff – asked at every fetch.
func (s *Service) feedIsOpen(ctx context.Context, feed Feed) (bool, error) {
	var open bool
	switch feed.Scope {
	case PersonScope:
		return true, nil
	case AssociationScope:
		err := s.DB.Query(ctx, &open, "SELECT EXISTS (SELECT 1 FROM memberships WHERE association = ? AND person = ?)", *feed.Association, feed.MadeBy)
		return open, err
	}
	err := s.DB.Query(ctx, &open, `SELECT EXISTS (SELECT 1 FROM roles WHERE person = @person AND (unit IS NULL OR unit =
		COALESCE(CAST(@unit AS int), (SELECT unit FROM resources WHERE id = @resource))))`,
		map[string]any{"person": feed.MadeBy, "unit": feed.Unit, "resource": feed.Resource})
	return open, err
}

// feedModified is the last moment when the feed's bytes can have changed: an
// edit, an event that left the window, or one that came into it.
func (s *Service) feedModified(ctx context.Context, feed Feed, now time.Time) (time.Time, error) {
	params := feed.params()
	params["from"], params["to"] = now.Add(-feedPast), now.Add(feedFuture)
	var row struct{ Changed, Left, Entered *time.Time }
	err := s.DB.Query(ctx, &row, `SELECT max(r.changed_at) AS changed,
		max(r.end_at) FILTER (WHERE r.end_at <= @from) AS "left", max(r.begin_at) FILTER (WHERE r.begin_at < @to) AS entered
		FROM reservations r WHERE `+feedWhere, params)
	latest := feed.ChangedAt
	for _, t := range []*time.Time{row.Changed, shift(row.Left, feedPast), shift(row.Entered, -feedFuture)} {
		if t != nil && t.After(latest) {
			latest = *t
		}
	}
	return latest.UTC().Truncate(time.Second), err
}

func shift(t *time.Time, by time.Duration) *time.Time {
	if t == nil {
		return nil
	}
	moved := t.Add(by)
	return &moved
}
