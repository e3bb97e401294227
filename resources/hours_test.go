package resources_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"vuoro/calendar"
	"vuoro/db"
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

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// span reads "mon-fri 08:00-16:00 reservable" and "sat,sun 09:00-26:00 open".
func span(t *testing.T, text string) resources.WeekSpan {
	t.Helper()
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	parts := strings.Fields(text)
	s := resources.WeekSpan{Kind: policies.HoursKind(parts[2])}
	for _, part := range strings.Split(parts[0], ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		for day := slices.Index(days, first); day <= slices.Index(days, last); day++ {
			s.Weekdays = append(s.Weekdays, day+1)
		}
	}
	from, to, _ := strings.Cut(parts[1], "-")
	if err := s.From.UnmarshalText([]byte(from)); err != nil {
		t.Fatal(err)
	}
	if err := s.To.UnmarshalText([]byte(to)); err != nil {
		t.Fatal(err)
	}
	return s
}

// period reads the validity "2026-06-01/2026-06-07" ("/" is always) and spans.
func period(t *testing.T, validity string, spans ...string) resources.Period {
	t.Helper()
	one := 1
	p := resources.Period{Unit: &one}
	from, to, _ := strings.Cut(validity, "/")
	if from != "" {
		d := date(t, from)
		p.ValidFrom = &d
	}
	if to != "" {
		d := date(t, to)
		p.ValidTo = &d
	}
	for _, text := range spans {
		p.Spans.V = append(p.Spans.V, span(t, text))
	}
	return p
}

func own(p resources.Period) resources.Period {
	one := 1
	p.Unit, p.Resource = nil, &one
	return p
}

func override(p resources.Period) resources.Period {
	p.Override = true
	return p
}

func place(holidays string, periods ...resources.Period) resources.Place {
	for i := range periods {
		periods[i].ID = i + 1
	}
	return resources.Place{Unit: resources.Unit{Holidays: holidays}, Periods: periods}
}

// hours writes resolved hours as "reservable 2024-01-01 08:00–16:00" in local
// time; an end on another day carries its date.
func hours(p resources.Place, from, to calendar.Date) []string {
	var list []string
	for _, h := range p.Hours(from, to, helsinki) {
		begin, end := h.Begin.In(helsinki), h.End.In(helsinki)
		text := end.Format("15:04")
		if begin.Format(time.DateOnly) != end.Format(time.DateOnly) {
			text = end.Format("2006-01-02 15:04")
		}
		list = append(list, fmt.Sprintf("%s %s–%s", h.Kind, begin.Format("2006-01-02 15:04"), text))
	}
	return list
}

type hoursCase struct {
	name     string
	place    resources.Place
	from, to string
	want     []string
}

func runHours(t *testing.T, tests []hoursCase) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := hours(test.place, date(t, test.from), date(t, test.to))
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// 2024-01-01 is a Monday and a holiday; the week of 8 January has none.
func TestNormalHours(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	runHours(t, []hoursCase{
		{
			"41: a plain day", place("normal", always), "2024-01-08", "2024-01-08",
			[]string{"reservable 2024-01-08 08:00–16:00"},
		},
		{
			"41: the weekend has no hours, which is not expressly closed", place("normal", always), "2024-01-13", "2024-01-14", nil,
		},
		{
			"42: touching spans are one, also of two periods", place("normal",
				period(t, "/", "mon 08:00-12:00 reservable"), period(t, "/", "mon 12:00-16:00 reservable")),
			"2024-01-08", "2024-01-08",
			[]string{"reservable 2024-01-08 08:00–16:00"},
		},
		{
			"42: a gap stays", place("normal", period(t, "/", "mon 08:00-12:00 reservable", "mon 12:30-16:00 reservable")),
			"2024-01-08", "2024-01-08",
			[]string{"reservable 2024-01-08 08:00–12:00", "reservable 2024-01-08 12:30–16:00"},
		},
		{
			"43: Friday evening and Saturday night are one", place("normal",
				period(t, "/", "fri 18:00-24:00 reservable", "sat 00:00-02:00 reservable")),
			"2024-01-13", "2024-01-13",
			[]string{"reservable 2024-01-12 18:00–2024-01-13 02:00"},
		},
		{
			"43: a span past midnight belongs to the day it began on", place("normal",
				period(t, "/", "fri 18:00-26:00 reservable"), override(period(t, "2024-01-13/2024-01-13"))),
			"2024-01-13", "2024-01-13",
			[]string{"reservable 2024-01-12 18:00–2024-01-13 02:00", "closed 2024-01-13 02:00–2024-01-14 00:00"},
		},
		{
			"44: open is not reservable", place("normal", period(t, "/", "mon 08:00-20:00 open", "mon 16:00-20:00 reservable")),
			"2024-01-08", "2024-01-08",
			[]string{"open 2024-01-08 08:00–20:00", "reservable 2024-01-08 16:00–20:00"},
		},
		{
			"from after to", place("normal", always), "2024-01-09", "2024-01-08", nil,
		},
	})
}

func TestScenario45_AClosingOverrideBeatsNormalPeriods(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	runHours(t, []hoursCase{
		{
			"a closing override beats several normal periods", place("normal", always,
				period(t, "/", "mon 12:00-20:00 reservable"), override(period(t, "2024-01-08/2024-01-08"))),
			"2024-01-08", "2024-01-09",
			[]string{"closed 2024-01-08 00:00–2024-01-09 00:00", "reservable 2024-01-09 08:00–16:00"},
		},
	})
}

func TestScenario46_TheShortestOverrideCounts(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	week := override(period(t, "2024-01-08/2024-01-14", "mon-sun 10:00-14:00 reservable"))
	day := override(period(t, "2024-01-10/2024-01-10", "mon-sun 12:00-13:00 reservable"))
	runHours(t, []hoursCase{
		{
			"the shortest override counts", place("normal", always, week, day), "2024-01-09", "2024-01-11",
			[]string{"reservable 2024-01-09 10:00–14:00", "reservable 2024-01-10 12:00–13:00", "reservable 2024-01-11 10:00–14:00"},
		},
	})
}

func TestScenario47_TheBaseDoesNotShowThroughAnOverride(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	runHours(t, []hoursCase{
		{
			"the base does not show through an override of closed spans", place("normal", always,
				override(period(t, "2024-01-08/2024-01-08", "mon 09:00-11:00 closed", "mon 13:00-15:00 closed"))),
			"2024-01-08", "2024-01-08",
			[]string{"closed 2024-01-08 09:00–11:00", "closed 2024-01-08 13:00–15:00"},
		},
	})
}

func TestScenario51_TheHoursOfTheResourceReplaceThoseOfItsUnit(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	runHours(t, []hoursCase{
		{
			"the resource's own normal hours replace the unit's", place("normal", always, own(period(t, "2024-01-01/2024-01-31", "mon 10:00-12:00 reservable"))),
			"2024-01-08", "2024-01-09",
			[]string{"reservable 2024-01-08 10:00–12:00"},
		},
		{
			"outside their validity the unit's hours count", place("normal", always, own(period(t, "2024-01-01/2024-01-31", "mon 10:00-12:00 reservable"))),
			"2024-02-05", "2024-02-05",
			[]string{"reservable 2024-02-05 08:00–16:00"},
		},
	})
}

func TestALongOverrideOfAResourceBeatsAShortOneOfItsUnit(t *testing.T) {
	always := period(t, "/", "mon-fri 08:00-16:00 reservable")
	day := override(period(t, "2024-01-10/2024-01-10", "mon-sun 12:00-13:00 reservable"))
	runHours(t, []hoursCase{
		{
			"a resource's long override beats a unit's short one", place("normal", always,
				own(override(period(t, "2024-01-01/2024-01-31", "mon-sun 09:00-10:00 reservable"))), day),
			"2024-01-10", "2024-01-10",
			[]string{"reservable 2024-01-10 09:00–10:00"},
		},
	})
}

func TestScenario53_CoreUseAndCivicUse(t *testing.T) {
	runHours(t, []hoursCase{
		{
			"core use and civic use", place("normal", period(t, "/", "mon-fri 08:00-16:00 core", "mon-fri 16:00-21:00 reservable")),
			"2024-01-10", "2024-01-10",
			[]string{"core 2024-01-10 08:00–16:00", "reservable 2024-01-10 16:00–21:00"},
		},
	})
}

func TestScenario54_HolidaysCloseWithoutAnEntry(t *testing.T) {
	runHours(t, []hoursCase{
		{
			"closed on holidays, without manual entry", place("closed", period(t, "/", "mon-sun 10:00-20:00 reservable")),
			"2024-12-23", "2024-12-27",
			[]string{
				"reservable 2024-12-23 10:00–20:00", "closed 2024-12-24 00:00–2024-12-27 00:00", "reservable 2024-12-27 10:00–20:00",
			},
		},
		{
			"as on Sunday", place("sunday", period(t, "/", "mon-sat 08:00-20:00 reservable", "sun 12:00-16:00 reservable")),
			"2024-12-05", "2024-12-06",
			[]string{"reservable 2024-12-05 08:00–20:00", "reservable 2024-12-06 12:00–16:00"},
		},
		{
			"a holiday beats the resource's own normal hours, an override beats the holiday", place("closed",
				own(period(t, "/", "mon-sun 10:00-20:00 reservable")), override(period(t, "2024-12-25/2024-12-25", "wed 12:00-14:00 reservable"))),
			"2024-12-24", "2024-12-25",
			[]string{"closed 2024-12-24 00:00–2024-12-25 00:00", "reservable 2024-12-25 12:00–14:00"},
		},
	})
}

func TestHoursOnTheNightsTheClocksChange(t *testing.T) {
	p := place("normal", period(t, "/", "sun 00:00-06:00 reservable"), period(t, "/", "sun 06:00-08:00 reservable"))
	for day, elapsed := range map[string]time.Duration{
		"2024-03-24": 8 * time.Hour, "2024-03-31": 7 * time.Hour, "2024-10-27": 9 * time.Hour,
	} {
		got := p.Hours(date(t, day), date(t, day), helsinki)
		if len(got) != 1 || got[0].Duration() != elapsed || got[0].Begin.In(helsinki).Format("2006-01-02 15:04") != day+" 00:00" {
			t.Errorf("%s: %v, want one span of %v", day, got, elapsed)
		}
	}
	gap := place("normal", period(t, "/", "sun 03:00-04:00 reservable"))
	if got := gap.Hours(date(t, "2024-03-31"), date(t, "2024-03-31"), helsinki); len(got) != 0 {
		t.Errorf("the skipped hour is open: %v", got)
	}
	if got := gap.Hours(date(t, "2024-10-27"), date(t, "2024-10-27"), helsinki); len(got) != 1 || got[0].Duration() != 2*time.Hour {
		t.Errorf("the doubled hour: %v, want two hours", got)
	}
}

// Hours of a longer range are those of its days: no day depends on the range
// that it was asked in.
func TestHoursDoNotDependOnTheRange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := place(rapid.SampledFrom([]string{"closed", "sunday", "normal"}).Draw(rt, "holidays"), anyPeriods(rt)...)
		day := calendar.Date{Year: 2024, Month: 3, Day: 20}.AddDays(rapid.IntRange(0, 300).Draw(rt, "day"))
		whole := calendar.DayBounds(day, helsinki)
		narrow := clipped(p.Hours(day, day, helsinki), whole)
		wide := clipped(p.Hours(day.AddDays(-4), day.AddDays(3), helsinki), whole)
		if !slices.Equal(narrow, wide) {
			rt.Fatalf("%s alone\n%v\nin a week\n%v", day, narrow, wide)
		}
		for i, h := range narrow {
			if h.IsEmpty() || slices.ContainsFunc(narrow[:i], func(o policies.Hours) bool {
				return o.Kind == h.Kind && !o.End.Before(h.Begin)
			}) {
				rt.Fatalf("%s: %v is empty or not merged", day, narrow)
			}
		}
	})
}

func clipped(list []policies.Hours, within calendar.Interval) []policies.Hours {
	var cut []policies.Hours
	for _, h := range list {
		if h.Interval = h.Intersect(within); !h.IsEmpty() {
			cut = append(cut, h)
		}
	}
	slices.SortFunc(cut, func(a, b policies.Hours) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return cut
}

func anyPeriods(rt *rapid.T) []resources.Period {
	var list []resources.Period
	one := 1
	for i := range rapid.IntRange(1, 4).Draw(rt, "periods") {
		from := calendar.Date{Year: 2024, Month: 3, Day: 1}.AddDays(rapid.IntRange(0, 300).Draw(rt, "from"))
		to := from.AddDays(rapid.IntRange(0, 40).Draw(rt, "length"))
		p := resources.Period{ID: i + 1, Override: rapid.Bool().Draw(rt, "override"), Unit: &one}
		if p.Override {
			p.ValidFrom, p.ValidTo = &from, &to
		}
		if rapid.Bool().Draw(rt, "own") {
			p.Unit, p.Resource = nil, &one
		}
		p.Spans = db.AsJSON(anySpans(rt))
		list = append(list, p)
	}
	return list
}

func anySpans(rt *rapid.T) []resources.WeekSpan {
	return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) resources.WeekSpan {
		from := rapid.IntRange(0, 23).Draw(rt, "hour")
		return resources.WeekSpan{
			Weekdays: rapid.SliceOfNDistinct(rapid.IntRange(1, 7), 1, 7, rapid.ID[int]).Draw(rt, "weekdays"),
			From:     calendar.Minute(from * 60),
			To:       calendar.Minute((from + rapid.IntRange(1, 24).Draw(rt, "hours")) * 60),
			Kind:     rapid.SampledFrom([]policies.HoursKind{policies.Open, policies.Reservable, policies.Core, policies.Closed}).Draw(rt, "kind"),
		}
	}), 0, 4).Draw(rt, "spans")
}

func TestDaySaysWhoDecided(t *testing.T) {
	p := place("closed", period(t, "/", "mon-sun 10:00-20:00 reservable"), override(period(t, "2024-12-27/2024-12-27")))
	for day, want := range map[string]resources.Authority{
		"2024-12-23": resources.ByNormal, "2024-12-25": resources.ByHoliday, "2024-12-27": resources.ByOverride,
	} {
		if plan := p.Day(date(t, day)); plan.By != want || plan.Closed() != (want != resources.ByNormal) {
			t.Errorf("%s: by %s, closed %v, want %s", day, plan.By, plan.Closed(), want)
		}
	}
	if plan := p.Day(date(t, "2024-12-25")); len(plan.Holiday) != 1 || plan.Holiday[0].Names.Fi != "Joulupäivä" {
		t.Errorf("holidays of Christmas Day: %v", plan.Holiday)
	}
}

// BenchmarkHours is what a search asks of each room.
func BenchmarkHours(b *testing.B) {
	week := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 6 * 60, To: 23 * 60, Kind: policies.Reservable}
	p := place("closed", resources.Period{Spans: db.AsJSON([]resources.WeekSpan{week})})
	day := calendar.Date{Year: 2026, Month: 11, Day: 24}
	for b.Loop() {
		p.Hours(day, day, helsinki)
	}
}
