package policies

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vuoro/calendar"
)

// bookFile is a real rule set as a rule book, with bookings whose outcome its
// source gives. Begin and end are local; without them Wednesday 12–14.
type bookFile struct {
	Source string `json:"source"`
	Place  struct {
		PriceCents *int   `json:"price_cents"`
		PriceUnit  string `json:"price_unit"`
	} `json:"place"`
	Rules    Rules     `json:"rules"`
	Examples []example `json:"examples"`
}

type example struct {
	Name       string            `json:"name"`
	Kind       Kind              `json:"kind"`
	Class      Class             `json:"class"`
	Under18    bool              `json:"under_18"`
	Local      *bool             `json:"local"`
	Begin      string            `json:"begin"`
	End        string            `json:"end"`
	Purpose    string            `json:"purpose"`
	Persons    *int              `json:"persons"` // 0 = left out
	Answers    map[string]string `json:"answers"`
	PriceCents *int              `json:"price_cents"`

	Verdict   Verdict  `json:"verdict"`
	Cents     *int     `json:"cents"`
	Competes  bool     `json:"competes"`
	Rules     []string `json:"rules"`
	Codes     []string `json:"codes"`
	Approvals []string `json:"approvals"`
}

func readBook(t *testing.T, name string) bookFile {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "books", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file bookFile
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return file
}

func (f bookFile) question(e example) Question {
	return with(func(q *Question) {
		if e.Begin != "" {
			q.Asked = calendar.Interval{Begin: at(e.Begin), End: at(e.End)}
			q.Now = q.Asked.Begin.AddDate(0, 0, -7)
		} else {
			q.Asked = between("12:00", "14:00")
		}
		if e.Begin > "2024-02" {
			q.Now = at("2024-01-08 15:00")
		}
		day := calendar.DayBounds(calendar.DateOf(q.Asked.Begin, helsinki), helsinki)
		q.Hours = []Hours{{Interval: day, Kind: Reservable}}
		q.Kind = e.Kind
		q.Who = Who{Class: e.Class, Under18: e.Under18, Local: e.Local, Adult: new(true), Known: true}
		q.Form.Answers = e.Answers
		if e.Purpose != "" {
			q.Form.Purpose = e.Purpose
		}
		if e.Persons != nil {
			q.Form.Persons = e.Persons
		}
		if e.Persons != nil && *e.Persons == 0 {
			q.Form.Persons = nil
		}
		q.Place.PriceCents, q.Place.PriceUnit = f.Place.PriceCents, f.Place.PriceUnit
		if e.PriceCents != nil {
			q.Place.PriceCents = e.PriceCents
		}
		q.Book = Book{Key: "example", Version: 1, Rules: f.Rules}
	})
}

func (e example) check(t *testing.T, d Decision) {
	t.Helper()
	if d.Verdict != e.Verdict || d.Competes != e.Competes {
		t.Errorf("verdict %q, competes %v", d.Verdict, d.Competes)
	}
	if got := d.Price.Cents; (got == nil) != (e.Cents == nil) || (got != nil && *got != *e.Cents) {
		t.Errorf("price %s", show(d.Price))
	}
	for what, pair := range map[string][2][]string{
		"rules":      {d.Rules, e.Rules},
		"violations": {codesOf(d.Violations), e.Codes},
		"approvals":  {codesOf(d.Approvals), e.Approvals},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s %v, want %v", what, pair[0], pair[1])
		}
	}
	checkDocumented(t, append(d.Violations, d.Approvals...))
}

func show(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

func (f bookFile) run(t *testing.T) {
	if f.Source == "" || len(f.Examples) == 0 {
		t.Fatal("a book needs its source and examples")
	}
	for _, e := range f.Examples {
		t.Run(e.Name, func(t *testing.T) { e.check(t, Decide(f.question(e))) })
	}
}

// Every real rule set in testdata decides its examples as its source says.
func TestRealRuleBooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "books", "*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d books, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) { readBook(t, name).run(t) })
	}
}

func TestScenario145_WhoPaysForAYouthRoom(t *testing.T) {
	book := readBook(t, "helsinki-youth-spaces")
	for _, c := range []struct {
		name  string
		who   example
		cents int
	}{
		{"registered Helsinki association", example{Class: Association, Local: new(true)}, 0},
		{"company", example{Class: Company, Local: new(true)}, 6000},
		{"religious community", example{Class: Religious, Local: new(true)}, 6000},
		{"resident of another municipality", example{Class: Person, Local: new(false)}, 6000},
		{"private party", example{Class: Person, Local: new(true), Purpose: "private_party"}, 6000},
	} {
		d := Decide(book.question(c.who))
		if d.Price.Cents == nil || *d.Price.Cents != c.cents || d.Verdict != Allow {
			t.Errorf("%s: %s", c.name, show(d))
		}
	}
}

func TestScenario147_NotDirectly(t *testing.T) {
	book := readBook(t, "helsinki-common-terms")
	for name, c := range map[string]struct {
		e       example
		verdict Verdict
	}{
		"199 persons":  {example{Persons: new(199)}, Allow},
		"200 persons":  {example{Persons: new(200)}, Approval},
		"pyrotechnics": {example{Answers: map[string]string{"pyrotechnics": "yes"}}, Approval},
	} {
		if d := Decide(book.question(c.e)); d.Verdict != c.verdict {
			t.Errorf("%s: %s", name, show(d))
		}
	}
}

// Leaving the number out is no way around a rule about it, unless the room is
// too small for the rule anyway.
func TestStricterRulesAskForTheirFields(t *testing.T) {
	book := Book{Rules: readBook(t, "helsinki-common-terms").Rules}
	own := slices.Grow([]string{"title"}, 5) // room in which a careless append would write
	for name, c := range map[string]struct {
		most *int
		want []string
	}{
		"a hall":              {nil, []string{"title", "persons", "purpose"}},
		"a room for 199":      {new(199), []string{"title", "purpose"}},
		"a hall for just 200": {new(200), []string{"title", "persons", "purpose"}},
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

// One gym's Saturday by the version that held on the day.
func TestGymPricesByVersion(t *testing.T) {
	for name, cents := range map[string]int{
		"helsinki-gym-self-supervised-2017": 5500,
		"helsinki-gym-self-supervised-2018": 3740,
		"helsinki-gym-supervised":           8866,
	} {
		book := readBook(t, name)
		d := Decide(book.question(example{Begin: "2018-01-13 10:00", End: "2018-01-13 12:00"}))
		if d.Price.Cents == nil || *d.Price.Cents != cents {
			t.Errorf("%s: %s", name, show(d.Price))
		}
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
	ask := func(now string, class Class) Question {
		return with(func(q *Question) {
			q.Now, q.Asked, q.Who.Class = at(now), between("16:00", "18:00"), class
			q.Place.DaysAheadMax = new(90)
			q.Book = Book{Key: "civic", Version: 2, Rules: Rules{Version: 1, Rules: []Rule{rule}}}
		})
	}
	check(t, []expect{
		{"association", ask("2024-01-08 15:00", Association), nil},
		{"15 days ahead", ask("2023-12-26 15:00", Association), []string{CodeTooFarAhead}},
		{"person", ask("2024-01-08 15:00", Person), []string{CodeNobodyAllowed}},
	})
	d := Decide(ask("2024-01-08 15:00", Association))
	if d.Book != "civic/2" || !slices.Equal(d.Rules, []string{"evenings"}) || *d.Price.Cents != 0 || d.Price.Class != "free" {
		t.Errorf("decision %s", show(d))
	}
	v := only(t, ask("2023-12-26 15:00", Association), CodeTooFarAhead)
	if v.Value != 14 || !v.Params["opens"].(time.Time).Equal(at("2023-12-27 16:00")) {
		t.Errorf("value %v opens %v", v.Value, v.Params["opens"])
	}
}
