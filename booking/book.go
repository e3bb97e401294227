package booking

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// Request is what somebody asks for. Hold, when it is still there, is what the
// request completes; else the time is taken anew.
type Request struct {
	Resource uuid.UUID
	Hold     string // uid or number of a hold, "" = none
	Times
	Holder Holder
	Kind   policies.Kind // "" = ordinary
	Form   policies.Form
	Reason string // of staff, when a rule is overridden
	Key    ledger.Key

	// Terms are the versions of terms that were shown, as "key/version"; nil =
	// whatever is in force is accepted.
	Terms []string

	NoAlternatives bool // a refusal comes without them
}

// Book makes a reservation, confirmed or as a request, as the rule book says.
// Refusals are *Refusal; the person must be signed in. With a key that was used
// before it returns the reservation that was made then.
func (s *Service) Book(ctx context.Context, actor accounts.Actor, req Request) (Reservation, error) {
	if !actor.SignedIn() {
		return Reservation{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	req.Times = req.Times.truncated()
	if req.Kind == "" {
		req.Kind = policies.Ordinary
	}
	if err := checkForm(&req.Form); err != nil {
		return Reservation{}, err
	}
	if err := req.Times.check(s.Now()); err != nil {
		return Reservation{}, err
	}
	var made Reservation
	err := s.do(ctx, actor, func(w *work) error {
		out, replayed, err := ledger.Once(ctx, w.tx, req.Key, w.now, func() (out ledger.Outcome, err error) {
			made, err = w.book(ctx, req)
			return ledger.Outcome{Status: http.StatusCreated, Result: made.UID.String()}, err
		})
		// what became of a hold has columns that nobody asked for again
		if err == nil && (replayed || req.Hold != "") {
			made, err = find(ctx, w.tx, out.Result)
		}
		return err
	})
	if req.NoAlternatives {
		return made, err
	}
	return made, s.withAlternatives(ctx, actor, err, req.Times, func(w *work) (wish, error) { return w.wishOf(ctx, req) })
}

func (w *work) book(ctx context.Context, req Request) (Reservation, error) {
	old, err := w.ownHoldNamed(ctx, req.Hold)
	if err != nil {
		return Reservation{}, err
	}
	o, err := w.open(ctx, req, old)
	if err != nil {
		return Reservation{}, err
	}
	r, by := o.draft, asked{o.holder, req.Form, req.Terms}
	err = w.refuseTaken(ctx, o, func() (policies.Decision, error) { return w.decide(ctx, o.place, r, by) })
	if err != nil {
		return Reservation{}, err
	}
	if err := w.lockPeople(ctx, o.place, o.holder, r); err != nil {
		return Reservation{}, err
	}
	if err := w.lockTime(ctx, o.claims()...); err != nil {
		return Reservation{}, err
	}
	if err := w.yieldToLine(ctx, o.place, r); err != nil {
		return Reservation{}, err
	}
	// A hold that becomes a reservation keeps its number: the row is taken
	// over, only its occupancies are made anew.
	if len(old) > 0 {
		if err := w.takeOver(ctx, &r, old[0].reservation); err != nil {
			return Reservation{}, err
		}
	}
	err = w.decideAndTake(ctx, o.place, &r, by)
	return r, err
}

// ownHoldNamed is the actor's hold with this uid or number, alone in a list, or
// an empty list.
func (w *work) ownHoldNamed(ctx context.Context, ref string) ([]claim, error) {
	if ref == "" {
		return nil, nil
	}
	holds, err := w.ownHolds(ctx)
	for i, own := range holds {
		if own.reservation.UID.String() == ref || own.reservation.Number == ref {
			return holds[i : i+1], err
		}
	}
	return nil, err
}

// takeOver turns a draft into the row of the actor's hold and frees its time.
func (w *work) takeOver(ctx context.Context, r *Reservation, old Reservation) error {
	locked, err := w.reread(ctx, old.ID)
	if fault.Is(err, fault.NotFound) {
		return nil // swept a moment ago: the draft is booked as a new one
	}
	if err != nil {
		return err
	}
	if locked.State != Held {
		return fault.New(fault.Conflict, "booking.not_held", fault.Params{"state": string(locked.State)})
	}
	r.ID, r.UID, r.Number, r.MadeAt, r.Revision = locked.ID, locked.UID, locked.Number, locked.MadeAt, locked.Revision
	return w.vacate(ctx, locked.ID)
}

// asked is who asks and what they filled in.
type asked struct {
	holder
	form  policies.Form
	terms []string // versions that were shown
}

// decide counts what limits count and asks every rule.
func (w *work) decide(ctx context.Context, place resources.Place, r Reservation, by asked) (policies.Decision, error) {
	if err := w.addLimits(ctx, &by.holder, place, r); err != nil {
		return policies.Decision{}, err
	}
	q := w.question(place, r, by.holder)
	q.Form = by.form
	if _, err := w.countQuotas(ctx, &q, place, r, by.holder); err != nil {
		return policies.Decision{}, err
	}
	return policies.Decide(q), nil
}

func (w *work) decideAndTake(ctx context.Context, place resources.Place, r *Reservation, by asked) error {
	decision, err := w.decide(ctx, place, *r, by)
	if err != nil {
		return err
	}
	if err := overridesNeedReason(*r, decision); err != nil {
		return err
	}
	event := EventConfirm
	if decision.Verdict == policies.Approval && r.Kind == policies.Ordinary {
		event = EventRequest
	}
	existing := r.ID != 0
	r.State, r.HeldUntil = transitions[event].to, nil
	r.Occupies = occupies(r.State, decision.Competes)
	r.setDecision(decision)
	if err := w.take(ctx, place, r, decision); err != nil {
		return err
	}
	if existing {
		if err := w.update(ctx, r, heldColumns...); err != nil {
			return err
		}
	}
	if r.Kind == policies.Ordinary && by.form.TermsAccepted {
		if err := w.acceptTerms(ctx, []*Reservation{r}, by.terms); err != nil {
			return err
		}
	}
	return w.announce(ctx, place, *r, by.holder, event)
}

// heldColumns are what a hold gets when it becomes a reservation.
var heldColumns = []string{
	"resource", "unit", "begin_at", "end_at", "buffer_before", "buffer_after", "whole_day", "kind", "state", "occupies",
	"held_until", "holder_kind", "holder_person", "holder_association", "holder_unit", "made_by", "title", "purpose",
	"persons", "answers", "rule_book", "verdict", "price_cents", "price", "reason_text",
	"free_reason", "release_after_minutes", "oldest_age",
}

// announce writes what must go with a new reservation: change log, mails, audit.
func (w *work) announce(ctx context.Context, place resources.Place, r Reservation, h holder, event Event) error {
	if err := w.record(ctx, nil, &r); err != nil {
		return err
	}
	if err := w.mailHolder(ctx, place, r, "reservation."+string(event)); err != nil {
		return err
	}
	if err := w.mailStaff(ctx, place, r); err != nil {
		return err
	}
	w.audit(r, string(event), map[string]any{
		"number": r.Number, "begin": r.BeginAt, "end": r.EndAt, "holder": h.name, "title": r.Title,
		"purpose": r.Purpose, "persons": r.Persons, "rule_book": place.Book.Version, "reason": r.ReasonText,
		"free_reason": r.FreeReason,
	})
	return nil
}

// setDecision keeps what the rules said. Asking for free use of what is free
// already is asking for nothing; what staff granted stays granted.
func (r *Reservation) setDecision(decision policies.Decision) {
	r.Verdict, r.Price, r.PriceCents = db.AsJSON(decision), db.AsJSON(decision.Price), decision.Price.Cents
	switch free := r.PriceCents != nil && *r.PriceCents == 0; {
	case r.FreeGranted != nil && *r.FreeGranted:
		r.PriceCents = new(0)
	case free && r.FreeGranted == nil:
		r.FreeReason = ""
	}
}

func overridesNeedReason(r Reservation, decision policies.Decision) error {
	if r.Kind == policies.Ordinary || r.ReasonText != "" {
		return nil
	}
	for _, v := range decision.Violations {
		if v.Overridden {
			return fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": v.Code})
		}
	}
	return nil
}

func (r *Reservation) fill(form policies.Form, reason string) {
	r.Title, r.Purpose, r.Persons, r.ReasonText = form.Title, form.Purpose, form.Persons, reason
	r.OldestAge = form.OldestAge
	if form.FreeOfCharge && r.Kind == policies.Ordinary {
		r.FreeReason = form.FreeReason
	}
	r.Answers = db.AsJSON(form.Answers)
	if form.Answers == nil {
		r.Answers = db.AsJSON(map[string]string{})
	}
}
