// Package dbtest gives tests a real, migrated PostgreSQL: a transaction that is
// rolled back (Tx, under a millisecond) or a database of one's own (New, DSN,
// a fraction of a second).
//
// It promises that tests never see each other's rows and that nothing outlives
// the run. With -short these tests are skipped; otherwise a database that
// cannot be had is a failure. It leaves out data: every test writes its own.
// Only tests import it.
package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vuoro/db"
)

// Tx is a handle inside a transaction that is rolled back when the test ends.
// It is one connection: goroutines of a test must not use it at once.
func Tx(t testing.TB) *db.DB {
	t.Helper()
	pool, err := txPool(t)
	if err != nil {
		t.Fatal(err)
	}
	tx, rollback, err := pool.Begin(context.Background())
	if err != nil {
		t.Fatalf("begin the test's transaction: %v", err)
	}
	t.Cleanup(rollback)
	return tx
}

// New is a pool on a migrated database of the test's own, dropped when the test
// ends: for concurrency, several connections, LISTEN.
func New(t testing.TB) *db.DB {
	t.Helper()
	pool, err := db.Open(context.Background(), Patient(DSN(t)))
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// DSN is the URL of a migrated database of the test's own, dropped when the
// test ends: for tests that start the whole program.
func DSN(t testing.TB) string {
	t.Helper()
	dsn, err := clone(t, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, dsn) })
	return dsn
}

// Empty is the URL of a database without any table, dropped when the test ends:
// for tests of the migrations.
func Empty(t testing.TB) string {
	t.Helper()
	dsn, err := clone(t, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, dsn) })
	return dsn
}

// Beside lets a test run beside the others of its package that call it, which
// are those with a database of their own: they wait for it as much as they
// work. A subtest stays in its turn.
func Beside(t testing.TB) {
	own, is := t.(*testing.T)
	if _, again := parallel.LoadOrStore(t, true); is && !again && !strings.Contains(own.Name(), "/") {
		own.Parallel()
	}
}

var parallel sync.Map // tests that run in parallel already

// Patient is how tests open a database: on a busy machine fifty who wait for one
// lock may wait longer than people would.
func Patient(dsn string) db.Config {
	return db.Config{URL: dsn, MaxConns: 10, LockTimeout: 30 * time.Second, StatementTimeout: time.Minute}
}

// Shared is a path in the folder that lies beside the checkout and holds real
// places, reservations and calendars. Without that folder the test is skipped,
// but fails where CI=true.
func Shared(t testing.TB, parts ...string) string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join(filepath.Dir(root), "shared")
	path := filepath.Join(append([]string{shared}, parts...)...)
	if _, err := os.Stat(shared); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the folder ../shared beside the checkout is missing: %v", err)
		}
		t.Skip("the folder ../shared beside the checkout is missing")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the folder ../shared is there, but %v", err)
	}
	return path
}

// moduleRoot is the directory of go.mod; tests start in their package's.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("working directory: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}

var txDatabase struct {
	sync.Mutex
	pool *db.DB
}

// txPool opens the process's database for Tx once. It is not dropped at the end
// of the process, for a test binary has no end to hang that on: it goes with
// its cluster, or at the next start of that.
func txPool(t testing.TB) (*db.DB, error) {
	txDatabase.Lock()
	defer txDatabase.Unlock()
	if txDatabase.pool != nil {
		return txDatabase.pool, nil
	}
	dsn, err := clone(t, true)
	if err != nil {
		return nil, err
	}
	txDatabase.pool, err = db.Open(context.Background(), Patient(dsn))
	return txDatabase.pool, err
}

// clone makes a database with a name of its own, as a copy of the migrated
// template or empty.
func clone(t testing.TB, migrated bool) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	server, err := theServer()
	if err != nil {
		return "", err
	}
	source := "template0"
	if migrated {
		source = server.template
	}
	name := strings.ToLower(fmt.Sprintf("%s%d_%s", testPrefix, os.Getpid(), rand.Text()[:10]))
	if err := server.exec(`CREATE DATABASE ` + name + ` TEMPLATE ` + source); err != nil {
		return "", fmt.Errorf("make the test's database: %w", err)
	}
	return server.dsn(name), nil
}

func drop(t testing.TB, dsn string) {
	t.Helper()
	server, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.exec(`DROP DATABASE ` + config.Database + ` WITH (FORCE)`); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}
