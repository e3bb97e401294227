package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

func (s *Server) addTimeOperations() {
	serve(s, operation{
		name: "resource-availability", method: http.MethodGet, path: "/resources/{id}/availability", who: anyone, tag: "Times",
		summary: "See when a room is free", more: "Hours, occupied times without anybody's name, gaps, and every start of the asked length with the reason why it cannot be had. At most 92 days.",
	}, readAvailability)
	serve(s, operation{
		name: "availability", method: http.MethodGet, path: "/availability", who: anyone, tag: "Times",
		summary: "Find rooms that are free on a day or on any day of a range",
		more:    "At most 92 days. Of a range longer than a week the starts are those of its first part that has any.",
	}, findAvailable)
	serve(s, operation{
		name: "first-free", method: http.MethodGet, path: "/first-free", who: anyone, tag: "Times",
		summary: "Find the first free time of each room",
		more:    "Up to two years ahead. begin and end are absent when there is none; closed tells that nothing on the asked dates is open for booking, whoever has booked what.",
	}, findFirst)
	serve(s, operation{
		name: "explain", method: http.MethodPost, path: "/explain", who: anyone, tag: "Times",
		summary: "Ask what the rules would say, without booking",
	}, explain)
}

type availabilityQuery struct {
	ByID
	From    calendar.Date `query:"from" required:"true" doc:"First local date, 2026-11-23."`
	To      calendar.Date `query:"to" doc:"Last local date; the first one by default."`
	Minutes int           `query:"minutes" minimum:"0" maximum:"1440" doc:"Length of the starts; the shortest by default."`
}

type hoursView struct {
	SpanView
	Kind string `json:"kind" enum:"open,reservable,core,closed"`
}

type busyView struct {
	SpanView
	Kind string `json:"kind" enum:"reservation,request,hold,offer,closure,buffer"`
}

type startView struct {
	SpanView
	Free    bool   `json:"free"`
	Code    string `json:"code,omitempty" doc:"Why not."`
	Message string `json:"message,omitempty"`
}

type availabilityView struct {
	Resource reference   `json:"resource"`
	Minutes  int         `json:"minutes"`
	Hours    []hoursView `json:"hours"`
	Busy     []busyView  `json:"busy"`
	Free     []SpanView  `json:"free"`
	Starts   []startView `json:"starts"`
}

func readAvailability(c *call, in *availabilityQuery) (*body[availabilityView], error) {
	place, err := c.place(in.ID)
	if err != nil {
		return nil, err
	}
	if in.To.IsZero() {
		in.To = in.From
	}
	outlook, err := c.server.Booking.Outlook(c.ctx, c.actor, place.Resource.UID, booking.Window{From: in.From, To: in.To, Minutes: in.Minutes})
	if err != nil {
		return nil, err
	}
	return &body[availabilityView]{c.availability(outlook, in.From, in.To)}, nil
}

// availability is an outlook cut to the asked dates.
func (c *call) availability(o booking.Outlook, from, to calendar.Date) availabilityView {
	s := c.server
	within := calendar.Interval{Begin: calendar.DayBounds(from, s.Zone).Begin, End: calendar.DayBounds(to, s.Zone).End}
	view := availabilityView{
		Resource: reference{o.Place.Resource.UID, o.Place.Resource.Slug, o.Place.Resource.Name}, Minutes: o.Minutes,
		Hours: []hoursView{}, Busy: []busyView{}, Starts: []startView{},
		Free: s.spans(calendar.Intersect(o.Free, []calendar.Interval{within})),
	}
	for _, h := range o.Hours {
		if part := h.Intersect(within); !part.IsEmpty() {
			view.Hours = append(view.Hours, hoursView{s.span(part.Begin, part.End), string(h.Kind)})
		}
	}
	for _, taken := range o.Taken() {
		part := calendar.Interval{Begin: taken.Begin, End: taken.End}.Intersect(within)
		if !part.IsEmpty() {
			view.Busy = append(view.Busy, busyView{s.span(part.Begin, part.End), taken.Kind})
		}
	}
	for _, start := range o.Starts {
		view.Starts = append(view.Starts, c.start(start))
	}
	return view
}

func (c *call) start(start booking.Start) startView {
	view := startView{SpanView: c.server.span(start.Begin, start.End), Free: start.Free, Code: start.Code}
	switch {
	case start.Code == policies.CodePast:
		view.Message = sentence(c.say, fault.Refused, start.Code, fault.Params{"begin": start.Begin, "earliest": c.now})
	case start.Code != "":
		view.Message = sentence(c.say, fault.Refused, start.Code, start.Params)
	}
	return view
}

// Asking is what a booking is asked with.
type Asking struct {
	Resource uuid.UUID `json:"resource" format:"uuid"`
	Begin    time.Time `json:"begin" doc:"With offset: 2026-12-01T18:00:00+02:00."`
	End      time.Time `json:"end"`
	Kind     string    `json:"kind,omitempty" enum:"ordinary,behalf,staff" doc:"behalf and staff are for the site's managers."`
	Filling
	Reason string `json:"reason,omitempty" doc:"Of staff who override a rule."`
}

// Filling is for whom and for what something is booked.
type Filling struct {
	Holder  *holderInput      `json:"holder,omitempty" doc:"For whom; the caller by default."`
	Title   string            `json:"title,omitempty"`
	Purpose string            `json:"purpose,omitempty"`
	Persons *int              `json:"persons,omitempty"`
	Answers map[string]string `json:"answers,omitempty" doc:"To the room's own questions."`
	Free    bool              `json:"free_of_charge,omitempty" doc:"Applies for free use of a place that charges; the site decides, and free_reason is needed."`
	FreeWhy string            `json:"free_reason,omitempty"`
	Terms   *bool             `json:"terms,omitempty" doc:"The terms were accepted; true by default, since whoever sends a booking accepts them."`
}

type holderInput struct {
	Kind  string    `json:"kind" enum:"person,association,unit"`
	ID    uuid.UUID `json:"id,omitempty" format:"uuid"`
	Email string    `json:"email,omitempty" maxLength:"254" doc:"Of a person, in place of id; for kind behalf only."`
	Name  string    `json:"name,omitempty" maxLength:"200" doc:"Of a person whom nobody knows by that address yet."`
}

func (a Asking) request() booking.Request {
	return booking.Request{
		Resource: a.Resource, Times: booking.Times{Begin: a.Begin, End: a.End}, Kind: policies.Kind(a.Kind), Reason: a.Reason,
		Form: a.form(), Holder: a.holder(),
	}
}

func (f Filling) form() policies.Form {
	return policies.Form{
		Title: f.Title, Purpose: f.Purpose, Persons: f.Persons, Answers: f.Answers, TermsAccepted: f.Terms == nil || *f.Terms,
		FreeOfCharge: f.Free, FreeReason: f.FreeWhy,
	}
}

func (f Filling) holder() booking.Holder {
	if f.Holder == nil {
		return booking.Holder{}
	}
	return booking.Holder{Kind: booking.HolderKind(f.Holder.Kind), UID: f.Holder.ID, Email: f.Holder.Email, Name: f.Holder.Name}
}

type explanationView struct {
	Decision     decisionView      `json:"decision"`
	Checks       []checkView       `json:"checks" doc:"Every check of the rules, also those that found nothing."`
	Conflicts    []conflictView    `json:"conflicts"`
	Alternatives []alternativeView `json:"alternatives"`
	Bookable     bool              `json:"bookable" doc:"The rules do not refuse it and nothing occupies the time."`
}

type checkView struct {
	Check      string          `json:"check"`
	Name       string          `json:"name"`
	Asked      string          `json:"asked" enum:"applies,override,not asked"`
	Passed     bool            `json:"passed"`
	Violations []violationView `json:"violations,omitempty"`
}

func explain(c *call, in *body[Asking]) (*body[explanationView], error) {
	found, err := c.server.Booking.Explain(c.ctx, c.actor, in.Body.request())
	if err != nil {
		return nil, err
	}
	return &body[explanationView]{c.explanation(found)}, nil
}

func (c *call) explanation(found booking.Explanation) explanationView {
	view := explanationView{
		Decision: decisionViewOf(c.say, found.Decision), Checks: []checkView{},
		Conflicts:    list(conflictViews(c.say, found.Conflicts)),
		Alternatives: list(alternativeViews(c.say, found.Alternatives)),
		Bookable:     found.Bookable(),
	}
	for _, answer := range found.Answers {
		view.Checks = append(view.Checks, checkView{
			Check: answer.Check, Name: c.say.Word("rule", answer.Check), Asked: string(answer.Asked), Passed: len(answer.Violations) == 0,
			Violations: violationViews(c.say, answer.Violations),
		})
	}
	return view
}
