package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/web/locales"
)

// Purpose says what a secret of the installation signs; keys are never shared
// between purposes.
type Purpose string

// The purposes.
const (
	ForSignIn     Purpose = "sign-in"     // links in sign-in mails
	ForCSRF       Purpose = "csrf"        // tokens in forms
	ForPublicUID  Purpose = "public-uid"  // calendar identities that tell nothing
	ForSignedLink Purpose = "signed-link" // other links in mails and files
)

var purposes = []Purpose{ForSignIn, ForCSRF, ForPublicUID, ForSignedLink}

// Secrets are the installation's HMAC keys as they were at LoadSecrets: the
// newest of a purpose signs, all verify. Safe for concurrent use. A program
// that runs through a rotation has to be restarted to sign with the new key.
type Secrets struct {
	keys map[Purpose][][]byte // newest first
}

// MakeSecrets gives every purpose that has no key yet its first one, in the
// caller's transaction. A second call changes nothing.
func MakeSecrets(ctx context.Context, tx *db.DB, at time.Time) error {
	for _, purpose := range purposes {
		var has bool
		if err := tx.Query(ctx, &has, "SELECT EXISTS (SELECT 1 FROM installation_secrets WHERE purpose = ?)", string(purpose)); err != nil {
			return err
		}
		if has {
			continue
		}
		if err := RotateSecret(ctx, tx, purpose, at); err != nil {
			return err
		}
	}
	return nil
}

// RotateSecret adds a key that signs from the next LoadSecrets on; what the
// older ones signed stays good.
func RotateSecret(ctx context.Context, tx *db.DB, purpose Purpose, at time.Time) error {
	value := make([]byte, 32)
	if _, err := rand.Read(value); err != nil {
		return fmt.Errorf("secret %s: %w", purpose, err)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO installation_secrets (purpose, number, value, created_at)
		SELECT ?::text, COALESCE(max(number), 0) + 1, ?::bytea, ?::timestamptz FROM installation_secrets WHERE purpose = ?`,
		string(purpose), value, at, string(purpose))
	return err
}

// LoadSecrets reads all keys. A purpose without a key is an error.
func LoadSecrets(ctx context.Context, d *db.DB) (*Secrets, error) {
	var rows []struct {
		Purpose Purpose
		Value   []byte
	}
	if err := d.Query(ctx, &rows, "SELECT purpose, value FROM installation_secrets ORDER BY purpose, number DESC"); err != nil {
		return nil, err
	}
	s := &Secrets{keys: map[Purpose][][]byte{}}
	for _, row := range rows {
		s.keys[row.Purpose] = append(s.keys[row.Purpose], row.Value)
	}
	for _, purpose := range purposes {
		if len(s.keys[purpose]) == 0 {
			return nil, fmt.Errorf("the database has no secret for %q: it was not set up", purpose)
		}
	}
	return s, nil
}

// Sign is base64url(HMAC-SHA256(newest key, data)): 43 characters.
func (s *Secrets) Sign(purpose Purpose, data string) string {
	return encoding.EncodeToString(mac(s.keys[purpose][0], []byte(data)))
}

// Verify tells, in constant time per key, whether any key of the purpose
// signed data so.
func (s *Secrets) Verify(purpose Purpose, data, signature string) bool {
	raw, err := encoding.DecodeString(signature)
	return err == nil && s.verify(purpose, []byte(data), raw)
}

// LinkFacts is the payload of the mails "sign_in.link",
// "sign_in.invitation" and "sign_in.membership". The secret is not in it:
// whoever writes the address signs Link for ForSignIn.
type LinkFacts struct {
	Link uuid.UUID     `json:"link"`
	Till time.Time     `json:"till"`           // when the link ends
	Role string        `json:"role,omitempty"` // of an invitation, as roles are stored
	Unit locales.Texts `json:"unit,omitzero"`  // of an invitation to a unit: its name

	Association string `json:"association,omitempty"` // of an invitation to it: its name
}

// SignID is a token of 64 URL-safe characters that holds an id and proves that
// this installation issued it; the id alone gives nothing away.
func (s *Secrets) SignID(purpose Purpose, id uuid.UUID) string {
	return encoding.EncodeToString(append(id[:], mac(s.keys[purpose][0], id[:])...))
}

// OpenID gives the id of a token of SignID, or false when it is not genuine.
func (s *Secrets) OpenID(purpose Purpose, token string) (uuid.UUID, bool) {
	if len(token) != encoding.EncodedLen(16+sha256.Size) {
		return uuid.Nil, false
	}
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) != 16+sha256.Size || !s.verify(purpose, raw[:16], raw[16:]) {
		return uuid.Nil, false
	}
	return uuid.UUID(raw[:16]), true
}

func (s *Secrets) verify(purpose Purpose, data, signature []byte) bool {
	for _, key := range s.keys[purpose] {
		if hmac.Equal(mac(key, data), signature) {
			return true
		}
	}
	return false
}

// strict: two spellings of one token would be two tokens
var encoding = base64.RawURLEncoding.Strict()

func mac(key, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(data)
	return h.Sum(nil)
}
