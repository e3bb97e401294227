// Check runs every check of the project in parts, goes on after a part that
// fails, and prints a table of times against budgets and, as its last line,
// "N passed, M failed". With -full it takes the long form: all browser tests,
// fuzzing, the race detector on every package.
//
// It promises that nothing is skipped silently: a part that cannot run is a
// failure. It leaves out measuring speed; budgets are shown, not enforced.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(code)
}

// tally counts results: tests, or checks such as vet as one each.
type tally struct{ passed, failed, skipped int }

func (t tally) plus(o tally) tally {
	return tally{t.passed + o.passed, t.failed + o.failed, t.skipped + o.skipped}
}

// part is one kind of check with the time it should need on two cores, from
// cold caches.
type part struct {
	name   string
	budget time.Duration
	run    func(context.Context, *bench) tally
}

// result is a part that ran, or was left out after an interrupt.
type result struct {
	part
	tally
	took time.Duration
}

func run(ctx context.Context, args []string, out io.Writer) int {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	full := flags.Bool("full", false, "the long form")
	only := flags.String("only", "", "comma-separated parts to run")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	b := &bench{out: out, full: *full}
	defer b.close()
	var results []result
	for _, p := range selected(parts(*full), *only) {
		results = append(results, b.measure(ctx, p))
	}
	total := report(out, results)
	if total.failed > 0 || total.passed == 0 {
		return 1
	}
	return 0
}

// selected keeps the set-up, which the others need.
func selected(all []part, only string) []part {
	if only == "" {
		return all
	}
	var chosen []part
	for _, p := range all {
		if p.name == setUpName || strings.Contains(","+only+",", ","+p.name+",") {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

func (b *bench) measure(ctx context.Context, p part) result {
	fmt.Fprintf(b.out, "\n== %s\n", p.name)
	if ctx.Err() != nil {
		fmt.Fprintln(b.out, "interrupted")
		return result{part: p, tally: tally{failed: 1}}
	}
	began := time.Now()
	counted := p.run(ctx, b)
	if counted == (tally{}) {
		fmt.Fprintf(b.out, "%s: nothing ran\n", p.name)
		counted.failed = 1
	}
	return result{part: p, tally: counted, took: time.Since(began)}
}

// report prints the table and the last line.
func report(out io.Writer, results []result) tally {
	var sum tally
	var took, budget time.Duration
	fmt.Fprintln(out)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "part\tseconds\tbudget\tpassed\tfailed\tskipped\t")
	for _, r := range results {
		note := ""
		if r.took > r.budget {
			note = " over budget"
		}
		fmt.Fprintf(table, "%s\t%.1f\t%.0f\t%d\t%d\t%d\t%s\n", r.name, r.took.Seconds(), r.budget.Seconds(), r.passed, r.failed, r.skipped, note)
		sum, took, budget = sum.plus(r.tally), took+r.took, budget+r.budget
	}
	fmt.Fprintf(table, "total\t%.1f\t%.0f\t%d\t%d\t%d\t\n", took.Seconds(), budget.Seconds(), sum.passed, sum.failed, sum.skipped)
	table.Flush()
	fmt.Fprintf(out, "\n%d passed, %d failed\n", sum.passed, sum.failed)
	return sum
}
