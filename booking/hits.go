package booking

import (
	"cmp"
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// Hit is something that stands where one room is to be closed.
type Hit struct {
	Resource resources.Resource // the room that is to be closed
	Times                       // for which time
	Kind     string             // reservation, request, hold or closure
	Card     Card               // without names where Foreign
	Decide   bool               // it must be denied, or its room's time left open
	Foreign  bool               // of a unit that the actor does not decide for
}

// deniable tells whether the actor can deny it.
func (h Hit) deniable() bool {
	return !h.Foreign && (h.Card.State == Requested || h.Card.State == Confirmed)
}

func hitsPart(hits []Hit, part Part) bool {
	return slices.ContainsFunc(hits, func(h Hit) bool {
		return h.Decide && h.Resource.ID == part.Resource.ID && h.Times == part.Times
	})
}

// hits are what closures would meet: whoever holds the time, requests that
// compete for it without holding it, holds, and other closures. Holds of
// visitors who have not signed in give way and need no decision.
func (w *work) hits(ctx context.Context, parts []Part) ([]Hit, error) {
	var found []Hit
	var rows []Busy
	var competing []rivalRow
	for i, part := range parts {
		if i == 0 || parts[i-1].Resource.ID != part.Resource.ID {
			var err error
			if rows, competing, err = w.around(ctx, parts, part); err != nil {
				return nil, err
			}
		}
		for _, id := range part.meets(w, rows, competing) {
			found = append(found, Hit{Resource: part.Resource, Times: part.Times, Card: Card{Reservation: Reservation{ID: id}}})
		}
	}
	return w.nameHits(ctx, found)
}

// around reads once per room what lies near any of its parts.
func (w *work) around(ctx context.Context, parts []Part, of Part) ([]Busy, []rivalRow, error) {
	reach := of.draft.reach(w.Zone)
	for _, part := range parts {
		if part.Resource.ID == of.Resource.ID && part.End.After(reach.End) {
			reach.End = part.draft.reach(w.Zone).End
		}
	}
	rows, err := busyNow(ctx, w.tx, of.place.Needs, reach, w.now)
	if err != nil {
		return nil, nil, err
	}
	competing, err := w.rivals(ctx, of.Resource.ID, reach)
	return rows, competing, err
}

// meets gives the ids of the reservations that a part meets, once each.
func (p Part) meets(w *work, rows []Busy, competing []rivalRow) []int64 {
	var ids []int64
	for _, b := range inTheWay(p.place.Needs, rows, p.draft, w.Zone) {
		ids = append(ids, b.Reservation)
	}
	footprint := p.draft.footprint(w.Zone)
	for _, b := range rows {
		if b.Kind == policies.Closure && b.Interval().Overlaps(footprint) {
			ids = append(ids, b.Reservation)
		}
	}
	for _, r := range competing {
		if r.BeginAt.Before(footprint.End) && r.EndAt.After(footprint.Begin) {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// nameHits reads who it is that is hit, and tells what has to be decided.
func (w *work) nameHits(ctx context.Context, found []Hit) ([]Hit, error) {
	var ids db.Ints
	for _, hit := range found {
		ids = append(ids, hit.Card.ID)
	}
	cards := map[int64]Card{}
	for chunk := range slices.Chunk(ids, 1000) {
		list, err := readCards(ctx, w.tx, "r.id = ANY(CAST(@ids AS bigint[]))", map[string]any{"ids": chunk})
		if err != nil {
			return nil, err
		}
		for _, card := range list {
			cards[card.ID] = card
		}
	}
	for i := range found {
		found[i].is(cards[found[i].Card.ID], w.actor)
	}
	rank := map[int]int{}
	for _, hit := range found {
		if _, known := rank[hit.Resource.ID]; !known {
			rank[hit.Resource.ID] = len(rank)
		}
	}
	slices.SortStableFunc(found, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(rank[a.Resource.ID], rank[b.Resource.ID]), a.Begin.Compare(b.Begin),
			a.Card.BeginAt.Compare(b.Card.BeginAt), cmp.Compare(a.Card.ID, b.Card.ID))
	})
	return found, nil
}

func (h *Hit) is(card Card, actor accounts.Actor) {
	h.Foreign = !accounts.Can(actor, accounts.HandleReservation, accounts.Object{Unit: card.Unit})
	h.Kind, h.Decide = "reservation", true
	switch {
	case card.Kind == policies.Closure:
		h.Kind, h.Decide = "closure", false
	case card.State == Held:
		h.Kind, h.Decide = "hold", card.MadeBy != nil
	case card.State == Requested:
		h.Kind = "request"
	}
	if h.Foreign {
		card.Title, card.HolderName, card.AssociationName, card.MadeByName, card.MadeByEmail = "", "", "", "", ""
	}
	h.Card = card
}
