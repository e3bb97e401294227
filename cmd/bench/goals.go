package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// unit is what a goal is counted in.
type unit int

const (
	duration unit = iota // seconds; the middle of the rounds counts
	ratio                // measured ÷ reference of each round; the middle counts
	count                // the sum of all rounds counts
)

// goal is one row of the table.
type goal struct {
	number  int
	what    string
	unit    unit
	limit   float64
	atLeast bool   // the limit is a floor
	against string // what the reference is, "" = none
}

// reading is what one round found for one goal; durations are in seconds.
type reading struct{ measured, reference float64 }

// trial is what is done in every round, and the goals that it gives readings for,
// in their order. One that cannot be done says why.
type trial struct {
	name  string
	goals []goal
	round func(ctx context.Context) ([]reading, error)
	note  func() string // may be nil
	why   string        // it cannot be done
}

// outcome is a goal with its readings.
type outcome struct {
	goal
	readings []reading
	why      string
}

// value is what is compared with the goal.
func (o outcome) value() float64 {
	values := o.values()
	if o.unit == count {
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		return sum
	}
	return median(values)
}

func (o outcome) values() []float64 {
	values := make([]float64, len(o.readings))
	for i, r := range o.readings {
		values[i] = r.measured
		if o.unit == ratio {
			values[i] = r.measured / r.reference
		}
	}
	return values
}

// worst is the round that is furthest from the goal.
func (o outcome) worst() float64 {
	if o.atLeast {
		return slices.Min(o.values())
	}
	return slices.Max(o.values())
}

func (o outcome) met() bool {
	if o.atLeast {
		return o.value() >= o.limit
	}
	return o.value() <= o.limit
}

// middle is the median of one side of the readings.
func (o outcome) middle(side func(reading) float64) float64 {
	values := make([]float64, len(o.readings))
	for i, r := range o.readings {
		values[i] = side(r)
	}
	return median(values)
}

// measure goes round by round over all trials, so that what disturbs the machine
// for a while disturbs all of them. The first round warms up and does not count,
// except for what is counted.
func measure(ctx context.Context, trials []trial, rounds int, progress func(string)) ([]outcome, error) {
	outcomes := make([][]outcome, len(trials))
	for i, t := range trials {
		for _, g := range t.goals {
			outcomes[i] = append(outcomes[i], outcome{goal: g, why: t.why})
		}
	}
	for round := range rounds + 1 {
		for i, t := range trials {
			if t.why != "" {
				continue
			}
			begun := time.Now()
			readings, err := t.round(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
			progress(fmt.Sprintf("round %d of %d: %s, %.1f s", round, rounds, t.name, time.Since(begun).Seconds()))
			for n, r := range readings {
				if o := &outcomes[i][n]; round > 0 || o.unit == count {
					o.readings = append(o.readings, r)
				}
			}
		}
	}
	return slices.Concat(outcomes...), nil
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// perRound is how often a short thing is done in a round; a round counts its
// median.
const perRound = 20

// timed is a round of a duration beside its reference.
func timed(probe, reference func(ctx context.Context) error) func(context.Context) ([]reading, error) {
	return func(ctx context.Context) ([]reading, error) {
		measured, err := middleOf(ctx, probe)
		if err != nil {
			return nil, err
		}
		beside, err := middleOf(ctx, reference)
		return []reading{{measured, beside}}, err
	}
}

func middleOf(ctx context.Context, do func(ctx context.Context) error) (float64, error) {
	took := make([]float64, perRound)
	for i := range took {
		begin := time.Now()
		if err := do(ctx); err != nil {
			return 0, err
		}
		took[i] = time.Since(begin).Seconds()
	}
	return median(took), nil
}
