package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"time"

	"vuoro/db"
	"vuoro/fault"
)

// Key names one write that must happen at most once. An empty Key means the
// client asked for no such promise.
type Key struct {
	Actor   string // uid of the person, or "session:<id>"
	Route   string // e.g. "POST /reservations"
	Key     string // chosen by the client
	Request []byte // what was asked, in any stable form
}

// Outcome is what a finished write is answered with again; the body is
// rendered anew from the result's id.
type Outcome struct {
	Status int
	Result string
}

// Once runs fn unless the key was used before; then it gives the old outcome
// and replayed is true. The same key with another request is refused with
// idempotency.reused, one still in progress with idempotency.in_progress. When
// fn fails the caller's transaction rolls the key back, so a retry decides anew.
func Once(ctx context.Context, tx *db.DB, key Key, now time.Time, fn func() (Outcome, error)) (out Outcome, replayed bool, err error) {
	if key.Key == "" {
		out, err = fn()
		return out, false, err
	}
	if len(key.Key) > 200 {
		return out, false, fault.InvalidField("Idempotency-Key", "idempotency.too_long", fault.Params{"max": 200})
	}
	old, err := claim(ctx, tx, key, now)
	if err != nil {
		return out, false, err
	}
	if old != nil {
		return *old, true, nil
	}
	if out, err = fn(); err != nil {
		return out, false, err
	}
	_, err = tx.Exec(ctx, "UPDATE idempotency_keys SET status = ?, result = ? WHERE actor = ? AND route = ? AND key = ?",
		out.Status, out.Result, key.Actor, key.Route, key.Key)
	return out, false, err
}

type keyRow struct {
	RequestHash []byte
	Status      int
	Result      string
}

func claim(ctx context.Context, tx *db.DB, key Key, now time.Time) (*Outcome, error) {
	got, err := tx.TryLockKey(ctx, key.Actor+"\x1f"+key.Route+"\x1f"+key.Key)
	if err != nil {
		return nil, err
	}
	if !got {
		return nil, &fault.Error{Kind: fault.Conflict, Code: "idempotency.in_progress", RetryAfter: time.Second}
	}
	sum := sha256.Sum256(key.Request)
	fresh, err := tx.Exec(ctx, `INSERT INTO idempotency_keys (actor, route, key, request_hash, created_at)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, key.Actor, key.Route, key.Key, db.Bytes(sum[:]), now)
	if err != nil || fresh == 1 {
		return nil, err
	}
	var row keyRow
	err = tx.Query(ctx, &row, "SELECT request_hash, status, result FROM idempotency_keys WHERE actor = ? AND route = ? AND key = ?",
		key.Actor, key.Route, key.Key)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(row.RequestHash, sum[:]) {
		return nil, fault.New(fault.Refused, "idempotency.reused")
	}
	return &Outcome{Status: row.Status, Result: row.Result}, nil
}

// Forget removes the keys of writes before a time and returns how many.
func Forget(ctx context.Context, d *db.DB, before time.Time) (int, error) {
	gone, err := d.Exec(ctx, "DELETE FROM idempotency_keys WHERE created_at < ?", before)
	return int(gone), err
}
