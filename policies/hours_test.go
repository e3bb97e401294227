package policies

import (
	"slices"
	"testing"
	"time"

	"vuoro/calendar"
)

func interval(begin, end string) calendar.Interval {
	return calendar.Interval{Begin: at(begin), End: at(end)}
}

func TestReservableSpansByClass(t *testing.T) {
	school := []Hours{
		wednesday(Open, "07:00", "22:00"),
		wednesday(Core, "08:00", "16:00"),
		wednesday(Reservable, "08:00", "20:00"),
		wednesday(Reservable, "20:00", "21:00"),
		wednesday(Closed, "18:00", "18:30"),
	}
	evening := []calendar.Interval{between("16:00", "18:00"), between("18:30", "21:00")}
	for _, class := range []Class{Person, Association, ResidentsGroup, Company, Religious, Political, ""} {
		if got := ReservableSpans(school, class); !equalSpans(got, evening) {
			t.Errorf("%q: %v", class, got)
		}
	}
	city := []calendar.Interval{between("08:00", "18:00"), between("18:30", "21:00")}
	if got := ReservableSpans(school, CityUnit); !equalSpans(got, city) {
		t.Errorf("city: %v", got)
	}
	if got := ReservableSpans(nil, Person); len(got) != 0 {
		t.Errorf("no hours: %v", got)
	}
}

func equalSpans(a, b []calendar.Interval) bool {
	return slices.EqualFunc(a, b, func(a, b calendar.Interval) bool { return a.Begin.Equal(b.Begin) && a.End.Equal(b.End) })
}

func TestEachReasonOfTheHoursOnce(t *testing.T) {
	ask := func(begin, end string, hours ...Hours) Question {
		return with(func(q *Question) { q.Asked, q.Hours = between(begin, end), hours })
	}
	school := []Hours{
		wednesday(Open, "07:00", "21:00"), wednesday(Core, "08:00", "16:00"), wednesday(Reservable, "16:00", "20:00"),
	}
	check(t, []expect{
		{"no hours at all", ask("12:00", "13:00"), []string{CodeClosed}},
		{"core use and evening and night", ask("15:00", "22:00", school...), []string{CodeClosed, CodeCoreUse, CodeNotReservable}},
		{"closed on purpose, though open", ask("12:00", "13:00", wednesday(Open, "08:00", "20:00"), wednesday(Closed, "08:00", "20:00")), []string{CodeClosed}},
		{"core use that is closed", ask("12:00", "13:00", wednesday(Core, "08:00", "16:00"), wednesday(Closed, "08:00", "16:00")), []string{CodeClosed}},
		{"core use in the middle", ask("11:00", "14:00", wednesday(Reservable, "08:00", "20:00"), wednesday(Core, "12:00", "13:00")), []string{CodeCoreUse}},
		{
			"two gaps, told once", ask("11:00", "16:00",
				wednesday(Reservable, "11:00", "12:00"), wednesday(Reservable, "13:00", "14:00"), wednesday(Reservable, "15:00", "16:00")),
			[]string{CodeNotOneSpan},
		},
	})
}

func TestRasterOutsideHoursIsNotAsked(t *testing.T) {
	check(t, []expect{{"07:10", with(func(q *Question) { q.Asked = between("07:10", "07:40") }), []string{CodeClosed}}})
}

func TestSecondsAreOffTheRaster(t *testing.T) {
	check(t, []expect{
		{"both", with(func(q *Question) {
			q.Asked.Begin, q.Asked.End = q.Asked.Begin.Add(time.Second), q.Asked.End.Add(time.Second)
		}), []string{CodeRasterStart}},
		{"end", with(func(q *Question) { q.Asked.End = q.Asked.End.Add(time.Nanosecond) }), []string{CodeRasterLength}},
	})
}

// A whole-day place may be asked for its local day: raster and length are then
// not asked, and the day needs some time that the holder may use.
func TestWholeDay(t *testing.T) {
	day := calendar.DayBounds(calendar.Date{Year: 2024, Month: time.January, Day: 10}, helsinki)
	whole := func(change func(*Question)) Question {
		return with(func(q *Question) {
			q.Place.WholeDay, q.Place.MaxMinutes, q.Asked = true, new(240), day
			change(q)
		})
	}
	two := func(q *Question) { q.Asked.End = q.Asked.End.AddDate(0, 0, 1) }
	check(t, []expect{
		{"the day", whole(func(*Question) {}), nil},
		{"today, in the afternoon", whole(func(q *Question) { q.Now = at("2024-01-10 15:00") }), nil},
		{"yesterday", whole(func(q *Question) { q.Now = at("2024-01-11 00:00") }), []string{CodePast}},
		{"no hours that day", whole(func(q *Question) { q.Hours = nil }), []string{CodeClosed}},
		{"only open", whole(func(q *Question) { q.Hours = []Hours{wednesday(Open, "08:00", "20:00")} }), []string{CodeNotReservable}},
		{"core use that day", whole(func(q *Question) { q.Hours = append(q.Hours, wednesday(Core, "08:00", "10:00")) }), []string{CodeCoreUse}},
		{"two days, the second closed", whole(two), []string{CodeClosed}},
		{"two days", whole(func(q *Question) {
			two(q)
			q.Hours = append(q.Hours, hours(Reservable, "2024-01-11 09:00", "2024-01-11 10:00"))
		}), nil},
		{"part of the day, as any place", whole(func(q *Question) { q.Asked = between("12:00", "13:00") }), nil},
		{"part of the day, too long", whole(func(q *Question) { q.Asked = between("12:00", "17:00") }), []string{CodeTooLong}},
		{"of a place that is not whole-day", whole(func(q *Question) { q.Place.WholeDay = false }), []string{CodeTooLong, CodeClosed}},
		{"for ever", whole(func(q *Question) { q.Asked.End = at("9999-01-01 00:00") }), []string{CodeClosed}},
	})
	staff, season := whole(func(q *Question) { q.Kind = Staff }), whole(func(q *Question) { q.Kind = Seasonal })
	check(t, []expect{{"by staff", staff, nil}, {"of a season", season, nil}})
	city := whole(func(q *Question) { q.Who.Class, q.Hours = CityUnit, []Hours{wednesday(Core, "08:00", "10:00")} })
	check(t, []expect{{"core use that day, the city's own", city, nil}})
}

// On the nights when the clocks change lengths and starts stay wall-clock.
func TestNightsOfTheClocks(t *testing.T) {
	night := func(begin, end, from, to string) Question {
		return with(func(q *Question) {
			q.Now, q.Asked = at("2024-01-08 15:00"), interval(begin, end)
			q.Hours = []Hours{hours(Reservable, from, to)}
			q.Place.Raster, q.Place.MinMinutes, q.Place.MaxMinutes = 60, 60, new(180)
		})
	}
	autumn := night("2024-10-27 02:00", "2024-10-27 05:00", "2024-10-27 00:00", "2024-10-27 06:00")
	spring := night("2024-03-31 02:00", "2024-03-31 05:00", "2024-03-31 00:00", "2024-03-31 06:00")
	check(t, []expect{
		{"autumn, nominal 3 h", autumn, nil},
		{"spring, nominal 3 h", spring, nil},
	})
	if a, s := Decide(autumn).Price, Decide(spring).Price; a.Minutes != 240 || *a.Cents != 4800 || s.Minutes != 120 || *s.Cents != 2400 {
		t.Errorf("autumn %s spring %s", show(a), show(s))
	}
	between := autumn
	between.Asked.Begin = at("2024-10-27 00:00").Add(3 * time.Hour) // 03:00, first pass
	between.Asked.End = between.Asked.Begin.Add(time.Hour)          // 03:00, second pass
	check(t, []expect{{"no time on the clock", between, []string{CodeTooShort, CodeRasterLength}}})
}

// At 15:00 one may ask for 15:00 two days later, whatever the clocks do between.
func TestDaysAheadOverAChangeOfTheClocks(t *testing.T) {
	ahead := func(end string) Question {
		return with(func(q *Question) {
			q.Now, q.Place.DaysAheadMax = at("2024-03-30 15:00"), new(2)
			q.Asked = calendar.Interval{Begin: at(end).Add(-30 * time.Minute), End: at(end)}
			q.Hours = []Hours{hours(Reservable, "2024-04-01 09:00", "2024-04-01 19:00")}
		})
	}
	check(t, []expect{
		{"15:00", ahead("2024-04-01 15:30"), nil},
		{"15:30", ahead("2024-04-01 16:00"), []string{CodeTooFarAhead}},
	})
}
