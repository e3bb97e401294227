package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"vuoro/db"
	"vuoro/db/cluster"
	"vuoro/migrations"
)

// database is an open, migrated database and how it was reached.
type database struct {
	*db.DB
	direct  string           // DSN without a pooler between
	private *cluster.Cluster // nil with DATABASE_URL
}

// openDatabase reaches the configured database, or the private cluster that
// start gives, and migrates it.
func openDatabase(ctx context.Context, c Config, start func(context.Context, cluster.Options) (*cluster.Cluster, error)) (*database, error) {
	d := &database{direct: c.DirectURL}
	pooled := c.DatabaseURL
	if pooled == "" {
		private, err := start(ctx, cluster.Options{Dir: filepath.Join(c.Data, "postgres"), Database: "vuoro"})
		if err != nil {
			return nil, err
		}
		d.private, d.direct = private, private.DSN("vuoro")
		pooled = d.direct
	}
	if _, err := migrations.Up(ctx, d.direct); err != nil {
		d.Close()
		return nil, oneLine(err)
	}
	handle, err := db.Open(ctx, db.Config{URL: pooled})
	if err != nil {
		d.Close()
		return nil, err
	}
	d.DB = handle
	return d, nil
}

// oneLine joins what the driver says about each address it tried.
func oneLine(err error) error {
	return fmt.Errorf("the database cannot be used: %s", strings.Join(strings.Fields(err.Error()), " "))
}

// Close ends the connections and the private cluster.
func (d *database) Close() {
	if d.DB != nil {
		d.DB.Close()
	}
	if d.private != nil {
		_ = d.private.Stop()
	}
}

// withDatabase runs a short command on the database; a private cluster that a
// running server has is joined.
func withDatabase(ctx context.Context, p program, run func(d *database, c Config) error) error {
	config, err := readConfig(p.getenv)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, config, cluster.Open)
	if err != nil {
		return err
	}
	defer d.Close()
	return run(d, config)
}

func migrate(ctx context.Context, p program, args []string) error {
	if err := parse(p, newFlags(p, "migrate"), args); err != nil {
		return unlessHelp(err)
	}
	return withDatabase(ctx, p, func(*database, Config) error {
		_, err := fmt.Fprintf(p.stdout, "The database has schema version %d.\n", migrations.Newest())
		return err
	})
}
