package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// turn is a reservation as quotas count it.
type turn struct {
	ID                int64
	Resource          int
	HolderPerson      *int64
	HolderAssociation *int64
	MadeBy            *int64
	NoShow            bool
	BeginAt           time.Time
	EndAt             time.Time
	Slug              string
	Unit              string
	Groups            db.Strings
	RuleBook          string
}

// tally is what holders and people have around some times, for quotas to count.
type tally []turn

// claimant is for whom a quota is counted: whose the reservation is, and the
// person who books.
type claimant struct {
	holder
	booker int64
}

// associationName is the name of the association, "" of a person.
func (c claimant) associationName() string {
	if c.association == nil {
		return ""
	}
	return c.name
}

// hasQuotas tells whether a rule of the book bounds how much somebody has.
func hasQuotas(book policies.Book) bool {
	return slices.ContainsFunc(book.Rules.Rules, func(r policies.Rule) bool { return len(r.Effects.Quotas) > 0 })
}

// tallyFor reads by one query what the quotas of places may count around some
// times, besides some reservations. Where no place has quotas it reads nothing.
func (w *work) tallyFor(ctx context.Context, places []resources.Place, by []claimant, times calendar.Interval, besides ...int64) (tally, error) {
	around, open, any := times, false, false
	for i := range places {
		for _, rule := range places[i].Book.Rules.Rules {
			for _, quota := range rule.Effects.Quotas {
				days := windowDays[quota.In]
				around.Begin = earlier(around.Begin, times.Begin.AddDate(0, 0, -days))
				around.End = later(around.End, times.End.AddDate(0, 0, days))
				open, any = open || quota.In == policies.InOpen, true
			}
		}
	}
	if !any {
		return nil, nil
	}
	return w.turns(ctx, by, around, open, besides)
}

// windowDays is how far a window reaches at most from a time in it.
var windowDays = map[string]int{
	policies.InDay: 2, policies.InSchoolDay: 2, policies.InWeek: 8, policies.InMonth: 32, policies.InSeason: 367,
}

// used counts for a quota what somebody has already.
func (t tally) used(b policies.Bound, place resources.Place, by claimant, now time.Time) policies.Used {
	used := policies.Used{Key: b.Key}
	for i := range t {
		if t[i].isOf(by, b.Per) && t[i].counts(b, place, now) {
			used.Minutes += int((t[i].EndAt.Sub(t[i].BeginAt) + time.Minute - 1) / time.Minute)
			used.Times++
		}
	}
	return used
}

// isOf tells whose quota a turn counts against. A person's own counts for them,
// an association's for the person who booked it.
func (t *turn) isOf(by claimant, per string) bool {
	switch {
	case per == policies.PerPerson && t.HolderPerson == nil:
		return t.MadeBy != nil && *t.MadeBy == by.booker
	case per == policies.PerPerson:
		return *t.HolderPerson == by.booker
	case by.association != nil:
		return t.HolderAssociation != nil && *t.HolderAssociation == *by.association
	}
	return by.person != nil && t.HolderPerson != nil && *t.HolderPerson == *by.person
}

// counts tells whether a turn lies in the set of resources and in the window.
func (t *turn) counts(b policies.Bound, place resources.Place, now time.Time) bool {
	over := b.Over.Holds(t.Slug, t.Unit, t.Groups, t.RuleBook == place.Resource.RuleBook)
	if b.Alone {
		over = t.Resource == place.Resource.ID
	}
	if b.In == policies.InOpen {
		return over && !t.NoShow && t.EndAt.After(now)
	}
	return over && b.Window.Holds(t.BeginAt)
}

// fill gives a question what its quotas have counted.
func (t tally) fill(q *policies.Question, place resources.Place, by claimant, now time.Time) []QuotaState {
	q.Who.Used = nil
	var states []QuotaState
	for _, bound := range policies.Quotas(*q) {
		used := t.used(bound, place, by, now)
		q.Who.Used = append(q.Who.Used, used)
		states = append(states, QuotaState{Bound: bound, Used: used, Holder: by.associationName()})
	}
	return states
}

// countQuotas gives a question about a reservation what its quotas have counted
// besides it, after the locks.
func (w *work) countQuotas(ctx context.Context, q *policies.Question, place resources.Place, r Reservation, h holder) ([]QuotaState, error) {
	if !h.counts() {
		return nil, nil
	}
	by := claimant{h, w.countedPerson(h, r)}
	t, err := w.tallyFor(ctx, []resources.Place{place}, []claimant{by}, r.Interval(), r.ID)
	if err != nil {
		return nil, err
	}
	return t.fill(q, place, by, w.now), nil
}

// counts tells whether there is somebody whose reservations can be counted.
func (h holder) counts() bool { return h.person != nil || h.association != nil }

// QuotasOf are the quotas that bind the actor and each association that they
// may book for, at a time in a place; none where nobody is signed in.
func (s *Service) QuotasOf(ctx context.Context, actor accounts.Actor, resource uuid.UUID, asked Times) ([]QuotaState, error) {
	w := s.reading(actor)
	place, err := s.visiblePlace(ctx, actor, resource, w.now)
	if err != nil || !hasQuotas(place.Book) || !actor.SignedIn() {
		return nil, err
	}
	first, err := w.holder(ctx, Holder{}, policies.Ordinary, place.Unit)
	if err != nil {
		return nil, err
	}
	holders, err := w.holdersWith(ctx, first, place.Unit)
	if err != nil {
		return nil, err
	}
	during := calendar.Interval{Begin: asked.Begin, End: asked.End}
	g, err := w.gateFor(ctx, []resources.Place{place}, holders, during, Reservation{})
	if err != nil || g == nil {
		return nil, err
	}
	q := place.Question(w.now, s.Zone)
	q.Asked, q.Hours = during, hoursAround(place, during, s.Zone)
	return g.states(q, place), nil
}

// states are the quotas of everybody for whom the gate was made.
func (g *gate) states(q policies.Question, place resources.Place) []QuotaState {
	var list []QuotaState
	for _, by := range g.by {
		q.Who = by.who
		list = append(list, g.fill(&q, place, by, g.now)...)
	}
	return list
}

// QuotaState is a quota that binds somebody at a time, and what they have of it.
type QuotaState struct {
	policies.Bound
	Used   policies.Used
	Holder string // name of the association; "" = the person
}

// MinutesLeft is how many minutes can still be booked; nil = not bounded.
func (q QuotaState) MinutesLeft() *int { return rest(q.Minutes, q.Used.Minutes) }

// TimesLeft is how many times can still be booked; nil = not bounded.
func (q QuotaState) TimesLeft() *int { return rest(q.Times, q.Used.Times) }

func rest(most *int, used int) *int {
	if most == nil {
		return nil
	}
	return new(max(*most-used, 0))
}

// gate keeps from those who look for a time what their quotas do not let them
// book. Who may book for associations is let through while one of them has room.
type gate struct {
	tally
	by  []claimant
	now time.Time
}

// gateFor is the gate of places for a person and their associations, or for the
// one holder of what is moved; nil where no quota binds.
func (w *work) gateFor(ctx context.Context, places []resources.Place, holders []holder, times calendar.Interval, moving Reservation) (*gate, error) {
	if !slices.ContainsFunc(places, func(p resources.Place) bool { return hasQuotas(p.Book) }) {
		return nil, nil
	}
	g := &gate{now: w.now}
	for _, h := range holders {
		if h.counts() {
			g.by = append(g.by, claimant{h, w.countedPerson(h, moving)})
		}
	}
	if len(g.by) == 0 {
		return nil, nil
	}
	var err error
	g.tally, err = w.tallyFor(ctx, places, g.by, times, moving.ID)
	return g, err
}

// full is the quota that leaves no room for the asked time, whatever will be
// filled in and for whom it will be; nil = there is room.
func (g *gate) full(q policies.Question, place resources.Place) *policies.Violation {
	if g == nil || !hasQuotas(q.Book) {
		return nil
	}
	q.Stage = policies.AtConfirm
	var first *policies.Violation
	for _, by := range g.by {
		q.Who = by.who
		for _, purpose := range append([]string{q.Form.Purpose}, place.Resource.Purposes...) {
			q.Form.Purpose = purpose
			g.fill(&q, place, by, g.now)
			over := overQuota(policies.Decide(q))
			if over == nil {
				return nil
			}
			if first == nil {
				first = over
			}
		}
	}
	return first
}

// overQuota is the first violation of a quota, or nil.
func overQuota(d policies.Decision) *policies.Violation {
	i := slices.IndexFunc(d.Violations, func(v policies.Violation) bool {
		return v.Code == policies.CodeQuota || v.Code == policies.CodeQuotaTimes
	})
	if i < 0 {
		return nil
	}
	return &d.Violations[i]
}
