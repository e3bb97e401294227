package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
)

// Accepted is a version of terms that was accepted with a reservation.
type Accepted struct {
	Key        string
	Version    int
	Title      locales.Texts
	AcceptedAt time.Time
	By         string // name or address; "" = no longer known
}

// Accepted lists the terms that were accepted with a reservation that the actor
// may see, by key.
func (s *Service) Accepted(ctx context.Context, actor accounts.Actor, ref string) ([]Accepted, error) {
	r, err := find(ctx, s.DB, ref)
	if err == nil && !s.mayView(actor, r) {
		err = notFound()
	}
	if err != nil {
		return nil, err
	}
	return acceptedWith(ctx, s.DB, r.ID)
}

func acceptedWith(ctx context.Context, d *db.DB, reservation int64) ([]Accepted, error) {
	var list []Accepted
	return list, d.Query(ctx, &list, `SELECT t.key, t.version, t.title, a.accepted_at, coalesce(nullif(p.name, ''), p.email, '') AS by
		FROM accepted_terms a JOIN terms t ON t.id = a.terms LEFT JOIN people p ON p.id = a.accepted_by
		WHERE a.reservation = ? ORDER BY t.key, t.version`, reservation)
}

// acceptTerms records for new reservations that their terms were accepted, in
// the versions that are in force. seen are those that were shown, as
// "key/version", nil = not said: another version has to be shown first.
func (w *work) acceptTerms(ctx context.Context, made []*Reservation, seen []string) error {
	var keys []string
	for _, r := range made {
		keys = append(keys, r.Verdict.V.Terms...)
	}
	terms, err := w.Resources.TermsInForce(ctx, w.tx, keys)
	if err != nil || len(terms) == 0 {
		return err
	}
	if seen != nil {
		for _, t := range terms {
			if !slices.Contains(seen, t.Name()) {
				return fault.InvalidField(policies.FieldTerms, "booking.terms_changed")
			}
		}
	}
	var reservations, accepted db.Ints
	for _, r := range made {
		for _, t := range terms {
			if slices.Contains(r.Verdict.V.Terms, t.Key) {
				reservations, accepted = append(reservations, r.ID), append(accepted, int64(t.ID))
			}
		}
	}
	var by *int64
	if id := w.actor.ID(); id != 0 {
		by = &id
	}
	_, err = w.tx.Exec(ctx, `INSERT INTO accepted_terms (reservation, terms, accepted_at, accepted_by)
		SELECT t.reservation, t.terms, @now, @by FROM unnest(CAST(@reservations AS bigint[]), CAST(@terms AS int[])) AS t(reservation, terms)
		ON CONFLICT DO NOTHING`, map[string]any{"now": w.now, "by": by, "reservations": reservations, "terms": accepted})
	return err
}
