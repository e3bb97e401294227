package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
)

// firstEvening is the first date that is still to be filled: in a fresh town
// the begin of last month, so that there are hours to report, and else the day
// after the last one that was filled.
func firstEvening(ctx context.Context, d *db.DB, fresh bool, now time.Time, zone *time.Location) (calendar.Date, error) {
	today := calendar.DateOf(now, zone)
	if fresh {
		return dateOfMonth(today.AddDays(-today.Day), 1), nil
	}
	var row struct{ Last *time.Time }
	err := d.Query(ctx, &row, `SELECT max(r.begin_at) AS last FROM reservations r JOIN people p ON p.id = r.made_by
		WHERE p.demo AND r.begin_at < ?`, now.Add((daysAhead+1)*24*time.Hour))
	if err != nil || row.Last == nil {
		return today, err
	}
	next := calendar.DateOf(*row.Last, zone).AddDays(1)
	if next.Before(today) {
		next = today
	}
	return next, nil
}

func dateOfMonth(in calendar.Date, day int) calendar.Date {
	in.Day = day
	return in
}

// filler books planned evenings by the use cases that everybody uses, at the
// time at which each was made.
type filler struct {
	service  *booking.Service
	clock    time.Time
	rooms    map[string]room
	actors   map[string]accounts.Actor // by key of a person
	managers map[int]accounts.Actor    // by unit
	groups   map[string]group
	later    []step
	made     db.Ints // reservations
}

type room struct {
	Slug string
	UID  uuid.UUID
	Unit int
}

type group struct {
	uid    uuid.UUID
	booker string
}

// step is what somebody does later about a reservation.
type step struct {
	at  time.Time
	run func(ctx context.Context) error
}

func fill(ctx context.Context, deps Deps, planned []Evening, now time.Time, zone *time.Location) error {
	secrets, err := ledger.LoadSecrets(ctx, deps.DB)
	if err != nil {
		return err
	}
	f := &filler{}
	f.service = services(deps, secrets, zone, func() time.Time { return f.clock })
	if err := f.meet(ctx, deps.DB); err != nil {
		return err
	}
	if len(planned) > 0 {
		if err := f.rehearse(ctx, deps.DB, planned[0].MadeAt); err != nil {
			return err
		}
	}
	for i, evening := range planned {
		if err := f.catchUp(ctx, evening.MadeAt); err != nil {
			return err
		}
		if err := f.book(ctx, evening); err != nil {
			return fmt.Errorf("evening %s: %w", evening.Key, err)
		}
		if deps.Progress != nil {
			deps.Progress(i+1, len(planned))
		}
	}
	if err := f.catchUp(ctx, now); err != nil {
		return err
	}
	return f.keepQuiet(ctx, deps.DB, now)
}

// keepQuiet lets no mail go out about what the town's people did in its past.
func (f *filler) keepQuiet(ctx context.Context, d *db.DB, now time.Time) error {
	_, err := d.Exec(ctx, `UPDATE outbox SET done_at = ?, outcome = 'expired'
		WHERE done_at IS NULL AND reservation = ANY (CAST(? AS bigint[]))`, now, f.made)
	return err
}

// catchUp does what was to be done until a time, in order.
func (f *filler) catchUp(ctx context.Context, until time.Time) error {
	for len(f.later) > 0 && !f.later[0].at.After(until) {
		next := f.later[0]
		f.later, f.clock = f.later[1:], next.at
		if err := next.run(ctx); err != nil && !expected(err) {
			return err
		}
	}
	f.clock = until
	return nil
}

func (f *filler) plan(at time.Time, run func(ctx context.Context) error) {
	f.later = append(f.later, step{at, run})
	slices.SortStableFunc(f.later, func(a, b step) int { return a.at.Compare(b.at) })
}

// expected tells a refusal, which is part of life, from a failure.
func expected(err error) bool {
	return fault.Is(err, fault.Refused) || fault.Is(err, fault.Conflict)
}

func (f *filler) book(ctx context.Context, e Evening) error {
	actor, request, err := f.request(e)
	if err != nil {
		return err
	}
	made, err := f.service.Book(ctx, actor, request)
	if err != nil {
		if expected(err) {
			return nil
		}
		return err
	}
	f.made = append(f.made, made.ID)
	change := booking.Change{Ref: made.UID.String()}
	if made.State == booking.Requested && e.Decide {
		f.plan(decidedAt(e, made), func(ctx context.Context) error { return f.decide(ctx, made, change) })
	}
	if made.ReleaseAfterMinutes != nil {
		f.arrive(e, made, actor)
	}
	if e.Cancel {
		f.plan(e.MadeAt.Add(40*time.Hour), func(ctx context.Context) error {
			change.ReasonCode = "plans_changed"
			_, err := f.service.Cancel(ctx, actor, change)
			return err
		})
	}
	return nil
}

// arrive lets somebody check in to a turn, or its time be released.
func (f *filler) arrive(e Evening, made booking.Reservation, actor accounts.Actor) {
	if e.Absent {
		f.plan(made.BeginAt.Add(time.Duration(*made.ReleaseAfterMinutes)*time.Minute), func(ctx context.Context) error {
			_, err := f.service.ReleaseUnused(ctx, 10)
			return err
		})
		return
	}
	f.plan(made.BeginAt.Add(3*time.Minute), func(ctx context.Context) error {
		_, err := f.service.CheckIn(ctx, actor, booking.Change{Ref: made.UID.String()})
		return err
	})
}

// decidedAt is the next day, but requests that compete are compared when no
// more of them can come.
func decidedAt(e Evening, made booking.Reservation) time.Time {
	at := e.MadeAt.Add(20 * time.Hour)
	if closing := made.BeginAt.Add(-60 * time.Hour); !made.Occupies && closing.After(at) {
		return closing
	}
	return at
}

// decide approves a request, or denies it where another one has the time.
func (f *filler) decide(ctx context.Context, r booking.Reservation, change booking.Change) error {
	manager := f.managers[r.Unit]
	_, err := f.service.Approve(ctx, manager, change)
	var refusal *booking.Refusal
	if errors.As(err, &refusal) {
		change.ReasonText = "Aika annettiin toiselle hakijalle."
		_, err = f.service.Deny(ctx, manager, change)
	}
	return err
}

// request says who books what for whom.
func (f *filler) request(e Evening) (accounts.Actor, booking.Request, error) {
	place, ok := f.rooms[e.Room]
	if !ok {
		return accounts.Actor{}, booking.Request{}, fmt.Errorf("there is no room %s", e.Room)
	}
	request := booking.Request{
		Resource: place.UID, Times: booking.Times{Begin: e.Begin, End: e.End}, Kind: e.Kind,
		Form: policies.Form{Title: e.Title, Purpose: e.Purpose, TermsAccepted: true, Answers: map[string]string{"description": e.Title}},
	}
	if e.Persons > 0 {
		request.Form.Persons = &e.Persons
	}
	actor, ok := f.actors[e.Who]
	if association, isGroup := f.groups[e.Who]; isGroup {
		request.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: association.uid}
		actor, ok = f.actors[association.booker]
	}
	if strings.HasPrefix(e.Who, "unit:") {
		request.Reason = e.Title
		if e.Kind == policies.Staff {
			request.Holder = booking.Holder{Kind: booking.HeldByUnit}
		}
		actor, ok = f.managers[place.Unit]
	}
	if !ok {
		return accounts.Actor{}, booking.Request{}, fmt.Errorf("there is no %s", e.Who)
	}
	request.Key = ledger.Key{Actor: actor.Name(), Route: "demo evening", Key: e.Key, Request: []byte(e.Key)}
	return actor, request, nil
}
