package booking_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// towns are where and when the model test runs; two live through a clock night.
var towns = map[string]string{
	"winter": "2026-11-23 12:00",
	"autumn": "2026-10-24 12:00",
	"spring": "2026-03-27 12:00",
	"year":   "2026-12-31 12:00",
}

const (
	historySteps  = 100 // of one history
	historiesEach = 8   // in one database
	mostReplays   = 300 // while a failure is made shorter
)

// setting is a number in the environment, or a default.
func setting(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestEngineKeepsToTheModel lets everybody do everything in any order and
// compares each answer, and now and then all rows, with an independent model.
// VUORO_MODEL_STEPS says for how many steps, VUORO_MODEL_SEED with which seed.
// A failure names its seed and is made shorter before it is told.
func TestEngineKeepsToTheModel(t *testing.T) {
	steps, seed := setting(t, "VUORO_MODEL_STEPS", 2400), setting(t, "VUORO_MODEL_SEED", 1)
	var taken atomic.Int64
	t.Run("towns", func(t *testing.T) {
		for name, start := range towns {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for from := uint64(0); from < steps/historySteps/uint64(len(towns)) && !t.Failed(); from += historiesEach {
					t.Run(fmt.Sprint("seed", seed+from), func(t *testing.T) { taken.Add(liveThrough(t, start, seed+from)) })
				}
			})
		}
	})
	t.Logf("%d steps", taken.Load())
}

// liveThrough tells some histories in a database of their own, one after the
// other, and counts the steps.
func liveThrough(t *testing.T, start string, seed uint64) (taken int64) {
	w := newWorld(t)
	for n := range uint64(historiesEach) {
		steps := history(seed+n, start)
		s, failed, wrong := w.live(int(n), start, steps)
		if len(wrong) > 0 {
			t.Fatalf("seed %d: %s", seed+n, w.shorten(start, steps[:failed+1]))
		}
		taken += int64(s.done)
	}
	return taken
}

func history(seed uint64, town string) []step {
	hash := fnv.New64()
	hash.Write([]byte(town))
	random := rand.New(rand.NewPCG(seed, hash.Sum64()))
	steps := make([]step, historySteps)
	for i := range steps {
		n := func() int { return random.IntN(5040) } // divisible by all that is chosen from
		steps[i] = step{n(), n(), n(), n(), n(), n(), n()}
	}
	return steps
}

// live takes the steps in a new unit. It gives the first one that went wrong,
// and what did.
func (w *world) live(run int, start string, steps []step) (s *site, failed int, wrong []string) {
	s = w.newSite(run, start)
	for i, st := range steps {
		if difference := s.take(st); difference != "" {
			return s, i, append(s.told, difference)
		}
		if i%25 == 24 || i == len(steps)-1 {
			if found := append(s.compare(), s.violations()...); len(found) > 0 {
				return s, i, append(s.told, found...)
			}
		}
	}
	return s, len(steps), nil
}

// shorten leaves out whatever is not needed for something to go wrong.
func (w *world) shorten(start string, steps []step) string {
	replays := 0
	wrong := func(steps []step) []string {
		replays++
		_, _, wrong := w.live(1000+replays, start, steps)
		return wrong
	}
	for size := len(steps) / 2; size > 0 && replays < mostReplays; size /= 2 {
		for from := 0; from+size <= len(steps) && replays < mostReplays; {
			if rest := slices.Delete(slices.Clone(steps), from, from+size); len(rest) > 0 && len(wrong(rest)) > 0 {
				steps = rest
			} else {
				from += size
			}
		}
	}
	return fmt.Sprintf("%d steps suffice:\n%s", len(steps), strings.Join(wrong(steps), "\n"))
}
