package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/web/locales"
)

// audience says who may use a route; the route matrix in the tests is made of
// it. Whether a reservation, unit or feed is one's own is decided below by
// accounts.Can; a route only names the rule.
type audience string

const (
	anyone      audience = "anyone"
	signedIn    audience = "signed in"
	viewers     audience = "who may see the reservation"    // holder, its association, staff of its unit
	holders     audience = "who may change the reservation" // holder, bookers of its association, managers of its unit
	bookers     audience = "who acts for the holder"        // holder, bookers of its association
	managers    audience = "managers of the unit"           // and city admins
	unitStaff   audience = "staff of the unit"              // viewers, managers, city admins
	staff       audience = "any staff"                      // of any unit; lists show one's own units
	keepers     audience = "who looks after places"         // managers of any unit, city admins; lists show one's own units
	cityAdmins  audience = "city admins"
	reporters   audience = "who may see reports"          // staff of any unit; rows of one's own units
	holdOwner   audience = "who made the hold"            // the browser session, or the person
	owner       audience = "whose it is"                  // a subscription
	ownerOrCity audience = "whose it is, and city admins" // an access token
	asker       audience = "who asked"                    // a replay of requests
	secretOwner audience = "who knows the secret address" // feeds, signed links, sign-in links
)

// spelling is a page's address in fi, sv and en; of pages that have no
// language in their address all three are the same.
type spelling [3]string

func one(pattern string) spelling { return spelling{pattern, pattern, pattern} }

// route is one row: an English page name, what it is called in each language,
// and who may. A handler of nil means that the API serves it.
type route struct {
	name   string
	method string
	at     spelling
	who    audience
	handle func(v *visit) error
	// bare routes need no visitor: files, health, feeds
	bare bool
	slow bool // takes a place among the reports
	// upload routes take a picture (multipart/form-data, resources.MaxUpload)
	upload bool
}

const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
)

// routes is every address of the pages; writes are posts. It is filled at start
// because handlers refer to paths and the table refers to handlers.
var (
	routes []route
	byName = map[string]route{}
)

func init() {
	routes = slices.Concat(
		publicRoutes(),
		personalRoutes(),
		waitRoutes(),
		workRoutes(),
		seriesCheckRoutes(),
		mySeriesRoutes(),
		seriesEditRoutes(),
		associationRoutes(),
		peopleRoutes(),
		workAssociationRoutes(),
		deskRoutes(),
		workSeriesRoutes(),
		adminRoutes(),
		adminResourceRoutes(),
		whatIfRoutes(),
		ruleRoutes(),
		adminTermsRoutes(),
		giveBackRoutes(),
		termsRoutes(),
		checkInRoutes(),
		unusedRoutes(),
		affectedRoutes(),
		fileRoutes(),
	)
	for _, r := range routes {
		if _, double := byName[r.name]; double {
			panic("web: two routes are called " + r.name)
		}
		byName[r.name] = r
	}
}

// publicRoutes are what everybody finds: the way from the home page to a booking.
func publicRoutes() []route {
	return []route{
		{name: "root", method: get, at: one("/"), who: anyone, handle: (*visit).redirectHome},
		{name: "home", method: get, at: spelling{"/fi", "/sv", "/en"}, who: anyone, handle: (*visit).showHome},
		{name: "rooms", method: get, at: spelling{"/fi/tilat", "/sv/lokaler", "/en/rooms"}, who: anyone, handle: (*visit).showRooms},
		{name: "room", method: get, at: spelling{"/fi/tilat/:slug", "/sv/lokaler/:slug", "/en/rooms/:slug"}, who: anyone, handle: (*visit).showRoom},
		{name: "hold", method: post, at: spelling{"/fi/tilat/:slug", "/sv/lokaler/:slug", "/en/rooms/:slug"}, who: anyone, handle: (*visit).holdTime},
		{name: "room-month", method: get, at: spelling{"/fi/tilat/:slug/kuukausi", "/sv/lokaler/:slug/manad", "/en/rooms/:slug/month"}, who: anyone, handle: (*visit).showRoomMonth},
		{name: "checkout", method: get, at: spelling{"/fi/varaa", "/sv/boka", "/en/book"}, who: anyone, handle: (*visit).showCheckout},
		{name: "confirm", method: post, at: spelling{"/fi/varaa", "/sv/boka", "/en/book"}, who: anyone, handle: (*visit).confirmBooking},
		{name: "hold-extend", method: post, at: spelling{"/fi/varaa/jatka", "/sv/boka/forlang", "/en/book/extend"}, who: anyone, handle: (*visit).extendHold},
		{name: "about", method: get, at: spelling{"/fi/palvelusta", "/sv/om", "/en/about"}, who: anyone, handle: (*visit).showAbout},
		{name: "privacy", method: get, at: spelling{"/fi/tietosuoja", "/sv/dataskydd", "/en/privacy"}, who: anyone, handle: (*visit).showPrivacy},
		{name: "accessibility", method: get, at: spelling{"/fi/saavutettavuus", "/sv/tillganglighet", "/en/accessibility"}, who: anyone, handle: (*visit).showAccessibility},
		{name: "terms", method: get, at: spelling{"/fi/ehdot", "/sv/villkor", "/en/terms"}, who: anyone, handle: (*visit).showTerms},
		{name: "hold-release", method: post, at: spelling{"/fi/varaa/luovu", "/sv/boka/slapp", "/en/book/release"}, who: anyone, handle: (*visit).releaseHold},
	}
}

// personalRoutes are about somebody: bookings, sign-in, subscriptions, profile.
func personalRoutes() []route {
	return []route{
		{name: "mine", method: get, at: spelling{"/fi/omat", "/sv/mina", "/en/mine"}, who: signedIn, handle: (*visit).showMine},
		{name: "reservation", method: get, at: spelling{"/fi/varaukset/:ref", "/sv/bokningar/:ref", "/en/reservations/:ref"}, who: viewers, handle: (*visit).showReservation},
		{name: "reservation-file", method: get, at: spelling{"/fi/varaukset/:ref/kalenteri.ics", "/sv/bokningar/:ref/kalender.ics", "/en/reservations/:ref/calendar.ics"}, who: viewers, handle: (*visit).downloadReservation},
		{name: "cancel", method: get, at: spelling{"/fi/varaukset/:ref/peru", "/sv/bokningar/:ref/avboka", "/en/reservations/:ref/cancel"}, who: bookers, handle: (*visit).showCancel},
		{name: "cancel-it", method: post, at: spelling{"/fi/varaukset/:ref/peru", "/sv/bokningar/:ref/avboka", "/en/reservations/:ref/cancel"}, who: bookers, handle: (*visit).cancelReservation},
		{name: "move", method: get, at: spelling{"/fi/varaukset/:ref/siirra", "/sv/bokningar/:ref/flytta", "/en/reservations/:ref/move"}, who: bookers, handle: (*visit).showMove},
		{name: "move-it", method: post, at: spelling{"/fi/varaukset/:ref/siirra", "/sv/bokningar/:ref/flytta", "/en/reservations/:ref/move"}, who: bookers, handle: (*visit).moveReservation},
		{name: "sign-in", method: get, at: spelling{"/fi/kirjaudu", "/sv/logga-in", "/en/sign-in"}, who: anyone, handle: (*visit).showSignIn},
		{name: "sign-in-ask", method: post, at: spelling{"/fi/kirjaudu", "/sv/logga-in", "/en/sign-in"}, who: anyone, handle: (*visit).askForLink},
		{name: "sign-in-link", method: get, at: one("/sign-in/:token"), who: secretOwner, handle: (*visit).showLink},
		{name: "sign-in-follow", method: post, at: one("/sign-in/:token"), who: secretOwner, handle: (*visit).followLink},
		{name: "sign-in-renew", method: post, at: one("/sign-in/:token/renew"), who: secretOwner, handle: (*visit).renewLink},
		{name: "sign-out", method: post, at: one("/sign-out"), who: anyone, handle: (*visit).signOut},
		{name: "demo-sign-in", method: post, at: one("/demo/sign-in"), who: anyone, handle: (*visit).signInAsDemo},
		{name: "subscribe", method: get, at: spelling{"/fi/tilaa", "/sv/prenumerera", "/en/subscribe"}, who: signedIn, handle: (*visit).showSubscribe},
		{name: "subscribe-make", method: post, at: spelling{"/fi/tilaa", "/sv/prenumerera", "/en/subscribe"}, who: signedIn, handle: (*visit).makeFeed},
		{name: "subscribe-renew", method: post, at: spelling{"/fi/tilaa/:uid/uusi", "/sv/prenumerera/:uid/ny", "/en/subscribe/:uid/renew"}, who: owner, handle: (*visit).renewFeed},
		{name: "subscribe-end", method: post, at: spelling{"/fi/tilaa/:uid/lopeta", "/sv/prenumerera/:uid/avsluta", "/en/subscribe/:uid/end"}, who: owner, handle: (*visit).revokeFeed},
		{name: "profile", method: get, at: spelling{"/fi/profiili", "/sv/profil", "/en/profile"}, who: signedIn, handle: (*visit).showProfile},
		{name: "profile-save", method: post, at: spelling{"/fi/profiili", "/sv/profil", "/en/profile"}, who: signedIn, handle: (*visit).saveProfile},
		{name: "mailbox", method: get, at: one("/demo/mailbox"), who: anyone, handle: (*visit).showMailbox},
		{name: "mail", method: get, at: one("/demo/mailbox/:id"), who: anyone, handle: (*visit).showMail},
		{name: "scheme", method: post, at: one("/appearance"), who: anyone, handle: (*visit).chooseScheme},
		{name: "short", method: get, at: one("/r/:number"), who: anyone, handle: (*visit).redirectShort},
	}
}

// workRoutes are the pages of staff; their addresses have no language.
func workRoutes() []route {
	return []route{
		{name: "work", method: get, at: one("/work"), who: staff, handle: (*visit).showToday},
		{name: "requests", method: get, at: one("/work/requests"), who: staff, handle: (*visit).showRequests},
		{name: "requests-decide", method: post, at: one("/work/requests"), who: staff, handle: (*visit).decideRequests},
		{name: "work-keys", method: post, at: one("/work/keys"), who: staff, handle: (*visit).switchKeys},
		{name: "schedule", method: get, at: one("/work/schedule"), who: staff, handle: (*visit).showSchedule},
		{name: "work-new", method: get, at: one("/work/new"), who: staff, handle: (*visit).showWorkNew},
		{name: "work-new-make", method: post, at: one("/work/new"), who: staff, handle: (*visit).makeWorkNew},
		{name: "work-reservation", method: get, at: one("/work/reservations/:ref"), who: unitStaff, handle: (*visit).showWorkReservation},
		{name: "work-act", method: post, at: one("/work/reservations/:ref"), who: managers, handle: (*visit).actOnReservation},
		{name: "work-move", method: get, at: one("/work/reservations/:ref/move"), who: managers, handle: (*visit).askToMove},
		{name: "report-hours", method: get, at: one("/work/reports/hours"), who: reporters, handle: (*visit).showHours, slow: true},
		{name: "report-hours-csv", method: get, at: one("/work/reports/hours.csv"), who: reporters, handle: (*visit).downloadHours, slow: true},
	}
}

// fileRoutes are read by programs.
func fileRoutes() []route {
	return []route{
		{name: "feed", method: get, at: one("/feeds/:token.ics"), who: secretOwner, handle: (*visit).sendFeed, bare: true},
		{name: "event-file", method: get, at: one("/reservations/:uid.ics"), who: secretOwner, handle: (*visit).sendSignedEvent, bare: true},
		{name: "room-picture", method: get, at: one("/img/room/:slug.svg"), who: anyone, handle: (*visit).sendRoomPicture, bare: true},
		{name: "static", method: get, at: one("/static/:file"), who: anyone, handle: (*visit).sendStatic, bare: true},
		{name: "favicon", method: get, at: one("/favicon.ico"), who: anyone, handle: (*visit).sendFavicon, bare: true},
		{name: "robots", method: get, at: one("/robots.txt"), who: anyone, handle: (*visit).sendRobots, bare: true},
		{name: "livez", method: get, at: one("/livez"), who: anyone, handle: (*visit).sayAlive, bare: true},
		{name: "readyz", method: get, at: one("/readyz"), who: anyone, handle: (*visit).sayReady, bare: true},
		{name: "api-docs", method: get, at: one("/api/docs"), who: anyone, handle: (*visit).showAPIDocs},
		{name: "api-spec", method: get, at: one("/api/v1/openapi.json"), who: anyone, handle: (*visit).sendAPISpec, bare: true},
	}
}

// write tells whether the route changes something.
func (r route) write() bool { return r.method != get }

// localized tells whether the address has a language.
func (r route) localized() bool { return r.at[0] != r.at[1] }

// patterns are the addresses to register.
func (r route) patterns() []string {
	if r.localized() {
		return r.at[:]
	}
	return r.at[:1]
}

// langOf is the language that an address of this route is in, or "". An address
// that leads nowhere (the zero route) has the language that it begins with.
func (r route) langOf(path string) string {
	if r.name != "" && !r.localized() || len(path) < 3 {
		return ""
	}
	if lang := path[1:3]; slices.Contains(locales.Languages, lang) {
		return lang
	}
	return ""
}

// gate is the queue in which requests of this route wait.
func (r route) gate() gate {
	switch {
	case r.name == "livez" || r.name == "readyz" || r.name == "static":
		return openGate
	case r.upload:
		return pictureGate
	case r.slow:
		return reportGate
	case r.write():
		return writeGate
	}
	return readGate
}

// pathTo is the address of a page by its English name, with args in the places
// of its parameters. A wrong name or number of args panics: both are written
// in our own code, so a test finds it.
func pathTo(name, lang string, args ...string) string {
	r, ok := byName[name]
	if !ok {
		panic("web: no page is called " + name)
	}
	return fill(r.at[max(0, slices.Index(locales.Languages, lang))], args)
}

func fill(pattern string, args []string) string {
	var b strings.Builder
	rest := pattern
	for _, arg := range args {
		before, after, found := strings.Cut(rest, ":")
		if !found {
			panic(fmt.Sprintf("web: %s has no place for %q", pattern, arg))
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(arg))
		rest = after[strings.IndexFunc(after+"/", notInName):]
	}
	if strings.Contains(rest, ":") {
		panic("web: " + pattern + " needs more than " + strings.Join(args, ", "))
	}
	return b.String() + rest
}

func notInName(r rune) bool { return r < 'a' || r > 'z' }

// params are the values of a route's parameters in the present request, in
// their order.
func (v *visit) params() []string {
	var values []string
	for _, name := range v.c.Route().Params {
		values = append(values, v.c.Params(name))
	}
	return values
}
