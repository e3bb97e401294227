package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
)

func (s *Server) addPersonOperations() {
	serve(s, operation{name: "read-me", method: http.MethodGet, path: "/me", who: signedIn, tag: "People", summary: "Who is calling, and with what rights"}, readMe)
	serve(s, operation{name: "list-tokens", method: http.MethodGet, path: "/tokens", who: signedIn, tag: "People", summary: "List one's access tokens"}, listTokens)
	serve(s, operation{
		name: "make-token", method: http.MethodPost, path: "/tokens", who: signedIn, tag: "People", status: http.StatusCreated,
		summary: "Make an access token", more: "Only with a browser's session: a token makes no tokens. The secret is shown once.",
	}, makeToken)
	serve(s, operation{name: "revoke-token", method: http.MethodDelete, path: "/tokens/{id}", who: ownerOrCity, tag: "People", status: http.StatusNoContent, summary: "Revoke a token"}, revokeToken)
}

type meView struct {
	ID           uuid.UUID      `json:"id"`
	Name         string         `json:"name"`
	Email        *string        `json:"email"`
	Phone        string         `json:"phone"`
	Language     string         `json:"language"`
	Adult        *bool          `json:"adult" doc:"null when not confirmed."`
	Roles        []roleView     `json:"roles"`
	Associations []standingView `json:"associations"`
	Scopes       []string       `json:"scopes" doc:"Of the token; null for a browser, which has all."`
}

type roleView struct {
	Role string     `json:"role" enum:"viewer,manager,city_admin"`
	Unit *reference `json:"unit" doc:"null for the city."`
	Mail string     `json:"mail" enum:"all,handling,none" doc:"Which new reservations this person is mailed about."`
}

type standingView struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Kind string    `json:"kind"`
	Role string    `json:"role" enum:"member,booker,admin"`
}

func readMe(c *call, _ *struct{}) (*body[meView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	p := c.actor.Person
	me := meView{
		ID: p.UID, Name: p.Name, Email: p.Email, Phone: p.Phone, Language: p.Language, Adult: p.Adult,
		Roles: []roleView{}, Associations: []standingView{}, Scopes: c.actor.Scopes,
	}
	for _, role := range c.actor.Roles {
		unit, err := c.workplace(role.Unit)
		if err != nil {
			return nil, err
		}
		me.Roles = append(me.Roles, roleView{Role: role.Role, Unit: unit, Mail: role.MailWish()})
	}
	standings, err := c.server.Accounts.Standings(c.ctx, c.actor)
	for _, s := range standings {
		me.Associations = append(me.Associations, standingView{s.Association.UID, s.Association.Name, s.Association.Kind, s.Role})
	}
	return &body[meView]{me}, err
}

type tokenView struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
	Secret    string     `json:"secret,omitempty" doc:"Only in the answer that makes it."`
}

func (c *call) token(t accounts.Token) tokenView {
	view := tokenView{ID: t.UID, Name: t.Name, Scopes: list([]string(t.Scopes)), CreatedAt: t.CreatedAt.In(c.server.Zone), ExpiresAt: t.ExpiresAt.In(c.server.Zone)}
	if t.UsedAt != nil {
		used := t.UsedAt.In(c.server.Zone)
		view.UsedAt = &used
	}
	return view
}

func listTokens(c *call, _ *struct{}) (*body[pageView[tokenView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	tokens, err := c.server.Accounts.Tokens(c.ctx, c.actor, c.actor.ID())
	out := pageView[tokenView]{Items: []tokenView{}}
	for _, t := range tokens {
		out.Items = append(out.Items, c.token(t))
	}
	return &body[pageView[tokenView]]{out}, err
}

type tokenInput struct {
	Name   string   `json:"name,omitempty"`
	Scopes []string `json:"scopes" minItems:"1" maxItems:"4" enum:"read,book,work,admin"`
	Days   int      `json:"days,omitempty" minimum:"1" maximum:"365" default:"90"`
}

func makeToken(c *call, in *body[tokenInput]) (*body[tokenView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	days := time.Duration(in.Body.Days)
	secret, token, err := c.server.Accounts.NewToken(c.ctx, c.actor, accounts.TokenRequest{
		Name: in.Body.Name, Scopes: in.Body.Scopes, Lifetime: days * 24 * time.Hour,
	})
	if err != nil {
		return nil, err
	}
	view := c.token(token)
	view.Secret = secret
	return &body[tokenView]{view}, nil
}

func revokeToken(c *call, in *ByID) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Accounts.RevokeToken(c.ctx, c.actor, uid)
}

// uid reads an id in an address of a caller who must be signed in; what is not
// an id is not found.
func (c *call) uid(text string) (uuid.UUID, error) {
	if err := c.requireSignIn(); err != nil {
		return uuid.Nil, err
	}
	uid, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "not_found")
	}
	return uid, nil
}
