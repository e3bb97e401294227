package policies

import (
	"encoding/json"
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

func TestParseRulesRefuses(t *testing.T) {
	one := func(rule string) string { return `{"version":1,"rules":[` + rule + `]}` }
	effects := `"effects":{"verdict":"allow"}`
	cases := []struct {
		name string
		text string
		want []string // field and code
	}{
		{"nothing", ``, []string{" rules.unreadable"}},
		{"no JSON", `{"version":1,`, []string{" rules.unreadable"}},
		{"something behind", `{"version":1,"rules":[]} {}`, []string{" rules.unreadable"}},
		{"a list", `[]`, []string{" rules.wrong_type"}},
		{"null", `null`, []string{"version rules.version"}},
		{"no version", `{"rules":[]}`, []string{"version rules.version"}},
		{"a later version", `{"version":2,"rules":[]}`, []string{"version rules.version"}},
		{"unknown field", `{"version":1,"rules":[],"extra":1}`, []string{"extra rules.unknown_field"}},
		{"unknown condition", one(`{"id":"a","when":{"moon":"full"},` + effects + `}`), []string{"a.moon rules.unknown_field"}},
		{"wrong type", one(`{"id":"a","what":{"persons_min":"many"},` + effects + `}`), []string{"a.what.persons_min rules.wrong_type"}},
		{"a rule that is null", one(`null`), []string{"#1.id rules.id", "#1.effects rules.no_effect"}},
		{"no id", one(`{` + effects + `}`), []string{"#1.id rules.id"}},
		{"an odd id", one(`{"id":"a b",` + effects + `}`), []string{"a b.id rules.id"}},
		{"twice", one(`{"id":"a",` + effects + `},{"id":"a",` + effects + `}`), []string{"a.id rules.id_twice"}},
		{"no effects", one(`{"id":"a"}`), []string{"a.effects rules.no_effect"}},
		{"empty limits", one(`{"id":"a","effects":{"verdict":"allow","limits":{}}}`), []string{"a.effects rules.no_effect"}},
		{"use", one(`{"id":"a","when":{"use":"night"},` + effects + `}`), []string{"a.when.use rules.unknown_value"}},
		{"weekdays", one(`{"id":"a","when":{"weekdays":[0,1,8]},` + effects + `}`), []string{"a.when.weekdays rules.weekday", "a.when.weekdays rules.weekday"}},
		{"time", one(`{"id":"a","when":{"from":"8:00","to":"24:60"},` + effects + `}`), []string{"a.when.from rules.time", "a.when.to rules.time"}},
		{"begins the next day", one(`{"id":"a","when":{"from":"24:00","to":"25:00"},` + effects + `}`), []string{"a.when.from rules.time"}},
		{"end before begin", one(`{"id":"a","when":{"from":"22:00","to":"02:00"},` + effects + `}`), []string{"a.when.to rules.time_order"}},
		{"no time at all", one(`{"id":"a","when":{"from":"08:00","to":"08:00"},` + effects + `}`), []string{"a.when.to rules.time_order"}},
		{"season", one(`{"id":"a","when":{"season":{"from":"02-30","to":"6-1"}},` + effects + `}`), []string{"a.when.season.from rules.day", "a.when.season.to rules.day"}},
		{"half a season", one(`{"id":"a","when":{"season":{"from":"02-01"}},` + effects + `}`), []string{"a.when.season.to rules.day"}},
		{"class", one(`{"id":"a","who":{"classes":["person","king"]},` + effects + `}`), []string{"a.who.classes rules.unknown_value"}},
		{"persons", one(`{"id":"a","what":{"persons_min":0,"persons_max":100001},` + effects + `}`), []string{"a.what.persons_min rules.number", "a.what.persons_max rules.number"}},
		{"persons, most below least", one(`{"id":"a","what":{"persons_min":10,"persons_max":9},` + effects + `}`), []string{"a.what.persons_max rules.number"}},
		{"minutes", one(`{"id":"a","what":{"minutes_min":0},` + effects + `}`), []string{"a.what.minutes_min rules.number"}},
		{"purposes and answers", one(`{"id":"a","what":{"purposes":[" "],"answers":{"":"yes"}},` + effects + `}`), []string{"a.what.purposes rules.text", "a.what.answers rules.text"}},
		{"verdict", one(`{"id":"a","effects":{"verdict":"maybe"}}`), []string{"a.effects.verdict rules.unknown_value"}},
		{"price", one(`{"id":"a","effects":{"price":"cheap"}}`), []string{"a.effects.price rules.price"}},
		{"limits", one(`{"id":"a","effects":{"limits":{"max_minutes":0,"days_ahead_max":731,"days_ahead_min":-1,"active_limit":0}}}`), []string{
			"a.effects.limits.max_minutes rules.number", "a.effects.limits.days_ahead_max rules.number",
			"a.effects.limits.days_ahead_min rules.number", "a.effects.limits.active_limit rules.number",
		}},
		{"a long note", one(`{"id":"a","note":{"fi":"` + strings.Repeat("ä", 501) + `"},` + effects + `}`), []string{"a.note rules.text"}},
		{"the second of two", one(`{"id":"a",` + effects + `},{"id":"b","effects":{"price":"0"}}`), []string{"b.effects.price rules.price"}},
		{"too many", one(strings.TrimSuffix(strings.Repeat(`{},`, 501), ",")), []string{"rules rules.too_many"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
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
		if err != nil || !reflect.DeepEqual(rules, again) {
			t.Fatalf("%s: %v", written, err)
		}
		rules.Describe()
		Decide(with(func(q *Question) { q.Book.Rules = rules }))
	})
}
