package dbtest_test

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/db/dbtest"
)

func count(t *testing.T, handle *db.DB, sql string) int {
	t.Helper()
	var n int
	if err := handle.Query(t.Context(), &n, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func execute(t *testing.T, handle *db.DB, sql string) {
	t.Helper()
	if _, err := handle.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

const tableNamed = `SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = `

func TestDatabasesAreMigratedAndApart(t *testing.T) {
	one, two := dbtest.New(t), dbtest.New(t)
	if count(t, one, tableNamed+`'reservations'`) != 1 {
		t.Error("no table reservations: the template is not migrated")
	}
	execute(t, one, `CREATE TABLE only_here (id int)`)
	if count(t, two, tableNamed+`'only_here'`) != 0 {
		t.Error("two databases share a table")
	}
}

func TestTransactionIsRolledBack(t *testing.T) {
	t.Run("write", func(t *testing.T) {
		tx := dbtest.Tx(t)
		execute(t, tx, `CREATE TABLE for_a_moment (id int)`)
		if count(t, tx, tableNamed+`'for_a_moment'`) != 1 {
			t.Error("the transaction does not see its own table")
		}
	})
	if count(t, dbtest.Tx(t), tableNamed+`'for_a_moment'`) != 0 {
		t.Error("the table outlived its test")
	}
}

func TestDroppedAtTheEnd(t *testing.T) {
	var name string
	t.Run("use", func(t *testing.T) {
		if err := dbtest.New(t).Query(t.Context(), &name, `SELECT current_database()`); err != nil {
			t.Fatal(err)
		}
	})
	if count(t, dbtest.Tx(t), `SELECT count(*) FROM pg_database WHERE datname = '`+name+`'`) != 0 {
		t.Errorf("database %s is still there", name)
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	handle, err := db.Open(t.Context(), db.Config{URL: dbtest.Empty(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	if n := count(t, handle, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`); n != 0 {
		t.Errorf("%d tables", n)
	}
}

func TestSharedPath(t *testing.T) {
	path := dbtest.Shared(t, "data", "rules.md")
	if _, err := os.Stat(path); err != nil || !filepath.IsAbs(path) {
		t.Errorf("Shared = %q, %v", path, err)
	}
}

// childEnv makes the test binary a program that takes a database and holds it
// until its input ends.
const childEnv = "DBTEST_CHILD"

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(childEnv) != "" {
		testing.Benchmark(hold) // for its testing.TB; hold ends the program
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func hold(b *testing.B) {
	var dir string
	if err := dbtest.Tx(b).Query(b.Context(), &dir, `SHOW data_directory`); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("data directory " + dir)
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// Processes at work at the same time, without a shared server, get servers of
// their own, which end with them.
func TestProcessesWithoutSharedServer(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	tmp, err := os.MkdirTemp("/tmp", "vuoro-dbtest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	if err := os.Chmod(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	first, endFirst := holdServer(t, tmp)
	second, endSecond := holdServer(t, tmp)
	if first == second {
		t.Errorf("both work in %s", first)
	}
	endFirst()
	third, endThird := holdServer(t, tmp)
	if third != first {
		t.Errorf("the free directory %s was not used again, but %s", first, third)
	}
	endSecond()
	endThird()
	for _, dir := range []string{first, second} {
		awaitGone(t, filepath.Join(dir, "postmaster.pid"))
	}
}

func holdServer(t *testing.T, tmp string) (dir string, end func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=1", dbtest.Env+"=", "TMPDIR="+tmp)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for dir == "" && lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		_, dir, _ = strings.Cut(lines.Text(), "data directory ")
	}
	if !strings.HasPrefix(dir, tmp) {
		t.Fatalf("data directory %q; the program said:\n%s", dir, &said)
	}
	return dir, func() {
		in.Close()
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the program in %s: %v", dir, err)
		}
	}
}

func awaitGone(t *testing.T, path string) {
	t.Helper()
	for range 100 {
		if _, err := os.Stat(path); err != nil {
			return
		}
		<-time.After(100 * time.Millisecond)
	}
	t.Errorf("%s is still there: the server outlived its program", path)
}
