package ui

// Frame is what every page shows around its main part. Page types embed it and
// are handed to the template "base".
type Frame struct {
	Lang        string // "fi", "sv", "en"
	SiteName    string // the town's name for the service
	Title       string // the page's own name, also its h1 where it has none
	Description string // one sentence for search engines; may be empty
	BaseURL     string // scheme and host, no slash at the end; for canonical and hreflang
	Path        string // this page's path with query, to come back to
	HomeHref    string
	Alternates  []Alternate // the same page in each language
	Nav         []NavItem   // header
	Rail        []NavItem   // staff: rail from 1024 px
	Bottom      []NavItem   // phone: at most three, "more" is added
	More        []NavItem   // phone: inside "more"
	Footer      []Link
	Account     Account
	ColorScheme string // "light", "dark" or "" (the device decides)
	SchemePost  string // where the theme form posts; empty hides the switch
	Flash       []Alert
	Breadcrumbs []Link // the last one is this page
	Help        Help
	CSRF        string // empty on anonymous pages
	Staff       bool
	Demo        bool
	DemoLinks   []Link // beside the banner of the demo town
	NoIndex     bool
}

// Alternate is the page in one language.
type Alternate struct {
	Lang    string
	Href    string
	Current bool
}

// Short is the visible code ("FI").
func (a Alternate) Short() string {
	return map[string]string{"fi": "FI", "sv": "SV", "en": "EN"}[a.Lang]
}

// Name is the language in its own words.
func (a Alternate) Name() string {
	return map[string]string{"fi": "suomeksi", "sv": "på svenska", "en": "in English"}[a.Lang]
}

// NavItem is one entry of the header, rail or bottom bar.
type NavItem struct {
	Href    string
	Label   string
	Icon    string // name of an icon; needed in rail and bottom bar
	Current bool
	Count   string // a badge such as "12"; empty = none
}

// Account is who is signed in; an empty Name means nobody.
type Account struct {
	Name        string
	Href        string // own page
	SignInHref  string
	SignOutPost string
}

// Help is the box at the same place on every page.
type Help struct {
	Title string
	Text  string
	Links []Link
}

// Link is an address with its words.
type Link struct {
	Href  string
	Label string
}

// BottomOrNav gives the entries of the phone bar: Bottom, or the first three of
// the navigation.
func (f Frame) BottomOrNav() []NavItem {
	items := f.Bottom
	if len(items) == 0 {
		items = f.Nav
	}
	return items[:min(3, len(items))]
}

// DocumentTitle is the title element: page first, service last.
func (f Frame) DocumentTitle() string {
	if f.Title == "" {
		return f.SiteName
	}
	return f.Title + " – " + f.SiteName
}

// Trail is all breadcrumbs but the last.
func (f Frame) Trail() []Link {
	return f.Breadcrumbs[:max(0, len(f.Breadcrumbs)-1)]
}

// Here is the last breadcrumb's label.
func (f Frame) Here() string {
	if len(f.Breadcrumbs) == 0 {
		return ""
	}
	return f.Breadcrumbs[len(f.Breadcrumbs)-1].Label
}

// ThemeForm is the theme switch.
type ThemeForm struct {
	Post   string
	Return string
	Scheme string
	CSRF   string
}

// Theme gives the data of the theme switch.
func (f Frame) Theme() ThemeForm {
	return ThemeForm{Post: f.SchemePost, Return: f.Path, Scheme: f.ColorScheme, CSRF: f.CSRF}
}
