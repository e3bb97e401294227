package web

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
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
	Quotas   []quotaView `json:"quotas" doc:"That bind the caller and their associations at the first start that is to come; none without a token."`
}

// quotaView is what somebody has of a quota and what is left.
type quotaView struct {
	Key         string    `json:"key"`
	Holder      string    `json:"holder,omitempty" doc:"Name of the association; absent for the caller in person."`
	Per         string    `json:"per" enum:"holder,person"`
	In          string    `json:"in" enum:"day,school_day,week,month,season,open"`
	Window      *SpanView `json:"window,omitempty" doc:"In which is counted; of open all that is not over."`
	Minutes     *int      `json:"limit_minutes,omitempty"`
	MinutesUsed int       `json:"used_minutes"`
	MinutesLeft *int      `json:"left_minutes,omitempty"`
	Times       *int      `json:"limit_times,omitempty"`
	TimesUsed   int       `json:"used_times"`
	TimesLeft   *int      `json:"left_times,omitempty"`
	Message     []string  `json:"message"`
}

func (c *call) quotas(states []booking.QuotaState) []quotaView {
	views := []quotaView{}
	for _, q := range states {
		view := quotaView{
			Key: q.Key, Holder: q.Holder, Per: cmp.Or(q.Per, policies.PerHolder), In: q.In, Minutes: q.Minutes, MinutesUsed: q.Used.Minutes, MinutesLeft: q.MinutesLeft(),
			Times: q.Times, TimesUsed: q.Used.Times, TimesLeft: q.TimesLeft(), Message: list(quotaLine(c.say, c.now, q)),
		}
		if !q.Window.IsEmpty() {
			view.Window = new(c.server.span(q.Window.Begin, q.Window.End))
		}
		views = append(views, view)
	}
	return views
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
		Free: s.spans(calendar.Intersect(o.Free, []calendar.Interval{within})), Quotas: c.quotas(o.Quotas),
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
	Oldest  *int              `json:"oldest_age,omitempty" minimum:"0" maximum:"120" doc:"Age in years of the oldest who takes part."`
	Answers map[string]string `json:"answers,omitempty" doc:"To the questions of the room and its rules, by key: yes or no, a value, values joined by commas, a number, or text."`
	Free    bool              `json:"free_of_charge,omitempty" doc:"Applies for free use of a place that charges; the site decides, and free_reason is needed."`
	FreeWhy string            `json:"free_reason,omitempty"`
	Terms   *bool             `json:"terms,omitempty" doc:"The terms were accepted; true by default, since whoever sends a booking accepts them."`
	Shown   []string          `json:"terms_shown,omitempty" maxItems:"20" doc:"The versions that were accepted, as key/version; another version in force is 422. By default those in force."`
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
		Form: a.form(), Holder: a.holder(), Terms: a.Shown,
	}
}

func (f Filling) form() policies.Form {
	return policies.Form{
		Title: f.Title, Purpose: f.Purpose, Persons: f.Persons, OldestAge: f.Oldest, Answers: f.Answers, TermsAccepted: f.Terms == nil || *f.Terms,
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
	Rules        []ruleAnswerView  `json:"rules" doc:"What each rule of the book said, in its order."`
	Quotas       []quotaView       `json:"quotas" doc:"That bind the holder at that time, without what is asked for."`
	Terms        []termsView       `json:"terms" doc:"That must be accepted, in the versions in force."`
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
	view := c.explanation(found)
	terms, err := c.server.Resources.TermsInForce(c.ctx, c.server.DB, found.Decision.Terms)
	for _, t := range terms {
		view.Terms = append(view.Terms, c.terms(t.Key, t.Version, t.Title))
	}
	return &body[explanationView]{view}, err
}

// ruleAnswerView is what one rule said. Shadowed effects are those that a rule
// above decided already.
type ruleAnswerView struct {
	Rule       string          `json:"rule"`
	Note       locales.Texts   `json:"note"`
	Holds      bool            `json:"holds"`
	Decides    []string        `json:"decides"`
	Shadowed   []string        `json:"shadowed"`
	Conditions []conditionView `json:"conditions"`
}

type conditionView struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
	Value any    `json:"value"`
	Asked any    `json:"asked" doc:"null = not known."`
}

func ruleAnswerViews(answers []policies.RuleAnswer) []ruleAnswerView {
	views := []ruleAnswerView{}
	for _, a := range answers {
		view := ruleAnswerView{
			Rule: a.Rule, Note: locales.Texts(a.Note), Holds: a.Holds, Decides: list(a.Decides), Shadowed: list(a.Shadowed), Conditions: []conditionView{},
		}
		for _, x := range a.Conditions {
			view.Conditions = append(view.Conditions, conditionView{x.Name, x.Holds, x.Value, x.Asked})
		}
		views = append(views, view)
	}
	return views
}

// termsView is a version of terms with the address of its page.
type termsView struct {
	Key     string        `json:"key"`
	Version int           `json:"version"`
	Title   locales.Texts `json:"title"`
	Page    string        `json:"page"`
}

func (c *call) terms(key string, version int, title locales.Texts) termsView {
	return termsView{key, version, title, c.server.BaseURL + pathTo("terms-version", c.say.Lang, key, strconv.Itoa(version))}
}

func (c *call) explanation(found booking.Explanation) explanationView {
	view := explanationView{
		Decision: decisionViewOf(c.say, found.Decision), Checks: []checkView{},
		Conflicts:    list(conflictViews(c.say, found.Conflicts)),
		Alternatives: list(alternativeViews(c.say, found.Alternatives)),
		Bookable:     found.Bookable(), Rules: ruleAnswerViews(found.Rules), Quotas: c.quotas(found.Quotas), Terms: []termsView{},
	}
	for _, answer := range found.Answers {
		view.Checks = append(view.Checks, checkView{
			Check: answer.Check, Name: c.say.Word("rule", answer.Check), Asked: string(answer.Asked), Passed: len(answer.Violations) == 0,
			Violations: violationViews(c.say, answer.Violations),
		})
	}
	return view
}
