package accounts

import (
	"context"
	"time"

	"vuoro/db"
	"vuoro/fault"
)

// limit says how often something may be tried by one subject.
type limit struct {
	kind  string
	times int
	per   time.Duration
	code  string // of the refusal
}

// The limits of asking for a link: by the address it goes to, so that nobody's
// mailbox is flooded, and by the network it is asked from.
var (
	linksPerEmail   = limit{"sign_in.email", 5, 15 * time.Minute, "sign_in.too_many"}
	linksPerNetwork = limit{"sign_in.network", 20, 15 * time.Minute, "sign_in.too_many"}
)

// The limits of what residents can send to strangers and ask of staff.
var (
	invitationsPerPerson  = limit{"invitation.person", 30, time.Hour, "invitation.too_many"}
	invitationsPerEmail   = limit{"invitation.email", 5, 24 * time.Hour, "invitation.too_many_to_one"}
	associationsPerPerson = limit{"association.person", 5, 24 * time.Hour, "association.too_many"}
)

// classAttempt is the class of advisory locks on a counted subject, beside the
// classes of package db.
const classAttempt = 4

// count notes one try in the caller's transaction, or refuses it with
// its code when there were enough. Tries that are refused are rolled
// back and so not counted: somebody who hammers gets as many links as one who
// waits. The lock makes parallel tries see each other.
func (l limit) count(ctx context.Context, tx *db.DB, subject string, now time.Time) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(?::int, hashtext(?))", classAttempt, l.kind+"\x1f"+subject)
	if err != nil {
		return err
	}
	var full time.Time // when the oldest of the last so many tries was
	err = tx.Query(ctx, &full, "SELECT at FROM attempts WHERE kind = ? AND subject = ? AND at > ? ORDER BY at DESC OFFSET ? LIMIT 1",
		l.kind, subject, now.Add(-l.per), l.times-1)
	if err != nil {
		return err
	}
	if !full.IsZero() {
		return l.refusal(full.Add(l.per).Sub(now))
	}
	_, err = tx.Exec(ctx, "INSERT INTO attempts (kind, subject, at) VALUES (?, ?, ?)", l.kind, subject, now)
	return err
}

func (l limit) refusal(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return &fault.Error{
		Kind: fault.TooMany, Code: l.code,
		Params: fault.Params{"minutes": minutes, "times": l.times}, RetryAfter: wait,
	}
}
