package accounts

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// LinkAge is how long a mailed sign-in link can be used.
const LinkAge = 30 * time.Minute

// maxDraft is the length in bytes of what may wait for a sign-in: a filled-in
// checkout form is far below it.
const maxDraft = 16 << 10

// LinkRequest asks for a sign-in link.
type LinkRequest struct {
	Email    string
	Language string          // fi, sv or en; of the mail
	ReturnTo string          // a path; where the sign-in leads
	Draft    json.RawMessage // a JSON object that waits for it, nil = none
}

// link is a row of sign_in_links; its secret is not in it.
type link struct {
	ID        uuid.UUID
	Email     string
	Session   *int64
	ReturnTo  string
	Draft     db.JSON[json.RawMessage]
	Invited   db.JSON[invited]
	Language  string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time

	WithdrawnAt *time.Time
}

// invited is a right that comes with a link; the zero value is none.
type invited struct {
	Role        string `json:"role,omitempty"`
	Unit        *int   `json:"unit,omitempty"`
	Association int64  `json:"association,omitempty"` // then the role is a member's
	By          string `json:"by,omitempty"`          // who invited, as the audit trail names them
}

// RequestLink mails a sign-in link. It does the same for known and unknown
// people, and its answer does not depend on whether there is such a person. A bad
// address is refused with sign_in.bad_address, the sixth link to an address or
// the twenty-first from a network within 15 minutes with sign_in.too_many.
func (s *Service) RequestLink(ctx context.Context, actor Actor, request LinkRequest) error {
	email, err := cleanEmail(request.Email)
	if err != nil {
		return err
	}
	draft, err := cleanDraft(request.Draft)
	if err != nil {
		return err
	}
	return s.sendLink(ctx, actor, link{
		Email: email, ReturnTo: SafeReturn(request.ReturnTo), Draft: db.AsJSON(draft),
		Language: cleanLanguage(request.Language), Session: sessionOf(actor),
	})
}

// RenewLink mails a new link in the place of one that expired or was used, to
// the same address and within the same limits. What waited for an unused link
// waits for the new one. An invitation is not renewed by the one who is invited.
func (s *Service) RenewLink(ctx context.Context, actor Actor, token string) error {
	old, err := s.findLink(ctx, s.DB, token)
	if err != nil {
		return err
	}
	if old.Invited.V.Role != "" {
		return fault.New(fault.Gone, "sign_in.invitation_ended")
	}
	renewed := link{Email: old.Email, ReturnTo: old.ReturnTo, Draft: db.AsJSON(noDraft), Language: old.Language, Session: sessionOf(actor)}
	if old.UsedAt == nil {
		renewed.Draft = old.Draft
		if old.Session != nil {
			renewed.Session = old.Session
		}
	}
	return s.sendLink(ctx, actor, renewed)
}

func (s *Service) sendLink(ctx context.Context, actor Actor, l link) error {
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		if err := linksPerEmail.count(ctx, tx, l.Email, now); err != nil {
			return err
		}
		if err := linksPerNetwork.count(ctx, tx, network(actor.Address), now); err != nil {
			return err
		}
		issued, err := issueLink(ctx, tx, l, issuing{at: now, age: LinkAge, topic: "sign_in.link"})
		if err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "sign_in.link_sent", linkObject(issued), nil).When(now))
	})
}

type issuing struct {
	at          time.Time
	age         time.Duration
	topic       string
	unit        locales.Texts // of an invitation
	association string        // of an invitation
}

// issueLink writes the link and its mail. The mail holds the id only: whoever
// sends it computes the token with the installation's secret.
func issueLink(ctx context.Context, tx *db.DB, l link, how issuing) (link, error) {
	id, err := newUID()
	if err != nil {
		return link{}, err
	}
	l.ID, l.CreatedAt, l.ExpiresAt = id, how.at, how.at.Add(how.age)
	if err := insertLink(ctx, tx, l); err != nil {
		return link{}, err
	}
	return l, ledger.Post(ctx, tx, ledger.Mail{
		Topic: how.topic, Recipient: l.Email, Language: l.Language,
		Payload:  ledger.LinkFacts{Link: id, Till: l.ExpiresAt, Role: l.Invited.V.Role, Unit: how.unit, Association: how.association},
		DedupKey: how.topic + ":" + id.String(), At: how.at, Expires: l.ExpiresAt,
	})
}

func linkObject(l link) string { return "sign_in_link:" + l.ID.String() }

var noDraft = json.RawMessage("{}")

func cleanDraft(draft json.RawMessage) (json.RawMessage, error) {
	if len(draft) == 0 {
		return noDraft, nil
	}
	if len(draft) > maxDraft {
		return nil, fault.New(fault.Invalid, "sign_in.draft_too_long", fault.Params{"max": maxDraft})
	}
	var object map[string]any
	if err := json.Unmarshal(draft, &object); err != nil || object == nil {
		return nil, fault.New(fault.Malformed, "sign_in.bad_draft")
	}
	return draft, nil
}

func cleanLanguage(language string) string {
	if knownLanguage(language) {
		return language
	}
	return "fi"
}

func sessionOf(actor Actor) *int64 {
	if actor.Session == 0 {
		return nil
	}
	return &actor.Session
}
