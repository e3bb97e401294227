package policies

import (
	"slices"
	"strings"
	"testing"
)

// domainTable is the domain's table, written down a second time: per check
// what ordinary, behalf, staff, closure and seasonal reservations are asked.
// A = applies, o = may be overridden, - = not asked.
const domainTable = `
published         A o o - -
booking_window    A o o - -
season_only       A o o - -
series            A - - - -
adult_only        A - - - -
strong_sign_in    A - - - -
begin_before_end  A A A A A
past              A - - - -
before_today      - A A A A
duration          A o o - -
raster            A - - - -
staff_raster      - o o - -
seasonal_raster   - - - - A
days_ahead_max    A o o - -
days_ahead_min    A o o - -
hours             A o o - -
closed_dates      - - - - A
active_limit      A o o - -
quota             A o o - -
persons           A o o - -
required_fields   A o o - -
free_of_charge    A - - - -
terms             A - - - -
one_place_at_once A - - - -
rule_book         A o - - -
`

var kinds = []Kind{Ordinary, Behalf, Staff, Closure, Seasonal}

func TestTableIsTheDomains(t *testing.T) {
	signs := map[string]Mode{"A": Applies, "o": Overridden, "-": NotAsked}
	lines := strings.Split(strings.TrimSpace(domainTable), "\n")
	for column, kind := range kinds {
		answers := Explain(with(func(q *Question) { q.Kind = kind }))
		if len(answers) != len(lines) {
			t.Fatalf("%d checks, the domain has %d", len(answers), len(lines))
		}
		for i, line := range lines {
			cells := strings.Fields(line)
			if answers[i].Check != cells[0] || answers[i].Asked != signs[cells[column+1]] {
				t.Errorf("%s, line %d: %s is %q, want %s", kind, i, answers[i].Check, answers[i].Asked, line)
			}
		}
	}
}

func TestExplainSaysWhatDecideSays(t *testing.T) {
	for _, kind := range kinds {
		for _, stage := range []Stage{AtHold, AtConfirm} {
			q := everything("2024-01-10 12:20")
			q.Kind, q.Stage = kind, stage
			var all []Violation
			for _, a := range Explain(q) {
				if a.Asked == NotAsked && len(a.Violations) > 0 {
					t.Errorf("%s was not asked and found %v", a.Check, a.Violations)
				}
				all = append(all, a.Violations...)
			}
			if d := Decide(q); !slices.Equal(codesOf(all), codesOf(d.Violations)) {
				t.Errorf("%s: %v, decided %v", kind, codesOf(all), codesOf(d.Violations))
			}
		}
	}
}

// What staff override is kept with the decision; a closure is asked for little.
func TestEverythingByKind(t *testing.T) {
	q := everything("2024-01-10 12:20")
	for kind, want := range map[Kind]int{Behalf: 15, Staff: 14, Closure: 0} {
		q.Kind = kind
		d := Decide(q)
		if d.Verdict != Allow || len(d.Overridden()) != want || len(d.Violations) != want {
			t.Errorf("%s: %q, overridden %d: %v", kind, d.Verdict, len(d.Overridden()), codesOf(d.Violations))
		}
	}
}

// A forgotten kind, class and zone are strict and no panic.
func TestForgottenFields(t *testing.T) {
	q := with(func(q *Question) { q.Kind, q.Who.Class, q.Zone, q.Book = "", "", nil, Book{} })
	if d := Decide(q); !d.Refused() || !slices.Equal(codesOf(d.Violations), []string{CodeNobodyAllowed}) {
		t.Errorf("%s", show(d))
	}
	if d := Decide(Question{}); !d.Refused() {
		t.Errorf("%s", show(d))
	}
}

func TestFaultNamesTheFirstAndTheFields(t *testing.T) {
	if err := Decide(question()).Fault(); err != nil {
		t.Errorf("allowed, but %v", err)
	}
	q := with(func(q *Question) {
		q.Asked, q.Place.RequiredFields, q.Place.PersonsMax = between("12:00", "12:10"), []string{"title", "key"}, new(4)
		q.Form.TermsAccepted = false
	})
	e := faultOf(t, Decide(q).Fault())
	if e.Code != CodeTooShort || e.Params["min"] != 30 {
		t.Errorf("%v", e)
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Name+" "+f.Code)
	}
	want := []string{"persons booking.persons_max", "key booking.field_missing", "terms booking.terms"}
	if !slices.Equal(fields, want) {
		t.Errorf("fields %v", fields)
	}
}
