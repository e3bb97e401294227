package hours_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
)

var fromFuzz = hours.OSMOptions{From: calendar.Date{Year: 2026, Month: 1, Day: 1}, Years: 2}

// plans are the hours of days of a schedule, in a city whose terms are known.
func plans(s hours.Schedule, first calendar.Date, days int) []string {
	place := resources.Place{Unit: resources.Unit{Holidays: "normal", City: "Helsinki"}, Periods: s.Periods}
	var list []string
	for i := range days {
		date := first.AddDays(i)
		var spans []string
		for _, span := range place.Day(date).Spans {
			spans = append(spans, resources.WriteTimes(span.From, span.To)+" "+string(span.Kind)+" "+span.Name.Fi)
		}
		slices.Sort(spans)
		list = append(list, date.String()+": "+strings.Join(slices.Compact(spans), ", "))
	}
	return list
}

func checkOSMRoundTrip(t *testing.T, text string) {
	t.Helper()
	s, err := hours.ParseOSM(text, fromFuzz)
	if err != nil {
		return
	}
	again, err := hours.WriteOSM(s)
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			t.Fatalf("%q: %v", text, err)
		}
		return
	}
	back, err := hours.ParseOSM(again, hours.OSMOptions{})
	if err != nil {
		t.Fatalf("%q is written as %q: %v", text, again, err)
	}
	first := calendar.Date{Year: 2025, Month: 12, Day: 15}
	want, got := plans(s, first, 420), plans(back, first, 420)
	for i := range want {
		if want[i] != got[i] || s.HolidaysOff != back.HolidaysOff {
			t.Fatalf("%q is written as %q\nwas %s\nis  %s", text, again, want[i], got[i])
		}
	}
}

var osmSeeds = []string{
	"Mo-Fr 08:00-16:00; Sa,Su 10:00-14:00; PH off", "24/7", "off", "Fr-Mo 22:00-02:00", "Mo 22:00-26:00, Tu 10:00-12:00",
	"Mo-Su 08:00-20:00; SH Mo-Fr 10:00-14:00", "week 1-53/2 Mo 10:00-12:00; week 2-53/2 Mo 14:00-16:00", "Sa[-1] 10:00-15:00, Mo[1,3] 12:00-13:00",
	"Mo-Su 08:00-20:00; Sa[4] off; week 10-12 Sa off", "Jun-Aug Mo-Fr 09:00-15:00; Dec 24-26 off", "2026 Dec 20-2027 Jan 06 10:00-12:00",
	`Mo 10:00-12:00 open "Kahvila"`, "2026 Jun 01+ Mo-Fr 10:00-14:00", "Mo-Fr 08:00-16:00; 12:00-13:00 off", "2026-2027 Jul Tu 10-12",
	"Dec 20-Jan 06 off", "Mo-Fr 08:00-16:00; SH off; PH off", "Mo-Su 08:00-20:00; SH Su[2] 10:00-12:00; week 20 off",
}

func TestOSMIsWrittenAsItIsRead(t *testing.T) {
	for _, text := range osmSeeds {
		if _, err := hours.ParseOSM(text, fromFuzz); err != nil {
			t.Errorf("%q: %v", text, fault.As(err).Fields)
		}
		checkOSMRoundTrip(t, text)
	}
	for _, c := range osmCases(t) {
		for _, text := range c.texts() {
			checkOSMRoundTrip(t, text)
		}
	}
}

func FuzzOSM(f *testing.F) {
	for _, text := range osmSeeds {
		f.Add(text)
	}
	f.Fuzz(checkOSMRoundTrip)
}

// Each refusal says what it is and where.
func TestOSMRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "1:1 osm_end",
		"Mo-Fr 08:00-16:00 || off":           "1:19 osm_fallback",
		"Mo 17:00+":                          "1:9 osm_open_end",
		"Mo 17:00-20:00+":                    "1:15 osm_open_end",
		"sunrise-sunset":                     "1:1 osm_sun",
		"Mo (sunrise+01:00)-12:00":           "1:4 osm_sun",
		"Mo 10:00":                           "1:4 osm_point",
		"Mo 10:00-12:00/00:30":               "1:4 osm_point",
		"PH 10:00-12:00":                     "1:1 osm_holidays",
		"PH off; Mo 10:00-12:00":             "1:9 osm_holidays_last",
		"Mo 10:00-12:00;\nTu unknown":        "2:4 osm_unknown",
		`Mo 10:00-12:00 "soita"`:             "1:16 osm_unknown",
		"week 54 Mo 10:00-12:00":             "1:6 osm_week",
		"Mo[6] 10:00-12:00":                  "1:4 osm_nth",
		"SH,Mo 10:00-12:00":                  "1:4 osm_school",
		"Mo 25:00-26:00":                     "1:4 osm_time",
		"1850 Mo 10:00-12:00":                "1:1 osm_year",
		"2027 Dec 24-2026 Jan 06 off":        "1:6 osm_order",
		"Feb 30 off":                         "1:5 osm_date",
		"Mo 10:00-12:00; 14:00-16:00":        "1:17 osm_bare",
		"Mo-Su 22:00-02:00; Tu 12:00-14:00":  "1:20 osm_night",
		"Mo 22:00-02:00; Mo 23:00-24:00 off": "1:17 osm_night",
		"Må 10:00-12:00":                     "1:1 osm_unread",
		"easter 10:00-12:00":                 "1:1 osm_unread",
	} {
		_, err := hours.ParseOSM(text, fromFuzz)
		if got := placeOf(err); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if _, err := hours.ParseOSM("Dec 24 off", hours.OSMOptions{}); placeOf(err) != "1:1 osm_yearly" {
		t.Errorf("a date without a year: %v", err)
	}
}

// placeOf is where a file is refused and why, in short.
func placeOf(err error) string {
	if err == nil {
		return "read"
	}
	fields := fault.As(err).Fields
	if len(fields) == 0 {
		return err.Error()
	}
	return fields[0].Name + " " + strings.TrimPrefix(fields[0].Code, "hours_file.")
}

// Hours as they are edited, with overrides, terms and closed times, keep their
// meaning when they are written, or are refused.
func TestOSMKeepsTheMeaningOfPeriods(t *testing.T) {
	ran := 0
	rapid.Check(t, func(rt *rapid.T) {
		periods := anyPeriods(rt)
		for i := range periods {
			periods[i].Spans.V = rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) resources.WeekSpan {
				return sayable(rt, periods[i].School)
			}), 0, 3).Draw(rt, "sayable")
		}
		if resources.CheckPeriods(periods) != nil {
			return
		}
		text, err := hours.WriteOSM(hours.Schedule{Periods: periods})
		if err != nil {
			return
		}
		ran++
		back, err := hours.ParseOSM(text, hours.OSMOptions{})
		if err != nil {
			rt.Fatalf("%q: %v", text, err)
		}
		for _, first := range []string{"2026-01-01", "2027-02-05", "2028-03-11", "2029-04-15"} {
			want, got := openDays(periods, date(first)), openDays(back.Periods, date(first))
			if !slices.Equal(want, got) {
				rt.Fatalf("%q\n got %v\nwant %v", text, got, want)
			}
		}
	})
	if ran < 20 {
		t.Errorf("%d were written", ran)
	}
}

// sayable is a span that OpenStreetMap mostly has a form for.
func sayable(rt *rapid.T, school string) resources.WeekSpan {
	from := rapid.IntRange(6, 22).Draw(rt, "hour")
	span := resources.WeekSpan{
		Weekdays: rapid.SliceOfNDistinct(rapid.IntRange(1, 7), 1, 7, rapid.ID[int]).Draw(rt, "weekdays"),
		From:     calendar.Minute(60 * from),
		To:       calendar.Minute(60 * min(from+rapid.IntRange(1, 12).Draw(rt, "hours"), 26)),
		Kind:     policies.Open,
	}
	if school != resources.SchoolTerm && rapid.IntRange(0, 3).Draw(rt, "closed") == 0 {
		span.Kind, span.To = policies.Closed, min(span.To, calendar.DayMinutes)
	}
	if turn := rapid.SampledFrom([]resources.Turn{
		{},
		{},
		{},
		{Context: "year", Subject: "week", Parity: "odd"},
		{Context: "year", Subject: "week", Start: 2, Every: 3},
		{Context: "year", Subject: "week", Start: 10},
		{Context: "month", Subject: "friday", Start: -1},
		{Context: "month", Subject: "monday", Start: 2},
	}).Draw(rt, "turn"); turn.Context != "" {
		span.Only = []resources.Turn{turn}
	}
	return span
}

// openDays are the open hours of half a year without the closed ones.
func openDays(periods []resources.Period, first calendar.Date) (list []string) {
	place := resources.Place{Unit: resources.Unit{Holidays: "normal", City: "Helsinki"}, Periods: periods}
	var open, closed []calendar.Interval
	for _, h := range place.Hours(first, first.AddDays(180), time.UTC) {
		if h.Kind == policies.Closed {
			closed = append(closed, h.Interval)
		} else {
			open = append(open, h.Interval)
		}
	}
	within := calendar.Interval{Begin: calendar.DayBounds(first, time.UTC).Begin, End: calendar.DayBounds(first.AddDays(180), time.UTC).End}
	for _, i := range calendar.Subtract(open, closed) {
		if i = i.Intersect(within); !i.IsEmpty() {
			list = append(list, i.Begin.Format(osmMoment)+"/"+i.End.Format(osmMoment))
		}
	}
	return list
}
