package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
)

func (s *Server) addStaffOperations() {
	add := func(name, method, path string, who audience, status int, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: who, tag: "People", status: status, summary: summary, more: more}
	}
	serve(s, add("list-roles", http.MethodGet, "/roles", keepers, 0, "List the staff", "Managers see the staff of their units, city admins all."), listRoles)
	serve(s, add("withdraw-role", http.MethodDelete, "/roles/{id}", managers, http.StatusNoContent, "Take a right away from somebody of the staff", "At once. The last city admin stays."), withdrawRole)
	serve(s, add("list-role-invitations", http.MethodGet, "/roles/invitations", keepers, 0, "List who is invited to the staff", ""), listRoleInvitations)
	serve(s, add("invite-staff", http.MethodPost, "/roles/invitations", managers, http.StatusNoContent, "Invite somebody to the staff by e-mail", "The right is given when the link in the mail is used."), inviteToStaff)
	serve(s, add("withdraw-role-invitation", http.MethodDelete, "/roles/invitations/{id}", managers, http.StatusNoContent, "Take an invitation to the staff back", ""), withdrawRoleInvitation)
}

type staffView struct {
	ID        uuid.UUID  `json:"id" doc:"Of the right, not of the person."`
	Person    uuid.UUID  `json:"person"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Role      string     `json:"role" enum:"viewer,manager,city_admin"`
	Unit      *reference `json:"unit" doc:"null for the city."`
	CreatedAt time.Time  `json:"created_at"`
}

// workplace is a unit by its number inside, nil for the city.
func (c *call) workplace(id *int) (*reference, error) {
	if id == nil {
		return nil, nil
	}
	unit, err := c.server.Resources.UnitByID(c.ctx, c.server.DB, *id)
	return &reference{unit.UID, unit.Slug, unit.Name}, err
}

func listRoles(c *call, _ *struct{}) (*body[pageView[staffView]], error) {
	staff, err := c.server.Accounts.Staff(c.ctx, c.actor)
	if err != nil {
		return nil, err
	}
	out := pageView[staffView]{Items: []staffView{}}
	for _, card := range staff {
		unit, err := c.workplace(card.Unit)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, staffView{card.UID, card.Person, card.Name, card.Email, card.Role, unit, card.CreatedAt.In(c.server.Zone)})
	}
	return &body[pageView[staffView]]{out}, nil
}

func withdrawRole(c *call, in *ByID) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Accounts.WithdrawRole(c.ctx, c.actor, uid)
}

func listRoleInvitations(c *call, _ *struct{}) (*body[pageView[invitationView]], error) {
	invited, err := c.server.Accounts.StaffInvitations(c.ctx, c.actor)
	if err != nil {
		return nil, err
	}
	out := pageView[invitationView]{Items: []invitationView{}}
	for _, i := range invited {
		view := c.invitation(i)
		if view.Unit, err = c.workplace(i.Unit); err != nil {
			return nil, err
		}
		out.Items = append(out.Items, view)
	}
	return &body[pageView[invitationView]]{out}, nil
}

type staffInvitationInput struct {
	Email    string `json:"email"`
	Role     string `json:"role" enum:"viewer,manager,city_admin"`
	Unit     string `json:"unit,omitempty" maxLength:"200" doc:"Id or slug; absent for city_admin."`
	Language string `json:"language,omitempty" enum:"fi,sv,en" doc:"Of the mail."`
}

func inviteToStaff(c *call, in *body[staffInvitationInput]) (*struct{}, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	invitation := accounts.Invitation{Email: in.Body.Email, Role: in.Body.Role, Language: in.Body.Language, ReturnTo: pathTo("work", "fi")}
	if invitation.Language == "" {
		invitation.Language = c.actor.Person.Language
	}
	if in.Body.Unit != "" {
		unit, err := c.unit(in.Body.Unit)
		if err != nil {
			return nil, err
		}
		invitation.Unit = &unit.ID
	}
	_, err := c.server.Accounts.Invite(c.ctx, c.actor, invitation)
	return nil, err
}

func withdrawRoleInvitation(c *call, in *ByID) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Accounts.WithdrawInvitation(c.ctx, c.actor, uid)
}
