package notify

import (
	"context"
	"encoding/json"
	"time"

	"vuoro/db"
	"vuoro/ledger"
)

// outcome is what became of a mail, as the outbox spells it.
type outcome string

const (
	outcomeNone       outcome = ""
	outcomeSent       outcome = "sent"
	outcomeSuperseded outcome = "superseded"
	outcomeExpired    outcome = "expired"
)

// keptFor is how long a mail stays in the outbox once it is done.
const keptFor = 90 * 24 * time.Hour

// outboxMail is a claimed row.
type outboxMail struct {
	ID          int64
	Topic       string
	Recipient   string
	Language    string
	Reservation int64
	Payload     db.JSON[json.RawMessage]
	DedupKey    string
	DueAt       time.Time
	ExpiresAt   time.Time
}

const claimSQL = `
UPDATE outbox SET leased_until = @until, attempts = attempts + 1
WHERE id = (
    SELECT id FROM outbox
    WHERE done_at IS NULL AND due_at <= @now AND (leased_until IS NULL OR leased_until <= @now)
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, topic, recipient, language, COALESCE(reservation, 0) AS reservation, payload, dedup_key, due_at, expires_at`

// claim takes the next mail that is due and commits; ID 0 means there is none.
func (w *Worker) claim(ctx context.Context) (outboxMail, error) {
	var m outboxMail
	now := w.Now()
	err := w.DB.Query(ctx, &m, claimSQL, map[string]any{"now": now, "until": now.Add(lease)})
	return m, err
}

func (w *Worker) finish(ctx context.Context, id int64, outcome outcome) error {
	_, err := w.DB.Exec(ctx, `UPDATE outbox SET done_at = ?, outcome = ?, leased_until = NULL, last_error = ''
		WHERE id = ? AND done_at IS NULL`, w.Now(), string(outcome), id)
	return err
}

func (w *Worker) postpone(ctx context.Context, id int64, due time.Time, failure string) error {
	_, err := w.DB.Exec(ctx, `UPDATE outbox SET due_at = ?, leased_until = NULL, last_error = ?
		WHERE id = ? AND done_at IS NULL`, due, oneLine(failure, 500), id)
	return err
}

// holds tells whether a mail still says what is so: its reservation is in the
// state, at the time and in the place that the mail names, used or not. A newer mail says the rest.
func (w *Worker) holds(ctx context.Context, m outboxMail, facts *ledger.ReservationFacts) (bool, error) {
	if m.Reservation == 0 || facts == nil {
		return true, nil
	}
	var now struct {
		State          string
		BeginAt, EndAt time.Time
		Resource       int
		NoShow         bool
	}
	err := w.DB.Query(ctx, &now, "SELECT state, begin_at, end_at, resource, no_show FROM reservations WHERE id = ?", m.Reservation)
	there := facts.ResourceID == 0 || now.Resource == facts.ResourceID
	return there && now.State == facts.State && now.NoShow == facts.NoShow && same(now.BeginAt, facts.Begin) && same(now.EndAt, facts.End), err
}

// same compares as the database does, which keeps microseconds.
func same(a, b time.Time) bool {
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}

// Tidy removes mails that were done 90 days ago and counts them.
func (w *Worker) Tidy(ctx context.Context) (int64, error) {
	return w.DB.Exec(ctx, "DELETE FROM outbox WHERE done_at < ?", w.Now().Add(-keptFor))
}

// Mailbox is the transport of the demo town: mails are kept for everybody to
// read and never leave.
type Mailbox struct{ DB *db.DB }

// Send puts the text of a message into the mailbox, once per Message-ID.
func (b Mailbox) Send(ctx context.Context, message Message) error {
	_, err := b.DB.Exec(ctx, `INSERT INTO mailbox (message_id, recipient, subject, body, sent_at)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING`,
		message.ID, message.To, message.Subject, message.Text, message.Date)
	return err
}

// Stored is a mail in the demo town's mailbox; Body is plain text.
type Stored struct {
	ID        int64
	MessageID string
	Recipient string
	Subject   string
	Body      string
	SentAt    time.Time
}

// List gives the newest mails first, at most limit.
func (b Mailbox) List(ctx context.Context, limit int) ([]Stored, error) {
	var list []Stored
	err := b.DB.Query(ctx, &list, "SELECT id, message_id, recipient, subject, body, sent_at FROM mailbox ORDER BY id DESC LIMIT ?", limit)
	return list, err
}

// Get gives one mail, or the fault not_found.
func (b Mailbox) Get(ctx context.Context, id int64) (Stored, error) {
	var stored Stored
	err := b.DB.Query(ctx, &stored, "SELECT id, message_id, recipient, subject, body, sent_at FROM mailbox WHERE id = ?", id)
	if err == nil && stored.ID == 0 {
		err = notFound()
	}
	return stored, err
}
