package migrations_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"vuoro/db/dbtest"
	"vuoro/migrations"
)

func TestUpFromEmptyTwiceAtOnce(t *testing.T) {
	dsn := dbtest.Empty(t)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if version, err := migrations.Up(context.Background(), dsn); err != nil || version != migrations.Newest() {
				t.Errorf("version %d, %v", version, err)
			}
		})
	}
	both.Wait()
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dsn := dbtest.DSN(t)
	conn, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)", migrations.Newest()+1); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(context.Background(), dsn); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("%v", err)
	}
}

// Every foreign key has an index that begins with its columns, so that deleting
// or joining never scans.
func TestForeignKeysAreIndexed(t *testing.T) {
	tx := dbtest.Tx(t)
	var bare []string
	err := tx.Query(context.Background(), &bare, `
		SELECT c.conrelid::regclass || '(' || string_agg(a.attname, ',') || ')'
		FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
		WHERE c.contype = 'f' AND NOT EXISTS (
		    SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid
		    AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
		GROUP BY c.oid, c.conrelid ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range bare {
		t.Errorf("%s has no index", key)
	}
}
