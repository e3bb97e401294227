package locales

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFormats(t *testing.T) {
	for lang, p := range printers(t) {
		compare(t, "testdata/formats."+lang+".golden", allFormats(t, p))
	}
}

func allFormats(t *testing.T, p Printer) string {
	t.Helper()
	var b strings.Builder
	line := func(what, text string) {
		fmt.Fprintf(&b, "%-34s %s\n", what, strings.ReplaceAll(text, "\u00a0", "␣"))
	}
	at := func(text string) time.Time { return local(t, text) }
	now := at("2026-11-23 12:00")
	line("date", p.Date(now))
	line("date in summer", p.Date(at("2026-06-01 00:00")))
	line("long date", p.LongDate(now))
	line("short date", p.ShortDate(now))
	line("day and month", p.DayMonth(now))
	line("day, month and year", p.DayMonthYear(now))
	line("month and year", p.MonthYear(now))
	line("week", p.Week(now)+" / "+p.WeekLong(now))
	line("week of new year's day 2027", p.Week(at("2027-01-01 12:00")))
	line("today", p.Relative(at("2026-11-23 23:59"), now))
	line("tomorrow", p.Relative(at("2026-11-24 00:00"), now))
	line("this year", p.Relative(at("2026-12-24 18:00"), now))
	line("another year", p.Relative(at("2027-01-02 18:00"), now))
	line("time", p.Time(at("2026-11-23 17:30")))
	line("early time", p.Time(at("2026-11-23 08:05")))
	line("date and time", p.DateTime(at("2026-11-23 17:30")))
	line("range", p.Range(at("2026-11-23 17:30"), at("2026-11-23 19:00")))
	line("short range", p.ShortRange(at("2026-11-23 09:15"), at("2026-11-23 11:15")))
	line("relative range", p.RelativeRange(at("2026-11-23 17:30"), at("2026-11-23 19:00"), now))
	line("range to midnight", p.Range(at("2026-11-23 17:30"), at("2026-11-24 00:00")))
	line("range past midnight", p.Range(at("2026-11-23 23:00"), at("2026-11-24 01:00")))
	line("whole day", p.Range(at("2026-11-23 00:00"), at("2026-11-24 00:00")))
	line("several days", p.Range(at("2026-11-23 17:30"), at("2026-11-25 12:00")))
	first, second := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)
	line("autumn night, whole doubled hour", p.Range(first, second))
	line("autumn night, second pass", p.DateTime(second))
	line("autumn night 02–05", p.Range(at("2026-10-25 02:00"), at("2026-10-25 05:00")))
	line("spring night 02–05", p.Range(at("2026-03-29 02:00"), at("2026-03-29 05:00")))
	for _, minutes := range []int{0, 15, 60, 90, 120, 1440, 2880} {
		line(fmt.Sprintf("%d minutes", minutes), p.Duration(minutes)+" / "+p.Length(minutes))
	}
	for _, cents := range []int{0, 700, 750, 2400, 125000, -500} {
		line(fmt.Sprintf("%d cents", cents), p.Money(cents)+" / "+p.Price(cents))
	}
	line("numbers", p.Number(7)+" / "+p.Number(120000)+" / "+p.Number(-1234567))
	line("decimals", p.Decimal(12.5, 1)+" / "+p.Decimal(1234.5, 2)+" / "+p.Amount(1234.5, 2)+" / "+p.Decimal(-0.5, 1))
	line("percent", p.Percent(62))
	line("countdown", p.Countdown(580)+" / "+p.Countdown(-3))
	for day := time.Sunday; day <= time.Saturday; day++ {
		line("weekday", p.Weekday(day)+" / "+p.ShortWeekday(day))
	}
	for month := time.January; month <= time.December; month++ {
		line("month", p.Month(month)+" / "+p.ShortMonth(month))
	}
	return b.String()
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := lineAt(gotLines, i), lineAt(wantLines, i)
		if g != w {
			t.Errorf("%s:%d\n got %s\nwant %s", path, i+1, g, w)
		}
	}
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no line)"
}

func TestTheDoubledHourIsNamedAndNoOther(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	day := time.Date(2026, 10, 25, 0, 0, 0, 0, helsinki)
	for minutes := 0; minutes < 25*60; minutes += 15 {
		at := day.Add(time.Duration(minutes) * time.Minute)
		want := Once
		switch {
		case minutes >= 3*60 && minutes < 4*60:
			want = First
		case minutes >= 4*60 && minutes < 5*60:
			want = Second
		}
		if got := DoubledHour(at); got != want {
			t.Errorf("%s: pass %d, want %d", at, got, want)
		}
	}
	for at := time.Date(2026, 3, 28, 12, 0, 0, 0, helsinki); at.Month() < time.May; at = at.Add(15 * time.Minute) {
		if DoubledHour(at) != Once {
			t.Fatalf("%s is not doubled", at)
		}
	}
}

// A range always says enough to tell begin and end apart from any other.
func TestRangesAreDistinct(t *testing.T) {
	p := printers(t)
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC)
		draw := func(name string) [2]time.Time {
			begin := start.Add(time.Duration(rapid.IntRange(0, 4*96).Draw(t, name+" begin")) * 15 * time.Minute)
			return [2]time.Time{begin, begin.Add(time.Duration(rapid.IntRange(1, 2*96).Draw(t, name+" quarters")) * 15 * time.Minute)}
		}
		a, b := draw("a"), draw("b")
		for lang, p := range p {
			if a != b && p.Range(a[0], a[1]) == p.Range(b[0], b[1]) {
				t.Fatalf("%s: %v and %v are both %s", lang, a, b, p.Range(a[0], a[1]))
			}
		}
	})
}
