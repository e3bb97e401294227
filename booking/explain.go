package booking

import (
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// Explanation is what Book would say, with every check's answer.
type Explanation struct {
	Decision     policies.Decision
	Answers      []policies.Answer
	Rules        []policies.RuleAnswer // of Book, in its order
	Book         policies.Rules
	Quotas       []QuotaState // that bind the holder at that time
	Conflicts    []Conflict
	Alternatives []Alternative // only where it cannot be booked
}

// Bookable tells whether a booking would be confirmed or become a request.
func (e Explanation) Bookable() bool {
	return e.Decision.Verdict != policies.Refuse && len(e.Conflicts) == 0
}

// Explain decides about a request as Book would, without locks and without
// writing. Nobody needs to be signed in: then only place and time are asked,
// as for a hold. The answer is as old as the moment it was given in.
func (s *Service) Explain(ctx context.Context, actor accounts.Actor, req Request) (Explanation, error) {
	req.Times = req.Times.truncated()
	if req.Kind == "" {
		req.Kind = policies.Ordinary
	}
	if err := checkForm(&req.Form); err != nil {
		return Explanation{}, err
	}
	if err := req.Times.check(s.Now()); err != nil {
		return Explanation{}, err
	}
	w := s.reading(actor)
	place, err := s.visiblePlace(ctx, actor, req.Resource, w.now)
	if err != nil {
		return Explanation{}, err
	}
	found, err := w.explain(ctx, place, req)
	if err != nil || found.Bookable() {
		return found, err
	}
	want, err := w.wishOf(ctx, req)
	if err != nil {
		return found, err
	}
	want.lacking = (&Refusal{Decision: found.Decision}).lacking()
	ways, err := w.waysOut(ctx, want, []Times{req.Times})
	if err == nil {
		found.Alternatives = ways[0]
	}
	return found, err
}

func (w *work) explain(ctx context.Context, place resources.Place, req Request) (Explanation, error) {
	if err := checkAnswers(req.Form, place.Book); err != nil {
		return Explanation{}, err
	}
	h, err := w.holder(ctx, req.Holder, req.Kind, place.Unit)
	if err != nil {
		return Explanation{}, err
	}
	r := w.drafted(place, h, req)
	if err := w.addLimits(ctx, &h, place, r); err != nil {
		return Explanation{}, err
	}
	q := w.question(place, r, h)
	q.Form = req.Form
	quotas, err := w.countQuotas(ctx, &q, place, r, h)
	if err != nil {
		return Explanation{}, err
	}
	if !h.who.Known && req.Kind == policies.Ordinary {
		q.Stage = policies.AtHold
	}
	found := Explanation{Decision: policies.Decide(q), Answers: policies.Explain(q), Rules: policies.ExplainRules(q), Book: q.Book.Rules, Quotas: quotas}
	found.Conflicts, err = w.conflicts(ctx, place, r)
	return found, err
}

// Taken are the occupied times of an outlook, once each and by begin, with the
// time that buffers add to them apart. Nobody's name is in it.
func (o Outlook) Taken() []Conflict {
	bare := map[int64][]calendar.Interval{}
	for _, b := range o.Busy {
		if !b.isBuffered() {
			bare[b.Reservation] = append(bare[b.Reservation], b.Interval())
		}
	}
	var taken []Conflict
	add := func(c Conflict) {
		if !slices.Contains(taken, c) { // a room of several atoms is taken once
			taken = append(taken, c)
		}
	}
	for _, b := range o.Busy {
		if !b.isBuffered() {
			add(b.conflict(b.Interval()))
			continue
		}
		for _, buffer := range calendar.Subtract([]calendar.Interval{b.Interval()}, calendar.Normalize(bare[b.Reservation])) {
			add(Conflict{Begin: buffer.Begin, End: buffer.End, Kind: "buffer"})
		}
	}
	slices.SortStableFunc(taken, func(a, b Conflict) int { return a.Begin.Compare(b.Begin) })
	return taken
}

// isBuffered: the row is a booking's time with its buffers.
func (b Busy) isBuffered() bool { return b.Side == sideWidened && b.Kind != policies.Closure }
