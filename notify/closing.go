package notify

import (
	"encoding/json"
	"fmt"
	"strings"

	"vuoro/ledger"
	"vuoro/web/locales"
)

// takenAway are the topics about several reservations of one person, with what
// their sentences are called.
var takenAway = map[string]string{"closing.denied": "mail.closing", "hours.cancelled": "mail.hours"}

// takenLetter tells somebody at once about all of their reservations that a
// closing or a change of hours took away.
func (w *Worker) takenLetter(p locales.Printer, m outboxMail) (letter, error) {
	key := takenAway[m.Topic]
	var many ledger.ManyFacts
	if err := json.Unmarshal(m.Payload.V, &many); err != nil || len(many.Reservations) == 0 {
		return letter{}, fmt.Errorf("the payload of %s lists no reservations: %w", m.Topic, err)
	}
	l := w.frame(p)
	l.Subject = p.T(key+".subject", "n", len(many.Reservations))
	l.Lead = p.T(key + ".lead")
	for _, f := range many.Reservations {
		room, _ := f.Resource.In(p.Lang)
		unit, _ := f.Unit.In(p.Lang)
		value := strings.Join([]string{oneLine(joined(room, unit), 200), p.Range(f.Begin, f.End)}, ", ")
		l.Facts = append(l.Facts, fact{Label: f.Number, Value: value})
	}
	if many.ReasonText != "" {
		l.QuoteTop, l.Quote = p.T("mail.message"), lines(many.ReasonText)
	}
	l.Button, l.URL = p.T("mail.open"), w.BaseURL+"/r/"+many.Reservations[0].Number
	l.After = []string{p.T("mail.denied.next")}
	return l, nil
}
