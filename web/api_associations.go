package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
)

func (s *Server) addAssociationOperations() {
	add := func(name, method, path string, who audience, status int, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: who, tag: "Associations", status: status, summary: summary, more: more}
	}
	const one = "/associations/{id}"
	serve(s, add("list-associations", http.MethodGet, "/associations", signedIn, 0, "List one's associations and groups", ""), listAssociations)
	serve(s, add("search-associations", http.MethodGet, "/associations/all", cityAdmins, 0, "List all associations", "The unconfirmed first, then the newest."), searchAssociations)
	serve(s, add("make-association", http.MethodPost, "/associations", signedIn, http.StatusCreated, "Register an association or group",
		"The caller becomes its admin. Until staff confirm it, it has no terms of a registered or local one."), makeAssociation)
	serve(s, add("read-association", http.MethodGet, one, memberViewer, 0, "Read an association", ""), readAssociation)
	serve(s, add("change-association", http.MethodPut, one, memberAdmins, 0, "Change what an association says of itself", "What its admins change is to be confirmed anew."), changeAssociation)
	serve(s, add("verify-association", http.MethodPost, one+"/verify", cityAdmins, 0, "Confirm what an association says of itself", ""), verifyAssociation)
	serve(s, add("archive-association", http.MethodDelete, one, cityAdmins, http.StatusNoContent, "End an association", "Refused while it has bookings to come."), archiveAssociation)
	serve(s, add("list-members", http.MethodGet, one+"/members", memberAdmins, 0, "List who belongs to an association", ""), listMembers)
	serve(s, add("change-member", http.MethodPut, one+"/members/{person}", memberAdmins, http.StatusNoContent, "Give a member another role", "The last admin stays."), changeMember)
	serve(s, add("remove-member", http.MethodDelete, one+"/members/{person}", memberAdmins, http.StatusNoContent, "Remove a member, or leave", "Members may leave, admins remove; the last admin stays."), removeMember)
	serve(s, add("list-member-invitations", http.MethodGet, one+"/invitations", memberAdmins, 0, "List who is invited", ""), listMemberInvitations)
	serve(s, add("invite-member", http.MethodPost, one+"/invitations", memberAdmins, http.StatusCreated, "Invite somebody by e-mail", "A newer invitation to an address takes the place of the older one."), inviteMember)
	serve(s, add("withdraw-member-invitation", http.MethodDelete, one+"/invitations/{invitation}", memberAdmins, http.StatusNoContent, "Take an invitation back", ""), withdrawMemberInvitation)
}

type associationView struct {
	ID           uuid.UUID `json:"id"`
	Name         string    `json:"name"`
	Kind         string    `json:"kind" enum:"association,residents_group,company,religious,political"`
	Municipality string    `json:"municipality"`
	Registered   string    `json:"registered" doc:"Number in its register."`
	Under18      bool      `json:"under_18"`
	Under18Share *int      `json:"under_18_share" doc:"Percent of the members, as staff confirmed it; null when not known."`
	Agreements   []string  `json:"agreements" doc:"Keys, as staff entered them."`
	Verified     bool      `json:"verified" doc:"Staff have confirmed what it says of itself."`
	Role         string    `json:"role,omitempty" doc:"The caller's: member, booker or admin."`
	CreatedAt    time.Time `json:"created_at"`
	Revision     int       `json:"revision"`
}

func (c *call) association(a accounts.Association, role string) associationView {
	return associationView{
		ID: a.UID, Name: a.Name, Kind: a.Kind, Municipality: a.Municipality, Registered: a.Registered, Under18: a.Under18,
		Under18Share: a.Under18Share, Agreements: list(a.Agreements),
		Verified: !a.Unverified, Role: role, CreatedAt: a.CreatedAt.In(c.server.Zone), Revision: a.Revision,
	}
}

// associationAnswer is an association with its revision as entity tag.
type associationAnswer struct {
	ETag string `header:"ETag"`
	Body associationView
}

func (c *call) answerAssociation(a accounts.Association, role string) *associationAnswer {
	return &associationAnswer{ETag: strconv.Quote(strconv.Itoa(a.Revision)), Body: c.association(a, role)}
}

func listAssociations(c *call, _ *struct{}) (*body[pageView[associationView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	standings, err := c.server.Accounts.Standings(c.ctx, c.actor)
	out := pageView[associationView]{Items: []associationView{}}
	for _, s := range standings {
		out.Items = append(out.Items, c.association(s.Association, s.Role))
	}
	return &body[pageView[associationView]]{out}, err
}

type associationQuery struct {
	Text       string `query:"q" maxLength:"100" doc:"Part of name or register number."`
	Unverified bool   `query:"unverified" doc:"Only those that wait to be confirmed."`
	Cursor     string `query:"cursor" maxLength:"200" doc:"next of the page before."`
}

func searchAssociations(c *call, in *associationQuery) (*body[pageView[associationView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	cards, next, err := c.server.Accounts.Associations(c.ctx, c.actor, accounts.AssociationFilter{Text: in.Text, Unverified: in.Unverified, After: in.Cursor})
	out := pageView[associationView]{Items: []associationView{}, Next: next}
	for _, card := range cards {
		out.Items = append(out.Items, c.association(card.Association, ""))
	}
	return &body[pageView[associationView]]{out}, err
}

type associationInput struct {
	Name         string `json:"name"`
	Kind         string `json:"kind" enum:"association,residents_group,company,religious,political"`
	Municipality string `json:"municipality,omitempty"`
	Registered   string `json:"registered,omitempty" doc:"Number in its register."`
}

func (in associationInput) form() accounts.AssociationForm {
	return accounts.AssociationForm{Name: in.Name, Kind: in.Kind, Municipality: in.Municipality, Registered: in.Registered}
}

func makeAssociation(c *call, in *body[associationInput]) (*associationAnswer, error) {
	made, err := c.server.Accounts.RegisterAssociation(c.ctx, c.actor, in.Body.form())
	if err != nil {
		return nil, err
	}
	return c.answerAssociation(made, accounts.Admin), nil
}

func readAssociation(c *call, in *ByID) (*associationAnswer, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	s, err := c.server.Accounts.Standing(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	return c.answerAssociation(s.Association, s.Role), nil
}

// ByRevision is an edit of the association that an address names.
type ByRevision struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on. Missing: 428, old: 412."`
}

// visible is the caller's standing in the association and the revision that an
// edit is based on; who may not see it does not learn that a header is missing.
func (c *call) visible(in ByRevision) (accounts.Standing, int, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return accounts.Standing{}, 0, err
	}
	s, err := c.server.Accounts.Standing(c.ctx, c.actor, uid)
	if err != nil {
		return s, 0, err
	}
	revision, err := revisionOf(in.IfMatch)
	return s, revision, err
}

type associationChange struct {
	ByRevision
	Body associationInput
}

func changeAssociation(c *call, in *associationChange) (*associationAnswer, error) {
	s, revision, err := c.visible(in.ByRevision)
	if err != nil {
		return nil, err
	}
	a, err := c.server.Accounts.ChangeAssociation(c.ctx, c.actor, s.Association.UID, revision, in.Body.form())
	if err != nil {
		return nil, err
	}
	return c.answerAssociation(a, s.Role), nil
}

type associationVerdict struct {
	ByRevision
	Body struct {
		Under18      bool      `json:"under_18" doc:"Its activity is for under-18s."`
		Under18Share *int      `json:"under_18_share,omitempty" minimum:"0" maximum:"100" doc:"Percent of the members who are under 18; as it was by default."`
		Agreements   *[]string `json:"agreements,omitempty" maxItems:"20" doc:"Keys of agreements and memberships that rules ask for; as they were by default."`
	}
}

func verifyAssociation(c *call, in *associationVerdict) (*associationAnswer, error) {
	s, revision, err := c.visible(in.ByRevision)
	if err != nil {
		return nil, err
	}
	known := accounts.Verified{Under18: in.Body.Under18, Under18Share: s.Association.Under18Share, Agreements: s.Association.Agreements}
	if in.Body.Under18Share != nil {
		known.Under18Share = in.Body.Under18Share
	}
	if in.Body.Agreements != nil {
		known.Agreements = *in.Body.Agreements
	}
	a, err := c.server.Accounts.VerifyAssociation(c.ctx, c.actor, s.Association.UID, revision, known)
	if err != nil {
		return nil, err
	}
	return c.answerAssociation(a, s.Role), nil
}

func archiveAssociation(c *call, in *ByRevision) (*struct{}, error) {
	s, revision, err := c.visible(*in)
	if err != nil {
		return nil, err
	}
	_, err = c.server.Accounts.ArchiveAssociation(c.ctx, c.actor, s.Association.UID, revision)
	return nil, err
}
