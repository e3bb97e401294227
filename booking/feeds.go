package booking

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// Scope is what a feed shows. It is fixed when the feed is made.
type Scope string

// The scopes of feeds.
const (
	PersonScope      Scope = "person"
	AssociationScope Scope = "association"
	ResourceScope    Scope = "resource"
	UnitScope        Scope = "unit"
)

// The window of a feed around today.
const (
	feedPast   = 30 * 24 * time.Hour
	feedFuture = 400 * 24 * time.Hour
)

// Feed is one subscription: a secret address that only its maker knows.
type Feed struct {
	ID          int64 `gorm:"primaryKey"`
	UID         uuid.UUID
	TokenHash   []byte
	Scope       Scope
	Person      *int64
	Association *int64
	Resource    *int
	Unit        *int
	MadeBy      int64
	Language    string
	Name        string
	CreatedAt   time.Time
	ChangedAt   time.Time
	RevokedAt   *time.Time
}

// maxFeeds is how many live subscriptions a person can have.
const maxFeeds = 100

// FeedRequest asks for a feed; UID names the association, resource or unit.
type FeedRequest struct {
	Scope    Scope
	UID      uuid.UUID
	Language string
	Name     string // "" = what it shows, by name
}

// MakeFeed makes a subscription and returns its token, which is shown this
// once: the database keeps only a hash.
func (s *Service) MakeFeed(ctx context.Context, actor accounts.Actor, req FeedRequest) (token string, feed Feed, err error) {
	if !actor.SignedIn() {
		return "", feed, fault.New(fault.Unauthenticated, "auth.required")
	}
	if problems := checkText("name", req.Name, maxTitle, false); len(problems) > 0 {
		return "", feed, fault.InvalidField("name", problems[0].Code, problems[0].Params)
	}
	token = newFeedToken()
	err = s.do(ctx, actor, func(w *work) error {
		feed = Feed{
			UID: newUID(), TokenHash: hashToken(token), Scope: req.Scope, MadeBy: actor.ID(),
			Language: locales.Known(req.Language), Name: req.Name, CreatedAt: w.now, ChangedAt: w.now,
		}
		if err := w.bindFeed(ctx, &feed, req); err != nil {
			return err
		}
		if err := w.roomForAFeed(ctx); err != nil {
			return err
		}
		w.audits = append(w.audits, ledger.Entry{
			At: w.now, Actor: actor.Name(), Action: "feed.made", Object: "feed:" + feed.UID.String(),
			Values: map[string]any{"scope": feed.Scope},
		})
		return w.insertFeed(ctx, &feed)
	})
	return token, feed, err
}

// RotateFeed gives a subscription of the actor a new address; the old one is
// dead at once.
func (s *Service) RotateFeed(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (token string, feed Feed, err error) {
	if !actor.SignedIn() {
		return "", feed, fault.New(fault.Unauthenticated, "auth.required")
	}
	token = newFeedToken()
	err = s.do(ctx, actor, func(w *work) error {
		feed = Feed{}
		err := w.tx.Query(ctx, &feed, "UPDATE feeds SET token_hash = ? WHERE uid = ? AND made_by = ? AND revoked_at IS NULL RETURNING *",
			db.Bytes(hashToken(token)), uid, actor.ID())
		if err == nil && feed.ID == 0 {
			err = fault.New(fault.NotFound, "feed.not_found")
		}
		w.audits = append(w.audits, ledger.Entry{
			At: w.now, Actor: actor.Name(), Action: "feed.rotated", Object: "feed:" + uid.String(),
		})
		return err
	})
	return token, feed, err
}

// newFeedToken is 256 random bits, to be read in an address.
func newFeedToken() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

// RevokeFeed ends a subscription of the actor at once.
func (s *Service) RevokeFeed(ctx context.Context, actor accounts.Actor, uid uuid.UUID) error {
	return s.do(ctx, actor, func(w *work) error {
		gone, err := w.tx.Exec(ctx, "UPDATE feeds SET revoked_at = ? WHERE uid = ? AND made_by = ? AND revoked_at IS NULL", w.now, uid, actor.ID())
		if err != nil {
			return err
		}
		if gone == 0 {
			return fault.New(fault.NotFound, "feed.not_found")
		}
		w.audits = append(w.audits, ledger.Entry{
			At: w.now, Actor: actor.Name(), Action: "feed.revoked", Object: "feed:" + uid.String(),
		})
		return nil
	})
}

// Feeds lists the actor's live subscriptions, newest first.
func (s *Service) Feeds(ctx context.Context, actor accounts.Actor) ([]Feed, error) {
	var feeds []Feed
	err := s.DB.Query(ctx, &feeds, "SELECT * FROM feeds WHERE made_by = ? AND revoked_at IS NULL ORDER BY id DESC", actor.ID())
	return feeds, err
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
