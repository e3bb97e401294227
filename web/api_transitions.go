package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
)

func (s *Server) addTransitionOperations() {
	add := func(name string, who audience, summary, more string) operation {
		return operation{
			name: name + "-reservation", method: http.MethodPost, path: "/reservations/{ref}/" + name,
			who: who, tag: "Reservations", summary: summary, more: more,
		}
	}
	serve(s, add("extend", holdOwner, "Extend a hold once, by ten minutes", ""), extendReservation)
	serve(s, add("confirm", holdOwner, "Complete a hold", "What the room needs to know comes with it; the number stays."), confirmReservation)
	serve(s, add("move", holders, "Move to another time or room", "All checks of the new place are made again; number and calendar id stay. A holder moves within the site, what is free of charge and was not decided by staff."), moveReservation)
	serve(s, add("cancel", holders, "Cancel", "A holder gives reason_code, staff reason."), transition((*booking.Service).Cancel))
	serve(s, add("withdraw", holders, "Withdraw a request", ""), withdrawReservation)
	serve(s, add("approve", managers, "Approve a request", "Where free use was applied for, free says whether it is granted."), transition((*booking.Service).Approve))
	serve(s, add("deny", managers, "Deny a request, or a confirmed reservation", "reason is told to the holder."), transition((*booking.Service).Deny))
	serve(s, add("give-back", holders, "Give back in one step", "Cancels, or withdraws a request, with the reason given_back."), giveBackReservation)
	serve(s, add("check-in", holders, "Check in", "From 15 minutes before the begin. Staff also where the room does not ask for it, and afterwards."), transition((*booking.Service).CheckIn))
	serve(s, add("undo-check-in", managers, "Undo a check-in", ""), transition((*booking.Service).UndoCheckIn))
	serve(s, add("no-show", managers, "Mark as not used", "Of a confirmed reservation that has begun; its time is free at once."), transition((*booking.Service).NoShow))
	serve(s, add("undo-no-show", managers, "Undo a no-show", "They came after all: the time is taken again, 409 where somebody else has it."), transition((*booking.Service).UndoNoShow))
	serve(s, add("return", managers, "Put a decided reservation back among the requests", ""), transition((*booking.Service).Return))
}

type changeInput struct {
	ReservationRef
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on. Missing: 428, old: 412."`
	Body    *struct {
		ReasonCode string `json:"reason_code,omitempty" maxLength:"50" doc:"Of holders: plans_changed, given_back, found_other or other."`
		Reason     string `json:"reason,omitempty" doc:"In words."`
		FeeCents   int    `json:"fee_cents,omitempty" minimum:"0" doc:"Of a holder who cancels late: what they know that it costs, late_fee of the reservation. Less than it costs is 409, booking.fee_untold."`
		Free       *bool  `json:"free,omitempty" doc:"Of an approval: whether free use is granted; only and always where it was applied for."`
	}
}

func (in *changeInput) change() (booking.Change, error) {
	revision, err := revisionOf(in.IfMatch)
	change := booking.Change{Ref: in.Ref, Revision: revision}
	if in.Body != nil {
		change.ReasonCode, change.ReasonText, change.Free = in.Body.ReasonCode, in.Body.Reason, in.Body.Free
		change.Fee = in.Body.FeeCents
	}
	return change, err
}

type changing func(*booking.Service, context.Context, accounts.Actor, booking.Change) (booking.Reservation, error)

// transition is a handler of a use case that changes a state.
func transition(use changing) func(c *call, in *changeInput) (*versioned, error) {
	return func(c *call, in *changeInput) (*versioned, error) {
		if err := c.requireSignIn(); err != nil {
			return nil, err
		}
		change, err := in.change()
		if err != nil {
			return nil, c.visibleOr(in.Ref, err)
		}
		r, err := use(c.server.Booking, c.ctx, c.actor, change)
		if err != nil {
			return nil, err
		}
		return c.answer(r.UID.String())
	}
}

// visibleOr keeps a missing precondition from telling that a foreign
// reservation exists.
func (c *call) visibleOr(ref string, err error) error {
	if _, notSeen := c.server.Booking.Get(c.ctx, c.actor, ref); notSeen != nil {
		return notSeen
	}
	return err
}

// withdrawReservation is cancelling what is still a request, and only that.
func withdrawReservation(c *call, in *changeInput) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	card, err := c.server.Booking.Get(c.ctx, c.actor, in.Ref)
	if err != nil {
		return nil, err
	}
	if card.State != booking.Requested {
		return nil, fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(card.State)})
	}
	change, err := in.change()
	if err != nil {
		return nil, err
	}
	if change.Revision == 0 {
		change.Revision = card.Revision // what was seen to be a request
	}
	r, err := c.server.Booking.Cancel(c.ctx, c.actor, change)
	if err != nil {
		return nil, err
	}
	return c.answer(r.UID.String())
}

type moveInput struct {
	ReservationRef
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on."`
	Body    struct {
		Begin    time.Time `json:"begin"`
		End      time.Time `json:"end"`
		Resource uuid.UUID `json:"resource,omitempty" format:"uuid" doc:"Another room; the same by default."`
		Reason   string    `json:"reason,omitempty" doc:"Of staff who override a rule."`
		Use      *useInput `json:"use,omitempty" doc:"What is filled in anew, where the new place asks for it; as it was by default."`
	}
}

// useInput is what a move may fill in anew.
type useInput struct {
	Purpose string            `json:"purpose,omitempty"`
	Persons *int              `json:"persons,omitempty"`
	Oldest  *int              `json:"oldest_age,omitempty" minimum:"0" maximum:"120"`
	Answers map[string]string `json:"answers,omitempty" doc:"To the questions of the rules; as they were by default."`
}

func (u *useInput) form() *policies.Form {
	if u == nil {
		return nil
	}
	return &policies.Form{Purpose: u.Purpose, Persons: u.Persons, OldestAge: u.Oldest, Answers: u.Answers}
}

func moveReservation(c *call, in *moveInput) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	revision, err := revisionOf(in.IfMatch)
	if err != nil {
		return nil, c.visibleOr(in.Ref, err)
	}
	to := booking.Times{Begin: in.Body.Begin, End: in.Body.End}
	change := booking.Change{Ref: in.Ref, Revision: revision, Resource: in.Body.Resource, ReasonText: in.Body.Reason, Form: in.Body.Use.form()}
	r, err := c.server.Booking.Move(c.ctx, c.actor, change, to)
	if err != nil {
		return nil, err
	}
	return c.answer(r.UID.String())
}

func extendReservation(c *call, in *ReservationRef) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	r, err := c.server.Booking.ExtendHold(c.ctx, c.actor, in.Ref)
	if err != nil {
		return nil, err
	}
	return c.answer(r.UID.String())
}

type confirmInput struct {
	ReservationRef
	Key  string `header:"Idempotency-Key"`
	Body Filling
}

func confirmReservation(c *call, in *confirmInput) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	held, err := c.server.Booking.Get(c.ctx, c.actor, in.Ref)
	if err != nil {
		return nil, err
	}
	if held.State != booking.Held && in.Key == "" {
		return nil, fault.New(fault.Conflict, "booking.not_held", fault.Params{"state": string(held.State)})
	}
	if held.State == booking.Held && !c.holds(held) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden") // staff see foreign holds
	}
	req := Asking{Resource: held.ResourceUID, Begin: held.BeginAt, End: held.EndAt, Kind: string(policies.Ordinary), Filling: in.Body}.request()
	req.Hold = held.UID.String()
	return c.book(req, "POST /reservations/"+held.UID.String()+"/confirm", in.Key, in.Body)
}

// holds tells whether a hold is the caller's: by person or by browser.
func (c *call) holds(card booking.Card) bool {
	byPerson := card.MadeBy != nil && *card.MadeBy == c.actor.ID()
	return byPerson || card.Session != nil && *card.Session == c.actor.Session
}

func trimQuotes(tag string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
}
