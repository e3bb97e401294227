package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vuoro/booking"
)

// joinAddress is the page where one joins the line for a time of a room.
func (w *town) joinAddress(room, begin, end string) string {
	return "/fi/jono?" + url.Values{"room": {room}, "begin": {stamp(w.at(begin))}, "end": {stamp(w.at(end))}}.Encode()
}

// wish is the address of the wish that a page is about.
func (p page) wish() string {
	p.t.Helper()
	for _, form := range p.all("form") {
		if to := attribute(form, "action"); strings.HasPrefix(to, "/fi/jono/") {
			return to
		}
	}
	p.t.Fatalf("%s is not about a wish", p.what)
	return ""
}

func TestScenarioWait_OnThePages(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	b := w.browser("other")
	room := b.open("/fi/tilat/kokous?date=2026-11-24").is(200)
	join := room.link("Jonota 12.00–13.30")
	b.open(join).is(200).says("h1", "Jonota aikaa").says("p.ticket-when", "12.00–13.30")
	w.browser("").open(join).says("h1", "Kirjaudu")

	again := b.press("/fi/jono", "title", "Shakki").is(422)
	again.says(".error-summary", "ehdot")
	if again.input("title") != "Shakki" || again.input("from") != "12.00" {
		t.Errorf("what was typed is gone: %q, %q", again.input("title"), again.input("from"))
	}
	b.press("/fi/jono", "terms", "1", "to", "kissa").is(422).says(".error-summary", "kissa")
	b.press("/fi/jono", "terms", "1", "from", "17.00", "to", "18.00").is(http.StatusConflict).says(".error-summary", "vapaa")
	waiting := b.press("/fi/jono", "terms", "1", "from", "12.30", "to", "13.30").is(200)
	waiting.says("h1", "Olet jonossa 1.").says("p.ticket-when", "12.30–13.30").says(".ticket", "Shakki")
	page := waiting.wish()
	b.open("/fi/omat").says("h2", "Jonossa").says(".booking", "Jonossa 1.")
	w.browser("resident").open(page).is(http.StatusNotFound)
	b.open(join)
	b.press("/fi/jono", "terms", "1").is(http.StatusConflict).says(".error-summary", "Jonotat jo")

	staff := w.browser("manager").open("/work/reservations/" + made.Number).is(200)
	staff.says(".fact", "Jonossa")
	if strings.Contains(staff.text, "Shakki") {
		t.Error("staff are told who waits")
	}
	_, err := w.Booking.Cancel(ctx, (&matrix{town: w}).actor("resident"), booking.Change{Ref: made.Number, ReasonCode: "given_back"})
	w.must(err)
	short := b.open("/w/" + page[strings.LastIndex(page, "/")+1:]).is(http.StatusFound)
	b.open(short.Header.Get("Location")).is(200).says("h1", "Aika vapautui").says("p.lead", "Vastausaikaa on jäljellä")
	b.open("/fi/omat").says(".booking", "Tarjottu sinulle").says(".booking", "Vastaa viimeistään")
	b.open(page)
	b.press(page, "do", "accept").is(200).says("h1", "Varaus on vahvistettu")
	b.open(page).says("h1", "Sait ajan")
}

func TestLeavingAndDecliningOnThePage(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	var pages []string
	for _, name := range []string{"other", "member"} {
		b := w.browser(name)
		b.open(w.joinAddress("kokous", "2026-11-24 12:00", "2026-11-24 13:30"))
		pages = append(pages, b.press("/fi/jono", "terms", "1").is(200).wish())
	}
	w.browser("member").open(pages[1]).says("h1", "Olet jonossa 2.")
	_, err := w.Booking.Cancel(ctx, (&matrix{town: w}).actor("resident"), booking.Change{Ref: made.Number, ReasonCode: "given_back"})
	w.must(err)
	b := w.browser("other")
	b.open(pages[0])
	b.press(pages[0], "do", "decline").is(200).says("h1", "Et ole enää jonossa")
	next := w.browser("member")
	next.open(pages[1]).says("h1", "Aika vapautui")
	w.clock = w.clock.Add(24 * time.Hour) // nobody answers, and no job has run yet
	next.open(pages[1]).says("h1", "Et ole enää jonossa").count("button[name=do]", 0)
}

// Who loses the race for a time at the checkout is offered its line.
func TestTheLostTimeCanBeWaitedFor(t *testing.T) {
	w := newTown(t)
	b := w.browser("other")
	b.open(w.checkoutOf("kokous", "2026-11-24 12:00", "2026-11-24 13:30"))
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	lost := b.press("/fi/varaa", "terms", "1", "title", "Shakki").is(http.StatusConflict)
	kept := b.open(lost.link("Jonota tätä aikaa")).is(200).says("h1", "Jonota aikaa")
	if kept.input("title") != "Shakki" {
		t.Errorf("the form came as %q", kept.input("title"))
	}
	b.press("/fi/jono").is(200).says("h1", "Olet jonossa 1.")
	gone := b.open("/fi/tilat/kokous?date=2026-11-24&start=12:00&minutes=90").is(200)
	gone.link("Jonota tätä aikaa")
}

func (w *town) checkoutOf(room, begin, end string) string {
	return "/fi/varaa?" + url.Values{"room": {room}, "begin": {stamp(w.at(begin))}, "end": {stamp(w.at(end))}}.Encode()
}

func TestWaitListAPI(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	other, member := w.who["other"], w.who["member"]
	other.call(http.MethodPost, "/waitlist", w.times("kokous", "2026-11-24 18:00", "2026-11-24 19:00")).problem(http.StatusConflict, "waiting.free")
	other.call(http.MethodPost, "/waitlist", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:30", "kind", "staff")).problem(422, "waiting.ordinary_only")
	(&guest{town: w}).call(http.MethodPost, "/waitlist", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:30")).problem(401, "auth.required")

	ask := w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	first := decode[waitView](other.call(http.MethodPost, "/waitlist", ask, header{"Idempotency-Key": "a"}).want(201))
	same := decode[waitView](other.call(http.MethodPost, "/waitlist", ask, header{"Idempotency-Key": "a"}).want(201))
	if first.ID != same.ID || first.State != "waiting" || first.Place != 1 || first.AnswerBy != nil {
		t.Errorf("%+v and %+v", first, same)
	}
	other.call(http.MethodPost, "/waitlist", ask).problem(http.StatusConflict, "waiting.already")
	second := decode[waitView](member.call(http.MethodPost, "/waitlist", ask).want(201))
	other.call(http.MethodPost, "/waitlist/"+first.ID.String()+"/accept", map[string]any{}).problem(http.StatusConflict, "waiting.no_offer")
	other.call(http.MethodGet, "/waitlist/"+second.ID.String(), nil).problem(404, "waiting.not_found")

	_, err := w.Booking.Cancel(ctx, (&matrix{town: w}).actor("resident"), booking.Change{Ref: made.Number, ReasonCode: "given_back"})
	w.must(err)
	list := decode[pageView[waitView]](other.call(http.MethodGet, "/waitlist", nil).want(200))
	if len(list.Items) != 1 || list.Items[0].State != "offered" || list.Items[0].AnswerBy == nil {
		t.Errorf("%+v", list)
	}
	declined := decode[waitView](other.call(http.MethodPost, "/waitlist/"+first.ID.String()+"/decline", map[string]any{}).want(200))
	if declined.State != "left" {
		t.Errorf("%+v", declined)
	}
	got := decode[reservationView](member.call(http.MethodPost, "/waitlist/"+second.ID.String()+"/accept", map[string]any{}).want(200))
	if got.State != "confirmed" || !got.Begin.Equal(w.at("2026-11-24 12:00")) {
		t.Errorf("%+v", got)
	}
	other.call(http.MethodDelete, "/waitlist/"+first.ID.String(), nil).want(204)
	if served := decode[waitView](member.call(http.MethodGet, "/waitlist/"+second.ID.String(), nil).want(200)); served.Number != got.Number {
		t.Errorf("%+v", served)
	}
}
