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
}

// Invite mails a link that gives its reader a role at the first use, and
// returns the link's token for the command line, which may show the address
// where no mail can be sent. Only the system and city admins invite.
func (s *Service) Invite(ctx context.Context, actor Actor, invitation Invitation) (token string, err error) {
	if !Can(actor, ManageCity, Object{}) {
		return "", forbidden()
	}
	email, err := cleanEmail(invitation.Email)
	if err != nil {
		return "", err
	}
	if err := invitation.check(); err != nil {
		return "", err
	}
	now := s.Now()
	l := link{
		Email: email, ReturnTo: "/", Draft: db.AsJSON(noDraft), Language: cleanLanguage(invitation.Language),
		Invited: db.AsJSON(invited{Role: invitation.Role, Unit: invitation.Unit, By: actor.Name()}),
	}
	err = s.DB.Tx(ctx, func(tx *db.DB) error {
		name, err := unitName(ctx, tx, invitation.Unit)
		if err != nil {
			return err
		}
		issued, err := issueLink(ctx, tx, l, issuing{at: now, age: InvitationAge, topic: "sign_in.invitation", unit: name})
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
