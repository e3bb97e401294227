package booking_test

import (
	"testing"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/web/locales"
)

func TestASeriesIsSaidInASentence(t *testing.T) {
	for text, want := range map[string][3]string{
		"FREQ=WEEKLY;UNTIL=20261130": {
			"joka tiistai 18.00–20.00, 1.9.2026–24.11.2026", "varje tisdag kl. 18.00–20.00, 1.9.2026–24.11.2026",
			"every Tuesday 18:00–20:00, 1 Sep 2026 – 24 Nov 2026",
		},
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4": {
			"joka toinen viikko ti ja to 18.00–20.00, 1.9.2026–17.9.2026", "varannan vecka tis och tors kl. 18.00–20.00, 1.9.2026–17.9.2026",
			"every other week on Tue and Thu 18:00–20:00, 1 Sep 2026 – 17 Sep 2026",
		},
		"FREQ=MONTHLY;BYDAY=1MO;COUNT=3": {
			"kuukauden 1. maanantai 18.00–20.00, 7.9.2026–2.11.2026", "den första måndagen i månaden kl. 18.00–20.00, 7.9.2026–2.11.2026",
			"the first Monday of the month 18:00–20:00, 7 Sep 2026 – 2 Nov 2026",
		},
		"FREQ=MONTHLY;BYDAY=-1FR;COUNT=3": {
			"kuukauden viimeinen perjantai 18.00–20.00, 25.9.2026–27.11.2026", "den sista fredagen i månaden kl. 18.00–20.00, 25.9.2026–27.11.2026",
			"the last Friday of the month 18:00–20:00, 25 Sep 2026 – 27 Nov 2026",
		},
		"FREQ=DAILY;COUNT=3": {
			"joka päivä 18.00–20.00, 1.9.2026–3.9.2026", "varje dag kl. 18.00–20.00, 1.9.2026–3.9.2026",
			"every day 18:00–20:00, 1 Sep 2026 – 3 Sep 2026",
		},
	} {
		rule, err := calendar.ParseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		said := booking.Repetition(calendar.Recurrence{
			First: calendar.Date{Year: 2026, Month: 9, Day: 1}, Span: calendar.Span{From: 1080, To: 1200}, Rule: rule,
		})
		for i, lang := range locales.Languages {
			if got := locales.New(lang, nil).Repetition(said); got != want[i] {
				t.Errorf("%s: %q, want %q", text, got, want[i])
			}
		}
	}
}
