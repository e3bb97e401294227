package policies

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vuoro/fault"
)

func faultOf(t testing.TB, err error) *fault.Error {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	return fault.As(err)
}

type refusedRules struct {
	name string
	text string
	want []string // field and code
}

// oneRule is a book of one rule, or of several with commas.
func oneRule(rule string) string { return `{"version":1,"rules":[` + rule + `]}` }

func checkRefused(t *testing.T, cases []refusedRules) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			_, err := ParseRules([]byte(c.text))
			e := faultOf(t, err)
			var got []string
			for _, f := range e.Fields {
				got = append(got, f.Name+" "+f.Code)
				checkRuleCode(t, f)
			}
			if e.Kind != fault.Invalid || !slices.Equal(got, c.want) || e.Code != e.Fields[0].Code {
				t.Errorf("%v: %q, want %q", e, got, c.want)
			}
		})
	}
}

func TestParseRulesRefusesTheWhole(t *testing.T) {
	checkRefused(t, []refusedRules{
		{"nothing", ``, []string{" rules.unreadable"}},
		{"no JSON", `{"version":1,`, []string{" rules.unreadable"}},
		{"something behind", `{"version":1,"rules":[]} {}`, []string{" rules.unreadable"}},
		{"a list", `[]`, []string{" rules.wrong_type"}},
		{"null", `null`, []string{"version rules.version"}},
		{"no version", `{"rules":[]}`, []string{"version rules.version"}},
		{"a later version", `{"version":2,"rules":[]}`, []string{"version rules.version"}},
		{"unknown field", `{"version":1,"rules":[],"extra":1}`, []string{"extra rules.unknown_field"}},
		{"too large", strings.Repeat(" ", 10<<20), []string{" rules.too_large"}},
		{"too deep", strings.Repeat("[", 100_000), []string{" rules.unreadable"}},
		{"a key twice", `{"version":1,"rules":[{"id":"a","effects":{"verdict":"allow","verdict":"refuse"}}]}`, []string{" rules.doubled"}},
		{"tariff below nothing", `{"version":1,"tariffs":[{"key":"gym","cents":-1},{"key":"hall","cents":1000000000}],"rules":[]}`, []string{"tariffs.gym rules.number", "tariffs.hall rules.number"}},
		{"tariff key", `{"version":1,"tariffs":[{"key":"Gym"},{"key":"a"},{"key":"a"}],"rules":[]}`, []string{"tariffs rules.key", "tariffs rules.key_twice"}},
		{"steps", `{"version":1,"tariffs":[{"key":"a","cents":1,"steps":[{"cents":1}]},{"key":"b","steps":[{"cents":1},{"cents":2}]},{"key":"c","steps":[{"cents":1,"up_to":60}]}],"rules":[]}`, []string{"tariffs.a rules.steps", "tariffs.b rules.steps", "tariffs.c rules.steps"}},
		{"bands", `{"version":1,"tariffs":[{"key":"a","day_hours":3,"bands":[{"from":"08:00","to":"12:00","cents":1},{"weekdays":[1],"from":"11:00","to":"13:00","cents":1}]},{"key":"b","bands":[{"from":"12:00","to":"08:00","cents":-1},{"from":"8","to":"12:00","cents":1,"weekdays":[8]}]}],"rules":[]}`, []string{
			"tariffs.a rules.bands", "tariffs.a rules.bands", "tariffs.b rules.number", "tariffs.b rules.time_order", "tariffs.b rules.weekday", "tariffs.b rules.time",
		}},
		{"vat", `{"version":1,"vat":[{"permille":1001},{"permille":255}],"rules":[]}`, []string{"vat rules.number", "vat rules.key_twice"}},
		{"question", `{"version":1,"questions":[{"key":"a","label":{"fi":"A?"},"kind":"choice"},{"key":"b","label":{"fi":"B?"},"kind":"yes_no","options":[{"value":"x","label":{"fi":"X"}}]},{"key":"c","label":{},"kind":""}],"rules":[]}`, []string{
			"questions.a rules.options", "questions.b rules.options", "questions.c rules.unknown_value", "questions.c rules.text",
		}},
		{"quota", oneRule(`{"id":"a","effects":{"quotas":[{"key":"a","in":"week"},{"key":"b","in":"season","times":1},{"key":"c","in":"year","times":0}]}}`), []string{
			"a.effects.quotas.a rules.quota", "a.effects.quotas.b rules.quota", "a.effects.quotas.c rules.number", "a.effects.quotas.c rules.unknown_value",
		}},
		{"refunds", oneRule(`{"id":"a","effects":{"cancellation":{"free_minutes":1440,"steps":[{"minutes":1440,"percent":50},{"minutes":60,"percent":-1}]}}}`), []string{"a.effects.cancellation.steps rules.refunds", "a.effects.cancellation.steps rules.number"}},
	})
}

func TestParseRulesRefuses(t *testing.T) {
	effects := `"effects":{"verdict":"allow"}`
	checkRefused(t, []refusedRules{
		{"unknown condition", oneRule(`{"id":"a","when":{"moon":"full"},` + effects + `}`), []string{"a.moon rules.unknown_field"}},
		{"wrong type", oneRule(`{"id":"a","what":{"persons_min":"many"},` + effects + `}`), []string{"a.what.persons_min rules.wrong_type"}},
		{"a rule that is null", oneRule(`null`), []string{"#1.id rules.id", "#1.effects rules.no_effect"}},
		{"no id", oneRule(`{` + effects + `}`), []string{"#1.id rules.id"}},
		{"an odd id", oneRule(`{"id":"a b",` + effects + `}`), []string{"a b.id rules.id"}},
		{"twice", oneRule(`{"id":"a",` + effects + `},{"id":"a",` + effects + `}`), []string{"a.id rules.id_twice"}},
		{"no effects", oneRule(`{"id":"a"}`), []string{"a.effects rules.no_effect"}},
		{"empty limits", oneRule(`{"id":"a","effects":{"verdict":"allow","limits":{}}}`), []string{"a.effects rules.no_effect"}},
		{"use", oneRule(`{"id":"a","when":{"use":"night"},` + effects + `}`), []string{"a.when.use rules.unknown_value"}},
		{"weekdays", oneRule(`{"id":"a","when":{"weekdays":[0,1,8]},` + effects + `}`), []string{"a.when.weekdays rules.weekday", "a.when.weekdays rules.weekday"}},
		{"time", oneRule(`{"id":"a","when":{"from":"8:00","to":"24:60"},` + effects + `}`), []string{"a.when.from rules.time", "a.when.to rules.time"}},
		{"begins the next day", oneRule(`{"id":"a","when":{"from":"24:00","to":"25:00"},` + effects + `}`), []string{"a.when.from rules.time"}},
		{"end before begin", oneRule(`{"id":"a","when":{"from":"22:00","to":"02:00"},` + effects + `}`), []string{"a.when.to rules.time_order"}},
		{"no time at all", oneRule(`{"id":"a","when":{"from":"08:00","to":"08:00"},` + effects + `}`), []string{"a.when.to rules.time_order"}},
		{"season", oneRule(`{"id":"a","when":{"season":{"from":"02-30","to":"6-1"}},` + effects + `}`), []string{"a.when.season.from rules.day", "a.when.season.to rules.day"}},
		{"half a season", oneRule(`{"id":"a","when":{"season":{"from":"02-01"}},` + effects + `}`), []string{"a.when.season.to rules.day"}},
		{"class", oneRule(`{"id":"a","who":{"classes":["person","king"]},` + effects + `}`), []string{"a.who.classes rules.unknown_value"}},
		{"persons", oneRule(`{"id":"a","what":{"persons_min":0,"persons_max":100001},` + effects + `}`), []string{"a.what.persons_min rules.number", "a.what.persons_max rules.number"}},
		{"persons, most below least", oneRule(`{"id":"a","what":{"persons_min":10,"persons_max":9},` + effects + `}`), []string{"a.what.persons_max rules.number"}},
		{"minutes", oneRule(`{"id":"a","what":{"minutes_min":0},` + effects + `}`), []string{"a.what.minutes_min rules.number"}},
		{"purposes and answers", oneRule(`{"id":"a","what":{"purposes":[" "],"answers":{"":"yes"}},` + effects + `}`), []string{"a.what.purposes rules.text", "a.what.answers rules.text"}},
		{"verdict", oneRule(`{"id":"a","effects":{"verdict":"maybe"}}`), []string{"a.effects.verdict rules.unknown_value"}},
		{"price", oneRule(`{"id":"a","effects":{"price":"cheap"}}`), []string{"a.effects.price rules.price"}},
		{"limits", oneRule(`{"id":"a","effects":{"limits":{"max_minutes":0,"days_ahead_max":731,"days_ahead_min":-1,"active_limit":0}}}`), []string{
			"a.effects.limits.max_minutes rules.number", "a.effects.limits.days_ahead_max rules.number",
			"a.effects.limits.days_ahead_min rules.number", "a.effects.limits.active_limit rules.number",
		}},
		{"a huge number", oneRule(`{"id":"a","what":{"persons_min":1e400},` + effects + `}`), []string{"a.what.persons_min rules.wrong_type"}},
		{"a huge area", oneRule(`{"id":"a","where":{"area_min":1e300,"area_under":-1},` + effects + `}`), []string{"a.where.area_min rules.number", "a.where.area_under rules.number"}},
		{"price below nothing", oneRule(`{"id":"a","effects":{"price":"cents:-1"}}`), []string{"a.effects.price rules.price"}},
		{"price of ten million", oneRule(`{"id":"a","effects":{"price":"cents:1000000000"}}`), []string{"a.effects.price rules.price"}},
		{"ages", oneRule(`{"id":"a","who":{"age_min":30,"age_max":20},` + effects + `}`), []string{"a.who.age_max rules.number"}},
		{"numbers", oneRule(`{"id":"a","what":{"numbers":{"cars":{}}},` + effects + `}`), []string{"a.what.numbers rules.range"}},
		{"dates", oneRule(`{"id":"a","when":{"dates":{"from":"2024-02-01","to":"2024-01-01"},"ahead_min":-1},` + effects + `}`), []string{"a.when.ahead_min rules.number", "a.when.dates.to rules.time_order"}},
		{"no date", oneRule(`{"id":"a","when":{"dates":{"from":"2024-02-30"}},` + effects + `}`), []string{"a rules.unreadable"}},
		{"a long note", oneRule(`{"id":"a","note":{"fi":"` + strings.Repeat("ä", 501) + `"},` + effects + `}`), []string{"a.note rules.text"}},
		{"the second of two", oneRule(`{"id":"a",` + effects + `},{"id":"b","effects":{"price":"0"}}`), []string{"b.effects.price rules.price"}},
		{"too many", oneRule(strings.TrimSuffix(strings.Repeat(`{},`, 501), ",")), []string{"rules rules.too_many"}},
	})
}

func checkRuleCode(t *testing.T, f fault.Field) {
	t.Helper()
	params, ok := RuleCodes[f.Code]
	if !ok || len(f.Params) != len(params)+2 {
		t.Errorf("%s has params %v, documented %v", f.Code, f.Params, params)
	}
	for _, name := range append([]string{"rule", "field"}, params...) {
		if _, ok := f.Params[name]; !ok {
			t.Errorf("%s lacks param %s", f.Code, name)
		}
	}
}

const fullRule = `{"version":1,"rules":[{
	"id":"full",
	"when":{"use":"civic","weekdays":[5,6],"from":"18:00","to":"26:00","season":{"from":"08-15","to":"02-29"}},
	"who":{"classes":["association"],"under_18":true,"local":true},
	"what":{"purposes":["sport"],"persons_min":2,"persons_max":50,"minutes_min":60,"answers":{"open_to_all":"yes"}},
	"effects":{"verdict":"approval","price":"percent:50","competes":true,
		"limits":{"max_minutes":180,"days_ahead_max":90,"days_ahead_min":2,"active_limit":3}},
	"note":{"fi":"Hakemuksesta.","sv":"På ansökan.","en":"On application."}}]}`

// Each code is one that some text or book gives; unknown_key is asked of a book
// with the one beneath it.
func TestEveryRuleCodeIsGiven(t *testing.T) {
	text, err := os.ReadFile("parse_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for code := range RuleCodes {
		if !strings.Contains(string(text), code) {
			t.Errorf("no test gives %s", code)
		}
	}
	unknown := Rules{Version: 1, Rules: []Rule{{ID: "a", Effects: Effects{Price: "tariff:gym"}}}}
	if e := faultOf(t, unknown.Unknown()); e.Code != "rules.unknown_key" || e.Fields[0].Name != "a.effects.price" {
		t.Errorf("%v", e)
	}
	if err := unknown.Validate(); err != nil {
		t.Errorf("%v", err)
	}
}

// What is no number cannot come by JSON, only from Go.
func TestValidateRefusesWhatIsNoNumber(t *testing.T) {
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		err := Rules{Version: 1, Rules: []Rule{{ID: "a", Where: Where{AreaMin: &odd}, Effects: Effects{Verdict: Allow}}}}.Validate()
		e := faultOf(t, err)
		if _, err := json.Marshal(e.Fields); err != nil || e.Code != "rules.number" {
			t.Errorf("%v: %v, %v", odd, e, err)
		}
	}
}

func TestParseRulesKeepsAll(t *testing.T) {
	rules, err := ParseRules([]byte(fullRule))
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Validate(); err != nil {
		t.Errorf("validate: %v", err)
	}
	text, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	var sent, back any
	if json.Unmarshal([]byte(fullRule), &sent) != nil || json.Unmarshal(text, &back) != nil || !reflect.DeepEqual(sent, back) {
		t.Errorf("written as %s", text)
	}
}

// Every way of reading rules is the strict one.
func TestRulesInsideOtherJSONAreStrict(t *testing.T) {
	var row struct{ Rules Rules }
	err := json.Unmarshal([]byte(`{"rules":{"version":1,"rules":[{"id":"a","effects":{"free":true}}]}}`), &row)
	if e := faultOf(t, err); e.Code != "rules.unknown_field" || e.Params["rule"] != "a" || e.Params["field"] != "free" {
		t.Errorf("%v", err)
	}
}

func TestValidateRulesOfGo(t *testing.T) {
	if err := everybody.Rules.Validate(); err != nil {
		t.Errorf("%v", err)
	}
	bad := Rules{Version: 1, Rules: []Rule{{ID: "a", Effects: Effects{Price: "0"}}, {}}}
	if e := faultOf(t, bad.Validate()); len(e.Fields) != 3 || e.Code != "rules.price" {
		t.Errorf("%v", e.Fields)
	}
	if e := faultOf(t, Rules{}.Validate()); e.Code != "rules.version" {
		t.Errorf("%v", e)
	}
}

// Whatever text comes, reading, describing and deciding neither panic nor
// change what was read.
func FuzzParseRules(f *testing.F) {
	f.Add(fullRule)
	f.Add(`{"version":1,"rules":[{"id":"a","effects":{"verdict":"allow","price":"cents:5"}}]}`)
	f.Add(`{"version":1,"rules":[{"id":"a","when":{"to":"00:00"}}]}`)
	f.Add(`{"version":1,"tariffs":[{"key":"t","cents":9,"bands":[{"weekdays":[6],"from":"08:00","to":"12:00","cents":5,"per":"use"}],"per_person":true,"max_cents":50}],"vat":[{"from":"2024-09-01","permille":255,"included":true}],"rules":[{"id":"a","effects":{"price":"tariff:t:50"}}]}`)
	f.Add(`{"version":1,"rules":[{"id":"a","who":{"all_agreements":["a"],"age_max":20},"what":{"numbers":{"n":{"min":1}}},"where":{"area_over":400},"effects":{"cancellation":{"free_minutes":60,"steps":[{"minutes":30,"percent":50}]}}}]}`)
	files, err := filepath.Glob(filepath.Join("testdata", "books", "*.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := json.Marshal(readBook(f, strings.TrimSuffix(filepath.Base(file), ".json")).Rules)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := ParseRules([]byte(text))
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v", err)
			}
			return
		}
		written, err := json.Marshal(rules)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseRules(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(written, twice) {
			t.Fatalf("%s is written as %s: %v", written, twice, err)
		}
		rules.Describe()
		rules.Remarks([]Place{question().Place})
		Decide(with(func(q *Question) { q.Book.Rules = rules }))
	})
}
