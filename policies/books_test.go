package policies

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func readBook(t testing.TB, name string) File {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "books", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file File
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := file.Rules.Unknown(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return file
}

// ask is an example of a file as a question.
func ask(t testing.TB, f File, e Example) Question {
	t.Helper()
	q := Question{Place: Place{Published: true, Raster: 30, MinMinutes: 30, PriceUnit: PerHour, Slug: e.Resource}}
	f.Place.Over(&q)
	q, err := e.Question(Book{Key: "example", Version: 1, Rules: f.Rules}, q.Place, helsinki)
	if err != nil {
		t.Fatal(err)
	}
	q.City = f.Place.City
	return q
}

func show(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

func run(t *testing.T, f File) {
	if f.Source == "" || len(f.Examples) == 0 {
		t.Fatal("a book needs its source and examples")
	}
	for _, e := range f.Examples {
		t.Run(e.Name, func(t *testing.T) {
			q := ask(t, f, e)
			d := Decide(q)
			for _, difference := range e.Differences(q, d) {
				t.Errorf("%s: %v, want %v", difference.What, difference.Got, difference.Want)
			}
			checkDocumented(t, append(d.Violations, d.Approvals...))
		})
	}
}

// Every real rule set in testdata decides its examples as its source says.
func TestRealRuleBooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "books", "*.json"))
	if err != nil || len(files) < 25 {
		t.Fatalf("%d books, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			book := readBook(t, name)
			run(t, book)
			for _, v := range book.Variants {
				t.Run(v.Name, func(t *testing.T) { run(t, book.Read(v)) })
			}
		})
	}
}

func TestScenario145_WhoPaysForAYouthRoom(t *testing.T) {
	book := readBook(t, "helsinki-youth-spaces")
	for _, c := range []struct {
		name  string
		who   Example
		cents int
	}{
		{"registered Helsinki association", Example{Class: Association, Local: new(true)}, 0},
		{"company", Example{Class: Company, Local: new(true)}, 6000},
		{"religious community", Example{Class: Religious, Local: new(true)}, 6000},
		{"resident of another municipality", Example{Class: Person, Local: new(false)}, 6000},
		{"private party", Example{Class: Person, Local: new(true), Purpose: "private_party"}, 6000},
	} {
		d := Decide(ask(t, book, c.who))
		if d.Price.Cents == nil || *d.Price.Cents != c.cents || d.Verdict != Allow {
			t.Errorf("%s: %s", c.name, show(d))
		}
	}
}

func TestScenario147_NotDirectly(t *testing.T) {
	book := readBook(t, "helsinki-common-terms")
	for name, c := range map[string]struct {
		e       Example
		verdict Verdict
	}{
		"199 persons":  {Example{Persons: new(199)}, Allow},
		"200 persons":  {Example{Persons: new(200)}, Approval},
		"pyrotechnics": {Example{Answers: map[string]string{"pyrotechnics": "yes"}}, Approval},
	} {
		if d := Decide(ask(t, book, c.e)); d.Verdict != c.verdict {
			t.Errorf("%s: %s", name, show(d))
		}
	}
}

// Leaving the number out is no way around a rule about it, unless the room is
// too small for the rule anyway.
func TestStricterRulesAskForTheirFields(t *testing.T) {
	book := Book{Rules: readBook(t, "helsinki-common-terms").Rules}
	asked := []string{"pyrotechnics", "unusual_exits", "dangerous", "rescue_plan", "purpose"}
	own := slices.Grow([]string{"title"}, 9) // room in which a careless append would write
	for name, c := range map[string]struct {
		most *int
		want []string
	}{
		"a hall":              {nil, append([]string{"title", "persons"}, asked...)},
		"a room for 199":      {new(199), append([]string{"title"}, asked...)},
		"a hall for just 200": {new(200), append([]string{"title", "persons"}, asked...)},
	} {
		place := Place{RequiredFields: own, PersonsMax: c.most}
		if got := RequiredFields(place, book); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if spare := own[:3]; spare[1] != "" || spare[2] != "" {
		t.Errorf("written into the place's own list: %v", spare)
	}
	if got := RequiredFields(Place{RequiredFields: own}, everybody); !slices.Equal(got, own) {
		t.Errorf("a book that only allows: %v", got)
	}
}

// The example in the domain's own words: "Associations may book Mon–Fri 16–21
// free of charge, without approval, up to 14 days ahead".
func TestSentenceOfTheDomain(t *testing.T) {
	rule := Rule{
		ID:      "evenings",
		When:    When{Weekdays: []int{1, 2, 3, 4, 5}, From: "16:00", To: "21:00"},
		Who:     WhoIs{Classes: []Class{Association}},
		Effects: Effects{Verdict: Allow, Price: "free", Limits: &Limits{DaysAheadMax: new(14)}},
	}
	wish := func(now string, class Class) Question {
		return with(func(q *Question) {
			q.Now, q.Asked, q.Who.Class = at(now), between("16:00", "18:00"), class
			q.Place.DaysAheadMax = new(90)
			q.Book = Book{Key: "civic", Version: 2, Rules: Rules{Version: 1, Rules: []Rule{rule}}}
		})
	}
	check(t, []expect{
		{"association", wish("2024-01-08 15:00", Association), nil},
		{"15 days ahead", wish("2023-12-26 15:00", Association), []string{CodeTooFarAhead}},
		{"person", wish("2024-01-08 15:00", Person), []string{CodeNobodyAllowed}},
	})
	d := Decide(wish("2024-01-08 15:00", Association))
	if d.Book != "civic/2" || !slices.Equal(d.Rules, []string{"evenings"}) || *d.Price.Cents != 0 || d.Price.Class != "free" {
		t.Errorf("decision %s", show(d))
	}
	v := only(t, wish("2023-12-26 15:00", Association), CodeTooFarAhead)
	if v.Value != 14 || !v.Params["opens"].(time.Time).Equal(at("2023-12-27 16:00")) {
		t.Errorf("value %v opens %v", v.Value, v.Params["opens"])
	}
}
