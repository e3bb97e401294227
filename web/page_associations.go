package web

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/ui"
)

// The audiences of an association's pages.
const (
	members      audience = "who belongs to the association"
	memberViewer audience = "who may see the association" // who belongs to it, and city admins
	memberAdmins audience = "admins of the association"   // and city admins
)

// associationRoutes are one's associations and groups: who belongs to them and
// what they may do.
func associationRoutes() []route {
	list := spelling{"/fi/omat/seurat", "/sv/mina/foreningar", "/en/mine/associations"}
	fresh := spelling{"/fi/omat/seurat/uusi", "/sv/mina/foreningar/ny", "/en/mine/associations/new"}
	page := spelling{"/fi/omat/seurat/:uid", "/sv/mina/foreningar/:uid", "/en/mine/associations/:uid"}
	change := spelling{"/fi/omat/seurat/:uid/tiedot", "/sv/mina/foreningar/:uid/uppgifter", "/en/mine/associations/:uid/details"}
	leave := spelling{"/fi/omat/seurat/:uid/eroa", "/sv/mina/foreningar/:uid/lamna", "/en/mine/associations/:uid/leave"}
	return []route{
		{name: "associations", method: http.MethodGet, at: list, who: signedIn, handle: (*visit).showAssociations},
		{name: "association-new", method: http.MethodGet, at: fresh, who: signedIn, handle: (*visit).showAssociationNew},
		{name: "association-make", method: http.MethodPost, at: fresh, who: signedIn, handle: (*visit).makeAssociation},
		{name: "association", method: http.MethodGet, at: page, who: memberViewer, handle: (*visit).showAssociation},
		{name: "association-act", method: http.MethodPost, at: page, who: memberAdmins, handle: (*visit).actOnAssociation},
		{name: "association-details", method: http.MethodGet, at: change, who: memberAdmins, handle: (*visit).showAssociationDetails},
		{name: "association-save", method: http.MethodPost, at: change, who: memberAdmins, handle: (*visit).saveAssociation},
		{name: "association-leave", method: http.MethodPost, at: leave, who: members, handle: (*visit).leaveAssociation},
	}
}

// associationsPage is the data of templates/associations.html.
type associationsPage struct {
	ui.Frame
	Items []associationItem
	Empty *ui.Empty
}

type associationItem struct {
	Href, Name, Role, Note, Bookings string
}

func (v *visit) showAssociations() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	standings, err := v.server.Accounts.Standings(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := associationsPage{Frame: v.frame(v.t("nav.associations"), v.mineCrumb())}
	for _, s := range standings {
		item := associationItem{
			Href: v.path("association", s.Association.UID.String()), Name: s.Association.Name, Role: v.t("role." + s.Role),
			Bookings: v.mineOf(s.Association),
		}
		if s.Association.Unverified {
			item.Note = v.t("association.unverified")
		}
		page.Items = append(page.Items, item)
	}
	if len(page.Items) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawPine, Title: v.t("association.none"), Text: v.t("association.none_text"), Actions: []ui.Link{
			{Href: v.path("association-new"), Label: v.t("association.register")},
		}}
	}
	return v.render("associations", page)
}

func (v *visit) mineCrumb() ui.Link { return ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")} }

// mineOf is the list of an association's bookings.
func (v *visit) mineOf(a accounts.Association) string {
	return v.pathWith("mine", url.Values{"holder": {a.UID.String()}})
}

// standing finds an association by what stands in an address.
func (v *visit) standing(uid string) (accounts.Standing, error) {
	id, err := uuid.Parse(uid)
	if err != nil {
		return accounts.Standing{}, fault.New(fault.NotFound, "not_found")
	}
	return v.server.Accounts.Standing(v.ctx, v.actor, id)
}

// ownStanding is that of the page's address, for who has signed in.
func (v *visit) ownStanding() (accounts.Standing, error) {
	if err := v.requireSignIn(); err != nil {
		return accounts.Standing{}, err
	}
	return v.standing(v.param("uid"))
}

// associationForm is the data of templates/association_form.html: a new one, or
// the details of one.
type associationForm struct {
	ui.Frame
	Lead     string
	Summary  ui.ErrorSummary
	Fields   []ui.Field
	Post     string
	Back     string
	Button   string
	Revision int
	Notice   string
}

func (v *visit) showAssociationNew() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.newAssociation(problems{})
}

func (v *visit) newAssociation(p problems) error {
	page := associationForm{
		Frame: v.frame(v.t("association.register"), v.mineCrumb(), ui.Link{Href: v.path("associations"), Label: v.t("nav.associations")}),
		Lead:  v.t("association.register_lead"), Notice: v.t("association.register_notice"), Button: v.t("association.register_button"),
		Post: v.path("association-make"), Back: v.path("associations"), Summary: p.Summary,
		Fields: v.associationFields(accounts.Association{Kind: accounts.Kinds[0]}, p),
	}
	return v.render("association_form", page)
}

func (v *visit) associationFields(a accounts.Association, p problems) []ui.Field {
	kind := ui.Field{Name: "kind", Label: v.t("association.kind"), Type: "radio", Required: true}
	for _, key := range accounts.Kinds {
		kind.Options = append(kind.Options, ui.Option{Value: key, Label: v.t("association_kind." + key), Selected: key == a.Kind})
	}
	return []ui.Field{
		v.field(ui.Field{Name: "name", Label: v.t("association.name"), Value: a.Name, Required: true, MaxLength: accounts.MaxAssociationName, Autocomplete: "organization"}, p),
		v.field(kind, p),
		v.field(ui.Field{Name: "municipality", Label: v.t("association.municipality"), Value: a.Municipality, Optional: true, Width: "m"}, p),
		v.field(ui.Field{Name: "registered", Label: v.t("association.registered"), Hint: v.t("association.registered_hint"), Value: a.Registered, Optional: true, Width: "m"}, p),
	}
}

func (v *visit) postedAssociation() accounts.AssociationForm {
	return accounts.AssociationForm{Name: v.form("name"), Kind: v.form("kind"), Municipality: v.form("municipality"), Registered: v.form("registered")}
}

func (v *visit) makeAssociation() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	made, err := v.server.Accounts.RegisterAssociation(v.ctx, v.actor, v.postedAssociation())
	if p, ok := v.problems(err); ok {
		return v.newAssociation(p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "association.made", fault.Params{"association": made.Name})
	return v.redirect(v.path("association", made.UID.String()))
}

func (v *visit) showAssociationDetails() error {
	s, err := v.ownStanding()
	if err != nil {
		return err
	}
	if !v.manages(s.Association) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return v.associationDetails(s.Association, problems{})
}

func (v *visit) associationDetails(a accounts.Association, p problems) error {
	uid := a.UID.String()
	page := associationForm{
		Frame: v.frame(v.t("association.details"), v.mineCrumb(), ui.Link{Href: v.path("associations"), Label: v.t("nav.associations")}, ui.Link{Href: v.path("association", uid), Label: a.Name}),
		Post:  v.path("association-save", uid), Back: v.path("association", uid), Button: v.t("action.save"), Summary: p.Summary,
		Fields: v.associationFields(a, p), Revision: a.Revision,
	}
	if !a.Unverified {
		page.Notice = v.t("association.details_notice")
	}
	return v.render("association_form", page)
}

func (v *visit) saveAssociation() error {
	s, err := v.ownStanding()
	if err != nil {
		return err
	}
	revision, err := v.revision()
	if err == nil {
		_, err = v.server.Accounts.ChangeAssociation(v.ctx, v.actor, s.Association.UID, revision, v.postedAssociation())
	}
	if p, ok := v.problems(err); ok {
		return v.associationDetails(s.Association, p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "association.saved", nil)
	return v.redirect(v.path("association", s.Association.UID.String()))
}

func (v *visit) manages(a accounts.Association) bool {
	return accounts.Can(v.actor, accounts.ManageAssociation, accounts.Object{HolderAssociation: a.ID})
}
