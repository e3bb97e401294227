package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/policies"
)

func TestReservationPages(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	p := w.browser("resident").open("/sv/bokningar/" + made.Number).is(200)
	p.says("h1", "Bokningen är bekräftad").says("p.ticket-when", "tis 24.11.2026 kl. 12.00–13.30").says("p", "Du kan själv avboka till och med tis 24.11.2026 kl. 11.00")
	w.browser("").open("/fi/varaukset/"+made.Number).says("h1", "Kirjaudu")
	w.browser("other").open("/fi/varaukset/" + made.Number).is(http.StatusNotFound)
	w.browser("resident").open("/fi/varaukset/V-2026-999999").is(http.StatusNotFound)
	w.browser("resident").open("/r/" + made.Number) // the address in mails and calendars
	// the calendar file opens without a session
	file := (&guest{town: w}).get(strings.TrimPrefix(p.link("Lägg till i kalendern"), testBase)).want(200, "BEGIN:VEVENT", made.Number)
	if kind := file.Header.Get("Content-Type"); kind != calendarType {
		t.Error(kind)
	}
	again := w.browser("resident").open(p.link("Boka på nytt")).is(200)
	again.says("button[data-book]", "Boka 12.00–13.30")
}

func TestCancelOnThePage(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	address := "/fi/varaukset/" + made.Number + "/peru"
	b := w.browser("resident")
	b.open(address).is(200).says("p.lead", "ti 24.11.2026 klo 11.00 asti").count("input[name=reason_code]", 4)
	// a page that is out of date shows what is so by now
	old := b.values(address)
	old.Set("revision", "99")
	b.send(http.MethodPost, address, old.Encode()).is(http.StatusConflict).says("div.alert", "Varaus on nyt näin").says("div.alert", "12.00–13.30")
	b.open(address)
	b.press(address, "reason_code", "kissa").is(422)
	b.open(address)
	b.press(address, "text", "Flunssa").is(200).says("h1", "Varaus on peruttu").says("div.alert", "Suunnitelmat muuttuivat").says("div.alert", "Flunssa")
	b.open(address).says("h1", "Varaus on peruttu") // nothing is left to cancel
	w.browser("other").open(address).is(http.StatusNotFound)
}

func TestCancelTooLate(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-23 12:30", "2026-11-23 13:30")
	b := w.browser("resident")
	p := b.open("/fi/varaukset/"+made.Number).is(200).says("p", "Perumisen määräaika päättyi")
	for _, n := range p.all("a") {
		if strings.HasSuffix(attribute(n, "href"), "/peru") {
			t.Error("cancelling is offered")
		}
	}
	b.open("/fi/varaukset/"+made.Number+"/peru").is(200).count("input[name=revision]", 0)
}

func TestWithdrawARequest(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("sali", "2026-11-24 12:00", "2026-11-24 13:30")
	b := w.browser("resident")
	p := b.open("/en/reservations/"+made.Number).is(200).says("h1", "Your request has been sent").says("div.alert", "You will get an answer")
	b.open(p.link("Withdraw the request"))
	b.press("/en/reservations/"+made.Number+"/cancel").is(200).says("h1", "The booking is cancelled")
}

func TestMoveOnThePage(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.who["other"].book("kokous", "2026-11-24 15:00", "2026-11-24 16:00")
	address := "/fi/varaukset/" + made.Number + "/siirra"
	b := w.browser("resident")
	b.open(address+"?date=24.11.2026&start=18:00&minutes=90").is(200).says("button[data-book]", "Siirrä aikaan 18.00–19.30")
	b.press(address, "start", "15:00", "minutes", "60").is(http.StatusConflict).says("div.alert", "Joku ehti")
	b.open(address + "?date=24.11.2026&start=18:00&minutes=90")
	b.press(address).is(200).says("p.ticket-when", "18.00–19.30").says("div.alert", "siirretty")
	w.browser("other").open(address).is(http.StatusNotFound)
}

func TestMineIsGrouped(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	for _, day := range []string{"2026-11-23", "2026-11-25", "2026-12-07"} {
		g.book("kokous", day+" 14:00", day+" 15:00")
	}
	g.book("sali", "2026-11-26 14:00", "2026-11-26 15:00")
	b := w.browser("resident")
	p := b.open("/fi/omat").is(200).count("article.booking", 4).count("section[aria-labelledby=today]", 1)
	p.says("h2", "Tänään").says("h2", "Tällä viikolla").says("h2", "Myöhemmin")
	b.open(p.link("Odottavat")).count("article.booking", 1).says("article.booking", "Odottaa hyväksyntää")
	b.open("/fi/omat?state=kissa").is(200).count("article.booking", 4)
	b.open("/fi/omat?after=kissa").is(422)
	w.clock = w.at("2026-12-10 12:00")
	g.signIn() // the session has been idle for too long
	b = w.browser("resident")
	b.open("/fi/omat").is(200).count("article.booking", 0).says("div.empty", "Ei tulevia varauksia")
	p = b.open("/fi/omat?view=past").is(200).count("article.booking", 4)
	if first := words(p.all("article.booking")[0]); !strings.Contains(first, "7") {
		t.Errorf("the latest is not first: %s", first)
	}
	b.open("/fi/omat?view=past&year=2025").count("article.booking", 0)
	w.browser("other").open("/fi/omat").count("article.booking", 0)
	w.browser("").open("/fi/omat").says("h1", "Kirjaudu")
}

func TestMinePages(t *testing.T) {
	w := newTown(t)
	g := w.who["resident"]
	for day := range minePerPage + 2 {
		begin := w.at("2026-12-01 14:00").AddDate(0, 0, day)
		g.book("kokous", begin.Format("2006-01-02 15:04"), begin.Add(time.Hour).Format("2006-01-02 15:04"))
	}
	b := w.browser("resident")
	p := b.open("/fi/omat").count("article.booking", minePerPage)
	p = b.open(p.link("Seuraava")).is(200).count("article.booking", 2)
	b.open(p.link("Edellinen")).count("article.booking", minePerPage)
}

// What the choir has booked is its members', too.
func TestMineHasTheAssociations(t *testing.T) {
	w := newTown(t)
	admin, err := w.Accounts.Authenticate(ctx, w.who["admin"].cookie, "192.0.2.1")
	w.must(err)
	_, err = w.Booking.Book(ctx, admin, booking.Request{
		Resource: w.rooms["kokous"].UID, Times: booking.Times{Begin: w.at("2026-11-24 12:00"), End: w.at("2026-11-24 13:00")},
		Holder: booking.Holder{Kind: booking.HeldByAssociation, UID: w.choir.UID}, Form: policies.Form{Title: "Harjoitus", TermsAccepted: true},
	})
	w.must(err)
	w.browser("member").open("/fi/omat").count("article.booking", 1).says("article.booking", "Kuoro")
	w.browser("other").open("/fi/omat").count("article.booking", 0)
}

func TestSubscribe(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	b := w.browser("resident")
	b.open("/fi/tilaa").is(200).count("input[id=address]", 0)
	p := b.press("/fi/tilaa").is(200).count("svg[role=img]", 1).says("li", "vuorokauden viiveellä")
	address := attribute(p.one("input[id=address]"), "value")
	if webcal := p.link("Avaa kalenterissa"); webcal != strings.Replace(address, "http://", "webcal://", 1) {
		t.Errorf("%s for %s", webcal, address)
	}
	if strings.Contains(p.text, "calendar.google.com") != reachable(testBase) {
		t.Error("Google is offered where it cannot come, or not where it can")
	}
	if p.Header.Get("Cache-Control") != noStore || p.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", p.Header)
	}
	feed := strings.TrimPrefix(address, testBase)
	(&guest{town: w}).get(feed).want(200, "BEGIN:VCALENDAR", made.Number)
	// it is shown once, and ended at once
	p = b.open("/fi/tilaa").is(200).count("input[id=address]", 0).count("ul.feed-list", 1)
	var end string
	for _, f := range p.all("form") {
		if strings.HasSuffix(attribute(f, "action"), "/lopeta") {
			end = attribute(f, "action")
		}
	}
	b.press(end).is(200).says("div.alert", "ei enää toimi").count("ul.feed-list", 0)
	(&guest{town: w}).get(feed).want(404)
}

func TestReachable(t *testing.T) {
	for base, want := range map[string]bool{
		"https://varaukset.example.org": true, "http://127.0.0.1:8080": false, "http://localhost:8080": false, "http://10.1.2.3": false,
		"http://[::1]:8080": false, "http://palvelin": false, "http://palvelin.local": false, "https://192.0.2.7": true,
	} {
		if got := reachable(base); got != want {
			t.Errorf("%s: %v", base, got)
		}
	}
}

func TestQRCode(t *testing.T) {
	code, err := newQRCode("webcal://varaukset.example.org/feeds/" + strings.Repeat("x", 43) + ".ics")
	if err != nil || code.Size < 33 || !strings.HasPrefix(code.Path, "M4 4h7v1h-7z") { // the finder pattern behind the quiet zone of four
		t.Errorf("%d %.40s %v", code.Size, code.Path, err)
	}
}
