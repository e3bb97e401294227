package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"vuoro/ledger"
)

// browser keeps cookies from page to page and sends forms as people do: with
// what the page carries in its hidden fields.
type browser struct {
	town    *town
	cookies map[string]string
	at      page
}

func (w *town) browser(who string) *browser {
	b := &browser{town: w, cookies: map[string]string{}}
	if who != "" {
		b.cookies[w.sessionName()] = w.who[who].cookie
	}
	return b
}

func (b *browser) send(method, target, body string) page {
	b.town.t.Helper()
	var list []string
	for name, value := range b.cookies {
		list = append(list, name+"="+value)
	}
	headers := header{"Cookie": strings.Join(list, "; ")}
	for name, value := range ours {
		headers[name] = value
	}
	if i := strings.Index(target, "#"); i >= 0 {
		target = target[:i]
	}
	a := (&guest{town: b.town}).send(method, target, body, headers)
	for _, c := range a.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	b.at = a.page()
	if to := a.Header.Get("Location"); a.StatusCode == http.StatusSeeOther && to != "" {
		return b.open(to)
	}
	return b.at
}

func (b *browser) open(target string) page {
	b.town.t.Helper()
	return b.send(http.MethodGet, strings.TrimPrefix(target, testBase), "")
}

// press sends the form that has this action, or a button that leads there, with
// its present values changed by pairs of name and value.
func (b *browser) press(action string, pairs ...string) page {
	b.town.t.Helper()
	values := b.values(action)
	for i := 0; i+1 < len(pairs); i += 2 {
		if values.Del(pairs[i]); pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return b.send(http.MethodPost, action, values.Encode())
}

// values are what a browser would send of the form with an action.
func (b *browser) values(action string) url.Values {
	b.town.t.Helper()
	for _, f := range b.at.all("form") {
		if !leadsTo(f, action) {
			continue
		}
		values := url.Values{}
		for n := range f.Descendants() {
			name, value := attribute(n, "name"), attribute(n, "value")
			kind := attribute(n, "type")
			switch {
			case name == "" || n.Type != html.ElementNode:
			case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
				if hasAttribute(n, "checked") {
					values.Add(name, value)
				}
			case n.Data == "input":
				values.Add(name, value)
			case n.Data == "textarea":
				values.Set(name, areaText(n))
			case n.Data == "select":
				values.Set(name, chosenOption(n))
			case n.Data == "button" && name == "csrf": // the picker's button carries it
				values.Set(name, value)
			}
		}
		return values
	}
	b.town.t.Fatalf("%s: no form leads to %s", b.at.what, action)
	return nil
}

// areaText is the text of a field of several lines.
func areaText(area *html.Node) string {
	var b strings.Builder
	for n := range area.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func leadsTo(form *html.Node, action string) bool {
	if attribute(form, "action") == action && attribute(form, "method") == "post" {
		return true
	}
	for n := range form.Descendants() {
		if n.Data == "button" && attribute(n, "formaction") == action {
			return true
		}
	}
	return false
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func chosenOption(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		if hasAttribute(n, "selected") {
			return attribute(n, "value")
		}
		if !found {
			first, found = attribute(n, "value"), true
		}
	}
	return first
}

// link is the address of the link with these words.
func (p page) link(text string) string {
	p.t.Helper()
	for _, n := range p.all("a") {
		if words(n) == text {
			return attribute(n, "href")
		}
	}
	p.t.Fatalf("%s: no link says %q", p.what, text)
	return ""
}

// input is the value of a field.
func (p page) input(name string) string {
	p.t.Helper()
	for _, n := range p.all("[name=" + name + "]") {
		switch {
		case n.Data == "input" && attribute(n, "type") == "checkbox":
			if hasAttribute(n, "checked") {
				return "on"
			}
			return ""
		case n.Data == "input" && attribute(n, "type") == "radio":
			if hasAttribute(n, "checked") {
				return attribute(n, "value")
			}
		case n.Data == "select":
			return chosenOption(n)
		case n.Data == "textarea":
			return words(n)
		default:
			return attribute(n, "value")
		}
	}
	return ""
}

// is checks the status.
func (p page) is(status int) page {
	p.t.Helper()
	p.want(status)
	return p
}

// mailedLink is the path of the newest sign-in link to an address, as its mail
// has it.
func (w *town) mailedLink(address string) string {
	w.t.Helper()
	var link string
	w.must(w.DB.Query(ctx, &link, `SELECT id FROM sign_in_links WHERE email = ? ORDER BY created_at DESC, id DESC LIMIT 1`, address))
	if link == "" {
		w.t.Fatalf("no link was mailed to %s", address)
	}
	return pathTo("sign-in-link", "fi", w.Secrets.SignID(ledger.ForSignIn, uuidOf(w.t, link)))
}

// rows counts what a query finds.
func (w *town) rows(sql string, params ...any) int {
	w.t.Helper()
	var n int
	w.must(w.DB.Query(ctx, &n, "SELECT count(*) FROM "+sql, params...))
	return n
}

// TestPagesInEveryLanguage opens every public page as nobody and as somebody:
// one h1, the page's language, links to the others, no id twice, every field
// with a label, and no placeholder left in a sentence.
func TestPagesInEveryLanguage(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	number := w.who["resident"].book("sali", "2026-11-25 12:00", "2026-11-25 13:30").Number
	open := []string{"home", "rooms", "sign-in", "about", "privacy", "accessibility", "terms"}
	own := []string{"mine", "subscribe", "profile"}
	for _, lang := range []string{"fi", "sv", "en"} {
		var targets []string
		for _, name := range open {
			targets = append(targets, pathTo(name, lang))
		}
		targets = append(targets, pathTo("rooms", lang)+"?view=timeline", pathTo("rooms", lang)+"?view=table&date=ma", pathTo("rooms", lang)+"?q=xyzzy&persons=3",
			pathTo("room", lang, "kokous"), pathTo("room", lang, "sali")+"?date=2026-11-24&start=12:00&minutes=60", pathTo("room-month", lang, "kokous"))
		for _, target := range targets {
			wellMade(t, w.browser("").open(target), lang)
		}
		for _, name := range own {
			targets = append(targets, pathTo(name, lang))
		}
		targets = append(targets, pathTo("reservation", lang, number), pathTo("cancel", lang, number), pathTo("move", lang, number))
		for _, target := range targets {
			if target != pathTo("sign-in", lang) {
				wellMade(t, w.browser("resident").open(target), lang)
			}
		}
	}
	for _, target := range []string{"/demo/mailbox?lang=sv", "/fi/zzz"} {
		w.browser("").open(target).count("h1", 1)
	}
}

func wellMade(t *testing.T, p page, lang string) {
	t.Helper()
	p.is(http.StatusOK).count("h1", 1).count("main", 1).count("html[lang="+lang+"]", 1)
	if n := len(p.all("link[rel=alternate]")); n != 3 {
		t.Errorf("%s: %d languages linked", p.what, n)
	}
	if at := strings.IndexAny(words(p.one("body")), "{}"); at >= 0 {
		t.Errorf("%s: a placeholder is left: %.80s", p.what, words(p.one("body"))[at:])
	}
	seen, labels := map[string]bool{}, map[string]bool{}
	for _, n := range p.all("[id]") {
		if id := attribute(n, "id"); seen[id] {
			t.Errorf("%s: id %q twice", p.what, id)
		}
		seen[attribute(n, "id")] = true
	}
	for _, n := range p.all("label[for]") {
		labels[attribute(n, "for")] = true
	}
	for _, n := range append(p.all("input"), append(p.all("select"), p.all("textarea")...)...) {
		kind := attribute(n, "type")
		if kind != "hidden" && !labels[attribute(n, "id")] && n.Parent.Data != "label" {
			t.Errorf("%s: field %q has no label", p.what, attribute(n, "name"))
		}
	}
}
