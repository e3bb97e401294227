package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"vuoro/db/cluster"
)

// bench is what the parts share: where they print, their environment and the
// one PostgreSQL of the run.
type bench struct {
	out  io.Writer
	full bool
	env  []string // over the process's own
	pg   *cluster.Cluster
	dir  string // holds pg
}

func (b *bench) close() {
	if b.pg != nil {
		if err := b.pg.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if b.dir != "" {
		os.RemoveAll(b.dir)
	}
}

// command is a program in its own process group, so that an interrupt ends
// whatever it started too.
func (b *bench) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), b.env...)
	cmd.Stderr = b.out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 15 * time.Second
	return cmd
}

// passes runs a program that prints for people and counts it as one check.
func (b *bench) passes(ctx context.Context, name string, args ...string) tally {
	cmd := b.command(ctx, name, args...)
	cmd.Stdout = b.out
	if err := cmd.Run(); err != nil {
		return b.fail("%s: %v", filepath.Base(name)+argsText(args), err)
	}
	return tally{passed: 1}
}

// silent is passes for a program whose every output is a finding.
func (b *bench) silent(ctx context.Context, name string, args ...string) tally {
	found, err := b.command(ctx, name, args...).Output()
	if len(found) > 0 || err != nil {
		return b.fail("%s found (%v):\n%s", filepath.Base(name)+argsText(args), err, found)
	}
	return tally{passed: 1}
}

func argsText(args []string) string {
	text := ""
	for _, arg := range args {
		text += " " + arg
	}
	return text
}

func (b *bench) fail(format string, args ...any) tally {
	fmt.Fprintf(b.out, "FAIL "+format+"\n", args...)
	return tally{failed: 1}
}

// startPostgres starts the run's server in a directory that its user, who may
// not be ours, can reach.
func (b *bench) startPostgres(ctx context.Context) tally {
	dir, err := os.MkdirTemp(cluster.TempDir(), "vuoro-check-")
	if err != nil {
		return b.fail("%v", err)
	}
	b.dir = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return b.fail("%v", err)
	}
	b.pg, err = cluster.Start(ctx, cluster.Options{
		Dir:      filepath.Join(dir, "pg"),
		FsyncOff: true,
		Settings: map[string]string{"max_connections": "300", "max_wal_size": "512MB"},
	})
	if err != nil {
		return b.fail("%v", err)
	}
	b.env = append(b.env, "VUORO_TEST_DSN="+b.pg.DSN("postgres"))
	return tally{passed: 1}
}
