package policies

import (
	"fmt"
	"testing"
)

// A picker asks about fifty times per room.
func BenchmarkDecideAllowed(b *testing.B) {
	q := question()
	q.Hours = append(q.Hours, wednesday(Core, "07:00", "09:00"), wednesday(Open, "07:00", "22:00"))
	for b.Loop() {
		Decide(q)
	}
}

func BenchmarkDecideEverythingWrong(b *testing.B) {
	q := everything("2024-01-10 12:20")
	for b.Loop() {
		Decide(q)
	}
}

func BenchmarkDecideTwentyRules(b *testing.B) {
	q := question()
	rule := Rule{
		ID: "weekend", When: When{Weekdays: []int{6, 7}, From: "08:00", To: "21:00", Season: &MonthDays{"01-01", "05-31"}},
		Effects: Effects{Verdict: Approval},
	}
	rules := make([]Rule, 19, 20)
	for i := range rules {
		rules[i] = rule
	}
	q.Book.Rules.Rules = append(rules, everybody.Rules.Rules...)
	for b.Loop() {
		Decide(q)
	}
}

func BenchmarkStartsOfADay(b *testing.B) {
	q := question()
	grid := Grid{Zone: helsinki, Raster: 30, Minutes: 60, NotBefore: q.Now}
	spans := ReservableSpans(q.Hours, Person)
	for b.Loop() {
		grid.Starts(spans)
	}
}

// The largest real book, asked for each of its examples in turn.
func BenchmarkDecideLargestRealBook(b *testing.B) {
	file := readBook(b, "tampere-sports")
	questions := make([]Question, len(file.Examples))
	for i, e := range file.Examples {
		questions[i] = ask(b, file, e)
	}
	i := 0
	for b.Loop() {
		Decide(questions[i%len(questions)])
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// A search asks what a time costs in every place that is free.
func BenchmarkQuoteLargestRealBook(b *testing.B) {
	file := readBook(b, "tampere-sports")
	q := ask(b, file, file.Examples[len(file.Examples)-3])
	for b.Loop() {
		Quote(q)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "quotes/s")
}

// The longest book that can be saved, with a season in each rule.
func BenchmarkRemarksLongestBook(b *testing.B) {
	rules := Rules{Version: 1}
	for i := range maxRules {
		rules.Rules = append(rules.Rules, Rule{
			ID: fmt.Sprint("r", i), When: When{Season: &MonthDays{"01-01", "12-31"}, Weekdays: []int{1, 2, 3}},
			What: What{MinutesMin: new(i + 1)}, Effects: Effects{Verdict: Allow, Price: "free", Priority: new(1)},
		})
	}
	for b.Loop() {
		rules.Remarks(nil)
	}
}
