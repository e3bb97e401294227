package booking

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/policies"
)

// ownHolds are the actor's holds with their atoms: of the browser session, or
// of the person when a token acts. There is one, but for a browser that has
// just signed in and brought another's along.
func (w *work) ownHolds(ctx context.Context) ([]claim, error) {
	var held []Reservation
	err := w.tx.Query(ctx, &held, `SELECT * FROM reservations WHERE state = 'held' AND offer IS NULL AND
		CASE WHEN CAST(@session AS bigint) <> 0 THEN session = @session ELSE session IS NULL AND made_by = @person END
		ORDER BY id`, map[string]any{"session": w.actor.Session, "person": w.actor.ID()})
	if err != nil {
		return nil, err
	}
	claims := make([]claim, len(held))
	for i, r := range held {
		claims[i].reservation = r
		err := w.tx.Query(ctx, &claims[i].needs, "SELECT resource, unit, atom, pool, lanes FROM resource_atoms WHERE resource = ? ORDER BY atom", r.Resource)
		if err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// countHolds counts the live holds from the actor's network address.
func (w *work) countHolds(ctx context.Context) (int, error) {
	var n int
	err := w.tx.Query(ctx, &n, `SELECT count(*) FROM reservations r JOIN sessions s ON s.id = r.session
		WHERE r.state = 'held' AND r.held_until > ? AND s.address = ?`, w.now, w.actor.Address)
	return n, err
}

// address is where a person reads mail, and in which language. Person is set
// for those who may act for a reservation's holder.
type address struct {
	Email, Language string
	Person          uuid.UUID
}

// holderAddresses are those of the person who holds a reservation; of an
// association's, of the person who made it or, where staff did, of those who
// book for the association.
func (w *work) holderAddresses(ctx context.Context, r Reservation) ([]address, error) {
	if r.Kind == policies.Closure || r.State == Held {
		return nil, nil
	}
	if me := w.holdsIt(r); me != nil { // read when the request came in
		if me.Email == nil {
			return nil, nil
		}
		return []address{{*me.Email, me.Language, me.UID}}, nil
	}
	var people []address
	err := w.tx.Query(ctx, &people, `SELECT email, language, uid AS person FROM people
		WHERE email IS NOT NULL AND CASE
			WHEN CAST(@holder AS bigint) IS NOT NULL THEN id = @holder
			WHEN @behalf AND CAST(@association AS bigint) IS NOT NULL THEN
				id IN (SELECT person FROM memberships WHERE association = @association AND role IN ('booker', 'admin'))
			ELSE id = @made_by END ORDER BY email`,
		map[string]any{"holder": r.HolderPerson, "made_by": r.MadeBy, "association": r.HolderAssociation, "behalf": r.Kind == policies.Behalf})
	return people, err
}

// holdsIt is the acting person who holds a reservation, or nil.
func (w *work) holdsIt(r Reservation) *accounts.Person {
	if me := w.actor.Person; me != nil && r.HolderPerson != nil && *r.HolderPerson == me.ID {
		return me
	}
	return nil
}

// staffAddresses are the people of a unit, besides the actor, who wish mail of
// such a new reservation.
func (w *work) staffAddresses(ctx context.Context, r Reservation) ([]address, error) {
	var rows []struct {
		Email, Language, Role string
		Mail                  *string
	}
	err := w.tx.Query(ctx, &rows, `SELECT p.email, p.language, r.role, r.mail FROM people p JOIN roles r ON r.person = p.id
		WHERE (r.unit = ? OR r.unit IS NULL) AND p.email IS NOT NULL AND p.id <> ? ORDER BY p.email`, r.Unit, w.actor.ID())
	var people []address
	for _, row := range rows {
		wish := accounts.Role{Role: row.Role, Mail: row.Mail}.MailWish()
		wanted := wish == accounts.MailAll || wish == accounts.MailHandling && r.State == Requested
		if person := (address{Email: row.Email, Language: row.Language}); wanted && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	return people, err
}

const holderNameSQL = `SELECT COALESCE(
	(SELECT name FROM associations WHERE id = @association),
	(SELECT COALESCE(NULLIF(name, ''), email, '') FROM people WHERE id = @person), '')`

func (w *work) holderName(ctx context.Context, r Reservation) (string, error) {
	if me := w.holdsIt(r); me != nil && me.Email != nil {
		return cmp.Or(me.Name, *me.Email), nil
	}
	var name string
	err := w.tx.Query(ctx, &name, holderNameSQL, map[string]any{"association": r.HolderAssociation, "person": r.HolderPerson})
	return name, err
}
