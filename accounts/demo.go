package accounts

import (
	"context"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/web/locales"
)

// DemoPerson is somebody as whom a visitor of the demo town can act.
type DemoPerson struct {
	Person      Person
	Roles       []DemoRole
	Memberships []DemoMembership
}

// DemoRole is a staff role with the names of its unit, empty for the city.
type DemoRole struct {
	Role string        `json:"role"`
	Unit string        `json:"unit,omitempty"` // slug
	Name locales.Texts `json:"name,omitzero"`
}

// DemoMembership is an association with the role in it.
type DemoMembership struct {
	Role        string    `json:"role"`
	Association uuid.UUID `json:"association"`
	Name        string    `json:"name"`
	Kind        string    `json:"kind"`
}

// Scopes are those that a token of this person can make use of.
func (p DemoPerson) Scopes() []string {
	scopes := []string{ScopeRead, ScopeBook}
	admin := false
	for _, m := range p.Memberships {
		admin = admin || m.Role == Admin
	}
	for _, r := range p.Roles {
		admin = admin || r.Role != Viewer
	}
	if len(p.Roles) > 0 {
		scopes = append(scopes, ScopeWork)
	}
	if admin {
		scopes = append(scopes, ScopeAdmin)
	}
	return scopes
}

// DemoPeople lists the demo town's people in the order they were made. Only a
// demo database has any; elsewhere nothing is found.
func (s *Service) DemoPeople(ctx context.Context) ([]DemoPerson, error) {
	demo, err := isDemo(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	if !demo {
		return nil, notFound()
	}
	var rows []struct {
		Person      Person `gorm:"embedded"`
		Roles       db.JSON[[]DemoRole]
		Memberships db.JSON[[]DemoMembership]
	}
	if err := s.DB.Query(ctx, &rows, demoPeopleSQL); err != nil {
		return nil, err
	}
	people := make([]DemoPerson, len(rows))
	for i, row := range rows {
		people[i] = DemoPerson{Person: row.Person, Roles: row.Roles.V, Memberships: row.Memberships.V}
	}
	return people, nil
}

const demoPeopleSQL = `
SELECT p.*,
	(SELECT jsonb_agg(jsonb_build_object('role', r.role, 'unit', COALESCE(u.slug, ''), 'name', COALESCE(u.name, '{}')) ORDER BY r.id)
	 FROM roles r LEFT JOIN units u ON u.id = r.unit WHERE r.person = p.id) AS roles,
	(SELECT jsonb_agg(jsonb_build_object('role', m.role, 'association', a.uid, 'name', a.name, 'kind', a.kind) ORDER BY a.id)
	 FROM memberships m JOIN associations a ON a.id = m.association AND a.archived_at IS NULL WHERE m.person = p.id) AS memberships
FROM people p WHERE p.demo AND p.erased_at IS NULL ORDER BY p.id`
