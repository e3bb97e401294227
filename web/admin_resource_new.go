package web

import (
	"cmp"
	"slices"
	"strconv"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// newSlug is the address of the form below; no resource may have it.
const newSlug = "new"

// newResourcePage is the data of templates/admin_resource_new.html: as little as
// a draft needs. A copy is made with it too.
type newResourcePage struct {
	ui.Frame
	Heading string
	Lead    string
	Post    string
	Unit    string
	Sets    []fieldset
	Tree    *partTree
	Summary ui.ErrorSummary
	Back    string
}

// managedUnit is the unit that is asked for, if the visitor looks after it;
// without one the first.
func (v *visit) managedUnit() (resources.Unit, error) {
	if err := v.requireStaff(); err != nil {
		return resources.Unit{}, err
	}
	units, err := v.workUnits()
	if err != nil {
		return resources.Unit{}, err
	}
	slug := cmp.Or(v.form("unit"), v.query("unit"))
	mine := func(u resources.Unit) bool {
		return accounts.Can(v.actor, accounts.ManageUnit, accounts.Object{Unit: u.ID})
	}
	if slug == "" {
		units = slices.DeleteFunc(units, func(u resources.Unit) bool { return !mine(u) })
		if len(units) == 0 {
			return resources.Unit{}, fault.New(fault.Forbidden, "auth.forbidden")
		}
	}
	unit, err := chosenUnit(units, slug)
	if fault.Is(err, fault.NotFound) || err == nil && !mine(unit) { // whose unit it is, is no secret
		err = fault.New(fault.Forbidden, "auth.forbidden")
	}
	return unit, err
}

func (v *visit) showNewResource() error {
	unit, err := v.managedUnit()
	if err != nil {
		return err
	}
	return v.newResource(unit, problems{})
}

func (v *visit) newResource(unit resources.Unit, p problems) error {
	page := newResourcePage{
		Heading: v.t("editor.new_title"), Lead: v.t("editor.new_lead", "unit", v.named(unit.Name)), Post: v.path("resource-make"), Unit: unit.Slug, Summary: p.Summary,
		Back: v.path("admin-places"),
	}
	var err error
	if page.Frame, err = v.workFrame(page.Heading, v.placeCrumbs(unit)...); err != nil {
		return err
	}
	page.Sets = []fieldset{
		v.languageSet("name", locales.Texts{}, ui.Field{MaxLength: 200, Autocomplete: "off"}),
		{Fields: []ui.Field{{Name: "type", Label: v.t("field.type"), Type: "select", Width: "m", Options: v.choices(resources.Types, v.t("editor.choose"), "")}}},
	}
	v.fillSets(page.Sets, p)
	if page.Tree, err = v.partTree(editor{Place: resources.Place{Unit: unit}}, p); err != nil {
		return err
	}
	return v.render("admin_resource_new", page)
}

func (v *visit) fillSets(sets []fieldset, p problems) {
	for i := range sets {
		for j := range sets[i].Fields {
			sets[i].Fields[j] = v.editorField(sets[i].Fields[j], p)
		}
	}
}

// makeResource makes a draft with usual times and the rule book that most
// resources of the unit have, and leads to its editor.
func (v *visit) makeResource() error {
	unit, err := v.managedUnit()
	if err != nil {
		return err
	}
	r := resources.Resource{
		Unit: unit.ID, Type: v.form("type"), Raster: 30, MinMinutes: 30, PriceUnit: "hour", CancelMinutes: new(calendarDay),
		Purposes: db.Strings{}, Equipment: db.Strings{}, RequiredFields: db.Strings{},
	}
	form := sectionForm{v: v, r: &r}
	r.Name = form.texts("name")
	var made resources.Resource
	parts, err := v.readParts()
	if err == nil {
		if r.RuleBook, err = v.usualBook(unit); err != nil {
			return err
		}
		if r.Slug, err = v.server.Catalogue.FreeSlug(v.ctx, r.Name.String()); err != nil {
			return err
		}
		made, err = v.server.Catalogue.AddResource(v.ctx, v.actor, r, parts)
	}
	if p, ok := v.problems(atInputs(err)); ok {
		return v.newResource(unit, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.made", nil)
	return v.redirect(v.path("resource-edit", made.Slug))
}

// usualBook is the rule book that most resources of a unit have, else the first
// that they could have.
func (v *visit) usualBook(unit resources.Unit) (string, error) {
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{Unit: unit.Slug, Lang: v.lang, IncludeUnpublished: true})
	if err != nil {
		return "", err
	}
	books, err := v.booksFor(resources.Resource{Unit: unit.ID})
	if err != nil {
		return "", err
	}
	best, uses := "", map[string]int{}
	for _, book := range books {
		best = cmp.Or(best, book.Key)
	}
	for _, place := range places {
		key := place.Resource.RuleBook
		if uses[key]++; uses[key] > uses[best] {
			best = key
		}
	}
	return best, nil
}

func (v *visit) showCopyResource() error {
	e, err := v.ownEditor()
	if err != nil {
		return err
	}
	return v.copyForm(e, problems{})
}

// copyForm asks what the copy is called; it has the original's name to begin
// with.
func (v *visit) copyForm(e editor, p problems) error {
	name := v.named(e.Resource.Name)
	page := newResourcePage{
		Heading: v.t("editor.copy_title"), Lead: v.t("editor.copy_lead", "name", name), Post: v.path("resource-copy-make", e.Resource.Slug),
		Summary: p.Summary, Back: v.path("resource-edit", e.Resource.Slug),
	}
	var err error
	if page.Frame, err = v.workFrame(page.Heading, ui.Link{Href: page.Back, Label: name}); err != nil {
		return err
	}
	second := e.Resource.Name
	for _, text := range []*string{&second.Fi, &second.Sv, &second.En} {
		if *text != "" {
			*text += " " + strconv.Itoa(2)
		}
	}
	page.Sets = []fieldset{v.languageSet("name", second, ui.Field{MaxLength: 200, Autocomplete: "off"})}
	v.fillSets(page.Sets, p)
	return v.render("admin_resource_new", page)
}

func (v *visit) copyResource() error {
	e, err := v.ownEditor()
	if err != nil {
		return err
	}
	name := (&sectionForm{v: v}).texts("name")
	slug, err := v.server.Catalogue.FreeSlug(v.ctx, name.String())
	if err != nil {
		return err
	}
	made, err := v.server.Catalogue.DuplicateResource(v.ctx, v.actor, catalogue.Copy{Of: e.Resource.UID, Name: name, Slug: slug})
	if p, ok := v.problems(atInputs(err)); ok {
		return v.copyForm(e, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.copied", nil)
	return v.redirect(v.path("resource-edit", made.Slug))
}
