// Package migrations holds the schema as numbered SQL and brings a database up
// to it. It promises that two instances never migrate at once and that a
// database newer than this binary is refused. It leaves out ways down: going
// back is a restore.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files are the numbered migrations, also the key of test templates.
//
//go:embed *.sql
var Files embed.FS

// Up migrates the database at dsn (which must be a direct connection, no
// statement pooler) to the newest version and returns that version.
func Up(ctx context.Context, dsn string) (int64, error) {
	conn, err := sql.Open("pgx", dsn)
	if err != nil {
		return 0, fmt.Errorf("open database: %w", err)
	}
	defer conn.Close()
	provider, err := newProvider(conn)
	if err != nil {
		return 0, err
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if newest := Newest(); have > newest {
		return have, fmt.Errorf("the database has schema version %d, this program knows %d at most: start a newer program", have, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return provider.GetDBVersion(ctx)
}

func newProvider(conn *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, Files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}

// Newest is the highest version among Files.
func Newest() int64 {
	names, _ := fs.Glob(Files, "*.sql")
	var newest int64
	for _, name := range names {
		if version, err := goose.NumericComponent(name); err == nil && version > newest {
			newest = version
		}
	}
	return newest
}
