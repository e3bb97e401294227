package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// holdEnv makes the test binary a program that starts a cluster and waits to be
// killed.
const holdEnv = "CLUSTER_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	// A commit has to be in the file when the program is told so, as in real use.
	c, err := Start(context.Background(), Options{Dir: dir, Database: "vuoro", FsyncOff: true, Settings: map[string]string{"synchronous_commit": "on"}})
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString(c.DSN("vuoro") + "\n")
	select {}
}

// openDir is a directory that every user can reach; t.TempDir is private.
func openDir(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	t.Parallel()
	dir, err := os.MkdirTemp("/tmp", "vuoro-cluster-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), Options{Dir: dir, Database: "vuoro", FsyncOff: true})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func query(t *testing.T, dsn, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var got string
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

// keep writes what checkKept looks for after a restart.
func keep(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `CREATE TABLE kept AS SELECT 'here' AS word`); err != nil {
		t.Fatal(err)
	}
}

func checkKept(t *testing.T, dsn string) {
	t.Helper()
	if got := query(t, dsn, `SELECT word FROM kept`); got != "here" {
		t.Errorf("kept word = %q", got)
	}
}

func TestDataOutliveARestart(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	first := start(t, dir)
	keep(t, first.DSN("vuoro"))
	stop(t, first)
	stop(t, first)
	select {
	case <-first.Done():
	default:
		t.Error("Done is open after Stop")
	}
	second := start(t, dir)
	checkKept(t, second.DSN("vuoro"))
}

func TestServerSettings(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	c, err := Start(t.Context(), Options{Dir: dir, Database: "vuoro", FsyncOff: true, Settings: map[string]string{"max_connections": "17"}})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, c)
	for name, want := range map[string]string{
		"listen_addresses": "", "max_connections": "17", "TimeZone": "UTC", "jit": "off",
		"fsync": "off", "data_checksums": "on", "server_encoding": "UTF8",
	} {
		if got := query(t, c.DSN("vuoro"), `SHOW `+name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := query(t, c.DSN("vuoro"), `SELECT datcollate FROM pg_database WHERE datname = 'vuoro'`); got != "C.UTF-8" {
		t.Errorf("collation = %q", got)
	}
}

func TestOneServerPerDirectory(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	first := start(t, dir)
	_, err := Start(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrRunning) || !strings.HasPrefix(err.Error(), "another Vuoro is already running on "+dir) {
		t.Fatalf("second Start: %v", err)
	}
	joined, err := Open(t.Context(), Options{Dir: dir, Database: "other"})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if got := query(t, joined.DSN("other"), `SELECT current_database()::text`); got != "other" {
		t.Errorf("joined database = %q", got)
	}
	stop(t, joined)
	if got := query(t, first.DSN("vuoro"), `SELECT 'alive'`); got != "alive" {
		t.Error("stopping a joined cluster stopped the server")
	}
}

// A caller may forget its Cluster: the lock stays as long as the server.
func TestForgottenClusterKeepsItsLock(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	server := startAndForget(t, dir)
	for range 3 {
		runtime.GC()
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrRunning) {
		t.Errorf("second Start: %v", err)
	}
	if err := server.stop(); err != nil {
		t.Error(err)
	}
}

func startAndForget(t *testing.T, dir string) *child {
	t.Helper()
	c, err := Start(t.Context(), Options{Dir: dir, FsyncOff: true})
	if err != nil {
		t.Fatal(err)
	}
	return c.server
}

// holdCluster runs a second program with a cluster in dir.
func holdCluster(t *testing.T, dir string) (cmd *exec.Cmd, dsn string) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(string(line[:n]))
}

func killProgram(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

func TestRecoversAfterKill(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	cmd, dsn := holdCluster(t, dir)
	keep(t, dsn)
	busy, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close(context.Background())
	killProgram(t, cmd)
	c := start(t, dir)
	checkKept(t, c.DSN("vuoro"))
}

// The program and its server die at once, a backend is at work: the next server
// finds a stale pid file and shared memory in use.
func TestRecoversAfterKillOfServerToo(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	cmd, dsn := holdCluster(t, dir)
	keep(t, dsn)
	busy, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close(context.Background())
	server := readPidFile(filepath.Join(dir, "data")).pid
	if err := syscall.Kill(server, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	killProgram(t, cmd)
	c := start(t, dir)
	checkKept(t, c.DSN("vuoro"))
}

// A server that nothing told to stop is found by its pid file and stopped.
func TestStopsOrphanServer(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	stop(t, start(t, dir))
	spot, err := settle(dir)
	if err != nil {
		t.Fatal(err)
	}
	orphan := &Cluster{place: spot, settings: settings(Options{FsyncOff: true})}
	if orphan.socket, err = makeSocketDir(spot); err != nil {
		t.Fatal(err)
	}
	chosen, err := choose(find(searchDirs()), spot)
	if err != nil {
		t.Fatal(err)
	}
	if err := orphan.launch(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	select {
	case <-orphan.Done():
	default:
		t.Error("the orphan still runs")
	}
}

// After a restart of the machine the number in the pid file may be another
// process of the same user.
func TestForeignPidFile(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	stop(t, start(t, dir))
	spot, err := settle(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := spot.command("/bin/sleep", []string{"60"})
	sleeping, err := begin(other, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer sleeping.stop()
	file := filepath.Join(dir, "data", pidFileName)
	if err := os.WriteFile(file, []byte(strconv.Itoa(other.Process.Pid)+"\n"+dir+"/data\n1\n5432\n\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := spot.give(file); err != nil {
		t.Fatal(err)
	}
	c := start(t, dir)
	if got := query(t, c.DSN("vuoro"), `SELECT 'alive'`); got != "alive" || sleeping.ended() {
		t.Errorf("answer %q, other process ended: %v", got, sleeping.ended())
	}
}

func TestUnfinishedDatabaseIsMadeAgain(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	for _, path := range []string{dir, filepath.Join(dir, "data.new")} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"lock", "data.new/PG_VERSION"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("15\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir)
}

func TestLongAndOddPaths(t *testing.T) {
	dir := filepath.Join(openDir(t), "tila, sali 'ö'", strings.Repeat("pitkä", 20), "pg")
	c := start(t, dir)
	if strings.HasPrefix(c.socket, dir) || !fits(c.socket) {
		t.Errorf("socket directory %q", c.socket)
	}
	info, err := os.Stat(c.socket)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket directory: %v, %v", info, err)
	}
	stop(t, c)
	if _, err := os.Stat(c.socket); err == nil {
		t.Errorf("%s is left behind", c.socket)
	}
}

func TestPrivateHome(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root starts the server as another user")
	}
	home := openDir(t)
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, "vuoro", ".vuoro", "pg")
	c := start(t, dir)
	want := filepath.Join(lastResort, shortName(dir))
	t.Cleanup(func() { os.RemoveAll(want) })
	if c.Dir() != want {
		t.Fatalf("Dir = %q, want %q", c.Dir(), want)
	}
	keep(t, c.DSN("vuoro"))
	stop(t, c)
	if err := os.Chmod(home, 0o755); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	checkKept(t, again.DSN("vuoro"))
	stop(t, again)
}

func TestBrokenSettingTellsTheLog(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	_, err := Start(t.Context(), Options{Dir: dir, FsyncOff: true, Settings: map[string]string{"shared_buffers": "lots"}})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers": "lots"`) {
		t.Fatalf("error: %v", err)
	}
	start(t, dir)
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	dir := filepath.Join(openDir(t), "pg")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Start(ctx, Options{Dir: dir, FsyncOff: true}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error: %v", err)
	}
	if alive := processesIn(filepath.Join(dir, "data")); len(alive) != 0 {
		t.Errorf("still running: %v", alive)
	}
	start(t, dir)
}
