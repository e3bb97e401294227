package notify

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// lease is how long a worker may take for one mail before another may try.
	lease = 2 * time.Minute
	// retryAfter is how long a mail that could not be sent waits.
	retryAfter = 10 * time.Minute
	// settleIn bounds the writing of an outcome, also while the program stops:
	// what was sent has to be marked, or it is sent again.
	settleIn = 5 * time.Second
)

// Deliver sends what is due, at most batch mails, and counts those that a
// server took. Each is claimed, checked and marked on its own, so nothing is
// locked while a server thinks. What cannot be sent is tried again ten minutes
// later until it expires; the first such failure is returned, without any
// address, after the rest of the batch. An unreachable server ends the batch.
func (w *Worker) Deliver(ctx context.Context, batch int) (sent int, err error) {
	var first error
	for range batch {
		if ctx.Err() != nil {
			break
		}
		m, err := w.claim(ctx)
		if err != nil || m.ID == 0 {
			return sent, errors.Join(first, err)
		}
		outcome, failure := w.deliver(ctx, m)
		if err := w.settle(ctx, m, outcome, failure); err != nil {
			return sent, errors.Join(first, err)
		}
		if outcome == outcomeSent {
			sent++
		}
		if failure != nil && first == nil {
			first = fmt.Errorf("mail %d (%s): %w", m.ID, m.Topic, withoutAddresses(failure))
		}
		if errors.Is(failure, ErrUnreachable) {
			break
		}
	}
	return sent, first
}

// deliver brings one claimed mail to its outcome, or fails.
func (w *Worker) deliver(ctx context.Context, m outboxMail) (outcome, error) {
	now := w.Now()
	if !m.ExpiresAt.After(now) {
		return outcomeExpired, nil
	}
	l, facts, err := w.letter(m)
	if err != nil {
		return outcomeNone, err
	}
	holds, err := w.holds(ctx, m, facts)
	if err != nil {
		return outcomeNone, err
	}
	if !holds {
		return outcomeSuperseded, nil
	}
	message, err := w.message(m, l, now)
	if err != nil {
		return outcomeNone, err
	}
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	if err := w.Transport.Send(ctx, message); err != nil {
		return outcomeNone, err
	}
	return outcomeSent, nil
}

// settle writes what became of a mail.
func (w *Worker) settle(ctx context.Context, m outboxMail, outcome outcome, failure error) error {
	stopped := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleIn)
	defer cancel()
	switch {
	case failure == nil:
		return w.finish(ctx, m.ID, outcome)
	case stopped:
		return w.postpone(ctx, m.ID, m.DueAt, "the program was stopped while sending")
	}
	return w.postpone(ctx, m.ID, w.Now().Add(retryAfter), failure.Error())
}

// messageID is the same for every try of a row, and another one in every
// installation: a copy of the database keeps it, a test town never meets it.
func (w *Worker) messageID(m outboxMail) string {
	sum := sha256.Sum256([]byte(m.DedupKey))
	_, host, _ := strings.Cut(w.From.Address, "@")
	return fmt.Sprintf("outbox.%d.%x@%s", m.ID, sum[:6], host)
}

// refused hides what a server said about a message, which names people.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

func withoutAddresses(failure error) error {
	if _, ok := errors.AsType[refused](failure); ok {
		return errors.New("the mail server did not take it; the row of the outbox says why")
	}
	return failure
}
