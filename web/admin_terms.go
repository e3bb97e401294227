package web

import (
	"slices"
	"strconv"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// adminTermsPage is the data of templates/admin_terms.html: the list, and the version
// that is open.
type adminTermsPage struct {
	ui.Frame
	Rows     []versionRow
	Post     string
	Revision int
	Key      *ui.Field // of new terms
	Texts    []threeTexts
	Fields   []ui.Field // of publishing and the decision
	Shown    []languageTerms
	Editable bool
	Summary  ui.ErrorSummary
}

// languageTerms are terms as residents see them in a language.
type languageTerms struct{ Lang, Label, Title, Body string }

func adminTermsRoutes() []route {
	return []route{
		{name: "admin-terms", method: get, at: one("/admin/terms"), who: keepers, handle: (*visit).showTermsList},
		{name: "admin-terms-make", method: post, at: one("/admin/terms"), who: cityAdmins, handle: (*visit).makeTerms},
		{name: "admin-terms-version", method: get, at: one("/admin/terms/:key/:version"), who: keepers, handle: (*visit).showAdminTerms},
		{name: "admin-terms-save", method: post, at: one("/admin/terms/:key/:version"), who: cityAdmins, handle: (*visit).saveTerms},
	}
}

func (v *visit) showTermsList() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.termsList(problems{})
}

func (v *visit) termsList(p problems) error {
	list, err := v.server.Catalogue.TermsVersions(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := adminTermsPage{Post: v.path("admin-terms"), Summary: p.Summary, Editable: v.managesCity()}
	if page.Frame, err = v.workFrame(v.t("terms.title"), ui.Link{Href: v.path("admin-rules"), Label: v.t("rulebook.title")}); err != nil {
		return err
	}
	for _, t := range list {
		page.Rows = append(page.Rows, v.termsRow(t))
	}
	key := v.field(ui.Field{Name: "key", Label: v.t("rulebook.key"), Hint: v.t("terms.key_hint"), Width: "m", MaxLength: 100}, p)
	page.Key, page.Texts = &key, v.termsTexts(resources.Terms{}, p)
	return v.render("admin_terms", page)
}

func (v *visit) termsRow(t resources.Terms) versionRow {
	state := "draft"
	row := versionRow{
		Href: v.path("admin-terms-version", t.Key, strconv.Itoa(t.Version)), Name: v.named(t.Title) + ", " + v.t("rulebook.version", "version", t.Version),
		Decision: t.Decision.V.Reference, Address: safeAddress(t.Decision.V.Address), Rules: t.Key,
	}
	if t.ValidFrom != nil && t.State == "live" {
		row.Valid, state = v.t("rulebook.since", "day", v.say.Date(*t.ValidFrom)), "live"
		if t.ValidFrom.After(v.now) {
			state = "coming"
		}
	}
	row.Tag = ui.StatusTag{Kind: versionKinds[state], Label: v.t("terms.state." + state)}
	return row
}

func (v *visit) termsTexts(t resources.Terms, p problems) []threeTexts {
	fill := func(f ui.Field) ui.Field { return v.field(f, p) }
	return []threeTexts{
		v.threeTexts(ui.Field{Name: "title", Label: v.t("terms.heading"), MaxLength: 200}, t.Title, fill),
		v.threeTexts(ui.Field{Name: "body", Label: v.t("terms.body"), Type: "textarea", Rows: 10, MaxLength: 50_000}, t.Body, fill),
	}
}

// termsProblemsAt are the fields of the pages by those of the use case.
var termsProblemsAt = map[string]string{"key": "key", "title": "title_fi", "body": "body_fi", "valid_from": "valid_from"}

func (v *visit) makeTerms() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	made, err := v.server.Catalogue.DraftTerms(v.ctx, v.actor, resources.Terms{Key: v.form("key"), Title: v.formTexts("title"), Body: v.formTexts("body")})
	if p, ok := v.problems(err); ok {
		return v.termsList(p.at(termsProblemsAt))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "terms.saved", fault.Params{})
	return v.redirect(v.path("admin-terms-version", made.Key, strconv.Itoa(made.Version)))
}

func (v *visit) termsVersion() (resources.Terms, error) {
	if err := v.requireSignIn(); err != nil {
		return resources.Terms{}, err
	}
	list, err := v.server.Catalogue.TermsVersions(v.ctx, v.actor)
	if err != nil {
		return resources.Terms{}, err
	}
	i := slices.IndexFunc(list, func(t resources.Terms) bool {
		return t.Key == v.param("key") && strconv.Itoa(t.Version) == v.param("version")
	})
	if i < 0 {
		return resources.Terms{}, fault.New(fault.NotFound, "terms.not_found")
	}
	return list[i], nil
}

func (v *visit) showAdminTerms() error {
	terms, err := v.termsVersion()
	if err != nil {
		return err
	}
	return v.termsForm(terms, problems{})
}

func (v *visit) termsForm(t resources.Terms, p problems) (err error) {
	page := adminTermsPage{
		Post: v.path("admin-terms-save", t.Key, strconv.Itoa(t.Version)), Summary: p.Summary, Revision: v.stillRevision(t.Revision, p),
		Editable: t.State == "draft" && v.server.Catalogue.MayRule(v.actor, t.Unit), Rows: []versionRow{v.termsRow(t)},
	}
	if page.Frame, err = v.workFrame(v.named(t.Title), ui.Link{Href: v.path("admin-terms"), Label: v.t("terms.title")}); err != nil {
		return err
	}
	page.Texts = v.termsTexts(t, p)
	for _, f := range append(v.decisionFields(openVersion{RuleBook: resources.RuleBook{Decision: t.Decision}}),
		ui.Field{Name: "valid_from", Label: v.t("rulebook.field.valid_from"), Hint: v.t("terms.valid_from_hint"), Width: "s", Autocomplete: "off", Optional: true}) {
		page.Fields = append(page.Fields, v.field(f, p))
	}
	for _, lang := range locales.Languages {
		page.Shown = append(page.Shown, languageTerms{lang, v.t("admin.language." + lang), t.Title.Exact(lang), t.Body.Exact(lang)})
	}
	return v.render("admin_terms", page)
}

// saveTerms saves a draft or, as its button says, publishes it or makes the next
// version of one that is live.
func (v *visit) saveTerms() error {
	terms, err := v.termsVersion()
	if err != nil {
		return err
	}
	if v.form("act") == "next" {
		terms, err = v.server.Catalogue.DraftTerms(v.ctx, v.actor, terms)
	} else {
		var from *time.Time
		next := terms
		next.Title, next.Body, next.Decision = v.formTexts("title"), v.formTexts("body"), db.AsJSON(v.decisionTyped())
		if from, err = v.termsFrom(); err == nil {
			if next.Revision, err = v.revision(); err == nil {
				next, err = v.server.Catalogue.SaveTerms(v.ctx, v.actor, next, from)
			}
		}
	}
	if p, ok := v.problems(err); ok {
		return v.termsForm(terms, p.at(termsProblemsAt))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "terms.saved", fault.Params{})
	return v.redirect(v.path("admin-terms-version", terms.Key, strconv.Itoa(terms.Version)))
}

// termsFrom is from when a draft is to be valid, where it is to be published.
func (v *visit) termsFrom() (*time.Time, error) {
	if v.form("act") != "publish" {
		return nil, nil
	}
	date := v.today().AddDays(1)
	if typed := v.form("valid_from"); typed != "" {
		var err error
		if date, err = v.typedDate(typed); err != nil {
			return nil, fault.InvalidField("valid_from", fault.As(err).Code, fault.As(err).Params)
		}
	}
	at := calendar.DayBounds(date, v.server.Zone).Begin
	return &at, nil
}
