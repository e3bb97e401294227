package accounts

import (
	"net/url"
	"strings"
)

// SafeReturn gives a path back when it surely leads to a page of ours, and "/"
// otherwise. Safe is: one leading slash, printable ASCII without blanks, no
// backslash, no empty or dot segment, also not percent-encoded, nothing that
// parses to a scheme or a host. The query may hold anything printable.
func SafeReturn(path string) string {
	const home = "/"
	if !strings.HasPrefix(path, "/") || len(path) > 2000 || strings.ContainsFunc(path, notPlain) {
		return home
	}
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return home
	}
	if !plainSegments(u.EscapedPath()) || !plainSegments(u.Path) {
		return home
	}
	// a second decoding further on must not make another address of it
	if twice, err := url.PathUnescape(u.Path); err == nil && !plainSegments(twice) {
		return home
	}
	return path
}

func notPlain(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }

func plainSegments(path string) bool {
	if strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return false
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		last := i == len(segments)-1
		if segment == "." || segment == ".." || segment == "" && !last {
			return false
		}
	}
	return true
}
