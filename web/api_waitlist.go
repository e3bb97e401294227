package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
)

func (s *Server) addWaitOperations() {
	add := func(name, method, path string, who audience, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: who, tag: "Wait list", summary: summary, more: more}
	}
	join := add("join-line", http.MethodPost, "/waitlist", signedIn, "Wait for a time that is taken",
		"The form is that of the booking which an accepted offer will be, so it is checked as for a booking. A free time is refused with waiting.free, a second wish for overlapping times of one resource with waiting.already. The line is served in the order of joining: freed time is held for the first whose whole wish is free, who has until answer_by.")
	join.status = http.StatusCreated
	serve(s, join, joinLine)
	serve(s, add("list-waits", http.MethodGet, "/waitlist", signedIn, "List what one waits for or is offered", "What is over is left out."), listWaits)
	serve(s, add("read-wait", http.MethodGet, "/waitlist/{id}", owner, "Read one wish", ""), readWait)
	leave := add("leave-line", http.MethodDelete, "/waitlist/{id}", owner, "Leave the line", "An open offer goes to the next in line at once. Leaving again changes nothing.")
	leave.status = http.StatusNoContent
	serve(s, leave, leaveLine)
	serve(s, add("accept-offer", http.MethodPost, "/waitlist/{id}/accept", owner, "Accept an offer",
		"The reservation is confirmed, or becomes a request, as any booking by its rules; lead times count from when the offer was made. Repeating it gives the same reservation. An offer that has run out is 410."), acceptOffer)
	serve(s, add("decline-offer", http.MethodPost, "/waitlist/{id}/decline", owner, "Decline an offer", "It goes to the next in line at once."), declineOffer)
}

type waitView struct {
	ID          uuid.UUID      `json:"id"`
	State       string         `json:"state" enum:"waiting,offered,served,left" doc:"left: given up, not answered in time, or the time came."`
	Place       int            `json:"place,omitempty" doc:"In the line for any of this time, 1 is first; only while waiting."`
	AnswerBy    *time.Time     `json:"answer_by,omitempty" doc:"Of an open offer."`
	Resource    reference      `json:"resource"`
	Unit        reference      `json:"unit"`
	Begin       time.Time      `json:"begin"`
	End         time.Time      `json:"end"`
	Association string         `json:"association,omitempty" doc:"For which one waits; empty for oneself."`
	SeriesDate  *calendar.Date `json:"series_date,omitempty" doc:"Of a date of a series: the local day that its rule gave."`
	Title       string         `json:"title"`
	Purpose     string         `json:"purpose"`
	Persons     *int           `json:"persons"`
	CreatedAt   time.Time      `json:"created_at"`
	Number      string         `json:"number,omitempty" doc:"Of the reservation that an accepted offer made."`
	Page        string         `json:"page"`
}

func (c *call) waiting(card booking.WaitCard) waitView {
	s, form := c.server, card.Wish.V
	span := s.span(card.BeginAt, card.EndAt)
	view := waitView{
		ID: card.UID, State: string(card.State), Begin: span.Begin, End: span.End, Association: card.AssociationName,
		Resource: reference{card.ResourceUID, card.ResourceSlug, card.ResourceName}, Unit: reference{card.UnitUID, card.UnitSlug, card.UnitName},
		Title: form.Title, Purpose: form.Purpose, Persons: form.Persons, CreatedAt: card.CreatedAt.In(s.Zone),
		Page: s.BaseURL + pathTo("wait", c.say.Lang, card.UID.String()),
	}
	switch {
	case card.Open(c.now):
		by := card.AnswerBy.In(s.Zone)
		view.AnswerBy = &by
	case card.Ended(c.now) && card.State != booking.Served:
		view.State = string(booking.Left)
	case card.State == booking.InLine:
		view.Place = card.Place
	case card.State == booking.Served:
		view.Number = card.Number
	}
	if !card.SeriesDate.IsZero() {
		view.SeriesDate = &card.SeriesDate
	}
	return view
}

type joinInput struct {
	Key  string `header:"Idempotency-Key" doc:"Chosen by the client; the same key never joins twice."`
	Body Asking
}

func joinLine(c *call, in *joinInput) (*body[waitView], error) {
	req := in.Body.request()
	if req.Kind != "" && req.Kind != "ordinary" {
		return nil, fault.InvalidField("kind", "waiting.ordinary_only")
	}
	var err error
	if req.Key, err = c.key("POST /waitlist", in.Key, in.Body); err != nil {
		return nil, err
	}
	made, err := c.server.Booking.JoinLine(c.ctx, c.actor, req)
	if err != nil {
		return nil, err
	}
	return c.waitByID(made.UID)
}

func listWaits(c *call, _ *struct{}) (*body[pageView[waitView]], error) {
	cards, err := c.server.Booking.Waits(c.ctx, c.actor)
	out := pageView[waitView]{Items: []waitView{}}
	for _, card := range cards {
		out.Items = append(out.Items, c.waiting(card))
	}
	return &body[pageView[waitView]]{out}, err
}

func (c *call) waitByID(uid uuid.UUID) (*body[waitView], error) {
	reader := c.actor
	reader.Scopes = nil // whoever may join is told what they joined
	card, err := c.server.Booking.WaitOf(c.ctx, reader, uid)
	if err != nil {
		return nil, err
	}
	return &body[waitView]{c.waiting(card)}, nil
}

func readWait(c *call, in *ByID) (*body[waitView], error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	card, err := c.server.Booking.WaitOf(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	return &body[waitView]{c.waiting(card)}, nil
}

func leaveLine(c *call, in *ByID) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err == nil {
		_, err = c.server.Booking.LeaveLine(c.ctx, c.actor, uid)
	}
	return nil, err
}

func acceptOffer(c *call, in *ByID) (*versioned, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	made, err := c.server.Booking.AcceptOffer(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	return c.made(made)
}

func declineOffer(c *call, in *ByID) (*body[waitView], error) {
	uid, err := c.uid(in.ID)
	if err == nil {
		_, err = c.server.Booking.DeclineOffer(c.ctx, c.actor, uid)
	}
	if err != nil {
		return nil, err
	}
	return c.waitByID(uid)
}
