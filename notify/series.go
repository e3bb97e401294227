package notify

import (
	"encoding/json"
	"fmt"

	"vuoro/ledger"
	"vuoro/web/locales"
)

// datesListed is how many dates of a series a letter names.
const datesListed = 60

// seriesLetter tells once what happened to which dates of a series.
func (w *Worker) seriesLetter(p locales.Printer, event string, m outboxMail) (letter, error) {
	var f ledger.SeriesFacts
	if err := json.Unmarshal(m.Payload.V, &f); err != nil || f.Number == "" || len(f.Dates) == 0 {
		return letter{}, fmt.Errorf("the payload of %s lists no dates: %w", m.Topic, err)
	}
	key := "mail.series." + event
	if event == "cancelled" && f.ByStaff {
		key = "mail.series.cancelled_by_staff"
	}
	room, roomLang := f.Resource.In(p.Lang)
	unit, unitLang := f.Unit.In(p.Lang)
	l := w.frame(p)
	l.Subject = p.T(key+".subject", "room", oneLine(room, 60), "n", len(f.Dates))
	l.Lead = p.T(key + ".lead")
	add := func(key, value, lang string) {
		if value = oneLine(value, 300); value != "" {
			if lang == p.Lang {
				lang = ""
			}
			l.Facts = append(l.Facts, fact{Label: p.T("mail.fact." + key), Value: value, Lang: lang})
		}
	}
	add("room", room, roomLang)
	add("place", joined(unit, f.Address), unitLang)
	add("title", f.Title, "")
	if toStaff(event) {
		add("holder", f.HolderName, "")
	}
	if f.PriceCents != nil && (f.State == "confirmed" || f.State == "requested") {
		add("price", price(p, *f.PriceCents), "")
	}
	if event == "denied" || event == "cancelled" {
		add("reason", reason(p, f.ReasonCode), "")
	}
	add("number", f.Number, "")
	l.Lists = append(l.Lists, dateList(p, p.T("mail.series.dates"), f.Dates))
	if len(f.Left) > 0 {
		l.Lists = append(l.Lists, dateList(p, p.T("mail.series.left"), f.Left))
	}
	if f.ReasonText != "" {
		l.QuoteTop, l.Quote = p.T("mail.message"), lines(f.ReasonText)
	}
	l.Button, l.URL = p.T("mail.series.open"), w.BaseURL+"/r/"+f.Number
	l.After = []string{p.T(key + ".next")}
	return l, nil
}

func toStaff(event string) bool { return event == "request_received" || event == "booked" }

// dateList names the dates of a series, each with the room where that is
// another and with why it was not made, and how many more there are.
func dateList(p locales.Printer, title string, dates []ledger.SeriesDateFacts) list {
	l := list{Title: title}
	for _, d := range dates[:min(datesListed, len(dates))] {
		room, _ := d.Resource.In(p.Lang)
		item := joined(p.Range(d.Begin, d.End), oneLine(room, 60))
		if d.Code != "" && locales.Has(d.Code) {
			item += ": " + p.T(d.Code, d.Params)
		}
		l.Items = append(l.Items, item)
	}
	if more := len(dates) - datesListed; more > 0 {
		l.Items = append(l.Items, p.T("mail.series.more", "n", more))
	}
	return l
}
