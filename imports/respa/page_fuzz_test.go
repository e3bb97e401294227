package respa

import (
	"bytes"
	"os"
	"testing"

	"vuoro/db/dbtest"
)

// FuzzAnswers reads anything as an answer: it may be refused, with words, and
// what is taken has an id and times that the database can keep.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{"helsinki/resource.json", "helsinki/unit.json", "turku/reservation.json", "tampere/reservation.json"} {
		raw, err := os.ReadFile(dbtest.Shared(f, "data", "respa", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, text := range []string{`[]`, `{"results":[{"id":1,"resource":"a","begin":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z"}]}`, `[{"id":`, "\ufeff[]", `[null]`, `[{"id":"1","name":"x","unit":1}]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, k := range kinds[1:] {
			a := &answers{seen: map[string]int{}, strings: map[string]string{}, counts: map[kind]int{}, said: map[kind]int{}}
			if _, err := a.page(k, answer{name: "x", called: "x", body: bytes.NewReader(raw)}); err != nil && err.Error() == "" {
				t.Error("an error without words")
			}
			for _, b := range a.reservations {
				if b.ID == "" || b.Resource == "" || b.Source == "" || b.Begin.Year() < 1899 || b.End.Year() > 2201 {
					t.Errorf("taken: %+v", b)
				}
			}
			for _, r := range a.resources {
				if r.ID == "" {
					t.Errorf("taken: %+v", r)
				}
			}
		}
	})
}
