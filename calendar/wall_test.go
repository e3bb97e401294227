package calendar

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// night is one wall-clock time on a night when the clocks change.
type night struct {
	zone, date, minute string
	want               string
	exists, ambiguous  bool
	firstFrom          string
}

// nights are a gap and a doubled hour in three zones, both borders included
// (RFC 5545 §3.3.5: New York's 02:30 in the gap is 03:30 EDT).
var nights = []night{
	{"Europe/Helsinki", "2024-03-31", "02:59", "2024-03-31T00:59:00Z", true, false, "2024-03-31T00:59:00Z"},
	{"Europe/Helsinki", "2024-03-31", "03:00", "2024-03-31T01:00:00Z", false, false, "2024-03-31T01:00:00Z"},
	{"Europe/Helsinki", "2024-03-31", "03:30", "2024-03-31T01:30:00Z", false, false, "2024-03-31T01:00:00Z"},
	{"Europe/Helsinki", "2024-03-31", "04:00", "2024-03-31T01:00:00Z", true, false, "2024-03-31T01:00:00Z"},
	{"Europe/Helsinki", "2024-10-27", "02:59", "2024-10-26T23:59:00Z", true, false, "2024-10-26T23:59:00Z"},
	{"Europe/Helsinki", "2024-10-27", "03:00", "2024-10-27T00:00:00Z", true, true, "2024-10-27T00:00:00Z"},
	{"Europe/Helsinki", "2024-10-27", "03:59", "2024-10-27T00:59:00Z", true, true, "2024-10-27T00:59:00Z"},
	{"Europe/Helsinki", "2024-10-27", "04:00", "2024-10-27T02:00:00Z", true, false, "2024-10-27T02:00:00Z"},
	{"Europe/Stockholm", "2024-03-31", "02:30", "2024-03-31T01:30:00Z", false, false, "2024-03-31T01:00:00Z"},
	{"Europe/Stockholm", "2024-10-27", "02:30", "2024-10-27T00:30:00Z", true, true, "2024-10-27T00:30:00Z"},
	{"America/New_York", "2024-03-10", "02:30", "2024-03-10T07:30:00Z", false, false, "2024-03-10T07:00:00Z"},
	{"America/New_York", "2007-11-04", "01:30", "2007-11-04T05:30:00Z", true, true, "2007-11-04T05:30:00Z"},
	{"Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-05T15:45:00Z", false, false, "2024-10-05T15:30:00Z"},
	{"Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z", false, false, "2011-12-30T10:00:00Z"},
	{"Europe/Helsinki", "2024-03-30", "27:30", "2024-03-31T01:30:00Z", false, false, "2024-03-31T01:00:00Z"},
	{"UTC", "2024-03-31", "03:30", "2024-03-31T03:30:00Z", true, false, "2024-03-31T03:30:00Z"},
}

func checkNight(t *testing.T, c night) {
	t.Helper()
	day, m, loc := date(t, c.date), minute(t, c.minute), zone(t, c.zone)
	want := Resolved{Instant: instant(t, c.want), Exists: c.exists, Ambiguous: c.ambiguous}
	if got := Resolve(day, m, loc); got != want {
		t.Errorf("%s %s %s: got %+v, want %+v", c.zone, c.date, c.minute, got, want)
	}
	if got := FirstFrom(day, m, loc); got != instant(t, c.firstFrom) {
		t.Errorf("%s %s %s: first from %v, want %s", c.zone, c.date, c.minute, got, c.firstFrom)
	}
}

func TestGapAndDoubledHour(t *testing.T) {
	for _, c := range nights {
		t.Run(c.zone+" "+c.date+" "+c.minute, func(t *testing.T) { checkNight(t, c) })
	}
}

func TestScenario56_WeeklyTimeKeepsItsHour(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	for day, want := range map[string]string{"2024-03-25": "2024-03-25T08:00:00Z", "2024-04-01": "2024-04-01T07:00:00Z"} {
		if got := Resolve(date(t, day), minute(t, "10:00"), helsinki).Instant; got != instant(t, want) {
			t.Errorf("%s 10:00 is %v, want %s", day, got, want)
		}
	}
}

func TestScenario57_AskingForTheSkippedHour(t *testing.T) {
	helsinki, night := zone(t, "Europe/Helsinki"), date(t, "2024-03-31")
	open := Span{From: 0, To: 6 * 60}.On(night, helsinki)
	if open.Duration() != 5*time.Hour {
		t.Errorf("open 00–06 lasts %v, want 5h", open.Duration())
	}
	begin, end := Resolve(night, minute(t, "02:30"), helsinki), Resolve(night, minute(t, "03:30"), helsinki)
	if !begin.Exists || end.Exists {
		t.Errorf("02:30 exists and 03:30 does not: %+v, %+v", begin, end)
	}
	if offer := FirstFrom(night, minute(t, "03:30"), helsinki); offer.Sub(begin.Instant) != 30*time.Minute {
		t.Errorf("to the next existing time are %v, want 30m elapsed", offer.Sub(begin.Instant))
	}
}

func TestScenario58_ElapsedHoursOfTheChangingNights(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	for night, want := range map[string]time.Duration{"2024-10-27": 4 * time.Hour, "2024-03-31": 2 * time.Hour, "2024-05-06": 3 * time.Hour} {
		booked := Span{From: 2 * 60, To: 5 * 60}.On(date(t, night), helsinki)
		if booked.Duration() != want {
			t.Errorf("%s 02–05 lasts %v, want %v", night, booked.Duration(), want)
		}
		if nominal := WallMinutes(booked.Begin, booked.End, helsinki); nominal != 180 {
			t.Errorf("%s 02–05 is nominally %d minutes", night, nominal)
		}
	}
}

func TestDayBounds(t *testing.T) {
	cases := []struct {
		zone, date string
		begin      string
		hours      float64
	}{
		{"Europe/Helsinki", "2024-05-06", "2024-05-05T21:00:00Z", 24},
		{"Europe/Helsinki", "2024-03-31", "2024-03-30T22:00:00Z", 23},
		{"Europe/Helsinki", "2024-10-27", "2024-10-26T21:00:00Z", 25},
		{"America/New_York", "2024-03-10", "2024-03-10T05:00:00Z", 23},
		{"Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z", 24.5},
		{"Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00Z", 23},    // midnight itself is skipped
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", 25}, // midnight comes twice
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0},    // the day was left out
	}
	for _, c := range cases {
		t.Run(c.zone+" "+c.date, func(t *testing.T) {
			day := DayBounds(date(t, c.date), zone(t, c.zone))
			if day.Begin != instant(t, c.begin) || day.Duration().Hours() != c.hours {
				t.Errorf("begins %v and lasts %v", day.Begin, day.Duration())
			}
		})
	}
}

func TestWallOf(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	for text, want := range map[string]string{
		"2024-03-30T21:59:59Z": "2024-03-30 23:59", "2024-03-30T22:00:00Z": "2024-03-31 00:00",
		"2024-03-31T00:59:59Z": "2024-03-31 02:59", "2024-03-31T01:00:00Z": "2024-03-31 04:00",
		"2024-10-27T00:30:00Z": "2024-10-27 03:30", "2024-10-27T01:30:00Z": "2024-10-27 03:30",
	} {
		day, m := WallOf(instant(t, text), helsinki)
		if got := day.String() + " " + m.String(); got != want || DateOf(instant(t, text), helsinki) != day {
			t.Errorf("%s shows %s, want %s", text, got, want)
		}
	}
}

func TestDatesOf(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	day := DayBounds(date(t, "2024-03-31"), helsinki)
	cases := []struct {
		name string
		i    Interval
		want []Date
	}{
		{"the day itself", day, []Date{date(t, "2024-03-31")}},
		{"one second more", Interval{day.Begin, day.End.Add(time.Second)}, []Date{date(t, "2024-03-31"), date(t, "2024-04-01")}},
		{"a second earlier too", Interval{day.Begin.Add(-time.Second), day.End}, []Date{date(t, "2024-03-30"), date(t, "2024-03-31")}},
		{"empty", Interval{day.Begin, day.Begin}, nil},
	}
	for _, c := range cases {
		if got := DatesOf(c.i, helsinki); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAddWall(t *testing.T) {
	cases := []struct {
		name, from        string
		minutes           int
		want              string
		exists, ambiguous bool
	}{
		{"a plain evening", "2024-05-06T15:00:00Z", 120, "2024-05-06T17:00:00Z", true, false},
		{"over the spring gap", "2024-03-31T00:00:00Z", 180, "2024-03-31T02:00:00Z", true, false},
		{"into the spring gap", "2024-03-31T00:30:00Z", 60, "2024-03-31T01:30:00Z", false, false},
		{"over the doubled hour", "2024-10-26T23:00:00Z", 180, "2024-10-27T03:00:00Z", true, false},
		{"into the doubled hour", "2024-10-26T23:30:00Z", 60, "2024-10-27T00:30:00Z", true, true},
		{"inside its second pass", "2024-10-27T01:15:00Z", 30, "2024-10-27T01:45:00Z", true, true},
		{"nothing, in its second pass", "2024-10-27T01:15:00Z", 0, "2024-10-27T01:15:00Z", true, true},
		{"back into it", "2024-10-27T02:30:00Z", -60, "2024-10-27T00:30:00Z", true, true},
		{"a day with 23 hours", "2024-03-30T16:00:00Z", 24 * 60, "2024-03-31T15:00:00Z", true, false},
		{"seconds stay", "2024-05-06T15:00:42Z", 1, "2024-05-06T15:01:42Z", true, false},
	}
	helsinki := zone(t, "Europe/Helsinki")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := Resolved{Instant: instant(t, c.want), Exists: c.exists, Ambiguous: c.ambiguous}
			if got := AddWall(instant(t, c.from), c.minutes, helsinki); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// Each wall time that exists shows on the clock at the instant it resolves to,
// and no earlier instant shows it.
func TestPropertyResolveIsTheFirstInstantThatShowsTheTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := anyZone(t), anyDate(t)
		m := Minute(rapid.IntRange(0, int(DayMinutes)-1).Draw(t, "minute"))
		r := Resolve(day, m, loc)
		shown, at := WallOf(r.Instant, loc)
		if r.Exists != (shown == day && at == m) {
			t.Fatalf("%v %v resolves to %+v, which shows %v %v", day, m, r, shown, at)
		}
		for back := time.Minute; r.Exists && back <= 3*time.Hour; back += time.Minute {
			if earlierDay, earlierMinute := WallOf(r.Instant.Add(-back), loc); earlierDay == day && earlierMinute == m {
				t.Fatalf("%v %v also shows %v before", day, m, back)
			}
		}
	})
}

func TestPropertyEveryInstantResolvesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, at := anyZone(t), anyInstant(t, "instant").Truncate(time.Minute)
		day, m := WallOf(at, loc)
		r := Resolve(day, m, loc)
		if !r.Exists || (r.Instant != at && !r.Ambiguous) || r.Instant.After(at) {
			t.Fatalf("%v shows %v %v, which is %+v", at, day, m, r)
		}
		if !DayBounds(day, loc).Holds(at) {
			t.Fatalf("%v is not within %v", at, DayBounds(day, loc))
		}
	})
}

func TestPropertyDaysTileTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := anyZone(t), anyDate(t)
		today, tomorrow := DayBounds(day, loc), DayBounds(day.AddDays(1), loc)
		if today.End != tomorrow.Begin || today.Duration() < 22*time.Hour || today.Duration() > 26*time.Hour {
			t.Fatalf("%v and %v", today, tomorrow)
		}
	})
}

func TestPropertyAddWallUndoesWallMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, at := anyZone(t), anyInstant(t, "instant")
		n := rapid.IntRange(0, 5000).Draw(t, "minutes")
		moved := AddWall(at, n, loc)
		if moved.Instant.Before(at) {
			t.Fatalf("%v and %d minutes is before it: %+v", at, n, moved)
		}
		if moved.Exists && WallMinutes(at, moved.Instant, loc) != n {
			t.Fatalf("%v to %v are %d minutes, want %d", at, moved.Instant, WallMinutes(at, moved.Instant, loc), n)
		}
	})
}
