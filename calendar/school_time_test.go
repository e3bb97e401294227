package calendar

import "testing"

func TestSchoolTime(t *testing.T) {
	for _, c := range []struct {
		city string
		date string
		want string
		day  bool
	}{
		{"Espoo", "2021-10-17", SchoolTerm, false}, // a Sunday
		{"Espoo", "2021-10-18", SchoolBreak, false},
		{"Espoo", "2021-10-22", SchoolBreak, false},
		{"Espoo", "2021-10-25", SchoolTerm, true},
		{"Espoo", "2021-12-06", SchoolTerm, false}, // Independence Day
		{"espoo ", "2022-06-03", SchoolTerm, true},
		{"Espoo", "2022-06-04", SchoolTerm, false}, // Saturday of week 22: the last day
		{"Espoo", "2022-06-05", SchoolBreak, false},
		{"Espoo", "2022-07-31", SchoolBreak, false},
		{"Espoo", "2022-08-10", "", false}, // when the year begins is not known
		{"Espoo", "2022-08-16", SchoolTerm, true},
		{"Espoo", "2035-10-18", "", false}, // nobody has said yet
		{"Espoo", "2035-11-12", SchoolTerm, true},
		{"Atlantis", "2022-09-05", "", false},
	} {
		date, err := ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := SchoolTime(c.city, date); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.city, c.date, got, c.want)
		}
		if got := IsSchoolDay(c.city, date); got != c.day {
			t.Errorf("%s %s: lessons %v, want %v", c.city, c.date, got, c.day)
		}
	}
}
