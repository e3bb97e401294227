package web

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/web/locales"
)

var update = flag.Bool("update", false, "rewrite the golden files of this package")

// TestRuleWords compares the sentences of rules that together use every
// condition and effect with those in testdata.
func TestRuleWords(t *testing.T) {
	raw, err := os.ReadFile("testdata/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	book, err := policies.ParseRules(raw)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	said := map[string]bool{}
	for _, rule := range book.Rules {
		b.WriteString(rule.ID + "\n")
		for _, lang := range locales.Languages {
			v := &visit{lang: lang, say: locales.New(lang, time.UTC)}
			b.WriteString("  " + lang + "  " + v.tells(book).ruleSentence(rule) + "\n")
		}
		for _, c := range rule.Says() {
			said[c.Name] = true
		}
		text, _ := json.Marshal(rule.Effects)
		var effects map[string]any
		_ = json.Unmarshal(text, &effects)
		for name := range effects {
			said[name] = true
		}
	}
	for _, tariff := range book.Tariffs {
		v := &visit{lang: "fi", say: locales.New("fi", time.UTC)}
		b.WriteString(tariff.Key + "\n  fi  " + strings.Join(v.tells(book).tariffWords(tariff), "; ") + "\n")
	}
	for _, name := range everyPart {
		if !said[name] {
			t.Errorf("no rule of testdata/rules.json says %s", name)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/rules.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the sentences are not those of testdata/rules.txt (-update writes them):\n%s", b.String())
	}
}

// everyPart are all conditions and effects that a rule can have.
var everyPart = strings.Fields(`when.use when.dates when.season when.time when.holiday when.school when.ahead_min when.ahead_max
	who.classes who.under_18 who.under_18_share who.local who.municipalities who.registered who.agreements who.all_agreements who.age_min who.age_max
	what.purposes what.persons_min what.persons_max what.oldest_min what.oldest_max what.minutes_min what.minutes_max what.repeated what.answers what.numbers
	where.types where.groups where.units where.resources where.area where.part
	verdict price competes priority outside_hours deposit cancellation factors fees quotas fields terms limits`)

func TestConditionWords(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{lang: "fi", say: locales.New("fi", zone)}
	begin := time.Date(2026, 11, 23, 17, 0, 0, 0, zone)
	for _, c := range []struct {
		condition policies.Condition
		want      string
	}{
		{policies.Condition{Name: "what.persons_min", Value: 200, Asked: 250}, "Henkilömäärä: kysytty 250; sääntö: vähintään 200 henkilöä"},
		{policies.Condition{Name: "what.persons_min", Value: 200}, "Henkilömäärä: kysytty ei tiedossa; sääntö: vähintään 200 henkilöä"},
		{policies.Condition{Name: "what.minutes_max", Value: 90, Asked: 120}, "Kesto: kysytty 2 t; sääntö: kesto enintään 1 t 30 min"},
		{policies.Condition{Name: "who.classes", Value: []policies.Class{policies.Association}, Asked: policies.Person}, "Varaaja: kysytty yksityishenkilöt; sääntö: yhdistykset"},
		{policies.Condition{Name: "who.local", Value: true, Asked: false}, "Oma paikkakunta: kysytty ei; sääntö: omalta paikkakunnalta"},
		{policies.Condition{Name: "who.agreements", Value: []string{"nuva"}, Asked: []string(nil)}, "Sopimukset ja jäsenyydet: kysytty ei mitään; sääntö: joilla on sopimus tai jäsenyys nuva"},
		{policies.Condition{Name: "who.all_agreements", Value: []string{"nuva", "seura"}, Asked: []string{"nuva"}}, "Kaikki nämä sopimukset ja jäsenyydet: kysytty nuva; sääntö: joilla on kaikki sopimukset tai jäsenyydet nuva ja seura"},
		{policies.Condition{Name: "when.ahead_min", Value: 2 * calendarDay, Asked: 90}, "Varattu etukäteen: kysytty 1 tunti 30 minuuttia; sääntö: varattaessa viimeistään 2 päivää ennen alkua"},
		{policies.Condition{Name: "when.time", Value: policies.Weekly{Weekdays: []int{1, 2, 3, 4, 5}, From: "16:00", To: "21:00"}, Asked: calendar.Interval{Begin: begin, End: begin.Add(time.Hour)}}, "Viikonpäivä ja kellonaika: kysytty ma 23.11.2026 klo 17.00–18.00; sääntö: ma–pe 16.00–21.00"},
		{policies.Condition{Name: "what.answers", Value: map[string]policies.Values{"open_to_all": {"yes"}}, Asked: map[string]string{"other": "no"}}, "Vastaukset: kysytty ”Avoin kaikille”: ei vastausta; sääntö: ”Avoin kaikille”: kyllä"},
		{policies.Condition{Name: "where.types", Value: []string{"gym"}, Asked: "meeting_room"}, "Tilatyyppi: kysytty kokoushuone; sääntö: liikuntasaleissa"},
	} {
		if got := v.tells(policies.Rules{}).conditionWords(c.condition); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.condition.Name, got, c.want)
		}
	}
}
