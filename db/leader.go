package db

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
)

// leaderKey is the advisory lock that the one instance with the jobs holds.
const leaderKey = 4242

// ErrNotLeader says that another instance runs the jobs.
var ErrNotLeader = errors.New("another instance runs the jobs")

// Leader elects one instance by an advisory lock on a connection of its own.
// The connection must be direct: a pooler would give the lock away.
type Leader struct {
	DSN string

	mutex sync.Mutex
	conn  *pgx.Conn
}

// IsLeader returns nil when this instance is the leader, and tries to become
// it when nobody is.
func (l *Leader) IsLeader(ctx context.Context) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.conn != nil {
		if l.conn.Ping(ctx) == nil {
			return nil
		}
		l.drop(ctx)
	}
	return l.campaign(ctx)
}

func (l *Leader) campaign(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, l.DSN)
	if err != nil {
		return err
	}
	var won bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", leaderKey).Scan(&won); err != nil || !won {
		return errors.Join(err, ErrNotLeader, conn.Close(ctx))
	}
	l.conn = conn
	return nil
}

// Resign gives the lock back.
func (l *Leader) Resign(ctx context.Context) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.drop(ctx)
}

func (l *Leader) drop(ctx context.Context) {
	if l.conn != nil {
		_ = l.conn.Close(ctx) // the lock ends with the connection, however it ends
		l.conn = nil
	}
}
