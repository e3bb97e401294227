package web

import (
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
)

type memberView struct {
	Person    uuid.UUID `json:"person"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Role      string    `json:"role" enum:"member,booker,admin"`
	CreatedAt time.Time `json:"created_at"`
}

func listMembers(c *call, in *ByID) (*body[pageView[memberView]], error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	members, err := c.server.Accounts.Members(c.ctx, c.actor, uid)
	out := pageView[memberView]{Items: []memberView{}}
	for _, m := range members {
		out.Items = append(out.Items, memberView{m.UID, m.Name, m.Email, m.Role, m.CreatedAt.In(c.server.Zone)})
	}
	return &body[pageView[memberView]]{out}, err
}

// ByMember names a member of an association.
type ByMember struct {
	ByID
	Person string `path:"person" maxLength:"200"`
}

// member reads both ids of an address.
func (c *call) member(in ByMember) (association, person uuid.UUID, err error) {
	if association, err = c.uid(in.ID); err == nil {
		person, err = c.uid(in.Person)
	}
	return association, person, err
}

type memberChange struct {
	ByMember
	Body struct {
		Role string `json:"role" enum:"member,booker,admin"`
	}
}

func changeMember(c *call, in *memberChange) (*struct{}, error) {
	association, person, err := c.member(in.ByMember)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Accounts.ChangeMember(c.ctx, c.actor, association, person, in.Body.Role)
}

func removeMember(c *call, in *ByMember) (*struct{}, error) {
	association, person, err := c.member(*in)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Accounts.RemoveMember(c.ctx, c.actor, association, person)
}

type invitationView struct {
	ID        uuid.UUID  `json:"id"`
	Email     string     `json:"email"`
	Role      string     `json:"role"`
	Unit      *reference `json:"unit,omitempty" doc:"Of a staff role; absent for the city."`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
}

func (c *call) invitation(p accounts.Pending) invitationView {
	return invitationView{ID: p.UID, Email: p.Email, Role: p.Role, CreatedAt: p.CreatedAt.In(c.server.Zone), ExpiresAt: p.ExpiresAt.In(c.server.Zone)}
}

func listMemberInvitations(c *call, in *ByID) (*body[pageView[invitationView]], error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	invited, err := c.server.Accounts.MemberInvitations(c.ctx, c.actor, uid)
	out := pageView[invitationView]{Items: []invitationView{}}
	for _, i := range invited {
		out.Items = append(out.Items, c.invitation(i))
	}
	return &body[pageView[invitationView]]{out}, err
}

type memberInvitationInput struct {
	ByID
	Body struct {
		Email    string `json:"email"`
		Role     string `json:"role" enum:"member,booker,admin"`
		Language string `json:"language,omitempty" enum:"fi,sv,en" doc:"Of the mail; of people who are known, their own is used."`
	}
}

func inviteMember(c *call, in *memberInvitationInput) (*body[invitationView], error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	language := in.Body.Language
	if language == "" {
		language = c.actor.Person.Language
	}
	sent, err := c.server.Accounts.InviteMember(c.ctx, c.actor, uid, accounts.MemberInvitation{
		Email: in.Body.Email, Role: in.Body.Role, Language: language, ReturnTo: pathTo("association", language, uid.String()),
	})
	if err != nil {
		return nil, err
	}
	return &body[invitationView]{c.invitation(sent)}, nil
}

// ByInvitation names an invitation to an association.
type ByInvitation struct {
	ByID
	Invitation string `path:"invitation" maxLength:"200"`
}

func withdrawMemberInvitation(c *call, in *ByInvitation) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	invited, err := c.server.Accounts.MemberInvitations(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	for _, i := range invited {
		if i.UID.String() == in.Invitation {
			return nil, c.server.Accounts.WithdrawInvitation(c.ctx, c.actor, i.UID)
		}
	}
	return nil, fault.New(fault.NotFound, "not_found")
}
