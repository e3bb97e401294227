package accounts

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// How long a browser stays signed in, and how exactly its last visit is kept.
const (
	SessionAge  = 30 * 24 * time.Hour // absolute; also the cookie's Max-Age
	SessionIdle = 7 * 24 * time.Hour
	seenEvery   = time.Minute
)

// SignedIn is the outcome of a sign-in. The token goes into the cookie of the
// browser that opened the session; it is not stored and cannot be read again.
type SignedIn struct {
	SessionToken string
	Actor        Actor
	Person       Person
	ReturnTo     string // safe to redirect to
	Draft        []byte // JSON that waited for the sign-in, nil = none
	New          bool   // the person was not known before
}

// Authenticate tells who acts with a session token at a network address, with
// rights as they are now. An unknown, forged or expired token gives an
// anonymous actor and no error; errors are faults of the database only.
func (s *Service) Authenticate(ctx context.Context, token, address string) (Actor, error) {
	anonymous := Actor{Address: address}
	if !wellFormed(token) {
		return anonymous, nil
	}
	now := s.Now()
	row, err := findSession(ctx, s.DB, hashToken(token), now)
	if err != nil || row.Session == 0 {
		return anonymous, err
	}
	if now.Sub(row.SeenAt) >= seenEvery {
		if err := touchSession(ctx, s.DB, row.Session, address, now); err != nil {
			return anonymous, err
		}
	}
	actor := row.actor()
	actor.Session, actor.Address = row.Session, address
	return actor, nil
}

// Refresh re-reads the actor's roles and memberships in the transaction that
// will use them, so that a right taken away meanwhile is gone. System and
// anonymous actors are returned as they are; who was erased is anonymous.
func Refresh(ctx context.Context, tx *db.DB, actor Actor) (Actor, error) {
	if !actor.SignedIn() {
		return actor, nil
	}
	row, err := findPersonWithRights(ctx, tx, actor.ID())
	if err != nil {
		return Actor{}, err
	}
	fresh := row.actor()
	fresh.Session, fresh.Address, fresh.Scopes = actor.Session, actor.Address, actor.Scopes
	return fresh, nil
}

// ActorOf is a person with the rights that they have now, without a session:
// for what they were sent a signed link to. Nobody by this uid is NotFound.
func ActorOf(ctx context.Context, d *db.DB, uid uuid.UUID) (Actor, error) {
	person, err := onePerson(ctx, d, "uid = ?", uid)
	if err != nil {
		return Actor{}, err
	}
	row, err := findPersonWithRights(ctx, d, person.ID)
	return row.actor(), err
}

// StartSession gives a visitor without a session an anonymous one, because
// something (a hold) must be kept for the browser; whoever has one keeps it
// and gets an empty token.
func (s *Service) StartSession(ctx context.Context, actor Actor) (token string, with Actor, err error) {
	if actor.Session != 0 || actor.SignedIn() {
		return "", actor, nil
	}
	token, hash := newToken("")
	actor.Session, err = insertSession(ctx, s.DB, sessionRow{hash: hash, address: actor.Address, at: s.Now()})
	if err != nil {
		return "", Actor{Address: actor.Address}, err
	}
	return token, actor, nil
}

// SignOut ends the actor's session. Holds of that browser lapse in their time.
func (s *Service) SignOut(ctx context.Context, actor Actor) error {
	return s.endSessions(ctx, actor, "person.signed_out", func(tx *db.DB) (int64, error) {
		return tx.Exec(ctx, "DELETE FROM sessions WHERE id = ?", actor.Session)
	})
}

// SignOutEverywhere ends all browser sessions of the actor's person; API
// tokens are revoked one by one.
func (s *Service) SignOutEverywhere(ctx context.Context, actor Actor) error {
	if !actor.SignedIn() {
		return unauthenticated()
	}
	return s.endSessions(ctx, actor, "person.signed_out_everywhere", func(tx *db.DB) (int64, error) {
		return tx.Exec(ctx, "DELETE FROM sessions WHERE person = ?", actor.ID())
	})
}

func (s *Service) endSessions(ctx context.Context, actor Actor, action string, end func(tx *db.DB) (int64, error)) error {
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		ended, err := end(tx)
		if err != nil || ended == 0 || !actor.SignedIn() {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), action, personObject(*actor.Person), map[string]any{"sessions": ended}).When(now))
	})
}

// SignInAs signs in as a demo person without proof. It exists only where the
// database itself says that it is a demo; anywhere else nothing is found.
func (s *Service) SignInAs(ctx context.Context, actor Actor, uid string) (SignedIn, error) {
	now := s.Now()
	var in SignedIn
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		demo, err := isDemo(ctx, tx)
		if err != nil {
			return err
		}
		person, err := findPerson(ctx, tx, uid)
		if err != nil {
			return err
		}
		if !demo || !person.Demo {
			return notFound()
		}
		in, err = openSession(ctx, tx, opening{person: person, browser: actor, at: now})
		if err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(in.Actor.Name(), "person.signed_in", personObject(person), map[string]any{"by": "demo"}).When(now))
	})
	if err != nil {
		return SignedIn{}, err
	}
	in.ReturnTo = SafeReturn("")
	return in, nil
}

// opening is a session about to be made for a person.
type opening struct {
	person  Person
	browser Actor // as it is before
	asking  int64 // the session that asked for the link, 0 = none
	at      time.Time
}

// openSession makes a new session in the place of the browser's old one, which
// dies: an id that was known before the sign-in is worth nothing after it.
// What the old and the asking session hold travels along, unless it is another
// person's.
func openSession(ctx context.Context, tx *db.DB, o opening) (SignedIn, error) {
	from := db.Ints{o.browser.Session, o.asking}
	// first of all, so that a hold that is being made is either seen or refused
	if _, err := tx.Exec(ctx, "SELECT 1 FROM sessions WHERE id = ANY(?::bigint[]) ORDER BY id FOR UPDATE", from); err != nil {
		return SignedIn{}, err
	}
	token, hash := newToken("")
	id, err := insertSession(ctx, tx, sessionRow{hash: hash, person: &o.person.ID, address: o.browser.Address, at: o.at})
	if err != nil {
		return SignedIn{}, err
	}
	if err := carryOver(ctx, tx, from, id, o.person.ID); err != nil {
		return SignedIn{}, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM sessions WHERE id = ?", o.browser.Session); err != nil {
		return SignedIn{}, err
	}
	row, err := findPersonWithRights(ctx, tx, o.person.ID)
	if err != nil {
		return SignedIn{}, err
	}
	actor := row.actor()
	actor.Session, actor.Address = id, o.browser.Address
	return SignedIn{SessionToken: token, Actor: actor, Person: o.person}, nil
}

// CSRF is the form token of a session; a visitor without a session has none
// ("") and is protected by the check of the request's origin alone.
func (s *Service) CSRF(session int64) string {
	if session == 0 {
		return ""
	}
	return s.Secrets.Sign(ledger.ForCSRF, csrfData(session))
}

// CheckCSRF refuses a form token that is not the session's; in constant time.
func (s *Service) CheckCSRF(session int64, token string) error {
	if session == 0 || !s.Secrets.Verify(ledger.ForCSRF, csrfData(session), token) {
		return fault.New(fault.Forbidden, "auth.csrf")
	}
	return nil
}

func csrfData(session int64) string { return "session:" + strconv.FormatInt(session, 10) }
