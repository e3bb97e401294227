// Package db is the only way to PostgreSQL: a pool, transactions with bounded
// retries, advisory locks in a fixed order, and one table that turns SQLSTATE
// into faults. It promises that a handle inside a transaction has the same
// type as one outside. It leaves out every query about the domain; those are
// in files named store*.go of the packages that own the tables.
package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Config says how to connect. Zero values get the defaults.
type Config struct {
	URL              string        // DSN or URL
	MaxConns         int           // default 10
	StatementTimeout time.Duration // default 3 s
	LockTimeout      time.Duration // default 1 s
	Application      string        // default "vuoro"

	// Trace is told every statement that is sent, with its parameters.
	Trace func(sql string, params []any)
}

func (c Config) withDefaults() Config {
	if c.MaxConns == 0 {
		c.MaxConns = 10
	}
	if c.StatementTimeout == 0 {
		c.StatementTimeout = 3 * time.Second
	}
	if c.LockTimeout == 0 {
		c.LockTimeout = time.Second
	}
	if c.Application == "" {
		c.Application = "vuoro"
	}
	return c
}

// DB is a handle: the pool, or one transaction of it.
type DB struct {
	g    *gorm.DB
	pool *pgxpool.Pool
	inTx bool
}

// Open connects and checks the connection.
func Open(ctx context.Context, config Config) (*DB, error) {
	pool, err := openPool(ctx, config.withDefaults())
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,                          // errors travel up, parameters are never logged
		NowFunc:                func() time.Time { return time.Time{} }, // no column is stamped behind a use case's back
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	return &DB{g: g, pool: pool}, nil
}

func openPool(ctx context.Context, config Config) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(config.URL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	pc.MaxConns = int32(config.MaxConns)
	pc.MinConns = 1
	pc.MaxConnLifetime = 30 * time.Minute
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.ConnectTimeout = 2 * time.Second
	for name, value := range map[string]string{
		"timezone":                            "UTC",
		"application_name":                    config.Application,
		"statement_timeout":                   millis(config.StatementTimeout),
		"lock_timeout":                        millis(config.LockTimeout),
		"idle_in_transaction_session_timeout": millis(10 * time.Second),
	} {
		pc.ConnConfig.RuntimeParams[name] = value
	}
	if config.Trace != nil {
		pc.ConnConfig.Tracer = tracer(config.Trace)
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return pool, nil
}

func millis(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }

// Close ends the pool and waits for its connections.
func (d *DB) Close() { d.pool.Close() }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.pool.Ping(ctx) }

// Gorm is the query builder bound to ctx; for files named store*.go only.
func (d *DB) Gorm(ctx context.Context) *gorm.DB { return d.g.WithContext(ctx) }

// Stat returns the connections in use and the size of the pool.
func (d *DB) Stat() (used, size int) {
	s := d.pool.Stat()
	return int(s.AcquiredConns()), int(s.MaxConns())
}

// Exec runs a statement with parameters (? in order, or @name with
// sql.Named or a map) and counts its rows.
func (d *DB) Exec(ctx context.Context, sql string, params ...any) (int64, error) {
	done := d.g.WithContext(ctx).Exec(sql, params...)
	return done.RowsAffected, Fault(done.Error)
}

// Each runs a SELECT with parameters like Exec and hands over its rows one by
// one, to be scanned into variables in the order of the columns. It is for many
// rows, of which Query would ask the types one by one.
func (d *DB) Each(ctx context.Context, row func(scan func(dest ...any) error) error, sql string, params ...any) (err error) {
	rows, err := d.g.WithContext(ctx).Raw(sql, params...).Rows()
	if err != nil {
		return Fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return Fault(err)
		}
	}
	return Fault(rows.Err())
}

// Query runs a SELECT with parameters like Exec and scans its rows into dest,
// a pointer to a struct, a slice or a scalar. No row leaves dest as it is.
func (d *DB) Query(ctx context.Context, dest any, sql string, params ...any) error {
	return Fault(d.g.WithContext(ctx).Raw(sql, params...).Scan(dest).Error)
}
