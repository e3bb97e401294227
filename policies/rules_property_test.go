package policies

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/calendar"
)

// The generators draw from few values, so that rules meet, imply and exclude
// each other often.

func pick[T any](t *rapid.T, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

// perhaps gives a condition in one of four draws.
func perhaps[T any](t *rapid.T, name string, values ...T) (value T) {
	if rapid.IntRange(0, 3).Draw(t, name+" set") == 0 {
		value = pick(t, name, values...)
	}
	return value
}

func orderedPair(t *rapid.T, name string, least, most int) (a, b *int) {
	a, b = perhaps(t, name+" min", new(least), new((least+most)/2)), perhaps(t, name+" max", new(most), new((least+most)/2))
	return a, b
}

func anyWhen(t *rapid.T) When {
	w := When{
		Use:      perhaps(t, "use", UseCore, UseCivic, UseOutside),
		Weekdays: perhaps(t, "weekdays", []int{1, 2, 3, 4, 5}, []int{6, 7}, []int{3}, []int{5}),
		From:     perhaps(t, "from", "00:00", "08:00", "16:00"), To: perhaps(t, "to", "17:00", "21:00", "24:00", "26:00"),
		Season:  perhaps(t, "season", &MonthDays{"01-01", "05-31"}, &MonthDays{"12-15", "01-15"}, &MonthDays{"06-01", "08-31"}),
		Holiday: perhaps(t, "holiday", new(true), new(false)), School: perhaps(t, "school", calendar.SchoolTerm, calendar.SchoolBreak),
	}
	if from, to := perhaps(t, "dates from", "2024-01-01", "2024-02-01"), perhaps(t, "dates to", "2024-03-31", "2024-12-31"); from+to != "" {
		w.Dates = &Dates{dateOrNil(from), dateOrNil(to)}
	}
	w.AheadMin, w.AheadMax = orderedPair(t, "ahead", 0, 20160)
	return w
}

func dateOrNil(text string) *calendar.Date {
	date, err := calendar.ParseDate(text)
	if err != nil {
		return nil
	}
	return &date
}

func anyWho(t *rapid.T) WhoIs {
	w := WhoIs{
		Classes: perhaps(t, "classes", []Class{Association}, []Class{Association, Person}, []Class{Company}),
		Under18: perhaps(t, "under 18", new(true), new(false)), Under18Share: perhaps(t, "share", new(50), new(100)),
		Local: perhaps(t, "local", new(true), new(false)), Municipalities: perhaps(t, "municipalities", []string{"Helsinki"}, []string{"helsinki ", "Espoo"}),
		Registered: perhaps(t, "registered", new(true), new(false)),
		Agreements: perhaps(t, "agreements", []string{"a"}, []string{"a", "b"}), AllAgreements: perhaps(t, "all agreements", []string{"a"}, []string{"a", "b"}),
	}
	w.AgeMin, w.AgeMax = orderedPair(t, "age", 16, 20)
	return w
}

func anyWhat(t *rapid.T) What {
	w := What{
		Purposes: perhaps(t, "purposes", []string{"sport"}, []string{"sport", "music"}), Repeated: perhaps(t, "repeated", new(true), new(false)),
		Answers: perhaps(t, "answers", map[string]Values{"fee": {"yes"}}, map[string]Values{"fee": {"yes", "no"}}, map[string]Values{"fee": {"no"}, "open": {"yes"}}),
		Numbers: perhaps(t, "numbers", map[string]Range{"cars": {Min: new(1)}}, map[string]Range{"cars": {Min: new(2), Max: new(5)}}),
	}
	w.PersonsMin, w.PersonsMax = orderedPair(t, "persons", 2, 20)
	w.OldestMin, w.OldestMax = orderedPair(t, "oldest", 15, 25)
	w.MinutesMin, w.MinutesMax = orderedPair(t, "minutes", 60, 180)
	return w
}

func anyWhere(t *rapid.T) Where {
	return Where{
		Types: perhaps(t, "types", []string{"gym"}, []string{"gym", "hall"}), Groups: perhaps(t, "groups", []string{"g"}, []string{"g", "h"}),
		Units: perhaps(t, "units", []string{"u"}, []string{"u", "v"}), Resources: perhaps(t, "resources", []string{"r"}, []string{"r", "s"}),
		AreaMin: perhaps(t, "area min", new(300.0), new(400.0)), AreaOver: perhaps(t, "area over", new(300.0), new(400.0)),
		AreaMax: perhaps(t, "area max", new(300.0), new(400.0)), AreaUnder: perhaps(t, "area under", new(300.0), new(400.0)),
		Part: perhaps(t, "part", PartWhole, PartOf),
	}
}

// anyEffects say something; keys repeat between rules.
func anyEffects(t *rapid.T) Effects {
	e := Effects{
		Verdict:  pick(t, "verdict", "", Allow, Allow, Approval, Refuse),
		Price:    pick(t, "price", "", "free", "agreed", "list", "percent:50", "cents:900", "tariff:hourly", "tariff:hourly:50", "tariff:stepped", "tariff:evenings"),
		Competes: perhaps(t, "competes", new(true), new(false)), Priority: perhaps(t, "priority", new(1), new(2)),
		OutsideHours: perhaps(t, "outside hours", new(true)), Deposit: perhaps(t, "deposit", new(5000)),
		Cancellation: perhaps(t, "cancellation", &Cancellation{FreeMinutes: 1440, LatePercent: 50}, &Cancellation{FreeMinutes: 2880, Steps: []CancelStep{{1440, 50, 0}}, LateCents: 900}),
		Factors:      perhaps(t, "factors", map[string]int{"season": 150}, map[string]int{"season": 50, "class": 200}),
		Fees:         perhaps(t, "fees", []Fee{{Key: "cleaning", Cents: 2000}}, []Fee{{Key: "guard", Cents: 1500, Per: PerHour}, {Key: "towel", Cents: 100, PerPerson: true}}),
		Quotas:       perhaps(t, "quotas", []Quota{{Key: "weekly", Minutes: new(240), In: InWeek}}),
		Fields:       perhaps(t, "fields", []string{FieldTitle}), Terms: perhaps(t, "terms", []string{"keys"}),
		Limits: perhaps(t, "limits", &Limits{MaxMinutes: new(120)}, &Limits{AdultOnly: new(true), MinMinutes: new(60)}),
	}
	if (&deciders{}).misses(&e) {
		return e
	}
	return Effects{Verdict: Allow}
}

func anyRules(t *rapid.T, most int) Rules {
	rules := Rules{
		Version:   1,
		Questions: []FormField{{Key: "fee", Label: Note{Fi: "Maksu?"}, Kind: "yes_no"}, {Key: "open", Label: Note{Fi: "Avoin?"}, Kind: "yes_no"}, {Key: "cars", Label: Note{Fi: "Autoja?"}, Kind: "number"}},
		Tariffs: []Tariff{
			{Key: "hourly", Cents: 1870},
			{Key: "stepped", Steps: []Step{{UpTo: new(60)}, {Cents: 1000, Per: PerStartedHour}}},
			{Key: "evenings", Cents: 1000, Bands: []Band{{From: "16:00", To: "24:00", Cents: 1500}}, PerPerson: true, MaxCents: new(20000)},
		},
		Rules: []Rule{},
	}
	for i := range rapid.IntRange(0, most).Draw(t, "rules") {
		rules.Rules = append(rules.Rules, Rule{
			ID: fmt.Sprint("r", i), When: anyWhen(t), Who: anyWho(t), What: anyWhat(t), Where: anyWhere(t), Effects: anyEffects(t),
		})
	}
	return rules
}

// anyAsk is a question about whatever rules ask.
func anyAsk(t *rapid.T) Question {
	q := question()
	begin := at(pick(t, "date", "2024-01-10", "2024-01-12", "2024-01-06", "2024-02-29", "2024-07-06", "2024-12-25") + " 00:00").
		Add(time.Duration(rapid.IntRange(0, 25).Draw(t, "hour")) * time.Hour)
	q.Asked = calendar.Interval{Begin: begin, End: begin.Add(time.Duration(pick(t, "long", 60, 90, 120, 240)) * time.Minute)}
	q.Now = begin.Add(-time.Duration(pick(t, "ahead", 0, 10079, 10080, 20160, 30000)) * time.Minute)
	q.Hours = nil
	for _, kind := range pick(t, "hours", nil, []HoursKind{Reservable}, []HoursKind{Reservable, Core}) {
		q.Hours = append(q.Hours, Hours{calendar.Interval{Begin: begin.Add(-24 * time.Hour), End: begin.Add(24 * time.Hour)}, kind})
	}
	q.City, q.Series = pick(t, "city", "", "Helsinki"), rapid.Bool().Draw(t, "series")
	q.Place = anyRoom(t)
	q.Who = Who{
		Class: pick(t, "class", Person, Association, Company), Under18: rapid.Bool().Draw(t, "for under 18"), Adult: pick(t, "adult", nil, new(true), new(false)), Known: true,
		Local: pick(t, "local", nil, new(true), new(false)), Municipality: pick(t, "municipality", "", "HELSINKI", "Espoo"), Registered: rapid.Bool().Draw(t, "registered"),
		Under18Share: pick(t, "share", nil, new(49), new(50), new(100)), Agreements: pick(t, "agreements", nil, []string{"a"}, []string{"b"}, []string{"a", "b"}),
		Age: pick(t, "age", nil, new(15), new(16), new(18), new(21)),
	}
	q.Form.Purpose, q.Form.Persons = pick(t, "purpose", "", "sport", "music"), pick(t, "persons", nil, new(1), new(2), new(11), new(20), new(30))
	q.Form.OldestAge = pick(t, "oldest", nil, new(14), new(15), new(20), new(30))
	q.Form.Answers = pick(t, "answers", nil, map[string]string{"fee": "yes", "cars": "1"}, map[string]string{"fee": "no", "open": "yes", "cars": "3"})
	return q
}

func anyRoom(t *rapid.T) Place {
	return Place{
		Published: true, PriceCents: new(1200), PriceUnit: PerHour, Type: pick(t, "type", "gym", "hall"), Groups: pick(t, "in groups", nil, []string{"g"}, []string{"h"}),
		Unit: pick(t, "unit", "u", "v"), Slug: pick(t, "slug", "r", "s"), AreaM2: pick(t, "area", nil, new(299.9), new(300.0), new(350.0), new(400.0)),
		IsPart: rapid.Bool().Draw(t, "part"), SeriesDays: new(365), PersonsMax: pick(t, "persons max", nil, new(1), new(12)),
	}
}

func TestPropertyImpliedRulesHold(t *testing.T) {
	implied := 0
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t, 6).Rules
		q := anyAsk(t)
		s := situationOf(&q, coreSpans(q.Hours))
		for i := range rules {
			for j := range rules {
				if !rules[i].implies(&rules[j]) {
					continue
				}
				implied++
				if s.meets(&rules[i]) && !s.meets(&rules[j]) {
					t.Fatalf("%s is said to imply %s", show(rules[i]), show(rules[j]))
				}
			}
		}
	})
	if implied == 0 {
		t.Error("nothing was compared")
	}
}

// A single condition each way: the rest is equal, so this one decides.
func TestPropertyImpliedConditionsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := [2]Rule{}
		part := rapid.IntRange(0, 3).Draw(t, "part")
		for i := range pair {
			switch part {
			case 0:
				pair[i].When = anyWhen(t)
			case 1:
				pair[i].Who = anyWho(t)
			case 2:
				pair[i].What = anyWhat(t)
			case 3:
				pair[i].Where = anyWhere(t)
			}
		}
		q := anyAsk(t)
		s := situationOf(&q, coreSpans(q.Hours))
		if pair[0].implies(&pair[1]) && s.meets(&pair[0]) && !s.meets(&pair[1]) {
			t.Fatalf("%s is said to imply %s", show(pair[0]), show(pair[1]))
		}
		if !pair[0].implies(&pair[0]) {
			t.Fatalf("%s does not imply itself", show(pair[0]))
		}
	})
}

// Each condition of the table is one that implies knows of.
func TestEveryConditionIsCompared(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		for _, rule := range anyRules(t, 4).Rules {
			for i := range conditions {
				if conditions[i].value(&rule) != nil {
					seen[conditions[i].name] = true
					if (&Rule{}).implies(&rule) {
						t.Fatalf("every question is said to meet %s", show(rule))
					}
				}
			}
		}
	})
	for i := range conditions {
		if !seen[conditions[i].name] {
			t.Errorf("no rule was drawn with %s", conditions[i].name)
		}
	}
}

// What is remarked of a rule is so.
func TestPropertyRemarksAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		places := []Place{q.Place, anyRoom(t)}
		q.Book.Rules = anyRules(t, 6)
		remarks := q.Book.Rules.Remarks(places)
		for _, answer := range ExplainRules(q) {
			for _, remark := range remarks {
				if remark.Rule != answer.Rule {
					continue
				}
				switch remark.Code {
				case "rules.never_area", "rules.never_day", "rules.no_place":
					if answer.Holds {
						t.Fatalf("%s holds: %s", show(remark), show(answer))
					}
				case "rules.never_decides":
					if len(answer.Decides) > 0 {
						t.Fatalf("%s decides: %s", show(remark), show(answer))
					}
				case "rules.too_late":
					if slices.Contains(answer.Decides, "verdict") {
						t.Fatalf("%s decides the verdict: %s", show(remark), show(answer))
					}
				}
			}
		}
	})
}

func TestPropertyRulesAreWrittenAsTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t, 5)
		if err := rules.Validate(); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(rules)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseRules(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		twice, err := json.Marshal(again)
		if err != nil || string(twice) != string(text) {
			t.Fatalf("%s becomes %s", text, twice)
		}
	})
}

func TestPropertyExplanationAndDecisionAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		q.Book.Rules = anyRules(t, 6)
		d := Decide(q)
		var deciding []string
		for i, answer := range ExplainRules(q) {
			if answer.Holds == slices.ContainsFunc(answer.Conditions, func(c Condition) bool { return !c.Holds }) {
				t.Fatalf("rule %d: %s", i, show(answer))
			}
			if len(answer.Decides) > 0 {
				deciding = append(deciding, answer.Rule)
			}
		}
		got := slices.Sorted(slices.Values(d.Rules))
		if slices.Sort(deciding); !slices.Equal(got, deciding) {
			t.Fatalf("decided by %v, explained by %v", got, deciding)
		}
		var violations []Violation
		for _, answer := range Explain(q) {
			violations = append(violations, answer.Violations...)
		}
		if !reflect.DeepEqual(violations, d.Violations) {
			t.Fatalf("explained %v, decided %v", codesOf(violations), codesOf(d.Violations))
		}
	})
}

func TestPropertyOverIsOneBookAfterTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		own, shared := Book{Key: "own", Rules: anyRules(t, 4)}, Book{Key: "shared", Version: 2, Rules: anyRules(t, 4)}
		first := rapid.Bool().Draw(t, "shared first")
		joined := own.Rules
		joined.Rules = concat(own.Rules.Rules, shared.Rules.Rules)
		if first {
			joined.Rules = concat(shared.Rules.Rules, own.Rules.Rules)
		}
		q.Book = own.Over(shared, first)
		got := q.Book.Match(q)
		q.Book.Rules = joined
		if want := q.Book.Match(q); !reflect.DeepEqual(got.Effects, want.Effects) {
			t.Fatalf("%s, want %s", show(got), show(want))
		}
		if q.Book.Base != "shared/2" {
			t.Fatalf("stands on %q", q.Book.Base)
		}
	})
}

// A stricter condition on a rule that allows lets nobody in, one on a rule that
// refuses keeps nobody out. Another condition may ask for another field, so only
// what the book says is compared.
func TestPropertyConditionsNarrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		verdict := pick(t, "verdict", Allow, Refuse)
		rest := pick(t, "rest", Allow, Refuse)
		wide := Rule{ID: "narrowed", Who: anyWho(t), Where: anyWhere(t), Effects: Effects{Verdict: verdict}}
		narrow := wide
		narrow.When, narrow.What = anyWhen(t), anyWhat(t)
		ask := func(rule Rule) Verdict {
			return bookOf(rule, Rule{ID: "rest", Effects: Effects{Verdict: rest}}).Match(q).Effects.Verdict
		}
		was, is := ask(wide), ask(narrow)
		if was != is && (was != verdict || is != rest) {
			t.Fatalf("%s becomes %s by more conditions on %s", was, is, show(narrow))
		}
	})
}

// Rules that never hold at once may change places.
func TestPropertyDisjointRulesChangePlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		rules := anyRules(t, 3).Rules
		for i, class := range []Class{Person, Association, Company}[:len(rules)] {
			rules[i].Who.Classes = []Class{class}
		}
		want := bookOf(rules...).Match(q)
		got := bookOf(rapid.Permutation(rules).Draw(t, "order")...).Match(q)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s, want %s", show(got), show(want))
		}
	})
}

// Windows of a quota lie side by side: each day belongs to the one that holds it,
// and what comes right after a window is in the next.
func TestPropertyQuotaWindowsTileTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := calendar.Date{Year: 2023, Month: 1, Day: 1}
		quota := Quota{Key: "q", Times: new(1), In: pick(t, "in", InDay, InWeek, InMonth, InSeason)}
		if quota.In == InSeason {
			quota.Season = &MonthDays{pick(t, "season", "01-01", "03-01", "08-15"), ""}
			quota.Season.To = map[string]string{"01-01": "12-31", "03-01": "02-29", "08-15": "08-14"}[quota.Season.From]
		}
		windowOn := func(date calendar.Date) calendar.Interval {
			begin := calendar.FirstFrom(date, calendar.Minute(rapid.IntRange(0, 1439).Draw(t, "minute")), helsinki)
			in := prepare(Question{Zone: helsinki, Asked: calendar.Interval{Begin: begin, End: begin.Add(time.Hour)}})
			in.Asked = calendar.Interval{Begin: begin, End: begin.Add(time.Hour)}
			window, binds := quota.window(in)
			if !binds || !window.Holds(begin) {
				t.Fatalf("%v does not hold %v", window, begin)
			}
			return window
		}
		window := windowOn(first.AddDays(rapid.IntRange(0, 800).Draw(t, "day")))
		next := windowOn(calendar.DateOf(window.End, helsinki))
		last := windowOn(calendar.DateOf(window.End.Add(-time.Minute), helsinki))
		if !next.Begin.Equal(window.End) || last != window {
			t.Fatalf("%v, then %v, last %v", window, next, last)
		}
	})
}
