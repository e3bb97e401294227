package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"syscall"
	"time"

	"vuoro/db"
	"vuoro/db/cluster"
	"vuoro/jobs"
	"vuoro/web"
)

// The time that a stop may take: first readiness goes off and proxies look
// elsewhere, then requests under way end.
const (
	quietTime    = 500 * time.Millisecond
	shutdownTime = 20 * time.Second
)

func serve(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "serve")
	at := set.String("now", "", "start the clock at this time, such as 2026-03-28T20:00:00+02:00 (demo town only)")
	if err := parse(p, set, args); err != nil {
		return unlessHelp(err)
	}
	config, err := readConfig(p.getenv)
	if err != nil {
		return err
	}
	// The port comes first: it is the cheapest thing that can be wrong.
	listener, err := listen(config.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	fmt.Fprintln(p.stdout, "Starting the database …")
	d, err := openDatabase(ctx, config, cluster.Start)
	if err != nil {
		return err
	}
	defer d.Close()
	tellWhere(p, d, config)
	now, err := clock(*at)
	if err != nil {
		return err
	}
	if err := install(ctx, p, d, now); err != nil {
		return err
	}
	a, err := newApp(ctx, d.DB, config, now)
	if err != nil {
		return err
	}
	if err := a.checkDemo(config); err != nil {
		return err
	}
	if *at != "" && a.Kind != "demo" {
		return errors.New("--now works with the demo town only: this database is real")
	}
	return a.serve(ctx, p, d, config, listener)
}

func (a *app) serve(ctx context.Context, p program, d *database, config Config, listener net.Listener) error {
	log := newLog(p)
	server, err := web.New(web.Server{
		Config: web.Config{BaseURL: config.BaseURL, TrustedProxies: config.TrustedProxies, MapTileURL: config.MapTileURL},
		DB:     d.DB, Booking: a.booking, Catalogue: a.catalogue, Accounts: a.accounts, Resources: a.resources, Reports: a.reports,
		Secrets: a.secrets, Name: a.Name, Now: a.now, Zone: a.zone, Log: log, Demo: a.Kind == "demo",
	})
	if err != nil {
		return err
	}
	leader := &db.Leader{DSN: d.direct}
	stopJobs, err := jobs.Start(leader, log, a.tasks())
	if err != nil {
		return err
	}
	fiber := server.App()
	failed := make(chan error, 1)
	go func() { failed <- fiber.Listener(listener) }()
	a.greet(ctx, p, config)
	err = wait(ctx, failed, d.private)
	server.StopBeingReady()
	time.Sleep(quietTime)
	stop, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	err = errors.Join(err, fiber.ShutdownWithContext(stop), stopJobs())
	leader.Resign(stop)
	return err
}

// tellWhere says where the data lie when that is not where they were wanted.
func tellWhere(p program, d *database, config Config) {
	wanted, err := filepath.Abs(filepath.Join(config.Data, "postgres"))
	if d.private == nil || err != nil || d.private.Dir() == wanted {
		return
	}
	fmt.Fprintf(p.stdout, "The database's own user cannot reach %s; the data lie in %s.\n", wanted, d.private.Dir())
}

// wait returns when the program is asked to stop, or when a part ends by itself.
func wait(ctx context.Context, failed <-chan error, private *cluster.Cluster) error {
	var ended <-chan struct{}
	if private != nil {
		ended = private.Done()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ended:
		return errors.New("the private PostgreSQL has ended; its log is beside its data")
	}
}

// tasks is everything that happens by itself.
func (a *app) tasks() []jobs.Task {
	return []jobs.Task{
		{Name: "mail", Every: 2 * time.Second, More: 20, Run: func(ctx context.Context) (int, error) { return a.notify.Deliver(ctx, 20) }},
		{Name: "holds", Every: 30 * time.Second, More: 100, Run: func(ctx context.Context) (int, error) { return a.booking.RemoveExpiredHolds(ctx, 100) }},
		{Name: "requests", Every: time.Minute, More: 50, Run: func(ctx context.Context) (int, error) { return a.booking.ExpireRequests(ctx, 50) }},
		{Name: "line", Every: 30 * time.Second, Run: a.booking.ServeLine},
		{Name: "old waits", Every: time.Hour, Run: a.booking.RemoveOldWaits},
		{Name: "unused turns", Every: 20 * time.Second, More: 50, Run: func(ctx context.Context) (int, error) { return a.booking.ReleaseUnused(ctx, 50) }},
		{Name: "accounts", Every: time.Hour, Run: func(ctx context.Context) (int, error) {
			n, err := a.accounts.Sweep(ctx)
			return int(n), err
		}},
		{Name: "keys", Every: time.Hour, Run: a.sweepKeys},
		{Name: "old mail", Every: time.Hour, Run: func(ctx context.Context) (int, error) {
			n, err := a.notify.Tidy(ctx)
			return int(n), err
		}},
	}
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop it, or choose another with VUORO_ADDR=127.0.0.1:8081", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on VUORO_ADDR %s: %w", addr, err)
	}
	return listener, nil
}

// clock is the real one, or one that starts at a given time.
func clock(at string) (func() time.Time, error) {
	if at == "" {
		return time.Now, nil
	}
	start, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return nil, fmt.Errorf("--now %q is not a time such as 2026-03-28T20:00:00+02:00", at)
	}
	offset := time.Until(start)
	return func() time.Time { return time.Now().Add(offset) }, nil
}
