package notify

import (
	"strings"
	"testing"
	"time"

	"vuoro/ledger"
	"vuoro/web/locales"
)

func seriesOf(n int) ledger.SeriesFacts {
	sum := 124000
	f := ledger.SeriesFacts{
		Number: "S-2026-0012", Resource: locales.Texts{Fi: "Liikuntasali", Sv: "Idrottssal", En: "Gym"},
		Unit: locales.Texts{Fi: "Esimerkkikoulu", Sv: "Exempelskolan", En: "Example School"}, Title: "Kuoro <ilta>", HolderName: "Esimerkkikuoro ry",
		State: "confirmed", PriceCents: &sum, ReasonText: "Lattia lakataan.",
	}
	for i := range n {
		f.Dates = append(f.Dates, ledger.SeriesDateFacts{Begin: evening.AddDate(0, 0, 7*i), End: evening.AddDate(0, 0, 7*i).Add(time.Hour)})
	}
	f.Dates[1].Resource = locales.Texts{Fi: "Juhlasali", Sv: "Festsal", En: "Hall"}
	f.Left = []ledger.SeriesDateFacts{{Begin: evening, End: evening.Add(time.Hour), Code: "series.conflict.reservation"}}
	return f
}

func TestOneMailTellsOfASeries(t *testing.T) {
	w := pureWorker(t)
	for _, event := range []string{"confirmed", "requested", "changed", "denied", "cancelled", "request_received", "booked"} {
		for lang, want := range map[string][]string{
			"fi": {"Juhlasali", "ja 5 muuta", "Aika on jo varattu"}, "sv": {"Festsal", "och 5 till", "redan bokad"}, "en": {"Hall", "and 5 more", "already"},
		} {
			f := seriesOf(datesListed + 5)
			m := render(t, w, "series."+event, lang, f)
			checkForm(t, event+" "+lang, m)
			for _, text := range append(want, "https://vuoro.example/r/S-2026-0012", "S-2026-0012", "> Lattia lakataan.") {
				if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), text) {
					t.Errorf("%s %s: no %q in\n%s", event, lang, text, m.Text)
				}
			}
			if n := strings.Count(m.Text, "\n  - "); n != datesListed+2 {
				t.Errorf("%s %s: %d lines", event, lang, n)
			}
			if !strings.Contains(m.HTML, "Kuoro &lt;ilta&gt;") || strings.Count(m.HTML, "<li>") != datesListed+2 {
				t.Errorf("%s %s: the HTML does not say the same", event, lang)
			}
		}
	}
	staff := seriesOf(3)
	staff.ByStaff = true
	if a, b := render(t, w, "series.cancelled", "fi", staff).Subject, render(t, w, "series.cancelled", "fi", seriesOf(3)).Subject; a == b || !strings.Contains(a, "3 kertaa") {
		t.Errorf("by staff: %q, by the holder: %q", a, b)
	}
	if _, _, err := w.letter(outboxMail{Topic: "series.confirmed"}); err == nil {
		t.Error("a mail without dates was written")
	}
}
