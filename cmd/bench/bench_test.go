package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMedianAndTable(t *testing.T) {
	if m := median([]time.Duration{5, 1, 3}); m != 3 {
		t.Errorf("the median of 5, 1, 3 is %d", m)
	}
	var out strings.Builder
	table(&out, []outcome{
		{goal: goal{number: 7, what: "a search", most: 10 * time.Millisecond, against: "a trip"}, median: 5 * time.Millisecond, beside: time.Millisecond},
		{goal: goal{number: 11, what: "a page", most: 5 * time.Millisecond, against: "a file"}, median: 6 * time.Millisecond, beside: time.Millisecond},
	})
	for _, want := range []string{"| 7 | a search | 5.00 ms | 10.00 ms | 0.50 met |", "1.20 missed", "a file: 1.00 ms | 6.0 |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// Probe and reference take turns, and the first round does not count.
func TestRoundsAlternate(t *testing.T) {
	var order strings.Builder
	step := func(letter string) func(context.Context) error {
		return func(context.Context) error {
			order.WriteString(letter)
			return nil
		}
	}
	if _, err := measure(t.Context(), []goal{{probe: step("p"), reference: step("r")}}, 2); err != nil {
		t.Fatal(err)
	}
	once := strings.Repeat("p", perRound) + strings.Repeat("r", perRound)
	if order.String() != strings.Repeat(once, 3) {
		t.Errorf("the order was %s", order.String())
	}
	_, err := measure(t.Context(), []goal{{number: 9, probe: func(context.Context) error { return errors.New("lost") }}}, 2)
	if err == nil || !strings.Contains(err.Error(), "goal 9") {
		t.Errorf("a failing probe gives %v", err)
	}
}
