package notify

import (
	"strings"
	"testing"
	"time"

	"vuoro/ledger"
	"vuoro/web/locales"
)

func TestOneMailListsAllThatAClosingTook(t *testing.T) {
	w := pureWorker(t)
	room := locales.Texts{Fi: "Liikuntasali", Sv: "Idrottssal", En: "Gym"}
	many := ledger.ManyFacts{ReasonText: "Lattia lakataan.\nSali avataan 7.12."}
	for i, number := range []string{"V-2026-001000", "V-2026-001001"} {
		many.Reservations = append(many.Reservations, ledger.ReservationFacts{
			Number: number, Resource: room, Begin: evening.AddDate(0, 0, i), End: evening.AddDate(0, 0, i).Add(time.Hour), State: "denied",
		})
	}
	for _, told := range []struct{ topic, lang, subject string }{
		{"closing.denied", "fi", "2 varaustasi on hylätty"},
		{"closing.denied", "sv", "2 av dina bokningar är avslagna"},
		{"closing.denied", "en", "2 of your bookings were denied"},
		{"hours.cancelled", "fi", "2 varaustasi on peruttu"},
		{"hours.cancelled", "sv", "2 av dina bokningar är avbokade"},
		{"hours.cancelled", "en", "2 of your bookings were cancelled"},
	} {
		lang, want := told.lang, told.subject
		m := render(t, w, told.topic, lang, many)
		name, _ := room.In(lang)
		for _, text := range []string{"V-2026-001000:", "V-2026-001001:", name, "> Lattia lakataan.", "> Sali avataan 7.12.", "https://vuoro.example/r/V-2026-001000"} {
			if !strings.Contains(m.Text, text) {
				t.Errorf("%s: no %q in\n%s", lang, text, m.Text)
			}
		}
		if !strings.Contains(m.Subject, want) {
			t.Errorf("%s: %s", lang, m.Subject)
		}
		checkForm(t, lang, m)
	}
	if _, _, err := w.letter(outboxMail{Topic: "closing.denied"}); err == nil {
		t.Error("a mail without reservations was written")
	}
}
