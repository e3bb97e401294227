package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/fault"
)

// checkForm refuses bodies that are not a posted form.
func (s *Server) checkForm(c *fiber.Ctx) error { return checkType(c, fiber.MIMEApplicationForm) }

// checkType refuses a body of another media type; no body is fine.
func checkType(c *fiber.Ctx, want string) error {
	if len(c.Body()) == 0 {
		return nil
	}
	media, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	if !strings.EqualFold(strings.TrimSpace(media), want) {
		return fiber.NewError(fiber.StatusUnsupportedMediaType)
	}
	return nil
}

// checkWrite makes sure that a write with a browser's session was sent by a
// page of ours: by its origin, and by the session's token in the form or in
// X-CSRF-Token. A visitor who has not signed in may come without the token –
// pages of nobody carry none – but not without the origin.
func (s *Server) checkWrite(c *fiber.Ctx, actor accounts.Actor, token string) error {
	if !s.ownOrigin(c) {
		return fault.New(fault.Forbidden, "auth.origin")
	}
	if token == "" {
		token = c.Get("X-CSRF-Token")
	}
	if !actor.SignedIn() && token == "" {
		return nil
	}
	if actor.Session == 0 {
		return nil // a token of a session that has ended proves nothing and is not needed
	}
	if err := s.Accounts.CheckCSRF(actor.Session, token); err != nil {
		return fault.Wrap(err, fault.Forbidden, "auth.csrf")
	}
	return nil
}

// fromBrowser tells whether the request says where it comes from, as browsers do.
func fromBrowser(c *fiber.Ctx) bool {
	return c.Get("Sec-Fetch-Site")+c.Get(fiber.HeaderOrigin)+c.Get(fiber.HeaderReferer) != ""
}

// ownOrigin tells whether a browser says that our own page sent the request. It
// must say so in one of three ways; the Host header is never one of them.
func (s *Server) ownOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		return origin == s.BaseURL
	}
	referer, err := url.Parse(c.Get(fiber.HeaderReferer))
	return err == nil && referer.Host != "" && referer.Scheme+"://"+referer.Host == s.BaseURL
}
