package calendar

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// lineBreaks are all the ways in which some program ends a line; left in a
// value, each of them could end a content line for that program.
var lineBreaks = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n",
)

// cleanText keeps what RFC 5545 §3.1 lets a text value hold: valid UTF-8, tabs,
// and line breaks in one form; other control characters go, as does space
// around the whole.
func cleanText(text string) string {
	text = lineBreaks.Replace(strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// cleanLine is cleanText on one line: breaks and tabs become a space.
func cleanLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, cleanText(text))
}

// cleanURL gives an absolute http or https address in the characters that RFC
// 3986 allows, or "" where the text is not such an address. The library writes
// addresses raw, so nothing else may pass.
func cleanURL(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	var clean strings.Builder
	for _, octet := range []byte(u.String()) {
		if strings.IndexByte(uriOctets, octet) >= 0 {
			clean.WriteByte(octet)
		} else {
			fmt.Fprintf(&clean, "%%%02X", octet)
		}
	}
	// A host cannot hold every octet that a path can, escaped or not.
	if _, err := url.Parse(clean.String()); err != nil {
		return ""
	}
	return clean.String()
}

const uriOctets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
