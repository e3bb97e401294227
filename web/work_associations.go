package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/ui"
)

func workAssociationRoutes() []route {
	return []route{
		{name: "work-associations", method: http.MethodGet, at: one("/work/associations"), who: cityAdmins, handle: (*visit).showWorkAssociations},
		{name: "work-associations-act", method: http.MethodPost, at: one("/work/associations"), who: cityAdmins, handle: (*visit).actOnAssociations},
	}
}

// workAssociationsPage is the data of templates/work_associations.html.
type workAssociationsPage struct {
	ui.Frame
	Summary ui.ErrorSummary
	Text    ui.Field
	Only    ui.Field
	Items   []workAssociation
	Empty   *ui.Empty
	Pages   ui.Pagination
}

type workAssociation struct {
	UID        uuid.UUID
	Revision   int
	Href, Name string
	Lead       string
	Line       string // members, admins, since when
	Tag        ui.StatusTag
	Under18    ui.Field
	Share      ui.Field
	Agreements ui.Field
	Unverified bool

	Query, Only, CSRF string // of its forms: the list to come back to
}

func (v *visit) showWorkAssociations() error {
	if err := v.requireCity(); err != nil {
		return err
	}
	return v.workAssociations(v.query, problems{})
}

func (v *visit) requireCity() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	if !accounts.Can(v.actor, accounts.ManageCity, accounts.Object{}) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return nil
}

func (v *visit) workAssociations(read func(string) string, p problems) error {
	filter := accounts.AssociationFilter{Text: strings.TrimSpace(read("q")), Unverified: read("only") != "", After: read("after")}
	cards, next, err := v.server.Accounts.Associations(v.ctx, v.actor, filter)
	if err != nil {
		return err
	}
	page := workAssociationsPage{
		Summary: p.Summary,
		Text:    ui.Field{Name: "q", Label: v.t("work_associations.search"), Type: "search", Value: filter.Text, Width: "m", MaxLength: 100},
		Only:    ui.Field{Name: "only", Label: v.t("work_associations.only"), Type: "checkbox", Checked: filter.Unverified},
	}
	for i, card := range cards {
		item := v.workAssociation(i, card)
		if v.route.write() && v.form("association") == card.Association.UID.String() {
			page.Summary = item.typed(v, p)
		}
		item.Query, item.Only, item.CSRF = filter.Text, read("only"), v.server.Accounts.CSRF(v.actor.Session)
		page.Items = append(page.Items, item)
	}
	if len(cards) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawPine, Title: v.t("work_associations.none"), Actions: []ui.Link{{Href: v.path("work-associations"), Label: v.t("work_associations.all")}}}
	}
	query := url.Values{"q": {filter.Text}, "only": {read("only")}}
	if filter.After != "" {
		page.Pages.PrevHref = v.pathWith("work-associations", query)
	}
	if next != "" {
		query.Set("after", next)
		page.Pages.NextHref = v.pathWith("work-associations", query)
	}
	if page.Frame, err = v.workFrame(v.t("nav.associations")); err != nil {
		return err
	}
	return v.render("work_associations", page)
}

func (v *visit) workAssociation(i int, card accounts.AssociationCard) workAssociation {
	a := card.Association
	item := workAssociation{
		UID: a.UID, Revision: a.Revision, Href: v.path("association", a.UID.String()), Name: a.Name, Lead: v.associationLead(a), Unverified: a.Unverified,
		Tag:     ui.StatusTag{Kind: ui.KindConfirmed, Label: v.t("association.verified")},
		Line:    joinWords(" · ", v.t("work_associations.members", "n", card.Members), strings.Join(card.Admins, ", "), v.t("people.since", "date", v.say.Date(a.CreatedAt))),
		Under18: ui.Field{ID: "under-18-" + strconv.Itoa(i+1), Name: "under_18", Label: v.t("work_associations.under_18"), Type: "checkbox", Checked: a.Under18},
	}
	item.Share = ui.Field{
		ID: "share-" + strconv.Itoa(i+1), Name: "under_18_share", Label: v.t("work_associations.share"), Hint: v.t("work_associations.share_hint"),
		InputMode: "numeric", Width: "xs", MaxLength: 3, Suffix: "%", Autocomplete: "off",
	}
	if a.Under18Share != nil {
		item.Share.Value = strconv.Itoa(*a.Under18Share)
	}
	item.Agreements = ui.Field{
		ID: "agreements-" + strconv.Itoa(i+1), Name: "agreements", Label: v.t("work_associations.agreements"), Hint: v.t("work_associations.agreements_hint"),
		Value: strings.Join(a.Agreements, ", "), Width: "m", MaxLength: 1000, Autocomplete: "off",
	}
	if a.Unverified {
		item.Tag = ui.StatusTag{Kind: ui.KindRequested, Label: v.t("association.unverified")}
	}
	return item
}

// typed puts what was typed and what is wrong with it into the item's form.
func (a *workAssociation) typed(v *visit, p problems) ui.ErrorSummary {
	a.Under18.Checked = v.form("under_18") != ""
	for _, field := range []*ui.Field{&a.Share, &a.Agreements} {
		field.Value, field.Error = v.form(field.Name), p.Fields[field.Name]
	}
	return atFields(p.Summary, map[string]string{a.Share.Name: a.Share.ID, a.Agreements.Name: a.Agreements.ID})
}

// actOnAssociations confirms or archives one.
func (v *visit) actOnAssociations() error {
	if err := v.requireCity(); err != nil {
		return err
	}
	done, name, err := v.judgeAssociation()
	if p, ok := v.problems(err); ok {
		return v.workAssociations(v.form, p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, done, fault.Params{"association": name})
	return v.redirect(v.pathWith("work-associations", url.Values{"q": {v.form("q")}, "only": {v.form("only")}}))
}

func (v *visit) judgeAssociation() (done, name string, err error) {
	uid, err := v.postedUID("association")
	if err != nil {
		return "", "", err
	}
	revision, err := v.revision()
	if err != nil {
		return "", "", err
	}
	var a accounts.Association
	switch v.form("act") {
	case "verify":
		done = "work_associations.verified"
		known := accounts.Verified{Under18: v.form("under_18") != "", Agreements: strings.Split(v.form("agreements"), ",")}
		if known.Under18Share, err = v.formInt("under_18_share"); err != nil {
			return "", "", fault.InvalidField("under_18_share", "association.bad_share")
		}
		a, err = v.server.Accounts.VerifyAssociation(v.ctx, v.actor, uid, revision, known)
	case "archive":
		done = "work_associations.archived"
		a, err = v.server.Accounts.ArchiveAssociation(v.ctx, v.actor, uid, revision)
	default:
		err = fault.New(fault.Malformed, "malformed")
	}
	return done, a.Name, err
}
