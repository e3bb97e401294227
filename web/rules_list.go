package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// rulebooksPage is the data of templates/admin_rules.html.
type rulebooksPage struct {
	ui.Frame
	Rows    []rulebookRow
	New     []ui.Field
	Names   threeTexts
	Open    bool // the form for a new book
	Summary ui.ErrorSummary
}

// rulebookRow is a book in a list.
type rulebookRow struct {
	Name, Key, Href string
	For             string // the city or a unit
	Since           string
	Decision        string
	Next            string
	Drafts          string
	Users           string
	Base            string
}

func (v *visit) showRulebooks() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.rulebooks(problems{})
}

func (v *visit) rulebooks(p problems) error {
	books, err := v.server.Catalogue.Rulebooks(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := rulebooksPage{Summary: p.Summary, Open: len(p.Summary.Items) > 0 || len(books) == 0}
	if page.Frame, err = v.workFrame(v.t("rulebook.title"), ui.Link{Href: v.path("admin-places"), Label: v.t("nav.places")}); err != nil {
		return err
	}
	units, err := v.unitNames()
	if err != nil {
		return err
	}
	for _, book := range books {
		page.Rows = append(page.Rows, v.rulebookRow(book, units))
	}
	slices.SortStableFunc(page.Rows, func(a, b rulebookRow) int { return compareNames(a.Name, b.Name) })
	page.Names = v.threeTexts(ui.Field{Name: "name", Label: v.t("admin.name"), MaxLength: 200}, locales.Texts{}, func(f ui.Field) ui.Field { return v.field(f, p) })
	page.New, err = v.newBookFields(books, p)
	if err != nil {
		return err
	}
	return v.render("admin_rules", page)
}

// unitNames are the names of all units by their keys.
func (v *visit) unitNames() (map[int]string, error) {
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	names := map[int]string{}
	for _, unit := range units {
		names[unit.ID] = v.named(unit.Name)
	}
	return names, err
}

func (v *visit) rulebookRow(book catalogue.Rulebook, units map[int]string) rulebookRow {
	service := v.server.Catalogue
	newest := book.Versions[0]
	row := rulebookRow{Name: v.bookName(newest), Key: book.Key, Href: v.path("admin-rulebook", book.Key), For: v.t("rulebook.city"), Users: v.t("rulebook.users", "n", book.Users), Base: newest.Base}
	if book.Unit != nil {
		row.For = units[*book.Unit]
	}
	if live := book.Live(service); live != nil {
		row.Name, row.Base, row.Decision = v.bookName(*live), live.Base, live.Decision.V.Reference
		row.Since = v.t("rulebook.since", "day", v.say.Date(*live.ValidFrom))
	}
	if coming := book.Coming(service); len(coming) > 0 {
		row.Next = v.t("rulebook.next", "day", v.say.Date(*coming[0].ValidFrom))
	}
	if n := len(book.Drafts()); n > 0 {
		row.Drafts = v.t("rulebook.drafts", "n", n)
	}
	return row
}

// newBookFields ask what a new book is called, whose it is, on what it stands
// and with what it begins.
func (v *visit) newBookFields(books []catalogue.Rulebook, p problems) ([]ui.Field, error) {
	units, err := v.workUnits()
	if err != nil {
		return nil, err
	}
	var whose []ui.Option
	if v.managesCity() {
		whose = append(whose, ui.Option{Label: v.t("rulebook.city")})
	}
	for _, unit := range units {
		if v.server.Catalogue.MayRule(v.actor, &unit.ID) {
			whose = append(whose, ui.Option{Value: unit.Slug, Label: v.named(unit.Name)})
		}
	}
	fields := []ui.Field{
		{Name: "key", Label: v.t("rulebook.key"), Hint: v.t("rulebook.key_hint"), Width: "m", MaxLength: 100, Autocomplete: "off"},
		{Name: "unit", Label: v.t("rulebook.whose"), Type: "select", Options: whose},
		{Name: "base", Label: v.t("rulebook.base"), Hint: v.t("rulebook.base_hint"), Type: "select", Options: v.baseOptions(books, "", "")},
		{Name: "base_first", Label: v.t("rulebook.base_first"), Type: "checkbox"},
		{Name: "from", Label: v.t("rulebook.from"), Type: "select", Options: v.startOptions(nil)},
	}
	for i := range fields {
		fields[i] = v.field(fields[i], p)
	}
	return fields, nil
}

// baseOptions are the books of the city on which others may stand.
func (v *visit) baseOptions(books []catalogue.Rulebook, own, chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("rulebook.no_base"), Selected: chosen == ""}}
	for _, book := range books {
		if book.Unit == nil && book.Key != own && book.Versions[0].Base == "" {
			options = append(options, ui.Option{Value: book.Key, Label: v.bookName(book.Versions[0]), Selected: book.Key == chosen})
		}
	}
	return options
}

// startOptions are what a draft can begin with.
func (v *visit) startOptions(book *catalogue.Rulebook) []ui.Option {
	var options []ui.Option
	if book != nil {
		for _, version := range book.Versions {
			options = append(options, ui.Option{Value: "version:" + strconv.Itoa(version.Version), Label: v.t("rulebook.from_version", "version", version.Version, "state", strings.ToLower(v.versionTag(version).Label))})
		}
		if live := book.Live(v.server.Catalogue); live != nil { // the usual way
			at := slices.IndexFunc(book.Versions, func(b resources.RuleBook) bool { return b.ID == live.ID })
			first := options[at]
			options = slices.Insert(slices.Delete(options, at, at+1), 0, first)
		}
	}
	for _, key := range catalogue.Templates {
		options = append(options, ui.Option{Value: "template:" + key, Label: v.t("rulebook.from_template", "name", v.t("admin.book."+key))})
	}
	return append(options, ui.Option{Value: "empty", Label: v.t("rulebook.from_empty")})
}

func (v *visit) makeRulebook() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	draft := resources.RuleBook{Key: v.form("key"), Name: v.formTexts("name"), Base: v.form("base"), BaseFirst: v.form("base_first") != ""}
	err := v.whoseBook(&draft)
	if err == nil {
		if err = v.startDraft(&draft, nil); err == nil {
			draft, err = v.server.Catalogue.DraftBook(v.ctx, v.actor, draft)
		}
	}
	if p, ok := v.problems(err); ok {
		return v.rulebooks(p.renamed("name", "name_fi"))
	} else if err != nil {
		return err
	}
	return v.toVersion(draft, "rulebook.drafted")
}

// whoseBook reads whose a new book is.
func (v *visit) whoseBook(draft *resources.RuleBook) error {
	slug := v.form("unit")
	if slug == "" {
		if !v.managesCity() && v.looksAfterPlaces() {
			return fault.InvalidField("unit", "rulebook.choose_unit")
		}
		return nil
	}
	unit, err := v.server.Resources.UnitBySlug(v.ctx, v.server.DB, slug)
	draft.Unit = &unit.ID
	return err
}

func (v *visit) toVersion(book resources.RuleBook, flash string) error {
	if flash != "" {
		v.flash(ui.AlertSuccess, flash, fault.Params{})
	}
	return v.redirect(v.path("admin-rule-version", book.Key, strconv.Itoa(book.Version)))
}

// startDraft fills a draft with what it begins with: a version, a template, a
// file that was pasted, or nothing.
func (v *visit) startDraft(draft *resources.RuleBook, book *catalogue.Rulebook) error {
	if text := v.form("file"); text != "" {
		return v.startFromFile(draft, text)
	}
	kind, what, _ := strings.Cut(v.form("from"), ":")
	draft.Rules = db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{}})
	switch {
	case kind == "template":
		rules, known := catalogue.TemplateRules(what)
		if !known {
			return fault.InvalidField("from", "rules.unknown_template")
		}
		for i := range rules {
			rules[i].ID += "-" + draft.Key // apart from those of a shared book
		}
		draft.Rules.V.Rules = rules
	case kind == "version" && book != nil:
		for _, version := range book.Versions {
			if strconv.Itoa(version.Version) == what {
				draft.Rules, draft.Examples, draft.Name, draft.Base, draft.BaseFirst = version.Rules, version.Examples, version.Name, version.Base, version.BaseFirst
			}
		}
	}
	return nil
}

// startFromFile reads a policies.File.
func (v *visit) startFromFile(draft *resources.RuleBook, text string) error {
	file, err := policies.ParseFile([]byte(text))
	if err != nil {
		found := fault.As(err)
		for i := range found.Fields {
			found.Fields[i].Name = "file"
		}
		return found
	}
	catalogue.FillFromFile(draft, file)
	return nil
}

// bookPage is the frame of a page about a book or a version of it.
func (v *visit) bookPage(title string, book resources.RuleBook, more ...ui.Link) (ui.Frame, error) {
	crumbs := []ui.Link{{Href: v.path("admin-rules"), Label: v.t("rulebook.title")}, {Href: v.path("admin-rulebook", book.Key), Label: v.bookName(book)}}
	return v.workFrame(title, append(crumbs, more...)...)
}

// rulebookPage is the data of templates/admin_rulebook.html.
type rulebookPage struct {
	ui.Frame
	Row      rulebookRow
	Versions []versionRow
	May      bool
	Post     string
	Start    []ui.Field
	Summary  ui.ErrorSummary
	Links    []ui.Link
}

type versionRow struct {
	Href, Name string
	Tag        ui.StatusTag
	Valid      string
	Decision   string
	Address    string
	Rules      string
}

func (v *visit) rulebook() (catalogue.Rulebook, error) {
	if err := v.requireSignIn(); err != nil {
		return catalogue.Rulebook{}, err
	}
	return v.server.Catalogue.Rulebook(v.ctx, v.actor, v.param("key"))
}

func (v *visit) showRulebook() error {
	book, err := v.rulebook()
	if err != nil {
		return err
	}
	return v.rulebookPage(book, problems{})
}

func (v *visit) rulebookPage(book catalogue.Rulebook, p problems) error {
	units, err := v.unitNames()
	if err != nil {
		return err
	}
	page := rulebookPage{Row: v.rulebookRow(book, units), Post: v.path("admin-rulebook", book.Key), Summary: p.Summary, May: v.server.Catalogue.MayRule(v.actor, book.Unit)}
	if page.Frame, err = v.workFrame(page.Row.Name, ui.Link{Href: v.path("admin-rules"), Label: v.t("rulebook.title")}); err != nil {
		return err
	}
	for _, version := range book.Versions {
		page.Versions = append(page.Versions, versionRow{
			Href: v.path("admin-rule-version", book.Key, strconv.Itoa(version.Version)), Name: v.t("rulebook.version", "version", version.Version),
			Tag: v.versionTag(version), Valid: v.validity(version), Decision: version.Decision.V.Reference, Address: safeAddress(version.Decision.V.Address),
			Rules: v.t("rulebook.rules_n", "n", len(version.Rules.V.Rules)),
		})
	}
	if page.May {
		page.Start = []ui.Field{
			v.field(ui.Field{Name: "from", Label: v.t("rulebook.from"), Type: "select", Options: v.startOptions(&book)}, p),
			v.field(ui.Field{Name: "file", Label: v.t("rulebook.file"), Hint: v.t("rulebook.file_hint"), Type: "textarea", Optional: true}, p),
		}
	}
	return v.render("admin_rulebook", page)
}

// safeAddress is an address of the web, or "".
func safeAddress(address string) string {
	if u, err := url.Parse(address); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return address
	}
	return ""
}

// versionState is draft, coming, live (in force) or past.
func (v *visit) versionState(b resources.RuleBook) string {
	switch {
	case b.State == "draft":
		return "draft"
	case b.ValidFrom.After(v.now):
		return "coming"
	}
	live, err := v.server.Resources.BookAlone(v.ctx, v.server.DB, b.Key, v.now)
	if err == nil && live.ID == b.ID {
		return "live"
	}
	return "past"
}

var versionKinds = map[string]ui.Kind{"draft": ui.KindRequested, "coming": ui.KindHeld, "live": ui.KindConfirmed, "past": ui.KindExpired}

func (v *visit) versionTag(b resources.RuleBook) ui.StatusTag {
	state := v.versionState(b)
	return ui.StatusTag{Kind: versionKinds[state], Label: v.t("rulebook.state." + state)}
}

func (v *visit) validity(b resources.RuleBook) string {
	if b.State == "draft" {
		return ""
	}
	return v.t("rulebook.since", "day", v.say.Date(*b.ValidFrom))
}

func (v *visit) makeDraft() error {
	book, err := v.rulebook()
	if err != nil {
		return err
	}
	if !v.server.Catalogue.MayRule(v.actor, book.Unit) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	newest := book.Versions[0]
	draft := resources.RuleBook{Key: book.Key, Unit: book.Unit, Name: newest.Name, Base: newest.Base, BaseFirst: newest.BaseFirst}
	if err = v.startDraft(&draft, &book); err == nil {
		if draft.Name == (locales.Texts{}) {
			draft.Name.Fi = v.bookName(newest)
		}
		draft, err = v.server.Catalogue.DraftBook(v.ctx, v.actor, draft)
	}
	if p, ok := v.problems(err); ok {
		return v.rulebookPage(book, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(draft, "rulebook.drafted")
}
