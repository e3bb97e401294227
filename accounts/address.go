package accounts

import (
	"net/mail"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"vuoro/fault"
)

// Mail addresses are at most so long (RFC 5321 section 4.5.3.1.3, without the
// angle brackets), the part before the @ at most 64 octets (4.5.3.1.1).
const (
	maxEmail = 254
	maxLocal = 64
)

// cleanEmail gives the one form in which an address is stored: lower case, the
// domain in its ASCII form. It wants one bare address (RFC 5322 addr-spec
// without comments or quotes) with a dot in its domain; anything else is
// refused with sign_in.bad_address.
func cleanEmail(typed string) (string, error) {
	bad := fault.InvalidField("email", "sign_in.bad_address")
	typed = strings.Trim(typed, " ")
	if typed == "" {
		return "", fault.InvalidField("email", "sign_in.no_address")
	}
	if len(typed) > maxEmail || !utf8.ValidString(typed) || strings.ContainsFunc(typed, notInEmail) {
		return "", bad
	}
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Address != typed || parsed.Name != "" {
		return "", bad
	}
	at := strings.LastIndexByte(typed, '@')
	local, domain := typed[:at], typed[at+1:]
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(strings.Trim(domain, "."), ".") || strings.HasSuffix(domain, ".") {
		return "", bad
	}
	clean := strings.ToLower(local + "@" + domain)
	if len(local) > maxLocal || len(clean) > maxEmail || strings.ContainsFunc(local, notASCII) {
		return "", bad
	}
	return clean, nil
}

// notInEmail keeps out what would be read differently by the next program.
func notInEmail(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune(`"(),:;<>[\]`, r)
}

func notASCII(r rune) bool { return r > 0x7e }

// network is what limits count a network address by: an IPv4 address, or the
// /64 of an IPv6 address, since one customer has all of that.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}
