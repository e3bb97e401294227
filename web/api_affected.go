package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
)

// What changes of hours left outside, for programs of staff.

func (s *Server) addAffectedOperations() {
	serve(s, operation{
		name: "list-affected", method: http.MethodGet, path: "/units/{id}/affected", who: unitStaff, tag: "Reservations",
		summary: "List the reservations that a change of hours left outside",
		more: "They stay valid until staff decide. Each has the first part outside, the minutes of all of them, " +
			"and a time that its holder could have instead.",
	}, listAffected)
	serve(s, operation{
		name: "decide-affected", method: http.MethodPost, path: "/units/{id}/affected/decide", who: managers, tag: "Reservations",
		summary: "Decide about reservations that a change of hours left outside",
		more: "Keep, cancel or move: those in rows, or all of the site (of one change). Cancelling needs a reason and sends one message per person, " +
			"however many of theirs there are. A move is of one row. All in one transaction; what others decided meanwhile is left out, " +
			"and 409 when that is everything.",
	}, decideAffected)
}

type affectedInput struct {
	ByID
	Change uuid.UUID `query:"change" doc:"Only what this change left outside."`
	Skip   int       `query:"skip" minimum:"0" doc:"So many rows stand before."`
	Limit  int       `query:"limit" minimum:"1" maximum:"100" default:"100"`
}

type affectedListView struct {
	Items []affectedView `json:"items" doc:"The newest change first, then by begin."`
	Total int            `json:"total" doc:"Of all pages."`
}

type affectedView struct {
	Row         uuid.UUID `json:"row" doc:"By which it is decided."`
	Change      uuid.UUID `json:"change" doc:"What one change left outside shares it."`
	Cause       string    `json:"cause" enum:"hours,rules"`
	FoundAt     time.Time `json:"found_at"`
	Reservation uuid.UUID `json:"reservation"`
	Number      string    `json:"number"`
	Revision    int       `json:"revision"`
	Resource    reference `json:"resource"`
	Holder      string    `json:"holder"`
	Title       string    `json:"title"`
	SpanView
	Outside  SpanView          `json:"outside" doc:"The first part outside."`
	Minutes  int               `json:"minutes" doc:"Of all parts outside, as clocks show them."`
	Proposal []alternativeView `json:"proposal" doc:"One time that its holder could have, or none."`
}

// unitOfStaff is a unit that the caller works for.
func (c *call) unitOfStaff(ref string) (int, error) {
	if err := c.requireSignIn(); err != nil {
		return 0, err
	}
	unit, err := c.unit(ref)
	if err == nil && !accounts.Can(c.actor, accounts.ViewUnitWork, accounts.Object{Unit: unit.ID}) {
		err = fault.New(fault.NotFound, "unit.not_found")
	}
	return unit.ID, err
}

func listAffected(c *call, in *affectedInput) (*body[affectedListView], error) {
	unit, err := c.unitOfStaff(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := c.server.Booking.Affected(c.ctx, c.actor, booking.AffectedFilter{Unit: unit, Change: in.Change, Skip: in.Skip, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := affectedListView{Items: []affectedView{}, Total: found.Total}
	for _, a := range found.Rows {
		view := affectedView{
			Row: a.Row, Change: a.Change, Cause: a.Cause, FoundAt: a.FoundAt.In(c.server.Zone), Reservation: a.Card.UID, Number: a.Card.Number,
			Revision: a.Card.Revision, Resource: reference{a.Card.ResourceUID, a.Card.ResourceSlug, a.Card.ResourceName}, Holder: a.Card.HolderName,
			Title: a.Card.Title, SpanView: c.server.span(a.Card.BeginAt, a.Card.EndAt), Outside: c.server.span(a.Outside.Begin, a.Outside.End),
			Minutes: a.Minutes, Proposal: []alternativeView{},
		}
		if a.Proposal != nil {
			view.Proposal = alternativeViews(c.say, []booking.Alternative{*a.Proposal})
		}
		out.Items = append(out.Items, view)
	}
	return &body[affectedListView]{out}, nil
}

type affectedDecision struct {
	ByID
	Body struct {
		Verdict  string      `json:"verdict" enum:"keep,cancel,move"`
		Rows     []uuid.UUID `json:"rows,omitempty" maxItems:"1000" doc:"Without rows all are meant, and agreed says how many the caller saw."`
		Agreed   int         `json:"agreed,omitempty" minimum:"0" doc:"When there are more by now it is 409."`
		Change   uuid.UUID   `json:"change,omitzero" doc:"Of all: only what this change left outside."`
		Reason   string      `json:"reason,omitempty" doc:"Told to the holders; a cancellation needs one, and a move that overrides a rule."`
		Resource uuid.UUID   `json:"resource,omitzero" doc:"Of a move: where to. The same room by default."`
		Revision int         `json:"revision,omitempty" doc:"Of a move: what it is based on."`
		Begin    time.Time   `json:"begin,omitzero"`
		End      time.Time   `json:"end,omitzero"`
	}
}

type affectedDecided struct {
	Numbers []string `json:"numbers" doc:"Numbers of the reservations that were decided about."`
}

func decideAffected(c *call, in *affectedDecision) (*body[affectedDecided], error) {
	unit, err := c.unitOfStaff(in.ID)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(c.actor, accounts.HandleReservation, accounts.Object{Unit: unit}) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	b, out := in.Body, affectedDecided{}
	choice := booking.AffectedChoice{AffectedFilter: booking.AffectedFilter{Unit: unit, Change: b.Change}, Rows: b.Rows, Agreed: b.Agreed}
	switch b.Verdict {
	case "keep":
		out.Numbers, err = c.server.Booking.KeepAffected(c.ctx, c.actor, choice)
	case "cancel":
		out.Numbers, err = c.server.Booking.CancelAffected(c.ctx, c.actor, choice, b.Reason)
	default:
		if len(b.Rows) != 1 {
			return nil, fault.InvalidField("rows", "affected.one_row")
		}
		change := booking.Change{Ref: b.Rows[0].String(), Revision: b.Revision, Resource: b.Resource, ReasonText: b.Reason}
		var moved booking.Reservation
		moved, err = c.server.Booking.MoveAffected(c.ctx, c.actor, change, booking.Times{Begin: b.Begin, End: b.End})
		out.Numbers = []string{moved.Number}
	}
	if err != nil {
		return nil, err
	}
	return &body[affectedDecided]{out}, nil
}
