package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// rule lets rooms follow a new version of a rule book, in force from a moment.
func (w *town) rule(key, from string, rules policies.Rules, rooms ...string) {
	w.t.Helper()
	rules.Version = 1
	since := w.at(from)
	_, err := w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{
		Key: key, State: "live", ValidFrom: &since, Name: all("Salien säännöt"), Rules: db.AsJSON(rules),
		Decision: db.AsJSON(resources.Decision{Reference: "Board " + from, Address: "https://example.org/" + from[:4]}),
	})
	w.must(err)
	for _, room := range rooms {
		_, err := w.DB.Exec(ctx, "UPDATE resources SET rule_book = ? WHERE slug = ?", key, room)
		w.must(err)
	}
}

func note(text string) policies.Note { return policies.Note{Fi: text, Sv: text, En: text} }

// hallRules ask questions, name terms, charge and bound.
func hallRules() policies.Rules {
	layout := []policies.Option{{Value: "chairs", Label: note("Tuolit")}, {Value: "stage", Label: note("Lava")}}
	return policies.Rules{
		VAT:     []policies.VATRate{{Permille: 255, Included: true}},
		Tariffs: []policies.Tariff{{Key: "evening", Name: note("Iltatariffi"), Cents: 2000}},
		Questions: []policies.FormField{
			{Key: "public", Label: note("Avoin kaikille?"), Kind: "yes_no"},
			{Key: "layout", Label: note("Kalustus"), Kind: "several", Options: layout},
			{Key: "cars", Label: note("Autoja"), Kind: "number"},
		},
		Rules: []policies.Rule{
			{ID: "crowd", What: policies.What{PersonsMin: new(200)}, Effects: policies.Effects{Verdict: policies.Approval}},
			{
				ID: "closed", What: policies.What{Answers: map[string]policies.Values{"public": {"no"}}},
				Effects: policies.Effects{Fees: []policies.Fee{{Key: "closed", Name: note("Suljettu tilaisuus"), Cents: 1500}}},
			},
			{ID: "all", Effects: policies.Effects{
				Verdict: policies.Allow, Price: "tariff:evening", Deposit: new(10000), Terms: []string{"salit"}, Fields: []string{"layout", "cars"},
				Cancellation: &policies.Cancellation{FreeMinutes: 14 * 24 * 60, LatePercent: 50, UntilMinutes: new(60)},
				Quotas:       []policies.Quota{{Key: "week", Minutes: new(180), In: policies.InWeek, Over: policies.Over{Book: true}}},
			}},
		},
	}
}

// From the first question to the late fee: what the rules ask is asked, what
// they decide is shown, and what was accepted is kept.
func TestABookingUnderRulesOfAllKinds(t *testing.T) {
	w := newTown(t)
	w.rule("hall", "2020-01-01 12:00", hallRules(), "kokous")
	w.liveTerms("salit")
	b := w.browser("resident")

	b.open("/fi/tilat/kokous?date=2026-11-26").is(200).says("p.quota-line", "3 t / 3 t (tällä viikolla)")
	p := b.choose("kokous", "2026-11-26", "12:00", "120").is(200)
	p.says("p.quota-line", "3 t / 3 t").says("main", "40 €").says("main", "Vakuus").says("section.terms", "maksutta viimeistään 14 päivää")
	p.says("section.terms", "50 %").count("input[name=terms_shown]", 1).count("input[name=answer_layout]", 2)

	p = b.press("/fi/varaa", "terms", "1", "title", "Ilta", "answer_cars", "monta", "answer_public", "no").is(422)
	if href := p.link("Kirjoita vastaus kokonaislukuna, esimerkiksi 12."); href != "#answer_cars" {
		t.Errorf("the mistake leads to %s", href)
	}
	if p.input("answer_cars") != "monta" || p.input("answer_public") != "no" {
		t.Error("the answers are lost")
	}
	p = b.press("/fi/varaa", "answer_cars", "12", "persons", "10").is(422)
	p.says("div.error-summary", "Tähän varaukseen tarvitaan tieto")
	b.press("/fi/varaa", "answer_layout", "stage", "terms_shown", "salit/9").is(422).says("p.error", "Ehdot ovat muuttuneet")
	p = b.press("/fi/varaa").is(200).says("h1", "Varaus on vahvistettu")
	facts := words(p.one("main"))
	for _, told := range []string{
		"55 €", "Iltatariffi 40,00 €", "Suljettu tilaisuus 15,00 €", "25,5 % 11,18 €", "Vakuus hinnan lisäksi 100,00 €", "Avoin kaikille? Ei", "Kalustus Lava",
		"Autoja 12", "Salien säännöt, versio 1", "Board 2020-01-01 12:00", "Salin ehdot, versio 1",
	} {
		if !strings.Contains(facts, told) {
			t.Errorf("the receipt does not say %q:\n%s", told, facts)
		}
	}
	b.open("/fi/ehdot/salit/1").is(200).says("article", "Vain sisäkengät").says("article", "Versio 1")
	w.browser("").open("/en/terms/salit/2").is(404)

	number := w.string("SELECT number FROM reservations ORDER BY id DESC LIMIT 1")
	staff := w.browser("manager").open("/work/reservations/" + number).is(200)
	staff.says("main", "Kalustus Lava").says("main", "Salien säännöt, versio 1").says("section.rules", "Tämä sääntö ratkaisi").says("section.rules", "Kaikki: vähintään 200 henkilöä: toimipiste hyväksyy")

	// the week is nearly full
	p = b.open("/fi/tilat/kokous?date=2026-11-27&start=12:00&minutes=60").is(200).says("p.quota-line", "1 t / 3 t")
	if lengths := p.all("input[name=minutes]"); len(lengths) == 0 || attribute(lengths[len(lengths)-1], "value") != "60" {
		t.Errorf("%d lengths, longer than an hour", len(lengths))
	}

	// giving it up late costs half, and says so first
	b.open("/fi/varaukset/"+number+"/peru").is(200).says("div.alert", "Peruminen maksaa nyt 27,50")
	b.press("/fi/varaukset/"+number+"/peru", "fee", "").is(409).says("div.error-summary", "27,50")
	b.press("/fi/varaukset/"+number+"/peru").is(200).says("main", "Peruutusmaksu")
	if n := w.count("SELECT fee_cents FROM reservations WHERE number = ?", number); n != 2750 {
		t.Errorf("fee %d", n)
	}
	w.who["resident"].call("GET", "/reservations/"+number, nil).want(200, `"fee_cents":2750`, `"Iltatariffi"`)
}

func TestScenario146_TheVersionOfItsTimeDecides(t *testing.T) {
	w := newTown(t)
	free := policies.Rules{Rules: []policies.Rule{{ID: "free", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}}}
	dear := policies.Rules{Rules: []policies.Rule{{ID: "dear", Effects: policies.Effects{Verdict: policies.Allow, Price: "cents:1200"}}}}
	w.rule("hall", "2018-08-20 12:00", free, "kokous")
	w.rule("hall", "2026-12-01 12:00", dear)
	g := w.who["resident"]
	before := g.book("kokous", "2026-12-10 12:00", "2026-12-10 13:00")
	moved := g.book("kokous", "2026-12-11 12:00", "2026-12-11 13:00")
	w.clock = w.at("2026-12-01 12:00")
	g.signIn()
	w.who["manager"].signIn()
	after := g.book("kokous", "2026-12-10 14:00", "2026-12-10 15:00")
	for _, c := range []struct {
		r             reservationView
		cents         int
		rules, reader string
	}{{before, 0, "hall/1", "Board 2018-08-20"}, {after, 1200, "hall/2", "Board 2026-12-01"}} {
		if *c.r.Price.Cents != c.cents || c.r.Decision.Book != c.rules {
			t.Errorf("%s: %d cents by %s", c.r.Number, *c.r.Price.Cents, c.r.Decision.Book)
		}
		w.browser("resident").open("/fi/varaukset/"+c.r.Number).is(200).says("main", c.reader)
		w.browser("manager").open("/work/reservations/"+c.r.Number).is(200).says("main", c.reader)
	}
	// a move asks the rules of now
	g.call("POST", "/reservations/"+moved.Number+"/move", map[string]any{"begin": w.at("2026-12-11 14:00"), "end": w.at("2026-12-11 15:00")},
		header{"If-Match": "*"}).want(200, `"hall/2"`, `"cents":1200`)
}

func TestScenario147_ManyPeopleAreNotConfirmedDirectly(t *testing.T) {
	w := newTown(t)
	rules := hallRules()
	rules.Questions = append(rules.Questions, policies.FormField{Key: "fireworks", Label: note("Ilotulitus?"), Kind: "yes_no"})
	rules.Rules[2].Effects = policies.Effects{Verdict: policies.Allow, Price: "free"}
	rules.Rules = append([]policies.Rule{{
		ID: "fire", What: policies.What{Answers: map[string]policies.Values{"fireworks": {"yes"}}}, Effects: policies.Effects{Verdict: policies.Approval},
	}}, rules.Rules...)
	w.rule("hall", "2020-01-01 12:00", rules, "kokous")
	_, err := w.DB.Exec(ctx, "UPDATE resources SET persons_max = 500 WHERE slug = 'kokous'")
	w.must(err)
	for i, c := range []struct{ persons, fireworks, title string }{
		{"199", "no", "Varaus on vahvistettu"}, {"200", "no", "Pyyntö on lähetetty"}, {"10", "yes", "Pyyntö on lähetetty"},
	} {
		b := w.browser("resident")
		b.choose("kokous", w.clock.AddDate(0, 0, 3+i).Format(time.DateOnly), "12:00", "60")
		b.press("/fi/varaa", "terms", "1", "title", "Ilta", "answer_public", "yes").is(422).says("div.error-summary", "Henkilömäärä")
		b.press("/fi/varaa", "persons", c.persons, "answer_fireworks", c.fireworks).is(200).says("h1", c.title)
	}
}

func TestStaffTellWhatRulesAskOfAnAssociation(t *testing.T) {
	w := newTown(t)
	b := w.browser("city")
	b.open("/work/associations").is(200)
	uid := w.choir.UID.String()
	form := url.Values{"association": {uid}, "revision": {"1"}, "act": {"verify"}, "under_18": {"1"}, "under_18_share": {"101"}, "agreements": {"Vuosi Sopimus"}}
	g := w.who["city"]
	g.post("/work/associations", form).want(422, "0–100", `value="101"`, `value="Vuosi Sopimus"`)
	form.Set("under_18_share", "65")
	g.post("/work/associations", form).want(422, "väliviivoja")
	form.Set("agreements", "vuosi, liikunta,vuosi")
	g.post("/work/associations", form).want(303)
	if n := w.rows("associations WHERE uid = ? AND under_18_share = 65 AND agreements = '{liikunta,vuosi}'", uid); n != 1 {
		t.Error("it is not stored")
	}
	if n := w.rows("audit WHERE action = 'association.verified' AND values LIKE '%vuosi%'"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	g.call("POST", "/associations/"+uid+"/verify", map[string]any{"under_18": false, "agreements": []string{}}, header{"If-Match": "*"}).
		want(200, `"under_18_share":65`, `"agreements":[]`)
}

func TestExplainTellsRulesQuotasAndTerms(t *testing.T) {
	w := newTown(t)
	w.rule("hall", "2020-01-01 12:00", hallRules(), "kokous")
	w.liveTerms("salit")
	g := w.who["resident"]
	g.call("POST", "/explain", w.times("kokous", "2026-11-26 12:00", "2026-11-26 16:00")).want(200,
		`"code":"booking.quota"`, `"left_minutes":180`, `"rule":"all"`, `"name":"what.persons_min"`, `"key":"salit","version":1`)
	g.call("GET", "/resources/kokous/availability?from=2026-11-26&minutes=240", nil).want(200, `"code":"booking.quota"`, `"limit_minutes":180`, "Sinulla on jäljellä 3 t / 3 t")
}

// Before anybody has said what they want, a room with tariffs costs the lowest
// of them, or whatever it comes to; never the list price that the rules pass by.
func TestPriceOfTariffsOnCardsAndRoomPages(t *testing.T) {
	w := newTown(t)
	rules := policies.Rules{
		Tariffs: []policies.Tariff{{Key: "low", Cents: 1035}, {Key: "high", Cents: 2485}},
		Rules: []policies.Rule{
			{ID: "match", What: policies.What{Purposes: []string{"event"}}, Effects: policies.Effects{Price: "tariff:high"}},
			{ID: "rest", Effects: policies.Effects{Verdict: policies.Allow, Price: "tariff:low"}},
		},
	}
	w.rule("tariffs", "2026-01-01 00:00", rules, "sali")
	rules.Rules[0].Effects.Price = "free"
	w.rule("mixed", "2026-01-01 00:00", rules, "kokous")
	for room, want := range map[string]string{"sali": "alkaen 10,35 € / tunti", "kokous": "hinta määräytyy varaajan mukaan"} {
		for _, address := range []string{"/fi/tilat/" + room, "/fi/tilat?q=" + room} {
			if got := w.who["anon"].get(address); !strings.Contains(strings.ToLower(strings.ReplaceAll(got.text, "\u00a0", " ")), strings.ToLower(want)) {
				t.Errorf("%s: %d, lacks %q", address, got.StatusCode, want)
			}
		}
	}
}
