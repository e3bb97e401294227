package web

import (
	"errors"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// statuses is the one table from kinds to answers. Forms answer Stale with 409,
// since they have no precondition header.
var statuses = map[fault.Kind]int{
	fault.Internal:        fiber.StatusInternalServerError,
	fault.Invalid:         fiber.StatusUnprocessableEntity,
	fault.Malformed:       fiber.StatusBadRequest,
	fault.Unauthenticated: fiber.StatusUnauthorized,
	fault.Forbidden:       fiber.StatusForbidden,
	fault.NotFound:        fiber.StatusNotFound,
	fault.Conflict:        fiber.StatusConflict,
	fault.Stale:           fiber.StatusPreconditionFailed,
	fault.Precondition:    fiber.StatusPreconditionRequired,
	fault.Refused:         fiber.StatusUnprocessableEntity,
	fault.Gone:            fiber.StatusGone,
	fault.TooMany:         fiber.StatusTooManyRequests,
	fault.Unavailable:     fiber.StatusServiceUnavailable,
}

// usual is the sentence of a kind, for codes that have none of their own.
var usual = map[fault.Kind]string{
	fault.Internal:        "internal",
	fault.Invalid:         "invalid",
	fault.Malformed:       "malformed",
	fault.Unauthenticated: "auth.required",
	fault.Forbidden:       "auth.forbidden",
	fault.NotFound:        "not_found",
	fault.Conflict:        "stale",
	fault.Stale:           "stale",
	fault.Precondition:    "precondition_missing",
	fault.Refused:         "invalid",
	fault.Gone:            "gone",
	fault.TooMany:         "too_many",
	fault.Unavailable:     "busy",
}

// ofHTTP are the errors that the HTTP layer itself makes.
var ofHTTP = map[int]*fault.Error{
	fiber.StatusBadRequest:                  fault.New(fault.Malformed, "malformed"),
	fiber.StatusNotFound:                    fault.New(fault.NotFound, "not_found"),
	fiber.StatusMethodNotAllowed:            fault.New(fault.Malformed, "method_not_allowed"),
	fiber.StatusNotAcceptable:               fault.New(fault.Malformed, "not_acceptable"),
	fiber.StatusRequestTimeout:              fault.New(fault.Malformed, "malformed"),
	fiber.StatusRequestEntityTooLarge:       fault.New(fault.Malformed, "too_large"),
	fiber.StatusUnsupportedMediaType:        fault.New(fault.Malformed, "bad_type"),
	fiber.StatusRequestHeaderFieldsTooLarge: fault.New(fault.Malformed, "too_large"),
}

// statusOf is the status and fault of any error.
func statusOf(err error) (int, *fault.Error) {
	var http *fiber.Error
	if errors.As(err, &http) {
		if known, ok := ofHTTP[http.Code]; ok {
			return http.Code, known
		}
		return fiber.StatusInternalServerError, fault.Wrap(err, fault.Internal, "internal")
	}
	f := fault.As(err)
	return statuses[f.Kind], f
}

// sentence is what people are told about a code.
func sentence(say locales.Printer, kind fault.Kind, code string, params fault.Params) string {
	if !locales.Has(code) {
		return say.T(usual[kind])
	}
	return say.T(code, params)
}

// answerError turns every error into an answer: a page in the visitor's
// language, problem+json for the API, one line of text for programs.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	status, f := statusOf(err)
	if status == fiber.StatusRequestEntityTooLarge && takesUpload(c.Method(), c.Path()) {
		f = fault.New(fault.Malformed, "picture.too_large", fault.Params{"max": resources.MaxUpload >> 20})
	}
	s.logError(c, status, err)
	v, _ := c.Locals(visitKey).(*visit)
	if v == nil {
		v = &visit{c: c, server: s, ctx: c.UserContext(), now: s.Now()}
		v.speak()
	}
	c.Set(fiber.HeaderCacheControl, noStore)
	v.retryAfter(f.RetryAfter)
	switch {
	case strings.HasPrefix(c.Path(), "/api/v1"):
		return s.answerProblem(c, err)
	case v.route.bare:
		return c.Status(status).SendString(sentence(v.say, f.Kind, f.Code, f.Params) + "\n")
	case f.Kind == fault.Unauthenticated && c.Method() == fiber.MethodGet:
		return v.toSignIn()
	case f.Kind == fault.Stale:
		status = fiber.StatusConflict
	}
	c.Status(status)
	return v.showError(status, f)
}

// toSignIn sends a visitor to the sign-in and from there back.
func (v *visit) toSignIn() error {
	if v.wantsPart() {
		v.c.Set("HX-Redirect", v.signInHref())
		return v.c.SendStatus(fiber.StatusUnauthorized)
	}
	return v.redirect(v.signInHref())
}

// logError keeps the cause of what is our own fault; what visitors do wrong is
// in the request's line.
func (s *Server) logError(c *fiber.Ctx, status int, err error) {
	if status < fiber.StatusInternalServerError {
		return
	}
	s.Log.Error("failed", slog.String("id", requestID(c)), slog.String("route", c.Route().Path),
		slog.Int("status", status), slog.String("cause", err.Error()))
}

// retryAfter says when to come back, in whole seconds (RFC 9110 section 10.2.3).
func (v *visit) retryAfter(wait time.Duration) {
	if wait > 0 {
		v.c.Set(fiber.HeaderRetryAfter, seconds(wait))
	}
}

func seconds(wait time.Duration) string {
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}

type errorPage struct {
	ui.Frame
	Sentence string
	Rest     string
	ID       string // "" where it would help nobody
	Search   string
	SignIn   string // address, for those who are not signed in
}

// showError is the page of an error: what happened, what to do, a search. A
// page that cannot be made itself becomes one line of text.
func (v *visit) showError(status int, f *fault.Error) error {
	told := sentence(v.say, f.Kind, f.Code, f.Params)
	head, rest := firstSentence(told)
	data := errorPage{Frame: v.frame(strings.TrimSuffix(head, ".")), Sentence: head, Rest: rest, Search: v.path("rooms")}
	data.NoIndex = true
	if status >= fiber.StatusInternalServerError {
		data.ID = requestID(v.c)
	}
	if !v.actor.SignedIn() && (f.Kind == fault.Unauthenticated || f.Kind == fault.Forbidden || f.Kind == fault.NotFound) {
		data.SignIn = v.signInHref()
	}
	if err := v.render("error", data); err != nil {
		v.server.Log.Error("error page", "id", requestID(v.c), "cause", err.Error())
		return v.c.SendString(told + "\n")
	}
	return nil
}

// firstSentence cuts a text after its first sentence.
func firstSentence(text string) (first, rest string) {
	if at := strings.Index(text, ". "); at >= 0 {
		return text[:at+1], text[at+2:]
	}
	return text, ""
}
