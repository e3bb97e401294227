package accounts

import (
	"strings"
	"testing"

	"vuoro/fault"
)

func TestReturnPathsThatLeadAway(t *testing.T) {
	for _, path := range []string{
		"", " ", "fi", "fi/tilat", "./fi", "../fi", "?q=1", "#top",
		"//evil.example", "///evil.example", "////evil.example", "//evil.example/fi", "//user@evil.example",
		`\evil.example`, `\\evil.example`, `/\evil.example`, `/\/evil.example`, `/fi\..\evil`, `/%5cevil.example`, `/%5C%5Cevil.example`,
		"/%2f/evil.example", "/%2fevil.example", "/%2F%2Fevil.example", "/%252f%252fevil.example", "/%252F/evil.example", "/%255cevil.example",
		"/.//evil.example", "/./evil", "/..//evil.example", "/../evil", "/fi/../../evil", "/%2e%2e/evil", "/%2e/%2fevil.example", "/fi//evil.example",
		"https://evil.example", "http:evil.example", "https:/evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "mailto:a@b.example",
		"/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/fi\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie:a=b", "/%09/evil.example", "/\x00/evil", "/fi\x7f",
		"/ /evil.example", " /fi", "/f i", "/\u2028evil", "/\uff0f\uff0fevil.example", "/tilat/sali-ä", "/%zz", "/fi/%", "/\u202egro.live//",
		"/" + strings.Repeat("a", 2000),
	} {
		if got := SafeReturn(path); got != "/" {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

func TestReturnPathsThatStay(t *testing.T) {
	for _, path := range []string{
		"/", "/fi", "/fi/", "/fi/tilat", "/sv/lokaler/musikrum-3", "/en/book?resource=0192&begin=2026-12-01T18:00:00%2B02:00",
		"/fi/tilat?q=a//b&next=https://example.org/&s=%C3%A4", "/fi/tilat#kello", "/work/requests?state=open", "/fi/s%C3%A4li", "/a:b/c", "/fi/.piilo", "/fi/..a",
	} {
		if got := SafeReturn(path); got != path {
			t.Errorf("%q became %q", path, got)
		}
	}
}

func TestCleanEmail(t *testing.T) {
	for typed, want := range map[string]string{
		"aino@example.org":                  "aino@example.org",
		"  Aino.Virtanen@Example.ORG ":      "aino.virtanen@example.org",
		"aino+vuoro@mail.example.org":       "aino+vuoro@mail.example.org",
		"info@pääkaupunki.example":          "info@xn--pkaupunki-v2aa.example",
		"o'neil@example.org":                "o'neil@example.org",
		strings.Repeat("a", 64) + "@b.test": strings.Repeat("a", 64) + "@b.test",
	} {
		if got, err := cleanEmail(typed); err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"aino", "aino@", "@example.org", "aino@example", "aino@example.", "aino@.example.org", "aino@exam..ple.org", "a@b@example.org",
		"Aino <aino@example.org>", "<aino@example.org>", "aino@example.org, eino@example.org", "aino@example.org;eino@example.org",
		"aino@example.org\r\nBcc: eino@example.org", "aino\n@example.org", "aino@example.org\x00", "ai no@example.org", `"ai no"@example.org`,
		"aino@[127.0.0.1]", "aino(x)@example.org", "aino@exa_mple.org", "aino@example.org%0a", "äiti@example.org", "aino@\u202eexample.org", "\xff@example.org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org", strings.Repeat("a", 10000),
	} {
		_, err := cleanEmail(typed)
		if fault.Code(err) != "sign_in.bad_address" || !fault.Is(err, fault.Invalid) || fault.As(err).Fields[0].Name != "email" {
			t.Errorf("%.40q: %v", typed, err)
		}
	}
	if _, err := cleanEmail("  "); fault.Code(err) != "sign_in.no_address" {
		t.Errorf("no address: %v", err)
	}
}

func FuzzCleanEmail(f *testing.F) {
	for _, seed := range []string{"aino@example.org", "Aino <a@b.c>", "a@ä.fi", "a@b.c\r\nX: y", `"x"@y.z`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		clean, err := cleanEmail(typed)
		if err != nil {
			return
		}
		if again, err := cleanEmail(clean); err != nil || again != clean {
			t.Errorf("%q became %q, and that %q, %v", typed, clean, again, err)
		}
		if strings.ContainsFunc(clean, func(r rune) bool { return r <= ' ' || r > 0x7e }) || strings.Count(clean, "@") != 1 || len(clean) > maxEmail {
			t.Errorf("%q became %q", typed, clean)
		}
	})
}

func TestNetworkIsWhatOneCustomerHas(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::1": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "unix": "unix",
	} {
		if got := network(address); got != want {
			t.Errorf("%q counts as %q, want %q", address, got, want)
		}
	}
}

func TestProfilesAreTidiedOrRefused(t *testing.T) {
	p := Profile{Name: "  Aino   Maria\u00a0Virtanen ", Phone: " +358 (0)40-123 4567 ", Language: "sv"}
	if err := p.tidy(); err != nil || p.Name != "Aino Maria Virtanen" || p.Phone != "+358 (0)40-123 4567" {
		t.Errorf("%+v, %v", p, err)
	}
	good := Profile{Name: "Aino", Language: "fi"}
	for code, change := range map[string]func(*Profile){
		"profile.name_missing":        func(p *Profile) { p.Name = " \u00a0 " },
		"profile.name_too_long":       func(p *Profile) { p.Name = strings.Repeat("ä", MaxName+1) },
		"profile.name_bad_characters": func(p *Profile) { p.Name = "Aino\r\nBcc: x" },
		"profile.phone_bad":           func(p *Profile) { p.Phone = "soita iltaisin" },
		"profile.phone_too_long":      func(p *Profile) { p.Phone = strings.Repeat("1", MaxPhone+1) },
		"profile.language_unknown":    func(p *Profile) { p.Language = "de" },
	} {
		p := good
		change(&p)
		if err := p.tidy(); fault.Code(err) != code || !fault.Is(err, fault.Invalid) || len(fault.As(err).Fields) != 1 {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, name := range []string{"a\x00b", "a\u202eb", "a\u2028b", "a\xff", "a\tb", "\ufeffa", "a\u0085b"} {
		p := good
		p.Name = name
		if err := p.tidy(); fault.Code(err) != "profile.name_bad_characters" {
			t.Errorf("%q: %v", name, err)
		}
	}
	all := Profile{Name: "", Phone: "x", Language: "x"}
	if f := fault.As(all.tidy()); len(f.Fields) != 3 || f.Fields[1].Name != "phone" || f.Code != "profile.name_missing" {
		t.Errorf("all at once: %+v", f)
	}
	long := good
	long.Name = strings.Repeat("ä", MaxName)
	if err := long.tidy(); err != nil {
		t.Errorf("a name of %d letters: %v", MaxName, err)
	}
}

func TestTokensAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for range 10_000 {
		plain, hash := newToken("")
		if len(plain) != 43 || len(hash) != 32 || !wellFormed(plain) {
			t.Fatalf("token %q", plain)
		}
		seen[plain] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("%d distinct tokens of 10000", len(seen))
	}
	for _, forged := range []string{"", "1", strings.Repeat("a", 42), strings.Repeat("a", 44), strings.Repeat("ä", 43), strings.Repeat("B", 43), "' OR 1=1 --"} {
		if wellFormed(forged) {
			t.Errorf("%q looks like a token", forged)
		}
	}
}
