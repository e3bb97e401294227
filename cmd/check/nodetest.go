package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// browserTests run three files at a time, each with a browser and a town of its
// own: a browser waits as much as it works.
func browserTests(ctx context.Context, b *bench) tally {
	files, _ := filepath.Glob("e2e/*.test.mjs")
	if len(files) == 0 {
		return b.fail("there is no e2e/*.test.mjs")
	}
	dir, err := os.MkdirTemp("", "vuoro-browser-")
	if err != nil {
		return b.fail("%v", err)
	}
	defer os.RemoveAll(dir)
	summary := filepath.Join(dir, "summary.tap")
	args := []string{
		"--test", "--test-concurrency=3",
		"--test-reporter=spec", "--test-reporter-destination=stdout",
		"--test-reporter=tap", "--test-reporter-destination=" + summary,
	}
	cmd := b.command(ctx, "node", append(args, files...)...)
	cmd.Env = append(cmd.Env, "VUORO_SEED="+dir) // one town is loaded, and copied for each file
	cmd.Stdout = b.out
	runErr := cmd.Run()
	text, _ := os.ReadFile(summary)
	counted := countTAP(text)
	if (runErr != nil || counted == tally{}) && counted.failed == 0 {
		return counted.plus(b.fail("node --test: %v", runErr))
	}
	return counted
}

var tapCount = regexp.MustCompile(`(?m)^# (pass|fail|cancelled|skipped|todo) (\d+)$`)

// countTAP reads the summary that ends node's TAP output.
func countTAP(text []byte) tally {
	var t tally
	for _, match := range tapCount.FindAllSubmatch(text, -1) {
		n, _ := strconv.Atoi(string(match[2]))
		switch string(match[1]) {
		case "pass":
			t.passed += n
		case "fail", "cancelled":
			t.failed += n
		default:
			t.skipped += n
		}
	}
	return t
}
