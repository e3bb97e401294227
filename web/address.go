package web

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// parsePrefixes reads TRUSTED_PROXIES: single addresses and prefixes.
func parsePrefixes(texts []string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		if address, err := netip.ParseAddr(text); err == nil {
			prefixes = append(prefixes, netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %q is neither an address nor a prefix such as 10.0.0.0/8", text)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

// clientAddress is the last address before the proxies that we trust: what a
// visitor writes into X-Forwarded-For stands left of that and is not believed.
func clientAddress(peer, forwarded string, trusted []netip.Prefix) string {
	address := normal(peer)
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(address, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap().String()
	}
	return address
}

func normal(text string) string {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Unmap().String()
	}
	return text
}

func isTrusted(text string, trusted []netip.Prefix) bool {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return false
	}
	for _, prefix := range trusted {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// parseAccept reads one part of an Accept-… header (RFC 9110 section 12.4.2):
// the value in small letters and its weight, 0 when it cannot be read.
func parseAccept(part string) (value string, quality float64) {
	value, params, _ := strings.Cut(part, ";")
	value, quality = strings.ToLower(strings.TrimSpace(value)), 1
	for _, param := range strings.Split(params, ";") {
		name, weight, found := strings.Cut(strings.TrimSpace(param), "=")
		if !found || name != "q" {
			continue
		}
		var err error
		if quality, err = strconv.ParseFloat(weight, 64); err != nil || quality < 0 || quality > 1 {
			quality = 0
		}
	}
	return value, quality
}
