package respa_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vuoro/db/dbtest"
)

// refused imports what must be refused and wants the error to name a file and
// more; nothing may have come in.
func (w *world) refused(files map[string]any, says ...string) {
	w.t.Helper()
	_, err := w.tryTake(folder(w.t, files))
	if err == nil {
		w.t.Fatalf("it was taken; wanted %q", says)
	}
	for _, want := range says {
		if !strings.Contains(err.Error(), want) {
			w.t.Errorf("%q does not say %q", err, want)
		}
	}
	if len(err.Error()) > 600 {
		w.t.Errorf("the error is %d characters long", len(err.Error()))
	}
}

func TestAnAnswerCutInTheMiddleIsNamedAndNothingComesIn(t *testing.T) {
	w := newWorld(t)
	whole := map[string][]byte{}
	for file, path := range map[string]string{
		"unit.json": dbtest.Shared(t, "data", "respa", "helsinki", "unit.json"), "resource.json": dbtest.Shared(t, "data", "respa", "helsinki", "resource.json"),
		"reservation.json": dbtest.Shared(t, "data", "respa", "turku", "reservation.json"),
	} {
		raw, err := os.ReadFile(path)
		w.must(err)
		whole[file] = bytes.TrimSpace(raw)
	}
	dir := folder(t, map[string]any{"unit.json": whole["unit.json"], "resource.json": whole["resource.json"], "reservation.json": whole["reservation.json"]})
	for file, raw := range whole {
		path := filepath.Join(dir, file)
		for _, cut := range append(everyThousandth(len(raw)), 0, 1, len(raw)-1) {
			w.must(os.WriteFile(path, raw[:cut], 0o600))
			_, err := w.tryTake(dir, createMissing)
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), fmt.Sprintf("byte %d: it ends in the middle", cut)) {
				t.Fatalf("%s cut at %d: %v", file, cut, err)
			}
		}
		w.must(os.WriteFile(path, raw, 0o600))
	}
	if !w.empty() {
		t.Error("something came in")
	}
	w.take(dir, createMissing)
}

func everyThousandth(n int) (cuts []int) {
	for cut := 1000; cut < n; cut += 1000 {
		cuts = append(cuts, cut)
	}
	return cuts
}

func TestWrongShapesAreNamed(t *testing.T) {
	w := newWorld(t)
	good := room("r1")
	for name, c := range map[string]struct {
		change object
		says   string
	}{
		"an id that is a list":      {object{"id": []int{1}}, "id: [1] is not an id"},
		"an id with blanks":         {object{"id": "a b"}, "is not an id"},
		"no id":                     {object{"id": nil}, "id is missing"},
		"a name that is a number":   {object{"name": 7}, "name: 7 is not a text in languages"},
		"a name of lists":           {object{"name": object{"fi": []int{1}}}, "name: "},
		"capacity in words":         {object{"people_capacity": "four"}, `people_capacity: "four" is not a number`},
		"capacity without end":      {object{"people_capacity": "1e999"}, "people_capacity: "},
		"capacity that is no text":  {object{"people_capacity": object{}}, "people_capacity: {} is not a number"},
		"a slot in words":           {object{"slot_size": "half an hour"}, "slot_size: "},
		"a slot with seconds":       {object{"slot_size": "00:30:15"}, "slot_size: "},
		"a slot as a number":        {object{"slot_size": 30}, "slot_size: 30 is not a length of time"},
		"approval in words":         {object{"need_manual_confirmation": "no"}, "need_manual_confirmation: "},
		"purposes that are no list": {object{"purposes": "sports"}, "purposes: "},
		"a type that is a list":     {object{"type": []int{1}}, "type: "},
		"hours in words":            {object{"opening_hours": []object{{"date": "2026-01-01", "opens": "eight"}}}, "opening_hours: "},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.refused(map[string]any{"resource.json": []object{good, room("r2", c.change)}}, "resource.json", "the row at byte ", c.says)
		})
	}
	for name, c := range map[string]struct {
		change object
		says   string
	}{
		"no begin":             {object{"begin": nil}, "begin is missing"},
		"no end":               {object{"end": ""}, "end is missing"},
		"no resource":          {object{"resource": nil}, "resource is missing"},
		"a begin without zone": {object{"begin": "2026-02-01T10:00:00"}, "begin: "},
		"a begin in numbers":   {object{"begin": 1770000000}, "begin: 1770000000 is not a time"},
		"a year far away":      {object{"end": "9999-02-01T10:00:00Z"}, "end: "},
		"a state in numbers":   {object{"state": 7}, "state: 7 has the wrong shape"},
		"a row that is a text": {nil, "is not a row"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			row := any(booked(2, "r1", "10:00", "11:00", c.change))
			if c.change == nil {
				row = "row"
			}
			w.refused(map[string]any{"resource.json": []object{good}, "reservation2.json": []any{booked(1, "r1", "08:00", "09:00"), row}}, "reservation2.json", "the row at byte ", c.says)
		})
	}
	w.t = t
	if !w.empty() {
		t.Error("something came in")
	}
}

func TestFilesThatAreNoAnswers(t *testing.T) {
	w := newWorld(t)
	good, err := json.Marshal(page(room("r1", object{"name": object{"fi": "Pöytä"}})))
	w.must(err)
	latin := bytes.ReplaceAll(good, []byte("ö"), []byte{0xf6})
	utf16 := []byte{0xff, 0xfe}
	for _, b := range good {
		utf16 = append(utf16, b, 0)
	}
	deep := append(bytes.Repeat([]byte(`[`), 100_000), bytes.Repeat([]byte(`]`), 100_000)...)
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"Latin-1":              {latin, "not UTF-8"},
		"UTF-16":               {utf16, "not JSON"},
		"a page of HTML":       {[]byte("<html>"), "not JSON"},
		"a text":               {[]byte(`"hello"`), "neither a page of rows nor a list"},
		"an error":             {[]byte(`{"detail": "Not found."}`), `no "results"`},
		"results of no list":   {[]byte(`{"results": {}}`), "not a list"},
		"a count in words":     {[]byte(`{"count": "many", "results": []}`), "byte"},
		"two answers":          {append(bytes.Clone(good), good...), "something follows the end"},
		"deep nesting":         {deep, "byte"},
		"a deeply nested row":  {append(append([]byte(`[{"id": "r1", "x": `), deep...), `}]`...), "max depth"},
		"100 MB of one text":   {append(append([]byte(`[{"id": "`), bytes.Repeat([]byte("a"), 100<<20)...), `"}]`...), "longer than"},
		"100 MB beside rows":   {append(append([]byte(`{"x": "`), bytes.Repeat([]byte("a"), 100<<20)...), `", "results": []}`...), "longer than"},
		"100 MB of blanks":     {append(append([]byte(`[`), bytes.Repeat([]byte(" "), 100<<20)...), `]`...), "longer than"},
		"a character too many": {append(bytes.Clone(good), '}'), "byte"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.refused(map[string]any{"resource.json": c.content}, "resource.json", c.says)
		})
	}
	w.t = t
	w.refused(map[string]any{"hello.txt": []byte("hello")}, "no unit.json")
	w.refused(map[string]any{"purpose_and_type.json": []byte("{"), "resource.json": good}, "purpose_and_type.json")
	if _, err := w.tryTake(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
	if !w.empty() {
		t.Error("something came in")
	}
	w.take(folder(t, map[string]any{"resource.json": append([]byte("\ufeff"), good...)}))
}

// A page file is named as exports name them; the same reservation on two pages
// counts once, in its later form.
func TestPagesAndRepeatedRows(t *testing.T) {
	w := newWorld(t)
	report := w.take(folder(t, map[string]any{
		"a/resource.json":     object{"count": 9, "next": "https://respa.example/v1/resource/?page=2", "results": []object{room("r1")}},
		"a/reservation.json":  []object{booked(1, "r1", "10:00", "11:00"), booked(2, "r1", "11:00", "12:00")},
		"a/reservation2.json": []object{booked(2, "r1", "12:00", "13:00"), booked(3, "r1", "14:00", "15:00")},
	}))
	if n := report.Reservations; n.Read != 3 || n.Added != 3 {
		t.Errorf("reservations: %+v", n)
	}
	if w.count("SELECT count(*) FROM reservations WHERE begin_at = '2026-02-01T10:00:00Z'") != 1 {
		t.Error("the earlier form counted")
	}
	if report.Notes[len(report.Notes)-1].Reason == "" || !strings.Contains(fmt.Sprint(report.Notes), "it has 9, 1 came") {
		t.Errorf("nothing says that rows are missing: %+v", report.Notes)
	}
}
