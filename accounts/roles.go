package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// StaffCard is a right of somebody of the staff, with who has it.
type StaffCard struct {
	UID       uuid.UUID // of the right
	Person    uuid.UUID
	Name      string // "" = not told
	Email     string
	Role      string
	Unit      *int // nil = the city
	CreatedAt time.Time
}

// Staff lists the rights that the actor may give and take, by unit and name:
// city admins see all, managers those of their units. 1000 at most.
func (s *Service) Staff(ctx context.Context, actor Actor) ([]StaffCard, error) {
	units, all, err := leads(actor)
	if err != nil {
		return nil, err
	}
	var cards []StaffCard
	err = s.DB.Query(ctx, &cards, `SELECT r.uid, p.uid AS person, p.name, COALESCE(p.email, '') AS email, r.role, r.unit, r.created_at
		FROM roles r JOIN people p ON p.id = r.person
		WHERE p.erased_at IS NULL AND (CAST(@all AS boolean) OR r.unit = ANY(CAST(@units AS bigint[])))
		ORDER BY r.unit NULLS FIRST, lower(p.name), p.email, r.id LIMIT 1000`, map[string]any{"all": all, "units": units})
	return cards, err
}

// StaffInvitations lists the invitations to such rights that wait.
func (s *Service) StaffInvitations(ctx context.Context, actor Actor) ([]Pending, error) {
	units, all, err := leads(actor)
	if err != nil {
		return nil, err
	}
	return s.pending(ctx, `invited -> 'association' IS NULL
		AND (CAST(@all AS boolean) OR CAST(invited ->> 'unit' AS bigint) = ANY(CAST(@units AS bigint[])))`,
		map[string]any{"all": all, "units": units})
}

// leads are the units whose staff the actor chooses.
func leads(actor Actor) (units db.Ints, all bool, err error) {
	managed, all := actor.WorkUnits(Manager)
	switch {
	case !actor.SignedIn():
		return nil, false, unauthenticated()
	case !actor.HasScope(ScopeAdmin), len(managed) == 0 && !all:
		return nil, false, forbidden()
	}
	for _, unit := range managed {
		units = append(units, int64(unit))
	}
	return units, all, nil
}

// WithdrawRole takes a staff right away, at once. Whoever may not take it does
// not find it; the last city admin stays.
func (s *Service) WithdrawRole(ctx context.Context, actor Actor, uid uuid.UUID) error {
	if !actor.SignedIn() && !actor.System {
		return unauthenticated()
	}
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		// every city admin's row, so that two of them cannot take each other's right at once
		if _, err := tx.Exec(ctx, "SELECT 1 FROM roles WHERE role = 'city_admin' OR uid = ? ORDER BY id FOR UPDATE", uid); err != nil {
			return err
		}
		actor, err := Refresh(ctx, tx, actor)
		if err != nil {
			return err
		}
		role, person, err := findRole(ctx, tx, uid)
		if err != nil {
			return err
		}
		if !(invited{Role: role.Role, Unit: role.Unit}).mayBeSentBy(actor) {
			return notFound()
		}
		if err := spareLastCityAdmin(ctx, tx, role); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM roles WHERE id = ?", role.ID); err != nil {
			return err
		}
		if err := touchFeeds(ctx, tx, role.Person, now); err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "role.withdrawn", personObject(person), invited{Role: role.Role, Unit: role.Unit}).When(now))
	})
}

func findRole(ctx context.Context, tx *db.DB, uid uuid.UUID) (Role, Person, error) {
	var role Role
	err := tx.Query(ctx, &role, "SELECT * FROM roles WHERE uid = ?", uid)
	if err == nil && role.ID == 0 {
		err = notFound()
	}
	if err != nil {
		return Role{}, Person{}, err
	}
	person, err := PersonByID(ctx, tx, role.Person)
	return role, person, err
}

func spareLastCityAdmin(ctx context.Context, tx *db.DB, role Role) error {
	if role.Role != CityAdmin {
		return nil
	}
	var others int
	err := tx.Query(ctx, &others, `SELECT count(*) FROM roles r JOIN people p ON p.id = r.person
		WHERE r.role = 'city_admin' AND r.id <> ? AND p.erased_at IS NULL`, role.ID)
	if err == nil && others == 0 {
		err = fault.New(fault.Refused, "role.last_city_admin")
	}
	return err
}
