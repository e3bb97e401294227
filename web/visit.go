package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/locales"
)

// How a page is written: a row in routes.go, a method of visit, a template in
// templates/<name>.html that defines "main" (and, if it wants, "head"), and a
// data type that embeds ui.Frame:
//
//	type minePage struct {
//		ui.Frame
//		Items []ui.BookingItem
//	}
//
//	func (v *visit) showMine() error {
//		list, err := v.server.Booking.Mine(v.ctx, v.actor, booking.MineFilter{Page: booking.Page{Cursor: v.query("after")}})
//		if err != nil {
//			return err // answered in errors.go, in the visitor's language
//		}
//		return v.render("mine", minePage{Frame: v.frame(v.t("nav.mine")), Items: v.items(list)})
//	}
//
// A form posts to the same address. What the visitor can mend comes back on
// the same page, everything else is returned:
//
//	func (v *visit) saveProfile() error {
//		_, err := v.server.Accounts.UpdateProfile(v.ctx, v.actor, accounts.Profile{Name: v.form("name")})
//		if problems, ok := v.problems(err); ok {
//			return v.showProfileForm(problems) // v.field(ui.Field{Name: "name", …}, problems) keeps what was typed
//		} else if err != nil {
//			return err
//		}
//		v.flash(ui.AlertSuccess, "profile.saved", nil)
//		return v.redirect(v.path("profile"))
//	}
//
// In a template: {{t "key" "name" value}}, {{date .At}}, {{time .At}},
// {{when .Begin .End}}, {{money .Cents}}, {{path "room" .Slug}}, {{word "state" .State}},
// {{icon "clock"}}, {{asset "app.css"}}; in every form {{template "csrf" $}}.
// render with a third argument answers htmx with that template only.
//
// visit is one request of one visitor.
type visit struct {
	c      *fiber.Ctx
	server *Server
	route  route
	ctx    context.Context // has the request's deadline
	actor  accounts.Actor
	lang   string // of the page: from its address, else the visitor's
	say    locales.Printer
	now    time.Time // the request's one clock reading for what pages show
	file   []byte    // of an upload route: what was sent
}

// page makes a fiber handler of a row: it says who visits, in which language,
// and that a write comes from our own pages.
func (s *Server) page(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v := &visit{c: c, server: s, route: r, ctx: c.UserContext(), now: s.Now()}
		c.Locals(visitKey, v)
		v.speak()
		leave, err := s.gates.enter(v.ctx, r.gate())
		if err != nil {
			return err
		}
		defer leave()
		if err := v.arrive(); err != nil {
			return err
		}
		return r.handle(v)
	}
}

type localKey int

const (
	visitKey localKey = iota
	requestIDKey
	callKey
)

// arrive authenticates the browser and, for writes, checks the request's origin.
func (v *visit) arrive() error {
	if v.route.bare {
		return nil
	}
	actor, err := v.server.Accounts.Authenticate(v.ctx, v.sessionCookie(), addressOf(v.c))
	if err != nil {
		return err
	}
	v.actor = actor
	v.speak()
	v.rememberLanguage()
	v.sayHowToCache()
	if v.route.method == fiber.MethodGet || v.route.method == fiber.MethodHead {
		return nil
	}
	if err := v.takeForm(); err != nil {
		return err
	}
	return v.server.checkWrite(v.c, v.actor, v.form("csrf"))
}

// t is the sentence of a key in the visitor's language.
func (v *visit) t(key string, params ...any) string { return v.say.T(key, params...) }

// path is the address of a page in the visitor's language.
func (v *visit) path(name string, args ...string) string { return pathTo(name, v.lang, args...) }

// pathWith is path with a query; empty values are left out.
func (v *visit) pathWith(name string, query url.Values, args ...string) string {
	for key, values := range query {
		if len(values) == 0 || len(values) == 1 && values[0] == "" {
			query.Del(key)
		}
	}
	if encoded := query.Encode(); encoded != "" {
		return v.path(name, args...) + "?" + encoded
	}
	return v.path(name, args...)
}

// param is a part of the address, such as ":slug".
func (v *visit) param(name string) string { return v.c.Params(name) }

// query is a value of the query string, or "".
func (v *visit) query(name string) string { return v.c.Query(name) }

// here is the visited address with its query, to come back to; of a form that
// was posted, the page alone.
func (v *visit) here() string {
	if v.c.Method() == fiber.MethodGet || v.c.Method() == fiber.MethodHead {
		return accounts.SafeReturn(v.c.OriginalURL())
	}
	return accounts.SafeReturn(v.c.Path())
}

// wantsPart tells whether htmx asks, so that a part of the page is enough. A page
// restored from history is wanted whole.
func (v *visit) wantsPart() bool {
	return v.c.Get("HX-Request") == "true" && v.c.Get("HX-Boosted") == "" && v.c.Get("HX-History-Restore-Request") == ""
}

// redirect answers a post with the page to look at next (303).
func (v *visit) redirect(to string) error { return v.c.Redirect(to, fiber.StatusSeeOther) }

// moved answers an old address with the present one for good (301).
func (v *visit) moved(to string) error { return v.c.Redirect(to, fiber.StatusMovedPermanently) }

// returnTo is where a form or link asks to lead afterwards, if that is a page of
// ours; else the fallback.
func (v *visit) returnTo(fallback string) string {
	asked := v.form("return")
	if asked == "" {
		asked = v.query("return")
	}
	if asked == "" {
		return fallback
	}
	return accounts.SafeReturn(asked)
}

// requireSignIn refuses visitors; on a page they are sent to the sign-in.
func (v *visit) requireSignIn() error {
	if !v.actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "auth.required")
	}
	return nil
}

// session makes sure that the browser has a session, because something is
// about to be kept for it.
func (v *visit) session() error {
	token, actor, err := v.server.Accounts.StartSession(v.ctx, v.actor)
	if err != nil {
		return err
	}
	v.actor = actor
	if token != "" {
		v.setSession(token)
	}
	return nil
}

// speak chooses the language: of the address, else of the visitor.
func (v *visit) speak() {
	lang := v.route.langOf(v.c.Path())
	if lang == "" {
		lang = v.preferred()
	}
	v.lang, v.say = lang, locales.New(lang, v.server.Zone)
}

// preferred is the visitor's language where the address does not say it: asked
// for now, chosen before, the person's, the browser's.
func (v *visit) preferred() string {
	wishes := []string{v.query("lang"), v.c.Cookies(langCookie)}
	if v.actor.Person != nil {
		wishes = append(wishes, v.actor.Person.Language)
	}
	for _, wish := range wishes {
		if wish != "" && locales.Known(wish) == wish {
			return wish
		}
	}
	return acceptedLanguage(v.c.Get(fiber.HeaderAcceptLanguage))
}

// acceptedLanguage is the first of our languages in the browser's order. Our
// own order decides between those that the browser likes equally.
func acceptedLanguage(header string) string {
	best, bestQuality := locales.Languages[0], 0.0
	for _, part := range strings.Split(header, ",") {
		tag, quality := parseAccept(part)
		primary, _, _ := strings.Cut(tag, "-")
		if locales.Known(primary) == primary && quality > bestQuality {
			best, bestQuality = primary, quality
		}
	}
	return best
}
