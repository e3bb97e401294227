package calendar

import (
	"testing"

	"pgregory.net/rapid"

	"vuoro/fault"
)

func TestParseMinute(t *testing.T) {
	for text, want := range map[string]Minute{
		"00:00": 0, "00:01": 1, "09:30": 570, "23:59": 1439, "24:00": DayMinutes, "26:15": 1575, "48:00": MaxMinute,
	} {
		m, err := ParseMinute(text)
		if err != nil || m != want || m.String() != text || !m.Valid() {
			t.Errorf("%s reads as %d (%s), %v", text, m, m, err)
		}
	}
	for _, bad := range []string{"", "9:30", "09:60", "48:01", "99:00", "09.30", "0930", "09:3", "+9:30", "-1:00", "09:30 ", "0a:00", "00:0x", "9:300", "é:00"} {
		if _, err := ParseMinute(bad); !fault.Is(err, fault.Invalid) || fault.Code(err) != "calendar.minute" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if Minute(-1).Valid() || (MaxMinute + 1).Valid() {
		t.Error("outside 00:00 to 48:00")
	}
}

func TestMinuteColumn(t *testing.T) {
	if v, err := Minute(570).Value(); v != int64(570) || err != nil {
		t.Errorf("written as %v (%T), %v", v, v, err)
	}
}

func TestPropertyMinuteRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Minute(rapid.IntRange(0, int(MaxMinute)).Draw(t, "minute"))
		if back, err := ParseMinute(m.String()); err != nil || back != m {
			t.Fatalf("%d reads back as %d, %v", m, back, err)
		}
	})
}

func TestSpanValid(t *testing.T) {
	for s, want := range map[Span]bool{
		{From: 0, To: DayMinutes}:              true,
		{From: 18 * 60, To: 26 * 60}:           true,
		{From: 23*60 + 59, To: MaxMinute}:      true,
		{From: 600, To: 600}:                   false,
		{From: 600, To: 540}:                   false,
		{From: DayMinutes, To: DayMinutes + 1}: false,
		{From: -1, To: 60}:                     false,
		{From: 0, To: MaxMinute + 1}:           false,
	} {
		if s.Valid() != want {
			t.Errorf("%s–%s: want %v", s.From, s.To, want)
		}
	}
}

func TestSpanOnADate(t *testing.T) {
	cases := []struct {
		name, date, from, to string
		begin, end           string
		hours                float64
	}{
		{"a winter day", "2024-01-15", "08:00", "16:00", "2024-01-15T06:00:00Z", "2024-01-15T14:00:00Z", 8},
		{"past midnight", "2024-01-15", "18:00", "26:00", "2024-01-15T16:00:00Z", "2024-01-16T00:00:00Z", 8},
		{"the spring night", "2024-03-31", "00:00", "06:00", "2024-03-30T22:00:00Z", "2024-03-31T03:00:00Z", 5},
		{"into the spring night", "2024-03-30", "22:00", "30:00", "2024-03-30T20:00:00Z", "2024-03-31T03:00:00Z", 7},
		{"begins in the gap", "2024-03-31", "03:30", "06:00", "2024-03-31T01:00:00Z", "2024-03-31T03:00:00Z", 2},
		{"ends in the gap", "2024-03-31", "00:00", "03:30", "2024-03-30T22:00:00Z", "2024-03-31T01:00:00Z", 3},
		{"inside the gap", "2024-03-31", "03:10", "03:50", "2024-03-31T01:00:00Z", "2024-03-31T01:00:00Z", 0},
		{"the autumn night", "2024-10-27", "00:00", "06:00", "2024-10-26T21:00:00Z", "2024-10-27T04:00:00Z", 7},
		{"ends in the doubled hour", "2024-10-27", "00:00", "03:30", "2024-10-26T21:00:00Z", "2024-10-27T00:30:00Z", 3.5},
	}
	helsinki := zone(t, "Europe/Helsinki")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Span{From: minute(t, c.from), To: minute(t, c.to)}.On(date(t, c.date), helsinki)
			if want := (Interval{Begin: instant(t, c.begin), End: instant(t, c.end)}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			if got.Duration().Hours() != c.hours {
				t.Errorf("lasts %v, want %v h", got.Duration(), c.hours)
			}
		})
	}
}

func TestSpanMinutesAreNominal(t *testing.T) {
	if got := (Span{From: 0, To: 6 * 60}).Minutes(); got != 360 {
		t.Errorf("six hours on the clock are %d minutes", got)
	}
}

func TestPropertyTouchingSpansTouchInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := anyZone(t), anyDate(t)
		from := rapid.IntRange(0, int(DayMinutes)-2).Draw(t, "from")
		middle := rapid.IntRange(from+1, int(MaxMinute)-1).Draw(t, "middle")
		to := rapid.IntRange(middle+1, int(MaxMinute)).Draw(t, "to")
		first := Span{Minute(from), Minute(middle)}.On(day, loc)
		second := Interval{Begin: FirstFrom(day, Minute(middle), loc), End: FirstFrom(day, Minute(to), loc)}
		whole := Span{Minute(from), Minute(to)}.On(day, loc)
		if first.End != second.Begin || first.Overlaps(second) || Total([]Interval{first, second}) != whole.Duration() {
			t.Fatalf("%v and %v make %v", first, second, whole)
		}
	})
}
