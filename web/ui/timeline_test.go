package ui

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestPlaceReadsTheClock(t *testing.T) {
	loc := helsinki(t)
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, loc)
	}
	for _, c := range []struct {
		name            string
		day, begin, end time.Time
		start, quarters int
		ok              bool
	}{
		{"plain", at(11, 23, 0, 0), at(11, 23, 17, 30), at(11, 23, 19, 0), 70, 6, true},
		{"over the autumn night 02–05", at(10, 25, 0, 0), at(10, 25, 2, 0), at(10, 25, 5, 0), 8, 12, true},
		{"over the spring night 02–05", at(3, 29, 0, 0), at(3, 29, 2, 0), at(3, 29, 5, 0), 8, 12, true},
		{"past midnight", at(11, 27, 0, 0), at(11, 27, 23, 0), at(11, 28, 1, 0), 92, 8, true},
		{"from the evening before", at(11, 28, 0, 0), at(11, 27, 23, 0), at(11, 28, 1, 0), 0, 4, true},
		{"rounded outwards", at(11, 23, 0, 0), at(11, 23, 9, 5), at(11, 23, 9, 50), 36, 4, true},
		{"the day before", at(11, 23, 0, 0), at(11, 22, 9, 0), at(11, 22, 10, 0), 0, 0, false},
		{"two days later", at(11, 23, 0, 0), at(11, 25, 9, 0), at(11, 25, 10, 0), 0, 0, false},
	} {
		start, quarters, ok := Place(c.day, c.begin, c.end)
		if ok != c.ok || ok && (start != c.start || quarters != c.quarters) {
			t.Errorf("%s: %d, %d, %v", c.name, start, quarters, ok)
		}
	}
}

func TestTheDoubledHourHasTwoPasses(t *testing.T) {
	loc := helsinki(t)
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).In(loc)
	second := first.Add(time.Hour)
	if SeasonOf(first) != Summer || SeasonOf(second) != Winter {
		t.Errorf("%s is %q, %s is %q", first, SeasonOf(first), second, SeasonOf(second))
	}
	if a, b := first.Format("15:04"), second.Format("15:04"); a != "03:30" || b != "03:30" {
		t.Fatalf("clock says %s and %s", a, b)
	}
	start, quarters, ok := Place(first, first, second.Add(-15*time.Minute))
	if !ok || start != 14 || quarters < 1 {
		t.Errorf("a span inside the doubled hour: %d, %d, %v", start, quarters, ok)
	}
	for _, hour := range []int{0, 2, 12} {
		if s := SeasonOf(time.Date(2026, 10, 25, hour, 30, 0, 0, loc)); s != "" {
			t.Errorf("%d.30 is %q", hour, s)
		}
	}
}

func TestDSTOfTheYear(t *testing.T) {
	loc := helsinki(t)
	odd := map[string]DST{"2026-03-29": DSTSpring, "2026-10-25": DSTAutumn}
	for day := time.Date(2026, 1, 1, 12, 0, 0, 0, loc); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		if got, want := DSTOf(day), odd[day.Format(time.DateOnly)]; got != want {
			t.Errorf("%s is %q, want %q", day.Format(time.DateOnly), got, want)
		}
	}
	gap, ok := Gap(time.Date(2026, 3, 29, 12, 0, 0, 0, loc))
	if !ok || gap.StartQuarter != 12 || gap.Quarters != 4 || gap.Kind != KindClosed {
		t.Errorf("%+v, %v", gap, ok)
	}
	if _, ok := Gap(time.Date(2026, 3, 30, 12, 0, 0, 0, loc)); ok {
		t.Error("an ordinary day has a gap")
	}
}

func TestArrangedSortsClipsAndLanes(t *testing.T) {
	line := Timeline{FromHour: 8, ToHour: 20, Rows: []TimelineRow{{Items: []TimelineItem{
		{StartQuarter: 48, Quarters: 8, Kind: KindConfirmed},
		{StartQuarter: 28, Quarters: 8, Kind: KindFree},
		{StartQuarter: 50, Quarters: 4, Kind: KindRequested},
		{StartQuarter: 54, Quarters: 4, Kind: KindRequested},
		{StartQuarter: 56, Quarters: 4, Kind: KindFree},
		{StartQuarter: 78, Quarters: 40, Kind: KindClosed},
		{StartQuarter: 0, Quarters: 8, Kind: KindClosed},
	}}}}
	row := line.Arranged()[0]
	var classes []string
	for _, i := range row.Items {
		classes = append(classes, i.Class)
	}
	want := []string{
		"s0 l4 k-free", "s16 l8 k-confirmed", "s18 l4 k-requested ln2",
		"s22 l4 k-requested ln2", "s24 l4 k-free", "s46 l2 k-closed",
	}
	if !slices.Equal(classes, want) || row.Lanes != 2 {
		t.Errorf("%d lanes, %q", row.Lanes, classes)
	}
	if line.Rows[0].Items[0].Class != "" {
		t.Error("the caller's items were changed")
	}
}

func TestNoTwoItemsShareALaneAndTime(t *testing.T) {
	for _, row := range sampleTimeline().Arranged() {
		for i, a := range row.Items {
			for _, b := range row.Items[i+1:] {
				if a.Lane == b.Lane && b.StartQuarter < a.StartQuarter+a.Quarters {
					t.Errorf("%s: %s and %s lie on each other", row.Name, a.Class, b.Class)
				}
			}
		}
	}
}

func TestNowLineOnlyInsideTheHours(t *testing.T) {
	line := Timeline{FromHour: 8, ToHour: 20, NowMinute: 14*60 + 22}
	if got := line.NowClass(); got != "s25 m7" {
		t.Errorf("%q", got)
	}
	for _, minute := range []int{0, 7 * 60, 20 * 60, 23 * 60} {
		line.NowMinute = minute
		if got := line.NowClass(); got != "" {
			t.Errorf("minute %d: %q", minute, got)
		}
	}
}

func TestHoursPassMidnight(t *testing.T) {
	line := Timeline{FromHour: 22, ToHour: 26}
	var labels []string
	for _, h := range line.Hours() {
		labels = append(labels, h.Label)
	}
	if got := strings.Join(labels, " "); got != "22 23 0 1" || line.HoursClass() != "h4" {
		t.Errorf("%q, %q", got, line.HoursClass())
	}
}
