package web

import (
	"strconv"

	"vuoro/web/locales"
	"vuoro/web/ui"
)

// infoPage is the data of templates/info.html: a page of plain text.
type infoPage struct {
	ui.Frame
	Lead     string
	Sections []infoSection
}

type infoSection struct{ ID, Title, Text string }

func (v *visit) showAbout() error         { return v.info("about") }
func (v *visit) showPrivacy() error       { return v.info("privacy") }
func (v *visit) showAccessibility() error { return v.info("accessibility") }
func (v *visit) showTerms() error         { return v.info("terms") }

// info shows the sections info.<name>.1, .2 … of the catalogue.
func (v *visit) info(name string) error {
	page := infoPage{Frame: v.frame(v.t("info."+name+".title"), []ui.Link{}...), Lead: v.t("info." + name + ".lead")}
	for i := 1; ; i++ {
		key := "info." + name + "." + strconv.Itoa(i)
		if !locales.Has(key + ".title") {
			break
		}
		page.Sections = append(page.Sections, infoSection{ID: "s" + strconv.Itoa(i), Title: v.t(key + ".title"), Text: v.t(key + ".text")})
	}
	return v.render("info", page)
}
