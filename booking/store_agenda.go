package booking

import (
	"context"

	"vuoro/db"
)

const cardsSQL = `
SELECT r.*, s.uid AS resource_uid, s.slug AS resource_slug, s.name AS resource_name,
       s.cancel_minutes, s.release_after_minutes AS resource_release, s.instructions,
       u.uid AS unit_uid, u.slug AS unit_slug, u.name AS unit_name, u.address AS unit_address,
       COALESCE(a.name, NULLIF(h.name, ''), h.email, CASE WHEN r.holder_kind = 'unit' THEN u.name->>'fi' END, '') AS holder_name,
       COALESCE(a.name, '') AS association_name,
       COALESCE(NULLIF(m.name, ''), m.email, '') AS made_by_name, COALESCE(m.email, '') AS made_by_email,
       q.uid AS series_uid, COALESCE(q.number, '') AS series_number
FROM reservations r
JOIN resources s ON s.id = r.resource
JOIN units u ON u.id = r.unit
LEFT JOIN people h ON h.id = r.holder_person
LEFT JOIN people m ON m.id = r.made_by
LEFT JOIN associations a ON a.id = r.holder_association
LEFT JOIN series q ON q.id = r.series
WHERE `

// cards reads reservations with their names, by begin. where is SQL of this
// package with named parameters; it never holds anything that was typed.
func (s *Service) cards(ctx context.Context, where string, params map[string]any) ([]Card, error) {
	return readCards(ctx, s.DB, where, params)
}

// readCards is cards in a transaction.
func readCards(ctx context.Context, d *db.DB, where string, params map[string]any) ([]Card, error) {
	if _, bounded := params["limit"]; !bounded {
		params["limit"] = 2000
	}
	var found []Card
	err := d.Query(ctx, &found, cardsSQL+where+" ORDER BY r.begin_at, r.id LIMIT @limit", params)
	return found, err
}

func ints(list []int64) db.Ints { return list }

func stateNames(states []State) db.Strings {
	names := make(db.Strings, len(states))
	for i, state := range states {
		names[i] = string(state)
	}
	return names
}
