package calendar_test

import (
	"strings"
	"testing"

	"vuoro/calendar"
	"vuoro/web/locales"
)

// Every refusal is a sentence in each language, with its values in it.
func TestRefusalsOfRulesAreSentences(t *testing.T) {
	series := calendar.Recurrence{First: day(t, "2026-11-23"), Span: calendar.Span{From: 1080, To: 1200}, Last: day(t, "2028-11-22")}
	for text, value := range map[string]string{
		"FREQ=WEEKLY;COUNT=3;BYDAY=XX":                                    "BYDAY=XX",
		"FREQ=WEEKLY;COUNT=3;BYWEEKNO=4":                                  "BYWEEKNO",
		"FREQ=WEEKLY;COUNT=3;BYDAY=1MO":                                   "BYDAY=1MO",
		"FREQ=HOURLY;COUNT=3":                                             "HOURLY",
		"FREQ=WEEKLY":                                                     "400",
		"FREQ=WEEKLY;COUNT=900":                                           "900",
		"FREQ=WEEKLY;INTERVAL=60;COUNT=1":                                 "60",
		"FREQ=DAILY;INTERVAL=8;COUNT=3":                                   "8",
		"FREQ=WEEKLY;COUNT=3;UNTIL=20261225":                              "2026",
		"FREQ=YEARLY;BYMONTHDAY=7;COUNT=1":                                "BYMONTHDAY=7",
		"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1":                    "",
		"FREQ=WEEKLY;UNTIL=20261101":                                      "2026",
		"FREQ=WEEKLY;UNTIL=20291101":                                      "2029",
		"FREQ=DAILY;UNTIL=20281001":                                       "400",
		"FREQ=DAILY;COUNT=1;BYDAY=MO" + strings.Repeat(",MO", 2000):       "096",
		"FREQ=DAILY;COUNT=1;BYDAY=MO;BYSETPOS=" + strings.Repeat("1,", 9): "BYSETPOS",
	} {
		rule, err := calendar.ParseRule(text)
		if err == nil {
			series.Rule = rule
			_, err = series.Expand()
		}
		if err == nil {
			t.Errorf("%.40s is not refused", text)
			continue
		}
		for _, lang := range locales.Languages {
			sentence := locales.New(lang, nil).Fault(err)
			if !strings.Contains(sentence, value) || !strings.HasSuffix(sentence, ".") || len(strings.Fields(sentence)) < 6 {
				t.Errorf("%.40s: %s", text, sentence)
			}
		}
	}
}
