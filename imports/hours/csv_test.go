package hours_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func anyTexts(rt *rapid.T, name string) locales.Texts {
	text := rapid.SampledFrom([]string{"", "Kahvila", "=1+1", "'=x", "-", `"Sali"; 2`, "a,b", "Öppet\nlänge", " tyhjä "})
	return locales.Texts{Fi: text.Draw(rt, name), Sv: text.Draw(rt, name), En: text.Draw(rt, name)}
}

func anySpan(rt *rapid.T) resources.WeekSpan {
	from := rapid.IntRange(0, 1439).Draw(rt, "from")
	span := resources.WeekSpan{
		Weekdays: rapid.SliceOfNDistinct(rapid.IntRange(1, 7), 1, 7, rapid.ID[int]).Draw(rt, "weekdays"),
		From:     calendar.Minute(from),
		To:       calendar.Minute(from + rapid.IntRange(1, 1440).Draw(rt, "minutes")),
		Kind:     rapid.SampledFrom(resources.HoursKinds).Draw(rt, "kind"),
		State:    rapid.SampledFrom([]string{"", "self_service"}).Draw(rt, "state"),
		Name:     locales.Texts{Fi: rapid.SampledFrom([]string{"", "@aamu"}).Draw(rt, "span name")},
	}
	slices.Sort(span.Weekdays)
	for range rapid.IntRange(0, 2).Draw(rt, "turns") {
		span.Only = append(span.Only, rapid.SampledFrom([]resources.Turn{
			{Context: "year", Subject: "week", Parity: "odd"}, {Context: "year", Subject: "week", Start: 1, Every: 3}, {Context: "month", Subject: "day", Start: -7, Every: 1},
		}).Draw(rt, "turn"))
	}
	return span
}

// Periods are distinct by their names, so that none can be joined.
func anyPeriods(rt *rapid.T) (list []resources.Period) {
	for i := range rapid.IntRange(0, 4).Draw(rt, "periods") {
		p := resources.Period{
			Name: anyTexts(rt, "name"), Description: anyTexts(rt, "description"),
			School: rapid.SampledFrom([]string{"", resources.SchoolTerm, resources.SchoolBreak}).Draw(rt, "school"),
			Origin: fmt.Sprintf("test:%d", i),
			Spans:  db.AsJSON(rapid.SliceOfN(rapid.Custom(anySpan), 0, 3).Draw(rt, "spans")),
		}
		p.Name.Fi = strings.ReplaceAll(p.Name.Fi, "\n", " ")
		p.Name.Sv = strings.ReplaceAll(p.Name.Sv, "\n", " ")
		p.Name.En = strings.ReplaceAll(p.Name.En, "\n", " ")
		if first := (calendar.Date{Year: 2026, Month: 1, Day: 1}).AddDays(400 * i); rapid.Bool().Draw(rt, "dated") {
			last := first.AddDays(rapid.IntRange(14, 390).Draw(rt, "days"))
			p.ValidFrom, p.ValidTo = &first, &last
			p.Override = rapid.Bool().Draw(rt, "override")
		}
		list = append(list, p)
	}
	return list
}

func TestCSVIsReadAsItIsWritten(t *testing.T) {
	ran := 0
	rapid.Check(t, func(rt *rapid.T) {
		want := anyPeriods(rt)
		if resources.CheckPeriods(want) != nil {
			return
		}
		ran++
		data, err := hours.WriteCSV(want)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := hours.ParseCSV(data)
		if err != nil {
			rt.Fatalf("%s\n%v", data, fault.As(err).Fields)
		}
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			rt.Fatalf("%s\n got %+v\nwant %+v", data, got, want)
		}
	})
	if ran < 20 {
		t.Errorf("%d were tried", ran)
	}
}

const csvHead = "valid_from;valid_to;weekdays;from;to;kind;turns\n"

func TestCSVAsPeopleWriteIt(t *testing.T) {
	for name, text := range map[string]string{
		"weekdays in words":     csvHead + "24.12.2026;2026-12-31;ma–pe;8:00;16.00;open;",
		"weekdays in Swedish":   csvHead + "24.12.2026;2026-12-31;mån,tis,ons,tor,fre;08:00:00;16;OPEN;",
		"a range of numbers":    csvHead + "2026-12-24;2026-12-31;1-5;08:00;16:00;open;",
		"as OpenStreetMap":      "\ufeff" + csvHead + "2026-12-24;31.12.2026;Mo-Fr;08:00;16:00;open;\r\n;;;;;;\r\n",
		"commas, other columns": "to,from,weekdays,valid_to,valid_from,kind\n16:00,08:00,\"1,2,3,4,5\",2026-12-31,2026-12-24,open\n",
		"two lines, one period": "valid_from\tvalid_to\tweekdays\tfrom\tto\tkind\n2026-12-24\t2026-12-31\t1\t08:00\t16:00\topen\n2026-12-24\t2026-12-31\t2-5\t08:00\t16:00\topen",
	} {
		periods, err := hours.ParseCSV([]byte(text))
		if err != nil || len(periods) != 1 || periods[0].ValidFrom.String() != "2026-12-24" || periods[0].ValidTo.String() != "2026-12-31" {
			t.Errorf("%s: %v %v", name, periods, placeOf(err))
			continue
		}
		days := 0
		for _, span := range periods[0].Spans.V {
			days += len(span.Weekdays)
			if span.From != 8*60 || span.To != 16*60 || span.Kind != policies.Open {
				t.Errorf("%s: %v", name, span)
			}
		}
		if days != 5 {
			t.Errorf("%s: %d weekdays", name, days)
		}
	}
}

func TestCSVRefusals(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing":             {"", "1:1 csv_empty"},
		"NUL":                 {csvHead + ";;1\x00", "2:4 csv_nul"},
		"Latin-1":             {csvHead + ";;m\xe5", "2:4 csv_nul"},
		"an open quote":       {csvHead + ";;\"1;", "2:6 csv_quote"},
		"a strange column":    {"päivä;from", "1:1 csv_column"},
		"a column twice":      {"from;to;from", "1:9 csv_column_twice"},
		"no weekdays":         {"from;to", "1:1 csv_no_column"},
		"half a line":         {csvHead + ";;1;08:00;;open;", "2:1 csv_half"},
		"a kind without days": {csvHead + ";;;;;open;", "2:1 csv_half"},
		"too many cells":      {csvHead + ";;1;08:00;16:00;open;;x", "2:23 csv_cells"},
		"a bad day":           {csvHead + ";;1;08:00;16:00;open;\n;;8;08:00;16:00;open;", "3:3 csv_value"},
		"a day twice":         {csvHead + ";;1,1;08:00;16:00;open;", "2:3 csv_value"},
		"a bad date":          {csvHead + "31.2.2026;;1;08:00;16:00;open;", "2:1 csv_value"},
		"a bad time":          {csvHead + ";;1;8h;16:00;open;", "2:5 csv_value"},
		"a formula":           {csvHead + ";;=1+1;08:00;16:00;open;", "2:3 csv_value"},
		"a bad kind":          {csvHead + ";;1;08:00;16:00;auki;", "2:17 csv_value"},
		"a bad turn":          {csvHead + ";;1;08:00;16:00;open;joka toinen", "2:22 csv_value"},
		"no length":           {csvHead + "\n;;1;08:00;08:00;open;", "3:1 hours.bad_span"},
		"a turn for nothing":  {csvHead + ";;1;08:00;16:00;open;period/week/1/2", "2:1 hours.turn_first_day"},
		"the wrong order":     {csvHead + "2026-02-01;2026-01-01;;;;;", "2:1 hours.ends_before_begin"},
		"too large":           {strings.Repeat(";", 6<<20), "1:1 csv_large"},
	} {
		if _, err := hours.ParseCSV([]byte(test.text)); placeOf(err) != test.want {
			t.Errorf("%s: %s, want %s", name, placeOf(err), test.want)
		}
	}
}

// All mistakes of a file are told.
func TestCSVTellsAllMistakes(t *testing.T) {
	_, err := hours.ParseCSV([]byte(csvHead + "x;y;1;08:00;16:00;open;\n;;z;08:00;16:00;open;"))
	if fields := fault.As(err).Fields; len(fields) != 3 {
		t.Errorf("%v", fields)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(csvHead + "24.12.2026;;ma-pe;8:00;26:00;core;month/friday/-1"))
	f.Add([]byte("\xff\xfew\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		periods, err := hours.ParseCSV(data)
		if err != nil {
			if placeOf(err) == err.Error() {
				t.Errorf("refused without a place: %v", err)
			}
			return
		}
		again, err := hours.WriteCSV(periods)
		if err != nil {
			t.Fatal(err)
		}
		back, err := hours.ParseCSV(again)
		if err != nil || len(back)+len(periods) > 0 && !reflect.DeepEqual(back, periods) {
			t.Errorf("%q\n is %+v\nwas %+v: %v", again, back, periods, err)
		}
	})
}
