package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// Newcomer is somebody whom others name by address: staff who book for them,
// or a link that is followed for the first time.
type Newcomer struct {
	Email    string
	Name     string // of a new person; somebody who is known keeps theirs
	Language string
	At       time.Time
}

// FindOrAddPerson finds the person of an address or makes one, who can sign in
// by a link later. fresh tells which. The caller audits and keeps from
// strangers which it was.
func FindOrAddPerson(ctx context.Context, tx *db.DB, n Newcomer) (person Person, fresh bool, err error) {
	if n.Email, err = cleanEmail(n.Email); err != nil {
		return Person{}, false, err
	}
	if n.Name != "" {
		if err := tidyName(&n.Name); err != nil {
			return Person{}, false, fault.InvalidField("name", fault.Code(err), fault.As(err).Params)
		}
	}
	uid, err := newUID()
	if err != nil {
		return Person{}, false, err
	}
	made, err := tx.Exec(ctx, "INSERT INTO people (uid, email, name, language, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING",
		uid, n.Email, n.Name, cleanLanguage(n.Language), n.At)
	if err != nil {
		return Person{}, false, err
	}
	person, err = onePerson(ctx, tx, "email = ?", n.Email)
	return person, made == 1, err
}

// KnownPerson finds the person of an address; nil when nobody has it. clean is
// the address as it would be stored. Who is known is told to staff only, and
// the caller writes each question into the audit trail.
func KnownPerson(ctx context.Context, d *db.DB, email string) (person *Person, clean string, err error) {
	if clean, err = cleanEmail(email); err != nil {
		return nil, "", err
	}
	found, err := onePerson(ctx, d, "email = ?", clean)
	if fault.Is(err, fault.NotFound) {
		return nil, clean, nil
	}
	return &found, clean, err
}

// AssociationsNamed lists associations whose name has a text in it, those that
// begin with it first; for staff, who book for them.
func AssociationsNamed(ctx context.Context, d *db.DB, actor Actor, text string, limit int) ([]Association, error) {
	if !actor.Staff() {
		return nil, forbidden()
	}
	var list []Association
	err := d.Query(ctx, &list, `SELECT * FROM associations WHERE archived_at IS NULL AND position(lower(@text) IN lower(name)) > 0
		ORDER BY position(lower(@text) IN lower(name)) > 1, name, id LIMIT @limit`, map[string]any{"text": text, "limit": limit})
	return list, err
}

// AssociationChosen is one of AssociationsNamed again, by uid.
func AssociationChosen(ctx context.Context, d *db.DB, actor Actor, uid uuid.UUID) (Association, error) {
	if !actor.Staff() {
		return Association{}, forbidden()
	}
	return AssociationByUID(ctx, d, uid)
}
