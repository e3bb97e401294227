package booking

import (
	"context"
	"strings"
	"unicode/utf8"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// maxRecipients bounds the associations that one search lists.
const maxRecipients = 10

// Recipients are those for whom staff could book: associations by a part of
// their name, or one person by the whole address.
type Recipients struct {
	Associations []accounts.Association
	Person       *accounts.Person // nil = nobody with that address is known
	Email        string           // the address that was asked for; "" = a name was
}

// FindRecipients looks up for whom somebody who books for a unit means to book.
// Text with an @ is an address, and the question goes into the unit's audit
// trail whoever is found: nobody browses people unseen.
func (s *Service) FindRecipients(ctx context.Context, actor accounts.Actor, unit int, text string) (Recipients, error) {
	if !accounts.Can(actor, accounts.BookAsStaff, accounts.Object{Unit: unit}) {
		return Recipients{}, fault.New(fault.Forbidden, "auth.forbidden")
	}
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 2 || n > maxTitle {
		return Recipients{}, fault.InvalidField("who", "booking.recipient_text")
	}
	if !strings.Contains(text, "@") {
		list, err := accounts.AssociationsNamed(ctx, s.DB, actor, text, maxRecipients)
		return Recipients{Associations: list}, err
	}
	var found Recipients
	now := s.Now()
	err := s.DB.Tx(ctx, func(tx *db.DB) (err error) {
		if found.Person, found.Email, err = accounts.KnownPerson(ctx, tx, text); err != nil {
			return fault.InvalidField("who", fault.Code(err), fault.As(err).Params)
		}
		object := "person:unknown"
		if found.Person != nil {
			object = "person:" + found.Person.UID.String()
		}
		return ledger.Append(ctx, tx, ledger.Entry{
			Stream: unit, At: now, Actor: actor.Name(), Action: "person.looked_up", Object: object,
			Values: map[string]any{"email": found.Email, "known": found.Person != nil},
		})
	})
	return found, err
}

// addressed is the person of an address for whom staff book; somebody who is
// new is written, unless nothing may be.
func (w *work) addressed(ctx context.Context, asked Holder) (accounts.Person, error) {
	known, email, err := accounts.KnownPerson(ctx, w.tx, asked.Email)
	switch {
	case err != nil:
		return accounts.Person{}, err
	case known != nil:
		return *known, nil
	case w.dry:
		return accounts.Person{Email: &email, Name: asked.Name}, nil
	case asked.Name == "":
		return accounts.Person{}, fault.InvalidField("name", "booking.recipient_name", fault.Params{"email": email})
	}
	language := "fi"
	if w.actor.Person != nil {
		language = w.actor.Person.Language
	}
	person, fresh, err := accounts.FindOrAddPerson(ctx, w.tx, accounts.Newcomer{Email: asked.Email, Name: asked.Name, Language: language, At: w.now})
	if fresh {
		w.audits = append(w.audits, ledger.Entry{
			At: w.now, Actor: w.actor.Name(), Action: "person.added", Object: "person:" + person.UID.String(),
			Values: map[string]any{"name": person.Name, "email": person.Email},
		})
	}
	return person, err
}
