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
	"strconv"
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

// Fewer rounds give no median that a disturbed one does not move; more find no
// free slots any more.
const (
	leastRounds = 5
	mostRounds  = 15
)

// asked are the options of a run.
type asked struct {
	rounds  int
	each    int // bookings on each connection in a round
	races   int // for one slot, in all
	only    []string
	page    string
	profile string
}

func parse(args []string) (asked, error) {
	var a asked
	var only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&a.rounds, "rounds", 7, fmt.Sprintf("rounds of each goal, %d to %d", leastRounds, mostRounds))
	flags.IntVar(&a.each, "bookings", 250, "bookings on each connection in a round, at most 250")
	flags.IntVar(&a.races, "races", 200, "races for one slot, in all")
	flags.StringVar(&only, "only", "", "numbers of the goals to measure, with commas")
	flags.StringVar(&a.page, "write", "", "write the page to this file")
	flags.StringVar(&a.profile, "profile", "", "write a processor profile of the rounds to this file")
	err := flags.Parse(args)
	a.rounds = min(max(a.rounds, leastRounds), mostRounds)
	a.each = min(max(a.each, 10), 250)
	if only != "" {
		a.only = strings.Split(only, ",")
	}
	return a, err
}

// wants tells whether one of these goals is asked for.
func (a asked) wants(numbers ...int) bool {
	return len(a.only) == 0 || slices.ContainsFunc(numbers, func(n int) bool { return slices.Contains(a.only, strconv.Itoa(n)) })
}

func run(ctx context.Context, args []string, out io.Writer) error {
	a, err := parse(args)
	if err != nil {
		return err
	}
	begun, before := time.Now(), load()
	progress := func(what string) { fmt.Fprintf(out, "%4.0f s  %s\n", time.Since(begun).Seconds(), what) }
	progress("building the towns; all of it takes some four minutes on two cores")
	place, err := openPlace(ctx)
	if err != nil {
		return err
	}
	defer place.close()
	trials, done, err := allTrials(ctx, place, a)
	if err != nil {
		return err
	}
	defer done()
	stop, err := startProfile(a.profile)
	if err != nil {
		return err
	}
	outcomes, err := measure(ctx, trials, a.rounds, progress)
	stop()
	if err != nil {
		return err
	}
	var text strings.Builder
	table(&text, outcomes)
	notes(&text, trials)
	fmt.Fprint(out, "\n"+text.String())
	if a.page == "" {
		return nil
	}
	return os.WriteFile(a.page, []byte(introduction(a, before)+text.String()), 0o644)
}

func startProfile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); file.Close() }, nil
}

// allTrials builds what the asked goals need. done ends it.
func allTrials(ctx context.Context, place *place, a asked) (trials []trial, done func(), err error) {
	var ends []func()
	done = func() {
		for _, end := range ends {
			end()
		}
	}
	if a.wants(1, 2, 3, 4, 5, 6) {
		list, end, err := bookingTrials(ctx, place, a)
		if err != nil {
			return nil, nil, err
		}
		trials, ends = append(trials, list...), append(ends, end)
	}
	if a.wants(7, 11) {
		list, end, err := looking(ctx, place)
		if err != nil {
			done()
			return nil, nil, err
		}
		trials, ends = append(trials, list...), append(ends, end)
	}
	trials = slices.DeleteFunc(trials, func(t trial) bool {
		return !slices.ContainsFunc(t.goals, func(g goal) bool { return a.wants(g.number) })
	})
	return trials, done, nil
}

// bookingTrials are those of the arena.
func bookingTrials(ctx context.Context, place *place, a asked) ([]trial, func(), error) {
	arena, err := buildArena(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	bench, missing := place.pgbench()
	throughput, err := arena.booking(ctx, bench, a.each)
	if err != nil {
		arena.close()
		return nil, nil, err
	}
	insert, err := arena.insert(ctx, bench, a.each)
	if err != nil {
		arena.close()
		return nil, nil, err
	}
	if missing != nil {
		insert.why = missing.Error()
	}
	series, err := arena.series(ctx)
	if err != nil {
		arena.close()
		return nil, nil, err
	}
	perRound := (a.races + a.rounds) / (a.rounds + 1)
	return []trial{throughput, insert, series, arena.raced(perRound), arena.crossed((perRound + 1) / 2)}, arena.close, nil
}
