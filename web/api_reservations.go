package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
)

func (s *Server) addReservationOperations() {
	serve(s, operation{
		name: "make-reservation", method: http.MethodPost, path: "/reservations", who: signedIn, tag: "Reservations", status: http.StatusCreated,
		summary: "Book, ask for, or hold a time",
		more:    "The rules of the place decide whether it is confirmed or becomes a request. hold keeps the time for ten minutes; a caller has one hold, and another one moves it. Managers of the site book for others with kind behalf and a holder: an association by id, or a person by id or by email with, if they are new, a name; it is confirmed at once, mails go to the holder, and a rule that is broken wants a reason. With kind staff and a holder of kind unit the site uses the room itself.",
	}, makeReservation)
	serve(s, operation{
		name: "list-reservations", method: http.MethodGet, path: "/reservations", who: signedIn, tag: "Reservations",
		summary: "List reservations", more: "mine: what the caller holds or has through an association. requests: what waits for a decision in the caller's units. unit: everything in one unit on one date, for its staff.",
	}, listReservations)
	serve(s, operation{
		name: "read-reservation", method: http.MethodGet, path: "/reservations/{ref}", who: viewers, tag: "Reservations",
		summary: "Read a reservation", more: "ref is the id or the number, V-2026-001000.",
	}, readReservation)
	serve(s, operation{
		name: "release-hold", method: http.MethodDelete, path: "/reservations/{ref}", who: holdOwner, tag: "Reservations", status: http.StatusNoContent,
		summary: "Give up a hold", more: "What is more than a hold is cancelled instead.",
	}, releaseReservation)
	s.addClosureOperations()
	s.addAffectedOperations()
}

type reservationView struct {
	ID        uuid.UUID         `json:"id"`
	Number    string            `json:"number"`
	State     string            `json:"state" enum:"held,requested,awaiting_payment,confirmed,denied,cancelled,expired"`
	Kind      string            `json:"kind" enum:"ordinary,behalf,staff,closure,seasonal"`
	Revision  int               `json:"revision" doc:"Send it as If-Match with every change."`
	Resource  reference         `json:"resource"`
	Unit      reference         `json:"unit"`
	Series    *turnOf           `json:"series,omitempty" doc:"Where it is a date of a series."`
	Begin     time.Time         `json:"begin"`
	End       time.Time         `json:"end"`
	HeldUntil *time.Time        `json:"held_until,omitempty"`
	Holder    holderView        `json:"holder"`
	Title     string            `json:"title"`
	Purpose   string            `json:"purpose"`
	Persons   *int              `json:"persons"`
	Oldest    *int              `json:"oldest_age,omitempty" doc:"Age in years of the oldest who takes part."`
	Answers   map[string]string `json:"answers"`
	Price     priceView         `json:"price"`
	Free      *freeView         `json:"free_of_charge,omitempty" doc:"Where free use was applied for."`
	Decision  decisionView      `json:"decision"`
	Reason    *reasonView       `json:"reason,omitempty"`
	CancelBy  *time.Time        `json:"cancel_by,omitempty" doc:"The holder's last moment to cancel or move."`
	FreeTill  *time.Time        `json:"cancel_free_till,omitempty" doc:"Until when cancelling costs nothing; absent = always."`
	LateFee   int               `json:"late_fee_cents" doc:"What cancelling costs the holder now; fee_cents of the cancellation."`
	Fee       *int              `json:"fee_cents,omitempty" doc:"What cancelling late, or not coming, has cost."`
	CheckIn   *checkInView      `json:"check_in,omitempty" doc:"Where the room asks for it, or somebody has checked in."`
	NoShow    bool              `json:"no_show" doc:"Nobody came; the time is free again."`
	MadeAt    time.Time         `json:"made_at"`
	ChangedAt time.Time         `json:"changed_at"`
	Page      string            `json:"page"`
	Calendar  string            `json:"calendar,omitempty" doc:"A signed address of its calendar file."`
}

type holderView struct {
	Kind string `json:"kind" enum:"nobody,unknown,person,association,unit" doc:"unknown: taken over from another system that does not say whose it is."`
	Name string `json:"name"`
}

// turnOf is a reservation's place in its series.
type turnOf struct {
	ID     uuid.UUID     `json:"id"`
	Number string        `json:"number"`
	Date   calendar.Date `json:"date" doc:"The local day that the series' rule gave; it stays when the reservation is moved."`
}

type freeView struct {
	Reason  string `json:"reason"`
	Granted *bool  `json:"granted" doc:"null until the site decides."`
}

type reasonView struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (c *call) reservation(card booking.Card) reservationView {
	s := c.server
	span := s.span(card.BeginAt, card.EndAt)
	view := reservationView{
		ID: card.UID, Number: card.Number, State: string(card.State), Kind: string(card.Kind), Revision: card.Revision,
		Resource: reference{card.ResourceUID, card.ResourceSlug, card.ResourceName},
		Unit:     reference{card.UnitUID, card.UnitSlug, card.UnitName},
		Begin:    span.Begin, End: span.End, Holder: holderView{string(card.HolderKind), card.HolderName},
		Title: card.Title, Purpose: card.Purpose, Persons: card.Persons, Oldest: card.OldestAge, Answers: card.Answers.V,
		Price:    priceView{Cents: card.PriceCents, Currency: currency, Lines: priceLineViews(c.say, card.PriceLines())},
		Decision: decisionViewOf(c.say, card.Verdict.V),
		MadeAt:   card.MadeAt.In(s.Zone), ChangedAt: card.ChangedAt.In(s.Zone),
		Page: s.BaseURL + pathTo("reservation", c.say.Lang, card.Number),
	}
	if card.SeriesUID != nil {
		view.Series = &turnOf{*card.SeriesUID, card.SeriesNumber, card.SeriesDate}
	}
	if card.HeldUntil != nil && card.State == booking.Held {
		until := card.HeldUntil.In(s.Zone)
		view.HeldUntil = &until
	}
	if card.FreeReason != "" {
		view.Free = &freeView{card.FreeReason, card.FreeGranted}
	}
	if card.ReasonCode != "" || card.ReasonText != "" {
		view.Reason = &reasonView{card.ReasonCode, card.ReasonText}
	}
	if notice := card.Notice(card.CancelMinutes); notice != nil && (card.State == booking.Confirmed || card.State == booking.Requested) {
		view.CancelBy = new(booking.CancelDeadline(card.Reservation, *notice).In(s.Zone))
		if free := card.FreeTill(); !free.IsZero() {
			view.FreeTill = new(free.In(s.Zone))
		}
	}
	view.LateFee, view.Fee = card.LateFee(c.now), card.FeeCents
	view.NoShow, view.CheckIn = card.NoShow, c.checkIn(card)
	if card.State == booking.Confirmed || card.State == booking.Requested {
		view.Calendar = s.BaseURL + pathTo("event-file", c.say.Lang, card.UID.String()) + "?signature=" + s.Booking.EventSignature(card)
	}
	return view
}

// versioned is an answer with its revision as entity tag.
type versioned struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     reservationView
}

// answer reads a reservation as the caller sees it.
func (c *call) answer(ref string) (*versioned, error) { return c.answerTo(c.actor, ref) }

func (c *call) answerTo(actor accounts.Actor, ref string) (*versioned, error) {
	card, err := c.server.Booking.Get(c.ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	return &versioned{ETag: `"` + strconv.Itoa(card.Revision) + `"`, Body: c.reservation(card)}, nil
}

type makeInput struct {
	Key    string `header:"Idempotency-Key" doc:"Chosen by the client; the same key never books twice."`
	Prefer string `header:"Prefer" doc:"return=minimal: a refusal comes sooner, without alternatives."`
	Body   struct {
		Asking
		Hold bool `json:"hold,omitempty" doc:"Keep the time for ten minutes."`
	}
}

// key names a write; two requests are the same when their bodies are.
func (c *call) key(route, chosen string, request any) (ledger.Key, error) {
	raw, err := json.Marshal(request)
	return ledger.Key{Actor: c.actor.Name(), Route: route, Key: chosen, Request: raw}, err
}

func makeReservation(c *call, in *makeInput) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	req := in.Body.request()
	if in.Body.Hold {
		held, err := c.server.Booking.Hold(c.ctx, c.actor, req.Resource, req.Times)
		if err != nil {
			return nil, err
		}
		return c.made(held)
	}
	req.NoAlternatives = strings.Contains(in.Prefer, "return=minimal")
	return c.book(req, "POST /reservations", in.Key, in.Body)
}

func (c *call) book(req booking.Request, route, key string, request any) (*versioned, error) {
	var err error
	if req.Key, err = c.key(route, key, request); err != nil {
		return nil, err
	}
	r, err := c.server.Booking.Book(c.ctx, c.actor, req)
	if err != nil {
		return nil, err
	}
	return c.made(r)
}

// made answers with what was just made.
func (c *call) made(r booking.Reservation) (*versioned, error) {
	out, err := c.answerTo(c.reader(), r.UID.String())
	if err == nil {
		out.Location = c.server.BaseURL + apiPrefix + "/reservations/" + r.UID.String()
	}
	return out, err
}

type ReservationRef struct {
	Ref string `path:"ref" maxLength:"40" doc:"Id or number."`
}

func readReservation(c *call, in *ReservationRef) (*versioned, error) { return c.answer(in.Ref) }

func releaseReservation(c *call, in *ReservationRef) (*struct{}, error) {
	return nil, c.server.Booking.Release(c.ctx, c.actor, in.Ref)
}

type reservationQuery struct {
	Paging
	Scope string        `query:"scope" enum:"mine,requests,unit" default:"mine"`
	State []string      `query:"state,explode" enum:"requested,awaiting_payment,confirmed,denied,cancelled,expired" doc:"Of mine: only these."`
	From  time.Time     `query:"from" doc:"Of mine: that end after."`
	To    time.Time     `query:"to" doc:"Of mine: that begin before."`
	Unit  string        `query:"unit" maxLength:"200" doc:"Of unit: its id or slug."`
	Date  calendar.Date `query:"date" doc:"Of unit: local date; today by default."`
}

func listReservations(c *call, in *reservationQuery) (*body[pageView[reservationView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	found, err := c.reservations(in)
	if err != nil {
		return nil, err
	}
	out := pageView[reservationView]{Items: []reservationView{}, Next: found.Next}
	for _, card := range found.Cards {
		out.Items = append(out.Items, c.reservation(card))
	}
	return &body[pageView[reservationView]]{out}, nil
}

func (c *call) reservations(in *reservationQuery) (booking.List, error) {
	page := booking.Page{Cursor: in.Cursor, Limit: in.Limit}
	switch in.Scope {
	case "requests":
		return c.server.Booking.Requests(c.ctx, c.actor, page)
	case "unit":
		unit, err := c.unit(in.Unit)
		if err != nil {
			return booking.List{}, err
		}
		if in.Date.IsZero() {
			in.Date = calendar.DateOf(c.now, c.server.Zone)
		}
		cards, err := c.server.Booking.UnitDay(c.ctx, c.actor, unit.ID, in.Date)
		return booking.List{Cards: cards}, err
	}
	filter := booking.MineFilter{From: in.From, To: in.To, Page: page}
	for _, state := range in.State {
		filter.States = append(filter.States, booking.State(state))
	}
	return c.server.Booking.Mine(c.ctx, c.actor, filter)
}

// revisionOf reads If-Match (RFC 9110 section 13.1.1): one revision, or "*"
// for whatever is there. Without it a change is not made.
func revisionOf(header string) (int, error) {
	if header == "" {
		return 0, fault.New(fault.Precondition, "precondition_missing")
	}
	if header == "*" {
		return 0, nil
	}
	n, err := strconv.Atoi(trimQuotes(header))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Stale, "stale")
	}
	return n, nil
}
