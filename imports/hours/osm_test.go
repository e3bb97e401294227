package hours_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/calendar"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
)

// osmCase is a case from the tests of another reader of opening_hours.
type osmCase struct {
	Kind, Name, From, To, TZ string
	Values                   []any // texts, but for some that are none
	Expected                 json.RawMessage
	Mode                     json.RawMessage
}

func (c osmCase) texts() (list []string) {
	for _, value := range c.Values {
		if text, ok := value.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

type osmInterval struct {
	From, To string
	Unknown  bool
}

func osmCases(t *testing.T) (list []osmCase) {
	t.Helper()
	file, err := os.Open(dbtest.Shared(t, "oracle", "osm_opening_hours_js.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var c osmCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

const osmMoment = "2006-01-02 15:04"

// wall reads "2012-10-01 0:00", and 31 November as the day after the 30th.
func wall(t *testing.T, text string, zone *time.Location) time.Time {
	t.Helper()
	var year, month, day, hour, minute int
	if _, err := fmt.Sscanf(strings.ReplaceAll(text, ".", "-"), "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute); err != nil {
		t.Fatalf("no moment: %q", text)
	}
	return time.Date(year, time.Month(month), day, hour, minute, 0, 0, zone)
}

// Every value is refused or means what the other reader says. Of the values
// that hang on a country's holidays only the refusal is looked at: the cases
// are German.
func TestOSMAgreesWithAnotherReader(t *testing.T) {
	const fewest = 211
	ran, equal, refused, foreign := 0, 0, 0, 0
	for _, c := range osmCases(t) {
		if c.Kind != "intervals" {
			continue
		}
		zone, err := time.LoadLocation(c.TZ)
		if err != nil {
			t.Fatal(err)
		}
		from, to := wall(t, c.From, zone), wall(t, c.To, zone)
		for _, value := range c.texts() {
			ran++
			first := calendar.Date{Year: from.Year() - 1, Month: 1, Day: 1}
			s, err := hours.ParseOSM(value, hours.OSMOptions{From: first, Years: min(to.Year()-from.Year()+3, 30)})
			switch {
			case err != nil:
				refused++
				if len(fault.As(err).Fields) == 0 {
					t.Errorf("%q is refused without a place: %v", value, err)
				}
				continue
			case s.HolidaysOff || strings.Contains(value, "SH"):
				foreign++
				continue
			}
			want := wanted(t, c, zone)
			if got := openBetween(s, from, to, zone); !slices.Equal(got, want) {
				t.Errorf("%s: %q\n got %.600v\nwant %.600v", c.Name, value, got, want)
				continue
			}
			equal++
		}
	}
	t.Logf("%d values: %d equal, %d refused, %d of foreign holidays", ran, equal, refused, foreign)
	if equal < fewest {
		t.Errorf("%d are equal, there were %d", equal, fewest)
	}
}

// What the other reader refuses is refused here.
func TestOSMRefusesWhatAnotherReaderRefuses(t *testing.T) {
	for _, c := range osmCases(t) {
		if c.Kind != "should_fail" || strings.Contains(c.Name, "mode") || strings.Contains(c.Name, "address") || strings.Contains(c.Name, "Missing information") || strings.Contains(c.Name, "constructor") {
			continue
		}
		for _, value := range c.texts() {
			if s, err := hours.ParseOSM(value, hours.OSMOptions{From: calendar.Date{Year: 2020, Month: 1, Day: 1}, Years: 2}); err == nil {
				t.Errorf("%s: %q is read as %v", c.Name, value, s)
			}
		}
	}
}

func wanted(t *testing.T, c osmCase, zone *time.Location) []string {
	t.Helper()
	var list []osmInterval
	if err := json.Unmarshal(c.Expected, &list); err != nil {
		t.Fatal(err)
	}
	var spans []calendar.Interval
	for _, i := range list {
		if !i.Unknown {
			spans = append(spans, calendar.Interval{Begin: wall(t, i.From, zone), End: wall(t, i.To, zone)})
		}
	}
	return written(calendar.Normalize(spans), zone)
}

func openBetween(s hours.Schedule, from, to time.Time, zone *time.Location) []string {
	place := resources.Place{Unit: resources.Unit{Holidays: "normal"}, Periods: s.Periods}
	first, last := calendar.DateOf(from, zone), calendar.DateOf(to, zone)
	var spans []calendar.Interval
	for _, h := range place.Hours(first, last, zone) {
		if h.Kind == policies.Open {
			spans = append(spans, h.Interval)
		}
	}
	var cut []calendar.Interval
	for _, span := range calendar.Normalize(spans) {
		if span = span.Intersect(calendar.Interval{Begin: from, End: to}); !span.IsEmpty() {
			cut = append(cut, span)
		}
	}
	return written(cut, zone)
}

func written(spans []calendar.Interval, zone *time.Location) (list []string) {
	for _, span := range spans {
		list = append(list, span.Begin.In(zone).Format(osmMoment)+"/"+span.End.In(zone).Format(osmMoment))
	}
	return list
}

func date(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}
