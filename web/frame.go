package web

import (
	"net/url"

	"vuoro/web/locales"
	"vuoro/web/ui"
)

// frame is what every page shows around its main part. crumbs are the pages
// above this one, from the home page down; none leaves the breadcrumbs out.
func (v *visit) frame(title string, crumbs ...ui.Link) ui.Frame {
	work := v.route.ofStaff()
	f := ui.Frame{
		Lang: v.lang, SiteName: v.siteName(), Title: title, BaseURL: v.server.BaseURL,
		Path: v.here(), HomeHref: v.path("home"), Alternates: v.alternates(),
		Nav: v.nav(), Footer: v.footer(),
		Account:     v.account(),
		ColorScheme: v.colorScheme(), SchemePost: v.path("scheme"),
		Flash: v.takeFlash(), CSRF: v.server.Accounts.CSRF(v.actor.Session),
		Staff: work, Demo: v.server.Demo, NoIndex: v.route.who != anyone || v.route.write(),
	}
	f.Bottom = []ui.NavItem{v.item("rooms", "nav.search", "search"), v.freeNow(), v.item("mine", "nav.mine", "calendar-event")}
	if v.actor.Staff() {
		f.Rail = v.rail()
		f.More = f.Rail
		if work {
			f.Bottom = f.Rail[:min(3, len(f.Rail))]
		}
	}
	if v.server.Demo {
		f.DemoLinks = []ui.Link{{Href: v.path("mailbox"), Label: v.t("nav.mailbox")}}
	}
	if !work {
		f.Help = ui.Help{Title: v.t("help.title"), Text: v.t("help.text"), Links: []ui.Link{{Href: v.path("about"), Label: v.t("nav.about")}}}
	}
	if len(crumbs) > 0 {
		f.Breadcrumbs = append(append([]ui.Link{{Href: v.path("home"), Label: v.t("nav.home")}}, crumbs...), ui.Link{Href: v.here(), Label: title})
	}
	return f
}

func (v *visit) siteName() string {
	if name, _ := v.server.Name.In(v.lang); name != "" {
		return name
	}
	return v.t("site.name")
}

// alternates are the present page in each language.
func (v *visit) alternates() []ui.Alternate {
	r := v.route
	if r.write() { // of a form that came back, the page it is on
		r = v.formPage()
	}
	var list []ui.Alternate
	for _, lang := range locales.Languages {
		list = append(list, ui.Alternate{Lang: lang, Href: v.inLanguage(r, lang), Current: lang == v.lang})
	}
	return list
}

// inLanguage is the present page in another language: at its own address, or
// with the wish in the query where addresses have no language.
func (v *visit) inLanguage(r route, lang string) string {
	if _, known := byName[r.name]; !known { // an address that leads nowhere
		return pathTo("home", lang)
	}
	query := url.Values{}
	if !v.route.write() {
		query, _ = url.ParseQuery(string(v.c.Context().QueryArgs().QueryString()))
		query.Del("lang")
	}
	if !r.localized() {
		query.Set("lang", lang)
	}
	to := pathTo(r.name, lang, v.params()...)
	if encoded := query.Encode(); encoded != "" {
		to += "?" + encoded
	}
	return to
}

// formPage is the page that is read at the address of the present write; the
// zero route when there is none.
func (v *visit) formPage() route {
	for _, r := range routes {
		if r.method == get && r.at == v.route.at {
			return r
		}
	}
	return route{}
}

func (v *visit) nav() []ui.NavItem {
	items := []ui.NavItem{v.item("rooms", "nav.search", "search"), v.item("mine", "nav.mine", "calendar-event")}
	if v.actor.Staff() {
		items = append(items, v.item("requests", "nav.requests", "inbox"))
	}
	return items
}

func (v *visit) footer() []ui.Link {
	var links []ui.Link
	for _, page := range []string{"about", "accessibility", "privacy", "terms"} {
		links = append(links, ui.Link{Href: v.path(page), Label: v.t("nav." + page)})
	}
	return append(links, ui.Link{Href: v.path("api-docs"), Label: "API"})
}

func (v *visit) rail() []ui.NavItem {
	items := []ui.NavItem{
		v.item("work", "day.today", "home"),
		v.item("requests", "nav.requests", "inbox"),
		v.item("schedule", "nav.schedule", "timeline"),
		v.item("report-hours", "nav.reports", "chart-bar"),
	}
	if v.looksAfterPlaces() {
		items = append(items, v.item("admin-places", "nav.places", "building"), v.item("admin-rules", "rulebook.title", "clipboard-list"), v.item("people", "people.title", "key"))
	}
	if v.managesCity() {
		items = append(items, v.item("work-associations", "nav.associations", "users"))
	}
	return items
}

func (v *visit) item(page, key, icon string) ui.NavItem {
	return ui.NavItem{Href: v.path(page), Label: v.t(key), Icon: icon, Current: v.route.name == page}
}

// freeNow leads to rooms that are free now.
func (v *visit) freeNow() ui.NavItem {
	return ui.NavItem{Href: v.path("rooms") + "?now=1", Label: v.t("nav.now"), Icon: "bolt"}
}

func (v *visit) account() ui.Account {
	if !v.actor.SignedIn() {
		return ui.Account{SignInHref: v.signInHref()}
	}
	name := v.actor.Person.Name
	if name == "" && v.actor.Person.Email != nil {
		name = *v.actor.Person.Email
	}
	return ui.Account{Name: name, Href: v.path("profile"), SignOutPost: v.path("sign-out")}
}

// signInHref leads to the sign-in and, from there, back to this page.
func (v *visit) signInHref() string {
	back := v.here()
	if back == "/" || back == v.path("home") || v.route.name == "sign-in" || v.route.write() && v.formPage().name == "" {
		return v.path("sign-in")
	}
	return v.path("sign-in") + "?return=" + url.QueryEscape(back)
}
