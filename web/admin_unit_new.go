package web

import (
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// newUnitPage is the data of templates/admin_unit_new.html.
type newUnitPage struct {
	ui.Frame
	Texts   threeTexts
	Place   []ui.Field
	Use     []ui.Field
	Slug    ui.Field
	Summary ui.ErrorSummary
}

func (v *visit) showNewUnit() error { return v.newUnit(problems{}) }

func (v *visit) newUnit(p problems) (err error) {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	if !v.managesCity() {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	fill := func(f ui.Field) ui.Field { return v.field(f, p) }
	page := newUnitPage{Summary: p.Summary}
	page.Texts = v.threeTexts(ui.Field{Name: "name", Label: v.t("admin.name"), MaxLength: 200}, resources.Unit{}.Name, fill)
	for _, f := range v.unitFields("place", resources.Unit{}) {
		page.Place = append(page.Place, fill(f))
	}
	for _, f := range v.unitFields("use", resources.Unit{Holidays: "closed"}) {
		page.Use = append(page.Use, fill(f))
	}
	page.Slug = fill(ui.Field{Name: "slug", Label: v.t("admin.slug"), Hint: v.t("admin.slug_new_hint"), Optional: true, Width: "m", MaxLength: 200})
	if page.Frame, err = v.workFrame(v.t("admin.new_unit"), ui.Link{Href: v.path("admin-places"), Label: v.t("nav.places")}); err != nil {
		return err
	}
	return v.render("admin_unit_new", page)
}

func (v *visit) makeUnit() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	unit := resources.Unit{Name: v.formTexts("name"), Slug: v.form("slug")}
	err := v.readUnit("place", &unit)
	if err == nil {
		unit.Holidays, unit.OnePlaceAtOnce = v.form("holidays"), v.form("one_place") != ""
		unit, err = v.server.Catalogue.AddUnit(v.ctx, v.actor, unit)
	}
	if p, ok := v.problems(err); ok {
		return v.newUnit(p.at(unitProblemsAt))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "admin.unit_made", fault.Params{})
	return v.redirect(v.path("admin-tree", unit.Slug))
}
