package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// pgbench runs scripts against a town's database with as many clients as the
// server has connections.
type pgbench struct {
	program string
	dir     string // for the scripts
}

// pgbench is found beside the server's programs.
func (p *place) pgbench() (*pgbench, error) {
	program, err := p.cluster.Program("pgbench")
	if err != nil {
		return nil, fmt.Errorf("pgbench is not beside PostgreSQL's server programs nor in PATH")
	}
	return &pgbench{program: program, dir: p.dir}, nil
}

var ratePattern = regexp.MustCompile(`tps = ([0-9.]+)`)

// job is a script for a database. :first is its first slot, and :turn counts
// from 0.
type job struct {
	dsn    string
	script string
	each   int // transactions of every client
	first  int
}

// run gives the rate of transactions per second.
func (p *pgbench) run(ctx context.Context, job job) (float64, error) {
	file := filepath.Join(p.dir, "script.sql")
	if err := os.WriteFile(file, []byte(job.script), 0o600); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, p.program, "--no-vacuum", "--protocol=prepared", "--file="+file,
		"--client="+strconv.Itoa(connections), "--jobs=2", "--transactions="+strconv.Itoa(job.each),
		"--define=first="+strconv.Itoa(job.first), "--define=turn=0", job.dsn).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	match := ratePattern.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("pgbench says no rate:\n%s", out)
	}
	return strconv.ParseFloat(string(match[1]), 64)
}
