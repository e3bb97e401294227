package booking

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
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

// FeedRequest asks for a feed; UID names the association, resource or unit.
type FeedRequest struct {
	Scope    Scope
	UID      uuid.UUID
	Language string
	Name     string
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
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", feed, fault.Wrap(err, fault.Internal, "internal")
	}
	token = base64.RawURLEncoding.EncodeToString(secret)
	err = s.do(ctx, actor, func(w *work) error {
		feed = Feed{
			UID: newUID(), TokenHash: hashToken(token), Scope: req.Scope, MadeBy: actor.ID(),
			Language: locales.Known(req.Language), Name: req.Name, CreatedAt: w.now, ChangedAt: w.now,
		}
		if err := w.bindFeed(ctx, &feed, req); err != nil {
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

// Rendered is a calendar file with what a web server says about it.
type Rendered struct {
	Body         []byte
	ETag         string // strong
	LastModified time.Time
}

// CalendarOf renders the feed with this token. An unknown, revoked or orphaned
// token is not found, all in the same words.
func (s *Service) CalendarOf(ctx context.Context, token string) (Rendered, error) {
	var feed Feed
	err := s.DB.Query(ctx, &feed, `SELECT f.* FROM feeds f JOIN people p ON p.id = f.made_by
		WHERE f.token_hash = ? AND f.revoked_at IS NULL AND p.erased_at IS NULL`, db.Bytes(hashToken(token)))
	if err != nil {
		return Rendered{}, err
	}
	if feed.ID == 0 {
		return Rendered{}, fault.New(fault.NotFound, "feed.not_found")
	}
	now := s.Now()
	cards, err := s.feedCards(ctx, feed, now)
	if err != nil {
		return Rendered{}, err
	}
	open, err := s.feedIsOpen(ctx, feed)
	if err != nil {
		return Rendered{}, err
	}
	modified, err := s.feedModified(ctx, feed, now)
	if err != nil {
		return Rendered{}, err
	}
	body := s.render(feed, cards, open)
	return Rendered{Body: body, ETag: calendar.ETag(body), LastModified: modified}, nil
}

func (s *Service) render(feed Feed, cards []Card, open bool) []byte {
	say := locales.New(feed.Language, s.Zone)
	file := calendar.Feed{Name: feed.Name, Refresh: 15 * time.Minute, Zone: s.Zone}
	if file.Name == "" {
		file.Name = say.T("feed.name." + string(feed.Scope))
	}
	for _, card := range cards {
		event := s.event(card, say)
		if !open {
			event = s.anonymous(event, s.Secrets.Sign(ledger.ForPublicUID, feed.UID.String()+card.UID.String()), say)
		}
		file.Events = append(file.Events, event)
	}
	return calendar.WriteFeed(file)
}

// event is a reservation as its own people's calendars show it.
func (s *Service) event(card Card, say locales.Printer) calendar.Event {
	room, _ := card.ResourceName.In(say.Lang)
	unit, _ := card.UnitName.In(say.Lang)
	summary := room
	if card.Title != "" {
		summary = card.Title + " – " + room
	}
	location := unit
	if card.UnitAddress != "" {
		location += ", " + card.UnitAddress
	}
	status := calendar.StatusConfirmed
	if card.State == Requested {
		status = calendar.StatusTentative
	}
	return calendar.Event{
		UID: card.UID.String() + "@vuoro", Stamp: card.ChangedAt, Sequence: card.Sequence,
		Begin: card.BeginAt, End: card.EndAt, Zone: s.Zone, Summary: summary,
		Description: say.T("state."+string(card.State)) + "\n" + card.Number,
		Location:    location, URL: s.BaseURL + "/r/" + card.Number, Status: status,
	}
}

// anonymous takes everything personal off an event.
func (s *Service) anonymous(e calendar.Event, uid string, say locales.Printer) calendar.Event {
	return calendar.Event{
		UID: uid + "@vuoro", Stamp: e.Stamp, Sequence: e.Sequence, Begin: e.Begin, End: e.End, Zone: e.Zone,
		Summary: say.T("feed.reserved"), Status: e.Status,
	}
}

// EventFile renders one reservation that the actor may see as an .ics file.
func (s *Service) EventFile(ctx context.Context, actor accounts.Actor, ref, lang string) (Card, []byte, error) {
	card, err := s.Get(ctx, actor, ref)
	if err != nil {
		return card, nil, err
	}
	return card, calendar.WriteEvent(s.event(card, locales.New(lang, s.Zone))), nil
}

// SignedEventFile renders one reservation for whoever holds its signed link,
// without sign-in. A wrong signature is malformed, an unknown one not found.
func (s *Service) SignedEventFile(ctx context.Context, ref, signature, lang string) (Card, []byte, error) {
	if !s.Secrets.Verify(ledger.ForSignedLink, "event:"+ref, signature) {
		return Card{}, nil, fault.New(fault.Malformed, "feed.bad_signature")
	}
	cards, err := s.cards(ctx, "r.uid::text = @ref AND r.state IN ('requested', 'awaiting_payment', 'confirmed')", map[string]any{"ref": ref})
	if err != nil {
		return Card{}, nil, err
	}
	if len(cards) == 0 {
		return Card{}, nil, notFound()
	}
	return cards[0], calendar.WriteEvent(s.event(cards[0], locales.New(lang, s.Zone))), nil
}

// EventSignature signs the link to a reservation's .ics file.
func (s *Service) EventSignature(card Card) string {
	return s.Secrets.Sign(ledger.ForSignedLink, "event:"+card.UID.String())
}
