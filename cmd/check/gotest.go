package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build's output
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// goTest runs `go test -json` and counts every test and subtest once. Vet has a
// part of its own.
func (b *bench) goTest(ctx context.Context, args ...string) tally {
	cmd := b.command(ctx, "go", append([]string{"test", "-json", "-vet=off"}, args...)...)
	stream, err := cmd.StdoutPipe()
	if err != nil {
		return b.fail("go test: %v", err)
	}
	if err := cmd.Start(); err != nil {
		return b.fail("go test: %v", err)
	}
	counted := countGo(stream, b.out)
	if err := cmd.Wait(); err != nil && counted.failed == 0 {
		return counted.plus(b.fail("go test%s: %v", argsText(args), err))
	}
	return counted
}

// goCounter keeps what tests print until it is known whether they fail.
type goCounter struct {
	tally
	out      io.Writer
	said     map[string]*strings.Builder // by package and test
	failedIn map[string]bool             // packages with a failed test
}

// countGo reads the events, prints one line per package and everything that a
// failing test said.
func countGo(stream io.Reader, out io.Writer) tally {
	c := &goCounter{out: out, said: map[string]*strings.Builder{}, failedIn: map[string]bool{}}
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil {
			c.take(e)
		} else if len(line) > 0 {
			fmt.Fprintf(out, "%s", line)
		}
		if err != nil {
			return c.tally
		}
	}
}

func (c *goCounter) take(e event) {
	switch e.Action {
	case "output", "build-output":
		c.keep(e)
	case "pass", "fail", "skip":
		if e.Test == "" {
			c.endPackage(e)
		} else {
			c.endTest(e)
		}
		delete(c.said, e.Package+" "+e.Test)
	case "build-fail":
		fmt.Fprint(c.out, c.text(e.ImportPath, ""))
	}
}

func (c *goCounter) keep(e event) {
	key := e.Package + " " + e.Test
	if e.Action == "build-output" {
		key = e.ImportPath + " "
	}
	if c.said[key] == nil {
		c.said[key] = &strings.Builder{}
	}
	c.said[key].WriteString(e.Output)
}

func (c *goCounter) text(pkg, test string) string {
	if text := c.said[pkg+" "+test]; text != nil {
		return text.String()
	}
	return ""
}

func (c *goCounter) endTest(e event) {
	switch e.Action {
	case "pass":
		c.passed++
	case "skip":
		c.skipped++
	case "fail":
		c.failed++
		c.failedIn[e.Package] = true
		fmt.Fprintf(c.out, "FAIL %s %s\n%s", e.Package, e.Test, c.text(e.Package, e.Test))
	}
}

// endPackage counts a package that fails outside its tests (build, TestMain,
// panic, timeout) as one failure.
func (c *goCounter) endPackage(e event) {
	if e.Action == "skip" {
		return
	}
	if e.Action == "fail" && !c.failedIn[e.Package] {
		c.failed++
		fmt.Fprintf(c.out, "FAIL %s\n%s", e.Package, c.text(e.Package, ""))
	}
	fmt.Fprintf(c.out, "%-4s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
}
