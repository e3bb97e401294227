package accounts

import (
	"context"
	"time"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// LinkPreview is what a followed link shows before anything happens.
type LinkPreview struct {
	Email     string
	Language  string
	ReturnTo  string
	Role      string // of an invitation, "" = none
	ExpiresAt time.Time

	Association string // that the invitation is to; "" = to staff, or none
}

// Follow looks at a mailed link without using it, because mail gateways open
// links too: the page has a button that posts. A token that is not ours is not
// found; one that ended is gone with sign_in.link_used or
// sign_in.link_expired, and RenewLink is the way out; an invitation that was
// used, withdrawn or has expired is gone with sign_in.invitation_ended.
func (s *Service) Follow(ctx context.Context, token string) (LinkPreview, error) {
	l, err := s.findLink(ctx, s.DB, token)
	if err != nil {
		return LinkPreview{}, err
	}
	if err := l.usable(s.Now()); err != nil {
		return LinkPreview{}, err
	}
	preview := LinkPreview{Email: l.Email, Language: l.Language, ReturnTo: l.ReturnTo, Role: l.Invited.V.Role, ExpiresAt: l.ExpiresAt}
	if l.Invited.V.Association != 0 {
		association, err := l.association(ctx, s.DB)
		if err != nil {
			return LinkPreview{}, err
		}
		preview.Association = association.Name
	}
	return preview, nil
}

// ConsumeLink signs in the browser that opened the link, once. It may be
// another browser than the one that asked: holds and draft come along. The
// first sign-in with an address makes its person, with an empty name until
// somebody asks for it. Errors are those of Follow.
func (s *Service) ConsumeLink(ctx context.Context, browser Actor, token string) (SignedIn, error) {
	now := s.Now()
	var in SignedIn
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		l, err := s.useLink(ctx, tx, token, now)
		if err != nil {
			return err
		}
		person, fresh, err := personOf(ctx, tx, l, now)
		if err != nil {
			return err
		}
		if err := l.grant(ctx, tx, person, browser.Session, now); err != nil {
			return err
		}
		o := opening{person: person, browser: browser, at: now}
		if l.Session != nil {
			o.asking = *l.Session
		}
		if in, err = openSession(ctx, tx, o); err != nil {
			return err
		}
		in.ReturnTo, in.Draft, in.New = SafeReturn(l.ReturnTo), l.draft(), fresh
		return l.logUse(ctx, tx, in, now)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return in, nil
}

// useLink takes the link's single use; of parallel calls the row lets one by.
func (s *Service) useLink(ctx context.Context, tx *db.DB, token string, now time.Time) (link, error) {
	id, ok := s.Secrets.OpenID(ledger.ForSignIn, token)
	if !ok {
		return link{}, fault.New(fault.NotFound, "sign_in.link_unknown")
	}
	var l link
	err := tx.Query(ctx, &l, `UPDATE sign_in_links SET used_at = ?
		WHERE id = ? AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > ? RETURNING *`, now, id, now)
	if err != nil || l.ID == id {
		return l, err
	}
	if l, err = s.findLink(ctx, tx, token); err != nil {
		return link{}, err
	}
	if err = l.usable(now); err == nil {
		err = fault.New(fault.Gone, "sign_in.link_used")
	}
	return link{}, err
}

func (s *Service) findLink(ctx context.Context, d *db.DB, token string) (link, error) {
	var l link
	id, ok := s.Secrets.OpenID(ledger.ForSignIn, token)
	if ok {
		if err := d.Query(ctx, &l, "SELECT * FROM sign_in_links WHERE id = ?", id); err != nil {
			return link{}, err
		}
	}
	if !ok || l.ID != id {
		return link{}, fault.New(fault.NotFound, "sign_in.link_unknown")
	}
	return l, nil
}

func (l link) usable(now time.Time) error {
	used, late := l.UsedAt != nil, !now.Before(l.ExpiresAt)
	switch {
	case l.Invited.V.Role != "" && (used || late || l.WithdrawnAt != nil):
		return invitationEnded()
	case used:
		return fault.New(fault.Gone, "sign_in.link_used")
	case late:
		return fault.New(fault.Gone, "sign_in.link_expired")
	}
	return nil
}

func invitationEnded() error { return fault.New(fault.Gone, "sign_in.invitation_ended") }

func (l link) draft() []byte {
	if len(l.Draft.V) == 0 || string(l.Draft.V) == string(noDraft) {
		return nil
	}
	return l.Draft.V
}

// grant gives the right that an invitation carries.
func (l link) grant(ctx context.Context, tx *db.DB, person Person, keep int64, now time.Time) error {
	switch right := l.Invited.V; {
	case right.Role == "":
		return nil
	case right.Association != 0:
		if _, err := l.association(ctx, tx); err != nil {
			return err
		}
		return join(ctx, tx, Membership{Association: right.Association, Person: person.ID, Role: right.Role, CreatedAt: now}, keep)
	default:
		return grantRole(ctx, tx, Role{Person: person.ID, Unit: right.Unit, Role: right.Role, CreatedAt: now}, keep)
	}
}

// association is what the invitation is to; one that was archived meanwhile
// ends it.
func (l link) association(ctx context.Context, d *db.DB) (Association, error) {
	association, err := AssociationByID(ctx, d, l.Invited.V.Association)
	if err == nil && association.ArchivedAt != nil {
		err = invitationEnded()
	}
	return association, err
}

func (l link) logUse(ctx context.Context, tx *db.DB, in SignedIn, now time.Time) error {
	if l.Invited.V.Role != "" {
		action := "role.granted"
		if l.Invited.V.Association != 0 {
			action = "member.joined"
		}
		granted := entry(l.Invited.V.By, action, personObject(in.Person), l.Invited.V).When(now)
		if err := ledger.Append(ctx, tx, granted); err != nil {
			return err
		}
	}
	values := map[string]any{"by": "link", "link": l.ID, "new": in.New}
	return ledger.Append(ctx, tx, entry(in.Actor.Name(), "person.signed_in", personObject(in.Person), values).When(now))
}
