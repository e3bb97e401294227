package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"vuoro/web/locales"
)

// page is an answer as a tree.
type page struct {
	answer
	root *html.Node
}

func (a answer) page() page {
	a.t.Helper()
	root, err := html.Parse(strings.NewReader(a.text))
	if err != nil {
		a.t.Fatal(err)
	}
	return page{a, root}
}

// all lists the elements that match "tag.class[attr=value]"; each part may be
// missing.
var selectorForm = regexp.MustCompile(`^([a-z0-9]*)((?:\.[\w-]+)*)(?:\[([\w-]+)(?:=([^\]]*))?\])?$`)

func (p page) all(selector string) []*html.Node {
	p.t.Helper()
	m := selectorForm.FindStringSubmatch(selector)
	if m == nil {
		p.t.Fatalf("selector %q", selector)
	}
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && matches(n, m) {
			found = append(found, n)
		}
	}
	return found
}

func matches(n *html.Node, m []string) bool {
	if m[1] != "" && n.Data != m[1] {
		return false
	}
	classes := " " + attribute(n, "class") + " "
	for _, class := range strings.Split(strings.TrimPrefix(m[2], "."), ".") {
		if class != "" && !strings.Contains(classes, " "+class+" ") {
			return false
		}
	}
	if m[3] == "" {
		return true
	}
	for _, a := range n.Attr {
		if a.Key == m[3] && (m[4] == "" || a.Val == m[4]) {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text of a node with single blanks.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// one is the only match.
func (p page) one(selector string) *html.Node {
	p.t.Helper()
	found := p.all(selector)
	if len(found) != 1 {
		p.t.Fatalf("%s: %d times %s in\n%s", p.what, len(found), selector, locales.Shorten(p.text, 6000))
	}
	return found[0]
}

func (p page) count(selector string, want int) page {
	p.t.Helper()
	if got := len(p.all(selector)); got != want {
		p.t.Errorf("%s: %d times %s, want %d", p.what, got, selector, want)
	}
	return p
}

// says wants a text in an element.
func (p page) says(selector, text string) page {
	p.t.Helper()
	for _, n := range p.all(selector) {
		if strings.Contains(words(n), text) {
			return p
		}
	}
	p.t.Errorf("%s: no %s says %q", p.what, selector, text)
	for _, n := range p.all(selector) {
		p.t.Logf("  %s", words(n))
	}
	return p
}

// silent wants a text in no element.
func (p page) silent(selector, text string) page {
	p.t.Helper()
	for _, n := range p.all(selector) {
		if strings.Contains(words(n), text) {
			p.t.Errorf("%s: %s says %q: %s", p.what, selector, text, words(n))
		}
	}
	return p
}

// form fills in what the page's form with this action carries in hidden fields.
func (p page) form(action string, more ...string) url.Values {
	p.t.Helper()
	values := url.Values{}
	for _, f := range p.all("form") {
		if !strings.HasPrefix(attribute(f, "action"), action) || attribute(f, "method") != "post" {
			continue
		}
		for n := range f.Descendants() {
			if n.Data == "input" && attribute(n, "type") == "hidden" && attribute(n, "name") != "csrf" {
				values.Set(attribute(n, "name"), attribute(n, "value"))
			}
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return values
}

// follow goes where a redirect leads, with the flash cookie.
func (g *guest) follow(a answer) page {
	g.town.t.Helper()
	a.want(http.StatusSeeOther)
	var cookies []string
	if g.cookie != "" {
		cookies = append(cookies, g.town.sessionName()+"="+g.cookie)
	}
	for _, c := range a.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	anonymous := &guest{town: g.town}
	return anonymous.get(a.Header.Get("Location"), header{"Cookie": strings.Join(cookies, "; ")}).want(http.StatusOK).page()
}
