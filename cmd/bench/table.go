package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
)

// introduction says on what the numbers were taken.
func introduction(a asked, before string) string {
	return fmt.Sprintf(`# Benchmarks

What `+"`make bench`"+` measured last. Only the ratios of one run mean anything, because machines are shared and noisy: the
reference is measured in every round, beside each goal. A number is the median of %d rounds; the worst round is the
disturbance. Counts are sums over all rounds.

Machine: %s/%s, %d processors, %s; PostgreSQL on the same machine over a Unix socket, with its usual safety: every commit
waits for the disk. Server, clients and database share the processors. Load of the machine before and after the run: %s
and %s; where more programs than processors want to run, durations and refusals for want of time (5xx) tell of the machine.

`, a.rounds, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), before, load())
}

// load is how many programs wanted to run in the last minute, where the system
// tells.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	first, _, ok := strings.Cut(string(text), " ")
	if err != nil || !ok {
		return "unknown"
	}
	return first
}

func table(out io.Writer, outcomes []outcome) {
	fmt.Fprintln(out, "| # | what | measured | goal | measured / goal | worst round | reference |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|")
	slices.SortStableFunc(outcomes, func(a, b outcome) int { return a.number - b.number })
	for _, o := range outcomes {
		if len(o.readings) == 0 {
			fmt.Fprintf(out, "| %d | %s | not measured: %s | %s | – | – | – |\n", o.number, o.what, o.why, o.bound())
			continue
		}
		verdict := "met"
		if !o.met() {
			verdict = "missed"
		}
		if o.limit > 0 {
			verdict = fmt.Sprintf("%.2f %s", o.value()/o.limit, verdict)
		}
		fmt.Fprintf(out, "| %d | %s | %s | %s | %s | %s | %s |\n", o.number, o.what, o.unit.write(o.value()), o.bound(), verdict,
			o.unit.write(o.worst()), o.reference())
	}
}

// notes are what else is worth knowing.
func notes(out io.Writer, trials []trial) {
	for _, t := range trials {
		if t.note != nil {
			fmt.Fprintf(out, "\n%s\n", t.note())
		}
	}
}

func (o outcome) bound() string {
	if o.atLeast {
		return "≥ " + o.unit.write(o.limit)
	}
	return "≤ " + o.unit.write(o.limit)
}

// reference is what stood beside the measured.
func (o outcome) reference() string {
	switch o.unit {
	case count:
		sum := 0.0
		for _, r := range o.readings {
			sum += r.reference
		}
		return fmt.Sprintf("%.0f %s", sum, o.against)
	case ratio:
		return fmt.Sprintf("%s; %s: %s", figure(o.middle(func(r reading) float64 { return r.measured })), o.against,
			figure(o.middle(func(r reading) float64 { return r.reference })))
	}
	beside := o.middle(func(r reading) float64 { return r.reference })
	return fmt.Sprintf("%s: %s, %.1f times less", o.against, o.unit.write(beside), o.value()/beside)
}

// figure writes a rate as it is and a time in milliseconds.
func figure(v float64) string {
	if v < 1 {
		return duration.write(v)
	}
	return fmt.Sprintf("%.0f/s", v)
}

func (u unit) write(v float64) string {
	switch u {
	case duration:
		return fmt.Sprintf("%.2f ms", v*1000)
	case ratio:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
