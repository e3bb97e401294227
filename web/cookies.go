package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// All cookies are strictly necessary: who is signed in or holds a time, the
// chosen language and appearance, and one message to the next page.
const (
	sessionCookieName = "vuoro"
	langCookie        = "vuoro-lang"
	schemeCookie      = "vuoro-scheme"
	flashCookie       = "vuoro-flash"
)

const (
	aYear    = 365 * 24 * time.Hour
	flashAge = time.Minute
)

// sessionName has the prefix that binds a cookie to this host (RFC 6265bis
// section 4.1.3.2), which browsers accept over https only.
func (s *Server) sessionName() string {
	if s.secure {
		return "__Host-" + sessionCookieName
	}
	return sessionCookieName
}

func (v *visit) sessionCookie() string { return v.c.Cookies(v.server.sessionName()) }

// setSession gives the browser the cookie of a session that was just made.
func (v *visit) setSession(token string) {
	v.setCookie(v.server.sessionName(), token, accounts.SessionAge)
	v.c.Set(fiber.HeaderCacheControl, noStore)
}

// dropSession forgets the browser's session.
func (v *visit) dropSession() { v.setCookie(v.server.sessionName(), "", -time.Second) }

// setCookie keeps something for a time; a negative one removes it. Expiry is by
// Max-Age, since clocks of visitors are wrong.
func (v *visit) setCookie(name, value string, age time.Duration) {
	cookie := fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()),
		Secure: v.server.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	}
	v.c.Cookie(&cookie)
}

// rememberLanguage keeps a language that was chosen: by the address of a page,
// against what the browser would have got, or by ?lang= where addresses have
// none.
func (v *visit) rememberLanguage() {
	kept := v.c.Cookies(langCookie)
	if kept == v.lang || v.c.Method() != fiber.MethodGet {
		return
	}
	asked := v.query("lang") == v.lang
	if v.route.localized() && v.preferred() != v.lang || !v.route.localized() && asked {
		v.setCookie(langCookie, v.lang, aYear)
	}
}

func (v *visit) colorScheme() string {
	if scheme := v.c.Cookies(schemeCookie); scheme == "light" || scheme == "dark" {
		return scheme
	}
	return ""
}

// chooseScheme keeps light or dark; anything else goes back to the device's.
func (v *visit) chooseScheme() error {
	switch scheme := v.form("scheme"); scheme {
	case "light", "dark":
		v.setCookie(schemeCookie, scheme, aYear)
	default:
		v.setCookie(schemeCookie, "", -time.Second)
	}
	return v.redirect(v.returnTo(v.path("home")))
}

type flash struct {
	Kind   ui.AlertKind `json:"k"`
	Key    string       `json:"m"`
	Params fault.Params `json:"p,omitempty"`
	Until  int64        `json:"u"` // Unix seconds
	Undo   *undo        `json:"z,omitempty"`
}

// undo is the form that takes back what a message tells of.
type undo struct {
	Post   string      `json:"p"`
	Fields [][2]string `json:"f"` // names and values
}

func (v *visit) undoButton(u *undo) *ui.PostButton {
	if u == nil {
		return nil
	}
	button := &ui.PostButton{Post: u.Post, Label: v.t("action.undo"), CSRF: v.server.Accounts.CSRF(v.actor.Session)}
	for _, field := range u.Fields {
		button.Hidden = append(button.Hidden, ui.Hidden{Name: field[0], Value: field[1]})
	}
	return button
}

// flash leaves a message for the next page that this browser opens. Params
// travel in a cookie of the visitor: no secrets. A minute later it is stale.
func (v *visit) flash(kind ui.AlertKind, key string, params fault.Params) {
	v.flashUndo(kind, key, params, nil)
}

// flashUndo is flash with a button that takes back what was done.
func (v *visit) flashUndo(kind ui.AlertKind, key string, params fault.Params, back *undo) {
	raw, err := json.Marshal(flash{kind, key, params, v.now.Add(flashAge).Unix(), back})
	if err != nil {
		return // a message is not worth an error page
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	v.setCookie(flashCookie, text+"."+v.server.Secrets.Sign(ledger.ForSignedLink, "flash:"+text), flashAge)
}

// takeFlash gives the waiting message, once. A forged one is not shown.
func (v *visit) takeFlash() []ui.Alert {
	cookie := v.c.Cookies(flashCookie)
	if cookie == "" {
		return nil
	}
	v.setCookie(flashCookie, "", -time.Second)
	v.c.Set(fiber.HeaderCacheControl, noStore)
	text, signature, _ := strings.Cut(cookie, ".")
	if !v.server.Secrets.Verify(ledger.ForSignedLink, "flash:"+text, signature) {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var message flash
	if err != nil || json.Unmarshal(raw, &message) != nil || v.now.Unix() > message.Until || !locales.Has(message.Key) {
		return nil
	}
	return []ui.Alert{{Kind: message.Kind, Text: v.t(message.Key, message.Params), Act: v.undoButton(message.Undo)}}
}
