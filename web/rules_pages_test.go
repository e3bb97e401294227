package web

import (
	"net/url"
	"strings"
	"testing"

	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// TestAVersionFromDraftToTheRoomPage writes rules as an administrator does: a
// rule, an example that fails, the rule mended, published for a day to come, and
// read by a resident.
func TestAVersionFromDraftToTheRoomPage(t *testing.T) {
	w := newTown(t)
	city := w.who["city"]
	city.post("/admin/rules/open", url.Values{"from": {"version:1"}}).want(303)
	rule := url.Values{
		"revision": {"1"}, "id": {"companies"}, "who.classes": {"company"}, "effects.verdict": {"allow"}, "effects.price": {"cents"}, "price_cents": {"9"},
		"when.weekdays": {"1", "2"}, "when.from": {"16"}, "when.to": {"21.30"}, "note_fi": {"Päätös § 12."},
	}
	bad := url.Values{}
	for name, values := range rule {
		bad[name] = values
	}
	bad.Set("what.persons_min", "0")
	bad.Set("effects.limits.max_minutes", "kissa")
	city.post("/admin/rules/open/2/rules/new", bad).want(422, `href="#effects.limits.max_minutes"`, `value="kissa"`)
	bad.Set("effects.limits.max_minutes", "")
	city.post("/admin/rules/open/2/rules/new", bad).want(422, `href="#what.persons_min"`)
	bad.Del("what.persons_min")
	bad.Set("price_cents", "-1")
	city.post("/admin/rules/open/2/rules/new", bad).want(422, `href="#price_cents"`)
	city.post("/admin/rules/open/2/rules/new", rule).want(303)
	rule.Set("id", "again")
	city.post("/admin/rules/open/2/rules/new", rule).want(409, `value="again"`) // was made from an older one

	const sentence = "Yritykset: ma–ti 16.00–21.30: 9 € tilan hintayksikköä kohti, ilman hyväksyntää. Päätös § 12."
	city.get("/admin/rules/open/2").want(200, sentence, "Uusi sääntö")
	city.get("/admin/rules/open/2/rules/companies").want(200, `value="16.00"`, `value="9,00"`)

	example := url.Values{
		"revision": {"2"}, "name": {"Yritys maksaa"}, "class": {"company"}, "begin": {"11.1.2027 17.00"}, "end": {"11.1.2027 18.00"},
		"want": {"allow"}, "want_price": {"sum"}, "want_cents": {"9"},
	}
	city.post("/admin/rules/open/2/examples/new", example).want(303)
	city.get("/admin/rules/open/2").want(200, "pitäisi olla 9 €, tulee maksuton", "all")
	publish := url.Values{"revision": {"3"}, "at": {"day"}, "valid_from": {"1.1.2027"}, "seen": {"0"}, "reference": {"Päätös § 12"}}
	city.post("/admin/rules/open/2/publish", publish).want(422, "Yritys maksaa")
	city.post("/admin/rules/open/2", url.Values{"revision": {"3"}, "act": {"down:all"}}).want(303)
	city.get("/admin/rules/open/2").want(200, "Menee niin kuin pitää")

	publish.Set("revision", "4")
	w.who["manager"].post("/admin/rules/open/2/publish", publish).want(403)
	city.post("/admin/rules/open/2/publish", publish).want(303)
	city.get("/admin/rules/open").want(200, "Tulossa")
	w.who["anon"].get("/fi/tilat/kokous").want(200, "Uudet säännöt pe 1.1.2027 alkaen", sentence)
	w.clock = w.at("2027-01-02 12:00")
	if page := w.who["anon"].get("/fi/tilat/kokous").want(200, sentence); strings.Contains(page.text, "Uudet säännöt") {
		t.Error("the version is still said to come")
	}
}

// TestTester asks a version whether somebody may book.
func TestTester(t *testing.T) {
	w := newTown(t)
	w.who["city"].get("/admin/rules/approval/1/try?asked=1&class=association&begin=1.12.2026+17.00&end=1.12.2026+18.00&persons=5").
		want(200, "Kyllä, jos toimipiste hyväksyy", "Mitä kukin sääntö sanoi", "Ratkaisee: hyväksyntä ja hinta")
	w.who["city"].get("/admin/rules/approval/1/try?asked=1&begin=kissa").want(422, `href="#begin"`)
}

// TestMistakesOfRulesAreShown: before a rule is kept, on its version, and when
// it is to be published, with a way to the rule.
func TestMistakesOfRulesAreShown(t *testing.T) {
	w := newTown(t)
	city := w.who["city"]
	city.post("/admin/rules/open", url.Values{"from": {"version:1"}}).want(303)
	never := url.Values{"revision": {"1"}, "id": {"never"}, "effects.verdict": {"refuse"}, "where.area_min": {"400"}, "where.area_under": {"400"}}
	city.post("/admin/rules/open/2/rules/new", never).want(422, `href="#where.area_min"`, "Sääntö ei koskaan päde")
	twin := url.Values{"revision": {"1"}, "id": {"twin"}, "effects.verdict": {"refuse"}}
	city.post("/admin/rules/open/2/rules/new", twin).want(422, `href="#id"`, "Säännöllä all on samat ehdot")

	_, err := w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{Key: "open", State: "draft", Name: all("Avoimet"), Rules: db.AsJSON(policies.Rules{
		Version: 1, Tariffs: []policies.Tariff{{Key: "spare", Cents: 100}}, Rules: []policies.Rule{
			{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}, {ID: "twin", Effects: policies.Effects{Verdict: policies.Refuse}},
		},
	})})
	w.must(err)
	city.get("/admin/rules/open/3").want(200, "Säännöllä all on samat ehdot", "Mikään sääntö ei käytä hinnastoa spare")
	city.get("/admin/rules/open/3/publish").want(200, `id="wrong-twin"`, `href="/admin/rules/open/3/rules/twin"`, "hinnastoa spare")
	city.post("/admin/rules/open/3/publish", url.Values{"revision": {"1"}, "at": {"now"}, "seen": {"0"}}).want(422, `href="#wrong-twin"`)
}

// TestStrandedBookingsWaitForStaff: a version that would refuse a coming booking
// goes live only when that was seen; then staff decide, and no longer when it is
// withdrawn.
func TestStrandedBookingsWaitForStaff(t *testing.T) {
	w := newTown(t)
	w.rule("hall", "2020-01-01 12:00", policies.Rules{Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}}}, "kokous")
	made := w.who["resident"].book("kokous", "2026-12-10 12:00", "2026-12-10 13:00")
	_, err := w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{Key: "hall", State: "draft", Name: all("Salien säännöt"), Rules: db.AsJSON(policies.Rules{
		Version: 1, Rules: []policies.Rule{{ID: "city", Who: policies.WhoIs{Classes: []policies.Class{policies.CityUnit}}, Effects: policies.Effects{Verdict: policies.Allow}}, {ID: "rest", Effects: policies.Effects{Verdict: policies.Refuse}}},
	})})
	w.must(err)
	city := w.who["city"]
	city.get("/admin/rules/hall/2/publish?valid_from=1.12.2026").want(200, made.Number, "Ei voisi varata")
	publish := url.Values{"revision": {"1"}, "at": {"day"}, "valid_from": {"1.12.2026"}, "seen": {"0"}}
	city.post("/admin/rules/hall/2/publish", publish).want(409, "1 tul")
	_, err = w.Server.Catalogue.Publish(ctx, w.actor("city"), catalogue.Publication{Key: "hall", Version: 2, From: w.at("2026-12-01 00:00")})
	if f := fault.As(err); f.Code != "rulebook.see_stranded" || f.Params["n"] != 1 {
		t.Errorf("%v", err)
	}
	publish.Set("seen", "1")
	city.post("/admin/rules/hall/2/publish", publish).want(303)
	w.who["manager"].get("/work/affected").want(200, made.Number, "Uudet säännöt eivät antaisi tehdä tätä varausta")
	w.who["resident"].get("/fi/varaukset/"+made.Number).want(200, "Varaussäännöt ovat muuttuneet", "on silti voimassa")
	city.post("/admin/rules/hall/2", url.Values{"revision": {"2"}, "act": {"withdraw"}}).want(303)
	w.who["manager"].get("/work/affected").want(200, "Mikään ei odota päätöstä")
}
