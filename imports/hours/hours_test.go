package hours

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

func place(file File) resources.Place {
	one := 1
	for i := range file.Periods {
		file.Periods[i].Unit = &one
	}
	holidays := file.Holidays
	if holidays == "" {
		holidays = "normal"
	}
	return resources.Place{Unit: resources.Unit{Holidays: holidays}, Periods: file.Periods}
}

// openIn are the open times of a place between two moments.
func openIn(p resources.Place, within calendar.Interval, zone *time.Location) []calendar.Interval {
	var open, closed []calendar.Interval
	for _, h := range p.Hours(calendar.DateOf(within.Begin, zone), calendar.DateOf(within.End, zone), zone) {
		if h.Kind == policies.Closed {
			closed = append(closed, h.Interval)
		} else {
			open = append(open, h.Interval)
		}
	}
	return calendar.Intersect(calendar.Subtract(open, closed), []calendar.Interval{within})
}

// An outside suite of opening_hours, where it is at hand: every value is refused
// or gives exactly the times that are expected.
func TestOutsideSuiteOfOpeningHours(t *testing.T) {
	file, err := os.Open(filepath.Join(os.Getenv("VUORO_SHARED"), "oracle/osm_opening_hours_js.jsonl"))
	if err != nil {
		t.Skip("the suite is not here")
	}
	defer file.Close()
	equal, refused := 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c struct {
			Kind, Name, From, To, TZ string
			Values                   []string
			Expected                 []struct {
				From, To string
				Unknown  bool
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			continue // a case about errors, not times
		}
		if c.Kind != "intervals" {
			continue
		}
		zone, err := time.LoadLocation(c.TZ)
		if err != nil {
			t.Fatal(err)
		}
		odd := false
		at := func(text string) time.Time {
			when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
			odd = odd || err != nil
			return when
		}
		var want []calendar.Interval
		for _, e := range c.Expected {
			if !e.Unknown {
				want = append(want, calendar.Interval{Begin: at(e.From), End: at(e.To)})
			}
		}
		want = calendar.Normalize(want)
		if odd = odd || at(c.From).After(at(c.To)); odd {
			continue
		}
		for _, value := range c.Values {
			read, err := Read(OSM, []byte(value), Options{Kind: policies.Open})
			if err != nil {
				refused++
				continue
			}
			got := openIn(place(read), calendar.Interval{Begin: at(c.From), End: at(c.To)}, zone)
			if !slices.EqualFunc(got, want, func(a, b calendar.Interval) bool { return a.Begin.Equal(b.Begin) && a.End.Equal(b.End) }) {
				t.Errorf("%s: %q gives\n%v\nwant\n%v", c.Name, value, got[:min(4, len(got))], want[:min(4, len(want))])
				continue
			}
			equal++
		}
	}
	t.Logf("%d equal, %d refused", equal, refused)
}

// Kallio library's summer of 2020 (City-of-Helsinki/hauki, from kirkanta.fi).
func TestKalliosScheduleComesInAndOutEqual(t *testing.T) {
	data, err := os.ReadFile("testdata/hauki_date_periods_kallio.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := Read(Hauki, data, Options{Name: "kallio"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := WriteHauki(file.Periods)
	if err != nil {
		t.Fatal(err)
	}
	var before, after []haukiPeriod
	if json.Unmarshal(data, &before) != nil || json.Unmarshal(out, &after) != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("out comes\n%s", out)
	}
	resolvesAsKirkanta(t, place(file))
}

func resolvesAsKirkanta(t *testing.T, p resources.Place) {
	t.Helper()
	data, err := os.ReadFile("testdata/kirkanta_kallio_schedules.json")
	if err != nil {
		t.Fatal(err)
	}
	var days struct {
		Simple struct {
			Data struct {
				Schedules []struct {
					Date   calendar.Date
					Closed bool
					Times  []struct {
						From, To string
						Status   int
					}
				}
			}
		}
	}
	if err := json.Unmarshal(data, &days); err != nil || len(days.Simple.Data.Schedules) == 0 {
		t.Fatal(err)
	}
	for _, day := range days.Simple.Data.Schedules {
		var want, got []string
		for _, times := range day.Times {
			want = append(want, times.From+"-"+times.To+map[int]string{1: "", 2: " self_service"}[times.Status])
		}
		for _, span := range p.Day(day.Date).Spans {
			if span.Kind != policies.Closed {
				got = append(got, strings.TrimSpace(resources.WriteTimes(span.From, span.To)+" "+span.State))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", day.Date, got, want)
		}
	}
}

func FuzzOSM(f *testing.F) {
	for _, text := range []string{
		"24/7", "Mo-Fr 08:00-20:00; Sa,Su 10:00-18:00; PH off", "week 1-53/2 Mo 10:00-12:00", "Sa[-1] 10:00-15:00",
		"2026 Jun 01-2026 Aug 31 off", "Dec 24-26 closed \"Joulu\"", "Mo 22:00-02:00, Tu 10:00-12:00", "Su,PH 12:00-16:00", "Jan-",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Read(OSM, []byte(text), Options{Kind: policies.Open})
		if err == nil && resources.CheckPeriods(file.Periods) != nil {
			t.Errorf("%q is read as hours that cannot be saved", text)
		}
	})
}

func TestScenario55_AFileWithMistakesGivesNoHours(t *testing.T) {
	here := []resources.Period{{ID: 1, Origin: "osm:a"}, {ID: 2}, {ID: 3, Origin: "hauki:b"}}
	for _, text := range []string{"", "Mo-Fr 8", "Mo 08:00-12:00 maybe", "Mo 10:00-12:00 \"perhaps\"", "sunrise-sunset", "Mo 10:00+", "Mo-Fr 08:00-16:00; Sa[1] off, SH off"} {
		file, err := Read(OSM, []byte(text), Options{Name: "a", Kind: policies.Open})
		if err == nil || len(file.Periods) > 0 {
			t.Errorf("%q is read as %+v", text, file)
		}
	}
	file, err := Read(OSM, []byte("Mo-Fr 08:00-20:00; PH off"), Options{Name: "a", Kind: policies.Open})
	if err != nil || file.Holidays != "closed" {
		t.Fatal(file, err)
	}
	renewed := Renewed(here, file, "osm:a")
	if len(renewed) != 3 || renewed[0].ID != 2 || renewed[1].ID != 3 || renewed[2].Origin != "osm:a" {
		t.Errorf("renewed: %+v", renewed)
	}
}
