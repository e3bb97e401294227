package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// Service has the use cases about people. All fields are needed.
type Service struct {
	DB      *db.DB
	Now     func() time.Time
	Secrets *ledger.Secrets
}

// tokenBytes is 256 bits: sessions and API tokens are never guessed.
const tokenBytes = 32

var tokenEncoding = base64.RawURLEncoding.Strict()

// newToken makes a secret of 43 URL-safe characters and the hash that is
// stored in its place. SHA-256 without salt is enough for 256 random bits.
func newToken(prefix string) (plain string, hash []byte) {
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	plain = prefix + tokenEncoding.EncodeToString(raw)
	return plain, hashToken(plain)
}

func hashToken(plain string) []byte {
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}

// wellFormed spares the database the obviously forged.
func wellFormed(secret string) bool {
	raw, err := tokenEncoding.DecodeString(secret)
	return err == nil && len(raw) == tokenBytes
}

func newUID() (uuid.UUID, error) { return uuid.NewV7() }

// entry is a line for the audit trail of the installation.
func entry(actor, action, object string, values any) ledger.Entry {
	return ledger.Entry{Actor: actor, Action: action, Object: object, Values: values}
}

func personObject(p Person) string { return "person:" + p.UID.String() }

func notFound() error { return fault.New(fault.NotFound, "not_found") }

func forbidden() error { return fault.New(fault.Forbidden, "forbidden") }

func unauthenticated() error { return fault.New(fault.Unauthenticated, "auth.sign_in") }

// isDemo reads what the database is; tx may be a transaction or the pool.
func isDemo(ctx context.Context, tx *db.DB) (bool, error) {
	var kind string
	err := tx.Query(ctx, &kind, "SELECT kind FROM installation WHERE id = 1")
	return kind == "demo", err
}
