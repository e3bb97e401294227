package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// child is a process of ours that dies with us.
type child struct {
	process *os.Process
	done    chan struct{} // closed when the process has ended
	err     error         // how it ended; valid after done
	lock    *os.File      // kept from the garbage collector while the process runs
}

// begin starts cmd, whose directory lock guards. The kernel ties the parent-death signal to the thread that
// forked, so that thread is kept until the child has ended.
func begin(cmd *exec.Cmd, lock *os.File) (*child, error) {
	c := &child{done: make(chan struct{}), lock: lock}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		c.process = cmd.Process
		started <- nil
		c.err = cmd.Wait()
		close(c.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// stop asks for a fast shutdown, then for an immediate one.
func (c *child) stop() error {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, 30 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}} {
		// An error means that the process has ended, which done tells too.
		_ = c.process.Signal(step.signal)
		select {
		case <-c.done:
			return nil
		case <-time.After(step.wait):
		}
	}
	return fmt.Errorf("the private PostgreSQL (process %d) does not stop", c.process.Pid)
}

// ended reports whether the process is gone.
func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}
