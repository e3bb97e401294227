package cluster

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// attributes put a child into its own process group, so that a Ctrl-C meant for
// us does not reach it, drop it to the owner and tie its life to ours.
func attributes(owner *account, atDeath syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: atDeath}
	if owner != nil {
		attr.Credential = &syscall.Credential{Uid: owner.uid, Gid: owner.gid}
	}
	return attr
}

// processesIn are the PostgreSQL processes that work in a data directory: a
// server and its backends have it as their current directory.
func processesIn(data string) []int {
	want, err := os.Stat(data)
	if err != nil {
		return nil
	}
	entries, _ := os.ReadDir("/proc")
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err == nil && isPostgresIn(want, filepath.Join("/proc", entry.Name())) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func isPostgresIn(want os.FileInfo, proc string) bool {
	exe, err := os.Readlink(filepath.Join(proc, "exe"))
	if err != nil || !strings.HasPrefix(filepath.Base(exe), "postgres") {
		return false
	}
	have, err := os.Stat(filepath.Join(proc, "cwd"))
	return err == nil && os.SameFile(want, have)
}

// dropForeignPidFile removes a pid file whose number now belongs to a process
// that is no server of this directory; PostgreSQL would refuse to start. It is
// called when no process works in the directory.
func dropForeignPidFile(data string) {
	pid := readPidFile(data).pid
	if pid != 0 && syscall.Kill(pid, 0) != syscall.ESRCH {
		os.Remove(filepath.Join(data, pidFileName))
	}
}
