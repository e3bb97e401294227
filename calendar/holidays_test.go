package calendar

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rickar/cal/v2/fi"
)

func TestHolidaysAsPublished(t *testing.T) {
	file, err := os.Open("testdata/holidays-fi-2024-2028.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var want, got []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "#") {
			want = append(want, lines.Text())
		}
	}
	for year := 2024; year <= 2028; year++ {
		for _, h := range Holidays(year) {
			got = append(got, fmt.Sprintf("%s %s %s", h.Date, h.Key, map[bool]string{true: "o", false: "c"}[h.Official]))
		}
	}
	if len(want) != 75 || !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// An independent table of the same rules, over more years than the facts have.
func TestHolidaysAgreeWithAnotherTable(t *testing.T) {
	for year := 1992; year <= 2199; year++ {
		var want []string
		for _, h := range fi.Holidays {
			actual, _ := h.Calc(year)
			want = append(want, fmt.Sprintf("%s %s", dateOf(actual), h.Name))
		}
		var got []string
		for _, h := range Holidays(year) {
			got = append(got, fmt.Sprintf("%s %s", h.Date, h.Names.Fi))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", year, got, want)
		}
	}
}

func TestScenario54_HolidaysThatCloseWithoutAnEntry(t *testing.T) {
	for day, key := range map[string]string{
		"2024-12-06": "holiday.itsenaisyyspaiva", "2024-12-25": "holiday.joulupaiva",
		"2024-06-21": "holiday.juhannusaatto", "2024-03-29": "holiday.pitkaperjantai",
		"2038-04-25": "holiday.paasiaispaiva", // the latest Easter there can be
	} {
		found := HolidaysOn(date(t, day))
		if len(found) != 1 || found[0].Key != key {
			t.Errorf("%s: %v, want %s", day, found, key)
		}
	}
	if found := HolidaysOn(date(t, "2024-12-05")); len(found) != 0 {
		t.Errorf("an ordinary Thursday: %v", found)
	}
}

func TestTwoHolidaysOnOneDay(t *testing.T) {
	found := HolidaysOn(date(t, "2008-05-01"))
	if len(found) != 2 || found[0].Key != "holiday.vappu" || found[1].Key != "holiday.helatorstai" {
		t.Errorf("1 May 2008: %v", found)
	}
}

func TestHolidayKeysAndNames(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range Holidays(2024) {
		if seen[h.Key] || !strings.HasPrefix(h.Key, "holiday.") {
			t.Errorf("key %q", h.Key)
		}
		seen[h.Key] = true
		if h.Names.Fi == "" || h.Names.Sv == "" || h.Names.En == "" {
			t.Errorf("%s lacks a name: %+v", h.Key, h.Names)
		}
	}
}
