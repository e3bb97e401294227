package locales

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files and put the catalogues into their canonical form")

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	if len(Keys()) < 300 {
		t.Fatalf("only %d keys", len(Keys()))
	}
	for _, lang := range Languages {
		keys := slices.Sorted(maps.Keys(catalogues[lang]))
		for _, key := range Keys() {
			if !slices.Contains(keys, key) {
				t.Errorf("%s.json has no %s", lang, key)
			}
		}
		for _, key := range keys {
			if !Has(key) {
				t.Errorf("%s.json alone has %s", lang, key)
			}
		}
	}
}

func TestCataloguesHaveTheSamePlaceholders(t *testing.T) {
	for key, fi := range catalogues["fi"] {
		for _, lang := range Languages {
			other := catalogues[lang][key]
			if !maps.Equal(fi.names(), other.names()) {
				t.Errorf("%s: fi names %v, %s names %v", key, fi.names(), lang, other.names())
			}
			if (fi.one == nil) != (other.one == nil) {
				t.Errorf("%s: fi and %s differ in having one and other", key, lang)
			}
		}
	}
}

func TestNoSentenceIsEmptyOrCopied(t *testing.T) {
	for key, fi := range catalogues["fi"] {
		for _, lang := range Languages {
			if text := source(catalogues[lang][key]); strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s.json: %s is empty or has space around it: %q", lang, key, text)
			}
		}
		words := strings.Fields(source(fi))
		if len(words) > 3 && (source(fi) == source(catalogues["sv"][key]) || source(fi) == source(catalogues["en"][key])) {
			t.Errorf("%s: %q was not translated", key, source(fi))
		}
	}
}

// source is a sentence's fixed text, for comparing.
func source(s sentence) string {
	var b strings.Builder
	for _, seg := range append(append([]segment{}, s.one...), s.other...) {
		b.WriteString(seg.text)
		if seg.name != "" {
			b.WriteString("{" + seg.name + "}")
		}
	}
	return b.String()
}

// A refusal has to name a way out, so it is more than a few words; and it ends
// like a sentence.
func TestRefusalsAreWholeSentences(t *testing.T) {
	for _, lang := range Languages {
		for key, s := range catalogues[lang] {
			prefix, _, _ := strings.Cut(key, ".")
			if !slices.Contains([]string{"booking", "sign_in", "auth", "idempotency", "profile", "search"}, prefix) {
				continue
			}
			text := source(s)
			if key == "search.chosen" || key == "search.remove" || !isCode(key) {
				continue
			}
			if len(strings.Fields(text)) < 6 || !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "}") {
				t.Errorf("%s.json: %s is not a sentence that helps: %q", lang, key, text)
			}
		}
	}
}

// isCode tells whether an error of the program speaks with the key.
func isCode(key string) bool {
	for _, use := range codesInSource() {
		if use.key == key {
			return true
		}
	}
	return false
}

func TestCataloguesAreSortedOneKeyPerLine(t *testing.T) {
	for _, lang := range Languages {
		have, err := os.ReadFile(lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		want := canonical(t, have)
		if bytes.Equal(have, want) {
			continue
		}
		if *update {
			if err := os.WriteFile(lang+".json", want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s.json is not sorted with one key per line; run: go test ./web/locales -update", lang)
	}
}

func canonical(t *testing.T, raw []byte) []byte {
	t.Helper()
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		t.Fatal(err)
	}
	if doubled := strings.Count(string(raw), "\n") - 2; doubled > len(entries) && !*update {
		t.Errorf("%d lines for %d keys: a key stands twice, or a line is empty", doubled, len(entries))
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		lines = append(lines, "  "+encoded(t, key)+": "+encodedEntry(t, entries[key]))
	}
	return []byte("{\n" + strings.Join(lines, ",\n") + "\n}\n")
}

func encodedEntry(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var e entry
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	if e.One == "" {
		return encoded(t, e.Other)
	}
	return `{"one": ` + encoded(t, e.One) + `, "other": ` + encoded(t, e.Other) + `}`
}

func encoded(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

func TestBadEntriesAreRefused(t *testing.T) {
	for _, text := range []string{"{", "a {b", "{}", "{a|unknown}", "{a|word}", "{a|money:x}", "{a|b|c|d}", "{|date}", "{a|range}"} {
		if _, err := compile(text); err == nil {
			t.Errorf("compile(%q) should fail", text)
		}
	}
	var e entry
	if err := json.Unmarshal([]byte(`{"one": "x"}`), &e); err == nil {
		t.Error("a plural without other should be refused")
	}
}
