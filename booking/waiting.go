package booking

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// Settings of the wait list.
const (
	// WaitLimit is how many wishes one person may have in line; all dates of a
	// series count as one.
	WaitLimit     = 20
	offerFor      = 24 * time.Hour
	offerShortest = 15 * time.Minute
	waitsKept     = 12 // months after the time that was waited for
)

// WaitState is where a wish on the wait list is.
type WaitState string

// Somebody waits, has an offer, got the time, or has left: gave up, did not
// answer, or the time came.
const (
	InLine  WaitState = "waiting"
	Offered WaitState = "offered"
	Served  WaitState = "served"
	Left    WaitState = "left"
)

// Wait is one wish on the wait list: a time of a resource that was taken when
// the person joined. The line is ordered by ID. Wish is the form that a booking
// of it will have.
type Wait struct {
	ID          int64 `gorm:"primaryKey"`
	UID         uuid.UUID
	Resource    int
	Unit        int
	Person      int64
	Association *int64 // for which the person waits; nil = for themselves
	Series      *int64
	SeriesDate  calendar.Date // of a date of a series: the local day that its rule gave
	BeginAt     time.Time
	EndAt       time.Time
	Wish        db.JSON[policies.Form]
	State       WaitState
	CreatedAt   time.Time
}

// TableName keeps gorm to the schema's names.
func (Wait) TableName() string { return "waiting" }

// Times are begin and end of what is waited for.
func (t Wait) Times() Times { return Times{t.BeginAt, t.EndAt} }

func (t Wait) object() string { return "waiting:" + t.UID.String() }

// offer is freed time that was offered to one who waits.
type offer struct {
	ID       int64 `gorm:"primaryKey"`
	Waiting  int64
	Deadline time.Time
	State    string // open, accepted, declined or expired
	MadeAt   time.Time
}

// OfferDeadline is until when an offer is kept: a day, but not longer than half
// of the time that is left, so that there is time for the next in line; a
// quarter of an hour at least, and never past the begin.
func OfferDeadline(now, begin time.Time) time.Time {
	till := now.Add(min(offerFor, max(begin.Sub(now)/2, offerShortest)))
	if till.After(begin) {
		return begin
	}
	return till
}

// auditWait writes what happened to a wish; steps that nobody takes are the
// system's, in whose use case they may come to light.
func (w *work) auditWait(t Wait, actor accounts.Actor, action string, values map[string]any) {
	w.audits = append(w.audits, ledger.Entry{
		Stream: t.Unit, At: w.now, Actor: actor.Name(), Action: "waiting." + action, Object: t.object(), Values: values,
	})
}

// lineHead is what an offer to somebody who waits would be.
type lineHead struct {
	place    resources.Place
	draft    Reservation
	decision policies.Decision
}

// lineHead asks whether a wish could be booked now but for conflicts: the
// person and the right to book for the association are still there, and no rule
// about place and time says no. It is asked as that person.
func (w *work) lineHead(ctx context.Context, t Wait, place resources.Place) (c lineHead, fits bool, err error) {
	as := *w
	as.actor, err = accounts.Refresh(ctx, w.tx, accounts.Actor{Person: &accounts.Person{ID: t.Person}})
	if err != nil || !as.actor.SignedIn() {
		return c, false, err
	}
	h, err := as.waitsFor(ctx, t, place.Unit)
	if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	made, err := w.dateMade(ctx, t)
	if err != nil || made {
		return c, false, err
	}
	c = lineHead{place: place, draft: as.drafted(place, h, t.request())}
	q := as.question(place, c.draft, h)
	q.Stage, q.Series = policies.AtHold, t.Series != nil
	if c.decision = policies.Decide(q); c.decision.Verdict == policies.Refuse {
		return c, false, nil
	}
	q.Stage, q.Form = policies.AtConfirm, t.Wish.V
	if _, err := as.countQuotas(ctx, &q, place, c.draft, h); err != nil {
		return c, false, err
	}
	return c, overQuota(policies.Decide(q)) == nil, nil
}

func (t Wait) request() Request {
	return Request{Times: t.Times(), Kind: policies.Ordinary, Form: t.Wish.V}
}

// waitsFor is the holder of a wish, as the actor may book for it.
func (w *work) waitsFor(ctx context.Context, t Wait, unit resources.Unit) (holder, error) {
	if t.Association == nil {
		return w.ofPerson(*w.actor.Person, unit), nil
	}
	a, err := accounts.AssociationByID(ctx, w.tx, *t.Association)
	if err != nil {
		return holder{}, err
	}
	if a.ArchivedAt != nil || !accounts.Can(w.actor, accounts.BookFor, accounts.Object{HolderAssociation: a.ID}) {
		return holder{}, fault.New(fault.Forbidden, "booking.not_booker", fault.Params{"association": a.Name})
	}
	return w.ofAssociation(a, unit), nil
}

// ownWait reads a wish of the actor; a foreign one is not found.
func (w *work) ownWait(ctx context.Context, uid uuid.UUID, action accounts.Action) (Wait, error) {
	t, err := w.waitByUID(ctx, uid)
	if err != nil {
		return t, err
	}
	if !w.actor.SignedIn() || t.Person != w.actor.ID() {
		return t, noWait()
	}
	if !accounts.Can(w.actor, action, accounts.Object{HolderPerson: t.Person}) {
		return t, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return t, nil
}

func noWait() error { return fault.New(fault.NotFound, "waiting.not_found") }

// refusedByConflict tells that a time was taken after all.
func refusedByConflict(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal)
}
