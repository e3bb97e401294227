package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module is a small module whose tests end in every way there is.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module sample\n\ngo 1.26.0\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCountsEveryWayATestEnds(t *testing.T) {
	dir := module(t, map[string]string{
		"good/a_test.go": "package good\nimport \"testing\"\nfunc TestA(t *testing.T) { t.Run(\"one\", func(t *testing.T) { t.Log(\"quiet\") }) }\nfunc TestB(t *testing.T) { t.Skip() }\n",
		"bad/a_test.go":  "package bad\nimport \"testing\"\nfunc TestA(t *testing.T) { t.Error(\"wrong sum\") }\nfunc TestB(*testing.T) {}\n",
		"panics/a_test.go": "package panics\nimport (\"os\"; \"testing\")\nfunc TestMain(*testing.M) { println(\"no way\"); os.Exit(3) }\n" +
			"func TestA(*testing.T) {}\n",
		"broken/a_test.go": "package broken\nfunc f() { return 1 }\n",
		"empty/a.go":       "package empty\n",
	})
	cmd := exec.Command("go", "test", "-json", "./...")
	cmd.Dir = dir
	stream, _ := cmd.Output()
	var out strings.Builder
	got := countGo(strings.NewReader(string(stream)), &out)
	if want := (tally{passed: 3, failed: 3, skipped: 1}); got != want {
		t.Errorf("counted %+v, want %+v\n%s", got, want, &out)
	}
	for _, want := range []string{"FAIL sample/bad TestA", "wrong sum", "too many return values", "no way"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the output:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "quiet") {
		t.Errorf("a passing test's output was printed:\n%s", &out)
	}
}

func TestCountsNodeTests(t *testing.T) {
	const summary = "TAP version 13\nok 1 - a\n  # pass 9\n1..3\n# tests 6\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 12.3\n"
	if got, want := countTAP([]byte(summary)), (tally{passed: 2, failed: 2, skipped: 2}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if got := countTAP([]byte("TAP version 13\n")); got != (tally{}) {
		t.Errorf("without a summary: %+v", got)
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	report(&out, []result{
		{part{name: "quick", budget: time.Second}, tally{passed: 3}, 500 * time.Millisecond},
		{part{name: "slow", budget: time.Second}, tally{passed: 1, failed: 2, skipped: 4}, 2 * time.Second},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if last := lines[len(lines)-1]; last != "4 passed, 2 failed" {
		t.Errorf("last line %q", last)
	}
	if !strings.Contains(out.String(), "over budget") || strings.Count(out.String(), "over budget") != 1 {
		t.Errorf("over budget is not told once:\n%s", &out)
	}
}

func TestNothingRunIsAFailure(t *testing.T) {
	var out strings.Builder
	b := &bench{out: &out}
	idle := part{name: "idle", run: func(context.Context, *bench) tally { return tally{} }}
	if got := b.measure(t.Context(), idle).tally; got != (tally{failed: 1}) {
		t.Errorf("idle part: %+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := b.measure(ctx, idle).tally; got != (tally{failed: 1}) {
		t.Errorf("interrupted part: %+v", got)
	}
}

func TestProgramsThatFailOrCannotRun(t *testing.T) {
	var out strings.Builder
	b := &bench{out: &out}
	for name, got := range map[string]tally{
		"exit code": b.passes(t.Context(), "sh", "-c", "exit 3"),
		"missing":   b.passes(t.Context(), "no-such-program"),
		"finding":   b.silent(t.Context(), "echo", "a.go"),
	} {
		if got != (tally{failed: 1}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := b.silent(t.Context(), "true"); got != (tally{passed: 1}) {
		t.Errorf("nothing found: %+v", got)
	}
}

func TestBudgetsFitInAQuarterOfAnHour(t *testing.T) {
	var sum time.Duration
	for _, p := range parts(false) {
		sum += p.budget
	}
	if sum > 15*time.Minute {
		t.Errorf("budgets sum up to %v", sum)
	}
}
