package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/fault"
)

func TestParseDate(t *testing.T) {
	for _, good := range []string{"2024-02-29", "0001-01-01", "9999-12-31", "1999-12-31"} {
		if d := date(t, good); d.String() != good || !d.Valid() {
			t.Errorf("%s reads as %v", good, d)
		}
	}
	for _, bad := range []string{
		"", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01", "24-01-01", "2024-1-1",
		"2024-01-01T00:00:00Z", " 2024-01-01", "2024-01-01\n", "31.3.2024", "２０２４-01-01", "-024-01-01",
	} {
		_, err := ParseDate(bad)
		if !fault.Is(err, fault.Invalid) || fault.Code(err) != "calendar.date" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestDateValid(t *testing.T) {
	for _, bad := range []Date{{}, {2023, 2, 29}, {2024, 0, 1}, {2024, 13, 1}, {2024, 4, 31}, {2024, 4, 0}, {10000, 1, 1}} {
		if bad.Valid() {
			t.Errorf("%v is no day", bad)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	cases := []struct {
		from string
		days int
		want string
	}{
		{"2024-02-28", 1, "2024-02-29"},
		{"2024-02-28", 2, "2024-03-01"},
		{"2023-12-31", 1, "2024-01-01"},
		{"2024-03-31", -31, "2024-02-29"},
		{"2024-10-26", 2, "2024-10-28"},
		{"2024-01-01", 366, "2025-01-01"},
	}
	for _, c := range cases {
		from, want := date(t, c.from), date(t, c.want)
		if got := from.AddDays(c.days); got != want {
			t.Errorf("%s %+d days is %v, want %v", c.from, c.days, got, want)
		}
		if got := from.DaysUntil(want); got != c.days {
			t.Errorf("from %s to %s are %d days, want %d", c.from, c.want, got, c.days)
		}
	}
}

func TestWeekdaysAndWeeks(t *testing.T) {
	cases := []struct {
		date       string
		weekday    Weekday
		year, week int
	}{
		{"2024-01-01", Monday, 2024, 1},
		{"2024-03-31", Sunday, 2024, 13},
		{"2024-06-20", Thursday, 2024, 25},
		{"2021-01-03", Sunday, 2020, 53},
		{"2018-12-31", Monday, 2019, 1},
		{"2023-01-01", Sunday, 2022, 52},
	}
	for _, c := range cases {
		d := date(t, c.date)
		year, week := d.ISOWeek()
		if d.Weekday() != c.weekday || year != c.year || week != c.week {
			t.Errorf("%s: weekday %d, week %d/%d", c.date, d.Weekday(), week, year)
		}
	}
}

func TestDateOrder(t *testing.T) {
	sorted := []string{"2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01", "2025-01-01"}
	for i, a := range sorted {
		for j, b := range sorted {
			x, y := date(t, a), date(t, b)
			if x.Before(y) != (i < j) || x.After(y) != (i > j) || (x.Compare(y) == 0) != (i == j) {
				t.Errorf("%s against %s", a, b)
			}
		}
	}
}

func TestDateAsJSON(t *testing.T) {
	type page struct {
		Day  Date           `json:"day"`
		None Date           `json:"none"`
		Keys map[Date]int   `json:"keys"`
		Span Span           `json:"span"`
		Wait map[Minute]int `json:"wait"`
	}
	given := page{
		Day:  date(t, "2024-02-29"),
		Keys: map[Date]int{date(t, "2024-01-02"): 3},
		Span: Span{From: 18 * 60, To: 26 * 60},
		Wait: map[Minute]int{90: 1},
	}
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"day":"2024-02-29","none":"","keys":{"2024-01-02":3},"span":{"from":"18:00","to":"26:00"},"wait":{"01:30":1}}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var back page
	if err := json.Unmarshal(text, &back); err != nil || back.Day != given.Day || !back.None.IsZero() || back.Span != given.Span {
		t.Errorf("reads back as %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"day":"2024-02-30"}`), &back); !fault.Is(err, fault.Invalid) {
		t.Errorf("30 February: %v", err)
	}
}

func TestDateColumn(t *testing.T) {
	day := date(t, "2024-03-31")
	helsinki := zone(t, "Europe/Helsinki")
	for _, column := range []any{
		"2024-03-31", []byte("2024-03-31"), day.midnight(), day.midnight().In(time.UTC),
		DayBounds(day, helsinki).Begin.In(helsinki),
	} {
		var d Date
		if err := d.Scan(column); err != nil || d != day {
			t.Errorf("%v scans as %v, %v", column, d, err)
		}
	}
	d := day
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL scans as %v, %v", d, err)
	}
	for _, bad := range []any{42, "infinity", 1.5} {
		if err := d.Scan(bad); err == nil {
			t.Errorf("%v scans as %v", bad, d)
		}
	}
	if v, err := day.Value(); v != "2024-03-31" || err != nil {
		t.Errorf("written as %v, %v", v, err)
	}
	if v, err := (Date{}).Value(); v != nil || err != nil {
		t.Errorf("no date is written as %v, %v", v, err)
	}
}

func anyDate(t *rapid.T) Date {
	return Date{Year: 2024, Month: 1, Day: 1}.AddDays(rapid.IntRange(-9000, 9000).Draw(t, "days"))
}

func TestPropertyDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate(t), rapid.IntRange(-4000, 4000).Draw(t, "n")
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%v reads back as %v, %v", d, back, err)
		}
		moved := d.AddDays(n)
		if moved.AddDays(-n) != d || d.DaysUntil(moved) != n {
			t.Fatalf("%v %+d is %v", d, n, moved)
		}
		if want := (int(d.Weekday())+n%7+6)%7 + 1; int(moved.Weekday()) != want {
			t.Fatalf("weekday %d after %d days is %d", d.Weekday(), n, moved.Weekday())
		}
	})
}
