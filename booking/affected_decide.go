package booking

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// maxAffected bounds how many are decided in one transaction.
const maxAffected = 1000

// hoursCancelled is the topic of the one mail about several reservations that
// were cancelled because hours changed.
const hoursCancelled = "hours.cancelled"

// reasonHoursChanged is why staff cancel what lies outside.
const reasonHoursChanged = "hours_changed"

// AffectedChoice names what is decided: Rows, or all that the filter leaves.
// Then Agreed is how many somebody saw; when there are more it is a Conflict,
// affected.more.
type AffectedChoice struct {
	AffectedFilter
	Rows   []uuid.UUID // nil = all
	Agreed int
}

// KeepAffected lets reservations stand although they lie outside, and gives
// their numbers. What others decided meanwhile is left out; when that is all it
// is a Conflict, affected.decided.
func (s *Service) KeepAffected(ctx context.Context, actor accounts.Actor, choice AffectedChoice) ([]string, error) {
	return s.decideAffected(ctx, actor, choice, func(w *work, list []Reservation) error {
		var ids db.Ints
		var words db.Strings
		for _, r := range list {
			ids, words = append(ids, r.ID), append(words, "kept")
		}
		if _, err := w.settleRows(ctx, ids, words); err != nil {
			return err
		}
		for _, r := range list {
			w.audit(r, "kept", nil)
		}
		return nil
	})
}

// CancelAffected cancels reservations that lie outside with one reason in words,
// and gives their numbers. Each person gets one mail, however many of theirs
// there are. What others decided meanwhile is left out, as KeepAffected does.
func (s *Service) CancelAffected(ctx context.Context, actor accounts.Actor, choice AffectedChoice, reason string) ([]string, error) {
	reason, err := checkReason(reason, true)
	if err != nil {
		return nil, err
	}
	return s.decideAffected(ctx, actor, choice, func(w *work, list []Reservation) error {
		return w.cancelAll(ctx, list, reason)
	})
}

// MoveAffected moves one reservation that lies outside, as Move does; Ref of the
// change is its row. When somebody has decided meanwhile it is a Conflict,
// affected.decided.
func (s *Service) MoveAffected(ctx context.Context, actor accounts.Actor, c Change, to Times) (Reservation, error) {
	row, err := uuid.Parse(c.Ref)
	if err != nil {
		return Reservation{}, affectedDecided()
	}
	list, err := s.reading(actor).chosen(ctx, AffectedChoice{Rows: []uuid.UUID{row}})
	if err != nil {
		return Reservation{}, err
	}
	c.Ref = list[0].Number
	return s.moveAnd(ctx, actor, c, to, func(w *work) error {
		if w.settled != 1 {
			return affectedDecided()
		}
		return nil
	})
}

func affectedDecided() error { return fault.New(fault.Conflict, "affected.decided") }

// decideAffected locks what was chosen, exclusively by its atoms, and lets
// decide see what still waits, in the order of the rows.
func (s *Service) decideAffected(ctx context.Context, actor accounts.Actor, choice AffectedChoice, decide func(w *work, list []Reservation) error) ([]string, error) {
	var numbers []string
	err := s.do(ctx, actor, func(w *work) error {
		numbers = nil
		list, err := w.chosen(ctx, choice)
		if err != nil {
			return err
		}
		if list, err = w.lockChosen(ctx, list); err != nil {
			return err
		}
		for _, r := range list {
			numbers = append(numbers, r.Number)
		}
		return decide(w, list)
	})
	return numbers, err
}

// chosen are the reservations of a choice that the actor may decide about.
func (w *work) chosen(ctx context.Context, choice AffectedChoice) ([]Reservation, error) {
	if !w.actor.SignedIn() {
		return nil, fault.New(fault.Unauthenticated, "auth.required")
	}
	where, params, err := w.affectedParams(w.actor, choice.AffectedFilter)
	if err != nil {
		return nil, err
	}
	if choice.Rows != nil {
		rows := db.Strings{}
		for _, row := range choice.Rows {
			rows = append(rows, row.String())
		}
		where, params["rows"] = where+" AND f.uid = ANY(CAST(@rows AS uuid[]))", rows
	}
	var list []Reservation
	params["most"] = maxAffected + 1
	err = w.tx.Query(ctx, &list, "SELECT r.*"+affectedFrom+where+" ORDER BY r.id LIMIT @most", params)
	if err != nil {
		return nil, err
	}
	seen := len(list)
	list = slices.DeleteFunc(list, func(r Reservation) bool { return !w.mayHandle(w.actor, r) })
	switch {
	case len(list) == 0 && seen > 0:
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	case len(list) == 0:
		return nil, affectedDecided()
	case len(list) > maxAffected:
		return nil, fault.New(fault.Invalid, "affected.too_many", fault.Params{"max": maxAffected})
	case choice.Rows == nil && len(list) > choice.Agreed:
		return nil, fault.New(fault.Conflict, "affected.more", fault.Params{"n": len(list)})
	}
	return list, nil
}

// lockChosen takes the locks in the order of the engine, and what still waits.
func (w *work) lockChosen(ctx context.Context, list []Reservation) ([]Reservation, error) {
	var units, atoms []int
	var ids db.Ints
	for _, r := range list {
		units, ids = append(units, r.Unit), append(ids, r.ID)
	}
	if err := w.lockUnits(ctx, units); err != nil {
		return nil, err
	}
	for _, id := range resourcesOf(list) {
		place, err := w.Resources.PlaceByID(ctx, w.tx, id)
		if err != nil {
			return nil, err
		}
		atoms = append(atoms, place.Atoms()...)
	}
	if err := w.tx.LockAtoms(ctx, atoms, true); err != nil {
		return nil, err
	}
	list, err := w.lockStanding(ctx, ids)
	if err != nil {
		return nil, err
	}
	open, err := w.stillOpen(ctx, ids)
	list = slices.DeleteFunc(list, func(r Reservation) bool { return !open[r.ID] })
	if err == nil && len(list) == 0 {
		err = affectedDecided()
	}
	return list, err
}

func resourcesOf(list []Reservation) []int {
	ids := make([]int, len(list))
	for i, r := range list {
		ids[i] = r.Resource
	}
	return ascending(ids)
}

// cancelAll cancels locked reservations in a few statements, and tells each
// person once.
func (w *work) cancelAll(ctx context.Context, before []Reservation, reason string) error {
	after := slices.Clone(before)
	for i := range after {
		r := &after[i]
		if _, err := r.next(cancelEvent(*r), w.now); err != nil {
			return err
		}
		r.State, r.Occupies, r.HeldUntil, r.ReasonCode, r.ReasonText = Cancelled, false, nil, reasonHoursChanged, reason
		r.stepped(w.now)
	}
	w.free(before...)
	if err := w.vacateAll(ctx, after); err != nil {
		return err
	}
	if err := w.updateStates(ctx, after); err != nil {
		return err
	}
	if err := w.recordAll(ctx, before, after); err != nil {
		return err
	}
	return w.tellCancelled(ctx, before, after)
}

func (w *work) tellCancelled(ctx context.Context, before, after []Reservation) error {
	w.together = &[]unsent{}
	places := map[int]resources.Place{}
	for i, r := range after {
		place, known := places[r.Resource]
		if !known {
			var err error
			if place, err = w.Resources.PlaceByID(ctx, w.tx, r.Resource); err != nil {
				return err
			}
			places[r.Resource] = place
		}
		event := cancelEvent(before[i])
		if err := w.mailHolder(ctx, place, r, mailTopic(event)); err != nil {
			return err
		}
		w.audit(r, string(event), map[string]any{"from": before[i].State, "to": r.State, "reason_code": r.ReasonCode, "reason": r.ReasonText})
	}
	return w.postTogether(ctx, hoursCancelled)
}
