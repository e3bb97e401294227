package static_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vuoro/web/static"
)

// TestContrast measures the colour pairs of text (WCAG 2.2, 1.4.3) and of
// control borders (1.4.11) in both schemes.
func TestContrast(t *testing.T) {
	light, dark := schemes(t)
	text := [][2]string{
		{"ink", "page"},
		{"ink", "card"},
		{"muted", "page"},
		{"muted", "card"},
		{"muted", "tint"},
		{"accent", "card"},
		{"accent", "page"},
		{"accent", "accent-tint"},
		{"on-accent", "accent"},
		{"on-accent", "accent-hover"},
		{"on-brand", "brand"},
		{"clay", "card"},
		{"clay", "clay-tint"},
		{"ok-ink", "ok"},
		{"ask-ink", "ask"},
		{"ask-ink", "ask-line"},
		{"own-ink", "own"},
		{"own-ink", "own-line"},
		{"off-ink", "off"},
		{"off-ink", "off-line"},
		{"bad-ink", "bad"},
		{"bad-ink", "card"},
		{"ink", "brand-soft"},
		{"muted", "brand-soft"},
		{"q-dark", "q1"},
		{"q-dark", "q3"},
		{"q-dark", "q5"},
		{"q-light", "q7"},
		{"q-light", "q9"},
	}
	for name, scheme := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, pair := range text {
			atLeast(t, name, scheme, pair, 4.5)
		}
		for _, pair := range [][2]string{{"control", "card"}, {"control", "page"}, {"bad-edge", "card"}, {"accent", "card"}, {"ink", "card"}} {
			atLeast(t, name, scheme, pair, 3)
		}
	}
}

func atLeast(t *testing.T, name string, scheme map[string]string, pair [2]string, want float64) {
	t.Helper()
	a, b := luminance(scheme[pair[0]]), luminance(scheme[pair[1]])
	if got := (math.Max(a, b) + .05) / (math.Min(a, b) + .05); got < want {
		t.Errorf("%s: --%s on --%s is %.2f, at least %.1f", name, pair[0], pair[1], got, want)
	}
}

// schemes reads the tokens; the dark ones stand twice (chosen, and as the device
// says) and must be the same.
func schemes(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	css, _ := static.Named("app.css")
	source := string(css.Body)
	block := func(start string) string {
		_, rest, ok := strings.Cut(source, start)
		if !ok {
			t.Fatalf("no block %q", start)
		}
		body, _, _ := strings.Cut(rest, "}")
		return body
	}
	chosen, device := block(`:root[data-color-scheme="dark"] {`), block(`:root:not([data-color-scheme="light"]) {`)
	if strings.Join(strings.Fields(chosen), " ") != strings.Join(strings.Fields(device), " ") {
		t.Error("the two dark blocks differ")
	}
	light = map[string]string{}
	dark = map[string]string{}
	for _, m := range token.FindAllStringSubmatch(block("@layer tokens {\n  :root {"), -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	for _, m := range token.FindAllStringSubmatch(chosen, -1) {
		dark[m[1]] = m[2]
	}
	return light, dark
}

var token = regexp.MustCompile(`--([a-z0-9-]+): #([0-9a-f]{3,6});`)

func luminance(hex string) float64 {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, _ := strconv.ParseUint(hex, 16, 32)
	part := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= .03928 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*part(n>>16) + .7152*part(n>>8) + .0722*part(n)
}
