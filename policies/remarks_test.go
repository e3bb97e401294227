package policies

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vuoro/calendar"
)

func TestRemarks(t *testing.T) {
	allow := Effects{Verdict: Allow}
	rest := Rule{ID: "rest", Effects: allow}
	day := func(text string) *calendar.Date { return dateOrNil(text) }
	small := Place{Slug: "small", PersonsMax: new(50), PriceCents: new(0), Type: "room", Groups: []string{"g"}}
	large := Place{Slug: "large", PersonsMax: new(150), PriceCents: new(0), Type: "hall"}
	for _, c := range []struct {
		name   string
		rules  Rules
		places []Place
		want   []string // rule, code and severity
	}{
		{"nothing", Rules{Rules: []Rule{rest}}, nil, nil},
		{"allows nobody", Rules{Rules: []Rule{{ID: "a", Effects: Effects{Price: "free"}}}}, nil, []string{" rules.allows_nobody warning"}},
		{"area, bounds the wrong way round", Rules{Rules: []Rule{{ID: "a", Where: Where{AreaMin: new(400.0), AreaMax: new(399.0)}, Effects: allow}}}, nil, []string{"a rules.never_area error"}},
		{"area, at least and under the same", Rules{Rules: []Rule{{ID: "a", Where: Where{AreaMin: new(400.0), AreaUnder: new(400.0)}, Effects: allow}}}, nil, []string{"a rules.never_area error"}},
		{"area, exactly one", Rules{Rules: []Rule{{ID: "a", Where: Where{AreaMin: new(400.0), AreaMax: new(400.0)}, Effects: allow}}}, nil, nil},
		{"season outside the dates", Rules{Rules: []Rule{{ID: "a", When: When{Dates: &Dates{day("2024-01-01"), day("2024-05-31")}, Season: &MonthDays{"06-01", "08-31"}}, Effects: allow}}}, nil, []string{"a rules.never_day error"}},
		{"season on the last of the dates", Rules{Rules: []Rule{{ID: "a", When: When{Dates: &Dates{day("2024-01-01"), day("2024-06-01")}, Season: &MonthDays{"06-01", "08-31"}}, Effects: allow}}}, nil, nil},
		{"no Sunday in the week", Rules{Rules: []Rule{{ID: "a", When: When{Dates: &Dates{day("2024-01-08"), day("2024-01-13")}, Weekdays: []int{7}}, Effects: allow}}}, nil, []string{"a rules.never_day error"}},
		{"Sunday's night is Monday", Rules{Rules: []Rule{{ID: "a", When: When{Dates: &Dates{day("2024-01-08"), day("2024-01-08")}, Weekdays: []int{7}, From: "20:00", To: "26:00"}, Effects: allow}}}, nil, nil},
		{"no holiday in February", Rules{Rules: []Rule{{ID: "a", When: When{Dates: &Dates{day("2024-02-01"), day("2024-02-29")}, Holiday: new(true)}, Effects: allow}}}, nil, []string{"a rules.never_day error"}},
		{"no such place", Rules{Rules: []Rule{{ID: "a", Where: Where{Types: []string{"pool"}}, Effects: Effects{Verdict: Refuse}}, rest}}, []Place{small}, []string{"a rules.no_place warning"}},
		{"more than any place holds", Rules{Rules: []Rule{{ID: "a", What: What{PersonsMin: new(200)}, Effects: Effects{Verdict: Refuse}}, rest}}, []Place{small, large}, []string{"a rules.crowd warning"}},
		{"as many as one holds", Rules{Rules: []Rule{{ID: "a", What: What{PersonsMin: new(150)}, Effects: Effects{Verdict: Refuse}}, rest}}, []Place{small, large}, nil},
		{"as many as the book lets in", Rules{Rules: []Rule{{ID: "a", What: What{PersonsMin: new(200)}, Effects: Effects{Verdict: Approval}}, {ID: "rest", Effects: Effects{Verdict: Allow, Limits: &Limits{PersonsMax: new(200)}}}}}, []Place{small}, nil},
		{"no such answer", Rules{Questions: []FormField{{Key: "fee", Kind: "yes_no"}}, Rules: []Rule{{ID: "a", What: What{Answers: map[string]Values{"fee": {"maybe"}}}, Effects: allow}}}, nil, []string{"a rules.no_option warning"}},
		{"nobody asks", Rules{Rules: []Rule{{ID: "a", What: What{Answers: map[string]Values{"fee": {"yes"}}}, Effects: Effects{Verdict: Allow, Fields: []string{"phone", FieldTitle}}}}}, nil, []string{"a rules.not_asked warning", "a rules.not_asked warning"}},
		{"the same conditions, another verdict", Rules{Rules: []Rule{{ID: "a", Who: WhoIs{Classes: []Class{Person, Company}}, Effects: allow}, {ID: "b", Who: WhoIs{Classes: []Class{Company, Person}}, Effects: Effects{Verdict: Refuse}}}}, nil, []string{"b rules.contradiction error"}},
		{"the same conditions, another effect", Rules{Rules: []Rule{{ID: "a", Effects: allow}, {ID: "b", Effects: Effects{Price: "free"}}}}, nil, nil},
		{"the same conditions, another limit", Rules{Rules: []Rule{{ID: "a", Effects: Effects{Verdict: Allow, Limits: &Limits{MaxMinutes: new(60)}}}, {ID: "b", Effects: Effects{Limits: &Limits{MaxMinutes: new(90), ActiveLimit: new(1)}}}}}, nil, []string{"b rules.contradiction error"}},
		{"said already", Rules{Rules: []Rule{{ID: "a", Effects: allow}, {ID: "b", Who: WhoIs{Classes: []Class{Company}}, Effects: allow}}}, nil, []string{"b rules.never_decides warning"}},
		{"said already, by two", Rules{Rules: []Rule{{ID: "a", Effects: allow}, {ID: "b", Effects: Effects{Price: "free"}}, {ID: "c", Where: Where{Part: PartOf}, Effects: Effects{Verdict: Allow, Price: "list"}}}}, nil, []string{"c rules.never_decides warning"}},
		{"refused too late", Rules{Rules: []Rule{{ID: "a", Effects: allow}, {ID: "b", Who: WhoIs{Classes: []Class{Company}}, Effects: Effects{Verdict: Refuse, Price: "list"}}}}, nil, []string{"b rules.too_late warning"}},
		{"a quota over nothing", Rules{Rules: []Rule{{ID: "a", Effects: Effects{Verdict: Allow, Quotas: []Quota{{Key: "q", Times: new(1), In: InDay, Over: Over{Groups: []string{"h"}}}}}}}}, []Place{small}, []string{"a rules.quota_nowhere warning"}},
		{"a quota over a group", Rules{Rules: []Rule{{ID: "a", Effects: Effects{Verdict: Allow, Quotas: []Quota{{Key: "q", Times: new(1), In: InDay, Over: Over{Groups: []string{"g"}}}}}}}}, []Place{small}, nil},
		{"a tariff that nobody pays", Rules{Tariffs: []Tariff{{Key: "gym"}}, Rules: []Rule{rest}}, nil, []string{" rules.unused_tariff warning"}},
		{"no list price", Rules{Rules: []Rule{rest}}, []Place{{Slug: "odd"}}, []string{" rules.price_unknown warning"}},
		{"no list price, but free", Rules{Rules: []Rule{{ID: "a", Effects: Effects{Verdict: Allow, Price: "free"}}}}, []Place{{Slug: "odd"}}, nil},
		{"free for some only", Rules{Rules: []Rule{{ID: "a", Who: WhoIs{Classes: []Class{Person}}, Effects: Effects{Price: "free"}}, rest}}, []Place{{Slug: "odd"}}, []string{" rules.price_unknown warning"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, remark := range c.rules.Remarks(c.places) {
				got = append(got, remark.Rule+" "+remark.Code+" "+string(remark.Severity))
				checkRemark(t, remark)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func checkRemark(t *testing.T, remark Remark) {
	t.Helper()
	params, known := RemarkCodes[remark.Code]
	if !known || len(params) != len(remark.Params) {
		t.Errorf("%s carries %v, documented %v", remark.Code, remark.Params, params)
	}
	for _, name := range params {
		if _, there := remark.Params[name]; !there {
			t.Errorf("%s lacks %s", remark.Code, name)
		}
	}
}

func TestRealRuleBooksLeaveNothingToRemark(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "books", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, remark := range readBook(t, name).Rules.Remarks(nil) {
			checkRemark(t, remark)
			t.Errorf("%s: %s", name, show(remark))
		}
	}
}
