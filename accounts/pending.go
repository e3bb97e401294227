package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/ledger"
)

// Pending is an invitation that was sent and can still be used.
type Pending struct {
	UID       uuid.UUID
	Email     string
	Role      string
	Unit      *int // of a staff role
	CreatedAt time.Time
	ExpiresAt time.Time
}

func (l link) pending() Pending {
	return Pending{UID: l.ID, Email: l.Email, Role: l.Invited.V.Role, Unit: l.Invited.V.Unit, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt}
}

// pending lists open invitations, newest first. where is SQL of this package.
func (s *Service) pending(ctx context.Context, where string, params map[string]any) ([]Pending, error) {
	var links []link
	params["now"] = s.Now()
	err := s.DB.Query(ctx, &links, `SELECT * FROM sign_in_links WHERE invited ->> 'role' IS NOT NULL
		AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > @now AND `+where+` ORDER BY created_at DESC, id DESC LIMIT 500`, params)
	list := make([]Pending, len(links))
	for i, l := range links {
		list[i] = l.pending()
	}
	return list, err
}

// sendInvitation writes the link and the mail of an invitation, within the
// limits of who invites and of who is written to. An older invitation of the
// address to the same place ends.
func sendInvitation(ctx context.Context, tx *db.DB, actor Actor, l link, how issuing) (link, error) {
	if actor.SignedIn() {
		if err := invitationsPerPerson.count(ctx, tx, actor.Person.UID.String(), how.at); err != nil {
			return link{}, err
		}
		if err := invitationsPerEmail.count(ctx, tx, l.Email, how.at); err != nil {
			return link{}, err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE sign_in_links SET withdrawn_at = @now
		WHERE email = @email AND invited ->> 'role' IS NOT NULL AND used_at IS NULL AND withdrawn_at IS NULL
		  AND invited -> 'association' IS NOT DISTINCT FROM CAST(@invited AS jsonb) -> 'association'
		  AND invited -> 'unit' IS NOT DISTINCT FROM CAST(@invited AS jsonb) -> 'unit'`,
		map[string]any{"now": how.at, "email": l.Email, "invited": l.Invited})
	if err != nil {
		return link{}, err
	}
	l.Draft, how.age = db.AsJSON(noDraft), InvitationAge
	return issueLink(ctx, tx, l, how)
}

// WithdrawInvitation takes an invitation back that has not been used; it may
// be done by whoever may send it. One that has ended is not found.
func (s *Service) WithdrawInvitation(ctx context.Context, actor Actor, uid uuid.UUID) error {
	if !actor.SignedIn() && !actor.System {
		return unauthenticated()
	}
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		var l link
		if err := tx.Query(ctx, &l, "SELECT * FROM sign_in_links WHERE id = ? FOR UPDATE", uid); err != nil {
			return err
		}
		actor, err := Refresh(ctx, tx, actor)
		if err != nil {
			return err
		}
		if l.ID != uid || l.Invited.V.Role == "" || l.WithdrawnAt != nil || l.usable(now) != nil || !l.Invited.V.mayBeSentBy(actor) {
			return notFound()
		}
		if _, err := tx.Exec(ctx, "UPDATE sign_in_links SET withdrawn_at = ? WHERE id = ?", now, uid); err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "invitation.withdrawn", linkObject(l), l.Invited.V).When(now))
	})
}

// mayBeSentBy tells whether somebody may give this right: an association's by
// its admins, a unit's by its managers, the city's by the city's.
func (i invited) mayBeSentBy(actor Actor) bool {
	switch {
	case i.Association != 0:
		return Can(actor, ManageAssociation, Object{HolderAssociation: i.Association})
	case i.Unit != nil:
		return Can(actor, ManageUnit, Object{Unit: *i.Unit})
	}
	return Can(actor, ManageCity, Object{})
}
