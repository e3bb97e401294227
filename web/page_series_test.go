package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// seriesTown is a town whose room "kokous" may be booked in series; "ryhma" is
// comparable.
func seriesTown(t *testing.T) *town {
	t.Helper()
	w := newTown(t)
	w.allowSeries("kokous", policies.Allow)
	w.allowSeries("ryhma", policies.Allow)
	return w
}

func (w *town) allowSeries(slug string, verdict policies.Verdict) {
	w.t.Helper()
	from, days := w.clock.AddDate(-5, 0, 0), 730
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{Key: "series-" + slug, Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(
			policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: verdict, Price: "free", Limits: &policies.Limits{SeriesDays: &days}}}}})})
		if err == nil {
			_, err = tx.Exec(ctx, "UPDATE resources SET rule_book = ? WHERE slug = ?", "series-"+slug, slug)
		}
		return err
	}))
}

const seriesAt = "/fi/varaa/sarja"

// look opens the checkout of a time and asks for its repetition.
func (b *browser) look(room, date, start string, pairs ...string) page {
	b.town.t.Helper()
	b.choose(room, date, start, "120").count("select[name=every]", 1)
	values := b.values(seriesAt)
	values.Set("do", "look")
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, seriesAt, values.Encode())
}

// choices are the selects of the repair, by date.
func (p page) choices() map[string]string {
	found := map[string]string{}
	for _, n := range p.all("select") {
		if date, is := strings.CutPrefix(attribute(n, "name"), fixField); is {
			found[date] = chosenOption(n)
		}
	}
	return found
}

func TestSeriesFromTheCheckout(t *testing.T) {
	w := seriesTown(t)
	w.who["other"].book("kokous", "2026-12-15 18:00", "2026-12-15 20:00")
	b := w.browser("admin")
	p := b.look("kokous", "2026-12-01", "18:00", "times", "5", "title", "Harjoitus", "holder", w.choir.UID.String()).is(200)
	p.says("p.lead", "Joka tiistai 18.00–20.00, 1.12.2026–29.12.2026").says("ul.series-counts", "4 vapaata").says("ul.series-counts", "1 vaatii ratkaisun")
	if p.input("title") != "Harjoitus" || p.input("holder") != w.choir.UID.String() {
		t.Error("the form is lost")
	}
	if c := p.choices(); len(c) != 1 || c["2026-12-15"] == "" {
		t.Fatalf("choices: %v", c)
	}
	p = b.press(seriesAt, "fix_2026-12-15", "keep").is(422).says("div.error-summary", "ehtojen hyväksymistä")
	if p.choices()["2026-12-15"] != "keep" {
		t.Error("the choice is lost")
	}
	p = b.press(seriesAt, "terms", "1").is(200).says("h1", "Harjoitus").says("ul.series-counts", "4 vahvistettu").says("ul.series-counts", "1 jäi varaamatta")
	if n := w.rows("reservations WHERE state = 'confirmed' AND series IS NOT NULL AND holder_association = ?", w.choir.ID); n != 4 {
		t.Errorf("%d dates of the choir", n)
	}
	if n := w.rows("reservations WHERE state = 'held'"); n != 0 {
		t.Errorf("%d holds are left", n)
	}
	p.count("a.series-when", 4)
}

// The date turns bad while the page is looked at: the same page, what was
// chosen kept, the new one marked, nothing made.
func TestSeriesWhoseDateIsTakenMeanwhile(t *testing.T) {
	w := seriesTown(t)
	w.who["other"].book("kokous", "2026-12-15 18:00", "2026-12-15 20:00")
	b := w.browser("resident")
	b.look("kokous", "2026-12-01", "18:00", "times", "5").is(200)
	w.who["other"].book("kokous", "2026-12-22 19:00", "2026-12-22 21:00")
	p := b.press(seriesAt, "terms", "1", "title", "Kerho", "fix_2026-12-15", "skip").is(http.StatusConflict)
	p.says("div.error-summary", "ei onnistu").says("span.series-why", "Varattiin juuri").count("tr[id=date-2026-12-22]", 1)
	if c := p.choices(); c["2026-12-15"] != "skip" || c["2026-12-22"] == "" || p.input("title") != "Kerho" {
		t.Errorf("lost: %v %q", c, p.input("title"))
	}
	if n := w.rows("series"); n != 0 {
		t.Errorf("%d series", n)
	}
	b.press(seriesAt, "terms", "1").is(200).says("h1", "Kerho")
}

func TestSeriesRulesThatCannotBe(t *testing.T) {
	w := seriesTown(t)
	for i, c := range []struct {
		name   string
		pairs  []string
		status int
		says   string
	}{
		{"no end", []string{"times", "", "until", ""}, 422, "viimeinen päivä tai kertojen määrä"},
		{"two ends", []string{"times", "5", "until", "31.12.2026"}, 422, "ei molempia"},
		{"10⁹ times", []string{"times", "1000000000"}, 422, "1–400"},
		{"times in words", []string{"times", "monta"}, 422, "1–400"},
		{"until before begin", []string{"times", "", "until", "24.11.2026"}, 422, "on ennen sen alkua"},
		{"31 February", []string{"times", "", "until", "31.2.2027"}, 422, "31.2.2027"},
		{"beyond 730 days", []string{"times", "", "until", "1.1.2030"}, 422, "Sarja voi jatkua enintään"},
		{"yields nothing", []string{"times", "1", "out", "2026-12-08"}, 422, "ei tule yhtään päivää"},
		{"ten thousand characters", []string{"out", strings.Repeat("1.1.2027,", 1200)}, 422, "liian pitkä"},
		{"dates that are none", []string{"out", "joulu"}, 422, "joulu"},
		{"unknown repetition", []string{"every", "kuu"}, 422, "miten usein"},
		{"unknown skip", []string{"skip", "maanantait"}, 422, "maanantait"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			b := w.browser("resident")
			p := b.look("kokous", fmt.Sprintf("2026-12-%02d", 1+i), "18:00", c.pairs...).is(c.status)
			if !strings.Contains(words(p.one("body")), c.says) {
				t.Errorf("does not say %q: %.600s", c.says, words(p.one("main")))
			}
			p.count("details[open]", 1).count("select[name=every]", 1)
		})
	}
	if n := w.rows("series"); n != 0 {
		t.Errorf("%d series", n)
	}
}

// Fixes come from forms, and forms can be forged.
func TestForgedFixes(t *testing.T) {
	w := seriesTown(t)
	w.who["other"].book("kokous", "2026-12-08 18:00", "2026-12-08 20:00")
	_, err := w.DB.Exec(ctx, "UPDATE resources SET state = 'draft' WHERE slug = 'muu'")
	w.must(err)
	way := func(room, from, to string) string {
		return stamp(w.at(from)) + "/" + stamp(w.at(to)) + "/" + w.rooms[room].UID.String()
	}
	b := w.browser("resident")
	b.look("kokous", "2026-12-01", "18:00", "times", "3").is(200)
	form := b.values(seriesAt)
	form.Set("terms", "1")
	for name, value := range map[string]string{
		"hidden room": way("muu", "2026-12-08 18:00", "2026-12-08 20:00"), "past": way("kokous", "2020-12-08 18:00", "2020-12-08 20:00"),
		"backwards": way("kokous", "2026-12-08 20:00", "2026-12-08 18:00"), "no room": "2026-12-08T16:00Z/2026-12-08T18:00Z/kissa",
		"no such choice": "kissa", "empty": "//", "of nobody": "2026-12-08T16:00Z/2026-12-08T18:00Z/0190a0a0-0000-7000-8000-000000000000",
	} {
		form.Set("fix_2026-12-08", value)
		p := b.send(http.MethodPost, seriesAt, form.Encode())
		if p.StatusCode < 400 || p.StatusCode >= 500 {
			t.Errorf("%s: %d", name, p.StatusCode)
		}
	}
	form.Del("fix_2026-12-08")
	form.Set("fix_eilen", "skip")
	if p := b.send(http.MethodPost, seriesAt, form.Encode()); p.StatusCode != 422 && p.StatusCode != 409 {
		t.Errorf("no date: %d", p.StatusCode)
	}
	if n := w.rows("series"); n != 0 {
		t.Errorf("%d series", n)
	}
}

// Nobody books what was not shown: another rule than the page's is shown first.
func TestChangedRuleIsShownFirst(t *testing.T) {
	w := seriesTown(t)
	b := w.browser("resident")
	b.look("kokous", "2026-12-01", "18:00", "times", "3").is(200)
	b.press(seriesAt, "terms", "1", "times", "4").is(200).says("p.lead", "–22.12.2026").count("input[name=terms]", 1)
	if n := w.rows("series"); n != 0 {
		t.Errorf("%d series", n)
	}
}

// A visitor who is not signed in loses nothing on the way through the mail.
func TestSeriesSurvivesSigningIn(t *testing.T) {
	w := seriesTown(t)
	w.who["other"].book("kokous", "2026-12-08 18:00", "2026-12-08 20:00")
	b := w.browser("")
	b.look("kokous", "2026-12-01", "18:00", "times", "3", "skip", "holidays").is(200)
	b.press(seriesAt, "do", "email", "email", "uusi@example.org", "title", "Körövning ☀", "fix_2026-12-08", "skip", "terms", "1").is(200).says("h1", "Katso sähköpostisi")
	phone := w.browser("")
	link := w.mailedLink("uusi@example.org")
	phone.open(link).is(200)
	p := phone.press(link).is(200).says("h1", "Toista varausta")
	if p.input("title") != "Körövning ☀" || p.choices()["2026-12-08"] != "skip" || p.input("terms") != "on" {
		t.Errorf("lost: %q %v", p.input("title"), p.choices())
	}
	phone.press(seriesAt, "name", "Uusi Ihminen").is(200).says("h1", "Körövning ☀").says("ul.series-counts", "2 vahvistettu")
}

func TestNoSeriesWhereNoneIsAllowed(t *testing.T) {
	w := newTown(t)
	b := w.browser("resident")
	b.choose("kokous", "2026-12-01", "18:00", "60").count("select[name=every]", 0)
	begin, end := w.at("2026-12-01 18:00"), w.at("2026-12-01 19:00")
	p := b.open(seriesAt + "?every=week&times=3&room=kokous&begin=" + stamp(begin) + "&end=" + stamp(end)).is(200)
	p.says("div.alert.danger", "vain yksittäisiä varauksia")
	b.press(seriesAt, "terms", "1").is(422).says("div.error-summary", "vain yksittäisiä")
}

func (w *town) actorOf(name string) accounts.Actor {
	w.t.Helper()
	actor, err := w.Accounts.Authenticate(ctx, w.who[name].cookie, "192.0.2.1")
	w.must(err)
	return actor
}

// seriesFor books a series as somebody does.
func (w *town) seriesFor(who string, times int) booking.SeriesMade {
	w.t.Helper()
	b := w.browser(who)
	b.look("kokous", "2026-12-01", "18:00", "times", fmt.Sprint(times), "title", "Kuoro").is(200)
	b.press(seriesAt, "terms", "1").is(200)
	card, err := w.Booking.GetSeries(ctx, w.actorOf(who), strings.TrimPrefix(b.at.Request.URL.Path, "/fi/sarjat/"))
	w.must(err)
	made := booking.SeriesMade{Series: card.Series}
	for _, c := range card.Dates {
		made.Dates = append(made.Dates, c.Reservation)
	}
	return made
}

func TestSeriesPageListsAddsAndDrops(t *testing.T) {
	w := seriesTown(t)
	taken := w.who["other"].book("kokous", "2026-12-15 18:00", "2026-12-15 20:00")
	w.who["other"].book("kokous", "2026-12-22 18:00", "2026-12-22 20:00")
	b := w.browser("resident")
	b.look("kokous", "2026-12-01", "18:00", "times", "5").is(200)
	b.press(seriesAt, "terms", "1", "fix_2026-12-15", "keep", "fix_2026-12-22", "keep").is(200).says("ul.series-counts", "2 jäi varaamatta")
	ref := b.at.Request.URL.Path
	p := b.press(ref+"/lisaa", "date", "2026-12-15").is(http.StatusConflict)
	p.says("div.error-summary", "ehti varata")
	_, err := w.Booking.Cancel(ctx, w.actorOf("other"), booking.Change{Ref: taken.Number, ReasonCode: "other"})
	w.must(err)
	b.open(ref).says("section.card", "vapaa nyt")
	b.press(ref+"/lisaa", "date", "2026-12-15").is(200).says("div.alert", "on lisätty").says("ul.series-counts", "4 vahvistettu")
	b.press(ref+"/poista", "date", "2026-12-22").is(200).says("div.alert", "poistettu listalta")
	b.press(ref+"/lisaa", "date", "29.12.2026").is(http.StatusConflict).says("div.error-summary", "29.12.2026")
	b.press(ref+"/lisaa", "date", "5.1.2027").is(200).says("ul.series-counts", "5 vahvistettu")
	b.send(http.MethodPost, ref+"/lisaa", url.Values{"date": {"31.2.2027"}, "csrf": {w.who["resident"].csrf}}.Encode()).is(422)
	for name, want := range map[string]int{"other": 404, "": 303} {
		if got := w.browser(name).send(http.MethodGet, ref, "").StatusCode; got != want && !(want == 303 && got == 200) {
			t.Errorf("%q: %d", name, got)
		}
	}
}

func TestCancelDatesOfASeries(t *testing.T) {
	w := seriesTown(t)
	b := w.browser("resident")
	made := w.seriesFor("resident", 5)
	ref := "/fi/sarjat/" + made.Series.Number
	b.open(ref+"/peru?scope=following&from=2026-12-22").is(200).says("p.lead", "Voit perua")
	b.press(ref+"/peru").is(200).says("div.alert", "2 kertaa on peruttu")
	b.open(ref + "/peru").is(200)
	b.press(ref+"/peru", "scope", "this", "from", "2026-12-01").is(200).says("div.alert", "1 kerta on peruttu")
	if n := w.rows("reservations WHERE state = 'confirmed' AND series IS NOT NULL"); n != 2 {
		t.Errorf("%d are left", n)
	}
	b.open(ref + "/peru").is(200)
	b.press(ref+"/peru", "revision", "1").is(http.StatusConflict)
	b.press(ref+"/peru", "scope", "kaikki").is(422)
	b.open(ref + "/peru")
	b.press(ref+"/peru", "scope", "all").is(200).says("ul.series-counts", "5 peruttu")
	if got := w.browser("other").open(ref + "/peru").StatusCode; got != 404 {
		t.Errorf("a stranger: %d", got)
	}
}

// The number in mails leads staff of the unit to their page and everybody else,
// also staff of another unit, to the holder's.
func TestShortAddressOfASeries(t *testing.T) {
	w := seriesTown(t)
	number := w.seriesFor("resident", 2).Series.Number
	for who, want := range map[string]string{
		"resident": "/fi/sarjat/" + number, "othermanager": "/fi/sarjat/" + number, "manager": "/work/series/" + number,
	} {
		if got := w.who[who].get("/r/" + number).Header.Get("Location"); got != want {
			t.Errorf("%s is led to %s, not to %s", who, got, want)
		}
	}
}
