package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
)

// problem is an error as the API sends it (RFC 9457).
type problem struct {
	Type         string            `json:"type" doc:"Always about:blank; code says more."`
	Title        string            `json:"title" doc:"The words of the status."`
	Status       int               `json:"status"`
	Detail       string            `json:"detail" doc:"What happened and what to do, for people, in the language of Accept-Language."`
	Code         string            `json:"code" doc:"What happened, for programs; never changes within v1."`
	Request      string            `json:"request,omitempty" doc:"The request in the server's log."`
	Errors       []problemField    `json:"errors,omitempty" doc:"What is wrong with which input."`
	Violations   []violationView   `json:"violations,omitempty" doc:"Every rule that says no."`
	Conflicts    []conflictView    `json:"conflicts,omitempty" doc:"What occupies the asked time; never whose it is."`
	Alternatives []alternativeView `json:"alternatives,omitempty" doc:"Up to five times that can be booked instead."`
	Hits         []hitView         `json:"hits,omitempty" doc:"Of a closing: what it meets."`
	Dates        []seriesDateView  `json:"dates,omitempty" doc:"Of a series: the dates that cannot be had, each with ways out."`
	headers      http.Header
}

type problemField struct {
	Field   string `json:"field" doc:"Name of the input, such as persons or body.begin."`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error is for logs.
func (p *problem) Error() string { return p.Code }

// GetStatus, GetHeaders and ContentType are what huma asks of an error.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders gives Retry-After.
func (p *problem) GetHeaders() http.Header { return p.headers }

// ContentType is that of RFC 9457.
func (p *problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// newProblem turns an error of the floors below into what the API sends; c may
// be nil when nobody is known yet.
func newProblem(c *call, err error) *problem {
	status, f := statusOf(err)
	say := locales.Printer{}
	p := &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: f.Code, headers: http.Header{}}
	if c != nil {
		say, p.Request = c.say, c.id
		if status >= http.StatusInternalServerError {
			c.server.logError(c.c, status, err)
		}
	}
	p.Detail = sentence(say, f.Kind, f.Code, f.Params)
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, problemField{field.Name, field.Code, sentence(say, f.Kind, field.Code, field.Params)})
	}
	if f.RetryAfter > 0 {
		p.headers.Set(fiber.HeaderRetryAfter, seconds(f.RetryAfter))
	}
	var refusal *booking.Refusal
	if errors.As(err, &refusal) {
		p.explain(say, refusal)
	}
	var series *booking.SeriesRefusal
	if errors.As(err, &series) {
		p.Dates = badDates(say, series.Preview.Dates)
	}
	var blocked *booking.Blocked
	if errors.As(err, &blocked) && c != nil {
		p.Hits = c.hits(blocked.Hits)
	}
	return p
}

func (p *problem) explain(say locales.Printer, refusal *booking.Refusal) {
	p.Violations = violationViews(say, refusal.Decision.Violations)
	p.Conflicts = conflictViews(say, refusal.Conflicts)
	p.Alternatives = alternativeViews(say, refusal.Alternatives)
	for _, v := range refusal.Decision.Violations {
		if field := v.Field(); field != "" && !v.Overridden {
			p.Errors = append(p.Errors, problemField{field, v.Code, sentence(say, fault.Refused, v.Code, v.Params)})
		}
	}
}

// answerProblem sends an error that no operation made: unknown address, wrong
// method, foreign origin.
func (s *Server) answerProblem(c *fiber.Ctx, err error) error {
	who, _ := c.Locals(callKey).(*call)
	if who == nil {
		who = &call{server: s, id: requestID(c), c: c}
		who.say = locales.New(acceptedLanguage(c.Get(fiber.HeaderAcceptLanguage)), s.Zone)
	}
	p := newProblem(who, err)
	for name, values := range p.headers {
		c.Set(name, values[0])
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, problemType)
	return c.Status(p.Status).Send(body)
}

// init gives huma's own errors – input that does not fit its schema – the same
// shape and language.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		var c *call
		if ctx != nil {
			c, _ = ctx.Context().Value(callKey).(*call)
		}
		return schemaProblem(c, status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return schemaProblem(nil, status, errs)
	}
}

func schemaProblem(c *call, status int, errs []error) *problem {
	kind := fault.New(fault.Invalid, "invalid")
	if known, ok := ofHTTP[status]; ok {
		kind = known
	} else if status >= http.StatusInternalServerError {
		kind = fault.Wrap(errors.Join(errs...), fault.Internal, "internal")
	}
	p := newProblem(c, kind)
	p.Status, p.Title = status, http.StatusText(status)
	for _, err := range errs {
		var detailed huma.ErrorDetailer
		if errors.As(err, &detailed) && kind.Kind != fault.Internal {
			d := detailed.ErrorDetail()
			p.Errors = append(p.Errors, problemField{d.Location, kind.Code, d.Message})
		}
	}
	return p
}

// violationView is one rule of a decision.
type violationView struct {
	Code       string `json:"code"`
	Rule       string `json:"rule" doc:"Name of the rule."`
	Value      any    `json:"value,omitempty" doc:"The rule's value: minutes, days, a number, a time or spans."`
	Asked      any    `json:"asked,omitempty" doc:"What was asked, in the same unit."`
	Message    string `json:"message,omitempty" doc:"For people; not kept with old decisions."`
	Overridden bool   `json:"overridden,omitempty" doc:"Staff booked in spite of it."`
}

func violationViews(say locales.Printer, violations []policies.Violation) []violationView {
	var views []violationView
	for _, v := range violations {
		view := violationView{Code: v.Code, Rule: v.Rule, Value: v.Value, Asked: v.Asked, Overridden: v.Overridden}
		if v.Params != nil {
			view.Message = sentence(say, fault.Refused, v.Code, v.Params)
		}
		views = append(views, view)
	}
	return views
}
