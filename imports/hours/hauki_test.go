package hours

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func fileOf(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t testing.TB, data []byte) []resources.Period {
	t.Helper()
	periods, err := ParseHauki(data)
	if err != nil {
		t.Fatalf("%v %+v", err, fault.As(err).Fields)
	}
	return periods
}

func day(text string) *calendar.Date {
	date, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return &date
}

// substance is what a file of date periods says, without what only its own
// system knows: ids, times of writing, and the order of members.
func substance(t testing.TB, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return bare(value)
}

func bare(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, own := range []string{"id", "resource", "period", "group", "created", "modified", "origins", "is_removed"} {
			delete(v, own)
		}
		for name, member := range v {
			if v[name] = bare(member); v[name] == "" {
				v[name] = nil
			}
		}
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return value
}

func TestKallioComesInAndOutEqual(t *testing.T) {
	data := fileOf(t, "hauki_date_periods_kallio.json")
	periods := parsed(t, data)
	if len(periods) != 1 || periods[0].Origin != "hauki:343802" || len(periods[0].Spans.V) != 5 {
		t.Fatalf("%+v", periods)
	}
	out, err := WriteHauki(periods)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := substance(t, out), substance(t, data); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if again := parsed(t, out); !reflect.DeepEqual(again, periods) {
		t.Errorf("read again: %+v", again)
	}
}

// The days of the library as another system worked them out: status 1 is with
// staff, 2 self-service.
func TestKalliosDaysAreThoseOfItsLibrarySystem(t *testing.T) {
	var file struct {
		Simple struct {
			Data struct {
				Schedules []struct {
					Date   string
					Closed bool
					Times  []struct {
						From, To string
						Status   int
					}
				}
			}
		}
	}
	if err := json.Unmarshal(fileOf(t, "kirkanta_kallio_schedules.json"), &file); err != nil {
		t.Fatal(err)
	}
	one := 1
	place := resources.Place{Periods: parsed(t, fileOf(t, "hauki_date_periods_kallio.json"))}
	place.Periods[0].Unit = &one
	days := file.Simple.Data.Schedules
	if len(days) < 7 {
		t.Fatalf("only %d days", len(days))
	}
	states := map[int]string{1: "", 2: "self_service"}
	for _, want := range days {
		var got, wanted []string
		for _, span := range place.Day(*day(want.Date)).Spans {
			if span.Kind == policies.Open {
				got = append(got, fmt.Sprint(span.From.String(), span.To.String(), span.State))
			}
		}
		for _, span := range want.Times {
			wanted = append(wanted, fmt.Sprint(span.From, span.To, states[span.Status]))
		}
		if !slices.Equal(got, wanted) || want.Closed != (len(got) == 0) {
			t.Errorf("%s: got %v, want %v", want.Date, got, wanted)
		}
	}
}

func TestAllThatPeriodsSayComesInAndOut(t *testing.T) {
	everyDay := []int{1, 2, 3, 4, 5, 6, 7}
	period := func(p resources.Period, spans ...resources.WeekSpan) resources.Period {
		p.Spans.V = spans
		p.Origin = "hauki:" + p.Origin
		return p
	}
	other := []resources.Turn{{Context: "period", Subject: "week", Start: 1, Every: 2}}
	last := []resources.Turn{{Context: "month", Subject: "friday", Start: -1}, {Context: "year", Subject: "month", Parity: "odd"}}
	want := []resources.Period{
		period(resources.Period{Origin: "1", Name: locales.Texts{Fi: "Talvi", Sv: "Vinter", En: "Winter <&>"}, Description: locales.Texts{Sv: "mörkt"}, ValidFrom: day("2026-09-07")},
			resources.WeekSpan{Weekdays: []int{1, 3}, From: 480, To: 1200, Kind: policies.Open, Only: other},
			resources.WeekSpan{Weekdays: []int{2}, From: 1200, To: 1440 + 120, Kind: policies.Reservable, Only: other, Name: locales.Texts{Fi: "Yö"}},
			resources.WeekSpan{Weekdays: []int{5}, From: 600, To: 1440, Kind: policies.Open, State: "with_key", Only: last},
			resources.WeekSpan{Weekdays: everyDay, To: 1440, Kind: policies.Closed, State: "maintenance"},
			resources.WeekSpan{Weekdays: everyDay, From: 480, To: 900, Kind: policies.Core, State: "lesson"}),
		period(resources.Period{Origin: "2", ValidFrom: day("2026-12-24"), ValidTo: day("2026-12-26"), Override: true}),
		period(resources.Period{Origin: "3", ValidTo: day("2026-12-31"), School: resources.SchoolTerm, Overlay: true},
			resources.WeekSpan{Weekdays: []int{4}, From: 480, To: 540, Kind: policies.Core}),
		period(resources.Period{Origin: "4"}),
	}
	out, err := WriteHauki(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed(t, out); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v\n%s", got, want, out)
	}
	if !strings.Contains(string(out), `"subject": "fri"`) { // the word that Hauki has
		t.Errorf("%s", out)
	}
}

func TestEveryStateOfHaukiComesInAndOut(t *testing.T) {
	for name := range haukiStates {
		periods := parsed(t, fmt.Appendf(nil, `[{"resource_state":%q}]`, name))
		out, _ := WriteHauki(periods)
		if !strings.Contains(string(out), fmt.Sprintf("%q", name)) || strings.Contains(string(out), ownFields) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestPeriodsThatAreReadLoosely(t *testing.T) {
	for data, want := range map[string]string{
		`[]`:                                            "",
		`{"count":1,"results":[{}]}`:                    "0",
		`[{"is_removed":true}]`:                         "",
		`[{"resource_state":"open"}]`:                   "1",
		`[{"resource_state":"closed"}]`:                 "1",
		`[{"resource_state":"closed","override":true}]`: "0",
		`[{"resource_state":"open","time_span_groups":[{"time_spans":[{"weekdays":[7,1],"start_time":"08:00","end_time":"08:30:00"}]}]}]`:        "1",
		`[{"time_span_groups":[{"is_removed":true,"time_spans":[{}]}]}]`:                                                                         "0",
		`[{"future":{"a":[1]},"time_span_groups":[{"time_spans":[{"weekdays":[7],"full_day":true,"resource_state":"open","x":null}],"y":1.5}]}]`: "1",
	} {
		var got []string
		for _, p := range parsed(t, []byte(data)) {
			got = append(got, fmt.Sprint(len(p.Spans.V)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v spans, want %s", data, got, want)
		}
	}
}

func TestRulesOfHaukiAreTurns(t *testing.T) {
	for rule, want := range map[string]string{
		`{"context":"period","subject":"week","start":1,"frequency_ordinal":2,"frequency_modifier":null}`:   "period/week/1/2",
		`{"context":"month","subject":"sun","start":-1,"frequency_ordinal":null,"frequency_modifier":null}`: "month/sunday/-1",
		`{"context":"year","subject":"week","start":null,"frequency_modifier":"odd"}`:                       "year/week/odd",
		`{"context":"month","subject":"monday","frequency_ordinal":1}`:                                      "month/monday",
	} {
		data := `[{"start_date":"2026-01-01","time_span_groups":[{"rules":[{"is_removed":true},` + rule + `],
			"time_spans":[{"weekdays":[1,7],"full_day":true,"resource_state":"open"}]}]}]`
		var got []string
		for _, turn := range parsed(t, []byte(data))[0].Spans.V[0].Only {
			got = append(got, turn.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", rule, got, want)
		}
	}
}

func TestBadHaukiFilesAreRefusedByPlace(t *testing.T) {
	span := func(change string) string {
		return `[{"time_span_groups":[{"time_spans":[{"resource_state":"open","weekdays":[1],"start_time":"10:00:00","end_time":"12:00:00",` + change + `}]}]}]`
	}
	inSpan := "$[0].time_span_groups[0].time_spans[0]."
	for data, want := range map[string]string{
		``:                              "$ not_json",
		`[{]`:                           "$ not_json",
		`[] []`:                         "$ not_json",
		`null`:                          "$ not_list",
		`{}`:                            "$ not_list",
		`[null]`:                        "$[0] not_object",
		`[1]`:                           "$[0] not_object",
		`[{"name":1}]`:                  "$[0].name not_object",
		`[{"name":{"fi":1}}]`:           "$[0].name.fi not_text",
		`[{"start_date":"2026-02-30"}]`: "$[0].start_date bad_date",
		`[{"end_date":20260101}]`:       "$[0].end_date not_text",
		`[{"start_date":"2026-03-02","end_date":"2026-03-01"}]`: "$[0].end_date ends_before_begin",
		`[{"override":"yes"}]`:                                           "$[0].override not_flag",
		`[{"override":true}]`:                                            "$[0].resource_state no_state",
		`[{"resource_state":"ajar"}]`:                                    "$[0].resource_state unknown_state",
		`[{"time_span_groups":{}}]`:                                      "$[0].time_span_groups not_list",
		`[{"time_span_groups":[{"time_spans":[null]}]}]`:                 "$[0].time_span_groups[0].time_spans[0] not_object",
		`[{"time_span_groups":[{"time_spans":[{}]}]}]`:                   inSpan + "weekdays not_list",
		span(`"weekdays":null`):                                          inSpan + "weekdays not_list",
		span(`"weekdays":[]`):                                            inSpan + "weekdays bad_weekday",
		span(`"weekdays":[0]`):                                           inSpan + "weekdays[0] bad_weekday",
		span(`"weekdays":[1,8]`):                                         inSpan + "weekdays[1] bad_weekday",
		span(`"weekdays":[1,1]`):                                         inSpan + "weekdays[1] bad_weekday",
		span(`"weekdays":[1.5]`):                                         inSpan + "weekdays[0] not_number",
		span(`"start_time":null`):                                        inSpan + "start_time bad_time",
		span(`"start_time":"25:00:00"`):                                  inSpan + "start_time bad_time",
		span(`"start_time":"10:00:30"`):                                  inSpan + "start_time bad_time",
		span(`"end_time":"10:00:00"`):                                    inSpan + "end_time ends_before_begin",
		span(`"end_time_on_next_day":true`):                              inSpan + "end_time ends_before_begin",
		span(`"resource_state":null`):                                    inSpan + "resource_state no_state",
		span(`"resource_state":"half"`):                                  inSpan + "resource_state unknown_state",
		`[{},{"vuoro":{"school":"sometimes"}}]`:                          "$[1] hours.bad_school",
		`[{"is_removed":true},{"vuoro":{"school":"x"}}]`:                 "$[1] hours.bad_school",
		strings.Replace(span(`"x":1`), `]}]}]`, `],"rules":[{}]}]}]`, 1): "$[0] hours.turn_impossible",
		strings.Replace(span(`"x":1`), `]}]}]`, `],"rules":[[]]}]}]`, 1): "$[0].time_span_groups[0].rules[0] not_object",
		strings.Repeat("[", 20000) + strings.Repeat("]", 20000):          "$ not_json",
		`[{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `,"override":1}]`: "$[0].override not_flag",
		`"` + strings.Repeat("x", MaxSize) + `"`:                                             "$ too_large",
	} {
		_, err := ParseHauki([]byte(data))
		if err == nil {
			t.Errorf("%.80s: read", data)
			continue
		}
		field := fault.As(err).Fields[0]
		if got := field.Name + " " + strings.TrimPrefix(field.Code, "hours_file."); got != want || !fault.Is(err, fault.Invalid) {
			t.Errorf("%.120s: %s, want %s", data, got, want)
		}
		for _, lang := range locales.Languages {
			if sentence := locales.New(lang, time.UTC).T(field.Code, field.Params); strings.Contains(sentence, "{") && !strings.Contains(sentence, "{…}") {
				t.Errorf("%s in %s: %s", field.Code, lang, sentence)
			}
		}
	}
}

func TestManyMistakesAreNamedOnlySoFar(t *testing.T) {
	_, err := ParseHauki([]byte("[" + strings.Repeat("1,", 100000) + "1]"))
	if n := len(fault.As(err).Fields); n != maxMistakes {
		t.Errorf("%d mistakes", n)
	}
}

func TestAnImportReplacesWhatItsSourceGaveBefore(t *testing.T) {
	of := func(origins ...string) (list []resources.Period) {
		for _, origin := range origins {
			list = append(list, resources.Period{Origin: origin})
		}
		return list
	}
	existing := of("", "hauki:1", "ical:a", "haukilahti:1", "hauki:2")
	if got := Replace(existing, of("hauki:2", "hauki:3"), "hauki"); !reflect.DeepEqual(got, of("", "ical:a", "haukilahti:1", "hauki:2", "hauki:3")) {
		t.Errorf("%+v", got)
	}
	if got := Replace(existing, of("x"), ""); !reflect.DeepEqual(got, of("x")) {
		t.Errorf("%+v", got)
	}
}

func FuzzParseHauki(f *testing.F) {
	f.Add(fileOf(f, "hauki_date_periods_kallio.json"))
	f.Fuzz(func(t *testing.T, data []byte) {
		periods, err := ParseHauki(data)
		if err != nil {
			if len(fault.As(err).Fields) == 0 {
				t.Errorf("no place: %v", err)
			}
			return
		}
		out, err := WriteHauki(periods)
		if err != nil {
			t.Fatal(err)
		}
		if again := parsed(t, out); len(again) != len(periods) {
			t.Errorf("%d periods, then %d", len(periods), len(again))
		}
	})
}
