package booking

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// OnHit says what becomes of the reservations that a closing meets.
type OnHit string

// Refuse closes nothing while something is hit, Deny denies what is hit with
// one reason and one mail per person, Skip leaves those rooms and times open.
const (
	RefuseHits OnHit = "refuse"
	DenyHits   OnHit = "deny"
	SkipHits   OnHit = "skip"
)

// Bounds of one closing: rooms times intervals, as many as a series has dates.
const maxClosures = 400

// Closing is what staff close: each room for each of the times.
type Closing struct {
	Resources  []uuid.UUID
	Times      []Times // what is over already is left out, what has begun begins now
	Title      string
	Reason     string // of the closing, for staff
	OnHit      OnHit  // "" = RefuseHits
	DenyReason string // told to everybody whose reservation is denied
	// Agreed are the numbers that may be denied, because somebody saw them
	// listed; what came after is a refusal. nil = all.
	Agreed []string
	Key    ledger.Key
}

// ClosingReport is what a closing meets and, when it was made, what it did.
type ClosingReport struct {
	Hits   []Hit // by room as asked, then by time
	Closed []Reservation
	Denied []string // numbers
	Open   []Part   // left open because of SkipHits
}

// Decisions counts the reservations that somebody has to decide about.
func (r ClosingReport) Decisions() int { return decisions(r.Hits) }

func decisions(hits []Hit) int {
	ids := map[int64]bool{}
	for _, hit := range hits {
		if hit.Decide {
			ids[hit.Card.ID] = true
		}
	}
	return len(ids)
}

// Blocked is a closing that was refused because of what it hits. It unwraps to
// a fault of kind Conflict.
type Blocked struct {
	Hits  []Hit
	cause *fault.Error
}

// Error is for logs.
func (b *Blocked) Error() string { return b.cause.Error() }

// Unwrap gives the fault.
func (b *Blocked) Unwrap() error { return b.cause }

// PreviewClosing tells what a closing would hit at present. Nothing changes.
func (s *Service) PreviewClosing(ctx context.Context, actor accounts.Actor, c Closing) (ClosingReport, error) {
	now := s.Now()
	if err := c.check(now, s.Zone); err != nil {
		return ClosingReport{}, err
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: now}
	reach, err := w.closingReach(ctx, c.Resources)
	if err != nil {
		return ClosingReport{}, err
	}
	parts, err := w.closingParts(ctx, c, reach)
	if err != nil {
		return ClosingReport{}, err
	}
	hits, err := w.hits(ctx, parts)
	return ClosingReport{Hits: hits}, err
}

// Close closes rooms in one transaction: all of it or nothing. Closures are
// confirmed at once, may lie on each other and take the time of visitors who
// have not signed in. What else is hit is decided by OnHit; a no is *Blocked.
// With a key that was used before it returns the closures made then.
func (s *Service) Close(ctx context.Context, actor accounts.Actor, c Closing) (ClosingReport, error) {
	if !actor.SignedIn() {
		return ClosingReport{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if err := c.check(s.Now(), s.Zone); err != nil {
		return ClosingReport{}, err
	}
	var report ClosingReport
	err := s.do(ctx, actor, func(w *work) error {
		report = ClosingReport{}
		out, replayed, err := ledger.Once(ctx, w.tx, c.Key, w.now, func() (out ledger.Outcome, err error) {
			report, err = w.close(ctx, c)
			return ledger.Outcome{Status: http.StatusCreated, Result: uidsOf(report.Closed)}, err
		})
		if err == nil && replayed {
			report.Closed, err = w.byUIDs(ctx, strings.Fields(out.Result))
		}
		return err
	})
	return report, err
}

func uidsOf(list []Reservation) string {
	uids := make([]string, len(list))
	for i, r := range list {
		uids[i] = r.UID.String()
	}
	return strings.Join(uids, " ")
}

// check tidies a closing and refuses what no place need be asked about.
func (c *Closing) check(now time.Time, zone *time.Location) error {
	form := policies.Form{Title: c.Title}
	if err := checkForm(&form); err != nil {
		return err
	}
	c.Title = form.Title
	var err error
	if c.Reason, err = checkReason(c.Reason, false); err != nil {
		return err
	}
	switch c.OnHit {
	case "":
		c.OnHit = RefuseHits
	case RefuseHits, DenyHits, SkipHits:
	default:
		return fault.InvalidField("on_hit", "booking.closing_on_hit")
	}
	if c.DenyReason, err = checkReason(c.DenyReason, c.OnHit == DenyHits); err != nil {
		return fault.InvalidField("deny_reason", fault.Code(err), fault.As(err).Params)
	}
	if len(c.Resources) == 0 {
		return fault.InvalidField("rooms", "booking.closing_no_rooms")
	}
	if err := c.checkTimes(now, zone); err != nil {
		return err
	}
	if n := len(c.Resources) * len(c.Times); n > maxClosures {
		return fault.InvalidField("last", "booking.closing_too_many", fault.Params{"max": maxClosures, "asked": n})
	}
	return nil
}

func (c *Closing) checkTimes(now time.Time, zone *time.Location) error {
	today := calendar.DayBounds(calendar.DateOf(now, zone), zone).Begin
	var coming []Times
	for _, t := range c.Times {
		t = t.truncated()
		if err := t.check(now); err != nil {
			return err
		}
		if t.Begin.Before(now) && !t.Begin.Before(today) && t.End.After(now) {
			t.Begin = now.UTC().Truncate(time.Minute)
		}
		if t.End.After(now) && !slices.Contains(coming, t) {
			coming = append(coming, t)
		}
	}
	if len(coming) == 0 {
		if len(c.Times) == 0 {
			return fault.InvalidField("begin", "booking.bad_time")
		}
		return fault.New(fault.Refused, policies.CodePast, fault.Params{"begin": c.Times[0].Begin, "earliest": now})
	}
	slices.SortFunc(coming, func(a, b Times) int { return a.Begin.Compare(b.Begin) })
	c.Times = coming
	return nil
}

// Daily are the same wall-clock hours on each local date of a range, both
// included; To may be 24:00.
type Daily struct {
	First, Last calendar.Date
	From, To    calendar.Minute
}

// Times are the instants. An hour that a spring night leaves out begins at the
// next one that there is.
func (d Daily) Times(zone *time.Location) []Times {
	var list []Times
	for date := d.First; !d.Last.Before(date) && len(list) <= maxClosures; date = date.AddDays(1) {
		t := Times{calendar.FirstFrom(date, d.From, zone), calendar.DayBounds(date, zone).End}
		if d.To < calendar.DayMinutes {
			t.End = calendar.FirstFrom(date, d.To, zone)
		}
		if t.Begin.Before(t.End) {
			list = append(list, t)
		}
	}
	return list
}

// Part is one room at one of a closing's times.
type Part struct {
	Resource resources.Resource
	Times
	place resources.Place
	draft Reservation
}

// close takes the locks for all rooms at once, exclusively: nobody books,
// moves or decides in them until it is done.
func (w *work) close(ctx context.Context, c Closing) (ClosingReport, error) {
	var report ClosingReport
	reach, err := w.closingReach(ctx, c.Resources)
	if err != nil {
		return report, err
	}
	if err := w.lockUnits(ctx, reach.units); err != nil {
		return report, err
	}
	parts, err := w.closingParts(ctx, c, reach)
	if err != nil {
		return report, err
	}
	if err := w.tx.LockAtoms(ctx, reach.atoms, true); err != nil {
		return report, err
	}
	if report.Hits, err = w.hits(ctx, parts); err != nil {
		return report, err
	}
	if report.Denied, err = w.decideHits(ctx, c, report.Hits); err != nil {
		return report, err
	}
	for _, part := range parts {
		if c.OnHit == SkipHits && hitsPart(report.Hits, part) {
			report.Open = append(report.Open, part)
			continue
		}
		r := part.draft
		if err := w.decideAndTake(ctx, part.place, &r, asked{holder: holder{kind: HeldByNobody}, form: r.Form()}); err != nil {
			return report, err
		}
		report.Closed = append(report.Closed, r)
	}
	return report, nil
}

// closingParts reads the rooms and makes the closures, not yet written.
// Whoever may not book for one of the units is refused.
func (w *work) closingParts(ctx context.Context, c Closing, reach closingReach) ([]Part, error) {
	var parts []Part
	for _, id := range reach.rooms {
		place, err := w.Resources.PlaceByID(ctx, w.tx, id)
		if err != nil {
			return nil, err
		}
		h, err := w.holder(ctx, Holder{}, policies.Closure, place.Unit)
		if err != nil {
			return nil, err
		}
		for _, times := range c.Times {
			r := w.draft(place, policies.Closure)
			h.apply(&r)
			r.fill(policies.Form{Title: c.Title}, c.Reason)
			w.setTime(&r, place, times)
			parts = append(parts, Part{Resource: place.Resource, Times: times, place: place, draft: r})
		}
	}
	return parts, nil
}

// decideHits refuses, or denies what is hit and gives the numbers.
func (w *work) decideHits(ctx context.Context, c Closing, hits []Hit) ([]string, error) {
	var toDeny []Hit
	for _, hit := range hits {
		if !hit.Decide || c.OnHit == SkipHits {
			continue
		}
		if c.OnHit == RefuseHits || c.Agreed != nil && !slices.Contains(c.Agreed, hit.Card.Number) {
			return nil, &Blocked{hits, fault.New(fault.Conflict, "booking.closing_hits", fault.Params{"n": decisions(hits)})}
		}
		if !hit.deniable() {
			return nil, &Blocked{hits, fault.New(fault.Conflict, "booking.closing_kept")}
		}
		if !slices.ContainsFunc(toDeny, func(h Hit) bool { return h.Card.ID == hit.Card.ID }) {
			toDeny = append(toDeny, hit)
		}
	}
	return w.denyAll(ctx, toDeny, c.DenyReason)
}

// denyAll denies reservations whose atoms are locked, in the order of their
// rows, and tells each person once.
func (w *work) denyAll(ctx context.Context, hits []Hit, reason string) ([]string, error) {
	slices.SortFunc(hits, func(a, b Hit) int { return int(a.Card.ID - b.Card.ID) })
	w.together = &[]unsent{}
	var numbers []string
	for _, hit := range hits {
		number, err := w.denyHit(ctx, hit.Card, reason)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, number)
	}
	return numbers, w.postTogether(ctx, "closing.denied")
}

func (w *work) denyHit(ctx context.Context, card Card, reason string) (string, error) {
	var e edit
	var err error
	if e.place, err = w.Resources.PlaceByID(ctx, w.tx, card.Resource); err != nil {
		return "", err
	}
	if e.before, err = w.reread(ctx, card.ID); err != nil {
		return "", err
	}
	e.after = e.before
	w.decidedByActor(&e.after)
	if err := w.transit(ctx, &e, EventDeny, Change{ReasonText: reason}); err != nil {
		return "", err
	}
	return e.after.Number, w.record(ctx, &e.before, &e.after)
}
