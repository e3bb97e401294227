package booking

import (
	"context"
	"time"

	"vuoro/calendar"
	"vuoro/db"
)

// turns reads what holders and people have that begins within a time or, with
// open, is not over yet, besides some reservations. Holds do not count: whose
// they are is said when they are confirmed.
func (w *work) turns(ctx context.Context, by []claimant, around calendar.Interval, open bool, besides []int64) (tally, error) {
	var people, associations db.Ints
	for _, c := range by {
		people = append(people, c.booker)
		if c.person != nil {
			people = append(people, *c.person)
		}
		if c.association != nil {
			associations = append(associations, *c.association)
		}
	}
	till := w.now
	if !open {
		till = farAhead
	}
	var list tally
	err := w.tx.Query(ctx, &list, `SELECT r.id, r.resource, r.holder_person, r.holder_association, r.made_by, r.no_show, r.begin_at, r.end_at,
			s.slug, s.groups, s.rule_book, u.slug AS unit
		FROM reservations r JOIN resources s ON s.id = r.resource JOIN units u ON u.id = s.unit
		WHERE (r.holder_person = ANY (CAST(@people AS bigint[])) OR r.holder_association = ANY (CAST(@associations AS bigint[]))
			OR r.holder_person IS NULL AND r.made_by = ANY (CAST(@people AS bigint[])))
		AND r.kind <> 'closure' AND r.state IN ('requested', 'awaiting_payment', 'confirmed')
		AND r.id <> ALL (CAST(@besides AS bigint[]))
		AND (r.begin_at >= @from AND r.begin_at < @to OR r.end_at > @till ) ORDER BY r.begin_at, r.id`,
		map[string]any{
			"people": people, "associations": associations, "besides": db.Ints(besides),
			"from": around.Begin, "to": around.End, "till": till,
		})
	return list, err
}

// farAhead is after every reservation.
var farAhead = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
