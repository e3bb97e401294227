package booking

import (
	"context"

	"vuoro/accounts"
	"vuoro/db"
)

// scoped lists the reservations of a scope in the order in which they were
// made, one more than may be asked about at most.
func (s *Service) scoped(ctx context.Context, scope RequestScope, units []int, all bool) ([]int64, error) {
	states, kinds := db.Strings{}, db.Strings{}
	for _, state := range scope.States {
		states = append(states, string(state))
	}
	for _, kind := range scope.Kinds {
		kinds = append(kinds, string(kind))
	}
	var ids []int64
	err := s.DB.Each(ctx, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM reservations WHERE resource = ANY(CAST(@resources AS int[])) AND begin_at >= @from AND begin_at < @to
		AND state = ANY(CAST(@states AS text[])) AND kind = ANY(CAST(@kinds AS text[]))
		AND (CAST(@all AS boolean) OR unit = ANY(CAST(@units AS int[])))
		ORDER BY made_at, id LIMIT @most`, map[string]any{
		"resources": idList(scope.Resources), "from": scope.Begin.Begin, "to": scope.Begin.End, "states": states, "kinds": kinds,
		"all": all, "units": idList(units), "most": maxQuestions + 1,
	})
	return ids, err
}

const recalledSQL = `SELECT id, uid, number, resource, unit, series, series_date, begin_at, end_at, whole_day, kind, state, no_show,
	holder_kind, holder_person, holder_association, holder_unit, made_by, title, purpose, persons, answers, rule_book,
	price_cents, free_reason, made_at, changed_at, revision, oldest_age
	FROM reservations WHERE id = ANY(?::bigint[]) ORDER BY made_at, id`

// batch reads some reservations and what they name that is not kept yet.
func (c *recall) batch(ctx context.Context, ids []int64) ([]Asked, error) {
	var rows []Reservation
	err := c.DB.Tx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "SET TRANSACTION READ ONLY"); err != nil {
			return err
		}
		rows = nil
		if err := tx.Query(ctx, &rows, recalledSQL, db.Ints(ids)); err != nil {
			return err
		}
		return c.keep(ctx, tx, rows)
	})
	if err != nil {
		return nil, err
	}
	batch := make([]Asked, len(rows))
	for i, r := range rows {
		batch[i] = c.ask(r)
	}
	return batch, nil
}

// keep reads places and holders that are not kept yet.
func (c *recall) keep(ctx context.Context, tx *db.DB, rows []Reservation) error {
	if len(c.people) > mostKept {
		clear(c.people)
	}
	places, people, associations := c.wanted(rows)
	for _, id := range places {
		place, err := c.Resources.PlaceByID(ctx, tx, int(id))
		if err != nil {
			return err
		}
		c.places[int(id)] = place
	}
	var persons []accounts.Person
	var bodies []accounts.Association
	if err := tx.Query(ctx, &persons, "SELECT * FROM people WHERE id = ANY(?::bigint[])", db.Ints(people)); err != nil {
		return err
	}
	if err := tx.Query(ctx, &bodies, "SELECT * FROM associations WHERE id = ANY(?::bigint[])", db.Ints(associations)); err != nil {
		return err
	}
	for _, person := range persons {
		c.people[person.ID] = person
	}
	for _, association := range bodies {
		c.associations[association.ID] = association
	}
	return nil
}
