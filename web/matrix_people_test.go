package web

import (
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vuoro/accounts"
)

// people are the specimens of the routes about associations and staff: an
// association of their own, and whatever belongs to it.
func (m *matrix) people(r route, args []string, form url.Values, body any) ([]string, any) {
	email := uuid.NewString() + "@example.org"
	form.Set("email", email)
	form.Set("kind", "association")
	if strings.HasPrefix(r.at[0], apiPrefix+"/associations/:id") || strings.HasPrefix(r.at[0], "/fi/omat/seurat/:uid") {
		args = append(args, m.club().UID.String())
	}
	switch r.name {
	case "association-act":
		form.Set("act", "invite")
		form.Set("role", accounts.Member)
	case "people-act":
		form.Set("act", "invite")
	case "work-associations-act":
		form.Set("act", "verify")
		form.Set("association", m.club().UID.String())
	case "make-association", "change-association":
		body = map[string]any{"name": "Kuoro", "kind": "association"}
	case "verify-association":
		body = map[string]any{"under_18": true}
	case "change-member":
		args, body = append(args, m.who["resident"].person.UID.String()), map[string]any{"role": "booker"}
	case "remove-member":
		args = append(args, m.who["resident"].person.UID.String())
	case "invite-member":
		body = map[string]any{"email": email, "role": "booker"}
	case "withdraw-member-invitation":
		sent, err := m.Accounts.InviteMember(ctx, m.actor("admin"), uuid.MustParse(args[0]), accounts.MemberInvitation{Email: email, Role: accounts.Member})
		m.must(err)
		args = append(args, sent.UID.String())
	case "invite-staff":
		body = map[string]any{"email": email, "role": "viewer", "unit": "talo"}
	case "withdraw-role":
		args = append(args, m.viewer(email).String())
	case "withdraw-role-invitation":
		args = append(args, m.invited(email).String())
	}
	return args, body
}

// club is an association of the matrix's member and admin; a resident is its
// second admin.
func (m *matrix) club() accounts.Association {
	club := accounts.Association{Name: "Kerho", Kind: "residents_group", CreatedAt: m.clock}
	m.must(accounts.AddAssociation(ctx, m.DB, &club))
	for name, role := range map[string]string{"member": accounts.Member, "admin": accounts.Admin, "resident": accounts.Admin} {
		m.must(accounts.AddMembership(ctx, m.DB, accounts.Membership{Association: club.ID, Person: m.who[name].person.ID, Role: role, CreatedAt: m.clock}))
	}
	return club
}

// viewer is the right of a new viewer of unit "talo".
func (m *matrix) viewer(email string) uuid.UUID {
	p := accounts.Person{Email: &email, CreatedAt: m.clock}
	m.must(accounts.AddPerson(ctx, m.DB, &p))
	right := accounts.Role{UID: uuid.New(), Person: p.ID, Role: accounts.Viewer, CreatedAt: m.clock}
	unit := m.units["talo"].ID
	right.Unit = &unit
	m.must(accounts.GrantRole(ctx, m.DB, right))
	return right.UID
}

// invited is an invitation to that unit.
func (m *matrix) invited(email string) uuid.UUID {
	unit := m.units["talo"].ID
	_, err := m.Accounts.Invite(ctx, accounts.Actor{System: true}, accounts.Invitation{Email: email, Role: accounts.Viewer, Unit: &unit})
	m.must(err)
	open, err := m.Accounts.StaffInvitations(ctx, m.actor("city"))
	m.must(err)
	return open[0].UID
}
