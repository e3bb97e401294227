package ledger

import (
	"context"
	"time"

	"vuoro/db"
)

// Mail is one message to one person, to be rendered and sent after commit.
type Mail struct {
	Topic       string    // e.g. "reservation.confirmed": the template and the translation key
	Recipient   string    // mail address
	Language    string    // fi, sv or en
	Reservation int64     // 0 when it is not about a reservation
	Payload     any       // the facts that the sentence names, as JSON
	DedupKey    string    // one mail per key, ever
	At          time.Time // the use case's clock
	Due         time.Time // not sent before; zero = At
	Expires     time.Time // not sent after; zero = two days after At
}

// Post puts a mail into the outbox in the caller's transaction. A second mail
// with the same DedupKey is silently the same mail.
func Post(ctx context.Context, tx *db.DB, mail Mail) error {
	if mail.Due.IsZero() {
		mail.Due = mail.At
	}
	if mail.Expires.IsZero() {
		mail.Expires = mail.At.Add(48 * time.Hour)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO outbox (topic, recipient, language, reservation, payload, dedup_key, created_at, due_at, expires_at)
		VALUES (@topic, @recipient, @language, NULLIF(CAST(@reservation AS bigint), 0), @payload, @dedup, @at, @due, @expires)
		ON CONFLICT (dedup_key) DO NOTHING`,
		map[string]any{
			"topic": mail.Topic, "recipient": mail.Recipient, "language": mail.Language,
			"reservation": mail.Reservation, "payload": db.AsJSON(mail.Payload), "dedup": mail.DedupKey,
			"at": mail.At, "due": mail.Due, "expires": mail.Expires,
		})
	return err
}
