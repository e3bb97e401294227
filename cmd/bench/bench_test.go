package main

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	var out strings.Builder
	table(&out, []outcome{
		{goal: goal{11, "a page", duration, 0.005, false, "a file"}, readings: []reading{{0.006, 0.001}, {0.001, 0.001}, {0.007, 0.002}}},
		{goal: goal{3, "races lost", count, 0, false, "races"}, readings: []reading{{0, 20}, {1, 20}}},
		{goal: goal{1, "bookings ÷ pgbench", ratio, 0.55, true, "pgbench"}, readings: []reading{{60, 100}, {50, 100}, {90, 100}}},
		{goal: goal{2, "inserts", ratio, 0.45, true, "without"}, why: "there is no pgbench"},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")[2:]
	for i, want := range []string{
		"| 1 | bookings ÷ pgbench | 0.60 | ≥ 0.55 | 1.09 met | 0.50 | 60/s; pgbench: 100/s |",
		"| 2 | inserts | not measured: there is no pgbench | ≥ 0.45 | – | – | – |",
		"| 3 | races lost | 1 | ≤ 0 | missed | 1 | 40 races |",
		"| 11 | a page | 6.00 ms | ≤ 5.00 ms | 1.20 missed | 7.00 ms | a file: 1.00 ms, 6.0 times less |",
	} {
		if lines[i] != want {
			t.Errorf("\n%s, not\n%s", lines[i], want)
		}
	}
}

// Trials take turns; the first round warms up, but what is counted counts.
func TestRounds(t *testing.T) {
	var order strings.Builder
	step := func(letter string, u unit) trial {
		return trial{name: letter, goals: []goal{{unit: u}}, round: func(context.Context) ([]reading, error) {
			order.WriteString(letter)
			return []reading{{1, 1}}, nil
		}}
	}
	absent := trial{name: "absent", goals: []goal{{}}, why: "no program"}
	outcomes, err := measure(t.Context(), []trial{step("a", ratio), absent, step("b", count)}, 2, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if order.String() != "ababab" {
		t.Errorf("the order was %s", order.String())
	}
	if a, none, b := len(outcomes[0].readings), len(outcomes[1].readings), len(outcomes[2].readings); a != 2 || none != 0 || b != 3 {
		t.Errorf("%d, %d and %d readings", a, none, b)
	}
	lost := trial{name: "lost", round: func(context.Context) ([]reading, error) { return nil, errors.New("gone") }}
	if _, err := measure(t.Context(), []trial{lost}, 2, func(string) {}); err == nil || !strings.Contains(err.Error(), "lost") {
		t.Errorf("a failing trial gives %v", err)
	}
}

func TestExpressionNamesWhatChanges(t *testing.T) {
	s := &script{names: map[string]string{"71003": "UNIT", "2026-12-10T10:00:00Z": "BEGIN"}}
	s.pattern = regexp.MustCompile(anyOf(s.names))
	for _, c := range []struct {
		param any
		want  string
	}{
		{71003, "UNIT"},
		{"171003", "E'171003'"},
		{`{"unit":71003,"begin":"2026-12-10T10:00:00Z"}`, `E'{"unit"\x3A' || UNIT || E',"begin"\x3A"' || BEGIN || E'"}'`},
		{time.Date(2026, 12, 10, 12, 0, 0, 0, time.FixedZone("", 7200)), "BEGIN"},
		{[]byte{1, 255}, `E'\\x01ff'`},
		{`it's`, "E'it''s'"},
		{"", "''"},
		{(*int)(nil), "NULL"},
	} {
		if got := s.expression(c.param); got != c.want {
			t.Errorf("%v became %s, not %s", c.param, got, c.want)
		}
	}
}

// No two bookings of a month have the same room and hour.
func TestSlotsAreEachOnce(t *testing.T) {
	type slot struct {
		room  int
		begin time.Time
	}
	seen := map[slot]bool{}
	for n := range allRooms * slotsPerRoom {
		room, begin := httpSlots.at(n)
		if seen[slot{room, begin}] {
			t.Fatalf("slot %d was there before", n)
		}
		seen[slot{room, begin}] = true
	}
}
