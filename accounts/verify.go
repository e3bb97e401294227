package accounts

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// AssociationFilter narrows the city's list of associations.
type AssociationFilter struct {
	Text       string // part of name or register number, "" = any
	Unverified bool   // only those that wait to be confirmed
	After      string // cursor: the uid of the last one seen, "" = from the start
}

// AssociationsPage is how many associations a page of the list has.
const AssociationsPage = 50

// AssociationCard is an association with the addresses of its admins, who can
// be asked.
type AssociationCard struct {
	Association Association `gorm:"embedded"`
	Members     int
	Admins      db.Strings
}

// Associations lists those that are not archived, the unconfirmed and then the
// newest first; for city admins. next = "" on the last page.
func (s *Service) Associations(ctx context.Context, actor Actor, filter AssociationFilter) (cards []AssociationCard, next string, err error) {
	if !Can(actor, ManageCity, Object{}) {
		return nil, "", forbidden()
	}
	err = s.DB.Query(ctx, &cards, `SELECT a.*,
			(SELECT count(*) FROM memberships m WHERE m.association = a.id) AS members,
			COALESCE((SELECT array_agg(p.email ORDER BY p.email) FROM memberships m JOIN people p ON p.id = m.person
			 WHERE m.association = a.id AND m.role = 'admin' AND p.email IS NOT NULL), '{}') AS admins
		FROM associations a
		WHERE a.archived_at IS NULL AND (a.name ILIKE @text OR a.registered ILIKE @text) AND (a.unverified OR NOT CAST(@unverified AS boolean))
		  AND (@after = '' OR (NOT a.unverified, -a.id) > (SELECT NOT b.unverified, -b.id FROM associations b WHERE b.uid::text = @after))
		ORDER BY NOT a.unverified, -a.id LIMIT @limit`, map[string]any{
		"text": "%" + escapeLike(filter.Text) + "%", "unverified": filter.Unverified, "after": filter.After, "limit": AssociationsPage + 1,
	})
	if len(cards) > AssociationsPage {
		cards = cards[:AssociationsPage]
		next = cards[AssociationsPage-1].Association.UID.String()
	}
	return cards, next, err
}

// escapeLike takes a pattern's special characters as they are.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// Verified is what staff confirm of an association: whether its activity is for
// under-18s, the share of members under 18 in percent (nil = not known), and the
// keys of its agreements and memberships.
type Verified struct {
	Under18      bool
	Under18Share *int
	Agreements   []string
}

const (
	maxAgreements = 20
	maxAgreement  = 60
)

var agreementForm = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)

// check tidies what was given: each agreement once, in order.
func (c *Verified) check() error {
	if c.Under18Share != nil && (*c.Under18Share < 0 || *c.Under18Share > 100) {
		return fault.InvalidField("under_18_share", "association.bad_share")
	}
	keys := []string{}
	for _, key := range c.Agreements {
		if key = strings.TrimSpace(key); key == "" || slices.Contains(keys, key) {
			continue
		}
		if !agreementForm.MatchString(key) || len(key) > maxAgreement || len(keys) == maxAgreements {
			return fault.InvalidField("agreements", "association.bad_agreement", fault.Params{"value": key})
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	c.Agreements = keys
	return nil
}

// of tells whether an association is known by just this.
func (c Verified) of(a Association) bool {
	share := c.Under18Share == a.Under18Share || c.Under18Share != nil && a.Under18Share != nil && *c.Under18Share == *a.Under18Share
	return !a.Unverified && a.Under18 == c.Under18 && share && slices.Equal(a.Agreements, c.Agreements)
}

// VerifyAssociation confirms what an association says of itself, its number and
// its municipality, and what staff know of it. From then on the rules know it by
// that.
func (s *Service) VerifyAssociation(ctx context.Context, actor Actor, uid uuid.UUID, revision int, known Verified) (Association, error) {
	if err := known.check(); err != nil {
		return Association{}, err
	}
	return s.edit(ctx, actor, uid, revision, func(w *editing) error {
		if !Can(w.actor, ManageCity, Object{}) {
			return forbidden()
		}
		a := &w.association
		if known.of(*a) {
			return nil
		}
		a.Unverified, a.Under18, a.Under18Share, a.Agreements = false, known.Under18, known.Under18Share, known.Agreements
		return w.write(ctx, "association.verified", map[string]any{
			"form": formOf(*a), "under_18": a.Under18, "under_18_share": a.Under18Share, "agreements": a.Agreements,
		})
	})
}

// ArchiveAssociation ends an association: nobody acts for it any more, and its
// calendars are gone. One that still has bookings to come is refused.
func (s *Service) ArchiveAssociation(ctx context.Context, actor Actor, uid uuid.UUID, revision int) (Association, error) {
	return s.edit(ctx, actor, uid, revision, func(w *editing) error {
		if !Can(w.actor, ManageCity, Object{}) {
			return forbidden()
		}
		coming, err := w.coming(ctx)
		if err != nil {
			return err
		}
		if coming > 0 {
			return fault.New(fault.Refused, "association.has_bookings", fault.Params{"n": coming, "association": w.association.Name})
		}
		w.association.ArchivedAt = &w.at
		return w.write(ctx, "association.archived", nil)
	})
}

// coming counts what the association still holds.
func (w *editing) coming(ctx context.Context) (int, error) {
	var n int
	err := w.tx.Query(ctx, &n, `SELECT count(*) FROM reservations
		WHERE holder_association = ? AND end_at > ? AND state IN ('held', 'requested', 'awaiting_payment', 'confirmed')`, w.association.ID, w.at)
	return n, err
}
