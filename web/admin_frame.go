package web

import (
	"slices"
	"strings"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// looksAfterPlaces tells whether the visitor manages a unit or the city.
func (v *visit) looksAfterPlaces() bool {
	units, all := v.actor.WorkUnits(accounts.Manager)
	return all || len(units) > 0
}

func (v *visit) managesCity() bool {
	return accounts.Can(v.actor, accounts.ManageCity, accounts.Object{})
}

// unitHead is the top of every page about a unit. Template "admin-unit-head".
type unitHead struct {
	Name   string
	Lang   string // of the name
	Slug   string
	Unit   string // "Toimipiste"
	Tabs   []ui.NavItem
	Public string
}

// unitPage makes frame and head of a page about a unit.
func (v *visit) unitPage(title string, unit resources.Unit) (ui.Frame, unitHead, error) {
	head := unitHead{Slug: unit.Slug}
	head.Name, head.Lang = v.text(unit.Name)
	frame, err := v.workFrame(title, ui.Link{Href: v.path("admin-places"), Label: v.t("nav.places")}, ui.Link{Href: v.path("admin-unit", unit.Slug), Label: head.Name})
	frame.Title = title + ", " + head.Name
	for _, tab := range []struct{ page, key string }{
		{"admin-unit", "admin.tab.unit"}, {"admin-tree", "admin.tab.tree"}, {"admin-unit-hours", "admin.tab.hours"}, {"admin-history", "admin.tab.history"},
	} {
		head.Tabs = append(head.Tabs, ui.NavItem{
			Href: v.path(tab.page, unit.Slug), Label: v.t(tab.key), Current: byName[tab.page].at == v.route.at,
		})
	}
	return frame, head, err
}

// site reads the unit of the address with all that stands in it.
func (v *visit) site() (catalogue.Site, error) {
	if err := v.requireSignIn(); err != nil {
		return catalogue.Site{}, err
	}
	return v.server.Catalogue.Site(v.ctx, v.actor, v.param("unit"))
}

// missing says in which languages a text is not written: "puuttuu sv, en".
// Texts that nobody has written at all are not missing.
func (v *visit) missing(texts ...locales.Texts) string {
	var langs []string
	for _, lang := range locales.Languages {
		for _, text := range texts {
			if text != (locales.Texts{}) && strings.TrimSpace(text.Exact(lang)) == "" {
				langs = append(langs, lang)
				break
			}
		}
	}
	if len(langs) == 0 {
		return ""
	}
	return v.t("admin.missing", "languages", strings.Join(langs, ", "))
}

// threeTexts is one text in three languages side by side. Template
// "admin-texts".
type threeTexts struct {
	Legend  string
	Missing string
	Hint    string
	Fields  []ui.Field
}

// Typed tells whether anything stands in the fields.
func (t threeTexts) Typed() bool {
	return slices.ContainsFunc(t.Fields, func(f ui.Field) bool { return f.Value != "" })
}

// threeTexts makes the fields name_fi, name_sv and name_en. like says what they have
// in common; its Label is the legend.
func (v *visit) threeTexts(like ui.Field, text locales.Texts, fill func(ui.Field) ui.Field) threeTexts {
	all := threeTexts{Legend: like.Label, Missing: v.missing(text), Hint: like.Hint}
	name, id := like.Name, like.Key()
	for _, lang := range locales.Languages {
		f := like
		f.Name, f.ID, f.Label, f.Hint, f.Value = name+"_"+lang, id+"_"+lang, v.t("admin.language."+lang), "", text.Exact(lang)
		all.Fields = append(all.Fields, fill(f))
	}
	return all
}

// formTexts reads the three fields of a text; browsers end lines with CR LF.
func (v *visit) formTexts(name string) locales.Texts {
	text := func(lang string) string { return normalized(v.form(name + "_" + lang)) }
	return locales.Texts{Fi: text("fi"), Sv: text("sv"), En: text("en")}
}

// at moves the problems of fields to those that stand for them on the page;
// those of fields that are not there stay in the summary, without a link.
func (p problems) at(ids map[string]string) problems {
	fields := map[string]string{}
	for name, message := range p.Fields {
		if id, known := ids[name]; known {
			name = id
		}
		fields[name] = message
	}
	p.Fields = fields
	for i, item := range p.Summary.Items {
		p.Summary.Items[i].FieldID = ids[item.FieldID]
	}
	return p
}

// difference is a field that somebody else saved while it was being typed.
type difference struct {
	Label string
	Saved string
	Typed string
}

// differences lists where what was typed is not what is saved now; fields carry
// what is saved.
func (v *visit) differences(fields []ui.Field) []difference {
	var list []difference
	for _, f := range fields {
		typed, saved := v.form(f.Name), f.Value
		switch f.Type {
		case "checkbox":
			typed, saved = v.yesNo(typed != ""), v.yesNo(f.Checked)
		case "select", "radio":
			for _, o := range f.Options {
				if o.Selected {
					saved = o.Label
				}
				if o.Value == typed {
					typed = o.Label
				}
			}
		}
		if normalized(typed) != normalized(saved) {
			list = append(list, difference{f.Label, locales.Shorten(saved, 300), locales.Shorten(typed, 300)})
		}
	}
	return list
}

// normalized lets line ends of browsers not count.
func normalized(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

func (v *visit) yesNo(yes bool) string {
	if yes {
		return v.t("admin.yes")
	}
	return v.t("admin.no")
}

// stillRevision is the revision that a form carries: when it comes back it is
// the one that it was made from, or the present one when it was stale and what
// was saved meanwhile is shown.
func (v *visit) stillRevision(present int, p problems) int {
	if typed, err := v.revision(); err == nil && v.route.write() && p.Code != "stale" {
		return typed
	}
	return present
}
