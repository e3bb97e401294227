package accounts

import (
	"context"
	"time"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// InvitationAge is how long an invitation can be used.
const InvitationAge = 7 * 24 * time.Hour

// Invitation asks somebody to take a staff role.
type Invitation struct {
	Email    string
	Role     string // viewer, manager or city_admin
	Unit     *int   // nil for city_admin
	Language string // of the mail
	ReturnTo string // a path; where the sign-in leads
}

// Invite mails a link that gives its reader a role at the first use, and
// returns the link's token for the command line, which may show the address
// where no mail can be sent. A unit's managers invite to their unit, city admins
// and the system to all.
func (s *Service) Invite(ctx context.Context, actor Actor, invitation Invitation) (token string, err error) {
	right := invited{Role: invitation.Role, Unit: invitation.Unit, By: actor.Name()}
	email, err := cleanEmail(invitation.Email)
	if err != nil {
		return "", err
	}
	if err := invitation.check(); err != nil {
		return "", err
	}
	now := s.Now()
	l := link{
		Email: email, ReturnTo: SafeReturn(invitation.ReturnTo), Language: cleanLanguage(invitation.Language), Invited: db.AsJSON(right),
	}
	err = s.DB.Tx(ctx, func(tx *db.DB) error {
		actor, err := Refresh(ctx, tx, actor)
		if err != nil {
			return err
		}
		if !right.mayBeSentBy(actor) {
			return forbidden()
		}
		name, err := unitName(ctx, tx, invitation.Unit)
		if err != nil {
			return err
		}
		issued, err := sendInvitation(ctx, tx, actor, l, issuing{at: now, topic: "sign_in.invitation", unit: name})
		if err != nil {
			return err
		}
		token = s.Secrets.SignID(ledger.ForSignIn, issued.ID)
		return ledger.Append(ctx, tx, entry(actor.Name(), "role.invited", linkObject(issued), l.Invited.V).When(now))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func (i Invitation) check() error {
	switch {
	case i.Role != Viewer && i.Role != Manager && i.Role != CityAdmin:
		return fault.InvalidField("role", "role.unknown", fault.Params{"role": i.Role})
	case i.Role == CityAdmin && i.Unit != nil:
		return fault.InvalidField("unit", "role.no_unit")
	case i.Role != CityAdmin && i.Unit == nil:
		return fault.InvalidField("unit", "role.needs_unit")
	}
	return nil
}

// unitName finds the unit of an invitation; none for the city.
func unitName(ctx context.Context, tx *db.DB, unit *int) (locales.Texts, error) {
	if unit == nil {
		return locales.Texts{}, nil
	}
	var row struct {
		ID   int
		Name locales.Texts
	}
	err := tx.Query(ctx, &row, "SELECT id, name FROM units WHERE id = ?", *unit)
	if err == nil && row.ID == 0 {
		err = fault.InvalidField("unit", "role.unknown_unit")
	}
	return row.Name, err
}
