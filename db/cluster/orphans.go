package cluster

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const pidFileName = "postmaster.pid"

// pidFile is what a running server tells about itself in its data directory;
// zero values where there is none or it is unreadable.
type pidFile struct {
	pid    int
	socket string // directory
}

// readPidFile reads lines 1 (process) and 5 (socket directory) of
// postmaster.pid (PostgreSQL: miscadmin.h, "Lock files").
func readPidFile(data string) pidFile {
	text, err := os.ReadFile(filepath.Join(data, pidFileName))
	if err != nil {
		return pidFile{}
	}
	var lines []string
	for scan := bufio.NewScanner(bytes.NewReader(text)); scan.Scan(); {
		lines = append(lines, scan.Text())
	}
	var file pidFile
	if len(lines) > 0 {
		file.pid, _ = strconv.Atoi(lines[0])
	}
	if len(lines) > 4 {
		file.socket = lines[4]
	}
	return file
}

// clearOrphans stops what a killed program left running in its data directory.
// The caller holds the lock, so nobody else can own these processes. A server
// that got the parent-death signal is only waited for.
func clearOrphans(ctx context.Context, data string) error {
	const tick = 100 * time.Millisecond
	for waited := time.Duration(0); ; waited += tick {
		alive := processesIn(data)
		if len(alive) == 0 {
			dropForeignPidFile(data)
			return nil
		}
		switch waited {
		case 0:
			if server := readPidFile(data).pid; slices.Contains(alive, server) {
				_ = syscall.Kill(server, syscall.SIGINT)
			}
		case 10 * time.Second:
			for _, pid := range alive {
				_ = syscall.Kill(pid, syscall.SIGQUIT)
			}
		case 20 * time.Second:
			return fmt.Errorf("an earlier PostgreSQL still works in %s (processes %v) and does not stop; end it and start again", data, alive)
		}
		if err := pause(ctx, tick); err != nil {
			return fmt.Errorf("interrupted while an earlier PostgreSQL in %s was stopping: %w", data, err)
		}
	}
}
