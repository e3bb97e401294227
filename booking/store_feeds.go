package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// bindFeed ties a new feed to what it shows, if the actor may have it, and
// names it after that.
func (w *work) bindFeed(ctx context.Context, feed *Feed, req FeedRequest) error {
	name, err := "", error(nil)
	switch req.Scope {
	case PersonScope:
		me := w.actor.ID()
		feed.Person = &me
	case AssociationScope:
		name, err = w.bindAssociation(ctx, feed, req.UID)
	case ResourceScope:
		name, err = w.bindResource(ctx, feed, req.UID)
	case UnitScope:
		name, err = w.bindUnit(ctx, feed, req.UID)
	default:
		err = fault.InvalidField("scope", "feed.bad_scope")
	}
	if feed.Name == "" {
		feed.Name = name
	}
	return err
}

func (w *work) bindAssociation(ctx context.Context, feed *Feed, uid uuid.UUID) (string, error) {
	a, err := accounts.FindAssociation(ctx, w.tx, w.actor, uid)
	if err == nil && !accounts.Can(w.actor, accounts.MakeFeed, accounts.Object{HolderAssociation: a.ID}) {
		err = fault.New(fault.NotFound, "feed.not_found")
	}
	feed.Association = &a.ID
	return a.Name, err
}

func (w *work) bindResource(ctx context.Context, feed *Feed, uid uuid.UUID) (string, error) {
	place, err := w.Resources.Place(ctx, w.tx, uid)
	if err != nil {
		return "", err
	}
	if !place.Visible(w.now) && !w.worksAt(place.Unit.ID) {
		return "", fault.New(fault.NotFound, "resource.not_found")
	}
	feed.Resource = &place.Resource.ID
	room, _ := place.Resource.Name.In(feed.Language)
	unit, _ := place.Unit.Name.In(feed.Language)
	return room + ", " + unit, nil
}

func (w *work) bindUnit(ctx context.Context, feed *Feed, uid uuid.UUID) (string, error) {
	var unit struct {
		ID   int
		Name locales.Texts
	}
	err := w.tx.Query(ctx, &unit, "SELECT id, name FROM units WHERE uid = ?", uid)
	if err == nil && unit.ID == 0 {
		err = fault.New(fault.NotFound, "unit.not_found")
	}
	feed.Unit = &unit.ID
	name, _ := unit.Name.In(feed.Language)
	return name, err
}

func (w *work) worksAt(unit int) bool {
	return accounts.Can(w.actor, accounts.ViewUnitWork, accounts.Object{Unit: unit})
}

// roomForAFeed refuses a subscription too many.
func (w *work) roomForAFeed(ctx context.Context) error {
	var live int
	err := w.tx.Query(ctx, &live, "SELECT count(*) FROM feeds WHERE made_by = ? AND revoked_at IS NULL", w.actor.ID())
	if err == nil && live >= maxFeeds {
		err = fault.New(fault.Refused, "feed.too_many_feeds", fault.Params{"max": maxFeeds})
	}
	return err
}

func (w *work) insertFeed(ctx context.Context, feed *Feed) error {
	return db.Fault(w.tx.Gorm(ctx).Create(feed).Error)
}

// feedWhere is what belongs to a feed, whatever its state; parameters are @f….
const feedWhere = `r.kind <> 'closure' AND r.state <> 'held' AND (
	r.holder_person = @f_person
	OR r.made_by = @f_person AND r.holder_association IN (SELECT m.association FROM memberships m
		JOIN associations a ON a.id = m.association AND a.archived_at IS NULL WHERE m.person = @f_person)
	OR r.holder_association = @f_association OR r.resource = @f_resource OR r.unit = @f_unit)`

func (f Feed) params() map[string]any {
	return map[string]any{"f_person": f.Person, "f_association": f.Association, "f_resource": f.Resource, "f_unit": f.Unit}
}

// feedCards are the reservations in a feed's window, by begin, but for those of
// hidden rooms.
func (s *Service) feedCards(ctx context.Context, feed Feed, hidden db.Ints, now time.Time) ([]Card, error) {
	params := feed.params()
	params["from"], params["to"], params["limit"] = now.Add(-feedPast), now.Add(feedFuture), maxFeedEvents+1
	params["hidden"] = hidden
	return s.cards(ctx, feedWhere+` AND r.state IN ('requested', 'awaiting_payment', 'confirmed') AND NOT r.no_show
		AND r.end_at > @from AND r.begin_at < @to AND r.resource <> ALL(CAST(@hidden AS bigint[]))`, params)
}

// hiddenRooms are those of a place's feed that not everybody may see now.
func (s *Service) hiddenRooms(ctx context.Context, feed Feed, now time.Time) (hidden db.Ints, err error) {
	var rooms []resources.Resource
	err = s.DB.Query(ctx, &rooms, "SELECT * FROM resources WHERE id = @f_resource OR unit = @f_unit", feed.params())
	for _, room := range rooms {
		if !(resources.Place{Resource: room}).Visible(now) {
			hidden = append(hidden, int64(room.ID))
		}
	}
	return hidden, err
}

// feedIsOpen tells whether the feed's maker may read names and titles, as it is
// at this fetch: always in an own feed, in a place's feed only as its staff. The
// calendar of an association that one does not belong to is not found.
func (s *Service) feedIsOpen(ctx context.Context, feed Feed) (bool, error) {
	var open bool
	switch feed.Scope {
	case PersonScope:
		return true, nil
	case AssociationScope:
		err := s.DB.Query(ctx, &open, `SELECT EXISTS (SELECT 1 FROM memberships m JOIN associations a ON a.id = m.association
			WHERE m.association = ? AND m.person = ? AND a.archived_at IS NULL)`, *feed.Association, feed.MadeBy)
		if err == nil && !open {
			err = fault.New(fault.NotFound, "feed.not_found")
		}
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
