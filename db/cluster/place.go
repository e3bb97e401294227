package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// lastResort holds clusters whose wanted directory the server's user cannot
// reach, each under a name derived from that directory.
const lastResort = "/var/lib/vuoro"

// place is where a cluster lives and who owns it.
type place struct {
	dir   string // absolute
	owner *account
}

// account is the user that the server runs as; nil where it is our own.
type account struct {
	name     string
	uid, gid uint32
}

// settle makes the cluster's directory and decides on its owner.
func settle(wanted string) (place, error) {
	dir, err := filepath.Abs(wanted)
	if err != nil {
		return place{}, fmt.Errorf("the directory %s cannot be resolved: %w", wanted, err)
	}
	if os.Geteuid() == 0 {
		return settleAsRoot(dir, filepath.Join(lastResort, shortName(dir)))
	}
	p := place{dir: dir}
	if err := p.claim(); err != nil {
		return place{}, err
	}
	return p, nil
}

// settleAsRoot prefers the directory that already has data, then the wanted
// one, then the other.
func settleAsRoot(wanted, other string) (place, error) {
	dirs := []string{wanted, other}
	if hasData(wanted) {
		dirs = dirs[:1]
	} else if hasData(other) {
		dirs = dirs[1:]
	}
	var reasons error
	for _, dir := range dirs {
		owner, err := ownerFor(dir)
		if err != nil {
			return place{}, err
		}
		p := place{dir: dir, owner: owner}
		if err = p.claim(); err == nil {
			return p, nil
		}
		reasons = errors.Join(reasons, err)
	}
	return place{}, reasons
}

func hasData(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION"))
	return err == nil
}

// ownerFor keeps data with the user who made them, since PostgreSQL insists on
// owning its directory.
func ownerFor(dir string) (*account, error) {
	info, err := os.Stat(filepath.Join(dir, "data"))
	if err == nil {
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid != 0 {
			return &account{name: nameOf(stat.Uid), uid: stat.Uid, gid: stat.Gid}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody to run it as")
}

func nameOf(uid uint32) string {
	id := strconv.Itoa(int(uid))
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return "number " + id
}

func accountOf(u *user.User) (*account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("group of user %s: %w", u.Username, err)
	}
	return &account{name: u.Username, uid: uint32(uid), gid: uint32(gid)}, nil
}

// claim makes the directory, private to its owner, and leaves nothing behind
// where that fails. A directory with other things in it is not taken over.
func (p place) claim() error {
	if err := os.MkdirAll(filepath.Dir(p.dir), 0o755); err != nil {
		return fmt.Errorf("the directory %s cannot be made: %w; set VUORO_DATA to a directory that you may write to", filepath.Dir(p.dir), err)
	}
	made := os.Mkdir(p.dir, 0o700) == nil
	if err := p.secure(); err != nil {
		if made {
			os.Remove(p.dir)
		}
		return err
	}
	return nil
}

func (p place) secure() error {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return fmt.Errorf("the directory %s cannot be used: %w; set VUORO_DATA to a directory that you may write to", p.dir, err)
	}
	if _, err := os.Stat(p.lockFile()); len(entries) > 0 && err != nil {
		return fmt.Errorf("the directory %s holds other things and is not a database of Vuoro; set VUORO_DATA to an empty directory", p.dir)
	}
	if err := p.give(p.dir); err != nil {
		return err
	}
	if err := os.Chmod(p.dir, 0o700); err != nil {
		return fmt.Errorf("the directory %s cannot be made private: %w", p.dir, err)
	}
	return p.reachable()
}

// reachable lets the owner try: permissions of parents, access lists and mounts
// all have their say.
func (p place) reachable() error {
	cmd := exec.Command("/bin/sh", "-c", `cd "$0" && test -w .`, p.dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = attributes(p.owner, syscall.SIGKILL)
	err := cmd.Run()
	if err == nil {
		return nil
	}
	if p.owner == nil {
		return fmt.Errorf("the directory %s cannot be written to; set VUORO_DATA to another one", p.dir)
	}
	return fmt.Errorf("user %s, who is to run PostgreSQL, cannot reach %s (%w); set VUORO_DATA to a directory outside private homes", p.owner.name, p.dir, err)
}

// give makes the owner own path; without another owner it is ours already.
func (p place) give(path string) error {
	if p.owner == nil {
		return nil
	}
	if err := os.Lchown(path, int(p.owner.uid), int(p.owner.gid)); err != nil {
		return fmt.Errorf("%s cannot be given to user %s: %w", path, p.owner.name, err)
	}
	return nil
}

func (p place) lockFile() string { return filepath.Join(p.dir, "lock") }

// takeLock holds the directory for this process; the lock goes with it, however
// it ends.
func takeLock(p place) (*os.File, error) {
	file, err := os.OpenFile(p.lockFile(), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock of %s cannot be opened: %w", p.dir, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("%w on %s; stop it first, or set VUORO_DATA to another directory", ErrRunning, p.dir)
	}
	if err := p.give(p.lockFile()); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// shortName is a name for a path that fits where the path does not.
func shortName(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:6])
}
