package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vuoro/fault"
)

func counted(from, to int) string {
	var list []string
	for n := from; n <= to; n++ {
		if n != 0 {
			list = append(list, fmt.Sprint(n))
		}
	}
	return strings.Join(list, ",")
}

// evil are rules that keep other programs busy for ever, or make them fall.
var evil = []string{
	"FREQ=HOURLY;BYHOUR=5;INTERVAL=24", "FREQ=HOURLY;BYHOUR=5;INTERVAL=24;COUNT=3",
	"FREQ=MINUTELY;BYHOUR=5;BYMINUTE=7;INTERVAL=1440", "FREQ=SECONDLY;BYSECOND=59;INTERVAL=60;COUNT=1",
	"FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=4294967297", "FREQ=DAILY;COUNT=00000000000000000001",
	"FREQ=DAILY;INTERVAL=99999999999;COUNT=2", "FREQ=DAILY;INTERVAL=0;COUNT=2", "FREQ=WEEKLY;INTERVAL=-1;COUNT=2",
	"FREQ=DAILY;UNTIL=99991231", "FREQ=WEEKLY;UNTIL=99991231T235959Z", "FREQ=YEARLY;UNTIL=99991231", "FREQ=DAILY;UNTIL=00000101",
	"FREQ=YEARLY;INTERVAL=52;COUNT=400", "FREQ=YEARLY;INTERVAL=52;UNTIL=99991231",
	"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
	"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=400", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=51;COUNT=400",
	"FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12;BYMONTH=4;COUNT=3", "FREQ=MONTHLY;BYDAY=6MO;COUNT=1", "FREQ=MONTHLY;BYDAY=-6MO;COUNT=1",
	"FREQ=YEARLY;BYMONTH=12;BYDAY=53MO;COUNT=1", "FREQ=YEARLY;BYMONTH=1;BYDAY=-53MO;COUNT=1", "FREQ=YEARLY;BYDAY=53MO,-53MO;COUNT=400",
	"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366;COUNT=1", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-8;COUNT=1", "FREQ=DAILY;BYDAY=MO;BYSETPOS=2;COUNT=1",
	"FREQ=YEARLY;BYDAY=MO,TU,WE;BYSETPOS=" + counted(-366, 366), "FREQ=MONTHLY;BYMONTHDAY=" + counted(-31, 31) + ";BYSETPOS=" + counted(-31, 31) + ";COUNT=400",
	"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=" + counted(1, 30), "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4;BYSETPOS=" + counted(-366, 366) + ";COUNT=1",
	"FREQ=WEEKLY;BYDAY=" + longList + ";COUNT=1", "FREQ=MONTHLY;COUNT=1;BYMONTHDAY=" + strings.Repeat("1,", 2000) + "1", "FREQ=MONTHLY;COUNT=1;BYMONTHDAY=" + counted(1, 20000),
	strings.Repeat(";", 4096), strings.Repeat("=", 4096), "FREQ", "FREQ=", "=", "=;=", "FREQ=DAILY;COUNT", "\x00", "FREQ=DAILY\r\nX:1;COUNT=1", "RRULE:FREQ=DAILY;COUNT=1",
}

// R4: any text is answered within a budget that is known before the work
// begins, from any year on, or refused with what is wrong.
func TestEvilRulesAreAnsweredWithinTheBudget(t *testing.T) {
	codes := map[string]int{}
	for _, text := range evil {
		for _, first := range []Date{{1, 1, 1}, {1600, 2, 29}, {1997, 9, 2}, {2026, 11, 23}, {9799, 12, 31}, {9999, 12, 31}} {
			r, err := ParseImportedRule(text)
			if err == nil {
				_, err = Recurrence{First: first, Span: Span{From: 60, To: 120}, Rule: r}.Expand()
			}
			if err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%.60s from %s: %v", text, first, err)
			}
			code := fault.Code(err)
			if heavy := !r.IsZero() && r.steps(first.Year+yearShift(first.Year)) > maxSteps; heavy != (code == "calendar.rule_too_heavy") {
				t.Errorf("%.60s from %s: %v", text, first, err)
			}
			codes[code]++
		}
	}
	t.Logf("%d rules from 6 years: %v", len(evil), codes)
	if codes["calendar.rule_too_heavy"] == 0 || codes["calendar.rule_empty"] == 0 || codes[""] == 0 {
		t.Error("the list has lost a kind of evil")
	}
}

// The budget is kept by the calendar that a rule is worked out in: its end is
// never further away than cycle and room, and every period is looked at once,
// and once more for each position.
func TestTheDearestRuleCostsNoMoreThanTheBudget(t *testing.T) {
	daily := Rule{frequency: Daily, interval: 1}
	for year := 1; year <= 9999; year++ {
		shifted := year + yearShift(year)
		if left := endYear - shifted; left >= cycleYears+roomYears || left < roomYears && year+roomYears <= endYear || (shifted-year)%cycleYears != 0 {
			t.Fatalf("year %d is worked out in %d", year, shifted)
		}
		if daily.steps(shifted) > maxSteps/15 {
			t.Fatalf("a daily rule of year %d costs %d steps", year, daily.steps(shifted))
		}
	}
	many := Rule{frequency: Daily, interval: 1, days: []RuleDay{{0, Monday}}, positions: make([]int, 400), weekStart: Monday}
	if _, err := many.walk(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC, nil); fault.Code(err) != "calendar.rule_too_heavy" {
		t.Error(err)
	}
}

// A panic of the library is an error of ours, not the end of the program.
func TestAPanicInsideIsAnError(t *testing.T) {
	broken := Rule{frequency: Yearly, interval: 1, months: []int{12}, days: []RuleDay{{53, Monday}}, weekStart: Monday}
	_, err := broken.walk(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC, func(time.Time) bool { return true })
	if fault.Code(err) != "internal" {
		t.Error(err)
	}
}
