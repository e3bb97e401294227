package policies

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/calendar"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

// at reads a local time, "2024-01-10 12:00".
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, helsinki)
	if err != nil {
		panic(err)
	}
	return t
}

// between reads an interval on the Wednesday of the fixtures: "12:00", "13:00".
func between(begin, end string) calendar.Interval {
	return calendar.Interval{Begin: at("2024-01-10 " + begin), End: at("2024-01-10 " + end)}
}

func hours(kind HoursKind, begin, end string) Hours {
	return Hours{Interval: calendar.Interval{Begin: at(begin), End: at(end)}, Kind: kind}
}

// wednesday is hours of the Wednesday, on the clock.
func wednesday(kind HoursKind, from, to string) Hours {
	return Hours{Interval: between(from, to), Kind: kind}
}

// everybody is a rule book that lets all book.
var everybody = Book{Key: "everybody", Version: 1, Rules: Rules{
	Version: 1,
	Rules:   []Rule{{ID: "all", Effects: Effects{Verdict: Allow}}},
}}

// question is one that nothing speaks against: Monday 8 January 2024 15:00, a
// grown-up asks for Wednesday 12–13 of a place that is reservable 09–19.
func question() Question {
	return Question{
		Now:   at("2024-01-08 15:00"),
		Zone:  helsinki,
		Kind:  Ordinary,
		Asked: between("12:00", "13:00"),
		Place: Place{Published: true, Raster: 30, MinMinutes: 30, PriceCents: new(1200), PriceUnit: PerHour},
		Hours: []Hours{wednesday(Reservable, "09:00", "19:00")},
		Who:   Who{Class: Person, Adult: new(true), Known: true},
		Form:  Form{Title: "Rehearsal", Purpose: "music", Persons: new(5), TermsAccepted: true},
		Book:  everybody,
	}
}

// with is the question with something changed.
func with(change func(*Question)) Question {
	q := question()
	change(&q)
	return q
}

func codesOf(violations []Violation) []string {
	var codes []string
	for _, v := range violations {
		codes = append(codes, v.Code)
	}
	return codes
}

// expect is a question and the codes of its violations, in their order; none
// means that it is allowed.
type expect struct {
	name  string
	q     Question
	codes []string
}

func check(t *testing.T, cases []expect) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			d := Decide(c.q)
			if got := codesOf(d.Violations); !slices.Equal(got, c.codes) {
				t.Errorf("violations %v, want %v", got, c.codes)
			}
			if d.Refused() != (len(c.codes) > 0) {
				t.Errorf("verdict %q with %v", d.Verdict, c.codes)
			}
			checkDocumented(t, append(d.Violations, d.Approvals...))
		})
	}
}

// checkOverridden is check for staff: violations are kept and do not refuse.
func checkOverridden(t *testing.T, cases []expect) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			d := Decide(c.q)
			if got := codesOf(d.Overridden()); !slices.Equal(got, c.codes) || len(d.Violations) != len(got) {
				t.Errorf("overridden %v of %v, want %v", got, codesOf(d.Violations), c.codes)
			}
			if d.Verdict != Allow {
				t.Errorf("verdict %q", d.Verdict)
			}
		})
	}
}

// only gives the one violation, so that its values can be looked at.
func only(t *testing.T, q Question, code string) Violation {
	t.Helper()
	d := Decide(q)
	if got := codesOf(d.Violations); !slices.Equal(got, []string{code}) {
		t.Fatalf("violations %v, want only %s", got, code)
	}
	return d.Violations[0]
}
