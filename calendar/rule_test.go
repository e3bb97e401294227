package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vuoro/fault"
)

func TestRulesAreReadIntoNormalForm(t *testing.T) {
	for text, want := range map[string]string{
		"FREQ=WEEKLY;COUNT=10;BYDAY=TU":                     "FREQ=WEEKLY;COUNT=10;BYDAY=TU",
		"freq=weekly;byday=th,tu,th;until=20261130;":        "FREQ=WEEKLY;UNTIL=20261130;BYDAY=TU,TH",
		"BYDAY=-1FR,1MO,+3WE;COUNT=012;FREQ=MONTHLY":        "FREQ=MONTHLY;COUNT=12;BYDAY=-1FR,1MO,3WE",
		"FREQ=DAILY;INTERVAL=1;UNTIL=20261130T215959Z":      "FREQ=DAILY;UNTIL=20261130T215959Z",
		"FREQ=MONTHLY;BYMONTHDAY=15,-1,1;COUNT=3":           "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1,1,15",
		"FREQ=MONTHLY;BYDAY=2MO,WE;COUNT=3":                 "FREQ=MONTHLY;COUNT=3;BYDAY=1WE,2MO,2WE,3WE,4WE,5WE",
		"FREQ=WEEKLY;WKST=SU;INTERVAL=2;COUNT=3;BYMONTH=9":  "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYMONTH=9;WKST=SU",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1,1;COUNT=3": "FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE;BYSETPOS=-1,1",
	} {
		got := rule(t, text)
		if got.String() != want {
			t.Errorf("%s reads as %s, want %s", text, got, want)
		}
		if again := rule(t, got.String()); !again.Equal(got) {
			t.Errorf("%s reads back as %s", got, again)
		}
	}
	if text := (Rule{}).String(); text != "" || !(Rule{}).IsZero() {
		t.Errorf("the zero rule is %q", text)
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	for text, code := range map[string]string{
		"":                                      "unreadable",
		"COUNT=3":                               "unreadable",
		"FREQ=WEEKLY;COUNT=3;COUNT=4":           "unreadable",
		"FREQ=WEEKLY;;COUNT=3":                  "unreadable",
		"FREQ=WEEKLY; COUNT=3":                  "unreadable",
		"FREQ=WEEKLY;COUNT=3;X-WR=1":            "",
		"FREQ=FORTNIGHTLY;COUNT=3":              "unreadable",
		"FREQ=WEEKLY;COUNT=3;BYDAY=":            "unreadable",
		"FREQ=WEEKLY;COUNT=3;BYDAY=XX":          "unreadable",
		"FREQ=WEEKLY;COUNT=3;BYMONTH=13":        "unreadable",
		"FREQ=MONTHLY;COUNT=3;BYMONTHDAY=0":     "unreadable",
		"FREQ=MONTHLY;COUNT=3;BYMONTHDAY=32":    "unreadable",
		"FREQ=MONTHLY;COUNT=3;BYDAY=0MO":        "unreadable",
		"FREQ=WEEKLY;UNTIL=20261301":            "unreadable",
		"FREQ=WEEKLY;UNTIL=00000101":            "unreadable",
		"FREQ=WEEKLY;UNTIL=2026-11-30":          "unreadable",
		"FREQ=MONTHLY;COUNT=3;BYDAY=6MO":        "unfit",
		"FREQ=WEEKLY;COUNT=3;BYDAY=1MO":         "unfit",
		"FREQ=WEEKLY;COUNT=3;BYMONTHDAY=1":      "unfit",
		"FREQ=WEEKLY;COUNT=3;BYSETPOS=1":        "unfit",
		"FREQ=WEEKLY;COUNT=3;BYWEEKNO=1":        "part",
		"FREQ=DAILY;COUNT=3;BYHOUR=5":           "part",
		"FREQ=MONTHLY;COUNT=3;BYYEARDAY=1":      "part",
		"FREQ=HOURLY;COUNT=3":                   "frequency",
		"FREQ=SECONDLY;COUNT=3":                 "frequency",
		"FREQ=YEARLY;COUNT=3":                   "frequency",
		"FREQ=WEEKLY":                           "endless",
		"FREQ=WEEKLY;COUNT=0":                   "count",
		"FREQ=WEEKLY;COUNT=-1":                  "count",
		"FREQ=WEEKLY;COUNT=401":                 "count",
		"FREQ=WEEKLY;COUNT=many":                "count",
		"FREQ=WEEKLY;INTERVAL=0;COUNT=3":        "interval",
		"FREQ=WEEKLY;INTERVAL=53;COUNT=3":       "interval",
		"FREQ=DAILY;INTERVAL=2;COUNT=3":         "daily_interval",
		"FREQ=WEEKLY;COUNT=3;UNTIL=20261130":    "count_and_until",
		"FREQ=YEARLY;BYMONTHDAY=1;COUNT=3":      "needs_month",
		"FREQ=WEEKLY;INTERVAL=99999999999":      "interval",
		"FREQ=WEEKLY;COUNT=٣":                   "count",
		"FREQ=WEEKLY;COUNT=3;BYDAY=" + longList: "too_long",
	} {
		if code == "" {
			code = "unreadable"
		}
		if _, err := ParseRule(text); fault.Code(err) != "calendar.rule_"+code || !fault.Is(err, fault.Invalid) {
			t.Errorf("%.80s: %v, want %s", text, err, code)
		}
	}
}

var longList = strings.Repeat("MO,", 100<<10/3) + "MO"

// A refusal shows what was typed, but not more of it than fits in a sentence.
func TestARefusalShowsTheUnreadablePartShortened(t *testing.T) {
	_, err := ParseRule("FREQ=WEEKLY;COUNT=3;BYDAY=MO,\r\nX" + strings.Repeat("ä", 100))
	part := fmt.Sprint(fault.As(err).Params["part"])
	if !strings.HasPrefix(part, "BYDAY=MO,") || len([]rune(part)) > 41 || strings.ContainsAny(part, "\r\n") {
		t.Errorf("%q", part)
	}
}

func TestImportedRulesMayHaveNoEndAndYears(t *testing.T) {
	for _, text := range []string{"FREQ=YEARLY", "FREQ=YEARLY;BYDAY=20MO", "FREQ=DAILY;INTERVAL=3;COUNT=2", "FREQ=WEEKLY;BYDAY=MO"} {
		if r, err := ParseImportedRule(text); err != nil || r.String() != text {
			t.Errorf("%s reads as %s, %v", text, r, err)
		}
	}
	for _, text := range []string{"FREQ=YEARLY;BYMONTH=9;BYDAY=20MO", "FREQ=YEARLY;BYDAY=54MO"} {
		if r, err := ParseImportedRule(text); err == nil {
			t.Errorf("%s reads as %s", text, r)
		}
	}
}

func TestARuleSaysWhatItHolds(t *testing.T) {
	r := rule(t, "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;BYMONTH=9,10;UNTIL=20261130T215959Z")
	if r.Frequency() != Monthly || r.Interval() != 2 || r.Count() != 0 || !slices.Equal(r.Months(), []int{9, 10}) {
		t.Errorf("%+v", r)
	}
	if days := r.Days(); !slices.Equal(days, []RuleDay{{-1, Friday}}) {
		t.Errorf("%v", days)
	}
	if until := r.Until(zone(t, "Europe/Helsinki")); until != date(t, "2026-11-30") {
		t.Errorf("until %s", until)
	}
	if until := r.Until(zone(t, "Pacific/Auckland")); until != date(t, "2026-12-01") {
		t.Errorf("until %s", until)
	}
	if got := rule(t, "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3;BYSETPOS=1"); !slices.Equal(got.MonthDays(), []int{-1}) ||
		!slices.Equal(got.Positions(), []int{1}) || got.Count() != 3 || !got.Until(nil).IsZero() {
		t.Errorf("%+v", got)
	}
}

// What a series is split with.
func TestTheSameRuleWithAnotherEnd(t *testing.T) {
	r := rule(t, "FREQ=WEEKLY;INTERVAL=2;COUNT=10")
	if got := r.EndingOn(date(t, "2026-11-30")).String(); got != "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261130" {
		t.Error(got)
	}
	if got := r.EndingOn(date(t, "2026-11-30")).Times(4).String(); got != "FREQ=WEEKLY;INTERVAL=2;COUNT=4" {
		t.Error(got)
	}
	if r.Count() != 10 {
		t.Error("the rule itself changed")
	}
	for first, want := range map[string]string{
		"FREQ=WEEKLY;COUNT=3":              "FREQ=WEEKLY;COUNT=3;BYDAY=MO",
		"FREQ=WEEKLY;COUNT=3;BYDAY=FR":     "FREQ=WEEKLY;COUNT=3;BYDAY=FR",
		"FREQ=MONTHLY;COUNT=3":             "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=30",
		"FREQ=MONTHLY;COUNT=3;BYMONTH=1,3": "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=30",
		"FREQ=DAILY;COUNT=3":               "FREQ=DAILY;COUNT=3",
		"FREQ=YEARLY":                      "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30",
	} {
		r, err := ParseImportedRule(first)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Anchored(date(t, "2026-11-30")).String(); got != want {
			t.Errorf("%s anchored is %s, want %s", first, got, want)
		}
	}
}
