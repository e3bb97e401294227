package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const setUpName = "set-up"

// racedPackages decide about time and places; goroutines meet there.
var racedPackages = []string{"./booking/...", "./calendar/...", "./policies/..."}

// aloneAtWork are long tests of one goroutine at a time, which have nothing to
// race with.
const aloneAtWork = "^(TestAnyStatementMayFail|TestEveryWayOutIsOpen|TestEngineKeepsToTheModel|TestTheSuitePassesInOtherZonesOfTheServer)$"

func parts(full bool) []part {
	list := []part{
		{setUpName, 100 * time.Second, setUp},
		{"style", 80 * time.Second, style},
		{"architecture", 15 * time.Second, architecture},
		{"go", 220 * time.Second, goTests},
		{"race", 80 * time.Second, raceTests},
		{"browser", 390 * time.Second, browserTests},
	}
	if full {
		for i := range list {
			list[i].budget *= 4
		}
		list = append(list, part{"fuzz", 15 * time.Minute, fuzz}, part{"nightly", 30 * time.Minute, nightly})
	}
	return list
}

// setUp finds or installs what the machine lacks, builds the program and starts
// the run's PostgreSQL.
func setUp(ctx context.Context, b *bench) tally {
	sum := b.passes(ctx, "sh", "scripts/setup-postgres.sh")
	sum = sum.plus(b.passes(ctx, "sh", "scripts/setup-tests.sh"))
	sum = sum.plus(b.passes(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-o", "bin/vuoro", "./cmd/vuoro"))
	program, err := filepath.Abs("bin/vuoro")
	if err != nil {
		return sum.plus(b.fail("%v", err))
	}
	b.env = append(b.env, "VUORO_BIN="+program, "CHROMIUM="+chromium())
	if b.full {
		b.env = append(b.env, "FULL=1")
	}
	return sum.plus(b.startPostgres(ctx))
}

// chromium is the browser's path, empty where there is none; the browser tests
// then say so.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func style(ctx context.Context, b *bench) tally {
	return b.silent(ctx, "go", "tool", "gofumpt", "-l", ".").
		plus(b.passes(ctx, "go", "vet", "./...")).
		plus(b.passes(ctx, "go", "tool", "staticcheck", "./..."))
}

func architecture(ctx context.Context, b *bench) tally {
	return b.goTest(ctx, ".")
}

// longestPackages are tested first, so that none is left to the end alone while
// a core has nothing to do.
var longestPackages = []string{"vuoro/cmd/vuoro", "vuoro/web", "vuoro/booking"}

// goTests takes every package but the root's, which holds the architecture.
func goTests(ctx context.Context, b *bench) tally {
	packages, err := b.goList(ctx, "{{if ne .ImportPath .Module.Path}}{{.ImportPath}}{{end}}", "./...")
	if err != nil {
		return b.fail("%v", err)
	}
	return b.goTest(ctx, slices.Concat([]string{"-timeout=8m"}, longestPackages, packages)...)
}

func raceTests(ctx context.Context, b *bench) tally {
	args := append([]string{"-race", "-timeout=15m", "-skip=" + aloneAtWork}, racedPackages...)
	if b.full {
		args = []string{"-race", "-timeout=15m", "./..."}
	}
	return b.goTest(ctx, args...)
}

func (b *bench) goList(ctx context.Context, format string, patterns ...string) ([]string, error) {
	text, err := b.command(ctx, "go", append([]string{"list", "-f", format}, patterns...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// nightlySteps is how far the model test goes by night.
const nightlySteps = 120_000

// nightly runs, with a seed of its own, what proves that nothing is booked
// twice: the model test, races and failing statements.
func nightly(ctx context.Context, b *bench) tally {
	long := *b
	long.env = append(slices.Clone(b.env), fmt.Sprintf("VUORO_MODEL_STEPS=%d", nightlySteps), fmt.Sprintf("VUORO_MODEL_SEED=%d", time.Now().Unix()))
	return long.goTest(ctx, "-count=1", "-timeout=60m", "-run=Model|Race|Repair|Series|Statement|Mixed", "./booking", "./web", "./cmd/vuoro")
}

// fuzz gives each fuzz target half a minute.
func fuzz(ctx context.Context, b *bench) tally {
	packages, err := b.goList(ctx, "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./...")
	if err != nil {
		return b.fail("%v", err)
	}
	var sum tally
	for _, pkg := range packages {
		names, err := b.command(ctx, "go", "test", "-list=^Fuzz", pkg).Output()
		if err != nil {
			sum = sum.plus(b.fail("fuzz targets of %s: %v", pkg, err))
		}
		for _, name := range strings.Fields(string(names)) {
			if strings.HasPrefix(name, "Fuzz") {
				sum = sum.plus(b.passes(ctx, "go", "test", "-run=^$", "-fuzz=^"+name+"$", "-fuzztime=30s", pkg))
			}
		}
	}
	return sum
}
