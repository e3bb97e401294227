package calendar

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2024, time.May, 6, 12, 0, 0, 0, time.UTC)

// span is the interval between two minutes after noon.
func span(from, to int) Interval {
	return Interval{Begin: noon.Add(time.Duration(from) * time.Minute), End: noon.Add(time.Duration(to) * time.Minute)}
}

func TestIntervalOverlap(t *testing.T) {
	cases := []struct {
		name     string
		a, b     Interval
		overlaps bool
		shared   Interval
	}{
		{"apart", span(0, 10), span(20, 30), false, Interval{}},
		{"touching is free", span(0, 10), span(10, 20), false, Interval{}},
		{"one minute", span(0, 11), span(10, 20), true, span(10, 11)},
		{"inside", span(0, 60), span(10, 20), true, span(10, 20)},
		{"the same", span(0, 10), span(0, 10), true, span(0, 10)},
		{"empty inside", span(0, 60), span(10, 10), false, Interval{}},
		{"backwards inside", span(0, 60), span(20, 10), false, Interval{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.a.Overlaps(c.b) != c.overlaps || c.b.Overlaps(c.a) != c.overlaps {
				t.Errorf("overlaps: want %v both ways", c.overlaps)
			}
			if got := c.a.Intersect(c.b); got != c.shared {
				t.Errorf("shared %v, want %v", got, c.shared)
			}
		})
	}
}

func TestIntervalContainsAndHolds(t *testing.T) {
	day := span(0, 60)
	for _, c := range []struct {
		inner Interval
		want  bool
	}{
		{span(0, 60), true},
		{span(0, 1), true},
		{span(59, 60), true},
		{span(-1, 10), false},
		{span(50, 61), false},
		{span(10, 10), false},
		{span(20, 10), false},
	} {
		if day.Contains(c.inner) != c.want {
			t.Errorf("contains %v: want %v", c.inner, c.want)
		}
	}
	if !day.Holds(day.Begin) || day.Holds(day.End) || day.Holds(day.Begin.Add(-1)) {
		t.Error("an interval holds its begin and not its end")
	}
	if span(20, 10).Duration() != 0 || day.Duration() != time.Hour {
		t.Error("duration: 0 when empty, else elapsed")
	}
}

func TestIntervalsInDifferentZonesAreTheSameTime(t *testing.T) {
	day := span(0, 60)
	away := Interval{Begin: day.Begin.In(zone(t, "Asia/Tokyo")), End: day.End.In(zone(t, "America/New_York"))}
	if !day.Contains(away) || !away.Contains(day) {
		t.Error("the zone of a time.Time must not matter")
	}
}

func TestIntervalSets(t *testing.T) {
	cases := []struct {
		name      string
		got, want []Interval
	}{
		{"touching merge", Normalize([]Interval{span(10, 20), span(0, 10)}), []Interval{span(0, 20)}},
		{"a minute between stays", Normalize([]Interval{span(11, 20), span(0, 10)}), []Interval{span(0, 10), span(11, 20)}},
		{"swallowed", Normalize([]Interval{span(0, 60), span(10, 20), span(30, 60)}), []Interval{span(0, 60)}},
		{"empty ones go", Normalize([]Interval{span(5, 5), span(9, 3)}), nil},
		{"union", Union([]Interval{span(0, 5)}, nil, []Interval{span(3, 9)}), []Interval{span(0, 9)}},
		{"hole", Subtract([]Interval{span(0, 60)}, []Interval{span(20, 30)}), []Interval{span(0, 20), span(30, 60)}},
		{"one cut over two", Subtract([]Interval{span(0, 20), span(30, 50)}, []Interval{span(10, 40)}), []Interval{span(0, 10), span(40, 50)}},
		{"all taken", Subtract([]Interval{span(0, 20)}, []Interval{span(-5, 25)}), nil},
		{"both", Intersect([]Interval{span(0, 20), span(30, 50)}, []Interval{span(10, 40)}), []Interval{span(10, 20), span(30, 40)}},
		{"gaps of 20", Gaps(span(0, 100), []Interval{span(10, 20), span(40, 50), span(90, 100)}, 20*time.Minute), []Interval{span(20, 40), span(50, 90)}},
		{"no gap in an empty day", Gaps(span(10, 10), nil, 0), nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if !slices.Equal(c.got, c.want) {
				t.Errorf("got %v, want %v", c.got, c.want)
			}
		})
	}
}

// The arithmetic of "free for an hour between 08:00 and 16:00".
func TestGapsBetweenBookings(t *testing.T) {
	day, busy := span(8*60, 16*60), []Interval{span(12*60, 13*60), span(10*60, 11*60)}
	hour := Gaps(day, busy, time.Hour)
	if want := []Interval{span(8*60, 10*60), span(11*60, 12*60), span(13*60, 16*60)}; !slices.Equal(hour, want) {
		t.Errorf("gaps %v, want %v", hour, want)
	}
	if long := Gaps(day, busy, 4*time.Hour); len(long) != 0 {
		t.Errorf("no gap lasts four hours, got %v", long)
	}
}

func TestNormalizeLeavesItsArgument(t *testing.T) {
	given := []Interval{span(30, 40), span(0, 10), span(10, 20), span(3, 3)}
	before := slices.Clone(given)
	Normalize(given)
	Subtract(given, given[1:])
	Intersect(given, given)
	Union(given, given[2:])
	if !slices.Equal(given, before) {
		t.Errorf("changed to %v", given)
	}
}

// The naive model: which of 120 minutes are in the set.
type bitmap [120]bool

func bits(set []Interval) (b bitmap) {
	for m := range b {
		at := noon.Add(time.Duration(m) * time.Minute)
		b[m] = slices.ContainsFunc(set, func(i Interval) bool { return i.Holds(at) })
	}
	return b
}

func (b bitmap) with(o bitmap, keep func(x, y bool) bool) (r bitmap) {
	for m := range b {
		r[m] = keep(b[m], o[m])
	}
	return r
}

func anySet(t *rapid.T, label string) []Interval {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Interval {
		from := rapid.IntRange(0, 120).Draw(t, "from")
		return span(from, rapid.IntRange(max(0, from-5), 120).Draw(t, "to"))
	}), 0, 12).Draw(t, label)
}

func requireNormal(t *rapid.T, set []Interval) {
	for n, i := range set {
		if i.IsEmpty() {
			t.Fatalf("empty interval in %v", set)
		}
		if n > 0 && !i.Begin.After(set[n-1].End) {
			t.Fatalf("not sorted and apart: %v", set)
		}
	}
}

func TestPropertySetsLikeMinuteBitmaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySet(t, "a"), anySet(t, "b")
		for _, c := range []struct {
			name string
			got  []Interval
			keep func(x, y bool) bool
		}{
			{"union", Union(a, b), func(x, y bool) bool { return x || y }},
			{"subtract", Subtract(a, b), func(x, y bool) bool { return x && !y }},
			{"intersect", Intersect(a, b), func(x, y bool) bool { return x && y }},
		} {
			requireNormal(t, c.got)
			if bits(c.got) != bits(a).with(bits(b), c.keep) {
				t.Fatalf("%s of %v and %v is %v", c.name, a, b, c.got)
			}
		}
	})
}

func TestPropertyGapsAndBusyFillTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		busy, day := anySet(t, "busy"), span(20, 100)
		minimum := time.Duration(rapid.IntRange(0, 30).Draw(t, "minimum")) * time.Minute
		gaps := Gaps(day, busy, minimum)
		for _, gap := range gaps {
			if gap.Duration() < minimum || !day.Contains(gap) || len(Intersect([]Interval{gap}, busy)) != 0 {
				t.Fatalf("gap %v of %v", gap, busy)
			}
		}
		left := Total(Subtract([]Interval{day}, Union(busy, gaps)))
		if minimum == 0 && left != 0 {
			t.Fatalf("%v of the day is neither busy nor free", left)
		}
		if got := Total(gaps) + left + Total(Intersect(busy, []Interval{day})); got != day.Duration() {
			t.Fatalf("parts add up to %v", got)
		}
	})
}

func TestPropertyTotalCountsMinutesOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := anySet(t, "set")
		minutes := 0
		for _, in := range bits(set) {
			if in {
				minutes++
			}
		}
		if got := Total(set); got != time.Duration(minutes)*time.Minute {
			t.Fatalf("total %v, want %d minutes", got, minutes)
		}
	})
}
