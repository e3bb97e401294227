package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"vuoro/fault"
	"vuoro/web/locales"
)

// useMiddleware is what every request passes, in this order.
func (s *Server) useMiddleware(app *fiber.App) {
	app.Use(s.observe)
	app.Use(secureHeaders(s.secure))
	app.Use(s.identify)
	app.Use(compress.New(compress.Config{Level: compress.LevelDefault, Next: packedAlready}))
	app.Use(s.contain)
}

// observe gives the request an id, answers errors and writes the one log line
// of the request. The line has the route's pattern, never the path: paths can
// hold secrets.
func (s *Server) observe(c *fiber.Ctx) error {
	begun := s.Now()
	id := strings.ToLower(rand.Text()[:12])
	c.Locals(requestIDKey, id)
	c.Set(fiber.HeaderXRequestID, id)
	defer s.uploads.leave(&c.Request().Header)
	if err := c.Next(); err != nil {
		if err := s.answerSafely(c, err); err != nil {
			return err
		}
	}
	level := slog.LevelInfo
	status := c.Response().StatusCode()
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.LogAttrs(context.Background(), level, "request",
		slog.String("id", id), slog.String("method", c.Method()), slog.String("route", c.Route().Path),
		slog.Int("status", status), slog.Int64("ms", s.Now().Sub(begun).Milliseconds()),
		slog.Int("bytes", len(c.Response().Body())))
	return nil
}

// answerSafely answers an error even when the page of errors is itself broken.
func (s *Server) answerSafely(c *fiber.Ctx, cause error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("panic", "id", requestID(c), "value", r, "stack", string(debug.Stack()))
			err = c.Status(fiber.StatusInternalServerError).SendString(locales.Printer{}.T("internal") + "\n")
		}
	}()
	return s.answerError(c, cause)
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}

// The policy has no unsafe parts: no inline style or script, nothing from
// elsewhere, no frames.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secureHeaders(https bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderXFrameOptions, "DENY")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()")
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
		if https {
			c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
		}
		return c.Next()
	}
}

// identify finds out the visitor's network address and refuses paths that
// another program further on could read differently.
func (s *Server) identify(c *fiber.Ctx) error {
	address := clientAddress(c.Context().RemoteIP().String(), c.Get(fiber.HeaderXForwardedFor), s.proxies)
	c.Locals(addressKey, address)
	if !plainPath(c.Path()) {
		return fault.New(fault.NotFound, "not_found")
	}
	// a packed body could be a thousand times larger than its limit
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return fiber.NewError(fiber.StatusUnsupportedMediaType)
	}
	leave, err := s.gates.enterFrom(address)
	if err != nil {
		return err
	}
	defer leave()
	return c.Next()
}

const addressKey = "vuoro-address"

func addressOf(c *fiber.Ctx) string {
	address, _ := c.Locals(addressKey).(string)
	return address
}

// plainPath refuses encoded slashes, backslashes, percent signs and control
// characters.
func plainPath(path string) bool {
	lower := strings.ToLower(path)
	for _, bad := range []string{"%2f", "%5c", "%25", "%00", "%0a", "%0d", "//", "/../", "/./", `\`} {
		if strings.Contains(lower, bad) {
			return false
		}
	}
	return !strings.HasSuffix(lower, "/..")
}

// packedAlready keeps the compressor off what is packed or not worth it, and
// off feeds, whose entity tags belong to their bytes.
func packedAlready(c *fiber.Ctx) bool {
	path := c.Path()
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/feeds/") || c.Method() == fiber.MethodHead
}

// contain sets the deadline that goes down to the database – a visitor who
// leaves cancels nothing – and turns a panic into an error.
func (s *Server) contain(c *fiber.Ctx) (err error) {
	deadline := s.Limits.Deadline
	if takesUpload(c.Method(), c.Path()) {
		deadline = uploadTime
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c.SetUserContext(ctx)
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("panic", "id", requestID(c), "value", r, "stack", string(debug.Stack()))
			err = fault.New(fault.Internal, "internal")
		}
	}()
	return c.Next()
}

const noStore = "private, no-store"

// sayHowToCache: pages of somebody are never kept; pages of nobody may be, but
// are asked for again.
func (v *visit) sayHowToCache() {
	v.c.Vary(fiber.HeaderCookie)
	if !v.route.localized() {
		v.c.Vary(fiber.HeaderAcceptLanguage)
	}
	if v.actor.Session != 0 || v.route.write() || v.route.who != anyone {
		v.c.Set(fiber.HeaderCacheControl, noStore)
		return
	}
	v.c.Set(fiber.HeaderCacheControl, "no-cache")
}
