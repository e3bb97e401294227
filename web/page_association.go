package web

import (
	"strconv"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/ui"
)

// associationPage is the data of templates/association.html.
type associationPage struct {
	ui.Frame
	Lead      string
	State     *ui.Alert
	Summary   ui.ErrorSummary
	Bookings  string // addresses
	Subscribe string
	Details   string
	Members   []memberRow // for admins
	Invited   []invitedRow
	Invite    []ui.Field
	Manages   bool
	Leave     string
	Post      string
	Own       string // one's own role, "" = none
}

// memberRow is a member with the forms that change them.
type memberRow struct {
	UID   uuid.UUID
	Name  string
	Email string // "" where it stands in the place of the name
	Role  string
	Field ui.Field
	Self  bool
}

// invitedRow is an invitation that waits.
type invitedRow struct {
	UID                uuid.UUID
	Email, Role, Until string
}

func (v *visit) showAssociation() error {
	s, err := v.ownStanding()
	if err != nil {
		return err
	}
	return v.associationPage(s, problems{})
}

func (v *visit) associationPage(s accounts.Standing, p problems) error {
	a := s.Association
	uid := a.UID.String()
	page := associationPage{
		Frame: v.frame(a.Name, v.mineCrumb(), ui.Link{Href: v.path("associations"), Label: v.t("nav.associations")}),
		Lead:  v.associationLead(a), Summary: p.Summary, Manages: v.manages(a), Post: v.path("association-act", uid),
	}
	page.Path = v.path("association", uid)
	if s.Role != "" {
		page.Own = v.t("association.own_role", "role", s.Role)
		page.Bookings, page.Leave = v.mineOf(a), v.path("association-leave", uid)
		page.Subscribe = v.path("subscribe") + "?association=" + uid
	}
	if a.Unverified {
		page.State = &ui.Alert{Kind: ui.AlertInfo, Title: v.t("association.unverified"), Text: v.t("association.unverified_text")}
	}
	if page.Manages {
		page.Details = v.path("association-details", uid)
		if err := v.fillMembers(&page, a, p); err != nil {
			return err
		}
	}
	return v.render("association", page)
}

// associationLead is what an association is, in a line.
func (v *visit) associationLead(a accounts.Association) string {
	number := ""
	if a.Registered != "" {
		number = v.t("association.number", "number", a.Registered)
	}
	age := ""
	if a.Under18 {
		age = v.t("association.under_18")
	}
	return joinWords(" · ", v.t("association_kind."+a.Kind), a.Municipality, number, age)
}

func (v *visit) fillMembers(page *associationPage, a accounts.Association, p problems) error {
	members, err := v.server.Accounts.Members(v.ctx, v.actor, a.UID)
	if err != nil {
		return err
	}
	invited, err := v.server.Accounts.MemberInvitations(v.ctx, v.actor, a.UID)
	if err != nil {
		return err
	}
	for i, m := range members {
		row := memberRow{UID: m.UID, Name: m.Name, Email: m.Email, Role: v.t("role." + m.Role), Self: v.actor.Person.UID == m.UID}
		if row.Name == "" {
			row.Name, row.Email = m.Email, ""
		}
		row.Field = ui.Field{ID: "role-" + strconv.Itoa(i+1), Name: "new_role", Label: v.t("association.role"), Type: "select", Width: "m", Options: v.memberRoles(m.Role)}
		page.Members = append(page.Members, row)
	}
	page.Invited = v.invitedRows(invited)
	role := ui.Field{Name: "role", Label: v.t("association.role"), Type: "radio", Required: true, Options: v.memberRoles(accounts.Booker)}
	for i := range role.Options {
		role.Options[i].Hint = v.t("association.may." + role.Options[i].Value)
	}
	page.Invite = []ui.Field{
		v.field(ui.Field{Name: "email", Label: v.t("field.email"), Type: "email", Required: true, MaxLength: 254, Autocomplete: "off"}, p), v.field(role, p),
	}
	return nil
}

func (v *visit) memberRoles(chosen string) []ui.Option {
	var options []ui.Option
	for _, role := range accounts.MemberRoles {
		options = append(options, ui.Option{Value: role, Label: v.t("role." + role), Selected: role == chosen})
	}
	return options
}

func (v *visit) invitedRows(invited []accounts.Pending) []invitedRow {
	var rows []invitedRow
	for _, i := range invited {
		rows = append(rows, invitedRow{UID: i.UID, Email: i.Email, Role: v.t("role." + i.Role), Until: v.t("invitation.until", "till", i.ExpiresAt)})
	}
	return rows
}

// actOnAssociation does what the pressed button says.
func (v *visit) actOnAssociation() error {
	s, err := v.ownStanding()
	if err != nil {
		return err
	}
	done, params, err := v.changeMembers(s.Association)
	if p, ok := v.problems(err); ok {
		return v.associationPage(s, p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, done, params)
	return v.redirect(v.path("association", s.Association.UID.String()))
}

func (v *visit) changeMembers(a accounts.Association) (done string, params fault.Params, err error) {
	switch v.form("act") {
	case "invite":
		sent, err := v.server.Accounts.InviteMember(v.ctx, v.actor, a.UID, accounts.MemberInvitation{
			Email: v.form("email"), Role: v.form("role"), Language: v.lang, ReturnTo: v.path("association", a.UID.String()),
		})
		return "invitation.sent", fault.Params{"email": sent.Email}, err
	case "withdraw":
		return "invitation.withdrawn", nil, v.withdrawInvitation()
	case "role":
		person, err := v.postedUID("person")
		if err == nil {
			err = v.server.Accounts.ChangeMember(v.ctx, v.actor, a.UID, person, v.form("new_role"))
		}
		return "association.role_changed", nil, err
	case "remove":
		person, err := v.postedUID("person")
		if err == nil {
			err = v.server.Accounts.RemoveMember(v.ctx, v.actor, a.UID, person)
		}
		return "association.removed", nil, err
	}
	return "", nil, fault.New(fault.Malformed, "malformed")
}

func (v *visit) postedUID(name string) (uuid.UUID, error) {
	uid, err := uuid.Parse(v.form(name))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "not_found")
	}
	return uid, nil
}

func (v *visit) withdrawInvitation() error {
	uid, err := v.postedUID("invitation")
	if err != nil {
		return err
	}
	return v.server.Accounts.WithdrawInvitation(v.ctx, v.actor, uid)
}

func (v *visit) leaveAssociation() error {
	s, err := v.ownStanding()
	if err != nil {
		return err
	}
	err = v.server.Accounts.RemoveMember(v.ctx, v.actor, s.Association.UID, v.actor.Person.UID)
	if p, ok := v.problems(err); ok {
		return v.associationPage(s, p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "association.left", fault.Params{"association": s.Association.Name})
	return v.redirect(v.path("associations"))
}
