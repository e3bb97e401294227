package main

import (
	"fmt"
	"io"
	"runtime"
	"time"
)

// introduction says on what the numbers were taken.
func introduction(c *city, rounds int) string {
	return fmt.Sprintf(`# Benchmarks

What `+"`make bench`"+` measured last. Only the ratios of one run mean anything: the reference is measured in every round, beside
each goal. Median of %d rounds of %d; the slowest round is the disturbance.

Machine: %s/%s, %d processors, %s; PostgreSQL on the same machine over a Unix socket. City: %d rooms in %d units, %d
reservations within two weeks around the day that is looked at.

`, rounds, perRound, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), c.rooms, c.units, c.reservations)
}

func table(out io.Writer, outcomes []outcome) {
	fmt.Fprintln(out, "| # | what | median | goal | measured / goal | slowest round | reference | measured / reference |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, o := range outcomes {
		verdict := "met"
		if o.median > o.most {
			verdict = "missed"
		}
		fmt.Fprintf(out, "| %d | %s | %s | %s | %.2f %s | %s | %s: %s | %.1f |\n", o.number, o.what, inMs(o.median), inMs(o.most),
			float64(o.median)/float64(o.most), verdict, inMs(o.slowest), o.against, inMs(o.beside), float64(o.median)/float64(o.beside))
	}
	for _, o := range outcomes {
		if o.note != "" {
			fmt.Fprintf(out, "\n%d: %s\n", o.number, o.note)
		}
	}
}

func inMs(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
