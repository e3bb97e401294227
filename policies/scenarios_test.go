package policies

import (
	"slices"
	"testing"
	"time"

	"vuoro/calendar"
)

func asking(begin, end string) func(*Question) {
	return func(q *Question) { q.Asked = between(begin, end) }
}

func TestScenario07_EndNotAfterBegin(t *testing.T) {
	check(t, []expect{
		{"begin = end", with(asking("12:00", "12:00")), []string{CodeEndBefore}},
		{"begin > end", with(asking("13:00", "12:00")), []string{CodeEndBefore}},
	})
	for _, kind := range []Kind{Behalf, Staff, Closure, Seasonal} {
		q := with(asking("13:00", "12:00"))
		q.Kind = kind
		if !Decide(q).Refused() {
			t.Errorf("%s: accepted", kind)
		}
	}
}

func TestScenario28_RasterCountsFromOpening(t *testing.T) {
	raster := func(begin, end string) Question {
		return with(func(q *Question) { q.Place.Raster, q.Asked = 120, between(begin, end) })
	}
	check(t, []expect{
		{"11:00", raster("11:00", "13:00"), nil},
		{"10:00", raster("10:00", "12:00"), []string{CodeRasterStart}},
	})
	v := only(t, raster("10:00", "12:00"), CodeRasterStart)
	if v.Value != 120 || !v.Params["from"].(time.Time).Equal(at("2024-01-10 09:00")) {
		t.Errorf("value %v, counted from %v", v.Value, v.Params["from"])
	}
}

func TestScenario29_LengthIsAMultiple(t *testing.T) {
	check(t, []expect{
		{"75 min", with(asking("12:00", "13:15")), []string{CodeRasterLength}},
		{"90 min", with(asking("12:00", "13:30")), nil},
	})
}

func TestScenario30_ShortestAndLongest(t *testing.T) {
	limited := func(begin, end string) Question {
		return with(func(q *Question) {
			q.Place.MinMinutes, q.Place.MaxMinutes, q.Asked = 60, new(120), between(begin, end)
		})
	}
	check(t, []expect{
		{"30 min", limited("12:00", "12:30"), []string{CodeTooShort}},
		{"1 h", limited("12:00", "13:00"), nil},
		{"2 h", limited("12:00", "14:00"), nil},
		{"2 h 30 min", limited("12:00", "14:30"), []string{CodeTooLong}},
	})
	v := only(t, limited("12:00", "14:30"), CodeTooLong)
	if v.Value != 120 || v.Asked != 150 {
		t.Errorf("value %v asked %v", v.Value, v.Asked)
	}
}

func TestScenario31_AtMostDaysAhead(t *testing.T) {
	ahead := func(begin, end string) Question {
		return with(func(q *Question) { q.Place.DaysAheadMax, q.Asked = new(2), between(begin, end) })
	}
	check(t, []expect{
		{"now + 2 d + 1 h", ahead("16:00", "17:00"), []string{CodeTooFarAhead}},
		{"now + 2 d − 1 h", ahead("14:00", "15:00"), nil},
		{"now + 2 d", ahead("15:00", "16:00"), nil},
	})
	v := only(t, ahead("16:00", "17:00"), CodeTooFarAhead)
	if !v.Params["opens"].(time.Time).Equal(at("2024-01-08 16:00")) {
		t.Errorf("opens %v", v.Params["opens"])
	}
}

func TestScenario32_AtLeastDaysAhead(t *testing.T) {
	notice := func(begin, end string) Question {
		return with(func(q *Question) {
			q.Place.DaysAheadMin = 2
			q.Asked = calendar.Interval{Begin: at(begin), End: at(end)}
			q.Hours = []Hours{hours(Reservable, "2024-01-09 09:00", "2024-01-11 00:00")}
		})
	}
	check(t, []expect{
		{"Wed 00:00", notice("2024-01-10 00:00", "2024-01-10 01:00"), nil},
		{"Tue 23:00", notice("2024-01-09 23:00", "2024-01-10 01:00"), []string{CodeTooSoon}},
	})
	v := only(t, notice("2024-01-09 23:00", "2024-01-10 01:00"), CodeTooSoon)
	if v.Params["earliest"] != (calendar.Date{Year: 2024, Month: time.January, Day: 10}) {
		t.Errorf("earliest %v", v.Params["earliest"])
	}
}

func TestScenario33_DaysAheadAndStaff(t *testing.T) {
	on := func(date string, change func(*Question)) Question {
		return with(func(q *Question) {
			q.Asked = calendar.Interval{Begin: at(date + " 12:00"), End: at(date + " 13:00")}
			q.Hours = []Hours{hours(Reservable, date+" 09:00", date+" 19:00")}
			change(q)
		})
	}
	most := func(q *Question) { q.Place.DaysAheadMax = new(10) }
	least := func(days int) func(*Question) { return func(q *Question) { q.Place.DaysAheadMin = days } }
	check(t, []expect{
		{"11 days, at most 10", on("2024-01-19", most), []string{CodeTooFarAhead}},
		{"9 days, at most 10", on("2024-01-17", most), nil},
		{"7 days, at least 8", on("2024-01-15", least(8)), []string{CodeTooSoon}},
		{"9 days, at least 8", on("2024-01-17", least(8)), nil},
	})
	admin := on("2024-01-17", least(10))
	admin.Kind = Behalf
	checkOverridden(t, []expect{{"staff, 9 days, at least 10", admin, []string{CodeTooSoon}}})
}

func TestScenario34_BookingWindow(t *testing.T) {
	ended := with(func(q *Question) { q.Place.BookingTo = at("2024-01-07 00:00") })
	coming := with(func(q *Question) { q.Place.BookingFrom = at("2024-01-09 00:00") })
	check(t, []expect{
		{"ended yesterday", ended, []string{CodeWindow}},
		{"begins tomorrow", coming, []string{CodeWindowOpens}},
	})
	ended.Kind, coming.Kind = Staff, Behalf
	checkOverridden(t, []expect{
		{"staff, ended", ended, []string{CodeWindow}},
		{"staff, coming", coming, []string{CodeWindowOpens}},
	})
}

func TestScenario35_NotPublished(t *testing.T) {
	draft := with(func(q *Question) { q.Place.Published = false })
	hidden := with(func(q *Question) { q.Place.PublishTo = at("2024-01-08 14:00") })
	check(t, []expect{
		{"draft or archived", draft, []string{CodeNotOpen}},
		{"hidden", hidden, []string{CodeNotOpen}},
	})
}

func TestScenario36_PublishWindow(t *testing.T) {
	early, late := at("2024-01-08 10:00"), at("2024-01-08 20:00")
	var none time.Time
	cases := []struct {
		name     string
		from, to time.Time
		now      string
		visible  bool
	}{
		{"no bounds", none, none, "2024-01-08 15:00", true},
		{"scheduled", late, none, "2024-01-08 15:00", false},
		{"begun", early, none, "2024-01-08 15:00", true},
		{"ended", none, early, "2024-01-08 15:00", false},
		{"between", early, late, "2024-01-08 15:00", true},
		{"at the begin", early, late, "2024-01-08 10:00", true},
		{"at the end", early, late, "2024-01-08 20:00", false},
		{"pause: before its end", late, early, "2024-01-08 09:59", true},
		{"pause: inside", late, early, "2024-01-08 15:00", false},
		{"pause: over", late, early, "2024-01-08 20:00", true},
		{"end = begin: before", early, early, "2024-01-08 09:00", false},
		{"end = begin: after", early, early, "2024-01-08 15:00", false},
	}
	for _, c := range cases {
		place := Place{Published: true, PublishFrom: c.from, PublishTo: c.to}
		if got := place.VisibleAt(at(c.now)); got != c.visible {
			t.Errorf("%s: visible %v", c.name, got)
		}
	}
}

func TestScenario37_ActiveLimit(t *testing.T) {
	active := func(n int) Question {
		return with(func(q *Question) { q.Place.ActiveLimit, q.Who.Active = new(1), n })
	}
	check(t, []expect{
		{"none yet", active(0), nil},
		{"one active", active(1), []string{CodeActiveLimit}},
	})
}

func TestPersonsWithinTheirBounds(t *testing.T) {
	persons := func(n *int) Question {
		return with(func(q *Question) { q.Place.PersonsMin, q.Place.PersonsMax, q.Form.Persons = new(2), new(20), n })
	}
	nobody := persons(new(0))
	nobody.Place.PersonsMin = nil
	check(t, []expect{
		{"1", persons(new(1)), []string{CodePersonsMin}},
		{"2", persons(new(2)), nil},
		{"20", persons(new(20)), nil},
		{"21", persons(new(21)), []string{CodePersonsMax}},
		{"not given, not asked", persons(nil), nil},
		{"nobody", nobody, []string{CodePersonsMin}},
	})
}

// Scenario 61: what a place wants to know must be filled in, by more than blanks.
func TestScenario61_RequiredFields(t *testing.T) {
	form := func(form Form) Question {
		return with(func(q *Question) {
			q.Place.RequiredFields, q.Form = []string{"title", "purpose", "persons", "key"}, form
			q.Form.TermsAccepted = true
		})
	}
	missing := func(n int) []string { return slices.Repeat([]string{CodeFieldMissing}, n) }
	check(t, []expect{
		{"nothing", form(Form{}), missing(4)},
		{"no number of persons", form(Form{Title: "Choir", Purpose: "music", Answers: map[string]string{"key": "yes"}}), missing(1)},
		{"blanks", form(Form{Title: " ", Purpose: "\t", Persons: new(3), Answers: map[string]string{"key": "\n"}}), missing(3)},
		{"all", form(Form{Title: "Choir", Purpose: "music", Persons: new(3), Answers: map[string]string{"key": "yes"}}), nil},
	})
	v := Decide(form(Form{})).Violations[3]
	if v.Value != "key" || v.Params["field"] != "key" || v.Field() != "key" {
		t.Errorf("%s", show(v))
	}
}

func TestScenario38_Past(t *testing.T) {
	now := func(now string) Question { return with(func(q *Question) { q.Now = at(now) }) }
	check(t, []expect{
		{"begun a minute ago", now("2024-01-10 12:01"), []string{CodePast}},
		{"begins now", now("2024-01-10 12:00"), nil},
	})
}

func TestScenario41_InsideHours(t *testing.T) {
	until16 := func(begin, end string) Question {
		return with(func(q *Question) {
			q.Hours, q.Asked = []Hours{wednesday(Reservable, "08:00", "16:00")}, between(begin, end)
		})
	}
	check(t, []expect{
		{"15:30–16:30", until16("15:30", "16:30"), []string{CodeClosed}},
		{"15–16", until16("15:00", "16:00"), nil},
	})
	v := only(t, until16("15:30", "16:30"), CodeClosed)
	if !v.Params["from"].(time.Time).Equal(at("2024-01-10 16:00")) || !v.Params["to"].(time.Time).Equal(at("2024-01-10 16:30")) {
		t.Errorf("outside %v–%v", v.Params["from"], v.Params["to"])
	}
}

func TestScenario42_TouchingSpansAreOne(t *testing.T) {
	second := func(from string) Question {
		return with(func(q *Question) {
			q.Hours = []Hours{wednesday(Reservable, "08:00", "12:00"), wednesday(Reservable, from, "16:00")}
			q.Asked = between("11:00", "13:00")
		})
	}
	check(t, []expect{
		{"08–12 and 12–16", second("12:00"), nil},
		{"08–12 and 12:30–16", second("12:30"), []string{CodeNotOneSpan}},
	})
	v := only(t, second("12:30"), CodeNotOneSpan)
	if !v.Params["from"].(time.Time).Equal(at("2024-01-10 12:00")) || !v.Params["to"].(time.Time).Equal(at("2024-01-10 12:30")) {
		t.Errorf("gap %v–%v", v.Params["from"], v.Params["to"])
	}
}

func TestScenario43_PastMidnight(t *testing.T) {
	check(t, []expect{{"Fri 23:00–Sat 01:00", with(func(q *Question) {
		q.Hours = []Hours{
			hours(Reservable, "2024-01-12 18:00", "2024-01-13 00:00"),
			hours(Reservable, "2024-01-13 00:00", "2024-01-13 02:00"),
		}
		q.Asked = calendar.Interval{Begin: at("2024-01-12 23:00"), End: at("2024-01-13 01:00")}
	}), nil}})
}

func TestScenario44_OpenIsNotReservable(t *testing.T) {
	check(t, []expect{
		{"open only", with(func(q *Question) {
			q.Hours = []Hours{wednesday(Open, "08:00", "20:00")}
		}), []string{CodeNotReservable}},
		{"open all day, reservable in the morning", with(func(q *Question) {
			q.Hours = []Hours{wednesday(Open, "08:00", "20:00"), wednesday(Reservable, "08:00", "12:30")}
		}), []string{CodeNotReservable}},
	})
}

func TestScenario53_CoreUseAgainstCivicUse(t *testing.T) {
	overlaid := []Hours{wednesday(Core, "08:00", "16:00"), wednesday(Reservable, "08:00", "21:00")}
	apart := []Hours{wednesday(Core, "08:00", "16:00"), wednesday(Reservable, "16:00", "21:00")}
	for name, hours := range map[string][]Hours{"overlaid": overlaid, "apart": apart} {
		ask := func(begin, end string) Question {
			return with(func(q *Question) { q.Hours, q.Asked = hours, between(begin, end) })
		}
		check(t, []expect{
			{name + " 15–17", ask("15:00", "17:00"), []string{CodeCoreUse}},
			{name + " 16–18", ask("16:00", "18:00"), nil},
		})
		v := only(t, ask("15:00", "17:00"), CodeCoreUse)
		if !v.Params["from"].(time.Time).Equal(at("2024-01-10 08:00")) || !v.Params["to"].(time.Time).Equal(at("2024-01-10 16:00")) {
			t.Errorf("core use %v–%v", v.Params["from"], v.Params["to"])
		}
		behalf, own := ask("15:00", "17:00"), ask("15:00", "17:00")
		behalf.Kind = Behalf
		own.Kind, own.Who.Class = Staff, CityUnit
		checkOverridden(t, []expect{
			{name + " staff for a resident", behalf, []string{CodeCoreUse}},
			{name + " the city's own use", own, nil},
		})
	}
}

func TestScenario71_AdultsOnly(t *testing.T) {
	aged := func(adult *bool, adultOnly bool) Question {
		return with(func(q *Question) { q.Who.Adult, q.Place.AdultOnly = adult, adultOnly })
	}
	check(t, []expect{
		{"under age", aged(new(false), true), []string{CodeAdultsOnly}},
		{"no birth date", aged(nil, true), []string{CodeAdultsOnly}},
		{"adult", aged(new(true), true), nil},
		{"under age, not asked", aged(new(false), false), nil},
		{"no birth date, not asked", aged(nil, false), nil},
	})
}

func TestScenario09_NotInTwoPlaces(t *testing.T) {
	mine := func(begin, end string) Question {
		return with(func(q *Question) {
			q.Place.OnePlaceAtOnce, q.Asked = true, between(begin, end)
			q.Who.Elsewhere = []calendar.Interval{between("12:00", "14:00")}
		})
	}
	check(t, []expect{
		{"11–12:30", mine("11:00", "12:30"), []string{CodeElsewhere}},
		{"13:30–14:30", mine("13:30", "14:30"), []string{CodeElsewhere}},
		{"12:30–13", mine("12:30", "13:00"), []string{CodeElsewhere}},
		{"12–14", mine("12:00", "14:00"), []string{CodeElsewhere}},
		{"14–15", mine("14:00", "15:00"), nil},
	})
	manager := mine("12:00", "14:00")
	manager.Kind = Behalf
	checkOverridden(t, []expect{{"managers are exempt", manager, nil}})
}

// A booking that staff make is allowed outside hours and off the coarse raster,
// never before today.
func TestScenario88_Staff(t *testing.T) {
	staff := func(begin, end, now string) Question {
		return with(func(q *Question) {
			q.Kind, q.Who, q.Place.Raster = Staff, Who{}, 15
			q.Now, q.Asked = at(now), between(begin, end)
		})
	}
	checkOverridden(t, []expect{
		{"outside hours", staff("20:00", "21:00", "2024-01-08 15:00"), []string{CodeClosed}},
		{"12:10 on raster 15", staff("12:10", "13:10", "2024-01-08 15:00"), []string{CodeRasterStart}},
		{"earlier today", staff("12:00", "13:00", "2024-01-10 15:00"), nil},
	})
	check(t, []expect{{"begun yesterday", staff("12:00", "13:00", "2024-01-11 00:00"), []string{CodePast}}})

	coarse := staff("09:30", "10:00", "2024-01-08 15:00")
	coarse.Place.Raster = 120
	checkOverridden(t, []expect{{"raster 120 is 30 for staff, from midnight", coarse, nil}})
}

func TestScenario109_SeasonalDates(t *testing.T) {
	turn := func(begin, end string, hours ...Hours) Question {
		return with(func(q *Question) {
			q.Kind, q.Place.Raster, q.Asked, q.Hours = Seasonal, 15, between(begin, end), hours
		})
	}
	check(t, []expect{
		{"12:01 on raster 15", turn("12:01", "13:01", wednesday(Reservable, "08:00", "16:00")), []string{CodeRasterStart}},
		{"12:01 without hours", turn("12:01", "13:01"), []string{CodeRasterStart}},
		{"closed on purpose", turn("12:00", "13:00", wednesday(Closed, "00:00", "23:59")), []string{CodeClosed}},
		{"no regular hours", turn("12:00", "13:00"), nil},
	})
}
