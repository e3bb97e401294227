package accounts

import (
	"context"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// MemberInvitation asks somebody to act for an association.
type MemberInvitation struct {
	Email    string
	Role     string // member, booker or admin
	Language string // of the mail, unless the person is known by another
	ReturnTo string // a path; where the sign-in leads
}

// InviteMember mails a link whose first use makes its reader a member. A newer
// invitation to the same address takes the place of the older one.
func (s *Service) InviteMember(ctx context.Context, actor Actor, uid uuid.UUID, invitation MemberInvitation) (Pending, error) {
	email, err := cleanEmail(invitation.Email)
	if err != nil {
		return Pending{}, err
	}
	if err := checkMemberRole(invitation.Role); err != nil {
		return Pending{}, err
	}
	var sent Pending
	err = s.open(ctx, actor, uid, ManageAssociation, func(w *editing) error {
		language, err := w.languageOf(ctx, email)
		if err != nil {
			return err
		}
		if language == "" {
			language = invitation.Language
		}
		right := invited{Role: invitation.Role, Association: w.association.ID, By: w.actor.Name()}
		issued, err := sendInvitation(ctx, w.tx, w.actor, link{
			Email: email, ReturnTo: SafeReturn(invitation.ReturnTo), Language: cleanLanguage(language), Invited: db.AsJSON(right),
		}, issuing{at: w.at, topic: "sign_in.membership", association: w.association.Name})
		sent = issued.pending()
		w.note("member.invited", linkObject(issued), right)
		return err
	})
	return sent, err
}

// languageOf is the language of whoever has the address, "" = nobody; members
// are refused.
func (w *editing) languageOf(ctx context.Context, email string) (string, error) {
	var known struct {
		Language string
		Member   bool
	}
	err := w.tx.Query(ctx, &known, `SELECT p.language, m.person IS NOT NULL AS member
		FROM people p LEFT JOIN memberships m ON m.person = p.id AND m.association = ? WHERE p.email = ?`, w.association.ID, email)
	if err == nil && known.Member {
		err = fault.InvalidField("email", "association.already_member", fault.Params{"email": email})
	}
	return known.Language, err
}

// MemberInvitations lists who is invited to an association and has not come
// yet, newest first.
func (s *Service) MemberInvitations(ctx context.Context, actor Actor, uid uuid.UUID) ([]Pending, error) {
	association, err := s.managed(ctx, actor, uid)
	if err != nil {
		return nil, err
	}
	return s.pending(ctx, "CAST(invited ->> 'association' AS bigint) = @association", map[string]any{"association": association.ID})
}
