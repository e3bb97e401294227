package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type electorFunc func() error

func (f electorFunc) IsLeader(context.Context) error { return f() }

type safeBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

func TestOnlyTheLeaderRuns(t *testing.T) {
	var leader atomic.Bool
	var runs atomic.Int32
	ran := make(chan struct{}, 100)
	elector := electorFunc(func() error {
		if leader.Load() {
			return nil
		}
		return errors.New("another instance")
	})
	stop, err := Start(elector, slog.New(slog.DiscardHandler), []Task{{
		Name: "count", Every: 10 * time.Millisecond,
		Run: func(context.Context) (int, error) { runs.Add(1); ran <- struct{}{}; return 1, nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(60 * time.Millisecond)
	if n := runs.Load(); n != 0 {
		t.Errorf("ran %d times without being the leader", n)
	}
	leader.Store(true)
	<-ran
	<-ran
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	after := runs.Load()
	time.Sleep(40 * time.Millisecond)
	if runs.Load() != after {
		t.Error("ran after stop")
	}
}

func TestTaskRunsUntilNothingIsDue(t *testing.T) {
	left := 25
	task := Task{Name: "drain", More: 10, Run: func(context.Context) (int, error) {
		n := min(10, left)
		left -= n
		return n, nil
	}}
	task.run(slog.New(slog.DiscardHandler))
	if left != 0 {
		t.Errorf("%d left", left)
	}
}

func TestFailuresAndPanicsAreLogged(t *testing.T) {
	var out safeBuffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	Task{Name: "bad", Run: func(context.Context) (int, error) { return 0, errors.New("no mail server") }}.run(log)
	Task{Name: "worse", Run: func(context.Context) (int, error) { panic("out of tea") }}.run(log)
	for _, want := range []string{"job=bad", "no mail server", "job=worse", "out of tea"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("log lacks %q: %s", want, out.String())
		}
	}
}
