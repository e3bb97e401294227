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
	case "list-rule-versions":
		return []string{"open"}
	case "draft-rule-book":
		return []string{"fresh"}
	case "read-rule-book", "try-rule-book", "save-rule-book", "withdraw-rule-book":
		return []string{"open", "1"}
	case "publish-rule-book":
		return []string{"open", strconv.Itoa(m.ruleDraft().Version)}
	case "list-terms-versions":
		return []string{m.termsDraft()}
	case "read-terms":
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

// bookBody is what the writes of the API about rule books take; it is refused
// for what it says, not for who says it.
func bookBody(r route, body any) any {
	switch r.name {
	case "draft-rule-book", "save-rule-book":
		return map[string]any{"name": all("Avoimet"), "rules": map[string]any{"version": 1, "rules": []any{}}}
	case "publish-rule-book":
		return map[string]any{"stranded": 9}
	case "try-rule-book", "withdraw-rule-book":
		return nil
	}
	return body
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
