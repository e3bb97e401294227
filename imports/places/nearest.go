package places

import (
	"cmp"
	"slices"
	"strings"

	"vuoro/resources"
)

// wordsOf lists the keys of a vocabulary, each followed by what people say for
// it, so that "Kokoushuone" finds meeting_room.
func wordsOf(vocabulary []resources.Word) func() []string {
	return func() []string {
		list := make([]string, len(vocabulary))
		for i, w := range vocabulary {
			list[i] = strings.Join([]string{w.Key, w.Name.Fi, w.Name.Sv, w.Name.En, w.Also}, " ")
		}
		return list
	}
}

func among(keys ...string) func() []string { return func() []string { return keys } }

// anything is no vocabulary: every word is known.
func anything() []string { return nil }

// keysAlone are the first words of what people say.
func keysAlone(vocabulary []string) []string {
	keys := make([]string, len(vocabulary))
	for i, said := range vocabulary {
		keys[i], _, _ = strings.Cut(said, " ")
	}
	return keys
}

// nearest lists the three keys that are most like a word, "–" where there are
// none.
func nearest(vocabulary []string, word string) string {
	type candidate struct {
		key   string
		alike float64
	}
	candidates := make([]candidate, len(vocabulary))
	for i, said := range vocabulary {
		words := strings.Fields(said)
		if len(words) == 0 {
			continue
		}
		candidates[i].key = words[0]
		for _, other := range words {
			candidates[i].alike = max(candidates[i].alike, alike(word, other))
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(b.alike, a.alike) })
	var keys []string
	for _, c := range candidates[:min(3, len(candidates))] {
		keys = append(keys, c.key)
	}
	if len(keys) == 0 {
		return "–"
	}
	return strings.Join(keys, ", ")
}

// alike is the share of pairs of letters that two words have in common.
func alike(a, b string) float64 {
	pairs := func(word string) map[string]bool {
		runes, set := []rune(" "+strings.ToLower(shortened(word))+" "), map[string]bool{}
		for i := range len(runes) - 1 {
			set[string(runes[i:i+2])] = true
		}
		return set
	}
	x, y := pairs(a), pairs(b)
	both := 0
	for pair := range x {
		if y[pair] {
			both++
		}
	}
	return 2 * float64(both) / float64(len(x)+len(y))
}
