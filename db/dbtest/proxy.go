package dbtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Fault is what a Proxy does with one statement.
type Fault string

// The faults. Any other Fault is an SQLSTATE: the server never sees the
// statement, the client is told that it failed so.
const (
	Drop Fault = "drop" // the connection is cut before the server has the statement
	Lose Fault = "lose" // the connection is cut after the server has done it: the answer is lost
)

// Proxy stands between a pool and PostgreSQL, reads what they say to each other
// and spoils one statement. BEGIN and COMMIT are statements; preparing one and
// asking whether the server is there are not.
type Proxy struct {
	listener net.Listener
	server   *pgconn.Config

	mu    sync.Mutex
	at    int // which statement is spoilt, 0 = none
	fault Fault
	seen  Seen
}

// Seen is what a Proxy saw since the last Spoil.
type Seen struct {
	Statements int
	Commits    int  // that the server was asked for before the spoilt one, or in all
	Spoilt     bool // there was such a statement
	Commit     bool // and it was a COMMIT
}

// NewProxy listens in front of a database; connect to its DSN.
func NewProxy(t testing.TB, dsn string) *Proxy {
	t.Helper()
	config, err := pgconn.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{server: config}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.listener.Close() })
	go p.accept()
	return p
}

// DSN leads through the proxy.
func (p *Proxy) DSN() string {
	u := url.URL{
		Scheme: "postgres", User: url.User(p.server.User), Host: p.listener.Addr().String(), Path: "/" + p.server.Database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Spoil does a fault to the n-th statement from now on, once; n = 0 only counts.
func (p *Proxy) Spoil(n int, fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen, p.at, p.fault = Seen{}, n, fault
}

// Seen tells what there was since Spoil.
func (p *Proxy) Seen() Seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			network, address := pgconn.NetworkAddress(p.server.Host, p.server.Port)
			server, err := net.Dial(network, address)
			if err != nil {
				return
			}
			defer server.Close()
			s := &proxied{Proxy: p, client: client, server: server}
			_ = s.serve() // however it ends, both sides are closed
		}()
	}
}

// proxied is one connection. The client never speaks before the server is
// ready, so both directions are one conversation: ask, answer.
type proxied struct {
	*Proxy
	client, server net.Conn
}

// message is one of PostgreSQL's, with its type and length as on the wire; the
// first of a connection has no type.
type message []byte

func (m message) kind() byte { return m[0] }

func read(from io.Reader, typed bool) (message, error) {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint32(head[len(head)-4:]))
	m := make([]byte, len(head)+length-4)
	copy(m, head)
	_, err := io.ReadFull(from, m[len(head):])
	return m, err
}

func (s *proxied) serve() error {
	first, err := read(s.client, false)
	if err != nil {
		return err
	}
	if _, err := s.server.Write(first); err != nil {
		return err
	}
	if err := s.answer(s.client); err != nil {
		return err
	}
	for {
		asked, err := s.ask()
		if err != nil {
			return err
		}
		fault, commit := s.spoils(asked)
		if err := s.do(asked, fault, commit); err != nil {
			return err
		}
	}
}

// ask reads what a client says up to the point where it wants an answer.
func (s *proxied) ask() ([]message, error) {
	var asked []message
	for {
		m, err := read(s.client, true)
		if err != nil {
			return nil, err
		}
		asked = append(asked, m)
		switch m.kind() {
		case 'S', 'Q', 'p': // Sync, Query, a password
			return asked, nil
		case 'X': // Terminate
			return nil, io.EOF
		}
	}
}

func (s *proxied) do(asked []message, fault Fault, commit bool) error {
	cut := errors.New("cut")
	switch fault {
	case "":
		return s.pass(asked, s.client)
	case Drop:
		return cut
	case Lose:
		return errors.Join(s.pass(asked, io.Discard), cut)
	}
	state := byte('E')
	if commit { // what fails to commit is rolled back
		state = 'I'
		if err := s.pass([]message{query("ROLLBACK")}, io.Discard); err != nil {
			return err
		}
	}
	_, err := s.client.Write(append(failure(string(fault)), 'Z', 0, 0, 0, 5, state))
	return err
}

func (s *proxied) pass(asked []message, to io.Writer) error {
	if _, err := s.server.Write(bytes.Join(plain(asked), nil)); err != nil {
		return err
	}
	return s.answer(to)
}

// answer passes on what the server says until it is ready for the next.
func (s *proxied) answer(to io.Writer) error {
	for {
		m, err := read(s.server, true)
		if err != nil {
			return err
		}
		if _, err := to.Write(m); err != nil {
			return err
		}
		if m.kind() == 'Z' || m.kind() == 'R' && len(m) >= 9 && binary.BigEndian.Uint32(m[5:9]) != 0 && binary.BigEndian.Uint32(m[5:9]) != 12 {
			return nil // ready, or it wants a password
		}
	}
}

// spoils counts statements and says what becomes of this one.
func (s *proxied) spoils(asked []message) (fault Fault, commit bool) {
	statement := false
	for _, m := range asked {
		text := bytes.ToLower(m[5:])
		ping := m.kind() == 'Q' && (bytes.HasPrefix(text, []byte("-- ping")) || bytes.HasPrefix(text, []byte(";")))
		statement = statement || m.kind() == 'E' || m.kind() == 'Q' && !ping
		commit = commit || m.kind() == 'Q' && bytes.HasPrefix(text, []byte("commit"))
	}
	if !statement {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen.Statements++; s.seen.Statements != s.at {
		if commit && !s.seen.Spoilt {
			s.seen.Commits++
		}
		return "", false
	}
	s.seen.Spoilt, s.seen.Commit = true, commit
	return s.fault, commit
}

func plain(asked []message) [][]byte {
	list := make([][]byte, len(asked))
	for i, m := range asked {
		list[i] = m
	}
	return list
}

func query(sql string) message { return framed('Q', sql+"\x00") }

func failure(state string) []byte {
	return framed('E', fmt.Sprintf("SERROR\x00VERROR\x00C%s\x00Mspoilt by a test\x00\x00", state))
}

func framed(kind byte, body string) []byte {
	m := append([]byte{kind}, binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))...)
	return append(m, body...)
}
