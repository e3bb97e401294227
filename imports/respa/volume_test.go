package respa_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"vuoro/imports/respa"
)

// town writes a service of so many resources with so many reservations each as
// page files of a thousand rows, ten resources to a unit: seven turns a day, some
// of every type and state, without conflicts.
func town(t testing.TB, resources, each int) string {
	t.Helper()
	dir := t.TempDir()
	var units, rooms, turns []object
	pages := 0
	flush := func() {
		pages++
		writePage(t, filepath.Join(dir, fmt.Sprintf("reservation%d.json", pages)), turns)
		turns = turns[:0]
	}
	states := []string{"confirmed", "confirmed", "confirmed", "confirmed", "requested", "cancelled", "denied"}
	types := []string{"normal", "normal", "normal", "internal_use", "for_customer", "blocked"}
	first := time.Date(2026, 2, 1, 6, 0, 0, 0, time.UTC)
	number := 0
	for r := range resources {
		if r%10 == 0 {
			units = append(units, object{"id": fmt.Sprintf("unit%d", r/10), "name": object{"fi": fmt.Sprintf("Talo %d", r/10)}})
		}
		id := fmt.Sprintf("res%d", r)
		rooms = append(rooms, room(id, object{"unit": fmt.Sprintf("unit%d", r/10), "name": object{"fi": "Sali " + id, "sv": "Sal " + id, "en": "Hall " + id}}))
		for n := range each {
			number++
			begin := first.AddDate(0, 0, n/7).Add(time.Duration(n%7) * 2 * time.Hour)
			turns = append(turns, object{
				"url": "https://respa.example.fi/v1/reservation/" + strconv.Itoa(number) + "/", "id": number, "resource": id,
				"begin": begin.Format(time.RFC3339), "end": begin.Add(2 * time.Hour).Format(time.RFC3339),
				"state": states[number%len(states)], "type": types[number%len(types)], "is_own": false, "staff_event": false,
				"user_permissions": object{"can_modify": false, "can_delete": false}, "preferred_language": "fi", "universal_data": nil,
			})
			if len(turns) == 1000 {
				flush()
			}
		}
	}
	flush()
	writePage(t, filepath.Join(dir, "unit.json"), units)
	writePage(t, filepath.Join(dir, "resource.json"), rooms)
	return dir
}

func writePage(t testing.TB, path string, rows []object) {
	t.Helper()
	raw, err := json.MarshalIndent(page(rows...), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestALargeServiceComesInWithLittleMemory bounds what lives on the heap while
// 50 resources with 5 000 reservations come in.
func TestALargeServiceComesInWithLittleMemory(t *testing.T) {
	w := newWorld(t)
	dir := town(t, 50, 100)
	before, most := heap(), uint64(0)
	stages := map[string]int{}
	watch := func(o *respa.Order) {
		o.Progress = func(what string, done, of int) {
			if of > 0 && done > of {
				t.Errorf("%s: %d of %d", what, done, of)
			}
			if stages[what]++; what != "units" && what != "resources" {
				most = max(most, heap())
			}
		}
	}
	report := w.take(dir, watch)
	if n := report.Reservations; n.Added != 5000 || !report.Whole() {
		t.Errorf("reservations: %+v, conflicts %d", n, len(report.Conflicts))
	}
	if grown := int64(most) - int64(before); grown > 16<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
	if stages["reservations read"] < 5 || stages["reservations"] < 10 {
		t.Errorf("progress was told %v", stages)
	}
	print := w.fingerprint()
	if again := w.take(dir, watch); again.Reservations.Same != 5000 || w.fingerprint() != print {
		t.Errorf("the second run: %+v", again.Reservations)
	}
}

// heap is what is reachable now, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkWriteTown writes a town to measure the whole program with:
// RESPA_TOWN=DIR go test ./imports/respa -run none -bench WriteTown -benchtime 1x
func BenchmarkWriteTown(b *testing.B) {
	for range b.N {
		if err := os.CopyFS(os.Getenv("RESPA_TOWN"), os.DirFS(town(b, 1000, 100))); err != nil {
			b.Fatal(err)
		}
	}
}
