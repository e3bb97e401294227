package policies

import (
	"slices"
	"testing"
	"time"

	"vuoro/calendar"
)

func clock(starts []calendar.Interval) []string {
	var shown []string
	for _, s := range starts {
		shown = append(shown, s.Begin.In(helsinki).Format("02 15:04")+"–"+s.End.In(helsinki).Format("15:04"))
	}
	return shown
}

func TestStarts(t *testing.T) {
	cases := []struct {
		name  string
		grid  Grid
		spans []calendar.Interval
		want  []string
	}{
		{
			"from the begin of the span",
			Grid{Raster: 120, Minutes: 120},
			[]calendar.Interval{between("09:00", "14:00")},
			[]string{"10 09:00–11:00", "10 11:00–13:00"},
		},
		{
			"each span has its own",
			Grid{Raster: 60, Minutes: 60},
			[]calendar.Interval{between("09:00", "10:30"), between("12:15", "14:00")},
			[]string{"10 09:00–10:00", "10 12:15–13:15"},
		},
		{
			"not before now",
			Grid{Raster: 60, Minutes: 60, NotBefore: at("2024-01-10 10:01")},
			[]calendar.Interval{between("09:00", "13:00")},
			[]string{"10 11:00–12:00", "10 12:00–13:00"},
		},
		{
			"now is early enough",
			Grid{Raster: 60, Minutes: 60, NotBefore: at("2024-01-10 10:00")},
			[]calendar.Interval{between("09:00", "11:00")},
			[]string{"10 10:00–11:00"},
		},
		{
			"past midnight",
			Grid{Raster: 150, Minutes: 60},
			[]calendar.Interval{interval("2024-01-12 18:00", "2024-01-13 02:30")},
			[]string{"12 18:00–19:00", "12 20:30–21:30", "12 23:00–00:00", "13 01:30–02:30"},
		},
		{"longer than the span", Grid{Raster: 30, Minutes: 120}, []calendar.Interval{between("09:00", "10:30")}, nil},
		{"no raster", Grid{Minutes: 60}, []calendar.Interval{between("09:00", "12:00")}, nil},
		{
			"spring: 03 does not exist, neither as begin nor as end",
			Grid{Raster: 60, Minutes: 60},
			[]calendar.Interval{interval("2024-03-31 01:00", "2024-03-31 06:00")},
			[]string{"31 01:00–02:00", "31 04:00–05:00", "31 05:00–06:00"},
		},
		{
			"autumn: the doubled hour is its first pass",
			Grid{Raster: 60, Minutes: 60},
			[]calendar.Interval{interval("2024-10-27 02:00", "2024-10-27 05:00")},
			[]string{"27 02:00–03:00", "27 03:00–04:00", "27 04:00–05:00"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.grid.Zone = helsinki
			if got := clock(c.grid.Starts(c.spans)); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// The first pass of 03:00 lasts two real hours until 04:00.
func TestStartsInTheDoubledHour(t *testing.T) {
	grid := Grid{Zone: helsinki, Raster: 60, Minutes: 60}
	starts := grid.Starts([]calendar.Interval{interval("2024-10-27 02:00", "2024-10-27 05:00")})
	if first := starts[1]; first.Duration() != 2*time.Hour || first.Begin.UTC().Hour() != 0 {
		t.Errorf("03:00 is %v", first)
	}
}

// A place that never closes has the same starts however far back its hours are
// read, also on a raster that does not divide the day.
func TestStartsOfAPlaceThatNeverCloses(t *testing.T) {
	grid := Grid{Zone: helsinki, Raster: 420, Minutes: 420, NotBefore: at("2024-01-10 00:00")}
	want := clock(grid.Starts([]calendar.Interval{interval("2024-01-09 00:00", "2024-01-11 00:00")}))
	if !slices.Equal(want, []string{"10 00:00–07:00", "10 07:00–14:00", "10 14:00–21:00"}) {
		t.Errorf("%v", want)
	}
	for _, begin := range []string{"2024-01-08 00:00", "2024-01-03 11:00", "2020-01-01 00:00"} {
		if got := clock(grid.Starts([]calendar.Interval{interval(begin, "2024-01-11 00:00")})); !slices.Equal(got, want) {
			t.Errorf("read from %s: %v", begin, got)
		}
	}
}

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		name  string
		place Place
		upTo  int
		want  []int
	}{
		{"raster to maximum", Place{Raster: 30, MinMinutes: 30, MaxMinutes: new(90)}, 600, []int{30, 60, 90}},
		{"what is left of the gap", Place{Raster: 30, MinMinutes: 30}, 75, []int{30, 60}},
		{"a minimum off the raster", Place{Raster: 30, MinMinutes: 45}, 90, []int{60, 90}},
		{"nothing fits", Place{Raster: 60, MinMinutes: 120}, 90, nil},
		{"no minimum", Place{Raster: 60}, 60, []int{60}},
	} {
		if got := Lengths(c.place, c.upTo); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
