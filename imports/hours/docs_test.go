package hours_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
)

// The examples of the documentation are read, and its tables name every column.
func TestDocumentationIsTrue(t *testing.T) {
	data, err := os.ReadFile("../../docs/hours.md")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]int{}
	for _, section := range strings.Split(string(data), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		for line := range strings.Lines(body) {
			example, isExample := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
			if !isExample {
				continue
			}
			var err error
			switch title {
			case "OpenStreetMap: `opening_hours`":
				_, err = hours.ParseOSM(example, hours.OSMOptions{})
			case "Plain texts":
				_, err = hours.ParseText(example, policies.Open)
			}
			if err != nil {
				t.Errorf("%s: %q: %s", title, example, placeOf(err))
			}
			read[title]++
		}
	}
	if read["Plain texts"] != 5 || read["OpenStreetMap: `opening_hours`"] != 1 {
		t.Errorf("examples: %v", read)
	}
	table, _ := hours.WriteCSV(nil)
	for _, column := range strings.Split(strings.Trim(string(table), "\ufeff\n"), ";") {
		if !strings.Contains(string(data), "`"+column+"`") {
			t.Errorf("docs/hours.md does not speak of %s", column)
		}
	}
	for _, turn := range []string{"month/friday/-1", "period/week/1/2", "year/week/odd", "month/day/1"} {
		if _, ok := resources.ParseTurn(turn); !ok || !strings.Contains(string(data), "| `"+turn+"` |") {
			t.Errorf("the turn %s", turn)
		}
	}
}

// What hangs on schools and holidays: the rows of other readers are of other
// countries. 11 February 2026 is in Helsinki's term, the week after a break.
func TestOSMOfSchoolsAndHolidays(t *testing.T) {
	s, err := hours.ParseOSM("Mo-Fr 08:00-16:00; SH Mo-Fr 10:00-14:00; week 7 We 09:00-10:00; PH off", hours.OSMOptions{Kind: policies.Core})
	if err != nil || !s.HolidaysOff {
		t.Fatalf("%v, %v", s, err)
	}
	got := append(plans(s, date("2026-02-10"), 2), plans(s, date("2026-02-17"), 2)...)
	want := []string{"2026-02-10: 08:00-16:00 core ", "2026-02-11: 09:00-10:00 core ", "2026-02-17: 10:00-14:00 core ", "2026-02-18: 10:00-14:00 core "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A holiday that counts as Sunday has the Sunday's hours of a range without any.
func TestOSMHoursOfAHolidayThatIsSunday(t *testing.T) {
	s, err := hours.ParseOSM("2026 Dec 24-25 Mo-Su 10:00-14:00; Sa[1] off", hours.OSMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	place := resources.Place{Unit: resources.Unit{Holidays: "sunday"}, Periods: s.Periods}
	if spans := place.Day(date("2026-12-24")).Spans; len(spans) != 1 || spans[0].From != 10*60 {
		t.Errorf("%v", spans)
	}
}

// A date counts before the weekdays, wherever it stands.
func TestTextOfADateBeforeTheWeek(t *testing.T) {
	s, err := hours.ParseText("24.12.2026 suljettu, ma-pe 8-16\n23.12.2026 klo 9-12", policies.Open)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-12-22: 08:00-16:00 open ", "2026-12-23: 09:00-12:00 open ", "2026-12-24: ", "2026-12-25: 08:00-16:00 open "}
	if got := plans(s, date("2026-12-22"), 4); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
