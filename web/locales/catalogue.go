package locales

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// The catalogues are flat: one key per line, sorted, "group.name" in small
// letters with underscores. A key that is also an error code begins with the
// thing that refuses (booking, sign_in, search, …). Words of closed lists are
// <list>.<value>: state.held, reason.other, field.title, rule.max_minutes. What
// stands in a sentence between braces is described at segment.
//
//go:embed fi.json sv.json en.json
var files embed.FS

// catalogues are read once; a file that cannot be read stops the program at
// its start, long before anybody is answered with a key.
var catalogues = mustLoad()

type catalogue map[string]sentence

// sentence is one entry, ready to print. one is nil unless the entry has its
// own form for n = 1.
type sentence struct {
	one   []segment
	other []segment
}

func mustLoad() map[string]catalogue {
	all := make(map[string]catalogue, len(Languages))
	for _, lang := range Languages {
		c, err := load(lang)
		if err != nil {
			panic(err)
		}
		all[lang] = c
	}
	return all
}

func load(lang string) (catalogue, error) {
	raw, err := files.ReadFile(lang + ".json")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	var entries map[string]entry
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, fmt.Errorf("locales: %s.json: %w", lang, err)
	}
	c := make(catalogue, len(entries))
	for key, e := range entries {
		s, err := e.compile()
		if err != nil {
			return nil, fmt.Errorf("locales: %s.json: %s: %w", lang, key, err)
		}
		c[key] = s
	}
	return c, nil
}

// entry is a value of the JSON file: a sentence, or {"one": …, "other": …}
// chosen by the parameter n.
type entry struct{ One, Other string }

// UnmarshalJSON accepts both forms.
func (e *entry) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &e.Other)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	if forms.One == "" || forms.Other == "" {
		return fmt.Errorf("a plural needs both one and other")
	}
	*e = entry(forms)
	return nil
}

func (e entry) compile() (sentence, error) {
	other, err := compile(e.Other)
	if err != nil || e.One == "" {
		return sentence{other: other}, err
	}
	one, err := compile(e.One)
	return sentence{one: one, other: other}, err
}

// Has tells whether there is a sentence for the key.
func Has(key string) bool {
	_, ok := catalogues[Languages[0]][key]
	return ok
}

// Keys are all keys, sorted.
func Keys() []string {
	return slices.Sorted(maps.Keys(catalogues[Languages[0]]))
}

// Known gives lang back when it is one of Languages, else the first of them.
func Known(lang string) string {
	if slices.Contains(Languages, lang) {
		return lang
	}
	return Languages[0]
}
