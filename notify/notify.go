// Package notify brings the mails of the outbox to people. It promises that
// each is sent at least once until it expires, always under the same
// Message-ID, in the reader's language, and only while what it says still
// holds. It leaves out who is told what (the floors above write the outbox) and
// what happens to a mail once a server has taken it.
package notify

import (
	"context"
	"errors"
	"net/mail"
	"time"

	"vuoro/db"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// Message is one mail, ready to go. All texts are without control characters
// but for the line breaks of Text and HTML.
type Message struct {
	ID       string // of the header Message-ID, without its angle brackets
	From     mail.Address
	To       string // one address
	Subject  string
	Language string
	Date     time.Time
	Text     string // lines of at most 76 characters, addresses of pages excepted
	HTML     string
}

// Transport hands a message over. An error that wraps ErrUnreachable says that
// no message can be handed over now; any other is about this message.
type Transport interface {
	Send(ctx context.Context, message Message) error
}

// ErrUnreachable is why a whole batch waits.
var ErrUnreachable = errors.New("the mail server cannot be reached")

// Worker empties the outbox. Several may run side by side.
type Worker struct {
	DB        *db.DB
	Now       func() time.Time
	Transport Transport
	Secrets   *ledger.Secrets
	BaseURL   string       // scheme and host of the pages, without a slash at the end
	From      mail.Address // its host is also that of the Message-IDs
	Zone      *time.Location
	Site      locales.Texts // the name of the service; empty = "Vuoro"
}
