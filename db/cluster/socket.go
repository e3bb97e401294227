package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

// port is part of the socket's name; no TCP port is opened.
const port = "5432"

// maxSocketPath is what a Unix socket address holds (sun_path, less the final
// zero).
const maxSocketPath = 107

// plainPath is free of the characters that connection strings and server
// settings give a meaning of their own (comma, quote, blank, at sign).
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9/._-]*$`)

// makeSocketDir makes a directory that only the server's user (and root) can
// enter: beside the data where the path fits, else a short one.
func makeSocketDir(p place) (string, error) {
	beside := filepath.Join(p.dir, "socket")
	if fits(beside) {
		return beside, p.privateDir(beside)
	}
	var reasons error
	for _, base := range p.shortBases() {
		dir := filepath.Join(base, "vuoro-"+shortName(p.dir))
		err := p.privateDir(dir)
		if err == nil {
			return dir, nil
		}
		reasons = errors.Join(reasons, err)
	}
	return "", fmt.Errorf("there is no directory for PostgreSQL's socket: %w", reasons)
}

func fits(dir string) bool {
	return plainPath.MatchString(dir) && len(dir)+len("/.s.PGSQL."+port) <= maxSocketPath
}

func (p place) shortBases() []string {
	if p.owner != nil {
		return []string{"/run", "/tmp"}
	}
	return []string{"/run/user/" + strconv.Itoa(os.Getuid()), "/tmp"}
}

// privateDir makes dir or accepts the one made before; in a shared place such
// as /tmp, somebody else's directory or a link is refused.
func (p place) privateDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err == nil {
		return p.give(dir)
	} else if !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || stat.Uid != p.uid() {
		return fmt.Errorf("%s is there already and not ours", dir)
	}
	return nil
}

func (p place) uid() uint32 {
	if p.owner != nil {
		return p.owner.uid
	}
	return uint32(os.Geteuid())
}

// clearSocket removes what a killed server left. PostgreSQL itself would not
// where the process number in the lock is taken again; no server runs here now,
// and the directory is ours alone.
func clearSocket(dir string) {
	for _, suffix := range []string{"", ".lock"} {
		os.Remove(filepath.Join(dir, ".s.PGSQL."+port+suffix))
	}
}
