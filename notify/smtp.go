package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP hands messages to a mail server, one connection each. Make it with
// ParseSMTP.
type SMTP struct {
	host     string
	port     int
	user     string
	password string
	implicit bool             // TLS from the first byte (RFC 8314)
	starttls gomail.TLSPolicy // otherwise

	// Timeout bounds the wait for each answer of the server; zero = 10 s.
	Timeout time.Duration
	// TLS overrides the trust in the server's certificate; nil = the system's.
	TLS *tls.Config
}

// errSMTPURL says how the address has to look; it never repeats the address,
// which holds a password.
var errSMTPURL = errors.New("SMTP_URL: write smtp://host:port, smtp://user:password@host:port?starttls=required" +
	" or smtps://user:password@host:port; starttls is required, optional or never, and a password needs it required")

// ParseSMTP reads SMTP_URL. The default ports are 465 for smtps, 587 with a
// user and 25 without one. STARTTLS is used where the server offers it, and
// must be offered when there is a password.
func ParseSMTP(text string) (*SMTP, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return nil, errSMTPURL
	}
	s := &SMTP{host: u.Hostname(), implicit: u.Scheme == "smtps", user: u.User.Username()}
	s.password, _ = u.User.Password()
	if u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errSMTPURL
	}
	if s.port, err = s.portOf(u.Port()); err != nil {
		return nil, err
	}
	query := u.Query()
	wish := query.Get("starttls")
	query.Del("starttls")
	policy, ok := s.policy(wish)
	if !ok || len(query) > 0 {
		return nil, errSMTPURL
	}
	s.starttls = policy
	return s, nil
}

func (s *SMTP) portOf(text string) (int, error) {
	switch {
	case text != "":
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return 0, errSMTPURL
		}
		return port, nil
	case s.implicit:
		return 465, nil
	case s.user != "":
		return 587, nil
	}
	return 25, nil
}

func (s *SMTP) policy(wish string) (gomail.TLSPolicy, bool) {
	switch wish {
	case "":
		if s.user != "" {
			return gomail.TLSMandatory, true
		}
		return gomail.TLSOpportunistic, true
	case "required":
		return gomail.TLSMandatory, !s.implicit
	case "optional":
		return gomail.TLSOpportunistic, !s.implicit && s.user == ""
	case "never":
		return gomail.NoTLS, !s.implicit && s.user == ""
	}
	return gomail.NoTLS, false
}

// String names the server, without the password.
func (s *SMTP) String() string { return fmt.Sprintf("%s:%d", s.host, s.port) }

// Send hands one message over.
func (s *SMTP) Send(ctx context.Context, message Message) error {
	m, err := compose(message)
	if err != nil {
		return refused{err}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("%w (%s): %w", ErrUnreachable, s, err)
	}
	// the server has the message or refused it; how it says goodbye changes nothing
	defer func() { _ = client.Close() }()
	if err := client.Send(m); err != nil {
		return refused{err}
	}
	return nil
}

func (s *SMTP) client() (*gomail.Client, error) {
	timeout := s.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(timeout), gomail.WithTLSPolicy(s.starttls),
		// one message per connection: nothing to probe or reset between two
		gomail.WithoutNoop(),
	}
	if s.implicit {
		options = append(options, gomail.WithSSL())
	}
	if s.TLS != nil {
		options = append(options, gomail.WithTLSConfig(s.TLS))
	}
	if s.user != "" {
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail server %s: %w", s, err)
	}
	return client, nil
}

// compose writes the message as MIME (RFC 2045): text, and HTML as its
// alternative. Whatever reaches a header is one line.
func compose(message Message) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	for _, value := range []string{message.ID, message.To, message.From.Address, message.Language} {
		if oneLine(value, len(value)+1) != value || strings.ContainsAny(value, " <>") {
			return nil, fmt.Errorf("a header would hold %q", value)
		}
	}
	m.FromMailAddress(&mail.Address{Name: oneLine(message.From.Name, 100), Address: message.From.Address})
	if err := m.To(message.To); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	m.Subject(oneLine(message.Subject, 160))
	m.SetMessageIDWithValue(message.ID)
	m.SetDateWithValue(message.Date)
	m.SetGenHeader(gomail.HeaderContentLang, message.Language)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies
	m.SetBodyString(gomail.TypeTextPlain, message.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	return m, nil
}
