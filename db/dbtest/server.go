package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"vuoro/db/cluster"
	"vuoro/migrations"
)

// Env names the variable with the URL of a running server (a superuser's, any
// database): all test processes of a run share that one. Without it a process
// starts a server of its own.
const Env = "VUORO_TEST_DSN"

const (
	testPrefix     = "vuoro_test_"
	templatePrefix = "vuoro_template_"
	// templateLock serialises the making of the template among test processes;
	// the number only has to be ours.
	templateLock = 7_826_001
)

// server is where this process's test databases live.
type server struct {
	base     *url.URL
	template string
	mu       sync.Mutex
	admin    *pgx.Conn // makes and drops databases; guarded by mu
}

// theServer finds or starts the server and its template, once per process.
var theServer = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	dsn, own := os.Getenv(Env), false
	if dsn == "" {
		var err error
		if dsn, err = startOwn(ctx); err != nil {
			return nil, fmt.Errorf("tests need PostgreSQL (or -short): %w", err)
		}
		own = true
	}
	base, err := url.Parse(dsn)
	if err != nil {
		return nil, fmt.Errorf("%s is not a URL: %w", Env, err)
	}
	s := &server{base: base, template: templateName()}
	if s.admin, err = pgx.Connect(ctx, s.dsn("postgres")); err != nil {
		return nil, fmt.Errorf("tests need PostgreSQL at %s: %w", Env, err)
	}
	if own {
		err = s.sweep(ctx)
	}
	return s, errors.Join(err, s.ensureTemplate(ctx))
})

func (s *server) dsn(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

func (s *server) exec(sql string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.admin.Exec(context.Background(), sql)
	return err
}

// templateName changes with the migrations, so that an old template is never
// taken for the present one.
func templateName() string {
	sum := sha256.New()
	_ = fs.WalkDir(migrations.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, _ := fs.ReadFile(migrations.Files, path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		}
		return err
	})
	return templatePrefix + hex.EncodeToString(sum.Sum(nil)[:8])
}

// ensureTemplate migrates a database under another name and renames it when it
// is complete; connections to it are then refused, since PostgreSQL copies only
// a database that nobody uses.
func (s *server) ensureTemplate(ctx context.Context) error {
	if _, err := s.admin.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	defer s.admin.Exec(ctx, `SELECT pg_advisory_unlock($1)`, templateLock)
	there, err := s.names(ctx, s.template)
	if err != nil || len(there) > 0 {
		return err
	}
	half := "vuoro_half_template"
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + half + ` WITH (FORCE)`, `CREATE DATABASE ` + half + ` TEMPLATE template0`} {
		if _, err := s.admin.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make the template: %w", err)
		}
	}
	if _, err := migrations.Up(ctx, s.dsn(half)); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	for _, sql := range []string{`ALTER DATABASE ` + half + ` WITH ALLOW_CONNECTIONS false`, `ALTER DATABASE ` + half + ` RENAME TO ` + s.template} {
		if _, err := s.admin.Exec(ctx, sql); err != nil {
			return fmt.Errorf("finish the template: %w", err)
		}
	}
	return nil
}

func (s *server) names(ctx context.Context, prefix string) ([]string, error) {
	rows, err := s.admin.Query(ctx, `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`, prefix)
	if err != nil {
		return nil, fmt.Errorf("list databases: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// sweep drops what earlier processes left in a server that is now ours alone:
// test databases, and templates of other migrations.
func (s *server) sweep(ctx context.Context) error {
	names, err := s.names(ctx, "vuoro_")
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == s.template {
			continue
		}
		if _, err := s.admin.Exec(ctx, `DROP DATABASE `+pgx.Identifier{name}.Sanitize()+` WITH (FORCE)`); err != nil {
			return fmt.Errorf("drop what an earlier test left: %w", err)
		}
	}
	return nil
}

// startOwn takes the first directory of this user's that no other test process
// holds. The server dies with the process; its files stay for the next one,
// which saves making the cluster and migrating.
func startOwn(ctx context.Context) (string, error) {
	home, err := ownHome()
	if err != nil {
		return "", err
	}
	for slot := 0; ; slot++ {
		options := cluster.Options{
			Dir:      filepath.Join(home, strconv.Itoa(slot)),
			FsyncOff: true,
			Settings: map[string]string{"max_connections": "300", "max_wal_size": "512MB"},
		}
		c, err := cluster.Start(ctx, options)
		if errors.Is(err, cluster.ErrRunning) {
			continue
		}
		if err != nil && ctx.Err() == nil {
			// Without fsync a crash of the machine may have spoilt the files.
			if removeErr := os.RemoveAll(options.Dir); removeErr != nil {
				return "", errors.Join(err, removeErr)
			}
			c, err = cluster.Start(ctx, options)
		}
		if err != nil {
			return "", err
		}
		return c.DSN("postgres"), nil
	}
}

// ownHome is a directory below the machine's for temporary files that is this
// user's own and that the server's user can pass through.
func ownHome() (string, error) {
	dir := filepath.Join(cluster.TempDir(), "vuoro-test-"+strconv.Itoa(os.Geteuid()))
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() || int(stat.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is there already and not ours", dir)
	}
	return dir, nil
}
