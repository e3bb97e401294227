package web

import (
	"net/http"
	"strings"
	"testing"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func TestRoomPage(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	p := w.browser("").open("/fi/tilat/kokous?date=24.11.2026").is(http.StatusOK)
	p.count("ol.week-days", 1).says("h2", "Säännöt lyhyesti")
	p.says("a.day", "tiistai 24.11., 31 vapaata aikaa").says("li.grey", "12.00–13.30 Varattu").silent("li.grey", "resident")
	for _, n := range p.all("input[name=start]") {
		if v := attribute(n, "value"); v == "12:00" || v == "13:00" {
			t.Errorf("%s is taken but offered", v)
		}
	}
	// before a booking only lengths that end with it are offered
	p = w.browser("").open("/fi/tilat/kokous?date=24.11.2026&start=11:00&minutes=60").is(http.StatusOK)
	p.says("button[data-book]", "Varaa 11.00–12.00, maksuton").says("span[data-when]", "ti 24.11.2026 klo 11.00–12.00")
	for _, n := range p.all("input[name=minutes]") {
		if v := attribute(n, "value"); v == "90" && !hasAttribute(n, "disabled") {
			t.Error("90 minutes from 11 run into the booking")
		}
	}
}

func TestRoomPageTable(t *testing.T) {
	w := newTown(t)
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		_, err := tx.Exec(ctx, "UPDATE resources SET state = 'draft' WHERE slug = 'ryhma'")
		return err
	}))
	for _, c := range []struct {
		name, who, target string
		status            int
		says              string
	}{
		{"unknown", "", "/fi/tilat/linna", 404, "Tilaa ei löydy"},
		{"not a slug", "", "/fi/tilat/..%2f..%2fetc", 404, ""},
		{"hidden", "", "/fi/tilat/ryhma", 404, ""},
		{"hidden from another unit's manager", "othermanager", "/fi/tilat/ryhma", 404, ""},
		{"seen by the unit's manager", "manager", "/fi/tilat/ryhma", 200, "ryhma"},
		{"bad date", "", "/en/rooms/kokous?date=never", 422, "never"},
		{"a day that is over", "", "/en/rooms/kokous?date=2026-11-20", 200, "This day is over"},
		{"impossible start", "", "/en/rooms/kokous?date=2026-11-24&start=99:99", 200, "Choose a start and a length"},
		{"a month", "", "/en/rooms/kokous/month?month=2026-12", 200, "December 2026"},
		{"a month long ago", "", "/en/rooms/kokous/month?month=1999-01", 200, "November 2026"},
		{"independence day", "", "/fi/tilat/kokous/kuukausi?month=2026-12", 200, "itsenäisyyspäivä"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			p := w.browser(c.who).open(c.target).is(c.status)
			if !strings.Contains(strings.ToLower(words(p.one("body"))), strings.ToLower(c.says)) {
				t.Errorf("%s does not say %q:\n%s", c.target, c.says, locales.Shorten(words(p.one("main")), 800))
			}
		})
	}
}

// Every grey time says why: bookings, the site's own use, the rules.
func TestGreyTimesSayWhy(t *testing.T) {
	w := newTown(t)
	places := w.Resources
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		days := []int{1, 2, 3, 4, 5, 6, 7}
		return places.SetPeriods(ctx, tx, resources.Owner{Unit: w.units["talo"].ID}, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{
			{Weekdays: days, From: 8 * 60, To: 21 * 60, Kind: policies.Reservable}, {Weekdays: days, From: 8 * 60, To: 12 * 60, Kind: policies.Core},
		})}})
	}))
	_, err := w.DB.Exec(ctx, "UPDATE resources SET days_ahead_max = 7 WHERE slug = 'kokous'")
	w.must(err)
	w.browser("").open("/fi/tilat/kokous?date=24.11.2026").says("li.grey", "8.00–12.00 Talon omaa käyttöä").says("dd", "8.00–12.00 Talon omaa käyttöä")
	p := w.browser("").open("/fi/tilat/kokous?date=10.12.2026").is(200)
	p.says("li.grey", "enintään 7 päivää etukäteen").says("a.day", "ei vielä").count("button[data-book]", 0)
}

// A time that somebody else took meanwhile: 409, why, and ways out that can be
// had.
func TestHoldThatComesTooLate(t *testing.T) {
	w := newTown(t)
	b := w.browser("")
	b.open("/fi/tilat/kokous?date=24.11.2026&start=12:00&minutes=60").is(200)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	p := b.press("/fi/tilat/kokous").is(http.StatusConflict)
	p.says("div.alert", "Joku ehti varata tämän ajan ensin")
	links := p.all("div.alert")[0]
	n := 0
	for a := range links.Descendants() {
		if a.Data != "a" || strings.HasPrefix(attribute(a, "href"), "/fi/jono") { // waiting is one more
			continue
		}
		n++
		w.browser("").open(attribute(a, "href")).is(200).says("button[data-book]", "Varaa ")
	}
	if n == 0 || n > 5 {
		t.Errorf("%d ways out", n)
	}
}

// A link to a time that is gone by now says so and offers others.
func TestLinkToATakenTime(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	p := w.browser("").open("/fi/tilat/kokous?date=2026-11-24&start=12:00&minutes=60").is(200)
	p.says("div.alert", "Tätä aikaa ei voi varata").says("div.alert", "Sama aika, toinen tila")
}

// Without a script nobody is told that a length is missing: the shortest is meant.
func TestStartAloneHoldsTheShortest(t *testing.T) {
	w := newTown(t)
	b := w.browser("")
	b.open("/fi/tilat/kokous?date=24.11.2026")
	b.press("/fi/tilat/kokous", "date", "2026-11-24", "start", "12:00", "minutes", "").is(200)
	if n := w.rows("reservations"); n != 1 {
		t.Errorf("%d reservations", n)
	}
}

func TestBadHoldsWriteNothing(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		name                 string
		date, start, minutes string
		status               int
	}{
		{"no start", "2026-11-24", "", "60", 422},
		{"negative length", "2026-11-24", "12:00", "-60", 422},
		{"a year long", "2026-11-24", "12:00", "525600", 422},
		{"the past", "2026-11-20", "12:00", "60", 422},
		{"off the raster", "2026-11-24", "12:07", "60", 422},
		{"closed", "2026-11-24", "02:00", "60", 422},
		{"no date", "kissa", "12:00", "60", 422},
		{"a time that is skipped", "2027-03-28", "03:30", "60", 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			b := w.browser("")
			b.open("/fi/tilat/kokous?date=24.11.2026&start=12:00&minutes=60")
			b.press("/fi/tilat/kokous", "date", c.date, "start", c.start, "minutes", c.minutes).is(c.status).count("h1", 1)
		})
	}
	if n := w.rows("reservations"); n != 0 {
		t.Errorf("%d reservations were written", n)
	}
	w.who["anon"].send(http.MethodPost, "/fi/tilat/kokous", "start=12:00", header{"Content-Type": ours["Content-Type"], "Origin": "https://evil.example"}).want(403)
}

func TestRuleLines(t *testing.T) {
	v := &visit{lang: "fi", say: locales.New("fi", nil)}
	days, most, yes := 14, 240, true
	for _, c := range []struct {
		rule policies.Rule
		want string
	}{
		{
			policies.Rule{
				ID: "a", Who: policies.WhoIs{Classes: []policies.Class{policies.Association}}, When: policies.When{Weekdays: []int{1, 2, 3, 4, 5}, From: "16:00", To: "21:00"},
				Effects: policies.Effects{Verdict: policies.Allow, Price: "free", Limits: &policies.Limits{DaysAheadMax: &days, MaxMinutes: &most}},
			},
			"Yhdistykset: ma–pe 16.00–21.00: maksutta, ilman hyväksyntää, enintään 4 t, enintään 14 päivää etukäteen",
		},
		{
			policies.Rule{ID: "b", Who: policies.WhoIs{Classes: []policies.Class{policies.Person, policies.Company}, Local: &yes}, Effects: policies.Effects{Price: "percent:50"}},
			"Yksityishenkilöt ja yritykset (omalta paikkakunnalta): 50 % hinnasta",
		},
		{policies.Rule{ID: "c", Who: policies.WhoIs{Classes: []policies.Class{policies.CityUnit}}, Effects: policies.Effects{Verdict: policies.Allow}}, ""},
		{policies.Rule{ID: "d", What: policies.What{Purposes: []string{"juggling"}}, Effects: policies.Effects{Verdict: policies.Approval}, Note: policies.Note{Fi: "Siitä sovitaan."}}, "Siitä sovitaan."},
		{policies.Rule{ID: "e", What: policies.What{Purposes: []string{"party"}}, Effects: policies.Effects{Verdict: policies.Refuse}}, "Kaikki: kun tarkoitus on juhlia: ei voi varata"},
	} {
		if got := v.ruleLine(policies.Describe(c.rule)); got != c.want {
			t.Errorf("%s: %q, want %q", c.rule.ID, got, c.want)
		}
	}
}
