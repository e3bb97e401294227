// Package cluster runs a private PostgreSQL for this program alone: found among
// the machine's server programs, reachable by Unix socket only, never as root,
// and gone when the program is gone.
//
// It promises that one directory has one server at a time, that the data
// outlives the program, and that a start after a crash puts things right by
// itself. It leaves out installing PostgreSQL, upgrading data to another major
// version and backups. Every error's text is one sentence for the person at the
// terminal.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// User is the database user of a private cluster, its superuser.
const User = "vuoro"

// ErrRunning is in the chain of Start's error when another program has a server
// running in the same directory.
var ErrRunning = errors.New("another Vuoro is already running")

// Options say where the cluster lives and how it is set.
type Options struct {
	// Dir holds the data, the log and the lock; it is made when missing and has
	// to be empty or a cluster's own. See Cluster.Dir.
	Dir string
	// Database is created when missing; empty creates none.
	Database string
	// FsyncOff trades the safety of the data for speed: for tests only.
	FsyncOff bool
	// Settings are server settings ("max_connections": "200") over the defaults.
	Settings map[string]string
}

// Cluster is a running private server.
type Cluster struct {
	place    place
	socket   string
	bin      string // directory of the server programs; "" when joined
	server   *child // nil when joined
	lock     *os.File
	settings []string
}

// Start starts the server of o.Dir, first making the cluster when there is
// none. ctx bounds the start only; the server runs until Stop or until this
// program ends, however it ends.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	installed := find(searchDirs())
	if len(installed) == 0 {
		return nil, ErrNoPrograms
	}
	spot, err := settle(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(spot)
	if err != nil {
		return nil, err
	}
	c := &Cluster{place: spot, lock: lock, settings: settings(o)}
	if err := c.start(ctx, installed, o); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// Open joins the server that another program runs in o.Dir, or starts it when
// none runs. Stop leaves a joined server alone.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	c, err := Start(ctx, o)
	if !errors.Is(err, ErrRunning) {
		return c, err
	}
	return join(ctx, o)
}

func (c *Cluster) start(ctx context.Context, installed []programs, o Options) error {
	chosen, err := choose(installed, c.place)
	if err != nil {
		return err
	}
	c.bin = chosen.bin
	if c.socket, err = makeSocketDir(c.place); err != nil {
		return err
	}
	if err := c.place.initialise(ctx, chosen, o.FsyncOff); err != nil {
		return err
	}
	if err := clearOrphans(ctx, c.place.data()); err != nil {
		return err
	}
	clearSocket(c.socket)
	if err := c.launch(ctx, chosen); err != nil {
		return err
	}
	return c.ensureDatabase(ctx, o.Database)
}

// join finds the socket of the running server in its own pid file.
func join(ctx context.Context, o Options) (*Cluster, error) {
	spot, err := settle(o.Dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		c := &Cluster{place: spot, socket: readPidFile(spot.data()).socket}
		if c.socket != "" && c.ping(ctx) == nil {
			return c, c.ensureDatabase(ctx, o.Database)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, fmt.Errorf("another Vuoro holds %s but its PostgreSQL does not answer; stop that Vuoro and start again", spot.dir)
		}
	}
}

// Dir is the directory that really holds the cluster: the wanted one or, where
// the server's user cannot reach that, one below /var/lib/vuoro.
func (c *Cluster) Dir() string { return c.place.dir }

// Program is the path of a program that came with the running server, such as
// pgbench, or else of one in PATH.
func (c *Cluster) Program(name string) (string, error) {
	if path, err := exec.LookPath(filepath.Join(c.bin, name)); c.bin != "" && err == nil {
		return path, nil
	}
	return exec.LookPath(name)
}

// DSN is the connection URL of a database in this cluster, for pgx and psql.
func (c *Cluster) DSN(database string) string {
	query := url.Values{"host": {c.socket}, "port": {port}, "sslmode": {"disable"}}
	dsn := url.URL{Scheme: "postgres", User: url.User(User), Path: "/" + database, RawQuery: query.Encode()}
	return dsn.String()
}

// Done is closed when the server has ended, asked or not; it is nil (never
// ready) for a joined server.
func (c *Cluster) Done() <-chan struct{} {
	if c.server == nil {
		return nil
	}
	return c.server.done
}

// Stop ends the server (open transactions are rolled back) and waits for it.
// Stopping twice is harmless.
func (c *Cluster) Stop() error {
	var err error
	if c.server != nil {
		err = c.server.stop()
	}
	if c.lock != nil {
		os.Remove(c.socket) // goes only when empty
		c.lock.Close()
	}
	return err
}

func (c *Cluster) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (c *Cluster) ensureDatabase(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("the private PostgreSQL does not answer: %w", err)
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, name).Scan(&there); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

func (p place) data() string { return filepath.Join(p.dir, "data") }
func (p place) log() string  { return filepath.Join(p.dir, "server.log") }

// pause waits, or returns ctx's error when that ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
