package places

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func TestHoursAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"Mo-Fr 08:00-16:00 core; Sa,Su 10:00-18:00": "",
		"mo-fr 8-16":                "Mo-Fr 08:00-16:00",
		"ma–pe 8.00–16.30 core":     "Mo-Fr 08:00-16:30 core",
		"må-fr 8:00-16:00":          "Mo-Fr 08:00-16:00",
		"Su-Tu 10:00-12:00":         "Mo,Tu,Su 10:00-12:00",
		"Fr, Sa 18:00 - 02:00":      "Fr,Sa 18:00-02:00",
		"Mo 18:00-26:00":            "Mo 18:00-02:00",
		"Mo 17:00-00:00":            "Mo 17:00-24:00",
		"Mo-Su 00:00-24:00 open":    "",
		"Mo 08:00-32:00":            "",
		"Mo 10-12;\nTu 10-12;":      "Mo 10:00-12:00; Tu 10:00-12:00",
		"Mo,We,Fr 10:00-12:00":      "",
		"Closed":                    "closed",
		"Mo 10:00-12:00 reservable": "Mo 10:00-12:00",
		`Fr 10 - 12 open month/friday/-1 state:self_service fi:"Yö; myöhään – 1, 2"`: `Fr 10:00-12:00 open month/friday/-1 state:self_service fi:"Yö; myöhään – 1, 2"`,
	} {
		if want == "" {
			want = text
		}
		spans, err := parseHours(text)
		if err != nil || resources.WriteSpans(spans) != want {
			t.Errorf("%q is read as %q, want %q (%v)", text, resources.WriteSpans(spans), want, err)
		}
	}
	for _, text := range []string{"", ";", "Mo", "8-16", "Mo 8-16 always", "Xx 8-16", "Mo-Mo-Tu 8-16", "Mo,Mo 8-16", "Mo 8-8", "Mo 8-49", "Mo 24:00-25:00", "Mo 8", "Mo 8-16 core open", "Mo 8-16 month", "Mo 8-16 state:", "Mo 8-16 fi:x", `Mo 8-16 fi:"x`, `Mo 8-16 de:"x"`} {
		if spans, err := parseHours(text); err == nil {
			t.Errorf("%q is read as %v", text, spans)
		}
	}
}

func TestPropertyHoursAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) resources.WeekSpan {
			from := rapid.IntRange(0, int(calendar.DayMinutes)-1).Draw(t, "from")
			days := rapid.SliceOfNDistinct(rapid.IntRange(1, 7), 1, 7, rapid.ID[int]).Draw(t, "days")
			days, _ = resources.ParseDays(resources.WriteDays(days)) // sorted
			return resources.WeekSpan{
				Weekdays: days, From: calendar.Minute(from), To: calendar.Minute(rapid.IntRange(from+1, from+1440).Draw(t, "to")),
				Kind: rapid.SampledFrom([]policies.HoursKind{policies.Open, policies.Reservable, policies.Core, policies.Closed}).Draw(t, "kind"),
				Only: rapid.SampledFrom([][]resources.Turn{nil, {{Context: "month", Subject: "friday", Start: -1}}, {
					{Context: "period", Subject: "week", Start: 1, Every: 2}, {Context: "year", Subject: "month", Parity: "even"},
				}}).Draw(t, "only"),
				State: rapid.SampledFrom([]string{"", "self_service"}).Draw(t, "state"),
				Name:  locales.Texts{Fi: rapid.String().Draw(t, "fi"), En: rapid.SampledFrom([]string{"", `Late; "very" – late, \ or not`}).Draw(t, "en")},
			}
		}), 0, 5).Draw(t, "spans")
		again, err := parseHours(resources.WriteSpans(spans))
		if err != nil || len(again) != len(spans) || len(spans) > 0 && !reflect.DeepEqual(again, spans) {
			t.Fatalf("%v is written %q and read %v (%v)", spans, resources.WriteSpans(spans), again, err)
		}
	})
}

func TestRulesInShort(t *testing.T) {
	text := "association, residents_group: allow free; person: allow list; company: approval 50%; religious: allow 9.50; everybody: refuse"
	rules, err := parseRules(text)
	if err != nil || len(rules.Rules) != 5 || rules.Rules[2].Effects.Price != "percent:50" || rules.Rules[3].Effects.Price != "cents:950" || rules.Rules[4].Who.Classes != nil {
		t.Fatalf("%+v, %v", rules, err)
	}
	if got := writeRules(rules); got != text {
		t.Errorf("written %q", got)
	}
	whole, err := parseRules(`{"version": 1, "rules": [{"id": "1", "what": {"persons_min": 200}, "effects": {"verdict": "approval"}}]}`)
	if err != nil || !strings.HasPrefix(writeRules(whole), `{"version":1`) {
		t.Errorf("rules that the short form cannot say: %q, %v", writeRules(whole), err)
	}
	for _, bad := range []string{"", "allow", "person: allow free now", "person: maybe", "persn: allow", "person, everybody: allow", "person: allow 12 €", "{", `{"version": 2, "rules": []}`} {
		if rules, err := parseRules(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, rules)
		}
	}
}

func TestMoney(t *testing.T) {
	for text, cents := range map[string]int{"7": 700, "7.3": 730, "7,30": 730, " 7.30 € ": 730, "0": 0, "0.05": 5, "1234567.89": 123456789} {
		if got, ok := parseEuros(text); !ok || got != cents {
			t.Errorf("%q is %d, %v", text, got, ok)
		}
	}
	for _, bad := range []string{"", "-1", "1.234", "7,-", "1 000", "€", ".", "12345678", "1e3", "7.+1"} {
		if got, ok := parseEuros(bad); ok {
			t.Errorf("%q is %d", bad, got)
		}
	}
	if writeEuros(5) != "0.05" || writeEuros(700) != "7.00" {
		t.Error(writeEuros(5), writeEuros(700))
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"row;slug\nunit;talo\n", "\ufeffrow,key,unit\nspace,\"a\n", "row\tslug\n=1\t'=2", "row;row;;x\n;;;;", "\xff\xfer\x00o\x00w\x00", "PK\x03\x04", "row;name_fi\nunit;\xe4",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(checkReading)
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{"format": "vuoro-places", "version": 1, "units": [{"slug": "a", "hours": "Mo 8-16", "spaces": [{"key": "b", "parts": [{"key": "c"}]}], "resources": [{"slug": "d", "parts": ["b"], "price": 7.3}]}]}`,
		`{"rule_books": [{"key": "city", "rules": {"version": 1, "rules": []}}]}`, `{"units": {}}`, `{"a": [[[[`, `{"format": null}`, `{"units": [null, 3, "x", {"name": {"fi": "\ud800"}}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(checkReading)
}

// checkReading reads a file as far as it can be read without a database:
// nothing panics, and every refusal has a place in the file and a code.
func checkReading(t *testing.T, data []byte) {
	s := read(data)
	for _, r := range s.rows {
		for _, f := range blank(r.kind).fields(time.UTC) {
			if err := f.read(r.text(f.column)); err != nil {
				s.mistakes.Add(r.where(f.column), err)
			}
			if err := f.read(f.write()); err != nil && f.write() != resources.ClosedHours {
				t.Errorf("%s writes %q, which it does not read: %v", f.column, f.write(), err)
			}
		}
	}
	lines := strings.Count(string(data), "\n") + 1
	for _, m := range s.sorted().List {
		if m.Line < 1 || m.Line > lines+1 || m.Column < 1 || m.Fault.Code == "" {
			t.Errorf("%+v (%v) of %d lines", m.Position, m.Fault, lines)
		}
	}
}
