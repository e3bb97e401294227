package policies

import (
	"slices"
	"testing"

	"vuoro/calendar"
)

func bookOf(rules ...Rule) Book {
	return Book{Key: "test", Version: 1, Rules: Rules{Version: 1, Rules: rules}}
}

// First match per effect: the questions are answered apart from each other.
func TestFirstMatchPerEffect(t *testing.T) {
	book := bookOf(
		Rule{ID: "companies-pay", Who: WhoIs{Classes: []Class{Company}}, Effects: Effects{Price: "list"}},
		Rule{ID: "long", What: What{MinutesMin: new(180)}, Effects: Effects{Verdict: Approval}},
		Rule{ID: "short-notice", Effects: Effects{Limits: &Limits{DaysAheadMin: new(0), MaxMinutes: new(240)}}},
		Rule{ID: "all", Effects: Effects{Verdict: Allow, Price: "free", Competes: new(true), Limits: &Limits{MaxMinutes: new(60), ActiveLimit: new(2)}}},
		Rule{ID: "never-reached", Effects: Effects{Verdict: Refuse, Price: "list", Limits: &Limits{ActiveLimit: new(1)}}},
	)
	m := book.Match(with(func(q *Question) { q.Asked = between("12:00", "15:00"); q.Who.Class = Company }))
	e := m.Effects
	if e.Verdict != Approval || e.Price != "list" || !*e.Competes || m.By.ID != "long" {
		t.Errorf("%s", show(m))
	}
	if l := e.Limits; *l.DaysAheadMin != 0 || *l.MaxMinutes != 240 || *l.ActiveLimit != 2 || l.DaysAheadMax != nil {
		t.Errorf("limits %s", show(l))
	}
	if want := []string{"long", "companies-pay", "short-notice", "all"}; !slices.Equal(m.Rules, want) {
		t.Errorf("rules %v, want %v", m.Rules, want)
	}
	place := m.Limit(Place{MaxMinutes: new(30), DaysAheadMax: new(7), DaysAheadMin: 3})
	if *place.MaxMinutes != 240 || *place.DaysAheadMax != 7 || place.DaysAheadMin != 0 || *place.ActiveLimit != 2 {
		t.Errorf("place %s", show(place))
	}
}

func TestConditions(t *testing.T) {
	friday := func(begin, end string) func(*Question) {
		return func(q *Question) { q.Asked = interval(begin, end) }
	}
	core := func(q *Question) { q.Hours = append(q.Hours, wednesday(Core, "08:00", "12:30")) }
	night := When{Weekdays: []int{5}, From: "18:00", To: "26:00"}
	cases := []struct {
		name string
		rule Rule
		ask  func(*Question)
		want bool
	}{
		{"no condition", Rule{}, core, true},
		{"core: touches", Rule{When: When{Use: "core"}}, core, true},
		{"core: does not", Rule{When: When{Use: "core"}}, func(*Question) {}, false},
		{"civic: touches core", Rule{When: When{Use: "civic"}}, core, false},
		{"civic", Rule{When: When{Use: "civic"}}, func(*Question) {}, true},
		{"inside", Rule{When: night}, friday("2024-01-12 18:00", "2024-01-13 02:00"), true},
		{"of the same night", Rule{When: night}, friday("2024-01-13 00:30", "2024-01-13 02:00"), true},
		{"too long", Rule{When: night}, friday("2024-01-12 18:00", "2024-01-13 02:30"), false},
		{"too early", Rule{When: night}, friday("2024-01-12 17:30", "2024-01-12 19:00"), false},
		{"the night of Thursday", Rule{When: night}, friday("2024-01-12 00:30", "2024-01-12 02:00"), false},
		{"to midnight", Rule{When: When{To: "24:00"}}, friday("2024-01-12 23:00", "2024-01-13 00:00"), true},
		{"after midnight", Rule{When: When{To: "24:00"}}, friday("2024-01-12 23:00", "2024-01-13 00:30"), false},
		{"from, without an end", Rule{When: When{From: "18:00"}}, friday("2024-01-12 23:00", "2024-01-13 01:00"), true},
		{"Saturday 00:30 is not Friday evening", Rule{When: When{Weekdays: []int{5}, From: "18:00"}}, friday("2024-01-13 00:30", "2024-01-13 01:00"), false},
		{"longer than a day", Rule{When: When{To: "24:00"}}, friday("2024-01-12 08:00", "2024-01-14 08:00"), false},
		{"season over the turn of the year", Rule{When: When{Season: &MonthDays{"12-15", "01-12"}}}, friday("2024-01-12 18:00", "2024-01-12 19:00"), true},
		{"the day after", Rule{When: When{Season: &MonthDays{"12-15", "01-11"}}}, friday("2024-01-12 18:00", "2024-01-12 19:00"), false},
		{"leap day", Rule{When: When{Season: &MonthDays{"02-29", "02-29"}}}, friday("2024-02-29 18:00", "2024-02-29 19:00"), true},
		{"H9.3: 30 October by the Finnish page", Rule{When: When{Season: &MonthDays{"04-01", "10-30"}}}, friday("2024-10-31 12:00", "2024-10-31 13:00"), false},
		{"H9.3: 31 October by the Swedish page", Rule{When: When{Season: &MonthDays{"04-01", "10-31"}}}, friday("2024-10-31 12:00", "2024-10-31 13:00"), true},
		{"class", Rule{Who: WhoIs{Classes: []Class{Association, Person}}}, func(*Question) {}, true},
		{"other class", Rule{Who: WhoIs{Classes: []Class{Association}}}, func(*Question) {}, false},
		{"nobody said which class", Rule{Who: WhoIs{Classes: []Class{Person}}}, func(q *Question) { q.Who.Class = "" }, true},
		{"own use is the city's", Rule{Who: WhoIs{Classes: []Class{CityUnit}}}, func(q *Question) { q.Kind, q.Who.Class = Staff, "" }, true},
		{"under 18", Rule{Who: WhoIs{Under18: new(true)}}, func(*Question) {}, false},
		{"not under 18", Rule{Who: WhoIs{Under18: new(false)}}, func(*Question) {}, true},
		{"local unknown is neither", Rule{Who: WhoIs{Local: new(true)}}, func(*Question) {}, false},
		{"local unknown is neither, no", Rule{Who: WhoIs{Local: new(false)}}, func(*Question) {}, false},
		{"local", Rule{Who: WhoIs{Local: new(true)}}, func(q *Question) { q.Who.Local = new(true) }, true},
		{"purpose", Rule{What: What{Purposes: []string{"sport", "music"}}}, func(*Question) {}, true},
		{"other purpose", Rule{What: What{Purposes: []string{"sport"}}}, func(*Question) {}, false},
		{"at least", Rule{What: What{PersonsMin: new(5)}}, func(*Question) {}, true},
		{"fewer", Rule{What: What{PersonsMin: new(6)}}, func(*Question) {}, false},
		{"at most", Rule{What: What{PersonsMax: new(5)}}, func(*Question) {}, true},
		{"more", Rule{What: What{PersonsMax: new(4)}}, func(*Question) {}, false},
		{"number not given", Rule{What: What{PersonsMax: new(9)}}, func(q *Question) { q.Form.Persons = nil }, false},
		{"long enough", Rule{What: What{MinutesMin: new(60)}}, func(*Question) {}, true},
		{"too short", Rule{What: What{MinutesMin: new(61)}}, func(*Question) {}, false},
		{"answer", Rule{What: What{Answers: map[string]Values{"fee": {"no"}}}}, func(q *Question) { q.Form.Answers = map[string]string{"fee": "no"} }, true},
		{"other answer", Rule{What: What{Answers: map[string]Values{"fee": {"no"}}}}, func(q *Question) { q.Form.Answers = map[string]string{"fee": "yes"} }, false},
		{"no answer", Rule{What: What{Answers: map[string]Values{"fee": {"no"}}}}, func(*Question) {}, false},
		{"no answer is the empty one", Rule{What: What{Answers: map[string]Values{"fee": {""}}}}, func(*Question) {}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.rule.ID, c.rule.Effects = "r", Effects{Verdict: Allow}
			m := bookOf(c.rule).Match(with(c.ask))
			if matched := m.By != nil; matched != c.want || (m.Effects.Verdict == Allow) != c.want {
				t.Errorf("%s", show(m))
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	rules, err := ParseRules([]byte(fullRule))
	if err != nil {
		t.Fatal(err)
	}
	s := rules.Describe()[0]
	if *s.From != 18*60 || *s.To != 26*60 || s.Charge.Percent != 50 || *s.Limits.DaysAheadMax != 90 || s.Note.Sv != "På ansökan." {
		t.Errorf("%s", show(s))
	}
	if want := []WeekdayRange{{calendar.Friday, calendar.Saturday}}; !slices.Equal(s.Weekdays, want) {
		t.Errorf("weekdays %v", s.Weekdays)
	}
	plain := everybody.Rules.Describe()[0]
	if plain.From != nil || plain.To != nil || plain.Weekdays != nil || plain.Charge != nil || plain.Verdict != Allow || plain.Limits != (Limits{}) {
		t.Errorf("%s", show(plain))
	}
}

func TestWeekdayRanges(t *testing.T) {
	for _, c := range []struct {
		days []int
		want []WeekdayRange
	}{
		{nil, nil},
		{[]int{5, 1, 3, 2, 4}, []WeekdayRange{{1, 5}}},
		{[]int{7, 1}, []WeekdayRange{{1, 1}, {7, 7}}},
		{[]int{1, 2, 4, 6, 7, 7}, []WeekdayRange{{1, 2}, {4, 4}, {6, 7}}},
		{[]int{0, 9}, nil},
	} {
		if got := weekdayRanges(c.days); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.days, got, c.want)
		}
	}
}
