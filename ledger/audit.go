// Package ledger keeps what must be written in the same transaction as a
// change: the audit trail, the outbox, idempotency keys and the change log.
// It promises gapless numbers and unbroken hashes per audit stream and at most
// one effect per idempotency key. It leaves out sending mail (notify) and
// deciding who may read (accounts).
package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"vuoro/db"
)

// Entry is one row of the audit trail.
type Entry struct {
	Stream int       // unit id, or 0 for the installation
	At     time.Time // the use case's one clock reading
	Actor  string    // uid of a person, "anonymous" or "system"
	Action string    // e.g. "reservation.confirmed"
	Object string    // e.g. "reservation:V-2026-001000"
	Values any       // before and after; may hold personal data, erasable
}

// When is the entry at a time.
func (e Entry) When(at time.Time) Entry {
	e.At = at
	return e
}

const appendSQL = `
WITH head AS (
    UPDATE audit_heads SET number = number + 1,
           hash = sha256(hash || convert_to((number + 1)::text || '|' || @line, 'UTF8') || CAST(@values_hash AS bytea))
    WHERE stream = @stream RETURNING number, hash)
INSERT INTO audit (stream, number, at, actor, action, object, values, salt, values_hash, hash)
SELECT @stream, number, @at, @actor, @action, @object, @values, CAST(@salt AS bytea), CAST(@values_hash AS bytea), hash FROM head`

// Append writes an entry as the last statement of its transaction: from here
// to the commit the stream's counter row is locked.
func Append(ctx context.Context, tx *db.DB, entry Entry) error {
	values, err := json.Marshal(entry.Values)
	if err != nil {
		return fmt.Errorf("audit %s: %w", entry.Action, err)
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return fmt.Errorf("audit salt: %w", err)
	}
	params := map[string]any{
		"stream": entry.Stream, "at": entry.At, "actor": entry.Actor, "action": entry.Action,
		"object": entry.Object, "values": string(values), "salt": db.Bytes(salt),
		"values_hash": db.Bytes(valuesHash(salt, string(values))), "line": entry.line(),
	}
	for range 2 {
		written, err := tx.Exec(ctx, appendSQL, params)
		if err != nil || written == 1 {
			return err
		}
		// the first entry of a unit brings its stream into being
		if _, err := tx.Exec(ctx, "INSERT INTO audit_heads (stream) VALUES (?) ON CONFLICT DO NOTHING", entry.Stream); err != nil {
			return err
		}
	}
	return fmt.Errorf("audit stream %d cannot be opened", entry.Stream)
}

// line is what the hash covers besides number and values.
func (e Entry) line() string {
	at := e.At.UTC().Truncate(time.Microsecond).Format("2006-01-02T15:04:05.000000Z")
	return strings.Join([]string{at, e.Actor, e.Action, e.Object}, "|")
}

func valuesHash(salt []byte, values string) []byte {
	sum := sha256.Sum256(append(append([]byte{}, salt...), values...))
	return sum[:]
}

type auditRow struct {
	Number     int64
	At         time.Time
	Actor      string
	Action     string
	Object     string
	Values     *string
	Salt       []byte
	ValuesHash []byte
	Hash       []byte
}

// Verify walks a stream and returns the number of its entries, or an error
// that names the first one whose number or hash does not hold.
func Verify(ctx context.Context, d *db.DB, stream int) (int64, error) {
	var rows []auditRow
	err := d.Query(ctx, &rows, `SELECT number, at, actor, action, object, values, salt, values_hash, hash
		FROM audit WHERE stream = ? ORDER BY number`, stream)
	if err != nil {
		return 0, err
	}
	var previous []byte
	for i, row := range rows {
		if err := row.check(int64(i+1), previous); err != nil {
			return int64(i), fmt.Errorf("audit stream %d: %w", stream, err)
		}
		previous = row.Hash
	}
	return int64(len(rows)), nil
}

func (r auditRow) check(number int64, previous []byte) error {
	if r.Number != number {
		return fmt.Errorf("entry %d is missing", number)
	}
	if r.Values != nil && string(valuesHash(r.Salt, *r.Values)) != string(r.ValuesHash) {
		return fmt.Errorf("the values of entry %d were changed", number)
	}
	line := Entry{At: r.At, Actor: r.Actor, Action: r.Action, Object: r.Object}.line()
	hash := sha256.New()
	hash.Write(previous)
	fmt.Fprintf(hash, "%d|%s", number, line)
	hash.Write(r.ValuesHash)
	if string(hash.Sum(nil)) != string(r.Hash) {
		return fmt.Errorf("the hash of entry %d does not hold", number)
	}
	return nil
}
