package respa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Bounds of what is fetched.
const (
	maxAnswer    = 32 << 20 // bytes of one answer
	maxPages     = 20_000
	maxRedirects = 3
	connectTime  = 10 * time.Second
	answerTime   = 60 * time.Second
	hoursAhead   = 27 // days of opening hours that are asked for
)

// client fetches from public addresses alone: a name is resolved once, every
// address it has must be public, and the one that is dialled is looked at again
// just before. With loopback it may also reach this machine.
type client struct {
	loopback bool
	lookup   func(ctx context.Context, host string) ([]netip.Addr, error)
	http     *http.Client
}

func newClient(loopback bool) *client {
	c := &client{loopback: loopback, lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}}
	c.http = &http.Client{
		Timeout: answerTime,
		Transport: &http.Transport{
			DialContext: c.dial, TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: connectTime,
			DisableCompression:  true, // what is small on the way and huge here is not asked for
			MaxIdleConnsPerHost: 1,
		},
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("it redirects more than %d times", maxRedirects)
			}
			return c.allowed(to.URL, via[0].URL)
		},
	}
	return c
}

// allowed refuses an address that is not on the host of the first one, or not
// by https.
func (c *client) allowed(to, first *url.URL) error {
	switch {
	case !strings.EqualFold(to.Host, first.Host):
		return fmt.Errorf("it leads to another host, %s", to.Host)
	case to.User != nil:
		return errors.New("an address with a name and a password is not followed")
	case to.Scheme == "https", to.Scheme == "http" && c.loopback && c.local(to.Hostname()):
		return nil
	}
	return fmt.Errorf("%s is not an https:// address", to.Redacted())
}

func (c *client) local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// dial resolves once and connects to one of the addresses that were looked at.
func (c *client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%s is no address: %w", address, err)
	}
	found, err := c.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: connectTime, Control: func(_, dialled string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(dialled)
		if err != nil {
			return fmt.Errorf("%s is no address: %w", dialled, err)
		}
		return c.check(to.Addr())
	}}
	for _, ip := range found {
		var conn net.Conn
		if conn, err = dialer.DialContext(ctx, network, net.JoinHostPort(ip.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// resolve gives the addresses of a host; one that is not public spoils all.
func (c *client) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	found := []netip.Addr{}
	if ip, err := netip.ParseAddr(host); err == nil {
		found = append(found, ip)
	} else if found, err = c.lookup(ctx, host); err != nil || len(found) == 0 {
		return nil, fmt.Errorf("%s has no address", host)
	}
	for _, ip := range found {
		if err := c.check(ip); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// reserved are the ranges beside those that netip knows which do not lead to
// the public network, or lead from IPv6 into any of IPv4 (RFC 6890, 6052, 3056,
// 4380).
var reserved = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	ranges := make([]netip.Prefix, len(list))
	for i, text := range list {
		ranges[i] = netip.MustParsePrefix(text)
	}
	return ranges
}

// check refuses an address that is not public.
func (c *client) check(ip netip.Addr) error {
	ip = ip.Unmap()
	if c.loopback && ip.IsLoopback() {
		return nil
	}
	public := ip.IsGlobalUnicast() && !ip.IsPrivate() && ip.Zone() == ""
	for _, inside := range reserved {
		public = public && !inside.Contains(ip)
	}
	if !public {
		return fmt.Errorf("%s is not a public address", ip)
	}
	return nil
}

// service is a source behind an address.
type service struct {
	*client
	base *url.URL // ends in a slash
	from time.Time
}

func newService(base *url.URL, c *client, now time.Time) (*service, error) {
	if err := c.allowed(base, base); err != nil {
		return nil, err
	}
	root := *base
	root.Path, root.RawQuery, root.Fragment = strings.TrimSuffix(root.Path, "/")+"/", "", ""
	return &service{c, &root, now}, nil
}

// first is the address of the first page: past reservations too, and enough
// opening hours to see a week again.
func (s *service) first(k kind) *url.URL {
	at := s.base.JoinPath(string(k) + "/")
	ask := url.Values{"format": {"json"}}
	switch k {
	case reservationRows:
		ask.Set("all", "true")
	case resourceRows:
		ask.Set("start", s.from.Format(time.DateOnly))
		ask.Set("end", s.from.AddDate(0, 0, hoursAhead).Format(time.DateOnly))
	}
	at.RawQuery = ask.Encode()
	return at
}

func (s *service) each(ctx context.Context, k kind, read func(answer) (string, error)) error {
	if k == wordRows {
		return nil // resources say the names themselves
	}
	seen := map[string]bool{}
	for at := s.first(k); at != nil; {
		if seen[at.String()] {
			return fmt.Errorf("%s: the pages go round in a circle", at)
		}
		if seen[at.String()] = true; len(seen) > maxPages {
			return fmt.Errorf("%s: there are more than %d pages", at, maxPages)
		}
		next, err := s.page(ctx, at, read)
		if err != nil {
			return err
		}
		if at, err = s.after(at, next); err != nil {
			return err
		}
	}
	return nil
}

// after is the address of the next page. A service behind a proxy may not know
// that it is reached by https.
func (s *service) after(at *url.URL, next string) (*url.URL, error) {
	if next == "" {
		return nil, nil
	}
	to, err := at.Parse(next)
	if err != nil {
		return nil, fmt.Errorf("%s: its next page %q is not an address", at, next)
	}
	if at.Scheme == "https" && strings.EqualFold(to.Host, at.Host) {
		to.Scheme = at.Scheme
	}
	if err := s.allowed(to, s.base); err != nil {
		return nil, fmt.Errorf("%s: its next page cannot be read: %w", at, err)
	}
	return to, nil
}

func (s *service) page(ctx context.Context, at *url.URL, read func(answer) (string, error)) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return "", fmt.Errorf("%s is not an address", at)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "vuoro")
	res, err := s.http.Do(req)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return "", fmt.Errorf("%s cannot be read: %w", at, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", at, res.Status)
	}
	return read(answer{name: at.String(), called: s.base.Hostname(), body: &capped{from: res.Body, left: maxAnswer}})
}

// capped stops an answer that is too long.
type capped struct {
	from io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("the answer is longer than %d MB", maxAnswer>>20)
	}
	n, err := c.from.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
