package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// The four writers below work in the caller's transaction and leave the audit
// entry to the caller, who knows why and writes it last.

// AddPerson stores a person with all that is set in it and fills in ID and,
// where it is zero, UID. The address must be new ("duplicate" otherwise).
func AddPerson(ctx context.Context, tx *db.DB, person *Person) error {
	if person.Email == nil {
		return fault.InvalidField("email", "sign_in.no_address")
	}
	email, err := cleanEmail(*person.Email)
	if err != nil {
		return err
	}
	person.Email = &email
	person.Language = cleanLanguage(person.Language)
	if err := ensureUID(&person.UID); err != nil {
		return err
	}
	return insertPerson(ctx, tx, person)
}

// AddAssociation stores an association and fills in ID, UID and Revision.
func AddAssociation(ctx context.Context, tx *db.DB, association *Association) error {
	if err := ensureUID(&association.UID); err != nil {
		return err
	}
	if association.Kind == "" {
		association.Kind = "association"
	}
	association.Revision = 1
	return insertAssociation(ctx, tx, association)
}

// AddMembership makes a person act for an association; a second one changes
// the role.
func AddMembership(ctx context.Context, tx *db.DB, m Membership) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO memberships (association, person, role, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (association, person) DO UPDATE SET role = EXCLUDED.role`,
		m.Association, m.Person, m.Role, m.CreatedAt)
	return err
}

// GrantRole gives a person a right on a unit, or on the city with a nil Unit.
// A new right wants a new sign-in: the person's sessions end. Granting what is
// there already changes nothing.
func GrantRole(ctx context.Context, tx *db.DB, role Role) error {
	return grantRole(ctx, tx, role, 0)
}

// grantRole spares the session keep, which its caller is about to replace.
func grantRole(ctx context.Context, tx *db.DB, role Role, keep int64) error {
	if err := ensureUID(&role.UID); err != nil {
		return err
	}
	added, err := tx.Exec(ctx, `INSERT INTO roles (uid, person, unit, role, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		role.UID, role.Person, role.Unit, role.Role, role.CreatedAt)
	if err != nil || added == 0 {
		return err
	}
	return raised(ctx, tx, role.Person, keep, role.CreatedAt)
}

// raised ends a person's sessions, but for the one to keep, because they can do
// more from now on.
func raised(ctx context.Context, tx *db.DB, person, keep int64, at time.Time) error {
	if _, err := tx.Exec(ctx, "DELETE FROM sessions WHERE person = ? AND id <> ?", person, keep); err != nil {
		return err
	}
	return touchFeeds(ctx, tx, person, at)
}

// touchFeeds makes calendars that are fetched by date look again: with a right,
// what they show has changed.
func touchFeeds(ctx context.Context, tx *db.DB, person int64, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE feeds SET changed_at = ? WHERE made_by = ? AND revoked_at IS NULL", at, person)
	return err
}

// personOf finds the person of a link's address or makes one.
func personOf(ctx context.Context, tx *db.DB, l link, now time.Time) (person Person, fresh bool, err error) {
	return FindOrAddPerson(ctx, tx, Newcomer{Email: l.Email, Language: l.Language, At: now})
}

func ensureUID(uid *uuid.UUID) (err error) {
	if *uid == uuid.Nil {
		*uid, err = newUID()
	}
	return err
}
