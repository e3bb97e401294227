//go:build unix && !linux

package cluster

import "syscall"

// attributes leave out what only Linux has: a server whose program was killed
// lives on there until the next start stops it by its pid file.
func attributes(owner *account, _ syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if owner != nil {
		attr.Credential = &syscall.Credential{Uid: owner.uid, Gid: owner.gid}
	}
	return attr
}

// processesIn has the process of the pid file only: without /proc nothing shows
// which directory a process works in.
func processesIn(data string) []int {
	pid := readPidFile(data).pid
	if pid == 0 || syscall.Kill(pid, 0) != nil {
		return nil
	}
	return []int{pid}
}

func dropForeignPidFile(string) {}
