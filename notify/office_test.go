package notify

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// postOffice is a real SMTP server on the loopback interface.
type postOffice struct {
	*smtp.Server
	address  string
	mu       sync.Mutex
	mails    []envelope
	down     bool         // answers 421 to everybody
	refuse   string       // recipients that begin so get 550
	dropData bool         // takes the mail, but says nothing any more
	onData   func() error // runs before a mail is taken
}

type envelope struct {
	from, to string
	data     []byte
	user     string
	secure   bool
}

type session struct {
	office *postOffice
	conn   *smtp.Conn
	mail   envelope
}

// set changes how the server behaves from now on.
func (p *postOffice) set(change func(*postOffice)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *postOffice) behaviour() (down bool, refuse string, drop bool, onData func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down, p.refuse, p.dropData, p.onData
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	if down, _, _, _ := p.behaviour(); down {
		return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "closed for tonight"}
	}
	return &session{office: p, conn: c}, nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "vuoro@town.example" || password != "p@ss:word/1" {
			return smtp.ErrAuthFailed
		}
		s.mail.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, refuse, _, _ := s.office.behaviour(); refuse != "" && strings.HasPrefix(to, refuse) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown here"}
	}
	s.mail.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, _, drop, onData := s.office.behaviour()
	if onData != nil {
		if err := onData(); err != nil {
			return err
		}
	}
	_, s.mail.secure = s.conn.TLSConnectionState()
	s.mail.data = data
	s.office.mu.Lock()
	s.office.mails = append(s.office.mails, s.mail)
	s.office.mu.Unlock()
	if drop {
		_ = s.conn.Conn().Close()
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// openOffice starts a server; certificate nil = without STARTTLS.
func openOffice(t testing.TB, certificate *tls.Certificate, implicit bool) *postOffice {
	t.Helper()
	p := &postOffice{}
	p.Server = smtp.NewServer(p)
	p.Domain, p.AllowInsecureAuth, p.ErrorLog = "localhost", true, log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = listener.Addr().String()
	if certificate != nil {
		config := &tls.Config{Certificates: []tls.Certificate{*certificate}}
		if implicit {
			listener = tls.NewListener(listener, config)
		} else {
			p.TLSConfig = config
		}
	}
	go func() { _ = p.Serve(listener) }()
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func (p *postOffice) received() []envelope {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]envelope(nil), p.mails...)
}

// messages are what was received, as a client reads it.
func (p *postOffice) messages(t testing.TB) []Message {
	t.Helper()
	var list []Message
	for _, e := range p.received() {
		header, parts := parse(t, e.data)
		date, err := header.Date()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Message{
			ID: strings.Trim(header.Get("Message-Id"), "<>"), To: e.to, Subject: decoded(t, header.Get("Subject")),
			Language: header.Get("Content-Language"), Date: date, Text: parts["text/plain"], HTML: parts["text/html"],
		})
	}
	return list
}

func decoded(t testing.TB, header string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func transport(t testing.TB, url string) *SMTP {
	t.Helper()
	s, err := ParseSMTP(url)
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = 3 * time.Second
	return s
}

// parse reads a mail as a client does; parts are decoded, by type.
func parse(t testing.TB, data []byte) (mail.Header, map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := map[string]string{}
	reader := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || !strings.EqualFold(params["charset"], "utf-8") || params["format"] != "" {
			t.Fatal(part.Header, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

// certify makes a certificate for localhost and the pool that trusts it.
func certify(t testing.TB) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}
