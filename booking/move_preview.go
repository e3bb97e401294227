package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/policies"
	"vuoro/resources"
)

// MovePreview is what Move would make of a reservation. Of what Decision names,
// the overridden rules need a reason.
type MovePreview struct {
	Before       Reservation
	After        Reservation
	From         resources.Place
	To           resources.Place
	Decision     policies.Decision
	Conflicts    []Conflict
	Alternatives []Alternative // only where it cannot be moved
}

// Possible tells whether Move would do it, given a reason where one is needed.
func (p MovePreview) Possible() bool {
	return p.Decision.Verdict != policies.Refuse && len(p.Conflicts) == 0
}

// PreviewMove tells what Move would do, without locks and without writing. Its
// errors are those of Move, but a refusal is part of the answer.
func (s *Service) PreviewMove(ctx context.Context, actor accounts.Actor, c Change, to Times) (MovePreview, error) {
	to = to.truncated()
	if err := to.check(s.Now()); err != nil {
		return MovePreview{}, err
	}
	w := s.reading(actor)
	m, err := w.openMove(ctx, c)
	if err != nil {
		return MovePreview{}, err
	}
	if err := w.mayMove(m, c); err != nil {
		return MovePreview{}, err
	}
	m.after = w.moved(m, to)
	found := MovePreview{Before: m.before, From: m.from, To: m.place}
	if found.Decision, err = w.redecide(ctx, &m); err != nil {
		return found, err
	}
	found.After = m.after
	if found.Conflicts, err = w.conflicts(ctx, m.place, m.after); err != nil || found.Possible() {
		return found, err
	}
	ways, err := w.waysOut(ctx, m.wish(), []Times{to})
	if err == nil {
		found.Alternatives = ways[0]
	}
	return found, err
}
