package web

import (
	"strings"

	"vuoro/resources"
	"vuoro/web/ui"
)

// previewResource is the public page of a resource as a resident would find it
// if it were published now. Nothing can be booked from it.
func (v *visit) previewResource() error {
	e, err := v.editor()
	if err != nil {
		return err
	}
	here := v.path("resource-preview", e.Resource.Slug)
	if e.moved {
		return v.moved(here)
	}
	chosen, _ := v.choice(v.query)
	page, err := v.roomPage(e.Place, chosen)
	if err != nil {
		return err
	}
	page.Staff, page.Mine, page.Refused = false, nil, nil
	page.Picker.Action, page.Picker.BookAction, page.Picker.Week.AllHref = here, "", ""
	public := v.path("room", e.Resource.Slug)
	week := &page.Picker.Week
	for _, href := range []*string{&week.PrevHref, &week.NextHref} {
		*href = strings.Replace(*href, public, here, 1)
	}
	for i := range week.Days {
		week.Days[i].Href = strings.Replace(week.Days[i].Href, public, here, 1)
	}
	page.Preview = &ui.Alert{
		Kind: ui.AlertInfo, Title: v.t("editor.preview_title"), Text: v.standingText(e.Resource) + " " + v.t("editor.preview_text"),
		Links: []ui.Link{{Href: v.path("resource-edit", e.Resource.Slug), Label: v.t("editor.preview_back")}},
	}
	return v.render("room", page)
}

// sectionSum is what is set in a section, in a few words.
func (v *visit) sectionSum(name string, e editor) string {
	r := e.Resource
	switch name {
	case "texts":
		var there []string
		for _, lang := range []string{"fi", "sv", "en"} {
			if r.Name.Exact(lang) != "" && r.Description.Exact(lang) != "" {
				there = append(there, strings.ToUpper(lang))
			}
		}
		return strings.Join(there, " · ")
	case "facts":
		return joinWords(" · ", v.named(resources.Name(resources.Types, r.Type)), v.people(r))
	case "parts":
		return v.t("editor.parts_n", "n", len(e.Parts))
	case "pictures":
		return v.t("editor.pictures_n", "n", len(e.Pictures))
	case "times":
		return v.lengthLine(r)
	case "rules":
		return joinWords(" · ", capital(strings.ReplaceAll(r.RuleBook, "-", " ")), v.cancelLine(r))
	case "price":
		return capital(v.listPrice(r))
	}
	return v.t("editor.state." + r.Standing(v.now))
}
