package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

// maxRetries bounds how often a transaction is run again that came to nothing
// for no fault of its own.
const maxRetries = 3

// Tx runs fn in one READ COMMITTED transaction and commits when it returns nil.
// Serialization failures, deadlocks and connections that were lost before the
// commit was asked for are retried with jitter, so fn must not keep state
// between runs. A connection lost in the commit is Unavailable, database_down:
// whether it was done is not known, and a client that repeats the request with
// its idempotency key learns it. Inside a transaction fn runs in a savepoint.
func (d *DB) Tx(ctx context.Context, fn func(tx *DB) error) error {
	for attempt := 0; ; attempt++ {
		committing, err := d.once(ctx, fn)
		again := retryable(err) || !committing && lost(err)
		if err == nil || d.inTx || attempt == maxRetries || !again {
			return Fault(err)
		}
		if err := sleep(ctx, time.Duration(5+rand.IntN(20<<attempt))*time.Millisecond); err != nil {
			return Fault(err)
		}
	}
}

func (d *DB) once(ctx context.Context, fn func(tx *DB) error) (committing bool, err error) {
	err = d.g.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		err := fn(&DB{g: g, pool: d.pool, inTx: true})
		committing = err == nil
		return err
	})
	return committing, err
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
