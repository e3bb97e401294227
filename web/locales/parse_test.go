package locales

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"vuoro/fault"
)

func TestParseDate(t *testing.T) {
	today := time.Date(2026, 11, 23, 23, 30, 0, 0, zone(t, "Europe/Helsinki")) // a Monday
	for text, want := range map[string]string{
		"23.11.2026": "2026-11-23", "23.11.": "2026-11-23", "23.11": "2026-11-23", " 1.12. ": "2026-12-01",
		"22.11.": "2027-11-22", "23/11/2026": "2026-11-23", "23/11": "2026-11-23", "2026-11-23": "2026-11-23",
		"23 11 2026": "2026-11-23", "23112026": "2026-11-23", "20261123": "2026-11-23", "231126": "2026-11-23", "2311": "2026-11-23",
		"23.11.26": "2026-11-23", "23-11-2026": "2026-11-23", "1.1.": "2027-01-01", "29.2.": "2028-02-29",
		"tänään": "2026-11-23", "Tänään": "2026-11-23", "idag": "2026-11-23", "i dag": "2026-11-23", "today": "2026-11-23",
		"huomenna": "2026-11-24", "imorgon": "2026-11-24", "i morgon": "2026-11-24", "Tomorrow": "2026-11-24", "ylihuomenna": "2026-11-25",
		"ma": "2026-11-23", "ti": "2026-11-24", "ke": "2026-11-25", "to": "2026-11-26", "pe": "2026-11-27", "la": "2026-11-28", "su": "2026-11-29",
		"mån": "2026-11-23", "tis": "2026-11-24", "ons": "2026-11-25", "tors": "2026-11-26", "fre": "2026-11-27", "lör": "2026-11-28", "sön": "2026-11-29",
		"mon": "2026-11-23", "Tuesday": "2026-11-24", "wed": "2026-11-25", "thu": "2026-11-26", "Fri": "2026-11-27", "sat": "2026-11-28", "sunday": "2026-11-29",
		"maanantaina": "2026-11-23", "perjantaina": "2026-11-27", "torsdagen": "2026-11-26",
		"ma 23.11.2026": "2026-11-23", "ma 24.11.": "2026-11-24", "mån 23.11.2026": "2026-11-23", "Mon 23 Nov 2026": "2026-11-23",
		"23. marraskuuta 2026": "2026-11-23", "24 november": "2026-11-24", "Nov 24": "2026-11-24", "1 mars": "2027-03-01", "6 dec": "2026-12-06", "1 mar": "2027-03-01", "1 marras": "2027-11-01",
		"maanantai 23.11.2026": "2026-11-23", "Monday 23 November 2026": "2026-11-23",
	} {
		y, m, d, err := ParseDate(text, today)
		if got := fmt.Sprintf("%04d-%02d-%02d", y, m, d); err != nil || got != want {
			t.Errorf("%q: %s %v, want %s", text, got, err, want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"", "   ", "x", "m", "31.2.2026", "29.2.2026", "32.1.", "0.1.2026", "1.0.2026", "1.13.2026", "23.11.1899", "23.11.2200", "23.11.12026",
		"23..", "11", "1.1.2026.5", "2026-11", "23:11:2026", "<script>", "23.11.2026\r\nX: y", "23.11.2026\x00", "٢٣.١١.٢٠٢٦",
		"23.111.2026", "023.11.2026", "ma ma", "ma ti 23.11.", strings.Repeat("1", 61), strings.Repeat("å", 40), "ma\u202e",
	} {
		_, _, _, err := ParseDate(text, today)
		if fault.Code(err) != "search.bad_date" || !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
		if value, _ := fault.As(err).Params["value"].(string); utf8.RuneCountInString(value) > longestInput {
			t.Errorf("%q: the value of the sentence is too long", text)
		}
	}
}

// What a page prints can be typed back in.
func TestPrintedDatesParseBack(t *testing.T) {
	p := printers(t)
	rapid.Check(t, func(t *rapid.T) {
		helsinki := p["fi"].Zone
		day := time.Date(2020, 1, 1, 12, 0, 0, 0, helsinki).AddDate(0, 0, rapid.IntRange(0, 20000).Draw(t, "day"))
		today := time.Date(2026, 11, 23, 12, 0, 0, 0, helsinki)
		for lang, p := range p {
			for _, text := range []string{p.Date(day), p.LongDate(day), p.DayMonthYear(day), day.Format(time.DateOnly)} {
				y, m, d, err := ParseDate(text, today)
				if err != nil || y != day.Year() || m != day.Month() || d != day.Day() {
					t.Fatalf("%s %q: %d-%d-%d %v", lang, text, y, m, d, err)
				}
			}
			y, m, d, err := ParseDate(p.DayMonth(day), today)
			parsed := time.Date(y, m, d, 12, 0, 0, 0, helsinki)
			if err != nil || m != day.Month() || d != day.Day() || parsed.Before(today) {
				t.Fatalf("%s %q: %d-%d-%d %v", lang, p.DayMonth(day), y, m, d, err)
			}
		}
	})
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]int{
		"17": 1020, "17.30": 1050, "1730": 1050, "17:30": 1050, "9": 540, "09": 540, "9.15": 555, "915": 555, "0915": 555, "0": 0, "00.00": 0,
		"24": 1440, "24.00": 1440, "klo 17.30": 1050, "klo 9": 540, "kl. 17:30": 1050, "kl 17": 1020, " 17.30 ": 1050, "5 pm": 1020, "5:30pm": 1050, "12 am": 0, "12pm": 720,
	} {
		if got, err := ParseTime(text); err != nil || got != want {
			t.Errorf("%q: %d %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "x", "25", "24.01", "17.60", "17.3", "17.300", "1.7.30", "17:3", "-1", "+5", "17 30 5", "99999", ".30", "17.", "13 pm", "0 am", "１７",
		strings.Repeat("1", 100),
	} {
		if got, err := ParseTime(text); fault.Code(err) != "search.bad_time" {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
}

func TestPrintedTimesParseBack(t *testing.T) {
	for lang, p := range printers(t) {
		for minutes := range 24*60 + 1 {
			if got, err := ParseTime(p.Clock(minutes)); err != nil || got != minutes {
				t.Fatalf("%s %q: %d %v", lang, p.Clock(minutes), got, err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"23.11.2026", "tänään", "ma 1.1.", "17.30", "klo 9", "2026-11-23", "Nov 23", "12 am", "\xff", "å"} {
		f.Add(seed)
	}
	today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		y, m, d, err := ParseDate(text, today)
		if err == nil && (!exists(y, m, d) || y < 1900 || y > 2199) {
			t.Fatalf("%q: %d-%d-%d does not exist", text, y, m, d)
		}
		if minutes, err := ParseTime(text); err == nil && (minutes < 0 || minutes > 1440) {
			t.Fatalf("%q: %d minutes", text, minutes)
		}
	})
}

func TestShorten(t *testing.T) {
	if got := Shorten("åäö", 3); got != "åäö" {
		t.Error(got)
	}
	if got := Shorten("åäöx", 3); got != "åä…" {
		t.Error(got)
	}
}
