package hours

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuoro/calendar"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

var term = LessonWindow(*day("2026-08-10"), helsinki)

func feed(events ...string) []byte {
	var text strings.Builder
	text.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		text.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	text.WriteString("END:VCALENDAR\r\n")
	return []byte(text.String())
}

// told are periods in a line each.
func toldPeriods(periods []resources.Period) string {
	var lines []string
	for _, p := range periods {
		line := p.Name.Fi + " " + p.ValidFrom.String() + ".." + p.ValidTo.String()
		for _, s := range p.Spans.V {
			line += fmt.Sprintf(" %v %s-%s", s.Weekdays, s.From.String(), s.To.String())
			for _, turn := range s.Only {
				line += " " + turn.String()
			}
		}
		if p.Overlay && p.Origin == "ical:lessons" && !p.Override {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestLessonsBecomeWeeksTurnsAndDays(t *testing.T) {
	weekly := "UID:a\nSUMMARY:Liikunta\nDTSTART;TZID=Europe/Helsinki:20260811T080000\nDTEND;TZID=Europe/Helsinki:20260811T093000\n"
	for name, c := range map[string]struct{ events, want string }{
		"over the change of the clocks": {weekly + "RRULE:FREQ=WEEKLY;COUNT=20", "Liikunta 2026-08-11..2026-12-22 [2] 08:00-09:30"},
		"several weekdays":              {weekly + "RRULE:FREQ=WEEKLY;BYDAY=TU,TH,FR;COUNT=9", "Liikunta 2026-08-11..2026-08-28 [2 4 5] 08:00-09:30"},
		"every other week":              {weekly + "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4", "Liikunta 2026-08-11..2026-09-22 [2] 08:00-09:30 period/week/1/2"},
		"without an end":                {weekly + "RRULE:FREQ=WEEKLY", "Liikunta 2026-08-11..2027-08-10 [2] 08:00-09:30"},
		"begun long ago":                {strings.ReplaceAll(weekly, "2026", "2009") + "RRULE:FREQ=DAILY;UNTIL=20260812T050000Z", "Liikunta 2026-08-10..2026-08-12 [1 2 3] 08:00-09:30"},
		"with an exception": {
			weekly + "RRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/Helsinki:20260825T080000",
			"Liikunta 2026-08-11..2026-08-18 [2] 08:00-09:30\nLiikunta 2026-09-01..2026-09-08 [2] 08:00-09:30",
		},
		"a day excepted": {weekly + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260811,20260825", "Liikunta 2026-08-18..2026-08-18 [2] 08:00-09:30"},
		"with further dates": {
			weekly + "RDATE:20260813T050000Z,20260820T050000Z",
			"Liikunta 2026-08-11..2026-08-11 [2] 08:00-09:30\nLiikunta 2026-08-13..2026-08-20 [4] 08:00-09:30",
		},
		"one moved": {
			weekly + "RRULE:FREQ=WEEKLY;COUNT=2\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nSUMMARY:Uinti\nRECURRENCE-ID:20260818T050000Z\nDTSTART:20260819T060000Z\nDURATION:PT45M",
			"Liikunta 2026-08-11..2026-08-11 [2] 08:00-09:30\nUinti 2026-08-19..2026-08-19 [3] 09:00-09:45",
		},
		"one cancelled": {
			weekly + "RRULE:FREQ=WEEKLY;COUNT=2\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nSTATUS:CANCELLED\nRECURRENCE-ID;TZID=Europe/Helsinki:20260811T080000\nDTSTART;TZID=Europe/Helsinki:20260811T080000",
			"Liikunta 2026-08-18..2026-08-18 [2] 08:00-09:30",
		},
		"all cancelled":            {weekly + "RRULE:FREQ=WEEKLY;COUNT=2\nSTATUS:CANCELLED", ""},
		"nobody busy":              {weekly + "TRANSP:TRANSPARENT", ""},
		"a whole day":              {"SUMMARY:Juhla\\, iso\nDTSTART;VALUE=DATE:20260811", "Juhla, iso 2026-08-11..2026-08-11 [2] 00:00-24:00"},
		"three whole days":         {"DTSTART;VALUE=DATE:20260811\nDTEND;VALUE=DATE:20260814", " 2026-08-11..2026-08-13 [2 3 4] 00:00-24:00"},
		"past midnight":            {"DTSTART:20260811T220000\nDTEND:20260812T010000", " 2026-08-11..2026-08-11 [2] 22:00-25:00"},
		"longer than a day":        {"DTSTART:20260811T220000\nDTEND:20260813T010000", " 2026-08-11..2026-08-11 [2] 22:00-24:00\n 2026-08-12..2026-08-12 [3] 00:00-24:00\n 2026-08-13..2026-08-13 [4] 00:00-01:00"},
		"in another zone":          {"DTSTART;TZID=\"FLE Standard Time\":20260811T220000\nDTEND;TZID=Europe/Stockholm:20260811T220000", " 2026-08-11..2026-08-11 [2] 22:00-23:00"},
		"with seconds":             {"DTSTART:20260811T080030\nDTEND:20260811T090030", " 2026-08-11..2026-08-11 [2] 08:00-09:01"},
		"ends in the doubled hour": {"DTSTART:20261024T233000Z\nDTEND:20261025T013000Z", " 2026-10-25..2026-10-25 [7] 02:30-04:00"},
		"no time at all":           {"DTSTART:20260811T080000", ""},
		"before and after":         {"DTSTART:20260801T080000\nDURATION:PT1H\nRRULE:FREQ=YEARLY;COUNT=1\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270901T080000\nDURATION:PT1H", ""},
		"begun before the year":    {"DTSTART:20260809T080000\nDURATION:P2D", " 2026-08-10..2026-08-10 [1] 00:00-24:00\n 2026-08-11..2026-08-11 [2] 00:00-08:00"},
	} {
		periods, err := ParseLessons(feed(c.events), term)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := toldPeriods(periods); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
		if err := resources.CheckPeriods(periods); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadCalendarsAreRefused(t *testing.T) {
	start := "SUMMARY:Uinti\nDTSTART:20260811T080000\nDURATION:PT1H\n"
	for data, want := range map[string]string{
		"":                                    "file not_ical",
		"Hei":                                 "file not_ical",
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n": "file not_ical",
		strings.Repeat("BEGIN:X\r\n", 100000): "file not_ical",
		strings.Repeat("x", MaxSize+1):        "file too_large",
		string(feed(strings.Repeat(start+"END:VEVENT\nBEGIN:VEVENT\n", calendar.MaxFeedEvents) + start)): "file too_many_events",
		string(feed("UID:u1")):                                                        "u1 event_time",
		string(feed("SUMMARY:Uinti\nDTSTART:20260231T080000")):                        "Uinti event_time",
		string(feed("SUMMARY:Uinti\nDTSTART:20260811T080000\nDURATION:P1Y")):          "Uinti event_time",
		string(feed("SUMMARY:Uinti\nDTSTART:20260811T080000\nDTEND:20260811T07300")):  "Uinti event_time",
		string(feed("SUMMARY:Uinti\nDTSTART:20260811T080000\nDTEND:20260811T073000")): "Uinti event_length",
		string(feed("SUMMARY:Uinti\nDTSTART:20260811T080000\nDURATION:P900D")):        "Uinti event_length",
		string(feed("DTSTART;TZID=Local:20260811T080000")):                            "VEVENT event_zone",
		string(feed("DTSTART;TZID=../../etc/passwd:20260811T080000")):                 "VEVENT event_zone",
		string(feed(start + "RRULE:FREQ=SECONDLY")):                                   "Uinti event_rule",
		string(feed(start + "RRULE:FREQ=WEEKLY\nEXDATE:yesterday")):                   "Uinti event_time",
		string(feed(start + "RECURRENCE-ID;RANGE=THISANDFUTURE:20260811T080000")):     "Uinti event_range",
	} {
		_, err := ParseLessons([]byte(data), term)
		if !fault.Is(err, fault.Invalid) || len(fault.As(err).Fields) != 1 {
			t.Errorf("%.100q: %v", data, err)
			continue
		}
		field := fault.As(err).Fields[0]
		if got := field.Name + " " + strings.TrimPrefix(field.Code, "hours_file."); got != want {
			t.Errorf("%.100q: %s, want %s", data, got, want)
		}
	}
}

// coreOf are the core hours that periods resolve to.
func coreOf(periods []resources.Period, from, to calendar.Date) (core []calendar.Interval) {
	one := 1
	place := resources.Place{Unit: resources.Unit{Holidays: "normal"}, Periods: periods}
	for i := range periods {
		periods[i].Resource = &one
	}
	for _, h := range place.Hours(from, to, helsinki) {
		if h.Kind == policies.Core {
			core = append(core, h.Interval)
		}
	}
	return core
}

// Whatever a calendar holds: the core hours of the periods are its dates, day by
// day. The dates are worked out here by hand, not by the reader.
func TestCoreHoursAreTheDatesOfTheEvents(t *testing.T) {
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 55))
		var events []string
		var dates []calendar.Interval
		for n := range 1 + random.IntN(4) {
			text, expanded := randomLesson(random, n)
			events, dates = append(events, text...), append(dates, expanded...)
		}
		data := feed(events...)
		periods, err := ParseLessons(data, term)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, data)
		}
		from, to := term.From.AddDays(3), term.To.AddDays(-3)
		got, want := coreOf(periods, from, to), calendar.Normalize(dates)
		for d := from; !d.After(to); d = d.AddDays(1) {
			bounds := []calendar.Interval{calendar.DayBounds(d, helsinki)}
			freeGot, freeWant := calendar.Subtract(bounds, got), calendar.Subtract(bounds, want)
			if fmt.Sprint(freeGot) != fmt.Sprint(freeWant) {
				t.Fatalf("seed %d, %s: free %v, want %v\n%s\n%s", seed, d, freeGot, freeWant, data, toldPeriods(periods))
			}
		}
	}
}

// randomLesson is a repeating event with exceptions, further dates and a change,
// as a calendar writes them and as instants.
func randomLesson(random *rand.Rand, n int) (events []string, dates []calendar.Interval) {
	zones := []string{"Europe/Helsinki", "Europe/Stockholm", "UTC", "America/New_York"}
	zone, _ := time.LoadLocation(zones[random.IntN(len(zones))])
	first := term.From.AddDays(random.IntN(300) - 30)
	minutes := 15 * (1 + random.IntN(8*4))
	start := time.Date(first.Year, first.Month, first.Day, 5+random.IntN(19), 15*random.IntN(4), 0, 0, zone)
	step := []int{1, 7, 7, 7, 14, 21}[random.IntN(6)]
	count := 1 + random.IntN(15)
	const form = "20060102T150405"
	stamp := func(name string, at time.Time) string {
		return fmt.Sprintf("%s;TZID=%s:%s\n", name, zone, at.In(zone).Format(form))
	}
	head := fmt.Sprintf("UID:u%d\nSUMMARY:L%d\n", n, random.IntN(2))
	rule := fmt.Sprintf("RRULE:FREQ=DAILY;INTERVAL=%d;COUNT=%d\n", step, count)
	if step%7 == 0 {
		rule = fmt.Sprintf("RRULE:FREQ=WEEKLY;INTERVAL=%d;COUNT=%d\n", step/7, count)
	}
	text := head + stamp("DTSTART", start) + fmt.Sprintf("DURATION:PT%dM\n", minutes) + rule
	lasting := func(at time.Time, minutes int) calendar.Interval {
		wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute()+minutes, 0, 0, zone)
		return calendar.Interval{Begin: at.UTC(), End: wall.UTC()}
	}
	for i := range count {
		at := time.Date(start.Year(), start.Month(), start.Day()+i*step, start.Hour(), start.Minute(), 0, 0, zone)
		switch random.IntN(8) {
		case 0:
			text += stamp("EXDATE", at)
		case 1:
			moved := at.Add(time.Duration(random.IntN(20)) * time.Hour)
			events = append(events, head+stamp("RECURRENCE-ID", at)+stamp("DTSTART", moved)+"DURATION:PT30M")
			dates = append(dates, lasting(moved.In(zone), 30))
		case 2:
			events = append(events, head+stamp("RECURRENCE-ID", at)+stamp("DTSTART", at)+"STATUS:CANCELLED")
		default:
			dates = append(dates, lasting(at, minutes))
		}
	}
	if random.IntN(3) == 0 {
		further := time.Date(start.Year(), start.Month(), start.Day()+3, 12, 0, 0, 0, zone)
		text += stamp("RDATE", further)
		dates = append(dates, lasting(further, minutes))
	}
	return append(events, strings.TrimSuffix(text, "\n")), dates
}

// Calendars of many programs: each is read, or refused with a sentence.
func TestCalendarsOfOtherProgramsAreReadOrRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(dbtest.Shared(t, "data", "ics"), "*.ics"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no calendars: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2003; year < 2027; year += 4 {
			for y := year; y < year+4; y++ {
				w := LessonWindow(calendar.Date{Year: y, Month: time.January, Day: 1}, helsinki)
				periods, err := ParseLessons(data, w)
				if err != nil && (!fault.Is(err, fault.Invalid) || !strings.HasPrefix(fault.Code(err), "hours_file.")) {
					t.Errorf("%s: %v", file, err)
				}
				if err := resources.CheckPeriods(periods); err != nil {
					t.Errorf("%s in %d: %v", file, y, err)
				}
				if y == 2024 {
					t.Logf("%s: %d periods, %v", filepath.Base(file), len(periods), err)
				}
			}
		}
	}
}

func TestManyOldRulesAreRefused(t *testing.T) {
	old := "SUMMARY:Uinti\nDTSTART:19010101T080000\nDURATION:PT1H\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\n"
	if _, err := ParseLessons(feed(strings.Repeat(old, 300)+"DTSTART:20260811"), term); fault.Code(err) != "hours_file.too_many_events" {
		t.Error(err)
	}
	if _, err := ParseLessons(feed(strings.Repeat(old, 100)+"DTSTART:20260811"), term); err != nil {
		t.Error(err)
	}
}
