package web

import (
	"testing"
	"time"

	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// TestHoursInWords says lines of hours as the lists of administrators do.
func TestHoursInWords(t *testing.T) {
	for _, c := range []struct{ lang, turn, want string }{
		{"fi", "period/week/1/2", "pe 16.00–20.00 avoinna, omatoimisesti, ilman henkilökuntaa, joka 2. viikko kauden alusta"},
		{"fi", "month/friday/-1", "pe 16.00–20.00 avoinna, omatoimisesti, ilman henkilökuntaa, kuukauden viimeinen perjantai"},
		{"sv", "month/friday/-1", "fre 16.00–20.00 öppet, självbetjäning, utan personal, månadens sista fredag"},
		{"en", "period/week/1/2", "Fri 16:00–20:00 open, self-service, without staff, every 2 weeks from the start of the period"},
	} {
		v := &visit{lang: c.lang, say: locales.New(c.lang, time.UTC)}
		turn, ok := resources.ParseTurn(c.turn)
		span := resources.WeekSpan{Weekdays: []int{5}, From: 16 * 60, To: 20 * 60, Kind: policies.Open, State: "self_service", Only: []resources.Turn{turn}}
		if got := v.spanInWords(span); !ok || got != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.lang, c.turn, got, c.want)
		}
	}
}
