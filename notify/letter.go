package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// letter is what a mail says, before it becomes text and HTML. Its strings are
// cleaned: one line each, but for Quote.
type letter struct {
	Subject  string
	Hello    string
	Lead     string
	Facts    []fact
	Lists    []list
	QuoteTop string
	Quote    []string // lines of somebody's own words
	Button   string
	URL      string
	After    []string // paragraphs below the button
	Second   string   // what a second address is for; "" = there is none
	SecondAt string
	Regards  string
	Site     string
	Foot     []string
}

// fact is a line of a letter. Lang is set when the value is in another language
// than the letter.
type fact struct{ Label, Value, Lang string }

// list is several lines under a title.
type list struct {
	Title string
	Items []string
}

// letter writes what a row of the outbox says. The facts are nil when it is
// not about a reservation.
func (w *Worker) letter(m outboxMail) (letter, *ledger.ReservationFacts, error) {
	p := locales.New(m.Language, w.Zone)
	kind, event, _ := strings.Cut(m.Topic, ".")
	switch {
	case kind == "sign_in":
		l, err := w.signInLetter(p, event, m)
		return l, nil, err
	case takenAway[m.Topic] != "":
		l, err := w.takenLetter(p, m)
		return l, nil, err
	case kind == "series" && locales.Has("mail.series."+event+".lead"):
		l, err := w.seriesLetter(p, event, m)
		return l, nil, err
	case kind != "reservation" && kind != "waiting" || !locales.Has("mail."+event+".lead"):
		return letter{}, nil, fmt.Errorf("nobody knows how to write a mail of the topic %q", m.Topic)
	}
	var facts ledger.ReservationFacts
	if err := json.Unmarshal(m.Payload.V, &facts); err != nil {
		return letter{}, nil, fmt.Errorf("payload of %s: %w", m.Topic, err)
	}
	if facts.Number == "" || facts.Begin.IsZero() || facts.End.IsZero() {
		return letter{}, nil, fmt.Errorf("the payload of %s has no number or time", m.Topic)
	}
	return w.reservationLetter(p, event, facts), &facts, nil
}

func (w *Worker) reservationLetter(p locales.Printer, event string, f ledger.ReservationFacts) letter {
	key := "mail." + event
	switch {
	case event == "cancelled" && f.ByStaff:
		key = "mail.cancelled_by_staff"
	case event == "no_show" && f.ByStaff:
		key = "mail.no_show_by_staff"
	case event == "moved" && f.State == "requested":
		key = "mail.moved_request"
	}
	room, _ := f.Resource.In(p.Lang)
	l := w.frame(p)
	l.Subject = p.T(key+".subject", "room", oneLine(room, 60), "when", p.ShortRange(f.Begin, f.End))
	l.Lead = p.T(key+".lead", "till", f.AnswerBy)
	l.Facts = w.facts(p, event, f)
	l.After = []string{p.T(key + ".next")}
	l.Button, l.URL = p.T("mail.open"), w.BaseURL+"/r/"+f.Number
	switch event {
	case "request_received":
		l.Button, l.URL = p.T("mail.decide"), w.BaseURL+"/work/reservations/"+f.Number
		if f.FreeReason != "" {
			l.QuoteTop, l.Quote = p.T("mail.free_reason"), lines(f.FreeReason)
		}
	case "offer":
		l.Button, l.URL = p.T("mail.answer"), w.BaseURL+"/w/"+f.Wait
	case "offer_expired":
		l.Button, l.URL = p.T("mail.open_wait"), w.BaseURL+"/w/"+f.Wait
	case "booked":
		l.URL = w.BaseURL + "/work/reservations/" + f.Number
	}
	if f.FromLine && (event == "confirmed" || event == "requested") {
		l.Lead += " " + p.T("mail.from_line")
	}
	if event == "confirmed" && !f.CancelTill.IsZero() {
		l.After = append(l.After, p.T("mail.cancel_till", "till", f.CancelTill))
		if !f.FreeTill.IsZero() {
			l.After = append(l.After, p.T("fee.from", "till", f.FreeTill, "cents", f.LateCents))
		}
	}
	if event == "confirmed" || event == "moved" {
		if !f.CheckInTill.IsZero() {
			l.After = append(l.After, p.T("mail.check_in", "opens", f.CheckInFrom, "till", f.CheckInTill))
		}
		w.offerGiveBack(p, &l, f)
	}
	if f.ReasonText != "" && (event == "denied" || event == "cancelled") {
		l.QuoteTop, l.Quote = p.T("mail.message"), lines(f.ReasonText)
	}
	return l
}

// offerGiveBack adds the address by which the reader gives a reservation back
// in one tap. It is made at the last moment, so that no table ever holds it.
func (w *Worker) offerGiveBack(p locales.Printer, l *letter, f ledger.ReservationFacts) {
	uid, err := uuid.Parse(f.UID)
	if err != nil || f.GiveBack == uuid.Nil || f.CancelTill.IsZero() {
		return
	}
	l.Second, l.SecondAt = p.T("mail.give_back"), w.BaseURL+"/give-back/"+w.Secrets.GiveBackToken(uid, f.GiveBack)
}

// facts lists what is known, in the order in which people ask.
func (w *Worker) facts(p locales.Printer, event string, f ledger.ReservationFacts) []fact {
	var list []fact
	add := func(key, value, lang string) {
		if value = oneLine(value, 300); value != "" {
			if lang == p.Lang {
				lang = ""
			}
			list = append(list, fact{Label: p.T("mail.fact." + key), Value: value, Lang: lang})
		}
	}
	room, roomLang := f.Resource.In(p.Lang)
	unit, unitLang := f.Unit.In(p.Lang)
	add("room", room, roomLang)
	add("place", joined(unit, f.Address), unitLang)
	if f.OldBegin.IsZero() {
		add("when", p.Range(f.Begin, f.End), "")
	} else {
		add("was", p.Range(f.OldBegin, f.OldEnd), "")
		add("now", p.Range(f.Begin, f.End), "")
		oldRoom, oldLang := f.OldResource.In(p.Lang)
		add("old_room", oldRoom, oldLang)
	}
	add("title", f.Title, "")
	if event == "request_received" || event == "booked" {
		add("holder", f.HolderName, "")
	}
	if f.Persons != nil {
		add("persons", p.Number(int64(*f.Persons)), "")
	}
	if f.PriceCents != nil && (f.State == "confirmed" || f.State == "requested") {
		add("price", price(p, *f.PriceCents), "")
		for _, line := range f.PriceLines {
			label, amount := PriceWords(p, line)
			list = append(list, fact{Label: oneLine(label, 100), Value: amount})
		}
	}
	if f.FeeCents != nil && (event == "cancelled" || event == "no_show") {
		add("fee", p.Money(*f.FeeCents), "")
	}
	for _, answer := range f.Answers {
		label, _ := answer.Label.In(p.Lang)
		value, _ := answer.Value.In(p.Lang)
		list = append(list, fact{Label: oneLine(label, 100), Value: oneLine(value, 300)})
	}
	if f.FreeReason != "" && (f.State == "confirmed" || f.State == "requested") {
		add("free", p.T("free."+freeState(f)), "")
	}
	if event == "denied" || event == "cancelled" {
		add("reason", reason(p, f.ReasonCode), "")
	}
	if f.Wait == "" { // the number of an offer's hold is nothing to keep
		add("number", f.Number, "")
	} else if event == "offer" {
		add("answer_by", p.DateTime(f.AnswerBy), "")
	}
	return list
}

func joined(parts ...string) string {
	var full []string
	for _, part := range parts {
		if part != "" {
			full = append(full, part)
		}
	}
	return strings.Join(full, ", ")
}

func price(p locales.Printer, cents int) string {
	if cents == 0 {
		return p.T("price.free")
	}
	return p.Money(cents)
}

// freeState is what became of an application for free use.
func freeState(f ledger.ReservationFacts) string {
	switch {
	case f.FreeGranted == nil:
		return "asked"
	case *f.FreeGranted:
		return "granted"
	}
	return "not_granted"
}

func reason(p locales.Printer, code string) string {
	if code == "" || !locales.Has("reason."+code) {
		return ""
	}
	return p.T("reason." + code)
}

// frame is what every letter has around its matter.
func (w *Worker) frame(p locales.Printer) letter {
	l := letter{
		Hello: p.T("mail.hello"), Regards: p.T("mail.regards"), Site: w.site(p),
		Foot: []string{zoneNote(p), p.T("mail.automatic")},
	}
	return l
}

func (w *Worker) site(p locales.Printer) string {
	if name, _ := w.Site.In(p.Lang); name != "" {
		return oneLine(name, 60)
	}
	return p.T("site.name")
}

func zoneNote(p locales.Printer) string {
	if p.Zone == nil || p.Zone.String() == "Europe/Helsinki" {
		return p.T("footer.zone")
	}
	return p.T("zone.other", "zone", p.Zone.String())
}

// signInFacts is the payload of sign_in.link, sign_in.invitation and
// sign_in.membership.
type signInFacts struct {
	Link        uuid.UUID `json:"link"`
	Role        string    `json:"role"`
	Association string    `json:"association"`
}

// signInLetter makes the secret address at the last moment, so that no table
// ever holds it. The link ends when the mail expires.
func (w *Worker) signInLetter(p locales.Printer, event string, m outboxMail) (letter, error) {
	var f signInFacts
	if err := json.Unmarshal(m.Payload.V, &f); err != nil || f.Link == uuid.Nil {
		return letter{}, errors.Join(fmt.Errorf("the payload of %s names no link", m.Topic), err)
	}
	key := "mail.sign_in"
	if event != "link" {
		key = "mail." + event // invitation or membership
	}
	association := oneLine(f.Association, 100)
	l := w.frame(p)
	l.Subject = p.T(key+".subject", "site", l.Site, "association", association)
	l.Lead = p.T(key+".lead", "site", l.Site, "role", f.Role, "association", association)
	l.Button, l.URL = p.T("mail.sign_in.open"), w.BaseURL+"/sign-in/"+w.Secrets.SignID(ledger.ForSignIn, f.Link)
	l.After = []string{
		p.T("mail.sign_in.valid", "till", m.ExpiresAt.Truncate(time.Minute)),
		p.T(key + ".next"),
		p.T("mail.sign_in.ignore"),
	}
	return l, nil
}

func notFound() error { return fault.New(fault.NotFound, "not_found") }
