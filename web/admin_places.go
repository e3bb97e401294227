package web

import (
	"net/url"
	"slices"
	"strings"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// placesPage is the data of templates/admin_places.html.
type placesPage struct {
	ui.Frame
	Search  ui.Field
	State   ui.Field
	Count   string
	Sites   []siteBlock
	New     bool // may make units
	Book    *bookForm
	Empty   *ui.Empty
	Summary ui.ErrorSummary
}

// siteBlock is a unit with its rows.
type siteBlock struct {
	ID      string
	Name    string
	Lang    string
	Place   string
	Missing string
	Count   string
	Open    bool
	Links   []ui.Link
	Rows    []placeRow
	New     string // address of a new resource
}

// placeRow is a resource, or a space that nobody can book.
type placeRow struct {
	Depth   int
	Name    string
	Lang    string
	Href    string
	Space   bool
	Tag     ui.StatusTag
	Missing string
	Persons string
	Links   []ui.Link
}

// bookForm offers the first rule book.
type bookForm struct {
	Template  ui.Field
	Reference ui.Field
}

// foldedFrom is how many units a list has before each is folded.
const foldedFrom = 21

func (v *visit) showPlaces() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.places(problems{})
}

func (v *visit) places(p problems) error {
	sites, err := v.server.Catalogue.Sites(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := placesPage{New: v.managesCity(), Summary: p.Summary}
	if page.Frame, err = v.workFrame(v.t("nav.places")); err != nil {
		return err
	}
	if page.Book, err = v.firstBook(p); err != nil {
		return err
	}
	words, state := v.query("q"), v.query("state")
	page.Search = ui.Field{Name: "q", Label: v.t("admin.filter"), Type: "search", Value: words, MaxLength: 200}
	page.State = ui.Field{Name: "state", Label: v.t("admin.state"), Type: "select", Options: v.stateOptions(state)}
	slices.SortStableFunc(sites, func(a, b catalogue.Site) int { return compareNames(v.named(a.Unit.Name), v.named(b.Unit.Name)) })
	shown := 0
	for _, site := range sites {
		block, n := v.siteBlock(site, words, state)
		if n == 0 && words+state != "" {
			continue
		}
		block.Open = words+state != "" || len(sites) < foldedFrom
		page.Sites, shown = append(page.Sites, block), shown+n
	}
	page.Count = v.t("admin.count", "n", shown)
	page.Empty = v.noPlaces(page, words+state != "")
	return v.render("admin_places", page)
}

func (v *visit) noPlaces(page placesPage, filtered bool) *ui.Empty {
	switch {
	case len(page.Sites) > 0:
		return nil
	case filtered:
		return &ui.Empty{Drawing: ui.DrawPine, Title: v.t("admin.nothing_found"), Actions: []ui.Link{{Href: v.path("admin-places"), Label: v.t("admin.show_all")}}}
	}
	return &ui.Empty{
		Drawing: ui.DrawLake, Title: v.t("admin.no_units"), Text: v.t("admin.no_units_text"),
		Actions: []ui.Link{{Href: v.path("admin-unit-new"), Label: v.t("admin.new_unit")}},
	}
}

// publication is what a resource is for visitors at present.
var publications = []string{"draft", "scheduled", "published", "hidden", "archived"}

func (v *visit) publication(r resources.Resource) string {
	switch {
	case r.State != resources.StatePublished:
		return r.State
	case r.PublishFrom != nil && r.PublishFrom.After(v.now):
		return "scheduled"
	case r.PublishTo != nil && !r.PublishTo.After(v.now):
		return "hidden"
	}
	return r.State
}

var publicationKinds = map[string]ui.Kind{
	"draft": ui.KindRequested, "scheduled": ui.KindHeld, "published": ui.KindConfirmed, "hidden": ui.KindClosed, "archived": ui.KindExpired,
}

func (v *visit) publicationTag(r resources.Resource) ui.StatusTag {
	state := v.publication(r)
	return ui.StatusTag{Kind: publicationKinds[state], Label: v.t("admin.state." + state)}
}

func (v *visit) stateOptions(chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("admin.state_all"), Selected: chosen == ""}}
	for _, state := range publications {
		options = append(options, ui.Option{Value: state, Label: v.t("admin.state." + state), Selected: chosen == state})
	}
	return options
}

// siteBlock shows of a unit what the words and the state leave; n counts what
// can be booked.
func (v *visit) siteBlock(site catalogue.Site, words, state string) (block siteBlock, n int) {
	unit := site.Unit
	block = siteBlock{
		ID: unit.Slug, Missing: v.missing(unit.Name, unit.Description), New: "/admin/resources/new?" + url.Values{"unit": {unit.Slug}}.Encode(),
		Place: strings.Trim(unit.Address+", "+unit.City, ", "),
		Links: []ui.Link{
			{Href: v.path("admin-unit", unit.Slug), Label: v.t("admin.tab.unit")},
			{Href: v.path("admin-tree", unit.Slug), Label: v.t("admin.tab.tree")},
			{Href: v.path("admin-unit-hours", unit.Slug), Label: v.t("admin.tab.hours")},
			{Href: v.path("admin-history", unit.Slug), Label: v.t("admin.tab.history")},
			{Href: v.pathWith("schedule", url.Values{"unit": {unit.Slug}}), Label: v.t("nav.schedule")},
		},
	}
	block.Name, block.Lang = v.text(unit.Name)
	whole := state == "" && mentions(words, unit.Slug, unit.City, unit.Name)
	for _, row := range v.placeRows(site) {
		if !whole && (!mentions(words, row.slug, "", row.name) || state != "" && state != row.state) {
			continue
		}
		if block.Rows = append(block.Rows, row.placeRow); !row.Space {
			n++
		}
	}
	block.Count = v.t("admin.count", "n", n)
	if n == 0 && len(block.Rows) > 0 || whole {
		return block, max(n, min(1, len(block.Rows)))
	}
	return block, n
}

// mentions tells whether every word is in one of the texts; no words are.
func mentions(words, slug, city string, name locales.Texts) bool {
	said := strings.ToLower(strings.Join([]string{slug, city, name.Fi, name.Sv, name.En}, " "))
	return !slices.ContainsFunc(strings.Fields(strings.ToLower(words)), func(word string) bool { return !strings.Contains(said, word) })
}

// listedRow is a row with what filters look at.
type listedRow struct {
	placeRow
	slug, state string
	name        locales.Texts
}

// placeRows are the resources in the order of the tree of spaces, under the
// first of their spaces; spaces that nobody can book stand among them, and
// resources without a space at the end.
func (v *visit) placeRows(site catalogue.Site) []listedRow {
	var rows []listedRow
	listed := map[int]bool{}
	for _, branch := range site.Branches() {
		users := site.UsersOf(func(p resources.Part) bool { return p.Space != nil && *p.Space == branch.ID })
		for _, r := range users {
			if !listed[r.ID] {
				listed[r.ID] = true
				rows = append(rows, v.resourceRow(site, r, branch.Depth))
			}
		}
		if len(users) == 0 {
			row := listedRow{placeRow: placeRow{Depth: branch.Depth, Space: true}, name: branch.Name}
			row.Name, row.Lang = v.text(branch.Name)
			rows = append(rows, row)
		}
	}
	for _, r := range site.Resources {
		if !listed[r.ID] {
			rows = append(rows, v.resourceRow(site, r, 0))
		}
	}
	return rows
}

func (v *visit) resourceRow(site catalogue.Site, r resources.Resource, depth int) listedRow {
	row := listedRow{slug: r.Slug, state: v.publication(r), name: r.Name, placeRow: placeRow{
		Depth: depth, Href: "/admin/resources/" + url.PathEscape(r.Slug), Tag: v.publicationTag(r), Persons: v.crowd(r),
		Missing: v.missing(r.Name, r.Description),
		Links: []ui.Link{
			{Href: v.path("room", r.Slug), Label: v.t("admin.preview")},
			{Href: v.path("admin-room-hours", r.Slug), Label: v.t("admin.tab.hours")},
		},
	}}
	row.Name, row.Lang = v.text(r.Name)
	if !slices.ContainsFunc(site.Parts, func(p resources.Part) bool { return p.Resource == r.ID }) {
		row.Missing = strings.TrimPrefix(row.Missing+", "+v.t("admin.no_parts"), ", ")
	}
	return row
}

// firstBook is the offer of a first rule book, where there is none and the
// visitor may make it.
func (v *visit) firstBook(p problems) (*bookForm, error) {
	if !v.managesCity() {
		return nil, nil
	}
	books, err := v.server.Resources.BooksInForce(v.ctx, v.server.DB)
	if err != nil || len(books) > 0 {
		return nil, err
	}
	form := &bookForm{}
	var options []ui.Option
	for i, key := range catalogue.Templates {
		options = append(options, ui.Option{Value: key, Label: v.t("admin.book." + key), Hint: v.t("admin.book_hint." + key), Selected: i == 0})
	}
	form.Template = v.field(ui.Field{Name: "template", Label: v.t("admin.book_choose"), Type: "radio", Options: options}, p)
	form.Reference = v.field(ui.Field{Name: "reference", Label: v.t("admin.book_reference"), Hint: v.t("admin.book_reference_hint"), Optional: true, Width: "m", MaxLength: 200}, p)
	return form, nil
}

func (v *visit) makeFirstBook() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	_, err := v.server.Catalogue.FirstBook(v.ctx, v.actor, v.form("template"), v.form("reference"))
	if p, ok := v.problems(err); ok {
		return v.places(p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "admin.book_made", fault.Params{})
	return v.redirect(v.path("admin-places"))
}
