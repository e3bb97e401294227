package resources_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func turn(t *testing.T, text string) resources.Turn {
	t.Helper()
	read, ok := resources.ParseTurn(text)
	if !ok {
		t.Fatalf("%q is no turn", text)
	}
	return read
}

// only narrows all spans of a period.
func only(t *testing.T, p resources.Period, turns ...string) resources.Period {
	t.Helper()
	for i := range p.Spans.V {
		for _, text := range turns {
			p.Spans.V[i].Only = append(p.Spans.V[i].Only, turn(t, text))
		}
	}
	return p
}

// days lists the days on which a place has any hours, as "01-08".
func days(t *testing.T, p resources.Place, from, to string) string {
	t.Helper()
	var list []string
	for day := date(t, from); !day.After(date(t, to)); day = day.AddDays(1) {
		if len(p.Day(day).Spans) > 0 {
			list = append(list, day.String()[5:])
		}
	}
	return strings.Join(list, " ")
}

func TestScenario49_TurnsNarrowTheWeek(t *testing.T) {
	year := "2024-01-01/2024-12-31"
	for name, test := range map[string]struct {
		period   resources.Period
		from, to string
		want     string
	}{
		"every second week from the start": {
			only(t, period(t, "2024-01-03/", "mon,wed 10:00-12:00 open"), "period/week/1/2"), "2024-01-01", "2024-02-11",
			"01-03 01-15 01-17 01-29 01-31",
		},
		"the last Friday of the month": {
			only(t, period(t, "/", "mon-sun 10:00-12:00 open"), "month/friday/-1"), "2024-01-01", "2024-03-31", "01-26 02-23 03-29",
		},
		"two turns must both hold": {
			only(t, period(t, year, "mon-sun 10:00-12:00 open"), "period/week/1/2", "month/friday/-1"), "2024-01-01", "2024-05-31",
			"03-29 04-26", // in weeks 13 and 17; the others are in 4, 8 and 22
		},
		"odd weeks": {
			only(t, period(t, "/", "mon 10:00-12:00 open"), "year/week/odd"), "2026-12-14", "2027-01-18",
			"12-14 12-28 01-04 01-18", // week 53 and week 1 are both odd
		},
		"the third Monday of the year": {
			only(t, period(t, "/", "mon-sun 10:00-12:00 open"), "year/monday/3"), "2024-01-01", "2024-12-31", "01-15",
		},
		"the first of each month": {
			only(t, period(t, "/", "mon-sun 10:00-12:00 open"), "month/day/1"), "2024-01-01", "2024-04-30", "01-01 02-01 03-01 04-01",
		},
		"the last two Saturdays": {
			only(t, period(t, "/", "sat 10:00-12:00 open"), "month/saturday/-2/1"), "2024-01-01", "2024-02-29", "01-20 01-27 02-17 02-24",
		},
		"the sixth Friday from the end, which no month has": {
			only(t, period(t, "/", "fri 10:00-12:00 open"), "month/friday/-6"), "2024-01-01", "2024-03-31", "",
		},
		"March": {
			only(t, period(t, "/", "thu 10:00-12:00 open"), "year/month/3"), "2023-12-01", "2024-12-31", "03-07 03-14 03-21 03-28",
		},
		"the last week of the period": {
			only(t, period(t, "2024-03-01/2024-03-20", "mon-sun 10:00-12:00 open"), "period/week/-1"), "2024-02-01", "2024-04-30",
			"03-18 03-19 03-20",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := days(t, place("normal", test.period), test.from, test.to); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What the published tests of Hauki expect of its rules.
func TestTurnsMeanWhatHaukiMeans(t *testing.T) {
	for _, test := range []struct{ turn, validity, from, to, want string }{
		{"period/thursday", "2020-01-01/2020-12-31", "2020-10-01", "2020-10-31", "10-01 10-08 10-15 10-22 10-29"},
		{"period/thursday/1", "2020-01-01/2020-12-31", "2020-01-01", "2020-10-31", "01-02"},
		{"period/thursday/2/3", "2020-01-01/2020-12-31", "2020-10-01", "2020-10-31", "10-08 10-29"},
		{"month/wednesday/1", "2020-01-01/2020-12-31", "2020-09-01", "2020-11-30", "09-02 10-07 11-04"},
		{"period/week/8", "2020-09-01/2020-11-30", "2020-10-01", "2020-10-31", "10-19 10-20 10-21 10-22 10-23 10-24 10-25"},
		{"month/week/3", "2020-09-01/2020-11-30", "2020-10-01", "2020-10-31", "10-12 10-13 10-14 10-15 10-16 10-17 10-18"},
		{
			"month/week/1", "2020-09-01/2020-11-30", "2020-09-01", "2020-11-30", "09-01 09-02 09-03 09-04 09-05 09-06 " +
				"09-28 09-29 09-30 10-01 10-02 10-03 10-04 10-26 10-27 10-28 10-29 10-30 10-31 11-01 11-30",
		},
		{"year/day/3", "2019-01-01/2021-12-31", "2020-01-01", "2020-12-31", "01-03"},
		{"year/week/3", "2019-01-01/2021-12-31", "2020-01-01", "2020-12-31", "01-13 01-14 01-15 01-16 01-17 01-18 01-19"},
		{"period/week/odd", "2020-09-01/2020-11-30", "2020-10-03", "2020-10-13", "10-05 10-06 10-07 10-08 10-09 10-10 10-11"},
		{"year/friday/2", "2019-01-01/2021-12-31", "2019-01-01", "2021-12-31", "01-11 01-10 01-08"},
	} {
		p := only(t, period(t, test.validity, "mon-sun 10:00-12:00 open"), test.turn)
		if got := days(t, place("normal", p), test.from, test.to); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.turn, got, test.want)
		}
	}
	even := only(t, period(t, "2020-01-01/2020-12-31", "mon-sun 10:00-12:00 open"), "period/thursday/even", "period/month/even")
	if got := days(t, place("normal", even), "2020-09-14", "2020-10-25"); got != "10-08 10-22" {
		t.Errorf("even Thursdays of even months: %s", got)
	}
}

func TestScenario50_ImpossibleTurnsAreRefused(t *testing.T) {
	odd := func(turns ...resources.Turn) resources.Period {
		p := period(t, "2026-01-01/2026-06-30", "mon-fri 10:00-12:00 open")
		p.Spans.V[0].Only = turns
		return p
	}
	open := odd(resources.Turn{Context: "period", Subject: "week", Start: 1, Every: 2})
	open.ValidFrom = nil
	endless := odd(resources.Turn{Context: "period", Subject: "week", Start: -1})
	endless.ValidTo = nil
	overlay := odd()
	overlay.Overlay = true
	both := override(odd())
	both.Overlay, both.Spans.V[0].Kind = true, policies.Core
	school := odd()
	school.School = "holidays"
	state := odd()
	state.Spans.V[0].State = "Self service"
	for code, periods := range map[string][]resources.Period{
		"hours.turn_parity":      {odd(resources.Turn{Context: "period", Subject: "week", Start: 1, Parity: "odd"}), odd(resources.Turn{Context: "year", Subject: "week", Every: 2, Parity: "even"})},
		"hours.turn_first_day":   {open},
		"hours.turn_last_day":    {endless},
		"hours.turn_impossible":  {odd(turn(t, "month/month/1")), odd(turn(t, "week/day/1")), odd(turn(t, "year/easter")), odd(resources.Turn{Context: "year", Subject: "day", Parity: "prime"})},
		"hours.turn_start":       {odd(resources.Turn{Context: "period", Subject: "week", Every: 2})},
		"hours.turn_range":       {odd(resources.Turn{Context: "year", Subject: "day", Start: 1, Every: -2}), odd(resources.Turn{Context: "year", Subject: "day", Start: 1 << 40})},
		"hours.turn_never":       {odd(turn(t, "month/day/32")), odd(turn(t, "year/month/9")), odd(turn(t, "month/saturday/1")), odd(turn(t, "year/week/odd"), turn(t, "year/week/even"))},
		"hours.too_many_turns":   {odd(slices.Repeat([]resources.Turn{{Context: "year", Subject: "day", Start: 1, Every: 1}}, 6)...)},
		"hours.overlay_kind":     {overlay},
		"hours.overlay_override": {both},
		"hours.bad_school":       {school},
		"hours.bad_state":        {state},
	} {
		for _, p := range periods {
			err := fault.As(resources.CheckPeriods([]resources.Period{p}))
			if err == nil || len(err.Fields) != 1 || err.Fields[0].Code != code || err.Fields[0].Name != "periods[0]" {
				t.Errorf("%v: %+v, want %s", p.Spans.V[0].Only, err, code)
				continue
			}
			for _, lang := range locales.Languages {
				if said := locales.New(lang, helsinki).T(code, err.Fields[0].Params); strings.Contains(said, "{") || said == code {
					t.Errorf("%s in %s: %s", code, lang, said)
				}
			}
		}
	}
	if err := resources.CheckPeriods([]resources.Period{odd(turn(t, "month/monday/5")), odd(turn(t, "year/day/29/30"))}); err != nil {
		t.Errorf("rare turns: %v", err)
	}
}

func TestATieNamesBothAndTheDays(t *testing.T) {
	summer := override(period(t, "2026-06-01/2026-06-07"))
	summer.Name = locales.Texts{Fi: "Kesä", En: "Summer"}
	err := fault.As(resources.CheckPeriods([]resources.Period{override(period(t, "2026-06-03/2026-06-09")), summer}))
	if err == nil || len(err.Fields) != 1 {
		t.Fatal(err)
	}
	said := locales.New("en", helsinki).T(err.Fields[0].Code, err.Fields[0].Params)
	want := "The exceptions “Summer” and “2026-06-03–2026-06-09” are equally long and cover the same days, Wed 3 Jun 2026–Sun 7 Jun 2026. Shorten one."
	if said != want {
		t.Errorf("%s\nwant %s", said, want)
	}
	term, off := summer, summer
	term.School, off.School = resources.SchoolTerm, resources.SchoolBreak
	if err := resources.CheckPeriods([]resources.Period{term, off}); err != nil {
		t.Errorf("term and break never meet: %v", err)
	}
}

func TestDoubts(t *testing.T) {
	sunday := override(period(t, "2026-03-02/2026-03-04", "sun 10:00-12:00 open", "tue 10:00-12:00 open"))
	term := period(t, "/", "mon 10:00-12:00 open")
	term.School = resources.SchoolTerm
	codes := func(city string) (list []string) {
		for _, f := range resources.Doubts([]resources.Period{sunday, term}, city, date(t, "2026-11-23")) {
			list = append(list, f.Name+" "+f.Code)
		}
		return list
	}
	if got := fmt.Sprint(codes("Helsinki")); got != "[periods[0] hours.days_never periods[1] hours.school_unknown]" {
		t.Error(got)
	}
	if got := fmt.Sprint(codes("Atlantis")); got != "[periods[0] hours.days_never periods[1] hours.school_no_city]" {
		t.Error(got)
	}
}

func TestTurnsAreReadAndWritten(t *testing.T) {
	for _, text := range []string{"month/friday/-1", "period/week/1/2", "year/week/odd", "period/thursday", "year/day/0/2"} {
		if got := turn(t, text).String(); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, text := range []string{"", "month", "month/", "/friday", "month/friday/first", "month/friday/1/2/3", "month/friday/01", "month/friday/99999", "month/friday/odd/1"} {
		if got, ok := resources.ParseTurn(text); ok {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

// Turns agree with a slow reading: write out all that a context has, and count
// with the finger.
func TestTurnsAgreeWithCounting(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		first := calendar.Date{Year: 2023, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 800).Draw(rt, "first"))
		last := first.AddDays(rapid.IntRange(0, 120).Draw(rt, "length"))
		turn := resources.Turn{
			Context: rapid.SampledFrom([]string{"period", "year", "month"}).Draw(rt, "context"),
			Subject: rapid.SampledFrom(append([]string{"day", "week", "month"}, resources.TurnWeekdays...)).Draw(rt, "subject"),
			Start:   rapid.IntRange(-7, 60).Draw(rt, "start"),
			Every:   rapid.IntRange(0, 4).Draw(rt, "every"),
		}
		if turn.Start == 0 || turn.Context == "month" && turn.Subject == "month" {
			return
		}
		taken := slowly(turn, first, last)
		for day := first; !day.After(last); day = day.AddDays(1) {
			if got := turn.Takes(day, &first, &last); got != taken[day] {
				rt.Fatalf("%s from %s to %s: %s is taken %v, counted %v", turn, first, last, day, got, taken[day])
			}
		}
	})
}

func slowly(turn resources.Turn, first, last calendar.Date) map[calendar.Date]bool {
	taken := map[calendar.Date]bool{}
	for _, context := range contexts(turn, first, last) {
		start := turn.Start - 1
		if turn.Start < 0 {
			start = len(context) + turn.Start
			if start < 0 && turn.Every > 0 {
				start = 0
			}
		}
		for i, subject := range context {
			if i == start || turn.Every > 0 && i > start && (i-start)%turn.Every == 0 {
				for _, day := range subject {
					taken[day] = true
				}
			}
		}
	}
	return taken
}

// contexts are the subjects of each period, year or month, as their days.
func contexts(turn resources.Turn, first, last calendar.Date) (list [][][]calendar.Date) {
	var order []string
	byContext := map[string][][]calendar.Date{}
	begin, end := first.AddDays(-400), last.AddDays(400)
	for begin.Weekday() != calendar.Monday {
		begin = begin.AddDays(1)
	}
	for day := begin; !day.After(end); day = day.AddDays(1) {
		for _, at := range places(turn, day, first, last) {
			if byContext[at.context] == nil {
				order = append(order, at.context)
			}
			subjects := byContext[at.context]
			if n := len(subjects); n > 0 && at.subject == at.of(subjects[n-1][0]) {
				subjects[n-1] = append(subjects[n-1], day)
			} else {
				subjects = append(subjects, []calendar.Date{day})
			}
			byContext[at.context] = subjects
		}
	}
	for _, name := range order {
		list = append(list, byContext[name])
	}
	return list
}

type placed struct {
	context, subject string
	of               func(calendar.Date) string
}

// places are the contexts that a day is in.
func places(turn resources.Turn, day, first, last calendar.Date) []placed {
	week := func(d calendar.Date) string { y, w := d.ISOWeek(); return fmt.Sprint(y, w) }
	month := func(d calendar.Date) string { return d.String()[:7] }
	subject := map[string]func(calendar.Date) string{"week": week, "month": month}[turn.Subject]
	if subject == nil {
		subject = calendar.Date.String
	}
	if weekday := turn.Weekday(); weekday != 0 && day.Weekday() != weekday {
		return nil
	}
	var names []string
	switch turn.Context {
	case "period":
		if slices.ContainsFunc(daysLike(day, turn.Subject, subject), func(d calendar.Date) bool { return !d.Before(first) && !d.After(last) }) {
			names = []string{"period"}
		}
	case "year":
		names = []string{day.String()[:4]}
		if turn.Subject == "week" {
			year, _ := day.ISOWeek()
			names = []string{fmt.Sprint(year)}
		}
	default:
		for _, d := range daysLike(day, turn.Subject, subject) {
			names = append(names, month(d))
		}
		names = slices.Compact(names)
	}
	var list []placed
	for _, name := range names {
		list = append(list, placed{name, subject(day), subject})
	}
	return list
}

// daysLike are all days of the subject that a day is in.
func daysLike(day calendar.Date, kind string, subject func(calendar.Date) string) (list []calendar.Date) {
	reach := map[string]int{"week": 6, "month": 30}[kind]
	for n := -reach; n <= reach; n++ {
		if d := day.AddDays(n); subject(d) == subject(day) {
			list = append(list, d)
		}
	}
	return list
}

func TestSchoolTerms(t *testing.T) {
	term, off := period(t, "/", "mon-sun 08:00-16:00 core"), period(t, "/", "mon-sun 10:00-20:00 reservable")
	term.School, off.School = resources.SchoolTerm, resources.SchoolBreak
	p := place("normal", term, off)
	p.Unit.City = "Espoo"
	for day, want := range map[string]string{
		"2021-10-15": "core", "2021-10-18": "reservable", "2021-10-25": "core", "2021-12-23": "reservable",
		"2022-07-01": "reservable", "2022-08-10": "core?", "2022-08-16": "core", "2035-10-18": "core?",
	} {
		plan := p.Day(date(t, day))
		got := string(plan.Spans[0].Kind)
		if plan.SchoolUnknown {
			got += "?"
		}
		if len(plan.Spans) != 1 || got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	p.Unit.City = "Atlantis"
	if plan := p.Day(date(t, "2026-07-01")); !plan.SchoolUnknown || plan.Spans[0].Kind != policies.Core {
		t.Errorf("in a city that nothing is known of: %+v", plan)
	}
}

func TestLessonsAreLaidOverTheDay(t *testing.T) {
	lessons := period(t, "/", "mon-fri 08:00-15:00 core")
	lessons.Overlay = true
	once := period(t, "2024-01-10/2024-01-10", "mon-sun 17:00-18:00 core")
	once.Overlay = true
	always := period(t, "/", "mon-fri 08:00-21:00 reservable", "sun 12:00-16:00 reservable")
	runHours(t, []hoursCase{
		{
			"over normal hours", place("normal", always, lessons), "2024-01-08", "2024-01-08",
			[]string{"core 2024-01-08 08:00–15:00", "reservable 2024-01-08 08:00–21:00"},
		},
		{
			"over the resource's own hours", place("normal", always, lessons, own(period(t, "/", "mon 10:00-12:00 reservable"))), "2024-01-08", "2024-01-08",
			[]string{"core 2024-01-08 08:00–15:00", "reservable 2024-01-08 10:00–12:00"},
		},
		{
			"over an exception", place("normal", always, lessons, override(period(t, "2024-01-08/2024-01-08", "mon 09:00-20:00 reservable"))),
			"2024-01-08", "2024-01-08",
			[]string{"core 2024-01-08 08:00–15:00", "reservable 2024-01-08 09:00–20:00"},
		},
		{
			"not over a closing exception", place("normal", always, lessons, override(period(t, "2024-01-08/2024-01-08"))), "2024-01-08", "2024-01-08",
			[]string{"closed 2024-01-08 00:00–2024-01-09 00:00"},
		},
		{
			"nor over one with closed hours", place("normal", always, lessons, override(period(t, "2024-01-08/2024-01-08", "mon 00:00-24:00 closed"))),
			"2024-01-08", "2024-01-08",
			[]string{"closed 2024-01-08 00:00–2024-01-09 00:00"},
		},
		{
			"a holiday closes lessons too", place("closed", always, lessons), "2024-12-25", "2024-12-25",
			[]string{"closed 2024-12-24 00:00–2024-12-27 00:00"},
		},
		{
			"as on Sunday: Sunday's lessons, none", place("sunday", always, lessons), "2024-12-06", "2024-12-06",
			[]string{"reservable 2024-12-06 12:00–16:00"},
		},
		{
			"a single day beside the weekly ones", place("normal", always, lessons, once), "2024-01-10", "2024-01-10",
			[]string{"core 2024-01-10 08:00–15:00", "reservable 2024-01-10 08:00–21:00", "core 2024-01-10 17:00–18:00"},
		},
	})
}

// What is odd in time is odd in turns too: the years at the ends of the
// calendar, and hours that are asked of nobody.
func TestTurnsAtTheEndsOfTheCalendar(t *testing.T) {
	p := only(t, period(t, "/", "mon-sun 20:00-26:00 reservable"), "year/week/53", "month/week/-1", "year/day/odd")
	for _, day := range []calendar.Date{{Year: 1, Month: 1, Day: 3}, {Year: 9999, Month: 12, Day: 29}, {Year: 2026, Month: 12, Day: 31}} {
		p := place("sunday", p)
		p.Hours(day, day, helsinki)
		p.Day(day)
	}
}
