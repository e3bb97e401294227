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
)

// Affected is a coming reservation that a change of hours or rules left outside.
// It stays valid until staff decide.
type Affected struct {
	Row      uuid.UUID // by which it is decided
	Change   uuid.UUID // all that one change left outside share it
	Cause    string    // hours or rules
	FoundAt  time.Time
	Outside  calendar.Interval // the first part of it that lies outside
	Minutes  int               // nominal, of all such parts
	Card     Card
	Proposal *Alternative // where to it could be moved by its holder's own rules; nil = nowhere near
}

// AffectedFilter narrows what waits. Zero does not.
type AffectedFilter struct {
	Unit   int
	Change uuid.UUID
	Skip   int
	Limit  int // 1–100
}

// AffectedList is what waits for a decision, by unit, the newest change first,
// then by begin.
type AffectedList struct {
	Rows  []Affected
	Total int // whatever Skip and Limit
}

// Affected lists what waits for a decision in the units that the actor works
// for, each with a proposal. No two proposals take the same time.
func (s *Service) Affected(ctx context.Context, actor accounts.Actor, f AffectedFilter) (AffectedList, error) {
	where, params, err := s.affectedParams(actor, f)
	if err != nil {
		return AffectedList{}, err
	}
	if f.Limit < 1 || f.Limit > maxPage {
		f.Limit = maxPage
	}
	params["most"], params["skip"] = f.Limit, max(f.Skip, 0)
	rows, err := affectedRows(ctx, s.DB, where, params)
	if err != nil || len(rows) == 0 {
		return AffectedList{}, err
	}
	list := AffectedList{Total: rows[0].Total}
	ids := db.Ints{}
	for _, row := range rows {
		ids = append(ids, row.Reservation)
	}
	cards, err := s.cards(ctx, "r.id = ANY(CAST(@ids AS bigint[]))", map[string]any{"ids": ids})
	if err != nil {
		return list, err
	}
	for _, row := range rows {
		if i := slices.IndexFunc(cards, func(c Card) bool { return c.ID == row.Reservation }); i >= 0 {
			a := row.affected()
			a.Card = cards[i]
			list.Rows = append(list.Rows, a)
		}
	}
	return list, s.reading(actor).propose(ctx, list.Rows)
}

// CountAffected counts what waits for a decision in the actor's units.
func (s *Service) CountAffected(ctx context.Context, actor accounts.Actor) (n int, err error) {
	where, params, err := s.affectedParams(actor, AffectedFilter{})
	if err != nil {
		return 0, err
	}
	err = s.DB.Query(ctx, &n, "SELECT count(*)"+affectedFrom+where, params)
	return n, err
}

// AffectedBy tells what a change left outside of a reservation that the actor
// has read; nil = nothing waits for a decision. It has no proposal.
func (s *Service) AffectedBy(ctx context.Context, card Card) (*Affected, error) {
	rows, err := affectedRows(ctx, s.DB, "f.state = 'open' AND r.id = @id AND r.end_at > @now",
		map[string]any{"id": card.ID, "now": s.Now(), "most": 1, "skip": 0})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	a := rows[0].affected()
	a.Card = card
	return &a, nil
}

// propose finds for each the best time that its holder could have instead.
func (w *work) propose(ctx context.Context, list []Affected) error {
	var given []Alternative
	for i := range list {
		card := list[i].Card
		want, err := w.wishInstead(ctx, card.Reservation)
		if err != nil {
			return err
		}
		found, err := w.waysOut(ctx, want, []Times{{card.BeginAt, card.EndAt}})
		if err != nil {
			return err
		}
		for _, a := range found[0] {
			if !slices.ContainsFunc(given, a.meets) {
				list[i].Proposal, given = &a, append(given, a)
				break
			}
		}
	}
	return nil
}

// meets tells whether two ways out are about the same room at the same time.
func (a Alternative) meets(b Alternative) bool {
	return a.Resource.ID == b.Resource.ID && a.Begin.Before(b.End) && b.Begin.Before(a.End)
}

// wishInstead is what the holder of a reservation would ask for elsewhere. What
// a season gave is asked for as staff would: its rules do not ask about hours.
func (w *work) wishInstead(ctx context.Context, r Reservation) (wish, error) {
	place, err := w.Resources.PlaceByID(ctx, w.tx, r.Resource)
	if err != nil {
		return wish{}, err
	}
	want := wish{place: place, by: asked{form: r.Form()}, kind: r.Kind, moving: r}
	if want.kind == policies.Seasonal {
		want.kind = policies.Behalf
	}
	want.by.form.TermsAccepted = true
	want.by.holder, err = w.holderOf(ctx, r, place.Unit)
	return want, err
}

// settle ends the wait of reservations that ended or are elsewhere now, because
// staff decided so or because somebody else did.
func (w *work) settle(ctx context.Context, before, after []Reservation) error {
	var ids db.Ints
	var words db.Strings
	for i, was := range before {
		r := after[i]
		moved := r.Resource != was.Resource || r.Interval() != was.Interval()
		word := ""
		switch stands := r.State == Requested || r.State == AwaitingPayment || r.State == Confirmed; {
		case stands && !moved:
			continue
		case !w.mayHandle(w.actor, was):
			word = "gone"
		case stands:
			word = "moved"
		default:
			word = "cancelled"
		}
		ids, words = append(ids, r.ID), append(words, word)
	}
	if len(ids) == 0 {
		return nil
	}
	done, err := w.settleRows(ctx, ids, words)
	w.settled += len(done)
	return err
}
