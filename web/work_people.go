package web

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

func peopleRoutes() []route {
	return []route{
		{name: "people", method: http.MethodGet, at: one("/work/people"), who: keepers, handle: (*visit).showPeople},
		{name: "people-act", method: http.MethodPost, at: one("/work/people"), who: keepers, handle: (*visit).actOnPeople},
	}
}

// peoplePage is the data of templates/work_people.html: who works where.
type peoplePage struct {
	ui.Frame
	Summary ui.ErrorSummary
	Groups  []staffGroup
	Invited []invitedRow
	Invite  []ui.Field
	Post    string
}

type staffGroup struct {
	Title string
	Rows  []staffRow
}

type staffRow struct {
	UID               uuid.UUID
	Name, Email, Role string
	Since             string
}

func (v *visit) showPeople() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	return v.peoplePage(problems{})
}

func (v *visit) peoplePage(p problems) error {
	staff, err := v.server.Accounts.Staff(v.ctx, v.actor)
	if err != nil {
		return err
	}
	invited, err := v.server.Accounts.StaffInvitations(v.ctx, v.actor)
	if err != nil {
		return err
	}
	units, err := v.managedUnits()
	if err != nil {
		return err
	}
	page := peoplePage{Post: v.path("people-act"), Summary: p.Summary, Groups: v.staffGroups(units, staff), Invited: v.invitedRows(invited), Invite: v.staffFields(units, p)}
	for i := range page.Invited {
		page.Invited[i].Role += ", " + v.unitOrCity(units, invited[i].Unit)
	}
	if page.Frame, err = v.workFrame(v.t("people.title")); err != nil {
		return err
	}
	return v.render("work_people", page)
}

// managedUnits are the units whose staff the visitor chooses, by name.
func (v *visit) managedUnits() ([]resources.Unit, error) {
	units, err := v.workUnits()
	return slices.DeleteFunc(units, func(u resources.Unit) bool {
		return !accounts.Can(v.actor, accounts.ManageUnit, accounts.Object{Unit: u.ID})
	}), err
}

func (v *visit) unitOrCity(units []resources.Unit, id *int) string {
	if id == nil {
		return v.t("people.city")
	}
	at := slices.IndexFunc(units, func(u resources.Unit) bool { return u.ID == *id })
	if at < 0 {
		return ""
	}
	return v.named(units[at].Name)
}

// staffGroups are the city's staff and then that of each unit that has some.
func (v *visit) staffGroups(units []resources.Unit, staff []accounts.StaffCard) []staffGroup {
	groups := make([]staffGroup, len(units)+1)
	groups[0].Title = v.t("people.city")
	for i, u := range units {
		groups[i+1].Title = v.named(u.Name)
	}
	for _, card := range staff {
		at := 0
		if card.Unit != nil {
			at = 1 + slices.IndexFunc(units, func(u resources.Unit) bool { return u.ID == *card.Unit })
		}
		row := staffRow{UID: card.UID, Name: card.Name, Email: card.Email, Role: v.t("role." + card.Role), Since: v.say.Date(card.CreatedAt)}
		if row.Name == "" {
			row.Name, row.Email = card.Email, ""
		}
		groups[at].Rows = append(groups[at].Rows, row)
	}
	return slices.DeleteFunc(groups, func(g staffGroup) bool { return len(g.Rows) == 0 })
}

func (v *visit) staffFields(units []resources.Unit, p problems) []ui.Field {
	role := ui.Field{Name: "role", Label: v.t("association.role"), Type: "radio", Required: true}
	roles, none := []string{accounts.Viewer, accounts.Manager}, ""
	if accounts.Can(v.actor, accounts.ManageCity, accounts.Object{}) {
		roles, none = append(roles, accounts.CityAdmin), v.t("people.city")
	}
	for _, r := range roles {
		role.Options = append(role.Options, ui.Option{Value: r, Label: v.t("role." + r), Hint: v.t("people.may." + r), Selected: r == accounts.Viewer})
	}
	return []ui.Field{
		v.field(ui.Field{Name: "email", Label: v.t("field.email"), Type: "email", Required: true, MaxLength: 254, Autocomplete: "off"}, p),
		v.field(role, p),
		v.field(ui.Field{Name: "unit", Label: v.t("field.unit"), Type: "select", Options: v.unitOptions(units, none, "")}, p),
	}
}

// actOnPeople invites, or takes a right or an invitation back.
func (v *visit) actOnPeople() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	done, err := v.changePeople()
	if p, ok := v.problems(err); ok {
		return v.peoplePage(p)
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, done, fault.Params{"email": v.form("email")})
	return v.redirect(v.path("people"))
}

func (v *visit) changePeople() (done string, err error) {
	switch v.form("act") {
	case "invite":
		return "invitation.sent", v.inviteStaff()
	case "withdraw":
		return "invitation.withdrawn", v.withdrawInvitation()
	case "remove":
		role, err := v.postedUID("right")
		if err == nil {
			err = v.server.Accounts.WithdrawRole(v.ctx, v.actor, role)
		}
		return "people.removed", err
	}
	return "", fault.New(fault.Malformed, "malformed")
}

func (v *visit) inviteStaff() error {
	invitation := accounts.Invitation{Email: v.form("email"), Role: v.form("role"), Language: v.lang, ReturnTo: v.path("work")}
	if slug := v.form("unit"); slug != "" {
		unit, err := v.server.Resources.UnitBySlug(v.ctx, v.server.DB, slug)
		if err != nil {
			return err
		}
		invitation.Unit = &unit.ID
	}
	_, err := v.server.Accounts.Invite(v.ctx, v.actor, invitation)
	return err
}
