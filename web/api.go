package web

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/locales"
)

const apiPrefix = "/api/v1"

// apiDocument is the API as it is described: made of the Go types once, when
// the operations are registered.
type apiDocument struct {
	huma.API
	routes []route
	spec   func() ([]byte, error)
}

// call is one request to the API; the counterpart of visit.
type call struct {
	server *Server
	ctx    context.Context
	actor  accounts.Actor
	say    locales.Printer
	now    time.Time
	id     string
	c      *fiber.Ctx
}

// addAPI registers every operation. Its errors are those of errors.go too.
func (s *Server) addAPI(app *fiber.App) {
	app.Use(apiPrefix, s.admitCall)
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Vuoro", Version: "1", Description: apiIntroduction},
			Servers: []*huma.Server{{URL: s.BaseURL + apiPrefix}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":   {Type: "http", Scheme: "bearer", Description: "A token of POST /tokens, with scopes."},
					"session": {Type: "apiKey", In: "cookie", Name: s.sessionName(), Description: "A browser's session; writes need X-CSRF-Token."},
				},
			},
			Tags: apiTags,
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
	s.api = &apiDocument{API: humafiber.NewWithGroup(app, app.Group(apiPrefix), config)}
	s.addPlaceOperations()
	s.addPlaceEditing()
	s.addResourceAdminOperations()
	s.addHoursOperations()
	s.addTimeOperations()
	s.addReservationOperations()
	s.addTransitionOperations()
	s.addSeriesOperations()
	s.addWaitOperations()
	s.addMemoOperations()
	s.addPersonOperations()
	s.addAssociationOperations()
	s.addStaffOperations()
	s.addFeedOperations()
	s.addReportOperations()
	s.addRuleOperations()
	s.addWhatIfOperations()
	s.api.spec = sync.OnceValues(func() ([]byte, error) { return json.MarshalIndent(s.api.OpenAPI(), "", " ") })
}

// schemaName drops the Go words: pageView[reservationView] → PageReservation.
func schemaName(t reflect.Type, hint string) string {
	name := strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "View", "")
	if name == "" {
		return "" // a plain type
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// operation describes one call for table and document.
type operation struct {
	name    string // unique: "list-units"
	method  string
	path    string
	who     audience
	tag     string
	summary string
	more    string // of the document, may be empty
	status  int    // of success; 0 = 200
	slow    bool
	upload  bool // takes a picture
}

// serve registers an operation. Its handler gets the call and the decoded
// input and returns what to send, or an error of the floors below.
func serve[I, O any](s *Server, op operation, handle func(c *call, in *I) (*O, error)) {
	s.api.routes = append(s.api.routes, route{name: op.name, method: op.method, at: one(fiberPath(op.path)), who: op.who, slow: op.slow, upload: op.upload})
	described := huma.Operation{
		OperationID: op.name, Method: op.method, Path: op.path, DefaultStatus: op.status,
		Summary: op.summary, Description: op.more, Tags: []string{op.tag},
		Errors: errorsOf(op),
	}
	if op.upload {
		described.MaxBodyBytes = uploadBody
		described.BodyReadTimeout = -1 // the body is in memory already
	}
	if op.who != anyone {
		described.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	huma.Register(s.api.API, described, func(ctx context.Context, in *I) (*O, error) {
		c, ok := ctx.Value(callKey).(*call)
		if !ok {
			return nil, newProblem(nil, fault.New(fault.Internal, "internal"))
		}
		leave, err := s.gates.enter(c.ctx, gateOf(op))
		if err != nil {
			return nil, newProblem(c, err)
		}
		defer leave()
		out, err := handle(c, in)
		if err != nil {
			return nil, newProblem(c, err)
		}
		return out, nil
	})
}

// fiberPath is the full address of an operation as fiber matches it.
func fiberPath(path string) string {
	return apiPrefix + strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func gateOf(op operation) gate {
	switch {
	case op.upload:
		return pictureGate
	case op.slow:
		return reportGate
	case op.method != http.MethodGet:
		return writeGate
	}
	return readGate
}

// errorsOf are the answers that the document lists beside success.
func errorsOf(op operation) []int {
	list := []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	if op.who != anyone {
		list = append(list, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(op.path, "{") {
		list = append(list, http.StatusNotFound)
	}
	if op.method != http.MethodGet {
		list = append(list, http.StatusConflict)
	}
	return list
}

// admitCall finds out who calls: a bearer token, or the browser's session,
// whose writes must come from our own pages.
func (s *Server) admitCall(c *fiber.Ctx) error {
	who := &call{server: s, ctx: c.UserContext(), now: s.Now(), id: requestID(c), c: c}
	who.speak(accounts.Actor{})
	c.SetUserContext(context.WithValue(c.UserContext(), callKey, who))
	c.Locals(callKey, who)
	c.Vary(fiber.HeaderAuthorization, fiber.HeaderCookie, fiber.HeaderAcceptLanguage)
	c.Set(fiber.HeaderCacheControl, noStore)
	actor, bearer, err := s.caller(c)
	if err != nil {
		return err
	}
	who.actor = actor
	who.speak(actor)
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		if actor.Session == 0 && !actor.SignedIn() {
			c.Set(fiber.HeaderCacheControl, "no-cache")
		}
		return c.Next()
	}
	media := fiber.MIMEApplicationJSON
	if takesUpload(c.Method(), c.Path()) {
		media = fiber.MIMEMultipartForm
	}
	if err := checkType(c, media); err != nil {
		return err
	}
	// A program without a token or a session has nothing that could be misused;
	// what needs somebody tells it so.
	if !bearer && (actor.Session != 0 || fromBrowser(c)) {
		if err := s.checkWrite(c, actor, c.Get("X-CSRF-Token")); err != nil {
			return err
		}
	}
	return c.Next()
}

func (s *Server) caller(c *fiber.Ctx) (actor accounts.Actor, bearer bool, err error) {
	header := c.Get(fiber.HeaderAuthorization)
	if header == "" {
		actor, err = s.Accounts.Authenticate(c.UserContext(), c.Cookies(s.sessionName()), addressOf(c))
		return actor, false, err
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return actor, false, fault.New(fault.Unauthenticated, "auth.bad_token")
	}
	actor, err = s.Accounts.AuthenticateToken(c.UserContext(), strings.TrimSpace(token), addressOf(c))
	return actor, true, err
}

// speak chooses the language of sentences: Accept-Language, else the person's.
func (c *call) speak(actor accounts.Actor) {
	header := c.c.Get(fiber.HeaderAcceptLanguage)
	lang := acceptedLanguage(header)
	if header == "" && actor.Person != nil {
		lang = actor.Person.Language
	}
	c.say = locales.New(lang, c.server.Zone)
}

func (c *call) requireSignIn() error {
	if !c.actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "auth.required")
	}
	return nil
}

// sendAPISpec sends the OpenAPI document.
func (v *visit) sendAPISpec() error {
	spec, err := v.server.api.spec()
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderCacheControl, "no-cache")
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return v.c.Send(spec)
}
