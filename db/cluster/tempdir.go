package cluster

import (
	"os"
	"syscall"
)

// memory is where Linux keeps files in memory, and roomInMemory the bytes that
// the server of a test run may need there: its log and a dozen databases at a
// time.
const (
	memory       = "/dev/shm"
	roomInMemory = 3 << 30
)

// TempDir is where servers of tests live: TMPDIR where somebody chose one, else
// memory where it has the room, else the usual place for temporary files. Hundreds of databases are made
// and dropped in a run, and a disk's file system takes ten times as long to make
// files where many were just removed.
func TempDir() string {
	if chosen := os.Getenv("TMPDIR"); chosen != "" {
		return chosen
	}
	return roomiest(memory)
}

func roomiest(memory string) string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memory, &stat); err != nil || stat.Bavail*uint64(stat.Bsize) < roomInMemory {
		return os.TempDir()
	}
	return memory
}
