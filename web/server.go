// Package web answers requests: pages in three languages, the JSON API,
// calendar feeds and files. A handler decodes, calls one use case, encodes.
//
// It promises one route table (routes.go), one place where errors become
// answers (errors.go), pages that work without JavaScript, and that no text of
// a visitor reaches a page, a header or a log unescaped. It leaves out every
// decision about bookings and people: those are the floors below.
package web

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/ledger"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
)

// Config is what the environment says about the way in.
type Config struct {
	BaseURL        string   // scheme and host, no slash at the end; every absolute address starts with it
	TrustedProxies []string // addresses or prefixes whose X-Forwarded-For is believed
	MapTileURL     string   // of the map's pictures, with {z}, {x} and {y}; "" = there is no map
	Limits         Limits
}

// Server has the use cases and what they are reached through. All fields but
// Name and Log are needed; New checks and completes them.
type Server struct {
	Config
	DB        *db.DB
	Booking   *booking.Service
	Catalogue *catalogue.Service
	Accounts  *accounts.Service
	Resources *resources.Service
	Reports   *reports.Service
	Secrets   *ledger.Secrets
	Name      locales.Texts // of the installation; empty = "Vuoro"
	Now       func() time.Time
	Zone      *time.Location
	Log       *slog.Logger
	Demo      bool // the database is a demo: one-click people, mailbox

	secure  bool // BaseURL is https
	proxies []netip.Prefix
	gates   *gates
	uploads *uploads
	pages   *pages
	api     *apiDocument
	ready   *readiness
	fetches *fetches
	whatIfs *reports.WhatIfs
}

// New checks the parts of a server and reads its templates.
func New(parts Server) (*Server, error) {
	s := parts
	if err := s.checkParts(); err != nil {
		return nil, err
	}
	base, err := url.Parse(s.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.HasSuffix(s.BaseURL, "/") || base.Path != "" {
		return nil, fmt.Errorf("BASE_URL %q is not scheme and host, such as https://vuoro.example.org", s.BaseURL)
	}
	s.secure = base.Scheme == "https"
	if s.proxies, err = parsePrefixes(s.TrustedProxies); err != nil {
		return nil, err
	}
	s.Limits = s.Limits.withDefaults()
	s.gates = newGates(s.Limits)
	s.uploads = newUploads(s.sessionName())
	s.ready = &readiness{}
	s.fetches = &fetches{hours: map[[sha256.Size]byte]fetchedHour{}}
	s.whatIfs = &reports.WhatIfs{Booking: s.Booking}
	places := *s.Catalogue
	places.Strands = s.strands
	s.Catalogue = &places
	if s.pages == nil {
		s.pages, err = parsePages(s.Zone)
	}
	return &s, err
}

func (s *Server) checkParts() error {
	if s.DB == nil || s.Booking == nil || s.Catalogue == nil || s.Accounts == nil || s.Resources == nil || s.Reports == nil {
		return errors.New("web: a use case is missing")
	}
	if s.Secrets == nil || s.Now == nil || s.Zone == nil {
		return errors.New("web: secrets, clock or zone are missing")
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

// The limits of fasthttp itself; see also Limits.
const (
	readTimeout  = 5 * time.Second
	writeTimeout = 15 * time.Second
	idleTimeout  = 30 * time.Second
	headerBytes  = 16 << 10
	concurrency  = 1000
)

// App is the server as fiber runs it: app.Listen, app.Listener or app.Test.
func (s *Server) App() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:               "vuoro",
		Immutable:             true, // strings of a request outlive it in audit and outbox
		CaseSensitive:         true,
		BodyLimit:             s.Limits.Body,
		ReadBufferSize:        headerBytes,
		ReadTimeout:           readTimeout,
		WriteTimeout:          writeTimeout,
		IdleTimeout:           idleTimeout,
		Concurrency:           concurrency,
		DisableStartupMessage: true,
		ErrorHandler:          s.answerError,
	})
	app.Server().DisablePreParseMultipartForm = true // uploads are read in admin_upload.go
	app.Server().HeaderReceived = s.uploads.admit
	s.useMiddleware(app)
	for _, r := range routes {
		if r.handle != nil {
			s.add(app, r)
		}
	}
	s.addAPI(app)
	return app
}

// add registers a row of the table for its method, its languages and, where it
// is read, HEAD.
func (s *Server) add(app *fiber.App, r route) {
	handler := s.page(r)
	for _, pattern := range r.patterns() {
		app.Add(r.method, pattern, handler)
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, pattern, handler)
		}
	}
}
