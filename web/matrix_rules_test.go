package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vuoro/resources"
)

// rules are the specimens of the routes about rule books: the city's book
// "open", whose writes are made to fail on what was typed.
func (m *matrix) rules(r route, args []string, form url.Values) []string {
	switch r.name {
	case "admin-rulebook", "admin-rulebook-draft":
		form.Set("from", "template:missing")
		return []string{"open"}
	case "admin-terms-version", "admin-terms-save":
		form.Set("revision", "1")
		form.Set("title_fi", "Ehdot")
		form.Set("body_fi", uuid.NewString())
		return []string{m.termsDraft(), "1"}
	case "admin-rule-version", "admin-rule-try":
		return []string{"open", "1"}
	case "admin-rule-version-act":
		form.Set("act", "remove:all")
		return []string{"open", "1"}
	case "admin-rule", "admin-rule-save":
		return []string{"open", "1", "all"}
	case "admin-rule-part", "admin-rule-part-save":
		return []string{"open", "1", "tariffs"}
	case "admin-example", "admin-example-save":
		return []string{"open", "1", "new"}
	case "admin-rule-publish", "admin-rule-publish-it":
		return []string{"open", strconv.Itoa(m.ruleDraft().Version)}
	}
	return args
}

// ruleDraft is a draft of the city's book "open".
func (m *matrix) ruleDraft() resources.RuleBook {
	live, err := m.Resources.BookVersion(ctx, m.DB, "open", 1)
	m.must(err)
	live.Name = all("Avoimet")
	made, err := m.Catalogue.DraftBook(ctx, m.actor("city"), live)
	m.must(err)
	return made
}

// termsDraft is the key of a draft of new terms of the city.
func (m *matrix) termsDraft() string {
	made, err := m.Catalogue.DraftTerms(ctx, m.actor("city"), resources.Terms{Key: "t" + strings.ReplaceAll(uuid.NewString(), "-", ""), Title: all("Ehdot"), Body: all("Teksti")})
	m.must(err)
	return made.Key
}
