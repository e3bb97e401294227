package accounts

import (
	"context"

	"github.com/google/uuid"

	"vuoro/db"
)

// Standing is an association together with the role in it.
type Standing struct {
	Association Association `gorm:"embedded"`
	Role        string
}

// Standings are the associations that the actor belongs to, by name; the
// choice of holders at the checkout is those with booker or admin.
func (s *Service) Standings(ctx context.Context, actor Actor) ([]Standing, error) {
	if !actor.SignedIn() {
		return nil, nil
	}
	var standings []Standing
	err := s.DB.Query(ctx, &standings, `SELECT a.*, m.role FROM memberships m JOIN associations a ON a.id = m.association
		WHERE m.person = ? AND a.archived_at IS NULL ORDER BY a.name, a.id`, actor.ID())
	return standings, err
}

// Standing is an association with the role that the actor has in it, "" where
// the actor manages it without belonging to it. To others it is not found.
func (s *Service) Standing(ctx context.Context, actor Actor, uid uuid.UUID) (Standing, error) {
	association, err := FindAssociation(ctx, s.DB, actor, uid)
	found := Standing{Association: association}
	for _, m := range actor.Memberships {
		if m.Association == association.ID {
			found.Role = m.Role
		}
	}
	return found, err
}

// FindAssociation finds an association by uid for an actor who belongs to it
// or manages associations; to others, and archived, it is not found. d may be a
// transaction.
func FindAssociation(ctx context.Context, d *db.DB, actor Actor, uid uuid.UUID) (Association, error) {
	association, err := AssociationByUID(ctx, d, uid)
	if err != nil {
		return Association{}, err
	}
	seen := standing(actor.Memberships, association.ID)&member != 0 || Can(actor, ManageAssociation, Object{HolderAssociation: association.ID})
	if !seen {
		return Association{}, notFound()
	}
	return association, nil
}

// AssociationByUID reads an association that is not archived, for a caller who
// has already decided who may see it.
func AssociationByUID(ctx context.Context, d *db.DB, uid uuid.UUID) (Association, error) {
	var association Association
	err := d.Query(ctx, &association, "SELECT * FROM associations WHERE uid = ? AND archived_at IS NULL", uid)
	if err == nil && association.ID == 0 {
		err = notFound()
	}
	return association, err
}

// AssociationByID reads the holder of a reservation that the caller has
// already decided to show.
func AssociationByID(ctx context.Context, d *db.DB, id int64) (Association, error) {
	var association Association
	err := d.Query(ctx, &association, "SELECT * FROM associations WHERE id = ?", id)
	if err == nil && association.ID == 0 {
		err = notFound()
	}
	return association, err
}

// PersonByID reads the holder of a reservation that the caller has already
// decided to show.
func PersonByID(ctx context.Context, d *db.DB, id int64) (Person, error) {
	return onePerson(ctx, d, "id = ?", id)
}

// PersonByEmail finds somebody by address, for the command line only: pages
// must not tell who is known.
func PersonByEmail(ctx context.Context, d *db.DB, email string) (Person, error) {
	clean, err := cleanEmail(email)
	if err != nil {
		return Person{}, err
	}
	return onePerson(ctx, d, "email = ?", clean)
}
