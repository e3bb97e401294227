package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

// maxRetries bounds how often a transaction that lost a race for no fault of
// its own (40001, 40P01) is run again.
const maxRetries = 3

// Tx runs fn in one READ COMMITTED transaction and commits when it returns nil.
// Serialization failures and deadlocks are retried with jitter, so fn must not
// keep state between runs. Inside a transaction it runs fn in a savepoint.
func (d *DB) Tx(ctx context.Context, fn func(tx *DB) error) error {
	for attempt := 0; ; attempt++ {
		err := d.once(ctx, fn)
		if err == nil || d.inTx || attempt == maxRetries || !retryable(err) {
			return Fault(err)
		}
		if err := sleep(ctx, time.Duration(5+rand.IntN(20<<attempt))*time.Millisecond); err != nil {
			return Fault(err)
		}
	}
}

func (d *DB) once(ctx context.Context, fn func(tx *DB) error) error {
	return d.g.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		return fn(&DB{g: g, pool: d.pool, inTx: true})
	})
}

// Begin opens a transaction by hand and returns it with its rollback; for
// tests, which never commit.
func (d *DB) Begin(ctx context.Context) (tx *DB, rollback func(), err error) {
	g := d.g.WithContext(ctx).Begin()
	if g.Error != nil {
		return nil, nil, Fault(g.Error)
	}
	return &DB{g: g, pool: d.pool, inTx: true}, func() { g.Rollback() }, nil
}

func retryable(err error) bool {
	state := sqlState(err)
	return state == "40001" || state == "40P01"
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.Join(ctx.Err(), context.Cause(ctx))
	}
}
