package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// startLimit bounds a start; replaying a long log after a crash takes a while.
const startLimit = 5 * time.Minute

// maxLog is the size in bytes from which a start begins a new server log.
const maxLog = 8 << 20

// errBusy marks a start that failed because an earlier server's memory or pid
// file was still in use; it passes.
var errBusy = errors.New("an earlier PostgreSQL is still ending")

// environment of the server programs: nothing of ours may change them (PGDATA,
// PGOPTIONS, LC_MESSAGES).
var environment = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}

// settings are the server's command line settings, in a fixed order.
func settings(o Options) []string {
	values := map[string]string{
		"listen_addresses":        "",
		"max_connections":         "100",
		"shared_buffers":          "128MB",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_destination":         "stderr",
		"logging_collector":       "off",
		"ssl":                     "off",
		"jit":                     "off",
		"unix_socket_permissions": "0700",
	}
	if o.FsyncOff {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			values[name] = "off"
		}
	}
	maps.Copy(values, o.Settings)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		args = append(args, "-c", name+"="+values[name])
	}
	return args
}

// initialise makes the cluster's files where there are none. They appear under
// their name only when complete, so an interrupted run leaves no half cluster.
func (p place) initialise(ctx context.Context, with programs, fsyncOff bool) error {
	if hasData(p.dir) {
		return nil
	}
	half := p.data() + ".new"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("an unfinished database in %s cannot be removed: %w", half, err)
	}
	args := []string{"-D", half, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"}
	if fsyncOff {
		args = append(args, "--no-sync")
	}
	var said bytes.Buffer
	cmd := p.command(filepath.Join(with.bin, "initdb"), args)
	cmd.Stdout, cmd.Stderr = &said, &said
	run, err := begin(cmd, nil)
	if err != nil {
		return p.cannotRun(with, err)
	}
	select {
	case <-run.done:
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("interrupted while making the database: %w", ctx.Err()), run.stop())
	}
	if run.err != nil {
		return fmt.Errorf("PostgreSQL cannot make its database in %s: %w\n%s", p.data(), run.err, lastLines(said.Bytes()))
	}
	return os.Rename(half, p.data())
}

func (p place) command(program string, args []string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = p.dir
	cmd.Env = environment
	cmd.SysProcAttr = attributes(p.owner, syscall.SIGINT)
	return cmd
}

func (p place) cannotRun(with programs, err error) error {
	if p.owner != nil {
		return fmt.Errorf("the programs in %s cannot be run as user %s: %w", with.bin, p.owner.name, err)
	}
	return fmt.Errorf("the programs in %s cannot be run: %w", with.bin, err)
}

// launch starts the server and waits until it answers. An orphan's memory may
// outlive its processes for a moment: then it tries again.
func (c *Cluster) launch(ctx context.Context, with programs) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for try := 0; ; try++ {
		err := c.launchOnce(ctx, with)
		if !errors.Is(err, errBusy) || try == 40 {
			return err
		}
		if pause(ctx, 250*time.Millisecond) != nil {
			return err
		}
	}
}

func (c *Cluster) launchOnce(ctx context.Context, with programs) error {
	log, err := c.place.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	offset, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("the log %s: %w", c.place.log(), err)
	}
	args := append([]string{"-D", c.place.data(), "-k", c.socket}, c.settings...)
	cmd := c.place.command(filepath.Join(with.bin, "postgres"), args)
	cmd.Stdout, cmd.Stderr = log, log
	if c.server, err = begin(cmd, c.lock); err != nil {
		return c.place.cannotRun(with, err)
	}
	for c.ping(ctx) != nil {
		if c.server.ended() {
			return c.whyEnded(offset)
		}
		if err := pause(ctx, 30*time.Millisecond); err != nil {
			return fmt.Errorf("PostgreSQL in %s did not get ready: %w", c.place.dir, err)
		}
	}
	return nil
}

// whyEnded tells what the server wrote since offset.
func (c *Cluster) whyEnded(offset int64) error {
	c.server = nil
	text, err := os.ReadFile(c.place.log())
	if err != nil || int64(len(text)) < offset {
		return fmt.Errorf("PostgreSQL in %s ended at once and its log cannot be read", c.place.dir)
	}
	said := lastLines(text[offset:])
	if strings.Contains(said, "shared memory block") || strings.Contains(said, `lock file "postmaster.pid" already exists`) {
		return fmt.Errorf("%w in %s:\n%s", errBusy, c.place.dir, said)
	}
	return fmt.Errorf("PostgreSQL in %s ended at once; its log %s says:\n%s", c.place.dir, c.place.log(), said)
}

func lastLines(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}

// openLog keeps one older log when the present one has grown.
func (p place) openLog() (*os.File, error) {
	if info, err := os.Stat(p.log()); err == nil && info.Size() > maxLog {
		_ = os.Rename(p.log(), p.log()+".1")
	}
	file, err := os.OpenFile(p.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the log %s cannot be opened: %w", p.log(), err)
	}
	if err := p.give(p.log()); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
