// Package jobs runs what happens by itself: holds run out, requests expire,
// mail leaves. It promises that one instance at a time runs them and that a
// lost tick is harmless, because every job does all that is due now. It leaves
// out what the jobs do; those are use cases of the floors below.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Task is one job. Run does what is due now and returns how much it did; it is
// called again at once while it returns More or more.
type Task struct {
	Name  string
	Every time.Duration
	More  int // 0 = once per tick
	Run   func(ctx context.Context) (int, error)
}

// Elector tells whether this instance runs the jobs; nil means yes.
type Elector interface {
	IsLeader(ctx context.Context) error
}

// limit bounds one run of one job.
const limit = time.Minute

// Start runs the tasks until stop is called, which waits for running ones.
func Start(elector Elector, log *slog.Logger, tasks []Task) (stop func() error, err error) {
	scheduler, err := gocron.NewScheduler(gocron.WithDistributedElector(elector), gocron.WithStopTimeout(limit))
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	for _, task := range tasks {
		_, err := scheduler.NewJob(gocron.DurationJob(task.Every), gocron.NewTask(func() { task.run(log) }),
			gocron.WithName(task.Name), gocron.WithSingletonMode(gocron.LimitModeReschedule))
		if err != nil {
			return nil, fmt.Errorf("job %s: %w", task.Name, err)
		}
	}
	scheduler.Start()
	return scheduler.Shutdown, nil
}

// run does a task until nothing is due, and keeps a panic from ending the process.
func (t Task) run(log *slog.Logger) {
	defer func() {
		if trouble := recover(); trouble != nil {
			log.Error("job panicked", "job", t.Name, "panic", trouble)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for {
		n, err := t.Run(ctx)
		if err != nil {
			log.Error("job failed", "job", t.Name, "error", err)
			return
		}
		if n > 0 {
			log.Info("job done", "job", t.Name, "count", n)
		}
		if t.More == 0 || n < t.More {
			return
		}
	}
}
