package accounts

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// TokenPrefix marks the API tokens of this system, so that leaked ones can be
// searched for.
const TokenPrefix = "vuoro_"

// MaxTokenAge is the longest life of an API token.
const MaxTokenAge = 365 * 24 * time.Hour

const maxTokenName = 100

// Token is an API token as its person sees it later: never the secret.
type Token struct {
	ID        int64 `gorm:"primaryKey"`
	UID       uuid.UUID
	Person    int64
	Name      string
	Scopes    db.Strings
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // to the minute
	RevokedAt *time.Time
}

// TokenRequest asks for a token.
type TokenRequest struct {
	Person   int64 // 0 = the actor's own
	Name     string
	Scopes   []string // at least one
	Lifetime time.Duration
}

// NewToken makes an API token and returns its secret, once. People make their
// own in the browser; the system makes anybody's. A token makes no tokens: it
// would outlive itself.
func (s *Service) NewToken(ctx context.Context, actor Actor, request TokenRequest) (plain string, token Token, err error) {
	if request.Person == 0 {
		request.Person = actor.ID()
	}
	if err := mayMakeToken(actor, request.Person); err != nil {
		return "", Token{}, err
	}
	if err := request.tidy(); err != nil {
		return "", Token{}, err
	}
	now := s.Now()
	uid, err := newUID()
	if err != nil {
		return "", Token{}, err
	}
	plain, hash := newToken(TokenPrefix)
	token = Token{
		UID: uid, Person: request.Person, Name: request.Name, Scopes: request.Scopes,
		CreatedAt: now, ExpiresAt: now.Add(request.Lifetime),
	}
	err = s.DB.Tx(ctx, func(tx *db.DB) error {
		if _, err := onePerson(ctx, tx, "id = ?", request.Person); err != nil {
			return err
		}
		if token.ID, err = insertToken(ctx, tx, token, hash); err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "token.made", tokenObject(uid), map[string]any{"scopes": request.Scopes}).When(now))
	})
	if err != nil {
		return "", Token{}, err
	}
	return plain, token, nil
}

func mayMakeToken(actor Actor, person int64) error {
	switch {
	case actor.System:
		return nil
	case !actor.SignedIn():
		return unauthenticated()
	case actor.Scopes != nil:
		return fault.New(fault.Forbidden, "token.from_token")
	case person != actor.ID():
		return notFound()
	}
	return nil
}

func (r *TokenRequest) tidy() error {
	r.Name = strings.TrimSpace(r.Name)
	switch {
	case !utf8.ValidString(r.Name) || strings.ContainsFunc(r.Name, unprintable):
		return fault.InvalidField("name", "token.name_bad_characters")
	case utf8.RuneCountInString(r.Name) > maxTokenName:
		return fault.InvalidField("name", "token.name_too_long", fault.Params{"max": maxTokenName})
	case len(r.Scopes) == 0:
		return fault.InvalidField("scopes", "token.no_scope")
	case r.Lifetime <= 0 || r.Lifetime > MaxTokenAge:
		return fault.InvalidField("lifetime", "token.bad_lifetime", fault.Params{"days": int(MaxTokenAge.Hours() / 24)})
	}
	for _, scope := range r.Scopes {
		if !slices.Contains(Scopes, scope) {
			return fault.InvalidField("scopes", "token.unknown_scope", fault.Params{"scope": scope})
		}
	}
	r.Scopes = slices.Clone(r.Scopes)
	slices.Sort(r.Scopes)
	r.Scopes = slices.Compact(r.Scopes)
	return nil
}

// AuthenticateToken tells who acts with a bearer token at a network address.
// Unknown, expired, revoked and erased look the same: auth.bad_token.
func (s *Service) AuthenticateToken(ctx context.Context, bearer, address string) (Actor, error) {
	bad := fault.New(fault.Unauthenticated, "auth.bad_token")
	secret, ours := strings.CutPrefix(bearer, TokenPrefix)
	if !ours || !wellFormed(secret) {
		return Actor{}, bad
	}
	now := s.Now()
	row, err := findToken(ctx, s.DB, hashToken(bearer), now)
	if err != nil {
		return Actor{}, err
	}
	if row.Token == 0 {
		return Actor{}, bad
	}
	if row.UsedAt == nil || now.Sub(*row.UsedAt) >= seenEvery {
		if _, err := s.DB.Exec(ctx, "UPDATE api_tokens SET used_at = ? WHERE id = ?", now, row.Token); err != nil {
			return Actor{}, err
		}
	}
	actor := row.Rights.actor()
	actor.Address = address
	actor.Scopes = append([]string{}, row.Scopes...) // never nil: that would be a browser
	return actor, nil
}

// Tokens lists a person's tokens that can still be used, newest first: one's
// own, or anybody's for city admins.
func (s *Service) Tokens(ctx context.Context, actor Actor, person int64) ([]Token, error) {
	own := actor.SignedIn() && person == actor.ID() && actor.HasScope(ScopeRead)
	if !own && !Can(actor, ManageCity, Object{}) {
		return nil, notFound()
	}
	return listTokens(ctx, s.DB, person, s.Now())
}

// RevokeToken ends a token at once; a foreign one is not found, except by city
// admins. Revoking twice is fine.
func (s *Service) RevokeToken(ctx context.Context, actor Actor, uid uuid.UUID) error {
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		var token Token
		if err := tx.Query(ctx, &token, "SELECT * FROM api_tokens WHERE uid = ? FOR UPDATE", uid); err != nil {
			return err
		}
		own := actor.SignedIn() && token.Person == actor.ID() && actor.HasScope(ScopeBook)
		switch {
		case token.ID == 0, !own && !Can(actor, ManageCity, Object{}):
			return notFound()
		case token.RevokedAt != nil:
			return nil
		}
		if _, err := tx.Exec(ctx, "UPDATE api_tokens SET revoked_at = ? WHERE id = ?", now, token.ID); err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "token.revoked", tokenObject(uid), nil).When(now))
	})
}

func tokenObject(uid uuid.UUID) string { return "token:" + uid.String() }
