// Bench measures what docs/benchmarks.md promises and writes that page. Each
// goal is measured in rounds, and in every round its reference as well, so that
// a busy machine slows both.
//
// It promises that what it prints is the median of its rounds and that a goal
// that is missed says so. It leaves out judging a change: people compare runs of
// one machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// goal is one thing that is measured. probe does it once and is timed;
// reference, timed in the same rounds, is what the machine needs for something
// well known.
type goal struct {
	number    int
	what      string
	most      time.Duration // of the median
	probe     func(ctx context.Context) error
	against   string // what the reference is
	reference func(ctx context.Context) error
	note      string
}

// outcome is a goal with its medians.
type outcome struct {
	goal
	median, slowest, beside time.Duration // beside: the reference's median
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	rounds := flags.Int("rounds", 7, fmt.Sprintf("rounds of each goal; at least %d", leastRounds))
	page := flags.String("write", "", "write the page to this file")
	profile := flags.String("profile", "", "write a processor profile of the rounds to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	*rounds = max(*rounds, leastRounds)
	fmt.Fprintln(out, "Building a city of 254 rooms …")
	c, err := build(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	goals, err := c.goals(ctx)
	if err != nil {
		return err
	}
	if *profile != "" {
		file, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	outcomes, err := measure(ctx, goals, *rounds)
	if err != nil {
		return err
	}
	var text strings.Builder
	table(&text, outcomes)
	fmt.Fprint(out, text.String())
	if *page == "" {
		return nil
	}
	return os.WriteFile(*page, []byte(introduction(c, *rounds)+text.String()), 0o644)
}

// leastRounds are enough for a median that a disturbed round does not move.
const leastRounds = 5

// perRound is how often a goal is done in a round; a round counts its median.
const perRound = 20

// measure goes round by round over all goals, so that what disturbs the machine
// for a while disturbs all of them.
func measure(ctx context.Context, goals []goal, rounds int) ([]outcome, error) {
	probes, references := make([][]time.Duration, len(goals)), make([][]time.Duration, len(goals))
	for round := range rounds + 1 {
		for i, g := range goals {
			probe, err := timed(ctx, g.probe)
			if err != nil {
				return nil, fmt.Errorf("goal %d: %w", g.number, err)
			}
			reference, err := timed(ctx, g.reference)
			if err != nil {
				return nil, fmt.Errorf("reference of goal %d: %w", g.number, err)
			}
			if round > 0 { // the first one warms up
				probes[i], references[i] = append(probes[i], probe), append(references[i], reference)
			}
		}
	}
	outcomes := make([]outcome, len(goals))
	for i, g := range goals {
		outcomes[i] = outcome{g, median(probes[i]), slices.Max(probes[i]), median(references[i])}
	}
	return outcomes, nil
}

func timed(ctx context.Context, do func(ctx context.Context) error) (time.Duration, error) {
	took := make([]time.Duration, perRound)
	for i := range took {
		begin := time.Now()
		if err := do(ctx); err != nil {
			return 0, err
		}
		took[i] = time.Since(begin)
	}
	return median(took), nil
}

func median(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
