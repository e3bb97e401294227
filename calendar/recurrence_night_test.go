package calendar

import (
	"testing"
	"time"
)

// R2: RFC 5545 §3.3.5 in three zones and both directions, as other programs'
// calendars are read.
func TestImportedStartsOnNightsThatChange(t *testing.T) {
	for _, c := range []struct{ zone, start, want, next string }{
		{"Europe/Helsinki", "2026-03-28T03:30:00", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"},
		{"Europe/Helsinki", "2026-10-24T03:30:00", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"Europe/Stockholm", "2026-03-28T02:30:00", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"},
		{"Europe/Stockholm", "2026-10-24T02:30:00", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"America/New_York", "2026-03-07T02:30:00", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"},
		{"America/New_York", "2026-10-31T01:30:00", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
	} {
		start := instant(t, c.start+"Z")
		daily, err := ParseImportedRule("FREQ=DAILY")
		if err != nil {
			t.Fatal(err)
		}
		list, inRule, err := RecurrenceSet{Start: start, Zone: zone(t, c.zone), Rules: []Rule{daily}, Until: start.AddDate(0, 0, 2)}.Expand()
		if err != nil || !inRule || len(list) != 3 {
			t.Fatalf("%s %s: %v, %v", c.zone, c.start, list, err)
		}
		spring := start.Month() == time.March
		if night := list[1]; !night.Instant.Equal(instant(t, c.want)) || night.Exists == spring || night.Ambiguous == spring {
			t.Errorf("%s %s: the night is %+v, want %s", c.zone, c.start, night, c.want)
		}
		if !list[2].Instant.Equal(instant(t, c.next)) || !list[2].Exists || list[2].Ambiguous {
			t.Errorf("%s %s: the day after is %+v, want %s", c.zone, c.start, list[2], c.next)
		}
	}
}

// R2, R3: a booking's start that the spring night skips is reported, the
// doubled hour means its first pass and says so.
func TestBookedStartsOnNightsThatChange(t *testing.T) {
	spring := expandAll(t, series(t, "2026-03-28", "03:30", "05:00", "FREQ=DAILY;COUNT=3"))[1]
	if spring.Begin.Exists || spring.Begin.Ambiguous || !spring.End.Exists {
		t.Errorf("03:30 in the spring night: %+v", spring)
	}
	autumn := expandAll(t, series(t, "2026-10-24", "03:30", "05:00", "FREQ=DAILY;COUNT=3"))[1]
	if !autumn.Begin.Exists || !autumn.Begin.Ambiguous || !autumn.Begin.Instant.Equal(instant(t, "2026-10-25T00:30:00Z")) {
		t.Errorf("03:30 in the autumn night: %+v", autumn)
	}
}

// Begin and end are constant on the clock, so the night itself is an hour
// shorter or longer.
func TestTheClockShowsTheSameSpanOnEveryNight(t *testing.T) {
	for _, c := range []struct {
		first string
		hours [3]float64
	}{
		{"2026-03-28", [3]float64{4, 3, 4}},
		{"2026-10-24", [3]float64{4, 5, 4}},
	} {
		for i, o := range expandAll(t, series(t, c.first, "01:00", "05:00", "FREQ=DAILY;COUNT=3")) {
			if got := o.End.Instant.Sub(o.Begin.Instant).Hours(); got != c.hours[i] || !o.Begin.Exists || !o.End.Exists {
				t.Errorf("%s lasts %v h, want %v", o.Date, got, c.hours[i])
			}
		}
	}
}

func TestScenario57_ATimeThatTheSpringNightSkipsIsReported(t *testing.T) {
	night := expandAll(t, series(t, "2024-03-24", "02:30", "03:30", "FREQ=WEEKLY;COUNT=2"))[1]
	if night.Date != date(t, "2024-03-31") || !night.Begin.Exists || night.End.Exists {
		t.Errorf("02:30–03:30: %+v", night)
	}
	night = expandAll(t, series(t, "2024-03-24", "00:00", "06:00", "FREQ=WEEKLY;COUNT=2"))[1]
	if elapsed := night.End.Instant.Sub(night.Begin.Instant); elapsed != 5*time.Hour {
		t.Errorf("00:00–06:00 lasts %v", elapsed)
	}
}

func TestASpanPastMidnightBelongsToTheDayItBegan(t *testing.T) {
	for i, o := range expandAll(t, series(t, "2026-10-24", "22:00", "28:00", "FREQ=DAILY;COUNT=2")) {
		if want := []string{"2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"}[i]; !o.End.Instant.Equal(instant(t, want)) {
			t.Errorf("%s ends %v, want %s", o.Date, o.End.Instant, want)
		}
		if o.Date != date(t, "2026-10-24").AddDays(i) {
			t.Errorf("date %d is %s", i, o.Date)
		}
	}
}
