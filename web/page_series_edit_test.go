package web

import (
	"net/http"
	"testing"

	"vuoro/booking"
)

// lookAt opens the change page of a series and asks what would change.
func (b *browser) lookAt(ref string, pairs ...string) page {
	b.town.t.Helper()
	b.open(ref + "/muuta").is(200)
	return b.press(ref+"/muuta", append([]string{"do", "look"}, pairs...)...)
}

func TestTimeOfAllDatesIsChanged(t *testing.T) {
	w := seriesTown(t)
	made := w.seriesFor("resident", 5)
	ref := "/fi/sarjat/" + made.Series.Number
	b := w.browser("resident")
	_, err := w.Booking.Deny(ctx, w.actorOf("manager"), booking.Change{Ref: made.Dates[2].Number, ReasonText: "Remontti"})
	w.must(err)
	b.open(ref).is(200).count("a[href="+ref+"/muuta]", 1)
	b.open(ref + "/muuta").is(200)
	b.press(ref+"/muuta").is(422).says("div.error-summary", "Et muuttanut vielä mitään")
	p := b.lookAt(ref, "start", "17:00", "end", "18:30").is(200)
	p.says("section.stack", "4 kertaa muuttuu").says("span.series-why", "Nyt 18.00–20.00").says("button.btn.primary", "Muuta 4 kertaa")
	if n := w.rows("reservations WHERE state = 'confirmed' AND begin_at = ?", made.Dates[0].BeginAt); n != 1 {
		t.Error("looking has changed something")
	}
	p = b.press(ref+"/muuta").is(200).says("div.alert", "4 kertaa muuttui").says("p.lead", "17.00–18.30")
	p.says("ul.series-counts", "4 vahvistettu").says("ul.series-counts", "1 hylätty")
	if n := w.rows("reservations WHERE state = 'confirmed' AND series IS NOT NULL"); n != 4 {
		t.Errorf("%d stand: the denied date was made again", n)
	}
}

func TestFollowingDatesGoToAnotherRoomWithOneRepaired(t *testing.T) {
	w := seriesTown(t)
	made := w.seriesFor("resident", 5)
	w.who["other"].book("ryhma", "2026-12-22 19:00", "2026-12-22 21:00")
	ref := "/fi/sarjat/" + made.Series.Number
	b := w.browser("resident")
	p := b.open(w.pathOfEdit(b, made.Dates[2])).is(200)
	if p.input("scope") != "following" || p.input("from") != "2026-12-15" {
		t.Errorf("scope %q from %q", p.input("scope"), p.input("from"))
	}
	b.at.Request.URL.Path = ref + "/muuta"
	p = b.press(ref+"/muuta", "do", "look", "room", "ryhma").is(200).says("section.stack", "2 kertaa muuttuu").says("ul.series-counts", "1 vaatii ratkaisun")
	if c := p.choices(); len(c) != 1 || c["2026-12-22"] == "" || c["2026-12-22"] == "keep" {
		t.Fatalf("choices: %v", c)
	}
	w.who["other"].book("ryhma", "2026-12-29 19:00", "2026-12-29 21:00")
	p = b.press(ref+"/muuta", "fix_2026-12-22", "keep").is(http.StatusConflict)
	if c := p.choices(); c["2026-12-22"] != "keep" || c["2026-12-29"] == "" || p.input("room") != "ryhma" {
		t.Errorf("lost: %v, room %q", c, p.input("room"))
	}
	p = b.press(ref+"/muuta", "fix_2026-12-29", "skip").is(200).says("div.alert", "2 kertaa muuttui. Ennallaan pysyi 3")
	p.says("ul.plain", "Jatkaa sarjaa "+made.Series.Number)
	next := b.at.Request.URL.Path
	b.open(ref).is(200).count("a[href="+next+"]", 1).says("ul.plain", "Jatkuu muutettuna")
	if n := w.rows("reservations WHERE state = 'confirmed' AND resource = ? AND series IS NOT NULL", w.rooms["ryhma"].ID); n != 1 {
		t.Errorf("%d in the other room", n)
	}
}

// pathOfEdit is where a date's own page and its move page lead to.
func (w *town) pathOfEdit(b *browser, date booking.Reservation) string {
	w.t.Helper()
	for _, at := range []string{"/fi/varaukset/" + date.Number, "/fi/varaukset/" + date.Number + "/siirra"} {
		for _, n := range b.open(at).is(200).all("a") {
			if words(n) == "Muuta useampaa kertaa" {
				b.town.t.Logf("%s leads to %s", at, attribute(n, "href"))
				if at != "/fi/varaukset/"+date.Number {
					return attribute(n, "href")
				}
			}
		}
	}
	w.t.Fatal("no link")
	return ""
}

func TestSeriesIsExtendedAndShortened(t *testing.T) {
	w := seriesTown(t)
	made := w.seriesFor("resident", 4)
	ref := "/fi/sarjat/" + made.Series.Number
	b := w.browser("resident")
	p := b.open(ref + "/muuta").is(200)
	if p.input("until") != "ti 22.12.2026" && p.input("until") != "22.12.2026" {
		t.Errorf("it ends on %q", p.input("until"))
	}
	b.lookAt(ref, "until", "19.1.2027").is(200).says("section.stack", "4 uutta kertaa").says("section.stack", "4 kertaa pysyy ennallaan")
	b.press(ref+"/muuta").is(200).says("div.alert", "4 kertaa muuttui. Ennallaan pysyi 4").says("ul.series-counts", "8 vahvistettu")
	b.lookAt(ref, "times", "7").is(200).says("section.stack", "1 kerta perutaan")
	b.press(ref+"/muuta").is(200).says("div.alert", "1 kerta muuttui").says("ul.series-counts", "7 vahvistettu")
	b.lookAt(ref, "times", "tuhat").is(422).says("div.error-summary", "1–400")
	b.lookAt(ref, "until", "31.2.2027").is(422).says("div.error-summary", "31.2.2027")
	b.lookAt(ref, "times", "3", "scope", "this").is(422)
	b.lookAt(ref, "persons", "monta").is(422)
	b.lookAt(ref, "room", "olematon").is(422)
}

func TestStaleAndLateChangesOfASeries(t *testing.T) {
	w := seriesTown(t)
	made := w.seriesFor("resident", 3)
	ref := "/fi/sarjat/" + made.Series.Number
	b := w.browser("resident")
	b.lookAt(ref, "title", "Uusi nimi").is(200).says("section.stack", "3 kertaa muuttuu")
	_, err := w.Booking.CancelSeries(ctx, w.actorOf("resident"), booking.SeriesChange{
		Ref: made.Series.Number, Scope: booking.ScopeThis, From: made.Dates[1].SeriesDate, ReasonCode: "other",
	})
	w.must(err)
	p := b.press(ref + "/muuta").is(http.StatusConflict)
	if p.input("title") != "Uusi nimi" {
		t.Errorf("lost: %q", p.input("title"))
	}
	b.press(ref+"/muuta").is(200).says("h1", "Uusi nimi").says("div.alert", "2 kertaa muuttui")

	_, err = w.DB.Exec(ctx, "UPDATE resources SET cancel_minutes = ? WHERE slug = 'kokous'", 14*24*60)
	w.must(err)
	p = b.lookAt(ref, "start", "17:00").is(200).says("section.stack", "1 kertaa ei voi enää muuttaa").says("button.btn.primary", "Muuta 1 kerta")
	p.says("section.stack", "15.12.2026")
	b.press(ref+"/muuta").is(200).says("div.alert", "1 kerta muuttui. Ennallaan pysyi 1")
}

func TestForeignSeriesCannotBeChanged(t *testing.T) {
	w := seriesTown(t)
	ref := "/fi/sarjat/" + w.seriesFor("resident", 2).Series.Number
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		body := ""
		if method == http.MethodPost {
			body = "csrf=" + w.who["other"].csrf + "&start=17:00&end=18:00"
		}
		if got := w.browser("other").send(method, ref+"/muuta", body).StatusCode; got != 404 {
			t.Errorf("%s by a stranger: %d", method, got)
		}
	}
}
