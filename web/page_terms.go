package web

import (
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// termsRoutes are the texts that bookers accept, each version at its own
// address.
func termsRoutes() []route {
	return []route{
		{name: "terms-version", method: get, at: spelling{"/fi/ehdot/:key/:version", "/sv/villkor/:key/:version", "/en/terms/:key/:version"}, who: anyone, handle: (*visit).showTermsVersion},
	}
}

// termsPage is the data of templates/terms.html: one version of terms.
type termsPage struct {
	ui.Frame
	Lang  string
	Since string
	Body  string
	// BodyLang is the language of the text where it is not the visitor's
	BodyLang string
	Decision *ui.Link // the decision behind it; Href "" = no address
}

func (v *visit) showTermsVersion() error {
	version, err := strconv.Atoi(v.param("version"))
	if err != nil || version < 1 || version > 1_000_000 {
		return fault.New(fault.NotFound, "terms.not_found")
	}
	terms, err := v.server.Resources.TermsVersion(v.ctx, v.server.DB, v.param("key"), version)
	if err != nil {
		return err
	}
	title, lang := v.text(terms.Title)
	page := termsPage{
		Frame: v.frame(title, ui.Link{Href: v.path("terms"), Label: v.t("info.terms.title")}), Lang: lang,
		Since:    v.t("terms.version", "version", terms.Version, "from", *terms.ValidFrom),
		Decision: decisionLink(terms.Decision.V),
	}
	page.Body, page.BodyLang = v.text(terms.Body)
	return v.render("terms", page)
}

// decisionLink is the decision behind a text or a rule book; nil = none is named.
func decisionLink(d resources.Decision) *ui.Link {
	if d.Reference == "" {
		return nil
	}
	return &ui.Link{Href: d.Address, Label: d.Reference}
}

// shownTerms is a text to accept, as a form shows it.
type shownTerms struct {
	Name  string // "key/version"
	Title string
	Lang  string
	Body  string
	Href  string
}

// termsToAccept are the texts with these keys that are in force.
func (v *visit) termsToAccept(keys []string) ([]shownTerms, error) {
	found, err := v.server.Resources.TermsInForce(v.ctx, v.server.DB, keys)
	var list []shownTerms
	for _, terms := range found {
		shown := shownTerms{Name: terms.Name(), Href: v.termsHref(terms.Key, terms.Version)}
		shown.Title = v.named(terms.Title)
		shown.Body, shown.Lang = v.text(terms.Body)
		list = append(list, shown)
	}
	return list, err
}

func (v *visit) termsHref(key string, version int) string {
	return v.path("terms-version", key, strconv.Itoa(version))
}

// acceptedFacts are the versions of terms that were accepted with a reservation.
func (v *visit) acceptedFacts(card booking.Card) ([]ui.Fact, error) {
	accepted, err := v.server.Booking.Accepted(v.ctx, v.actor, card.Number)
	var facts []ui.Fact
	for _, a := range accepted {
		facts = append(facts, ui.Fact{
			Icon: "list", Label: v.t("terms.accepted"), Href: v.termsHref(a.Key, a.Version),
			Value: v.t("terms.accepted_version", "title", v.named(a.Title), "version", a.Version, "at", a.AcceptedAt),
		})
	}
	return facts, err
}
