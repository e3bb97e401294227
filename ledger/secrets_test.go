package ledger_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/db/dbtest"
	"vuoro/ledger"
)

var secretsAt = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func loaded(t *testing.T) (before, after *ledger.Secrets) {
	t.Helper()
	ctx, tx := context.Background(), dbtest.Tx(t)
	if _, err := ledger.LoadSecrets(ctx, tx); err == nil {
		t.Fatal("a database without secrets was accepted")
	}
	var err error
	for range 2 { // the second time changes nothing
		if err := ledger.MakeSecrets(ctx, tx, secretsAt); err != nil {
			t.Fatal(err)
		}
		previous := before
		if before, err = ledger.LoadSecrets(ctx, tx); err != nil {
			t.Fatal(err)
		}
		if previous != nil && previous.Sign(ledger.ForCSRF, "x") != before.Sign(ledger.ForCSRF, "x") {
			t.Fatal("a second MakeSecrets changed a key")
		}
	}
	if err := ledger.RotateSecret(ctx, tx, ledger.ForSignIn, secretsAt); err != nil {
		t.Fatal(err)
	}
	if after, err = ledger.LoadSecrets(ctx, tx); err != nil {
		t.Fatal(err)
	}
	return before, after
}

func TestSecretsSignAndRotate(t *testing.T) {
	before, after := loaded(t)
	old := before.Sign(ledger.ForSignIn, "data")
	if !before.Verify(ledger.ForSignIn, "data", old) || !after.Verify(ledger.ForSignIn, "data", old) {
		t.Error("a signature does not verify before and after a rotation")
	}
	if after.Sign(ledger.ForSignIn, "data") == old {
		t.Error("the newest key does not sign")
	}
	if before.Verify(ledger.ForSignIn, "data", after.Sign(ledger.ForSignIn, "data")) {
		t.Error("an unknown key verifies")
	}
	for name, bad := range map[string]bool{
		"other data":    before.Verify(ledger.ForSignIn, "date", old),
		"other purpose": before.Verify(ledger.ForCSRF, "data", old),
		"empty":         before.Verify(ledger.ForSignIn, "data", ""),
		"not base64":    before.Verify(ledger.ForSignIn, "data", "§§§"),
	} {
		if bad {
			t.Errorf("%s: verified", name)
		}
	}
}

func TestSignedIDs(t *testing.T) {
	secrets, _ := loaded(t)
	id := uuid.Must(uuid.NewV7())
	token := secrets.SignID(ledger.ForSignIn, id)
	if len(token) != 64 {
		t.Errorf("token of %d characters", len(token))
	}
	if got, ok := secrets.OpenID(ledger.ForSignIn, token); !ok || got != id {
		t.Fatalf("opened %v, %v; want %v", got, ok, id)
	}
	if _, ok := secrets.OpenID(ledger.ForSignedLink, token); ok {
		t.Error("a token opens for another purpose")
	}
	for i := range token { // every single character counts
		other := byte('A')
		if token[i] == 'A' {
			other = 'B'
		}
		if _, ok := secrets.OpenID(ledger.ForSignIn, token[:i]+string(other)+token[i+1:]); ok {
			t.Fatalf("a token with another character at %d opens", i)
		}
	}
	for _, bad := range []string{"", token[:63], token + "A", strings.Repeat("A", 64), id.String()} {
		if _, ok := secrets.OpenID(ledger.ForSignIn, bad); ok {
			t.Errorf("%q opens", bad)
		}
	}
}
