package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
)

func (s *Server) addClosureOperations() {
	serve(s, operation{
		name: "close-resources", method: http.MethodPost, path: "/closures", who: managers, tag: "Reservations", status: http.StatusCreated,
		summary: "Close rooms",
		more: "Each room is closed from begin to end, or between two times of day on every date of a range; all in one transaction. " +
			"With dry_run nothing is written and the answer lists what would be hit. on_hit says what becomes of the reservations that are hit: " +
			"refuse closes nothing (409 with every hit), deny denies them with deny_reason and one mail per person, skip leaves those rooms and times open. " +
			"Holds of visitors who have not signed in give way. Closures neither have nor respect set-up and clean-up times.",
	}, closeResources)
}

type closureInput struct {
	Key  string `header:"Idempotency-Key" doc:"Chosen by the client; the same key never closes twice."`
	Body struct {
		Resources  []uuid.UUID `json:"resources" minItems:"1" maxItems:"400"`
		Begin      time.Time   `json:"begin,omitzero" doc:"With end: one interval."`
		End        time.Time   `json:"end,omitzero"`
		Dates      *datesInput `json:"dates,omitempty" doc:"In place of begin and end: the same hours on several dates."`
		Title      string      `json:"title,omitempty"`
		Reason     string      `json:"reason,omitempty" doc:"For staff."`
		OnHit      string      `json:"on_hit,omitempty" enum:"refuse,deny,skip" doc:"refuse by default."`
		DenyReason string      `json:"deny_reason,omitempty" doc:"Told to everybody whose reservation is denied."`
		DryRun     bool        `json:"dry_run,omitempty"`
	}
}

type datesInput struct {
	First calendar.Date `json:"first" doc:"Local date, 2026-11-23."`
	Last  calendar.Date `json:"last" doc:"Included."`
	From  string        `json:"from" pattern:"^\\d\\d:\\d\\d$" doc:"Time of day, 08:00."`
	To    string        `json:"to" pattern:"^\\d\\d:\\d\\d$" doc:"Up to 24:00."`
}

func (d datesInput) times(zone *time.Location) ([]booking.Times, error) {
	from, err := calendar.ParseMinute(d.From)
	if err != nil {
		return nil, fault.InvalidField("from", "search.bad_time", fault.Params{"value": d.From})
	}
	to, err := calendar.ParseMinute(d.To)
	if err != nil {
		return nil, fault.InvalidField("to", "search.bad_time", fault.Params{"value": d.To})
	}
	if d.First.IsZero() || d.Last.Before(d.First) || to <= from {
		return nil, fault.InvalidField("to", "search.end_before_begin")
	}
	return booking.Daily{First: d.First, Last: d.Last, From: from, To: to}.Times(zone), nil
}

func (in *closureInput) closing(zone *time.Location) (booking.Closing, error) {
	b := in.Body
	c := booking.Closing{
		Resources: b.Resources, Times: []booking.Times{{Begin: b.Begin, End: b.End}}, Title: b.Title, Reason: b.Reason,
		OnHit: booking.OnHit(b.OnHit), DenyReason: b.DenyReason,
	}
	var err error
	if b.Dates != nil {
		c.Times, err = b.Dates.times(zone)
	}
	return c, err
}

type closureAnswer struct {
	Status int
	Body   closureView
}

type closureView struct {
	Closures  []reservationView `json:"closures" doc:"What was closed."`
	Denied    []string          `json:"denied" doc:"Numbers of the reservations that were denied."`
	Open      []openPartView    `json:"open" doc:"Rooms and times that were left open because something is there."`
	Hits      []hitView         `json:"hits"`
	Decisions int               `json:"decisions" doc:"How many reservations have to be decided about."`
}

type openPartView struct {
	Resource reference `json:"resource"`
	SpanView
}

type hitView struct {
	Resource reference `json:"resource" doc:"The room that is to be closed."`
	Closed   SpanView  `json:"closed" doc:"For which time."`
	Kind     string    `json:"kind" enum:"reservation,request,hold,closure"`
	Number   string    `json:"number"`
	SpanView
	Room    string `json:"room" doc:"Where it is: that room, or one that shares space with it."`
	Holder  string `json:"holder" doc:"Empty for closures, holds, and reservations of other sites."`
	Title   string `json:"title"`
	Decide  bool   `json:"decide" doc:"It stands in the way."`
	Foreign bool   `json:"foreign,omitempty" doc:"Of a site that the caller does not decide for."`
}

func (c *call) hits(hits []booking.Hit) []hitView {
	views := []hitView{}
	for _, h := range hits {
		room, _ := h.Card.ResourceName.In(c.say.Lang)
		views = append(views, hitView{
			Resource: reference{h.Resource.UID, h.Resource.Slug, h.Resource.Name}, Closed: c.server.span(h.Begin, h.End),
			Kind: h.Kind, Number: h.Card.Number, SpanView: c.server.span(h.Card.BeginAt, h.Card.EndAt),
			Room: room, Holder: h.Card.HolderName, Title: h.Card.Title, Decide: h.Decide, Foreign: h.Foreign,
		})
	}
	return views
}

func closeResources(c *call, in *closureInput) (*closureAnswer, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	closing, err := in.closing(c.server.Zone)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		found, err := c.server.Booking.PreviewClosing(c.ctx, c.actor, closing)
		return c.closing(http.StatusOK, found, err)
	}
	if closing.Key, err = c.key("POST /closures", in.Key, in.Body); err != nil {
		return nil, err
	}
	made, err := c.server.Booking.Close(c.ctx, c.actor, closing)
	return c.closing(http.StatusCreated, made, err)
}

func (c *call) closing(status int, report booking.ClosingReport, err error) (*closureAnswer, error) {
	if err != nil {
		return nil, err
	}
	view := closureView{
		Closures: []reservationView{}, Denied: list(report.Denied), Open: []openPartView{},
		Hits: c.hits(report.Hits), Decisions: report.Decisions(),
	}
	for _, r := range report.Closed {
		out, err := c.made(r)
		if err != nil {
			return nil, err
		}
		view.Closures = append(view.Closures, out.Body)
	}
	for _, part := range report.Open {
		view.Open = append(view.Open, openPartView{
			reference{part.Resource.UID, part.Resource.Slug, part.Resource.Name}, c.server.span(part.Begin, part.End),
		})
	}
	return &closureAnswer{status, view}, nil
}
